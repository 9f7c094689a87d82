"""How an MP4 is laid out: whether a player finds its index before the pictures."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MOST_BOXES = 1000


def starts_fast(path: Path) -> bool:
    """Whether `moov` stands before `mdat`; False for what is no MP4 or cannot be followed."""
    with open(path, "rb") as source:
        for name in _top_boxes(source):
            if name in (b"moov", b"mdat"):
                return name == b"moov"
    return False


def _top_boxes(source: BinaryIO) -> Iterator[bytes]:
    """Names of the outermost boxes in order, without reading what they hold."""
    for _count in range(MOST_BOXES):
        head = source.read(16)
        if len(head) < 8:
            return
        size, name = struct.unpack(">I4s", head[:8])
        if size == 1 and len(head) == 16:
            size = struct.unpack(">Q", head[8:])[0]
        yield name
        if size < 8:
            return
        source.seek(size - len(head), 1)
