"""Takes off a page what lies over its print: wide grey watermarks, red stamps, shade and uneven light.

Tried only where a reading leaves doubt: what is cleaned has lost something too, so a plain reading comes first.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from ingestion.reading import Image

BLUE, GREEN, RED = range(3)
WIDEST_STROKE_SHARE = (
    1 / 160
)  # of the longer side: what is wider than a stroke of print is watermark, shade or ground
NARROWEST_KERNEL = 5
STRIP_HEIGHT = 64
DARKEST, LIGHTEST = 2.0, 90.0  # per cent of a strip's tones that become black and white


def cleaned(page: Image) -> Image:
    """The page in grey without red ink, evened: watermarks, shade and the table's light are divided out."""
    kernel = max(NARROWEST_KERNEL, round(max(page.shape[:2]) * WIDEST_STROKE_SHARE) | 1)
    return _in_colour(evened(without_stamp(page), kernel))


def without_stamp(image: Image) -> Image:
    """Grey as red light shows it: red ink fades to paper, black and blue stay dark."""
    return np.ascontiguousarray(image[:, :, RED])


def evened(grey: Image, kernel: int) -> Image:
    """Divided by its ground. The ground keeps what is wider than `kernel` pixels, so strokes of print stay."""
    shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (kernel, kernel))
    ground = np.maximum(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, shape), 1)
    return np.asarray(np.clip(grey.astype(np.float32) * 255 / ground, 0, 255), np.uint8)


def faces_of(strip: Image) -> Iterator[Image]:
    """One line of print in several lights, each at the height that engines read best: what stays the same is so."""
    scale = max(1.0, STRIP_HEIGHT / strip.shape[0])
    large = np.asarray(cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    yield large
    unstamped = without_stamp(large)
    yield _in_colour(unstamped)
    yield _in_colour(_stretched(unstamped))
    yield _in_colour(evened(unstamped, STRIP_HEIGHT // 4 | 1))


def _stretched(grey: Image) -> Image:
    """Pale print on grey paper as black on white; a watermark paler than the print goes with the paper."""
    dark, light = np.percentile(grey, (DARKEST, LIGHTEST))
    spread = max(1.0, float(light) - float(dark))
    return np.asarray(np.clip((grey.astype(np.float32) - dark) * 255 / spread, 0, 255), np.uint8)


def _in_colour(grey: Image) -> Image:
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)
