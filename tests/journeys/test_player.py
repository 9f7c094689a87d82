"""A recording in a real browser: it plays, lanes lead to seconds, words are said by keys and taken back."""

import re
from collections.abc import Iterator
from datetime import timedelta

import cv2
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from dossiers.models import AttendanceWord, DossierPage, KeptFrame, PresenceWord, Upload
from foundation.blobs import store
from media_processing.specimens.lesson import Lesson, record
from tests import factories as make
from tests import watched_lessons as lessons
from tests.browser import PHONE, Browsers, Visitor
from tests.journeys.test_keyboard import listed_keys
from tests.watched_lessons import MORNING

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
SECONDS = 60.0
WORDS = ("播放", "5 秒", "逐帧", "下一处", "查课件", "取依据帧", "不是此人", "撤销")


@pytest.fixture
def dossier(transactional_db) -> DossierPage:
    """Three trainees and one lesson that begins when the recording does."""
    dossier = DossierPage.objects.get(pk=make.make_dossier(trainees=3).pk)
    make.make_session(dossier, lessons=1, room="A 教室")
    return dossier


@pytest.fixture
def upload(dossier, tmp_path) -> Upload:
    """A minute of an invented lesson: two trainees found in it, a stranger, and one who did not consent."""
    clerk = make.make_account("clerk", institution=dossier.custodian, username="lin", full_name="林慧")
    upload = lessons.make_recording(dossier, seconds=SECONDS, by=clerk)
    drawn = record(
        Lesson(SECONDS, width=320, height=180, frames_a_second=5, has_sound=False), tmp_path / "lesson.mp4"
    )
    upload.blob = store().put_file(drawn, media_type="video/mp4")
    upload.save()
    page = cv2.imencode(".jpg", np.full((90, 1600, 3), 90, np.uint8))[1].tobytes()
    store().put_derivative(upload.blob.sha256, "storyboard-0.jpg", page)
    lessons.set_clock(upload, MORNING + timedelta(minutes=3))
    lessons.file(upload, session=dossier.sessions.get())
    lessons.index(
        upload, slides=((0.0, 30.0, "卫生要求"), (30.0, 60.0, "洗手消毒")), incidents=(("black", 40.0, 44.0),)
    )
    first, second, _without = dossier.enrolments.all()
    for one in (first, second):
        lessons.consent(one, by=clerk)
    lessons.see(upload, first, (0.0, 60.0), place=(0.2, 0.6))
    lessons.see(upload, second, (0.0, 20.0), place=(0.5, 0.6))
    lessons.see(upload, None, (0.0, 60.0), group=1, place=(0.8, 0.6))
    return upload


@pytest.fixture
def clerk(browsers: Browsers, dossier, upload) -> Iterator[Visitor]:
    visitor = browsers.visitor()
    visitor.log_in("lin")
    visitor.page.goto(f"{visitor.site}{dossier.screen('player', upload.uuid)}?t=5")
    yield visitor
    assert visitor.complaints == []
    assert visitor.numbers_in_addresses() == []


def now(page: Page) -> Locator:
    return page.locator("[data-player-target=now]")


def drawn(canvas: Locator) -> None:
    expect(canvas).to_have_attribute("data-drawn", re.compile(r"\d"))


def test_a_lesson_is_watched_and_spoken_of_by_keys_alone(clerk, dossier, upload):
    page = clerk.page
    expect(now(page)).to_have_text("08:30:05")
    expect(page.locator(".player-faces g")).to_have_count(
        3
    )  # two named, one not; none for whoever did not consent
    expect(page.locator(".player-count")).to_have_text("见 12 · 认出 2")
    page.keyboard.press("ArrowRight")
    expect(now(page)).to_have_text("08:30:10")
    page.keyboard.press("ArrowLeft")
    expect(now(page)).to_have_text("08:30:05")
    page.keyboard.press("n")
    expect(now(page)).to_have_text("08:30:40")
    page.keyboard.press("Space")
    expect(page.locator("[data-player-target=pauses]")).to_be_visible()
    expect(now(page)).to_have_text(re.compile("08:30:4[1-9]"))
    page.keyboard.press("Space")
    expect(page.locator("[data-player-target=plays]")).to_be_visible()

    first = dossier.enrolments.first()
    page.keyboard.press("f")
    page.keyboard.type("消毒")
    expect(page.locator("#player-hits mark")).to_have_text("消毒")
    hit = page.locator("#player-hits a")
    drawn(hit.locator("canvas"))
    page.keyboard.press("Enter")  # to the first slide found
    expect(now(page)).to_have_text("08:30:30")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    evidence = page.locator(".player-evidence")
    expect(evidence.locator("header")).to_contain_text(first.name)
    drawn(evidence.locator("canvas").first)  # a piece of the picture, taken from the recording itself
    page.keyboard.press("x")
    expect(page.locator("#messages")).to_contain_text("不是此人")
    assert PresenceWord.objects.get(superseded_at=None).verdict == "is_not"
    expect(page.locator(f"#lane-{first.uuid} .bar-read")).to_have_count(0)
    expect(page.locator(".player-faces g.read")).to_have_count(
        0
    )  # nor is she drawn over the picture any more
    page.keyboard.press("Control+z")
    expect(page.locator(f"#lane-{first.uuid} .bar-read")).to_have_count(1)
    page.keyboard.press("1")
    expect(page.locator("#messages")).to_contain_text("已认定")
    word = AttendanceWord.objects.get()
    assert (word.enrolment, word.says, word.reason) == (first, "present", "看录像 08:30:30")
    page.keyboard.press("m")
    expect(page.locator(".player-kept")).to_contain_text("08:30:30")
    assert KeptFrame.objects.get().enrolment == first
    page.keyboard.press("v")
    link = page.locator("[data-player-target=link]").input_value()
    assert link == f"{clerk.site}{dossier.screen('player', upload.uuid)}?t=30.0&who={first.uuid}"
    page.goto(link)
    expect(now(page)).to_have_text("08:30:30")
    expect(page.locator(".player-evidence header")).to_contain_text(first.name)
    assert [each for each in WORDS if each not in listed_keys(page)] == []


def test_lanes_lead_to_seconds_and_an_unknown_face_is_named_by_hand(clerk, dossier, upload):
    page, (_first, second, without) = clerk.page, dossier.enrolments.all()
    track = page.locator(f"#lane-{second.uuid} .lane-track")
    track.scroll_into_view_if_needed()
    room = page.locator("[data-player-target=over]").bounding_box()
    field = page.locator("[data-player-target=field]")
    begin, end = (float(field.get_attribute(f"data-{edge}")) for edge in ("begin", "end"))
    across = room["width"] * (50 - begin) / (end - begin)
    box = track.bounding_box()
    page.mouse.move(room["x"] + across, box["y"] + 10)
    preview = page.locator(".player-preview")
    expect(preview).to_be_visible()
    drawn(preview.locator("canvas"))
    page.locator("[role=slider]").focus()
    expect(preview).to_contain_text("08:30:05")  # by focus as well as by hover

    page.locator(".player-faces g.unknown").click(force=True)
    group = page.locator(".player-groups input")
    expect(group).to_be_checked()
    assert without.name not in page.locator("#player-named").inner_text()  # she did not consent
    page.locator("#player-named").select_option(label=f"{second.seq} {second.name}")
    page.get_by_role("button", name="勾选的都是此人").click()
    expect(page.locator(f"#lane-{second.uuid} .bar-confirmed")).to_have_count(1)
    expect(page.locator(".player-unnamed")).to_have_count(0)
    assert PresenceWord.objects.get().verdict == "is"

    assert clerk.width_on_a_phone() == PHONE["width"]
