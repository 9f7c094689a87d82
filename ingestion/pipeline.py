"""From a file to what its pages are and say: pages, engine, recognition, fields. Sees no dossier, writes nothing."""

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from ingestion.documents import read_document
from ingestion.engines import ACCURATE, engine
from ingestion.pages import PageOptions, PagePicture, opened_pages, thumbnail_of, view_of
from ingestion.printed import DIFFERS as TEXT_LAYER_DIFFERS
from ingestion.printed import ENGINE as PDF_TEXT
from ingestion.printed import NOT_WHAT_IS_SEEN, Verdict, held_against_ink, printed_page
from ingestion.reading import (
    DocumentReading,
    FieldReading,
    Line,
    OcrEngine,
    OcrOptions,
    Page,
    PageResult,
    Quad,
    Recognition,
)
from ingestion.recognition import recognise
from ingestion.upright import UprightPage, ink_share, made_upright

INK_OF_A_BLANK_PAGE = 0.0004
SURE_WORDS = 0.85
OCR_DEFAULTS = OcrOptions()
PAGE_DEFAULTS = PageOptions()


def read(
    path: Path,
    reader: OcrEngine | str = ACCURATE,
    options: OcrOptions = OCR_DEFAULTS,
    pages: PageOptions = PAGE_DEFAULTS,
) -> tuple[PageResult, ...]:
    """Every page of the file. Raises ingestion.pages.UnreadableFile, with a code, for a file without pages."""
    return tuple(read_each(path, reader, options, pages))


def read_each(
    path: Path,
    reader: OcrEngine | str = ACCURATE,
    options: OcrOptions = OCR_DEFAULTS,
    pages: PageOptions = PAGE_DEFAULTS,
    *,
    first: int = 1,
) -> Iterator[PageResult]:
    """The same page by page, so that a job can tell how far it is (`page.number` of `page_count`).

    A job that goes on where another stopped names the `first` page to read.
    """
    chosen = engine(reader) if isinstance(reader, str) else reader
    previous: Recognition | None = None
    with opened_pages(path, pages) as pictures:
        for picture in pictures:
            if picture.number < first:
                continue
            result, previous = _read_page(picture, chosen, options, previous)
            yield result


def _read_page(
    picture: PagePicture, reader: OcrEngine, options: OcrOptions, previous: Recognition | None
) -> tuple[PageResult, Recognition | None]:
    started = _cpu_seconds() - picture.cpu_seconds
    if ink_share(picture.image) < INK_OF_A_BLANK_PAGE:
        return _blank(picture, reader, started), previous
    upright, lines, spoke, version, notes = _words(picture, reader, options)
    height, width = upright.image.shape[:2]
    found = recognise(lines, height=height, width=width, previous=previous, codes=picture.codes)
    result = PageResult(
        page=_page(picture, upright.rotation),
        page_count=picture.count,
        documents=tuple(_document(document, upright) for document in found),
        lines=tuple(upright.line_on_upload(line) for line in lines),
        engine=spoke,
        engine_version=version,
        engines=(spoke,),
        notes=notes,
        codes=picture.codes,
        cpu_seconds=0.0,
        follows_previous=found[0].follows_previous,
        view=view_of(picture.image, upright.rotation),
        thumbnail=thumbnail_of(picture.image, upright.rotation),
    )
    return replace(result, cpu_seconds=round(_cpu_seconds() - started, 3)), found[0]


def _words(
    picture: PagePicture, reader: OcrEngine, options: OcrOptions
) -> tuple[UprightPage, tuple[Line, ...], str, str, tuple[str, ...]]:
    """The page upright, its lines, whose they are, notes: a PDF's own where the ink says the same, else the engine's."""
    notes = (TEXT_LAYER_DIFFERS,) if picture.passed_over in NOT_WHAT_IS_SEEN else ()
    if picture.printed is not None:
        own = printed_page(picture.printed, picture.image, picture.to_upload)
        verdict = held_against_ink(own, reader, options)
        if verdict == Verdict.SAME:
            return own.upright, own.in_order, PDF_TEXT, metadata.version("pymupdf"), ()
        notes = (TEXT_LAYER_DIFFERS,) if verdict == Verdict.DIFFERS else ()
    return *_read_upright(picture, reader, options), reader.name, reader.version, notes


def _read_upright(
    picture: PagePicture, reader: OcrEngine, options: OcrOptions
) -> tuple[UprightPage, tuple[Line, ...]]:
    """The page as the small model turns it; where the words come out doubtful, also the other way up.

    On pages of rules and figures the model takes head for foot now and then. An engine's own doubt tells: words
    upside down came out at 0.57 to 0.74, upright ones at 0.95 and more (ordinary wear).
    """
    upright = made_upright(picture.image, to_upload=picture.to_upload)
    lines = sound_lines(reader.read(upright.image, options))
    if not lines or surety(lines) >= SURE_WORDS:
        return upright, lines
    over = (upright.rotation + 180) % 360
    turned = made_upright(picture.image, to_upload=picture.to_upload, rotation=over)
    others = sound_lines(reader.read(turned.image, options))
    return (turned, others) if surety(others) > surety(lines) else (upright, lines)


def surety(lines: Sequence[Line]) -> float:
    """The engine's confidence over all characters of a page, 0 to 1; 0 where there are none."""
    characters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / characters if characters else 0.0


def sound_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What an engine returned without empty texts and impossible places, confidence within 0 and 1."""
    return tuple(
        replace(line, confidence=min(1.0, max(0.0, line.confidence)))
        for line in lines
        if line.text.strip() and math.isfinite(line.confidence) and _is_a_place(line.quad)
    )


def _is_a_place(quad: Quad) -> bool:
    finite = all(math.isfinite(edge) for point in quad.points for edge in point)
    return finite and quad.width > 0 and quad.height > 0


def _cpu_seconds() -> float:
    """Of this process and of the programs it has called and seen end."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _blank(picture: PagePicture, reader: OcrEngine, started: float) -> PageResult:
    """An empty reverse: nothing was read, and nothing is claimed."""
    whole = Quad.from_box(0, 0, picture.width, picture.height)
    return PageResult(
        page=_page(picture, 0),
        page_count=picture.count,
        documents=(DocumentReading("other", 0.0, whole),),
        lines=(),
        engine=reader.name,
        engine_version=reader.version,
        cpu_seconds=round(_cpu_seconds() - started, 3),
        blank=True,
        view=view_of(picture.image, 0),
        thumbnail=thumbnail_of(picture.image, 0),
    )


def _page(picture: PagePicture, rotation: int) -> Page:
    return Page(picture.number, picture.width, picture.height, rotation)


def _document(found: Recognition, upright: UprightPage) -> DocumentReading:
    """All that the document says, in pixels of the upload."""
    read = read_document(found, upright.image)
    return replace(
        read,
        quad=upright.on_upload(read.quad),
        fields=_on_upload(read.fields, upright),
        rows=tuple(_on_upload(row, upright) for row in read.rows),
    )


def _on_upload(fields: Sequence[FieldReading], upright: UprightPage) -> tuple[FieldReading, ...]:
    return tuple(
        replace(reading, quad=upright.on_upload(reading.quad)) if reading.quad else reading
        for reading in fields
    )
