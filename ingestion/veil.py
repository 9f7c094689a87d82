"""A thumbnail through which no number can be read: layout, photograph and stamp remain."""

from collections.abc import Iterable

import cv2
import numpy as np

from ingestion.masking import masked
from ingestion.reading import Line, PageResult

LEAST_DETAIL, MOST_DETAIL = 32, 96  # pixels of the longer side that survive
UNKNOWN_DETAIL = 48  # where nobody knows how large a number may stand on the page
NUMBER_MAY_SPAN = 26  # pixels left to a whole ID number: less than one and a half for a digit
SHOWN_SIDE = 160
QUALITY = 80


def veiled(jpeg: bytes, detail: int = UNKNOWN_DETAIL) -> bytes:
    """The same picture with so many pixels of detail on its longer side."""
    image = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    small = _within(image, detail, cv2.INTER_AREA)
    shown = _within(small, SHOWN_SIDE, cv2.INTER_LINEAR)
    _done, encoded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()


def detail_for(page: PageResult) -> int:
    """As much detail as the largest ID number on the page lets through; little where none was found."""
    longest = max(page.page.width, page.page.height)
    spans = [span for span in _number_spans(page.lines) if span > 0]
    if not spans or not longest:
        return UNKNOWN_DETAIL
    return int(min(MOST_DETAIL, max(LEAST_DETAIL, NUMBER_MAY_SPAN * longest / max(spans))))


def _number_spans(lines: Iterable[Line]) -> Iterable[float]:
    """Lengths of the lines that hold a number, label and all, so rather too long than too short."""
    return (max(line.quad.width, line.quad.height) for line in lines if "****" in masked(line.text))


def _within(image: np.ndarray, side: int, method: int) -> np.ndarray:
    scale = side / max(image.shape[:2])
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)
