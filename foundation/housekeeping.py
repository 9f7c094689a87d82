"""Work that comes round by itself: what is due is done by a worker between two bells.

An app registers in its `listeners.py` or `jobs.py`:

    @every(seconds=3600)
    def forget_what_is_over() -> None: ...

Every worker does it, so it must do no harm twice; it is short, and enqueues a job for what is long.
"""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)
Chore = Callable[[], object]


@dataclass
class _Round:
    chore: Chore
    seconds: float
    due: float = 0.0


_ROUNDS: dict[str, _Round] = {}


def every(*, seconds: float) -> Callable[[Chore], Chore]:
    """Register a chore: done when a worker starts, and again each so many seconds."""

    def register(chore: Chore) -> Chore:
        _ROUNDS[f"{chore.__module__}.{chore.__qualname__}"] = _Round(chore, seconds)
        return chore

    return register


def chores() -> list[str]:
    return sorted(_ROUNDS)


def do_what_is_due(now: float | None = None) -> int:
    """How many chores were done. One that fails is logged without its message, which may hold a name, and comes again."""
    at = time.monotonic() if now is None else now
    due = [one for _, one in sorted(_ROUNDS.items()) if at >= one.due]
    for one in due:
        one.due = at + one.seconds
        try:
            one.chore()
        except Exception as failure:  # noqa: BLE001 - outermost door: a chore must not end the worker
            frames = "".join(traceback.format_tb(failure.__traceback__))
            log.error("chore %s: %s\n%s", one.chore.__qualname__, type(failure).__name__, frames)
    return len(due)
