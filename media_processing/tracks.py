"""What a recording is made of, as plain values. Imports nothing of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

#: Height x width, one byte a pixel (grey), or height x width x 3 (blue green red).
Picture = NDArray[np.uint8]

BROWSER_VIDEO = frozenset({"h264"})
BROWSER_AUDIO = frozenset({"aac", "mp3"})
MP4_FAMILY = frozenset({"mp4", "mov", "m4a", "3gp", "3g2", "mj2"})


@dataclass(frozen=True)
class Track:
    """One stream: `kind` is video or audio; the size is that of the picture, 0 for sound."""

    kind: str
    codec: str
    width: int = 0
    height: int = 0
    frames_per_second: float = 0.0


@dataclass(frozen=True)
class RecordingFacts:
    """What a probe says of a recording. `containers` are the names its container goes by."""

    duration_seconds: float
    containers: tuple[str, ...]
    tracks: tuple[Track, ...]
    starts_fast: bool = False

    @property
    def picture(self) -> Track | None:
        return next((track for track in self.tracks if track.kind == "video"), None)

    @property
    def sound(self) -> Track | None:
        return next((track for track in self.tracks if track.kind == "audio"), None)

    @property
    def has_browser_tracks(self) -> bool:
        """Whether every browser plays these streams once they lie in an MP4."""
        if self.picture is None or self.picture.codec not in BROWSER_VIDEO:
            return False
        return self.sound is None or self.sound.codec in BROWSER_AUDIO

    @property
    def plays_as_it_is(self) -> bool:
        """Whether the original itself can be handed to a player: MP4, its index first, known streams."""
        return self.has_browser_tracks and self.starts_fast and bool(MP4_FAMILY & set(self.containers))


class Kind(StrEnum):
    """What may be wrong with a stretch of a recording."""

    BLACK = "black"
    FROZEN = "frozen"
    SILENT = "silent"
    REPEATED = "repeated"


@dataclass(frozen=True)
class Stretch:
    """From `start` up to `end`, in seconds of the recording."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start

    def overlaps(self, other: "Stretch") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Incident:
    """A stretch that wants a look. `source_start`: where the stretch that it repeats begins."""

    kind: Kind
    start: float
    end: float
    source_start: float | None = None


@dataclass(frozen=True)
class Slide:
    """One slide on the wall, from its appearing to the next; `text` is what a reader made of it."""

    start: float
    end: float
    text: str = ""


@dataclass(frozen=True)
class Region:
    """A part of the picture in fractions of its width and height, from the top left."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def from_pixels(cls, box: tuple[int, int, int, int], picture: Track) -> "Region":
        """From `x, y, w, h` in pixels; ValueError for a box that does not lie within the picture."""
        x, y, width, height = box
        if (
            min(x, y) < 0
            or min(width, height) <= 0
            or x + width > picture.width
            or y + height > picture.height
        ):
            raise ValueError("the region does not lie within the picture")
        return cls(x / picture.width, y / picture.height, width / picture.width, height / picture.height)

    def cut(self, picture: Picture) -> Picture:
        """This part of a picture, at least one pixel each way."""
        height, width = picture.shape[:2]
        left, top = int(self.left * width), int(self.top * height)
        right = max(left + 1, round((self.left + self.width) * width))
        bottom = max(top + 1, round((self.top + self.height) * height))
        return picture[top:bottom, left:right]


@dataclass(frozen=True)
class RecordingIndex:
    """All that was found in one recording. `cpu_seconds` by step; `engines` name what computed it."""

    facts: RecordingFacts
    keyframe_seconds: tuple[float, ...]
    slides: tuple[Slide, ...]
    incidents: tuple[Incident, ...]
    cpu_seconds: Mapping[str, float]
    engines: tuple[str, ...]
    slide_region: Region | None = None
    sample_seconds: tuple[float, ...] = ()
