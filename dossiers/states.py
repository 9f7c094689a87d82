"""States of a dossier and of a ledger item, the stages of a class, and the allowed moves: all as tables.

A table answers; `dossiers.actions` acts. Roles are named here by id because the moves name them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from dossiers.exceptions import MoveRefused
from dossiers.sentences import gettext_noop, sentence


class Role(StrEnum):
    """Who people are, on both sides of the counter."""

    CLERK = "clerk"
    HOMEROOM_TEACHER = "homeroom_teacher"
    HEAD = "head"
    INSTITUTION_ARCHIVIST = "institution_archivist"
    REVIEWER = "reviewer"
    FINANCE_REVIEWER = "finance_reviewer"
    ARCHIVIST = "archivist"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: dict[Role, str] = {
    Role.CLERK: gettext_noop("机构经办人"),
    Role.HOMEROOM_TEACHER: gettext_noop("班主任"),
    Role.HEAD: gettext_noop("机构负责人"),
    Role.INSTITUTION_ARCHIVIST: gettext_noop("机构档案员"),
    Role.REVIEWER: gettext_noop("人社审核员"),
    Role.FINANCE_REVIEWER: gettext_noop("财政审核员"),
    Role.ARCHIVIST: gettext_noop("档案员"),
    Role.ADMINISTRATOR: gettext_noop("管理员"),
}
INSTITUTION_ROLES = frozenset({Role.CLERK, Role.HOMEROOM_TEACHER, Role.HEAD, Role.INSTITUTION_ARCHIVIST})
BUREAU_ROLES = frozenset({Role.REVIEWER, Role.FINANCE_REVIEWER, Role.ARCHIVIST, Role.ADMINISTRATOR})


class DossierState(StrEnum):
    OPEN = "open"
    HANDED_IN = "handed_in"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    COMPLETE = "complete"


DOSSIER_STATE_NAMES: dict[DossierState, str] = {
    DossierState.OPEN: gettext_noop("收件中"),
    DossierState.HANDED_IN: gettext_noop("已报送"),
    DossierState.UNDER_REVIEW: gettext_noop("审核中"),
    DossierState.RETURNED: gettext_noop("已退回"),
    DossierState.COMPLETE: gettext_noop("已审结"),
}
INSTITUTION_MAY_CHANGE = frozenset({DossierState.OPEN, DossierState.RETURNED})
REVIEWER_MAY_SEE = frozenset(
    {DossierState.HANDED_IN, DossierState.UNDER_REVIEW, DossierState.RETURNED, DossierState.COMPLETE}
)
REVIEWER_MAY_JUDGE = frozenset({DossierState.UNDER_REVIEW})


@dataclass(frozen=True)
class Move:
    """One allowed step: from a state, to a state, by these roles."""

    id: str
    origin: DossierState
    target: DossierState
    who: frozenset[Role]
    verb: str
    needs_reason: bool = False


_HANDS_IN = frozenset({Role.CLERK, Role.HOMEROOM_TEACHER, Role.HEAD})
_REVIEWS = frozenset({Role.REVIEWER, Role.FINANCE_REVIEWER})

MOVES: tuple[Move, ...] = (
    Move("hand_in", DossierState.OPEN, DossierState.HANDED_IN, _HANDS_IN, gettext_noop("报送")),
    Move("take_back", DossierState.HANDED_IN, DossierState.OPEN, _HANDS_IN, gettext_noop("撤回报送")),
    Move(
        "start_review", DossierState.HANDED_IN, DossierState.UNDER_REVIEW, _REVIEWS, gettext_noop("开始审核")
    ),
    Move(
        "return_for_correction",
        DossierState.UNDER_REVIEW,
        DossierState.RETURNED,
        _REVIEWS,
        gettext_noop("退回补正"),
        needs_reason=True,
    ),
    Move(
        "hand_in_again",
        DossierState.RETURNED,
        DossierState.HANDED_IN,
        _HANDS_IN,
        gettext_noop("补正后再报送"),
    ),
    Move("complete", DossierState.UNDER_REVIEW, DossierState.COMPLETE, _REVIEWS, gettext_noop("审结")),
    Move(
        "reopen",
        DossierState.COMPLETE,
        DossierState.OPEN,
        frozenset({Role.REVIEWER}),
        gettext_noop("重新打开"),
        needs_reason=True,
    ),
)
MOVES_BY_ID: dict[str, Move] = {move.id: move for move in MOVES}


def moves_from(state: str, roles: Iterable[str] | None = None) -> tuple[Move, ...]:
    """What can happen next; with `roles`, what a person of these roles can do next."""
    held = None if roles is None else frozenset(roles)
    return tuple(move for move in MOVES if move.origin == state and (held is None or move.who & held))


def check_move(move_id: str, *, state: str, roles: Iterable[str]) -> Move:
    """The move, or MoveRefused saying which states it starts from or which roles may make it."""
    move = MOVES_BY_ID[move_id]
    if move.origin != state:
        raise MoveRefused(
            sentence(
                "wrong_state",
                gettext_noop("案卷现为“%(state)s”，不能%(verb)s；只有“%(origin)s”的案卷可以。请刷新后再看。"),
                state=DOSSIER_STATE_NAMES[DossierState(state)],
                verb=move.verb,
                origin=DOSSIER_STATE_NAMES[move.origin],
            )
        )
    if not move.who & frozenset(roles):
        raise MoveRefused(
            sentence(
                "wrong_role",
                gettext_noop("%(verb)s须由%(roles)s办理。"),
                verb=move.verb,
                roles="、".join(ROLE_NAMES[role] for role in Role if role in move.who),
            )
        )
    return move


class ItemState(StrEnum):
    """The seven states of a ledger item on the board."""

    NOT_DUE = "not_due"
    EXPECTED = "expected"
    TO_CONFIRM = "to_confirm"
    SUBMITTED = "submitted"
    TICKED = "ticked"
    RETURNED = "returned"
    NOT_APPLICABLE = "not_applicable"


ITEM_STATE_NAMES: dict[ItemState, str] = {
    ItemState.NOT_DUE: gettext_noop("未到期"),
    ItemState.EXPECTED: gettext_noop("待收"),
    ItemState.TO_CONFIRM: gettext_noop("待确认"),
    ItemState.SUBMITTED: gettext_noop("已提交"),
    ItemState.TICKED: gettext_noop("已核"),
    ItemState.RETURNED: gettext_noop("退回"),
    ItemState.NOT_APPLICABLE: gettext_noop("不适用"),
}
OUTSIDE_THE_DENOMINATOR = frozenset({ItemState.NOT_DUE, ItemState.NOT_APPLICABLE})


class Counted(Protocol):
    """What `item_state` needs to know of an item; `completeness.ItemCompleteness` is one."""

    @property
    def status(self) -> str: ...
    @property
    def complete(self) -> bool: ...
    @property
    def have(self) -> int: ...
    @property
    def proposed(self) -> int: ...
    @property
    def returned(self) -> int: ...


def item_state(item: Counted, verdict: str | None = None) -> ItemState:
    """The state shown on the board.

    `verdict` is the verdict in force on what is filed now: "ticked", "returned" or None. A verdict that a
    newer version has voided is None. An optional paper that nobody filed is simply not due.
    """
    if verdict == "returned" or (item.returned and verdict != "ticked"):
        return ItemState.RETURNED
    if verdict == "ticked":
        return ItemState.TICKED
    if item.proposed:
        return ItemState.TO_CONFIRM
    if item.complete:
        return ItemState.SUBMITTED
    if item.status == "not_applicable" and not item.have:
        return ItemState.NOT_APPLICABLE
    if item.status in ("not_yet_due", "optional", "not_applicable"):
        return ItemState.SUBMITTED if item.status != "not_yet_due" and item.have else ItemState.NOT_DUE
    return ItemState.EXPECTED


@dataclass(frozen=True)
class Stage:
    """One of the ten steps of a class, in the order they happen."""

    id: str
    name: str


STAGES: tuple[Stage, ...] = (
    Stage("application", gettext_noop("申报")),
    Stage("application_review", gettext_noop("审核")),
    Stage("opening", gettext_noop("开班")),
    Stage("training", gettext_noop("培训")),
    Stage("examination", gettext_noop("考核")),
    Stage("submission", gettext_noop("报送")),
    Stage("review", gettext_noop("审核")),
    Stage("notice", gettext_noop("公示")),
    Stage("payment", gettext_noop("拨付")),
    Stage("archive", gettext_noop("归档")),
)
STAGE_ORDER: dict[str, int] = {stage.id: order for order, stage in enumerate(STAGES)}
STAGE_NAMES: dict[str, str] = {stage.id: stage.name for stage in STAGES}


def stage_reached(stage: str, *, now: str) -> bool:
    """Is a class that stands at `now` at or past `stage`?"""
    return STAGE_ORDER[now] >= STAGE_ORDER[stage]
