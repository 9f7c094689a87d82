"""Geometry of the small drawings: coverage bar, completeness ring, confidence bars.

Widths are strings with a point, because they become SVG attributes and must not follow the reader's language.
"""

import math
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BAR_WIDTH = 56
RING_RADIUS = 9
LOW, HIGH = 0.5, 0.8


@dataclass(frozen=True)
class Bar:
    """A bar of BAR_WIDTH pixels: `filled` is its inner width, full only when nothing is missing."""

    filled: str
    is_full: bool


def bar(have: int, due: int) -> Bar:
    """The part of `due` that is there; one of many shows as a sliver, all but one never as full."""
    inner = BAR_WIDTH - 2
    if due <= 0:
        return Bar("0", False)
    if have >= due:
        return Bar(str(inner), True)
    return Bar(f"{min(max(inner * have / due, 1 if have else 0), inner - 2):.1f}", False)


@dataclass(frozen=True)
class Ring:
    """Dash pattern of a circle: `drawn` of `around`."""

    drawn: str
    around: str
    is_full: bool


def ring(have: int, due: int) -> Ring:
    around = 2 * math.pi * RING_RADIUS
    share = min(have / due, 1) if due > 0 else 0
    return Ring(f"{around * share:.2f}", f"{around:.2f}", due > 0 and have >= due)


@dataclass(frozen=True)
class Confidence:
    """How sure a machine is: a level, its word, lit bars of three, and the percentage cut, not rounded up."""

    level: str
    word: str | Promise
    bars: tuple[bool, bool, bool]
    percent: int


def confidence(value: float) -> Confidence:
    """Below 50 % is low, above 80 % high; a value that is not between 0 and 1 is a fault of the caller."""
    if not 0 <= value <= 1:
        raise ValueError(f"confidence lies between 0 and 1, not {value}")
    percent = int(value * 100 + 1e-9)
    if value < LOW:
        return Confidence("low", _("低"), (True, False, False), percent)
    if value <= HIGH:
        return Confidence("middle", _("中"), (True, True, False), percent)
    return Confidence("high", _("高"), (True, True, True), percent)
