"""One contract, two stores: whatever a folder promises S3 promises too."""

import hashlib
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection

from foundation.blobs import store
from foundation.errors import BlobMissing, DigestMismatch, StorageError
from foundation.folder_store import FolderStore
from foundation.models import Blob
from foundation.s3_store import S3Store
from tests.crashing import in_child
from tests.foundation import crash_scenes

pytestmark = pytest.mark.django_db
CONTENT = "卷内文件目录".encode() * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
OTHER = "0" * 64


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "扫描件.pdf"
    path.write_bytes(CONTENT)
    return path


def test_what_was_put_comes_back_byte_for_byte(blob_store, scan):
    blob = blob_store.put_file(scan, media_type="application/pdf")
    assert (blob.sha256, blob.size, blob.media_type) == (SHA256, len(CONTENT), "application/pdf")
    with blob_store.open(SHA256) as original:
        assert original.read() == CONTENT
        original.seek(3)
        assert original.read(6) == CONTENT[3:9]
    assert blob_store.size(SHA256) == len(CONTENT)
    assert scan.read_bytes() == CONTENT


def test_a_file_of_ours_that_was_hashed_is_kept_and_comes_back_the_same(blob_store, scan):
    for _twice in range(2):
        blob = blob_store.keep_file(scan, media_type="application/pdf", sha256=SHA256)
        assert (blob.sha256, blob.size) == (SHA256, len(CONTENT))
    scan.unlink()  # the waiting copy goes; the original stays
    with blob_store.open(SHA256) as original:
        assert original.read() == CONTENT
    assert list(blob_store.leftovers()) == []


def test_on_one_disk_it_is_linked_and_on_another_copied_and_checked(tmp_path, scan):
    beside = FolderStore(tmp_path / "store")
    beside.keep_file(scan, media_type="application/pdf", sha256=SHA256)
    with beside.local_path(SHA256) as original:
        assert original.stat().st_ino == scan.stat().st_ino
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        other = FolderStore(Path(elsewhere) / "store")
        with pytest.raises(DigestMismatch):
            other.keep_file(scan, media_type="application/pdf", sha256=OTHER)
        other.keep_file(scan, media_type="application/pdf", sha256=SHA256)
        with other.local_path(SHA256) as original:
            assert original.read_bytes() == CONTENT


def test_the_same_bytes_twice_are_one_file_and_one_row(blob_store, scan):
    first = blob_store.put_file(scan, media_type="application/pdf")
    second = blob_store.put_file(scan, media_type="application/pdf")
    assert first.pk == second.pk
    assert list(blob_store.names()) == [SHA256]
    assert list(blob_store.leftovers()) == []


def test_a_range_is_half_open_and_ends_with_the_file(blob_store, scan):
    blob_store.put_file(scan, media_type="application/pdf")
    assert b"".join(blob_store.open_range(SHA256, 5, 17)) == CONTENT[5:17]
    assert b"".join(blob_store.open_range(SHA256, len(CONTENT) - 4, len(CONTENT))) == CONTENT[-4:]
    assert b"".join(blob_store.open_range(SHA256, 5, 5)) == b""


def test_bytes_that_are_not_those_expected_are_not_stored(blob_store, scan):
    with pytest.raises(DigestMismatch):
        blob_store.put_file(scan, media_type="application/pdf", expected_sha256=OTHER)
    assert not Blob.objects.exists()
    assert list(blob_store.names()) == list(blob_store.leftovers()) == []


def test_what_is_missing_is_said_to_be_missing(blob_store):
    assert not blob_store.exists(OTHER)
    assert not blob_store.has_derivative(OTHER, "page-1.jpg")
    for ask in (
        blob_store.open,
        blob_store.size,
        lambda name: blob_store.open_derivative(name, "page-1.jpg"),
    ):
        with pytest.raises(BlobMissing):
            ask(OTHER)
    with pytest.raises(BlobMissing), blob_store.local_path(OTHER):
        raise AssertionError("a path was given for a file that is not there")


def test_a_child_process_gets_a_real_path(blob_store, scan):
    blob_store.put_file(scan, media_type="application/pdf")
    with blob_store.local_path(SHA256) as path:
        assert path.read_bytes() == CONTENT


def test_a_derivative_may_be_written_again(blob_store, tmp_path):
    blob_store.put_derivative(SHA256, "pages/1.jpg", b"first")
    (tmp_path / "second").write_bytes(b"second try")
    blob_store.put_derivative(SHA256, "pages/1.jpg", tmp_path / "second")
    assert blob_store.has_derivative(SHA256, "pages/1.jpg")
    assert blob_store.derivative_size(SHA256, "pages/1.jpg") == 10
    with blob_store.open_derivative(SHA256, "pages/1.jpg") as derivative:
        assert derivative.read() == b"second try"
    assert b"".join(blob_store.open_derivative_range(SHA256, "pages/1.jpg", 7, 10)) == b"try"
    assert list(blob_store.names()) == []


@pytest.mark.parametrize("name", ["", "../x", "/etc/passwd", "a/../../b", ".hidden", "a\\b"])
def test_a_derivative_cannot_leave_its_folder(blob_store, name):
    with pytest.raises(ValueError):
        blob_store.put_derivative(SHA256, name, b"x")


@pytest.mark.django_db(transaction=True)
def test_eight_threads_putting_the_same_bytes_make_one_file_and_one_row(blob_store, scan):
    failures, keys, gate = [], set(), threading.Barrier(8)

    def put() -> None:
        gate.wait()
        try:
            keys.add(blob_store.put_file(scan, media_type="application/pdf").pk)
        except BaseException as failure:
            failures.append(failure)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(keys) == 1 and Blob.objects.count() == 1
    assert list(blob_store.names()) == [SHA256] and list(blob_store.leftovers()) == []


def test_a_folder_heals_an_original_of_the_wrong_size(scan, tmp_path):
    folder = FolderStore(tmp_path / "store")
    folder.put_file(scan, media_type="application/pdf")
    with folder.local_path(SHA256) as path:
        path.write_bytes(CONTENT[:100])
    folder.put_file(scan, media_type="application/pdf")
    with folder.open(SHA256) as original:
        assert original.read() == CONTENT


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_and_leaves_neither_file_nor_row(settings, tmp_path):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "store")}
    large = tmp_path / "录像.mp4"
    large.write_bytes(b"x" * 2_000_000)
    told = in_child(f"{crash_scenes.__name__}.store_on_a_full_disk", large)
    assert "存储空间不足" in told.output
    assert not Blob.objects.exists()
    assert list(store().names()) == list(store().leftovers()) == []
    assert large.stat().st_size == 2_000_000


def test_the_store_is_chosen_by_the_settings(settings, tmp_path):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path)}
    assert isinstance(store(), FolderStore) and store() is store()
    settings.BLOB_STORE = {
        "kind": "s3",
        "bucket": "b",
        "endpoint_url": "http://127.0.0.1:9",
        "access_key": "a",
        "secret_key": "s",
    }
    assert isinstance(store(), S3Store)


def test_an_s3_that_does_not_answer_is_a_storage_error(scan):
    away = S3Store(bucket="b", endpoint_url="http://127.0.0.1:9", access_key="a", secret_key="s", attempts=1)
    with pytest.raises(StorageError) as told:
        away.put_file(scan, media_type="application/pdf")
    assert told.value.text.startswith("存储暂时不可用")
    assert not Blob.objects.exists()


@pytest.mark.s3
def test_a_large_file_travels_in_parts(s3_server, tmp_path):
    large = tmp_path / "录像.mp4"
    large.write_bytes(bytes(range(256)) * 4096 * 12)
    s3 = S3Store(**s3_server.options, prefix=f"{tmp_path.name}/", multipart_from=6 * 1024**2)
    blob = s3.put_file(large, media_type="video/mp4")
    with s3.local_path(blob.sha256) as path:
        assert path.stat().st_size == blob.size == 12 * 1024 * 1024
    assert list(s3.leftovers()) == []


@pytest.mark.s3
def test_a_presigned_link_carries_our_headers_and_dies(s3_server, scan, tmp_path):
    s3 = S3Store(**s3_server.options, prefix=f"{tmp_path.name}/")
    s3.put_file(scan, media_type="application/pdf")
    link = s3.presigned_url(SHA256, seconds=2, headers={"Content-Disposition": "attachment"})
    with urllib.request.urlopen(link, timeout=10) as answer:
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.read() == CONTENT
    with pytest.raises(urllib.error.HTTPError) as altered:
        urllib.request.urlopen(link.replace(SHA256, OTHER), timeout=10)
    assert altered.value.code == 403
    time.sleep(3)
    with pytest.raises(urllib.error.HTTPError) as late:
        urllib.request.urlopen(link, timeout=10)
    assert late.value.code == 403
