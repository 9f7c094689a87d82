"""Draws the box of a value close around its ink: engines leave air around a line, and a line may hold more than one value."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.ink import dark_ink
from ingestion.reading import FieldReading, Image, Point, Quad

#: In heights of the value: how much around it is looked at, how far an edge between two values may be moved.
AIR, SNAP = 0.5, 0.6
LEAST_INK, FULL_RULE = 0.004, 0.92
THIN = 0.14
LEAST_KEPT = 0.3
Span = tuple[int, int]


def tightened(reading: FieldReading, image: Image) -> FieldReading:
    """The same reading in a box around its ink; as it was where the picture gives no clear answer."""
    if reading.quad is None:
        return reading
    return replace(reading, quad=around_ink(reading.quad, image))


def around_ink(quad: Quad, image: Image) -> Quad:
    """The part of this place, and of the air around it, on which something is written."""
    width, height = _sides(quad)
    if width < 4 or height < 4 or not _is_within(quad, image):
        return quad
    air = round(AIR * min(height, 60.0))
    piece = _straightened(image, quad, round(width), round(height), air)
    ink = _without_full_rules(dark_ink(piece))
    if ink.mean() / 255 < LEAST_INK:
        return quad
    rows = _rows(ink, air, round(height))
    if rows is None:
        return quad
    columns = _columns(ink[rows[0] : rows[1]], air, round(width), round(SNAP * (rows[1] - rows[0])))
    if (
        columns is None
        or columns[1] - columns[0] < LEAST_KEPT * width
        or rows[1] - rows[0] < LEAST_KEPT * height
    ):
        return quad
    across = ((columns[0] - air) / width, (columns[1] - air) / width)
    down = ((rows[0] - air) / height, (rows[1] - air) / height)
    return Quad.from_points(_at(quad, x, y) for x, y in _corners(across, down))


def _sides(quad: Quad) -> tuple[float, float]:
    left_top, right_top, _, left_bottom = (np.array(point) for point in quad.points)
    return float(np.linalg.norm(right_top - left_top)), float(np.linalg.norm(left_bottom - left_top))


def _is_within(quad: Quad, image: Image) -> bool:
    height, width = image.shape[:2]
    return quad.right > 0 and quad.bottom > 0 and quad.left < width and quad.top < height


def _straightened(image: Image, quad: Quad, width: int, height: int, air: int) -> Image:
    corners = np.array(quad.points, np.float32)
    upright = np.array(
        [(air, air), (air + width, air), (air + width, air + height), (air, air + height)], np.float32
    )
    turn = cv2.getPerspectiveTransform(corners, upright)
    size = (width + 2 * air, height + 2 * air)
    piece = cv2.warpPerspective(image, turn, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(piece, np.uint8)


def _without_full_rules(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Rows and columns that are ink from end to end are the rules of a form or a line under a value."""
    kept = ink.copy()
    kept[(ink > 0).mean(axis=1) > FULL_RULE, :] = 0
    kept[:, (ink > 0).mean(axis=0) > FULL_RULE] = 0
    return kept


def _rows(ink: NDArray[np.uint8], air: int, height: int) -> Span | None:
    """From the first to the last row written on; what is cut off at the edge belongs to a neighbour."""
    inner = ink[:, air:-air] if air and ink.shape[1] > 2 * air else ink
    bands = _runs(np.asarray((inner > 0).any(axis=1), np.bool_))
    whole = [(start, end) for start, end in bands if start < air + height and end > air]
    whole = [band for band in whole if band[0] > 0 and band[1] < ink.shape[0]] or whole
    tallest = max((end - start for start, end in whole), default=0)
    kept = [band for band in whole if band[1] - band[0] >= THIN * tallest]
    return (kept[0][0], kept[-1][1]) if kept else None


def _columns(ink: NDArray[np.uint8], air: int, width: int, reach: int) -> Span | None:
    """From the first to the last column of the value; edges that cut a sign move to the nearest gap."""
    written = np.asarray((ink > 0).any(axis=0), np.bool_)
    left = _edge(written, air, reach, step=-1)
    right = _edge(written, air + width - 1, reach, step=1)
    columns = np.flatnonzero(written[left : right + 1])
    return (left + int(columns[0]), left + int(columns[-1]) + 1) if columns.size else None


def _edge(written: NDArray[np.bool_], at: int, reach: int, *, step: int) -> int:
    """The nearest unwritten column, outwards first; the column itself if there is none near."""
    at = min(max(at, 0), written.size - 1)
    for distance in range(reach + 1):
        for place in (at + step * distance, at - step * distance):
            if 0 <= place < written.size and not written[place]:
                return place
    return at


def _runs(flags: NDArray[np.bool_]) -> list[Span]:
    padded = np.concatenate(([False], flags, [False])).astype(np.int8)
    changes = np.flatnonzero(np.diff(padded))
    return [(int(start), int(end)) for start, end in zip(changes[::2], changes[1::2], strict=True)]


def _corners(across: tuple[float, float], down: tuple[float, float]) -> list[Point]:
    return [(across[0], down[0]), (across[1], down[0]), (across[1], down[1]), (across[0], down[1])]


def _at(quad: Quad, x: float, y: float) -> Point:
    """The point at these fractions of the sides, beyond them too."""
    points = np.array(quad.points)
    top = points[0] + (points[1] - points[0]) * x
    bottom = points[3] + (points[2] - points[3]) * x
    found = top + (bottom - top) * y
    return float(found[0]), float(found[1])
