"""CPU seconds by step: of this process and of the programs it called."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from media_processing import ffmpeg


@dataclass
class Clock:
    """What each step cost so far; steps do not lie within each other."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        before = _cpu_seconds()
        yield
        self.spent[name] = round(self.spent.get(name, 0.0) + _cpu_seconds() - before, 3)


def summed(spent: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """What several workers spent, by step."""
    total: dict[str, float] = {}
    for one in spent:
        for name, seconds in one.items():
            total[name] = round(total.get(name, 0.0) + seconds, 3)
    return total


def _cpu_seconds() -> float:
    return time.process_time() + ffmpeg.meter.seconds
