"""The few passes over a recording: keyframes, sound, packet sizes, and a full decode of a short stretch."""

import re
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing import ffmpeg
from media_processing.stillness import FRAMES_A_SECOND, black_in, frozen_in
from media_processing.tracks import Picture, Stretch

LOOK_WIDTH, LOOK_HEIGHT = 480, 270
LEAST_BETWEEN = 1.0  # seconds: where every picture is a keyframe, one a second will do
FINGERPRINTS_A_SECOND = 11025 / 1365.0  # chromaprint: one number each 1365 samples at 11025 Hz
SILENCE_DECIBEL, SILENCE_SECONDS = -50, 2.0
PTS = re.compile(rb"pts_time:\s*(-?[0-9.]+)")
SILENCE = re.compile(rb"silence_(start|end): (-?[0-9.]+)")
NO_TIME = -(2**63)
CLOSE_SECONDS, CLOSE_OVERLAP = 60.0, 3.0


@dataclass(frozen=True)
class Packets:
    """Sizes in bytes of the picture's packets with their times, and which are keyframes."""

    seconds: NDArray[np.float64]
    bytes: NDArray[np.int64]
    is_key: NDArray[np.bool_]


@dataclass(frozen=True)
class Keyframes:
    """Keyframes of a stretch: their times, small grey pictures and smaller coloured ones, in mapped files; and the
    packets they and what lies between them came in.
    """

    seconds: tuple[float, ...]
    pictures: NDArray[np.uint8]
    coloured: NDArray[np.uint8]
    packets: Packets

    def __iter__(self) -> Iterator[tuple[float, Picture]]:
        return zip(self.seconds, self.pictures, strict=True)


@dataclass(frozen=True)
class Sound:
    """What the sound pass found: silent stretches and the fingerprint, FINGERPRINTS_A_SECOND numbers a second."""

    silent: tuple[Stretch, ...]
    fingerprint: NDArray[np.uint32]


@contextmanager
def keyframes(
    path: Path, stretch: Stretch | None = None, *, coloured: tuple[int, int] = (160, 90)
) -> Iterator[Keyframes]:
    """Every keyframe of the stretch, at most one a second, decoded once, 480 by 270 grey and small in colour; the
    files are gone afterwards. Unreadable where there is none.
    """
    with tempfile.TemporaryDirectory(prefix="juanzong-keyframes-") as folder:
        grey, small, listed = (Path(folder) / name for name in ("looks.gray", "looks.bgr", "packets.crc"))
        said = ffmpeg.keyframe_pass(
            path,
            grey,
            size=(LOOK_WIDTH, LOOK_HEIGHT),
            small=(small, coloured),
            packets=listed,
            least_seconds=LEAST_BETWEEN,
            stretch=stretch,
        )
        seconds = tuple(float(found) for found in PTS.findall(said))
        width, height = coloured
        count = min(
            len(seconds),
            grey.stat().st_size // (LOOK_WIDTH * LOOK_HEIGHT),
            small.stat().st_size // (width * height * 3),
        )
        if not count:
            raise ffmpeg.Unreadable
        pictures = np.memmap(grey, np.uint8, mode="r", shape=(count, LOOK_HEIGHT, LOOK_WIDTH))
        in_colour = np.memmap(small, np.uint8, mode="r", shape=(count, height, width, 3))
        yield Keyframes(seconds[:count], pictures, in_colour, _packets_in(listed))


def sound(path: Path, duration: float) -> Sound:
    """Silent stretches and fingerprint in one pass; a stretch still silent at the end ends with the recording.

    Where the sound breaks off or ends early it is silent.
    """
    with tempfile.TemporaryDirectory(prefix="juanzong-sound-") as folder:
        target = Path(folder) / "fingerprint.raw"
        said = ffmpeg.sound_pass(
            path, target, decibel=SILENCE_DECIBEL, seconds=SILENCE_SECONDS, until=duration
        )
        fingerprint = np.fromfile(target, np.uint32)
    return Sound(tuple(_stretches(SILENCE.findall(said), duration)), fingerprint)


def packets(path: Path) -> Packets:
    """What the container says of the picture's packets, without decoding anything."""
    with tempfile.TemporaryDirectory(prefix="juanzong-packets-") as folder:
        target = Path(folder) / "packets.crc"
        ffmpeg.packet_pass(path, target)
        return _packets_in(target)


def _packets_in(listed: Path) -> Packets:
    """From framecrc's lines: stream, dts, pts, duration, size, checksum, and flags where it is no keyframe."""
    tick = 1.0
    seconds, sizes, keys = array("d"), array("q"), array("b")
    with listed.open(encoding="ascii") as lines:
        for line in lines:
            if line.startswith("#"):
                if line.startswith("#tb 0:"):
                    tick = float(Fraction(line.removeprefix("#tb 0:").strip()))
                continue
            words = line.split(",")
            if int(words[2]) == NO_TIME:
                continue
            seconds.append(int(words[2]) * tick)
            sizes.append(int(words[4]))
            keys.append("F=" not in line)
    return Packets(np.array(seconds), np.array(sizes, np.int64), np.array(keys, bool))


def black_and_frozen(path: Path, stretch: Stretch) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Black and frozen parts of a stretch, every frame of it decoded; times are the recording's.

    Looked at a minute at a time, each a little into the next: what crosses is told twice and joined by who asks.
    """
    black: list[Stretch] = []
    frozen: list[Stretch] = []
    start = stretch.start
    while start < stretch.end:
        end = min(stretch.end, start + CLOSE_SECONDS)
        looked = frames(path, Stretch(start, min(stretch.end, end + CLOSE_OVERLAP)), a_second=FRAMES_A_SECOND)
        black += black_in(looked)
        frozen += frozen_in(looked)
        start = end
    return tuple(black), tuple(frozen)


def frames(
    path: Path, stretch: Stretch, *, a_second: float, coarse: bool = False
) -> tuple[tuple[float, ...], NDArray[np.uint8]]:
    """So many small grey frames a second of a short stretch, with their times; `coarse`: some may be left out."""
    with tempfile.TemporaryDirectory(prefix="juanzong-frames-") as folder:
        target = Path(folder) / "frames.gray"
        said = ffmpeg.frame_pass(
            path,
            target,
            stretch=stretch,
            a_second=a_second,
            width=LOOK_WIDTH,
            height=LOOK_HEIGHT,
            coarse=coarse,
        )
        seconds = tuple(float(found) for found in PTS.findall(said))
        raw = np.fromfile(target, np.uint8) if target.is_file() else np.zeros(0, np.uint8)
    count = min(len(seconds), raw.size // (LOOK_WIDTH * LOOK_HEIGHT))
    return seconds[:count], raw[: count * LOOK_WIDTH * LOOK_HEIGHT].reshape(count, LOOK_HEIGHT, LOOK_WIDTH)


def samples(
    path: Path, *, step_seconds: float, stretch: Stretch | None = None
) -> Iterator[tuple[float, Picture]]:
    """Full pictures, one each `step_seconds`, one after the other: only one is in memory at a time.

    All of them lie on the disk meanwhile: of a long recording ask stretch by stretch.
    """
    with tempfile.TemporaryDirectory(prefix="juanzong-samples-") as folder:
        said = ffmpeg.sample_pass(path, Path(folder), step_seconds=step_seconds, stretch=stretch)
        for number, at in enumerate(PTS.findall(said), start=1):
            picture = cv2.imread(str(Path(folder) / f"{number}.jpg"), cv2.IMREAD_COLOR)
            if picture is not None:
                yield float(at), np.asarray(picture, np.uint8)


def _stretches(told: list[tuple[bytes, bytes]], end: float) -> Iterator[Stretch]:
    start: float | None = None
    for edge, seconds in told:
        if edge == b"start":
            start = max(0.0, float(seconds))
        elif start is not None:
            yield Stretch(start, float(seconds))
            start = None
    if start is not None and end > start:
        yield Stretch(start, end)
