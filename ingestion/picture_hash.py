"""A page at a glance as 256 bits, to find the same picture again; and whether two pictures are really one.

The hash is the signs of the low frequencies of the upright page (DCT). It only suggests: forms of one layout lie
close together, so what it finds is confirmed by the values read or by comparing the pictures block by block.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from ingestion.reading import Image

SIDE, KEPT = 64, 16
BITS = KEPT * KEPT
SUGGESTED = 40  # bits of 256 that may differ where two pages are worth a closer look
COMPARED_SIDE, SOFTENED, BLOCK = 768, 1.5, 16  # pixels
# Grey levels by which the worst block may differ. Measured on 9 kinds: copies stored anew at 1200 or 900 pixels and
# quality 50 or 70 stay below in 173 of 180 cases; the nearest two papers of different people come to 7.0.
STILL_ALIKE = 5.0
SHAPE_TOLERANCE = 0.03

Hashes = NDArray[np.uint8]


def picture_hash(jpeg: bytes) -> str:
    """64 hex digits for the picture; empty where it shows nothing that could be told from an empty page."""
    small = cv2.resize(_grey(jpeg), (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    if float(small.std()) < 1.0:
        return ""
    waves = np.asarray(cv2.dct(small))[:KEPT, :KEPT].flatten()
    waves[0] = 0.0  # how bright the page is says nothing
    return bytes(np.packbits(waves > np.median(waves))).hex()


def as_rows(hashes: list[str]) -> Hashes:
    """Hashes as rows of 32 bytes, to be compared all at once."""
    return np.array([list(bytes.fromhex(one)) for one in hashes], np.uint8).reshape(len(hashes), BITS // 8)


def distances(one: str, others: Hashes) -> NDArray[np.int64]:
    """How many bits differ between one hash and each of the others."""
    if not len(others):
        return np.zeros(0, np.int64)
    return np.asarray(np.unpackbits(as_rows([one]) ^ others, axis=1).sum(axis=1), np.int64)


def same_picture(one: bytes, other: bytes) -> bool:
    """Whether two JPEGs show one picture, stored in other sizes or qualities: no block of it differs."""
    first, second = _grey(one), _grey(other)
    if abs(_shape(first) - _shape(second)) > SHAPE_TOLERANCE * _shape(first):
        return False
    scale = min(1.0, COMPARED_SIDE / max(first.shape), COMPARED_SIDE / max(second.shape))
    size = (max(BLOCK, round(first.shape[1] * scale)), max(BLOCK, round(first.shape[0] * scale)))
    near, far = (_even(picture, size) for picture in (first, second))
    blurred = cv2.blur(cv2.absdiff(near, far), (BLOCK, BLOCK))
    return float(blurred.max()) < STILL_ALIKE


def _even(picture: Image, size: tuple[int, int]) -> NDArray[np.float32]:
    """At the given size, softened as compression softens, its brightness taken out."""
    levels = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(levels, (0, 0), SOFTENED), np.float32)
    return soft - soft.mean()


def _grey(jpeg: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def _shape(picture: Image) -> float:
    return picture.shape[1] / picture.shape[0]
