"""Evidence as a reading again: a page that was read before, or the part of it that a piece shows. Writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from dossiers.cutting import Box, Found
from dossiers.models import Sheet
from ingestion.kinds import OTHER, Identity, kinds
from ingestion.models import FieldReading as Stored
from ingestion.models import PageReading
from ingestion.reading import DocumentReading, FieldReading, FieldState, Line, Page, PageResult, Point, Quad

NEARLY_ALL = 0.9
UNSURE_OF_A_PIECE = 0.9  # a paper found on a shared page, against one that fills its own


def reading_of(sheet: Sheet) -> PageReading | None:
    return PageReading.objects.filter(sheet=sheet).prefetch_related("fields").first()


def page_again(reading: PageReading) -> PageResult:
    """What was read on the sheet, as the reader told it; pictures and codes are not kept."""
    sheet = reading.sheet
    page = Page(sheet.number, sheet.width, sheet.height, reading.rotation)
    return PageResult(
        page=page,
        page_count=sheet.upload.page_count,
        documents=_documents(reading, page),
        lines=tuple(
            Line(str(line["text"]), float(line["confidence"]), Quad.from_points(line["quad"]))
            for line in reading.open_lines()
            if line.get("quad")
        ),
        engine=reading.engine,
        engine_version=reading.engine_version,
        cpu_seconds=0.0,
        blank=sheet.is_blank,
        engines=tuple(reading.engines),
        notes=tuple(reading.notes),
    )


def papers_on(page: PageResult) -> tuple[Found, ...]:
    """The documents of a page as the rules of cutting see them: where, whose, and what leans on another."""
    if not page.page.width or not page.page.height:
        return ()
    known = [document for document in page.documents if document.kind != OTHER]
    return tuple(
        Found(_box(document.quad, page.page), _owner(document), leans=_leans(document)) for document in known
    )


def piece_of(page: PageResult, region: Box) -> PageResult | None:
    """What stands in one region of the page, in pixels of the piece; None where no known paper lies in it."""
    left, top = region[0] * page.page.width, region[1] * page.page.height
    size = Page(
        page.page.number,
        round((region[2] - region[0]) * page.page.width),
        round((region[3] - region[1]) * page.page.height),
        page.page.rotation,
    )
    documents = [one for one in page.documents if one.kind != OTHER and _fills(one.quad, page.page, region)]
    if not documents:
        return None
    return replace(
        page,
        page=size,
        documents=tuple(_moved_document(one, left, top) for one in documents),
        lines=tuple(
            replace(line, quad=_moved(line.quad, left, top))
            for line in page.lines
            if _lies_in(line.quad, page.page, region)
        ),
        blank=False,
    )


def _documents(reading: PageReading, page: Page) -> tuple[DocumentReading, ...]:
    fields: dict[int, list[Stored]] = {}
    for field in reading.fields.all():
        fields.setdefault(field.document, []).append(field)
    told: Sequence[dict[str, Any]] = reading.documents or [
        {"kind": reading.kind or OTHER, "confidence": reading.kind_confidence}
    ]
    whole = Quad.from_box(0, 0, page.width, page.height)
    return tuple(
        DocumentReading(
            kind=document["kind"] if document["kind"] in kinds() else OTHER,
            confidence=float(document.get("confidence", 0.0)),
            quad=Quad.from_points(document["quad"]) if document.get("quad") else whole,
            title=str(document.get("title", "")),
            part=str(document.get("part", "")),
            fields=tuple(_field(one) for one in fields.get(number, ()) if one.row is None),
            rows=_rows(one for one in fields.get(number, ()) if one.row is not None),
        )
        for number, document in enumerate(told)
    )


def _rows(cells: Iterable[Stored]) -> tuple[tuple[FieldReading, ...], ...]:
    rows: dict[int, list[FieldReading]] = {}
    for cell in cells:
        rows.setdefault(cell.row or 0, []).append(_field(cell))
    return tuple(tuple(rows[number]) for number in sorted(rows))


def _field(stored: Stored) -> FieldReading:
    return FieldReading(
        name=stored.name,
        value=stored.value.reveal_or_empty() if stored.value else "",
        confidence=stored.confidence,
        quad=Quad.from_points(stored.quad) if stored.quad else None,
        state=FieldState(stored.state),
        problem=stored.problem,
    )


def _box(quad: Quad, page: Page) -> Box:
    return (
        max(0.0, quad.left / page.width),
        max(0.0, quad.top / page.height),
        min(1.0, quad.right / page.width),
        min(1.0, quad.bottom / page.height),
    )


def _owner(document: DocumentReading) -> str:
    """Whose a document is, in memory only: by its number where it was checked, else by its name."""
    number, name = document.field("id_number"), document.field("name")
    if number and number.state == FieldState.CHECKED:
        return number.value
    return name.value if name else (number.value if number else "")


def _leans(document: DocumentReading) -> bool:
    """The side of a card that names nobody."""
    return kinds()[document.kind].identity != Identity.PERSON and document.kind == "id_card_back"


def _fills(quad: Quad, page: Page, region: Box) -> bool:
    """Whether nearly all of a document lies in the region; one that the cut goes through is read anew."""
    box = _box(quad, page)
    across = min(box[2], region[2]) - max(box[0], region[0])
    down = min(box[3], region[3]) - max(box[1], region[1])
    size = (box[2] - box[0]) * (box[3] - box[1])
    return size > 0 and across > 0 and down > 0 and across * down >= NEARLY_ALL * size


def _lies_in(quad: Quad, page: Page, region: Box) -> bool:
    across, down = quad.centre[0] / page.width, quad.centre[1] / page.height
    return region[0] <= across < region[2] and region[1] <= down < region[3]


def _moved_document(document: DocumentReading, left: float, top: float) -> DocumentReading:
    return replace(
        document,
        confidence=round(document.confidence * UNSURE_OF_A_PIECE, 3),
        quad=_moved(document.quad, left, top),
        fields=tuple(_moved_field(field, left, top) for field in document.fields),
        rows=tuple(tuple(_moved_field(cell, left, top) for cell in row) for row in document.rows),
    )


def _moved_field(field: FieldReading, left: float, top: float) -> FieldReading:
    return replace(field, quad=_moved(field.quad, left, top)) if field.quad else field


def _moved(quad: Quad, left: float, top: float) -> Quad:
    points: list[Point] = [(x - left, y - top) for x, y in quad.points]
    return Quad.from_points(points)
