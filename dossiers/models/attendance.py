"""What speaks of attendance beside recordings: devices' check-ins, sign-in sheets, and people's words on cells."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import DossierPage
from dossiers.models.institution import InstitutionPage
from dossiers.models.ledger import Sheet
from dossiers.models.people import Enrolment
from dossiers.models.timetable import Session
from foundation.models import Blob


class ColumnMapping(models.Model):
    """Which column of a device's export means what, remembered for the next file with the same head."""

    institution = models.ForeignKey(InstitutionPage, on_delete=models.CASCADE, related_name="column_mappings")
    head = models.CharField(max_length=64)  # digest of the head's cells
    columns = models.JSONField()  # {"name": [0], "came": [3, 5], ...}: meaning -> columns from 0
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "head"], name="mapping_once_a_head")]


class CheckInImport(models.Model):
    """One export of a device, taken in whole; undone whole. The file stays as it came."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="check_in_imports")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    columns = models.JSONField()
    rows_taken = models.PositiveIntegerField(default=0)
    rows_left = models.PositiveIntegerField(default=0)  # of people not in this class, or doubles
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class CheckIn(models.Model):
    """One record of a device (打卡): a trainee came, or left."""

    class Method(models.TextChoices):
        FACE = "face", _("人脸")
        FINGERPRINT = "fingerprint", _("指纹")
        CARD = "card", _("刷卡")
        CODE = "code", _("扫码")
        OTHER = "other", _("其他")

    taken_from = models.ForeignKey(CheckInImport, on_delete=models.PROTECT, related_name="check_ins")
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="check_ins")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="check_ins")
    at = models.DateTimeField()
    device = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=12, choices=Method.choices, default=Method.OTHER)
    left = models.BooleanField(default=False)
    row = models.PositiveIntegerField()  # of the file, counting from 1 with the head

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["dossier", "at"], name="check_ins_of_dossier")]


class SignInLine(models.Model):
    """A trainee's signature on the sign-in sheet (签到表) of a session, as a person confirmed it."""

    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="sign_in_lines")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="sign_in_lines")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="sign_in_lines")
    signed = models.BooleanField(default=True)  # False: the line is there and empty
    cosigned = models.BooleanField(default=False)  # the teacher signed the sheet
    sheet = models.ForeignKey(
        Sheet, null=True, blank=True, on_delete=models.PROTECT, related_name="sign_in_lines"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "session"],
                name="one_line_a_session",
                condition=Q(superseded_at__isnull=True),
            )
        ]


class AttendanceWord(models.Model):
    """A person settles one cell: was this trainee in this lesson? With the reason; a later word supersedes."""

    class Says(models.TextChoices):
        PRESENT = "present", _("在场")
        ABSENT = "absent", _("缺勤")
        NOTHING = "nothing", _("无法核实")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="attendance_words")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendance_words")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendance_words")
    lesson = models.PositiveSmallIntegerField()  # of the session, from 1
    says = models.CharField(max_length=8, choices=Says.choices)
    reason = models.CharField(_("理由"), max_length=200)
    by_bureau = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "session", "lesson", "by_bureau"],
                name="one_word_on_a_cell",
                condition=Q(superseded_at__isnull=True),
            )
        ]
