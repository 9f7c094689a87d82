"""From a file to what its pages are and say: pages, engine, recognition, fields. Sees no dossier, writes nothing."""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import numpy as np

from ingestion.attempts import Attempt, accurately, enlarged, prepared, sound_lines, words_of
from ingestion.choice import Draft, completed, doubts, lacks_what_matters, settled
from ingestion.cleaning import cleaned
from ingestion.documents import read_document
from ingestion.engines import AUTO, Readers, readers, sees
from ingestion.page_notes import BLANK, notes_on
from ingestion.pages import PageOptions, PagePicture, UnreadableFile, opened_pages, thumbnail_of, view_of
from ingestion.printed import DIFFERS as TEXT_LAYER_DIFFERS
from ingestion.printed import ENGINE as PDF_TEXT
from ingestion.printed import NOT_WHAT_IS_SEEN, Verdict, held_against_ink, printed_page
from ingestion.reading import (
    DocumentReading,
    FieldReading,
    Image,
    OcrEngine,
    OcrOptions,
    Page,
    PageResult,
    Quad,
    Recognition,
)
from ingestion.recognition import recognise
from ingestion.second_look import looked_again
from ingestion.upright import UprightPage, ink_share

INK_OF_A_BLANK_PAGE = 0.0004
OCR_DEFAULTS = OcrOptions()
PAGE_DEFAULTS = PageOptions()


@dataclass(frozen=True)
class Desk:
    """Who reads, how, and the kind of the page before: what each page of one file is read with."""

    readers: Readers
    options: OcrOptions
    previous: Recognition | None = None


def read(
    path: Path,
    reader: OcrEngine | str = AUTO,
    options: OcrOptions = OCR_DEFAULTS,
    pages: PageOptions = PAGE_DEFAULTS,
) -> tuple[PageResult, ...]:
    """Every page of the file. Raises ingestion.pages.UnreadableFile, with a code, for a file without pages."""
    return tuple(read_each(path, reader, options, pages))


def read_each(
    path: Path,
    reader: OcrEngine | str = AUTO,
    options: OcrOptions = OCR_DEFAULTS,
    pages: PageOptions = PAGE_DEFAULTS,
    *,
    first: int = 1,
    context: Collection[int] = (),
) -> Iterator[PageResult]:
    """The same page by page, so that a job can tell how far it is (`page.number` of `page_count`).

    A job that goes on where another stopped names the `first` page to read, and as `context` the earlier pages that
    it may go on with: they are read once more, and not told of.
    """
    desk = Desk(readers(reader), options)
    with opened_pages(path, pages) as pictures:
        for picture in pictures:
            if picture.number < first and picture.number not in context:
                continue
            result, previous = _read_page(picture, desk)
            desk = replace(desk, previous=previous)
            if picture.number >= first:
                yield result


def read_region(
    path: Path,
    number: int,
    region: tuple[float, float, float, float],
    reader: OcrEngine | str = AUTO,
    options: OcrOptions = OCR_DEFAULTS,
    pages: PageOptions = PAGE_DEFAULTS,
) -> PageResult:
    """One region of a page, read as if it were a page of its own; all places are pixels of the region.

    `region` is left, top, right, bottom as fractions of the page as uploaded.
    """
    desk = Desk(readers(reader), options)
    with opened_pages(path, pages) as pictures:
        for picture in pictures:
            if picture.number == number:
                return _read_page(_region_of(picture, region), desk)[0]
    raise UnreadableFile("parser_died")


def _region_of(picture: PagePicture, region: tuple[float, float, float, float]) -> PagePicture:
    height, width = picture.image.shape[:2]
    left, top, right, bottom = region
    rows = slice(round(top * height), max(round(top * height) + 1, round(bottom * height)))
    columns = slice(round(left * width), max(round(left * width) + 1, round(right * width)))
    return replace(
        picture,
        image=np.ascontiguousarray(picture.image[rows, columns]),
        width=max(1, round((right - left) * picture.width)),
        height=max(1, round((bottom - top) * picture.height)),
        codes=(),
        printed=None,
    )


def _read_page(picture: PagePicture, desk: Desk) -> tuple[PageResult, Recognition | None]:
    started = _cpu_seconds() - picture.cpu_seconds
    if ink_share(picture.image) < INK_OF_A_BLANK_PAGE:
        return _blank(picture, desk.readers.first, started), desk.previous
    laid = prepared(picture)
    if laid.is_flat and ink_share(laid.image) < INK_OF_A_BLANK_PAGE:
        return _blank(picture, desk.readers.first, started), desk.previous
    sheet, found = _read_sheet(picture, laid, desk)
    upright = sheet.upright
    result = PageResult(
        page=_page(picture, upright.rotation),
        page_count=picture.count,
        documents=tuple(_on_upload(document, upright) for document in sheet.draft.documents),
        lines=tuple(upright.line_on_upload(line) for line in sheet.draft.lines),
        engine=sheet.draft.engine,
        engine_version=sheet.draft.version,
        engines=sheet.spoke,
        notes=(*sheet.notes, *notes_on(sheet.draft.lines, sheet.draft.documents, seen=sees(desk.readers))),
        codes=picture.codes,
        cpu_seconds=0.0,
        follows_previous=found.follows_previous,
        view=view_of(picture.image, upright.rotation),
        thumbnail=thumbnail_of(picture.image, upright.rotation),
    )
    return replace(result, cpu_seconds=round(_cpu_seconds() - started, 3)), found


@dataclass(frozen=True)
class Sheet:
    """A page read to the end: how it was laid, what is held of it, who spoke, what is to be said of it."""

    upright: UprightPage
    draft: Draft
    spoke: tuple[str, ...]
    notes: tuple[str, ...] = ()


def _read_sheet(picture: PagePicture, laid: UprightPage, desk: Desk) -> tuple[Sheet, Recognition]:
    """A PDF's own words where the ink says the same; else what the engines read, the accurate one in doubt."""
    own, notes = _own_words(picture, desk)
    if own is not None:
        draft, found = _drafted(own, PDF_TEXT, metadata.version("pymupdf"), picture, desk)
        return Sheet(own.upright, draft, (PDF_TEXT,)), found
    reader = desk.readers.first
    first = words_of(picture, laid, reader, desk.options)
    draft, found = _drafted(first, reader.name, reader.version, picture, desk)
    sheet = Sheet(first.upright, draft, (reader.name,), (*notes, *first.notes))
    accurate = desk.readers.in_doubt
    if accurate is None:
        return sheet, found
    if doubts(draft):
        return _read_again(picture, sheet, found, desk, accurate)
    return _numbers_seen_twice(sheet, desk, accurate), found


def _numbers_seen_twice(sheet: Sheet, desk: Desk, accurate: OcrEngine) -> Sheet:
    """The fast reading suffices; only numbers without a check of their own are looked at by a second engine."""
    read = sheet.draft.documents
    image, options = sheet.upright.image, accurately(desk.options)
    documents = tuple(looked_again(each, image, accurate, options) for each in read)
    if documents == read:
        return sheet
    return replace(
        sheet, draft=replace(sheet.draft, documents=documents), spoke=(*sheet.spoke, accurate.name)
    )


def _own_words(picture: PagePicture, desk: Desk) -> tuple[Attempt | None, tuple[str, ...]]:
    """The text that a PDF page carries, where it is what stands on the page; a note where it is not."""
    if picture.printed is None:
        return None, (TEXT_LAYER_DIFFERS,) if picture.passed_over in NOT_WHAT_IS_SEEN else ()
    own = printed_page(picture.printed, picture.image, picture.to_upload)
    verdict = held_against_ink(own, *_most_accurate(desk))
    if verdict == Verdict.SAME:
        return Attempt(own.upright, own.in_order), ()
    return None, (TEXT_LAYER_DIFFERS,) if verdict == Verdict.DIFFERS else ()


def _most_accurate(desk: Desk) -> tuple[OcrEngine, OcrOptions]:
    if desk.readers.in_doubt is None:
        return desk.readers.first, desk.options
    return desk.readers.in_doubt, accurately(desk.options)


def _read_again(
    picture: PagePicture, sheet: Sheet, found: Recognition, desk: Desk, accurate: OcrEngine
) -> tuple[Sheet, Recognition]:
    """The whole page by the accurate engine; cleaned too, where it is not said whose it is; then value by value."""
    image, options = sheet.upright.image, accurately(desk.options)
    draft, also_found = _draft_by(accurate, image, sheet.upright, picture, desk)
    better = settled(sheet.draft, draft)
    if lacks_what_matters(better):
        better = completed(better, _draft_by(accurate, cleaned(image), sheet.upright, picture, desk)[0])
    documents = tuple(looked_again(document, image, accurate, options) for document in better.documents)
    spoke = (*sheet.spoke, accurate.name)
    read = replace(sheet, draft=replace(better, documents=documents), spoke=spoke)
    return read, also_found if better.engine == accurate.name else found


def _draft_by(
    reader: OcrEngine, image: Image, upright: UprightPage, picture: PagePicture, desk: Desk
) -> tuple[Draft, Recognition]:
    """`image` is the upright page itself, or the same page cleaned; small print is read enlarged."""
    large, factor = enlarged(image)
    lines = sound_lines(reader.read(large, accurately(desk.options)))
    words = Attempt(upright, tuple(replace(line, quad=line.quad.scaled(1 / factor)) for line in lines))
    return _drafted(words, reader.name, reader.version, picture, desk)


def _drafted(
    words: Attempt, name: str, version: str, picture: PagePicture, desk: Desk
) -> tuple[Draft, Recognition]:
    """Kinds and values of the page by these words; the first document is what a page after it may follow."""
    image = words.upright.image
    height, width = image.shape[:2]
    found = recognise(words.lines, height=height, width=width, previous=desk.previous, codes=picture.codes)
    documents = tuple(read_document(document, image) for document in found)
    return Draft(name, version, words.lines, documents), found[0]


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
        notes=(BLANK,),
        engines=(reader.name,),
        view=view_of(picture.image, 0),
        thumbnail=thumbnail_of(picture.image, 0),
    )


def _page(picture: PagePicture, rotation: int) -> Page:
    return Page(picture.number, picture.width, picture.height, rotation)


def _on_upload(document: DocumentReading, upright: UprightPage) -> DocumentReading:
    """The same document in pixels of the upload."""
    return replace(
        document,
        quad=upright.on_upload(document.quad),
        fields=_fields_on_upload(document.fields, upright),
        rows=tuple(_fields_on_upload(row, upright) for row in document.rows),
    )


def _fields_on_upload(fields: Sequence[FieldReading], upright: UprightPage) -> tuple[FieldReading, ...]:
    return tuple(
        replace(reading, quad=upright.on_upload(reading.quad)) if reading.quad else reading
        for reading in fields
    )
