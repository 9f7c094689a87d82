"""When a recording began by the wall clock: proposed by machines, stated by a person, taken back. The only writer."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dossiers.actions.change import change
from dossiers.exceptions import NotReady, Overtaken
from dossiers.models import Account, RecordingClock, Upload
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE

Basis = RecordingClock.Basis
RANK = {
    Basis.FILE_TIME: 0,
    Basis.FILE_NAME: 1,
    Basis.BURNT_IN: 2,
}  # of two proposals the later in this order counts
SLOWEST, FASTEST = 0.98, 1.02


@dataclass(frozen=True)
class ClockReading:
    """What a machine, or a person, says of a recording's clock."""

    begins_at: datetime
    basis: str
    within_seconds: float
    rate: float = 1.0


def propose_clock(upload: Upload, reading: ClockReading) -> RecordingClock | None:
    """Write down what a machine read. It never supersedes a person's word, nor a better reading of a machine.

    Returns the clock now in force. The same reading again changes nothing.
    """
    with transaction.atomic():
        Upload.objects.select_for_update().get(pk=upload.pk)
        in_force = _in_force(upload)
        if upload.clocks.filter(made_by=None, **vars(reading)).exists():
            return in_force
        now = timezone.now()
        stands = in_force is not None and (
            in_force.made_by_id is not None or RANK[Basis(in_force.basis)] > RANK[Basis(reading.basis)]
        )
        if in_force is not None and not stands:
            RecordingClock.objects.filter(pk=in_force.pk).update(superseded_at=now)
        made = RecordingClock.objects.create(
            upload=upload, made_at=now, superseded_at=now if stands else None, **vars(reading)
        )
        return in_force if stands else made


def align(upload: Upload, reading: ClockReading, *, by: Account) -> RecordingClock:
    """A person states when the recording began; her word stands above every reading until a later word."""
    if not SLOWEST <= reading.rate <= FASTEST:
        raise NotReady(
            sentence(
                "rate_impossible",
                gettext_noop("两处对时相差太多，时钟不会走得这么快或这么慢，没有记下。请核对两处的时间。"),
            )
        )
    with _aligning(upload, by, action="align_recording") as held:
        now = timezone.now()
        upload.clocks.filter(superseded_at=None).update(superseded_at=now)
        held.facts |= {"begins_at": reading.begins_at.isoformat(), "basis": str(reading.basis)}
        return RecordingClock.objects.create(upload=upload, made_by=by, made_at=now, **vars(reading))


def take_back(clock: RecordingClock, *, by: Account) -> RecordingClock | None:
    """Take one's own word on a clock back; what it superseded is in force again, and returned."""
    upload = clock.upload
    with _aligning(upload, by, action="align_undone"):
        mine = upload.clocks.filter(pk=clock.pk, made_by=by, superseded_at=None).first()
        if mine is None:
            raise Overtaken(
                sentence("clock_superseded", gettext_noop("这段录像之后又对过时，没有撤销。请刷新后再看。"))
            )
        RecordingClock.objects.filter(pk=mine.pk).update(superseded_at=timezone.now())
        earlier = upload.clocks.filter(superseded_at=mine.made_at).exclude(pk=mine.pk).last()
        if earlier is not None:
            RecordingClock.objects.filter(pk=earlier.pk).update(superseded_at=None)
        return earlier


def _aligning(upload: Upload, by: Account, *, action: str):
    return change(
        upload.dossier,
        by=by,
        act=Act.FILE,
        action=action,
        states=INSTITUTION_MAY_CHANGE,
        upload=str(upload.uuid),
    )


def _in_force(upload: Upload) -> RecordingClock | None:
    return upload.clocks.filter(superseded_at=None).first()
