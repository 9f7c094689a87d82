"""What was received, and what it was filed as: uploads, their sheets, and filings under ledger items."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import DossierPage
from dossiers.models.people import Enrolment
from dossiers.models.timetable import Session
from foundation.models import Blob


class Upload(models.Model):
    """One file an institution handed over, acknowledged with its SHA-256; its bytes are never rewritten."""

    class Medium(models.TextChoices):
        PAPER = "paper", _("纸质扫描")
        RECORDING = "recording", _("录像")

    class State(models.TextChoices):
        RECEIVED = "received", _("已收，待读")
        READ = "read", _("已读")
        UNREADABLE = "unreadable", _("没有读成")
        WITHDRAWN = "withdrawn", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="uploads")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="uploads")
    file_name = models.CharField(max_length=255)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    problem = models.CharField(max_length=40, blank=True)  # a code that foundation.content or ingestion words
    target_item = models.CharField(max_length=60, blank=True)  # dropped on this item's row
    target_enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target_session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    page_count = models.PositiveIntegerField(default=0)
    duration_seconds = models.FloatField(null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "blob"],
                name="bytes_once_a_dossier",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Sheet(models.Model):
    """One page side of an upload, or a whole recording; what the tray shows and filings are made of."""

    class State(models.TextChoices):
        IN_TRAY = "in_tray", _("待确认")
        FILED = "filed", _("已归件")
        CUT = "cut", _("已拆分")
        DISCARDED = "discarded", _("已弃置")
        WITHDRAWN = "withdrawn", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="sheets")
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField()  # counts from 1 within the upload
    width = models.PositiveIntegerField(default=0)  # pixels of the page as uploaded
    height = models.PositiveIntegerField(default=0)
    cut_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="pieces"
    )  # the whole page, where this is a piece of it
    cut = models.PositiveSmallIntegerField(default=0)  # 0: the whole page; pieces count from 1
    region = models.JSONField(
        null=True, blank=True
    )  # of a piece: [left, top, right, bottom], fractions of the page as uploaded
    turn = models.PositiveSmallIntegerField(default=0)  # degrees clockwise a person turned the view
    is_blank = models.BooleanField(default=False)
    shows_identity = models.BooleanField(
        default=True
    )  # opening the image is a logged reveal; True until read
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_TRAY)

    class Meta:
        ordering = ["upload_id", "number", "cut"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number", "cut"], name="sheet_number_once_an_upload")
        ]


class Filing(models.Model):
    """The statement "these sheets are item X of this class, for this trainee", and who made it.

    `proposed` is a reading's suggestion; only a person's confirmation makes it `filed`. A later filing may
    replace an earlier one; the earlier stays, with the verdicts given on its bytes.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待确认")
        FILED = "filed", _("已归件")
        REPLACED = "replaced", _("已被替换")
        WITHDRAWN = "withdrawn", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="filings")
    item_id = models.CharField(
        max_length=60, blank=True
    )  # stable ledger id; blank: a proposal without a place
    part = models.CharField(max_length=60, blank=True)
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="filings"
    )
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="filings"
    )
    kind = models.CharField(max_length=60, blank=True)  # kind of document, as read or as the clerk says
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    version = models.PositiveIntegerField(default=1)  # within (dossier, item, part, enrolment, session)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    sha256 = models.CharField(
        max_length=64, blank=True
    )  # digest of the sheets in order; what a verdict binds to
    proposed_by = models.CharField(max_length=40, blank=True)  # engine and version
    confidence = models.FloatField(default=0)
    reasons = models.JSONField(default=list)  # [{"code": str, "params": {}}]; never a number or a name
    alternatives = models.JSONField(default=list)  # [{"item_id", "part", "enrolment": uuid, "confidence"}]
    title = models.CharField(max_length=120, blank=True)
    document_no = models.CharField(max_length=60, blank=True)
    responsible_party = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)  # reviewers see a filing from here on
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # and, taken out later, until the next hand-in

    class Meta:
        ordering = ["item_id", "enrolment__seq", "version", "id"]
        indexes = [models.Index(fields=["dossier", "state", "item_id"])]
        constraints = [
            models.UniqueConstraint(
                "dossier",
                "item_id",
                "part",
                Coalesce("enrolment", 0),
                Coalesce("session", 0),
                "version",
                name="filing_version_once",
                condition=~Q(state="proposed"),
            )
        ]


class FilingSheet(models.Model):
    """One sheet's place in a filing."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="places")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["filing", "position"], name="one_sheet_a_position")]
