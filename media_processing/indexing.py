"""From a recording to what people need of it: its facts, a file that plays, a picture that stands for it."""

from dataclasses import dataclass
from pathlib import Path

from media_processing import ffmpeg
from media_processing.tracks import RecordingFacts


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
