"""What a page says, as plain values, and the contract that every engine keeps. Imports nothing of ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

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
    """One run of text as an engine found it; confidence is 0 to 1."""

    text: str
    confidence: float
    quad: Quad


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


@dataclass(frozen=True)
class OcrOptions:
    """What a caller may ask of an engine. Threads are bounded because workers share a machine."""

    threads: int = 1
    longest_side: int = 2000
    minimum_confidence: float = 0.5
    languages: str = "chi_sim"


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
