"""Whose word counts? Where a fast reading leaves doubt, and what is to be held of two readings of one paper.

Nothing wrong may be accepted silently: a number on which readings differ is believed only where its own check
settles it and no more readings speak against it than for it; otherwise it is suspect.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dossiers.numbering import check_id_number
from ingestion.attempts import surety
from ingestion.judgement import judged_together
from ingestion.kinds import OTHER
from ingestion.reading import DocumentReading, FieldReading, FieldState, Line
from ingestion.values import SHAPES

NUMBERS = frozenset({"id_number", "certificate_no"})
DISAGREEMENT = "engines_disagree"
MAJORITY, CERTAIN, ID_LENGTH = 0.5, 0.99, 18
#: Signatures, seals and ticks are seen in pixels: no engine settles a doubt about them.
OF_PIXELS = frozenset({"mark_unsure", "mark_absent", "tick_unsure", "several_ticked", "nothing_ticked"})
MARKS = ("_signature", "_seal", "photo")
LATE = 0.8  # how sure a value is that only a second look found
KEY_FIELDS = frozenset({"id_number", "name", "certificate_no"})
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
            seen_in_pixels = reading.problem in OF_PIXELS or reading.name.endswith(MARKS)
            if not seen_in_pixels and (reading.state in DOUBTFUL or reading.confidence < SURE_VALUE):
                yield reading.name


def lacks_what_matters(draft: Draft) -> bool:
    """Whether a paper that was recognised does not say whose it is: print may lie under a watermark or in shade."""
    return any(
        reading.name in KEY_FIELDS and reading.state in (FieldState.MISSING, FieldState.MALFORMED)
        for document in draft.documents
        for reading in document.fields
    )


def completed(draft: Draft, other: Draft) -> Draft:
    """The draft with what another reading saw and it did not; what it saw itself stays, held against the other."""
    documents = tuple(
        _agreed_document(document, _twin(document, other.documents)) for document in draft.documents
    )
    return replace(draft, documents=documents)


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
    return replace(mine, fields=judged_together(fields), rows=_agreed_rows(mine.rows, other.rows))


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


def is_in_doubt(reading: FieldReading) -> bool:
    """Whether the value's place is to be looked at again. A certificate's number always is: it has no check digit."""
    if reading.state == FieldState.MISSING:
        return False
    return (
        reading.state in DOUBTFUL
        or reading.confidence < SURE_VALUE
        or (reading.name == "certificate_no" and reading.confidence < CERTAIN)
    )


def voted(reading: FieldReading, seen: Sequence[str]) -> FieldReading:
    """A value after further looks at its place, each look a vote like the reading itself."""
    votes = Counter([reading.value, *seen])
    if reading.name == "id_number":
        return _voted_id(reading, votes)
    value, most = max(votes.items(), key=lambda pair: (pair[1], pair[0] == reading.value))
    agreement = most / votes.total()
    if value == reading.value:
        settles = reading.problem == DISAGREEMENT and agreement > MAJORITY
        return _believed(reading) if settles else _less_sure(reading, agreement)
    if agreement <= MAJORITY:
        return _less_sure(reading, agreement)
    return _in_its_shape(replace(reading, value=value, confidence=min(reading.confidence, agreement)))


def found_late(missing: FieldReading, seen: Sequence[str]) -> FieldReading:
    """A value that no reading of the page found, seen where its label says it stands: by most looks, and not by one."""
    votes = Counter(seen)
    value, most = max(votes.items(), key=lambda pair: pair[1], default=("", 0))
    if most < 2 or most / votes.total() <= MAJORITY:
        return missing
    late = replace(missing, value=value, confidence=LATE, state=FieldState.READ, problem="")
    if missing.name != "id_number":
        return late
    valid = check_id_number(value).is_valid
    return replace(late, state=FieldState.CHECKED) if valid else _judged_id(late)


def _voted_id(reading: FieldReading, votes: Counter[str]) -> FieldReading:
    """Valid and alone in being so, seen twice, and by no fewer looks than any other of its length: then it counts.

    Looks that lost a digit or caught one too many do not speak against it.
    """
    valid = [value for value in votes if check_id_number(value).is_valid]
    most = max((count for value, count in votes.items() if len(value) == ID_LENGTH), default=0)
    if len(valid) == 1 and votes[valid[0]] >= max(2, most):
        return replace(reading, value=valid[0], state=FieldState.CHECKED, problem="")
    if valid:
        return replace(reading, state=FieldState.SUSPECT, problem=DISAGREEMENT)
    value = max(
        votes, key=lambda printed: (len(printed) == ID_LENGTH, votes[printed], printed == reading.value)
    )
    return _judged_id(replace(reading, value=value))


def _judged_id(reading: FieldReading) -> FieldReading:
    check = check_id_number(reading.value)
    state = FieldState.SUSPECT if check.valid_length else FieldState.MALFORMED
    return replace(reading, state=state, problem=check.problems[0])


def _less_sure(reading: FieldReading, agreement: float) -> FieldReading:
    """Looks that differ: a number is suspect, any other value is only as sure as they agree."""
    if agreement > MAJORITY:
        return reading
    if reading.name == "certificate_no" and reading.state == FieldState.READ:
        return replace(reading, state=FieldState.SUSPECT, problem=DISAGREEMENT)
    return replace(reading, confidence=min(reading.confidence, agreement))


def _believed(reading: FieldReading) -> FieldReading:
    return _in_its_shape(replace(reading, state=FieldState.READ, problem=""))


def _in_its_shape(reading: FieldReading) -> FieldReading:
    """Judged by its own shape once more, now that another value stands there."""
    found = SHAPES["certificate_no"](reading.value) if reading.name == "certificate_no" else None
    if found is None:
        return replace(reading, state=FieldState.READ, problem="")
    return replace(reading, state=found.state, problem=found.problem)
