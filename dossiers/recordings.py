"""Sessions and recordings as rows, told to `dossiers.coverage`: lessons by the wall clock, recordings by their clock."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.coverage import Clocked, Sitting, apart, covers_mostly, lessons
from dossiers.models import Account, DossierPage, Filing, RecordingClock, Session, Upload
from dossiers.permissions import institution_heard
from dossiers.rulesets import LessonTimes

CLOSE_SECONDS = (
    300  # a clock that may be further off than this proves no lesson recorded besides the one filed for
)
THEORY_VIDEO = "theory_lesson_video"  # the part of the ledger under which recordings lie, a session each


def begins_at(session: Session) -> datetime:
    """When a session begins, as a moment."""
    return timezone.make_aware(datetime.combine(session.held_on, session.starts_at))


def sitting_of(session: Session, times: LessonTimes) -> Sitting:
    """A session with its lessons; one without lessons counts as one, so that it has a place in the day."""
    return Sitting(session.pk, lessons(begins_at(session), max(1, session.lessons), times))


def clocks_heard(
    uploads: Iterable[int] | QuerySet, viewer: Account, dossier: DossierPage
) -> dict[int, RecordingClock]:
    """The clock of each of these uploads (primary keys) of a class, where this viewer knows one; one query.

    The bureau hears the institution's word as it stood when the class was last handed in, and what machines read.
    """
    heard = institution_heard(viewer, dossier) | Q(made_by=None, superseded_at=None)
    rows = RecordingClock.objects.filter(heard, upload__in=uploads).order_by("pk")
    return {clock.upload_id: clock for clock in rows.select_related("made_by", "upload__probe")}


def close_clocks(filings: QuerySet[Filing]) -> dict[int, list[Clocked]]:
    """By filing: its recordings whose clock is close enough to prove what they show; one query."""
    rows = RecordingClock.objects.filter(
        superseded_at=None,
        within_seconds__lte=CLOSE_SECONDS,
        upload__duration_seconds__gt=0,
        upload__sheets__places__filing__in=filings.filter(part=THEORY_VIDEO).order_by().values("pk"),
    )
    found: defaultdict[int, list[Clocked]] = defaultdict(list)
    for filing, upload, begins, length, rate in rows.values_list(
        "upload__sheets__places__filing", "upload", "begins_at", "upload__duration_seconds", "rate"
    ):
        found[filing].append(Clocked(upload, begins, length, rate or 1.0))
    return found


def clocked_of(
    upload: Upload, clock: RecordingClock, blind: Iterable[tuple[float, float]] = ()
) -> Clocked | None:
    """A recording by the wall clock; None while nobody knows how long it runs."""
    if not upload.duration_seconds:
        return None
    return Clocked(upload.pk, clock.begins_at, upload.duration_seconds, clock.rate or 1.0, tuple(blind))


def recorded_besides(
    recordings: Mapping[int, Sequence[Clocked]],
    filed_for: Mapping[int, int | None],
    sessions: Iterable[Session],
    times: LessonTimes,
) -> list[tuple[int, int]]:
    """Filed recordings that show further theory sessions than those they are filed for: (filing, session), as keys.

    One file of a whole day is filed once and covers the morning and the afternoon. `filed_for`: the session of each
    filing. A clock that contradicts the session its recording is filed for proves nothing.
    """
    if not recordings:
        return []
    taken = set(filed_for.values())
    sittings = {one.pk: sitting_of(one, times) for one in sessions if one.kind == Session.Kind.THEORY}
    trusted = {
        filing: [one for one in shown if _agrees(sittings.get(filed_for.get(filing)), one)]
        for filing, shown in recordings.items()
    }
    return [
        (filing, key)
        for key, sitting in sittings.items()
        for filing, shown in trusted.items()
        if key not in taken and any(covers_mostly(sitting, recording) for recording in shown)
    ]


def _agrees(sitting: Sitting | None, recording: Clocked) -> bool:
    return sitting is None or apart(sitting, recording) is None
