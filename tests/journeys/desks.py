"""What people do at their desks, by clicking: one function a task, as a clerk or a reviewer would tell it."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from ingestion.specimens.truth import PageTruth
from tests.browser import Visitor
from tests.journeys.small_class import SmallClass

READING_MS = 900_000  # the real engine, on a machine that may have other work
UPLOAD_MS = 120_000
LEDGER = "key_group_17"


# Opening a class ------------------------------------------------------------------------------------
def open_class(clerk: Visitor, small: SmallClass) -> None:
    page, told = clerk.page, small.course
    page.get_by_role("link", name="开班").click()
    page.get_by_label("班次号").fill(told.class_no)
    page.get_by_label("培训种类").select_option("employment_skill")
    page.get_by_label("职业（工种）").fill(told.occupation)
    page.get_by_label("计划人数").fill(str(len(small.people)))
    page.get_by_label("理论课时").fill(str(told.theory_lessons))
    page.get_by_label("技能课时").fill(str(told.practice_lessons))
    page.get_by_label("开班日期").fill(told.starts_on.isoformat())
    page.get_by_label("结业日期").fill(told.ends_on.isoformat())
    page.get_by_role("button", name="立卷开班").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(told.class_no)


def screen(visitor: Visitor, tab: str) -> Page:
    """Go to a tab of the dossier in view."""
    visitor.page.locator("nav.tabs").get_by_role("link", name=re.compile(tab)).click()
    return visitor.page


def preview_roster(clerk: Visitor, table: Path) -> Page:
    page = screen(clerk, "学员")
    page.locator("#table").set_input_files(table)
    page.get_by_role("button", name="逐行预览").click()
    expect(page.get_by_role("heading", name="预览")).to_be_visible()
    return page


def add_sessions(clerk: Visitor, small: SmallClass) -> None:
    page = screen(clerk, "课程")
    for number, one in enumerate(small.course.sessions, 1):
        page.locator("#id_held_on").fill(one.on.isoformat())
        page.locator("#id_starts_at").fill(one.starts_at)
        page.locator("#id_lessons").fill(str(one.lessons))
        page.locator("#id_kind").select_option(one.kind)
        page.locator("#id_topic").fill(one.topic)
        page.locator("#id_lecturer").fill(one.lecturer)
        page.get_by_role("button", name="列入课程").click()
        expect(page.locator("[id^=sitting-]")).to_have_count(number)


def state_that_everybody_passed(clerk: Visitor, small: SmallClass) -> None:
    for person in small.people:
        page = screen(clerk, "学员")
        page.get_by_role("link", name=person.name, exact=True).click()
        page.locator("#id_passed").select_option(label="是")
        page.get_by_role("button", name="记下", exact=True).click()
        expect(page.locator("#messages")).to_contain_text("已记下")


def move_to_submission(clerk: Visitor) -> None:
    page = screen(clerk, "档案")
    page.get_by_text("推进阶段").click()
    page.locator("#stage").select_option("submission")
    page.get_by_role("button", name="记下这一阶段").click()


# The tray -------------------------------------------------------------------------------------------
def drop(page: Page, files: Sequence[Path]) -> None:
    """Choose files in the drop zone in view; every one is acknowledged with its hash."""
    page.wait_for_load_state()  # the script that sends is there
    zone = page.locator(".drop").first
    before = zone.locator(".upload-done").count()
    zone.locator("input[type=file][multiple]").set_input_files([str(file) for file in files])
    expect(zone.locator(".upload-done")).to_have_count(before + len(files), timeout=UPLOAD_MS)
    expect(zone.locator(".upload-done").last).to_contain_text("SHA-256")


def wait_until_read(page: Page) -> None:
    """The worker's progress is shown until nothing runs any more."""
    expect(page.locator("#jobs .job")).to_have_count(0, timeout=READING_MS)


def settle(clerk: Visitor, small: SmallClass, seen: Callable[[PageTruth, Page], None]) -> None:
    """File whatever lies in the tray: a person looks at each page, or paper of pages, and says where it goes."""
    page = clerk.page
    while (form := page.locator("#act")).count():
        origin = page.locator(".tray-page header h2").inner_text()
        waiting, together = _waiting(page), max(1, page.locator(".tray-paper li").count())
        if origin == small.clip.name:
            _choose_session(form)
        else:
            truth = small.truth_of(origin)
            seen(truth, page)
            _choose(form, truth, small)
        form.get_by_role("button", name="确认归件").click()
        come_to_rest(page)
        expect(page.locator(".tally-waiting + dd")).to_have_text(str(waiting - together))


def _waiting(page: Page) -> int:
    return int(page.locator(".tally-waiting + dd").inner_text())


def _choose_session(form: Locator) -> None:
    form.locator("input[name=place][value=other]").check()
    form.locator("#pick-item").select_option("theory_video_and_site_photos|theory_lesson_video")
    form.locator("#pick-session").select_option(index=1)


def _choose(form: Locator, truth: PageTruth, small: SmallClass) -> None:
    """Leave what was proposed where it is right, else say where the page goes."""
    item = truth.items[LEDGER]
    name = small.people[truth.trainee].name if truth.trainee is not None else ""
    chosen = form.locator(".choice:has(input[name=place]:checked)")
    value = chosen.locator("input").get_attribute("value") if chosen.count() else ""
    if (value or "").startswith(f"{item}|") and name in (chosen.inner_text() if chosen.count() else ""):
        return
    form.locator("input[name=place][value=other]").check()
    form.locator("#pick-item").select_option(f"{item}|{_part(truth)}")
    if truth.trainee is not None:
        form.locator("#pick-person").select_option(label=f"{truth.trainee + 1} {name}")


def _part(truth: PageTruth) -> str:
    parts = {
        "site_photo": "training_site_photo",
        "recognition_form": "recognition_form_copy",
        "unemployment_certificate": "unemployment_certificate_copy",
        "subsidy_application": "training_body_form",
    }
    return parts.get(truth.kind, "")


def come_to_rest(page: Page) -> None:
    """No part of the page is on its way."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


# The review -----------------------------------------------------------------------------------------
def tick_points_one_by_one(reviewer: Visitor) -> None:
    """Every point of the opened item, each with its own press."""
    page = reviewer.page
    while left := page.locator(".points button[value=tick]").count():
        page.locator(".points button[value=tick]").first.click()
        expect(page.locator(".points button[value=tick]")).to_have_count(left - 1)


def open_item(reviewer: Visitor, name: str) -> None:
    line = reviewer.page.locator(".review-items li", has_text=name).first
    line.get_by_role("link").click()
    come_to_rest(reviewer.page)
    expect(line).to_have_class(re.compile("chosen"))


def tick_the_rest(reviewer: Visitor) -> None:
    """Item after item, each opened, until none waits but those that were returned."""
    page = reviewer.page
    for number in range(page.locator(".review-items li").count()):
        line = page.locator(".review-items li").nth(number)
        line.get_by_role("link").click()
        come_to_rest(page)
        expect(line).to_have_class(re.compile("chosen"))
        if line.locator(".state-ticked, .state-returned").count():
            continue
        page.get_by_role("button", name=re.compile("整件已核")).click()
        expect(line.locator(".state-ticked")).to_be_visible()


def return_page_of(reviewer: Visitor, item: str, name: str, reason: str) -> None:
    """Return the page of this trainee under an item, with a reason in words."""
    page = reviewer.page
    open_item(reviewer, item)
    page.locator("summary", has_text="退回这一件").click()
    whole = page.locator("[data-verdicts-target=whole]")
    pages = whole.locator("select[name=sheet]")
    label = next(text for text in pages.locator("option").all_text_contents() if name in text)
    pages.select_option(label=label)
    whole.locator("input[name=reason]").fill(reason)
    whole.get_by_role("button", name="按此退回").click()
    expect(page.locator("#messages")).to_contain_text("已记下退回原因")
