"""The rules about lessons, attendance and recordings, each at its boundary."""

from dataclasses import replace
from datetime import timedelta

from dossiers.rules import CaseFacts, Outcome
from dossiers.rules.facts import (
    PaperFacts,
)
from tests.dossiers.pure.rule_cases import TODAY, case, found, institution, outcome, session, trainee


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
