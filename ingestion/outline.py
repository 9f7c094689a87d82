"""Where does the sheet lie on a photograph? Finds its four corners on a table and lays the sheet out flat.

A scan that fills its picture has no outline: nothing is claimed unless the sheet differs from its surroundings in
tone or colour along all four edges. Frames printed on paper have paper on both sides and are no outline.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.reading import Image

Corners = NDArray[np.float64]
Matrix = NDArray[np.float64]
SIDE = 640
LEAST_AREA, MOST_AREA = 0.2, 0.985
AT_BORDER = 0.012
STEPS_BESIDE = (3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0)
SAMPLES = 48
LEAST_CONTRAST, LEAST_SUPPORT = 11.0, 0.72
LEAST_ANGLE, MOST_ANGLE = 52.0, 128.0
MOST_SHRINKING = 2.2
PAPER_WHITE = 222.0
MARGIN = 0.012
STRAIGHT_ENOUGH = 0.003


@dataclass(frozen=True)
class Flattened:
    """The sheet alone, laid flat, and the homography from its pixels back to the picture it was cut from."""

    image: Image
    back: Matrix


def flattened(image: Image) -> Flattened | None:
    """The sheet on the photograph, flat; None where the picture is the sheet."""
    corners = outline_of(image)
    return None if corners is None else laid_flat(image, corners)


def outline_of(image: Image) -> Corners | None:
    """The four corners of the sheet in pixels of `image`, clockwise from the top left; None if there are none."""
    height, width = image.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if min(small.shape[:2]) < 64:
        return None
    tones = _tones(np.asarray(small, np.uint8))
    found = [(_worth(tones, quad), quad) for quad in _candidates(tones)]
    best = max(found, key=lambda pair: pair[0], default=None)
    if best is None or best[0] <= 0.0:
        return None
    return best[1] / scale


def laid_flat(image: Image, corners: Corners) -> Flattened:
    """The quadrilateral with a narrow margin around it, drawn as a rectangle in its own proportions."""
    top, right, bottom, left = (float(np.linalg.norm(corners[a] - corners[(a + 1) % 4])) for a in range(4))
    width, height = max(top, bottom), max(left, right)
    edge = MARGIN * max(width, height)
    target = [
        (edge, edge),
        (edge + width, edge),
        (edge + width, edge + height),
        (edge, edge + height),
    ]
    forth = cv2.getPerspectiveTransform(corners.astype(np.float32), np.array(target, np.float32))
    size = (round(width + 2 * edge), round(height + 2 * edge))
    flat = cv2.warpPerspective(image, forth, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Flattened(np.asarray(flat, np.uint8), np.linalg.inv(np.asarray(forth, np.float64)))


def _tones(image: Image) -> Image:
    """Lightness and colour on scales of the eye (CIE L*a*b*), fine print smoothed away."""
    return np.asarray(cv2.cvtColor(cv2.medianBlur(image, 5), cv2.COLOR_BGR2LAB), np.uint8)


def _candidates(tones: Image) -> Iterator[Corners]:
    """Convex shapes of four corners, by edges and by what differs from the border of the picture."""
    for mask in (*_edge_masks(tones), *_surface_masks(tones)):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in _largest(contours, tones.shape[0] * tones.shape[1]):
            yield from _quads_of(contour)


def _largest(contours: Sequence[NDArray[Any]], area: int) -> list[NDArray[Any]]:
    hulls = [cv2.convexHull(contour) for contour in contours if len(contour) >= 4]
    roomy = [hull for hull in hulls if cv2.contourArea(hull) >= LEAST_AREA * area]
    return sorted(roomy, key=cv2.contourArea, reverse=True)[:4]


def _edge_masks(tones: Image) -> Iterator[Image]:
    for low in (30, 60):
        edges = np.zeros(tones.shape[:2], np.uint8)
        for channel in cv2.split(tones):
            drawn = cv2.Canny(cv2.GaussianBlur(channel, (5, 5), 0), low, 2.5 * low)
            edges = np.maximum(edges, np.asarray(drawn, np.uint8))
        yield np.asarray(cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), np.uint8)


def _surface_masks(tones: Image) -> Iterator[Image]:
    """What differs from the surroundings, and what is light: the table and the sheet, told by Otsu."""
    border = np.concatenate([tones[:6].reshape(-1, 3), tones[-6:].reshape(-1, 3)])
    border = np.concatenate([border, tones[:, :6].reshape(-1, 3), tones[:, -6:].reshape(-1, 3)])
    far = np.abs(tones.astype(np.float32) - np.median(border, axis=0)).sum(axis=2)
    for plane in (np.clip(far, 0, 255).astype(np.uint8), tones[:, :, 0]):
        _, mask = cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
        yield np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), np.uint8)


def _quads_of(hull: NDArray[Any]) -> Iterator[Corners]:
    """The hull with its corners dropped one by one until four sides are left: blunt and torn corners are mended."""
    around = cv2.arcLength(hull, True)
    for share in (0.01, 0.02, 0.04):
        shape = cv2.approxPolyDP(hull, share * around, True).reshape(-1, 2).astype(np.float64)
        if len(shape) == 4:
            yield _clockwise(shape)
        elif 4 < len(shape) <= 8:
            yield from _longest_sides(shape)


def _longest_sides(shape: Corners) -> Iterator[Corners]:
    """Four of the longest sides, prolonged until they meet."""
    sides = [(shape[at], shape[(at + 1) % len(shape)]) for at in range(len(shape))]
    longest = sorted(range(len(sides)), key=lambda at: -float(np.linalg.norm(sides[at][1] - sides[at][0])))[
        :6
    ]
    for chosen in combinations(sorted(longest), 4):
        meets = [_meeting(sides[chosen[at]], sides[chosen[(at + 1) % 4]]) for at in range(4)]
        corners = [meet for meet in meets if meet is not None]
        if len(corners) == 4:
            yield _clockwise(np.array(corners))


def _meeting(one: tuple[Corners, Corners], other: tuple[Corners, Corners]) -> Corners | None:
    (a, b), (c, d) = one, other
    along, across = b - a, d - c
    turn = along[0] * across[1] - along[1] * across[0]
    if abs(turn) < 1e-6:
        return None
    between = c - a
    return np.asarray(a + along * ((between[0] * across[1] - between[1] * across[0]) / turn), np.float64)


def _clockwise(shape: Corners) -> Corners:
    """From the top left, clockwise in the picture as it lies."""
    middle = shape.mean(axis=0)
    order = np.argsort(np.arctan2(shape[:, 1] - middle[1], shape[:, 0] - middle[0]))
    ring = shape[order]
    return np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0)


def _worth(tones: Image, quad: Corners) -> float:
    """0 for what is no sheet; else how well its edges are borne out, larger for the larger of two sheets."""
    height, width = tones.shape[:2]
    share = float(cv2.contourArea(quad.astype(np.float32))) / (height * width)
    if not (LEAST_AREA <= share <= MOST_AREA) or not _is_a_sheet(quad) or _leaves(quad, width, height):
        return 0.0
    supports = [_support(tones, quad[at], quad[(at + 1) % 4]) for at in range(4)]
    if min(supports) < LEAST_SUPPORT or _stands_on_white(tones, quad):
        return 0.0
    return sum(supports) / 4 + 0.5 * share


def _is_a_sheet(quad: Corners) -> bool:
    """Corners near right angles, opposite sides of comparable length: a rectangle seen from somewhat aside."""
    sides = [quad[(at + 1) % 4] - quad[at] for at in range(4)]
    lengths = [float(np.linalg.norm(side)) for side in sides]
    if min(lengths) < 1:
        return False
    angles = [_angle(-sides[at - 1], sides[at]) for at in range(4)]
    shrinking = max(max(lengths[at], lengths[at + 2]) / min(lengths[at], lengths[at + 2]) for at in range(2))
    return min(angles) >= LEAST_ANGLE and max(angles) <= MOST_ANGLE and shrinking <= MOST_SHRINKING


def _angle(one: Corners, other: Corners) -> float:
    cosine = float(one @ other) / (float(np.linalg.norm(one)) * float(np.linalg.norm(other)))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _leaves(quad: Corners, width: int, height: int) -> bool:
    """A sheet that reaches out of the picture shows no true corner there: its outline would be the picture's."""
    at_x, at_y = AT_BORDER * width, AT_BORDER * height
    x, y = quad[:, 0], quad[:, 1]
    return bool((x < at_x).any() or (y < at_y).any() or (x > width - at_x).any() or (y > height - at_y).any())


def _support(tones: Image, start: Corners, end: Corners) -> float:
    """The share of an edge along which the tones within and without differ."""
    along = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
    inwards = np.array([-along[1], along[0]])
    points = start + np.linspace(0.06, 0.94, SAMPLES)[:, None] * (end - start)
    within = np.median([_at(tones, points + step * inwards) for step in STEPS_BESIDE], axis=0)
    without = np.median([_at(tones, points - step * inwards) for step in STEPS_BESIDE], axis=0)
    difference = np.linalg.norm(within - without, axis=1)
    return float(np.mean(difference >= LEAST_CONTRAST))


def _stands_on_white(tones: Image, quad: Corners) -> bool:
    """A tinted card or frame on white paper, as a copier sees it: a part of the page, not the page."""
    middle = quad.mean(axis=0)
    outside = middle + (quad - middle) * 1.05
    ring = _at(tones, _along(outside))
    return bool(np.median(ring[:, 0]) >= PAPER_WHITE)


def _along(quad: Corners) -> Corners:
    return np.concatenate(
        [
            quad[at] + np.linspace(0.05, 0.95, SAMPLES)[:, None] * (quad[(at + 1) % 4] - quad[at])
            for at in range(4)
        ]
    )


def _at(tones: Image, points: Corners) -> NDArray[np.float64]:
    height, width = tones.shape[:2]
    x = np.clip(np.rint(points[:, 0]).astype(int), 0, width - 1)
    y = np.clip(np.rint(points[:, 1]).astype(int), 0, height - 1)
    return tones[y, x].astype(np.float64)
