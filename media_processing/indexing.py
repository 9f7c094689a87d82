"""From a recording to what people need of it: facts, a file that plays, a poster; slides, and what is wrong with it."""

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from media_processing import ffmpeg, passes
from media_processing.fingerprints import Fingerprint, Shared, repeats_in
from media_processing.metering import Clock
from media_processing.segments import (
    SEGMENT_SECONDS,
    Kept,
    Looked,
    keep_keyframes,
    look,
    planned,
    settled,
)
from media_processing.slides import (
    REFINE_A_SECOND,
    Change,
    Frames,
    Looks,
    changes_in,
    proposed_region,
    refined,
)
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
    """Probe, remux where a player could not begin, take one frame; files come to lie in `folder`.

    Raises ffmpeg.Unreadable also for a head that promises a picture where none can be had.
    """
    facts = ffmpeg.probe(path)
    poster = _poster(path, folder, facts)
    if facts.picture is not None and poster is None:
        raise ffmpeg.Unreadable
    return Prepared(facts, _playable(path, folder, facts), poster)


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
    for at_seconds in (min(10.0, facts.duration_seconds / 10), 0.0, facts.duration_seconds / 2):
        try:
            ffmpeg.poster(path, target, at_seconds=at_seconds)
        except ffmpeg.Unreadable:
            continue
        return target
    return None


@dataclass(frozen=True)
class IndexOptions:
    """What a caller may ask: where the slides are (proposed by the recording itself if None), who reads them, and how
    long a segment is.
    """

    slide_region: Region | None = None
    read_slide: SlideReader | None = None
    segment_seconds: float = SEGMENT_SECONDS


def index(path: Path, options: IndexOptions = IndexOptions()) -> RecordingIndex:  # noqa: B008 - frozen
    """Segment after segment, then the sound, then the slides: what several workers do of one recording, done by one.

    Raises ffmpeg.Unreadable for what is no recording. Without a picture there are no slides, without sound no
    silence is claimed: a missing track is a fact of the recording, not an incident.
    """
    clock = Clock()
    with clock.step("probe"):
        facts = ffmpeg.probe(path)
    with tempfile.TemporaryDirectory(prefix="juanzong-index-") as folder:
        looked, files = _looked(path, facts, options, Path(folder), clock)
        black, _frozen = settled_of(looked)
        kept = KeptFiles(files)
        with clock.step("slides"):
            found = slide_changes(kept, options.slide_region, black)
            starts = refined_starts(path, found, found.changes)
            first = (round(found.first, 2),) if found.region else ()
    heard = None
    if facts.sound is not None:
        with clock.step("sound"):
            heard = listen(path, facts.duration_seconds)
    shown = Shown(found.region, (*first, *starts))
    if options.read_slide is not None and found.region is not None:
        with clock.step("slide_text"):
            keyframes = [at for one in looked for at in one.keyframe_seconds]
            texts = slide_texts(path, shown.begins, keyframes, found.region, options.read_slide)
            shown = replace(shown, texts=texts)
    return replace(merged(facts, looked, heard, shown), cpu_seconds=clock.spent)


def _looked(
    path: Path, facts: RecordingFacts, options: IndexOptions, folder: Path, clock: Clock
) -> tuple[list[Looked], list[Path]]:
    if facts.picture is None:
        return [], []
    looked, files = [], []
    for number, segment in enumerate(planned(facts.duration_seconds, seconds=options.segment_seconds)):
        files.append(folder / f"{number}.npz")
        looked.append(look(path, facts, segment, files[-1], clock=clock))
    return looked, files


@dataclass(frozen=True)
class KeptFiles:
    """The kept keyframes of all segments in order, one segment in memory at a time; can be gone through again."""

    files: Sequence[Path]

    def __iter__(self) -> Iterator[tuple[float, Picture]]:
        for file in self.files:
            yield from Kept.load(file).pictures()


@contextmanager
def keyframes_kept(path: Path, facts: RecordingFacts) -> Iterator[KeptFiles]:
    """The keyframes of a whole recording, small and on the disk, for as long as this lasts."""
    with tempfile.TemporaryDirectory(prefix="juanzong-keyframes-") as folder:
        files = []
        for number, segment in enumerate(planned(facts.duration_seconds)):
            files.append(Path(folder) / f"{number}.npz")
            try:
                keep_keyframes(path, facts, segment, files[-1])
            except ffmpeg.Unreadable:
                if number == 0:
                    raise
                files.pop()
        yield KeptFiles(files)


@dataclass(frozen=True)
class SlideChanges:
    """Where slides are, by whom that was said, and between which keyframes they change. `first`: the first picture."""

    region: Region | None
    is_proposed: bool
    first: float
    changes: tuple[Change, ...]


def slide_changes(looks: Looks, drawn: Region | None, black: Sequence[Stretch]) -> SlideChanges:
    """Slides of the whole recording, from what its segments kept; nothing is decoded."""
    first = next((at for at, _picture in looks), 0.0)
    region = drawn or proposed_region(looks)
    changes = tuple(changes_in(looks, region, blind=black)) if region else ()
    return SlideChanges(region, drawn is None, first, changes)


def refined_starts(path: Path, found: SlideChanges, changes: Sequence[Change]) -> tuple[float, ...]:
    """The second of each change: of the one group of pictures in which it happened, a few frames are looked at."""
    if found.region is None:
        return ()

    def decode(stretch: Stretch) -> Frames:
        return passes.frames(path, stretch, a_second=REFINE_A_SECOND, coarse=True)

    return tuple(round(refined(change, found.region, decode), 2) for change in changes)


@dataclass(frozen=True)
class Heard:
    """What the sound told; `fingerprint` is kept for other recordings to be held against."""

    silent: tuple[Stretch, ...]
    again: tuple[Shared, ...]
    fingerprint: Fingerprint


def listen(path: Path, duration: float) -> Heard:
    """The sound of the whole recording, in one pass: silence, and what was heard before."""
    heard = passes.sound(path, duration)
    return Heard(heard.silent, repeats_in(heard.fingerprint), heard.fingerprint)


@dataclass(frozen=True)
class Shown:
    """The slides: where they are, when each begins, the first with the recording, and what stands on them."""

    region: Region | None
    begins: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()

    def slides(self, duration: float) -> tuple[Slide, ...]:
        if not self.begins:
            return ()
        texts = self.texts or ("",) * len(self.begins)
        ends = [*self.begins[1:], round(duration, 2)]
        return tuple(Slide(*one) for one in zip(self.begins, ends, texts, strict=True))


def settled_of(looked: Sequence[Looked]) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Black and frozen stretches of all segments; what crosses a border is one."""
    return settled([s for one in looked for s in one.black], [s for one in looked for s in one.frozen])


def merged(
    facts: RecordingFacts, looked: Sequence[Looked], heard: Heard | None, shown: Shown
) -> RecordingIndex:
    """One index of all segments, the sound and the slides."""
    keyframes = tuple(at for one in looked for at in one.keyframe_seconds)
    duration = max(facts.duration_seconds, *keyframes[-1:], 0.0)
    black, frozen = settled_of(looked)
    silent = heard.silent if heard else ()
    plain = [(Kind.BLACK, black), (Kind.FROZEN, frozen), (Kind.SILENT, silent)]
    incidents = [
        Incident(kind, round(one.start, 2), round(min(one.end, duration), 2))
        for kind, stretches in plain
        for one in stretches
        if one.start < duration
    ]
    incidents += [
        Incident(Kind.REPEATED, one.start, round(one.start + one.seconds, 2), source_start=one.other_start)
        for one in (heard.again if heard else ())
    ]
    return RecordingIndex(
        facts=facts,
        keyframe_seconds=keyframes,
        slides=shown.slides(duration),
        incidents=tuple(sorted(incidents, key=lambda one: (one.start, one.kind))),
        cpu_seconds={},
        engines=(),
        slide_region=shown.region,
    )


def slide_texts(
    path: Path, begins: Sequence[float], keyframes: Sequence[float], region: Region, read: SlideReader
) -> tuple[str, ...]:
    """What stands on each slide, read from the first keyframe that shows it whole."""
    return tuple(
        slide_text(path, Stretch(start, end), keyframes, region, read)
        for start, end in zip(begins, [*begins[1:], math.inf], strict=True)
    )


def slide_text(
    path: Path, slide: Stretch, keyframes: Sequence[float], region: Region, read: SlideReader
) -> str:
    """What a reader makes of a slide; the keyframe behind its beginning costs no decoding, where there is one."""
    sharp = next((at for at in keyframes if slide.start <= at < slide.end), None)
    with tempfile.TemporaryDirectory(prefix="juanzong-slide-") as folder:
        target = Path(folder) / "still.jpg"
        try:
            if sharp is not None:
                ffmpeg.still(path, target, at_seconds=max(0.0, sharp - 0.02), keyframe=True)
            else:
                ffmpeg.still(path, target, at_seconds=min(slide.start + 1.0, (slide.start + slide.end) / 2))
        except ffmpeg.Unreadable:
            return ""
        picture = cv2.imread(str(target), cv2.IMREAD_COLOR)
    return "" if picture is None else read(region.cut(np.asarray(picture, np.uint8)))
