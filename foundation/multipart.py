"""Large files that a browser puts straight into the bucket, part by part, by addresses that live an hour.

    begin -> addresses of what is missing ... -> complete -> fetch (hashed and looked at here) -> settle under its digest

Until it settles the object lies under `incoming/`, which nothing serves. Which parts are there is asked of the bucket,
never of the sender, so an upload goes on after any restart. Offered where the originals lie in a bucket that browsers
reach (BLOB_STORE's `browser_endpoint_url`); the bucket must allow PUT from our address (CORS).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from foundation import durable
from foundation.blobs import original_key, record, store
from foundation.errors import BlobMissing, DigestMismatch, NoSpace, OffsetMismatch, StorageError
from foundation.models import Blob, Quarantined
from foundation.s3_store import S3Store, told_plainly

PARTS_FROM = 64 * 1024**2  # smaller files come through us
LEAST_PART = 16 * 1024**2
MOST_PARTS = 9000  # a bucket takes 10,000
ADDRESSES_AT_ONCE = 24
ADDRESS_SECONDS = 3600
INCOMING = "incoming/"


def bucket() -> S3Store | None:
    """The store, where browsers may put parts into it."""
    chosen = store()
    return chosen if isinstance(chosen, S3Store) and chosen.browser_endpoint_url else None


def is_offered(size: int) -> bool:
    return size >= PARTS_FROM and bucket() is not None


def part_size_for(size: int) -> int:
    """Whole megabytes, so that even the largest file has fewer parts than a bucket takes."""
    megabyte = 1024**2
    return max(LEAST_PART, -(-size // (MOST_PARTS * megabyte)) * megabyte)


def begin(waiting: Quarantined) -> None:
    """Open the upload in the bucket; its row knows the name from here on."""
    place = _place(waiting)
    with told_plainly():
        begun = _bucket().client.create_multipart_upload(**place)
    waiting.remote, waiting.part_size = begun["UploadId"], part_size_for(waiting.declared_size)
    waiting.save(update_fields=["remote", "part_size", "updated_at"])


def missing(waiting: Quarantined) -> list[int]:
    """Numbers of the parts that are not there in their full size; the row learns how far it is."""
    there = {part["PartNumber"]: part["Size"] for part in _parts(waiting) if _is_whole(waiting, part)}
    waiting.received = sum(there.values())
    waiting.save(update_fields=["received", "updated_at"])
    return [number for number in range(1, _count(waiting) + 1) if number not in there]


def addresses(waiting: Quarantined, numbers: list[int]) -> dict[int, str]:
    """Where to PUT each of these parts, for an hour."""
    place = _place(waiting) | {"UploadId": waiting.remote}
    signer = _bucket().browser_client
    return {
        number: signer.generate_presigned_url(
            "upload_part", Params=place | {"PartNumber": number}, ExpiresIn=ADDRESS_SECONDS
        )
        for number in numbers[:ADDRESSES_AT_ONCE]
    }


def complete(waiting: Quarantined) -> None:
    """Join the parts; OffsetMismatch while one is missing. Asked twice, or after a crash, it is done once."""
    if not waiting.remote:
        return
    if not _is_joined(waiting):
        if missing(waiting):
            raise OffsetMismatch(expected=waiting.received)
        _join(waiting)
    waiting.received, waiting.remote = waiting.declared_size, ""
    waiting.save(update_fields=["received", "remote", "updated_at"])


def _join(waiting: Quarantined) -> None:
    tags = {part["PartNumber"]: part["ETag"] for part in _parts(waiting) if _is_whole(waiting, part)}
    parts = [{"PartNumber": number, "ETag": tags[number]} for number in sorted(tags)]
    with told_plainly():
        _bucket().client.complete_multipart_upload(
            **_place(waiting), UploadId=waiting.remote, MultipartUpload={"Parts": parts}
        )


def _is_joined(waiting: Quarantined) -> bool:
    """Whether the object is there already: a crash kept that from the row."""
    try:
        with told_plainly():
            return _bucket().client.head_object(**_place(waiting))["ContentLength"] == waiting.declared_size
    except BlobMissing:
        return False


def fetch(waiting: Quarantined, target: Path, tell: Callable[[int], None] | None = None) -> str:
    """Bring the object here, to be looked at; the SHA-256 of what came."""
    digest, size, told = hashlib.sha256(), 0, 0
    with told_plainly(), open(target, "wb") as kept:
        for chunk in _bucket().client.get_object(**_place(waiting))["Body"].iter_chunks(durable.CHUNK):
            try:
                kept.write(chunk)
            except OSError as failure:
                if failure.errno in durable.FULL_DISK:
                    raise NoSpace("no_space_to_look", needed=waiting.declared_size) from failure
                raise
            digest.update(chunk)
            size += len(chunk)
            if tell is not None and size - told >= durable.TOLD_EACH:
                tell(size)
                told = size
    if size != waiting.declared_size:
        raise DigestMismatch
    return digest.hexdigest()


def settle(waiting: Quarantined, *, media_type: str) -> Blob:
    """Under its digest, copied within the bucket: the very object that was fetched and hashed, or DigestMismatch."""
    held, key = _bucket(), original_key(waiting.sha256)
    if not held.exists(waiting.sha256):
        source = _place(waiting)
        with told_plainly():
            held.client.copy(
                source,
                held.bucket,
                held.key_of(key),
                ExtraArgs={"ContentType": media_type, "MetadataDirective": "REPLACE"},
            )
    if held.size(waiting.sha256) != waiting.declared_size:
        raise DigestMismatch
    return record(waiting.sha256, size=waiting.declared_size, media_type=media_type)


def forget(waiting: Quarantined) -> None:
    """What of it lies in the bucket goes: the parts of one given up, the object of one settled or withdrawn."""
    held = bucket()
    if held is None:
        return
    with told_plainly():
        if waiting.remote:
            _abort(held, waiting.remote, held.key_of(f"{INCOMING}{waiting.key}"))
        held.client.delete_object(**_place(waiting))


def sweep(*, older_than_days: int) -> int:
    """Parts of uploads whose row was never written, or is gone; the number of uploads ended."""
    held, now, ended = bucket(), datetime.now(UTC), 0
    if held is None:
        return 0
    with told_plainly():
        listed = held.client.list_multipart_uploads(Bucket=held.bucket, Prefix=held.key_of(INCOMING))
        for upload in listed.get("Uploads", []):
            key = upload["Key"].rsplit("/", 1)[-1]
            is_old = (now - upload["Initiated"]).days >= older_than_days
            if is_old and not Quarantined.objects.filter(key=key, remote=upload["UploadId"]).exists():
                _abort(held, upload["UploadId"], upload["Key"])
                ended += 1
    return ended


def _abort(held: S3Store, upload: str, key: str) -> None:
    try:
        held.client.abort_multipart_upload(Bucket=held.bucket, Key=key, UploadId=upload)
    except held.client.exceptions.NoSuchUpload:
        return


def _bucket() -> S3Store:
    held = bucket()
    if held is None:
        raise StorageError
    return held


def _place(waiting: Quarantined) -> dict[str, str]:
    held = _bucket()
    return {"Bucket": held.bucket, "Key": held.key_of(f"{INCOMING}{waiting.key}")}


def _parts(waiting: Quarantined) -> Iterator[Mapping[str, Any]]:
    pages = _bucket().client.get_paginator("list_parts")
    with told_plainly():
        for page in pages.paginate(**_place(waiting), UploadId=waiting.remote):
            yield from page.get("Parts", [])


def _is_whole(waiting: Quarantined, part: Mapping[str, Any]) -> bool:
    return part["Size"] == _size_of(waiting, part["PartNumber"])


def _count(waiting: Quarantined) -> int:
    return -(-waiting.declared_size // waiting.part_size)


def _size_of(waiting: Quarantined, number: int) -> int:
    """The last part takes what is left."""
    return min(waiting.part_size, waiting.declared_size - (number - 1) * waiting.part_size)
