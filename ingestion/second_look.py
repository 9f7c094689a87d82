"""A doubtful value is looked at again: its strip alone, enlarged, in several lights, by the accurate engine."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ingestion.choice import is_in_doubt, voted
from ingestion.cleaning import faces_of
from ingestion.judgement import judged_together
from ingestion.reading import DocumentReading, FieldReading, Image, OcrEngine, OcrOptions, Quad
from ingestion.values import SHAPES

ABOVE, BESIDE = 0.3, 0.35  # of the value's height: how much around it is looked at
SMALLEST = 6  # pixels
SHAPE_OF = {
    "id_number": "id_number",
    "certificate_no": "certificate_no",
    "name": "person",
    "employee": "person",
    "birth_date": "date",
    "issued_on": "date",
    "signed_on": "date",
}


def looked_again(
    document: DocumentReading, image: Image, reader: OcrEngine, options: OcrOptions
) -> DocumentReading:
    """The document with its doubtful values voted on; `image` is the upright page that the quads lie on."""
    fields = tuple(_second_look(field, image, reader, options) for field in document.fields)
    rows = tuple(tuple(_second_look(cell, image, reader, options) for cell in row) for row in document.rows)
    changed = fields != document.fields
    return replace(document, fields=judged_together(fields) if changed else fields, rows=rows)


def _second_look(field: FieldReading, image: Image, reader: OcrEngine, options: OcrOptions) -> FieldReading:
    if field.quad is None or field.name not in SHAPE_OF or not is_in_doubt(field):
        return field
    strip = _strip(image, field.quad)
    if min(strip.shape[:2]) < SMALLEST:
        return field
    return voted(field, tuple(_values(field.name, strip, reader, options)))


def _values(name: str, strip: Image, reader: OcrEngine, options: OcrOptions) -> Iterator[str]:
    """What each look makes of the strip, as the field's shape writes it; nothing where it makes nothing."""
    one_line = replace(options, single_line=True)
    for face in faces_of(strip):
        for line in reader.read(face, one_line):
            found = SHAPES[SHAPE_OF[name]]("".join(line.text.split()))
            if found is not None:
                yield found.value


def _strip(image: Image, quad: Quad) -> Image:
    above, beside = ABOVE * quad.height, BESIDE * quad.height
    height, width = image.shape[:2]
    rows = slice(max(0, round(quad.top - above)), min(height, round(quad.bottom + above)))
    columns = slice(max(0, round(quad.left - beside)), min(width, round(quad.right + beside)))
    return np.ascontiguousarray(image[rows, columns])
