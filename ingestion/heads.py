"""The head of a table: the line that names its columns, cell by cell, held against the columns of the kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingestion.columns import Column, Table, heads_in, named
from ingestion.grid import Rulings
from ingestion.layout import from_top, pieces_of, ruled
from ingestion.reading import Line, Quad, enclosing
from ingestion.strips import Strip, strips_of

FEWEST_HEADS = 2


@dataclass(frozen=True)
class Head:
    """The head of a table: a cell for each column from the left, and which column each names."""

    texts: tuple[str, ...]
    places: tuple[Quad, ...]
    columns: tuple[Column | None, ...]

    @property
    def bottom(self) -> float:
        return max(place.bottom for place in self.places)

    @property
    def extent(self) -> tuple[float, float]:
        return self.places[0].left, self.places[-1].right

    def scaled(self, factor: float) -> "Head":
        """The same columns on a page of another width."""
        return replace(self, places=tuple(_scaled(place, factor) for place in self.places))


def head_of(lines: Sequence[Line], table: Table, lined: Rulings) -> Head | None:
    """The head that names most columns of the table, a key among them; None where no line names two."""
    strips = strips_of(lines)
    heads = [head for strip in strips if (head := _head_on(strip, lines, table, lined))]
    return max(heads, key=lambda head: sum(column is not None for column in head.columns), default=None)


def _head_on(strip: Strip, lines: Sequence[Line], table: Table, lined: Rulings) -> Head | None:
    spans = heads_in(strip.text, table)
    if len(spans) < FEWEST_HEADS:
        return None
    band = enclosing(strip.quad(start, end) for start, end in spans)
    head = _ruled_head(band, lines, table, lined) or _printed_head(strip, spans, table)
    known = {column.id for column in head.columns if column}
    return head if len(known) >= FEWEST_HEADS and known & table.keys else None


def _ruled_head(band: Quad, lines: Sequence[Line], table: Table, lined: Rulings) -> Head | None:
    """The head cell by cell: its words may stand on two lines of a cell."""
    top, bottom = _band_around(band, lined)
    rules = lined.columns_through(band.top, band.bottom)
    if len(rules) < FEWEST_HEADS + 1:
        return None
    within = [line for line in lines if top < line.quad.centre[1] < bottom]
    pieces = pieces_of(within, [ruled(rule) for rule in rules], lambda _edge, _place: False)
    cells = [[piece for piece in pieces if piece.column == at] for at in range(1, len(rules))]
    texts = ["".join(piece.text for piece in from_top(held)) for held in cells]
    middle = (top + bottom) / 2
    places = [Quad.from_box(a.at(middle), top, b.at(middle), bottom) for a, b in pairwise(rules)]
    if any(len(heads_in(text, table)) > 1 and named([text], table) == (None,) for text in texts):
        return None
    return Head(tuple(texts), tuple(places), named(texts, table))


def _band_around(band: Quad, lined: Rulings) -> tuple[float, float]:
    """From the ruling above the words of a head to the one below; near the words where there is none."""
    middle = (band.left + band.right) / 2
    rules = lined.rows_through(band.left, band.right)
    top, bottom = band.top - 2.5 * band.height, band.bottom + 2.5 * band.height
    above = [y for rule in rules if top < (y := rule.at(middle)) < band.centre[1]]
    below = [y for rule in rules if band.centre[1] < (y := rule.at(middle)) < bottom]
    half = band.height / 2
    return (max(above) if above else band.top - half), (min(below) if below else band.bottom + half)


def _printed_head(strip: Strip, spans: Sequence[tuple[int, int]], table: Table) -> Head:
    """The heads as they stand on their line; words that are no head of this table are columns too."""
    cells = sorted([*spans, *_between(strip, spans)])
    texts = tuple(strip.text[start:end] for start, end in cells)
    return Head(texts, tuple(strip.quad(start, end) for start, end in cells), named(texts, table))


def _between(strip: Strip, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    taken = {at for start, end in spans for at in range(start, end)}
    for at, place in enumerate(strip.places):
        if at in taken or not strip.text[at].isalnum():
            continue
        if found and found[-1][1] == at and strip.places[at - 1].line is place.line:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def _scaled(place: Quad, factor: float) -> Quad:
    return Quad.from_points([(x * factor, y) for x, y in place.points])
