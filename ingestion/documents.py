"""From what a part of a page was taken for to all it says: values beside labels, marks, rows of its table."""

from collections.abc import Iterable, Sequence

from ingestion.fields import read_fields
from ingestion.marks import read_marks
from ingestion.reading import DocumentReading, FieldReading, FieldState, Image, Recognition
from ingestion.tables import read_rows
from ingestion.tight import tightened

OPEN_ENDED_TICK = "contract_term"


def read_document(found: Recognition, image: Image) -> DocumentReading:
    """Everything one recognised document says; `image` is the upright page, all quads are pixels of it."""
    values = [tightened(reading, image) for reading in read_fields(found)]
    return DocumentReading(
        kind=found.kind,
        confidence=found.confidence,
        quad=found.quad,
        title=found.title,
        part=found.part,
        fields=_with_marks(values, read_marks(found, image)),
        rows=tuple(tuple(tightened(cell, image) for cell in row) for row in read_rows(found, image)),
    )


def _with_marks(values: Sequence[FieldReading], marks: Iterable[FieldReading]) -> tuple[FieldReading, ...]:
    """Values and marks as one; where a value is ticked, the tick is what counts, not the words of all options."""
    told = [reading for mark in marks for reading in _as_field(mark)]
    named = {reading.name for reading in told}
    return (*(reading for reading in values if reading.name not in named), *told)


def _as_field(mark: FieldReading) -> Iterable[FieldReading]:
    """A contract's ticked term says one thing: that it has no end."""
    if mark.name != OPEN_ENDED_TICK:
        yield mark
    elif mark.value == "open_ended" and mark.state == FieldState.READ:
        yield FieldReading("open_ended", "true", mark.confidence, mark.quad, mark.state)
