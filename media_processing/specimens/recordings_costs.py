"""What an index costs: by step, against decoding keyframes alone, against a naive loop, by length, by workers."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from media_processing.engines import face_engine
from media_processing.passes import samples
from media_processing.specimens import lesson as small
from media_processing.specimens.recordings_runs import Recorded, Run, indexed, nokey, run

APART = ("suspicious", "slide_text")  # reported apart: they cost as much as there is to suspect and to read
NAIVE_FRAMES = 8


def cost_rows(lesson: Recorded, *, faces: bool) -> Iterator[tuple[str, ...]]:
    """CPU by step as the command tells it, and of all its processes together."""
    seconds = lesson.lesson.seconds
    done, alone = indexed(lesson, faces=faces), nokey(lesson.path)
    steps: dict[str, float] = done.answer["cpu_seconds"]
    yield "step, a clean lesson with 12 people", "aim", "CPU s", "x real time"
    for name, spent in steps.items():
        yield name, "", f"{spent:.2f}", _times(seconds, spent)
    told = sum(spent for name, spent in steps.items() if name not in APART)
    yield "all steps but suspicious and slide text", "20", f"{told:.2f}", _times(seconds, told)
    yield (
        "the whole command, its start included",
        "",
        f"{done.cpu_seconds:.2f}",
        _times(seconds, done.cpu_seconds),
    )
    yield "ffmpeg -skip_frame nokey to null", "", f"{alone:.2f}", _times(seconds, alone)
    yield "keyframe pass against it", "1.5", f"{steps['keyframes'] / alone:.2f} times", ""
    yield "peak memory of a process", "1024 MB", f"{done.peak_mb} MB", ""


def _times(seconds: float, spent: float) -> str:
    return f"{seconds / spent:.0f}" if spent else "-"


def naive_row(lesson: Recorded) -> Iterator[tuple[str, ...]]:
    """face_recognition on one frame a second, as its own examples do it, on a short stretch; held against our index."""
    engine = face_engine("face_recognition")
    pictures = [picture for _at, picture in islice(samples(lesson.path, step_seconds=10.0), NAIVE_FRAMES)]
    begun = time.process_time()
    for picture in pictures:
        for face in engine.faces(picture):
            engine.template(picture, face)
    looked = len(pictures)
    spent = (time.process_time() - begun) / max(1, looked)
    done = indexed(lesson, faces=True)
    ours = done.cpu_seconds / lesson.lesson.seconds
    yield "against face_recognition at 1 frame a second", "aim", "CPU s a second of recording", "times ours"
    yield (
        f"face_recognition ({looked} frames, decoding not counted)",
        "20",
        f"{spent:.3f}",
        f"{spent / ours:.0f}",
    )
    yield "the whole index", "", f"{ours:.4f}", "1"


def length_rows(hours: list[float], folder: Path) -> Iterator[tuple[str, ...]]:
    """Cost by length on small lessons that say and show something new all the time."""
    yield "hours", "CPU s an hour of recording", "peak MB", "repeats told"
    folder.mkdir(parents=True, exist_ok=True)
    for length in hours:
        done = _small_index(length, folder)
        repeats = sum(one["kind"] == "repeated" for one in done.answer["incidents"])
        yield f"{length:g}", f"{done.cpu_seconds / length:.1f}", str(done.peak_mb), str(repeats)


def _small_index(hours: float, folder: Path) -> Run:
    seconds = round(hours * 3600)
    path = folder / f"small-{seconds}s.mp4"
    if not path.is_file():
        starts = tuple(float(at) for at in range(0, seconds, 97))
        lesson = small.Lesson(
            seconds=seconds, width=320, height=180, frames_a_second=2, keyframe_seconds=10, people=4
        )
        small.record(replace(lesson, slides=starts), path)
    left, top, width, height = small.SLIDE_BOX
    region = ",".join(str(round(edge)) for edge in (left * 320, top * 180, width * 320, height * 180))
    command = [
        sys.executable,
        "-W",
        "ignore",
        "manage.py",
        "index_recording",
        str(path),
        "--slide-text",
        "null",
    ]
    return run([*command, "--slide-region", region, "--json"])
