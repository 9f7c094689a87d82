"""What a file in quarantine is: paper with its pages, or a recording with its duration; or refused with a reason."""

from dataclasses import dataclass
from pathlib import Path

from dossiers.models import Upload
from foundation import content
from foundation.errors import Refused, SandboxError
from media_processing import ffmpeg


@dataclass(frozen=True)
class Look:
    """What the dossier needs to know of a file. `notes` are codes of foundation.wording that do not refuse."""

    media_type: str
    medium: str
    page_count: int
    duration_seconds: float | None = None
    notes: tuple[str, ...] = ()


def look(path: Path, *, file_name: str) -> Look:
    """Type by content, then the parser child or the probe of recordings; Refused with a code and the name."""
    seen = content.look(path, file_name=file_name)
    if not seen.is_recording:
        return Look(seen.media_type, Upload.Medium.PAPER, seen.page_count, notes=seen.notes)
    duration = _duration(path, file_name)
    return Look(seen.media_type, Upload.Medium.RECORDING, 1, duration, seen.notes)


def _duration(path: Path, file_name: str) -> float:
    try:
        facts = ffmpeg.probe(path)
    except ffmpeg.Unreadable as broken:
        raise Refused("broken_video", file_name=file_name) from broken
    except SandboxError as failure:
        raise Refused(failure.code, file_name=file_name, **failure.params) from failure
    if facts.picture is None or facts.duration_seconds <= 0:
        raise Refused("broken_video", file_name=file_name)
    return facts.duration_seconds
