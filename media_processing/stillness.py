"""Is the picture black, is it frozen? Told from small frames, ten a second, of a stretch that looked wrong; pure.

A frozen picture is one in which nothing moves anywhere, not one in which little moves: people far away who sit still
change fewer pixels than a codec does. Strips at the top and the bottom are left out, where a recorder's clock runs on.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing.tracks import Stretch

FRAMES_A_SECOND = 10.0
DARK_LEVEL, DARK_SHARE = 38, 0.98
CELLS = (9, 16)  # rows and columns of the picture
CLOCK_ROWS = 1  # at the top and at the bottom
LAG_SECONDS = 0.5  # over which movement is looked for
MOVED_LEVEL, MOVED_PIXELS = 10, 3  # so many pixels of a cell by more than a codec's noise
MOVED_CELLS = 2  # so many may change where a keyframe draws an edge anew; a class of people changes a dozen
LIVE_SHARE = 0.3  # of the flicker around it: what is frozen has next to none, an empty room has all of it

Frames = tuple[tuple[float, ...], NDArray[np.uint8]]


def black_in(frames: Frames) -> Iterator[Stretch]:
    """Stretches in which the picture is dark all over."""
    seconds, pictures = frames
    dark = [np.count_nonzero(picture < DARK_LEVEL) >= DARK_SHARE * picture.size for picture in pictures]
    for first, last in _runs(np.array(dark, bool)):
        yield Stretch(seconds[first], _end_of(seconds, last))


def frozen_in(frames: Frames) -> Iterator[Stretch]:
    """Stretches in which nothing moves and nothing flickers."""
    seconds, pictures = frames
    if len(seconds) < 3:
        return
    times = np.array(seconds)
    before = np.searchsorted(times, times - LAG_SECONDS + 1e-3, side="right") - 1
    soft = [np.asarray(cv2.blur(picture, (3, 3)), np.uint8) for picture in pictures]
    still = np.array(
        [past >= 0 and not _moves(soft[past], soft[now]) for now, past in enumerate(before.tolist())]
    )
    flicker = np.array(
        [0.0, *(_flicker(one, other) for one, other in zip(pictures, pictures[1:], strict=False))]
    )
    live = float(np.median(flicker[~still])) if (~still).any() else 0.0
    for first, last in _runs(still):
        if float(np.median(flicker[first : last + 1])) <= LIVE_SHARE * live:
            yield Stretch(seconds[int(before[first])], _end_of(seconds, last))


def _moves(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether something moved between the strips."""
    rows, columns = CELLS
    high, wide = one.shape[0] // rows, one.shape[1] // columns
    top, bottom, right = CLOCK_ROWS * high, (rows - CLOCK_ROWS) * high, columns * wide
    change = np.abs(one[top:bottom, :right].astype(np.int16) - other[top:bottom, :right]) > MOVED_LEVEL
    cells = change.reshape(rows - 2 * CLOCK_ROWS, high, columns, wide).sum(axis=(1, 3))
    return int(np.count_nonzero(cells >= MOVED_PIXELS)) > MOVED_CELLS


def _flicker(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean())


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and last place of every row of true ones."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield start, end - 1


def _end_of(seconds: tuple[float, ...], last: int) -> float:
    """A frame lasts until the next; the last one as long as frames lie apart."""
    if last + 1 < len(seconds):
        return seconds[last + 1]
    return seconds[last] + (seconds[last] - seconds[0]) / max(1, len(seconds) - 1)
