"""A recording dragged along the timetable in a browser: by mouse, by keys, taken down, taken back."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dossiers.actions import recordings
from dossiers.actions.recordings import ClockReading
from dossiers.models import DossierPage, RecordingClock
from dossiers.recordings import begins_at
from tests import factories as make
from tests.browser import PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PART = "theory_lesson_video"


@pytest.fixture
def recording(transactional_db):
    """Three hours filed for a morning; the clock that was read is twenty minutes late."""
    dossier = DossierPage.objects.get(pk=make.make_dossier(stage="training").pk)
    clerk = make.make_account("clerk", institution=dossier.custodian, username="lin", full_name="林慧")
    session = make.make_session(dossier, room="A教室")
    upload = make.make_upload(
        dossier, by=clerk, medium="recording", file_name="A教室.mp4", duration_seconds=190 * 60.0
    )
    make.make_filing(
        dossier,
        "theory_video_and_site_photos",
        upload=upload,
        part=PART,
        session=session,
        kind="recording",
    )
    late = begins_at(session) + timedelta(minutes=20)
    recordings.propose_clock(upload, ClockReading(late, RecordingClock.Basis.BURNT_IN, 0.5))
    upload.dossier = dossier
    return upload


def test_a_recording_is_dragged_to_its_lesson_nudged_by_keys_and_brought_back(recording, browsers):
    dossier, lin = recording.dossier, browsers.visitor()
    lin.log_in("lin")
    page = lin.page
    page.goto(f"{lin.site}{dossier.screen('sessions')}")
    expect(page.get_by_text("没有录像：08:30–08:50")).to_be_visible()
    page.get_by_role("link", name="对时").click()
    bar, said = page.get_by_role("slider", name="录像的开始时间"), page.locator("[name=begins]")
    held = page.locator('[data-align-target="shape"]').bounding_box()
    seconds_a_pixel = int(bar.get_attribute("aria-valuemax")) / bar.bounding_box()["width"]
    grip = {"x": held["x"] + 50, "y": held["y"] + held["height"] / 2}
    page.mouse.move(grip["x"], grip["y"])
    page.mouse.down()
    page.mouse.move(grip["x"] - 22 * 60 / seconds_a_pixel, grip["y"], steps=4)
    page.mouse.up()
    dragged = datetime.fromisoformat(said.input_value())
    assert (
        abs((dragged - datetime.fromisoformat("2026-10-19T08:28:00")).total_seconds()) <= 2 * seconds_a_pixel
    )
    bar.press("ArrowLeft")
    expect(said).to_have_value((dragged - timedelta(seconds=1)).isoformat())
    bar.press("Shift+ArrowRight")
    expect(said).to_have_value((dragged + timedelta(seconds=59)).isoformat())
    bar.press("Shift+ArrowLeft")
    expect(page.locator('[data-align-target="from"]')).to_have_text(
        f"{dragged - timedelta(seconds=1):%H:%M:%S}"
    )
    page.get_by_role("button", name="按这个位置记下").click()
    expect(page.get_by_text("已记下：录像从")).to_be_visible()
    stated = timezone.localtime(recording.clocks.get(superseded_at=None).begins_at)
    assert stated.replace(tzinfo=None) == dragged - timedelta(seconds=1)
    page.get_by_role("link", name="回到课程与录像").click()
    expect(page.get_by_text("已录全").first).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("没有录像：08:30–08:50")).to_be_visible()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
