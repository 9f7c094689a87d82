"""From evidence to the dossier: a recording is proposed as the video of one theory lesson; a person confirms."""

from datetime import date, datetime

from django.utils import timezone

from dossiers.actions import ledger, recordings
from dossiers.actions.recordings import Basis, ClockReading
from dossiers.coverage import coverage
from dossiers.models import DossierPage, Filing, RecordingClock, Session, Upload
from dossiers.recordings import CLOSE_SECONDS, THEORY_VIDEO, clocked_of, sitting_of
from dossiers.rulesets import ruleset
from media_processing.clock_reading import Fit
from media_processing.matching import SessionMatch, Sitting, match_session, moment_of, stamp_of

ITEM = "theory_video_and_site_photos"
PART = THEORY_VIDEO
KIND = "recording"
ENGINE = "recording-probe"
NAME_WITHIN, FILE_WITHIN = 60, 3600  # seconds; a file may have been written when the recording ended


def propose_session(upload: Upload, *, plays: bool) -> Filing | None:
    """Propose the session it was dropped on, else the one that the file name points to, or none with the reason."""
    sessions = _theory(upload.dossier)
    if upload.target_session_id in sessions:
        found = SessionMatch(upload.target_session_id, "dropped_on_session", 1.0)
    else:
        found = match_session(upload.file_name, _sittings(upload, sessions))
    return _propose(upload, sessions, found, plays=plays)


def propose_by_clock(upload: Upload, *, plays: bool) -> Filing | None:
    """Where nothing else told which session it is: the one of which the recording shows most, by a clock that is close."""
    proposed = Filing.objects.filter(places__sheet__upload=upload, state=Filing.State.PROPOSED).first()
    clock = upload.clocks.filter(superseded_at=None, within_seconds__lte=CLOSE_SECONDS).first()
    recording = clocked_of(upload, clock) if clock is not None else None
    if proposed is None or proposed.session_id is not None or recording is None:
        return None
    times = ruleset(upload.dossier.ruleset_id).timetable
    sessions = _theory(upload.dossier)
    shown = {key: coverage(sitting_of(one, times), [recording]).seconds_seen for key, one in sessions.items()}
    best = max(shown, key=shown.__getitem__, default=None)
    if best is None or not shown[best]:
        return None
    return _propose(upload, sessions, SessionMatch(best, "session_by_clock", 0.9), plays=plays)


def expected_day(upload: Upload) -> date | None:
    """The day a recording is believed to be of, before its clock was read."""
    if upload.target_session is not None:
        return upload.target_session.held_on
    stamp = stamp_of(upload.file_name)
    if stamp is not None:
        return stamp[0]
    filed = Filing.objects.filter(
        places__sheet__upload=upload,
        session__isnull=False,
        state__in=(Filing.State.PROPOSED, Filing.State.FILED),
    )
    found = filed.select_related("session").first()
    return found.session.held_on if found is not None and found.session is not None else None


def propose_clock_of_file(upload: Upload, written: datetime | None) -> None:
    """What the file itself says of its beginning: the time in its container, and its name."""
    if written is not None:
        within = max(FILE_WITHIN, upload.duration_seconds or 0)
        recordings.propose_clock(upload, ClockReading(written, Basis.FILE_TIME, within))
    named = moment_of(upload.file_name)
    if named is not None:
        reading = ClockReading(timezone.make_aware(named), Basis.FILE_NAME, NAME_WITHIN)
        recordings.propose_clock(upload, reading)


def propose_burnt_in_clock(upload: Upload, found: Fit) -> RecordingClock | None:
    """What was read from the picture."""
    begins = timezone.make_aware(found.begins_at)
    reading = ClockReading(begins, Basis.BURNT_IN, found.within_seconds, round(found.rate, 6))
    return recordings.propose_clock(upload, reading)


def _propose(
    upload: Upload, sessions: dict[int, Session], found: SessionMatch, *, plays: bool
) -> Filing | None:
    reasons = [{"code": found.reason, "params": {}}]
    if not plays:
        reasons.append({"code": "recording_does_not_play", "params": {}})
    return ledger.propose(
        upload.sheets.get(number=1),
        engine=ENGINE,
        item_id=ITEM,
        part=PART,
        session=sessions.get(found.key),
        kind=KIND,
        confidence=found.confidence,
        reasons=reasons,
    )


def _theory(dossier: DossierPage) -> dict[int, Session]:
    return {session.pk: session for session in dossier.sessions.filter(kind=Session.Kind.THEORY)}


def _sittings(upload: Upload, sessions: dict[int, Session]) -> list[Sitting]:
    taken = upload.dossier.filings.filter(
        part=PART, state__in=(Filing.State.PROPOSED, Filing.State.FILED), session__isnull=False
    ).exclude(places__sheet__upload=upload)
    recorded = set(taken.values_list("session_id", flat=True))
    return [
        Sitting(session.pk, session.held_on, session.starts_at, session.pk in recorded)
        for session in sessions.values()
    ]
