"""Large files straight into the bucket: put by parts, gone on with, hashed before they are originals, cleaned away."""

import hashlib
import subprocess
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.utils import timezone

from cms.settings.environment import browser_origins
from dossiers.models import Upload
from foundation import jobs, multipart, quarantine
from foundation.blobs import store
from foundation.models import Job, Quarantined
from tests import factories
from tests.cms.intake_desk import TUS, Sender
from tests.services import start_seaweedfs

pytestmark = [pytest.mark.django_db, pytest.mark.s3, pytest.mark.slow]
PART = 5 * 1024**2


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with start_seaweedfs(tmp_path_factory.mktemp("weed")) as running:
        yield running


@pytest.fixture(autouse=True)
def bucket(server, settings, tmp_path, monkeypatch):
    settings.BLOB_STORE = {
        "kind": "s3",
        "prefix": f"{tmp_path.name}/",
        "browser_endpoint_url": server.options["endpoint_url"],
    } | server.options
    settings.QUARANTINE_ROOT = tmp_path / "quarantine"
    settings.OCR_ENGINE = "null"
    monkeypatch.setattr(multipart, "PARTS_FROM", PART)
    monkeypatch.setattr(multipart, "LEAST_PART", PART)
    monkeypatch.setattr("cms.intake.AT_ONCE_BYTES", PART)


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> bytes:
    """Half a second that plays, in a file of three parts."""
    clip = tmp_path_factory.mktemp("clip") / "clip.mp4"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=10:d=0.5"]
    subprocess.run([*command, "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(clip)], check=True)
    padding = 2 * PART + 1000
    return clip.read_bytes() + (padding + 8).to_bytes(4, "big") + b"free" + bytes(padding)


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=1)


@pytest.fixture
def clerk(dossier):
    return factories.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def sender(clerk, dossier):
    return Sender.of(clerk, dossier)


def begun(sender: Sender, content: bytes) -> str:
    return sender.create("第一讲.mp4", len(content), fingerprint="mark", parts="1")["Location"]


def parts(sender: Sender, address: str) -> dict:
    return sender.client.get(f"{address}/parts", headers=TUS).json()


def put(url: str, content: bytes) -> None:
    urllib.request.urlopen(urllib.request.Request(url, data=content, method="PUT"), timeout=20).close()


def part(content: bytes, number: str) -> bytes:
    return content[(int(number) - 1) * PART : int(number) * PART]


def joined(sender: Sender, address: str):
    return sender.client.post(f"{address}/parts", headers=TUS)


def in_bucket(prefix: str) -> list[str]:
    held = store()
    found = held.client.list_objects_v2(Bucket=held.bucket, Prefix=held.key_of(prefix))
    return [one["Key"] for one in found.get("Contents", [])]


def open_uploads() -> list[dict]:
    held = store()
    listed = held.client.list_multipart_uploads(Bucket=held.bucket, Prefix=held.key_of("incoming/"))
    return listed.get("Uploads", [])


def test_a_recording_goes_by_parts_and_goes_on_after_a_restart(sender, clerk, dossier, recording):
    address = begun(sender, recording)
    told = parts(sender, address)
    assert (told["part_size"], told["received"], told["missing"]) == (PART, 0, 3)
    put(told["urls"]["2"], part(recording, "2"))
    another = Sender.of(clerk, dossier)
    told = parts(another, address)
    assert (told["received"], sorted(told["urls"])) == (PART, ["1", "3"])
    (listed,) = another.client.get(f"/files/?dossier={dossier.uuid}", headers=TUS).json()["unfinished"]
    assert (listed["parts"], listed["offset"], listed["fingerprint"]) == (True, PART, "mark")
    assert joined(another, address).status_code == 409
    for number, url in told["urls"].items():
        put(url, part(recording, number))
    assert joined(another, address).status_code == 204
    assert joined(another, address).status_code == 204  # asked again, it is done once
    assert not Upload.objects.exists() and not in_bucket("originals/")
    jobs.work(Job.objects.get(kind="take_in").uuid)
    upload = Upload.objects.get()
    assert upload.blob.sha256 == hashlib.sha256(recording).hexdigest()
    with store().open(upload.blob.sha256) as original:
        assert original.read() == recording
    assert another.head(address)["Juanzong-Sha256"] == upload.blob.sha256
    assert not in_bucket("incoming/") and not open_uploads()
    assert not quarantine.path_of(Quarantined.objects.get()).exists()


def test_a_part_that_is_too_short_is_asked_for_again(sender, recording):
    address = begun(sender, recording)
    put(parts(sender, address)["urls"]["1"], part(recording, "1")[:-5])
    told = parts(sender, address)
    assert (told["received"], told["missing"]) == (0, 3)


def test_joined_before_a_crash_it_is_not_joined_again(sender, recording):
    address = begun(sender, recording)
    for number, url in parts(sender, address)["urls"].items():
        put(url, part(recording, number))
    before = Quarantined.objects.get().remote
    joined(sender, address)
    Quarantined.objects.update(remote=before, received=0)  # as if the row had not been written
    assert joined(sender, address).status_code == 204
    jobs.work(Job.objects.get(kind="take_in").uuid)
    assert Upload.objects.get().blob.size == len(recording)


def test_an_address_takes_its_part_alone(sender, recording):
    address = begun(sender, recording)
    url = parts(sender, address)["urls"]["1"]
    with pytest.raises(urllib.error.HTTPError) as other:
        put(url.replace("partNumber=1", "partNumber=2"), b"x")
    assert other.value.code == 403
    with pytest.raises(urllib.error.HTTPError) as read:
        urllib.request.urlopen(url, timeout=20)
    assert read.value.code == 403


def test_what_is_no_recording_is_refused_by_its_content_and_never_an_original(sender, dossier, recording):
    content = b"#EXTM3U\n" + bytes(len(recording))
    address = begun(sender, content)
    for number, url in parts(sender, address)["urls"].items():
        put(url, part(content, number))
    assert joined(sender, address).status_code == 204
    jobs.work(Job.objects.get(kind="take_in").uuid)
    assert Quarantined.objects.get().refusal == "playlist_content"
    assert "播放列表" in sender.client.get(dossier.screen("jobs")).content.decode()
    assert not in_bucket("originals/")
    sender.delete(address)
    assert not in_bucket("incoming/")


def test_its_first_bytes_refuse_it_before_anything_is_begun(sender):
    told = sender.create("列表.mp4", 10 * PART, parts="1", head="I0VYVE0zVQo=")  # #EXTM3U
    assert told.status_code == 415 and "播放列表" in told.json()["message"]
    assert not Quarantined.objects.exists() and not open_uploads()


def test_half_an_upload_that_is_withdrawn_leaves_nothing_in_the_bucket(sender, recording):
    address = begun(sender, recording)
    put(parts(sender, address)["urls"]["1"], part(recording, "1"))
    assert len(open_uploads()) == 1
    assert sender.delete(address).status_code == 204
    assert open_uploads() == []
    assert sender.client.get(f"{address}/parts", headers=TUS).status_code == 410


def test_what_was_given_up_is_swept_away_after_a_month(sender, recording):
    begun(sender, recording)
    quarantine.sweep()
    assert len(open_uploads()) == 1
    Quarantined.objects.update(updated_at=timezone.now() - timedelta(days=31))
    assert quarantine.sweep() == 1
    assert open_uploads() == []


def test_parts_whose_row_was_never_written_are_swept_too(sender, recording):
    begun(sender, recording)
    Quarantined.objects.update(remote="another")
    assert multipart.sweep(older_than_days=1) == 0
    assert multipart.sweep(older_than_days=0) == 1
    assert open_uploads() == []


def test_nobody_else_gets_an_address(sender, dossier, recording):
    address = begun(sender, recording)
    colleague = Sender.of(factories.make_account("head", institution=dossier.custodian), dossier)
    assert colleague.client.get(f"{address}/parts", headers=TUS).status_code == 404


def test_small_files_and_folders_come_through_us(sender, settings, tmp_path, recording):
    small = sender.create("小.mp4", 1000, parts="1")["Location"]
    assert sender.client.get(f"{small}/parts", headers=TUS).status_code == 404
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    large = begun(sender, recording)
    assert sender.client.get(f"{large}/parts", headers=TUS).status_code == 404
    assert sender.patch(large, 0, recording[:100]).status_code == 204


def test_what_goes_by_parts_is_not_written_to_from_the_side(sender, recording):
    assert sender.patch(begun(sender, recording), 0, recording[:100]).status_code == 410


@pytest.mark.parametrize("size", [PART, 12 * 1024**3, 2 * 1024**4])
def test_even_the_largest_file_has_fewer_parts_than_a_bucket_takes(size):
    assert size / multipart.part_size_for(size) <= multipart.MOST_PARTS
    assert multipart.part_size_for(size) >= PART


def test_the_page_may_send_to_the_bucket_and_nowhere_else():
    told = browser_origins({"kind": "s3", "browser_endpoint_url": "https://s3.example.org:9000/path"})
    assert told == ["https://s3.example.org:9000"]
    assert browser_origins({"kind": "folder", "root": "/x"}) == []
