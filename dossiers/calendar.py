"""Working days by the Chinese calendar: rest days, make-up Saturdays, and how a count came about, day by day.

What the State Council announced for a year comes from `chinesecalendar`; an installation adds to it or changes it.
A year nobody has announced yet is counted by weekday and marked provisional: such a count decides nothing. Days are
counted as 民法典 201 and 203 say: the day something happens does not count, the last day does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from chinese_calendar.constants import Holiday, holidays, workdays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_COUNT = 4000  # days; a span beyond ten years is a slip of the pen, not a deadline


class DayKind(StrEnum):
    """Why a day counts or does not."""

    WORKDAY = "workday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Day:
    """One day of a count. `ordinal`: the how-manieth working day it is, None on a rest day."""

    on: date
    kind: DayKind
    name: str = ""
    provisional: bool = False
    ordinal: int | None = None

    @property
    def is_workday(self) -> bool:
        return self.kind in (DayKind.WORKDAY, DayKind.MAKE_UP)


@dataclass(frozen=True)
class Count:
    """Working days of a span, and the days themselves; provisional if any lies in a year not announced."""

    number: int
    days: tuple[Day, ...]

    @property
    def provisional(self) -> bool:
        return any(day.provisional for day in self.days)


@dataclass(frozen=True)
class Due:
    """The day something is due, and the days that lead to it."""

    on: date
    days: tuple[Day, ...]

    @property
    def provisional(self) -> bool:
        return any(day.provisional for day in self.days)


@dataclass(frozen=True)
class WorkCalendar:
    """Days that differ from their weekday: rest days with their names, and days worked to make up for them.

    `years` are those whose table is complete; every other year is provisional.
    """

    rest: Mapping[date, str]
    work: frozenset[date]
    years: frozenset[int]
    changed: Mapping[date, DayKind] = field(default_factory=lambda: MappingProxyType({}))

    def day(self, on: date) -> Day:
        """What kind of day this is."""
        kind, name = self._kind(on)
        return Day(on, kind, name, provisional=on.year not in self.years and on not in self.changed)

    def is_workday(self, on: date) -> bool:
        return self.day(on).is_workday

    def between(self, start: date, end: date) -> Count:
        """Working days in (start, end]; none where the end does not lie behind the start."""
        days = tuple(self._numbered(start + ONE_DAY, end))
        return Count(sum(day.is_workday for day in days), days)

    def fully_between(self, start: date, end: date) -> Count:
        """Working days strictly between two days: neither end counts."""
        return self.between(start, end - ONE_DAY)

    def after(self, start: date, number: int) -> Due:
        """The day on which the `number`th working day behind `start` falls. ValueError for a negative number."""
        if number < 0:
            raise ValueError("working days are counted forward")
        if not number:
            return Due(start, ())
        days: list[Day] = []
        for day in self._numbered(start + ONE_DAY, start + LONGEST_COUNT * ONE_DAY):
            days.append(day)
            if day.ordinal == number:
                break
        return Due(days[-1].on, tuple(days))

    def latest_before(self, end: date, number: int) -> Due:
        """The last day from which `number` working days still lie in (day, end]: file by then at the latest."""
        if number < 0:
            raise ValueError("working days are counted forward")
        start, seen = end, 0
        while seen < number:
            seen += self.is_workday(start)
            start -= ONE_DAY
        return Due(start, self.between(start, end).days)

    def changed_by(
        self, days: Iterable[tuple[date, DayKind]], *, years: Iterable[int] = ()
    ) -> "WorkCalendar":
        """The same calendar with an installation's own days, and with years it declares complete."""
        own = MappingProxyType({**self.changed, **dict(days)})
        return WorkCalendar(self.rest, self.work, self.years | frozenset(years), own)

    def _kind(self, on: date) -> tuple[DayKind, str]:
        if on in self.changed:
            return self.changed[on], ""
        if on in self.work:
            return DayKind.MAKE_UP, ""
        if on in self.rest:
            return DayKind.HOLIDAY, self.rest[on]
        return (DayKind.WEEKEND if on.weekday() >= SATURDAY else DayKind.WORKDAY), ""

    def _numbered(self, first: date, last: date) -> Iterator[Day]:
        if (last - first).days > LONGEST_COUNT:
            raise ValueError("the span is too long to be a deadline")
        ordinal, on = 0, first
        while on <= last:
            day = self.day(on)
            ordinal += day.is_workday
            yield Day(on, day.kind, day.name, day.provisional, ordinal if day.is_workday else None)
            on += ONE_DAY


def add_months(start: date, months: int) -> date:
    """The same day so many months on, or the month's last where it has no such day (29 February)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (start.day - 1) * ONE_DAY, following - ONE_DAY)


@cache
def announced() -> WorkCalendar:
    """The calendar as announced for all years the package knows."""
    chinese = {holiday.value: holiday.chinese for holiday in Holiday}
    return WorkCalendar(
        rest=MappingProxyType({day: chinese[name] for day, name in holidays.items()}),
        work=frozenset(workdays),
        years=frozenset(day.year for day in holidays),
    )
