"""A sign-in sheet as it was read, for one session: whose line stands where, and whether something is written in it. Pure.

Only what is proposed to a person: a cell with ink is taken for signed, one without for empty, and what lies between,
or whose column is not found, is left to her eyes.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

Box = tuple[float, float, float, float]  # left, top, right, bottom, in one measure for the whole page
Inked = Callable[[Box], float]  # the share of a place that is ink, 0 to 1

SIGN_HEADS = re.compile(r"签名|签字|签到|本人签")
ABSENT_MARKS = re.compile(r"^[×xX✕✗]$|缺|旷|请假|事假|病假")
PRESENT_MARKS = re.compile(r"^[√✓v]$")
SIGNED_INK, EMPTY_INK = 0.012, 0.004
INSIDE = 0.12  # of a cell's sides is left out: the lines of the form stand there


@dataclass(frozen=True)
class Printed:
    """Some words of the page and where they stand."""

    text: str
    box: Box


@dataclass(frozen=True)
class Proposed:
    """One line of the sheet: the name as read, and whether it is signed; None where that cannot be told."""

    name: str
    signed: bool | None


@dataclass(frozen=True)
class Column:
    """Where the session's signatures stand, from left to right."""

    left: float
    right: float


def proposed(
    names: Sequence[Printed], lines: Sequence[Printed], day: date, inked: Inked
) -> tuple[Proposed, ...]:
    """What each printed name's line says of this day."""
    if not names:
        return ()
    column = column_of(names, lines, day)
    rows = _rows(names)
    return tuple(
        Proposed(name.text, _signed(Printed(name.text, row), column, lines, inked) if column else None)
        for name, row in zip(names, rows, strict=True)
    )


def column_of(names: Sequence[Printed], lines: Sequence[Printed], day: date) -> Column | None:
    """The column headed with this day; on a sheet of one day the one headed 签名. Its edges lie between its neighbours."""
    top = min(name.box[1] for name in names)
    heads = [
        line for line in lines if line.box[3] <= top + (line.box[3] - line.box[1]) and _is_near(line, names)
    ]
    dated = [line for line in heads if day in _days(line.text, day.year)]
    signing = [line for line in heads if SIGN_HEADS.search(line.text) and not _is_title(line, heads)]
    others_dated = [line for line in heads if _days(line.text, day.year) and line not in dated]
    if len(dated) == 1 and (others_dated or not signing):
        return _between(dated[0], _abreast(dated[0], heads))
    if len(signing) == 1 and not others_dated:
        return _between(signing[0], _abreast(signing[0], heads))
    return None


def names_of_day(lines: Iterable[Printed], day: date) -> bool:
    """Whether the page names this day anywhere."""
    return any(day in _days(line.text, day.year) for line in lines)


def _signed(row: Printed, column: Column, lines: Sequence[Printed], inked: Inked) -> bool | None:
    left, top, right, bottom = column.left, row.box[1], column.right, row.box[3]
    words = "".join(line.text for line in lines if _lies_in(line.box, (left, top, right, bottom))).strip()
    if ABSENT_MARKS.search(words):
        return False
    if words and PRESENT_MARKS.match(words):
        return True
    across, down = (right - left) * INSIDE, (bottom - top) * INSIDE
    ink = inked((left + across, top + down, right - across, bottom - down))
    if ink >= SIGNED_INK or len(words) > 1:
        return True
    return False if ink <= EMPTY_INK and not words else None


def _rows(names: Sequence[Printed]) -> list[Box]:
    """A band for each name: halfway to the names above and below."""
    middles = [(name.box[1] + name.box[3]) / 2 for name in names]
    bands: list[Box] = []
    for name, middle in zip(names, middles, strict=True):
        tall = name.box[3] - name.box[1]
        above = max((other for other in middles if other < middle - tall / 2), default=None)
        below = min((other for other in middles if other > middle + tall / 2), default=None)
        reach = min([abs(other - middle) / 2 for other in (above, below) if other is not None], default=tall)
        bands.append((name.box[0], middle - reach, name.box[2], middle + reach))
    return bands


def _between(head: Printed, abreast: Sequence[Printed]) -> Column:
    """Halfway to the heads beside it; at the edge of the table as far as to the other side."""
    middle = (head.box[0] + head.box[2]) / 2
    centres = sorted((one.box[0] + one.box[2]) / 2 for one in abreast)
    left = max((one for one in centres if one < middle - 1e-6), default=None)
    right = min((one for one in centres if one > middle + 1e-6), default=None)
    widths = [abs(one - middle) / 2 for one in (left, right) if one is not None]
    reach = min(widths, default=(head.box[2] - head.box[0]) / 2)
    return Column(
        middle - (min(reach, (middle - left) / 2) if left is not None else reach),
        middle + (min(reach, (right - middle) / 2) if right is not None else reach),
    )


def _abreast(head: Printed, heads: Sequence[Printed]) -> list[Printed]:
    middle = (head.box[1] + head.box[3]) / 2
    return [one for one in heads if one.box[1] <= middle <= one.box[3]]


def _is_near(line: Printed, names: Sequence[Printed]) -> bool:
    """Heads stand within a few lines above the first name."""
    top = min(name.box[1] for name in names)
    tall = max(name.box[3] - name.box[1] for name in names)
    return top - line.box[1] <= 6 * tall


def _is_title(line: Printed, heads: Sequence[Printed]) -> bool:
    """A line that stands alone above the table, as 学员签到表 does."""
    return len(_abreast(line, heads)) == 1


def _days(text: str, year: int) -> set[date]:
    found = re.findall(r"(?<!\d)(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)", text)
    made: set[date] = set()
    for month, day in found:
        try:
            made.add(date(year, int(month), int(day)))
        except ValueError:
            continue
    return made


def _lies_in(inner: Box, outer: Box) -> bool:
    across, down = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= across <= outer[2] and outer[1] <= down <= outer[3]
