"""Attendance from several sources: what agrees, what contradicts, what nobody can tell, and whole-number totals."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dossiers.reconciliation import (
    CellState,
    CheckIn,
    Lesson,
    Says,
    Seen,
    Settlement,
    SignIn,
    Source,
    Sources,
    Total,
    reconcile,
    totals,
)

NINE = datetime(2026, 10, 21, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, tzinfo=UTC)
LESSON = Lesson("l1", "s1", NINE, NINE + timedelta(minutes=40), has_check_ins=True, recorded=True)
CAME = CheckIn("feng", NINE - timedelta(minutes=10), device="02", method="face")
SHOWN = Seen("feng", NINE, NINE + timedelta(minutes=40))


def state(lesson: Lesson = LESSON, now: datetime = LATER, **sources) -> CellState:
    (cell,) = reconcile([lesson], ["feng"], Sources(**sources), now=now)
    return cell.state


def test_a_check_in_and_a_face_agree() -> None:
    assert state(check_ins=[CAME], shown=[SHOWN]) == CellState.CONFIRMED


def test_a_check_in_without_the_face_where_the_camera_looked_is_a_contradiction() -> None:
    assert state(check_ins=[CAME], verifiable=[SHOWN]) == CellState.CONTRADICTED


def test_a_face_without_a_check_in_is_a_contradiction_too() -> None:
    assert state(shown=[SHOWN]) == CellState.CONTRADICTED


def test_the_camera_could_not_see_never_becomes_absent() -> None:
    assert state(check_ins=[CAME]) == CellState.UNVERIFIABLE
    unlisted = replace(LESSON, has_check_ins=False)
    assert state(unlisted) == CellState.UNVERIFIABLE
    assert (
        state(unlisted, verifiable=[replace(SHOWN, ends=NINE + timedelta(minutes=20))])
        == CellState.UNVERIFIABLE
    )


def test_neither_checked_in_nor_seen_is_absent() -> None:
    assert state(verifiable=[SHOWN]) == CellState.ABSENT


def test_a_device_that_knew_others_and_not_her_says_absent() -> None:
    assert state(replace(LESSON, recorded=False)) == CellState.ABSENT


def test_a_lesson_that_nothing_recorded_stands_on_its_check_in() -> None:
    assert state(replace(LESSON, kind="practice", recorded=False), check_ins=[CAME]) == CellState.CONFIRMED


def test_without_consent_a_cosigned_sign_in_is_complete() -> None:
    sheet = SignIn("feng", "s1", cosigned=True)
    refused = frozenset({"feng"})
    assert state(no_faces=refused, sign_ins=[sheet]) == CellState.CONFIRMED
    assert (
        state(no_faces=refused, sign_ins=[replace(sheet, cosigned=False)], check_ins=[CAME])
        == CellState.UNVERIFIABLE
    )


def test_without_consent_a_recording_says_nothing_whatever_it_showed() -> None:
    (cell,) = reconcile(
        [LESSON], ["feng"], Sources(shown=[SHOWN], no_faces=frozenset({"feng"}), check_ins=[CAME]), now=LATER
    )
    assert {one.source: one.says for one in cell.evidence}[Source.RECORDING] == Says.NOTHING


def test_a_face_alone_counts_once_a_person_confirmed_it() -> None:
    unlisted = replace(LESSON, has_check_ins=False)
    assert state(unlisted, shown=[SHOWN]) == CellState.UNVERIFIABLE
    assert state(unlisted, shown=[replace(SHOWN, confirmed=True)]) == CellState.CONFIRMED


def test_who_comes_in_the_second_half_missed_the_lesson() -> None:
    unrecorded = replace(LESSON, recorded=False)
    late = replace(CAME, at=NINE + timedelta(minutes=20))
    assert state(unrecorded, check_ins=[late]) == CellState.CONFIRMED
    assert state(unrecorded, check_ins=[replace(late, at=NINE + timedelta(minutes=21))]) == CellState.ABSENT


def test_who_checks_out_before_half_the_lesson_missed_it() -> None:
    unrecorded = replace(LESSON, recorded=False)
    left = CheckIn("feng", NINE + timedelta(minutes=19), left=True)
    assert state(unrecorded, check_ins=[CAME, left]) == CellState.ABSENT
    assert (
        state(unrecorded, check_ins=[CAME, replace(left, at=NINE + timedelta(minutes=30))])
        == CellState.CONFIRMED
    )


def test_a_check_in_of_another_day_is_none() -> None:
    assert (
        state(replace(LESSON, recorded=False), check_ins=[replace(CAME, at=NINE - timedelta(days=1))])
        == CellState.ABSENT
    )


def test_a_check_in_at_dawn_says_nothing_of_the_afternoon() -> None:
    afternoon = replace(
        LESSON, begins=NINE + timedelta(hours=5), ends=NINE + timedelta(hours=6), recorded=False
    )
    assert state(afternoon, check_ins=[CAME]) == CellState.ABSENT
    assert state(afternoon, check_ins=[replace(CAME, at=NINE + timedelta(hours=4))]) == CellState.CONFIRMED


def test_a_lesson_still_to_come_counts_for_nobody() -> None:
    assert state(now=NINE) == CellState.TO_COME
    cells = reconcile([LESSON], ["feng"], Sources(), now=NINE)
    assert totals(cells) == (Total("feng", held=0, confirmed=0, undecided=0, absent=0),)


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (Says.PRESENT, CellState.CONFIRMED),
        (Says.ABSENT, CellState.ABSENT),
        (Says.NOTHING, CellState.UNVERIFIABLE),
    ],
)
def test_a_persons_word_settles_and_the_evidence_stays(says: Says, expected: CellState) -> None:
    word = Settlement("feng", "l1", says, "看过录像", "林慧")
    (cell,) = reconcile(
        [LESSON], ["feng"], Sources(check_ins=[CAME], verifiable=[SHOWN], settlements=[word]), now=LATER
    )
    assert cell.state == expected
    assert [one.source for one in cell.evidence] == [Source.CHECK_IN, Source.RECORDING, Source.PERSON]


def test_stretches_that_overlap_are_counted_once() -> None:
    halves = [
        replace(SHOWN, ends=NINE + timedelta(minutes=8)),
        replace(SHOWN, ends=NINE + timedelta(minutes=10)),
    ]
    (cell,) = reconcile([LESSON], ["feng"], Sources(shown=halves), now=LATER)
    recording = next(one for one in cell.evidence if one.source == Source.RECORDING)
    assert recording.facts["seen_seconds"] == 600


@pytest.mark.parametrize(
    ("confirmed", "undecided", "expected"),
    [(21, 0, True), (20, 0, False), (20, 1, None), (18, 2, False), (18, 3, None)],
)
def test_thirty_lessons_need_twenty_one_in_whole_numbers(
    confirmed: int, undecided: int, expected: bool | None
) -> None:
    total = Total(
        "feng", held=30, confirmed=confirmed, undecided=undecided, absent=30 - confirmed - undecided
    )
    assert total.meets(70) is expected


def test_nothing_held_decides_nothing() -> None:
    assert Total("feng", 0, 0, 0, 0).meets(70) is None


def test_totals_equal_the_sum_of_their_parts_whatever_the_sources_say() -> None:
    lots = random.Random(3)
    lessons = [
        Lesson(
            number,
            number // 4,
            NINE + timedelta(days=number // 4, minutes=40 * (number % 4)),
            NINE + timedelta(days=number // 4, minutes=40 * (number % 4) + 40),
            has_check_ins=lots.random() < 0.7,
            recorded=lots.random() < 0.7,
        )
        for number in range(40)
    ]
    people = [str(number) for number in range(12)]
    come = [
        CheckIn(who, lots.choice(lessons).begins, left=lots.random() < 0.2)
        for who in people
        for _ in range(20)
    ]
    shown = [Seen(who, one.begins, one.ends) for who in people for one in lots.sample(lessons, 15)]
    cells = reconcile(lessons, people, Sources(check_ins=come, shown=shown), now=NINE + timedelta(days=6))
    assert len(cells) == 40 * 12
    for total in totals(cells):
        assert total.confirmed + total.undecided + total.absent == total.held == 24


def test_an_empty_line_on_a_cosigned_sheet_says_absent_and_one_without_a_hand_says_nothing() -> None:
    unlisted = replace(LESSON, has_check_ins=False, recorded=False)
    empty = SignIn("feng", "s1", cosigned=True, signed=False)
    assert state(unlisted, sign_ins=[empty]) == CellState.ABSENT
    assert state(unlisted, sign_ins=[replace(empty, cosigned=False)]) == CellState.UNVERIFIABLE


def test_device_and_cosigned_sheet_that_differ_wait_for_a_person() -> None:
    unrecorded = replace(LESSON, recorded=False)
    sheet = SignIn("feng", "s1", cosigned=True)
    left = CheckIn("feng", NINE + timedelta(minutes=5), left=True)
    assert state(unrecorded, check_ins=[CAME], sign_ins=[replace(sheet, signed=False)]) == (
        CellState.CONTRADICTED
    )
    assert state(unrecorded, check_ins=[CAME, left], sign_ins=[sheet]) == CellState.CONTRADICTED
    assert state(unrecorded, sign_ins=[sheet]) == CellState.CONFIRMED


def test_a_check_in_of_the_morning_says_nothing_of_a_half_day_that_listens_later() -> None:
    noon = NINE + timedelta(hours=4)
    afternoon = replace(
        LESSON,
        begins=noon,
        ends=noon + timedelta(minutes=40),
        recorded=False,
        listens_from=noon - timedelta(minutes=90),
    )
    assert state(afternoon, check_ins=[CAME]) == CellState.ABSENT
    assert state(afternoon, check_ins=[replace(CAME, at=noon - timedelta(minutes=80))]) == CellState.CONFIRMED


def test_who_was_not_looked_for_is_never_told_absent_by_a_recording() -> None:
    unlisted = replace(LESSON, has_check_ins=False)
    assert state(unlisted, verifiable=[SHOWN], unsought=frozenset({("feng", "l1")})) == CellState.UNVERIFIABLE


DEVICE = {
    "no device": (False, []),
    "silent": (True, []),
    "came": (True, [CAME]),
    "late": (True, [replace(CAME, at=NINE + timedelta(minutes=30))]),
    "left": (True, [CAME, CheckIn("feng", NINE + timedelta(minutes=5), left=True)]),
}
SHEET = {
    "no sheet": [],
    "signed": [SignIn("feng", "s1")],
    "empty": [SignIn("feng", "s1", signed=False)],
    "signed, co-signed": [SignIn("feng", "s1", cosigned=True)],
    "empty, co-signed": [SignIn("feng", "s1", cosigned=True, signed=False)],
}
TWO_THIRDS = replace(SHOWN, ends=NINE + timedelta(minutes=26))
COULD_NOT_SEE = {
    "blind": {},
    "seen too seldom, hardly looked": {
        "shown": [replace(SHOWN, ends=NINE + timedelta(minutes=3))],
        "verifiable": [replace(SHOWN, ends=NINE + timedelta(minutes=20))],
    },
    "looked two thirds": {"verifiable": [TWO_THIRDS]},
    "no consent": {"verifiable": [SHOWN], "no_faces": frozenset({"feng"})},
    "no portrait": {"verifiable": [SHOWN], "unsought": frozenset({("feng", "l1")})},
}
SAW = {
    "shown": {"shown": [SHOWN]},
    "shown, confirmed": {"shown": [replace(SHOWN, confirmed=True)]},
    "not there": {"verifiable": [SHOWN]},
}


@pytest.mark.parametrize("camera", COULD_NOT_SEE)
@pytest.mark.parametrize("sheet", SHEET)
@pytest.mark.parametrize("device", DEVICE)
def test_what_the_camera_could_not_see_makes_nobody_absent(device: str, sheet: str, camera: str) -> None:
    spoke, came = DEVICE[device]
    listed = {"check_ins": came, "sign_ins": SHEET[sheet]}
    without = state(replace(LESSON, has_check_ins=spoke, recorded=False), **listed)
    with_camera = state(replace(LESSON, has_check_ins=spoke), **listed, **COULD_NOT_SEE[camera])
    if with_camera == CellState.ABSENT:
        assert without == CellState.ABSENT
    if without == CellState.ABSENT:
        assert with_camera == CellState.ABSENT  # nor does it make anybody present


@pytest.mark.parametrize("camera", [*COULD_NOT_SEE, *SAW])
@pytest.mark.parametrize("sheet", SHEET)
@pytest.mark.parametrize("device", DEVICE)
def test_whoever_is_absent_or_confirmed_has_a_source_that_says_so_and_none_that_denies_it(
    device: str, sheet: str, camera: str
) -> None:
    spoke, came = DEVICE[device]
    sources = Sources(check_ins=came, sign_ins=SHEET[sheet], **(COULD_NOT_SEE | SAW)[camera])
    (cell,) = reconcile([replace(LESSON, has_check_ins=spoke)], ["feng"], sources, now=LATER)
    says = {one.says for one in cell.evidence}
    silent_device = any(one.source == Source.CHECK_IN and not one.facts for one in cell.evidence)
    if cell.state == CellState.ABSENT:
        assert Says.ABSENT in says
        assert Says.PRESENT not in says
    if cell.state == CellState.CONFIRMED:
        assert Says.PRESENT in says
        assert Says.ABSENT not in says or silent_device
    if {Says.PRESENT, Says.ABSENT} <= says and not silent_device:
        assert cell.state == CellState.CONTRADICTED


def test_the_share_is_cut_and_the_least_number_rounded_up() -> None:
    total = Total("feng", held=80, confirmed=55, undecided=0, absent=25)
    assert (total.permille, total.needed(70), total.meets(70)) == (687, 56, False)
    assert Total("feng", held=1000, confirmed=699, undecided=0, absent=301).permille == 699
