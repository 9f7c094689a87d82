"""Where round or square seals stand on a picture: red ink in a compact patch; on a grey copy, a ring."""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.ink import without_rules
from ingestion.reading import Image, Quad

Mask = NDArray[np.uint8]
WORKING_SIDE = 800
REDNESS = 27
LEAST_SIDE, MOST_SIDE = 4.0, 17.0  # in heights of a line of text: a seal measures 30 to 45 mm
RING_SIDES = (4.5, 11.0)  # the same, where only a circle tells
MOST_CIRCLES = 80
ROUNDISH = 0.55
LEAST_RED, MOST_RED = 0.03, 0.65  # of the patch: a ring with some words, not a red thing
COLOUR = 38
COLOURFUL = 0.0015
RING_SUPPORT, PROMISING = 0.66, 0.42
RING_DARKER_BY = 22


@dataclass(frozen=True)
class Seal:
    """A seal found, and how surely."""

    quad: Quad
    confidence: float


def red_ink(image: Image) -> Mask:
    """255 where the ink is red: redder than it is green or blue, whatever the light."""
    blue, green, red = (image[:, :, channel].astype(np.int16) for channel in range(3))
    return np.where(red - np.maximum(green, blue) > REDNESS, 255, 0).astype(np.uint8)


def seals_on(image: Image, line_height: float) -> tuple[Seal, ...]:
    """All seals of a page whose lines of text are about `line_height` pixels high, from the top."""
    scale = min(1.0, WORKING_SIDE / max(image.shape[:2]))
    small = np.asarray(
        cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
    height = max(4.0, line_height * scale)
    red = red_ink(small)
    found = _patches(red, height)
    if not found and not is_colourful(small):
        found = _rings(small, height)
    return tuple(
        Seal(Quad.from_box(*(edge / scale for edge in box)), confidence)
        for box, confidence in sorted(found, key=lambda seal: seal[0][1])
    )


def is_colourful(image: Image) -> bool:
    """Whether a seal would show its colour: a copy in greys has none anywhere."""
    spread = image.max(axis=2).astype(np.int16) - image.min(axis=2)
    return float((spread > COLOUR).mean()) > COLOURFUL


Box = tuple[float, float, float, float]
Circle = tuple[float, float, float]
Found = list[tuple[Box, float]]


def _patches(red: Mask, height: float) -> Found:
    """Compact patches of red of the size of a seal; long rules and frames are none."""
    reach = max(3, round(height * 0.7)) | 1
    bare = _without_rules(red, height)
    joined = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(joined, np.uint8))
    found: Found = []
    for left, top, width, tall, _ in stats[1:count]:
        sides = sorted((float(width), float(tall)))
        ink = float((bare[top : top + tall, left : left + width] > 0).mean())
        if (
            LEAST_SIDE * height <= sides[1] <= MOST_SIDE * height
            and sides[0] >= ROUNDISH * sides[1]
            and LEAST_RED <= ink <= MOST_RED
        ):
            box = (float(left), float(top), float(left + width), float(top + tall))
            found.append((box, round(min(0.97, 0.7 + 2 * ink), 3)))
    return found


def _without_rules(red: Mask, height: float) -> Mask:
    """Red without straight rules longer than any seal is wide: the frames of certificates."""
    longest = round(MOST_SIDE * height)
    rules = np.zeros_like(red)
    for shape in ((1, longest), (longest, 1)):
        rules |= np.asarray(cv2.morphologyEx(red, cv2.MORPH_OPEN, np.ones(shape, np.uint8)), np.uint8)
    thick = cv2.dilate(rules, np.ones((5, 5), np.uint8))
    return np.where(thick > 0, 0, red).astype(np.uint8)


def _rings(image: Image, height: float) -> Found:
    """Circles on a grey copy most of whose rim is darker than the paper on both sides of it."""
    grey = np.asarray(cv2.medianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), 3), np.uint8)
    ink = cv2.GaussianBlur(without_rules(_darker_than_around(grey), 2 * height), (5, 5), 0)
    least, most = (round(side * height / 2) for side in RING_SIDES)
    circles = cv2.HoughCircles(
        ink, cv2.HOUGH_GRADIENT, 1.5, least, param1=100, param2=25, minRadius=least, maxRadius=most
    )
    found: Found = []
    for x, y, radius in [] if circles is None else circles.reshape(-1, 3)[:MOST_CIRCLES]:
        circle = _settled(grey, (float(x), float(y), float(radius)))
        support = _rim_support(grey, *circle)
        if support >= RING_SUPPORT and not any(_is_same(circle, box) for box, _ in found):
            mx, my, r = circle
            found.append(((mx - r, my - r, mx + r, my + r), round(min(0.85, support), 3)))
    return found


def _darker_than_around(grey: Mask) -> Mask:
    """Ink, judged against the paper near it: shadows and creases are no ink."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.medianBlur(small, 21), (grey.shape[1], grey.shape[0])).astype(np.int16)
    return np.where(paper - grey > RING_DARKER_BY, 255, 0).astype(np.uint8)


def _settled(grey: Mask, circle: Circle) -> Circle:
    """The circle near a promising one whose rim is darkest all round."""
    if _rim_support(grey, *circle) < PROMISING:
        return circle
    x, y, radius = circle
    steps = (-2.0, -1.0, 0.0, 1.0, 2.0)
    return max(
        ((x + dx, y + dy, radius + dr) for dx, dy, dr in product(steps, repeat=3)),
        key=lambda near: _rim_support(grey, *near),
    )


def _is_same(circle: Circle, box: Box) -> bool:
    return box[0] < circle[0] < box[2] and box[1] < circle[1] < box[3]


def _rim_support(grey: Mask, x: float, y: float, radius: float) -> float:
    """The share of the rim that is darker than what lies three pixels within and without."""
    angles = np.linspace(0, 2 * np.pi, 120, endpoint=False)

    def tones(at: float) -> NDArray[np.int16]:
        rows = np.clip(np.rint(y + at * np.sin(angles)), 0, grey.shape[0] - 1).astype(int)
        columns = np.clip(np.rint(x + at * np.cos(angles)), 0, grey.shape[1] - 1).astype(int)
        return grey[rows, columns].astype(np.int16)

    rim = np.minimum.reduce([tones(radius + step) for step in (-1.0, 0.0, 1.0)])
    beside = np.minimum(tones(radius - 5.0), tones(radius + 5.0))
    return float((beside - rim > RING_DARKER_BY).mean())
