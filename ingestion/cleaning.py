"""Takes off a page what lies over its print: wide grey watermarks, red stamps, shade and uneven light.

Tried only where a reading leaves doubt: what is cleaned has lost something too, so a plain reading comes first.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.reading import Image

BLUE, GREEN, RED = range(3)
WIDEST_STROKE_SHARE = (
    1 / 160
)  # of the longer side: what is wider than a stroke of print is watermark, shade or ground
NARROWEST_KERNEL = 5
STRIP_HEIGHT = 64
PALEST_INK, SPARSEST_ROW, LINE_MARGIN = 190, 0.2, 0.22
SHORTEST_PRINT = 7  # pixels
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
    large = _at_height(_line_alone(strip))
    yield large
    unstamped = without_stamp(large)
    yield _in_colour(unstamped)
    yield _in_colour(_stretched(unstamped))
    yield _in_colour(evened(unstamped, STRIP_HEIGHT // 4 | 1))


def _line_alone(strip: Image) -> Image:
    """The band of rows in which the print stands: a box drawn around a seal is far higher than the line in it."""
    kernel = max(NARROWEST_KERNEL, (strip.shape[0] // 4) | 1)
    ink = np.count_nonzero(evened(without_stamp(strip), kernel) < PALEST_INK, axis=1)
    if not ink.any():
        return strip
    middle = int(np.argmax(np.convolve(ink, np.ones(3), "same")))
    written = ink >= SPARSEST_ROW * ink[max(0, middle - 1) : middle + 2].max()
    top = middle - _run(written[:middle][::-1])
    bottom = middle + _run(written[middle:])
    margin = max(2, round(LINE_MARGIN * (bottom - top)))
    if bottom - top < SHORTEST_PRINT:
        return strip
    return np.ascontiguousarray(strip[max(0, top - margin) : bottom + margin])


def _run(rows: NDArray[np.bool_]) -> int:
    """How many rows in a sequence are written on; a gap of two rows is bridged, digits have thin waists."""
    length, gap = 0, 0
    for place, written in enumerate(rows, start=1):
        gap = 0 if written else gap + 1
        if gap > 2:
            break
        length = place if written else length
    return length


def _at_height(strip: Image) -> Image:
    scale = STRIP_HEIGHT / strip.shape[0]
    width = max(1, round(strip.shape[1] * scale))
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(strip, (width, STRIP_HEIGHT), interpolation=method), np.uint8)


def _stretched(grey: Image) -> Image:
    """Pale print on grey paper as black on white; a watermark paler than the print goes with the paper."""
    dark, light = np.percentile(grey, (DARKEST, LIGHTEST))
    spread = max(1.0, float(light) - float(dark))
    return np.asarray(np.clip((grey.astype(np.float32) - dark) * 255 / spread, 0, 255), np.uint8)


def _in_colour(grey: Image) -> Image:
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)
