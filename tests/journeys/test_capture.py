"""A clerk with a phone: the camera, the phone's own camera as a file, no script, and no network."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dossiers.actions import ledger
from dossiers.models import DossierPage, Sheet, Upload
from foundation import jobs
from ingestion.models import PageReading
from tests import factories as make
from tests.browser import PHONE, Visitor, people_at_browsers, phone_camera
from tests.cms.intake_desk import picture
from tests.ingestion.test_sharpness import page as printed_page
from tests.ingestion.test_sharpness import photographed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def dossier(transactional_db) -> DossierPage:
    return DossierPage.objects.get(pk=make.make_dossier(trainees=2).pk)


@pytest.fixture
def clerk(dossier):
    return make.make_account("clerk", institution=dossier.custodian, username="lin")


@pytest.fixture
def frames(tmp_path) -> Path:
    """What the camera sees: a sheet on a table, ten pictures of it."""
    seen = cv2.resize(photographed(printed_page()), (960, 1280), interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, 90])
    target = tmp_path / "sheet.mjpeg"
    target.write_bytes(jpeg.tobytes() * 10)
    return target


@pytest.fixture
def at_camera(live_server, frames, clerk, dossier) -> Iterator[Visitor]:
    with people_at_browsers(live_server.url, *phone_camera(frames)) as browsers:
        yield came_to_photograph(browsers.visitor(viewport=PHONE), dossier)
        assert browsers.complaints() == []


@pytest.fixture
def at_phone(browsers, clerk, dossier) -> Visitor:
    """A phone whose browser has no camera to give: its own camera hands over a file."""
    return came_to_photograph(browsers.visitor(viewport=PHONE), dossier)


def came_to_photograph(visitor: Visitor, dossier: DossierPage) -> Visitor:
    visitor.log_in("lin")
    visitor.page.goto(visitor.site + dossier.screen("capture"))
    return visitor


def hand_over(page: Page, text: str) -> bytes:
    """The phone's own camera took a picture."""
    content = picture(text)
    page.locator("input[name=photo]").set_input_files(
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": content}
    )
    return content


def read(upload: Upload, dossier: DossierPage, seq: int = 1) -> Sheet:
    """What the reading job leaves of a photograph."""
    sheet = upload.sheets.get()
    words = [{"text": "居民身份证", "confidence": 0.97, "quad": None}]
    PageReading.objects.create(
        sheet=sheet,
        engine="null",
        kind="id_card_front",
        kind_confidence=0.95,
        lines=PageReading.sealed_lines(words),
    )
    ledger.propose(
        sheet,
        engine="null",
        item_id="identity_document_copy",
        enrolment=dossier.enrolments.get(seq=seq),
        confidence=0.95,
        reasons=[{"code": "id_number_matches", "params": {}}],
    )
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.READ)
    return sheet


def arrived(dossier: DossierPage, count: int) -> Upload:
    """The last photograph, once so many are with the server."""
    assert dossier.uploads.filter(withdrawn_at=None).count() == count
    return dossier.uploads.filter(withdrawn_at=None).order_by("-pk").first()


def test_a_sheet_before_the_camera_is_told_filed_and_taken_back(at_camera, dossier):
    page = at_camera.page
    expect(page.locator(".capture-say")).to_have_text("四角都在画面里，可以拍")
    page.get_by_role("button", name="拍下这一页").click()
    expect(page.locator("#capture-answer")).to_contain_text("正在认读这一页")
    upload = arrived(dossier, 1)
    assert upload.blob.media_type == "image/jpeg"
    read(upload, dossier)
    expect(page.locator(".capture-sheet h2")).to_contain_text("王海燕")
    for button in page.locator(".capture-buttons .btn, .capture-picker summary").all():
        assert (button.bounding_box() or {})["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("button", name="归件，拍下一页").click()

    expect(page.locator("#messages")).to_contain_text("已归入")
    expect(page.locator("video")).to_be_visible()
    assert dossier.filings.get(state="filed").enrolment.name == "王海燕"
    page.get_by_role("button", name="撤销上一页").click()
    expect(page.locator(".capture-sheet h2")).to_contain_text("王海燕")
    page.get_by_role("button", name="重拍").click()
    expect(page.locator("#messages")).to_contain_text("已撤回这张照片")
    expect(page.locator("#capture-count")).to_have_text("已拍 0 页")
    assert not dossier.uploads.filter(withdrawn_at=None).exists()


def test_what_the_worker_says_of_a_photograph_stands_on_the_screen(at_camera, dossier, settings):
    settings.OCR_ENGINE = "null"
    page = at_camera.page
    expect(page.locator(".capture-say")).to_have_text("四角都在画面里，可以拍")
    page.get_by_role("button", name="拍下这一页").click()
    expect(page.locator("#capture-answer")).to_contain_text("正在认读这一页")
    assert jobs.work_off(subject=str(dossier.uuid)) == 1
    expect(page.locator(".capture-checks")).to_contain_text("四角完整")
    expect(page.locator(".capture-advice")).to_contain_text("没有认出字")
    width, height = (
        page.locator(".capture-picture img").evaluate(f"image => image.natural{side}")
        for side in ("Width", "Height")
    )
    assert (width, height) == (960, 1280)


def test_photographs_taken_without_a_network_are_kept_and_sent_later(at_phone, dossier):
    page, context = at_phone.page, at_phone.context
    first = hand_over(page, "一")
    expect(page.locator(".capture-foot")).to_contain_text("1 页都已上传")
    context.set_offline(True)
    second = hand_over(page, "二二")
    expect(page.locator(".capture-foot")).to_contain_text("前 1 页已上传，第 2 页先存手机")
    third = hand_over(page, "三三三")
    expect(page.locator(".capture-foot")).to_contain_text("第 2 到 3 页先存手机")
    expect(page.locator("#capture-count")).to_have_text("已拍 3 页")
    assert dossier.uploads.count() == 1
    page.goto("about:blank")  # she put the phone away, and its browser let go of the page
    context.set_offline(False)
    at_phone.complaints.clear()  # of the network that was off

    page.goto(at_phone.site + dossier.screen("capture"))

    expect(page.locator(".capture-foot")).to_contain_text("3 页都已上传")
    held = list(dossier.uploads.order_by("pk").values_list("blob__sha256", flat=True))
    assert held == [hashlib.sha256(one).hexdigest() for one in (first, second, third)]
    assert at_phone.complaints == []


def test_a_network_that_comes_back_is_enough(at_phone, dossier):
    page, context = at_phone.page, at_phone.context
    expect(page.locator(".capture-foot")).to_be_visible()
    context.set_offline(True)
    hand_over(page, "一")
    expect(page.locator(".capture-foot")).to_contain_text("第 1 页先存手机")
    context.set_offline(False)
    expect(page.locator("#capture-answer")).to_contain_text("正在认读这一页")
    arrived(dossier, 1)


def test_another_persons_photographs_are_kept_for_her_and_not_sent(at_phone, dossier):
    page, context = at_phone.page, at_phone.context
    make.make_account("clerk", institution=dossier.custodian, username="zhou", full_name="周岚")
    expect(page.locator(".capture-foot")).to_be_visible()
    context.set_offline(True)
    hand_over(page, "一")
    expect(page.locator(".capture-foot")).to_contain_text("第 1 页先存手机")
    page.close()  # without the network: nothing of hers is under way any more
    context.clear_cookies()
    context.set_offline(False)
    page = at_phone.page = context.new_page()
    at_phone.log_in("zhou")
    page.goto(at_phone.site + dossier.screen("capture"))
    expect(page.locator(".capture-foot")).to_contain_text("还有 1 页是别的账号或别的班次拍下的")
    assert not dossier.uploads.exists()
    context.clear_cookies()
    at_phone.log_in("lin")
    page.goto(at_phone.site + dossier.screen("capture"))
    expect(page.locator("#capture-answer")).to_contain_text("正在认读这一页")
    arrived(dossier, 1)


def test_without_a_script_a_file_is_enough(browsers, clerk, dossier):
    visitor = came_to_photograph(browsers.visitor(viewport=PHONE, java_script_enabled=False), dossier)
    page = visitor.page
    hand_over(page, "一")
    page.get_by_role("button", name="读这一张").click()
    expect(page.locator("#capture-answer")).to_contain_text("正在认读这一页")
    read(arrived(dossier, 1), dossier, seq=2)
    expect(page.locator(".capture-sheet h2")).to_contain_text("李国栋")  # the page asks again by itself
    page.get_by_role("button", name="归件，拍下一页").click()
    expect(page.locator("#messages")).to_contain_text("已归入")
    assert dossier.filings.get(state="filed").enrolment.seq == 2
    page.get_by_role("button", name="撤销上一页").click()
    expect(page.locator(".capture-sheet h2")).to_contain_text("李国栋")


def test_a_blurred_photograph_says_what_to_do_while_the_paper_is_in_the_hand(at_phone, dossier, settings):
    settings.OCR_ENGINE = "null"
    page = at_phone.page
    blurred = cv2.GaussianBlur(photographed(printed_page()), (0, 0), 4)
    _, jpeg = cv2.imencode(".jpg", np.asarray(blurred, np.uint8))
    page.locator("input[name=photo]").set_input_files(
        {"name": "IMG_0002.jpg", "mimeType": "image/jpeg", "buffer": jpeg.tobytes()}
    )
    expect(page.locator("#capture-answer")).to_contain_text("正在认读这一页")
    jobs.work_off(subject=str(dossier.uuid))
    expect(page.locator(".capture-advice")).to_contain_text("请靠近一点、拿稳、避开反光，再拍一张")
    page.get_by_role("button", name="重拍").click()
    expect(page.locator("#messages")).to_contain_text("已撤回这张照片")
    assert not dossier.uploads.filter(withdrawn_at=None).exists()
