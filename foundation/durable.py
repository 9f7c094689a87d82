"""Files that survive a power cut: written beside, fsynced, renamed, the folder fsynced."""

import errno
import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from foundation.errors import NoSpace

CHUNK = 1024 * 1024
TOLD_EACH = 64 * CHUNK
PART = ".part"
FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they are still there after a power cut."""
    missing = [step for step in (folder, *folder.parents) if not step.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        fsync_folder(made.parent)


@contextmanager
def part_file(final: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A `.part` beside `final`, open for writing; gone at the end unless it was renamed.

    A full disk becomes NoSpace.
    """
    make_folder(final.parent)
    part = final.parent / f"{final.name}.{uuid.uuid4().hex}{PART}"
    try:
        with open(part, "xb") as target:
            yield target, part
    except OSError as failure:
        if failure.errno in FULL_DISK:
            raise NoSpace(received=0) from failure
        raise
    finally:
        part.unlink(missing_ok=True)


def settle(target: BinaryIO, part: Path, final: Path) -> None:
    """Make what was written to `part` durable under its final name."""
    target.flush()
    os.fsync(target.fileno())
    os.rename(part, final)
    fsync_folder(final.parent)


def copy_hashed(source: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    """Copy to the end; the SHA-256 and the number of the bytes that went through."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        target.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def sha256_of(source: BinaryIO, tell: Callable[[int], None] | None = None) -> tuple[str, int]:
    """The SHA-256 and size of a stream, read to its end; `tell` hears now and then how many bytes are behind."""
    digest, size, told = hashlib.sha256(), 0, 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if tell is not None and size - told >= TOLD_EACH:
            tell(size)
            told = size
    return digest.hexdigest(), size


def link_beside(path: Path, final: Path) -> bool:
    """Give a durable file of ours its final name as well, without copying a byte; False where no link can be made.

    Nobody may write to `path` any more. Its mode becomes that of files made beside it.
    """
    make_folder(final.parent)
    linked = final.parent / f"{final.name}.{uuid.uuid4().hex}{PART}"
    try:
        os.link(path, linked)
    except OSError:
        return False
    try:
        os.chmod(linked, final.parent.stat().st_mode & 0o666)
        os.rename(linked, final)
    finally:
        linked.unlink(missing_ok=True)
    fsync_folder(final.parent)
    return True


def read_range(source: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` up to but not including `end`; closes the file."""
    with source:
        source.seek(start)
        left = end - start
        while left > 0 and (chunk := source.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
