"""From evidence to the dossier: a recording is proposed as the video of one theory lesson; a person confirms."""

from dossiers.actions import ledger
from dossiers.models import DossierPage, Filing, Session, Upload
from media_processing.matching import Sitting, match_session

ITEM = "theory_video_and_site_photos"
PART = "theory_lesson_video"
KIND = "recording"
ENGINE = "recording-probe"


def propose_session(upload: Upload, *, plays: bool) -> Filing | None:
    """Propose the session that the file name points to, or none with the reason."""
    dossier = upload.dossier
    sessions = {session.pk: session for session in dossier.sessions.filter(kind=Session.Kind.THEORY)}
    found = match_session(upload.file_name, _sittings(dossier, upload, list(sessions.values())))
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


def _sittings(dossier: DossierPage, upload: Upload, sessions: list[Session]) -> list[Sitting]:
    taken = dossier.filings.filter(
        part=PART, state__in=(Filing.State.PROPOSED, Filing.State.FILED), session__isnull=False
    ).exclude(places__sheet__upload=upload)
    recorded = set(taken.values_list("session_id", flat=True))
    return [
        Sitting(session.pk, session.held_on, session.starts_at, session.pk in recorded)
        for session in sessions
    ]
