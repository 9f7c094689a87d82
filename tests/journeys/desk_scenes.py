"""What the worker beside a browser journey does: work until it is told to stop, its words in a file."""

import os

from django.core.management import call_command


def work(log: str) -> None:
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    call_command("run_worker")
