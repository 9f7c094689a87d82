"""What happened: the dossier's hash chain, and who opened what."""

import uuid

from django.conf import settings
from django.db import models

from dossiers.models.dossier import DossierPage


class HistoryEntry(models.Model):
    """One link of a dossier's chain (dossiers.history); never changed, never deleted."""

    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="history")
    seq = models.PositiveIntegerField()  # counts from 1 within the dossier
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_label = models.CharField(max_length=80)
    action = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)  # identifiers and counts; never an ID number
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["dossier", "seq"], name="history_seq_once")]


class AccessEntry(models.Model):
    """A logged reveal: who opened an ID card's image or read a whole number, of which trainee, when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reveals")
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="reveals")
    what = models.CharField(max_length=20)  # "image", "original", "searchable", "id_number"
    subject = models.UUIDField()  # of the sheet, upload, filing or enrolment
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["account", "at"])]
