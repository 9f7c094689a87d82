"""One filed paper as a searchable PDF: made when somebody asks, kept beside the original of its first page.

What it is made of is part of its name: another page, another turn, another reading make another PDF.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from dossiers.models import Filing, FilingSheet, Sheet, Upload
from foundation.blobs import store
from foundation.errors import JobFailed
from foundation.jobs import Run, job
from ingestion.models import PageReading
from ingestion.pages import UnreadableFile
from ingestion.reading import PageResult, Quad
from ingestion.stored import page_again
from ingestion.text_layer import WHOLE, LayerPage, searchable

SEARCHABLE = "make_searchable"
EDITION = 1  # another layout of the PDF: another number
ID_NUMBER = "id_number"


@dataclass(frozen=True)
class Layered:
    """Where the PDF of a paper lies, or will lie."""

    sha256: str
    name: str

    @property
    def is_made(self) -> bool:
        return store().has_derivative(self.sha256, self.name)


def layered(filing: Filing) -> Layered | None:
    """None for a recording, and for a paper without pages."""
    places = places_of(filing)
    if not places or any(place.sheet.upload.medium != Upload.Medium.PAPER for place in places):
        return None
    facts = [EDITION, *(_facts(place.sheet) for place in places)]
    digest = hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()[:24]
    return Layered(places[0].sheet.upload.blob.sha256, f"searchable-{digest}.pdf")


def places_of(filing: Filing) -> list[FilingSheet]:
    """The pages of the paper in their order, with what is asked of them."""
    return list(filing.places.select_related("sheet__upload__blob", "sheet__reading").order_by("position"))


def pages_being_read(filing: Filing) -> int:
    """How many pages still wait for their words: a PDF made now could not be searched for them."""
    waiting = filing.places.filter(
        sheet__upload__state=Upload.State.RECEIVED, sheet__reading__isnull=True, sheet__is_blank=False
    )
    return waiting.count()


@job(SEARCHABLE, queue="paper", max_attempts=2, priority=10, breaks_in=True)
def make_searchable(run: Run, *, filing: str) -> None:
    paper = Filing.objects.get(uuid=filing)
    wanted = layered(paper)
    if wanted is None or wanted.is_made:
        return
    sheets = [place.sheet for place in places_of(paper)]
    try:
        with ExitStack() as opened, searchable(_pages(sheets, opened)) as made:
            run.fence()
            store().put_derivative(wanted.sha256, wanted.name, made)
    except UnreadableFile as failure:
        raise JobFailed(failure.code, file_name=sheets[0].upload.file_name) from failure


def _facts(sheet: Sheet) -> list[object]:
    """All that a page of the PDF depends on."""
    reading = _reading(sheet)
    return [
        sheet.upload.blob.sha256,
        sheet.number,
        sheet.region,
        sheet.turn,
        (reading.read_at.isoformat(), reading.rotation) if reading else None,
    ]


def _pages(sheets: Sequence[Sheet], opened: ExitStack) -> list[LayerPage]:
    paths: dict[str, Path] = {}
    for sheet in sheets:
        sha256 = sheet.upload.blob.sha256
        if sha256 not in paths:
            paths[sha256] = opened.enter_context(store().local_path(sha256))
    return [_page(sheet, paths[sheet.upload.blob.sha256]) for sheet in sheets]


def _page(sheet: Sheet, path: Path) -> LayerPage:
    """A person's turn of the view goes on top of what the reading found."""
    reading, region = _reading(sheet), tuple(sheet.region) if sheet.region else WHOLE
    if reading is None:
        return LayerPage(path, sheet.number, rotation=-sheet.turn % 360, region=region)
    page = page_again(reading)
    return LayerPage(
        path,
        sheet.number,
        sheet.width,
        sheet.height,
        rotation=(reading.rotation - sheet.turn) % 360,
        region=region,
        lines=page.lines,
        numbers=tuple(_numbers(page)),
    )


def _numbers(page: PageResult) -> Iterator[Quad]:
    """Where ID numbers were read, in fields and in rows."""
    for document in page.documents:
        for field in (*document.fields, *(cell for row in document.rows for cell in row)):
            if field.name.endswith(ID_NUMBER) and field.quad is not None:
                yield field.quad


def _reading(sheet: Sheet) -> PageReading | None:
    return getattr(sheet, "reading", None)
