"""Verdicts: what a reviewer ticked, excused or returned, bound to the bytes she saw."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import DossierPage
from dossiers.models.ledger import Filing, Sheet


class ItemRecord(models.Model):
    """One ledger item of one dossier under review; `version` lets one of two reviewers win."""

    class Verdict(models.TextChoices):
        NONE = "none", _("未核")
        TICKED = "ticked", _("已核")
        RETURNED = "returned", _("退回")

    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="items")
    item_id = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.NONE)
    sha256 = models.CharField(max_length=64, blank=True)  # digest of the filings the verdict was given on
    verdict_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(
        null=True, blank=True
    )  # a new version of the papers voided the last verdict

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "item_id"], name="item_once_a_dossier")]


class PointVerdict(models.Model):
    """One point of an item's checklist, as a person judged it on given bytes; kept when voided."""

    class Verdict(models.TextChoices):
        TICKED = "ticked", _("已核")
        EXCUSED = "excused", _("免核")
        RETURNED = "returned", _("退回")

    record = models.ForeignKey(ItemRecord, on_delete=models.PROTECT, related_name="points")
    point_id = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)  # digest of the filings the point is about, as they were seen
    pages = models.JSONField(default=list)  # dossiers.digests.page_mark of each page of these
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "point_id"],
                name="one_live_verdict_a_point",
                condition=models.Q(voided_at__isnull=True),
            )
        ]


class ReturnNote(models.Model):
    """A return (退回): what is wrong, where, what to do; the institution reads it at log-in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    record = models.ForeignKey(ItemRecord, on_delete=models.PROTECT, related_name="returns")
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="returns")
    point_id = models.CharField(max_length=60, blank=True)
    filing = models.ForeignKey(
        Filing, null=True, blank=True, on_delete=models.PROTECT, related_name="returns"
    )
    sheet = models.ForeignKey(Sheet, null=True, blank=True, on_delete=models.PROTECT, related_name="returns")
    reason = models.CharField(_("原因"), max_length=300)
    remedy = models.CharField(_("怎么办"), max_length=300, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(auto_now_add=True)
    reply = models.CharField(_("机构答复"), max_length=300, blank=True)
    settled_at = models.DateTimeField(
        null=True, blank=True
    )  # a new version was filed, or the reviewer took it back
    settled_by_filing = models.ForeignKey(
        Filing, null=True, blank=True, on_delete=models.PROTECT, related_name="settled_returns"
    )

    class Meta:
        ordering = ["-returned_at"]
