"""Dates and times as check-in devices write them, in one cell or two. Pure.

A day without a year, and one whose day and month could be changed about, are settled by the days of the class; what
stays open is told, never guessed.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

FIRST_SERIAL, LAST_SERIAL = 36526.0, 73050.0  # a spreadsheet's day numbers of the years 2000 to 2099
SERIAL_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day numbers have no zone
_DAY = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DAY_LAST_YEAR = re.compile(r"(?<!\d)(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?!\d)")
_DAY_NO_YEAR = re.compile(r"(?<!\d)(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*日?(?!\d)")
_RUN = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:\s*(\d{2})(\d{2})(\d{2})?)?(?!\d)")
_TIME = re.compile(
    r"(上午|下午|晚上|中午|早上)?\s*(?<!\d)(\d{1,2})\s*[:时]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2}))?(?:\.\d+)?\s*[分秒]?\s*([AaPp][Mm])?"
)
AFTERNOON = frozenset({"下午", "晚上"})
NOON = 12


@dataclass(frozen=True)
class ReadMoment:
    """A moment, or the code of what is wrong: `date_unread`, `time_unread`, `date_two_ways`."""

    at: datetime | None = None
    problem: str = ""


def plain(cell: Any) -> str:
    """A cell as text, full-width characters made plain."""
    if isinstance(cell, Mapping):
        return str(cell.get("iso", ""))
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell if cell is not None else "")).strip()


def moment_of(cells: Collection[Any], days: Collection[date], zone: tzinfo) -> ReadMoment:
    """The moment that these cells say together: one with date and time, or a date and a time."""
    day: date | None = None
    at: time | None = None
    problem = "date_unread"
    for cell in cells:
        given = _native(cell)
        if given is not None and given.tzinfo is not None:
            return ReadMoment(given.astimezone(zone))
        text = _written(cell, given)
        found, wrong = _day_in(text, days)
        day = day or found
        problem = wrong or problem
        at = at or _time_in(_without_day(text), cell)
    if day is None:
        return ReadMoment(problem=problem)
    if at is None:
        return ReadMoment(problem="time_unread")
    return ReadMoment(datetime.combine(day, at, zone))


def is_moment(cell: Any, days: Collection[date], zone: tzinfo) -> bool:
    return moment_of([cell], days, zone).at is not None


def is_day(cell: Any, days: Collection[date]) -> bool:
    return _day_in(_written(cell, _native(cell)), days)[0] is not None


def is_time(cell: Any) -> bool:
    return not isinstance(cell, bool) and _time_in(_without_day(plain(cell)), cell) is not None


def _native(cell: Any) -> datetime | None:
    """What a spreadsheet itself keeps as a moment: an ISO text of the reader, or a day number."""
    if isinstance(cell, Mapping):
        try:
            return datetime.fromisoformat(str(cell.get("iso", "")))
        except ValueError:
            return None
    if isinstance(cell, float) and FIRST_SERIAL <= cell <= LAST_SERIAL:
        return (SERIAL_ORIGIN + timedelta(days=cell) + timedelta(milliseconds=500)).replace(microsecond=0)
    text = plain(cell)
    if "T" in text:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    return None


def _written(cell: Any, given: datetime | None) -> str:
    """The cell as text; a spreadsheet's whole day is a day, not its midnight."""
    if given is None:
        return plain(cell)
    is_day_alone = len(plain(cell)) == len("2026-10-19") or (isinstance(cell, float) and cell.is_integer())
    return given.date().isoformat() if is_day_alone else given.isoformat(" ")


def _day_in(text: str, days: Collection[date]) -> tuple[date | None, str]:
    run, whole = _RUN.search(text), _DAY.search(text)
    for found in (whole, run):
        if found:
            made = _date(int(found[1]), int(found[2]), int(found[3]))
            return made, "" if made else "date_unread"
    turned = _DAY_LAST_YEAR.search(text)
    if turned:
        first, second, year = int(turned[1]), int(turned[2]), int(turned[3])
        return _settled({_date(year, second, first), _date(year, first, second)}, days)
    short = _DAY_NO_YEAR.search(text)
    if short:
        years = {day.year for day in days}
        return _settled({_date(year, int(short[1]), int(short[2])) for year in years}, days)
    return None, "date_unread"


def _settled(read: set[date | None], days: Collection[date]) -> tuple[date | None, str]:
    """Of several ways to read a day the one on which the class met; else the only one there is."""
    possible = {day for day in read if day is not None}
    fitting = possible & set(days)
    if len(fitting) == 1:
        return fitting.pop(), ""
    if len(possible) == 1:
        return possible.pop(), ""
    return None, "date_two_ways" if possible else "date_unread"


def _without_day(text: str) -> str:
    for pattern in (_DAY, _DAY_LAST_YEAR):
        text = pattern.sub(" ", text)
    return text


def _time_in(text: str, cell: Any) -> time | None:
    if isinstance(cell, float) and 0 <= cell < 1:
        return (
            (SERIAL_ORIGIN + timedelta(days=cell) + timedelta(milliseconds=500)).time().replace(microsecond=0)
        )
    found = _TIME.search(text)
    if found:
        return _time(found[2], found[3], found[4], (found[1] or found[5] or "").upper())
    run = _RUN.search(text)
    return _time(run[4], run[5], run[6], "") if run and run[4] else None


def _time(hours: str, minutes: str, seconds: str | None, half: str) -> time | None:
    hour = int(hours)
    if half in AFTERNOON | {"PM"} and hour < NOON:
        hour += NOON
    if half == "AM" and hour == NOON:
        hour = 0
    try:
        return time(hour, int(minutes), int(seconds or 0))
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
