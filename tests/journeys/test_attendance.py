"""A class's attendance by keyboard alone: to a contradiction, its evidence, a word with its reason, and back again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from dossiers.models import AttendanceWord, DossierPage
from tests import factories as make
from tests.browser import Visitor
from tests.cms.class_in_lessons import consent, everybody_comes, make_timetable, make_watched
from tests.journeys.test_keyboard import focus_is_seen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def dossier(transactional_db) -> DossierPage:
    """Three trainees who all checked in; the recording of the first morning shows the second one in no lesson."""
    dossier = DossierPage.objects.get(pk=make.make_dossier(trainees=3).pk)
    make.make_account("clerk", institution=dossier.custodian, username="lin", full_name="林慧")
    morning = make_timetable(dossier)[0]
    first, second, third = dossier.enrolments.all()
    everybody_comes(dossier)
    consent(first, second, third)
    whole = [(0.0, 3 * 3600.0)]
    upload = make_watched(morning, {first: whole, second: [], third: whole})
    upload.indexed.storyboard = {}
    upload.indexed.save()
    return dossier


@pytest.fixture
def clerk(browsers, dossier) -> Iterator[Visitor]:
    visitor = browsers.visitor()
    visitor.log_in("lin")
    visitor.page.goto(visitor.site + dossier.screen("attendance"))
    yield visitor
    assert not visitor.complaints


def test_a_contradiction_is_settled_and_the_settling_taken_back_by_keyboard(clerk, dossier):
    page, keys = clerk.page, clerk.page.keyboard
    second = dossier.enrolments.all()[1]
    keys.press("n")
    expect(page.locator("#cell-title")).to_have_text(f"{second.name} · 10-19 第 1 课时")
    expect(page.locator(".cell-state")).to_contain_text("打卡说在场，录像说不在")
    keys.press("Escape")
    expect(page.locator(".att-cell")).to_be_hidden()
    assert focus_is_seen(page)
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(page.locator("#cell-title")).to_have_text(f"{second.name} · 10-19 第 2 课时")
    keys.press("2")
    keys.type("请假条在第 11 件")
    page.get_by_text("的 4 课时一并认定").click()
    page.get_by_role("button", name="记下认定").press("Enter")
    expect(page.locator("#messages")).to_contain_text("4 课时已认定为“缺勤”")
    assert AttendanceWord.objects.filter(superseded_at=None, says="absent").count() == 4
    keys.press("Control+z")
    expect(page.locator("#messages")).to_contain_text("已撤销上一步认定")
    assert not AttendanceWord.objects.filter(superseded_at=None).exists()


def test_the_grid_fits_the_phone_and_opens_a_cell_at_its_foot(clerk):
    page = clerk.page
    assert clerk.width_on_a_phone() <= 390
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("a.x").first.click()
    expect(page.locator(".cellbox")).to_be_in_viewport()
