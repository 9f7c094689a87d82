"""The one door for files: browser, form and command line bring them here, and each is taken in once.

    begin -> receive ... receive -> finish: a job `take_in` looks at the content, stores the original durably,
    writes the upload into the dossier and sends it to the workshop that reads it.

A file that is refused stays in quarantine, shown with its reason, until somebody withdraws it. Killed at any
point, the job is done again by a worker and finds what is already there.
"""

import tempfile
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from dossiers.actions import ledger
from dossiers.actions.change import require_state
from dossiers.exceptions import NotAllowed
from dossiers.models import Account, DossierPage, Enrolment, Session, Upload
from dossiers.permissions import Act, may
from dossiers.search_text import mask_in_name
from dossiers.standing import ledger_of
from dossiers.states import INSTITUTION_MAY_CHANGE
from foundation import content, jobs, multipart, quarantine, wording
from foundation.errors import FoundationError, QuotaExceeded, Refused
from foundation.installation import installation
from foundation.models import Blob, Job, Quarantined
from foundation.room import require_room
from ingestion.models import Intake

State = Quarantined.State
ENDED = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
AT_ONCE_BYTES = 64 * 1024**2  # up to here the sender waits for the answer; larger files a worker takes in

wording.register(
    {
        "storage_full": _(
            "本单位的存储已用满 %(limit)s 字节，没有收下。请撤回不用的上传，或请管理员扩大存储后再传。"
        ),
        "target_unknown": _(
            "要归入的台账项、学员或课次不在本班，没有收下。请刷新页面后，在本班的台账项里重新上传。"
        ),
    }
)


@dataclass(frozen=True)
class Target:
    """Where the sender dropped the file: a ledger item, a trainee, a lesson, or nowhere in particular."""

    item_id: str = ""
    enrolment: Enrolment | None = None
    session: Session | None = None


def target_in(dossier: DossierPage, *, item_id: str = "", enrolment: str = "", session: str = "") -> Target:
    """The target as the page named it; Refused when this class has no such item, trainee or lesson."""
    if item_id and not ledger_of(dossier).has(item_id):
        raise Refused("target_unknown")
    return Target(item_id, _named(dossier.enrolments, enrolment), _named(dossier.sessions, session))


def begin(
    dossier: DossierPage,
    *,
    by: Account,
    file_name: str,
    size: int,
    target: Target = Target(),
    is_urgent: bool = False,
    fingerprint: str = "",
    head: bytes = b"",
    in_parts: bool = False,
) -> Intake:
    """Open the door for one file; NotAllowed, MoveRefused, Refused, TooLarge, QuotaExceeded, NoSpace.

    `is_urgent`: a photograph whose taker waits for the answer; it is read before everything else.
    `fingerprint`: the sender's mark of the file, by which the same one goes on after a restart. `head`: its first
    bytes, where the sender lets us look before anything is sent. `in_parts`: it may go straight into the bucket.

    People name scans after ID numbers; names go into rows, errors and headers, so the number is masked here.
    """
    if not may(by, Act.UPLOAD, dossier):
        raise NotAllowed(Act.UPLOAD)
    require_state(dossier.progress.state, INSTITUTION_MAY_CHANGE)
    _check_storage(dossier, size)
    if head:
        content.sniff(head, file_name=mask_in_name(file_name))
    if is_named_like_a_recording(file_name):
        require_room(_room_for_recording(size), reserve=installation().quarantine_reserve_bytes)
    waiting = quarantine.begin(
        file_name=mask_in_name(file_name),
        declared_size=size,
        subject=str(dossier.uuid),
        deposited_by=str(by.uuid),
        fingerprint=fingerprint,
    )
    if in_parts and multipart.is_offered(size):
        multipart.begin(waiting)
    return Intake.objects.create(
        quarantined=waiting,
        dossier=dossier,
        deposited_by=by,
        target_item=target.item_id,
        target_enrolment=target.enrolment,
        target_session=target.session,
        is_urgent=is_urgent,
    )


def receive(
    intake: Intake, offset: int, chunks: Iterable[bytes], checksum: quarantine.Checksum | None = None
) -> int:
    """Write what comes at this offset; the new offset, durable.

    What the first bytes show to be nothing we take is refused there and then, before the rest is sent.
    """
    reached = quarantine.append(intake.quarantined, offset, chunks, checksum)
    if offset < content.HEAD_BYTES <= reached < intake.quarantined.declared_size:
        _look_at_the_head(intake.quarantined)
    return reached


def finish(intake: Intake) -> Intake:
    """Everything is there: acknowledge by SHA-256 and have it taken in, at once where the file is small.

    A large file is hashed by the worker, so that nobody waits at the door while ten gigabytes are read. May be asked
    again at any time; a file is taken in once. Raises Refused for content we do not take, and the error that keeps
    the file waiting in quarantine (a full disk, say).
    """
    if intake.quarantined.remote:
        multipart.complete(intake.quarantined)
    at_once = intake.quarantined.declared_size <= AT_ONCE_BYTES
    job = _job_of(intake, bell=not at_once)
    if at_once:
        intake.quarantined = _completed(intake.quarantined)
    if at_once and job.state == Job.State.WAITING:
        jobs.work(job.uuid)
    intake.refresh_from_db()
    raise_if_kept_out(intake)
    return intake


def deposit(
    dossier: DossierPage,
    path: Path,
    *,
    by: Account,
    file_name: str = "",
    target: Target = Target(),
    is_urgent: bool = False,
) -> Intake:
    """A whole local file through the same door (form without script, command line)."""
    intake = begin(
        dossier,
        by=by,
        file_name=file_name or path.name,
        size=path.stat().st_size,
        target=target,
        is_urgent=is_urgent,
    )
    with open(path, "rb") as source:
        receive(intake, 0, iter(lambda: source.read(1024 * 1024), b""))
    return finish(intake)


def withdraw(intake: Intake, *, by: Account) -> None:
    """Take a file back wherever it stands. NotReady when pages of it are filed already."""
    with transaction.atomic():
        intake = Intake.objects.select_for_update().select_related("dossier").get(pk=intake.pk)
        if not may(by, Act.UPLOAD, intake.dossier):
            raise NotAllowed(Act.UPLOAD)
        if intake.upload is None:
            ledger.require_withdrawable(by, intake.dossier, intake.deposited_by)
            quarantine.withdraw(intake.quarantined)
        elif not intake.is_repeat and intake.upload.withdrawn_at is None:
            ledger.withdraw_upload(intake.upload, by=by)
    if intake.job and not intake.job.is_over:
        jobs.cancel(intake.job)
    if intake.upload is not None:
        intake.upload.refresh_from_db()
        _cancel_reading(intake.upload)


def try_again(intake: Intake, *, by: Account) -> Intake:
    """Another look at a file that was refused, or that was all there when its taking in was cut off."""
    if not may(by, Act.UPLOAD, intake.dossier):
        raise NotAllowed(Act.UPLOAD)
    require_state(intake.dossier.progress.state, INSTITUTION_MAY_CHANGE)
    waiting = intake.quarantined
    if waiting.state == State.REFUSED and waiting.received < waiting.declared_size:
        raise Refused(waiting.refusal, file_name=waiting.file_name)
    if waiting.state == State.REFUSED:
        quarantine.look_again(waiting)
    Intake.objects.filter(pk=intake.pk, job__state__in=ENDED).update(job=None)
    return finish(intake)


def raise_if_kept_out(intake: Intake) -> None:
    """Refused for what was not taken; the job's error for what still waits in quarantine because of it."""
    waiting = intake.quarantined
    if waiting.state == State.REFUSED:
        raise Refused(waiting.refusal, file_name=waiting.file_name)
    if waiting.state == State.COMPLETE and intake.job and intake.job.error_code:
        raise FoundationError(intake.job.error_code, **intake.job.error_params)


def unfinished(dossier: DossierPage, *, by: Account) -> list[Intake]:
    """What this person began to send into this dossier and did not end; the same file goes on from there."""
    begun = Intake.objects.filter(
        dossier=dossier,
        deposited_by=by,
        upload=None,
        quarantined__state=State.RECEIVING,
        quarantined__received__lt=F("quarantined__declared_size"),
    )
    return list(begun.select_related("quarantined"))


def is_named_like_a_recording(file_name: str) -> bool:
    """By its name alone, for what must be known before the first byte; what it is, its content says."""
    return any(content.extension_fits(file_name, kind) for kind in content.RECORDINGS)


def used_bytes(dossier: DossierPage) -> int:
    """What the body that keeps this dossier has stored, each original counted once."""
    blobs = Blob.objects.filter(
        uploads__dossier__custodian_id=dossier.custodian_id, uploads__withdrawn_at=None
    )
    return Blob.objects.filter(pk__in=blobs.values("pk")).aggregate(total=Sum("size"))["total"] or 0


def _job_of(intake: Intake, *, bell: bool) -> Job:
    """The job that takes this file in, made once."""
    with transaction.atomic():
        held = Intake.objects.select_for_update(of=("self",)).select_related("job").get(pk=intake.pk)
        if held.job is None:
            held.job = jobs.enqueue(
                "take_in",
                subject=str(held.dossier.uuid),
                bell=bell,
                quarantined=intake.quarantined.uuid,
            )
            held.save(update_fields=["job"])
        return held.job


def _completed(waiting: Quarantined) -> Quarantined:
    if waiting.state == State.RECEIVING:
        return quarantine.complete(waiting)
    return waiting


def _cancel_reading(upload: Upload) -> None:
    if upload.withdrawn_at is None:
        return
    unfinished = Job.objects.filter(
        subject=str(upload.dossier.uuid), state__in=(Job.State.WAITING, Job.State.LEASED)
    )
    for job in unfinished:
        if job.arguments.get("upload") == str(upload.uuid):
            jobs.cancel(job)


def _check_storage(dossier: DossierPage, size: int) -> None:
    if used_bytes(dossier) + size > settings.STORAGE_QUOTA_BYTES:
        raise QuotaExceeded("storage_full", limit=settings.STORAGE_QUOTA_BYTES)


def _room_for_recording(size: int) -> dict[Path, int]:
    """What a recording takes of the disks: itself, and the file that plays while it is made and where it is kept."""
    chosen, workshop = installation().blob_store, Path(tempfile.gettempdir())
    needs = {installation().quarantine_root: size}
    needs[workshop] = needs.get(workshop, 0) + size
    root = Path(chosen["root"]) / "derivatives" if chosen["kind"] == "folder" else workshop / "original"
    return needs | {root: size}


def _look_at_the_head(waiting: Quarantined) -> None:
    try:
        content.sniff(quarantine.head_of(waiting, content.HEAD_BYTES), file_name=waiting.file_name)
    except Refused as refusal:
        quarantine.refuse(waiting, refusal.code)
        raise


def _named(among: Any, name: str) -> Any:
    """The row of this class that the page named; Refused when there is none."""
    if not name:
        return None
    found = among.filter(uuid=name).first() if _is_uuid(name) else None
    if found is None:
        raise Refused("target_unknown")
    return found


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
