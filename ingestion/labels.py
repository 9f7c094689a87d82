"""Finds printed labels on a page, whole, split or wrapped, and the pieces of text where their values may stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from ingestion.reading import Line, Quad, enclosing, in_rows
from ingestion.strips import Strip, joined, label_pattern, strip_of

#: In heights of the label: how far below it a value may stand, how far apart two lines of one value are.
FARTHEST_BELOW, LINE_GAP = 2.6, 0.6
ALIGNED, CENTRED = 1.3, 1.6
FARTHEST_RIGHT = 42.0
UPWARDS = 1.4
PIECES_APART = 4.0
SLANT, SLANT_OF_FEW = 0.2, 0.4
LONGEST_WORN = 9
LINE_OF_CHARACTER = 1.3
HAN = "㐀-鿿"
MOST_PIECES = 24
UNMISTAKABLE = 4  # characters of a label that no value contains by chance
NUMBERING = re.compile(r"^(?:[\W_]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)])*")


@dataclass(frozen=True)
class Spot:
    """A label on the page: `first` is the place of its unit, `end` where it ends there.

    It is `firm` at the head of a line, before a colon or behind punctuation; otherwise it may be part of a text.
    """

    label: str
    first: int
    start: int
    end: int
    quad: Quad
    firm: bool
    units: frozenset[int]


class PrintedPage:
    """The lines of one document as units of text, with every known label found among them."""

    def __init__(self, lines: Sequence[Line], lexicon: Sequence[str], masks: Sequence[str] = ()) -> None:
        """`masks` are longer words within which a label is none."""
        known = _bare(lexicon)
        self.units = _units([line for line in lines if _is_level(line)], frozenset(known))
        self.spots = tuple(_spots(self.units, tuple(known), _strict(lexicon), frozenset(masks) - set(known)))
        self._starting = {spot.first for spot in self.spots if spot.firm and _opens(self.units, spot)}
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
        reach = of.right + FARTHEST_RIGHT * _height(of)
        beside = [
            place
            for place, unit in enumerate(self.units)
            if place not in spot.units
            and unit.whole.left >= of.right - 0.6 * _height(unit.whole)
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
        height = _height(head.whole)
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
        height, middle = _height(spot.quad), spot.quad.centre[0]
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
            and unit.whole.right <= own.left + 0.6 * _height(own)
            and _level(unit.whole, own)
        ]
        if not left:
            return False
        nearest = max(left, key=lambda p: self.units[p].whole.right)
        return nearest not in spot.units and any(
            nearest in other.units and other.end >= len(self.units[nearest].text.rstrip(":"))
            for other in self.spots
        )


def _is_level(line: Line) -> bool:
    """Print runs level on an upright page; a watermark runs aslant. Of two characters the slant is less sure."""
    (x0, y0), (x1, y1), *_ = line.quad.points
    most = SLANT if len(line.text) > 2 else SLANT_OF_FEW
    return abs(y1 - y0) <= most * abs(x1 - x0)


def _units(lines: Sequence[Line], known: frozenset[str]) -> tuple[Strip, ...]:
    """Lines as texts, row by row; single characters that together are a label are put together (姓 名)."""
    found: list[Strip] = []
    for row in in_rows(lines):
        strips = [strip for strip in map(strip_of, row) if strip.text]
        while strips:
            size = next((n for n in range(min(8, len(strips)), 1, -1) if _make_a_label(strips[:n], known)), 1)
            found.append(joined(strips[:size]) if size > 1 else strips[0])
            strips = strips[size:]
    return tuple(found)


def _make_a_label(strips: Sequence[Strip], known: frozenset[str]) -> bool:
    """Pieces close to each other whose words together are a label: 姓 名, 甲方 (盖章)."""
    for one, other in zip(strips, strips[1:], strict=False):
        if other.whole.left - one.whole.right > PIECES_APART * _height(one.whole):
            return False
    return re.sub(r"[\W_]", "", "".join(strip.text for strip in strips)) in known


def _spots(
    units: Sequence[Strip], known: tuple[str, ...], strict: frozenset[str], masks: frozenset[str]
) -> Iterator[Spot]:
    words = tuple(sorted({*known, *masks}, key=lambda word: (-len(word), word)))
    for place, unit in enumerate(units):
        yield from (spot for spot in _in_line(place, unit, words, strict) if spot.label not in masks)
    yield from _wrapped(units, known)
    yield from _worn(units, known)


def _in_line(place: int, unit: Strip, known: tuple[str, ...], strict: frozenset[str]) -> Iterator[Spot]:
    """Labels within one unit, the longer first, none inside another."""
    head = NUMBERING.match(unit.text)
    begins = head.end() if head else 0
    at = 0
    for found in _any_of(known).finditer(unit.text):
        if found.start() < at:
            continue
        label = next(word for word in known if label_pattern(word).fullmatch(found.group()))
        after = unit.text[found.end() : found.end() + 1]
        before = unit.text[found.start() - 1 : found.start()]
        closed = not re.match(f"[{HAN}]", after)
        if label in strict and not (closed and (found.start() <= begins or not before.isalnum())):
            continue
        at = found.end()
        firm = found.start() <= begins or after == ":" or not before.isalnum()
        yield Spot(label, place, *found.span(), unit.quad(*found.span()), firm, frozenset([place]))


def _worn(units: Sequence[Strip], known: Sequence[str]) -> Iterator[Spot]:
    """A line that is a label of four characters or more but for one of four: an engine's slip, no other word."""
    long = [word for word in known if UNMISTAKABLE <= len(word) <= LONGEST_WORN]
    whole = frozenset(known)
    for place, unit in enumerate(units):
        text = re.sub(r"[\W_]", "", unit.text)
        if text in whole or not UNMISTAKABLE <= len(text) <= LONGEST_WORN:
            continue
        near = [word for word in long if len(word) == len(text) and _slips(word, text) <= len(word) // 4]
        if len(near) == 1:
            yield Spot(near[0], place, 0, len(unit.text), unit.whole, True, frozenset([place]))


def _slips(one: str, other: str) -> int:
    return sum(mine != theirs for mine, theirs in zip(one, other, strict=True))


def _wrapped(units: Sequence[Strip], known: Sequence[str]) -> Iterator[Spot]:
    """Labels that a narrow cell breaks over lines: each piece is a unit of its own, one below the other."""
    bare = {place: re.sub(r"[\W_]", "", unit.text) for place, unit in enumerate(units)}
    starts = _prefixes(tuple(known))
    taken: set[int] = set()
    for place, text in bare.items():
        if place in taken or text not in starts:
            continue
        chain = _completed(units, bare, [place], text, starts, frozenset(known))
        if chain:
            label = "".join(bare[piece] for piece in chain)
            taken.update(chain)
            quad = enclosing(units[piece].whole for piece in chain)
            last = units[chain[-1]]
            yield Spot(label, chain[0], 0, len(last.text), quad, True, frozenset(chain))


def _completed(
    units: Sequence[Strip],
    bare: dict[int, str],
    chain: list[int],
    text: str,
    starts: frozenset[str],
    known: frozenset[str],
) -> list[int]:
    if text in known and len(chain) > 1:
        return chain
    above = units[chain[-1]].whole
    for place, more in bare.items():
        if not more or place in chain or text + more not in starts | known:
            continue
        below = units[place].whole
        across = min(above.right, below.right) - max(above.left, below.left)
        gap = below.top - above.bottom
        if across > 0 and -0.5 * _height(above) <= gap <= 1.4 * _height(above) and below.top > above.top:
            longer = _completed(units, bare, [*chain, place], text + more, starts, known)
            if longer:
                return longer
    return []


@cache
def _prefixes(known: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word[:end] for word in known for end in range(1, len(word)))


@cache
def _any_of(known: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(label_pattern(word).pattern for word in known))


def _bare(lexicon: Sequence[str]) -> list[str]:
    return sorted({word.rstrip(":") for word in lexicon}, key=lambda word: (-len(word), word))


def _strict(lexicon: Sequence[str]) -> frozenset[str]:
    """Labels that are also ordinary words: written with a colon in the table, they need one, or to stand alone."""
    return frozenset(word.rstrip(":") for word in lexicon if word.endswith(":"))


def _opens(units: Sequence[Strip], spot: Spot) -> bool:
    head = NUMBERING.match(units[spot.first].text)
    return len(spot.units) > 1 or spot.start <= (head.end() if head else 0)


def _breadth(text: str) -> float:
    """How many full characters a text is broad."""
    return sum(0.55 if character.isascii() else 1.0 for character in text)


def _distance(quad: Quad, heading: Quad) -> float:
    """Down counts whole, up more (a heading in the middle of its cell has something above it), the gap across a tenth."""
    down = quad.centre[1] - heading.centre[1]
    across = max(0.0, quad.left - heading.right, heading.left - quad.right)
    return (down if down >= 0 else -UPWARDS * down) + across / 10


def _height(quad: Quad) -> float:
    return max(1.0, quad.height)


def _level(one: Quad, other: Quad) -> bool:
    """Beside each other: one's middle lies within the other's height, or they share half of the lesser."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= 0.5 * min(one.height, other.height)


def _aligned(unit: Strip, head: Strip) -> bool:
    height = _height(head.whole)
    left = abs(unit.whole.left - head.whole.left) < ALIGNED * height
    centred = abs(unit.whole.centre[0] - head.whole.centre[0]) < CENTRED * height
    return left or (centred and unit.whole.width <= head.whole.width + 2 * height)
