"""Are there several papers on one page? Two certificates copied onto one sheet are parted where the second begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingestion.kinds import Identity, Kind, kinds, normalised
from ingestion.reading import Line, Quad, enclosing
from ingestion.strips import is_level

PRINTED_LARGE = 1.15  # against the usual print of the page
NEARLY_ALL = 0.8  # of a line is the title
APART_DOWN, APART_ACROSS = 0.18, 0.3  # of the page
OWN_LABELS = 2  # that each part must have: a booklet's cover bears the title once more, but nobody's values
ENOUGH_LINES = 6  # to know the usual print of the page
AIR = 1.6  # heights of a line around the words of a part


@dataclass(frozen=True)
class Part:
    """A part of a page that is a paper of its own."""

    lines: tuple[Line, ...]
    quad: Quad


def parts_of(lines: Sequence[Line], *, height: float, width: float) -> tuple[Part, ...]:
    """The papers on a page, from the top or from the left; one part where nothing says that there are more."""
    whole = Part(tuple(lines), Quad.from_box(0, 0, width, height))
    titles = _titles(lines)
    if len(titles) < 2:
        return (whole,)
    down = _groups(titles, axis=1, apart=APART_DOWN * height)
    across = _groups(titles, axis=0, apart=APART_ACROSS * width)
    axis, groups = (1, down) if len(down) > 1 else (0, across)
    if len(groups) < 2:
        return (whole,)
    borders = [_border(lines, one, other, axis) for one, other in pairwise(groups)]
    pieces = [
        [line for line in lines if start <= line.quad.centre[axis] < end]
        for start, end in pairwise([float("-inf"), *borders, float("inf")])
    ]
    same = axis == 1 and len({_said(lines, title) for title in groups}) == 1
    if not same and not all(_speaks_for_itself(piece) for piece in pieces):
        return (whole,)
    return tuple(Part(tuple(piece), _around(piece, whole.quad)) for piece in pieces)


def _titles(lines: Sequence[Line]) -> list[Quad]:
    """Lines that are, as a whole, the title of a paper that has one page and one person."""
    if not lines:
        return []
    usual = median(line.quad.height for line in lines) if len(lines) >= ENOUGH_LINES else 0.0
    titles = {title for kind in kinds().values() if _may_share_a_page(kind) for title in kind.titles}
    return [
        line.quad
        for line in lines
        if line.quad.height >= PRINTED_LARGE * usual and _is_one(line.text, titles)
    ]


def _may_share_a_page(kind: Kind) -> bool:
    return kind.identity is Identity.PERSON and not kind.follows


def _is_one(printed: str, titles: set[str]) -> bool:
    text = normalised(printed)
    return any(title in text and len(title) >= NEARLY_ALL * len(text) for title in titles)


def _groups(titles: Sequence[Quad], *, axis: int, apart: float) -> list[Quad]:
    """Titles near each other belong to one paper."""
    found: list[Quad] = []
    for title in sorted(titles, key=lambda quad: quad.centre[axis]):
        if not found or title.centre[axis] - found[-1].centre[axis] > apart:
            found.append(title)
    return found


def _said(lines: Sequence[Line], place: Quad) -> str:
    """The title at this place. One below the other, the same title twice is two papers, however little can be read."""
    return next(normalised(line.text) for line in lines if line.quad == place)


def _border(lines: Sequence[Line], one: Quad, other: Quad, axis: int) -> float:
    """The middle of the widest gap in the latter half of the way from one title to the next."""
    start, end = (one.bottom, other.top) if axis else (one.right, other.left)
    spans = sorted(
        (line.quad.top, line.quad.bottom) if axis else (line.quad.left, line.quad.right)
        for line in lines
        if is_level(line)
    )
    best, border, reached = 0.0, end, start
    for first, last in spans:
        if (start + end) / 2 < first <= end + 1 and first - reached > best:
            best, border = first - reached, (first + reached) / 2
        if last <= end:
            reached = max(reached, last)
    return border


def _speaks_for_itself(lines: Sequence[Line]) -> bool:
    said = "\n".join(normalised(line.text) for line in lines)
    return any(
        sum(label in said for label in kind.labels) >= OWN_LABELS
        and any(title in said for title in kind.titles)
        for kind in kinds().values()
        if _may_share_a_page(kind)
    )


def _around(lines: Sequence[Line], page: Quad) -> Quad:
    words = enclosing(line.quad for line in lines)
    air = AIR * median(line.quad.height for line in lines)
    return Quad.from_box(
        max(page.left, words.left - air),
        max(page.top, words.top - air),
        min(page.right, words.right + air),
        min(page.bottom, words.bottom + air),
    )
