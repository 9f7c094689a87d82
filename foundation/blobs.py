"""Stored files by their bytes: one contract, a local folder and S3 keep it alike.

An original lies under `originals/ab/cd/<sha256>` and is never rewritten. It is durable before its row
exists: written to `.part`, fsynced, renamed, its folder fsynced, and only then the row (unique by SHA-256)
goes in. So a crash leaves at worst a file without a row, which the next `put_file` of the same bytes adopts.
Call `put_file` outside a transaction that may roll back.

A derivative lies under `derivatives/<sha256>/<name>`; it can be computed again and may be rewritten.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.db import transaction
from django.utils.module_loading import import_string

from foundation.crashpoints import crash_point
from foundation.installation import installation
from foundation.models import Blob

STORES = {"folder": "foundation.folder_store.FolderStore", "s3": "foundation.s3_store.S3Store"}


class BlobStore(Protocol):
    """What every store promises. `sha256` is 64 hex digits; BlobMissing when there is no such file."""

    def put_file(self, path: Path, *, media_type: str, expected_sha256: str = "") -> Blob:
        """Store a copy of the file and its row; the same bytes twice give the same row.

        DigestMismatch when the bytes are not `expected_sha256`, NoSpace when the disk is full.
        """
        ...

    def keep_file(self, path: Path, *, media_type: str, sha256: str) -> Blob:
        """Store a file of ours that was hashed as `sha256` and that nobody writes to any more, and its row.

        Where one disk holds both, not a byte of it is copied; elsewhere it is copied and checked.
        """
        ...

    def open(self, sha256: str) -> BinaryIO:
        """A seekable binary file of the original; the caller closes it."""
        ...

    def open_range(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to but not including `end`, in chunks."""
        ...

    def size(self, sha256: str) -> int: ...

    def exists(self, sha256: str) -> bool: ...

    def local_path(self, sha256: str) -> AbstractContextManager[Path]:
        """A real path for child processes, valid inside the `with`; never write to it."""
        ...

    def names(self) -> Iterator[str]:
        """The SHA-256 of every file under a final name, with or without a row."""
        ...

    def leftovers(self) -> Iterator[tuple[str, float]]:
        """Unfinished writes: a name and its age in seconds."""
        ...

    def put_derivative(self, sha256: str, name: str, content: bytes | Path) -> None: ...

    def has_derivative(self, sha256: str, name: str) -> bool: ...

    def open_derivative(self, sha256: str, name: str) -> BinaryIO: ...

    def derivative_size(self, sha256: str, name: str) -> int: ...

    def open_derivative_range(self, sha256: str, name: str, start: int, end: int) -> Iterator[bytes]: ...

    def internal_path(self, sha256: str, name: str = "") -> str:
        """The key of an original, or of its derivative `name`, inside this store."""
        ...

    def presigned_url(self, sha256: str, *, name: str = "", seconds: int, headers: dict[str, str]) -> str:
        """A link that lives `seconds` and answers with these response headers; empty when not offered."""
        ...


def store() -> BlobStore:
    """The store this installation is set to."""
    chosen = dict(installation().blob_store)
    return _made(chosen.pop("kind"), tuple(sorted(chosen.items())))


@lru_cache(maxsize=8)
def _made(kind: str, options: tuple[tuple[str, Any], ...]) -> BlobStore:
    return import_string(STORES[kind])(**dict(options))


def original_key(sha256: str) -> str:
    return f"originals/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def derivative_key(sha256: str, name: str) -> str:
    """ValueError for a name that would leave its folder."""
    if not name or name.startswith((".", "/")) or ".." in name or "\\" in name:
        raise ValueError("a derivative's name is a plain relative path")
    return f"derivatives/{sha256}/{name}"


def record(sha256: str, *, size: int, media_type: str) -> Blob:
    """The row of a file that is already durable under its final name."""
    crash_point("renamed_before_row")
    with transaction.atomic():
        blob, _created = Blob.objects.get_or_create(
            sha256=sha256, defaults={"size": size, "media_type": media_type}
        )
    return blob
