"""The demo's recording: four minutes of an invented lesson with a clock burnt in, slides with words, and what goes wrong.

Nobody is shown: who sits there are grey shapes, and the voice is filtered noise. It goes through the one door and is
indexed by the worker like any other.
"""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingestion.specimens.faces import current_faces, font
from media_processing.specimens import voice
from media_processing.tracks import Kind

SIZE = (640, 360)
FRAMES_A_SECOND, KEYFRAME_SECONDS, SECONDS = 5, 2, 240
SLIDE = (250, 30, 520, 180)
WALL, BOARD, DESK, SHAPE, CLOCK = (
    (206, 202, 192),
    (250, 250, 247),
    (146, 124, 96),
    (96, 92, 88),
    (255, 255, 255),
)
EARLY = timedelta(seconds=30)  # it runs before the lesson begins
ROWS = ((95, 215, 26), (75, 265, 32), (55, 325, 40))  # left, top and head of each row of seats
SLIDES = (
    (0, ("一、厨房卫生要求", "1. 洗手消毒后方可进入", "2. 工作衣帽整洁")),
    (70, ("二、砧板与刀具", "1. 红色切生肉 蓝色切水产", "2. 用后清洗，消毒 5 分钟")),
    (140, ("三、餐具五步法", "一刮 二洗 三冲", "四消毒 五保洁")),
    (200, ("四、食品留样", "每样不少于 125 克", "冷藏 48 小时以上")),
)


@dataclass(frozen=True)
class Fault:
    """A stretch that goes wrong, in seconds."""

    kind: Kind
    start: float
    end: float
    source: float = 0.0


FAULTS = (Fault(Kind.BLACK, 100, 112), Fault(Kind.SILENT, 160, 182), Fault(Kind.FROZEN, 215, 226))


def record_lesson(target: Path, *, begins: datetime) -> Path:
    """Write the recording of a lesson that begins then, by the clock on the wall, as MP4."""
    sound = target.with_suffix(".wav")
    voice.write(sound, seconds=SECONDS, seed=14, faults=FAULTS)
    process = subprocess.Popen(_command(sound, target), stdin=subprocess.PIPE)
    if process.stdin is None:
        raise RuntimeError("no way into ffmpeg")
    for frame in _frames(begins - EARLY):
        process.stdin.write(frame)
    process.stdin.close()
    if process.wait() != 0:
        raise RuntimeError("ffmpeg did not record the demo's lesson")
    sound.unlink()
    return target


def _frames(begins: datetime) -> Iterator[bytes]:
    rooms = {since: _room(words) for since, words in SLIDES}
    frame = b""
    for number in range(SECONDS * FRAMES_A_SECOND):
        at = number / FRAMES_A_SECOND
        fault = next((one.kind for one in FAULTS if one.start <= at < one.end), None)
        if fault == Kind.BLACK:
            yield bytes(SIZE[0] * SIZE[1] * 3)
            continue
        if fault != Kind.FROZEN:
            room = rooms[max(since for since in rooms if since <= at)].copy()
            _draw_moving(room, at, begins + timedelta(seconds=int(at)))
            frame = room.tobytes()
        yield frame


def _room(words: Sequence[str]) -> Image.Image:
    room = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(room)
    pen.rectangle(SLIDE, fill=BOARD, outline=SHAPE)
    for line, text in enumerate(words):
        pen.text(
            (SLIDE[0] + 14, SLIDE[1] + 14 + 42 * line),
            text,
            font=_font(22 if line else 26),
            fill=(30, 38, 44),
        )
    pen.text((SIZE[0] - 60, 12), "样本", font=_font(20), fill=(163, 47, 40))
    for left, top, head in ROWS:
        pen.rectangle((left - 30, top + head, SIZE[0] - left + 30, top + head + 8), fill=DESK)
    return room


def _draw_moving(room: Image.Image, at: float, moment: datetime) -> None:
    pen = ImageDraw.Draw(room)
    for row, (left, top, head) in enumerate(ROWS):
        for seat in range(4):
            x = left + seat * (SIZE[0] - 2 * left) / 3.2 + 5 * np.sin(at * (0.7 + 0.13 * seat) + row)
            y = top + 3 * np.cos(at * (0.5 + 0.1 * row) + seat)
            pen.ellipse((x, y - head / 2, x + head, y + head / 2), fill=SHAPE)
    pen.rectangle((6, 6, 252, 32), fill=(40, 44, 48))
    pen.text((12, 8), f"{moment:%Y-%m-%d %H:%M:%S}", font=_font(20), fill=CLOCK)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return font(current_faces().of("sans"), size)


def _command(sound: Path, target: Path) -> list[str]:
    group = str(KEYFRAME_SECONDS * FRAMES_A_SECOND)
    return [
        *("ffmpeg", "-nostdin", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"),
        *("-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(FRAMES_A_SECOND), "-i", "-", "-i", str(sound)),
        *("-c:v", "libx264", "-preset", "superfast", "-crf", "24", "-pix_fmt", "yuv420p"),
        *(
            "-g",
            group,
            "-keyint_min",
            group,
            "-sc_threshold",
            "0",
            "-threads",
            "1",
            "-c:a",
            "aac",
            "-b:a",
            "48k",
        ),
        *("-movflags", "+faststart", str(target)),
    ]
