"""Pieces of a cut page get evidence, pictures and suggestions of their own; a page put together gets its own back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction

from dossiers.actions.papers import Suggestion
from dossiers.cutting import Box, pieces_of
from dossiers.models import Sheet
from foundation.blobs import store
from foundation.jobs import enqueue
from ingestion import filing
from ingestion.models import PageReading
from ingestion.pictures import drawn, keep_pictures, piece_mark, thumbnail_name
from ingestion.pipeline import read_region
from ingestion.reading import PageResult
from ingestion.signals import page_read
from ingestion.stored import page_again, papers_on, piece_of, reading_of
from ingestion.targets import Aim
from ingestion.veil import detail_for, veiled

READ_PIECES = "read_pieces"


def proposed_pieces(sheet: Sheet) -> tuple[Box, ...]:
    """Where the reading would cut this page, one piece a person; empty where it saw one paper or read nothing."""
    reading = reading_of(sheet)
    if reading is None or sheet.cut or len(reading.documents) < 2:
        return ()
    return pieces_of(papers_on(page_again(reading)))


def read_pieces(page: Sheet, pieces: Sequence[Sheet]) -> None:
    """What was read on the page goes to the piece it stands on; a piece with nothing known on it is read anew."""
    reading = reading_of(page)
    whole = page_again(reading) if reading is not None else None
    of = filing.class_of(page.upload)
    for piece in pieces:
        found = piece_of(whole, _region(piece)) if whole is not None else None
        if found is not None:
            _file(piece, replace(found, thumbnail=_thumbnail(piece)), of)
    page_read.send(sender=Sheet, sheet=page, text="")
    if any(
        not hasattr(piece, "reading") for piece in Sheet.objects.filter(pk__in=[one.pk for one in pieces])
    ):
        enqueue(READ_PIECES, subject=str(page.dossier.uuid), upload=page.upload.uuid, page=page.uuid)


def unread_pieces(page: Sheet) -> list[Sheet]:
    """The pieces of a page that nobody has read; none once the page was put together again."""
    if page.state != Sheet.State.CUT:
        return []
    waiting = page.pieces.filter(reading=None).exclude(state=Sheet.State.WITHDRAWN)
    return list(waiting.select_related("upload__blob", "dossier").order_by("cut"))


def read_piece(piece: Sheet) -> PageResult:
    """The piece, read from the original as a page of its own; its pictures are those of this reading."""
    sha256 = piece.upload.blob.sha256
    with store().local_path(sha256) as path:
        page = read_region(path, piece.number, _region(piece), settings.OCR_ENGINE)
    keep_pictures(store(), piece, page.view, page.thumbnail, veiled(page.thumbnail, detail_for(page)))
    return page


def file_piece(piece: Sheet, page: PageResult) -> None:
    """Keep what was read on a piece and propose its place; the caller holds the transaction."""
    _file(piece, page, filing.class_of(piece.upload))


def put_together(page: Sheet) -> None:
    """The words of a page put together are found on it again, no longer on its pieces."""
    for piece in page.pieces.all():
        page_read.send(sender=Sheet, sheet=piece, text="")
    reading = reading_of(page)
    if reading is not None:
        page_read.send(sender=Sheet, sheet=page, text=reading.masked_text)


def suggestions_for(sheets: Iterable[Sheet], *, aim: Aim | None = None) -> dict[str, Suggestion]:
    """What each sheet that was read would be suggested as, lying for itself, by its UUID; `aim` says where it should go.

    The upload, its dossier and its receiver must be joined.
    """
    by_pk = {sheet.pk: sheet for sheet in sheets}
    classes: dict[int, filing.Class] = {}
    found: dict[str, Suggestion] = {}
    for reading in PageReading.objects.filter(sheet__in=by_pk).prefetch_related("fields"):
        reading.sheet = sheet = by_pk[reading.sheet_id]
        if sheet.upload_id not in classes:
            classes[sheet.upload_id] = filing.class_of(sheet.upload)
        of = classes[sheet.upload_id] if aim is None else replace(classes[sheet.upload_id], aim=aim)
        found[str(sheet.uuid)] = filing.suggestion_of(page_again(reading), of=of)
    return found


def _file(piece: Sheet, page: PageResult, of: filing.Class) -> None:
    with transaction.atomic():
        filing.file_page(piece, page, of=of, previous=None)
        page_read.send(sender=Sheet, sheet=piece, text=piece.reading.masked_text)


def _region(piece: Sheet) -> Box:
    left, top, right, bottom = piece.region
    return left, top, right, bottom


def _thumbnail(piece: Sheet) -> bytes:
    if not drawn(store(), piece):
        return b""
    with store().open_derivative(
        piece.upload.blob.sha256, thumbnail_name(piece.number, piece_mark(piece))
    ) as picture:
        return picture.read()
