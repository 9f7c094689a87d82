"""Receiving in chunks: every acknowledged byte is durable, every refusal leaves what came before."""

import errno
import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from foundation import quarantine
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
from foundation.models import Quarantined
from foundation.quarantine import (
    Checksum,
    append,
    begin,
    complete,
    deposit,
    path_of,
    refuse,
    sweep,
    taken,
    withdraw,
)
from tests.crashing import in_child
from tests.foundation import crash_scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quarantine_root")]
State = Quarantined.State


def opened(size: int = 10, **options) -> Quarantined:
    return begin(
        file_name="张某 身份证.jpg",
        declared_size=size,
        subject="dossier:1",
        deposited_by="account:1",
        **options,
    )


def sha256(body: bytes) -> Checksum:
    return Checksum("sha256", hashlib.sha256(body).digest())


def breaking_off(*chunks: bytes):
    yield from chunks
    raise OSError(errno.ECONNRESET, "the sender is gone")


def test_chunks_add_up_and_the_receipt_is_the_sha256():
    upload = opened()
    assert append(upload, 0, [b"01234"]) == 5
    assert append(upload, 5, [b"56", b"789"], sha256(b"56789")) == 10
    done = complete(upload)
    assert (done.state, done.sha256) == (State.COMPLETE, hashlib.sha256(b"0123456789").hexdigest())
    assert complete(upload).sha256 == done.sha256
    assert path_of(upload).read_bytes() == b"0123456789"


def test_the_name_on_disk_is_random_and_private():
    path = path_of(opened())
    assert "张" not in str(path) and len(path.name) == 48
    assert path.stat().st_mode & 0o077 == 0


def test_a_wrong_offset_tells_the_right_one_and_changes_nothing():
    upload = opened()
    append(upload, 0, [b"0123"])
    for offset in (0, 3, 5, 99):
        with pytest.raises(OffsetMismatch) as told:
            append(upload, offset, [b"xx"])
        assert told.value.params["expected"] == 4
        assert "已收到 4 字节" in told.value.text
    assert append(upload, 4, [b"456789"]) == 10
    assert path_of(upload).read_bytes() == b"0123456789"


def test_a_chunk_that_fails_its_checksum_is_dropped_alone():
    upload = opened()
    append(upload, 0, [b"0123"])
    with pytest.raises(ChecksumMismatch):
        append(upload, 4, [b"456789"], sha256(b"other"))
    assert Quarantined.objects.get().received == 4
    assert append(upload, 4, [b"456789"], sha256(b"456789")) == 10


def test_what_came_before_the_line_broke_is_kept():
    upload = opened()
    with pytest.raises(OSError):
        append(upload, 0, breaking_off(b"012", b"34"))
    assert Quarantined.objects.get().received == 5
    with pytest.raises(OSError):
        append(upload, 5, breaking_off(b"56"), sha256(b"56789"))
    assert Quarantined.objects.get().received == 5
    append(upload, 5, [b"56789"])
    assert complete(upload).sha256 == hashlib.sha256(b"0123456789").hexdigest()


def test_more_than_was_declared_is_refused_and_what_fits_stays():
    upload = opened()
    append(upload, 0, [b"01234"])
    with pytest.raises(UploadError) as told:
        append(upload, 5, [b"56789x"])
    assert told.value.code == "declared_size_exceeded"
    assert Quarantined.objects.get().received == 5


def test_an_unfinished_upload_cannot_be_completed():
    upload = opened()
    append(upload, 0, [b"0123"])
    with pytest.raises(OffsetMismatch):
        complete(upload)


def test_two_senders_of_one_upload_do_not_mix():
    upload = opened()
    same = Quarantined.objects.get(pk=upload.pk)

    def while_another_tries():
        yield b"01234"
        with pytest.raises(UploadBusy):
            append(same, 0, [b"xxxxx"])
        yield b"56789"

    assert append(upload, 0, while_another_tries()) == 10
    assert path_of(upload).read_bytes() == b"0123456789"


def test_bytes_beyond_the_acknowledged_offset_are_cut_off_after_a_crash():
    upload = opened()
    append(upload, 0, [b"0123"])
    with open(path_of(upload), "ab") as crashed:
        crashed.write(b"torn")
    append(upload, 4, [b"45"])
    assert path_of(upload).read_bytes() == b"012345"


def test_an_empty_file_and_one_too_large_are_refused_before_a_byte_is_sent(settings):
    settings.UPLOAD_MAX_BYTES = 100
    with pytest.raises(Refused) as empty:
        opened(0)
    assert empty.value.code == "empty"
    with pytest.raises(TooLarge) as large:
        opened(101)
    assert "101" in large.value.text and "100" in large.value.text
    assert not Quarantined.objects.exists()


def test_what_waits_counts_against_the_quota_until_it_is_taken(settings):
    settings.QUARANTINE_QUOTA_BYTES = 15
    first = opened(10)
    with pytest.raises(QuotaExceeded):
        opened(10)
    begin(file_name="x", declared_size=10, deposited_by="account:2")
    withdraw(first)
    opened(10)


def test_a_disk_with_too_little_room_refuses_at_the_door(settings):
    settings.QUARANTINE_RESERVE_BYTES = 1 << 62
    with pytest.raises(NoSpace):
        opened(10)


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_fills_up_keeps_what_was_acknowledged():
    upload = opened(3_000_000)
    append(upload, 0, [b"a" * 1000])
    told = in_child(f"{crash_scenes.__name__}.append_on_a_full_disk", upload.pk, 2_000_000)
    assert "存储空间不足" in told.output and "1000 字节" in told.output
    assert path_of(upload).read_bytes() == b"a" * 1000
    assert append(upload, 1000, [b"b" * 10]) == 1010


def test_a_withdrawn_upload_leaves_no_bytes_and_takes_no_more():
    upload = opened()
    append(upload, 0, [b"0123"])
    withdraw(upload)
    assert not path_of(upload).exists()
    for act in (lambda: append(upload, 4, [b"4"]), lambda: complete(upload)):
        with pytest.raises(UploadClosed):
            act()


def test_a_refused_upload_keeps_its_bytes_and_says_why():
    upload = opened()
    append(upload, 0, [b"0123456789"])
    complete(upload)
    refuse(upload, "encrypted_pdf")
    assert path_of(upload).exists()
    assert Quarantined.objects.get().refusal_text.startswith("张某 身份证.jpg 是加密的 PDF")


def test_a_taken_upload_cannot_be_withdrawn():
    upload = opened()
    append(upload, 0, [b"0123456789"])
    complete(upload)
    taken(upload)
    assert not path_of(upload).exists()
    with pytest.raises(UploadClosed):
        withdraw(upload)


def test_a_local_file_goes_through_the_same_door(tmp_path):
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"0123456789")
    upload = deposit(scan, file_name=scan.name, subject="dossier:1")
    assert (upload.state, upload.sha256) == (State.COMPLETE, hashlib.sha256(b"0123456789").hexdigest())
    assert scan.exists()


def finished() -> Quarantined:
    upload = opened()
    append(upload, 0, [b"0123456789"])
    return complete(upload)


def test_sweeping_removes_only_what_nobody_needs():
    given_up, old, fresh, waiting, left_by_a_crash = opened(), finished(), finished(), finished(), finished()
    for upload in (old, fresh):
        refuse(upload, "encrypted_pdf")
    everything = (given_up, old, fresh, waiting, left_by_a_crash)
    Quarantined.objects.filter(pk=left_by_a_crash.pk).update(state=State.TAKEN)
    long_ago = timezone.now() - timedelta(days=40)
    Quarantined.objects.filter(pk__in=(given_up.pk, old.pk, waiting.pk)).update(updated_at=long_ago)
    assert sweep(older_than_days=30) == 3
    assert [path_of(upload).exists() for upload in everything] == [False, False, True, True, False]
    given_up.refresh_from_db()
    assert given_up.state == State.WITHDRAWN


@pytest.mark.parametrize("header", ["md5 AAAA", "sha256", "sha256 not-base64!", ""])
def test_a_checksum_nobody_can_read_is_an_error_and_not_a_pass(header):
    with pytest.raises(UploadError):
        Checksum.parse(header)


def test_errors_carry_no_file_name_in_their_own_text():
    with pytest.raises(Refused) as empty:
        opened(0)
    assert "张某" not in f"{empty.value} {empty.value!r}"
    assert "张某" in empty.value.text
    assert quarantine.log.name == "foundation.quarantine"


def test_what_is_all_there_and_waits_to_be_hashed_is_not_swept():
    waiting = opened(size=3)
    append(waiting, 0, [b"abc"])
    Quarantined.objects.update(updated_at=timezone.now() - timedelta(days=400))
    assert sweep(older_than_days=30) == 0
    waiting.refresh_from_db()
    assert waiting.is_open and path_of(waiting).read_bytes() == b"abc"
