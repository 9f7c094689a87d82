"""Papers of several pages in the browser: dragged into order, moved by keys, parted, bound, and all taken back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dossiers.actions import ledger
from dossiers.models import DossierPage, Filing, Sheet
from tests import factories as make
from tests.browser import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def dossier(transactional_db) -> DossierPage:
    return DossierPage.objects.get(pk=make.make_dossier(trainees=1).pk)


@pytest.fixture
def pages(dossier) -> list[Sheet]:
    """A lesson plan of three pages, and a page beside it."""
    sheets = list(make.make_upload(dossier, pages=4).sheets.all())
    told = {"engine": "null", "item_id": "lesson_plan", "kind": "lesson_plan", "confidence": 0.7}
    paper = ledger.propose(sheets[0], **told)
    for sheet in sheets[1:3]:
        ledger.propose(sheet, **told, continues=paper)
    ledger.propose(sheets[3], engine="null", item_id="trainee_roster", confidence=0.9)
    return sheets


@pytest.fixture
def clerk(browsers, dossier, pages) -> Iterator[Visitor]:
    make.make_account("clerk", institution=dossier.custodian, username="lin")
    visitor = browsers.visitor()
    visitor.log_in("lin")
    visitor.page.goto(f"{visitor.site}{dossier.screen('tray')}?sheet={pages[0].uuid}")
    yield visitor
    assert visitor.complaints == []


def in_order(page: Page, *sheets: Sheet) -> None:
    """The list of the paper in view shows these pages in this order, as the server has numbered them."""
    shown = page.locator(".tray-paper li input[name=order]")
    expect(shown).to_have_count(len(sheets))
    for at, sheet in enumerate(sheets):
        expect(shown.nth(at)).to_have_value(str(sheet.uuid))
        expect(page.locator(".tray-paper li b").nth(at)).to_have_text(str(at + 1))


def stored(dossier: DossierPage) -> list[list[int]]:
    rows = dossier.filings.filter(state=Filing.State.PROPOSED).prefetch_related("places__sheet")
    return sorted([place.sheet.number for place in filing.places.all()] for filing in rows)


def test_pages_are_dragged_and_moved_by_keys_and_every_step_is_taken_back(clerk, dossier, pages):
    page = clerk.page
    first, second, third, _other = pages
    in_order(page, first, second, third)
    page.locator(".tray-paper li").nth(2).drag_to(page.locator(".tray-paper li").nth(0))
    in_order(page, third, first, second)
    page.keyboard.press("Alt+ArrowRight")  # the page in view is the first one
    in_order(page, third, second, first)
    assert stored(dossier) == [[3, 2, 1], [4]]
    page.keyboard.press("Control+z")
    in_order(page, third, first, second)
    page.keyboard.press("Control+z")
    in_order(page, first, second, third)
    assert stored(dossier) == [[1, 2, 3], [4]]


def test_a_paper_is_parted_and_bound_again_without_a_mouse(clerk, dossier, pages):
    page = clerk.page
    page.keyboard.press("j")  # the second page of the paper
    expect(page.locator(".tray-paper li").nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("s")
    in_order(page, pages[1], pages[2])
    assert stored(dossier) == [[1], [2, 3], [4]]
    page.keyboard.press("Space")
    page.goto(f"{clerk.site}{dossier.screen('tray')}?sheet={pages[0].uuid}")  # marks stay while she walks on
    expect(page.locator(f"input[name=mark][value='{pages[1].uuid}']")).to_be_checked()
    page.keyboard.press("Space")
    page.keyboard.press("m")
    in_order(page, pages[1], pages[0])
    assert stored(dossier) == [[2, 1], [3], [4]]
