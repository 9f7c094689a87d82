"""Which check boxes are ticked: by the ink within the box that stands before each option's words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.ink import crop, dark_ink, share
from ingestion.labels import PrintedPage
from ingestion.mark_table import TickRule
from ingestion.reading import FieldReading, FieldState, Image, Quad, enclosing
from ingestion.strips import Strip, label_pattern

#: In heights of a character: how far before the words a box may stand, how large it is.
GLYPH = 0.8  # of a line as engines box it
BEFORE, SMALLEST, LARGEST, SQUARE = 2.6, 0.36, 1.9, 0.68
INSIDE = 0.22  # of the box on each side is its rule
TICKED, EMPTY = 0.16, 0.06
OUTLINED = 0.8  # of each side
RIM = 0.12  # of a place where a box stands is ink, ticked or not
COLUMN = (3.0, 1.2)  # in characters left and right of the words: boxes of the same column
TICKED_CONFIDENCE, DOUBT = 0.95, 0.5
NEAR_LABEL = 3.2
SHORT = 4  # characters: options of one row; longer ones stand in a list above and below their label


@dataclass(frozen=True)
class Box:
    """A box before an option: how much ink lies within, and where it stands."""

    option: str
    fill: float | None  # None: no box is drawn where it ought to be
    quad: Quad

    @property
    def is_ticked(self) -> bool:
        return self.fill is not None and self.fill >= TICKED

    @property
    def is_doubtful(self) -> bool:
        return self.fill is None or EMPTY < self.fill < TICKED


def read_ticks(rule: TickRule, page: PrintedPage, image: Image, tone: float) -> FieldReading | None:
    """The ticked options of one group; None where the page has no such boxes. `tone` is that of the page's print."""
    spots = [spot for spot in page.spots_of((rule.label,)) if spot.firm] if rule.label else []
    if rule.label and not spots:
        return None
    label = spots[0].quad if spots else None
    boxes = list(_boxes(rule, page, image, label, tone))
    if len(boxes) < 2:
        return None
    ticked = [box for box in boxes if box.is_ticked]
    doubtful = [box for box in boxes if box.is_doubtful]
    around = enclosing(box.quad for box in (ticked or boxes))
    value = "|".join(box.option for box in boxes if box in ticked)
    if doubtful:
        return FieldReading(rule.name, value, DOUBT, around, FieldState.SUSPECT, "tick_unsure")
    if not ticked:
        return FieldReading(rule.name, "", TICKED_CONFIDENCE, around, FieldState.MISSING, "nothing_ticked")
    state, problem = (FieldState.READ, "") if len(ticked) == 1 else (FieldState.SUSPECT, "several_ticked")
    return FieldReading(rule.name, value, TICKED_CONFIDENCE, around, state, problem)


def _boxes(rule: TickRule, page: PrintedPage, image: Image, label: Quad | None, tone: float) -> Iterator[Box]:
    """The box of each option. One that a stroke has run together with the words is where the others have theirs."""
    options = dict(_options(rule, page, label))
    drawn = {option: _drawn_before(words, image, tone) for option, words in options.items()}
    known = {option: box for option, box in drawn.items() if box}
    if len(known) < 2:
        return
    for option in rule.options:
        if option in options:
            words = options[option]
            box = known.get(option) or _expected(words, known, options)
            fill = _fill(image, box, tone) if option in known or _has_rim(image, box, tone) else None
            yield Box(option, fill, enclosing((box, words)))


def _expected(words: Quad, known: Mapping[str, Quad], options: Mapping[str, Quad]) -> Quad:
    """Where the box of an option ought to be: under or over the nearest of its column; else as far off as others are."""
    size = words.height * GLYPH
    usual = tuple(
        median(side) for side in zip(*(_relative(known[o], options[o]) for o in known), strict=True)
    )
    box = _absolute(usual, words)
    column = [b for b in known.values() if -COLUMN[0] * size <= b.left - words.left <= COLUMN[1] * size]
    if not column:
        return box
    nearest = min(column, key=lambda b: abs(b.centre[1] - words.centre[1]))
    return Quad.from_box(nearest.left, box.top, nearest.right, box.bottom)


def _has_rim(image: Image, box: Quad, tone: float) -> bool:
    """Whether something is drawn around this place: a box, though a stroke runs through it."""
    around = Quad.from_box(box.left - 2, box.top - 2, box.right + 2, box.bottom + 2)
    return share(dark_ink(crop(image, around), tone)) >= RIM


def _options(rule: TickRule, page: PrintedPage, label: Quad | None) -> Iterator[tuple[str, Quad]]:
    """Where each option's words stand, the longer first: 失业 is not found inside 下岗失业人员."""
    taken: dict[int, list[tuple[int, int]]] = {}
    is_list = max(len(words) for words in rule.options.values()) > SHORT
    for option, words in sorted(rule.options.items(), key=lambda item: -len(item[1])):
        for place, unit in enumerate(page.units):
            if label and not _belongs(unit, label, is_list=is_list):
                continue
            match = label_pattern(words).search(unit.text)
            if match and not any(s < match.end() and match.start() < e for s, e in taken.get(place, ())):
                taken.setdefault(place, []).append(match.span())
                yield option, unit.quad(*match.span())
                break


def _relative(box: Quad, words: Quad) -> tuple[float, float, float, float]:
    return (
        box.left - words.left,
        box.top - words.centre[1],
        box.right - words.left,
        box.bottom - words.centre[1],
    )


def _absolute(shape: Sequence[float], words: Quad) -> Quad:
    left, top, right, bottom = shape
    middle = words.centre[1]
    return Quad.from_box(words.left + left, middle + top, words.left + right, middle + bottom)


def _belongs(unit: Strip, label: Quad, *, is_list: bool) -> bool:
    """Right of the group's label and level with it; a list of long options may stand above and below it."""
    height = max(1.0, label.height)
    if unit.whole.right < label.right:
        return False
    return is_list or abs(unit.whole.centre[1] - label.centre[1]) < NEAR_LABEL * height


def _drawn_before(words: Quad, image: Image, tone: float) -> Quad | None:
    """The square drawn before these words, if it stands clear of them."""
    size = words.height * GLYPH
    left, top = max(0.0, words.left - BEFORE * size), max(0.0, words.centre[1] - 1.1 * size)
    window = Quad.from_box(left, top, words.left + 1.7 * size, words.centre[1] + 1.1 * size)
    ink = dark_ink(crop(image, window), tone)
    if ink.size == 0:
        return None
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    squares = [
        (int(x), int(y), int(w), int(h))
        for x, y, w, h, _ in stats[1:count]
        if SMALLEST * size <= min(w, h)
        and max(w, h) <= LARGEST * size
        and min(w, h) >= SQUARE * max(w, h)
        and _is_outlined(ink[y : y + h, x : x + w])
    ]
    if not squares:
        return None
    x, y, w, h = min(squares, key=lambda box: box[0])
    origin_x, origin_y = round(left), round(top)
    return Quad.from_box(origin_x + x, origin_y + y, origin_x + x + w, origin_y + y + h)


def _is_outlined(piece: NDArray[np.uint8]) -> bool:
    """Whether ink runs along all four sides, as no character's does but those that are boxes themselves."""
    rim = max(1, round(0.16 * min(piece.shape)))
    sides = (
        piece[:rim].max(axis=0),
        piece[-rim:].max(axis=0),
        piece[:, :rim].max(axis=1),
        piece[:, -rim:].max(axis=1),
    )
    return all(float((side > 0).mean()) >= OUTLINED for side in sides)


def _fill(image: Image, box: Quad, tone: float) -> float:
    """The share of the box, without its rules, that is ink."""
    rim_x, rim_y = box.width * INSIDE, box.height * INSIDE
    inner = Quad.from_box(box.left + rim_x, box.top + rim_y, box.right - rim_x, box.bottom - rim_y)
    around = Quad.from_box(
        box.left - 3 * box.width, box.top - box.height, box.right + 3 * box.width, box.bottom + box.height
    )
    ink = dark_ink(crop(image, around), tone)
    left, top = max(0, round(around.left)), max(0, round(around.top))
    piece = ink[
        round(inner.top) - top : round(inner.bottom) - top,
        round(inner.left) - left : round(inner.right) - left,
    ]
    return float((piece > 0).mean()) if piece.size else 0.0
