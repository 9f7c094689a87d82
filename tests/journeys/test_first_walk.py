"""The first walk through the house, by clicking: clerk, reviewer, clerk again, archivist; real files, real reading."""

import logging
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from playwright.sync_api import Page, expect

from dossiers.models import DossierPage, Filing, Sheet
from foundation.models import Job
from ingestion.specimens.truth import PageTruth
from tests import factories as make
from tests.browser import NUMBER, Visitor, fetched
from tests.crashing import started
from tests.journeys import desk_scenes, desks
from tests.journeys.small_class import CLASS_NO, SmallClass, make_small_class

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.ocr,
    pytest.mark.slow,
]
REASON = "成绩没有签名"
EXAM = "final_exam_paper"


@pytest.fixture
def worker(transactional_db, tmp_path) -> Iterator[Path]:
    """A worker as script/server starts it; what it says goes into this file."""
    log = tmp_path / "worker.log"
    child: subprocess.Popen[bytes] = started(f"{desk_scenes.__name__}.work", str(log))
    yield log
    child.terminate()
    try:
        child.wait(60)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@pytest.fixture
def people_of_the_house(transactional_db) -> None:
    county = make.make_county()
    school = make.make_institution("绥化市样本职业技能培训学校", county=county)
    make.make_account("clerk", institution=school, username="lin", full_name="林慧")
    make.make_account("reviewer", county=county, username="gao", full_name="高峻")
    make.make_account("archivist", username="yan", full_name="严冬梅")


def test_a_class_goes_from_a_pile_of_scans_to_its_printed_contents(
    browsers, worker, people_of_the_house, tmp_path, caplog
):
    caplog.set_level(logging.INFO)
    small = make_small_class(tmp_path / "small")

    lin = browsers.visitor()
    the_clerk_opens_the_class(lin, small)
    the_pile_is_read_and_filed(lin, small)
    what_is_missing_is_supplied_and_the_class_handed_in(lin, small)

    gao = browsers.visitor()
    the_reviewer_returns_one_page(gao, small)
    the_clerk_mends_it(lin, small)
    the_reviewer_completes(gao)

    yan = browsers.visitor()
    the_archivist_finds_and_prints(yan, small)

    assert "\n".join(browsers.complaints()) == ""
    assert [address for one in browsers.visitors for address in one.numbers_in_addresses()] == []
    assert NUMBER.findall(caplog.text + worker.read_text()) == []
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}


# The clerk ------------------------------------------------------------------------------------------
def the_clerk_opens_the_class(lin: Visitor, small: SmallClass) -> None:
    lin.log_in("lin")
    assert lin.width_on_a_phone() <= 390, "desk"
    desks.open_class(lin, small)

    page = desks.preview_roster(lin, small.bad_roster)
    row = page.get_by_role("row").filter(has_text=small.people[1].name)
    expect(row.locator(".bad")).to_contain_text("校验")
    expect(page.get_by_role("button", name="列入名册")).to_have_count(0)
    lin.forgive(422)

    page = desks.preview_roster(lin, small.roster)
    page.get_by_role("button", name="列入名册").click()
    expect(page.locator("#messages")).to_contain_text("3 名学员已列入名册")
    expect(page.locator("body")).not_to_contain_text(small.people[0].id_number)
    desks.add_sessions(lin, small)
    desks.screen(lin, "档案")
    assert lin.width_on_a_phone() <= 390, "board"


def the_pile_is_read_and_filed(lin: Visitor, small: SmallClass) -> None:
    page = desks.screen(lin, "收件")
    desks.drop(page, small.files)
    expect(page.locator("#jobs .job").first).to_contain_text(re.compile("页|%|等候|排队"))
    desks.wait_until_read(page)
    page.reload()
    assert lin.width_on_a_phone() <= 390, "tray"
    expect(page.locator(".tray-filters")).to_contain_text("证号校验不符")

    the_clerk_confirms_a_group(page)
    met: list[PageTruth] = []

    def look(truth: PageTruth, page: Page) -> None:
        met.append(truth)
        if truth.fault:
            expect(page.locator("#act .reasons")).to_contain_text(re.compile("证号|校验"))
            expect(page.locator("#act input[name=place]:checked")).to_have_count(0)

    desks.settle(lin, small, look)
    assert [truth.fault for truth in met if truth.fault] == ["wrong_id_number"]
    everything_lies_where_the_truth_says(small)


def the_clerk_confirms_a_group(page: Page) -> None:
    """A sure group is confirmed whole, and only after its pages were paged through."""
    expect(page.get_by_role("button", name=re.compile("整组确认"))).to_have_count(0)
    page.get_by_role("link", name=re.compile("翻看这一组")).first.click()
    page.get_by_role("button", name=re.compile("整组确认")).click()
    expect(page.locator("#messages")).to_contain_text("已整组归件")


def everything_lies_where_the_truth_says(small: SmallClass) -> None:
    assert not Sheet.objects.filter(state=Sheet.State.IN_TRAY).exists()
    for filing in Filing.objects.filter(state=Filing.State.FILED).select_related("enrolment"):
        for place in filing.places.select_related("sheet__upload"):
            upload = place.sheet.upload
            if upload.file_name == small.clip.name:
                continue
            one_page = upload.page_count == 1
            origin = upload.file_name if one_page else f"{upload.file_name} 第 {place.sheet.number} 页"
            truth = small.truth_of(origin)
            whose = filing.enrolment.seq - 1 if filing.enrolment else None
            assert (filing.item_id, whose) == (truth.items[desks.LEDGER], truth.trainee), origin


def what_is_missing_is_supplied_and_the_class_handed_in(lin: Visitor, small: SmallClass) -> None:
    desks.state_that_everybody_passed(lin, small)
    desks.move_to_submission(lin)
    page = lin.page
    page.get_by_role("link", name=re.compile("报送前检查")).click()
    expect(page.locator("main")).to_contain_text("还有 2 处未齐")
    expect(page.locator("main")).to_contain_text(small.people[2].name)
    expect(page.get_by_role("button", name="报送")).to_be_disabled()

    late = [small.folder / "late" / name for name in dict.fromkeys(page.file for page in small.late.pages)]
    page.locator("li", has_text=small.people[2].name).get_by_role("link", name="去补").click()
    desks.drop(page, late[:1])
    page = desks.screen(lin, "收件")
    desks.drop(page, late[1:])
    desks.wait_until_read(page)
    page.reload()
    desks.settle(lin, small, lambda truth, page: None)

    desks.screen(lin, "档案")
    page.get_by_role("link", name=re.compile("报送前检查")).click()
    page.get_by_role("button", name="报送").click()
    expect(page.locator("#messages")).to_contain_text("已报送")
    desks.screen(lin, "目录")
    assert lin.width_on_a_phone() <= 390, "contents"


# The reviewer ---------------------------------------------------------------------------------------
def the_reviewer_returns_one_page(gao: Visitor, small: SmallClass) -> None:
    gao.log_in("gao")
    page = gao.page
    page.get_by_role("link", name=re.compile("审核队列")).click()
    page.get_by_role("link", name=re.compile(CLASS_NO)).click()
    page.get_by_role("button", name="开始审核").click()
    expect(page.locator("#messages")).to_contain_text("已开始审核")
    assert gao.width_on_a_phone() <= 390, "review"

    desks.tick_points_one_by_one(gao)
    desks.return_page_of(gao, "试卷", small.people[0].name, REASON)
    desks.tick_the_rest(gao)
    page.get_by_role("button", name="退回整卷").click()
    expect(page.locator("#messages")).to_contain_text("已退回整卷")


def the_clerk_mends_it(lin: Visitor, small: SmallClass) -> None:
    """The return meets her at log-in; she puts a new page in place of the old and hands in again."""
    lin.log_out()
    lin.log_in("lin")
    page = lin.page
    returned = page.locator(".returns .return")
    expect(returned).to_have_count(1)
    expect(returned).to_contain_text(REASON)
    returned.get_by_role("link", name="补这一页").click()
    desks.drop(page, [small.folder / "mended" / small.mended.pages[0].file])
    page = desks.screen(lin, "收件")
    desks.wait_until_read(page)
    page.reload()
    expect(page.get_by_role("radio", name="替换退回的那份", exact=True)).to_be_checked()
    desks.settle(lin, small, lambda truth, page: None)
    desks.screen(lin, "档案")
    page.get_by_role("link", name=re.compile("报送前检查")).click()
    page.get_by_role("button", name="补正后再报送").click()
    expect(page.locator("#messages")).to_contain_text("已报送")


def the_reviewer_completes(gao: Visitor) -> None:
    page = gao.page
    page.goto(f"{gao.site}/review/")
    expect(page.locator(".queue-class")).to_contain_text("补正后再报")
    page.get_by_role("link", name=re.compile(CLASS_NO)).click()
    page.get_by_role("button", name="开始审核").click()
    expect(page.get_by_role("button", name="审结")).to_be_disabled()
    desks.open_item(gao, "试卷")
    page.locator(".review-strip a", has_text="新").first.click()
    expect(page.get_by_text("旧的那一页")).to_be_visible()
    expect(page.locator(".review-pair img")).to_have_count(2)
    page.get_by_role("button", name=re.compile("整件已核")).click()
    page.get_by_role("button", name="审结").click()
    expect(page.locator("#messages")).to_contain_text("已审结")
    assert DossierPage.objects.get(class_no=CLASS_NO).progress.state == "complete"


# The archivist --------------------------------------------------------------------------------------
def the_archivist_finds_and_prints(yan: Visitor, small: SmallClass) -> None:
    yan.log_in("yan")
    page = yan.page
    asked(page, small.people[2].name)
    expect(page.locator("main")).to_contain_text(CLASS_NO)
    assert yan.width_on_a_phone() <= 390, "search"

    asked(page, small.people[2].id_number)
    expect(page.locator(".search-said")).to_contain_text("证号")
    expect(page.locator("main")).to_contain_text(small.people[2].name)
    expect(page.locator("body")).not_to_contain_text(small.people[2].id_number)

    asked(page, "结业验收")
    page.locator("li:has(.snippet) a").first.click()
    expect(page.locator("polygon.marked").first).to_be_attached()
    expect(page.locator(".viewer img")).to_have_js_property("complete", True)

    desks.screen(yan, "目录")
    printed = pymupdf.open(stream=fetched(page, "打印目录"), filetype="pdf")
    text = "".join(sheet.get_text() for sheet in printed)
    assert "卷内文件目录" in re.sub(r"\s", "", text)
    for title in ("职业技能培训开班申请表", "培训结业考试试卷", "职业技能培训人员名册"):
        assert title in re.sub(r"\s", "", text), title
    assert [person.name for person in small.people if person.name in text] == []


def asked(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="查询").first.fill(words)
    page.get_by_role("searchbox", name="查询").first.press("Enter")
    page.wait_for_url(re.compile("/search/"))
