"""Separate consent to the processing of biometric data (个人信息保护法 第二十九条), trainee by trainee."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.ledger import Sheet
from dossiers.models.people import Enrolment


class Consent(models.Model):
    """One trainee's consent to one kind of biometric data, under one version of the text; or her refusal.

    Withdrawing is as easy as giving and is written on the same row. Without a row in force nothing is sampled of her.
    """

    class Kind(models.TextChoices):
        FACE = "face", _("人脸")
        FINGERPRINT = "fingerprint", _("指纹")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    is_given = models.BooleanField(default=True)  # False: asked and refused
    text_version = models.CharField(max_length=20)  # which text she signed (dossiers/rulesets/consent.yaml)
    signed_on = models.DateField()
    sheet = models.ForeignKey(
        Sheet, null=True, blank=True, on_delete=models.PROTECT, related_name="consents"
    )  # the signed paper
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind"],
                name="one_consent_in_force",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]
