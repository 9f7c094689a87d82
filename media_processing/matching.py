"""Pure: which session does a recording speak of? Recorders write the date, often the time, into the file's name."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

_DATE = r"(?P<year>20\d\d)[-_.年]?(?P<month>0[1-9]|1[0-2])[-_.月]?(?P<day>0[1-9]|[12]\d|3[01])日?"
_TIME = (
    r"(?:[ T_\-.]*(?P<hour>[01]\d|2[0-3])[-_:.时点]?(?P<minute>[0-5]\d)"
    r"(?:[-_:.分]?(?P<second>[0-5]\d)(?!\d))?)?"
)
_STAMP = re.compile(rf"(?<!\d){_DATE}{_TIME}")
NEAR_MINUTES = 90


@dataclass(frozen=True)
class Sitting:
    """One session as it is looked for: its key, day and hour, and whether it has a recording already."""

    key: Hashable
    held_on: date
    starts_at: time
    is_recorded: bool = False


@dataclass(frozen=True)
class SessionMatch:
    """The session found, or None; `reason` is the code of why or why not."""

    key: Hashable | None
    reason: str
    confidence: float


def match_session(file_name: str, sittings: Sequence[Sitting]) -> SessionMatch:
    """The one session without a recording that the name's date, and its time if any, point to."""
    stamp = stamp_of(file_name)
    if stamp is None:
        return SessionMatch(None, "no_date_in_name", 0.3)
    day, hour = stamp
    that_day = [sitting for sitting in sittings if sitting.held_on == day]
    if not that_day:
        return SessionMatch(None, "no_session_that_day", 0.3)
    open_ones = [sitting for sitting in that_day if not sitting.is_recorded]
    if not open_ones:
        return SessionMatch(None, "session_has_recording", 0.3)
    if hour is None:
        return _only(open_ones, "session_by_date", 0.8)
    near = [sitting for sitting in open_ones if _minutes_between(sitting.starts_at, hour) <= NEAR_MINUTES]
    return _only(near, "session_by_time", 0.9) if near else SessionMatch(None, "time_fits_no_session", 0.3)


def _only(sittings: Sequence[Sitting], reason: str, confidence: float) -> SessionMatch:
    if len(sittings) == 1:
        return SessionMatch(sittings[0].key, reason, confidence)
    return SessionMatch(None, "several_sessions_that_day", 0.3)


def stamp_of(file_name: str) -> tuple[date, time | None] | None:
    """The date in a file name, with its time where one follows; None when there is none that exists."""
    for found in _STAMP.finditer(file_name):
        try:
            day = datetime.strptime(
                f"{found['year']}-{found['month']}-{found['day']} +0000", "%Y-%m-%d %z"
            ).date()
        except ValueError:
            continue
        if not found["hour"]:
            return day, None
        return day, time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    return None


def moment_of(file_name: str) -> datetime | None:
    """The moment a file name tells, as recorders write the one at which they began; None without a time of day.

    Naive: a name knows no time zone.
    """
    stamp = stamp_of(file_name)
    return datetime.combine(stamp[0], stamp[1]) if stamp is not None and stamp[1] is not None else None


def _minutes_between(one: time, other: time) -> int:
    return abs((one.hour * 60 + one.minute) - (other.hour * 60 + other.minute))
