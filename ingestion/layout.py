"""Where the columns and the lines of a table run: by its rulings where it has them, by alignment where not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from ingestion.grid import Ruling
from ingestion.reading import Line, Quad
from ingestion.strips import Strip, strips_of

NEAR_EDGE = 2  # characters by which an edge found by measure may miss the place where the value ends
SAME_LEVEL = 0.6  # of the height of print
A_SPACE = 0.6  # of the width of a character
FAINT_COVER = 0.12  # of the lines of a table may reach into the gap between two columns

Edge = Callable[[float], float]


@dataclass(frozen=True)
class Piece:
    """Characters of one line that lie in one column."""

    strip: Strip
    start: int
    end: int
    column: int

    @property
    def text(self) -> str:
        return self.strip.text[self.start : self.end]

    @property
    def quad(self) -> Quad:
        return self.strip.quad(self.start, self.end)

    @property
    def confidence(self) -> float:
        return self.strip.confidence(self.start, self.end)

    @property
    def centre(self) -> tuple[float, float]:
        return self.quad.centre


def straight(x: float) -> Edge:
    """An edge that stands upright at `x`."""
    return lambda _y: x


def ruled(ruling: Ruling) -> Edge:
    return ruling.at


def pieces_of(
    lines: Iterable[Line], edges: Sequence[Edge], is_open: Callable[[int, Quad], bool]
) -> list[Piece]:
    """Every line cut where it crosses an edge. `is_open(edge, place)`: no line is ruled there, the cells are one."""
    pieces: list[Piece] = []
    for line in lines:
        strip = strips_of([line])[0]
        if strip.text:
            pieces += _cut(strip, edges, is_open)
    return pieces


def _cut(strip: Strip, edges: Sequence[Edge], is_open: Callable[[int, Quad], bool]) -> list[Piece]:
    """Cut by place; where the kind of character changes close by, cut there."""
    y = strip.quad(0, len(strip.text)).centre[1]
    limits = [edge(y) for edge in edges]
    columns = [int(np.searchsorted(limits, _centre(strip, at))) for at in range(len(strip.text))]
    cuts: list[tuple[int, int]] = []
    for at in range(1, len(columns)):
        if columns[at] != columns[at - 1]:
            place = _nearest_change(strip, at, cuts[-1][0] if cuts else 0)
            crossed = columns[at] - 1
            if place is None and is_open(crossed, strip.quad(at - 1, at + 1)):
                continue
            cuts.append((at if place is None else place, columns[at]))
    starts = [(0, columns[0]), *cuts]
    ends = [start for start, _ in cuts] + [len(strip.text)]
    return [
        Piece(strip, start, end, column)
        for (start, column), end in zip(starts, ends, strict=True)
        if end > start
    ]


def _centre(strip: Strip, at: int) -> float:
    place = strip.places[at]
    left, right = place.line.quad.left, place.line.quad.right
    return left + (right - left) * (place.start + place.end) / 2


def _nearest_change(strip: Strip, at: int, after: int) -> int | None:
    """The place nearest to `at` where there was a space, or Chinese turns into figures; None if none is close by."""
    close = sorted(range(at - NEAR_EDGE, at + NEAR_EDGE + 1), key=lambda place: abs(place - at))
    fitting = [place for place in close if after < place < len(strip.text)]
    spaced = (place for place in fitting if _space_before(strip, place))
    changed = (p for p in fitting if _sort(strip.text[p - 1]) != _sort(strip.text[p]))
    return next(spaced, None) or next(changed, None)


def _space_before(strip: Strip, at: int) -> bool:
    one, other = strip.places[at - 1], strip.places[at]
    return other.start - one.end > A_SPACE * min(one.end - one.start, other.end - other.start)


def _sort(character: str) -> str:
    if character.isascii() and character.isalnum():
        return "figure"
    return "word" if character.isalnum() else "mark"


def gap_between(left: float, right: float, lines: Sequence[Line]) -> float:
    """Where between two heads fewest lines reach: the middle of the widest stretch that is as good as empty."""
    if right - left < 2:
        return (left + right) / 2
    cover = np.zeros(round(right - left) + 1)
    for line in lines:
        start = max(0, round(line.quad.left - left))
        stop = min(len(cover), round(line.quad.right - left))
        if stop > start:
            cover[start:stop] += 1
    levels = clusters([line.quad.centre[1] for line in lines], SAME_LEVEL * usual_height(lines))
    least = max(cover.min(), FAINT_COVER * len(levels))
    stretches = _stretches(cover <= least)
    start, stop = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    return left + (start + stop) / 2


def _stretches(empty: np.ndarray) -> list[tuple[int, int]]:
    found, start = [], None
    for at, is_empty in enumerate([*empty, False]):
        if is_empty and start is None:
            start = at
        elif not is_empty and start is not None:
            found.append((start, at))
            start = None
    return found


def clusters(places: Sequence[float], apart: float) -> list[float]:
    """Centres of places that lie closer together than `apart`, from the top."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] < apart:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [sum(group) / len(group) for group in groups]


def usual_height(lines: Sequence[Line]) -> float:
    return median(line.quad.height for line in lines) if lines else 1.0


def from_top(pieces: Sequence[Piece]) -> list[Piece]:
    """Line below line, each from the left."""
    height = usual_height([piece.strip.places[0].line for piece in pieces])
    levels = clusters([piece.centre[1] for piece in pieces], SAME_LEVEL * height)
    return sorted(
        pieces,
        key=lambda piece: (
            min(range(len(levels)), key=lambda at: abs(levels[at] - piece.centre[1])),
            piece.quad.left,
        ),
    )
