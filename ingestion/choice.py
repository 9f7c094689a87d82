"""Whose word counts? Where a fast reading leaves doubt, and what is to be held of two readings of one paper.

Nothing wrong may be accepted silently: a number on which readings differ is believed only where its own check
settles it and no more readings speak against it than for it; otherwise it is suspect.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dossiers.numbering import check_id_number
from ingestion.attempts import surety
from ingestion.kinds import OTHER
from ingestion.reading import DocumentReading, FieldReading, FieldState, Line, Quad

NUMBERS = frozenset({"id_number", "certificate_no"})
DISAGREEMENT = "engines_disagree"
SURE_KIND, SURE_PAGE, SURE_LINE, SURE_VALUE = 0.8, 0.93, 0.8, 0.9
DOUBTFUL = frozenset({FieldState.MISSING, FieldState.SUSPECT, FieldState.MALFORMED})
RANK = {
    FieldState.CHECKED: 4,
    FieldState.READ: 3,
    FieldState.SUSPECT: 2,
    FieldState.MALFORMED: 1,
    FieldState.MISSING: 0,
}
Row = tuple[FieldReading, ...]


@dataclass(frozen=True)
class Draft:
    """What one engine made of a page, in pixels of the upright page."""

    engine: str
    version: str
    lines: tuple[Line, ...]
    documents: tuple[DocumentReading, ...]

    @property
    def kind(self) -> str:
        return self.documents[0].kind


def doubts(draft: Draft) -> tuple[str, ...]:
    """Why a second engine should be asked: codes of the page, and names of fields. Empty: this reading suffices."""
    return tuple(dict.fromkeys((*_of_page(draft), *_of_fields(draft.documents))))


def _of_page(draft: Draft) -> Iterator[str]:
    if not draft.lines:
        yield "no_words"
        return
    if any(document.kind == OTHER or document.confidence < SURE_KIND for document in draft.documents):
        yield "kind"
    if surety(draft.lines) < SURE_PAGE:
        yield "words"


def _of_fields(documents: Sequence[DocumentReading]) -> Iterator[str]:
    for document in documents:
        for reading in (*document.fields, *(cell for row in document.rows for cell in row)):
            if reading.state in DOUBTFUL or reading.confidence < SURE_VALUE:
                yield reading.name


def settled(first: Draft, second: Draft) -> Draft:
    """One draft of two: the second's, corrected and completed by what the first saw better."""
    if not _stands(second, against=first):
        return first
    pairs = [(document, _twin(document, first.documents)) for document in second.documents]
    documents = tuple(_agreed_document(mine, other) for mine, other in pairs)
    return replace(second, documents=documents)


def _stands(second: Draft, *, against: Draft) -> bool:
    """The more accurate engine's word, unless it knows no kind where the first does, or sees fewer documents."""
    known = [sum(document.kind != OTHER for document in draft.documents) for draft in (second, against)]
    return known[0] >= known[1]


def _twin(document: DocumentReading, others: Sequence[DocumentReading]) -> DocumentReading | None:
    alike = [other for other in others if other.kind == document.kind]
    if len(alike) <= 1:
        return next(iter(alike), None)
    nearest = max(alike, key=lambda other: other.quad.overlap(document.quad))
    return nearest if nearest.quad.overlap(document.quad) > 0.2 else None


def _agreed_document(mine: DocumentReading, other: DocumentReading | None) -> DocumentReading:
    if other is None:
        return mine
    names = dict.fromkeys(reading.name for reading in (*mine.fields, *other.fields))
    fields = tuple(_agreed_named(name, mine.fields, other.fields) for name in names)
    return replace(mine, fields=fields, rows=_agreed_rows(mine.rows, other.rows))


def _agreed_named(name: str, mine: Sequence[FieldReading], others: Sequence[FieldReading]) -> FieldReading:
    readings = [next((r for r in fields if r.name == name), None) for fields in (mine, others)]
    one, two = readings
    if one is None or two is None:
        present = one or two
        assert present is not None
        return present
    return agreed(one, two)


def agreed(one: FieldReading, other: FieldReading) -> FieldReading:
    """What to hold of two readings of one value, `one` from the more accurate engine."""
    if FieldState.MISSING in (one.state, other.state):
        return one if other.state == FieldState.MISSING else other
    if one.value == other.value:
        better = max(one, other, key=lambda reading: RANK[reading.state])
        return replace(better, quad=one.quad, confidence=max(one.confidence, other.confidence))
    if one.name in NUMBERS:
        return _one_number(one, other)
    if RANK[one.state] != RANK[other.state]:
        return max(one, other, key=lambda reading: RANK[reading.state])
    return replace(one, confidence=min(one.confidence, other.confidence))


def _one_number(one: FieldReading, other: FieldReading) -> FieldReading:
    """Two readings of a number that differ: settled where one alone passes its check, else suspect."""
    checked = [reading for reading in (one, other) if reading.state == FieldState.CHECKED]
    if len(checked) == 1:
        return replace(checked[0], confidence=min(checked[0].confidence, SURE_LINE))
    return replace(one, state=FieldState.SUSPECT, problem=DISAGREEMENT)


def _agreed_rows(mine: Sequence[Row], others: Sequence[Row]) -> tuple[Row, ...]:
    """Row by row where both found the table alike; else the more accurate engine's, numbers it alone has suspect."""
    if len(mine) < len(others):
        mine, others = others, mine
    return tuple(_agreed_row(row, _row_beside(row, others)) for row in mine)


def _agreed_row(mine: Row, other: Row | None) -> Row:
    if other is None:
        return mine
    return tuple(agreed(cell, twin) if (twin := _cell(other, cell.name)) else cell for cell in mine)


def _row_beside(row: Row, others: Sequence[Row]) -> Row | None:
    place = _middle(row)
    if place is None:
        return None
    for other in others:
        quads = [cell.quad for cell in other if cell.quad]
        if quads and min(q.top for q in quads) <= place <= max(q.bottom for q in quads):
            return other
    return None


def _middle(row: Row) -> float | None:
    quads = [cell.quad for cell in row if cell.quad]
    return sum(quad.centre[1] for quad in quads) / len(quads) if quads else None


def _cell(row: Row, name: str) -> FieldReading | None:
    return next((cell for cell in row if cell.name == name), None)


def voted(reading: FieldReading, seen: Iterable[str]) -> FieldReading:
    """An ID number after further looks at its place: a valid one needs a second vote and no stronger rival."""
    votes = Counter([reading.value, *seen])
    valid = [value for value in votes if check_id_number(value).is_valid]
    most = max(votes.values())
    if len(valid) == 1 and votes[valid[0]] >= max(2, most):
        return replace(reading, value=valid[0], state=FieldState.CHECKED, problem="")
    if valid:
        return replace(reading, state=FieldState.SUSPECT, problem=DISAGREEMENT)
    return reading


def places_in_doubt(documents: Sequence[DocumentReading]) -> Iterator[tuple[FieldReading, Quad]]:
    """Values whose place is known and whose word is not good enough yet."""
    for document in documents:
        for reading in (*document.fields, *(cell for row in document.rows for cell in row)):
            if reading.quad is None or reading.state == FieldState.MISSING:
                continue
            if (
                reading.state in DOUBTFUL
                or reading.confidence < SURE_VALUE
                or reading.name == "certificate_no"
            ):
                yield reading, reading.quad
