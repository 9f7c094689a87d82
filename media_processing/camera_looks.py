"""A clip of a room looked at for its camera test: pictures with faces, sound, recorder. Knows no Django."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing import camera_test, ffmpeg, passes
from media_processing.camera_test import Look, Recorder, Report
from media_processing.sightings import FaceEngine
from media_processing.tracks import Picture, RecordingFacts, Region

STEP_SECONDS, MOST_SECONDS, MOST_LOOKS, CLOCK_LOOKS = 5.0, 300.0, 40, 4
SOUND_RATE = 16000
STILL_WIDTH, STILL_QUALITY = 1600, 85

#: Whether a clock is burnt into these pictures; the front hands a reader in, without one nobody says.
ClockFinder = Callable[[list[Picture]], bool]
Progress = Callable[[int], None]


class TooLong(ValueError):
    """A camera test looks at some two minutes; this clip is a whole lesson. The argument is its seconds."""


@dataclass(frozen=True)
class Tested:
    """The report, and the picture that shows most faces as a JPEG."""

    report: Report
    still: bytes = field(repr=False)


def look_at_clip(
    path: Path,
    engine: FaceEngine,
    *,
    seats: int,
    slides: Region | None = None,
    find_clock: ClockFinder | None = None,
    progress: Progress = lambda done: None,
) -> Tested:
    """Everything a camera test tells of a clip. Raises ffmpeg.Unreadable for what is no recording, TooLong."""
    facts = ffmpeg.probe(path)
    if facts.picture is None:
        raise ffmpeg.Unreadable
    if facts.duration_seconds > MOST_SECONDS:
        raise TooLong(facts.duration_seconds)
    looks: list[Look] = []
    firsts: list[Picture] = []
    shown, most = None, -1
    for seconds, picture in passes.samples(path, step_seconds=STEP_SECONDS):
        faces = engine.faces(picture)
        looks.append(Look.small(seconds, picture, faces))
        firsts += [picture] if len(firsts) < CLOCK_LOOKS else []
        if len(faces) > most:
            shown, most = picture, len(faces)
        progress(len(looks))
        if len(looks) >= MOST_LOOKS:
            break
    has_clock = find_clock(firsts) if find_clock and firsts else None
    made = camera_test.report(
        looks,
        _sound(path, facts),
        _recorder(path, facts, has_clock),
        seats=seats,
        rate=SOUND_RATE,
        sees_faces=engine.name != "null",
        slides=slides,
    )
    return Tested(made, b"" if shown is None else _jpeg(shown))


def _sound(path: Path, facts: RecordingFacts) -> NDArray[np.int16] | None:
    if facts.sound is None:
        return None
    with tempfile.TemporaryDirectory(prefix="juanzong-sound-") as folder:
        target = Path(folder) / "sound.raw"
        ffmpeg.plain_sound(path, target, rate=SOUND_RATE, seconds=MOST_SECONDS)
        return np.fromfile(target, np.int16) if target.is_file() else np.zeros(0, np.int16)


def _recorder(path: Path, facts: RecordingFacts, has_clock: bool | None) -> Recorder:
    packets = passes.packets(path)
    keys = packets.seconds[packets.is_key]
    apart = float(np.median(np.diff(keys))) if keys.size > 1 else facts.duration_seconds
    bits = float(packets.bytes.sum()) * 8 / max(1.0, facts.duration_seconds)
    return Recorder(facts, apart, bits, has_clock)


def _jpeg(picture: Picture) -> bytes:
    scale = STILL_WIDTH / picture.shape[1]
    if scale < 1:
        picture = np.asarray(
            cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
    _done, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY])
    return encoded.tobytes()
