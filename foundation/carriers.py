"""How the bell of a job travels: a job's UUID reaches some worker, and nothing else does.

The ledger (foundation.jobs) never trusts a carrier: a lost bell is rung again by `reap`, and a bell that
rings twice finds the job already claimed. The setting JOB_CARRIER names one of CARRIERS.
"""

from typing import Protocol

from django.utils.module_loading import import_string

from foundation.installation import installation

CARRIERS = {"tasks": "foundation.tasks_carrier.TasksCarrier"}


class Carrier(Protocol):
    def ring(self, job_uuid: str, *, queue: str, priority: int = 0) -> None:
        """Tell some worker of this queue that the job waits; of several bells the higher priority is heard first."""
        ...

    def is_silent(self, queue: str) -> bool:
        """Whether no bell of this queue is on its way; True when the carrier cannot know."""
        ...

    def listen(self, *, worker_id: str, queues: list[str]) -> bool:
        """Answer at most one bell; whether there was one. `["*"]` is every queue."""
        ...

    def forget(self, *, older_than_days: int) -> int:
        """Drop the records of bells answered long ago; the number dropped."""
        ...


def carrier() -> Carrier:
    return import_string(CARRIERS[installation().job_carrier])()
