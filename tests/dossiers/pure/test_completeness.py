"""What is there, what is missing and for whom, item by item."""

import time
from datetime import date

import pytest

from dossiers.completeness import FiledFact, completeness, open_gaps, owes
from dossiers.ledgers import Status
from tests.dossiers.pure.builders import (
    enterprise_class,
    filed,
    item_of,
    key_group_class,
    rules,
    sessions,
    trainee,
    trainees,
)

CARD = "identity_document_copy"
CONTRACT = "labour_contract_copy"
VIDEO = "theory_video_and_site_photos"


@pytest.mark.parametrize(
    ("of_class", "numbered", "extras"), [(enterprise_class(), 14, 6), (key_group_class(), 17, 6)]
)
def test_items_come_in_the_articles_order_then_the_further_papers(of_class, numbered, extras):
    found = completeness(of_class, trainees(2), sessions())
    assert [item.item.seq for item in found] == [str(seq) for seq in range(1, numbered + 1)] + [None] * extras


def test_coverage_counts_people_and_names_who_is_missing():
    item = item_of(CARD, enterprise_class(), trainees(3), papers=[filed(CARD, 1), filed(CARD, 3)])
    assert (item.have, item.needed, item.unit, item.pages) == (2, 3, "人", 2)
    assert not item.complete
    assert item.blocks
    assert [str(gap.text) for gap in item.missing] == ["孙桂芳 身份证（社会保障卡）复印件：尚未收到"]
    assert (item.missing[0].trainee_key, item.missing[0].trainee_seq) == (2, 2)


def test_an_item_with_everybody_is_complete():
    item = item_of(CARD, enterprise_class(), trainees(2), papers=[filed(CARD, 1), filed(CARD, 2)])
    assert item.complete
    assert not item.blocks
    assert item.missing == ()


@pytest.mark.parametrize(
    ("kinds", "complete"),
    [
        (["id_card_front"], True),
        (["social_security_card"], True),
        (["id_card_front", "id_card_back"], True),
        (["id_card_back"], False),
        ([None], True),
        (["other"], True),
    ],
)
def test_either_card_answers_but_a_back_alone_does_not(kinds, complete):
    papers = [filed(CARD, 1, kind=kind) for kind in kinds]
    assert item_of(CARD, enterprise_class(), trainees(1), papers=papers).complete is complete


@pytest.mark.parametrize(
    ("papers", "missing"),
    [
        ([], ["first_page", "signature_page"]),
        ([{"part": "first_page"}], ["signature_page"]),
        ([{"part": "signature_page"}], ["first_page"]),
        ([{"part": "first_page"}, {"part": "signature_page"}], []),
        ([{"pages": 1, "kind": "labour_contract"}], ["signature_page"]),
        ([{"pages": 2, "kind": "labour_contract"}], []),
        ([{"pages": 1}, {"pages": 1}], []),
        ([{"pages": 1}, {"part": "first_page"}], []),
        ([{"part": "first_page"}, {"part": "first_page"}], ["signature_page"]),
    ],
)
def test_a_contract_needs_both_pages(papers, missing):
    given = [filed(CONTRACT, 1, **facts) for facts in papers]
    item = item_of(CONTRACT, enterprise_class(), trainees(1), papers=given)
    assert [gap.part for gap in item.missing] == missing
    assert (item.have, item.needed) == (int(not missing), 1)


def test_what_is_proposed_is_not_yet_there_and_is_said_to_wait():
    item = item_of(CARD, enterprise_class(), trainees(1), papers=[filed(CARD, 1, state="proposed")])
    assert (item.have, item.proposed) == (0, 1)
    assert item.missing[0].proposed
    assert "待确认" in str(item.missing[0].text)


def test_what_was_returned_is_missing_again_and_says_so():
    item = item_of(CARD, enterprise_class(), trainees(1), papers=[filed(CARD, 1, state="returned")])
    assert (item.have, item.returned, item.pages) == (0, 1, 0)
    assert item.missing[0].returned
    assert "退回待补" in str(item.missing[0].text)


def test_a_mended_paper_counts_although_the_returned_one_is_still_there():
    papers = [filed(CARD, 1, state="returned"), filed(CARD, 1)]
    assert item_of(CARD, enterprise_class(), trainees(1), papers=papers).complete


def test_who_left_the_class_is_not_in_the_denominator_but_is_listed():
    people = [trainee(1), trainee(2, withdrawn=True)]
    papers = [filed(CARD, 1)]
    found = completeness(enterprise_class(), people, filed=papers)
    item = item_of(CARD, enterprise_class(), people, papers=papers)
    assert (item.have, item.needed, item.withdrawn) == (1, 1, 1)
    last = owes(found, people)[-1]
    assert (last.name, last.withdrawn, last.papers) == ("孙桂芳", True, ())


def test_certificates_wait_for_the_result_and_are_not_asked_of_who_failed():
    people = [trainee(1), trainee(2, passed=False), trainee(3, passed=None)]
    item = item_of("certificate_copy", enterprise_class(), people, papers=[filed("certificate_copy", 1)])
    assert (item.status, item.have, item.needed) == (Status.REQUIRED, 1, 1)
    assert (item.excused, item.waiting) == (1, 1)
    assert item.complete
    assert str(item.why) == "1 人：待考核结果"


@pytest.mark.parametrize(
    ("passed", "status", "why"),
    [(None, Status.NOT_YET_DUE, "待考核结果"), (False, Status.NOT_APPLICABLE, "未合格，不适用")],
)
def test_without_anybody_to_ask_the_certificate_item_says_why(passed, status, why):
    item = item_of("certificate_copy", enterprise_class(), trainees(2, passed=passed))
    assert (item.status, str(item.why), item.needed, item.missing) == (status, why, 0, ())


def test_those_not_passed_are_counted_as_the_reason():
    people = [trainee(1), trainee(2, passed=False), trainee(3, passed=False)]
    assert str(item_of("certificate_copy", enterprise_class(), people).why) == "2 人：未合格，不适用"


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("application", Status.NOT_YET_DUE),
        ("examination", Status.NOT_YET_DUE),
        ("submission", Status.REQUIRED),
        ("archive", Status.REQUIRED),
    ],
)
def test_the_subsidy_application_is_due_when_papers_are_handed_in(stage, status):
    item = item_of("subsidy_application", enterprise_class(stage=stage), trainees(1))
    assert item.status == status
    assert bool(item.missing) == (status == Status.REQUIRED)
    assert status == Status.REQUIRED or str(item.why) == "到“报送”时应有"


def test_at_the_application_only_what_article_five_asks_for_is_due():
    found = completeness(enterprise_class(stage="application"), trainees(2), sessions())
    assert [item.item_id for item in found if item.status == Status.REQUIRED] == [
        "class_opening_application",
        "course_schedule",
        "lesson_plan",
        "trainee_roster",
    ]


def test_a_paper_that_comes_early_is_counted_before_it_is_due():
    item = item_of(
        "score_sheet", enterprise_class(stage="training"), trainees(1), papers=[filed("score_sheet", pages=2)]
    )
    assert (item.status, item.complete, item.pages) == (Status.NOT_YET_DUE, True, 2)


def test_the_agreement_is_asked_only_of_an_entrusted_class():
    own = item_of("cooperation_agreement", enterprise_class(delivery_mode="own"))
    entrusted = item_of("cooperation_agreement", enterprise_class(delivery_mode="entrusted"))
    assert (own.status, str(own.why), own.excused) == (Status.NOT_APPLICABLE, "本班未委托培训机构", 0)
    assert (entrusted.status, len(entrusted.missing)) == (Status.REQUIRED, 1)


def test_videos_are_counted_by_theory_session():
    papers = [FiledFact(VIDEO, "theory_lesson_video", session_key="s1", kind="recording", electronic=True)]
    item = item_of(VIDEO, enterprise_class(), trainees(1), sessions(theory=2, practice=1), papers)
    assert (item.have, item.needed, item.unit, item.pages) == (1, 2, "节", 0)
    assert [(gap.part, gap.session_key) for gap in item.missing] == [
        ("theory_lesson_video", "s2"),
        ("training_site_photo", None),
    ]
    assert "2026-10-21" in str(item.missing[0].text)


def test_three_photos_are_enough_however_they_were_filed():
    one_each = [FiledFact(VIDEO, kind="site_photo") for _ in range(3)]
    together = [FiledFact(VIDEO, "training_site_photo", kind="site_photo", pages=3)]
    too_few = [FiledFact(VIDEO, kind="site_photo", pages=2)]
    no_theory = enterprise_class(theory_lessons=0)
    for papers, complete in ((one_each, True), (together, True), (too_few, False)):
        item = item_of(VIDEO, no_theory, trainees(1), (), papers)
        assert item.complete is complete
        assert (item.needed, item.unit) == (3, "张")


def test_a_recording_that_is_of_no_session_covers_none():
    papers = [FiledFact(VIDEO, kind="recording", electronic=True)]
    assert item_of(VIDEO, enterprise_class(), trainees(1), sessions(1, 0), papers).have == 0


def test_a_lesson_still_to_come_is_not_missed():
    of_class = enterprise_class(stage="training", today=date(2026, 10, 20))
    item = item_of(VIDEO, of_class, trainees(1), sessions(theory=3, practice=0))
    assert item.needed == 1
    assert [gap.session_key for gap in item.missing] == ["s1", None]


def test_theory_without_a_timetable_is_missing_because_of_the_timetable():
    item = item_of(VIDEO, enterprise_class(), trainees(1), ())
    assert "尚未录入课次" in str(item.missing[0].text)
    assert not item.complete


def test_without_a_roster_trainee_papers_are_missing_because_of_the_roster():
    item = item_of(CARD, enterprise_class(), ())
    assert "名册" in str(item.missing[0].text)
    assert item.blocks
    assert (item.have, item.needed) == (0, 0)


def test_where_everybody_left_nothing_is_asked_of_anybody():
    item = item_of(CARD, enterprise_class(), [trainee(1, withdrawn=True)])
    assert (item.status, str(item.why), item.missing) == (Status.NOT_APPLICABLE, "学员均已退学", ())


def test_without_a_roster_an_item_that_does_not_apply_still_does_not():
    assert item_of("entrepreneurship_training_material", key_group_class()).status == Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("category", "part"),
    [
        ("poor_labourer", "recognition_form_copy"),
        ("employment_difficulty", "recognition_form_copy"),
        ("zero_employment_family", "recognition_form_copy"),
        ("junior_senior_graduate_not_continuing", "school_graduation_certificate_copy"),
        ("laid_off_unemployed", "unemployment_certificate_copy"),
        ("veteran", "veteran_certificate_copy"),
        ("disabled", "disability_certificate_copy"),
        ("graduating_year_college_student", "graduate_proof_copy"),
    ],
)
def test_item_17_asks_one_proof_by_category(category, part):
    item = item_of("category_proof_copy", key_group_class(), [trainee(1, person_category=category)])
    assert [gap.part for gap in item.missing] == [part]


@pytest.mark.parametrize(
    "category",
    [
        "poor_family_child",
        "rural_transfer_worker",
        "transferred_worker",
        "prisoner_within_one_year",
        "drug_rehab",
        "part_time_technical_student",
    ],
)
def test_item_17_asks_nothing_of_a_category_the_article_does_not_list(category):
    item = item_of("category_proof_copy", key_group_class(), [trainee(1, person_category=category)])
    assert (item.status, item.missing) == (Status.NOT_APPLICABLE, ())


def test_every_person_category_is_listed_by_item_17_or_asked_nothing():
    for category in rules().person_categories:
        people = [trainee(1, person_category=category.id)]
        assert len(item_of("category_proof_copy", key_group_class(), people).missing) <= 1


@pytest.mark.parametrize(
    ("kind", "part", "complete"),
    [
        ("veteran_certificate", None, True),
        ("veteran_certificate", "veteran_certificate_copy", True),
        ("disability_certificate", None, False),
        ("disability_certificate", "disability_certificate_copy", False),
        (None, None, True),
    ],
)
def test_the_proof_of_another_category_does_not_answer(kind, part, complete):
    papers = [filed("category_proof_copy", 1, kind=kind, part=part)]
    people = [trainee(1, person_category="veteran")]
    assert item_of("category_proof_copy", key_group_class(), people, papers=papers).complete is complete


def test_employment_proof_is_asked_of_the_employed_and_never_blocks():
    people = [trainee(1, employed_after_training=True), trainee(2, employed_after_training=False), trainee(3)]
    item = item_of("employment_proof_copy", key_group_class(), people)
    assert (item.needed, item.excused, item.waiting) == (1, 1, 1)
    assert item.missing
    assert not item.blocks


def test_a_spot_check_record_is_expected_once_and_more_are_welcome():
    item = item_of("quality_spot_check_record", key_group_class(), trainees(1))
    assert (item.needed, item.unit, item.blocks) == (1, "次", False)
    papers = [filed("quality_spot_check_record"), filed("quality_spot_check_record")]
    again = item_of("quality_spot_check_record", key_group_class(), trainees(1), papers=papers)
    assert (again.have, again.pages, again.complete) == (1, 2, True)


def test_an_optional_paper_is_never_missing():
    item = item_of("training_outline", enterprise_class())
    assert (item.status, item.missing, item.blocks) == (Status.OPTIONAL, (), False)


def test_who_paid_in_advance_owes_a_form_of_his_own():
    people = [trainee(1, self_paid=True), trainee(2)]
    papers = [filed("subsidy_application", part="training_body_form")]
    item = item_of("subsidy_application", key_group_class(), people, papers=papers)
    assert [(gap.part, gap.trainee_key) for gap in item.missing] == [("individual_form", 1)]
    assert (item.have, item.needed, item.complete) == (1, 1, False)
    more = [*papers, filed("subsidy_application", 1, kind="subsidy_application")]
    assert item_of("subsidy_application", key_group_class(), people, papers=more).complete


def test_an_entrepreneur_owes_what_fits_his_case():
    of_class = key_group_class(training_type="entrepreneurship", startup_category="start_enterprise")
    people = [
        trainee(1, has_started_business=True),
        trainee(2, has_started_business=False, passed=False),
        trainee(3, has_started_business=None, passed=None),
    ]
    item = item_of("entrepreneurship_training_material", of_class, people)
    assert [(gap.trainee_key, gap.part) for gap in item.missing] == [
        (1, "business_licence_copy"),
        (1, "entrepreneurship_certificate_copy"),
        (1, "business_plan"),
        (2, "business_plan"),
        (3, "business_plan"),
    ]


def test_parts_with_a_later_stage_are_not_missed_before_it():
    of_class = key_group_class(
        training_type="entrepreneurship", startup_category="improve_enterprise", stage="examination"
    )
    item = item_of("entrepreneurship_training_material", of_class, [trainee(1, has_started_business=True)])
    assert [gap.part for gap in item.missing] == ["improvement_plan"]
    assert not item.complete


def test_invoice_or_receipt_either_will_do():
    for kind in ("invoice", "fiscal_receipt"):
        papers = [filed("receipt_or_invoice", kind=kind)]
        assert item_of("receipt_or_invoice", key_group_class(), papers=papers).complete


def test_the_class_owes_first_then_trainees_by_the_roster():
    found = completeness(enterprise_class(), [trainee(2), trainee(1)], sessions())
    rows = owes(found)
    assert [(row.trainee_key, row.name) for row in rows] == [(None, ""), (1, "李国栋"), (2, "孙桂芳")]
    assert {gap.item_id for gap in rows[1].papers} == {
        "trainee_registration_form",
        CARD,
        CONTRACT,
        "certificate_copy",
        "final_exam_paper",
    }


def test_open_gaps_are_what_keeps_a_dossier_from_being_handed_in():
    found = completeness(key_group_class(), [trainee(1, employed_after_training=True)], sessions())
    blocking = {gap.item_id for gap in open_gaps(found)}
    assert "final_exam_paper" in blocking
    assert not blocking & {"employment_proof_copy", "quality_spot_check_record", "training_outline"}


def test_filings_of_unknown_items_or_strangers_change_nothing():
    papers = [filed("no_such_item"), filed(CARD, 99)]
    item = item_of(CARD, enterprise_class(), trainees(1), papers=papers)
    assert (item.have, item.needed) == (0, 1)


def test_thirty_trainees_are_counted_in_a_blink_and_three_hundred_in_ten():
    def seconds(count):
        people = trainees(count, person_category="veteran", employed_after_training=True)
        ledger = key_group_class().ledger
        papers = [filed(item.id, person.key) for person in people for item in ledger]
        started = time.perf_counter()
        completeness(key_group_class(), people, sessions(40, 40), papers)
        return time.perf_counter() - started

    seconds(30)
    small = min(seconds(30) for _ in range(3))
    assert small < 0.5
    assert min(seconds(300) for _ in range(3)) < 40 * small
