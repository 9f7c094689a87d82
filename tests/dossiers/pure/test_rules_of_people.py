"""The rules about each trainee, each at its boundary."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dossiers.rules import CaseFacts, Outcome
from dossiers.rules.facts import (
    CertificateFacts,
    ContractFacts,
    TraineeFacts,
    Waiver,
)
from tests.dossiers.pure.rule_cases import RULES, TODAY, case, found, institution, outcome, trainee


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
