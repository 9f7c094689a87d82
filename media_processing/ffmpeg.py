"""The only room that spells ffmpeg's flags. Everything runs in foundation.sandbox, on one file, without network.

A playlist named x.mp4 makes ffmpeg open other files and addresses; a whitelist of containers, a `file:` prefix
and the sandbox's wall each stop that.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from foundation.errors import ChildFailed
from foundation.sandbox import MIB, Limits, run_limited
from media_processing.containers import starts_fast
from media_processing.tracks import RecordingFacts, Track

CONTAINERS = "mov,matroska,webm,mpegts,avi"
MOST_PIXELS = 8192 * 4320
POSTER_WIDTH = 640
QUIET = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
PROBE_LIMITS = Limits(cpu_seconds=30, wall_seconds=60, address_space=2048 * MIB)
COPY_LIMITS = Limits(cpu_seconds=600, wall_seconds=3600, address_space=2048 * MIB, file_size=64 * 1024 * MIB)


class Unreadable(Exception):
    """ffmpeg finds no recording in this file."""


def probe(path: Path) -> RecordingFacts:
    """Duration and streams; Unreadable when there are none."""
    argv = ["ffprobe", "-v", "error", "-format_whitelist", CONTAINERS, "-protocol_whitelist", "file"]
    argv += ["-of", "json", "-show_format", "-show_streams", "-i", _local(path)]
    try:
        said = json.loads(run_limited(argv, limits=PROBE_LIMITS, readable=[path]).stdout)
    except (ChildFailed, ValueError) as failure:
        raise Unreadable from failure
    tracks = tuple(_track(stream) for stream in said.get("streams", ()) if _is_track(stream))
    if not tracks:
        raise Unreadable
    containers = tuple(said["format"].get("format_name", "").split(","))
    return RecordingFacts(_duration(said), containers, tracks, starts_fast(path))


def remux(path: Path, target: Path) -> None:
    """The same streams in an MP4 that a player can begin before it has all of it."""
    source = _source(path)
    wanted = [source["v:0"], source["a:0?"]]
    output = ffmpeg.output(*wanted, _local(target), c="copy", movflags="+faststart", f="mp4", map_metadata=-1)
    _run(output, path, target)


def poster(path: Path, target: Path, *, at_seconds: float) -> None:
    """One frame as a JPEG of 640 pixels."""
    source = _source(path, ss=f"{at_seconds:.3f}", threads=1)
    picture = source["v:0"].filter("scale", POSTER_WIDTH, -2)
    output = ffmpeg.output(picture, _local(target), vframes=1, f="image2", update=1, **{"q:v": 4})
    _run(output, path, target)


def _source(path: Path, **options: Any) -> Any:
    return ffmpeg.input(
        _local(path),
        format_whitelist=CONTAINERS,
        protocol_whitelist="file",
        max_pixels=MOST_PIXELS,
        **options,
    )


def _run(output: Any, path: Path, target: Path) -> None:
    """Run what was described; Unreadable when ffmpeg gives up or leaves nothing."""
    argv = ffmpeg.compile(output, cmd=QUIET)
    try:
        run_limited(argv, limits=COPY_LIMITS, readable=[path], writable=target.parent)
    except ChildFailed as failure:
        raise Unreadable from failure
    if not target.is_file() or not target.stat().st_size:
        raise Unreadable


def _local(path: Path) -> str:
    return f"file:{path}"


def _is_track(stream: dict[str, Any]) -> bool:
    """Pictures and sound; a cover image attached to a file is no track."""
    attached = stream.get("disposition", {}).get("attached_pic", 0)
    return stream.get("codec_type") in ("video", "audio") and not attached


def _track(stream: dict[str, Any]) -> Track:
    return Track(
        kind=stream["codec_type"],
        codec=stream.get("codec_name", ""),
        width=int(stream.get("width", 0)),
        height=int(stream.get("height", 0)),
        frames_per_second=_rate(stream.get("avg_frame_rate", "0/0")),
    )


def _rate(text: str) -> float:
    try:
        return float(Fraction(text))
    except (ValueError, ZeroDivisionError):
        return 0.0


def _duration(said: dict[str, Any]) -> float:
    """Seconds by the container, else by its longest stream; 0 when nobody says."""
    told = [said["format"].get("duration"), *(stream.get("duration") for stream in said["streams"])]
    known = [float(one) for one in told if one not in (None, "N/A")]
    return known[0] if known else 0.0
