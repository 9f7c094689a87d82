"""What a fetched answer is: an HLS playlist and what it names, or a JPEG among other bytes. Fetches nothing."""

import re
from dataclasses import dataclass

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')
MOST_SEGMENTS = 5000
HEAD_BYTES = 2048  # before a picture there are a few lines of headers at most


@dataclass(frozen=True)
class Segment:
    """One piece of the recording: where it lies, as written, and how long it is."""

    address: str
    seconds: float


@dataclass(frozen=True)
class Playlist:
    """`variant`: the playlist it points to first, where it lists sizes instead of segments."""

    segments: tuple[Segment, ...] = ()
    variant: str = ""
    init: str = ""
    target_seconds: float = 4.0
    is_over: bool = False
    is_encrypted: bool = False


def is_playlist(came: bytes) -> bool:
    return came.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"#EXTM3U")


def first_jpeg(came: bytes | bytearray) -> bytes:
    """The first whole JPEG of a snapshot or of a stream of pictures; empty for another kind of stream."""
    start = came.find(b"\xff\xd8\xff", 0, HEAD_BYTES)
    end = came.find(b"\xff\xd9", start + 4) if start >= 0 else -1
    return bytes(came[start : end + 2]) if end > 0 else b""


def parsed(text: str) -> Playlist:
    """A playlist as values; what is not understood is passed over."""
    segments: list[Segment] = []
    found: dict[str, str] = {}
    seconds, wants_variant = 0.0, False
    for line in (raw.strip() for raw in text.splitlines()):
        tag, _colon, rest = line.partition(":")
        if tag == "#EXTINF":
            seconds = _number(rest.partition(",")[0])
        elif tag == "#EXT-X-STREAM-INF":
            wants_variant = True
        elif tag in ("#EXT-X-MAP", "#EXT-X-KEY", "#EXT-X-TARGETDURATION", "#EXT-X-ENDLIST"):
            found[tag] = rest
        elif line and not line.startswith("#"):
            if wants_variant and not found.get("variant"):
                found["variant"] = line
            elif not wants_variant and len(segments) < MOST_SEGMENTS:
                segments.append(Segment(line, seconds))
    return Playlist(
        segments=tuple(segments),
        variant=found.get("variant", ""),
        init=_attribute(found.get("#EXT-X-MAP", ""), "URI"),
        target_seconds=_number(found.get("#EXT-X-TARGETDURATION", "")) or 4.0,
        is_over="#EXT-X-ENDLIST" in found,
        is_encrypted=_attribute(found.get("#EXT-X-KEY", ""), "METHOD") not in ("", "NONE"),
    )


def _attribute(text: str, name: str) -> str:
    return next((value.strip('"') for key, value in _ATTRIBUTE.findall(text) if key == name), "")


def _number(text: str) -> float:
    try:
        return max(0.0, min(600.0, float(text)))
    except ValueError:
        return 0.0
