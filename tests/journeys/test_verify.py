"""Verification by keyboard alone; one number on paper is a digit off the roster, and the real reader reads it so."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from dossiers.actions import people as roster
from dossiers.models import AccessEntry, DossierPage, FieldStatement, Sheet
from dossiers.statements import plain
from foundation import jobs
from ingestion.specimens.box import Bundle, Paper, class_people, draw_bundles
from ingestion.specimens.course import make_course
from tests import factories as make
from tests.browser import Browsers, Visitor
from tests.cms.intake_desk import Sender
from tests.cms.verifying import card, changed, number_of
from tests.journeys.test_keyboard import focus_is_seen, listed_keys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
LEDGER, PLACE = "key_group_17", 14


@pytest.fixture
def dossier(transactional_db) -> DossierPage:
    """Two trainees whose cards are filed and read; the second one's bears another fourteenth digit than the roster."""
    dossier = DossierPage.objects.get(pk=make.make_dossier(trainees=2).pk)
    make.make_account("clerk", institution=dossier.custodian, username="lin", full_name="林慧")
    first, second = dossier.enrolments.all()
    card(dossier, first)
    card(dossier, second, number=changed(number_of(second), PLACE))
    return dossier


@pytest.fixture
def clerk(browsers, dossier) -> Iterator[Visitor]:
    yield from at_the_screen(browsers, dossier)


@pytest.fixture
def scanned(transactional_db, tmp_path) -> DossierPage:
    """The same, but drawn on paper, sent, and read by the reader itself; they lie in the tray."""
    dossier = DossierPage.objects.get(pk=make.make_dossier(ledger=LEDGER, class_no="2026-033").pk)
    clerk = make.make_account("clerk", institution=dossier.custodian, username="lin", full_name="林慧")
    people = class_people(LEDGER, 2, 33)
    told = [roster.Trainee(one.name, one.id_number, person_category=one.person_category) for one in people]
    roster.enrol(dossier, told, by=clerk)
    printed = (people[0], replace(people[1], id_number=changed(people[1].id_number, PLACE)))
    course = make_course("2026-033", ledger=LEDGER, seed=33)
    bundles = [Bundle(".pdf", tuple(Paper("id_card_copy", one) for one in printed))]
    drawn = draw_bundles(tmp_path / "cards", bundles, course, people, seed=1)
    name = drawn.pages[0].file
    Sender.of(clerk, dossier).send(name, (tmp_path / "cards" / name).read_bytes())
    jobs.work_off(subject=str(dossier.uuid))
    return dossier


@pytest.fixture
def reader(browsers, scanned) -> Iterator[Visitor]:
    """The clerk before what the reader read."""
    yield from at_the_screen(browsers, scanned)


def at_the_screen(browsers: Browsers, dossier: DossierPage) -> Iterator[Visitor]:
    visitor = browsers.visitor()
    visitor.log_in("lin")
    visitor.page.goto(visitor.site + dossier.screen("verify"))
    yield visitor
    assert visitor.complaints == []
    assert visitor.numbers_in_addresses() == []


def current(page: Page) -> str:
    return page.evaluate("document.activeElement.dataset.spot || ''")


def words(name: str) -> tuple[str, str]:
    said = FieldStatement.objects.get(name=name, superseded_at=None)
    return said.verdict, plain(said.value)


@pytest.mark.ocr
def test_a_digit_off_the_roster_is_settled_by_keys_and_taken_back(reader, scanned):
    page = reader.page
    people = list(scanned.enrolments.all())
    expect(page.locator("h2").first).to_contain_text(people[1].name)  # what differs comes first
    expect(page.locator(".compared-different")).to_contain_text("差 1 位")
    expect(page.locator(".settling:visible")).to_contain_text("校验位不符")
    expect(page.get_by_role("button", name="确认本页")).to_be_disabled()
    page.keyboard.press("Enter")  # nothing is accepted in passing
    assert not FieldStatement.objects.exists()

    page.keyboard.press("2")
    expect(page.locator("#verify-open")).to_have_count(0)
    assert words("id_number") == ("corrected", number_of(people[1]))
    expect(page.locator("tr.value", has_text="已更正")).to_have_count(1)

    page.keyboard.press("Control+z")
    expect(page.locator("#verify-open")).to_contain_text("未定")
    assert not FieldStatement.objects.filter(superseded_at=None).exists()
    assert FieldStatement.objects.count() == 1  # taken back, not wiped out

    page.keyboard.press("2")
    expect(page.locator("#verify-open")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("h2").first).to_contain_text(people[0].name)
    expect(page.locator("#messages")).to_contain_text("已确认本页")
    expect(page.locator(".tabs [aria-current] .count")).to_have_text("1")
    page.keyboard.press("Enter")
    expect(page.locator(".verify-do")).to_contain_text("本页已核完")
    expect(page.locator(".tabs [aria-current] .count")).to_have_count(0)
    assert {one.what for one in AccessEntry.objects.all()} == {"image", "id_number"}


def test_tab_walks_the_values_with_their_boxes_and_each_can_be_retyped(clerk, dossier):
    page = clerk.page
    page.locator("tr.value").first.focus()
    assert current(page) == "0.-1.name" and focus_is_seen(page)
    expect(page.locator('g[data-box="0.-1.name"]')).to_have_class("current")
    page.keyboard.press("Tab")
    assert current(page) == "0.-1.id_number" and focus_is_seen(page)
    expect(page.locator('g[data-box="0.-1.id_number"]')).to_have_class("current")
    expect(page.locator("tr.opened:visible")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    assert current(page) == "0.-1.name"

    while current(page) != "0.-1.address":
        page.keyboard.press("Tab")
    page.keyboard.press("3")
    field = page.locator("input[name=typed]:visible")
    expect(field).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("样本县榆柳街 1 号")  # digits typed are words here, not keys
    page.keyboard.press("Enter")
    expect(page.locator("tr.value", has_text="已更正")).to_contain_text("样本县榆柳街 1 号")
    assert words("address") == ("corrected", "样本县榆柳街 1 号")


def test_the_page_is_zoomed_turned_moved_and_skipped_by_keys(clerk, dossier):
    page = clerk.page
    people = list(dossier.enrolments.all())
    shown, frame = page.locator(".verify-page .page"), page.locator(".verify-page .viewer")
    expect(page.locator(".verify-page img")).to_have_js_property("complete", True)
    before = shown.bounding_box()["width"]
    page.keyboard.press("+")
    assert shown.bounding_box()["width"] > before
    page.keyboard.press("r")
    expect(shown).to_have_css("transform", re.compile(r"matrix\(0|matrix\(6"))
    page.keyboard.press("r")
    page.keyboard.press("r")
    page.keyboard.press("r")
    frame.focus()
    top = frame.evaluate("frame => frame.scrollTop")
    page.keyboard.press("PageDown")
    page.wait_for_function("top => document.querySelector('.verify-page .viewer').scrollTop !== top", arg=top)
    page.keyboard.press("n")
    expect(page.locator("h2").first).to_contain_text(people[0].name)
    page.keyboard.press("[")
    expect(page.locator("h2").first).to_contain_text(people[1].name)
    page.keyboard.press("t")
    expect(page.locator(".strip-retake")).to_have_count(1)
    listed = listed_keys(page)
    assert [word for word in ("下一项", "取值", "看不清", "跳过", "原件") if word not in listed] == []


def test_without_script_every_step_is_a_form(browsers, dossier):
    first = dossier.enrolments.first()
    visitor = browsers.visitor(java_script_enabled=False)
    visitor.log_in("lin")
    page = visitor.page
    page.goto(visitor.site + dossier.screen("verify"))
    page.get_by_role("button", name="以名册为准，改读数").and_(page.locator(":enabled")).click()
    expect(page.locator("#verify-open")).to_have_count(0)
    page.get_by_role("link", name="住址", exact=True).click()
    page.locator("input[name=typed]").locator("visible=true").last.fill("样本县榆柳街 1 号")
    page.get_by_role("button", name="记下").locator("visible=true").last.click()
    assert words("address") == ("corrected", "样本县榆柳街 1 号")
    page.get_by_role("button", name="确认本页").click()
    expect(page.locator("h2").first).to_contain_text(first.name)


def test_on_a_phone_nothing_is_cut_off_and_targets_are_wide_enough(clerk, dossier):
    assert clerk.width_on_a_phone() <= 390
    page = clerk.page
    page.set_viewport_size({"width": 390, "height": 844})
    for button in page.locator(".settling:visible .choices .btn:visible").all():
        assert button.bounding_box()["height"] >= 42
    assert Sheet.objects.filter(dossier=dossier).count() == 2
