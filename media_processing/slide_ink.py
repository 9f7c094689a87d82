"""Is this another slide? What is written on the wall, thin strokes, held against what was written; pure.

A person before the wall is a thick patch: where one stands or stood nothing is asked. What a new slide shares with
the one before (frame, title bar) stays; its words do not. Light that drifts changes no stroke.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing.tracks import Picture

WIDTH = 192  # pixels to which the region is scaled: strokes of a legible slide are two or three wide
STROKE, STROKE_LEVEL = 7, 14
CHANGED_LEVEL, EVEN = 20, 13
THICK, THICK_LEVEL = 9, 22
AROUND = 15  # wider than what evens the light, which a person darkens
CLOSE_AROUND = 9  # in a whole picture people are everywhere: their edges are told by their restlessness
ANOTHER_SHARE = 0.18  # of the strokes outside thick patches that came or went
LEAST_INK = 0.004  # of the region: with less there are no words to compare
REPAINTED_SHARE = 0.6  # of the region that changed as patches: nobody is so large
PATCH_WEIGHT = 0.02
REWRITTEN_SHARE = 0.08  # of a cell


@dataclass(frozen=True)
class Compared:
    """Strokes that came or went, all strokes, and what changed as thick patches; shares of the region."""

    changed: float
    ink: float
    patches: float

    @property
    def share(self) -> float:
        """Of what is written, what changed; nothing written is nothing changed."""
        return self.changed / self.ink if self.ink >= LEAST_INK else 0.0

    @property
    def distance(self) -> float:
        """How far the one is from the other: by what is written; by patches where nothing is."""
        return self.changed + PATCH_WEIGHT * self.patches

    @property
    def is_another(self) -> bool:
        return self.share >= ANOTHER_SHARE or self.patches >= REPAINTED_SHARE


def compared(one: Picture, other: Picture) -> Compared:
    """Two pictures of the region, grey."""
    before, after = _scaled(one), _scaled(other)
    ink, moved, patches = _strokes(before, after, AROUND)
    size = float(before.size)
    return Compared(
        np.count_nonzero(ink & moved) / size, np.count_nonzero(ink) / size, np.count_nonzero(patches) / size
    )


def rewritten(one: Picture, other: Picture, grid: tuple[int, int]) -> NDArray[np.bool_]:
    """Cells of a grid over two whole pictures in which strokes came or went."""
    ink, moved, _hidden = _strokes(one, other, CLOSE_AROUND)
    return np.asarray(
        cv2.resize((ink & moved).astype(np.float32), grid, interpolation=cv2.INTER_AREA) > REWRITTEN_SHARE
    )


def _strokes(
    before: Picture, after: Picture, around: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Strokes of either outside thick patches, what is another brightness, and the patches."""
    patches = _patches(before, after, around)
    ink = (_ink(before) | _ink(after)) & ~patches
    moved = np.abs(_lit_evenly(before) - _lit_evenly(after)) > CHANGED_LEVEL
    return ink, moved, patches


def _scaled(cut: Picture) -> Picture:
    height = max(8, round(cut.shape[0] * WIDTH / max(1, cut.shape[1])))
    return np.asarray(
        cv2.resize(
            cut, (WIDTH, height), interpolation=cv2.INTER_AREA if cut.shape[1] > WIDTH else cv2.INTER_LINEAR
        ),
        np.uint8,
    )


def _ink(picture: Picture) -> NDArray[np.bool_]:
    """Dark strokes on bright paper and bright ones on dark: what a closing or an opening wipes away."""
    dark = cv2.morphologyEx(picture, cv2.MORPH_BLACKHAT, _block(STROKE))
    bright = cv2.morphologyEx(picture, cv2.MORPH_TOPHAT, _block(STROKE))
    return np.asarray(np.maximum(dark, bright) > STROKE_LEVEL)


def _patches(before: Picture, after: Picture, around: int) -> NDArray[np.bool_]:
    """Where the picture changed over more than a stroke's width, and a little around it."""
    difference = cv2.absdiff(cv2.medianBlur(before, 5), cv2.medianBlur(after, 5))
    changed = (difference > THICK_LEVEL).astype(np.uint8)
    thick = cv2.morphologyEx(changed, cv2.MORPH_OPEN, _block(THICK))
    return np.asarray(cv2.dilate(thick, _block(around)) > 0)


def _lit_evenly(picture: Picture) -> NDArray[np.int16]:
    """The picture without what is darker or brighter as a whole."""
    return np.asarray(picture.astype(np.int16) - cv2.blur(picture, (EVEN, EVEN)))


@lru_cache
def _block(side: int) -> NDArray[np.uint8]:
    return np.ones((side, side), np.uint8)
