"""A thumbnail through which no number can be read: layout, photograph and stamp remain."""

import cv2
import numpy as np

VEILED_SIDE = (
    80  # pixels of the longer side: the digits of an ID card that fills the page come to 2 or 3 pixels
)
SHOWN_SIDE = 160
QUALITY = 80


def veiled(jpeg: bytes) -> bytes:
    """The same picture with the detail of 80 pixels."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    small = _within(image, VEILED_SIDE, cv2.INTER_AREA)
    shown = _within(small, SHOWN_SIDE, cv2.INTER_LINEAR)
    _done, encoded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes()


def _within(image: np.ndarray, side: int, method: int) -> np.ndarray:
    scale = side / max(image.shape[:2])
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)
