"""A class in its lessons: sessions, check-ins, sheets, consent and a recording in which faces were looked for."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from dossiers.models import (
    AttendanceWord,
    CheckIn,
    CheckInImport,
    Consent,
    DossierPage,
    Enrolment,
    RecordingClock,
    Session,
    SignInLine,
    Upload,
)
from dossiers.rulesets.consent import version_to_sign
from media_processing.models import FaceTrack, IndexedRecording, PresenceFound
from tests import factories

FIRST_DAY = date(2026, 10, 19)
MORNING, AFTERNOON = time(8, 30), time(13, 30)


def moment(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute, second)))


def make_timetable(dossier: DossierPage, *, days: int = 2, lessons: int = 4) -> list[Session]:
    """Mornings of theory and afternoons of practice, day after day."""
    made = []
    for number in range(days):
        day = FIRST_DAY + timedelta(days=number)
        for begins, kind in ((MORNING, "theory"), (AFTERNOON, "practice")):
            made.append(
                factories.make_session(dossier, held_on=day, starts_at=begins, kind=kind, lessons=lessons)
            )
    return made


def make_check_ins(dossier: DossierPage, rows: list[tuple[Enrolment, datetime, bool]]) -> CheckInImport:
    """An export taken in by the keeper: (who, when, whether she left)."""
    upload = factories.make_upload(dossier)
    taken = CheckInImport.objects.create(
        dossier=dossier,
        blob=upload.blob,
        file_name="考勤机.xlsx",
        columns={"name": [0]},
        rows_taken=len(rows),
        made_by=upload.received_by,
    )
    upload.sheets.all().delete()
    upload.delete()
    CheckIn.objects.bulk_create(
        CheckIn(
            taken_from=taken,
            dossier=dossier,
            enrolment=who,
            at=at,
            device="02",
            method="face",
            left=left,
            row=number,
        )
        for number, (who, at, left) in enumerate(rows, 2)
    )
    return taken


def everybody_comes(dossier: DossierPage, *, but: tuple[tuple[int, Session], ...] = ()) -> CheckInImport:
    """Ten minutes before each session all check in, except (seq, session) of `but`."""
    rows = []
    for session in dossier.sessions.all():
        at = moment(session.held_on, session.starts_at.hour, session.starts_at.minute) - timedelta(minutes=10)
        rows += [
            (one, at + timedelta(seconds=one.seq), False)
            for one in dossier.enrolments.all()
            if (one.seq, session) not in but
        ]
    return make_check_ins(dossier, rows)


def make_sign_in(
    who: Enrolment, session: Session, *, signed: bool = True, cosigned: bool = True
) -> SignInLine:
    return SignInLine.objects.create(
        dossier=who.dossier,
        enrolment=who,
        session=session,
        signed=signed,
        cosigned=cosigned,
        made_by=factories.make_account("clerk", institution=who.dossier.custodian),
    )


def consent(*people: Enrolment) -> None:
    version = version_to_sign(timezone.localdate())
    clerk = factories.make_account("clerk", institution=people[0].dossier.custodian)
    for who in people:
        Consent.objects.create(
            enrolment=who, kind="face", text_version=version.id, signed_on=FIRST_DAY, recorded_by=clerk
        )


def make_watched(
    session: Session,
    spans: dict[Enrolment, list[tuple[float, float]]],
    *,
    looked: float = 1.0,
    seconds: float = 4 * 3600,
) -> Upload:
    """A recording from the session's beginning on; `spans` says who is seen when, `looked` which share could be."""
    dossier = session.dossier
    upload = factories.make_upload(dossier, medium="recording", duration_seconds=seconds)
    upload.sheets.update(state="filed")
    RecordingClock.objects.create(
        upload=upload,
        begins_at=moment(session.held_on, session.starts_at.hour, session.starts_at.minute),
        basis="burnt_in",
        within_seconds=1,
    )
    heads = [[float(second), len(spans)] for second in range(0, int(seconds), 600)]
    board = {"columns": 5, "rows": 4, "width": 160, "height": 90, "pages": 3}
    IndexedRecording.objects.create(
        upload=upload,
        heads=heads,
        storyboard=board | {"seconds": [float(second) for second in range(0, int(seconds), 300)]},
    )
    for who, seen in spans.items():
        PresenceFound.objects.create(
            upload=upload,
            enrolment=who,
            verifiable=[[0.0, seconds * looked]] if looked else [],
            engine="yunet_sface",
            engine_version="1",
            threshold=0.363,
            sample_seconds=10,
        )
        for start, end in seen:
            FaceTrack.objects.create(
                uuid=uuid4(), upload=upload, enrolment=who, start=start, end=end, score=0.6, sightings=[]
            )
    return upload


def make_word(
    who: Enrolment, session: Session, lesson: int, says: str, *, by_bureau: bool = False
) -> AttendanceWord:
    role = "reviewer" if by_bureau else "clerk"
    account = factories.make_account(role, institution=None if by_bureau else who.dossier.custodian)
    return AttendanceWord.objects.create(
        dossier=who.dossier,
        enrolment=who,
        session=session,
        lesson=lesson,
        says=says,
        reason="看过录像",
        by_bureau=by_bureau,
        made_by=account,
    )
