"""The table of the rules, and the rules about days, each at its boundary."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.calendar import announced
from dossiers.rules import CHECKS, Outcome, evaluate
from tests.dossiers.pure.rule_cases import RULES, case, found, institution, outcome, session, trainee


# The table ------------------------------------------------------------------------------------------------
def test_every_rule_of_the_table_is_judged_by_a_function_that_exists() -> None:
    assert len(RULES.rules) == 50
    assert {rule.check for rule in RULES.rules.values()} <= set(CHECKS)


def test_no_function_lies_idle() -> None:
    assert set(CHECKS) == {rule.check for rule in RULES.rules.values()}


def test_a_case_of_which_nothing_is_known_passes_no_rule() -> None:
    for of in (
        case(),
        institution(),
        case(training_type="pre_job"),
        institution(training_type="entrepreneurship"),
    ):
        assert [finding.rule for finding in evaluate(of, RULES) if finding.outcome == Outcome.PASS] == []


def test_every_finding_that_wants_a_hand_says_what_would_settle_it() -> None:
    for finding in evaluate(institution(trainees=(trainee(),), sessions=(session(),)), RULES):
        if finding.outcome in (Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN):
            assert finding.settle is not None and str(finding.settle)


def test_every_finding_carries_clause_and_words_of_the_regulation() -> None:
    assert all(finding.clause and finding.quote for finding in evaluate(case(), RULES))


# Days -----------------------------------------------------------------------------------------------------
def test_r01_five_working_days_before_the_first_lesson_pass_and_four_fail() -> None:
    lesson = date(2026, 11, 23)
    latest = announced().latest_before(lesson, 5).on
    assert outcome("R01", case(submitted_on=latest, first_lesson_on=lesson)) == Outcome.PASS
    late = found("R01", case(submitted_on=latest + timedelta(days=1), first_lesson_on=lesson))
    assert (late.outcome, late.figures["workdays"]) == (Outcome.FAIL, 4)


def test_r01_a_missing_date_is_unknown_and_named() -> None:
    finding = found("R01", case(submitted_on=date(2026, 11, 2)))
    assert finding.outcome == Outcome.UNKNOWN
    assert finding.figures["missing"] == ("first_lesson_on",)
    assert "首课日期" in str(finding.settle)


def test_r01_a_make_up_saturday_around_national_day_2025_counts() -> None:
    around = case(submitted_on=date(2025, 9, 30), first_lesson_on=date(2025, 10, 14), today=date(2025, 11, 1))
    assert found("R01", around).figures["workdays"] == 5  # 9, 10, the Saturday 11, 13, 14
    assert outcome("R01", around) == Outcome.PASS


def test_r01_a_year_nobody_announced_decides_nothing() -> None:
    far = case(submitted_on=date(2033, 3, 1), first_lesson_on=date(2033, 5, 1), today=date(2033, 3, 2))
    assert outcome("R01", far) == Outcome.UNKNOWN
    assert "尚未公布" in str(found("R01", far).settle)


def test_r02_the_real_name_system_is_told_the_same_day() -> None:
    day = date(2026, 11, 2)
    assert outcome("R02", case(submitted_on=day, realname_applied_on=day)) == Outcome.PASS
    assert outcome("R02", case(submitted_on=day, realname_applied_on=date(2026, 11, 3))) == Outcome.WARN


@pytest.mark.parametrize(
    ("approved", "expected"),
    [
        (date(2026, 11, 1), Outcome.PASS),
        (date(2026, 11, 2), Outcome.WARN),
        (date(2026, 11, 3), Outcome.FAIL),
        (None, Outcome.UNKNOWN),
    ],
)
def test_r03_approved_before_the_class_opens(approved: date | None, expected: Outcome) -> None:
    assert outcome("R03", case(approved_on=approved, first_lesson_on=date(2026, 11, 2))) == expected


@pytest.mark.parametrize("rule_and_case", [("R17", case), ("R18", institution)])
def test_r17_r18_ten_working_days_to_report(rule_and_case: Any) -> None:
    rule, make = rule_and_case
    exam = date(2026, 10, 30)
    due = announced().after(exam, 10).on
    assert outcome(rule, make(exam_end_on=exam, reported_on=due)) == Outcome.PASS
    late = outcome(rule, make(exam_end_on=exam, reported_on=due + timedelta(days=1), today=date(2026, 12, 1)))
    assert late == (Outcome.WARN if rule == "R17" else Outcome.FAIL)


def test_r17_is_unknown_until_the_last_day_has_gone_and_then_a_breach() -> None:
    exam = date(2026, 11, 10)
    due = announced().after(exam, 10).on
    assert outcome("R17", case(exam_end_on=exam, today=due)) == Outcome.UNKNOWN
    assert outcome("R17", case(exam_end_on=exam, today=due + timedelta(days=1))) == Outcome.WARN


def test_r19_five_working_days_of_notice_the_first_day_not_counted() -> None:
    start = date(2026, 11, 16)  # a Monday
    assert outcome("R19", case(notice_start_on=start, notice_end_on=date(2026, 11, 23))) == Outcome.PASS
    assert outcome("R19", case(notice_start_on=start, notice_end_on=date(2026, 11, 20))) == Outcome.FAIL


def test_r21_the_days_to_pay_hang_on_who_is_paid() -> None:
    ended = date(2026, 9, 1)
    paid = announced().after(ended, 20).on
    assert outcome("R21", institution(notice_end_on=ended, paid_on=paid, payee="institution")) == Outcome.WARN
    assert outcome("R21", institution(notice_end_on=ended, paid_on=paid, payee="individual")) == Outcome.PASS
    assert outcome("R21", institution(notice_end_on=ended, paid_on=paid)) == Outcome.UNKNOWN


def test_r20_is_asked_of_enterprise_classes_alone() -> None:
    assert outcome("R20", institution()) == Outcome.NOT_APPLICABLE
    assert outcome("R20", case(notice_end_on=date(2026, 11, 2), paid_on=date(2026, 11, 3))) == Outcome.PASS


@pytest.mark.parametrize(
    ("end", "approval", "expected"),
    [
        (date(2027, 8, 31), None, Outcome.PASS),  # 12 months to the day
        (date(2027, 8, 30), None, Outcome.FAIL),
        (date(2028, 8, 31), None, Outcome.PASS),  # 24 months
        (date(2028, 9, 1), None, Outcome.FAIL),
        (date(2029, 8, 31), "绥人社批〔2026〕3号", Outcome.PASS),
        (date(2029, 9, 1), "绥人社批〔2026〕3号", Outcome.FAIL),
    ],
)
def test_r26_apprenticeships_last_one_to_two_years_three_with_leave(
    end: date, approval: str | None, expected: Outcome
) -> None:
    of = case(
        training_type="apprenticeship", starts_on=date(2026, 9, 1), ends_on=end, special_approval_no=approval
    )
    assert outcome("R26", of) == expected


def test_r27_work_in_place_of_training_ends_within_six_months() -> None:
    of = case(training_type="work_for_training", starts_on=date(2026, 1, 1))
    assert outcome("R27", replace(of, ends_on=date(2026, 6, 30))) == Outcome.PASS
    assert outcome("R27", replace(of, ends_on=date(2026, 7, 1))) == Outcome.FAIL


def test_r28_labour_preparation_lasts_one_to_two_years() -> None:
    of = institution(training_type="labour_preparation", starts_on=date(2026, 9, 1))
    assert outcome("R28", replace(of, ends_on=date(2027, 8, 31))) == Outcome.PASS
    assert outcome("R28", replace(of, ends_on=date(2027, 3, 1))) == Outcome.FAIL


def test_r37_candidates_are_filed_five_days_before_the_appraisal() -> None:
    of = case(appraisable=True, appraisal_on=date(2026, 11, 20))
    assert outcome("R37", replace(of, appraisal_filed_on=date(2026, 11, 15))) == Outcome.PASS
    assert outcome("R37", replace(of, appraisal_filed_on=date(2026, 11, 16))) == Outcome.FAIL
    assert outcome("R37", case(appraisable=False)) == Outcome.NOT_APPLICABLE
    assert outcome("R37", case()) == Outcome.UNKNOWN


def test_r48_steps_in_a_turned_order_are_named_pair_by_pair() -> None:
    turned = found("R48", case(submitted_on=date(2026, 11, 3), approved_on=date(2026, 11, 2)))
    assert (turned.outcome, turned.about) == (Outcome.WARN, ("submitted_on>approved_on",))
    assert outcome("R48", case(submitted_on=date(2026, 11, 2))) == Outcome.UNKNOWN
