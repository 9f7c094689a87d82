"""Is the picture black, is it frozen? Told from small frames, ten a second, of a stretch that looked wrong; pure.

A frozen picture is one in which nothing moves anywhere, not one in which little moves: people far away who sit still
change fewer pixels than a codec does, and one small figure far fewer, but by more than a codec ever would. Strips at
the top and the bottom are left out, where a recorder's clock runs on, and beside them what changes by the second alone.
"""

from collections.abc import Iterator
from itertools import pairwise

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
MARKED_LEVEL, MARKED_PIXELS = (
    25,
    8,
)  # so many pixels of one cell by so much: no keyframe does that, a small figure does
TICKS, TICK_SECONDS = 3, 0.15  # so many changes a whole number of seconds apart, give or take: a clock
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
    clock = _clock_cells(times, soft)
    still = np.array(
        [past >= 0 and not _moves(soft[past], soft[now], clock) for now, past in enumerate(before.tolist())]
    )
    flicker = np.array(
        [0.0, *(_flicker(one, other) for one, other in zip(pictures, pictures[1:], strict=False))]
    )
    live = float(np.median(flicker[~still])) if (~still).any() else 0.0
    for first, last in _runs(still):
        if float(np.median(flicker[first : last + 1])) <= LIVE_SHARE * live:
            begins = _rests_from(soft, int(before[first]), first, clock)
            yield Stretch(seconds[begins], _end_of(seconds, last))


def _rests_from(soft: list[NDArray[np.uint8]], past: int, first: int, clock: NDArray[np.bool_]) -> int:
    """The frame with which the picture came to rest; never the one that ends a stretch before, as when a slide turns."""
    return past if past == 0 or not _moves(soft[past - 1], soft[past], clock) else min(past + 1, first)


def _clock_cells(times: NDArray[np.float64], soft: list[NDArray[np.uint8]]) -> NDArray[np.bool_]:
    """Cells next to the strips that change by the second alone: a clock's seconds, and its minutes beside them."""
    changed = np.array([_cells(one, other, MOVED_LEVEL) >= MOVED_PIXELS for one, other in pairwise(soft)])
    rows, columns = CELLS[0] - 2 * CLOCK_ROWS, CELLS[1]
    found = np.zeros((rows, columns), bool)
    for row in {0, rows - 1}:
        cells = [times[1:][changed[:, row, column]] for column in range(columns)]
        second = next((at[0] for at in cells if len(at) >= TICKS and _whole(np.diff(at), least=1)), None)
        if second is not None:
            found[row] = [_whole(at - second) for at in cells]
    return found


def _whole(seconds: NDArray[np.float64], least: int | None = None) -> bool:
    """Whether all are whole seconds, give or take."""
    near = np.rint(seconds)
    far_enough = least is None or bool(np.all(near >= least))
    return far_enough and bool(np.all(np.abs(seconds - near) <= TICK_SECONDS))


def _moves(one: NDArray[np.uint8], other: NDArray[np.uint8], clock: NDArray[np.bool_]) -> bool:
    """Whether something moved between the strips: a little in several cells, or much in one that is no clock's."""
    if np.count_nonzero(_cells(one, other, MOVED_LEVEL) >= MOVED_PIXELS) > MOVED_CELLS:
        return True
    return bool(np.any((_cells(one, other, MARKED_LEVEL) >= MARKED_PIXELS) & ~clock))


def _cells(one: NDArray[np.uint8], other: NDArray[np.uint8], level: int) -> NDArray[np.int64]:
    """How many pixels of each cell between the strips changed by more than a level."""
    rows, columns = CELLS
    high, wide = one.shape[0] // rows, one.shape[1] // columns
    top, bottom, right = CLOCK_ROWS * high, (rows - CLOCK_ROWS) * high, columns * wide
    change = cv2.absdiff(one[top:bottom, :right], other[top:bottom, :right]) > level
    return np.asarray(change.reshape(rows - 2 * CLOCK_ROWS, high, columns, wide).sum(axis=(1, 3)), np.int64)


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
