"""The ruled lines of a page, found by their pixels: where they run, how they lean, and where they have gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.reading import Image

Interval = tuple[float, float]
Mask = NDArray[np.uint8]

LONGEST_SIDE = 2000
SHORTEST_RUN = 0.022  # of the longer side: longer than a stroke of any character
LEAST_LENGTH = 0.035  # of the longer side: what is shorter rules nothing
NEIGHBOURHOOD = 25  # pixels that say how dark paper is around a line
DARKER_BY = 9
SAME_LINE = 0.0028  # of the longer side: pieces closer than this are one line
STEEPEST = 0.09  # slope of a line on a page that was made upright, about five degrees
BRIDGED = 0.006  # of the longer side: a gap so short is a flaw of the copy


@dataclass(frozen=True)
class Ruling:
    """One ruled line. `at` tells its place across for a place along it; `runs` are the stretches that have ink."""

    place: float
    slope: float
    runs: tuple[Interval, ...]

    def at(self, along: float) -> float:
        return self.place + self.slope * along

    @property
    def start(self) -> float:
        return self.runs[0][0]

    @property
    def end(self) -> float:
        return self.runs[-1][1]

    def share(self, start: float, end: float) -> float:
        """How much of the stretch from `start` to `end` is ruled, 0 to 1."""
        if end <= start:
            return 0.0
        inked = sum(max(0.0, min(end, stop) - max(start, begin)) for begin, stop in self.runs)
        return inked / (end - start)


@dataclass(frozen=True)
class Rulings:
    """All ruled lines of a page in its pixels: `across` from the top, `down` from the left."""

    across: tuple[Ruling, ...] = ()
    down: tuple[Ruling, ...] = ()

    def columns_through(self, top: float, bottom: float, *, least: float = 0.6) -> tuple[Ruling, ...]:
        """The upright lines that run through this band of the page."""
        middle = (top + bottom) / 2
        through = [ruling for ruling in self.down if ruling.share(top, bottom) >= least]
        return tuple(sorted(through, key=lambda ruling: ruling.at(middle)))

    def rows_through(self, left: float, right: float, *, least: float = 0.5) -> tuple[Ruling, ...]:
        """The level lines that run through this column of the page."""
        middle = (left + right) / 2
        through = [ruling for ruling in self.across if ruling.share(left, right) >= least]
        return tuple(sorted(through, key=lambda ruling: ruling.at(middle)))


def rulings(image: Image) -> Rulings:
    """The ruled lines of an upright page; lines that lean by up to five degrees are followed."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, LONGEST_SIDE / max(grey.shape))
    if scale < 1.0:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, NEIGHBOURHOOD, DARKER_BY
    )
    across = _rulings_across(np.asarray(ink, dtype=np.uint8), 1 / scale)
    down = _rulings_across(np.asarray(ink.T, dtype=np.uint8).copy(), 1 / scale)
    return Rulings(across=across, down=down)


def _rulings_across(ink: Mask, enlarged: float) -> tuple[Ruling, ...]:
    """The level lines of a page that is turned so that the lines in question are level."""
    longest = max(ink.shape)
    pieces = _pieces(ink, longest)
    lines = _joined(pieces, longest * SAME_LINE)
    found = [ruling for line in lines if (ruling := _ruling(line, longest, enlarged))]
    return tuple(sorted(found, key=lambda ruling: ruling.at((ruling.start + ruling.end) / 2)))


@dataclass(frozen=True)
class _Piece:
    """A connected run of ink: its place as a line, and where it starts and ends along it."""

    place: float
    slope: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start

    def at(self, along: float) -> float:
        return self.place + self.slope * along


def _pieces(ink: Mask, longest: int) -> list[_Piece]:
    """Runs of ink longer than any stroke; a leaning line is thickened first, so that it stays one run."""
    run = max(24, round(longest * SHORTEST_RUN))
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    level = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(level, connectivity=8)
    pieces = []
    for index in range(1, count):
        left, top, width, height, _area = (int(value) for value in stats[index])
        if height > 6 + width * STEEPEST:
            continue
        pieces.append(_piece(labels[top : top + height, left : left + width] == index, left, top))
    return [piece for piece in pieces if abs(piece.slope) <= STEEPEST]


def _piece(shape: NDArray[np.bool_], left: int, top: int) -> _Piece:
    """A straight line through the middle of the ink, column by column."""
    height, width = shape.shape
    weights = shape.sum(axis=0)
    columns = np.flatnonzero(weights)
    middles = (shape * np.arange(height)[:, None]).sum(axis=0)[columns] / weights[columns]
    if len(columns) < 8:
        return _Piece(top + float(middles.mean()), 0.0, left, left + width)
    slope, place = np.polyfit(columns + left, middles + top, 1)
    return _Piece(float(place), float(slope), left, left + width)


def _joined(pieces: Iterable[_Piece], apart: float) -> list[list[_Piece]]:
    """Pieces that lie on one straight line, the longest first."""
    lines: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda one: -one.length):
        line = next((line for line in lines if _lies_on(piece, line[0], apart)), None)
        if line is None:
            lines.append([piece])
        else:
            line.append(piece)
    return lines


def _lies_on(piece: _Piece, line: _Piece, apart: float) -> bool:
    """Near the line where the piece begins and ends; the further away from it, the less its slope is trusted."""
    ends = (piece.start, piece.end)
    far = max(0.0, piece.start - line.end, line.start - piece.end)
    allowed = apart + 0.004 * far
    return all(abs(line.at(along) - piece.at(along)) <= allowed for along in ends)


def _ruling(line: Sequence[_Piece], longest: int, enlarged: float) -> Ruling | None:
    runs = _merged(sorted((piece.start, piece.end) for piece in line), longest * BRIDGED)
    if sum(end - start for start, end in runs) < longest * LEAST_LENGTH:
        return None
    place, slope = _through(line)
    return Ruling(
        place=place * enlarged,
        slope=slope,
        runs=tuple((start * enlarged, end * enlarged) for start, end in runs),
    )


def _through(line: Sequence[_Piece]) -> tuple[float, float]:
    """One straight line through the ends of all pieces, each by its length."""
    if len(line) == 1:
        return line[0].place, line[0].slope
    along = np.array([end for piece in line for end in (piece.start, piece.end)])
    across = np.array([piece.at(end) for piece in line for end in (piece.start, piece.end)])
    weights = np.array([piece.length for piece in line for _ in range(2)])
    slope, place = np.polyfit(along, across, 1, w=np.sqrt(weights))
    return float(place), float(slope)


def _merged(runs: Sequence[Interval], bridged: float) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in runs:
        if merged and start - merged[-1][1] <= bridged:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
