"""Draws the sound of an invented lesson: syllables of changing pitch over a quiet room; nobody ever spoke."""

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from media_processing.tracks import Kind

RATE = 22050
SYLLABLES_A_SECOND = 5


class Planted(Protocol):
    """A stretch that goes wrong; `source` is where a repeated one begins."""

    @property
    def kind(self) -> Kind: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def source(self) -> float: ...


def write(target: Path, *, seconds: float, seed: int, faults: Sequence[Planted] = ()) -> None:
    """A WAV of so many seconds; silence and repeats as planted."""
    voice = spoken(seconds, seed=seed)
    for fault in faults:
        start, end = int(fault.start * RATE), min(int(fault.end * RATE), len(voice))
        if fault.kind == Kind.SILENT:
            voice[start:end] = 0
        if fault.kind == Kind.REPEATED:
            source = int(fault.source * RATE)
            voice[start:end] = voice[source : source + end - start]
    with wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(voice.tobytes())


def spoken(seconds: float, *, seed: int) -> NDArray[np.int16]:
    """Syllables one after the other, some left out, each of a pitch and a colour of its own."""
    rng = np.random.default_rng(seed + 5)
    count = round(seconds * RATE)
    voice = np.empty(count, np.int16)
    step = RATE // SYLLABLES_A_SECOND
    for begin in range(0, count, step):
        piece = rng.normal(0, 0.004, min(step, count - begin))
        if len(piece) == step and rng.random() >= 0.12:
            tones = _syllable(rng, int(step * rng.uniform(0.5, 1.0)))
            piece[: len(tones)] += tones
        voice[begin : begin + len(piece)] = np.clip(piece, -1, 1) * 20000
    return voice


def _syllable(rng: np.random.Generator, length: int) -> NDArray[np.float64]:
    time = np.arange(length) / RATE
    harmonics = rng.choice(np.arange(1, 16), 6, replace=False)
    pitch = rng.uniform(110, 260)
    loud, turned = rng.uniform(0.05, 0.3, 6), rng.uniform(0, 6.3, 6)
    tones = np.sin(2 * np.pi * pitch * harmonics[:, None] * time + turned[:, None])
    return np.asarray((loud @ tones) * np.hanning(length))
