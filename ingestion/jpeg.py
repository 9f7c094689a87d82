"""A JPEG as a sequence of segments: its picture bytes without what a camera wrote beside them. Decodes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
PLAIN_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what a PDF may hold
OTHER_FRAMES = frozenset(range(0xC0, 0xD0)) - PLAIN_FRAMES - {0xC4, 0xC8, 0xCC}
KEPT_MARKS = frozenset(
    {0xE0, 0xEE}
)  # JFIF and Adobe's say how colours are meant; the rest tells of place and camera
STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})


class NotPlain(ValueError):
    """These bytes are no JPEG that may be laid into a PDF as they are."""


@dataclass(frozen=True)
class Segment:
    marker: int
    start: int
    end: int


def bare(content: bytes) -> bytes:
    """The first picture of the file, bit for bit, without EXIF, comments, previews and whatever lies behind it."""
    kept, frames = [b"\xff\xd8"], 0
    for segment in _segments(content):
        if segment.marker in OTHER_FRAMES:
            raise NotPlain("frame")
        frames += segment.marker in PLAIN_FRAMES
        is_note = 0xE0 <= segment.marker <= 0xEF or segment.marker == 0xFE
        if not is_note or segment.marker in KEPT_MARKS:
            kept.append(content[segment.start : segment.end])
    if frames != 1:
        raise NotPlain("frame")
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[Segment]:
    """From behind the start mark to the end mark; the coded picture belongs to the segment that begins its scan."""
    if content[:2] != b"\xff\xd8":
        raise NotPlain("start")
    at = 2
    while True:
        if at + 4 > len(content) + 2 or content[at : at + 1] != b"\xff":
            raise NotPlain("cut short")
        marker = content[at + 1]
        if marker == EOI:
            yield Segment(marker, at, at + 2)
            return
        end = at + 2 if marker in STANDALONE else at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == SOS:
            end = _behind_scan(content, end)
        yield Segment(marker, at, end)
        at = end


def _behind_scan(content: bytes, at: int) -> int:
    """Where coded data end: at the next mark that is neither a stuffed byte nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise NotPlain("cut short")
        following = content[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at
