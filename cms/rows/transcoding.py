"""The ways of making a recording playable, with what each costs, ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.rows.jobs import size_in_words
from media_processing.transcoding import AS_IT_IS, Cost

NAMES: dict[int, str | Promise] = {
    AS_IT_IS: _("只转声音，画面不动"),
    720: _("720p，省时省空间"),
    1080: _("1080p，看得清板书"),
}


@dataclass(frozen=True)
class Way:
    height: int
    name: str | Promise
    minutes: int  # of one core, rounded up
    size: str


def ways(costs: Iterable[Cost]) -> tuple[Way, ...]:
    """The cheapest first."""
    return tuple(
        Way(
            cost.height,
            NAMES.get(cost.height, f"{cost.height}p"),
            max(1, -(-int(cost.cpu_seconds) // 60)),
            size_in_words(cost.size),
        )
        for cost in sorted(costs, key=lambda one: one.cpu_seconds)
    )
