"""What was read, as JSON for other programs: one object a page, described in docs/extract.md."""

from collections.abc import Iterable
from typing import Any

from ingestion.kinds import OTHER, kind, kinds
from ingestion.reading import DocumentReading, FieldReading, Line, PageResult

BOTH = ""  # no ledger is named
SAYS_NOTHING = frozenset({"blank", "no_text"})  # notes of ingestion.page_notes


def page_object(file: str, page: PageResult, *, ledger: str = BOTH, more: bool = False) -> dict[str, Any]:
    """One page as integrators get it. Quads are four points in pixels of the upload, `page` counts from 1.

    `more` adds what the page as a whole is to be told of, its codes, and what is wrong with a value.
    """
    told: dict[str, Any] = {
        "file": file,
        "page": page.page.number,
        "width": page.page.width,
        "height": page.page.height,
        "rotation": page.page.rotation,
        "documents": [
            _document(document, ledger, more) for document in page.documents if _is_there(document, page)
        ],
        "lines": [_line(line) for line in page.lines],
        "engines": list(page.engines or (page.engine,)),
        "cpu_seconds": page.cpu_seconds,
    }
    if more:
        told["blank"] = page.blank
        told["notes"] = list(page.notes)
        told["codes"] = [{"payload": code.payload, "quad": code.quad.as_list()} for code in page.codes]
    return told


def _is_there(document: DocumentReading, page: PageResult) -> bool:
    """A page on which nothing is written bears no document, not even an unknown one."""
    return document.kind != OTHER or bool(page.lines and not SAYS_NOTHING.intersection(page.notes))


def _document(document: DocumentReading, ledger: str, more: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": document.kind,
        "item": item_of(document.kind, ledger),
        "confidence": round(document.confidence, 3),
        "quad": document.quad.as_list(),
        "fields": {field.name: _field(field, more) for field in _first_of_each(document.fields)},
        "rows": [{cell.name: cell.value for cell in _first_of_each(row)} for row in document.rows],
        "title": document.title,
    }
    if more:
        told["part"] = document.part
        told["row_cells"] = [
            {cell.name: _field(cell, more) for cell in _first_of_each(row)} for row in document.rows
        ]
    return told


def unreadable_object(file: str, *, code: str, message: str) -> dict[str, Any]:
    """In place of the pages of a file that could not be read, or of those behind the one where reading stopped."""
    return {"file": file, "error": {"code": code, "message": message}}


def item_of(kind_id: str, ledger: str = BOTH) -> str | None:
    """The stable id of the item that this kind answers in `ledger`; None where it answers none.

    Where no ledger is named, the first that the table of kinds names speaks: only a labour contract and an invoice
    are called differently in the other.
    """
    items = kind(kind_id).items
    return items.get(ledger) if ledger else next(iter(items.values()), None)


def ledgers() -> tuple[str, ...]:
    """The ledgers that the table of kinds knows, by name."""
    return tuple(sorted({ledger for row in kinds().values() for ledger in row.items}))


def _field(field: FieldReading, more: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "value": field.value,
        "confidence": round(field.confidence, 3),
        "quad": field.quad.as_list() if field.quad else None,
        "state": field.state.value,
    }
    return told | {"problem": field.problem} if more else told


def _first_of_each(fields: Iterable[FieldReading]) -> Iterable[FieldReading]:
    """A name once: a second reading of it never replaces the first in silence."""
    seen = set()
    for field in fields:
        if field.name not in seen:
            seen.add(field.name)
            yield field


def _line(line: Line) -> dict[str, Any]:
    return {"text": line.text, "confidence": round(line.confidence, 3), "quad": line.quad.as_list()}
