"""Builders of recordings as the workshop leaves them: probed, clocked, indexed, watched; nobody real is in them."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from dossiers.models import (
    Account,
    CheckIn,
    CheckInImport,
    Consent,
    DossierPage,
    Enrolment,
    Filing,
    RecordingClock,
    Session,
    Upload,
)
from dossiers.rulesets.consent import version_to_sign
from media_processing.models import (
    FaceTrack,
    FoundIncident,
    IndexedRecording,
    PresenceFound,
    RecordingProbe,
    SharedStretch,
    ShownSlide,
)
from tests import factories as make

MORNING = datetime(2026, 10, 19, 0, 27, tzinfo=UTC)  # 08:27 in Beijing; the lesson begins at 08:30
HOUR = 3600.0
ENGINE = {"engine": "yunet_sface", "engine_version": "1", "threshold": 0.4, "sample_seconds": 10.0}


def make_recording(
    dossier: DossierPage, *, seconds: float = 3 * HOUR, play: str = "original", **facts
) -> Upload:
    """A probed recording without bytes behind it."""
    given = {"medium": "recording", "duration_seconds": seconds, "file_name": "10-19 上午.mp4"} | facts
    upload = make.make_upload(dossier, **given)
    RecordingProbe.objects.create(
        upload=upload,
        duration_seconds=seconds,
        container="mp4",
        video_codec="h264",
        width=1280,
        height=720,
        frames_per_second=25,
        play=play,
    )
    return upload


def set_clock(upload: Upload, begins_at: datetime = MORNING, **facts) -> RecordingClock:
    given = {"basis": "burnt_in", "within_seconds": 1.0} | facts
    return RecordingClock.objects.create(upload=upload, begins_at=begins_at, **given)


def index(
    upload: Upload,
    *,
    slides: tuple[tuple[float, float, str], ...] = (),
    incidents: tuple[tuple, ...] = (),
    **facts,
) -> IndexedRecording:
    """Slides as (start, end, text), incidents as (kind, start, end[, source])."""
    every = 10.0
    seconds = [every * number for number in range(int((upload.duration_seconds or 0) // every))]
    board = {
        "columns": 10,
        "rows": 10,
        "width": 160,
        "height": 90,
        "seconds": seconds,
        "pages": -(-len(seconds) // 100),
    }
    heads = [[at, 12] for at in seconds]
    indexed = IndexedRecording.objects.create(
        upload=upload, **({"storyboard": board, "heads": heads} | facts)
    )
    ShownSlide.objects.bulk_create(
        ShownSlide(indexed=indexed, start=start, end=end, text=text) for start, end, text in slides
    )
    FoundIncident.objects.bulk_create(
        FoundIncident(
            indexed=indexed, kind=kind, start=start, end=end, source_start=source[0] if source else None
        )
        for kind, start, end, *source in incidents
    )
    return indexed


def consent(enrolment: Enrolment, *, by: Account) -> Consent:
    return Consent.objects.create(
        enrolment=enrolment,
        kind="face",
        text_version=version_to_sign(MORNING.date()).id,
        signed_on=date(2026, 10, 19),
        recorded_by=by,
    )


def see(
    upload: Upload,
    enrolment: Enrolment | None,
    *spans: tuple[float, float],
    verifiable: tuple[tuple[float, float], ...] | None = None,
    group: int | None = None,
    place: tuple[float, float] = (0.2, 0.5),
    every: float = 10.0,
) -> list[FaceTrack]:
    """A trainee looked for and followed during these spans; or, without one, somebody nobody named."""
    if enrolment is not None:
        whole = ((0.0, upload.duration_seconds or 0.0),) if verifiable is None else verifiable
        PresenceFound.objects.create(
            upload=upload, enrolment=enrolment, verifiable=[list(one) for one in whole], score=0.6, **ENGINE
        )
    return FaceTrack.objects.bulk_create(
        FaceTrack(
            upload=upload,
            enrolment=enrolment,
            group=group,
            start=start,
            end=end,
            score=0.6,
            sightings=_sightings(start, end, place, every),
        )
        for start, end in spans
    )


def _sightings(start: float, end: float, place: tuple[float, float], every: float) -> list[list[float]]:
    count = int((end - start) // every) + 1
    return [
        [start + every * number, *place, 0.03, 0.06, 0.5 + 0.001 * (number % 300)] for number in range(count)
    ]


def check_in(
    dossier: DossierPage, enrolment: Enrolment, at: datetime, *, by: Account, left: bool = False
) -> CheckIn:
    taken = CheckInImport.objects.filter(dossier=dossier).first() or CheckInImport.objects.create(
        dossier=dossier, blob=make.make_upload(dossier).blob, file_name="打卡.xlsx", columns={}, made_by=by
    )
    return CheckIn.objects.create(
        taken_from=taken, dossier=dossier, enrolment=enrolment, at=at, left=left, method="face", row=2
    )


def share(first: Upload, again: Upload, seconds: float = 600.0) -> SharedStretch:
    return SharedStretch.objects.create(
        first=first, again=again, first_start=60.0, again_start=120.0, seconds=seconds, how="sound"
    )


def file(upload: Upload, *, session: Session | None = None, **facts) -> Filing:
    """The recording stands for a lesson; only then does it speak of attendance."""
    return make.make_filing(
        upload.dossier,
        "theory_video_and_site_photos",
        part="theory_lesson_video",
        upload=upload,
        session=session,
        **facts,
    )


def hand_in(dossier: DossierPage, upload: Upload, *, session: Session | None = None) -> None:
    """The recording is filed and handed in, and the dossier is under review."""
    now = timezone.now()
    dossier.progress.refresh_from_db()
    dossier.progress.state = "under_review"
    dossier.progress.first_handed_in_at = dossier.progress.handed_in_at = now + timedelta(seconds=1)
    dossier.progress.save()
    if not dossier.filings.filter(places__sheet__upload=upload).update(handed_in_at=now):
        file(upload, session=session, handed_in_at=now)
