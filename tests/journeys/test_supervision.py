"""A room from its camera test to a look-in: the slide region drawn with mouse and keys, a lesson looked into."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.actions import rooms
from dossiers.actions.rooms import RoomFacts
from dossiers.models import Room
from foundation import jobs
from media_processing.specimens.lesson import Lesson, record
from tests import factories as make
from tests.browser import DESK, PATIENCE_MS
from tests.media_processing import cameras

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def dossier(settings, tmp_path):
    """A class in training whose lesson began ten minutes ago, in a room whose camera answers."""
    settings.FACE_ENGINE, settings.LIVE_LOOPBACK = "null", True
    made = make.make_dossier(stage="training", trainees=1)
    call_command("set_up_site", verbosity=0)
    began = timezone.localtime() - timedelta(minutes=10)
    start = began.time().replace(second=0, microsecond=0)
    make.make_session(made, held_on=began.date(), starts_at=start, room="一号教室")
    clerk = make.make_account("clerk", institution=made.trainer, username="clerk")
    make.make_account("reviewer", county=made.opener.county, username="reviewer", full_name="高峻")
    cameras.make_hls(tmp_path)
    with cameras.web_camera(tmp_path) as (place, _asked):
        live = f"http://{place}/live.m3u8"
        rooms.make_room(RoomFacts(name="一号教室", seats=6, live_address=live), by=clerk)
        yield made


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    lesson = Lesson(seconds=6, frames_a_second=5, keyframe_seconds=2)
    return record(lesson, tmp_path_factory.mktemp("clip") / "测试.mp4")


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    frame = page.locator(".region-picture").bounding_box()
    assert frame is not None
    for step, (x, y) in (("move", start), ("down", start), ("move", end), ("up", end)):
        if step == "move":
            page.mouse.move(frame["x"] + frame["width"] * x, frame["y"] + frame["height"] * y)
        else:
            getattr(page.mouse, step)()


def test_a_camera_is_tested_its_slides_are_framed_and_the_bureau_looks_in(browsers, dossier, clip):
    clerk = browsers.visitor()
    clerk.log_in("clerk")
    page = clerk.page
    page.get_by_role("link", name="教室", exact=True).first.click()
    page.get_by_role("link", name="一号教室").click()
    page.locator("#clip").set_input_files(clip)
    page.get_by_role("button", name="上传并测试").click()
    expect(page.get_by_role("heading", name="正在测试")).to_be_visible(timeout=PATIENCE_MS)
    jobs.work_off()
    expect(page.get_by_text("没有启用人脸检测")).to_be_visible(
        timeout=PATIENCE_MS
    )  # the page asked again by itself
    assert clerk.width_on_a_phone() == 390

    page.get_by_role("link", name="一号教室").click()
    page.get_by_role("link", name="画一次").click()
    drag(page, (0.40, 0.10), (0.70, 0.50))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_role("button", name="记下这个框").click()
    expect(page.get_by_text("幻灯区域已记下")).to_be_visible(timeout=PATIENCE_MS)
    assert Room.objects.get().slide_region == pytest.approx([0.41, 0.10, 0.30, 0.41], abs=0.005)
    assert clerk.width_on_a_phone() == 390

    reviewer = browsers.visitor(viewport=DESK)
    reviewer.log_in("reviewer")
    page = reviewer.page
    page.get_by_role("link", name="监控", exact=True).first.click()
    page.get_by_role("link", name="去看").click()
    page.get_by_role("button", name="看一眼").click()
    expect(page.get_by_role("img", name="教室现在的画面")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_label("所见").fill("教师在讲课，学员在座")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("教师在讲课，学员在座")).to_be_visible(timeout=PATIENCE_MS)
    assert dossier.look_ins.get().still is not None
    assert reviewer.width_on_a_phone() == 390
    assert browsers.complaints() == []
