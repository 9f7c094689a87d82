"""Taking one file in, as a job: look, store, tell the dossier, send to the workshop. May run twice."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.looking import Look, look
from dossiers.actions import ledger
from dossiers.exceptions import NotAllowed, Refused
from dossiers.models import Upload
from foundation import multipart, quarantine, wording
from foundation.blobs import store
from foundation.errors import Refused as ContentRefused
from foundation.errors import SandboxError
from foundation.jobs import Run, enqueue, job
from foundation.models import Blob, Quarantined
from ingestion.jobs import DRAW, PHOTO, READ
from ingestion.models import Intake
from media_processing.jobs import INDEX

State = Quarantined.State
STEPS = 4
MEGABYTE = 1024**2

wording.register(
    {
        "step:hashing": _("核对收到的内容"),
        "step:looking": _("查看内容"),
        "step:storing": _("存入原件"),
        "step:entering": _("登记到档案"),
        "dossier_closed": _(
            "%(file_name)s 传完时，这个班的档案已不能收件，没有收下。请等退回后再传，或撤回这个上传。"
        ),
    }
)


@job("take_in", queue="paper", max_attempts=3, priority=20)
def take_in(run: Run, *, quarantined: str) -> None:
    """From quarantine into the dossier, or refused with a reason; the bytes are never lost on the way."""
    intake = Intake.objects.select_related("quarantined", "dossier").get(quarantined__uuid=quarantined)
    hashed_now = intake.quarantined.state == State.RECEIVING
    waiting = _complete(run, intake.quarantined)
    if intake.upload_id is None and waiting.state == State.COMPLETE:
        _look_and_enter(run, intake, waiting, hashed_now=hashed_now)
    waiting.refresh_from_db()
    if intake.upload_id is not None and waiting.state == State.COMPLETE:
        quarantine.taken(waiting)


def _complete(run: Run, waiting: Quarantined) -> Quarantined:
    """A large file is hashed here, once, telling how far it is."""
    if waiting.state != State.RECEIVING:
        return waiting

    def tell(count: int) -> None:
        run.progress(
            step="hashing",
            step_no=1,
            step_count=STEPS,
            done=count // MEGABYTE,
            total=waiting.declared_size // MEGABYTE,
        )

    return quarantine.complete(waiting, tell)


def _look_and_enter(run: Run, intake: Intake, waiting: Quarantined, *, hashed_now: bool) -> None:
    path = quarantine.path_of(waiting)
    try:
        run.progress(step="looking", step_no=2, step_count=STEPS)
        seen = look(path, file_name=waiting.file_name)
        run.progress(step="storing", step_no=3, step_count=STEPS)
        blob = _stored(waiting, path, seen.media_type, hashed_now=hashed_now)
        run.progress(step="entering", step_no=4, step_count=STEPS)
        _enter(run, intake, blob, seen)
    except (ContentRefused, SandboxError) as refusal:
        quarantine.refuse(waiting, refusal.code)
    except (Refused, NotAllowed):
        quarantine.refuse(waiting, "dossier_closed")


def _stored(waiting: Quarantined, path: Path, media_type: str, *, hashed_now: bool) -> Blob:
    """What a browser put into the bucket is moved there; what lies here is kept from here.

    What was hashed by this very run is linked; what waited since it was acknowledged is hashed again on its way.
    """
    if waiting.part_size:
        return multipart.settle(waiting, media_type=media_type)
    if hashed_now:
        return store().keep_file(path, media_type=media_type, sha256=waiting.sha256)
    return store().put_file(path, media_type=media_type, expected_sha256=waiting.sha256)


def _enter(run: Run, intake: Intake, blob: Blob, seen: Look) -> None:
    """The row of the upload, its place in the log and the job that reads it: all or nothing."""
    with transaction.atomic():
        run.fence()
        held = Intake.objects.select_for_update().select_related("quarantined").get(pk=intake.pk)
        if held.quarantined.state != State.COMPLETE:
            return
        upload, is_new = ledger.receive(
            intake.dossier,
            by=intake.deposited_by,
            blob=blob,
            file_name=held.quarantined.file_name,
            medium=seen.medium,
            page_count=seen.page_count,
            duration_seconds=seen.duration_seconds,
            target_item=intake.target_item,
            target_enrolment=intake.target_enrolment,
            target_session=intake.target_session,
        )
        intake.upload, intake.is_repeat, intake.notes = upload, not is_new, list(seen.notes)
        intake.save(update_fields=["upload", "is_repeat", "notes"])
        if is_new:
            for kind in _workshop(upload, intake):
                enqueue(kind, subject=str(intake.dossier.uuid), upload=upload.uuid)


def _workshop(upload: Upload, intake: Intake) -> tuple[str, ...]:
    """The jobs that read it. A long file that came as a photograph waits its turn like any other."""
    if upload.medium == Upload.Medium.RECORDING:
        return (INDEX,)
    return (PHOTO,) if intake.is_urgent and upload.page_count == 1 else (DRAW, READ)
