"""How sharp is the print on a photograph? Measured where print stands, by how wide its edges are smeared."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.reading import Image

SIDE = 1600  # the measure is in pixels of a page this long
WINDOW = 13  # an edge and its surroundings
LEAST_CONTRAST = 36  # of print against its paper, of 255
LEAST_PRINT = 0.004  # share of the picture that must be print before anything is said
READS_UP_TO = (
    1.8  # sigma in pixels; beyond it, engines begin to guess (see tests/ingestion/test_sharpness.py)
)


def is_blurred(image: Image) -> bool:
    """Whether print on it is smeared too wide to be read surely; False where there is no print to judge by."""
    smear = smear_of(image)
    return smear is not None and smear > READS_UP_TO


def smear_of(image: Image) -> float | None:
    """Sigma of the blur over the print, in pixels of a page SIDE long; None where hardly anything is printed.

    An edge of height h smeared by a Gaussian of width s rises by h / (s * sqrt(2 * pi)) a pixel at most. The
    median over all edges is taken, so that a stamp or a shadow does not speak for the page. A hand that moves
    smears along its way alone, and spares the ends of strokes that lie that way: where the two directions
    differ, the worse one counts for more.
    """
    tones = _tones(image)
    found = [smear for along in (0, 1) if (smear := _smear_along(tones, along)) is not None]
    return max(found) * math.sqrt(max(found) / min(found)) if found else None


def _smear_along(tones: Image, along: int) -> float | None:
    """Of edges crossed from left to right (0) or from above (1)."""
    shape = (WINDOW, 1) if along else (1, WINDOW)
    window = np.ones(shape, np.uint8)
    height = cv2.dilate(tones, window).astype(np.float32) - cv2.erode(tones, window)
    edges = height >= LEAST_CONTRAST
    if edges.mean() < LEAST_PRINT:
        return None
    steepest = cv2.dilate(_rise(tones, along), window)
    share = float(np.median(steepest[edges] / height[edges]))
    return 1.0 / (max(share, 1e-3) * math.sqrt(2 * math.pi))


def _tones(image: Image) -> Image:
    scale = SIDE / max(image.shape[:2])
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def _rise(tones: Image, along: int) -> NDArray[np.float32]:
    """How much lighter or darker a pixel on, by central differences."""
    kernel = np.array([[-0.5, 0, 0.5]], np.float32)
    found = cv2.filter2D(tones.astype(np.float32), -1, kernel.T if along else kernel)
    return np.abs(found).astype(np.float32)
