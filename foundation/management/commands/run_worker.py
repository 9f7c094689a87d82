"""The worker: reaps, listens for bells, does jobs; stops gently at SIGTERM or Ctrl-C."""

import logging
import os
import signal
import socket
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from foundation import housekeeping, jobs
from foundation.carriers import carrier
from foundation.models import Job

REAP_SECONDS = 5
IDLE_SECONDS = 1.0
FORGET_SECONDS = 3600
FORGET_DAYS = 7


class Command(BaseCommand):
    help = "Do the jobs that wait. The first SIGTERM lets the present job end; the second ends at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queues", default="*", help="comma-separated queues; * is every queue")
        parser.add_argument("--once", action="store_true", help="reap, answer one bell, end")
        parser.add_argument("--until-idle", action="store_true", help="end when no job waits or runs")

    def handle(self, *, queues: str, once: bool, until_idle: bool, **options: Any) -> None:
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)  # it greets at every bell
        self.stop = threading.Event()
        self.queues = queues.split(",")
        self.worker_id = f"{socket.gethostname()[:40]}-{os.getpid()}"
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._asked_to_stop)
            signal.signal(signal.SIGINT, self._asked_to_stop)
        self.next_reap = self.next_forget = 0.0
        while not self.stop.is_set():
            close_old_connections()
            self._keep_house()
            heard = carrier().listen(worker_id=self.worker_id, queues=self.queues)
            if once or (until_idle and not heard and self._is_idle()):
                return
            if not heard:
                self.stop.wait(IDLE_SECONDS)

    def _keep_house(self) -> None:
        now = time.monotonic()
        if now >= self.next_reap:
            jobs.reap()
            self.next_reap = now + REAP_SECONDS
        if now >= self.next_forget:
            carrier().forget(older_than_days=FORGET_DAYS)
            self.next_forget = now + FORGET_SECONDS
        housekeeping.do_what_is_due(now)

    def _is_idle(self) -> bool:
        unfinished = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.LEASED))
        return not (unfinished if "*" in self.queues else unfinished.filter(queue__in=self.queues)).exists()

    def _asked_to_stop(self, signum: int, frame: FrameType | None) -> None:
        if self.stop.is_set():
            raise SystemExit(1)
        self.stop.set()
