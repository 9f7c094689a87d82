"""The only room that spells ffmpeg's flags. Everything runs in foundation.sandbox, on one file, without network.

A playlist named x.mp4 makes ffmpeg open other files and addresses; a whitelist of containers, a `file:` prefix
and the sandbox's wall each stop that.
"""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from foundation.errors import ChildFailed
from foundation.sandbox import MIB, Limits, run_limited
from media_processing.containers import starts_fast
from media_processing.tracks import RecordingFacts, Stretch, Track

CONTAINERS = "mov,matroska,webm,mpegts,avi"
MOST_PIXELS = 8192 * 4320
POSTER_WIDTH = 640
QUIET = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
TALKING = ["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-benchmark", "-loglevel", "info", "-y"]
BENCH = re.compile(rb"bench: utime=([0-9.]+)s stime=([0-9.]+)s")
LOOK_LIMITS = Limits(
    cpu_seconds=7200, wall_seconds=14400, address_space=2048 * MIB, file_size=16 * 1024 * MIB
)
PROBE_LIMITS = Limits(cpu_seconds=30, wall_seconds=60, address_space=2048 * MIB)
COPY_LIMITS = Limits(cpu_seconds=600, wall_seconds=3600, address_space=2048 * MIB, file_size=64 * 1024 * MIB)


class Meter:
    """CPU seconds of the programs called so far: behind the sandbox's wall nobody else counts them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def add(self, said: bytes) -> None:
        self.seconds += sum(float(user) + float(system) for user, system in BENCH.findall(said))


meter = Meter()


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


def keyframe_pass(
    path: Path, target: Path, *, width: int, height: int, stretch: Stretch | None = None
) -> bytes:
    """Keyframes alone as raw grey pictures in `target`; returns what showinfo said, one line a picture."""
    source = _source(path, threads=1, skip_frame="nokey", **_within(stretch))
    picture = (
        source["v:0"].filter("scale", width, height, flags="area").filter("format", "gray").filter("showinfo")
    )
    return _spoken(
        ffmpeg.output(picture, _local(target), f="rawvideo", fps_mode="passthrough", copyts=None),
        path,
        target,
    )


def sound_pass(path: Path, target: Path, *, decibel: int, seconds: float) -> bytes:
    """The fingerprint of the sound in `target`; returns what silencedetect said."""
    heard = _source(path, threads=1)["a:0"].filter("silencedetect", noise=f"{decibel}dB", duration=seconds)
    output = ffmpeg.output(heard, _local(target), f="chromaprint", fp_format="raw", ac=1, ar=11025)
    return _spoken(output, path, target)


def packet_pass(path: Path, target: Path) -> None:
    """`pts_time,size,flags` of every packet of the picture, a line each, in `target`; nothing is decoded."""
    argv = ["ffprobe", "-v", "error", "-format_whitelist", CONTAINERS, "-protocol_whitelist", "file"]
    argv += ["-select_streams", "v:0", "-show_entries", "packet=pts_time,size,flags", "-of", "csv=p=0"]
    try:
        run_limited(
            [*argv, "-o", str(target), "-i", _local(path)],
            limits=LOOK_LIMITS,
            readable=[path],
            writable=target.parent,
        )
    except ChildFailed as failure:
        raise Unreadable from failure


def look_closely(path: Path, stretch: Stretch) -> bytes:
    """Decode a stretch in full; returns what blackdetect and freezedetect said, in times of the recording."""
    picture = (
        _source(path, threads=1, **_within(stretch))["v:0"]
        .filter("scale", 480, -2)
        .filter("blackdetect", d=0.4, pix_th=0.1)
        .filter("freezedetect", n="-50dB", d=1)
    )
    return _spoken(ffmpeg.output(picture, "-", f="null", copyts=None), path, None)


def frame_pass(
    path: Path, target: Path, *, stretch: Stretch, a_second: float, width: int, height: int
) -> bytes:
    """So many frames a second of a stretch as raw grey pictures in `target`; returns what showinfo said."""
    source = _source(path, threads=1, **_within(stretch))
    picture = source["v:0"].filter(
        "select", f"isnan(prev_selected_t)+gte(t-prev_selected_t,{1 / a_second:.4f}-0.001)"
    )
    picture = picture.filter("scale", width, height, flags="area").filter("format", "gray").filter("showinfo")
    output = ffmpeg.output(picture, _local(target), f="rawvideo", fps_mode="passthrough", copyts=None)
    return _spoken(output, path, target)


def sample_pass(path: Path, folder: Path, *, step_seconds: float, stretch: Stretch | None = None) -> bytes:
    """A keyframe each `step_seconds` (or each keyframe, where they lie further apart) as JPEGs 1.jpg, 2.jpg ... in
    `folder`, as they were recorded; returns what showinfo said, one line a picture."""
    far = f"isnan(prev_selected_t)+gte(t-prev_selected_t,{step_seconds:.3f}-0.05)"
    source = _source(path, threads=1, skip_frame="nokey", **_within(stretch))
    picture = source["v:0"].filter("select", far).filter("showinfo")
    output = ffmpeg.output(
        picture, _local(folder / "%d.jpg"), f="image2", fps_mode="passthrough", copyts=None, **{"q:v": 2}
    )
    return _spoken(output, path, folder / "1.jpg")


def still(path: Path, target: Path, *, at_seconds: float) -> None:
    """One frame as it was recorded, a JPEG of high quality: what a slide's text is read from."""
    source = _source(path, ss=f"{at_seconds:.3f}", threads=1)
    _spoken(
        ffmpeg.output(source["v:0"], _local(target), vframes=1, f="image2", update=1, **{"q:v": 2}),
        path,
        target,
    )
    if not target.is_file() or not target.stat().st_size:
        raise Unreadable


def _within(stretch: Stretch | None) -> dict[str, str]:
    return {} if stretch is None else {"ss": f"{stretch.start:.3f}", "to": f"{stretch.end:.3f}"}


def _spoken(output: Any, path: Path, target: Path | None) -> bytes:
    """Run what was described and return what its filters said; Unreadable when ffmpeg gives up."""
    argv = ffmpeg.compile(output, cmd=TALKING)
    try:
        done = run_limited(
            argv, limits=LOOK_LIMITS, readable=[path], writable=target.parent if target else None
        )
    except ChildFailed as failure:
        raise Unreadable from failure
    meter.add(done.stderr)
    return done.stderr


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
