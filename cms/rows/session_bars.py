"""A session as a bar: its lessons in outline, what recordings ran, what showed nothing, gaps; places in per cent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

from cms.rows.coverage import Judged, SessionCoverage
from cms.rows.coverage_words import span_words
from cms.rows.player_time import lasting
from dossiers.coverage import Span

MARGIN = timedelta(minutes=10)  # shown before and after a session


@dataclass(frozen=True)
class Piece:
    """A stretch on a bar: `kind` lesson, run, blind or gap; its place in per cent of the bar."""

    kind: str
    left: str
    width: str
    title: str


@dataclass(frozen=True)
class Mark:
    """A time written above a bar."""

    left: str
    text: str


def clock_of(moment: datetime) -> str:
    """“08:30”."""
    return timezone.localtime(moment).strftime("%H:%M")


class _Scale:
    """Where a moment lies on a bar."""

    def __init__(self, one: SessionCoverage) -> None:
        self.begins = one.sitting.begins - MARGIN
        self.ends = one.sitting.ends + MARGIN
        self.seconds = (self.ends - self.begins).total_seconds()

    def left(self, moment: datetime) -> float:
        inside = min(max(moment, self.begins), self.ends)
        return (inside - self.begins).total_seconds() * 100 / self.seconds

    def piece(self, kind: str, span: Span, title: str) -> Piece | None:
        left, right = self.left(span.begins), self.left(span.ends)
        return Piece(kind, f"{left:.3f}%", f"{right - left:.3f}%", title) if right > left else None


def pieces(one: SessionCoverage) -> Iterator[Piece]:
    """Lessons in outline, what ran, what ran and showed nothing, and gaps on top."""
    scale = _Scale(one)
    drawn = [
        scale.piece(
            "lesson",
            span,
            gettext("第 %(number)s 课时 %(times)s") % {"number": number, "times": span_words(span)},
        )
        for number, span in enumerate(one.sitting.lessons, 1)
    ]
    for each in one.filed:
        if each.clocked is not None:
            drawn.append(scale.piece("run", each.clocked.runs, _titled(gettext("录像"), each.clocked.runs)))
    for each in one.waiting:
        if each.clocked is not None:
            drawn.append(
                scale.piece("waiting", each.clocked.runs, _titled(gettext("待确认"), each.clocked.runs))
            )
    if one.coverage is not None and one.filed and one.judged != Judged.NOT_ASKED:
        drawn += [
            scale.piece("blind", span, _titled(gettext("黑屏或静止"), span)) for span in one.coverage.blind
        ]
        drawn += [scale.piece("gap", span, _titled(gettext("没有录像"), span)) for span in one.coverage.gaps]
    elif one.judged == Judged.NONE:
        drawn += [
            scale.piece("gap", span, _titled(gettext("没有录像"), span)) for span in one.sitting.lessons
        ]
    yield from (piece for piece in drawn if piece is not None)


def marks(one: SessionCoverage) -> Iterator[Mark]:
    """The beginning of each lesson that follows a long break, and the end."""
    scale = _Scale(one)
    moments = [one.sitting.begins]
    for earlier, later in zip(one.sitting.lessons, one.sitting.lessons[1:], strict=False):
        if later.begins - earlier.ends > MARGIN:
            moments.append(later.begins)
    for moment in (*moments, one.sitting.ends):
        yield Mark(f"{scale.left(moment):.3f}%", clock_of(moment))


def _titled(what: str, span: Span) -> str:
    return gettext("%(what)s %(times)s，%(length)s") % {
        "what": what,
        "times": span_words(span),
        "length": lasting(span.seconds),
    }
