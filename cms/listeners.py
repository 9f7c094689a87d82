"""Whom the front listens to: a page that was read is indexed in the same transaction."""

from django.dispatch import receiver

from cms.search import index_sheet
from dossiers.models import Sheet
from ingestion.signals import page_read


@receiver(page_read, dispatch_uid="index a read page")
def index_what_was_read(sheet: Sheet, text: str, **_sent: object) -> None:
    """The words of the page, for the search."""
    index_sheet(sheet, text)
