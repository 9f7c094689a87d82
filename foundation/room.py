"""Whether the disks hold what is about to come: what each folder will take, summed by the disk it lies on."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from foundation.errors import NoSpace


def require_room(needs: Mapping[Path, int], *, reserve: int) -> None:
    """NoSpace("no_room_beforehand") unless every disk keeps `reserve` bytes after all of its folders took theirs."""
    by_disk: dict[int, tuple[Path, int]] = {}
    for folder, size in needs.items():
        there = _nearest(folder)
        disk = os.stat(there).st_dev
        by_disk[disk] = (there, by_disk.get(disk, (there, 0))[1] + size)
    for there, size in by_disk.values():
        free = shutil.disk_usage(there).free
        if free < size + reserve:
            raise NoSpace("no_room_beforehand", needed=_gigabytes(size + reserve), free=_gigabytes(free))


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _gigabytes(count: int) -> str:
    return f"{count / 1024**3:.1f}"
