"""Large files in a real browser: held, gone on with after the browser was closed, and by parts into a bucket."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Route, expect

from dossiers.models import DossierPage, Upload
from foundation import jobs, multipart
from foundation.models import Job, Quarantined
from tests import factories as make
from tests.browser import Browsers, Visitor
from tests.services import start_seaweedfs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
MEGABYTE = 1024**2
CHUNK = 8 * MEGABYTE


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.OCR_ENGINE = "null"
    settings.QUARANTINE_ROOT = tmp_path / "quarantine"
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}


@pytest.fixture
def dossier(transactional_db) -> DossierPage:
    dossier = DossierPage.objects.get(pk=make.make_dossier(trainees=1).pk)
    make.make_account("clerk", institution=dossier.custodian, username="lin")
    return dossier


@pytest.fixture
def recording(tmp_path) -> Path:
    """Half a second that plays, in a file of 20 MB."""
    clip = tmp_path / "2026-10-19 第一讲.mp4"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=10:d=0.5"]
    subprocess.run([*command, "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(clip)], check=True)
    padding = 20 * MEGABYTE
    with open(clip, "ab") as more:
        more.write((padding + 8).to_bytes(4, "big") + b"free" + bytes(padding))
    return clip


def at_the_tray(browsers: Browsers, dossier: DossierPage) -> Visitor:
    visitor = browsers.visitor()
    visitor.log_in("lin")
    visitor.page.goto(visitor.site + dossier.screen("tray"))
    visitor.page.wait_for_load_state()
    return visitor


def choose(visitor: Visitor, path: Path) -> None:
    visitor.page.locator(".drop input[type=file][multiple]").set_input_files(str(path))


def test_a_held_upload_goes_on_in_a_new_browser_from_where_it_stood(
    browsers, dossier, recording, monkeypatch
):
    monkeypatch.setattr("cms.intake.AT_ONCE_BYTES", MEGABYTE)  # so that the worker has it, as with gigabytes
    first = at_the_tray(browsers, dossier)
    waiting: list[Route] = []
    first.page.route(
        "**/files/*",
        lambda route: (
            waiting.append(route)
            if route.request.headers.get("upload-offset") == str(CHUNK)
            else route.continue_()
        ),
    )
    choose(first, recording)
    row = first.page.locator(".upload")
    with first.page.expect_request(lambda asked: asked.headers.get("upload-offset") == str(CHUNK)):
        expect(row).to_contain_text("正在上传")
    row.get_by_role("button", name="暂停").click()
    expect(row).to_contain_text("已暂停，已传部分留存")
    expect(row.get_by_role("button", name="接着传")).to_be_visible()
    assert Quarantined.objects.get().received == CHUNK
    first.complaints.clear()  # of what was broken off
    first.context.close()
    Quarantined.objects.update(updated_at=timezone.now() - timedelta(minutes=5))

    again = at_the_tray(browsers, dossier)
    expect(again.page.locator("#jobs")).to_contain_text("还有 1 个文件没有传完：选同一个文件接着传")
    offsets: list[int] = []
    again.page.on(
        "request",
        lambda asked: (
            offsets.append(int(asked.headers["upload-offset"])) if asked.method == "PATCH" else None
        ),
    )
    choose(again, recording)
    expect(again.page.locator(".upload-done")).to_contain_text("已收齐，后台正在核对登记")
    assert offsets == [CHUNK, 2 * CHUNK]
    assert Quarantined.objects.get().received == recording.stat().st_size
    jobs.work(Job.objects.get(kind="take_in").uuid)
    assert Upload.objects.get().blob.size == recording.stat().st_size
    assert again.complaints == []


@pytest.fixture
def bucket(settings, tmp_path, monkeypatch) -> Iterator[str]:
    """Originals in a bucket that browsers reach; parts of 5 MB."""
    with start_seaweedfs(tmp_path / "weed") as server:
        address = server.options["endpoint_url"]
        settings.BLOB_STORE = {"kind": "s3", "browser_endpoint_url": address} | server.options
        policy = settings.CONTENT_SECURITY_POLICY
        allowed = policy["DIRECTIVES"] | {"connect-src": [*policy["DIRECTIVES"]["connect-src"], address]}
        settings.CONTENT_SECURITY_POLICY = policy | {"DIRECTIVES": allowed}
        monkeypatch.setattr(multipart, "PARTS_FROM", 5 * MEGABYTE)
        monkeypatch.setattr(multipart, "LEAST_PART", 5 * MEGABYTE)
        monkeypatch.setattr("cms.intake.AT_ONCE_BYTES", MEGABYTE)
        yield address


@pytest.mark.s3
def test_a_large_file_goes_by_parts_into_the_bucket_and_not_through_us(browsers, dossier, recording, bucket):
    lin = at_the_tray(browsers, dossier)
    sent: list[str] = []
    lin.page.on("request", lambda asked: sent.append(asked.url) if asked.method in ("PUT", "PATCH") else None)
    choose(lin, recording)
    expect(lin.page.locator(".upload-done")).to_contain_text("已收齐，后台正在核对登记")
    assert len(sent) == 5 and all(url.startswith(bucket) for url in sent)
    jobs.work(Job.objects.get(kind="take_in").uuid)
    assert Upload.objects.get().blob.size == recording.stat().st_size
    assert lin.complaints == []
