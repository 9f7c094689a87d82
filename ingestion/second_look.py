"""A doubtful value is looked at again: its strip alone, enlarged, in several lights, by the accurate engine."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ingestion.choice import NUMBERS, found_late, is_in_doubt, voted
from ingestion.cleaning import faces_of
from ingestion.judgement import SOUND, judged_together
from ingestion.reading import DocumentReading, FieldReading, FieldState, Image, OcrEngine, OcrOptions, Quad
from ingestion.tight import tightened
from ingestion.values import SHAPES

#: How much around a value is looked at, above and beside, in heights of the value. A stamp may have eaten its ends.
USUAL, MORE, WIDE = (0.3, 0.35), (0.3, 0.8), (0.3, 1.6)
LOOKS = {"id_number": (USUAL, MORE, WIDE)}
SMALLEST = 6  # pixels
SHAPE_OF = {
    "id_number": "id_number",
    "certificate_no": "certificate_no",
    "name": "person",
    "employee": "person",
    "birth_date": "date",
    "issued_on": "date",
    "signed_on": "date",
    "sex": "sex",
    "ethnicity": "ethnicity",
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
    missed = field.state == FieldState.MISSING
    if field.quad is None or field.name not in SHAPE_OF or not (missed or is_in_doubt(field)):
        return field
    seen = tuple(
        value
        for around in LOOKS.get(field.name, (USUAL,))
        for value in _values(field.name, _strip(image, field.quad, around), reader, options)
    )
    return tightened(found_late(field, seen), image) if missed else voted(field, seen)


def _values(name: str, strip: Image, reader: OcrEngine, options: OcrOptions) -> Iterator[str]:
    """What each look makes of the strip, as the field's shape writes it; nothing where it makes nothing."""
    if min(strip.shape[:2]) < SMALLEST:
        return
    one_line = replace(options, single_line=True)
    for face in faces_of(strip):
        for line in reader.read(face, one_line):
            found = SHAPES[SHAPE_OF[name]]("".join(line.text.split()))
            if found is not None and (found.state in SOUND or name in NUMBERS):
                yield found.value


def _strip(image: Image, quad: Quad, around: tuple[float, float]) -> Image:
    above, beside = (share * quad.height for share in around)
    height, width = image.shape[:2]
    rows = slice(max(0, round(quad.top - above)), min(height, round(quad.bottom + above)))
    columns = slice(max(0, round(quad.left - beside)), min(width, round(quad.right + beside)))
    return np.ascontiguousarray(image[rows, columns])
