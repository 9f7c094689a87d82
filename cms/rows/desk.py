"""The desk's panels: what came back, what runs, what is stored, what waits for the bureau."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Sum
from django.utils.translation import gettext

from cms.components.jobs import JobLine
from cms.rows.item import ReturnRow, return_row
from cms.rows.jobs import TITLES, file_names, job_line
from cms.rows.sheets import item_title
from dossiers.models import Account, DossierPage, ReturnNote, Sheet, Upload
from dossiers.permissions import visible_dossiers
from dossiers.standing import ledger_of
from dossiers.states import DossierState
from foundation.models import Blob, Job

RETURNS_SHOWN = 20
JOBS_SHOWN = 20
NEXT_SHOWN = 3  # of those that wait; the rest is a number
GIGABYTE = 1024**3
MEGABYTE = 1024**2


@dataclass(frozen=True)
class DeskReturn:
    """A return with its item and its class, as one reads it at log-in."""

    title: str
    class_line: str
    row: ReturnRow


@dataclass(frozen=True)
class Storage:
    """How much is stored, of how much there is room for."""

    used: str
    room: str
    percent: int


@dataclass(frozen=True)
class FailedJob:
    """A job that ended in failure, as the administrator sees it: no file, no class."""

    title: str
    error: str
    at: object
    uuid: object
    attempts: int


@dataclass(frozen=True)
class Waiting:
    """How much waits before the bureau."""

    handed_in: int
    resubmitted: int
    under_review: int
    returned: int


def desk_returns(account: Account) -> tuple[DeskReturn, ...]:
    """What the bureau sent back and nobody has mended, newest first."""
    notes = (
        ReturnNote.objects.filter(
            dossier__in=visible_dossiers(account).filter(progress__state=DossierState.RETURNED).values("pk"),
            settled_at=None,
        )
        .select_related(
            "record", "returned_by", "filing__enrolment", "filing__session", "sheet__upload", "dossier"
        )
        .prefetch_related("filing__places")
    )
    return tuple(_desk_return(note) for note in notes[:RETURNS_SHOWN])


def _desk_return(note: ReturnNote) -> DeskReturn:
    item = ledger_of(note.dossier).item(note.record.item_id)
    return DeskReturn(
        title=item_title(item),
        class_line=f"{note.dossier.class_no} {note.dossier.occupation}",
        row=return_row(note.dossier, item, note),
    )


def desk_jobs(account: Account) -> tuple[tuple[JobLine, ...], int]:
    """What failed, what runs and what is next in one's classes, and how many more wait; a fixed number of queries."""
    by_subject = {str(dossier.uuid): dossier for dossier in visible_dossiers(account)}
    mine = Job.objects.filter(subject__in=list(by_subject))
    started = mine.filter(state__in=(Job.State.FAILED, Job.State.LEASED)).order_by("state", "pk")[:JOBS_SHOWN]
    waiting = mine.filter(state=Job.State.WAITING).order_by("pk")
    queued = max(0, waiting.count() - NEXT_SHOWN)
    jobs = [*started, *waiting[:NEXT_SHOWN]]
    names = file_names(jobs)
    return tuple(job_line(by_subject[job.subject], job, names.get(job.pk, "")) for job in jobs), queued


def storage_of(account: Account) -> Storage:
    """What one body's classes hold; the originals only, each counted once a class."""
    uploads = Upload.objects.filter(dossier__in=visible_dossiers(account).values("pk"), withdrawn_at=None)
    return _storage(uploads.aggregate(held=Sum("blob__size"))["held"] or 0)


def storage_of_all() -> Storage:
    """What the whole installation holds."""
    return _storage(Blob.objects.aggregate(held=Sum("size"))["held"] or 0)


def _storage(held: int) -> Storage:
    room = settings.STORAGE_QUOTA_BYTES
    return Storage(_size(held), _size(room), min(100, held * 100 // room if room else 0))


def _size(count: int) -> str:
    if count >= GIGABYTE:
        return f"{count / GIGABYTE:.1f}".rstrip("0").rstrip(".") + " GB"
    return f"{count / MEGABYTE:.1f}".rstrip("0").rstrip(".") + " MB"


def pages_in_tray(account: Account) -> int:
    """Pages that wait for a person's confirmation in all of one's classes."""
    return Sheet.objects.filter(
        dossier__in=visible_dossiers(account).values("pk"), state=Sheet.State.IN_TRAY
    ).count()


def failed_jobs(account: Account) -> tuple[FailedJob, ...]:
    """Jobs that ended in failure within the administrator's scope, newest first."""
    return tuple(_failed(job) for job in failures(account).order_by("-pk")[:JOBS_SHOWN])


def failures(account: Account) -> QuerySet[Job]:
    """The failed jobs of the administrator's county, or of the whole city."""
    failed = Job.objects.filter(state=Job.State.FAILED)
    if account.county_id is None:
        return failed
    classes = DossierPage.objects.filter(opener__county_id=account.county_id).values_list("uuid", flat=True)
    return failed.filter(subject__in=[str(uuid) for uuid in classes])


def _failed(job: Job) -> FailedJob:
    hidden = gettext("（文件名略）")
    job.error_params = dict(job.error_params) | {"file_name": hidden}
    title = str(TITLES.get(job.kind, job.kind))
    return FailedJob(
        title % {"file": hidden} if "%(file)s" in title else title,
        job.error_text,
        job.finished_at,
        job.uuid,
        job.attempts,
    )


def waiting_for_bureau(account: Account) -> Waiting:
    """Counts over all classes in one's scope, in one query."""
    again = Q(progress__state=DossierState.HANDED_IN) & ~Q(
        progress__handed_in_at=F("progress__first_handed_in_at")
    )
    counts = visible_dossiers(account).aggregate(
        handed_in=Count("pk", filter=Q(progress__state=DossierState.HANDED_IN)),
        resubmitted=Count("pk", filter=again),
        under_review=Count("pk", filter=Q(progress__state=DossierState.UNDER_REVIEW)),
        returned=Count("pk", filter=Q(progress__state=DossierState.RETURNED)),
    )
    return Waiting(**counts)


def queue(account: Account) -> QuerySet[DossierPage]:
    """What waits for a reviewer: under review first, then handed in again, then by the day of handing in."""
    again = Q(progress__handed_in_at=F("progress__first_handed_in_at"))
    return (
        visible_dossiers(account)
        .filter(progress__state__in=[DossierState.HANDED_IN, DossierState.UNDER_REVIEW])
        .annotate(first_time=ExpressionWrapper(again, output_field=BooleanField()))
        .order_by("first_time", "progress__handed_in_at", "pk")
    )


def recently_completed(account: Account, most: int = 20) -> Sequence[DossierPage]:
    """Dossiers whose review was closed, the latest first."""
    done = visible_dossiers(account).filter(progress__completed_at__isnull=False)
    return list(done.order_by("-progress__completed_at")[:most])
