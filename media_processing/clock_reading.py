"""Pure: the clock that a recorder burns into its picture: found, read on several pictures, and a line fitted to it.

    lines of words -> Stamp (a day, if it is there, and a time) -> Sample (second of the recording, moment read)
    samples -> Fit: at which moment second 0 lies, how fast the clock runs, how far off that may be

Words are misread: a sample that lies on nobody's line is left out, and a line that most samples do not share is no
answer. Moments here are naive: what stands in the picture knows no time zone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from media_processing.tracks import Picture, Region

PLACES = (
    Region(0, 0, 1, 0.14),
    Region(0, 0.86, 1, 0.14),
    Region(0, 0, 1, 1),
)  # where recorders write: a strip above, one below; the whole picture where neither holds a clock
LOOKED_AT = (0.1, 0.5, 0.9)  # of the recording, to find the place
SAMPLES = 12
LEAST_AGREEING = 3
TOLERANCE = 1.5  # seconds: a clock shows whole seconds, a picture comes a little late
MOST_DRIFT = 0.02
DRIFT_SHOWS_AFTER = 600.0  # seconds between first and last sample; before that, the rate is taken as 1
HALF_A_SECOND = 0.5  # a clock that shows 16 stands anywhere from 16 to 17

_MONTH, _DAY = r"(?P<month>0[1-9]|1[0-2]|[1-9](?= ?[-/.月_]))", r"(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?!\d))"
_YEAR_FIRST = re.compile(rf"(?<!\d)(?P<year>20\d\d) ?[-/.年_]? ?{_MONTH} ?[-/.月_]? ?{_DAY} ?日?")
_YEAR_LAST = re.compile(r"(?<!\d)(?P<one>\d{1,2}) ?[-/.] ?(?P<two>\d{1,2}) ?[-/.] ?(?P<year>20\d\d)")
_PARTED = r"(?P<hour>[01]?\d|2[0-3]) ?[:;.,·时点] ?(?P<minute>[0-5]\d) ?[:;.,·分] ?(?P<second>[0-5]\d)"
_TIME = re.compile(rf"(?<!\d){_PARTED}(?!\d)")
_BARE_TIME = re.compile(
    r"(?<!\d)(?P<hour>[01]\d|2[0-3]) ?[:;.,·]? ?(?P<minute>[0-5]\d) ?[:;.,·]? ?(?P<second>[0-5]\d)(?!\d)"
)
_AFTERNOON = re.compile(r"下午|晚上|PM\b", re.IGNORECASE)
_MORNING = re.compile(r"上午|凌晨|AM\b", re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"(?<=[\d:\-/.])[OoQDlI|](?=[\d:\-/.]|$)")
_DIGIT_LIKE = str.maketrans("OoQDlI|", "0000111")

PictureAt = Callable[[float], Picture | None]
ReadLines = Callable[[Picture], Iterable[str]]


@dataclass(frozen=True)
class Stamp:
    """What a clock shows; `day` is None where only a time stands there."""

    day: date | None
    clock: time


@dataclass(frozen=True)
class Sample:
    """At this second of the recording the clock showed this moment."""

    second: float
    shown: datetime


@dataclass(frozen=True)
class Fit:
    """The clock as a line. `agreeing` of `read` samples lie on it; `jump`: by how much others agree on another line."""

    begins_at: datetime
    rate: float
    within_seconds: float
    agreeing: int
    read: int
    jump: float = 0.0


def stamp_in(lines: Iterable[str], *, near: date | None = None) -> Stamp | None:
    """The clock among these lines of words; the date may stand on a line of its own. A line with both counts first: a
    time alone may be that of a counter.

    `near` decides which of 10-11-2026 is the month, where both could be.
    """
    texts = [_plain(line) for line in lines]
    dated = [_day_in(text, near) for text in texts]
    for day, rest in dated:
        if day is not None and (clock := _time_in(rest, bare=True)) is not None:
            return Stamp(day, clock)
    alone = next((day for day, _ in dated if day is not None), None)
    for text in texts:
        if (clock := _time_in(text, bare=False)) is not None:
            return Stamp(alone, clock)
    return None


def samples_of(
    duration: float, picture_at: PictureAt, read_lines: ReadLines, *, near: date | None = None
) -> tuple[Sample, ...]:
    """Find where the clock stands, then read it there on pictures spread over the recording."""
    looked = [picture_at(duration * share) for share in LOOKED_AT]
    place = _place(looked, read_lines, near)
    if place is None:
        return ()
    found = [_sample(second, picture_at, place, read_lines, near) for second in _spread(duration)]
    return tuple(one for one in found if one is not None)


def fit(samples: Sequence[Sample]) -> Fit | None:
    """The line on which most samples lie; None where too few agree."""
    if len(samples) < LEAST_AGREEING:
        return None
    start = samples[0].shown
    points = [(one.second, (one.shown - start).total_seconds()) for one in samples]
    offset, rate, on_it = _best(points)
    if len(on_it) < LEAST_AGREEING or 2 * len(on_it) <= len(points):
        return None
    offset, rate = _refined(on_it)
    worst = max(abs(shown - offset - rate * second) for second, shown in on_it)
    jump = _jump([one for one in points if one not in on_it], offset, rate)
    return Fit(
        begins_at=start + timedelta(seconds=offset + HALF_A_SECOND),
        rate=rate,
        within_seconds=round(max(HALF_A_SECOND, worst, abs(jump)), 1),
        agreeing=len(on_it),
        read=len(points),
        jump=round(jump, 1),
    )


def _place(looked: Sequence[Picture | None], read_lines: ReadLines, near: date | None) -> Region | None:
    for place in PLACES:
        for picture in looked:
            if picture is not None and stamp_in(read_lines(place.cut(picture)), near=near) is not None:
                return place
    return None


def _spread(duration: float) -> list[float]:
    """Seconds inside the recording, no closer than a second."""
    count = max(1, min(SAMPLES, int(duration)))
    return [round(duration * (place + 0.5) / count, 2) for place in range(count)]


def _sample(
    second: float, picture_at: PictureAt, place: Region, read_lines: ReadLines, near: date | None
) -> Sample | None:
    picture = picture_at(second)
    stamp = stamp_in(read_lines(place.cut(picture)), near=near) if picture is not None else None
    day = (stamp.day or near) if stamp is not None else None
    if stamp is None or day is None:
        return None
    return Sample(second, datetime.combine(day, stamp.clock))


def _plain(line: str) -> str:
    """Full-width forms made plain, letters that look like digits mended between digits."""
    plain = unicodedata.normalize("NFKC", line).replace("\u2014", "-").replace("\u2013", "-")
    return _BETWEEN_DIGITS.sub(lambda found: found[0].translate(_DIGIT_LIKE), plain)


def _day_in(text: str, near: date | None) -> tuple[date | None, str]:
    """The date and the text without it."""
    if (found := _YEAR_FIRST.search(text)) is not None:
        day = _made(int(found["year"]), int(found["month"]), int(found["day"]))
    elif (found := _YEAR_LAST.search(text)) is not None:
        day = _year_last(int(found["year"]), int(found["one"]), int(found["two"]), near)
    else:
        return None, text
    return (None, text) if day is None else (day, f"{text[: found.start()]} {text[found.end() :]}")


def _year_last(year: int, one: int, two: int, near: date | None) -> date | None:
    """10-21-2026 as recorders write it, month first; 21-10-2026 where that cannot be."""
    american, european = _made(year, one, two), _made(year, two, one)
    if near is not None and near == european:
        return european
    return american or european


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _time_in(text: str, *, bare: bool) -> time | None:
    """Hours, minutes and seconds. `bare`: beside a date they count even where the colons were not read."""
    found = _TIME.search(text) or (_BARE_TIME.search(text) if bare else None)
    if found is None:
        return None
    hour = int(found["hour"])
    if _AFTERNOON.search(text) and hour < 12:
        hour += 12
    elif _MORNING.search(text) and hour == 12:
        hour = 0
    return time(hour, int(found["minute"]), int(found["second"]))


Point = tuple[float, float]


def _best(points: Sequence[Point]) -> tuple[float, float, list[Point]]:
    """Of all lines through one or two samples that a clock could follow, the one that most samples lie on."""
    lines = [(shown - second, 1.0) for second, shown in points]
    for place, (second, shown) in enumerate(points):
        for later, then in points[place + 1 :]:
            if later - second >= DRIFT_SHOWS_AFTER:
                rate = (then - shown) / (later - second)
                if abs(rate - 1) <= MOST_DRIFT:
                    lines.append((shown - rate * second, rate))
    return max(
        ((offset, rate, _on(points, offset, rate)) for offset, rate in lines),
        key=lambda line: (len(line[2]), -abs(line[1] - 1)),
    )


def _on(points: Iterable[Point], offset: float, rate: float) -> list[Point]:
    return [one for one in points if abs(one[1] - offset - rate * one[0]) <= TOLERANCE]


def _refined(points: Sequence[Point]) -> tuple[float, float]:
    """Least squares where drift can show, else the middle of what they say at rate 1."""
    seconds = [second for second, _ in points]
    if max(seconds) - min(seconds) >= DRIFT_SHOWS_AFTER:
        mean, said = sum(seconds) / len(points), sum(shown for _, shown in points) / len(points)
        spread = sum((second - mean) ** 2 for second in seconds)
        rate = sum((second - mean) * (shown - said) for second, shown in points) / spread
        if abs(rate - 1) * (max(seconds) - min(seconds)) >= 1.0:  # less than a second is what rounding makes
            return said - rate * mean, rate
    return median(shown - second for second, shown in points), 1.0


def _jump(left_out: Sequence[Point], offset: float, rate: float) -> float:
    """By how much samples off the line agree on another one: the recorder rested, or its clock was set."""
    for second, shown in left_out:
        off = shown - offset - rate * second
        alike = [one for one in left_out if abs(one[1] - offset - rate * one[0] - off) <= TOLERANCE]
        if len(alike) >= 2:
            return off
    return 0.0
