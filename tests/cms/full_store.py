"""A store whose disk is full: everything may be looked at, nothing can be put."""

from pathlib import Path

from foundation.errors import NoSpace
from foundation.folder_store import FolderStore
from foundation.models import Blob


class FullStore(FolderStore):
    def put_file(self, path: Path, *, media_type: str, expected_sha256: str = "") -> Blob:
        raise NoSpace(received=path.stat().st_size)

    def keep_file(self, path: Path, *, media_type: str, sha256: str) -> Blob:
        return self.put_file(path, media_type=media_type, expected_sha256=sha256)
