"""Whom the front listens to, and what it hands in: what was read, in pages or on slides, is indexed with its reading."""

from django.dispatch import receiver

from cms.reading_recordings import who_reads
from cms.search import index_sheet
from dossiers.models import Sheet
from ingestion.signals import page_read
from media_processing import readers
from media_processing.models import IndexedRecording
from media_processing.signals import recording_index_made

readers.hand_in(who_reads)


@receiver(page_read, dispatch_uid="index a read page")
def index_what_was_read(sheet: Sheet, text: str, **_sent: object) -> None:
    """The words of the page, for the search."""
    index_sheet(sheet, text)


@receiver(recording_index_made, dispatch_uid="index the slides of a recording")
def index_slides(indexed: IndexedRecording, **_sent: object) -> None:
    """The words on its slides, for the search; which second they stand at is asked of the slides."""
    text = "\n\n".join(slide.text for slide in indexed.slides.all() if slide.text)
    sheet = Sheet.objects.filter(upload_id=indexed.upload_id).order_by("number").first()
    if sheet is not None:
        index_sheet(sheet, text)
