"""Where one page with several papers on it is cut: boxes as fractions of the page, found or chosen. Pure.

A box is (left, top, right, bottom), fractions of the page. Found boxes part the page along lines that cross no
paper; where no such line exists, each paper keeps the box around it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
LEAST_SIDE = 0.05  # a piece narrower than a twentieth of the page is no paper
MOST_PIECES = 12
MARGIN = 0.01
TOLERATED_OVERLAP = 0.01
_PRECISION = 4


@dataclass(frozen=True)
class Found:
    """One document on the page: its box, whose it is ("" where nobody is named), whether it belongs to another's.

    `leans` is true of a side without a name of its own, as the back of a card: it goes with the nearest front.
    """

    box: Box
    owner: str = ""
    leans: bool = False


def pieces_of(documents: Sequence[Found]) -> tuple[Box, ...]:
    """The pieces a page falls into, one for each person's papers; empty where it is one paper."""
    groups = _groups(documents)
    if not 2 <= len(groups) <= MOST_PIECES:
        return ()
    around = [_around(group) for group in groups]
    parted = _parted(list(enumerate(around)), WHOLE)
    boxes = [_rounded(parted[number]) for number in range(len(around))]
    return tuple(boxes) if all(is_a_piece(box) for box in boxes) else ()


def halves(*, across: bool, at: float = 0.5) -> tuple[Box, Box]:
    """The page cut in two at a share of its height (`across`) or of its width."""
    at = round(at, _PRECISION)
    if across:
        return (0.0, 0.0, 1.0, at), (0.0, at, 1.0, 1.0)
    return (0.0, 0.0, at, 1.0), (at, 0.0, 1.0, 1.0)


def quarters() -> tuple[Box, ...]:
    """The page cut in four, row by row."""
    return (0.0, 0.0, 0.5, 0.5), (0.5, 0.0, 1.0, 0.5), (0.0, 0.5, 0.5, 1.0), (0.5, 0.5, 1.0, 1.0)


def is_a_piece(box: Iterable[float]) -> bool:
    """Whether this is a box on the page, wide and high enough to hold a paper."""
    edges = tuple(box)
    if len(edges) != 4 or not all(math.isfinite(edge) and 0 <= edge <= 1 for edge in edges):
        return False
    left, top, right, bottom = edges
    return right - left >= LEAST_SIDE and bottom - top >= LEAST_SIDE


def turned(box: Box, degrees: int) -> Box:
    """The box on the same page turned clockwise by quarter turns."""
    left, top, right, bottom = box
    moved = {
        0: box,
        90: (1 - bottom, left, 1 - top, right),
        180: (1 - right, 1 - bottom, 1 - left, 1 - top),
        270: (top, 1 - right, bottom, 1 - left),
    }[degrees % 360]
    return _rounded(moved)


def _groups(documents: Sequence[Found]) -> list[list[Found]]:
    """Documents by whose they are; what leans goes with the nearest front that still has no such side."""
    owners: dict[str, list[Found]] = {}
    for number, document in enumerate(documents):
        if not document.leans:
            owners.setdefault(document.owner or f"#{number}", []).append(document)
    fronts = list(owners.values())
    if not fronts:
        return [[document] for document in documents]
    free = set(range(len(fronts)))
    for side in sorted((d for d in documents if d.leans), key=lambda d: _nearest(d, fronts)[0]):
        _far, at = _nearest(side, fronts, among=free or None)
        fronts[at].append(side)
        free.discard(at)
    return fronts


def _nearest(
    side: Found, fronts: Sequence[Sequence[Found]], among: Iterable[int] | None = None
) -> tuple[float, int]:
    numbers = range(len(fronts)) if among is None else among
    return min((_distance(side.box, fronts[number][0].box), number) for number in numbers)


def _distance(one: Box, other: Box) -> float:
    return math.dist(_centre(one), _centre(other))


def _centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _around(documents: Sequence[Found]) -> Box:
    boxes = [document.box for document in documents]
    return (
        max(0.0, min(box[0] for box in boxes)),
        max(0.0, min(box[1] for box in boxes)),
        min(1.0, max(box[2] for box in boxes)),
        min(1.0, max(box[3] for box in boxes)),
    )


def _parted(groups: Sequence[tuple[int, Box]], room: Box) -> dict[int, Box]:
    """Each group's share of the room: cut along the widest free line, then each side again."""
    if len(groups) == 1:
        return {groups[0][0]: room}
    cut = max((_widest_gap(groups, across) for across in (True, False)), key=lambda found: found[0])
    gap, at, across = cut
    if gap < -TOLERATED_OVERLAP:
        return {number: _widened(box, room) for number, box in groups}
    low, high = (1, 3) if across else (0, 2)
    before = [group for group in groups if _middle(group[1], low, high) <= at]
    behind = [group for group in groups if _middle(group[1], low, high) > at]
    if not before or not behind:
        return {number: _widened(box, room) for number, box in groups}
    left, top, right, bottom = room
    first = (left, top, right, at) if across else (left, top, at, bottom)
    second = (left, at, right, bottom) if across else (at, top, right, bottom)
    return _parted(before, first) | _parted(behind, second)


def _widest_gap(groups: Sequence[tuple[int, Box]], across: bool) -> tuple[float, float, bool]:
    """The widest free stretch between two groups in one direction: how wide, its middle, the direction."""
    low, high = (1, 3) if across else (0, 2)
    spans = sorted((box[low], box[high]) for _number, box in groups)
    best, reached = (-1.0, 0.0, across), spans[0][1]
    for start, end in spans[1:]:
        best = max(best, (start - reached, (start + reached) / 2, across))
        reached = max(reached, end)
    return best


def _middle(box: Box, low: int, high: int) -> float:
    return (box[low] + box[high]) / 2


def _widened(box: Box, room: Box) -> Box:
    return (
        max(room[0], box[0] - MARGIN),
        max(room[1], box[1] - MARGIN),
        min(room[2], box[2] + MARGIN),
        min(room[3], box[3] + MARGIN),
    )


def _rounded(box: Iterable[float]) -> Box:
    left, top, right, bottom = (round(min(1.0, max(0.0, edge)), _PRECISION) for edge in box)
    return left, top, right, bottom
