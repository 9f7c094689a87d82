"""What the front keeps: the words of read pages, as the search finds them."""

from django.db import models
from wagtail.search import index

from dossiers.models import DossierPage, Sheet


class SearchText(index.Indexed, models.Model):
    """One page's words: `tokens` are what is indexed, `text` is what a hit shows; neither holds an ID number.

    Written by `cms.search` when a page was read; it can be thrown away and written again from the readings.
    """

    sheet = models.OneToOneField(Sheet, on_delete=models.CASCADE, related_name="search_text")
    dossier = models.ForeignKey(DossierPage, on_delete=models.CASCADE, related_name="+")
    tokens = models.TextField(blank=True)
    text = models.TextField(blank=True)

    search_auto_update = False  # the read job indexes, in its own transaction
    search_fields = [
        index.SearchField("tokens"),
        index.FilterField("sheet"),
        index.FilterField("dossier"),
    ]

    def __str__(self) -> str:
        return str(self.sheet_id)
