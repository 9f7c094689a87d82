"""The job ledger: work that may be killed at any moment and still ends, once.

    enqueue -> waiting -> (claim: token + 1, lease) -> leased -> done | failed | waiting again
    a lease that expires may be claimed by another worker; the old one's token no longer writes

A kind is registered where its handler stands, in the `jobs.py` of an app:

    @job("read_upload", queue="paper", max_attempts=3)
    def read_upload(run: Run, *, upload: str) -> None:
        run.progress(step="pages", step_no=1, step_count=3, done=0, total=12)
        with transaction.atomic():
            run.fence()          # raises LeaseLost when another worker took over: nothing is written
            ...

Arguments are ids only: integers, UUIDs, short codes. A handler may run twice and must do no harm then.
It raises JobFailed(code, retry=...) for what it understands; anything else is tried again.
"""

import logging
import re
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from foundation.carriers import carrier
from foundation.crashpoints import crash_point
from foundation.errors import BadArguments, FoundationError, JobError, JobFailed, LeaseLost, UnknownKind
from foundation.installation import installation
from foundation.leases import Run
from foundation.models import Job

log = logging.getLogger(__name__)
State = Job.State
BELL_PATIENCE = timedelta(seconds=30)
LONG_NUMBER = re.compile(r"^\d{15}(\d{2}[\dXx])?$")
IDENTIFIER = re.compile(r"[A-Za-z0-9_:.-]{1,80}")

Handler = Callable[..., None]


@dataclass(frozen=True)
class Kind:
    name: str
    handler: Handler
    queue: str
    max_attempts: int
    priority: int  # of two waiting jobs the higher is heard first
    breaks_in: bool  # somebody stands waiting for it: done between two pieces of a long job


@dataclass(frozen=True)
class Reaped:
    """What one round of the reaper did."""

    rung: int
    exhausted: int


_KINDS: dict[str, Kind] = {}


def job(
    name: str, *, queue: str, max_attempts: int = 3, priority: int = 0, breaks_in: bool = False
) -> Callable[[Handler], Handler]:
    """Register a handler under the name its rows carry."""

    def register(handler: Handler) -> Handler:
        _KINDS[name] = Kind(name, handler, queue, max_attempts, priority, breaks_in)
        return handler

    return register


def kind_of(name: str) -> Kind:
    if name not in _KINDS:
        raise UnknownKind
    return _KINDS[name]


def kinds() -> list[Kind]:
    """Every kind that is registered."""
    return [_KINDS[name] for name in sorted(_KINDS)]


def enqueue(kind: str, *, subject: str = "", bell: bool = True, **ids: int | str | uuid.UUID) -> Job:
    """Write the row in the caller's transaction; the bell rings after its commit.

    Without `bell` the caller means to do the work itself at once; the reaper rings should it not come to that.
    """
    chosen = kind_of(kind)
    queued = Job.objects.create(
        kind=kind,
        subject=subject,
        arguments={name: _identifier(value) for name, value in ids.items()},
        queue=chosen.queue,
        max_attempts=chosen.max_attempts,
        rung_at=timezone.now(),
    )
    if bell:
        transaction.on_commit(lambda: _ring_first(queued), robust=True)
    return queued


def claim(job_uuid: str | uuid.UUID) -> Run | None:
    """Take the job if it waits or its lease ran out; None when somebody else has it or it is over."""
    now = timezone.now()
    lease = timedelta(seconds=installation().job_lease_seconds)
    with transaction.atomic():
        taken = (
            Job.objects.filter(uuid=job_uuid)
            .filter(_claimable(now))
            .update(
                state=State.LEASED,
                token=F("token") + 1,
                attempts=F("attempts") + 1,
                lease_until=now + lease,
                heartbeat_at=now,
                started_at=now,
                step="",
                step_no=0,
                step_began_at=None,
                progress_done=0,
                progress_total=0,
                error_code="",
                error_params={},
            )
        )
        if not taken:
            return None
        run = Run.of(Job.objects.get(uuid=job_uuid), lease)
    crash_point("leased")
    return run


def work(job_uuid: str | uuid.UUID) -> bool:
    """Claim and do one job; whether there was anything to do. Never raises for what a handler does."""
    run = claim(job_uuid)
    if run is None:
        return False
    with run.kept_alive():
        _perform(run)
    return True


def work_off(*, subject: str = "", limit: int = 1000) -> int:
    """Do what waits now in this process, in order, without a carrier (tests, the command line)."""
    done = 0
    while done < limit:
        waiting = Job.objects.filter(_claimable(timezone.now())).order_by("pk")
        next_one = (waiting.filter(subject=subject) if subject else waiting).first()
        if next_one is None:
            break
        done += work(next_one.uuid)
    return done


def work_first() -> int:
    """Inside a long job, between two pieces of it: do what waits for which somebody stands waiting, by priority.

    The bells of what was done here find nothing left to do. Returns how many were done.
    """
    done = 0
    for kind in sorted((one for one in kinds() if one.breaks_in), key=lambda one: -one.priority):
        while (
            waiting := Job.objects.filter(_claimable(timezone.now()), kind=kind.name).order_by("pk").first()
        ):
            if not work(waiting.uuid):
                break
            done += 1
    return done


def retry(over: Job) -> Job:
    """By hand: a failed or cancelled job waits again with fresh attempts."""
    changed = Job.objects.filter(pk=over.pk, state__in=(State.FAILED, State.CANCELLED)).update(
        state=State.WAITING,
        attempts=0,
        error_code="",
        error_params={},
        not_before=None,
        finished_at=None,
        rung_at=timezone.now(),
    )
    if not changed:
        raise JobError("job_not_over")
    over.refresh_from_db()
    transaction.on_commit(lambda: _ring(over), robust=True)
    return over


def cancel(unfinished: Job) -> Job:
    """A waiting job never starts; a running one loses its lease and writes nothing more."""
    Job.objects.filter(pk=unfinished.pk, state__in=(State.WAITING, State.LEASED)).update(
        state=State.CANCELLED, token=F("token") + 1, finished_at=timezone.now(), lease_until=None
    )
    unfinished.refresh_from_db()
    return unfinished


def reap(now: datetime | None = None, *, patience: timedelta = BELL_PATIENCE) -> Reaped:
    """Ring again for expired leases, due retries and lost bells; end what used up its attempts."""
    now = now or timezone.now()
    exhausted = _end_exhausted(now)
    rung = 0
    for waiting in Job.objects.filter(_unheard(now, patience)).order_by("pk")[:500]:
        if waiting.rung_at and waiting.state == State.WAITING and not carrier().is_silent(waiting.queue):
            continue
        Job.objects.filter(pk=waiting.pk).update(rung_at=now)
        _ring(waiting)
        rung += 1
    return Reaped(rung=rung, exhausted=exhausted)


def _perform(run: Run) -> None:
    try:
        kind_of(run.kind).handler(run, **run.arguments)
        run.finish()
    except LeaseLost:
        log.warning("job %s %s: lease lost, this worker stopped", run.kind, run.job_uuid)
    except JobFailed as failure:
        _give_up(run, failure, may_retry=failure.retry)
    except FoundationError as failure:
        _give_up(run, failure, may_retry=not isinstance(failure, UnknownKind))
    except Exception as failure:  # noqa: BLE001 - outermost door; the log holds frames, as a message may hold a name
        log.error(
            "job %s %s: %s\n%s",
            run.kind,
            run.job_uuid,
            type(failure).__name__,
            "".join(traceback.format_tb(failure.__traceback__)),
        )
        _give_up(run, FoundationError(), may_retry=True)


def _give_up(run: Run, failure: FoundationError, *, may_retry: bool) -> None:
    log.warning("job %s %s: %s", run.kind, run.job_uuid, failure.code)
    try:
        run.fail(failure.code, failure.params, may_retry=may_retry)
    except LeaseLost:
        log.warning("job %s %s: lease lost before its failure was told", run.kind, run.job_uuid)


def _claimable(now: datetime) -> Q:
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    expired = Q(state=State.LEASED, lease_until__lt=now, attempts__lt=F("max_attempts"))
    return (Q(state=State.WAITING) & due) | expired


def _unheard(now: datetime, patience: timedelta) -> Q:
    stale = Q(rung_at__isnull=True) | Q(rung_at__lt=now - patience)
    just_expired = Q(state=State.LEASED, rung_at__lt=F("lease_until"))
    return _claimable(now) & (stale | just_expired)


def _end_exhausted(now: datetime) -> int:
    return Job.objects.filter(
        state=State.LEASED, lease_until__lt=now, attempts__gte=F("max_attempts")
    ).update(
        state=State.FAILED,
        token=F("token") + 1,
        lease_until=None,
        finished_at=now,
        error_code="job_worker_lost",
        error_params={},
    )


def _ring_first(queued: Job) -> None:
    crash_point("after_commit")
    _ring(queued)


def _ring(waiting: Job) -> None:
    carrier().ring(str(waiting.uuid), queue=waiting.queue, priority=kind_of(waiting.kind).priority)


def _identifier(value: int | str | uuid.UUID) -> int | str:
    """An id as JSON; BadArguments for free text or anything shaped like an ID number."""
    if isinstance(value, int) and not LONG_NUMBER.match(str(value)):
        return value
    text = str(value)
    if not IDENTIFIER.fullmatch(text) or LONG_NUMBER.match(text):
        raise BadArguments
    return text
