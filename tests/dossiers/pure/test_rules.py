"""Each of the 50 rules at its boundary: what passes, what breaks, what is not known, and what it weighs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.calendar import announced
from dossiers.rules import CHECKS, CaseFacts, Finding, Outcome, evaluate
from dossiers.rules.facts import (
    CertificateFacts,
    ContractFacts,
    MoneyFacts,
    PaperFacts,
    SessionFacts,
    TraineeFacts,
    Waiver,
)
from dossiers.rulesets import ruleset

RULES = ruleset("suihua_2019")
TODAY = date(2026, 11, 24)


def case(**facts: Any) -> CaseFacts:
    given = {"ledger": "enterprise_14", "training_type": "skill_upgrade", "today": TODAY, **facts}
    return CaseFacts(**given)


def institution(**facts: Any) -> CaseFacts:
    return case(**{"ledger": "key_group_17", "training_type": "employment_skill", **facts})


def found(rule: str, of: CaseFacts) -> Finding:
    return next(finding for finding in evaluate(of, RULES) if finding.rule == rule)


def outcome(rule: str, of: CaseFacts) -> Outcome:
    return found(rule, of).outcome


def trainee(**facts: Any) -> TraineeFacts:
    return TraineeFacts(**{"key": "1", **facts})


def session(**facts: Any) -> SessionFacts:
    given = {"key": "s1", "on": date(2026, 10, 20), "lessons": 4, "kind": "theory", **facts}
    return SessionFacts(**given)


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


# Lessons --------------------------------------------------------------------------------------------------
def test_r07_thirty_lessons_of_induction() -> None:
    def of(lessons: int) -> CaseFacts:
        return case(training_type="pre_job", total_lessons=lessons, sessions=(session(lessons=lessons),))

    assert outcome("R07", of(30)) == Outcome.PASS
    assert outcome("R07", of(29)) == Outcome.FAIL
    assert outcome("R07", case(training_type="pre_job")) == Outcome.UNKNOWN
    assert outcome("R07", case(total_lessons=8)) == Outcome.NOT_APPLICABLE


def test_r07_a_plan_of_thirty_with_fewer_sessions_fails() -> None:
    of = case(training_type="pre_job", total_lessons=30, sessions=(session(lessons=29),))
    assert outcome("R07", of) == Outcome.FAIL


def test_r08_forty_minutes_a_lesson_without_breaks() -> None:
    assert outcome("R08", case(sessions=(session(minutes=160),))) == Outcome.PASS
    assert outcome("R08", case(sessions=(session(minutes=159),))) == Outcome.WARN
    assert outcome("R08", case(sessions=(session(),))) == Outcome.UNKNOWN


def test_r09_eight_lessons_a_day_theory_and_practice_together() -> None:
    eight = (session(), session(key="s2", kind="practice"))
    nine = (*eight, session(key="s3", lessons=1))
    assert outcome("R09", case(sessions=eight)) == Outcome.PASS
    assert outcome("R09", case(sessions=nine)) == Outcome.FAIL


def test_r10_thirty_lessons_need_twenty_one_attended() -> None:
    def of(attended: int | None) -> CaseFacts:
        return case(sessions=(session(lessons=30),), trainees=(trainee(attended_lessons=attended),))

    assert outcome("R10", of(21)) == Outcome.PASS
    under = found("R10", of(20))
    assert (under.outcome, under.about, under.figures["needed"]) == (Outcome.FAIL, ("1",), 21)
    assert outcome("R10", of(None)) == Outcome.UNKNOWN


def test_r10_a_lesson_still_to_come_is_not_held() -> None:
    later = session(key="s2", on=TODAY + timedelta(days=1), lessons=30)
    of = case(sessions=(session(lessons=10), later), trainees=(trainee(attended_lessons=7),))
    assert found("R10", of).figures["held"] == 10
    assert outcome("R10", of) == Outcome.PASS


def test_r11_and_r12_seventy_and_ninety_per_cent() -> None:
    facts = {"sessions": (session(lessons=10),), "trainees": (trainee(attended_lessons=8),)}
    assert outcome("R11", institution(**facts)) == Outcome.PASS
    startup = institution(training_type="entrepreneurship", **facts)
    assert outcome("R12", startup) == Outcome.FAIL
    assert outcome("R11", startup) == Outcome.NOT_APPLICABLE


def test_r13_a_gap_within_the_allowance_passes_and_one_beyond_fails() -> None:
    whole = session(minutes=160, recorded_seconds=9600 - 120, longest_gap_seconds=120)
    short = session(minutes=160, recorded_seconds=9600 - 121, longest_gap_seconds=121)
    assert outcome("R13", case(sessions=(whole,))) == Outcome.PASS
    assert outcome("R13", case(sessions=(short,))) == Outcome.FAIL
    assert outcome("R13", case(sessions=(session(minutes=160),))) == Outcome.UNKNOWN
    assert outcome("R13", case(sessions=(session(kind="practice"),))) == Outcome.NOT_APPLICABLE


def test_r14_a_sign_in_counts_only_with_the_teachers_hand() -> None:
    assert outcome("R14", case(sessions=(session(check_in="face"),))) == Outcome.PASS
    assert outcome("R14", case(sessions=(session(check_in="sign_in", cosigned=True),))) == Outcome.PASS
    assert outcome("R14", case(sessions=(session(check_in="sign_in"),))) == Outcome.WARN
    assert outcome("R14", case(sessions=(session(),))) == Outcome.UNKNOWN


def test_r16_a_class_has_its_teacher() -> None:
    assert outcome("R16", case(homeroom_teachers=("林慧",))) == Outcome.PASS
    assert outcome("R16", case(homeroom_teachers=())) == Outcome.FAIL


def test_r40_theory_and_practice_make_the_whole_and_none_is_said_as_nought() -> None:
    assert outcome("R40", case(theory_lessons=40, practice_lessons=0, total_lessons=40)) == Outcome.PASS
    assert outcome("R40", case(theory_lessons=40, practice_lessons=8, total_lessons=40)) == Outcome.FAIL
    assert outcome("R40", case(theory_lessons=40, total_lessons=40)) == Outcome.UNKNOWN


def test_r41_a_book_off_the_list_is_a_hint() -> None:
    fine = PaperFacts(textbooks=("978-7",), textbooks_not_listed=())
    assert outcome("R41", case(papers=fine)) == Outcome.PASS
    assert outcome("R41", case(papers=replace(fine, textbooks_not_listed=("978-7",)))) == Outcome.WARN


def test_r50_nobody_is_in_two_places() -> None:
    free = session(teacher_busy_elsewhere=False, room_taken_elsewhere=False)
    alone = trainee(overlapping_minutes=0)
    assert outcome("R50", case(sessions=(free,), trainees=(alone,))) == Outcome.PASS
    assert outcome("R50", case(sessions=(free,), trainees=(trainee(overlapping_minutes=1),))) == Outcome.FAIL
    assert (
        outcome("R50", case(sessions=(replace(free, room_taken_elsewhere=True),), trainees=(alone,)))
        == Outcome.FAIL
    )


# People ---------------------------------------------------------------------------------------------------
def certified(number: str, on: date = date(2026, 11, 20), key: str = "1") -> TraineeFacts:
    return trainee(key=key, certificate=CertificateFacts(number, issued_on=on), score=80)


def test_r15_numbers_follow_the_grammar_the_training_and_the_year() -> None:
    assert outcome("R15", case(trainees=(certified("JNPX120226000211"),))) == Outcome.PASS
    for wrong in (
        "JNPX12022600021",
        "GQPX120226000211",
        "JNPX120225000211",
        "JNPX120226000000",
        "JNPX129926000211",
    ):
        assert outcome("R15", case(trainees=(certified(wrong),))) == Outcome.FAIL, wrong


def test_r15_the_same_number_twice_fails_for_both() -> None:
    twice = (certified("JNPX120226000211"), certified("JNPX120226000211", key="2"))
    assert found("R15", case(trainees=twice)).about == ("1", "2")


def test_r15_numbers_that_fall_with_time_are_a_hint() -> None:
    turned = (
        certified("JNPX120226000212", date(2026, 10, 1)),
        certified("JNPX120226000211", date(2026, 11, 1), key="2"),
    )
    assert outcome("R15", case(trainees=turned)) == Outcome.WARN


def contract(**facts: Any) -> CaseFacts:
    return case(
        training_type="pre_job",
        first_lesson_on=date(2021, 2, 1),
        trainees=(trainee(contract=ContractFacts(**facts)),),
    )


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2020, 3, 1), date(2021, 2, 28), Outcome.PASS),
        (date(2020, 3, 1), date(2021, 2, 27), Outcome.FAIL),
        (date(2020, 2, 29), date(2021, 2, 27), Outcome.PASS),  # the month ends on the 28th
        (date(2020, 2, 29), date(2021, 2, 26), Outcome.FAIL),
    ],
)
def test_r24_a_year_to_the_day(start: date, end: date, expected: Outcome) -> None:
    assert outcome("R24", contract(start_on=start, end_on=end)) == expected


def test_r24_without_a_fixed_end_passes_and_by_piece_of_work_a_person_judges() -> None:
    assert outcome("R24", contract(open_ended=True)) == Outcome.PASS
    assert outcome("R24", contract(until_task_done=True)) == Outcome.WARN
    assert outcome("R24", contract(start_on=date(2020, 3, 1))) == Outcome.UNKNOWN


def test_r25_within_a_year_of_a_first_contract() -> None:
    assert outcome("R25", contract(signed_on=date(2020, 2, 1), renewed=False)) == Outcome.PASS
    assert outcome("R25", contract(signed_on=date(2020, 1, 31), renewed=False)) == Outcome.FAIL
    assert outcome("R25", contract(signed_on=date(2020, 12, 1), renewed=True)) == Outcome.FAIL
    assert outcome("R25", contract(signed_on=date(2020, 12, 1))) == Outcome.UNKNOWN


def test_r29_the_fourth_subsidy_of_a_year_fails_and_may_be_waived_with_a_reason() -> None:
    fourth = case(trainees=(trainee(subsidies_this_year=3),))
    assert outcome("R29", case(trainees=(trainee(subsidies_this_year=2),))) == Outcome.PASS
    assert outcome("R29", fourth) == Outcome.FAIL
    waived = replace(fourth, waivers=(Waiver("R29", "失业重返岗位", "周敏", trainee="1"),))
    assert outcome("R29", waived) == Outcome.WAIVED
    assert "周敏" in str(found("R29", waived).settle)


def test_a_waiver_without_a_reason_or_for_somebody_else_lets_nothing_pass() -> None:
    fourth = case(trainees=(trainee(subsidies_this_year=3),))
    assert outcome("R29", replace(fourth, waivers=(Waiver("R29", " ", "周敏", "1"),))) == Outcome.FAIL
    assert outcome("R29", replace(fourth, waivers=(Waiver("R29", "理由", "周敏", "2"),))) == Outcome.FAIL


def test_a_rule_that_does_not_say_in_principle_is_not_waived() -> None:
    twice = case(trainees=(trainee(had_same_subsidy=True),), waivers=(Waiver("R30", "理由", "周敏"),))
    assert outcome("R30", twice) == Outcome.FAIL
    assert [rule.id for rule in RULES.rules.values() if rule.waivable] == ["R29"]


def test_r29_who_claims_nothing_is_not_counted() -> None:
    of = case(
        trainees=(trainee(subsidies_this_year=3, claimed=False), trainee(key="2", subsidies_this_year=0))
    )
    assert outcome("R29", of) == Outcome.PASS


def test_r30_the_same_occupation_and_level_once_in_a_life() -> None:
    assert outcome("R30", case(trainees=(trainee(had_same_subsidy=False),))) == Outcome.PASS
    assert outcome("R30", case(trainees=(trainee(had_same_subsidy=True),))) == Outcome.FAIL
    assert outcome("R30", case(trainees=(trainee(),))) == Outcome.UNKNOWN


def test_r35_each_registration_form_is_signed() -> None:
    assert outcome("R35", case(trainees=(trainee(registration_signed=True),))) == Outcome.PASS
    assert outcome("R35", case(trainees=(trainee(registration_signed=False),))) == Outcome.WARN


def test_r38_sixty_points_and_not_all_alike() -> None:
    def of(*scores: int) -> CaseFacts:
        holders = [certified(f"JNPX1202260002{n:02d}", key=str(n)) for n in range(len(scores))]
        return case(trainees=tuple(replace(t, score=s) for t, s in zip(holders, scores, strict=True)))

    assert outcome("R38", of(60)) == Outcome.PASS
    assert outcome("R38", of(59)) == Outcome.FAIL
    assert outcome("R38", of(80, 80, 80, 80, 80)) == Outcome.WARN


def test_r42_no_record_no_subsidy() -> None:
    assert outcome("R42", case(trainees=(trainee(realname_record_no="SM-1"),))) == Outcome.PASS
    assert outcome("R42", case(trainees=(trainee(realname_record_no=""),))) == Outcome.FAIL
    assert outcome("R42", case(trainees=(trainee(),))) == Outcome.UNKNOWN


def test_r43_age_alone_is_a_hint_and_a_checked_answer_decides() -> None:
    old = trainee(born_on=date(1960, 1, 1), sex="male")
    assert outcome("R43", case(first_lesson_on=TODAY, trainees=(old,))) == Outcome.WARN
    assert (
        outcome("R43", case(first_lesson_on=TODAY, trainees=(replace(old, draws_pension=False),)))
        == Outcome.PASS
    )
    assert (
        outcome("R43", case(first_lesson_on=TODAY, trainees=(replace(old, draws_pension=True),)))
        == Outcome.FAIL
    )


def test_r44_released_a_year_on_is_too_late_by_a_day() -> None:
    def of(release: date) -> CaseFacts:
        prisoner = trainee(category="prisoner_within_one_year", release_on=release)
        return institution(starts_on=date(2026, 11, 2), trainees=(prisoner,))

    assert outcome("R44", of(date(2027, 11, 1))) == Outcome.PASS
    assert outcome("R44", of(date(2027, 11, 2))) == Outcome.FAIL


def test_r45_who_paid_herself_claims_herself() -> None:
    whole = trainee(self_paid=True, personal_application=True, receipt=True, paid_to="trainee")
    assert outcome("R45", case(trainees=(whole,))) == Outcome.PASS
    assert outcome("R45", case(trainees=(replace(whole, paid_to="institution"),))) == Outcome.WARN
    assert outcome("R45", case(trainees=(trainee(self_paid=False),))) == Outcome.NOT_APPLICABLE


def test_r46_tuition_is_paid_by_the_years_of_the_table() -> None:
    student = trainee(category="part_time_technical_student", tuition_paid=(2021, 2022))
    assert outcome("R46", institution(trainees=(student,))) == Outcome.PASS
    assert outcome("R46", institution(trainees=(replace(student, tuition_paid=(2023,)),))) == Outcome.WARN


def test_r49_nobody_joins_the_claim_who_did_not_open_the_class() -> None:
    both = trainee(in_opening_roster=True, in_claim_roster=True)
    assert outcome("R49", case(trainees=(both,))) == Outcome.PASS
    assert outcome("R49", case(trainees=(replace(both, in_opening_roster=False),))) == Outcome.FAIL
    left = replace(both, in_claim_roster=False)
    assert outcome("R49", case(trainees=(left,))) == Outcome.FAIL
    assert outcome("R49", case(trainees=(replace(left, leave_reason="退学"),))) == Outcome.PASS


# Papers ---------------------------------------------------------------------------------------------------
def test_r22_and_r23_every_paper_of_the_claim() -> None:
    firm = ("subsidy_application", "trainee_roster", "tax_invoice", "ledger")
    assert outcome("R22", case(papers=PaperFacts(items=firm))) == Outcome.PASS
    assert found("R22", case(papers=PaperFacts(items=firm[:-2]))).about == ("tax_invoice", "ledger")
    school = (
        "subsidy_application",
        "trainee_roster",
        "class_completion_acceptance_report",
        "receipt_or_invoice",
        "ledger",
    )
    assert outcome("R23", institution(papers=PaperFacts(items=school))) == Outcome.PASS
    assert outcome("R23", institution(papers=PaperFacts(items=firm))) == Outcome.FAIL


def test_r31_a_page_of_another_class_fails() -> None:
    assert outcome("R31", case(papers=PaperFacts(foreign_pages=0))) == Outcome.PASS
    assert outcome("R31", case(papers=PaperFacts(foreign_pages=1))) == Outcome.FAIL


def test_r32_the_contents_on_the_box_are_of_this_version() -> None:
    assert outcome("R32", case(papers=PaperFacts(contents_version="a", dossier_version="a"))) == Outcome.PASS
    assert outcome("R32", case(papers=PaperFacts(contents_version="a", dossier_version="b"))) == Outcome.WARN


def test_r33_three_copies() -> None:
    assert outcome("R33", case(papers=PaperFacts(opening_form_copies=3))) == Outcome.PASS
    assert outcome("R33", case(papers=PaperFacts(opening_form_copies=2))) == Outcome.WARN


def test_r34_each_missing_mark_is_named() -> None:
    marks = tuple(RULES.rules["R34"].params["signers"])
    assert outcome("R34", case(papers=PaperFacts(marks=marks))) == Outcome.PASS
    assert found("R34", case(papers=PaperFacts(marks=marks[1:]))).about == ("institution_handler_signature",)


def test_r36_a_check_within_the_course_signed_by_both() -> None:
    course = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)}
    good = PaperFacts(spot_checks=(date(2026, 10, 31),), spot_check_signatures=2)
    assert outcome("R36", case(papers=good, **course)) == Outcome.PASS
    assert outcome("R36", case(papers=replace(good, spot_check_signatures=1), **course)) == Outcome.WARN
    assert (
        outcome("R36", case(papers=replace(good, spot_checks=(date(2026, 11, 1),)), **course)) == Outcome.WARN
    )


def test_r39_shares_make_the_whole_and_the_partner_is_listed() -> None:
    good = case(
        delivery_mode="entrusted",
        money=MoneyFacts(shares=(3000, 7000)),
        papers=PaperFacts(items=("cooperation_agreement",), partner_listed=True),
    )
    assert outcome("R39", good) == Outcome.PASS
    assert outcome("R39", replace(good, money=MoneyFacts(shares=(3000, 6999)))) == Outcome.FAIL
    assert outcome("R39", replace(good, papers=replace(good.papers, partner_listed=False))) == Outcome.FAIL
    assert outcome("R39", case()) == Outcome.NOT_APPLICABLE


# Money ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "make", "rate"), [("R04", case, "standard_cents"), ("R05", institution, "fee_cents")]
)
def test_r04_and_r05_half_is_paid_ahead_to_the_cent(rule: str, make: Any, rate: str) -> None:
    def of(advance: int) -> CaseFacts:
        return make(money=MoneyFacts(**{rate: 100_001, "approved_count": 3, "advance_cents": advance}))

    assert outcome(rule, of(150_002)) == Outcome.PASS
    short = found(rule, of(150_001))
    assert (short.outcome, short.figures["needed_cents"]) == (Outcome.WARN, 150_002)


def test_r06_seventy_per_cent_where_capacity_is_cut() -> None:
    money = MoneyFacts(standard_cents=1000, approved_count=10, advance_cents=7000)
    of = institution(money=money, capacity_cut_transfer=True)
    assert outcome("R06", of) == Outcome.PASS
    assert outcome("R06", replace(of, money=replace(money, advance_cents=6999))) == Outcome.WARN
    assert (
        outcome("R06", institution(capacity_cut_transfer=False, project_based=False))
        == Outcome.NOT_APPLICABLE
    )


def test_r47_after_a_violation_all_is_taken_back() -> None:
    of = case(violation=True, money=MoneyFacts(paid_cents=500, reclaimed_cents=499))
    assert outcome("R47", of) == Outcome.WARN
    assert outcome("R47", replace(of, money=MoneyFacts(paid_cents=500, reclaimed_cents=500))) == Outcome.PASS
    assert outcome("R47", case(violation=False)) == Outcome.NOT_APPLICABLE
