"""What no browser plays is made into what every browser plays: what that costs, and doing it. The original stays.

Costs are measured on five seconds of the recording itself, on this machine, and taken times its length. Where the
picture plays and only the sound does not, the picture is left as it is and the cost is small.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from media_processing import ffmpeg
from media_processing.tracks import BROWSER_VIDEO, RecordingFacts, Stretch

HEIGHTS = (1080, 720)
SAMPLE_SECONDS = 5.0
AS_IT_IS = 0  # the picture is not touched


@dataclass(frozen=True)
class Cost:
    """What one way of doing it takes: CPU seconds, bytes beside the original. `height` 0 leaves the picture alone."""

    height: int
    cpu_seconds: float
    size: int


def heights(facts: RecordingFacts) -> tuple[int, ...]:
    """The ways there are: only the sound, or the picture at its own height or smaller."""
    if facts.picture is None:
        return ()
    if facts.picture.codec in BROWSER_VIDEO:
        return (AS_IT_IS,)
    return HEIGHTS if facts.picture.height > HEIGHTS[-1] else HEIGHTS[-1:]


def costs(path: Path, facts: RecordingFacts, *, threads: int) -> tuple[Cost, ...]:
    """Each way tried on a few seconds from the middle; raises ffmpeg.Unreadable where nothing comes of it."""
    seconds = min(SAMPLE_SECONDS, facts.duration_seconds)
    start = max(0.0, (facts.duration_seconds - seconds) / 2)
    sample, times = Stretch(start, start + seconds), facts.duration_seconds / seconds
    return tuple(_cost(path, height, sample, times, threads) for height in heights(facts))


def _cost(path: Path, height: int, sample: Stretch, times: float, threads: int) -> Cost:
    with tempfile.TemporaryDirectory(prefix="juanzong-sample-") as folder:
        target, before = Path(folder) / "sample.mp4", ffmpeg.meter.seconds
        ffmpeg.transcode(path, target, height=height, threads=threads, stretch=sample)
        spent = ffmpeg.meter.seconds - before
        return Cost(height, round(spent * times, 1), int(target.stat().st_size * times))


def transcode(path: Path, target: Path, *, height: int, threads: int, tell: Callable[[float], None]) -> None:
    """Write `target`; `tell` hears about once a second how many seconds are done, and what it raises ends it."""
    with ffmpeg.watched(lambda: tell(ffmpeg.progress_of(target))):
        ffmpeg.transcode(path, target, height=height, threads=threads)
