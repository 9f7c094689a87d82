"""Seconds of a recording as people read them (wall clock where one is known), and as places along the player's lanes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils import timezone

from dossiers.coverage import Clocked

TICKS = 8  # at most so many labels along the lanes
NO_ROOM = 0.03  # of the lane, at its end
STEPS = (5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)  # seconds between them
LESS = 0.001  # seconds
MINUTE = 60.0


class Seekable:
    """Something at a second of the recording; `seek` is that second as addresses carry it."""

    at: float

    @property
    def seek(self) -> str:
        return carried(self.at)


@dataclass(frozen=True)
class Axis:
    """From which second of the recording to which the lanes run; negative before it began."""

    begin: float
    end: float
    clock: Clocked | None = None

    @property
    def length(self) -> float:
        return max(self.end - self.begin, LESS)

    def left(self, second: float) -> str:
        """Where a second lies, as SVG takes it: "12.345%"."""
        return f"{100 * (second - self.begin) / self.length:.3f}%"

    def wide(self, start: float, end: float) -> str:
        return f"{100 * (end - start) / self.length:.3f}%"

    def cut(self, start: float, end: float) -> tuple[float, float] | None:
        """The part of a stretch that is on the axis; None where none is."""
        start, end = max(start, self.begin), min(end, self.end)
        return (start, end) if end > start else None

    def stamp(self, second: float) -> str:
        """“09:23:16” by the wall clock, else “0:55:36” of the recording."""
        if self.clock is None:
            return running(second)
        return timezone.localtime(self.clock.at(second)).strftime("%H:%M:%S")

    def short_stamps(self, seconds: Sequence[float]) -> list[str]:
        """Without seconds, where they say nothing: not where two lie closer than a minute."""
        near = any(after - before < MINUTE for before, after in pairwise(seconds))
        long = self.clock is not None or self.length >= 600
        cut = slice(None, -3) if long and not near and len(seconds) > 1 else slice(None)
        return [self.stamp(one)[cut] for one in seconds]

    def second(self, moment: datetime) -> float | None:
        """The recording's second at a wall-clock moment, also before it began; None without a clock."""
        if self.clock is None:
            return None
        return (moment - self.clock.begins).total_seconds() / self.clock.rate

    def second_of(self, text: str) -> float | None:
        """The second of “09:23:16” on the day on which the recording began; None where that says nothing."""
        if self.clock is None:
            return None
        try:
            told = time.fromisoformat(text)
        except ValueError:
            return None
        began = timezone.localtime(self.clock.begins)
        found = self.second(_at(began.date(), told))
        if found is not None and found < 0:
            later = self.second(_at(began.date() + timedelta(days=1), told))
            return later if later is not None and later <= self.end else found
        return found

    def ticks(self) -> list[tuple[str, str]]:
        """Round times along the lanes, each with its place; none so near the end that it would run into the notes."""
        last = self.end - self.length * NO_ROOM
        step = next((one for one in STEPS if self.length / one <= TICKS), STEPS[-1])
        if self.clock is None:
            first = -(-self.begin // step) * step
            return [(self.left(at), running(at)) for at in _every(first, last, step)]
        midnight = timezone.localtime(self.clock.at(self.begin)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        zero = self.second(midnight) or 0.0
        seconds = step / self.clock.rate
        first = zero + -(-(self.begin - zero) // seconds) * seconds
        cut = slice(0, 8 if step < 60 else 5)
        return [(self.left(at), self.stamp(at + LESS)[cut]) for at in _every(first, last, seconds)]


def carried(second: float) -> str:
    """“3336.0”, “50.04”: a second as addresses carry it; cut like the clock, as rounded it might be of the next one."""
    whole = math.floor(max(second, 0.0) * 100 + LESS)
    return f"{whole / 100:.2f}".removesuffix("0")


def running(second: float) -> str:
    """“0:55:36”: how far into the recording."""
    minutes, rest = divmod(int(max(second, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


def lasting(seconds: float) -> str:
    """“3′40″”, how long something lasts; the same in every language."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}′{rest:02d}″" if minutes else f"{rest}″"


def _at(day: date, told: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, told.replace(tzinfo=None)))


def _every(first: float, end: float, step: float) -> list[float]:
    return [first + number * step for number in range(int((end - first) // step) + 1)]
