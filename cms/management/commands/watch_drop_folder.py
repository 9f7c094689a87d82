"""`manage.py watch_drop_folder [--once]`: the drop folder watched by a process of its own, or looked through once."""

import signal
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.drop_folder import STILL_SECONDS, Watcher, root

LOOK_SECONDS = 10.0


class Command(BaseCommand):
    help = "Take in what is put down in DROP_FOLDER. Workers do it as well; this is for a machine that only receives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="look twice, so long apart, and end")
        parser.add_argument(
            "--still-seconds",
            type=float,
            default=STILL_SECONDS,
            help="how long a file's size must stand still (default: %(default)s)",
        )

    def handle(self, *, once: bool, still_seconds: float, **options: Any) -> None:
        folder = root()
        if folder is None or not folder.is_dir():
            raise CommandError("DROP_FOLDER names no folder")
        watcher, stop = Watcher(folder, still_seconds), threading.Event()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda number, frame: self._end(stop, number, frame))
        rounds = 0
        while not stop.is_set():
            moved = watcher.look_round(time.monotonic())
            if moved:
                self.stdout.write(f"{moved} moved")
            rounds += 1
            if once and rounds == 2:
                return
            stop.wait(still_seconds if once else LOOK_SECONDS)

    def _end(self, stop: threading.Event, number: int, frame: FrameType | None) -> None:
        stop.set()
