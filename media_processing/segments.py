"""A long recording in segments that several workers can look at, each by itself: planned, looked at, kept, taken up again.

A segment owns the keyframes from its start up to its end and sees a little beyond both, so that what crosses a border
is seen from either side; merging makes it one again. What it keeps lies in a file: keyframes as small pictures, which
a slide's region drawn later can be held against without decoding anything anew.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing import ffmpeg, passes
from media_processing.metering import Clock
from media_processing.suspicion import joined, suspicious, without
from media_processing.tracks import Picture, RecordingFacts, Stretch

SEGMENT_SECONDS = 1800.0
OVERLAP_SECONDS = 11.0  # beyond either border: a group of pictures of every recorder we know
LEAST_BLACK, LEAST_FROZEN = 0.5, 1.0  # seconds
KEPT_EVERY = 1.9  # seconds between two keyframes that are kept as pictures
LOOK_QUALITY, THUMB_QUALITY = 97, 78  # strokes of a slide are compared: less would blur them
THUMB_WIDTH = 160

Tell = Callable[[int, int], None]


def _nobody(done: int, total: int) -> None:
    return None


@dataclass(frozen=True)
class Looked:
    """What one segment showed; the pictures are in its file (Kept)."""

    keyframe_seconds: tuple[float, ...]
    black: tuple[Stretch, ...]
    frozen: tuple[Stretch, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "keyframes": list(self.keyframe_seconds),
            "black": [[one.start, one.end] for one in self.black],
            "frozen": [[one.start, one.end] for one in self.frozen],
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "Looked":
        black, frozen = (tuple(Stretch(*one) for one in said[kind]) for kind in ("black", "frozen"))
        return cls(tuple(said["keyframes"]), black, frozen)


@dataclass(frozen=True)
class Kept:
    """Keyframes of one segment as they are kept: `looks` and `thumbs` are JPEGs one behind the other, each ending where
    `look_ends` and `thumb_ends` say.
    """

    seconds: NDArray[np.float64]
    looks: NDArray[np.uint8]
    look_ends: NDArray[np.int64]
    thumbs: NDArray[np.uint8]
    thumb_ends: NDArray[np.int64]

    def pictures(self) -> Iterator[tuple[float, Picture]]:
        """Small and grey, one after the other."""
        for at, packed in zip(self.seconds.tolist(), _parts(self.looks, self.look_ends), strict=True):
            yield at, np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)

    def small(self) -> Iterator[tuple[float, Picture]]:
        """Smaller, in colour."""
        for at, packed in zip(self.seconds.tolist(), _parts(self.thumbs, self.thumb_ends), strict=True):
            yield at, np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)

    def save(self, target: Path) -> None:
        with target.open("wb") as out:
            np.savez(out, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def load(cls, source: Any) -> "Kept":
        """From an open binary file, or a path."""
        with np.load(source, allow_pickle=False) as held:
            return cls(**{name: held[name] for name in cls.__dataclass_fields__})


def planned(duration: float, *, seconds: float = SEGMENT_SECONDS) -> tuple[Stretch, ...]:
    """Segments of about so many seconds, to whole seconds; the last ends with the recording, whatever it said."""
    count = max(1, round(duration / seconds))
    edges = [float(round(number * duration / count)) for number in range(count)]
    return tuple(Stretch(start, end) for start, end in zip(edges, [*edges[1:], math.inf], strict=True))


def look(
    path: Path,
    facts: RecordingFacts,
    segment: Stretch,
    target: Path,
    *,
    clock: Clock | None = None,
    tell: Tell = _nobody,
) -> Looked:
    """Look at one segment: its keyframes, and in full what looks wrong; what is kept of it is saved as `target`.

    A segment behind the end of a recording that promised more is empty; Unreadable where there is no picture at all.
    `tell` hears how many of how many steps are done, and may end the work by raising.
    """
    clock = clock or Clock()
    wide = Stretch(max(0.0, segment.start - OVERLAP_SECONDS), segment.end + OVERLAP_SECONDS)
    try:
        with clock.step("keyframes"):
            owned, doubtful = _seen(path, facts, segment, wide, target)
    except ffmpeg.Unreadable:
        if segment.start <= 0:
            raise
        nothing().save(target)
        return Looked((), (), ())
    with clock.step("suspicious"):
        black, frozen = closely(path, doubtful, tell)
    return Looked(owned, black, frozen)


def keep_keyframes(path: Path, facts: RecordingFacts, segment: Stretch, target: Path) -> None:
    """Save the keyframes of a segment and look no closer; Unreadable where there is no picture."""
    _seen(path, facts, segment, segment, target)


def _seen(
    path: Path, facts: RecordingFacts, segment: Stretch, wide: Stretch, target: Path
) -> tuple[tuple[float, ...], list[Stretch]]:
    """The keyframes that the segment owns, and what deserves a closer look; what is kept is saved."""
    with passes.keyframes(path, wide, coloured=thumb_size(facts)) as looks:
        last = float(max(looks.packets.seconds.max(initial=0.0), looks.seconds[-1]))
        whole = Stretch(wide.start, min(wide.end, max(facts.duration_seconds, last)))
        doubtful = [one for one in suspicious(looks, whole) if one.overlaps(segment)]
        keep(looks, segment).save(target)
        return tuple(at for at in looks.seconds if segment.start <= at < segment.end), doubtful


def closely(
    path: Path, doubtful: Sequence[Stretch], tell: Tell = _nobody
) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Black and frozen parts of what looked wrong; what is black is not told as frozen too."""
    black: list[Stretch] = []
    frozen: list[Stretch] = []
    for number, stretch in enumerate(doubtful):
        tell(number, len(doubtful))
        dark, still = passes.black_and_frozen(path, stretch)
        black += dark
        frozen += still
    return settled(black, frozen)


def settled(
    black: Sequence[Stretch], frozen: Sequence[Stretch]
) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Each stretch once, from whichever side of a border it was seen, and none too short to speak of."""
    dark = tuple(one for one in joined(black) if one.seconds >= LEAST_BLACK)
    return dark, without(joined(frozen), dark, least=LEAST_FROZEN)


def keep(looks: passes.Keyframes, segment: Stretch) -> Kept:
    """The pictures a segment owns, none nearer to the one before than KEPT_EVERY."""
    kept: list[int] = []
    for number, at in enumerate(looks.seconds):
        if segment.start <= at < segment.end and (not kept or at - looks.seconds[kept[-1]] >= KEPT_EVERY):
            kept.append(number)
    packed = [_packed(looks.pictures[number], LOOK_QUALITY) for number in kept]
    thumbs = [_packed(looks.coloured[number], THUMB_QUALITY) for number in kept]
    return Kept(
        np.array([looks.seconds[number] for number in kept], np.float64),
        *_rowed(packed),
        *_rowed(thumbs),
    )


def nothing() -> Kept:
    """A segment in which there is no picture."""
    none, ends = np.zeros(0, np.uint8), np.zeros(0, np.int64)
    return Kept(np.zeros(0), none, ends, none, ends)


def thumb_size(facts: RecordingFacts) -> tuple[int, int]:
    """A small picture's width and height, upright as the recording is."""
    picture = facts.picture
    if picture is None or not picture.width or not picture.height:
        return THUMB_WIDTH, THUMB_WIDTH * 9 // 16
    return THUMB_WIDTH, min(320, max(40, round(THUMB_WIDTH * picture.height / picture.width)))


def _packed(picture: Picture, quality: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], np.uint8).ravel()


def _rowed(packed: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    if not packed:
        return np.zeros(0, np.uint8), np.zeros(0, np.int64)
    return np.concatenate(packed), np.cumsum([len(one) for one in packed], dtype=np.int64)


def _parts(row: NDArray[np.uint8], ends: NDArray[np.int64]) -> Iterator[NDArray[np.uint8]]:
    start = 0
    for end in ends.tolist():
        yield row[start:end]
        start = end
