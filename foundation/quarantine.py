"""Where uploads wait until somebody has looked at them; nothing here is ever served.

begin -> append ... append -> complete -> (the caller looks, stores the original) -> taken | refused
withdraw at any time before taken. Bytes are fsynced before their offset is acknowledged, so a sender may
trust every offset it was told; what lies beyond the acknowledged offset after a crash is cut off.
"""

import base64
import fcntl
import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.db.models import Sum
from django.utils import timezone

from foundation import durable, multipart
from foundation.crashpoints import crash_point
from foundation.errors import (
    ChecksumMismatch,
    NoSpace,
    OffsetMismatch,
    QuotaExceeded,
    Refused,
    TooLarge,
    UploadBusy,
    UploadClosed,
    UploadError,
)
from foundation.housekeeping import every
from foundation.installation import installation
from foundation.models import Quarantined

log = logging.getLogger(__name__)
State = Quarantined.State
ON_THE_WAY = (State.RECEIVING, State.COMPLETE)


@dataclass(frozen=True)
class Checksum:
    """What a sender says about one chunk: an algorithm of tus (`sha256`, `sha1`) and the digest."""

    algorithm: str
    digest: bytes

    @classmethod
    def parse(cls, header: str) -> "Checksum":
        """`Upload-Checksum` of tus: `sha256 <base64>`; UploadError when it cannot be read."""
        algorithm, _space, encoded = header.partition(" ")
        if algorithm not in ("sha256", "sha1"):
            raise UploadError("checksum_mismatch")
        try:
            digest = base64.b64decode(encoded, validate=True)
        except ValueError as broken:
            raise ChecksumMismatch from broken
        if len(digest) != hashlib.new(algorithm).digest_size:
            raise ChecksumMismatch
        return cls(algorithm, digest)


def begin(
    *, file_name: str, declared_size: int, subject: str = "", deposited_by: str = "", fingerprint: str = ""
) -> Quarantined:
    """Open an upload after asking size limit, quota and free space; Refused("empty") for nothing at all.

    `fingerprint` is the sender's own mark of the file, by which it knows the same one again after a restart.
    """
    if declared_size == 0:
        raise Refused("empty", file_name=file_name)
    _check_room(declared_size, deposited_by)
    quarantined = Quarantined(
        key=secrets.token_hex(24),
        file_name=file_name[-255:],
        declared_size=declared_size,
        subject=subject,
        deposited_by=deposited_by,
        fingerprint=fingerprint[:64],
    )
    path = path_of(quarantined)
    durable.make_folder(path.parent)
    path.touch(mode=0o600, exist_ok=False)
    durable.fsync_folder(path.parent)
    quarantined.save()
    return quarantined


def append(
    quarantined: Quarantined, offset: int, chunks: Iterable[bytes], checksum: Checksum | None = None
) -> int:
    """Write at `offset` and return the new offset, durable.

    OffsetMismatch, UploadBusy, UploadClosed, ChecksumMismatch, NoSpace: nothing acknowledged before is lost.
    When the sender breaks off and gave no checksum, what came stays and its error goes on to the caller.
    """
    with _locked(quarantined) as target:
        quarantined.refresh_from_db()
        if not quarantined.is_open or quarantined.part_size:
            raise UploadClosed
        if offset != quarantined.received:
            raise OffsetMismatch(expected=quarantined.received)
        target.truncate(offset)
        target.seek(offset)
        try:
            reached = _write(target, chunks, quarantined, checksum)
        except (ChecksumMismatch, UploadError, NoSpace):
            _cut(target, offset)
            raise
        except OSError:
            if checksum is None:
                _acknowledge(quarantined, target, min(target.tell(), quarantined.declared_size))
            else:
                _cut(target, offset)
            raise
        _acknowledge(quarantined, target, reached)
        return reached


def complete(quarantined: Quarantined, tell: Callable[[int], None] | None = None) -> Quarantined:
    """Close an upload that is all there; its SHA-256 is what the sender gets as receipt.

    It is read once, and `tell` hears how far that is. Nobody is kept from withdrawing it meanwhile.
    """
    with _locked(quarantined) as target:
        if _is_complete(quarantined):
            return quarantined
        if not quarantined.part_size:
            target.truncate(quarantined.received)
    sha256 = _hashed(quarantined, tell)
    with _locked(quarantined):
        if _is_complete(quarantined):
            return quarantined
        _move(quarantined, State.COMPLETE, sha256=sha256)
    crash_point("quarantined")
    return quarantined


def _hashed(quarantined: Quarantined, tell: Callable[[int], None] | None) -> str:
    """Read here; what lies in the bucket is brought here for it, and to be looked at."""
    if quarantined.part_size:
        return multipart.fetch(quarantined, path_of(quarantined), tell)
    with open(path_of(quarantined), "rb") as source:
        return durable.sha256_of(source, tell)[0]


def head_of(quarantined: Quarantined, count: int) -> bytes:
    """The first bytes of what came so far."""
    with open(path_of(quarantined), "rb") as source:
        return source.read(min(count, quarantined.received))


def deposit(path: Path, *, file_name: str, subject: str = "", deposited_by: str = "") -> Quarantined:
    """A whole local file through the same door (drop folder, command line)."""
    quarantined = begin(
        file_name=file_name, declared_size=path.stat().st_size, subject=subject, deposited_by=deposited_by
    )
    with open(path, "rb") as source:
        append(quarantined, 0, iter(lambda: source.read(durable.CHUNK), b""))
    return complete(quarantined)


def path_of(quarantined: Quarantined) -> Path:
    """Where the bytes wait: a random name, never the sender's."""
    return installation().quarantine_root / quarantined.key[:2] / quarantined.key


def taken(quarantined: Quarantined) -> None:
    """The original is durable in the store and known to its owner: the waiting copy goes."""
    _move(quarantined, State.TAKEN)
    _remove(quarantined)


def refuse(quarantined: Quarantined, code: str) -> None:
    """Not taken; the bytes stay until `sweep`, so that nothing is lost while people talk."""
    _move(quarantined, State.REFUSED, refusal=code)


def look_again(quarantined: Quarantined) -> None:
    """A refused file waits once more, its bytes untouched: the parser was slow, or the reason is gone."""
    with _locked(quarantined):
        quarantined.refresh_from_db()
        if quarantined.state != State.REFUSED or quarantined.received != quarantined.declared_size:
            raise UploadClosed
        _move(quarantined, State.COMPLETE, refusal="")


def withdraw(quarantined: Quarantined) -> None:
    """The sender takes a wrong upload back; UploadClosed when it was already taken in."""
    with _locked(quarantined):
        quarantined.refresh_from_db()
        if quarantined.state == State.TAKEN:
            raise UploadClosed
        _move(quarantined, State.WITHDRAWN)
    _remove(quarantined)


def sweep(*, older_than_days: int = 30) -> int:
    """Remove bytes nobody needs any more; the number of files removed.

    Taken and withdrawn ones at once (a crash left them), refused ones and uploads given up after some days; in a
    bucket also parts that no row knows of.
    A file without a row is left for `check_integrity` to tell.
    """
    limit = timezone.now() - timedelta(days=older_than_days)
    removed = 0
    for path in sorted(installation().quarantine_root.glob("??/*")):
        quarantined = Quarantined.objects.filter(key=path.name).first()
        if quarantined is None or not _is_needless(quarantined, limit):
            continue
        if quarantined.is_open:
            _move(quarantined, State.WITHDRAWN)
        _remove(quarantined)
        removed += 1
    return removed + multipart.sweep(older_than_days=older_than_days)


@every(seconds=3600)
def sweep_hourly() -> None:
    """A chore of the workers: a bucket that does not answer is asked again in an hour."""
    sweep()


def _is_complete(quarantined: Quarantined) -> bool:
    """Whether it is closed already; UploadClosed or OffsetMismatch where it cannot be."""
    quarantined.refresh_from_db()
    if quarantined.state == State.COMPLETE:
        return True
    if not quarantined.is_open:
        raise UploadClosed
    if quarantined.received != quarantined.declared_size:
        raise OffsetMismatch(expected=quarantined.received)
    return False


def _is_needless(quarantined: Quarantined, limit: datetime) -> bool:
    if quarantined.state in (State.TAKEN, State.WITHDRAWN):
        return True
    if quarantined.is_open and quarantined.received == quarantined.declared_size:
        return False  # all of it is acknowledged and waits for a worker: only its sender gives it up
    return quarantined.state in (State.REFUSED, State.RECEIVING) and quarantined.updated_at < limit


def _check_room(declared_size: int, deposited_by: str) -> None:
    limits = installation()
    if declared_size > limits.upload_max_bytes:
        raise TooLarge(size=declared_size, limit=limits.upload_max_bytes)
    waiting = Quarantined.objects.filter(deposited_by=deposited_by, state__in=ON_THE_WAY)
    on_the_way = waiting.aggregate(total=Sum("declared_size"))["total"] or 0
    if on_the_way + declared_size > limits.quarantine_quota_bytes:
        raise QuotaExceeded(limit=limits.quarantine_quota_bytes)
    durable.make_folder(limits.quarantine_root)
    if shutil.disk_usage(limits.quarantine_root).free < declared_size + limits.quarantine_reserve_bytes:
        raise NoSpace(received=0)


@contextmanager
def _locked(quarantined: Quarantined) -> Iterator[BinaryIO]:
    """The waiting file, for one writer at a time over all processes of this machine."""
    path = path_of(quarantined)
    if not path.exists():
        raise UploadClosed
    with open(path, "r+b", buffering=0) as target:
        try:
            fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise UploadBusy from busy
        yield target


def _write(
    target: BinaryIO, chunks: Iterable[bytes], quarantined: Quarantined, checksum: Checksum | None
) -> int:
    digest = hashlib.new(checksum.algorithm) if checksum else None
    for chunk in chunks:
        if target.tell() + len(chunk) > quarantined.declared_size:
            raise UploadError("declared_size_exceeded", declared=quarantined.declared_size)
        _write_all(target, chunk, quarantined)
        if digest:
            digest.update(chunk)
    if checksum and digest and digest.digest() != checksum.digest:
        raise ChecksumMismatch
    return target.tell()


def _write_all(target: BinaryIO, chunk: bytes, quarantined: Quarantined) -> None:
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[target.write(rest) :]
    except OSError as failure:
        if failure.errno in durable.FULL_DISK:
            raise NoSpace(received=quarantined.received) from failure
        raise


def _cut(target: BinaryIO, offset: int) -> None:
    target.truncate(offset)
    target.seek(offset)


def _acknowledge(quarantined: Quarantined, target: BinaryIO, reached: int) -> None:
    os.fsync(target.fileno())
    quarantined.received = reached
    quarantined.save(update_fields=["received", "updated_at"])


def _move(quarantined: Quarantined, state: Quarantined.State, **changes: str) -> None:
    for name, value in changes.items():
        setattr(quarantined, name, value)
    quarantined.state = state
    quarantined.save(update_fields=["state", "updated_at", *changes])


def _remove(quarantined: Quarantined) -> None:
    if quarantined.part_size:
        multipart.forget(quarantined)
    path_of(quarantined).unlink(missing_ok=True)
