"""Bells carried by django-tasks-db in the same database: the embedded default."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task, task_backends
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from foundation.jobs import work

ALIAS = "jobs"


def _known(queue: str) -> str:
    """The queue where the settings know it, else the first they name."""
    known = task_backends[ALIAS].queues
    return queue if not known or queue in known else min(known)


@task(backend=ALIAS, queue_name=_known("default"))
def answer(job_uuid: str) -> None:
    """`work` never raises: what goes wrong is told in the ledger, not in a traceback row."""
    work(job_uuid)


class TasksCarrier:
    def ring(self, job_uuid: str, *, queue: str, priority: int = 0) -> None:
        answer.using(queue_name=_known(queue), priority=priority).enqueue(job_uuid)

    def is_silent(self, queue: str) -> bool:
        return not self._ready().filter(queue_name=_known(queue)).exists()

    def listen(self, *, worker_id: str, queues: list[str]) -> bool:
        bells = self._ready() if "*" in queues else self._ready().filter(queue_name__in=queues)
        if not bells.exists():
            return False
        Worker(
            queue_names=queues,
            interval=0,
            batch=True,
            backend_name=ALIAS,
            startup_delay=False,
            max_tasks=1,
            worker_id=worker_id,
            excluded_queue_names=[],
        ).run()
        return True

    def forget(self, *, older_than_days: int) -> int:
        limit = timezone.now() - timedelta(days=older_than_days)
        old = DBTaskResult.objects.filter(backend_name=ALIAS, enqueued_at__lt=limit)
        count, _by_model = old.exclude(pk__in=self._ready()).delete()
        return count

    def _ready(self):
        return DBTaskResult.objects.ready().filter(backend_name=ALIAS)
