"""States, moves and stages, by their tables."""

from dataclasses import dataclass

import pytest

from dossiers.exceptions import MoveRefused
from dossiers.rulesets import ruleset
from dossiers.states import (
    BUREAU_ROLES,
    DOSSIER_STATE_NAMES,
    INSTITUTION_MAY_CHANGE,
    INSTITUTION_ROLES,
    ITEM_STATE_NAMES,
    MOVES,
    REVIEWER_MAY_SEE,
    ROLE_NAMES,
    STAGES,
    DossierState,
    ItemState,
    Role,
    check_move,
    item_state,
    moves_from,
    stage_reached,
)


@pytest.mark.parametrize(
    ("move", "origin", "target", "role"),
    [
        ("hand_in", "open", "handed_in", "clerk"),
        ("hand_in", "open", "handed_in", "homeroom_teacher"),
        ("hand_in", "open", "handed_in", "head"),
        ("take_back", "handed_in", "open", "clerk"),
        ("start_review", "handed_in", "under_review", "reviewer"),
        ("return_for_correction", "under_review", "returned", "reviewer"),
        ("hand_in_again", "returned", "handed_in", "clerk"),
        ("complete", "under_review", "complete", "reviewer"),
        ("complete", "under_review", "complete", "finance_reviewer"),
        ("reopen", "complete", "open", "reviewer"),
    ],
)
def test_the_moves_that_are_allowed(move, origin, target, role):
    assert check_move(move, state=origin, roles=[role]).target == target


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.id)
def test_a_move_starts_from_its_own_state_only(move):
    for state in DossierState:
        if state != move.origin:
            with pytest.raises(MoveRefused, match="案卷现为"):
                check_move(move.id, state=state, roles=list(Role))


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.id)
def test_a_move_is_refused_to_every_other_role(move):
    others = [role for role in Role if role not in move.who]
    with pytest.raises(MoveRefused, match="须由"):
        check_move(move.id, state=move.origin, roles=others)


def test_a_refused_role_is_told_who_may():
    with pytest.raises(MoveRefused) as refused:
        check_move("start_review", state="handed_in", roles=["clerk"])
    assert str(refused.value) == "开始审核须由人社审核员、财政审核员办理。"


def test_a_refused_state_is_told_what_the_state_is_and_what_it_should_be():
    with pytest.raises(MoveRefused) as refused:
        check_move("complete", state="open", roles=["reviewer"])
    assert "现为“收件中”，不能审结" in str(refused.value)
    assert "“审核中”的案卷" in str(refused.value)


def test_archivists_move_nothing():
    for state in DossierState:
        assert moves_from(state, ["archivist", "institution_archivist"]) == ()


def test_institution_and_bureau_share_no_move():
    for move in MOVES:
        assert move.who <= INSTITUTION_ROLES or move.who <= BUREAU_ROLES


def test_a_return_and_a_reopening_need_a_reason():
    assert {move.id for move in MOVES if move.needs_reason} == {"return_for_correction", "reopen"}


def test_what_can_happen_next_depends_on_state_and_role():
    assert [move.id for move in moves_from("handed_in")] == ["take_back", "start_review"]
    assert [move.id for move in moves_from("handed_in", ["reviewer"])] == ["start_review"]
    assert moves_from("under_review", ["clerk"]) == ()


def test_reviewers_see_what_was_handed_in_and_institutions_change_the_rest():
    assert DossierState.OPEN not in REVIEWER_MAY_SEE
    assert {DossierState.OPEN, DossierState.RETURNED} == INSTITUTION_MAY_CHANGE


def test_everything_has_a_name():
    assert set(DOSSIER_STATE_NAMES) == set(DossierState)
    assert set(ITEM_STATE_NAMES) == set(ItemState)
    assert set(ROLE_NAMES) == set(Role)
    assert set(Role) == INSTITUTION_ROLES | BUREAU_ROLES
    assert not INSTITUTION_ROLES & BUREAU_ROLES


@dataclass
class Count:
    """An item's count, as far as its state asks."""

    status: str = "required"
    complete: bool = False
    have: int = 0
    proposed: int = 0
    returned: int = 0


@pytest.mark.parametrize(
    ("count", "verdict", "state"),
    [
        (Count(), None, "expected"),
        (Count(have=1), None, "expected"),
        (Count(have=2, complete=True), None, "submitted"),
        (Count(have=2, complete=True), "ticked", "ticked"),
        (Count(have=2, complete=True), "returned", "returned"),
        (Count(have=1, returned=1), None, "returned"),
        (Count(have=2, complete=True, proposed=1), None, "to_confirm"),
        (Count(proposed=1), None, "to_confirm"),
        (Count(status="not_yet_due"), None, "not_due"),
        (Count(status="not_yet_due", have=1), None, "not_due"),
        (Count(status="not_yet_due", have=1, complete=True), None, "submitted"),
        (Count(status="not_yet_due", proposed=1), None, "to_confirm"),
        (Count(status="not_applicable"), None, "not_applicable"),
        (Count(status="not_applicable"), "ticked", "ticked"),
        (Count(status="optional"), None, "not_due"),
        (Count(status="optional", have=1, complete=True), None, "submitted"),
        (Count(status="optional", have=1), None, "submitted"),
    ],
)
def test_the_state_an_item_shows(count, verdict, state):
    assert item_state(count, verdict) == state


def test_ten_stages_in_their_order():
    assert [stage.name for stage in STAGES] == [
        "申报",
        "审核",
        "开班",
        "培训",
        "考核",
        "报送",
        "审核",
        "公示",
        "拨付",
        "归档",
    ]
    assert ruleset("suihua_2019").stages == tuple(stage.id for stage in STAGES)


@pytest.mark.parametrize(
    ("stage", "now", "reached"),
    [
        ("training", "training", True),
        ("training", "examination", True),
        ("training", "opening", False),
        ("review", "application_review", False),
    ],
)
def test_a_stage_is_reached_at_it_and_after_it(stage, now, reached):
    assert stage_reached(stage, now=now) is reached
