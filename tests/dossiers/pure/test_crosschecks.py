"""One paper against the others: every check passes, fails and says that it does not know; nothing silent passes."""

from dataclasses import replace
from datetime import date

import pytest

from dossiers.crosschecks import OF_CLASS, OF_TRAINEE, Paper, findings
from dossiers.crosschecks.comparing import level_of, same_body, same_trade
from dossiers.numbering import mask
from tests.dossiers.pure.papers_of_a_class import (
    ANNA,
    BORIS,
    CLARA,
    LESSONS,
    PROGRAMME,
    RULES,
    STRANGER,
    TRAINEES,
    of_class,
    outcomes,
    paper,
)
from tests.dossiers.pure.papers_of_a_class import found as findings_of

CARD, FORM, CONTRACT = "identity_document_copy", "trainee_registration_form", "labour_contract_copy"
CERTIFICATE, PROOF, OPENING = "certificate_copy", "category_proof_copy", "class_opening_application"
OFF_BY_ONE = ANNA[:10] + ("1" if ANNA[10] != "1" else "2") + ANNA[11:]


def front(**fields) -> Paper:
    return paper("id_card_front", CARD, 1, **fields)


def back(**fields) -> Paper:
    return paper("id_card_back", CARD, 1, **fields)


def form(**fields) -> Paper:
    return paper("trainee_registration_form", FORM, 1, **fields)


def contract(**fields) -> Paper:
    return paper("labour_contract", CONTRACT, 1, **fields)


def certificate(trainee: int = 1, **fields) -> Paper:
    return paper("training_completion_certificate", CERTIFICATE, trainee, **fields)


def opening(**fields) -> Paper:
    return paper("class_opening_application", OPENING, **fields)


def spot_check(**fields) -> Paper:
    return paper("quality_spot_check_record", "quality_spot_check_record", **fields)


def subsidy(**fields) -> Paper:
    return paper("subsidy_application", "subsidy_application", **fields)


def test_every_check_of_the_table_has_its_function_and_every_function_its_line() -> None:
    assert set(RULES.crosschecks) == set(OF_TRAINEE) | set(OF_CLASS)
    assert not set(OF_TRAINEE) & set(OF_CLASS)


def test_nothing_is_said_of_papers_nobody_filed() -> None:
    assert findings(of_class(), RULES.crosschecks) == ()


CASES = [
    # check, papers that agree, that differ, that were not read
    ("card_number", [front(id_number=ANNA)], [front(id_number=BORIS)], [front(id_number=("", "missing"))]),
    (
        "card_number",
        [paper("social_security_card", CARD, 1, id_number=ANNA)],
        [front(id_number=OFF_BY_ONE)],
        [front()],
    ),
    ("card_name", [front(name="王 海燕")], [front(name="王海艳")], [front(name=("", "missing"))]),
    ("card_valid", [back(valid_until="2026-10-30")], [back(valid_until="2026-10-29")], [back()]),
    (
        "card_valid",
        [back(long_term="true")],
        [back(valid_until="2020-01-01")],
        [back(valid_until=("", "missing"))],
    ),
    ("form_number", [form(id_number=ANNA), front(id_number=ANNA)], [form(id_number=BORIS)], [form()]),
    ("form_name", [form(name="王海燕")], [form(name="王海艳")], [form(name=("", "missing"))]),
    ("form_sex", [form(sex="女")], [form(sex="男")], [form()]),
    (
        "form_sex",
        [form(sex="女"), front(sex="女")],
        [form(sex="女"), front(sex="男")],
        [form(sex=("", "missing"))],
    ),
    ("form_birth", [form(birth_year_month="1988-06")], [form(birth_year_month="1988-07")], [form()]),
    (
        "form_birth",
        [form(birth_date="1988-06-02")],
        [form(birth_date="1988-06-03")],
        [form(birth_date=("", "missing"))],
    ),
    ("form_category", [form(person_category="退役军人")], [form(person_category="残疾人")], [form()]),
    (
        "form_category",
        [form(person_category="disabled|veteran")],
        [form(person_category="disabled")],
        [form()],
    ),
    (
        "form_programme",
        [form(chosen_programme="中式烹调师", skill_level="五级（初级工）")],
        [form(chosen_programme="保育员")],
        [form()],
    ),
    (
        "form_programme",
        [form(chosen_programme="中式烹调师（五级）")],
        [form(chosen_programme="中式烹调师", skill_level="四级")],
        [form(chosen_programme=("", "missing"))],
    ),
    ("form_dated", [form(institution_date="2026-10-19")], [form(institution_date="2026-10-20")], [form()]),
    (
        "form_signed",
        [form(trainee_signature="true", photo="true", institution_seal="true")],
        [form(trainee_signature="false", photo="true", institution_seal="true")],
        [form(photo="true", institution_seal="true")],
    ),
    (
        "proof_person",
        [paper("veteran_certificate", PROOF, 1, name="王海燕", id_number=ANNA)],
        [paper("veteran_certificate", PROOF, 1, name="王海燕", id_number=BORIS)],
        [paper("veteran_certificate", PROOF, 1)],
    ),
    (
        "proof_dated",
        [paper("veteran_certificate", PROOF, 1, issued_on="2026-10-19")],
        [paper("veteran_certificate", PROOF, 1, issued_on="2026-10-21")],
        [paper("veteran_certificate", PROOF, 1, issued_on=("", "missing"))],
    ),
    (
        "employment_person",
        [paper("employment_proof", "employment_proof_copy", 1, name="王海燕")],
        [paper("employment_proof", "employment_proof_copy", 1, name="赵立新")],
        [paper("employment_proof", "employment_proof_copy", 1)],
    ),
    (
        "licence_holder",
        [paper("business_licence", "entrepreneurship_training_material", 1, name="王海燕")],
        [paper("business_licence", "entrepreneurship_training_material", 1, name="李国栋")],
        [paper("business_licence", "entrepreneurship_training_material", 1)],
    ),
    (
        "exam_person",
        [paper("final_exam_paper", "final_exam_paper", 1, name="王海燕")],
        [paper("final_exam_paper", "final_exam_paper", 1, name="李国栋")],
        [paper("final_exam_paper", "final_exam_paper", 1)],
    ),
    (
        "contract_person",
        [contract(employee="王海燕", id_number=ANNA)],
        [contract(employee="王海燕", id_number=BORIS)],
        [contract()],
    ),
    (
        "contract_employer",
        [contract(employer="北原食品有限公司")],
        [contract(employer="南山机械厂")],
        [contract()],
    ),
    (
        "contract_signed_before",
        [contract(signed_on="2026-10-19")],
        [contract(signed_on="2026-10-20")],
        [contract()],
    ),
    (
        "contract_term",
        [contract(start_on="2020-03-01", end_on="2021-02-28")],
        [contract(start_on="2020-03-01", end_on="2021-02-27")],
        [contract(start_on="2020-03-01")],
    ),
    (
        "contract_term",
        [contract(open_ended="true")],
        [contract(start_on="2026-01-01", end_on="2026-12-30")],
        [contract()],
    ),
    (
        "contract_signed",
        [contract(party_a_seal="true"), contract(party_b_signature="true")],
        [contract(party_a_seal="true", party_b_signature="false")],
        [contract(party_a_seal="true")],
    ),
    (
        "certificate_person",
        [certificate(name="王海燕", id_number=ANNA)],
        [certificate(name="王海燕", id_number=CLARA)],
        [certificate()],
    ),
    (
        "certificate_programme",
        [certificate(occupation="中式烹调师", skill_level="五级")],
        [certificate(occupation="美发师", skill_level="五级")],
        [certificate(skill_level=("", "missing"))],
    ),
    (
        "certificate_number",
        [certificate(certificate_no="JNPX120226000101", issued_on="2026-11-05")],
        [certificate(certificate_no="GQPX120226000101")],
        [certificate(certificate_no=("", "missing"))],
    ),
    (
        "certificate_number",
        [certificate(certificate_no="JNPX120226000101")],
        [certificate(certificate_no=("JNPX1202260001011", "malformed"))],
        [certificate()],
    ),
    (
        "certificate_unique",
        [certificate(certificate_no="JNPX120226000101")],
        [certificate(certificate_no="JNPX120226000101"), certificate(2, certificate_no="JNPX120226000101")],
        [certificate()],
    ),
    (
        "certificate_after_exam",
        [certificate(issued_on="2026-10-30")],
        [certificate(issued_on="2026-10-29")],
        [certificate()],
    ),
    (
        "agreement_before",
        [
            opening(application_date="2026-10-09"),
            paper("cooperation_agreement", "cooperation_agreement", signed_on="2026-10-09"),
        ],
        [
            opening(application_date="2026-10-09"),
            paper("cooperation_agreement", "cooperation_agreement", signed_on="2026-10-10"),
        ],
        [paper("cooperation_agreement", "cooperation_agreement", signed_on="2026-10-10")],
    ),
    ("opening_count", [opening(trainee_count="3")], [opening(trainee_count="30")], [opening()]),
    (
        "opening_approved",
        [opening(hr_approved_on="2026-10-19")],
        [opening(hr_approved_on="2026-10-20")],
        [opening()],
    ),
    (
        "check_dated",
        [spot_check(inspected_on="2026-10-19")],
        [spot_check(inspected_on="2026-11-02")],
        [spot_check()],
    ),
    (
        "check_lecturer",
        [spot_check(inspected_on="2026-10-19", lecturer_name="高远")],
        [spot_check(inspected_on="2026-10-19", lecturer_name="潘思远")],
        [spot_check(inspected_on="2026-10-21", lecturer_name="高远")],
    ),
    (
        "check_signed",
        [spot_check(inspector_signature="true", responsible_person_signature="true")],
        [spot_check(inspector_signature="true", responsible_person_signature="false")],
        [spot_check()],
    ),
]


SEALED = [
    ("agreement_sealed", "cooperation_agreement", ["party_a_seal", "party_b_seal"]),
    ("roster_sealed", "trainee_roster", ["institution_seal"]),
    ("scores_sealed", "score_sheet", ["institution_seal"]),
    ("subsidy_sealed", "subsidy_application", ["applicant_seal"]),
]


@pytest.mark.parametrize(("check", "kind", "seals"), SEALED)
def test_a_seal_on_one_page_of_a_paper_is_enough_and_none_on_any_is_told(check, kind, seals) -> None:
    bare = paper(kind, kind, **dict.fromkeys(seals, "false"))
    sealed = paper(kind, kind, **dict.fromkeys(seals, "true"))
    assert outcomes(check, bare, sealed) == ["pass"]
    assert outcomes(check, bare) == ["fail"]
    assert outcomes(check, paper(kind, kind)) == ["unknown"]


@pytest.mark.parametrize(
    ("check", "agree", "differ", "silent"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)]
)
def test_what_agrees_passes_what_differs_does_not_what_is_silent_is_unknown(
    check, agree, differ, silent
) -> None:
    breach = "fail" if RULES.crosschecks[check].severity == "block" else "warn"
    assert set(outcomes(check, *agree)) == {"pass"}
    assert breach in outcomes(check, *differ)
    assert outcomes(check, *silent)
    assert set(outcomes(check, *silent)) == {"unknown"}


@pytest.mark.parametrize("check", ["card_number", "card_name", "certificate_person", "form_number"])
def test_a_doubtful_reading_neither_passes_nor_fails(check: str) -> None:
    fields = {"name": ("王海燕", "suspect"), "id_number": (ANNA, "suspect")}
    papers = [front(**fields), form(**fields), certificate(**fields)]
    assert set(outcomes(check, *papers)) == {"warn"}


def test_a_breach_names_the_page_the_field_and_both_sides_with_masked_numbers() -> None:
    (finding,) = findings_of("card_number", front(id_number=BORIS))
    assert [place.name for place in finding.places] == ["id_number"]
    assert finding.trainee == 1
    text = str(finding.told)
    assert mask(BORIS) in text
    assert mask(ANNA) in text
    for number in (ANNA, BORIS):
        assert number not in text
        assert number not in repr(finding)
    assert finding.settle is not None


def test_a_chip_says_it_in_a_few_words_and_of_a_doubt_no_more_than_that() -> None:
    (doubtful,) = findings_of("card_number", front(id_number=(OFF_BY_ONE, "suspect")))
    assert str(doubtful.chip) == "身份证人像面证号读得有疑问"
    (finding,) = findings_of("opening_count", opening(trainee_count="30"))
    assert str(finding.chip) == "开班表 30 人，名册 3 人"


def test_who_has_left_the_class_is_not_asked_for_papers_but_was_counted_at_its_opening() -> None:
    people = (*TRAINEES[:2], replace(TRAINEES[2], withdrawn=True))
    gone = paper("id_card_front", CARD, 3, id_number=ANNA)
    assert outcomes("card_number", gone, trainees=people) == []
    assert outcomes("opening_count", opening(trainee_count="3"), trainees=people) == ["pass"]


# Pairs ----------------------------------------------------------------------------------------------------
def test_front_and_back_make_a_pair_and_a_social_security_card_stands_alone() -> None:
    assert outcomes("card_sides", front(name="王海燕"), back(valid_until="2030-01-01")) == ["pass"]
    (lacking,) = findings_of("card_sides", front(name="王海燕"))
    assert str(lacking.chip) == "缺身份证国徽面"
    (lacking,) = findings_of("card_sides", back(valid_until="2030-01-01"))
    assert str(lacking.chip) == "缺身份证人像面"
    assert outcomes("card_sides", paper("social_security_card", CARD, 1, name="王海燕")) == []


def test_form_and_card_that_part_are_told_apart_though_both_may_be_wrong() -> None:
    (finding,) = findings_of("form_number", form(id_number=ANNA), front(id_number=BORIS))
    assert finding.outcome == "fail"
    assert finding.told.params["against"] == "身份证"


def test_a_group_the_form_has_no_box_for_is_not_looked_for_on_it() -> None:
    people = (replace(TRAINEES[0], category="enterprise_employee"),)
    assert outcomes("form_category", form(person_category="veteran"), trainees=people) == []


def test_a_proof_must_prove_the_group_on_the_roster() -> None:
    assert outcomes("proof_category", paper("veteran_certificate", PROOF, 1, name="王海燕")) == ["pass"]
    (finding,) = findings_of("proof_category", paper("disability_certificate", PROOF, 1, name="王海燕"))
    assert str(finding.chip) == "证件是残疾证，名册为退役军人"
    assert outcomes("proof_category", paper("veteran_certificate", PROOF, 3, name="孙桂芳")) == ["unknown"]


def test_a_year_from_signing_to_the_first_lesson_is_asked_of_pre_job_training_alone() -> None:
    pre_job = replace(PROGRAMME, training_type="pre_job")
    old, fresh = contract(signed_on="2025-10-18"), contract(signed_on="2025-10-19")
    assert outcomes("contract_recent", old, programme=pre_job) == ["fail"]
    assert outcomes("contract_recent", fresh, programme=pre_job) == ["pass"]
    assert outcomes("contract_recent", old) == []


def test_a_contract_filed_as_proof_of_employment_is_judged_there() -> None:
    proof = paper("labour_contract", "employment_proof_copy", 1, name="李国栋")
    assert outcomes("employment_person", proof) == ["fail"]
    assert outcomes("contract_person", proof) == []


# Certificates ---------------------------------------------------------------------------------------------
def test_a_certificate_number_known_from_another_class_is_no_second_time_ours() -> None:
    papers = certificate(certificate_no="JNPX120226000101")
    (finding,) = findings_of("certificate_unique", papers, elsewhere={"JNPX120226000101": ("2025-003",)})
    assert str(finding.chip) == "证书编号 JNPX120226000101 又见于2025-003"


def test_two_pages_of_one_certificate_are_not_two_certificates() -> None:
    number = "JNPX120226000101"
    assert outcomes(
        "certificate_unique", certificate(certificate_no=number), certificate(certificate_no=number)
    ) == ["pass"]


def test_the_year_in_the_number_is_the_year_of_issue() -> None:
    assert outcomes(
        "certificate_number", certificate(certificate_no="JNPX120225000101", issued_on="2026-11-05")
    ) == ["fail"]


def test_a_certificate_is_not_older_than_the_exam_where_its_date_was_read() -> None:
    sheet = scores(exam_on="2026-11-02")
    assert outcomes("certificate_after_exam", sheet, certificate(issued_on="2026-11-01")) == ["fail"]
    assert outcomes("certificate_after_exam", sheet, certificate(issued_on="2026-11-02")) == ["pass"]


def scores(*changed: dict, **fields) -> Paper:
    rows = [
        {
            "seq": "1",
            "name": "王海燕",
            "id_number": ANNA,
            "theory_score": "87",
            "practice_score": "90",
            "result": "合格",
        },
        {
            "seq": "2",
            "name": "李国栋",
            "id_number": BORIS,
            "theory_score": "61",
            "practice_score": "77",
            "result": "合格",
        },
        {
            "seq": "3",
            "name": "孙桂芳",
            "id_number": CLARA,
            "theory_score": "41",
            "practice_score": "55",
            "result": "不合格",
        },
    ]
    for row, change in zip(rows, changed, strict=False):
        row |= change
    return paper("score_sheet", "score_sheet", rows=rows, **fields)


def test_who_passed_holds_a_certificate_and_who_failed_holds_none() -> None:
    sheet = scores()
    assert outcomes("passed_certified", sheet, certificate(1, name="王海燕")) == ["pass", "warn"]
    assert outcomes("certificate_of_passed", sheet, certificate(1)) == ["pass"]
    (given,) = findings_of("certificate_of_passed", sheet, certificate(3))
    assert (given.outcome, str(given.chip)) == ("fail", "有证书，成绩单为不合格")
    assert outcomes("certificate_of_passed", certificate(1)) == ["unknown"]


# The class's papers ---------------------------------------------------------------------------------------
def test_dates_and_lessons_of_the_application_are_the_timetables() -> None:
    right = opening(
        start_date="2026-10-19",
        end_date="2026-10-30",
        theory_lessons="4",
        practice_lessons="8",
        total_lessons="12",
    )
    assert set(outcomes("opening_dates", right)) == set(outcomes("opening_lessons", right)) == {"pass"}
    wrong = opening(
        start_date="2026-10-18",
        end_date="2026-10-30",
        theory_lessons="6",
        practice_lessons="8",
        total_lessons="12",
    )
    assert outcomes("opening_dates", wrong) == ["warn", "pass"]
    assert outcomes("opening_lessons", wrong) == ["fail", "fail", "pass"]
    assert set(outcomes("opening_lessons", right, lessons=())) == {"pass", "unknown"}


def test_everybody_who_teaches_stands_on_the_application() -> None:
    both = opening(rows=[{"lecturer_name": "高远"}, {"lecturer_name": "潘思远"}])
    one = opening(rows=[{"lecturer_name": "高远"}])
    assert outcomes("opening_lecturers", both) == ["pass"]
    (absent,) = findings_of("opening_lecturers", one)
    assert str(absent.chip) == "课程安排的教师 潘思远 不在开班表"
    assert outcomes("opening_lecturers", opening()) == ["unknown"]
    assert outcomes("opening_lecturers", one, lessons=()) == ["unknown"]


def test_the_application_names_the_classs_trade_and_level() -> None:
    assert set(
        outcomes(
            "opening_programme", opening(occupation_or_startup_category="中式烹调师", skill_level="五级")
        )
    ) == {"pass"}
    assert "warn" in outcomes("opening_programme", opening(occupation_or_startup_category="美发师"))


def test_the_application_bears_four_signatures_and_two_seals() -> None:
    marks = dict.fromkeys(
        (
            "institution_handler_signature",
            "institution_legal_rep_signature",
            "institution_seal",
            "hr_handler_signature",
            "hr_leader_signature",
            "hr_seal",
        ),
        "true",
    )
    assert outcomes("opening_signed", opening(**marks)) == ["pass"]
    (finding,) = findings_of("opening_signed", opening(**marks | {"hr_seal": "false"}))
    assert str(finding.chip) == "开班表没有看到人社部门盖章"
    assert outcomes("opening_signed", opening(**marks | {"hr_seal": ("true", "suspect")})) == ["unknown"]


def test_the_printed_schedule_adds_up_to_the_timetable() -> None:
    def schedule(*lessons: str) -> Paper:
        return paper("course_schedule", "course_schedule", rows=[{"lessons": one} for one in lessons])

    assert outcomes("schedule_lessons", schedule("4", "4", "4")) == ["pass"]
    assert outcomes("schedule_lessons", schedule("4", "4")) == ["warn"]
    assert outcomes("schedule_lessons", schedule("4", "x", "4")) == ["unknown"]
    assert outcomes("schedule_lessons", schedule()) == ["unknown"]


def test_every_topic_stands_in_a_lesson_plan() -> None:
    plan = paper("lesson_plan", "lesson_plan", text="第一课 食品安全\n第二课 刀 工\n第三课 热菜制作")
    assert outcomes("plan_covers", plan) == ["pass"]
    (absent,) = findings_of("plan_covers", paper("lesson_plan", "lesson_plan", text="食品安全 刀工"))
    assert absent.told.params["read"] == "热菜"
    assert outcomes("plan_covers", paper("lesson_plan", "lesson_plan")) == ["unknown"]


def test_a_spot_check_counts_no_more_than_were_approved() -> None:
    form_of = opening(trainee_count="30")
    assert outcomes(
        "check_count", form_of, spot_check(approved_trainee_count="30", present_trainee_count="28")
    ) == ["pass", "pass"]
    assert outcomes(
        "check_count", form_of, spot_check(approved_trainee_count="32", present_trainee_count="33")
    ) == ["warn", "warn"]
    assert outcomes("check_count", spot_check(approved_trainee_count="30", present_trainee_count="28")) == [
        "unknown",
        "pass",
    ]


def test_the_subsidy_is_applied_for_as_many_as_were_there_and_passed() -> None:
    assert outcomes("subsidy_counts", scores(), subsidy(enrolled_count="3", passed_count="2")) == [
        "pass",
        "pass",
    ]
    assert outcomes("subsidy_counts", scores(), subsidy(enrolled_count="4", passed_count="3")) == [
        "fail",
        "fail",
    ]
    assert outcomes("subsidy_counts", subsidy(enrolled_count="3", passed_count="2")) == ["pass", "unknown"]


# Lists ----------------------------------------------------------------------------------------------------
PEOPLE = [
    {"seq": "1", "name": "王海燕", "sex": "女", "id_number": ANNA},
    {"seq": "2", "name": "李国栋", "sex": "男", "id_number": BORIS},
    {"seq": "3", "name": "孙桂芳", "sex": "女", "id_number": CLARA},
]


def roster(rows=PEOPLE, filed: int = 0) -> Paper:
    return paper("trainee_roster", "trainee_roster", rows=rows, filed=filed)


LISTS = [
    ("roster_people", "trainee_roster"),
    ("scores_people", "score_sheet"),
    ("attendance_people", "attendance_record"),
]


@pytest.mark.parametrize(("check", "kind"), LISTS)
def test_a_list_and_the_roster_name_the_same_people(check: str, kind: str) -> None:
    assert outcomes(check, paper(kind, kind, rows=PEOPLE)) == ["pass"]
    (absent,) = findings_of(check, paper(kind, kind, rows=PEOPLE[:2]))
    assert (absent.trainee, absent.told.params["held"]) == (3, "没有此人")
    foreign = {"seq": "4", "name": "赵立新", "id_number": STRANGER}
    (more,) = findings_of(check, paper(kind, kind, rows=[*PEOPLE, foreign]))
    assert (more.trainee, more.who) == (None, "赵立新")
    assert [place.row for place in more.places] == [3, 3]
    assert outcomes(check, paper(kind, kind)) == ["unknown"]


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("payees_on_roster", "living_allowance_payment_list"),
        ("candidates_on_roster", "appraisal_filing_form"),
    ],
)
def test_nobody_is_paid_or_examined_who_is_not_on_the_roster(check: str, kind: str) -> None:
    assert outcomes(check, paper(kind, kind, rows=PEOPLE[:1])) == ["pass"]
    foreign = {"name": "赵立新", "id_number": STRANGER}
    assert outcomes(check, paper(kind, kind, rows=[foreign])) == ["fail"]


def test_a_line_without_number_is_known_by_a_name_only_one_bears() -> None:
    names = [{"seq": one["seq"], "name": one["name"]} for one in PEOPLE]
    sheet = paper("attendance_record", "attendance_record", rows=names)
    assert outcomes("attendance_people", sheet) == ["pass"]
    twins = (*TRAINEES, replace(TRAINEES[0], key=4, seq=4, id_number=STRANGER))
    found = findings_of("attendance_people", sheet, trainees=twins)
    assert {finding.outcome.value for finding in found} == {"warn"}


def test_a_number_off_by_a_digit_under_the_same_name_is_hers_and_differs() -> None:
    (finding,) = findings_of("roster_people", roster([{**PEOPLE[0], "id_number": OFF_BY_ONE}, *PEOPLE[1:]]))
    assert (finding.outcome, finding.trainee) == ("fail", 1)


def test_a_number_read_badly_is_told_and_its_line_is_still_known_by_name() -> None:
    worn = roster([{**PEOPLE[0], "id_number": (OFF_BY_ONE, "suspect")}, *PEOPLE[1:]])
    assert outcomes("roster_people", worn) == ["pass"]
    (finding,) = findings_of("roster_numbers", worn)
    assert (finding.outcome, finding.told.params["field"]) == ("fail", 1)
    assert OFF_BY_ONE not in str(finding.told)


def test_numbers_of_the_roster_are_sound_wrong_or_not_read() -> None:
    assert outcomes("roster_numbers", roster()) == ["pass"]
    assert outcomes("roster_numbers", roster([{**PEOPLE[0], "id_number": ("", "missing")}])) == ["unknown"]
    assert outcomes("roster_numbers", roster([])) == ["unknown"]


def test_nobody_stands_on_a_roster_twice_but_two_rosters_name_the_same_people() -> None:
    assert outcomes("roster_twice", roster([*PEOPLE, {**PEOPLE[0], "seq": "4"}])) == ["fail"]
    assert outcomes("roster_twice", roster(filed=1), roster(filed=2)) == ["pass", "pass"]


def test_the_later_roster_names_nobody_new() -> None:
    assert outcomes("roster_versions", roster()) == []
    assert outcomes("roster_versions", roster(filed=1), roster(PEOPLE[:2], filed=2)) == ["pass"]
    added = findings_of("roster_versions", roster(PEOPLE[:2], filed=1), roster(filed=2))
    assert [(finding.outcome.value, finding.trainee) for finding in added] == [("fail", 3)]


def test_a_roster_that_goes_on_another_page_is_one_roster_however_its_pages_were_filed() -> None:
    first, second = roster(PEOPLE[:2], filed=1), roster(PEOPLE[2:], filed=2)
    assert outcomes("roster_versions", first, second) == []
    unnumbered = roster([{"name": "孙桂芳", "id_number": CLARA}], filed=2)
    assert outcomes("roster_versions", first, unnumbered) == []
    again = roster([{"name": "王海燕", "id_number": ANNA}], filed=2)
    assert outcomes("roster_versions", first, again) == ["pass"]


def test_sex_on_the_roster_is_what_the_number_says() -> None:
    (finding,) = findings_of("roster_details", roster([{**PEOPLE[0], "sex": "男"}]))
    assert str(finding.chip) == "名册性别 男，证号为女"


def test_marks_and_results_agree() -> None:
    assert outcomes("scores_result", scores()) == []
    (low,) = findings_of("scores_result", scores({"theory_score": "59"}))
    assert str(low.chip) == "成绩单结果 合格，理论成绩 59"
    (other,) = findings_of("scores_result", scores({}, {"result": "不合格"}))
    assert (other.trainee, other.told.params["held"]) == (2, "合格")


def test_the_mark_on_the_paper_is_on_the_score_sheet() -> None:
    def exam(**fields) -> Paper:
        return paper("final_exam_paper", "final_exam_paper", 1, name="王海燕", **fields)

    assert outcomes("exam_score", scores(), exam(score="87")) == ["pass"]
    (finding,) = findings_of("exam_score", scores(), exam(score="78"))
    assert finding.outcome == "fail"
    assert outcomes("exam_score", scores(), exam()) == ["unknown"]
    assert outcomes("exam_score", exam(score="87")) == ["unknown"]


def test_payments_are_days_times_rate_and_go_to_different_accounts() -> None:
    def payments(*rows: dict) -> Paper:
        return paper("living_allowance_payment_list", "living_allowance_payment_list", rows=rows)

    right = {"days": "10", "rate": "30", "amount": "300", "bank_account": "6217000012345678"}
    assert outcomes("payees_amounts", payments(PEOPLE[0] | right)) == []
    (wrong,) = findings_of("payees_amounts", payments(PEOPLE[0] | right | {"amount": "330"}))
    assert str(wrong.chip) == "金额 330 元，标准与天数之积 300 元"
    (twice,) = findings_of("payees_accounts", payments(PEOPLE[0] | right, PEOPLE[1] | right))
    assert twice.trainee == 2
    assert "6217000012345678" not in str(twice.told)


# Spellings ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("printed", "level"),
    [
        ("五级（初级工）", "5"),
        ("初级工", "5"),
        ("高级技师", "1"),
        ("技师", "2"),
        ("高级工/三级", "3"),
        ("五级四级", None),
        ("优秀", None),
    ],
)
def test_a_level_is_known_by_either_of_its_names(printed: str, level: str | None) -> None:
    assert level_of(printed, PROGRAMME.levels) == level


def test_a_trade_and_a_firm_may_stand_among_other_words_but_not_be_another() -> None:
    assert same_trade("中式烹调师（五级）", "中式烹调师")
    assert same_trade("中式烹调师培训", "中式烹调师")
    assert not same_trade("西式烹调师", "中式烹调师")
    assert same_body("北原食品有限公司（样本县分厂）", "北原食品有限公司")
    assert not same_body("北原公司", "北原食品有限公司")


def test_the_first_lesson_is_the_timetables_before_it_is_the_plans() -> None:
    assert of_class().first_lesson_on == date(2026, 10, 19)
    assert of_class(lessons=LESSONS[1:]).first_lesson_on == date(2026, 10, 20)
    assert of_class(lessons=()).first_lesson_on == PROGRAMME.starts_on
