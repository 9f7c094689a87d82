"""Originals and derivatives in an S3 bucket (django-storages, boto3); the contract is told in foundation.blobs.

The endpoint comes from the installation's settings only, never from a user.
"""

import base64
import hashlib
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from foundation import durable
from foundation.blobs import derivative_key, original_key, record
from foundation.errors import BlobMissing, DigestMismatch, StorageError
from foundation.models import Blob

MULTIPART_FROM = 64 * 1024 * 1024


class S3Store:
    def __init__(
        self,
        bucket: str,
        endpoint_url: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
        region: str | None = None,
        prefix: str = "",
        attempts: int = 4,
        multipart_from: int = MULTIPART_FROM,
        browser_endpoint_url: str | None = None,
    ) -> None:
        self.prefix = prefix
        self.browser_endpoint_url = browser_endpoint_url
        self.multipart_from = multipart_from
        self._storage = S3Storage(
            bucket_name=bucket,
            endpoint_url=endpoint_url,
            access_key=access_key,
            secret_key=secret_key,
            region_name=region or "us-east-1",
            file_overwrite=False,
            default_acl=None,
            querystring_auth=True,
            client_config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": attempts, "mode": "standard"},
            ),
        )
        self.bucket = bucket
        self._opening = threading.Lock()
        self._signing = {
            "aws_access_key_id": access_key,
            "aws_secret_access_key": secret_key,
            "region_name": region or "us-east-1",
        }

    @cached_property
    def browser_client(self) -> Any:
        """Signs addresses as browsers reach the bucket; it sends nothing itself."""
        plain = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
        )
        return boto3.client("s3", endpoint_url=self.browser_endpoint_url, config=plain, **self._signing)

    @property
    def client(self) -> Any:
        with self._opening:
            return self._storage.connection.meta.client

    def put_file(self, path: Path, *, media_type: str, expected_sha256: str = "") -> Blob:
        with open(path, "rb") as source:
            sha256, size = durable.sha256_of(source)
            if expected_sha256 and sha256 != expected_sha256:
                raise DigestMismatch
            with told_plainly():
                if self._head(original_key(sha256)) is None:
                    self._put_new(source, sha256, size, media_type)
        return record(sha256, size=size, media_type=media_type)

    def keep_file(self, path: Path, *, media_type: str, sha256: str) -> Blob:
        return self.put_file(path, media_type=media_type, expected_sha256=sha256)

    def _put_new(self, source: BinaryIO, sha256: str, size: int, media_type: str) -> None:
        source.seek(0)
        key = self._key(original_key(sha256))
        if size >= self.multipart_from:
            self._put_large(source, key, media_type)
        else:
            self._put_small(source, key, sha256, media_type)
        head = self._head(original_key(sha256))
        if head is None or head["ContentLength"] != size:
            raise DigestMismatch

    def _put_small(self, source: BinaryIO, key: str, sha256: str, media_type: str) -> None:
        """The server checks the digest and refuses to overwrite; whoever was first wrote the same bytes."""
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        try:
            self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=source,
                ContentType=media_type,
                ChecksumSHA256=checksum,
                IfNoneMatch="*",
            )
        except ClientError as refusal:
            if _status(refusal) not in (409, 412):
                raise

    def _put_large(self, source: BinaryIO, key: str, media_type: str) -> None:
        """In parts, each with a checksum; hashed again on the way, as the file may have changed since."""
        self.client.upload_fileobj(
            source,
            self.bucket,
            key,
            ExtraArgs={"ContentType": media_type, "ChecksumAlgorithm": "SHA256"},
            Config=TransferConfig(multipart_threshold=self.multipart_from, max_concurrency=4),
        )

    def open(self, sha256: str) -> BinaryIO:
        return self._opened(original_key(sha256))

    def open_range(self, sha256: str, start: int, end: int) -> Iterator[bytes]:
        return self._range(original_key(sha256), start, end)

    def size(self, sha256: str) -> int:
        return self._size(original_key(sha256))

    def exists(self, sha256: str) -> bool:
        with told_plainly():
            return self._head(original_key(sha256)) is not None

    @contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        """Downloaded to a private temporary folder and checked against its name."""
        with tempfile.TemporaryDirectory(prefix="original-") as folder:
            path = Path(folder) / sha256
            with self.open(sha256) as source, open(path, "wb") as target:
                found, _size = durable.copy_hashed(source, target)
            if found != sha256:
                raise DigestMismatch
            yield path

    def names(self) -> Iterator[str]:
        for listed in self._listed("originals/"):
            yield listed["Key"].rsplit("/", 1)[-1]

    def leftovers(self) -> Iterator[tuple[str, float]]:
        """Multipart uploads somebody began and never completed."""
        now = datetime.now(UTC)
        with told_plainly():
            begun = self.client.list_multipart_uploads(Bucket=self.bucket, Prefix=self._key("originals/"))
        for upload in begun.get("Uploads", []):
            yield upload["Key"], (now - upload["Initiated"]).total_seconds()

    def put_derivative(self, sha256: str, name: str, content: bytes | Path) -> None:
        key = self._key(derivative_key(sha256, name))
        with told_plainly():
            if isinstance(content, bytes):
                checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
                self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ChecksumSHA256=checksum)
            else:
                self.client.upload_file(str(content), self.bucket, key)

    def has_derivative(self, sha256: str, name: str) -> bool:
        with told_plainly():
            return self._head(derivative_key(sha256, name)) is not None

    def open_derivative(self, sha256: str, name: str) -> BinaryIO:
        return self._opened(derivative_key(sha256, name))

    def derivative_size(self, sha256: str, name: str) -> int:
        return self._size(derivative_key(sha256, name))

    def open_derivative_range(self, sha256: str, name: str, start: int, end: int) -> Iterator[bytes]:
        return self._range(derivative_key(sha256, name), start, end)

    def internal_path(self, sha256: str, name: str = "") -> str:
        return self._key(derivative_key(sha256, name) if name else original_key(sha256))

    def presigned_url(self, sha256: str, *, name: str = "", seconds: int, headers: dict[str, str]) -> str:
        asked = {f"Response{header.replace('-', '')}": value for header, value in headers.items()}
        place = {"Bucket": self.bucket, "Key": self.internal_path(sha256, name)}
        return self.client.generate_presigned_url("get_object", Params=place | asked, ExpiresIn=seconds)

    def key_of(self, key: str) -> str:
        """A key as this store's own prefix makes it."""
        return self._key(key)

    def _key(self, key: str) -> str:
        return f"{self.prefix}{key}"

    def _head(self, key: str) -> dict[str, Any] | None:
        try:
            return self.client.head_object(Bucket=self.bucket, Key=self._key(key))
        except ClientError as refusal:
            if _status(refusal) == 404:
                return None
            raise

    def _size(self, key: str) -> int:
        with told_plainly():
            head = self._head(key)
        if head is None:
            raise BlobMissing
        return head["ContentLength"]

    def _opened(self, key: str) -> BinaryIO:
        """django-storages' own seekable file; it is fetched to a spooled temporary file as it is read."""
        self._size(key)
        return self._storage.open(self._key(key), "rb").file

    def _range(self, key: str, start: int, end: int) -> Iterator[bytes]:
        if end <= start:
            return
        with told_plainly():
            answer = self.client.get_object(
                Bucket=self.bucket, Key=self._key(key), Range=f"bytes={start}-{end - 1}"
            )
            yield from answer["Body"].iter_chunks(durable.CHUNK)

    def _listed(self, prefix: str) -> Iterator[dict[str, Any]]:
        pages = self.client.get_paginator("list_objects_v2")
        with told_plainly():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self._key(prefix)):
                yield from page.get("Contents", [])


@contextmanager
def told_plainly() -> Iterator[None]:
    """S3's own errors in the words of foundation.errors."""
    try:
        yield
    except ClientError as refusal:
        raise (BlobMissing if _status(refusal) == 404 else StorageError) from refusal
    except BotoCoreError as failure:
        raise StorageError from failure


def _status(refusal: ClientError) -> int:
    return int(refusal.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
