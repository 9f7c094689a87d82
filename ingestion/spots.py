"""Finds printed labels among the lines of a page: whole, in pieces, wrapped in a narrow cell, worn in a character."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ingestion.reading import Line, Quad, enclosing, in_rows
from ingestion.strips import Strip, is_level, joined, label_pattern, strip_of

UNMISTAKABLE = 4  # characters of a label that no value contains by chance
LONGEST_WORN = 9
PIECES_APART = 4.0  # heights between the pieces of one label
HAN = "㐀-鿿"
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


def units_of(lines: Sequence[Line], lexicon: Sequence[str]) -> tuple[Strip, ...]:
    """The level lines of a page as texts, row by row; pieces that together are a label put together (姓 名)."""
    return _units([line for line in lines if is_level(line)], frozenset(_bare(lexicon)))


def spots_in(units: Sequence[Strip], lexicon: Sequence[str], masks: Sequence[str]) -> tuple[Spot, ...]:
    """Every label of the lexicon; `masks` are longer words within which a label is none."""
    known = tuple(_bare(lexicon))
    return tuple(_spots(units, known, _strict(lexicon), frozenset(masks) - set(known)))


def opens(units: Sequence[Strip], spot: Spot) -> bool:
    """Whether the label stands at the head of its line."""
    head = NUMBERING.match(units[spot.first].text)
    return len(spot.units) > 1 or spot.start <= (head.end() if head else 0)


def height_of(quad: Quad) -> float:
    return max(1.0, quad.height)


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
        if other.whole.left - one.whole.right > PIECES_APART * height_of(one.whole):
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
        if across > 0 and -0.5 * height_of(above) <= gap <= 1.4 * height_of(above) and below.top > above.top:
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
