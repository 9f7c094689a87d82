"""The review: how a point is judged, and what happens when two judge at once."""

import pytest
from django.test import Client
from django.utils import timezone

from cms.rows.review import Review
from cms.rows.review_hints import DOUBT, FOR, UNKNOWN
from dossiers.actions import course, ledger
from dossiers.models import Filing, ItemRecord, PointVerdict, Progress, ReturnNote
from ingestion.models import FieldReading, PageReading
from tests.factories import (
    make_account,
    make_dossier,
    make_filing,
    make_institution,
)

pytestmark = pytest.mark.django_db

ITEM = "class_opening_application"
CARD = "identity_document_copy"


@pytest.fixture
def school():
    return make_institution()


@pytest.fixture
def reviewer():
    return make_account("reviewer", full_name="赵审核")


@pytest.fixture
def dossier(school):
    dossier = make_dossier(school, trainees=2, state="under_review")
    make_filing(dossier, ITEM)
    return dossier


def browser_of(account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def browser(reviewer):
    return browser_of(reviewer)


def seen_on_page(browser, dossier, item_id=ITEM) -> dict[str, str]:
    review = browser.get(dossier.screen("review-item", item_id)).context["review"]
    return {"version": str(review.version), "sha256": review.current.sha256}


def post(browser, dossier, do, item_id=ITEM, **fields):
    seen = {} if "version" in fields else seen_on_page(browser, dossier, item_id)
    return browser.post(dossier.screen("review-item", item_id), {"do": do, **seen, **fields})


def points_of(dossier, reviewer, item_id=ITEM):
    return Review(dossier, reviewer, item_id=item_id).points


def test_a_reviewer_starts_by_a_button_of_her_own(browser, school, reviewer):
    dossier = make_dossier(school, state="handed_in")
    make_filing(dossier, ITEM)
    page = browser.get(dossier.screen("review")).content.decode()
    assert "开始审核" in page
    assert 'value="tick"' not in page
    browser.post(dossier.screen("review"), {"do": "start"})
    dossier.progress.refresh_from_db()
    assert (dossier.progress.state, dossier.progress.reviewer) == ("under_review", reviewer)


def test_ticking_every_point_ticks_the_item(browser, dossier, reviewer):
    for point in points_of(dossier, reviewer):
        assert post(browser, dossier, "tick", point=point.id).status_code == 302
    record = dossier.items.get(item_id=ITEM)
    assert (record.verdict, record.verdict_by) == (ItemRecord.Verdict.TICKED, reviewer)


def test_the_forms_of_the_first_item_go_to_that_item(browser, dossier):
    page = browser.get(dossier.screen("review")).content.decode()
    assert f'action="{dossier.screen("review-item", ITEM)}"' in page
    refused = browser.post(dossier.screen("review"), {"do": "tick", "point": "handlers_signed"})
    assert refused.status_code == 422, "a verdict without an item changes nothing"


def test_the_system_ticks_nothing_by_looking(browser, dossier):
    browser.get(dossier.screen("review-item", ITEM))
    assert not PointVerdict.objects.exists()


def test_an_excuse_needs_a_reason_and_keeps_it(browser, dossier, reviewer):
    point = points_of(dossier, reviewer)[0].id
    refused = post(browser, dossier, "excuse", point=point, reason=" ")
    assert refused.status_code == 422
    assert "请写明原因" in refused.content.decode()
    post(browser, dossier, "excuse", point=point, reason="纸本已当面核对")
    assert "纸本已当面核对" in browser.get(dossier.screen("review-item", ITEM)).content.decode()


def test_a_common_reason_returns_a_point_in_one_press(browser, dossier, reviewer):
    point = points_of(dossier, reviewer)[0].id
    page = browser.get(dossier.screen("review-item", ITEM)).content.decode()
    assert 'name="common" value="缺机构盖章"' in page
    post(browser, dossier, "return", point=point, common="缺机构盖章", sheet="")
    note = ReturnNote.objects.get()
    assert (note.reason, note.point_id) == ("缺机构盖章", point)
    assert note.filing == dossier.filings.get(), "the only paper of an item is the one meant"


def test_a_return_points_at_its_page(browser, dossier):
    trainee = dossier.enrolments.first()
    filing = make_filing(dossier, CARD, enrolment=trainee, pages=2)
    make_filing(dossier, CARD, enrolment=dossier.enrolments.last())
    sheet = filing.places.last().sheet
    post(browser, dossier, "return", CARD, reason="复印不清", remedy="重新扫描", sheet=str(sheet.uuid))
    note = ReturnNote.objects.get()
    assert (note.filing, note.sheet, note.remedy) == (filing, sheet, "重新扫描")


def test_what_was_typed_is_not_lost_when_a_return_is_refused(browser, dossier, reviewer):
    point = points_of(dossier, reviewer)[0].id
    answer = post(browser, dossier, "return", point=point, reason="缺经办人签字", version="99", sha256="old")
    assert answer.status_code == 409
    assert "缺经办人签字" in answer.content.decode()


def test_of_two_reviewers_on_one_item_one_wins_and_the_other_is_told(dossier, reviewer, browser):
    colleague = make_account("reviewer", full_name="钱审核")
    first, second = [point.id for point in points_of(dossier, reviewer)[:2]]
    seen = seen_on_page(browser, dossier)
    post(browser_of(colleague), dossier, "tick", point=first)
    answer = post(browser, dossier, "tick", point=second, **seen)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "刚由钱审核核过" in page
    assert "钱审核" in page.split('class="points"')[1], "the fresh state stands on the page"
    assert PointVerdict.objects.count() == 1


def test_a_new_version_voids_the_tick_and_stands_beside_the_old(browser, dossier, reviewer, school):
    clerk = make_account("clerk", institution=school)
    old = dossier.filings.get()
    point = points_of(dossier, reviewer)[0].id
    post(browser, dossier, "tick", point=point)
    post(browser, dossier, "return", reason="缺页", sheet="")
    course.return_dossier(dossier, by=reviewer)
    new = make_filing(dossier, ITEM, state="proposed")
    new = ledger.confirm(new, by=clerk, replaces=old)
    dossier.progress.refresh_from_db()
    dossier.progress.handed_in_at = timezone.now()
    Filing.objects.filter(pk=new.pk).update(handed_in_at=dossier.progress.handed_in_at)
    dossier.progress.state = "under_review"
    dossier.progress.save()
    page = browser.get(dossier.screen("review-item", ITEM)).content.decode()
    assert "材料换新后作废" in page
    assert "旧的那一页" in page
    assert str(old.places.get().sheet.uuid) in page
    assert str(new.places.get().sheet.uuid) in page


def test_a_returned_point_is_judged_afresh_once_its_paper_was_replaced(browser, dossier, reviewer, school):
    clerk = make_account("clerk", institution=school)
    old = dossier.filings.get()
    first = points_of(dossier, reviewer)[0].id
    post(browser, dossier, "return", point=first, common="缺机构盖章", sheet="")
    course.return_dossier(dossier, by=reviewer)
    new = ledger.confirm(make_filing(dossier, ITEM, state="proposed"), by=clerk, replaces=old)
    Filing.objects.filter(pk=new.pk).update(handed_in_at=timezone.now())
    Progress.objects.filter(dossier=dossier).update(state="under_review")
    point = points_of(dossier, reviewer)[0]
    assert point.given is None
    assert point.voided.verdict == PointVerdict.Verdict.RETURNED
    post(browser, dossier, "tick_item")
    assert dossier.items.get(item_id=ITEM).verdict == ItemRecord.Verdict.TICKED


def test_taking_the_replacement_back_puts_the_return_on_its_point_again(browser, dossier, reviewer, school):
    clerk = make_account("clerk", institution=school)
    old = dossier.filings.get()
    first = points_of(dossier, reviewer)[0].id
    post(browser, dossier, "return", point=first, common="缺机构盖章", sheet="")
    course.return_dossier(dossier, by=reviewer)
    new = ledger.confirm(make_filing(dossier, ITEM, state="proposed"), by=clerk, replaces=old)
    ledger.unfile(new, by=clerk)
    live = PointVerdict.objects.get(point_id=first, voided_at=None)
    assert live.verdict == PointVerdict.Verdict.RETURNED


def test_an_answered_return_leaves_its_point_open(browser, dossier, reviewer, school):
    clerk = make_account("clerk", institution=school)
    first = points_of(dossier, reviewer)[0].id
    post(browser, dossier, "return", point=first, common="缺机构盖章", sheet="")
    course.return_dossier(dossier, by=reviewer)
    ledger.answer_return(ReturnNote.objects.get(), by=clerk, reply="盖章在第二页右下角")
    assert points_of(dossier, reviewer)[0].given is None


def test_ticking_the_rest_of_an_item_with_an_open_return_does_not_call_it_ticked(browser, dossier, reviewer):
    first = points_of(dossier, reviewer)[0].id
    post(browser, dossier, "return", point=first, common="缺机构盖章", sheet="")
    answer = browser.post(
        dossier.screen("review-item", ITEM),
        {"do": "tick_item", **seen_on_page(browser, dossier)},
        follow=True,
    )
    assert "没有算作已核" in answer.content.decode()
    assert dossier.items.get(item_id=ITEM).verdict == ItemRecord.Verdict.RETURNED


def test_items_are_ticked_in_bulk_only_after_they_were_opened(browser, dossier):
    make_filing(dossier, "course_schedule")
    refused = browser.post(dossier.screen("review"), {"do": "tick_items", "item": [ITEM, "course_schedule"]})
    assert refused.status_code == 422
    assert "还没有打开看过" in refused.content.decode()
    browser.get(dossier.screen("review-item", ITEM))
    browser.get(dossier.screen("review-item", "course_schedule"))
    browser.post(dossier.screen("review"), {"do": "tick_items", "item": [ITEM, "course_schedule"]})
    assert dossier.items.filter(verdict=ItemRecord.Verdict.TICKED).count() == 2


def test_opening_before_the_papers_changed_does_not_count(browser, dossier):
    browser.get(dossier.screen("review-item", ITEM))
    make_filing(dossier, ITEM)
    answer = browser.post(dossier.screen("review"), {"do": "tick_items", "item": [ITEM]})
    assert answer.status_code == 409
    assert not dossier.items.filter(verdict=ItemRecord.Verdict.TICKED).exists()


def test_her_own_verdict_leaves_the_item_opened(browser, dossier, reviewer):
    post(browser, dossier, "tick", point=points_of(dossier, reviewer)[0].id)
    answer = browser.post(dossier.screen("review"), {"do": "tick_items", "item": [ITEM]})
    assert answer.status_code == 302
    assert dossier.items.get(item_id=ITEM).verdict == ItemRecord.Verdict.TICKED


def test_closing_lists_every_item_that_is_not_ticked(browser, dossier):
    page = browser.get(dossier.screen("review")).content.decode()
    assert "开班申请表 还没有核定" in page
    answer = browser.post(dossier.screen("review"), {"do": "complete"})
    assert answer.status_code == 422


def test_a_dossier_without_returns_is_not_sent_back(browser, dossier):
    answer = browser.post(dossier.screen("review"), {"do": "return_dossier"})
    assert answer.status_code == 422
    assert "还没有退回任何一件" in answer.content.decode()


def test_a_finance_reviewer_judges_only_what_carries_money(dossier):
    finance = make_account("finance_reviewer", full_name="孙财政")
    make_filing(dossier, "subsidy_application")
    browser = browser_of(finance)
    page = browser.get(dossier.screen("review-item", ITEM)).content.decode()
    assert 'value="tick"' not in page
    assert post(browser, dossier, "tick_item").status_code == 404
    assert post(browser, dossier, "tick_item", "subsidy_application").status_code == 302


def test_an_institution_has_no_review_screen(dossier, school):
    clerk = make_account("clerk", institution=school)
    assert browser_of(clerk).get(dossier.screen("review")).status_code == 404


def test_an_item_the_ledger_does_not_know_is_not_there(browser, dossier):
    assert browser.get(dossier.screen("review-item", "no-such-item")).status_code == 404


# What the system found ------------------------------------------------------------------------------------
def read(filing, **values):
    reading = PageReading.objects.create(
        sheet=filing.places.first().sheet, engine="null", kind="id_card_front"
    )
    for name, value in values.items():
        FieldReading.objects.create(
            reading=reading,
            name=name,
            value=FieldReading.sealed(value),
            value_index=FieldReading.index_of(name, value),
            confidence=0.9,
        )


def hints_of(dossier, reviewer, point_id):
    points = Review(dossier, reviewer, item_id=CARD).points
    return next(point for point in points if point.id == point_id).hints


def test_a_number_that_agrees_speaks_for_its_point_and_one_that_differs_against(dossier, reviewer):
    first, second = dossier.enrolments.all()
    read(make_filing(dossier, CARD, enrolment=first), id_number=first.person.id_number.reveal())
    other = make_filing(dossier, CARD, enrolment=second)
    read(other, id_number=first.person.id_number.reveal())
    hints = hints_of(dossier, reviewer, "number_matches_roster")
    assert {hint.kind for hint in hints} == {FOR, DOUBT, UNKNOWN}, "no name was read: that is told too"
    doubt = next(hint for hint in hints if hint.kind == DOUBT)
    assert second.name in doubt.text
    assert doubt.sheet == str(other.places.get().sheet.uuid)
    assert not any(first.person.id_number.reveal() in hint.text for hint in hints)


def test_a_card_that_runs_out_before_the_end_is_doubted(dossier, reviewer):
    first, second = dossier.enrolments.all()
    read(make_filing(dossier, CARD, enrolment=first), valid_until="2026-10-01")
    read(make_filing(dossier, CARD, enrolment=second), valid_until="20360101")
    kinds = [hint.kind for hint in hints_of(dossier, reviewer, "valid_in_training")]
    assert kinds == [DOUBT, FOR]


def test_who_is_missing_is_named_beside_everyone(dossier, reviewer):
    first, second = dossier.enrolments.all()
    make_filing(dossier, CARD, enrolment=first, kind="id_card_front")
    texts = [hint.text for hint in hints_of(dossier, reviewer, "everyone")]
    assert any("已收 1" in text for text in texts)
    assert any(second.name in text for text in texts)


def test_a_full_item_costs_as_many_queries_as_a_small_one(reviewer, school, django_assert_max_num_queries):
    client = browser_of(reviewer)
    counts = []
    for trainees in (2, 12):
        dossier = make_dossier(school, trainees=trainees, state="under_review")
        for trainee in dossier.enrolments.all():
            make_filing(dossier, CARD, enrolment=trainee)
        client.get(dossier.screen("review-item", CARD))
        with django_assert_max_num_queries(40) as held:
            client.get(dossier.screen("review-item", CARD))
        counts.append(len(held))
    assert counts[0] == counts[1]


def test_a_completed_dossier_is_opened_again_with_a_reason(reviewer, school):
    dossier = make_dossier(school, state="complete")
    browser = browser_of(reviewer)
    assert browser.get(dossier.screen("review")).context["may_reopen"]
    assert browser.post(dossier.screen("review"), {"do": "reopen", "reason": ""}).status_code == 422
    assert (
        browser.post(dossier.screen("review"), {"do": "reopen", "reason": "审计发现漏页"}).status_code == 302
    )
    assert Progress.objects.get(dossier=dossier).state == "open"
