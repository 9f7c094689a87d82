"""The live picture of a room: one still, or a clip of a few minutes, from its RTSP, HLS or plain HTTP address.

What comes over HTTP is fetched by ourselves, from the address's own host and port and nowhere else, and decoded behind
the wall as a file: a playlist cannot lead to a file or to another machine. RTSP is spoken by ffmpeg behind the wall,
through a relay to the one numeric address that was looked up and allowed: a redirect leads nowhere.
Addresses hold passwords: they are in no repr, no error and no log.
"""

import base64
import http.client
import ipaddress
import socket
import ssl
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from foundation.errors import SandboxError
from foundation.sandbox import MIB, Limits, is_walled, run_limited, run_python
from media_processing import ffmpeg, playlists, relaying

STILL_WIDTH = 1280
METADATA = ipaddress.ip_network("fd00:ec2::254/128")  # where a rented machine is told its secrets
STILL_SECONDS, STILL_BYTES = 12.0, 24 * MIB
CLIP_BYTES = 768 * MIB
PLAYLIST_BYTES = 256 * 1024
SILENCE_SECONDS = 5.0  # a camera that says nothing for so long is not there
PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
HTTP_PROBLEMS = {401: "live_locked", 403: "live_locked", 404: "live_not_found", 410: "live_not_found"}
DECODE_LIMITS = Limits(cpu_seconds=20, wall_seconds=30, address_space=2048 * MIB, file_size=64 * MIB)


class Unreachable(Exception):
    """No picture came; the one argument is a code that media_processing.camera_jobs words, never the address."""

    @property
    def code(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Source:
    """One address, taken apart; only scheme, host and port are ever shown."""

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def shown(self) -> str:
        """What people may see of it: rtsp://192.168.1.20:8554/… without path and password."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{_bracketed(self.host)}{port}/…"

    @property
    def is_http(self) -> bool:
        return self.scheme in ("http", "https")


@dataclass(frozen=True)
class Rules:
    """`loopback`: whether this machine's own services may be a camera (a restreamer beside us, a test). `walled`: whether
    children run without network here; without that wall an RTSP camera could lead ffmpeg anywhere, so none is asked.
    """

    loopback: bool = False
    walled: bool | None = None  # None: as this machine is


def source_of(address: str) -> Source:
    """The address taken apart; Unreachable("live_address") for what is none of ours."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Unreachable("live_address") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise Unreachable("live_address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Source(
        parts.scheme,
        parts.hostname,
        port or PORTS[parts.scheme],
        path,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def looked_up(source: Source, rules: Rules) -> str:
    """The one numeric address we shall speak to. Cameras stand in private networks, so those are allowed; this
    machine's own services, neighbours found by link alone, groups and nothing are not."""
    walled = is_walled() if rules.walled is None else rules.walled
    if not (source.is_http or walled):
        raise Unreachable("live_no_wall")
    try:
        found = socket.getaddrinfo(source.host, source.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("live_name_unknown") from None
    numeric = [str(one[4][0]).partition("%")[0] for one in found]
    if any(not is_allowed(one, rules) for one in numeric):
        raise Unreachable("live_not_allowed")
    return numeric[0]


def refused_as_written(address: str, rules: Rules) -> str:
    """A code for an address that will never be opened, told from its writing alone, no name looked up; else empty."""
    try:
        host = source_of(address).host
    except Unreachable as problem:
        return problem.code
    try:
        numeric = str(socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)[0][4][0]).partition("%")[0]
    except (OSError, UnicodeError):  # a name: looked up whenever it is opened
        numeric = "127.0.0.1" if host.rstrip(".").lower() == "localhost" else ""
    return "live_not_allowed" if numeric and not is_allowed(numeric, rules) else ""


def is_allowed(numeric: str, rules: Rules) -> bool:
    place = ipaddress.ip_address(numeric)
    if isinstance(place, ipaddress.IPv6Address):
        place = place.ipv4_mapped or place.sixtofour or place
    if place in METADATA:
        return False
    if place.is_loopback:
        return rules.loopback
    return not (place.is_link_local or place.is_multicast or place.is_unspecified or place.is_reserved)


def still(address: str, rules: Rules = Rules()) -> bytes:  # noqa: B008 - frozen
    """The picture of this moment as a JPEG of at most 1280 pixels; Unreachable within some fifteen seconds."""
    source = source_of(address)
    numeric = looked_up(source, rules)
    with tempfile.TemporaryDirectory(prefix="juanzong-live-") as folder:
        target = Path(folder) / "still.jpg"
        if source.is_http:
            came = Path(folder) / "came"
            came.write_bytes(_newest(source, numeric))
            _decoded(came, target)
        else:
            _spoken_to(source, numeric, target, ["-frames:v", "1", *_AS_JPEG], STILL_SECONDS)
        if not target.is_file() or not target.stat().st_size:
            raise Unreachable("live_no_picture")
        return target.read_bytes()


def clip(
    address: str,
    folder: Path,
    *,
    seconds: float,
    rules: Rules = Rules(),  # noqa: B008 - frozen
    pause: Callable[[float], None] = time.sleep,
) -> Path:
    """So many seconds of the live address as a file in `folder`, the streams as they came."""
    source = source_of(address)
    numeric = looked_up(source, rules)
    target = folder / ("clip" if source.is_http else "clip.mkv")
    if source.is_http:
        _collect(source, numeric, target, seconds, pause)
    else:
        _spoken_to(source, numeric, target, ["-t", f"{seconds:.1f}", "-c", "copy"], seconds + STILL_SECONDS)
    if not target.is_file() or not target.stat().st_size:
        raise Unreachable("live_no_picture")
    return target


# Over HTTP ------------------------------------------------------------------------------------------------
def _newest(source: Source, numeric: str) -> bytes:
    """Bytes whose first picture is the newest one: a snapshot, the last segment of HLS, or the head of a stream."""
    deadline = time.monotonic() + STILL_SECONDS
    came = _fetched(source, numeric, STILL_BYTES, deadline, is_stream=True)
    if not playlists.is_playlist(came):
        return playlists.first_jpeg(came) or came
    listed, base = _media_playlist(source, numeric, came, deadline)
    if not listed.segments:
        raise Unreachable("live_no_picture")
    head = _of_playlist(listed.init, base, numeric, deadline) if listed.init else b""
    return head + _of_playlist(listed.segments[-1].address, base, numeric, deadline)


def _collect(
    source: Source, numeric: str, target: Path, seconds: float, pause: Callable[[float], None]
) -> None:
    """Follow a live playlist, or read a stream, until there are enough seconds or nothing more comes."""
    deadline = time.monotonic() + seconds + STILL_SECONDS
    came = _fetched(source, numeric, STILL_BYTES, time.monotonic() + STILL_SECONDS, is_stream=True)
    if playlists.first_jpeg(came):
        raise Unreachable("live_still_only")
    if not playlists.is_playlist(came):
        target.write_bytes(_fetched(source, numeric, CLIP_BYTES, time.monotonic() + seconds, is_stream=True))
        return
    listed, base = _media_playlist(source, numeric, came, deadline)
    had: set[str] = set()
    length, size = 0.0, 0
    with target.open("wb") as kept:
        if listed.init:
            kept.write(_of_playlist(listed.init, base, numeric, deadline))
        while True:
            for segment in listed.segments if listed.is_over else listed.segments[-3:]:
                if segment.address in had or length >= seconds or size >= CLIP_BYTES:
                    continue
                size += kept.write(_of_playlist(segment.address, base, numeric, deadline))
                had.add(segment.address)
                length += segment.seconds
            if listed.is_over or length >= seconds or size >= CLIP_BYTES or time.monotonic() >= deadline:
                return
            pause(max(0.5, listed.target_seconds / 2))
            listed = playlists.parsed(
                _fetched(base, numeric, PLAYLIST_BYTES, deadline).decode("utf-8", "replace")
            )


def _media_playlist(
    source: Source, numeric: str, came: bytes, deadline: float
) -> tuple[playlists.Playlist, Source]:
    """The playlist that names segments, and its own address; of several sizes the first."""
    base = source
    for _step in range(2):
        listed = playlists.parsed(came[:PLAYLIST_BYTES].decode("utf-8", "replace"))
        if listed.is_encrypted:
            raise Unreachable("live_encrypted")
        if not listed.variant:
            return listed, base
        base = _beside(base, listed.variant)
        came = _fetched(base, numeric, PLAYLIST_BYTES, deadline)
    raise Unreachable("live_no_picture")


def _of_playlist(address: str, base: Source, numeric: str, deadline: float) -> bytes:
    return _fetched(_beside(base, address), numeric, STILL_BYTES, deadline)


def _beside(base: Source, address: str) -> Source:
    """What a playlist names, if it lies on the same host and port; whatever else it names is not asked for."""
    try:
        joined = urljoin(f"{base.scheme}://{_bracketed(base.host)}:{base.port}{base.path}", address)
        named = source_of(joined)
    except (ValueError, Unreachable):
        raise Unreachable("live_elsewhere") from None
    if named.origin != base.origin:
        raise Unreachable("live_elsewhere")
    return replace(named, user=base.user, password=base.password)


def _fetched(source: Source, numeric: str, most: int, deadline: float, *, is_stream: bool = False) -> bytes:
    """What one GET answers, no redirect followed; a stream is cut at `most` bytes or at the deadline."""
    came = bytearray()
    try:
        with closing(_connected(source, numeric)) as connection:
            connection.request("GET", source.path, headers=_headers(source))
            answer = connection.getresponse()
            if answer.status not in (200, 206):
                raise Unreachable(HTTP_PROBLEMS.get(answer.status, "live_answered_wrongly"))
            while len(came) < most and time.monotonic() < deadline:
                piece = answer.read1(min(64 * 1024, most - len(came)))
                if not piece:
                    return bytes(came)
                came += piece
                if is_stream and playlists.first_jpeg(came):
                    return bytes(came)
    except (OSError, http.client.HTTPException, ValueError) as failure:
        if is_stream and came:
            return bytes(came)
        raise Unreachable("live_untrusted" if isinstance(failure, ssl.SSLError) else "live_silent") from None
    if is_stream:
        return bytes(came)
    raise Unreachable("live_too_much")


def _connected(source: Source, numeric: str) -> http.client.HTTPConnection:
    """A connection to the numeric address that speaks of the host by its name."""
    wire = socket.create_connection((numeric, source.port), SILENCE_SECONDS)
    if source.scheme == "https":
        wire = ssl.create_default_context().wrap_socket(wire, server_hostname=source.host)
    connection = http.client.HTTPConnection(source.host, source.port)
    connection.sock = wire
    return connection


def _headers(source: Source) -> dict[str, str]:
    told = {"Accept": "*/*", "Connection": "close", "User-Agent": "Juanzong"}
    if source.user:
        pair = base64.b64encode(f"{source.user}:{source.password}".encode()).decode()
        told["Authorization"] = f"Basic {pair}"
    return told


# Through ffmpeg -------------------------------------------------------------------------------------------
_AS_JPEG = ["-vf", f"scale='min({STILL_WIDTH},iw)':-2", "-q:v", "4", "-f", "image2", "-update", "1"]


def _decoded(path: Path, target: Path) -> None:
    """The first picture of a fetched file, behind the wall and without network."""
    with path.open("rb") as start:
        is_jpeg = start.read(2) == b"\xff\xd8"
    form = ["-f", "jpeg_pipe"] if is_jpeg else ["-format_whitelist", ffmpeg.CONTAINERS]
    argv = [*ffmpeg.QUIET, *form, "-protocol_whitelist", "file", "-max_pixels", str(ffmpeg.MOST_PIXELS)]
    argv += ["-threads", "1", "-i", f"file:{path}", "-frames:v", "1", "-map_metadata", "-1", *_AS_JPEG]
    try:
        run_limited([*argv, f"file:{target}"], limits=DECODE_LIMITS, readable=[path], writable=target.parent)
    except SandboxError:
        raise Unreachable("live_no_picture") from None


def _spoken_to(source: Source, numeric: str, target: Path, wanted: list[str], seconds: float) -> None:
    """Have ffmpeg speak RTSP over TCP to the numeric address and to no other, and write what is wanted."""
    login = f"{_quoted(source.user)}:{_quoted(source.password)}@" if source.user else ""
    address = f"{source.scheme}://{login}{relaying.CAMERA}{source.path}"
    argv = [*ffmpeg.QUIET, "-rtsp_transport", "tcp", "-timeout", str(int(SILENCE_SECONDS * 1e6))]
    argv += ["-protocol_whitelist", "rtsp,rtsps,rtp,tcp,tls", "-max_pixels", str(ffmpeg.MOST_PIXELS)]
    argv += ["-threads", "1", "-i", address, "-map_metadata", "-1", *wanted, f"file:{target}"]
    limits = Limits(
        cpu_seconds=60, wall_seconds=seconds + SILENCE_SECONDS, address_space=2048 * MIB, file_size=CLIP_BYTES
    )
    report = target.with_suffix(".said")  # ffmpeg's own words hold the address: they go with the folder
    door = target.with_suffix(".door")
    told: list[str | Path] = [door, f"file={report}:level=16", *argv]
    try:
        with relaying.led_to(door, lambda: socket.create_connection((numeric, source.port), SILENCE_SECONDS)):
            run_python(
                "media_processing.relaying",
                told,
                packages=("media_processing",),
                limits=limits,
                writable=target.parent,
            )
    except SandboxError:
        if target.is_file() and target.stat().st_size:
            return  # the stream broke off: what came is worth looking at
        raise Unreachable(_rtsp_problem(report)) from None


def _rtsp_problem(report: Path) -> str:
    said = report.read_bytes() if report.is_file() else b""
    codes = ((b"401 Unauthorized", 401), (b"403 Forbidden", 403), (b"404 ", 404))
    return next((HTTP_PROBLEMS[code] for words, code in codes if words in said), "live_silent")


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
