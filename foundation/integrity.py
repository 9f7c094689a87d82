"""The invariants as small checks, and the proof that each check can find its fault.

An app adds its own in its `integrity.py`, which is imported at start:

    @check
    class VersionTwice:
        code = "version_twice"
        title = _("同一台账项同一版本只有一份")

        def faults(self, ground: Ground) -> Iterator[Fault]:
            for row in ground.rows(Filing)...:            # never Filing.objects: see below
                yield Fault(self.code, where=str(row.uuid), text=_("..."))

        def plant(self, ground: Ground) -> None:
            ground.add(Filing(...)); ground.add(Filing(...))

`prove` runs in a transaction that is rolled back, over a folder that is thrown away: every check plants
its fault (`ground.add` saves a row and remembers it; files go to `ground.store` or
`ground.quarantine_root`), and must then find at least one. There `ground.rows(Model)` gives the planted
rows alone, so that the proof costs the same in a large installation as in an empty one; in a real run it
gives every row. `where` says which row or file, never a name or a number of a person.
"""

import os
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation import durable
from foundation.blobs import BlobStore, original_key, store
from foundation.errors import BlobMissing
from foundation.folder_store import FolderStore
from foundation.installation import installation
from foundation.models import Blob, Job, Quarantined
from foundation.quarantine import ON_THE_WAY

OLD_SECONDS = 24 * 3600
REAPER_GRACE = timedelta(minutes=15)
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Fault:
    code: str
    where: str
    text: Promise | str


@dataclass
class Ground:
    """What the checks look at: the real installation, or a scratch one in which faults were planted."""

    store: BlobStore
    quarantine_root: Path
    is_scratch: bool = False
    is_deep: bool = True
    blob_folder: Path = Path()
    planted: dict[type[models.Model], list[Any]] = field(default_factory=dict)

    def rows(self, model: type[Row]) -> models.QuerySet[Row]:
        everything = model._default_manager.all()
        return everything.filter(pk__in=self.planted.get(model, [])) if self.is_scratch else everything

    def add(self, row: Row) -> Row:
        """Save a row of the scratch installation and remember it."""
        row.save()
        self.planted.setdefault(type(row), []).append(row.pk)
        return row

    def put(self, content: bytes) -> Blob:
        """A sound original with its row, to be spoilt by the caller."""
        with tempfile.NamedTemporaryFile() as source:
            source.write(content)
            source.flush()
            blob = self.store.put_file(Path(source.name), media_type="application/pdf")
        self.planted.setdefault(Blob, []).append(blob.pk)
        return blob


class Check(Protocol):
    code: str
    title: Promise | str

    def faults(self, ground: Ground) -> Iterator[Fault]: ...

    def plant(self, ground: Ground) -> None: ...


@dataclass(frozen=True)
class Proof:
    """How many planted faults there were, and which checks did not find theirs."""

    planted: int
    blind: tuple[str, ...]

    @property
    def found(self) -> int:
        return self.planted - len(self.blind)


_CHECKS: list[Check] = []


def check(made: type[Any]) -> type[Any]:
    """Register a class of the Check protocol."""
    _CHECKS.append(made())
    return made


def checks() -> list[Check]:
    return list(_CHECKS)


def real_ground(*, is_deep: bool = True) -> Ground:
    chosen = installation()
    folder = Path(chosen.blob_store.get("root", ""))
    return Ground(store(), chosen.quarantine_root, is_deep=is_deep, blob_folder=folder)


def prove(chosen: list[Check] | None = None) -> Proof:
    """Plant every fault in a scratch installation and see who finds it; nothing of it remains."""
    chosen = checks() if chosen is None else chosen
    with tempfile.TemporaryDirectory(prefix="integrity-") as folder, transaction.atomic():
        blobs = Path(folder) / "blobs"
        scratch = Ground(FolderStore(blobs), Path(folder) / "quarantine", is_scratch=True, blob_folder=blobs)
        scratch.quarantine_root.mkdir()
        sound = [one.code for one in chosen if any(one.faults(scratch))]
        for one in chosen:
            one.plant(scratch)
        blind = [one.code for one in chosen if not any(one.faults(scratch))]
        transaction.set_rollback(True)
    return Proof(planted=len(chosen), blind=tuple(sorted({*blind, *sound})))


def faults(ground: Ground) -> Iterator[Fault]:
    for one in checks():
        yield from one.faults(ground)


@check
class BlobFileMissing:
    code = "blob_file_missing"
    title = _("每份登记的原件都有文件")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for blob in ground.rows(Blob).iterator():
            if not ground.store.exists(blob.sha256):
                yield Fault(self.code, blob.sha256, _("登记在，文件不在。请从备份恢复这份原件。"))

    def plant(self, ground: Ground) -> None:
        ground.add(Blob(sha256=uuid.uuid4().hex * 2, size=1, media_type="application/pdf"))


@check
class BlobBytesChanged:
    code = "blob_bytes_changed"
    title = _("每份原件的字节与登记相同")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for blob in ground.rows(Blob).iterator():
            try:
                is_sound = self._is_sound(ground, blob)
            except BlobMissing:
                continue
            if not is_sound:
                yield Fault(self.code, blob.sha256, _("文件的内容或大小与登记不符。请从备份恢复这份原件。"))

    def plant(self, ground: Ground) -> None:
        blob = ground.put(b"what was scanned" + uuid.uuid4().bytes)
        with ground.store.local_path(blob.sha256) as path:
            path.write_bytes(b"!" + path.read_bytes()[1:])

    def _is_sound(self, ground: Ground, blob: Blob) -> bool:
        if ground.store.size(blob.sha256) != blob.size:
            return False
        if not ground.is_deep:
            return True
        with ground.store.open(blob.sha256) as original:
            return durable.sha256_of(original)[0] == blob.sha256


@check
class FileWithoutRow:
    code = "file_without_row"
    title = _("每个原件文件都有登记")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for sha256 in list(self._unknown(ground, ground.store.names())):
            if not ground.rows(Blob).filter(sha256=sha256).exists():  # asked again: uploads go on meanwhile
                yield Fault(
                    self.code, sha256, _("文件在，登记不在：收下时中断过。重新上传同一文件即可补上登记。")
                )

    def plant(self, ground: Ground) -> None:
        blob = ground.put(b"nobody knows me" + uuid.uuid4().bytes)
        blob.delete()

    def _unknown(self, ground: Ground, names: Iterator[str]) -> Iterator[str]:
        while batch := list(islice(names, 500)):
            known = set(ground.rows(Blob).filter(sha256__in=batch).values_list("sha256", flat=True))
            yield from (sha256 for sha256 in batch if sha256 not in known)


@check
class WriteLeftOver:
    code = "write_left_over"
    title = _("没有搁置超过一天的半成品文件")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for name, age in ground.store.leftovers():
            if age > OLD_SECONDS:
                yield Fault(self.code, name, _("写到一半就中断的文件，可以删除。"))

    def plant(self, ground: Ground) -> None:
        part = ground.blob_folder / f"{original_key('ab' * 32)}{durable.PART}"
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(b"half")
        os.utime(part, (0, 0))


@check
class QuarantineFileMissing:
    code = "quarantine_file_missing"
    title = _("每个在途上传都有已收到的字节")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for row in ground.rows(Quarantined).filter(state__in=ON_THE_WAY).iterator():
            path = ground.quarantine_root / row.key[:2] / row.key
            if not path.is_file() or path.stat().st_size < row.received:
                yield Fault(self.code, str(row.uuid), _("已确认收到的字节不见了。请撤回这个上传，重新上传。"))

    def plant(self, ground: Ground) -> None:
        ground.add(Quarantined(key=uuid.uuid4().hex, file_name="x.pdf", declared_size=9, received=9))


@check
class QuarantineFileWithoutRow:
    code = "quarantine_file_without_row"
    title = _("待验目录里没有无主的文件")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        for path in ground.quarantine_root.glob("??/*"):
            if not ground.rows(Quarantined).filter(key=path.name).exists():
                yield Fault(self.code, path.name, _("没有哪个上传认领这个文件，可以删除。"))

    def plant(self, ground: Ground) -> None:
        path = ground.quarantine_root / "ff" / ("f" * 48)
        path.parent.mkdir()
        path.write_bytes(b"whose?")


@check
class LeaseNobodyHolds:
    code = "lease_nobody_holds"
    title = _("每件进行中的工作都有活着的进程")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        limit = timezone.now() - REAPER_GRACE
        for job in ground.rows(Job).filter(state=Job.State.LEASED, lease_until__lt=limit).iterator():
            yield Fault(
                self.code, str(job.uuid), _("租约早已过期，没有进程接手。请确认后台进程（worker）在运行。")
            )

    def plant(self, ground: Ground) -> None:
        past = timezone.now() - REAPER_GRACE * 2
        ground.add(Job(kind="planted", queue="paper", state=Job.State.LEASED, lease_until=past))


@check
class JobEndUntold:
    code = "job_end_untold"
    title = _("结束的工作都记了结束时间，未结束的都没有")

    def faults(self, ground: Ground) -> Iterator[Fault]:
        over = models.Q(state__in=(Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED))
        wrong = (over & models.Q(finished_at=None)) | (~over & models.Q(finished_at__isnull=False))
        for job in ground.rows(Job).filter(wrong).iterator():
            yield Fault(self.code, str(job.uuid), _("工作的状态与结束时间矛盾。请告知管理员，附上这个编号。"))

    def plant(self, ground: Ground) -> None:
        ground.add(Job(kind="planted", queue="paper", state=Job.State.DONE))
