"""Wears a drawn page as phones and copiers do, and carries the truth boxes along."""

import io
import random
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.specimens.carrying import carried, through
from ingestion.specimens.printed import SpecimenPage

Matrix = NDArray[np.float64]
BACKGROUND = (236, 234, 230)


@dataclass(frozen=True)
class Wear:
    """How a page was treated. `quarter_turns` and `skew` (degrees) are clockwise.

    `lean` is how far a phone was tilted: the upper edge is shortened by this share, half on either side.
    """

    quarter_turns: int = 0
    skew: float = 0.0
    lean: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    uneven_light: float = 0.0
    jpeg_quality: int = 90
    grey: bool = False
    scale: float = 1.0

    @property
    def rotation(self) -> int:
        return self.quarter_turns % 4 * 90


NONE = Wear()


def ordinary_wear(rng: random.Random, *, turns: bool = True) -> Wear:
    """What a mixed pile of phone photographs and copier scans looks like."""
    return Wear(
        quarter_turns=rng.choice((0, 0, 0, 0, 1, 2, 3)) if turns else 0,
        skew=rng.uniform(-2.5, 2.5),
        lean=rng.uniform(0.0, 0.05) if rng.random() < 0.4 else 0.0,
        blur=rng.uniform(0.0, 0.7),
        noise=rng.uniform(0.0, 5.0),
        uneven_light=rng.uniform(0.0, 0.25),
        jpeg_quality=rng.randrange(62, 92),
        grey=rng.random() < 0.3,
    )


def worn(page: SpecimenPage, wear: Wear, *, seed: int = 0) -> SpecimenPage:
    """The page after `wear`, with its printed values at their new places."""
    picture = np.asarray(page.image.convert("RGB"))
    picture, matrix = _moved(picture, wear)
    picture = _dimmed(picture, wear, np.random.default_rng(seed))
    image = Image.fromarray(picture)
    if wear.grey:
        image = image.convert("L").convert("RGB")
    return carried(page, recompressed(image, wear.jpeg_quality), through(matrix))


def _moved(picture: NDArray[np.uint8], wear: Wear) -> tuple[NDArray[np.uint8], Matrix]:
    height, width = picture.shape[:2]
    matrix = about_centre(width, height, wear.skew + wear.rotation, wear.scale) @ _leaning(
        width, height, wear.lean
    )
    corners = through(matrix)(np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=float))
    left, top = corners.min(axis=0)
    size = np.ceil(corners.max(axis=0) - corners.min(axis=0)).astype(int)
    matrix = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ matrix
    moved = cv2.warpPerspective(
        picture, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR, borderValue=BACKGROUND
    )
    return np.asarray(moved, dtype=np.uint8), matrix


def about_centre(width: int, height: int, degrees: float, scale: float) -> Matrix:
    flat = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, scale)
    return np.vstack([flat, [0, 0, 1]])


def _leaning(width: int, height: int, share: float) -> Matrix:
    """The page seen from a little below: its upper edge appears shorter."""
    inset = share * width / 2
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    tilted = np.array([[inset, 0], [width - inset, 0], [width, height], [0, height]], dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(flat, tilted), dtype=np.float64)


def _dimmed(picture: NDArray[np.uint8], wear: Wear, rng: np.random.Generator) -> NDArray[np.uint8]:
    worked: NDArray[Any] = picture.astype(np.float32)
    if wear.blur:
        worked = cv2.GaussianBlur(worked, (0, 0), wear.blur)
    if wear.uneven_light:
        height, width = picture.shape[:2]
        slope = np.linspace(1.0, 1.0 - wear.uneven_light, width, dtype=np.float32)
        fall = np.linspace(1.0, 1.0 - wear.uneven_light / 2, height, dtype=np.float32)
        worked = worked * slope[None, :, None] * fall[:, None, None]
    if wear.noise:
        worked = worked + rng.normal(0.0, wear.noise, picture.shape[:2])[:, :, None]
    return np.clip(worked, 0, 255).astype(np.uint8)


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")
