"""Jobs that tests run: one that counts, some that fail, one that lingers."""

from collections.abc import Callable
from contextlib import suppress

from foundation.errors import FoundationError, JobFailed
from foundation.jobs import job
from foundation.leases import Run

PRIVATE = "姓名 王某 231299199001010010"  # what a message must never carry into a log
SEEN: list[str] = []
DURING: dict[str, Callable[[Run], None]] = {}


@job("test_note", queue="paper", max_attempts=3)
def note(run: Run, *, item: str) -> None:
    """Notes its item; a test may put a call in DURING that happens first."""
    with suppress(KeyError):
        DURING[item](run)
    SEEN.append(item)


@job("test_clumsy", queue="paper", max_attempts=2)
def clumsy(run: Run, *, item: int) -> None:
    raise ValueError(PRIVATE)


@job("test_refuses", queue="paper")
def refuses(run: Run) -> None:
    raise JobFailed("broken_pdf", file_name="x.pdf")


@job("test_storage_away", queue="recordings", max_attempts=2)
def storage_away(run: Run) -> None:
    raise FoundationError("storage_unreachable")
