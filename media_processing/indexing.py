"""From a recording to what people need of it: facts, a file that plays, a poster; slides, and what is wrong with it."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from media_processing import ffmpeg, passes
from media_processing.fingerprints import repeats_in
from media_processing.passes import Keyframes
from media_processing.slides import REFINE_A_SECOND, proposed_region, slides_of
from media_processing.suspicion import joined, suspicious, without
from media_processing.tracks import (
    Incident,
    Kind,
    Picture,
    RecordingFacts,
    RecordingIndex,
    Region,
    Slide,
    Stretch,
)

#: What reads the text of a slide: the front hands in the paper workshop's reader, this workshop knows none.
SlideReader = Callable[[Picture], str]
LEAST_BLACK, LEAST_FROZEN = 0.5, 1.0  # seconds


@dataclass(frozen=True)
class Prepared:
    """`playable` is None where the original itself plays or nothing does; `poster` where no frame was found."""

    facts: RecordingFacts
    playable: Path | None
    poster: Path | None

    @property
    def plays(self) -> bool:
        return self.playable is not None or self.facts.plays_as_it_is


def prepare(path: Path, folder: Path) -> Prepared:
    """Probe, remux where a player could not begin, take one frame; files come to lie in `folder`."""
    facts = ffmpeg.probe(path)
    return Prepared(facts, _playable(path, folder, facts), _poster(path, folder, facts))


def _playable(path: Path, folder: Path, facts: RecordingFacts) -> Path | None:
    if facts.plays_as_it_is or not facts.has_browser_tracks:
        return None
    target = folder / "play.mp4"
    try:
        ffmpeg.remux(path, target)
    except ffmpeg.Unreadable:
        return None
    return target


def _poster(path: Path, folder: Path, facts: RecordingFacts) -> Path | None:
    """A frame a little way in: the first ones are often black."""
    target = folder / "poster.jpg"
    for at_seconds in (min(10.0, facts.duration_seconds / 10), 0.0):
        try:
            ffmpeg.poster(path, target, at_seconds=at_seconds)
        except ffmpeg.Unreadable:
            continue
        return target
    return None


@dataclass(frozen=True)
class IndexOptions:
    """What a caller may ask: where the slides are (proposed by the recording itself if None), and who reads them."""

    slide_region: Region | None = None
    read_slide: SlideReader | None = None


@dataclass
class Clock:
    """CPU seconds by step: of this process and of the programs it called."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        before = _cpu_seconds()
        yield
        self.spent[name] = round(self.spent.get(name, 0.0) + _cpu_seconds() - before, 3)


def index(path: Path, options: IndexOptions = IndexOptions()) -> RecordingIndex:  # noqa: B008 - frozen
    """One pass over the keyframes, one over the sound, one over packet sizes; only what looks wrong is decoded in full.

    Raises ffmpeg.Unreadable for what is no recording. Without a picture there are no slides, without sound no
    silence is claimed: a missing track is a fact of the recording, not an incident.
    """
    clock = Clock()
    with clock.step("probe"):
        facts = ffmpeg.probe(path)
    seen = _seen(path, facts, options, clock) if facts.picture is not None else Seen((), options.slide_region)
    heard: list[Incident] = []
    if facts.sound is not None:
        with clock.step("sound"):
            heard = _heard(path, facts.duration_seconds)
    return RecordingIndex(
        facts=facts,
        keyframe_seconds=seen.seconds,
        slides=_read(path, seen, options.read_slide, clock),
        incidents=tuple(sorted([*seen.incidents, *heard], key=lambda one: (one.start, one.kind))),
        cpu_seconds=clock.spent,
        engines=(),
        slide_region=seen.region,
    )


@dataclass(frozen=True)
class Seen:
    """What the pictures told."""

    seconds: tuple[float, ...]
    region: Region | None
    slides: tuple[Slide, ...] = ()
    incidents: tuple[Incident, ...] = ()


def _seen(path: Path, facts: RecordingFacts, options: IndexOptions, clock: Clock) -> Seen:
    with clock.step("keyframes"):
        sizes = passes.packets(path)
    with ExitStack() as kept:
        with clock.step("keyframes"):
            looks = kept.enter_context(passes.keyframes(path))
            duration = max(facts.duration_seconds, looks.seconds[-1])
            stretches = suspicious(looks, sizes, duration)
        with clock.step("suspicious"):
            black, frozen = _looked_at(path, stretches)
        with clock.step("slides"):
            region = options.slide_region or proposed_region(looks)
            slides = _slides(path, looks, region, black, duration) if region else ()
        incidents = [
            *(Incident(Kind.BLACK, one.start, one.end) for one in black),
            *(Incident(Kind.FROZEN, one.start, one.end) for one in frozen),
        ]
        return Seen(looks.seconds, region, slides, tuple(incidents))


def _read(path: Path, seen: Seen, read: SlideReader | None, clock: Clock) -> tuple[Slide, ...]:
    if read is None or seen.region is None:
        return seen.slides
    with clock.step("slide_text"):
        return tuple(_with_text(path, slide, seen.region, read) for slide in seen.slides)


def _looked_at(path: Path, stretches: Sequence[Stretch]) -> tuple[list[Stretch], list[Stretch]]:
    """Black and frozen parts of what looked wrong; what is black is not told as frozen too."""
    black: list[Stretch] = []
    frozen: list[Stretch] = []
    for stretch in stretches:
        dark, still = passes.black_and_frozen(path, stretch)
        black += [one for one in dark if one.seconds >= LEAST_BLACK]
        frozen += still
    dark_ones = joined(black)
    return list(dark_ones), list(without(joined(frozen), dark_ones, least=LEAST_FROZEN))


def _slides(
    path: Path, looks: Keyframes, region: Region, black: Sequence[Stretch], duration: float
) -> tuple[Slide, ...]:
    def decode(stretch: Stretch) -> tuple[tuple[float, ...], np.ndarray]:
        return passes.frames(path, stretch, a_second=REFINE_A_SECOND)

    return slides_of(looks, region, decode=decode, duration=duration, blind=black)


def _heard(path: Path, duration: float) -> list[Incident]:
    """Silence, and what was heard before: a stretch played again."""
    heard = passes.sound(path, duration)
    silent = [Incident(Kind.SILENT, round(one.start, 2), round(one.end, 2)) for one in heard.silent]
    again = [
        Incident(Kind.REPEATED, one.start, round(one.start + one.seconds, 2), source_start=one.other_start)
        for one in repeats_in(heard.fingerprint)
    ]
    return [*silent, *again]


def _with_text(path: Path, slide: Slide, region: Region, read: SlideReader) -> Slide:
    """The slide with what a reader makes of it, a little after it appeared."""
    with tempfile.TemporaryDirectory(prefix="juanzong-slide-") as folder:
        target = Path(folder) / "still.jpg"
        try:
            ffmpeg.still(path, target, at_seconds=min(slide.start + 1.0, (slide.start + slide.end) / 2))
        except ffmpeg.Unreadable:
            return slide
        picture = cv2.imread(str(target), cv2.IMREAD_COLOR)
    return slide if picture is None else replace(slide, text=read(region.cut(np.asarray(picture, np.uint8))))


def _cpu_seconds() -> float:
    return time.process_time() + ffmpeg.meter.seconds
