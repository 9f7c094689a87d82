"""Certificates, the class's own papers and its lists held against each other: what agrees, what does not."""

from dataclasses import replace
from datetime import date

import pytest

from dossiers.crosschecks import Paper
from dossiers.crosschecks.comparing import level_of, same_body, same_trade
from tests.dossiers.pure.papers_at_hand import OFF_BY_ONE, certificate, opening, scores, spot_check, subsidy
from tests.dossiers.pure.papers_of_a_class import (
    ANNA,
    BORIS,
    CLARA,
    LESSONS,
    PROGRAMME,
    STRANGER,
    TRAINEES,
    of_class,
    outcomes,
    paper,
)
from tests.dossiers.pure.papers_of_a_class import found as findings_of

CARD, FORM, CONTRACT = "identity_document_copy", "trainee_registration_form", "labour_contract_copy"
CERTIFICATE, PROOF, OPENING = "certificate_copy", "category_proof_copy", "class_opening_application"


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
