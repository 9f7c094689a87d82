"""Words on slides: which slides of a recording carry them, and where in the text."""

from dataclasses import dataclass

from cms.rows.player_time import Axis, Seekable
from cms.rows.search import Snippet, snippet
from dossiers.search_text import compact
from media_processing.models import ShownSlide

FIRST = 2  # hits shown before the rest is unfolded
MOST = 40  # hits listed at all


@dataclass(frozen=True)
class SlideRow(Seekable):
    """One slide: when it came up, and its words around what was asked."""

    at: float
    stamp: str
    text: str
    found: Snippet | None = None


@dataclass(frozen=True)
class SlideHits:
    """The slides asked for, in the recording's order; without a question the first ones."""

    query: str
    rows: tuple[SlideRow, ...]
    found: int
    count: int

    @property
    def first(self) -> tuple[SlideRow, ...]:
        return self.rows[:FIRST]

    @property
    def rest(self) -> tuple[SlideRow, ...]:
        return self.rows[FIRST:]

    @property
    def unlisted(self) -> int:
        return self.found - len(self.rows)


def slide_hits(axis: Axis, slides: list[ShownSlide], query: str) -> SlideHits:
    """Every slide on which all words stand; blanks do not keep one from being found."""
    words = [compact(word) for word in query.split() if compact(word)]
    hits = [one for one in slides if _has(one.text, words)]
    return SlideHits(query, tuple(_row(axis, one, query) for one in hits[:MOST]), len(hits), len(slides))


def _has(text: str, words: list[str]) -> bool:
    held = compact(text)
    return all(word in held for word in words)


def _row(axis: Axis, slide: ShownSlide, query: str) -> SlideRow:
    first = query.split()[0] if query.split() else ""
    text = " ".join(slide.text.split())
    return SlideRow(slide.start, axis.stamp(slide.start), text, snippet(text, first) if first else None)
