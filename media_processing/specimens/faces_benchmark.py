"""Measures face engines on photographs of real people that somebody else provides. Run by script/benchmark faces.

Without --faces it says "not measured": drawn faces are no substitute. A folder a person, photographs inside; nothing
of them is kept. For each engine and size: how many pairs of one person's photographs are held to be alike at the
threshold that lets one pair of strangers in a thousand pass, and how the engine's own threshold fares.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from media_processing.engines import FACE_ENGINES, face_engine
from media_processing.sightings import FaceEngine, Template
from media_processing.tracks import Picture

SIZES = (0, 48, 32, 24)  # pixels of the face; 0: as photographed
STRANGERS_IN = 0.001
SUFFIXES = (".jpg", ".jpeg", ".png")
HEAD = (
    "engine",
    "face",
    "found",
    "true matches at 1 in 1,000",
    "at its threshold",
    "strangers there",
    "CPU ms a face",
)


@dataclass(frozen=True)
class Remembered:
    """One photograph's template and whose it is."""

    person: str
    template: Template


def photographs(folder: Path) -> Iterator[tuple[str, Picture]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if picture is not None:
                yield path.parent.name, np.asarray(picture, np.uint8)


def row(engine: FaceEngine, size: int, pictures: Sequence[tuple[str, Picture]]) -> tuple[str, ...]:
    begun = time.process_time()
    known = [found for person, picture in pictures if (found := _remembered(engine, person, picture, size))]
    spent = (time.process_time() - begun) / max(1, len(pictures))
    alike, strange = _pairs(known)
    if not alike.size or not strange.size:
        return (
            engine.name,
            _shown(size),
            f"{len(known)}/{len(pictures)}",
            "-",
            "-",
            "-",
            f"{spent * 1000:.0f}",
        )
    bar = float(np.quantile(strange, 1 - STRANGERS_IN))
    return (
        engine.name,
        _shown(size),
        f"{len(known)}/{len(pictures)}",
        f"{np.count_nonzero(alike > bar)}/{alike.size} (from {bar:.3f})",
        f"{np.count_nonzero(alike >= engine.threshold)}/{alike.size} (from {engine.threshold:.2f})",
        f"{np.count_nonzero(strange >= engine.threshold)}/{strange.size}",
        f"{spent * 1000:.0f}",
    )


def _remembered(engine: FaceEngine, person: str, picture: Picture, size: int) -> Remembered | None:
    faces = engine.faces(picture)
    if not faces:
        return None
    face = max(faces, key=lambda one: one.box.size)
    if size:
        scale = size / face.box.size
        if scale >= 1:
            return None
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return _remembered(engine, person, np.asarray(small, np.uint8), 0)
    return Remembered(person, engine.template(picture, face))


def _pairs(known: Sequence[Remembered]) -> tuple[np.ndarray, np.ndarray]:
    alike: list[float] = []
    strange: list[float] = []
    for one, other in combinations(known, 2):
        (alike if one.person == other.person else strange).append(float(one.template @ other.template))
    return np.array(alike), np.array(strange)


def _shown(size: int) -> str:
    return f"{size} px" if size else "full"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=Path, help="a folder with a folder of photographs for each person")
    parser.add_argument("--engines", default=",".join(name for name in FACE_ENGINES if name != "null"))
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    chosen = parser.parse_args(arguments)
    if chosen.faces is None:
        sys.stdout.write("not measured: no folder of photographs was named (--faces)\n")
        return 0
    pictures = list(photographs(chosen.faces))
    people = len({person for person, _ in pictures})
    sys.stdout.write(f"{len(pictures)} photographs of {people} people\n\n")
    for line in (HEAD, tuple("---" for _ in HEAD)):
        sys.stdout.write(f"| {' | '.join(line)} |\n")
    for name in chosen.engines.split(","):
        for size in (int(size) for size in chosen.sizes.split(",")):
            sys.stdout.write(f"| {' | '.join(row(face_engine(name), size, pictures))} |\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
