"""What a page says, as plain values, and the contract that every engine keeps. Imports nothing of ours."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

#: Height x width x 3, blue green red, as OpenCV holds a picture.
Image = NDArray[np.uint8]
Point = tuple[float, float]


@dataclass(frozen=True)
class Quad:
    """Four corners in pixels, clockwise from the top left of the text as it is read."""

    points: tuple[Point, Point, Point, Point]

    @classmethod
    def from_points(cls, points: Iterable[Iterable[float]]) -> "Quad":
        corners = [(float(x), float(y)) for x, y in points]
        if len(corners) != 4:
            raise ValueError("a quadrilateral has four corners")
        return cls((corners[0], corners[1], corners[2], corners[3]))

    @classmethod
    def from_box(cls, left: float, top: float, right: float, bottom: float) -> "Quad":
        return cls(((left, top), (right, top), (right, bottom), (left, bottom)))

    @property
    def left(self) -> float:
        return min(x for x, _ in self.points)

    @property
    def right(self) -> float:
        return max(x for x, _ in self.points)

    @property
    def top(self) -> float:
        return min(y for _, y in self.points)

    @property
    def bottom(self) -> float:
        return max(y for _, y in self.points)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def scaled(self, factor: float) -> "Quad":
        """The same place on a picture drawn larger or smaller."""
        return Quad.from_points((x * factor, y * factor) for x, y in self.points)

    def as_list(self) -> list[list[float]]:
        """For JSON: four points, rounded to a tenth of a pixel."""
        return [[round(x, 1), round(y, 1)] for x, y in self.points]

    def overlap(self, other: "Quad") -> float:
        """Intersection over union of the two bounding boxes, 0 to 1."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        if across <= 0 or down <= 0:
            return 0.0
        shared = across * down
        return shared / (self.width * self.height + other.width * other.height - shared)


def enclosing(quads: Iterable[Quad]) -> Quad:
    """The upright box around all of them."""
    found = list(quads)
    return Quad.from_box(
        min(q.left for q in found),
        min(q.top for q in found),
        max(q.right for q in found),
        max(q.bottom for q in found),
    )


@dataclass(frozen=True)
class Line:
    """One run of text as an engine found it; confidence is 0 to 1.

    `characters` says of each character of `text` where it stands, as two fractions of the line's length, and how
    sure it is; empty where the engine does not tell.
    """

    text: str
    confidence: float
    quad: Quad
    characters: tuple[tuple[float, float, float], ...] = field(default=(), compare=False, repr=False)


def in_reading_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Row by row from the top, each row from the left. Engines return boxes in an order of their own."""
    return tuple(line for row in in_rows(lines) for line in row)


def in_rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that stand beside each other (half their height in common), from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda found: found.quad.centre[1]):
        row = next((row for row in reversed(rows[-3:]) if _beside(row[-1], line)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    return [sorted(row, key=lambda found: found.quad.left) for row in rows]


def _beside(one: Line, other: Line) -> bool:
    shared = min(one.quad.bottom, other.quad.bottom) - max(one.quad.top, other.quad.top)
    return shared >= 0.5 * min(one.quad.height, other.quad.height)


def wrapped(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines of figures that stand right below each other, as a long number does that a narrow cell wraps."""
    figures = sorted((line for line in lines if _mostly_figures(line.text)), key=lambda line: line.quad.top)
    chains: list[list[Line]] = []
    for line in figures:
        chain = next((one for one in reversed(chains) if _below(one[-1], line)), None)
        if chain is None:
            chains.append([line])
        else:
            chain.append(line)
    return [chain for chain in chains if len(chain) > 1]


def _mostly_figures(text: str) -> bool:
    return sum(character.isdigit() for character in text) * 2 > len(text.strip())


def _below(above: Line, line: Line) -> bool:
    """Under the other with nothing between, at least half as wide as the narrower of both in common."""
    one, other = above.quad, line.quad
    shared = min(one.right, other.right) - max(one.left, other.left)
    apart = other.top - one.bottom
    height = max(one.height, other.height)
    return shared >= 0.5 * min(one.width, other.width) and -0.5 * height <= apart <= 0.8 * height


@dataclass(frozen=True)
class Page:
    """A page as uploaded (after the turn its own EXIF asks for).

    `rotation` says how far, clockwise in degrees, the upload stands turned: 0, 90, 180 or 270.
    All quads of a page are pixels of this upload; `on_view` maps one onto the upright view.
    """

    number: int
    width: int
    height: int
    rotation: int = 0

    def on_view(self, quad: Quad) -> tuple[float, float, float, float]:
        """(left, top, width, height) as fractions of the upright page image that people look at."""
        corners = [self._upright(x / self.width, y / self.height) for x, y in quad.points]
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        return left, top, max(x for x, _ in corners) - left, max(y for _, y in corners) - top

    def _upright(self, x: float, y: float) -> Point:
        turned = {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}
        return turned[self.rotation]


class FieldState(StrEnum):
    """How far a value may be trusted: read as printed; checked by a rule; contradicted; of a wrong shape; absent."""

    READ = "read"
    CHECKED = "checked"
    SUSPECT = "suspect"
    MALFORMED = "malformed"
    MISSING = "missing"


@dataclass(frozen=True)
class FieldReading:
    """One value as it is printed (dates as ISO 8601), and where. `problem` is the code of what is wrong with it."""

    name: str
    value: str
    confidence: float
    quad: Quad | None
    state: FieldState
    problem: str = ""


#: One line of a table: a value for each column that was found, left to right.
Row = tuple[FieldReading, ...]


@dataclass(frozen=True)
class DocumentReading:
    """One document found on a page. `part` names a piece of it (signature_page), `title` what is printed.

    `rows` are the lines of its table, where its kind is one, from the top.
    """

    kind: str
    confidence: float
    quad: Quad
    title: str = ""
    part: str = ""
    fields: tuple[FieldReading, ...] = ()
    rows: tuple[Row, ...] = ()

    def field(self, name: str) -> FieldReading | None:
        """The reading of this field, if the page has it; a missing one counts as none."""
        return next((f for f in self.fields if f.name == name and f.state != FieldState.MISSING), None)


@dataclass(frozen=True)
class Recognition:
    """What a page, or a part of it, was taken for: on the way from lines to a DocumentReading.

    `confidence` is 0 to 1, `title` what spoke for it, `lines` those it covers, in pixels of the upright page.
    `head` is the page of the same file on which a paper of many pages began, where this page may go on with it:
    a table without a header has the columns of that page.
    """

    kind: str
    confidence: float
    quad: Quad
    title: str = ""
    part: str = ""
    lines: tuple[Line, ...] = ()
    follows_previous: bool = False
    head: "Recognition | None" = None


@dataclass(frozen=True)
class Code:
    """A machine-readable code on the page: what it says, and where (pixels of the upload)."""

    payload: str = field(repr=False)
    quad: Quad


@dataclass(frozen=True)
class PageResult:
    """All that was read from one page of a file. `view` and `thumbnail` are JPEG, upright.

    `engine` is the one whose lines these are; `engines` all that were asked, in order. `notes` are codes of what
    is to be said of the page as a whole (mirrored, foreign, handwriting).
    """

    page: Page
    page_count: int
    documents: tuple[DocumentReading, ...]
    lines: tuple[Line, ...]
    engine: str
    engine_version: str
    cpu_seconds: float
    blank: bool = False
    follows_previous: bool = False
    engines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    view: bytes = field(default=b"", repr=False)
    thumbnail: bytes = field(default=b"", repr=False)

    @property
    def main(self) -> DocumentReading:
        """The document that speaks for the page: the first, for a card with both sides the front."""
        return self.documents[0]

    @property
    def kind(self) -> str:
        return self.main.kind

    @property
    def kind_confidence(self) -> float:
        return self.main.confidence

    @property
    def fields(self) -> tuple[FieldReading, ...]:
        return tuple(reading for document in self.documents for reading in document.fields)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class OcrOptions:
    """What a caller may ask of an engine.

    Threads are bounded because workers share a machine. `longest_side` bounds the picture on which text is
    looked for (pixels); it is read at the resolution of the page. `single_line`: the image is one line of text,
    not a page; nothing is looked for, the whole image is read.
    """

    threads: int = 1
    longest_side: int = 1280
    minimum_confidence: float = 0.5
    single_line: bool = False
    languages: str = "chi_sim"


class EngineFailed(RuntimeError):
    """An engine gave up on a page; the message says which engine and why, never what is on the page."""


@runtime_checkable
class OcrEngine(Protocol):
    """Reads an image. Knows files and options; never sees a dossier."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, image: Image | Path, options: OcrOptions) -> tuple[Line, ...]:
        """Lines in reading order (top to bottom, then left to right), quads in pixels of `image`."""
        ...
