"""A dossier's own course, from opening to completion, through the actions alone."""

from datetime import date

import pytest

from dossiers.actions import course, ledger, people, review
from dossiers.exceptions import MoveRefused, NotAllowed, NotReady, NumberError, Overtaken, ReasonMissing
from dossiers.history import breaks
from dossiers.models import DossierPage, HistoryEntry, ItemRecord
from dossiers.permissions import current_filings, visible_dossiers, visible_sheets
from dossiers.standing import Standing
from tests import factories

pytestmark = pytest.mark.django_db


def plan(**given) -> course.ClassPlan:
    facts = {
        "class_no": "2026-014",
        "ledger_id": "enterprise_14",
        "training_type": "skill_upgrade",
        "occupation": "中式烹调师",
        "skill_level": "5",
        "planned_trainees": 2,
        "theory_lessons": 32,
        "practice_lessons": 48,
        "starts_on": date(2026, 10, 19),
    } | given
    return course.ClassPlan(**facts)


def seen(dossier: DossierPage, by, item_id: str) -> review.Seen:
    item = Standing(DossierPage.objects.get(pk=dossier.pk), by).item(item_id)
    return review.Seen(item_id, item.record.version, item.sha256)


@pytest.fixture
def school():
    return factories.make_institution()


@pytest.fixture
def clerk(school):
    return factories.make_account("clerk", institution=school)


@pytest.fixture
def reviewer():
    return factories.make_account("reviewer", county=factories.make_county(), full_name="高峻")


def test_opening_a_class_keeps_the_ruleset_and_starts_its_log(school, clerk):
    dossier = course.open_class(school, plan(), by=clerk)
    assert dossier.ruleset_id == "suihua_2019"
    assert dossier.get_parent().specific == school
    assert [entry.action for entry in dossier.history.all()] == ["open"]


def test_a_class_number_is_taken_once_a_body(school, clerk):
    course.open_class(school, plan(), by=clerk)
    with pytest.raises(Overtaken, match="2026-014"):
        course.open_class(school, plan(), by=clerk)


def test_an_archivist_opens_no_class(school):
    with pytest.raises(NotAllowed):
        course.open_class(
            school, plan(), by=factories.make_account("institution_archivist", institution=school)
        )


def test_an_entrusted_class_is_seen_by_both_bodies_and_kept_by_one(school):
    firm = factories.make_institution("云杉里餐饮", kind="enterprise")
    owner = factories.make_account("clerk", institution=firm)
    teacher = factories.make_account("homeroom_teacher", institution=school)
    dossier = course.open_class(firm, plan(partner=school), by=owner)
    assert dossier.delivery_mode == "entrusted"
    assert dossier.custodian == school
    assert visible_dossiers(owner).get() == visible_dossiers(teacher).get() == dossier
    upload = factories.make_upload(dossier, by=owner)
    with pytest.raises(NotAllowed):
        ledger.file_sheets(dossier, upload.sheets.all(), by=owner, item_id="lesson_plan")
    ledger.file_sheets(dossier, upload.sheets.all(), by=teacher, item_id="lesson_plan")


def test_handing_in_refuses_once_with_everything_that_is_missing(school, clerk):
    dossier = factories.make_dossier(school, trainees=2)
    with pytest.raises(NotReady) as refused:
        course.hand_in(dossier, by=clerk)
    assert len(refused.value.reasons) > 10
    assert any("王海燕" in str(reason) for reason in refused.value.reasons)


def test_the_bureau_sees_a_dossier_from_hand_in_on(school, clerk, reviewer):
    dossier = factories.make_dossier(school, trainees=1)
    factories.file_everything(dossier)
    dossier.enrolments.update(passed=True)
    assert not visible_dossiers(reviewer).exists()
    course.hand_in(dossier, by=clerk)
    assert visible_dossiers(reviewer).get() == dossier
    assert dossier.filings.filter(handed_in_at=None).count() == 0


def test_what_is_handed_in_cannot_be_changed(school, clerk):
    dossier = factories.make_dossier(school, state="handed_in")
    upload = factories.make_upload(dossier)
    with pytest.raises(MoveRefused):
        ledger.file_sheets(dossier, upload.sheets.all(), by=clerk, item_id="lesson_plan")


def reviewed(school, reviewer):
    dossier = factories.make_dossier(school, trainees=1, state="handed_in")
    factories.file_everything(dossier)
    course.start_review(dossier, by=reviewer)
    return dossier


def test_an_item_is_done_when_its_points_are_ticked_or_excused(school, reviewer):
    dossier = reviewed(school, reviewer)
    points = Standing(dossier, reviewer).item("score_sheet").item.review
    for point in points[:-1]:
        review.tick_point(dossier, seen(dossier, reviewer, "score_sheet"), point.id, by=reviewer)
        assert dossier.items.get(item_id="score_sheet").verdict == "none"
    with pytest.raises(ReasonMissing):
        review.excuse_point(
            dossier, seen(dossier, reviewer, "score_sheet"), points[-1].id, by=reviewer, reason=" "
        )
    review.excuse_point(
        dossier, seen(dossier, reviewer, "score_sheet"), points[-1].id, by=reviewer, reason="旧表"
    )
    assert dossier.items.get(item_id="score_sheet").verdict == "ticked"


def test_of_two_reviewers_on_one_item_one_wins_and_the_other_is_told(school, reviewer):
    dossier = reviewed(school, reviewer)
    colleague = factories.make_account("reviewer", county=factories.make_county(), full_name="周岚")
    same = seen(dossier, reviewer, "score_sheet")
    review.tick_items(dossier, [same], by=reviewer)
    with pytest.raises(Overtaken, match="高峻"):
        review.return_item(dossier, same, by=colleague, reason="第 2 页缺阅卷人签字")
    assert dossier.items.get(item_id="score_sheet").verdict == "ticked"


def test_ticking_in_bulk_is_all_or_none(school, reviewer):
    dossier = reviewed(school, reviewer)
    good, stale = seen(dossier, reviewer, "score_sheet"), seen(dossier, reviewer, "lesson_plan")
    stale = review.Seen(stale.item_id, stale.version + 1, stale.sha256)
    with pytest.raises(Overtaken):
        review.tick_items(dossier, [good, stale], by=reviewer)
    assert set(dossier.items.values_list("verdict", flat=True)) == {"none"}


def test_a_return_is_mended_and_handed_in_again_and_voids_the_old_verdict(school, clerk, reviewer):
    dossier = reviewed(school, reviewer)
    old = dossier.filings.get(item_id="score_sheet")
    review.tick_items(dossier, [seen(dossier, reviewer, "lesson_plan")], by=reviewer)
    note = review.return_item(
        dossier, seen(dossier, reviewer, "score_sheet"), by=reviewer, reason="缺阅卷人签字", filing=old
    )
    course.return_dossier(dossier, by=reviewer)
    with pytest.raises(NotReady, match="缺阅卷人签字"):
        course.hand_in(dossier, by=clerk)

    fresh = factories.make_upload(dossier, by=clerk)
    new = ledger.file_sheets(dossier, fresh.sheets.all(), by=clerk, item_id="score_sheet", replaces=old)
    note.refresh_from_db()
    assert note.settled_by_filing == new
    assert [filing.pk for filing in Standing(dossier, reviewer).item("score_sheet").filings] == [old.pk]

    dossier.enrolments.update(passed=True)
    course.hand_in(dossier, by=clerk)
    standing = Standing(DossierPage.objects.get(pk=dossier.pk), reviewer)
    assert [filing.pk for filing in standing.item("score_sheet").filings] == [new.pk]
    assert standing.item("lesson_plan").state == "ticked"
    assert standing.item("score_sheet").state == "submitted"


def test_no_verdict_survives_a_changed_byte(school, clerk, reviewer):
    dossier = reviewed(school, reviewer)
    review.tick_items(dossier, [seen(dossier, reviewer, "lesson_plan")], by=reviewer)
    review.return_item(dossier, seen(dossier, reviewer, "score_sheet"), by=reviewer, reason="缺签字")
    course.return_dossier(dossier, by=reviewer)
    extra = factories.make_upload(dossier, by=clerk)
    ledger.file_sheets(dossier, extra.sheets.all(), by=clerk, item_id="lesson_plan")
    record = dossier.items.get(item_id="lesson_plan")
    assert record.verdict == "none" and record.voided_at
    assert record.points.filter(voided_at=None).count() == 0
    assert record.points.exclude(voided_at=None).exists()


def test_completion_waits_for_every_due_item(school, reviewer):
    dossier = reviewed(school, reviewer)
    dossier.enrolments.update(passed=True)
    with pytest.raises(NotReady, match="成绩单"):
        course.complete(dossier, by=reviewer)
    standing = Standing(dossier, reviewer)
    due = [item.item.id for item in standing.items if course.must_be_ticked(item)]
    review.tick_items(dossier, [seen(dossier, reviewer, item_id) for item_id in due], by=reviewer)
    course.complete(dossier, by=reviewer)
    assert DossierPage.objects.get(pk=dossier.pk).progress.state == "complete"


def test_a_completed_dossier_is_opened_again_for_a_reason_that_is_logged(school, clerk, reviewer):
    dossier = factories.make_dossier(school, state="complete")
    with pytest.raises(ReasonMissing):
        course.reopen(dossier, by=reviewer, reason=" ")
    with pytest.raises(NotAllowed):
        course.reopen(dossier, by=clerk, reason="漏了一页")
    course.reopen(dossier, by=reviewer, reason="审计发现漏了一页")
    assert DossierPage.objects.get(pk=dossier.pk).progress.state == "open"
    assert dossier.history.last().facts == {"reason": "审计发现漏了一页"}


def test_a_finance_reviewer_judges_money_alone(school, reviewer):
    dossier = reviewed(school, reviewer)
    finance = factories.make_account("finance_reviewer", county=factories.make_county())
    review.tick_items(dossier, [seen(dossier, finance, "subsidy_application")], by=finance)
    with pytest.raises(NotAllowed):
        review.tick_items(dossier, [seen(dossier, finance, "score_sheet")], by=finance)


def test_the_chain_breaks_where_an_entry_is_changed_cut_or_removed(school, reviewer):
    dossier = reviewed(school, reviewer)
    review.tick_items(dossier, [seen(dossier, reviewer, "lesson_plan")], by=reviewer)
    review.tick_items(dossier, [seen(dossier, reviewer, "score_sheet")], by=reviewer)
    entries = list(dossier.history.all())
    progress = DossierPage.objects.get(pk=dossier.pk).progress
    assert breaks(dossier, entries, progress) == []
    assert breaks(dossier, entries[:-1], progress)
    assert breaks(dossier, entries[1:], progress)
    assert breaks(dossier, [entries[1], entries[0], *entries[2:]], progress)
    HistoryEntry.objects.filter(pk=entries[1].pk).update(facts={"items": {}})
    assert breaks(dossier, dossier.history.all(), progress) == [entries[1].seq]


def test_enrolling_refuses_a_number_that_fails_its_check(school, clerk):

    dossier = factories.make_dossier(school)
    good = factories.make_id_number()
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    with pytest.raises(NumberError) as refused:
        people.enrol(dossier, [people.Trainee("王海燕", good), people.Trainee("赵立新", wrong)], by=clerk)
    assert wrong not in str(refused.value)
    assert dossier.enrolments.count() == 0


def test_one_person_in_two_classes_is_one_person_with_two_enrolments(school, clerk):
    number = factories.make_id_number()
    first, second = factories.make_dossier(school), factories.make_dossier(school)
    people.enrol(first, [people.Trainee("王海燕", number)], by=clerk)
    people.enrol(second, [people.Trainee("王海燕", number)], by=clerk)
    assert first.enrolments.get().person == second.enrolments.get().person
    assert number not in repr(first.enrolments.get().person.id_number)
    assert first.enrolments.get().sex == ("男" if int(number[16]) % 2 else "女")


def test_every_item_record_is_made_once_at_hand_in(school, clerk):
    dossier = factories.make_dossier(school, trainees=1)
    factories.file_everything(dossier)
    dossier.enrolments.update(passed=True)
    course.hand_in(dossier, by=clerk)
    course.take_back(dossier, by=clerk)
    course.hand_in(dossier, by=clerk)
    assert ItemRecord.objects.filter(dossier=dossier).count() == len(list(Standing(dossier, clerk).ledger))


def test_a_hand_in_taken_back_leaves_nothing_before_the_bureau(school, clerk, reviewer):
    dossier = factories.make_dossier(school, trainees=1)
    factories.file_everything(dossier)
    dossier.enrolments.update(passed=True)
    course.hand_in(dossier, by=clerk)
    sheet = dossier.sheets.first()
    assert visible_sheets(reviewer).filter(pk=sheet.pk).exists()

    course.take_back(dossier, by=clerk)

    assert not visible_dossiers(reviewer).exists()
    assert not visible_sheets(reviewer).exists()
    assert not dossier.filings.exclude(handed_in_at=None).exists()


def test_a_second_hand_in_taken_back_shows_the_first_again(school, clerk, reviewer):
    dossier = factories.make_dossier(school, trainees=1, state="returned")
    factories.file_everything(dossier)
    dossier.enrolments.update(passed=True)
    old = dossier.filings.get(item_id="lesson_plan")
    first_time = dossier.progress.handed_in_at
    new = ledger.file_sheets(
        dossier, factories.make_upload(dossier).sheets.all(), by=clerk, item_id="lesson_plan", replaces=old
    )
    course.hand_in(dossier, by=clerk)
    assert set(current_filings(reviewer, dossier).filter(item_id="lesson_plan")) == {new}

    course.take_back(dossier, by=clerk)

    assert set(current_filings(reviewer, dossier).filter(item_id="lesson_plan")) == {old}
    assert visible_dossiers(reviewer).get().progress.handed_in_at == first_time


def test_a_reason_keeps_no_id_number_and_is_refused_rather_than_cut(school, clerk, reviewer):
    dossier = reviewed(school, reviewer)
    number = factories.make_id_number()
    at = seen(dossier, reviewer, "lesson_plan")
    with pytest.raises(NotReady, match="最多 300 字"):
        review.return_item(dossier, at, by=reviewer, reason="长" * 301)
    with pytest.raises(NotReady, match="最多 300 字"):
        review.return_item(dossier, at, by=reviewer, reason="缺页", remedy="长" * 301)

    note = review.return_item(dossier, at, by=reviewer, reason=f"{number} 的页不清", remedy=f"换 {number}")

    assert number not in note.reason + note.remedy
    assert number not in str(list(HistoryEntry.objects.values_list("facts", flat=True)))
    course.return_dossier(dossier, by=reviewer)
    with pytest.raises(NotReady, match="最多 300 字"):
        ledger.answer_return(note, by=clerk, reply="长" * 301)
    ledger.answer_return(note, by=clerk, reply=f"已换 {number}")
    note.refresh_from_db()
    assert number not in note.reply


def test_a_return_is_answered_once(school, clerk, reviewer):
    dossier = reviewed(school, reviewer)
    note = review.return_item(dossier, seen(dossier, reviewer, "lesson_plan"), by=reviewer, reason="缺页")
    course.return_dossier(dossier, by=reviewer)
    ledger.answer_return(note, by=clerk, reply="无此页")
    with pytest.raises(Overtaken):
        ledger.answer_return(note, by=clerk, reply="另一个说法")
    note.refresh_from_db()
    assert note.reply == "无此页"


def test_no_review_closes_on_a_tick_given_on_other_bytes(school, reviewer):
    dossier = reviewed(school, reviewer)
    item = Standing(dossier, reviewer).item("lesson_plan")
    review.tick_items(dossier, [seen(dossier, reviewer, "lesson_plan")], by=reviewer)
    before = course.completion_obstacles(Standing(dossier, reviewer))
    assert not any(item.item.short_name in str(one) for one in before)

    dossier.filings.filter(item_id="lesson_plan").update(sha256="0" * 64)

    after = course.completion_obstacles(Standing(dossier, reviewer))
    assert any(item.item.short_name in str(one) for one in after)


def test_the_other_body_takes_back_its_own_files_only(school, clerk):
    enterprise = factories.make_institution("北原机械厂", kind="enterprise")
    dossier = factories.make_dossier(enterprise, trainer=school, custodian=school)
    partner = factories.make_account("clerk", institution=enterprise)
    keepers, its_own = (
        factories.make_upload(dossier, by=clerk),
        factories.make_upload(dossier, by=partner),
    )
    with pytest.raises(NotReady, match="由上传单位或保管单位撤回"):
        ledger.withdraw_upload(keepers, by=partner)
    ledger.withdraw_upload(its_own, by=partner)
    ledger.withdraw_upload(keepers, by=clerk)


def test_no_sheet_of_another_class_is_filed_here(school, clerk):
    dossier, other = factories.make_dossier(school), factories.make_dossier(school)
    sheets = list(factories.make_upload(other).sheets.all())
    with pytest.raises(NotAllowed):
        ledger.file_sheets(dossier, sheets, by=clerk, item_id="lesson_plan")
    old = factories.make_filing(other, "lesson_plan")
    with pytest.raises(NotReady):
        ledger.file_sheets(
            dossier,
            factories.make_upload(dossier).sheets.all(),
            by=clerk,
            item_id="lesson_plan",
            replaces=old,
        )
