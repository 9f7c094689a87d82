"""Writes a classroom as the file a lesson recorder leaves: H.264 1080p25, ten seconds between keyframes, AAC."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from media_processing.specimens import voice
from media_processing.specimens.cast import Actor
from media_processing.specimens.classroom import FRAMES_A_SECOND, HEIGHT, KEYFRAME_SECONDS, WIDTH, Classroom
from media_processing.specimens.classroom_pictures import DRAWN_A_SECOND, Drawing


class NotRecorded(RuntimeError):
    """ffmpeg gave up."""


def record(classroom: Classroom, actors: Sequence[Actor], target: Path, *, preset: str = "superfast") -> Path:
    """The lesson with picture and sound; whole or not at all."""
    sound, unfinished = target.with_suffix(".wav"), target.with_suffix(".part.mp4")
    voice.write(sound, seconds=classroom.seconds, seed=classroom.seed + 1000, faults=classroom.faults)
    process = subprocess.Popen(_command(classroom, sound, unfinished, preset), stdin=subprocess.PIPE)
    if process.stdin is None:
        raise NotRecorded(str(target))
    for frame in Drawing(classroom, actors).frames():
        for plane in (frame.bright, frame.blue, frame.red):
            process.stdin.write(plane.data)
    process.stdin.close()
    sound.unlink()
    if process.wait() != 0:
        raise NotRecorded(str(target))
    return unfinished.rename(target)


def _command(classroom: Classroom, sound: Path, target: Path, preset: str) -> list[str]:
    group = str(round(KEYFRAME_SECONDS * FRAMES_A_SECOND))
    return [
        *("ffmpeg", "-nostdin", "-y", "-loglevel", "error"),
        *(
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-s",
            f"{WIDTH}x{HEIGHT}",
            "-r",
            str(DRAWN_A_SECOND),
            "-i",
            "-",
        ),
        *("-i", str(sound), "-c:a", "aac", "-b:a", "64k"),
        *(
            "-c:v",
            "libx264",
            "-preset",
            preset,
            "-crf",
            str(classroom.quality),
            "-threads",
            "1",
            "-r",
            str(FRAMES_A_SECOND),
        ),
        *("-g", group, "-keyint_min", group, "-sc_threshold", "0", "-movflags", "+faststart"),
        str(target),
    ]
