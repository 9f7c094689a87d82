"""Faces as plain values, and the contract that every face engine keeps. Imports no engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from media_processing.tracks import Picture

#: A face as an engine remembers it: a vector of length 1. Personal data of the sensitive kind: never logged.
Template = NDArray[np.float32]


@dataclass(frozen=True)
class Box:
    """Left, top, width and height in pixels of the frame."""

    left: float
    top: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2

    @property
    def size(self) -> float:
        return min(self.width, self.height)


@dataclass(frozen=True)
class Face:
    """A face in a picture: how sure the engine is that it is one (0 to 1), and how well it can be told, 0 to 1."""

    box: Box
    score: float
    quality: float
    landmarks: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Sighting:
    """One face at one second, with its template; the template is left out of every repr."""

    seconds: float
    face: Face
    template: Template

    def __repr__(self) -> str:
        return f"Sighting({self.seconds:.1f} s, {self.face.box})"


@dataclass(frozen=True)
class Sample:
    """One looked-at second of a recording and the faces in it; `blind`: black or frozen, nothing can be told."""

    seconds: float
    sightings: tuple[Sighting, ...] = ()
    blind: bool = False


References = Mapping[str, tuple[Template, ...]]


@runtime_checkable
class FaceEngine(Protocol):
    """Finds faces and remembers them. Knows pictures; never sees a trainee or a dossier.

    `threshold`: the likeness from which two templates are held to be one person's, measured for this engine.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def threshold(self) -> float: ...

    def faces(self, picture: Picture) -> tuple[Face, ...]:
        """Every face found in a picture (blue green red), in pixels of it."""
        ...

    def template(self, picture: Picture, face: Face) -> Template:
        """What this engine remembers of the face: a vector of length 1."""
        ...


def likeness(one: Template, other: Template) -> float:
    """Cosine of two templates, -1 to 1."""
    return float(one @ other)
