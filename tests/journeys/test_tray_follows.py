"""The tray while pages are being read: it follows by itself, and takes nothing out of a person's hand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from dossiers.actions import ledger
from dossiers.models import DossierPage, Sheet
from foundation import jobs
from ingestion.jobs import READ
from ingestion.models import PageReading
from tests import factories as make
from tests.browser import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def dossier(transactional_db) -> DossierPage:
    return DossierPage.objects.get(pk=make.make_dossier(trainees=1).pk)


@pytest.fixture
def unread(dossier) -> list[Sheet]:
    """Two pages of a file whose reading is under way."""
    upload = make.make_upload(dossier, pages=2, state="received")
    jobs.enqueue(READ, subject=str(dossier.uuid), bell=False, upload=upload.uuid)
    return list(upload.sheets.all())


@pytest.fixture
def clerk(browsers, dossier, unread) -> Iterator[Visitor]:
    make.make_account("clerk", institution=dossier.custodian, username="lin")
    visitor = browsers.visitor()
    visitor.log_in("lin")
    visitor.page.goto(visitor.site + dossier.screen("tray"))
    expect(visitor.page.locator("#jobs .job")).to_have_count(1)
    yield visitor
    assert visitor.complaints == []


def read(sheet: Sheet) -> None:
    """What the reading job leaves of one page."""
    PageReading.objects.create(sheet=sheet, engine="null", kind="lesson_plan", kind_confidence=0.95)
    ledger.propose(sheet, engine="null", item_id="lesson_plan", kind="lesson_plan", confidence=0.95)


def test_groups_and_the_waiting_page_follow_the_reading(clerk, unread):
    page = clerk.page
    expect(page.locator("#tray-groups")).not_to_contain_text("教案")
    read(unread[0])
    expect(page.locator("#tray-groups")).to_contain_text("教案", timeout=20_000)
    expect(page.locator("#tray-right input[name=place]").first).to_be_checked()
    read(unread[1])
    expect(page.locator("#tray-filters")).not_to_contain_text("还没有认读", timeout=20_000)


def test_what_was_chosen_on_a_read_page_stays_chosen(clerk, unread):
    page = clerk.page
    read(unread[0])
    expect(page.locator("#tray-right input[name=place]").first).to_be_checked(timeout=20_000)
    page.locator("#pick-item").select_option("course_schedule|")
    read(unread[1])
    expect(page.locator("#tray-filters")).not_to_contain_text("还没有认读", timeout=20_000)
    expect(page.locator("#pick-item")).to_have_value("course_schedule|")


def test_marks_are_not_taken_away_while_pages_are_read(clerk, unread):
    page = clerk.page
    read(unread[0])
    expect(page.locator("#tray-groups")).to_contain_text("教案", timeout=20_000)
    page.locator("#tray-groups input[name=mark]").first.check()
    with page.expect_response(lambda answer: "pages-read" in answer.headers.get("hx-trigger", "")):
        read(unread[1])
    with page.expect_response("**/jobs/**"):  # two seconds later
        pass
    expect(page.locator("#tray-groups input[name=mark]").first).to_be_checked()
    expect(page.locator("#tray-filters")).to_contain_text("还没有认读")
