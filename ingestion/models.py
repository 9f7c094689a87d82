"""Evidence of the paper workshop: which upload became what, and what each page was read as.

All of it may be deleted and computed again; statements about a dossier stand in dossiers.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from dossiers.models import DossierPage, Enrolment, Session, Sheet, Upload
from foundation.models import Job, Quarantined
from foundation.secrets import EncryptedTextField, Masked, blind_index

LINES_PURPOSE = "page_lines"
VALUE_PURPOSE = "field_value"
FOUND_BY_NUMBER = frozenset({"id_number", "certificate_no"})


class Intake(models.Model):
    """One file on its way through the door: from quarantine to the upload it became, or why it did not."""

    quarantined = models.OneToOneField(Quarantined, on_delete=models.PROTECT, related_name="intake")
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="intakes")
    deposited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    target_item = models.CharField(max_length=60, blank=True)
    target_enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target_session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    upload = models.ForeignKey(
        Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="intakes"
    )
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_urgent = models.BooleanField(default=False)  # a photograph whose taker waits for the answer
    is_repeat = models.BooleanField(default=False)  # the same bytes were there already: `upload` is that one
    notes = models.JSONField(
        default=list
    )  # codes of foundation.content that tell something and do not refuse
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["begun_at", "id"]
        indexes = [models.Index(fields=["dossier", "upload"], name="intake_of_dossier")]

    def __str__(self) -> str:
        return str(self.quarantined_id)


class PageReading(models.Model):
    """What one engine read on one sheet. `lines` holds ID numbers and is encrypted; `masked_text` never does."""

    sheet = models.OneToOneField(Sheet, on_delete=models.CASCADE, related_name="reading")
    engine = models.CharField(max_length=40)
    engine_version = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    kind_confidence = models.FloatField(default=0)
    documents = models.JSONField(default=list)  # [{"kind", "confidence", "quad", "title", "part"}], one each
    engines = models.JSONField(default=list)  # names of all engines that were asked
    notes = models.JSONField(default=list)  # codes of what is to be said of the page as a whole
    picture_hash = models.CharField(max_length=64, blank=True, db_index=True)  # the upright page at a glance
    rotation = models.PositiveSmallIntegerField(default=0)  # degrees clockwise the upload stands turned
    skew = models.FloatField(default=0)  # degrees the view was straightened by
    lines = EncryptedTextField(purpose=LINES_PURPOSE, blank=True)
    masked_text = models.TextField(blank=True)
    cpu_seconds = models.FloatField(default=0)
    read_at = models.DateTimeField(default=timezone.now)

    @staticmethod
    def sealed_lines(lines: Iterable[dict[str, Any]]) -> Masked:
        """Lines as they are stored: {"text", "confidence", "quad": four points in pixels of the upload}."""
        return Masked.of(json.dumps(list(lines), ensure_ascii=False), purpose=LINES_PURPOSE)

    def open_lines(self) -> list[dict[str, Any]]:
        """The lines with their text, for marking words on the page; never print them unmasked."""
        return json.loads(self.lines.reveal()) if self.lines else []


class FieldReading(models.Model):
    """One value found on a page: masked like every number that could harm, with its place on the page."""

    class State(models.TextChoices):
        READ = "read"
        CHECKED = "checked"
        SUSPECT = "suspect"
        MALFORMED = "malformed"
        MISSING = "missing"

    reading = models.ForeignKey(PageReading, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(max_length=40)
    value = EncryptedTextField(purpose=VALUE_PURPOSE, blank=True)
    value_index = models.CharField(max_length=64, blank=True, db_index=True)  # of numbers people search by
    confidence = models.FloatField(default=0)
    quad = models.JSONField(null=True, blank=True)  # four points in pixels of the upload
    state = models.CharField(max_length=10, choices=State.choices, default=State.READ)
    problem = models.CharField(max_length=60, blank=True)  # code of what is wrong with it
    document = models.PositiveSmallIntegerField(default=0)  # which of the page's documents, from 0
    row = models.PositiveSmallIntegerField(null=True, blank=True)  # which line of its table, from 0

    class Meta:
        ordering = ["id"]

    @staticmethod
    def sealed(value: str) -> Masked | str:
        return Masked.of(value, purpose=VALUE_PURPOSE) if value else ""

    @staticmethod
    def index_of(name: str, value: str) -> str:
        """What a whole number is found by; empty for fields nobody searches by number."""
        return blind_index(value, name) if value and name in FOUND_BY_NUMBER else ""

    @property
    def plain(self) -> str:
        """The value of a field that is no ID number; an ID number stays masked."""
        if not self.value:
            return ""
        return str(self.value) if self.name == "id_number" else self.value.reveal_or_empty()
