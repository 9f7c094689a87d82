"""Two pages that show the same: the same bytes, or the same picture in other bytes. Evidence, computed again at will."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.ledger import Sheet


class Likeness(models.Model):
    """Two sheets found alike; `first` was there before `again`. They may lie in different dossiers."""

    class How(models.TextChoices):
        BYTES = "bytes", _("同一文件")
        PICTURE = "picture", _("同一图像")

    first = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="seen_again")
    again = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="seen_before")
    how = models.CharField(max_length=10, choices=How.choices)
    distance = models.PositiveSmallIntegerField(default=0)  # bits of the picture hashes that differ
    agreed = models.JSONField(default=list)  # names of the fields that say the same; never a value
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["first", "again"], name="likeness_once")]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.again_id}"
