"""The lines of a paper's table: its head found and held against the columns of the kind, every cell judged.

Columns and lines run by the rulings of the page where it has them, by alignment where they are faint or missing. A
page that goes on without a head has the columns of the page its paper began on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingestion.cells import (
    cell,
    is_day,
    is_foot,
    is_name,
    is_seq,
    may_be_a_key,
    missing,
    whole_number,
)
from ingestion.columns import Column, Shape, Table, tables
from ingestion.grid import Ruling, Rulings, rulings
from ingestion.heads import Head, head_of
from ingestion.judgement import judged_together
from ingestion.layout import (
    Edge,
    Piece,
    clusters,
    from_top,
    gap_between,
    pieces_of,
    ruled,
    straight,
    usual_height,
)
from ingestion.reading import FieldReading, Image, Line, Quad, Recognition, Row, enclosing

OPEN_BORDER = 0.3
RULED_ACROSS = 0.5
FAR_FROM_ANY = 0.6
MOSTLY = 0.6
MARGIN = 0.02
OF_ONE_PERSON = frozenset(
    {Shape.SEQ, Shape.NAME, Shape.ID_NUMBER, Shape.SEX, Shape.PHONE, Shape.CERTIFICATE_NO}
)


@dataclass(frozen=True)
class Columns:
    """The columns of a table on this page: `edges` between them, and what each is; outside of both ends is none."""

    edges: tuple[Edge, ...]
    rules: tuple[Ruling | None, ...]
    columns: tuple[Column | None, ...]

    def is_open(self, edge: int, place: Quad) -> bool:
        """Whether the ruling of this edge is interrupted here: the cells on both sides are one."""
        ruling = self.rules[edge]
        margin = 0.3 * place.height
        return ruling is not None and ruling.share(place.top - margin, place.bottom + margin) < OPEN_BORDER

    def span(self, column: int, y: float) -> tuple[float, float]:
        """From where to where a column reaches at this height of the page."""
        return self.edges[column - 1](y), self.edges[column](y)

    def at(self, column_id: str) -> int | None:
        return next((at for at, column in enumerate(self.columns) if column and column.id == column_id), None)


def read_rows(found: Recognition, image: Image) -> tuple[Row, ...]:
    """The lines of the table of one recognised paper, from the top, in pixels of the upright page `image`."""
    table = tables().get(found.kind)
    if table is None or not found.lines:
        return ()
    lined = rulings(image)
    head = head_of(found.lines, table, lined)
    top = head.bottom if head else 0.0
    body = [line for line in found.lines if line.quad.centre[1] > top]
    if head is None and found.head is not None and found.head.lines:
        begun = head_of(found.head.lines, table, Rulings())
        head = begun.scaled(image.shape[1] / found.head.quad.width) if begun else None
    columns = _columns(head, body, table, lined)
    if columns is None:
        return ()
    pieces = [
        piece for piece in pieces_of(body, columns.edges, columns.is_open) if columns.columns[piece.column]
    ]
    rows = [_row(line, columns, table) for line in _lines(pieces, columns, lined, top)]
    return tuple(row for row in rows if row)


# Columns ---------------------------------------------------------------------------------------------------
def _columns(head: Head | None, body: Sequence[Line], table: Table, lined: Rulings) -> Columns | None:
    """By the head, unless what the cells hold says otherwise; then by what they hold."""
    rules = _rules_of(body, lined)
    by_head = _by_head(head, body, rules) if head else None
    if by_head and _holds_numbers(by_head, body):
        return by_head
    return _by_content(body, table, rules) or by_head


def _rules_of(body: Sequence[Line], lined: Rulings) -> tuple[Ruling, ...]:
    """The upright lines that run beside the lines of the table."""
    numbers = [line.quad for line in body if any(whole_number(run) for run in _runs(line))]
    beside = enclosing(numbers) if numbers else (enclosing(line.quad for line in body) if body else None)
    return (
        lined.columns_through(beside.top, beside.bottom, least=MOSTLY if numbers else 0.3) if beside else ()
    )


def _by_head(head: Head, body: Sequence[Line], rules: Sequence[Ruling]) -> Columns:
    """One column a head; an edge is the ruling between two heads, or the gap between what stands below them."""
    if len(rules) == len(head.columns) + 1:
        return _ruled(rules, head.columns)
    edges: list[Edge] = []
    edge_rules: list[Ruling | None] = []
    columns: list[Column | None] = [None]
    first = [rule for rule in rules if rule.at(head.places[0].centre[1]) <= head.places[0].centre[0]]
    edges.append(ruled(first[-1]) if first else straight(float("-inf")))
    edge_rules.append(first[-1] if first else None)
    for at, (one, other) in enumerate(pairwise(head.places)):
        columns.append(head.columns[at])
        y = one.centre[1]
        between = [rule for rule in rules if one.centre[0] < rule.at(y) < other.centre[0]]
        edge = ruled(between[0]) if between else straight(gap_between(one.centre[0], other.centre[0], body))
        edges.append(edge)
        edge_rules.append(between[0] if between else None)
        if len(between) > 1:
            columns.append(None)
            edges.append(ruled(between[-1]))
            edge_rules.append(between[-1])
    columns.append(head.columns[-1])
    last = [rule for rule in rules if rule.at(head.places[-1].centre[1]) >= head.places[-1].centre[0]]
    edges.append(ruled(last[0]) if last else straight(float("inf")))
    edge_rules.append(last[0] if last else None)
    return Columns(tuple(edges), tuple(edge_rules), (*columns, None))


def _ruled(rules: Sequence[Ruling], columns: Sequence[Column | None]) -> Columns:
    return Columns(tuple(ruled(rule) for rule in rules), tuple(rules), (None, *columns, None))


def _holds_numbers(columns: Columns, body: Sequence[Line]) -> bool:
    """Most whole ID numbers of the table stand in the column of ID numbers, if it has one."""
    at = columns.at("id_number")
    pieces = pieces_of(body, columns.edges, columns.is_open)
    places = [piece.column for piece in pieces if whole_number(piece.text)]
    return not places or (at is not None and places.count(at) >= MOSTLY * len(places))


def _by_content(body: Sequence[Line], table: Table, rules: Sequence[Ruling]) -> Columns | None:
    """Columns known by what they hold: ID numbers, names beside them, sex, telephone. The rest is not read."""
    if len(rules) >= 3:
        edges, held_by = tuple(ruled(rule) for rule in rules), tuple(rules)
    else:
        edges, held_by = _gaps(body), ()
    bare = Columns(edges, held_by or (None,) * len(edges), (None,) * (len(edges) + 1))
    pieces = pieces_of(body, edges, bare.is_open)
    stacks = [[piece.text for piece in pieces if piece.column == at] for at in range(len(edges) + 1)]
    numbers = _fullest(stacks, whole_number)
    wanted = table.of_shape(Shape.ID_NUMBER)
    if numbers is None or wanted is None:
        return None
    found: list[Column | None] = [None] * len(stacks)
    found[numbers] = wanted
    for shape, fits, stacks_asked in (
        (Shape.NAME, is_name, stacks[:numbers]),
        (Shape.SEX, lambda text: text in ("男", "女"), stacks),
        (Shape.SEQ, is_seq, stacks[:1] + stacks[1:numbers]),
    ):
        at, column = _fullest(stacks_asked, fits, distinct=shape == Shape.NAME), table.of_shape(shape)
        if at is not None and column is not None and found[at] is None:
            found[at] = column
    return replace(bare, columns=tuple(found))


def _fullest(
    stacks: Sequence[Sequence[str]], fits: Callable[[str], bool], *, distinct: bool = False
) -> int | None:
    """The column in which most cells fit; None if there is none where most do."""
    counts = [
        len({text for text in stack if fits(text)}) if distinct else sum(fits(text) for text in stack)
        for stack in stacks
    ]
    best = max(range(len(stacks)), key=lambda at: counts[at], default=None)
    if best is None or counts[best] < max(1, 0.5 * len(stacks[best])):
        return None
    return best


def _gaps(body: Sequence[Line]) -> tuple[Edge, ...]:
    """Edges between what stands beside each other all the way down."""
    if not body:
        return ()
    numbers = [line for line in body if any(whole_number(run) for run in _runs(line))]
    rows = [
        line
        for line in body
        if any(abs(line.quad.centre[1] - n.quad.centre[1]) < n.quad.height for n in numbers)
    ]
    starts = clusters([line.quad.left for line in rows], 2.0 * usual_height(rows)) if rows else []
    return tuple(straight(start - 0.4 * usual_height(rows)) for start in starts)


def _runs(line: Line) -> list[str]:
    return "".join(c if c.isascii() and (c.isalnum() or c == "|") else " " for c in line.text).split()


# Lines -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TableLine:
    """The pieces of one line of the table, and the level rulings it lies between, where it has them."""

    pieces: tuple[Piece, ...]
    above: Ruling | None = None
    below: Ruling | None = None

    def held_by(self, column: int) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.column == column)


def _lines(pieces: Sequence[Piece], columns: Columns, lined: Rulings, top: float) -> list[TableLine]:
    """The lines of the table from the top; a cell that spans several is part of each."""
    if not pieces:
        return []
    extent = enclosing(piece.quad for piece in pieces)
    middle = (extent.left + extent.right) / 2
    through = lined.rows_through(extent.left, extent.right, least=RULED_ACROSS)
    rules = [rule for rule in through if rule.at(middle) >= top - MARGIN * extent.height]
    found: list[TableLine] = []
    for at in range(len(rules) + 1):
        band = [piece for piece in pieces if _rank(piece, rules) == at]
        closed = 0 < at < len(rules)
        split = _by_anchors(band, columns, is_closed=closed)
        if closed and len(split) == 1:
            found.append(TableLine(tuple(split[0]), rules[at - 1], rules[at]))
        else:
            found += [TableLine(tuple(line)) for line in split]
    return [_with_spanning(found, at, columns) for at in range(len(found))]


def _with_spanning(lines: Sequence[TableLine], at: int, columns: Columns) -> TableLine:
    """The line with what it shares with its neighbours: an empty cell whose border to a full one is not ruled."""
    shared = [
        piece
        for number, column in enumerate(columns.columns)
        if column and column.shape not in OF_ONE_PERSON and not lines[at].held_by(number)
        for step in (-1, 1)
        for piece in _spanning(lines, at, step, number, columns)
    ]
    return replace(lines[at], pieces=(*lines[at].pieces, *shared))


def _spanning(
    lines: Sequence[TableLine], at: int, step: int, column: int, columns: Columns
) -> tuple[Piece, ...]:
    """What stands in this column of the nearest line, above or below, that no ruling parts from the line `at`."""
    while 0 <= at + step < len(lines):
        border = lines[at].above if step < 0 else lines[at].below
        if border is None or border not in (lines[at + step].above, lines[at + step].below):
            return ()
        left, right = columns.span(column, border.place)
        if border.share(left, right) >= OPEN_BORDER:
            return ()
        at += step
        if lines[at].held_by(column):
            return lines[at].held_by(column)
    return ()


def _rank(piece: Piece, rules: Sequence[Ruling]) -> int:
    x, y = piece.centre
    return sum(rule.at(x) < y for rule in rules)


def _by_anchors(band: Sequence[Piece], columns: Columns, *, is_closed: bool) -> list[list[Piece]]:
    """What lies between two rulings is one line, unless two of its numbers stand below each other.

    Without rulings every number, or name that stands far from any, has a line of its own, and what stands nearest.
    """
    height = usual_height([place.line for piece in band for place in piece.strip.places[:1]])
    strong = clusters([p.centre[1] for p in band if _is_strong(p, columns)], FAR_FROM_ANY * height)
    if is_closed and len(strong) < 2:
        return [list(band)] if band else []
    pitch = min((b - a for a, b in pairwise(strong)), default=2 * height)
    weak = [p.centre[1] for p in band if _is_weak(p, columns)]
    alone = [
        y
        for y in clusters(weak, FAR_FROM_ANY * height)
        if all(abs(y - s) > FAR_FROM_ANY * pitch for s in strong)
    ]
    anchors = sorted([*strong, *(y for y in alone if is_closed or _lies_between(y, strong, pitch))])
    lines: list[list[Piece]] = [[] for _ in anchors]
    for piece in band:
        nearest = min(range(len(anchors)), key=lambda at: abs(anchors[at] - piece.centre[1]), default=None)
        if nearest is not None and (is_closed or abs(anchors[nearest] - piece.centre[1]) <= 0.75 * pitch):
            lines[nearest].append(piece)
    return [line for line in lines if line]


def _lies_between(y: float, strong: Sequence[float], pitch: float) -> bool:
    return bool(strong) and strong[0] - 1.4 * pitch < y < strong[-1] + 1.4 * pitch


def _is_strong(piece: Piece, columns: Columns) -> bool:
    column = columns.columns[piece.column]
    if column is None:
        return False
    if columns.at("id_number") is None and column.shape in (Shape.NAME, Shape.DATE):
        return is_name(piece.text) or is_day(piece.text)
    return (column.shape == Shape.ID_NUMBER and whole_number(piece.text)) or (
        column.shape == Shape.SEQ and is_seq(piece.text)
    )


def _is_weak(piece: Piece, columns: Columns) -> bool:
    column = columns.columns[piece.column]
    return column is not None and column.shape == Shape.NAME and is_name(piece.text)


# Cells -----------------------------------------------------------------------------------------------------
def _row(line: TableLine, columns: Columns, table: Table) -> Row:
    """The cells of one line; nothing where no key of the table says anything a key could say."""
    readings: list[FieldReading] = []
    for at, column in enumerate(columns.columns):
        if column is None:
            continue
        held = from_top(line.held_by(at))
        if held:
            text = "".join(piece.text for piece in held)
            place = enclosing(piece.quad for piece in held) if len(held) > 1 else held[0].quad
            readings.append(cell(column, text, min(piece.confidence for piece in held), place))
        elif column.id in table.demanded:
            readings.append(missing(column))
    return judged_together(readings) if _is_a_line(readings, table) else ()


def _is_a_line(readings: Sequence[FieldReading], table: Table) -> bool:
    """Whether a key says something that a key may say; a name read badly counts where the line has its number.

    What is printed below a table (填表人, 负责人) is no line of it, though a name stands there.
    """
    shapes = {column.id: column.shape for column in table.columns}
    if any(is_foot(one.value) for one in readings):
        return False
    numbered = any(shapes[one.name] == Shape.SEQ and is_seq(one.value) for one in readings)
    said = [one for one in readings if one.name in table.keys and one.value]
    return any(may_be_a_key(shapes[one.name], one.value) or numbered for one in said)
