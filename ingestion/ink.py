"""How much ink lies in a part of a picture: dark, not red, without the rules of a form."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.reading import Image, Quad

Mask = NDArray[np.uint8]
DARKER_BY = 45
HALFWAY = 0.45  # from the paper to the print: a watermark is paler, a pen is not
PRINT_PERCENTILE = 1.5
REDNESS = 38
LONG_RULE = 1.6  # in heights of a line of text


def crop(image: Image, quad: Quad) -> Image:
    """The pixels around a place, within the picture; may be empty."""
    top, bottom = max(0, round(quad.top)), min(image.shape[0], round(quad.bottom))
    left, right = max(0, round(quad.left)), min(image.shape[1], round(quad.right))
    return image[top : max(top, bottom), left : max(left, right)]


def tone_of(piece: Image) -> float:
    """How dark the print on a piece is: the tone that separates it from watermarks and shadows."""
    if piece.size == 0:
        return 0.0
    return float(np.percentile(cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY), PRINT_PERCENTILE))


def dark_ink(piece: Image, tone: float | None = None) -> Mask:
    """255 where something is written: darker than the paper around, and not red as a seal is.

    `tone` is that of print known to stand near; without it, that of the darkest on the piece.
    """
    if piece.size == 0:
        return np.zeros(piece.shape[:2], np.uint8)
    grey = np.asarray(cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY), np.int16)
    paper = float(np.percentile(grey, 85))
    darkest = float(np.percentile(grey, 2)) if tone is None else tone
    least = max(DARKER_BY, HALFWAY * (paper - darkest))
    blue, green, red = (piece[:, :, channel].astype(np.int16) for channel in range(3))
    is_red = red - np.maximum(green, blue) > REDNESS
    return np.where((grey < paper - least) & ~is_red, 255, 0).astype(np.uint8)


def without_rules(ink: Mask, line_height: float) -> Mask:
    """The same without long straight strokes: underlines and the borders of cells."""
    longest = max(8, round(LONG_RULE * line_height))
    rules = np.zeros_like(ink)
    for shape in ((1, longest), (longest, 1)):
        if ink.shape[0] >= shape[0] and ink.shape[1] >= shape[1]:
            rules |= np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)), np.uint8)
    thick = cv2.dilate(rules, np.ones((3, 3), np.uint8))
    return np.where(thick > 0, 0, ink).astype(np.uint8)


def share(mask: Mask) -> float:
    """How much of a piece is ink, 0 to 1; 0 for an empty piece."""
    return float((mask > 0).mean()) if mask.size else 0.0
