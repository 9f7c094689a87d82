"""The only room that spells ffmpeg's flags. Everything runs in foundation.sandbox, on one file, without network.

A playlist named x.mp4 makes ffmpeg open other files and addresses; a whitelist of containers, a `file:` prefix
and the sandbox's wall each stop that.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from foundation.errors import ChildFailed, DiskFull
from foundation.sandbox import MIB, NO_SPACE, Completed, Limits, run_limited
from media_processing.containers import starts_fast
from media_processing.tracks import RecordingFacts, Stretch, Track

CONTAINERS = "mov,matroska,webm,mpegts,mpeg,avi"
MOST_PIXELS = 8192 * 4320
POSTER_WIDTH = 640
FIRST_YEAR = 2010  # a container without a clock says 1904 or 1970
QUIET = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
TALKING = ["ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-benchmark", "-loglevel", "info", "-y"]
OUT_TIME = re.compile(r"out_time_us=(-?\d+)")
BENCH = re.compile(rb"bench: utime=([0-9.]+)s stime=([0-9.]+)s")
LOOK_LIMITS = Limits(
    cpu_seconds=7200, wall_seconds=14400, address_space=2048 * MIB, file_size=16 * 1024 * MIB
)
# The file's own times from its own beginning, whatever its clock says: what a player shows as 0.
OWN_TIMES: dict[str, None] = {"copyts": None, "start_at_zero": None}
PICTURE, SOUND = "V:0", "a:0"  # the first stream that is no cover image
PROBE_LIMITS = Limits(cpu_seconds=30, wall_seconds=60, address_space=2048 * MIB)
TRANSCODE_LIMITS = Limits(
    cpu_seconds=400_000, wall_seconds=400_000, address_space=6144 * MIB, file_size=64 * 1024 * MIB
)
COPY_LIMITS = Limits(cpu_seconds=600, wall_seconds=3600, address_space=2048 * MIB, file_size=64 * 1024 * MIB)


COARSE = {"skip_frame": "noref", "skip_loop_filter": "all"}


class Meter:
    """CPU seconds of the programs called so far: behind the sandbox's wall nobody else counts them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def add(self, said: bytes) -> None:
        self.seconds += sum(float(user) + float(system) for user, system in BENCH.findall(said))


meter = Meter()
_watch: ContextVar[Callable[[], None] | None] = ContextVar("watch", default=None)


@contextmanager
def watched(watch: Callable[[], None]) -> Iterator[None]:
    """While this lasts, `watch` is called about once a second of every program; what it raises ends the program."""
    before = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(before)


class Unreadable(Exception):
    """ffmpeg finds no recording in this file."""


def probe(path: Path) -> RecordingFacts:
    """Duration and streams; Unreadable when there are none."""
    argv = ["ffprobe", "-v", "error", "-format_whitelist", CONTAINERS, "-protocol_whitelist", "file"]
    argv += ["-of", "json", "-show_format", "-show_streams", "-i", _local(path)]
    try:
        said = json.loads(_called(argv, PROBE_LIMITS, path, None).stdout)
    except (ChildFailed, ValueError) as failure:
        raise Unreadable from failure
    tracks = tuple(_track(stream) for stream in said.get("streams", ()) if _is_track(stream))
    if not tracks:
        raise Unreadable
    containers = tuple(said["format"].get("format_name", "").split(","))
    return RecordingFacts(_duration(said), containers, tracks, starts_fast(path))


def written_at(path: Path) -> datetime | None:
    """The moment a container says it was made, which the standard wants in UTC; None where it says none worth taking."""
    argv = ["ffprobe", "-v", "error", "-format_whitelist", CONTAINERS, "-protocol_whitelist", "file"]
    argv += ["-of", "json", "-show_entries", "format_tags=creation_time", "-i", _local(path)]
    try:
        said = json.loads(run_limited(argv, limits=PROBE_LIMITS, readable=[path]).stdout)
        moment = datetime.fromisoformat(said["format"]["tags"]["creation_time"])
    except (ChildFailed, ValueError, KeyError):
        return None
    if moment.year < FIRST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def remux(path: Path, target: Path) -> None:
    """The same streams in an MP4 that a player can begin before it has all of it."""
    source = _source(path)
    wanted = [source[PICTURE], source["a:0?"]]
    output = ffmpeg.output(*wanted, _local(target), c="copy", movflags="+faststart", f="mp4", map_metadata=-1)
    _run(output, path, target)


def transcode(
    path: Path, target: Path, *, height: int, threads: int, stretch: Stretch | None = None
) -> bytes:
    """A fast-start MP4 that every browser plays, at most `height` lines high; height 0 leaves the picture as it is.

    How far it is stands in `progress_of(target)` meanwhile. Returns what ffmpeg said at its end.
    """
    source = _source(path, threads=threads, **_within(stretch))
    picture = source[PICTURE]
    options: dict[str, Any] = {"c:v": "copy"}
    if height:
        picture = picture.filter("yadif", deint="interlaced").filter("scale", -2, f"min({height},ih)")
        options = {"c:v": "libx264", "preset": "veryfast", "crf": 23, "pix_fmt": "yuv420p", "g": 250}
        options |= {"x264-params": f"threads={threads}"}
    options |= {"c:a": "aac", "ac": 2, "b:a": "96k", "movflags": "+faststart", "map_metadata": -1, "f": "mp4"}
    output = ffmpeg.output(picture, source[f"{SOUND}?"], _local(target), **options)
    argv = [*ffmpeg.compile(output, cmd=TALKING), "-progress", _local(_progress_file(target))]
    try:
        done = _called(argv, TRANSCODE_LIMITS, path, target.parent)
    except ChildFailed as failure:
        raise Unreadable from failure
    if not target.is_file() or not target.stat().st_size:
        raise Unreadable
    meter.add(done.stderr)
    refuse_when_full(done.stderr)
    return done.stderr


def progress_of(target: Path) -> float:
    """Seconds of the recording that `transcode` has behind it; 0 before its first word."""
    try:
        said = _progress_file(target).read_text()
    except FileNotFoundError:
        return 0.0
    told = OUT_TIME.findall(said)
    return max(0.0, int(told[-1]) / 1e6) if told else 0.0


def poster(path: Path, target: Path, *, at_seconds: float) -> None:
    """One frame as a JPEG of 640 pixels."""
    source = _source(path, ss=f"{at_seconds:.3f}", threads=1)
    picture = source[PICTURE].filter("scale", POSTER_WIDTH, -2)
    output = ffmpeg.output(picture, _local(target), vframes=1, f="image2", update=1, **{"q:v": 4})
    _run(output, path, target)


def keyframe_pass(
    path: Path,
    target: Path,
    *,
    size: tuple[int, int],
    small: tuple[Path, tuple[int, int]],
    packets: Path,
    least_seconds: float,
    stretch: Stretch | None = None,
) -> bytes:
    """Keyframes alone, none nearer to the one before than `least_seconds`, as raw grey pictures of this size in
    `target`, each once more as a raw coloured one of another size in `small`, and a line on every packet of the
    picture in `packets` (framecrc), all while the file is read once; returns what showinfo said.
    """
    source = _source(path, threads=1, skip_frame="nokey", **_within(stretch))
    far = f"isnan(prev_selected_t)+gte(t-prev_selected_t,{least_seconds:.3f}-0.005)"
    # Scaled down once: from there a second size costs next to nothing.
    shown = (
        source[PICTURE]
        .filter("select", far)
        .filter("scale", *size, flags="area")
        .filter_multi_output("split")
    )
    grey = shown[0].filter("format", "gray").filter("showinfo")
    coloured = shown[1].filter("scale", *small[1], flags="area").filter("format", "bgr24")
    raw: dict[str, Any] = {"f": "rawvideo", "fps_mode": "passthrough", **OWN_TIMES}
    outputs = [
        ffmpeg.output(grey, _local(target), **raw),
        ffmpeg.output(coloured, _local(small[0]), **raw),
        ffmpeg.output(source[PICTURE], _local(packets), f="framecrc", c="copy", **OWN_TIMES),
    ]
    return _spoken(ffmpeg.merge_outputs(*outputs), path, target)


def sound_pass(path: Path, target: Path, *, decibel: int, seconds: float, until: float) -> bytes:
    """The fingerprint of the sound in `target`; returns what silencedetect said.

    Where the sound begins late, breaks off or ends before `until`, silence is put, so that its seconds are the
    recording's.
    """
    heard = _source(path, threads=1)[SOUND].filter("aresample", 11025, **{"async": 1, "first_pts": 0})
    if until > 0:
        heard = heard.filter("apad", whole_dur=f"{until:.3f}")
    heard = heard.filter("silencedetect", noise=f"{decibel}dB", duration=seconds)
    return _spoken(
        ffmpeg.output(heard, _local(target), f="chromaprint", fp_format="raw", ac=1, ar=11025), path, target
    )


def plain_sound(path: Path, target: Path, *, rate: int, seconds: float) -> None:
    """The first seconds of the sound in `target`: one channel of 16 bits, `rate` samples a second."""
    heard = _source(path, t=f"{seconds:.1f}", threads=1)["a:0"]
    _spoken(ffmpeg.output(heard, _local(target), f="s16le", ac=1, ar=rate), path, target)


def packet_pass(path: Path, target: Path) -> None:
    """A line on every packet of the picture in `target` (framecrc); nothing is decoded."""
    output = ffmpeg.output(_source(path)[PICTURE], _local(target), f="framecrc", c="copy", **OWN_TIMES)
    _spoken(output, path, target)


def frame_pass(
    path: Path,
    target: Path,
    *,
    stretch: Stretch,
    a_second: float,
    width: int,
    height: int,
    coarse: bool = False,
) -> bytes:
    """So many frames a second of a stretch as raw grey pictures in `target`; returns what showinfo said.

    `coarse`: frames that no other needs are left out and edges between blocks stay, for a third of the cost less.
    """
    source = _source(path, threads=1, **_within(stretch), **(COARSE if coarse else {}))
    picture = source[PICTURE].filter(
        "select", f"isnan(prev_selected_t)+gte(t-prev_selected_t,{1 / a_second:.4f}-0.001)"
    )
    picture = picture.filter("scale", width, height, flags="area").filter("format", "gray").filter("showinfo")
    output = ffmpeg.output(picture, _local(target), f="rawvideo", fps_mode="passthrough", **OWN_TIMES)
    return _spoken(output, path, target)


def sample_pass(path: Path, folder: Path, *, step_seconds: float, stretch: Stretch | None = None) -> bytes:
    """A keyframe each `step_seconds` (or each keyframe, where they lie further apart) as JPEGs 1.jpg, 2.jpg ... in
    `folder`, as they were recorded; returns what showinfo said, one line a picture."""
    far = f"isnan(prev_selected_t)+gte(t-prev_selected_t,{step_seconds:.3f}-0.05)"
    source = _source(path, threads=1, skip_frame="nokey", **_within(stretch))
    picture = source[PICTURE].filter("select", far).filter("showinfo")
    output = ffmpeg.output(
        picture, _local(folder / "%d.jpg"), f="image2", fps_mode="passthrough", **OWN_TIMES, **{"q:v": 2}
    )
    return _spoken(output, path, folder / "1.jpg")


def still(path: Path, target: Path, *, at_seconds: float, keyframe: bool = False) -> None:
    """One frame as it was recorded, a JPEG of high quality; `keyframe`: the first one from there, at little cost."""
    options: dict[str, Any] = {"skip_frame": "nokey"} if keyframe else {}
    source = _source(path, ss=f"{at_seconds:.3f}", threads=1, **options)
    _spoken(
        ffmpeg.output(source[PICTURE], _local(target), vframes=1, f="image2", update=1, **{"q:v": 2}),
        path,
        target,
    )
    if not target.is_file() or not target.stat().st_size:
        raise Unreadable


def _progress_file(target: Path) -> Path:
    return target.with_suffix(".progress")


def _within(stretch: Stretch | None) -> dict[str, str]:
    """Where to begin and end; a stretch that ends at infinity ends with the recording."""
    if stretch is None:
        return {}
    begin = {"ss": f"{stretch.start:.3f}"} if stretch.start > 0 else {}
    return begin | ({"to": f"{stretch.end:.3f}"} if math.isfinite(stretch.end) else {})


def _spoken(output: Any, path: Path, target: Path | None) -> bytes:
    """Run what was described and return what its filters said; Unreadable when ffmpeg gives up."""
    argv = ffmpeg.compile(output, cmd=TALKING)
    try:
        done = _called(argv, LOOK_LIMITS, path, target.parent if target else None)
    except ChildFailed as failure:
        raise Unreadable from failure
    meter.add(done.stderr)
    refuse_when_full(done.stderr)
    return done.stderr


def refuse_when_full(said: bytes) -> None:
    """DiskFull where a muxer found no room and ended as if all were well: chromaprint's does."""
    if NO_SPACE in said:
        raise DiskFull


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
        _called(argv, COPY_LIMITS, path, target.parent)
    except ChildFailed as failure:
        raise Unreadable from failure
    if not target.is_file() or not target.stat().st_size:
        raise Unreadable


def _called(argv: list[str], limits: Limits, path: Path, writable: Path | None) -> Completed:
    return run_limited(argv, limits=limits, readable=[path], writable=writable, watch=_watch.get())


def _local(path: Path) -> str:
    return f"file:{path}"


def _is_track(stream: dict[str, Any]) -> bool:
    """Pictures and sound; a cover image attached to a file is no track."""
    attached = stream.get("disposition", {}).get("attached_pic", 0)
    return stream.get("codec_type") in ("video", "audio") and not attached


def _track(stream: dict[str, Any]) -> Track:
    """The size is that of the picture as it is shown: a phone held upright says by how much to turn it."""
    width, height = int(stream.get("width", 0)), int(stream.get("height", 0))
    if _is_turned(stream):
        width, height = height, width
    return Track(
        kind=stream["codec_type"],
        codec=stream.get("codec_name", ""),
        width=width,
        height=height,
        frames_per_second=_rate(stream.get("avg_frame_rate", "0/0")),
    )


def _is_turned(stream: dict[str, Any]) -> bool:
    """Whether it is shown turned by a quarter."""
    said = [side["rotation"] for side in stream.get("side_data_list", ()) if "rotation" in side]
    degrees = said[0] if said else stream.get("tags", {}).get("rotate", 0)
    return round(float(degrees)) % 180 == 90


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
