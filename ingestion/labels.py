"""A page with its labels found, and the pieces of text where their values may stand: beside, below, on more lines."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from ingestion.reading import Line, Quad
from ingestion.spots import UNMISTAKABLE, Spot, height_of, opens, spots_in, units_of
from ingestion.strips import Strip, joined

#: In heights of the label: how far below it a value may stand, how far apart two lines of one value are.
FARTHEST_BELOW, LINE_GAP = 2.6, 0.6
ALIGNED, CENTRED = 1.3, 1.6
FARTHEST_RIGHT = 42.0
UPWARDS = 1.4
LINE_OF_CHARACTER = 1.3
MOST_PIECES = 24


class PrintedPage:
    """The lines of one document as units of text, with every known label found among them."""

    def __init__(self, lines: Sequence[Line], lexicon: Sequence[str], masks: Sequence[str] = ()) -> None:
        """`masks` are longer words within which a label is none."""
        self.units = units_of(lines, lexicon)
        self.spots = spots_in(self.units, lexicon, masks)
        self._starting = {spot.first for spot in self.spots if spot.firm and opens(self.units, spot)}
        self._part_of_label = {place for spot in self.spots for place in spot.units} - {
            spot.first for spot in self.spots if len(spot.units) == 1
        }

    def spots_of(self, labels: Sequence[str]) -> list[Spot]:
        """Where one of these labels stands: the firm ones first, then by the order of the labels."""
        order = {label.rstrip(":"): place for place, label in reversed(list(enumerate(labels)))}
        found = [spot for spot in self.spots if spot.label in order]
        return sorted(found, key=lambda s: (not s.firm, order[s.label], s.quad.top, s.quad.left))

    def candidates(self, spot: Spot, *, wraps: bool) -> Iterator[Strip]:
        """The texts that may hold the value: behind the label, right of it, below it.

        One that `wraps` is a text and may hold the characters of a short label (民族路); others end before it.
        """
        inline = self._inline(spot, ends_at_any=not wraps)
        if inline is not None:
            if wraps:
                yield joined([inline, *self._below(inline, spot)])
            yield inline
            yield from self._grown(inline, self._right(inline.whole, spot))
            return
        right = self._right(spot.quad, spot)
        if right:
            if wraps:
                yield self._block(right, spot)
            yield from self._grown(self.units[right[0]], right[1:])
            return
        below = self._under(spot)
        if below is not None:
            yield joined([below, *self._below(below, spot)]) if wraps else below

    def section_of(self, quad: Quad, headings: Mapping[str, Sequence[str]]) -> str:
        """Under which of these headings a place stands: the nearest, above it or level with it; none: nothing."""
        distances = [
            (_distance(quad, spot.quad), name)
            for name, words in headings.items()
            for spot in self.spots_of(words)
            if spot.firm
        ]
        return min(distances)[1] if distances else ""

    @property
    def print_height(self) -> float:
        """The height of a line of the usual print, from how broad its characters are: boxes are now tall, now low."""
        broad = [unit.whole.width / _breadth(unit.text) for unit in self.units if len(unit.text) > 1]
        return LINE_OF_CHARACTER * median(broad) if broad else 0.0

    def text(self) -> Strip:
        """The whole document as one text, in reading order."""
        return joined(self.units)

    def room_beside(self, spot: Spot, heights: float) -> Quad | None:
        """The empty place right of a label, up to what stands next on its row; None where there is next to none."""
        label, height = spot.quad, height_of(spot.quad)
        right = label.right + heights * height
        for place, unit in enumerate(self.units):
            if place not in spot.units and _level(unit.whole, label) and unit.whole.left > label.centre[0]:
                right = min(right, unit.whole.left)
        left = label.right + 0.1 * height
        return Quad.from_box(left, label.top, right, label.bottom) if right - left > height else None

    def is_value_of_another(self, place: int, spot: Spot) -> bool:
        """Whether this unit stands behind another label than this one."""
        return self.begins_with_label(place) or self._is_beside_a_label(place, spot)

    def begins_with_label(self, place: int) -> bool:
        return place in self._starting or place in self._part_of_label

    def _inline(self, spot: Spot, *, ends_at_any: bool) -> Strip | None:
        if len(spot.units) > 1:
            return None
        unit = self.units[spot.first]
        ends = [
            other.start
            for other in self.spots
            if other.first == spot.first
            and other.start >= spot.end
            and (other.firm or ends_at_any or len(other.label) >= UNMISTAKABLE)
        ]
        start = spot.end
        end = min(ends, default=len(unit.text))
        while start < end and not unit.text[start].isalnum() and unit.text[start] not in "¥￥□☑☒√■":
            start += 1
        piece = unit.part(start, end)
        return piece if any(character.isalnum() for character in piece.text) else None

    def _right(self, of: Quad, spot: Spot) -> list[int]:
        """Units beside the label, nearest first, up to the next label."""
        reach = of.right + FARTHEST_RIGHT * height_of(of)
        beside = [
            place
            for place, unit in enumerate(self.units)
            if place not in spot.units
            and unit.whole.left >= of.right - 0.6 * height_of(unit.whole)
            and unit.whole.left <= reach
            and _level(unit.whole, of)
        ]
        found: list[int] = []
        for place in sorted(beside, key=lambda p: self.units[p].whole.left):
            if self.begins_with_label(place):
                break
            found.append(place)
        return found[:MOST_PIECES]

    def _grown(self, first: Strip, others: Sequence[int]) -> Iterator[Strip]:
        """The first piece, then with what stands beside it: digits in boxes, a value cut by a stamp."""
        pieces = [first]
        yield first
        for place in others:
            pieces.append(self.units[place])
            yield joined(pieces)

    def _block(self, right: Sequence[int], spot: Spot) -> Strip:
        """Lines of one value in the cell beside the label, from the top."""
        nearest = self.units[right[0]]
        cell = [nearest, *(self.units[place] for place in right[1:] if _aligned(self.units[place], nearest))]
        cell.sort(key=lambda unit: unit.whole.top)
        return joined([*cell, *self._below(cell[-1], spot)])

    def _below(self, head: Strip, spot: Spot) -> list[Strip]:
        """What goes on beneath a value, line by line, until something else begins."""
        found: list[Strip] = []
        last = head
        while len(found) < MOST_PIECES:
            place = self._next_below(last, head, spot)
            if place is None:
                return found
            last = self.units[place]
            found.append(last)
        return found

    def _next_below(self, last: Strip, head: Strip, spot: Spot) -> int | None:
        height = height_of(head.whole)
        for place, unit in enumerate(self.units):
            gap = unit.whole.top - last.whole.bottom
            if (
                not -0.6 * height <= gap <= LINE_GAP * height
                or unit.whole.top <= last.whole.top + 0.4 * height
            ):
                continue
            if place in spot.units or self.begins_with_label(place) or not _aligned(unit, head):
                continue
            if (
                unit.whole.left < spot.quad.right - 0.5 * height
                and unit.whole.left < head.whole.left - height
            ):
                continue
            if not self._is_beside_a_label(place, spot):
                return place
        return None

    def _under(self, spot: Spot) -> Strip | None:
        """A value beneath its label: nothing else on its row may claim it."""
        height, middle = height_of(spot.quad), spot.quad.centre[0]
        beneath = [
            place
            for place, unit in enumerate(self.units)
            if place not in spot.units
            and 0 <= unit.whole.centre[1] - spot.quad.bottom <= FARTHEST_BELOW * height
            and (
                abs(unit.whole.left - spot.quad.left) < ALIGNED * height
                or unit.whole.left < middle < unit.whole.right
            )
        ]
        for place in sorted(beneath, key=lambda p: self.units[p].whole.top):
            if self.begins_with_label(place) or self._is_beside_a_label(place, spot):
                return None
            return self.units[place]
        return None

    def _is_beside_a_label(self, place: int, spot: Spot) -> bool:
        """Whether another label than this one stands left of this unit on its row, with nothing between."""
        own = self.units[place].whole
        left = [
            other
            for other, unit in enumerate(self.units)
            if other != place
            and unit.whole.right <= own.left + 0.6 * height_of(own)
            and _level(unit.whole, own)
        ]
        if not left:
            return False
        nearest = max(left, key=lambda p: self.units[p].whole.right)
        return nearest not in spot.units and any(
            nearest in other.units and other.end >= len(self.units[nearest].text.rstrip(":"))
            for other in self.spots
        )


def _breadth(text: str) -> float:
    """How many full characters a text is broad."""
    return sum(0.55 if character.isascii() else 1.0 for character in text)


def _distance(quad: Quad, heading: Quad) -> float:
    """Down counts whole, up more (a heading in the middle of its cell has something above it), the gap across a tenth."""
    down = quad.centre[1] - heading.centre[1]
    across = max(0.0, quad.left - heading.right, heading.left - quad.right)
    return (down if down >= 0 else -UPWARDS * down) + across / 10


def _level(one: Quad, other: Quad) -> bool:
    """Beside each other: one's middle lies within the other's height, or they share half of the lesser."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= 0.5 * min(one.height, other.height)


def _aligned(unit: Strip, head: Strip) -> bool:
    height = height_of(head.whole)
    left = abs(unit.whole.left - head.whole.left) < ALIGNED * height
    centred = abs(unit.whole.centre[0] - head.whole.centre[0]) < CENTRED * height
    return left or (centred and unit.whole.width <= head.whole.width + 2 * height)
