"""From sampled pictures of a recording to who was there: an engine finds and remembers faces, `presence` decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from media_processing import passes
from media_processing.presence import Attendance, PresenceOptions, attendance
from media_processing.sightings import Face, FaceEngine, References, Sample, Sighting, Template
from media_processing.tracks import Picture, Stretch

LESSON_PIXELS = (48, 32, 24)


class NoFaceFound(ValueError):
    """A portrait shows no face this engine finds; the message is the portrait's key."""


@dataclass(frozen=True)
class Watched:
    """Which seconds were looked at, by which engine with which threshold, and what came of it."""

    seconds: tuple[float, ...]
    engine: str
    engine_version: str
    threshold: float
    attendance: Attendance


def reference(engine: FaceEngine, portrait: Picture, *, key: str) -> Template:
    """The template of the largest face of a portrait (ID card, registration form, upload).

    A lesson shows it small, and turned the one way or the other: the portrait is also remembered so, and what all of
    these have in common is the reference.
    """
    face = _largest(engine, portrait)
    if face is None:
        raise NoFaceFound(key)
    seen = [engine.template(portrait, face)]
    for picture in _as_lessons_show(portrait, face):
        there = _largest(engine, picture)
        if there is not None:
            seen.append(engine.template(picture, there))
    together = np.sum(seen, axis=0)
    return np.asarray(together / max(1e-9, float(np.linalg.norm(together))), np.float32)


def _largest(engine: FaceEngine, picture: Picture) -> Face | None:
    return max(engine.faces(picture), key=lambda face: face.box.size, default=None)


def _as_lessons_show(portrait: Picture, face: Face) -> Iterator[Picture]:
    """The portrait mirrored, and both ways with a face of as many pixels as classrooms give."""
    for pixels in (0, *LESSON_PIXELS):
        scale = pixels / face.box.size if pixels else 1.0
        if scale > 1:
            continue
        small = (
            cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            if pixels
            else portrait
        )
        if pixels:
            yield np.asarray(small, np.uint8)
        yield np.ascontiguousarray(small[:, ::-1], dtype=np.uint8)


def watch(
    path: Path,
    people: References,
    engine: FaceEngine,
    *,
    step_seconds: float = 10.0,
    blind: Sequence[Stretch] = (),
) -> Watched:
    """Look at one picture each `step_seconds`; only those in `people` can be named, nobody else is remembered."""
    seen = tuple(looked(path, engine, step_seconds=step_seconds, blind=blind))
    return decided(seen, people, engine, step_seconds=step_seconds)


def decided(
    seen: Sequence[Sample], people: References, engine: FaceEngine, *, step_seconds: float
) -> Watched:
    """Who was there, from all samples of a recording at once."""
    options = PresenceOptions(threshold=engine.threshold, step_seconds=step_seconds)
    return Watched(
        seconds=tuple(sample.seconds for sample in seen),
        engine=engine.name,
        engine_version=engine.version,
        threshold=engine.threshold,
        attendance=attendance(seen, people, options),
    )


def looked(
    path: Path,
    engine: FaceEngine,
    *,
    step_seconds: float,
    blind: Sequence[Stretch] = (),
    within: Stretch | None = None,
) -> Iterator[Sample]:
    """The samples of a recording, or of a stretch of it, with the faces in them; templates live in memory only."""
    for seconds, picture in passes.samples(path, step_seconds=step_seconds, stretch=within):
        if any(stretch.start <= seconds < stretch.end for stretch in blind):
            yield Sample(seconds, blind=True)
            continue
        seen = tuple(
            Sighting(seconds, face, engine.template(picture, face)) for face in engine.faces(picture)
        )
        yield Sample(seconds, seen)


def as_json(watched: Watched) -> Mapping[str, object]:
    """Presence as `manage.py index_recording` prints it: no template leaves."""
    return {
        "samples": [round(at, 2) for at in watched.seconds],
        "presence": [
            {
                "trainee": one.key,
                "spans": [[round(span.start, 1), round(span.end, 1)] for span in one.spans],
                "sightings": [_sighting(seen, one.score) for seen in one.sightings],
                "verifiable": [[round(span.start, 1), round(span.end, 1)] for span in one.verifiable],
            }
            for one in watched.attendance.present
        ],
        "unknown": [
            {
                "spans": [[round(span.start, 1), round(span.end, 1)] for span in one.spans],
                "sightings": [_sighting(seen, seen.face.score) for seen in one.sightings],
            }
            for one in watched.attendance.unknown
        ],
    }


def _sighting(seen: Sighting, score: float) -> dict[str, object]:
    box = seen.face.box
    return {
        "t": round(seen.seconds, 2),
        "box": [round(edge) for edge in (box.left, box.top, box.width, box.height)],
        "score": round(score, 3),
    }
