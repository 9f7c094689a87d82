"""Page numbers of a volume, computed from what is filed; nothing stores them.

Every face with writing or a picture counts one; electronic media have no page numbers. Cover, contents and note
sheet are not counted (archive practice, to be confirmed).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Pages of the volume, first to last, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def pages(self) -> int:
        return self.last - self.first + 1


def paging(pages: Iterable[tuple[Hashable, int]], *, start: int = 1) -> Mapping[Hashable, Span]:
    """Spans of (key, page count) pairs in the order of the volume. What has no page gets no span."""
    spans: dict[Hashable, Span] = {}
    following = start
    for key, count in pages:
        if count > 0:
            spans[key] = Span(following, following + count - 1)
            following += count
    return spans
