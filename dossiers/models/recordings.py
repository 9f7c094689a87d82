"""What people state of recordings: when one began by the wall clock, and who is seen in it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import DossierPage
from dossiers.models.ledger import Upload
from dossiers.models.people import Enrolment


class RecordingClock(models.Model):
    """At which wall-clock moment second 0 of a recording lies, and on what ground. A later word supersedes.

    Machines propose (`made_by` empty): from the file's name, its own time, or the clock burnt into the picture.
    """

    class Basis(models.TextChoices):
        FILE_NAME = "file_name", _("文件名")
        FILE_TIME = "file_time", _("文件内的时间")
        BURNT_IN = "burnt_in", _("画面上的时钟")
        ALIGNED = "aligned", _("人工对齐")

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="clocks")
    begins_at = models.DateTimeField()
    rate = models.FloatField(default=1.0)  # wall seconds per second of the recording
    basis = models.CharField(max_length=10, choices=Basis.choices)
    within_seconds = models.FloatField(default=0)  # how far off it may be
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload"], name="one_clock_a_recording", condition=Q(superseded_at__isnull=True)
            )
        ]


class PresenceWord(models.Model):
    """A person's word on a face followed through a recording: this is she, this is not she, this is nobody of the class.

    `track` names the evidence of that time; `spans` ([[start, end], ...] in seconds of the recording) and `place`
    ([x, y, w, h], fractions of the picture at the first second) say the same if the evidence is computed again.
    """

    class Verdict(models.TextChoices):
        IS = "is", _("是此人")
        IS_NOT = "is_not", _("不是此人")
        NOBODY = "nobody", _("不是本班学员")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="presence_words")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="presence_words")
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="presence_words"
    )
    track = models.UUIDField()
    spans = models.JSONField(default=list)
    place = models.JSONField(default=list)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    by_bureau = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["upload", "superseded_at"], name="presence_words_of_upload")]


class KeptFrame(models.Model):
    """A second of a recording that somebody kept as evidence (依据帧), with a remark."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="kept_frames")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="kept_frames")
    at_seconds = models.FloatField()
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.CharField(_("说明"), max_length=200, blank=True)
    by_bureau = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["upload_id", "at_seconds"]
