"""A class's attendance by keyboard alone: to a contradiction, its evidence, a word with its reason, and back again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import AttendanceWord, DossierPage
from tests import factories as make
from tests.browser import Visitor
from tests.cms.class_in_lessons import consent, everybody_comes, make_sign_in, make_timetable, make_watched
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
    expect(page.locator("a.now")).to_be_focused()  # the scripts of the page that came are there
    keys.press("Control+z")
    expect(page.locator("#messages")).to_contain_text("已撤销上一步认定")
    assert not AttendanceWord.objects.filter(superseded_at=None).exists()


@pytest.fixture
def full(transactional_db) -> DossierPage:
    """A class of a full grid: more rows than a screen holds, three days side by side, nothing that contradicts."""
    dossier = DossierPage.objects.get(pk=make.make_dossier(trainees=26).pk)
    make.make_account("clerk", institution=dossier.custodian, username="lin", full_name="林慧")
    make_timetable(dossier, days=3)
    everybody_comes(dossier)
    return dossier


def whole_and_pressable(page: Page) -> bool:
    """Whether the opened cell lies between the page's head and its foot, and its button takes a press where it is."""
    return page.evaluate("""() => {
      const box = document.querySelector(".att-cell").getBoundingClientRect();
      const bar = document.querySelector(".keybar").getBoundingClientRect();
      const end = bar.height ? bar.top : innerHeight;
      const button = document.querySelector(".cell-settle .btn-main");
      const at = button.getBoundingClientRect();
      const edges = [[at.left + 4, at.top + 4], [at.right - 4, at.bottom - 4]];
      const head = document.querySelector(".topbar").getBoundingClientRect().bottom;
      return box.top >= head && box.bottom <= end && box.left >= 0 && box.right <= innerWidth
        && edges.every(([x, y]) => button.contains(document.elementFromPoint(x, y)));
    }""")


LABELS_OVER_TEXT = """() => [...document.querySelectorAll(".cell-lines dt")].filter((label) => {
  const range = document.createRange();
  range.selectNodeContents(label);
  return range.getBoundingClientRect().right > label.nextElementSibling.getBoundingClientRect().left;
}).map((label) => label.textContent)"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_opened_cell_lies_whole_above_the_key_bar_wherever_it_stands(browsers, full, language):
    clerk = browsers.visitor()
    clerk.log_in("lin")
    clerk.context.add_cookies([{"name": "django_language", "value": language, "url": clerk.site}])
    page = clerk.page
    page.goto(clerk.site + full.screen("attendance"))
    expect(page.locator(".keybar")).to_contain_text("移动" if language == "zh-hans" else "move")
    rows = page.locator(".att tbody tr")
    hidden = []
    for height, width in ((800, 1280), (560, 1280), (844, 390)):
        page.set_viewport_size({"width": width, "height": height})
        for row, column in ((0, 0), (9, 22), (16, 11), (25, 4)):
            cell = rows.nth(row).locator("td > a[href*='c=']").nth(column)
            cell.click()
            page.wait_for_selector(f".cellbox[data-cell='{cell.get_attribute('href')[3:]}']")
            if not whole_and_pressable(page):
                hidden.append((width, height, row, column))
            assert page.evaluate(LABELS_OVER_TEXT) == []
            page.keyboard.press("Escape")
            expect(page.locator(".att-cell")).to_be_hidden()
    assert hidden == []
    assert not clerk.complaints


def test_an_opened_cell_stays_whole_while_the_page_is_moved(browsers, full):
    clerk = browsers.visitor()
    clerk.log_in("lin")
    page = clerk.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(clerk.site + full.screen("attendance"))
    page.locator(".att tbody tr").nth(0).locator("td > a").nth(3).click()
    expect(page.locator("#cell-title")).to_be_visible()
    page.mouse.move(1200, 500)
    page.mouse.wheel(0, 2000)
    page.wait_for_function("scrollY > 100")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert whole_and_pressable(page)


def test_arrows_and_enter_begin_at_the_outlined_cell_and_n_says_when_nothing_contradicts(browsers, full):
    clerk = browsers.visitor()
    clerk.log_in("lin")
    page, keys = clerk.page, clerk.page.keyboard
    page.goto(clerk.site + full.screen("attendance"))
    expect(page.locator("a.now")).to_have_count(1)
    keys.press("n")
    expect(page.get_by_role("status").filter(has_text="所列学员没有还待认定的矛盾。")).to_be_in_viewport()
    keys.press("Enter")
    expect(page.locator("#cell-title")).to_contain_text("第 1 课时")
    keys.press("Escape")
    page.reload()
    expect(page.locator("a.now")).to_have_count(1)
    keys.press("ArrowRight")
    assert focus_is_seen(page)
    keys.press("Enter")
    expect(page.locator("#cell-title")).to_contain_text("第 2 课时")
    assert not clerk.complaints


def test_on_a_phone_the_sign_in_list_keeps_its_step_and_the_tabs_the_current_one_in_sight(clerk, dossier):
    page = clerk.page
    make_sign_in(dossier.enrolments.all()[0], dossier.sessions.first())
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(clerk.site + dossier.screen("sign-ins"))
    expect(page.get_by_text("已签 1 人 · 空白 0 人")).to_be_visible()
    for step in (page.get_by_role("link", name="看或改"), page.get_by_role("link", name="记签到").first):
        box = step.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    tab = page.locator(".tabs [aria-current]").bounding_box()
    assert tab and tab["x"] >= 0 and tab["x"] + tab["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_grid_fits_the_phone_and_opens_a_cell_at_its_foot(clerk):
    page = clerk.page
    assert clerk.width_on_a_phone() <= 390
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("a.x").first.click()
    expect(page.locator(".cellbox")).to_be_in_viewport()
