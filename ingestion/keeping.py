"""What was read on a page is kept as evidence: kinds, values, lines, numbers sealed; read again, replaced."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from dossiers.models import Sheet
from ingestion.kinds import OTHER, Identity, kind
from ingestion.masking import masked, masked_in_place
from ingestion.models import FieldReading, PageReading
from ingestion.picture_hash import picture_hash
from ingestion.reading import DocumentReading, Line, PageResult, Quad, in_rows, wrapped
from ingestion.reading import FieldReading as ReadValue


def keep_reading(sheet: Sheet, page: PageResult) -> PageReading:
    """The evidence of one page, replacing what an earlier reading left."""
    reading, _is_new = PageReading.objects.update_or_create(
        sheet=sheet,
        defaults={
            "engine": page.engine,
            "engine_version": page.engine_version,
            "kind": page.kind,
            "kind_confidence": page.kind_confidence,
            "documents": [_stored_document(document) for document in page.documents],
            "engines": list(page.engines),
            "notes": list(page.notes),
            "rotation": page.page.rotation,
            "lines": PageReading.sealed_lines(
                {"text": line.text, "confidence": round(line.confidence, 3), "quad": line.quad.as_list()}
                for line in page.lines
            ),
            "masked_text": masked_text(page),
            "cpu_seconds": page.cpu_seconds,
            "picture_hash": picture_hash(page.thumbnail) if page.thumbnail else "",
            "read_at": timezone.now(),
        },
    )
    reading.fields.all().delete()
    FieldReading.objects.bulk_create(_stored_fields(reading, page.documents))
    Sheet.objects.filter(pk=sheet.pk).update(
        width=page.page.width,
        height=page.page.height,
        is_blank=page.blank,
        shows_identity=shows_identity(page),
    )
    return reading


def masked_text(page: PageResult) -> str:
    """The words in the order they were read, no number whole: not in one line, nor in pieces beside or below."""
    shown = [line.text for line in page.lines]
    standing = [_standing(line, page) for line in page.lines]
    place = {id(line): number for number, line in enumerate(standing)}
    for group in [*in_rows(standing), *wrapped(standing)]:
        for line, text in zip(group, masked_in_place([one.text for one in group]), strict=True):
            number = place[id(line)]
            shown[number] = _both(shown[number], text)
    return masked("\n".join(shown))


def _both(one: str, other: str) -> str:
    """What is masked in either."""
    return "".join("*" if "*" in pair else pair[0] for pair in zip(one, other, strict=True))


def _standing(line: Line, page: PageResult) -> Line:
    """The line as it stands on the upright page."""
    left, top, width, height = page.page.on_view(line.quad)
    return replace(line, quad=Quad.from_box(left, top, left + width, top + height))


def _stored_document(document: DocumentReading) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "confidence": round(document.confidence, 3),
        "quad": document.quad.as_list(),
        "title": document.title,
        "part": document.part,
    }


def _stored_fields(reading: PageReading, documents: Sequence[DocumentReading]) -> Iterator[FieldReading]:
    for number, document in enumerate(documents):
        for field in document.fields:
            yield _stored_field(reading, field, document=number, row=None)
        for row, cells in enumerate(document.rows):
            for cell in cells:
                yield _stored_field(reading, cell, document=number, row=row)


def _stored_field(reading: PageReading, field: ReadValue, *, document: int, row: int | None) -> FieldReading:
    return FieldReading(
        reading=reading,
        document=document,
        row=row,
        name=field.name,
        value=FieldReading.sealed(field.value),
        value_index=FieldReading.index_of(field.name, field.value),
        confidence=field.confidence,
        quad=field.quad.as_list() if field.quad else None,
        state=field.state.value,
        problem=field.problem,
    )


def shows_identity(page: PageResult) -> bool:
    """Whether the picture may show a person's number: so unless the kind is known to be nobody's paper."""
    if page.blank:
        return False
    if any(
        document.kind == OTHER or kind(document.kind).identity != Identity.NONE for document in page.documents
    ):
        return True
    told = masked_text(page)
    return told != page.text and "*" in told
