"""What a recording is made of, as plain values. Imports nothing of ours."""

from dataclasses import dataclass

BROWSER_VIDEO = frozenset({"h264"})
BROWSER_AUDIO = frozenset({"aac", "mp3"})
MP4_FAMILY = frozenset({"mp4", "mov", "m4a", "3gp", "3g2", "mj2"})


@dataclass(frozen=True)
class Track:
    """One stream: `kind` is video or audio; the size is that of the picture, 0 for sound."""

    kind: str
    codec: str
    width: int = 0
    height: int = 0
    frames_per_second: float = 0.0


@dataclass(frozen=True)
class RecordingFacts:
    """What a probe says of a recording. `containers` are the names its container goes by."""

    duration_seconds: float
    containers: tuple[str, ...]
    tracks: tuple[Track, ...]
    starts_fast: bool = False

    @property
    def picture(self) -> Track | None:
        return next((track for track in self.tracks if track.kind == "video"), None)

    @property
    def sound(self) -> Track | None:
        return next((track for track in self.tracks if track.kind == "audio"), None)

    @property
    def has_browser_tracks(self) -> bool:
        """Whether every browser plays these streams once they lie in an MP4."""
        if self.picture is None or self.picture.codec not in BROWSER_VIDEO:
            return False
        return self.sound is None or self.sound.codec in BROWSER_AUDIO

    @property
    def plays_as_it_is(self) -> bool:
        """Whether the original itself can be handed to a player: MP4, its index first, known streams."""
        return self.has_browser_tracks and self.starts_fast and bool(MP4_FAMILY & set(self.containers))
