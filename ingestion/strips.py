"""Rows of a page as running text that still knows where each character stands. Fields are found on these."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from ingestion.characters import plain
from ingestion.reading import Line, Point, Quad, enclosing, in_rows

BETWEEN = r"[\s\W_]*"
SLANT, SLANT_OF_FEW = 0.2, 0.4


@dataclass(frozen=True)
class Place:
    """Where one character stands on its line: fractions of the line's length."""

    line: Line
    start: float
    end: float


@dataclass(frozen=True)
class Strip:
    """One row read as one text: NFKC, without spaces; `places` has one entry a character."""

    text: str
    places: tuple[Place, ...]

    def quad(self, start: int, end: int) -> Quad:
        """The quadrilateral around the characters from `start` up to `end`."""
        spans: dict[int, tuple[Line, float, float]] = {}
        for place in self.places[start:end]:
            line, first, last = spans.get(id(place.line), (place.line, place.start, place.end))
            spans[id(place.line)] = (line, min(first, place.start), max(last, place.end))
        pieces = [_piece(line.quad, first, last) for line, first, last in spans.values()]
        return pieces[0] if len(pieces) == 1 else enclosing(pieces)

    def confidence(self, start: int, end: int) -> float:
        return min((place.line.confidence for place in self.places[start:end]), default=0.0)

    @cached_property
    def whole(self) -> Quad:
        """Around all of it."""
        return self.quad(0, len(self.places))

    def part(self, start: int, end: int) -> "Strip":
        """The characters from `start` up to `end`, still knowing their places."""
        return Strip(self.text[start:end], self.places[start:end])

    def end_of_line(self, start: int) -> int:
        """Where the line on which the character `start` stands comes to its end in this strip."""
        end = start
        while end < len(self.places) and self.places[end].line is self.places[start].line:
            end += 1
        return end


def strips_of(lines: Sequence[Line]) -> tuple[Strip, ...]:
    """The rows of the page, each as one strip."""
    return tuple(_strip(row) for row in in_rows(lines))


@cache
def label_pattern(label: str) -> re.Pattern[str]:
    """Matches a label however it is spaced or bracketed: 姓 名, 甲方（用人单位）."""
    return re.compile(BETWEEN.join(re.escape(character) for character in label))


def after_label(strips: Sequence[Strip], labels: Sequence[str]) -> Iterator[tuple[Strip, int]]:
    """Each place where one of the labels ends, the longer label first: (strip, index behind label and colon)."""
    for label in sorted(labels, key=len, reverse=True):
        for strip in strips:
            for found in label_pattern(label).finditer(strip.text):
                yield strip, _behind_punctuation(strip.text, found.end())


def value_end(strip: Strip, start: int, labels: Sequence[str]) -> int:
    """A value ends with its line, or where the next label begins."""
    end = strip.end_of_line(start) if start < len(strip.text) else start
    for label in labels:
        found = label_pattern(label).search(strip.text, start, end)
        if found and found.start() >= start:
            end = min(end, found.start())
    return end


def _behind_punctuation(text: str, at: int) -> int:
    while at < len(text) and not text[at].isalnum():
        at += 1
    return at


def is_level(line: Line) -> bool:
    """Print runs level on an upright page; a watermark runs aslant. Of two characters the slant is less sure."""
    (x0, y0), (x1, y1), *_ = line.quad.points
    most = SLANT if len(line.text) > 2 else SLANT_OF_FEW
    return abs(y1 - y0) <= most * abs(x1 - x0)


def strip_of(line: Line) -> Strip:
    """One line as a strip."""
    return _strip([line])


def joined(strips: Sequence[Strip]) -> Strip:
    """Several strips as one text, in this order."""
    return Strip(
        "".join(strip.text for strip in strips), tuple(place for strip in strips for place in strip.places)
    )


def _strip(row: Sequence[Line]) -> Strip:
    text, places = [], []
    for line in row:
        for character, place in _characters(line):
            text.append(character)
            places.append(place)
    return Strip("".join(text), tuple(places))


def _characters(line: Line) -> Iterator[tuple[str, Place]]:
    """Normalised characters of a line with their fractions of its length."""
    for character, (start, end) in zip(line.text, _spans(line), strict=True):
        place = Place(line, start, end)
        for piece in plain(character):
            if not piece.isspace():
                yield piece, place


def _spans(line: Line) -> Iterator[tuple[float, float]]:
    """Where the engine saw each character; else by count, a wide character taking twice the room."""
    if len(line.characters) == len(line.text):
        yield from ((start, end) for start, end, _sureness in line.characters)
        return
    widths = [2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line.text]
    total, at = sum(widths) or 1, 0
    for width in widths:
        yield at / total, (at + width) / total
        at += width


def _piece(quad: Quad, start: float, end: float) -> Quad:
    left_top, right_top, right_bottom, left_bottom = quad.points
    return Quad(
        (
            _between(left_top, right_top, start),
            _between(left_top, right_top, end),
            _between(left_bottom, right_bottom, end),
            _between(left_bottom, right_bottom, start),
        )
    )


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
