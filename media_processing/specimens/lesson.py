"""Draws an invented lesson as a fixed camera records it, with its truth: slides, faults, people as moving shapes.

Nobody is shown: people are grey shapes, the voice is filtered noise. What goes wrong is planted to the frame.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from media_processing.specimens import voice
from media_processing.tracks import Kind, Picture

SLIDE_BOX = (0.42, 0.08, 0.34, 0.36)  # left, top, width, height: the wall behind the teacher


@dataclass(frozen=True)
class Fault:
    """A stretch that goes wrong, in seconds; `source` is where a repeated one begins."""

    kind: Kind
    start: float
    end: float
    source: float = 0.0


@dataclass(frozen=True)
class Lesson:
    """What is recorded: `slides` are the seconds at which a new one appears, the first at 0."""

    seconds: float
    seed: int = 1
    width: int = 640
    height: int = 360
    frames_a_second: int = 10
    keyframe_seconds: float = 2.0
    people: int = 6
    slides: tuple[float, ...] = (0.0,)
    faults: tuple[Fault, ...] = ()
    clock: bool = True
    has_sound: bool = True
    codec: str = "libx264"
    quality: int = 23
    extra: tuple[str, ...] = field(default=())


def record(lesson: Lesson, target: Path) -> Path:
    """Write the lesson as MP4, MKV, AVI or TS, by the target's name."""
    sound = target.with_suffix(".wav")
    if lesson.has_sound:
        voice.write(sound, seconds=lesson.seconds, seed=lesson.seed, faults=lesson.faults)
    process = subprocess.Popen(_command(lesson, sound, target), stdin=subprocess.PIPE)
    if process.stdin is None:
        raise RuntimeError("no way into ffmpeg")
    for frame in frames(lesson):
        process.stdin.write(frame.tobytes())
    process.stdin.close()
    if process.wait() != 0:
        raise RuntimeError("ffmpeg did not record the lesson")
    sound.unlink(missing_ok=True)
    return target


def frames(lesson: Lesson) -> Iterator[Picture]:
    """Every frame, blue green red, faults applied."""
    count, frozen = round(lesson.seconds * lesson.frames_a_second), None
    rng = np.random.default_rng(lesson.seed + 99)
    room = _room(lesson)
    for number in range(count):
        at = number / lesson.frames_a_second
        fault = _fault(lesson, at, (Kind.BLACK, Kind.FROZEN, Kind.REPEATED))
        if fault and fault.kind == Kind.BLACK:
            yield np.zeros((lesson.height, lesson.width, 3), np.uint8)
            continue
        if fault and fault.kind == Kind.FROZEN and frozen is not None:
            yield frozen
            continue
        seen = fault.source + at - fault.start if fault and fault.kind == Kind.REPEATED else at
        frozen = _frame(lesson, room, seen, clock_at=at, rng=rng)
        yield frozen


def _fault(lesson: Lesson, at: float, kinds: tuple[Kind, ...]) -> Fault | None:
    return next((f for f in lesson.faults if f.kind in kinds and f.start <= at < f.end), None)


def _room(lesson: Lesson) -> Picture:
    rng = np.random.default_rng(lesson.seed)
    wall = np.linspace(205, 150, lesson.height, dtype=np.float32)[:, None, None]
    room = np.repeat(np.repeat(wall, lesson.width, axis=1), 3, axis=2)
    room += rng.normal(0, 2, room.shape)
    return np.clip(room, 0, 255).astype(np.uint8)


def _frame(lesson: Lesson, room: Picture, at: float, *, clock_at: float, rng: np.random.Generator) -> Picture:
    picture = room.copy()
    _draw_slide(picture, lesson, at)
    for person in range(lesson.people):
        _draw_person(picture, lesson, person, at)
    noise = rng.integers(-3, 4, picture.shape[:2], dtype=np.int16)[:, :, None]
    picture = np.clip(picture.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    if lesson.clock:
        text = f"2026-10-21 09:{int(clock_at) // 60 % 60:02d}:{int(clock_at) % 60:02d}"
        cv2.putText(picture, text, (8, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1, cv2.LINE_AA)
    return picture


def _draw_slide(picture: Picture, lesson: Lesson, at: float) -> None:
    number = sum(start <= at for start in lesson.slides)
    rng = np.random.default_rng(lesson.seed * 1000 + number)
    left, top = int(SLIDE_BOX[0] * lesson.width), int(SLIDE_BOX[1] * lesson.height)
    right, bottom = left + int(SLIDE_BOX[2] * lesson.width), top + int(SLIDE_BOX[3] * lesson.height)
    cv2.rectangle(picture, (left, top), (right, bottom), (250, 250, 250), -1)
    for line in range(5):
        y = top + (line + 1) * (bottom - top) // 7
        text = "".join(rng.choice(list("ABCDEFGHKLMNPRSTUWXYZ0123456789"), 14))
        cv2.putText(
            picture, text, (left + 6, y), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (40, 40, 40), 1, cv2.LINE_AA
        )


def _draw_person(picture: Picture, lesson: Lesson, person: int, at: float) -> None:
    """A grey head and shoulders that sways: two sums of sines of its own."""
    rng = np.random.default_rng(lesson.seed * 77 + person)
    speed, phase, shade = rng.uniform(0.05, 0.6, 4), rng.uniform(0, 6.3, 4), int(rng.integers(40, 110))
    reach = lesson.width / 60
    x = lesson.width * (person + 0.7) / (lesson.people + 0.4)
    x += reach * (np.sin(speed[0] * at + phase[0]) + np.sin(speed[1] * 2.3 * at + phase[1]))
    y = lesson.height * (0.68 + 0.1 * (person % 2)) + reach * np.sin(speed[2] * 1.7 * at + phase[2])
    head = int(lesson.height / 18)
    cv2.ellipse(
        picture,
        (int(x), int(y + 2.2 * head)),
        (int(1.7 * head), int(1.4 * head)),
        0,
        0,
        360,
        (shade,) * 3,
        -1,
    )
    cv2.circle(picture, (int(x), int(y)), head, (shade + 60,) * 3, -1)


def _command(lesson: Lesson, sound: Path, target: Path) -> list[str]:
    group = str(round(lesson.keyframe_seconds * lesson.frames_a_second))
    heard = ["-i", str(sound), "-c:a", "aac" if target.suffix != ".avi" else "mp3", "-b:a", "64k"]
    return [
        *("ffmpeg", "-nostdin", "-y", "-loglevel", "error"),
        *("-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{lesson.width}x{lesson.height}"),
        *("-r", str(lesson.frames_a_second), "-i", "-"),
        *(heard if lesson.has_sound else ()),
        *("-c:v", lesson.codec, "-preset", "veryfast", "-crf", str(lesson.quality), "-pix_fmt", "yuv420p"),
        *("-g", group, "-keyint_min", group, "-sc_threshold", "0", "-threads", "1"),
        *lesson.extra,
        str(target),
    ]
