"""A camera test as plain values: what was looked at, what of it can be told, and what to say of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from media_processing.sightings import Face
from media_processing.tracks import Picture, RecordingFacts

LOOK_WIDTH = 960
GOOD, MIND, BAD = "good", "mind", "bad"


@dataclass(frozen=True)
class Look:
    """One looked-at picture with the faces an engine found in it, in pixels of the `size` (width, height) as it was
    recorded. The picture itself may be kept smaller (`small`)."""

    seconds: float
    picture: Picture = field(repr=False)
    size: tuple[int, int]
    faces: tuple[Face, ...] = ()

    @classmethod
    def small(cls, seconds: float, picture: Picture, faces: Sequence[Face]) -> "Look":
        """A look that remembers a grey picture of 960 pixels: forty of them fit into little memory."""
        return cls(seconds, grey_of(picture), (picture.shape[1], picture.shape[0]), tuple(faces))


@dataclass(frozen=True)
class Seat:
    """A place where faces were seen. `box` in fractions of the picture, `pixels` the middle size of its faces.

    `why` a seat cannot be verified: small, faint (blurred, turned or dark) or rare (seen once).
    """

    box: tuple[float, float, float, float]
    pixels: int
    quality: float
    seen: int
    why: str = ""

    @property
    def is_verifiable(self) -> bool:
        return not self.why


@dataclass(frozen=True)
class Light:
    """Shares of the picture, 0 to 1, and `mean` brightness, 0 to 255; `faces`: that of the faces, None without."""

    mean: float
    over: float
    under: float
    glare: float
    blur: float
    faces: float | None = None


@dataclass(frozen=True)
class Heard:
    """Loudness in decibels below full scale: of what is loud, of the quiet in between; shares 0 to 1."""

    level: float
    floor: float
    clipped: float
    hum: float


@dataclass(frozen=True)
class Recorder:
    """What the file says of the recorder. `has_clock`: None where nobody read the picture."""

    facts: RecordingFacts
    keyframe_seconds: float
    bits_a_second: float
    has_clock: bool | None = None


@dataclass(frozen=True)
class Finding:
    """One thing to tell: good, to mind, or bad; `code` picks the sentence, `params` its figures."""

    kind: str
    code: str
    params: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """All that a camera test found. `shown_at`: the looked-at second that shows most faces."""

    seconds: float
    looks: int
    shown_at: float
    seats: tuple[Seat, ...]
    light: Light | None
    heard: Heard | None
    recorder: Recorder
    findings: tuple[Finding, ...]

    @property
    def verifiable(self) -> int:
        return sum(seat.is_verifiable for seat in self.seats)


def grey_of(picture: Picture) -> Picture:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    scale = LOOK_WIDTH / grey.shape[1]
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.uint8)
