"""What the dying children of test_crashes do; each function runs in a process of its own."""

import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from foundation import jobs, quarantine
from foundation.blobs import store
from foundation.crashpoints import crash_point
from foundation.errors import NoSpace
from foundation.leases import Run
from foundation.models import Quarantined
from tests.foundation import handlers


def deposit(path: str) -> None:
    quarantine.deposit(Path(path), file_name="扫描.pdf", subject="dossier:1")


def store_original(path: str) -> None:
    store().put_file(Path(path), media_type="application/pdf")


def append_on_a_full_disk(upload_pk: int, body_size: int) -> None:
    """The kernel itself refuses to let the file grow; says what the sender is told."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    upload = Quarantined.objects.get(pk=upload_pk)
    try:
        quarantine.append(upload, upload.received, [b"b" * body_size])
    except NoSpace as full:
        sys.stdout.write(full.text)


def store_on_a_full_disk(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    try:
        store_original(path)
    except NoSpace as full:
        sys.stdout.write(full.text)


def enqueue(item: str) -> None:
    with transaction.atomic():
        jobs.enqueue("test_note", item=item)


def work(job_uuid: str) -> None:
    jobs.work(job_uuid)


def file_away(run: Run) -> None:
    """Stands for a filing: a row written in a fenced transaction, once whatever happens."""
    with transaction.atomic():
        run.fence()
        Quarantined.objects.get_or_create(key=run.job_uuid, defaults={"file_name": "x", "declared_size": 1})
        crash_point("while_filing")


def work_filing(job_uuid: str) -> None:
    handlers.DURING["filed"] = file_away
    jobs.work(job_uuid)


def linger(run: Run) -> None:
    sys.stdout.write("started\n")
    sys.stdout.flush()
    time.sleep(2)


def worker(*options: str) -> None:
    """A whole worker; its first `slow` job says that it started and takes two seconds."""
    handlers.DURING["slow"] = linger
    call_command("run_worker", *options)


def noting_worker(path: str, count: int) -> None:
    """A worker that writes each item it did on a line of the file."""

    def write_down(run: Run) -> None:
        with open(path, "a", encoding="utf-8") as noted:
            noted.write(f"{run.arguments['item']}\n")

    handlers.DURING.update({f"n{number}": write_down for number in range(count)})
    call_command("run_worker", "--until-idle")


def receive_and_die(upload_pk: int, offset: int, pieces: int) -> None:
    """A sender's bytes come in, and the process dies between two of them, before anything is acknowledged."""

    def arriving() -> Iterator[bytes]:
        for number in range(pieces):
            yield bytes([number]) * 100_000
        os.kill(os.getpid(), signal.SIGKILL)

    quarantine.append(Quarantined.objects.get(pk=upload_pk), offset, arriving())
