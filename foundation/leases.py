"""One worker's hold on one job: every write asks whether the token is still ours."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import db
from django.utils import timezone

from foundation.errors import LeaseLost, Param
from foundation.installation import installation
from foundation.models import Job

log = logging.getLogger(__name__)
BEATS_PER_LEASE = 3


@dataclass
class Run:
    """What a handler gets. Every method that writes raises LeaseLost once another worker holds the job."""

    job_uuid: str
    kind: str
    subject: str
    arguments: Mapping[str, Any]
    attempt: int
    max_attempts: int
    token: int
    lease: timedelta
    is_lost: bool = field(default=False)
    at_step: tuple[str, int] | None = field(default=None)

    @classmethod
    def of(cls, job: Job, lease: timedelta) -> "Run":
        return cls(
            job_uuid=str(job.uuid),
            kind=job.kind,
            subject=job.subject,
            arguments=job.arguments,
            attempt=job.attempts,
            max_attempts=job.max_attempts,
            token=job.token,
            lease=lease,
        )

    def heartbeat(self) -> None:
        """Lengthen the lease from now."""
        now = timezone.now()
        self._write(heartbeat_at=now, lease_until=now + self.lease)

    def progress(
        self, *, step: str = "", step_no: int = 0, step_count: int = 0, done: int = 0, total: int = 0
    ) -> None:
        """Say where the work stands; lengthens the lease as well. A step's pace counts from its first word.

        LeaseLost here is also how a job hears that a person cancelled it.
        """
        now = timezone.now()
        if self.at_step not in (None, (step, step_no)):
            self._write(step_began_at=now)
        self.at_step = (step, step_no)
        self._write(
            step=step,
            step_no=step_no,
            step_count=step_count,
            progress_done=done,
            progress_total=total,
            heartbeat_at=now,
            lease_until=now + self.lease,
        )

    def fence(self) -> None:
        """Inside a transaction: lock the row, so that what follows commits only while the job is ours."""
        self._write(heartbeat_at=timezone.now())

    def finish(self) -> None:
        now = timezone.now()
        self._write(state=Job.State.DONE, lease_until=None, heartbeat_at=now, finished_at=now)

    def fail(self, code: str, params: Mapping[str, Param], *, may_retry: bool) -> None:
        """Wait for another attempt where one is left, else end with this error."""
        now = timezone.now()
        told: dict[str, Any] = {"error_code": code, "error_params": dict(params), "lease_until": None}
        if may_retry and self.attempt < self.max_attempts:
            pause = installation().job_retry_seconds * 2 ** (self.attempt - 1)
            due = now + timedelta(seconds=pause)
            self._write(state=Job.State.WAITING, not_before=due, rung_at=None, **told)
        else:
            self._write(state=Job.State.FAILED, finished_at=now, **told)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """A thread beats while the handler works; it stops when the lease is lost."""
        over = threading.Event()
        heart = threading.Thread(target=self._beat, args=(over,), name=f"heart-{self.job_uuid}", daemon=True)
        heart.start()
        try:
            yield
        finally:
            over.set()
            heart.join()

    def _beat(self, over: threading.Event) -> None:
        pause = self.lease.total_seconds() / BEATS_PER_LEASE
        try:
            while not over.wait(pause):
                self._beat_once()
                if self.is_lost:
                    return
        finally:
            db.connection.close()

    def _beat_once(self) -> None:
        try:
            self.heartbeat()
        except LeaseLost:
            log.warning("job %s: lease lost, seen by the heart", self.job_uuid)
        except db.Error:
            log.warning("job %s: a heartbeat could not be written", self.job_uuid)

    def _write(self, **changes: Any) -> None:
        mine = Job.objects.filter(uuid=self.job_uuid, token=self.token, state=Job.State.LEASED)
        if self.is_lost or not mine.update(**changes):
            self.is_lost = True
            raise LeaseLost
