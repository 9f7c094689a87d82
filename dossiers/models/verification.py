"""What a person says stands on a page, beside what was read there: confirmed, corrected, or not to be made out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import DossierPage
from dossiers.models.ledger import Sheet
from foundation.secrets import EncryptedTextField

STATED_PURPOSE = "stated_value"
FOUND_BY_NUMBER = frozenset({"id_number", "certificate_no"})


class FieldStatement(models.Model):
    """One person's word on one value of one page. The reading stays as it was; a later word supersedes an earlier.

    `document`, `row` and `name` say which value, as readings count them (from 0; no row outside tables). An
    institution and its bureau speak side by side: `by_bureau` keeps their words apart.
    """

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("与读得一致")
        CORRECTED = "corrected", _("已更正")
        UNREADABLE = "unreadable", _("看不清")

    class Basis(models.TextChoices):
        READING = "reading", _("以读得为准")
        ROSTER = "roster", _("以名册为准")
        TYPED = "typed", _("手工输入")
        BULK = "bulk", _("成批确认")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="field_statements")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="field_statements")
    document = models.PositiveSmallIntegerField(default=0)
    row = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=40)
    value = EncryptedTextField(purpose=STATED_PURPOSE, blank=True)
    value_index = models.CharField(max_length=64, blank=True, db_index=True)  # of numbers people search by
    read_value = EncryptedTextField(purpose=STATED_PURPOSE, blank=True)  # what the reading said at that time
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    by_bureau = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["sheet", "superseded_at"], name="statements_of_sheet")]
        constraints = [
            models.UniqueConstraint(
                "sheet",
                "document",
                Coalesce("row", -1),
                "name",
                "by_bureau",
                name="one_word_on_a_value",
                condition=Q(superseded_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.verdict}"
