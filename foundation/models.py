"""The rows of the ground: stored files, files waiting in quarantine, jobs."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation import wording


class Blob(models.Model):
    """One stored original, known by its bytes. Written once, after the file is durable."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("原件")
        verbose_name_plural = _("原件")

    def __str__(self) -> str:
        return self.sha256[:12]


class Quarantined(models.Model):
    """An upload on its way in. `subject` and `deposited_by` are opaque to this room."""

    class State(models.TextChoices):
        RECEIVING = "receiving", _("接收中")
        COMPLETE = "complete", _("已收齐")
        TAKEN = "taken", _("已入库")
        REFUSED = "refused", _("未收下")
        WITHDRAWN = "withdrawn", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=64, unique=True, editable=False)
    declared_size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    file_name = models.CharField(max_length=255)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    deposited_by = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVING, db_index=True)
    sha256 = models.CharField(max_length=64, blank=True)
    refusal = models.CharField(max_length=60, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # the sender's mark: the same file goes on
    remote = models.CharField(max_length=300, blank=True)  # parts go straight to the store: its upload there
    part_size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("待验上传")
        verbose_name_plural = _("待验上传")

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.RECEIVING

    @property
    def refusal_text(self) -> str:
        return wording.say(self.refusal, file_name=self.file_name) if self.refusal else ""


class Job(models.Model):
    """One piece of work in the ledger; see foundation.jobs for its life."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        LEASED = "leased", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")
        CANCELLED = "cancelled", _("已取消")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=3)
    token = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    step = models.CharField(max_length=60, blank=True)
    step_no = models.PositiveIntegerField(default=0)
    step_count = models.PositiveIntegerField(default=0)
    step_began_at = models.DateTimeField(null=True, blank=True)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_params = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("后台工作")
        verbose_name_plural = _("后台工作")
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_by_lease"),
            models.Index(fields=["state", "rung_at"], name="job_by_bell"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def may_retry(self) -> bool:
        return self.state in (self.State.FAILED, self.State.CANCELLED)

    @property
    def step_text(self) -> str:
        """The step in the reader's words; a step no table knows prints as it was given."""
        return wording.say(f"step:{self.step}") if wording.knows(f"step:{self.step}") else self.step

    @property
    def error_text(self) -> str:
        return wording.say(self.error_code, **self.error_params) if self.error_code else ""

    @property
    def percent(self) -> int | None:
        """Whole per cent of the present step, cut and never rounded up; None while nothing is counted."""
        if not self.progress_total:
            return None
        return min(100, self.progress_done * 100 // self.progress_total)

    @property
    def remaining_seconds(self) -> int | None:
        """An estimate for the present step from its pace so far; None before there is a pace."""
        began = self.step_began_at or self.started_at
        if self.state != self.State.LEASED or not began:
            return None
        if not self.progress_done or self.progress_total <= self.progress_done:
            return None
        elapsed: timedelta = timezone.now() - began
        left = self.progress_total - self.progress_done
        return int(elapsed.total_seconds() * left / self.progress_done)
