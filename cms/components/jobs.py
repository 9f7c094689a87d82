"""One line for a running job: name, step in words, count, per cent, time left, or what went wrong."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


@dataclass(frozen=True)
class JobLine:
    """A job ready to print. `state` is waiting, leased, done, failed or cancelled; `url` answers with this
    line again and is asked every two seconds until the job ends; `retry_url` and `cancel_url` take a POST."""

    title: str | Promise
    state: str
    url: str
    step: str | Promise = ""
    step_no: int = 0
    step_count: int = 0
    done: int = 0
    total: int = 0
    unit: str | Promise = ""
    remaining_seconds: float | None = None
    error: str | Promise = ""
    retry_url: str = ""
    cancel_url: str = ""
    icon: str = "scan"

    @property
    def is_under_way(self) -> bool:
        return self.state in ("waiting", "leased")

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    @property
    def percent(self) -> int | None:
        """Share done, cut; unknown until the total is."""
        return min(100, 100 * self.done // self.total) if self.total > 0 else None

    @property
    def remaining(self) -> str | Promise:
        """Time left in words, as coarse as an estimate deserves."""
        if self.remaining_seconds is None or not self.is_under_way:
            return ""
        if self.remaining_seconds < 60:
            return _("不到 1 分钟")
        minutes = round(self.remaining_seconds / 60)
        if minutes < 90:
            return ngettext_lazy("约 %(count)d 分钟", "约 %(count)d 分钟", minutes) % {"count": minutes}
        hours = round(minutes / 60)
        return ngettext_lazy("约 %(count)d 小时", "约 %(count)d 小时", hours) % {"count": hours}
