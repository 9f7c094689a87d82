"""When does a new slide appear? What is written in the slide region changed between keyframes, and stays changed.

A slide is a small part of a classroom's picture, so only the region counts; what a person hides who stands before it
says nothing. The second itself is found in the one group of pictures in which it happened.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing.slide_ink import compared, rewritten
from media_processing.tracks import Picture, Region, Stretch

DARK_MEAN = 16
REFINE_A_SECOND = 5.0
GRID = (96, 54)
LEAST_REGION, MOST_REGION = 0.02, 0.6  # of the picture
RESTLESS_SHARE = 0.5  # of the steps in which a cell changes: people sit there
STIRRING_SHARE, CALM_SHARE = 0.08, 0.5  # a slide's place rests in so many of the steps

LEAST_STEPS, MOST_LOOKS = 5, 3000

#: Keyframes with their seconds, small and grey, in order.
Looks = Iterable[tuple[float, Picture]]
Frames = tuple[tuple[float, ...], NDArray[np.uint8]]
Decode = Callable[[Stretch], Frames]


@dataclass(frozen=True)
class Change:
    """A new slide between two keyframes."""

    before: float
    after: float


def changes_in(looks: Looks, region: Region, *, blind: Sequence[Stretch] = ()) -> Iterator[Change]:
    """Each change that the next keyframe confirms, or that nothing comes behind; `blind` stretches show no slide.

    One picture after the other: however long the recording, three are held.
    """
    shown: tuple[float, Picture] | None = None
    doubted: tuple[float, Picture] | None = None  # another slide, or somebody who passes by
    for at, cut in _cuts(looks, region, blind):
        if shown is None:
            shown = (at, cut)
            continue
        if doubted is not None:
            if not compared(shown[1], cut).is_another:
                shown, doubted = (at, cut), None  # it was nothing that stays
                continue
            yield Change(shown[0], doubted[0])
            shown, doubted = doubted, None
        if compared(shown[1], cut).is_another:
            doubted = (at, cut)
        else:
            shown = (at, cut)
    if shown is not None and doubted is not None:
        yield Change(shown[0], doubted[0])


def _cuts(looks: Looks, region: Region, blind: Sequence[Stretch]) -> Iterator[tuple[float, Picture]]:
    for at, picture in looks:
        if picture.mean() > DARK_MEAN and not any(one.start - 0.1 <= at <= one.end + 0.1 for one in blind):
            yield at, region.cut(picture)


def refined(change: Change, region: Region, decode: Decode) -> float:
    """The first frame of the group that looks more like what came than like what was."""
    seconds, pictures = decode(Stretch(change.before, change.after))
    if len(seconds) < 2:
        return change.after
    cuts = [region.cut(picture) for picture in pictures]
    first, last = cuts[0], cuts[-1]
    for at, cut in zip(seconds, cuts, strict=True):
        if compared(cut, last).distance < compared(cut, first).distance:
            return at
    return change.after


def proposed_region(looks: Looks) -> Region | None:
    """Where slides seem to change: a box in which nothing is written nearly always, and then much. A person draws it anew.

    People move in the same places from keyframe to keyframe; a slide's place rests between two changes.
    """
    steps = np.array(list(_steps(looks)), bool)
    if len(steps) < LEAST_STEPS:
        return None
    restless = steps.mean(axis=0) > RESTLESS_SHARE
    boxes = [box for step in steps for box in _boxes_of((step & ~restless).astype(np.uint8))]
    rated = [(_rests(steps, box), box) for box in boxes]
    calm = [box for rests, box in rated if rests]
    if not calm:
        return None
    best = max(calm, key=lambda box: (sum(_alike(box, other) for other in calm), box[2] * box[3]))
    alike = [box for box in calm if _alike(box, best)]
    left, top = (float(np.median([box[side] for box in alike])) for side in (0, 1))
    right, bottom = (float(np.median([box[side] + box[side + 2] for box in alike])) for side in (0, 1))
    return Region(left / GRID[0], top / GRID[1], (right - left) / GRID[0], (bottom - top) / GRID[1])


Box = tuple[int, int, int, int]


def _steps(looks: Looks) -> Iterator[NDArray[np.bool_]]:
    """Between each picture and the next the cells in which something was written or wiped; dark ones are left out."""
    before: Picture | None = None
    for number, (_at, picture) in enumerate(looks):
        if number >= MOST_LOOKS:
            return
        if picture.mean() <= DARK_MEAN:
            continue
        if before is not None:
            yield rewritten(before, picture, GRID)
        before = picture


def _boxes_of(mask: NDArray[np.uint8]) -> list[Box]:
    """What changed together in one step, as boxes of a slide's size."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(closed)
    cells = mask.shape[0] * mask.shape[1]
    return [
        (left, top, width, height)
        for left, top, width, height, _area in stats[1:].tolist()
        if LEAST_REGION <= width * height / cells <= MOST_REGION
    ]


def _rests(steps: NDArray[np.bool_], box: Box) -> bool:
    """Whether next to nothing stirs in the box in most steps."""
    left, top, width, height = box
    stirring = steps[:, top : top + height, left : left + width].mean(axis=(1, 2))
    return float(np.mean(stirring < STIRRING_SHARE)) >= CALM_SHARE


def _alike(one: Box, other: Box) -> bool:
    """The smaller lies mostly within the larger."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return False
    return across * down >= 0.6 * min(one[2] * one[3], other[2] * other[3])
