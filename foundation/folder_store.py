"""Originals and derivatives in a local folder; the contract is told in foundation.blobs."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from foundation import durable
from foundation.blobs import derivative_key, original_key, record
from foundation.errors import BlobMissing, DigestMismatch
from foundation.models import Blob

log = logging.getLogger(__name__)


class FolderStore:
    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def put_file(self, path: Path, *, media_type: str, expected_sha256: str = "") -> Blob:
        incoming = self.root / "originals" / "incoming"
        with open(path, "rb") as source, durable.part_file(incoming) as (target, part):
            sha256, size = durable.copy_hashed(source, target)
            if expected_sha256 and sha256 != expected_sha256:
                raise DigestMismatch
            self._settle_once(target, part, sha256, size)
        return record(sha256, size=size, media_type=media_type)

    def keep_file(self, path: Path, *, media_type: str, sha256: str) -> Blob:
        final, size = self._original(sha256), path.stat().st_size
        is_there = final.is_file() and final.stat().st_size == size
        if is_there or durable.link_beside(path, final):
            return record(sha256, size=size, media_type=media_type)
        return self.put_file(path, media_type=media_type, expected_sha256=sha256)

    def _settle_once(self, target: BinaryIO, part: Path, sha256: str, size: int) -> None:
        final = self._original(sha256)
        if final.is_file() and final.stat().st_size == size:
            return
        if final.exists():
            log.warning("original %s had a wrong size and was put right", sha256)
        durable.make_folder(final.parent)
        durable.settle(target, part, final)

    def open(self, sha256: str) -> BinaryIO:
        return _opened(self._original(sha256))

    def open_range(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        return durable.read_range(self.open(sha256), start, end)

    def size(self, sha256: str) -> int:
        return _size(self._original(sha256))

    def exists(self, sha256: str) -> bool:
        return self._original(sha256).is_file()

    @contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        path = self._original(sha256)
        if not path.is_file():
            raise BlobMissing
        yield path

    def names(self) -> Iterator[str]:
        for path in (self.root / "originals").glob("??/??/*"):
            if not path.name.endswith(durable.PART):
                yield path.name

    def leftovers(self) -> Iterator[tuple[str, float]]:
        now = time.time()
        for path in self.root.rglob(f"*{durable.PART}"):
            yield str(path.relative_to(self.root)), now - path.stat().st_mtime

    def put_derivative(self, sha256: str, name: str, content: bytes | Path) -> None:
        final = self.root / derivative_key(sha256, name)
        with durable.part_file(final) as (target, part):
            if isinstance(content, bytes):
                target.write(content)
            else:
                with open(content, "rb") as source:
                    durable.copy_hashed(source, target)
            durable.settle(target, part, final)

    def has_derivative(self, sha256: str, name: str) -> bool:
        return (self.root / derivative_key(sha256, name)).is_file()

    def open_derivative(self, sha256: str, name: str) -> BinaryIO:
        return _opened(self.root / derivative_key(sha256, name))

    def derivative_size(self, sha256: str, name: str) -> int:
        return _size(self.root / derivative_key(sha256, name))

    def open_derivative_range(self, sha256: str, name: str, start: int, end: int) -> Iterator[bytes]:
        return durable.read_range(self.open_derivative(sha256, name), start, end)

    def internal_path(self, sha256: str, name: str = "") -> str:
        return derivative_key(sha256, name) if name else original_key(sha256)

    def presigned_url(self, sha256: str, *, name: str = "", seconds: int, headers: dict[str, str]) -> str:
        return ""

    def _original(self, sha256: str) -> Path:
        return self.root / original_key(sha256)


def _opened(path: Path) -> BinaryIO:
    try:
        return open(path, "rb")
    except FileNotFoundError as missing:
        raise BlobMissing from missing


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError as missing:
        raise BlobMissing from missing
