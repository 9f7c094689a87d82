"""Who sits in an invented lesson: people from a folder of photographs that somebody else provides, cut out as heads.

A folder (or a file) a person: the first photograph is the reference, the others are seen in the lesson. Every second
person by name is kept out of tuning. Files made of photographs lie in the benchmark's own folder, nowhere else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from media_processing.sightings import Box, FaceEngine
from media_processing.tracks import Picture

SUFFIXES = (".jpg", ".jpeg", ".png")
LEAST_PHOTOGRAPHS = 3
PARTS = ("tuning", "kept-out")


@dataclass(frozen=True)
class Head:
    """A photograph's face with what is around it; `face` is where the face lies in it."""

    picture: Picture
    face: Box


@dataclass(frozen=True)
class Actor:
    """One person: the portrait as it was photographed, and the heads that the lesson shows."""

    name: str
    portrait: Picture
    heads: tuple[Head, ...]


def cast(folder: Path, engine: FaceEngine, *, part: str) -> tuple[Actor, ...]:
    """Everybody of the part with enough photographs on which a face is found, by name."""
    people = sorted({path.parent.name for path in _photographs(folder)})
    chosen = set(people[PARTS.index(part) :: len(PARTS)])
    actors = (_actor(folder / name, engine) for name in people if name in chosen)
    return tuple(actor for actor in actors if actor is not None)


def _photographs(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES)


def _actor(folder: Path, engine: FaceEngine) -> Actor | None:
    heads = [head for path in _photographs(folder) if (head := _head(path, engine)) is not None]
    if len(heads) < LEAST_PHOTOGRAPHS:
        return None
    return Actor(folder.name, heads[0].picture, tuple(heads[1:]))


def _head(path: Path, engine: FaceEngine) -> Head | None:
    """The photograph with its largest face, where that lies wholly within."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        return None
    faces = engine.faces(np.asarray(picture, np.uint8))
    if not faces:
        return None
    return Head(np.asarray(picture, np.uint8), max(faces, key=lambda one: one.box.size).box)


def portraits(folder: Path, actors: Sequence[Actor]) -> Path:
    """The reference of each as a file named after the person."""
    folder.mkdir(parents=True, exist_ok=True)
    for actor in actors:
        cv2.imwrite(str(folder / f"{actor.name}.png"), actor.portrait)
    return folder
