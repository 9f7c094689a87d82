"""How much memory a process and all it has started hold at once: looked at ten times a second, the peak kept."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

SECONDS = 0.1
PAGE = os.sysconf("SC_PAGE_SIZE")
PROC = Path("/proc")


def tree_bytes(pid: int) -> int:
    """Resident memory of this process and of every one below it."""
    return sum(_resident(one) for one in _tree(pid))


class PeakOfTree:
    """Watches this process's tree while the block runs; `megabytes` is the most it held."""

    def __init__(self) -> None:
        self._most = 0
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "PeakOfTree":
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._watcher.join()

    @property
    def megabytes(self) -> float:
        return max(self._most, tree_bytes(os.getpid())) / 2**20

    def _watch(self) -> None:
        while not self._done.wait(SECONDS):
            self._most = max(self._most, tree_bytes(os.getpid()))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        below = [
            int(child)
            for task in (PROC / str(pid) / "task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
        return
    for child in below:
        yield from _tree(child)


def _resident(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * PAGE
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
        return 0
