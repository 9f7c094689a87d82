"""Rooms of a training body: where the camera stands, what it shows; camera tests and the bureau's look-ins."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import DossierPage
from dossiers.models.institution import InstitutionPage
from dossiers.models.timetable import Session
from foundation.models import Blob
from foundation.secrets import EncryptedTextField


class Room(models.Model):
    """A room in which classes are taught and recorded; sessions name it by `name`.

    The live address carries the camera's password, so it is encrypted. `slide_region`: left, top, width, height as
    fractions of the picture, drawn by a person once and kept. `parameters`: what dossiers.actions.rooms.PARAMETERS
    asks of the equipment, by name; `equipment` is whatever else there is to say.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(InstitutionPage, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("地点"), max_length=60)
    seats = models.PositiveIntegerField(_("座位"), default=0)
    parameters = models.JSONField(default=dict, blank=True)
    equipment = models.TextField(_("设备参数"), blank=True, max_length=2000)
    live_address = EncryptedTextField(_("实时视频地址"), purpose="live_address", blank=True)
    slide_region = models.JSONField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["institution", "name"], name="room_once_a_body")]

    def __str__(self) -> str:
        return self.name


class RoomPhoto(models.Model):
    """A photograph of a room or its equipment (设备照片)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="photos")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("说明"), max_length=120, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class CameraTest(models.Model):
    """Two minutes before a class opens: what the camera of a room can and cannot verify.

    Without a `blob` the clip was never had: a live address that did not open is a result too.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待测")
        DONE = "done", _("已测")
        FAILED = "failed", _("没有测成")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="camera_tests")
    blob = models.ForeignKey(
        Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # the clip
    is_live = models.BooleanField(default=False)  # taken from the room's live address
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    found = models.JSONField(default=dict)  # figures of media_processing.camera_test; boxes, never a template
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]


class LookIn(models.Model):
    """The bureau looked into a lesson (全程远程视频监控): who, when, which lesson, what was seen. Never rewritten:
    a correction is an entry of its own that names the one it `corrects`.
    """

    class Way(models.TextChoices):
        LIVE = "live", _("实时视频")
        RECORDING = "recording", _("录像")
        ON_SITE = "on_site", _("到现场")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="look_ins")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="look_ins"
    )
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="look_ins")
    way = models.CharField(_("方式"), max_length=10, choices=Way.choices)
    looked_at = models.DateTimeField(_("时间"))
    heads = models.PositiveIntegerField(_("见到人数"), null=True, blank=True)
    seen = models.TextField(_("所见"), max_length=2000)
    is_problem = models.BooleanField(_("有问题"), default=False)
    still = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-looked_at", "-id"]
