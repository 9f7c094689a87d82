"""Runs the commands on invented lessons as anybody would, each in a process of its own, and measures what they cost."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from media_processing.specimens.cast import Actor, portraits
from media_processing.specimens.classroom import HEIGHT, WIDTH, Classroom
from media_processing.specimens.classroom_recording import record


class RunFailed(RuntimeError):
    """A command gave up; the message is what it said last."""


@dataclass(frozen=True)
class Run:
    """What a command printed, user and system seconds of it and all it called, and the largest process in MB."""

    said: str
    cpu_seconds: float
    peak_mb: int

    @property
    def answer(self) -> dict[str, Any]:
        return dict(json.loads(self.said))


def run(command: Sequence[str], log: Path | None = None) -> Run:
    """From the log, where this was run before."""
    if log is not None and log.is_file():
        return Run(**json.loads(log.read_text(encoding="utf-8")))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if process.stdout is None or process.stderr is None:
        raise RunFailed(command[0])
    said = process.stdout.read()
    complaint = process.stderr.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RunFailed(complaint.strip().splitlines()[-1] if complaint.strip() else command[0])
    done = Run(said, round(used.ru_utime + used.ru_stime, 2), used.ru_maxrss // 1024)
    if log is not None:
        log.write_text(json.dumps(asdict(done)), encoding="utf-8")
    return done


@dataclass(frozen=True)
class Recorded:
    """A lesson as a file, with the portraits of those enrolled in it."""

    lesson: Classroom
    names: tuple[str, ...]
    path: Path
    portraits: Path

    @property
    def region(self) -> str:
        left, top, width, height = self.lesson.room.slide_box
        return ",".join(
            str(round(edge)) for edge in (left * WIDTH, top * HEIGHT, width * WIDTH, height * HEIGHT)
        )


def recorded(lesson: Classroom, actors: Sequence[Actor], folder: Path) -> Recorded:
    """The file of a lesson, drawn once."""
    faults = "" if lesson.faults else "-clean"
    name = f"{lesson.part}-{lesson.size_class}-{lesson.seed}-{round(lesson.seconds)}s{faults}"
    path = folder / f"{name}.mp4"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        record(lesson, actors, path)
    enrolled = [actors[one.actor] for one in lesson.people if one.enrolled] + [actors[lesson.absent]]
    kept = portraits(folder / f"{name}-portraits", enrolled)
    return Recorded(lesson, tuple(actor.name for actor in actors), path, kept)


def indexed(lesson: Recorded, *, faces: bool, region: bool = True) -> Run:
    """`manage.py index_recording` with the region drawn, or proposed by the recording itself."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "manage.py",
        "index_recording",
        str(lesson.path),
        "--slide-text",
        "null",
    ]
    command += ["--json", *(("--slide-region", lesson.region) if region else ())]
    command += ["--portraits", str(lesson.portraits)] if faces else []
    log = lesson.path.with_suffix(f".{'faces' if faces else 'bare'}-{'drawn' if region else 'proposed'}.json")
    return run(command, log)


def compared(one: Path, other: Path) -> list[dict[str, Any]]:
    """`manage.py compare_recordings`: the stretches both share."""
    done = run(
        [sys.executable, "-W", "ignore", "manage.py", "compare_recordings", str(one), str(other), "--json"]
    )
    return list(done.answer["shared"])


def nokey(path: Path) -> float:
    """CPU seconds of ffmpeg decoding keyframes alone into nothing: what a keyframe pass is held against."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-skip_frame", "nokey", "-i", str(path)]
    return run([*command, "-an", "-f", "null", "-"]).cpu_seconds


def changed(
    path: Path, target: Path, *, start: float, seconds: float, filters: str, sound: bool = True
) -> Path:
    """The same recording trimmed, scaled or mirrored, encoded anew at crf 33."""
    if not target.is_file():
        command = [
            "ffmpeg",
            "-nostdin",
            "-y",
            "-v",
            "error",
            "-ss",
            str(start),
            "-t",
            str(seconds),
            "-i",
            str(path),
        ]
        command += ["-vf", filters, "-c:v", "libx264", "-preset", "veryfast", "-crf", "33", "-threads", "1"]
        run([*command, *(("-c:a", "aac", "-b:a", "48k") if sound else ("-an",)), str(target)])
    return target
