"""Board, tray and review without a mouse: every step by a key, the focus always seen, the keys listed on `?`."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import DossierPage, Filing, ItemRecord, PointVerdict, ReturnNote, Sheet
from tests import factories as make
from tests.browser import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
IDENTITY = "identity_document_copy"
ITEMS = ("class_opening_application", "course_schedule")


@pytest.fixture
def dossier(transactional_db) -> DossierPage:
    made = make.make_dossier(trainees=3, stage="opening")
    return DossierPage.objects.get(pk=made.pk)


@pytest.fixture
def clerk(browsers, dossier) -> Iterator[Visitor]:
    make.make_account("clerk", institution=dossier.custodian, username="lin")
    visitor = browsers.visitor()
    visitor.log_in("lin")
    yield visitor
    assert visitor.complaints == []


def propose_identity_of_everybody(dossier: DossierPage) -> list[Filing]:
    """One sheet a trainee in the tray, each surely an ID card."""
    return [
        make.make_filing(dossier, IDENTITY, enrolment=person, state="proposed", kind="id_card_front")
        for person in dossier.enrolments.all()
    ]


def waiting(page: Page, pages: int) -> None:
    expect(page.locator(".tally-waiting + dd")).to_have_text(str(pages))


def focus_is_seen(page: Page) -> bool:
    """Whether what has the focus is outlined, and lies on the screen."""
    return page.evaluate(
        """() => {
            const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
            const drawn = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
            return at !== document.body && drawn && box.bottom > 0 && box.top < innerHeight;
        }"""
    )


def listed_keys(page: Page) -> str:
    page.keyboard.press("?")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    words = dialog.inner_text()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    return words


# Board ----------------------------------------------------------------------------------------------


def test_the_board_is_walked_opened_and_left_by_keys(clerk, dossier):
    page = clerk.page
    page.goto(clerk.site + dossier.screen("board"))
    page.keyboard.press("j")
    expect(page.locator("tr.item:focus")).to_have_id("item-class_opening_application")
    assert focus_is_seen(page)
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    opened = page.locator("#body-class_opening_application")
    expect(opened).to_be_visible()
    expect(opened).to_contain_text("还没有归入的页")
    page.keyboard.press("Enter")
    expect(opened).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(page.locator(f"#body-{IDENTITY}")).to_be_visible()
    page.keyboard.press("Shift+S")
    expect(page.get_by_role("heading", name="报送前检查")).to_be_visible()


def test_from_the_board_one_key_leads_to_the_tray(clerk, dossier):
    page = clerk.page
    page.goto(clerk.site + dossier.screen("board"))
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/tray/"))


@pytest.mark.parametrize(
    ("screen", "words"),
    [("board", ("展开", "去核对", "到第几件")), ("tray", ("确认", "整组", "旋转", "撤销"))],
)
def test_a_question_mark_lists_the_keys_of_the_screen(clerk, dossier, screen, words):
    propose_identity_of_everybody(dossier)
    page = clerk.page
    page.goto(clerk.site + dossier.screen(screen))
    listed = listed_keys(page)
    assert [word for word in words if word not in listed] == []


# Tray -----------------------------------------------------------------------------------------------


def test_pages_of_the_tray_are_walked_filed_and_taken_back_by_keys(clerk, dossier):
    propose_identity_of_everybody(dossier)
    page = clerk.page
    page.goto(clerk.site + dossier.screen("tray"))
    title = page.locator(".tray-page header h2")
    first = title.inner_text()
    page.keyboard.press("j")
    expect(title).not_to_have_text(first)
    page.keyboard.press("k")
    expect(title).to_have_text(first)
    page.keyboard.press("1")
    expect(page.locator("#act input[name=place]").first).to_be_checked()
    page.keyboard.press("Enter")
    waiting(page, 2)
    page.keyboard.press("Enter")
    waiting(page, 1)
    page.keyboard.press("Control+z")
    waiting(page, 2)
    assert Filing.objects.filter(state=Filing.State.FILED).count() == 1


def test_a_group_is_paged_through_and_confirmed_by_keys(clerk, dossier):
    propose_identity_of_everybody(dossier)
    page = clerk.page
    page.goto(clerk.site + dossier.screen("tray"))
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_role("button", name=re.compile("整组确认"))).to_be_visible()
    page.keyboard.press("Shift+Enter")
    waiting(page, 0)
    assert Filing.objects.filter(state=Filing.State.FILED, item_id=IDENTITY).count() == 3
    page.keyboard.press("Control+z")
    waiting(page, 3)


def test_a_page_is_turned_moved_and_put_aside_by_keys(clerk, dossier):
    propose_identity_of_everybody(dossier)
    page = clerk.page
    page.goto(clerk.site + dossier.screen("tray"))
    page.keyboard.press("r")
    expect(page.locator(".tray-page[data-viewer-turn-value='90']")).to_be_visible()
    page.keyboard.press("v")
    expect(page.locator("#pick-item")).to_be_focused()
    assert focus_is_seen(page)
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    waiting(page, 2)
    assert Sheet.objects.get(state=Sheet.State.DISCARDED).turn == 90


# Review ---------------------------------------------------------------------------------------------


@pytest.fixture
def under_review(transactional_db) -> DossierPage:
    """Two items before the reviewer."""
    made = make.make_dossier(state="under_review", trainees=2)
    for item_id in ITEMS:
        make.make_filing(made, item_id)
    return DossierPage.objects.get(pk=made.pk)


@pytest.fixture
def reviewer(browsers, under_review) -> Iterator[Visitor]:
    make.make_account("reviewer", county=under_review.opener.county, username="gao", full_name="高峻")
    visitor = browsers.visitor()
    visitor.log_in("gao")
    visitor.page.goto(visitor.site + under_review.screen("review-item", ITEMS[0]))
    yield visitor
    assert visitor.complaints == []


def test_points_are_ticked_one_after_the_other_by_keys(reviewer):
    page = reviewer.page
    left = page.locator(".points button[value=tick]")
    count = left.count()
    assert count >= 2
    page.keyboard.press("j")
    assert focus_is_seen(page)
    page.keyboard.press("Enter")
    expect(left).to_have_count(count - 1)
    expect(page.locator(".points li:focus")).to_have_class(re.compile("point-none"))  # the next one open
    page.keyboard.press("Enter")
    expect(left).to_have_count(count - 2)
    assert PointVerdict.objects.filter(verdict=PointVerdict.Verdict.TICKED).count() == 2


def test_a_point_is_returned_for_a_common_reason_in_two_keys(reviewer):
    page = reviewer.page
    page.keyboard.press("j")
    page.keyboard.press("b")
    expect(page.locator(".common button").first).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("#messages")).to_contain_text("已记下退回原因")
    assert ReturnNote.objects.get().point_id


def test_an_excuse_opened_by_key_can_be_closed_again(reviewer):
    page = reviewer.page
    page.keyboard.press("j")
    page.keyboard.press("e")
    field = page.get_by_label("为何免核").first
    expect(field).to_be_focused()
    page.keyboard.type("纸本已当面核对")
    page.keyboard.press("Enter")
    expect(page.locator(".point-excused")).to_contain_text("纸本已当面核对")


def test_a_whole_item_is_ticked_and_the_next_stands_there(reviewer):
    page = reviewer.page
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#messages")).to_contain_text("已核")
    expect(page.locator(".review-items li.chosen")).to_contain_text("课程安排")
    assert ItemRecord.objects.get(item_id=ITEMS[0]).verdict == ItemRecord.Verdict.TICKED


def test_a_second_press_while_the_first_is_on_its_way_does_nothing(reviewer):
    page, held = reviewer.page, []
    page.route(
        "**/review/**",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#messages")).to_have_text(re.compile("第 1 件 开班申请表 已核"))
    expect(page.locator(".review-items li.chosen")).to_contain_text("课程安排")
    page.unroute("**/review/**")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".review-items")).not_to_contain_text("已提交")


def test_words_typed_after_a_return_was_opened_by_mouse_are_words_not_keys(reviewer):
    page = reviewer.page
    points = page.locator(".points .point")
    points.nth(0).get_by_text("免核", exact=True).click()
    expect(points.nth(0).get_by_label("为何免核")).to_be_focused()
    points.nth(1).get_by_text("退回", exact=True).click()
    field = points.nth(1).get_by_label("或写明原因（事实）")
    expect(field).to_be_focused()
    expect(points.nth(0).get_by_label("为何免核")).to_be_hidden()
    page.keyboard.type("1 号表缺章")
    expect(field).to_have_value("1 号表缺章")
    assert not ReturnNote.objects.exists()


def test_the_head_follows_what_was_done_beneath_it(browsers, under_review):
    under_review.progress.state = "handed_in"
    under_review.progress.save()
    make.make_account("reviewer", county=under_review.opener.county, username="gao")
    visitor = browsers.visitor()
    visitor.log_in("gao")
    page = visitor.page
    page.goto(visitor.site + under_review.screen("review"))
    expect(page.locator(".stage")).to_contain_text("已报送")
    page.get_by_role("button", name="开始审核").click()
    expect(page.locator(".stage")).to_contain_text("审核中")


def test_the_tab_counts_what_still_waits_in_the_tray(clerk, dossier):
    propose_identity_of_everybody(dossier)
    page = clerk.page
    page.goto(clerk.site + dossier.screen("tray"))
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    waiting(page, 2)
    expect(page.locator(".tabs .count")).to_have_text("2")


def test_the_next_item_is_one_key_away(reviewer):
    reviewer.page.keyboard.press("n")
    expect(reviewer.page.locator(".review-items li.chosen")).to_contain_text("课程安排")


def test_the_review_lists_its_keys_too(reviewer):
    listed = listed_keys(reviewer.page)
    assert [word for word in ("核这一要点", "退回", "免核", "整件核", "下一件") if word not in listed] == []
