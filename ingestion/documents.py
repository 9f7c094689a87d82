"""From what a part of a page was taken for to all it says: values beside labels, marks, rows of its table."""

from ingestion.fields import read_fields
from ingestion.reading import DocumentReading, Image, Recognition
from ingestion.tables import read_rows


def read_document(found: Recognition, image: Image) -> DocumentReading:
    """Everything one recognised document says; `image` is the upright page, all quads are pixels of it."""
    return DocumentReading(
        kind=found.kind,
        confidence=found.confidence,
        quad=found.quad,
        title=found.title,
        part=found.part,
        fields=read_fields(found),
        rows=read_rows(found, image),
    )
