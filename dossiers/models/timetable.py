"""Sessions (课次): what the timetable promises."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.dossier import DossierPage


class Session(models.Model):
    """One sitting of a class: date, start, lessons of 40 minutes, theory or practice."""

    class Kind(models.TextChoices):
        THEORY = "theory", _("理论")
        PRACTICE = "practice", _("实操")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(DossierPage, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField(_("日期"))
    starts_at = models.TimeField(_("开始时间"))
    lessons = models.PositiveIntegerField(_("课时"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    topic = models.CharField(_("内容"), max_length=120)
    lecturer = models.CharField(_("教师"), max_length=40)
    room = models.CharField(_("地点"), max_length=60, blank=True)

    class Meta:
        ordering = ["held_on", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "held_on", "starts_at"], name="one_session_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%m-%d} {self.starts_at:%H:%M} {self.topic}"
