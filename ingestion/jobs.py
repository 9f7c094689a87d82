"""Reading one upload, as a job: pages, words, places. One page is one segment, so a killed job goes on where it stood."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.actions import ledger
from dossiers.matching import Match
from dossiers.models import Filing, Sheet, Upload
from dossiers.sentences import Sentence
from foundation import wording
from foundation.blobs import store
from foundation.errors import JobFailed
from foundation.jobs import Run, job, work_first
from ingestion import filing, pieces, pipeline
from ingestion.engines import readers
from ingestion.kinds import OTHER
from ingestion.pages import PageOptions, UnreadableFile, opened_pages, thumbnail_of, view_of
from ingestion.pictures import keep_pictures, veil_name
from ingestion.pieces import READ_PIECES
from ingestion.reading import EngineFailed, PageResult
from ingestion.signals import page_read
from ingestion.snapshot import seen_in
from ingestion.twins import note_late_twins
from ingestion.veil import detail_for, veiled

READ = "read_upload"
PHOTO = "read_photo"
DRAW = "draw_upload"
STEPS = 3

wording.register(
    {
        "step:pages": _("取页"),
        "step:words": _("认字"),
        "step:places": _("归类"),
        "damaged_pdf": _(
            "%(file_name)s 的 PDF 结构损坏，没有取出页面。原件已留存；请重新导出或重新扫描后再传。"
        ),
        "damaged_picture": _(
            "%(file_name)s 的图片内容损坏，没有取出页面。原件已留存；请重新扫描或重新拍照后再传。"
        ),
        "engine_failed": _(
            "%(file_name)s 有页没有认成：认字程序出错。原件已留存；可以重试，也可以直接看图手工归件。"
        ),
        "too_slow": _("%(file_name)s 取页太久，已停止。原件已留存；请拆成几份后再传，或稍后重试。"),
        "parser_died": _("%(file_name)s 取页时读取程序中途退出。原件已留存；可以重试，或重新导出后再传。"),
    }
)


@job(DRAW, queue="paper", max_attempts=3, priority=10)
def draw_upload(run: Run, *, upload: str) -> None:
    """Pictures before words, of every file before any is read: people can look and file while the reader works.

    What cannot be drawn is left to the reading job, which says why.
    """
    paper = Upload.objects.select_related("blob").get(uuid=upload)
    if paper.withdrawn_at is not None:
        return
    try:
        with store().local_path(paper.blob.sha256) as path:
            _draw(run, paper, path)
    except UnreadableFile:
        return


@job(READ, queue="paper", max_attempts=3)
def read_upload(run: Run, *, upload: str) -> None:
    _read_upload(run, upload)


@job(PHOTO, queue="paper", max_attempts=3, priority=60, breaks_in=True)
def read_photo(run: Run, *, upload: str) -> None:
    """The same for one photograph whose taker stands waiting with the paper in her hand: before everything else."""
    _read_upload(run, upload)


def _read_upload(run: Run, upload: str) -> None:
    paper = Upload.objects.select_related("dossier__progress", "blob", "received_by").get(uuid=upload)
    if paper.withdrawn_at is not None:
        return
    label = readers(settings.OCR_ENGINE).label[:40]
    begun = timezone.now()
    try:
        with store().local_path(paper.blob.sha256) as path:
            if run.kind != PHOTO:
                _draw(run, paper, path)
            _read_or_draw(run, paper, path)
    except UnreadableFile as failure:
        ledger.note_unreadable(paper, engine=label, problem=failure.code)
        raise JobFailed(failure.code, file_name=paper.file_name) from failure
    except EngineFailed as failure:
        if run.attempt >= run.max_attempts:
            ledger.note_unreadable(paper, engine=label, problem="engine_failed")
        raise JobFailed("engine_failed", retry=True, file_name=paper.file_name) from failure
    run.progress(step="places", step_no=3, step_count=STEPS, done=paper.page_count, total=paper.page_count)
    _close(run, paper, label, begun)


def _read_or_draw(run: Run, paper: Upload, path: Path) -> None:
    """A photograph is drawn while it is read, to save a second; where no reading comes of it, it is drawn alone."""
    try:
        _read(run, paper, path)
    except EngineFailed:
        _draw(run, paper, path)
        raise


def _draw(run: Run, paper: Upload, path: Path) -> None:
    """Pictures of all pages as they lie, so that people see them while the words are still being read."""
    kept = store()
    sha256, total = paper.blob.sha256, paper.page_count
    sheets = {sheet.number: sheet for sheet in _pages_of(paper)}
    run.progress(step="pages", step_no=1, step_count=STEPS, done=0, total=total)
    if kept.has_derivative(sha256, veil_name(total)):
        return
    with opened_pages(path, PageOptions(most_pages=total)) as pictures:
        for picture in pictures:
            view, thumbnail = view_of(picture.image, 0), thumbnail_of(picture.image, 0)
            if picture.number in sheets:
                keep_pictures(kept, sheets[picture.number], view, thumbnail)
            run.progress(step="pages", step_no=1, step_count=STEPS, done=picture.number, total=total)


def _read(run: Run, paper: Upload, path: Path) -> None:
    sheets = {sheet.number: sheet for sheet in _pages_of(paper)}
    read = set(_pages_of(paper).filter(reading__isnull=False).values_list("number", flat=True))
    unread = {number: sheet for number, sheet in sheets.items() if number not in read}
    total = paper.page_count
    first = min(unread, default=total + 1)
    run.progress(step="words", step_no=2, step_count=STEPS, done=first - 1, total=total)
    of = filing.class_of(paper)
    previous = _placed_before(paper, first)
    if first <= total:
        previous = _read_from(run, paper, path, unread, of, previous, first)
    with transaction.atomic():
        run.fence()
        filing.close_paper(previous, of=of)


def _read_from(
    run: Run,
    paper: Upload,
    path: Path,
    unread: Mapping[int, Sheet],
    of: filing.Class,
    previous: filing.Placed | None,
    first: int,
) -> filing.Placed | None:
    """Page after page from the first that nobody has read; returns what the last one was placed as.

    A page that was read before keeps its reading, and its place among what people have arranged since.
    """
    total = paper.page_count
    pages, context = PageOptions(most_pages=total), _context(previous, first)
    for page in pipeline.read_each(path, settings.OCR_ENGINE, pages=pages, first=first, context=context):
        if page.page.number in unread:
            previous = _file(run, paper, unread[page.page.number], page, of, previous)
        else:
            previous = _placed_before(paper, page.page.number + 1)
        run.progress(step="words", step_no=2, step_count=STEPS, done=page.page.number, total=total)
        if run.kind != PHOTO:
            work_first()
    return previous


def _file(
    run: Run, paper: Upload, sheet: Sheet, page: PageResult, of: filing.Class, previous: filing.Placed | None
) -> filing.Placed:
    """One page: its upright pictures, then reading, proposal and index together or not at all."""
    if run.kind == PHOTO:
        page = replace(page, notes=(*page.notes, *seen_in(page.view)))
    keep_pictures(store(), sheet, page.view, page.thumbnail, veiled(page.thumbnail, detail_for(page)))
    with transaction.atomic():
        run.fence()
        placed = filing.file_page(sheet, page, of=of, previous=previous)
        page_read.send(sender=Sheet, sheet=sheet, text=sheet.reading.masked_text)
    return placed


def _pages_of(paper: Upload) -> QuerySet[Sheet]:
    """The pages of the file, whole; pieces are read by a job of their own."""
    return paper.sheets.filter(cut=0).select_related("upload__blob", "dossier")


def _placed_before(paper: Upload, first: int) -> filing.Placed | None:
    """What the page before the first unread one was proposed as, when a killed job goes on."""
    before = (
        Filing.objects.filter(
            places__sheet__upload=paper,
            places__sheet__number__lt=first,
            places__sheet__is_blank=False,
            state__in=(Filing.State.PROPOSED, Filing.State.FILED),
        )
        .select_related("enrolment")
        .order_by("-places__sheet__number", "-pk")
        .first()
    )
    if before is None or not before.item_id:
        return None
    found = Match(
        item_id=before.item_id,
        part=before.part or None,
        trainee_key=before.enrolment_id,
        confidence=before.confidence,
        reasons=tuple(Sentence(reason["code"], "") for reason in before.reasons),
        kind=before.kind or OTHER,
    )
    return filing.Placed(found, before)


def _context(previous: filing.Placed | None, first: int) -> tuple[int, ...]:
    """The page before, and the one on which the paper it belongs to began: what the next page may go on with."""
    if first == 1:
        return ()
    paper = previous.filing if previous else None
    begun = paper.places.order_by("position").first() if paper else None
    return tuple(sorted({first - 1, begun.sheet.number if begun else first - 1}))


@job(READ_PIECES, queue="paper", max_attempts=3, priority=20)
def read_cut_pieces(run: Run, *, upload: str, page: str) -> None:
    """The pieces of a page that was cut by hand, each read from the original as a page of its own."""
    sheet = Sheet.objects.select_related("upload__blob").get(uuid=page, upload__uuid=upload)
    waiting = pieces.unread_pieces(sheet)
    for number, piece in enumerate(waiting, 1):
        run.progress(step="words", step_no=1, step_count=1, done=number - 1, total=len(waiting))
        try:
            found = pieces.read_piece(piece)
        except UnreadableFile as failure:
            raise JobFailed(failure.code, file_name=sheet.upload.file_name) from failure
        except EngineFailed as failure:
            raise JobFailed("engine_failed", retry=True, file_name=sheet.upload.file_name) from failure
        with transaction.atomic():
            run.fence()
            pieces.file_piece(piece, found)


def _close(run: Run, paper: Upload, label: str, begun: datetime) -> None:
    """Once an upload: what other workers read meanwhile is looked at for the same pages; the log says it was read."""
    note_late_twins(paper, since=begun)
    placed = (
        Filing.objects.filter(places__sheet__upload=paper)
        .exclude(item_id="")
        .values("places__sheet")
        .distinct()
    )
    with transaction.atomic():
        run.fence()
        now = Upload.objects.select_for_update().get(pk=paper.pk)
        if now.state in (Upload.State.RECEIVED, Upload.State.UNREADABLE):
            unread = paper.sheets.filter(reading__isnull=True).count()
            ledger.note_read(paper, engine=label, proposed=placed.count(), unread=unread)
