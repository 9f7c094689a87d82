"""Printed divider sheets: what their code says, and where it sends the pages that follow. Pure.

`JZ1|class|item|trainee`, empty parts allowed: class is a class number, item a stable ledger id, trainee the UUID of
an enrolment or a number on the roster. Nothing of a code that is not ours, or that was tampered with, is ever shown.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from dossiers.exceptions import NumberError
from dossiers.ledgers import Ledger
from dossiers.numbering import ClassNumber, normalised

MARK, SEPARATOR, PARTS = "JZ1", "|", 4
LONGEST = 200
#: Why a code routes nothing; the front words them.
NOT_OURS, TAMPERED, OTHER_CLASS = "divider_not_ours", "divider_tampered", "divider_other_class"
NO_SUCH_ITEM, NO_SUCH_TRAINEE = "divider_no_such_item", "divider_no_such_trainee"
ONLY_CLASS = (
    "divider_only_class"  # nothing wrong: it parts two piles, pages go where their own words send them
)


@dataclass(frozen=True)
class Divider:
    """What one divider sheet says; empty parts say nothing."""

    class_no: str = ""
    item_id: str = ""
    trainee: str = ""

    @property
    def payload(self) -> str:
        """The text of its code. ValueError where a part could not be read back."""
        parts = (self.class_no, self.item_id, self.trainee)
        if any(SEPARATOR in part or part != part.strip() or not part.isprintable() for part in parts):
            raise ValueError("a part of a divider holds a character that its code cannot carry")
        return SEPARATOR.join((MARK, *parts))


@dataclass(frozen=True)
class Holder:
    """A trainee as dividers name her: by the UUID of her enrolment, or by her number on the roster."""

    key: Hashable
    uuid: str
    seq: int


@dataclass(frozen=True)
class Route:
    """Where the pages behind a divider go, or, in `problem`, why it sends them nowhere."""

    item_id: str = ""
    trainee_key: Hashable | None = None
    problem: str = ""

    @property
    def leads_somewhere(self) -> bool:
        return not self.problem


def is_divider(payload: str) -> bool:
    """Whether a code found on a page is, or claims to be, that of a divider sheet of any version."""
    return payload.lstrip().upper().startswith("JZ") and SEPARATOR in payload


def parse(payload: str) -> Divider | None:
    """What the code says; None where it does not keep the form."""
    if len(payload) > LONGEST or not payload.isprintable():
        return None
    mark, *parts = payload.strip().split(SEPARATOR)
    if mark != MARK or len(parts) != PARTS - 1:
        return None
    return Divider(*(part.strip() for part in parts))


def route(payload: str, *, class_no: str, ledger: Ledger, roster: Sequence[Holder]) -> Route:
    """Where a code found in a pile of this class leads."""
    said = parse(payload)
    if said is None:
        ours = payload.strip().startswith(MARK + SEPARATOR)
        return Route(problem=TAMPERED if ours else NOT_OURS)
    if said.class_no and (strange := _not_this_class(said.class_no, class_no)):
        return Route(problem=strange)
    if said.item_id and not ledger.has(said.item_id):
        return Route(problem=NO_SUCH_ITEM)
    holder = _holder(said.trainee, roster)
    if said.trainee and holder is None:
        return Route(problem=NO_SUCH_TRAINEE)
    if not said.item_id and holder is None:
        return Route(problem=ONLY_CLASS)
    return Route(item_id=said.item_id, trainee_key=holder.key if holder else None)


def _not_this_class(printed: str, ours: str) -> str:
    """Why a printed class number is not ours; empty where it is. What is no class number was tampered with."""
    if normalised(printed) == normalised(ours):
        return ""
    try:
        return "" if str(ClassNumber.parse(printed)) == ours else OTHER_CLASS
    except NumberError:
        return TAMPERED


def _holder(named: str, roster: Sequence[Holder]) -> Holder | None:
    by_uuid = next((holder for holder in roster if holder.uuid == named.lower()), None)
    if by_uuid is not None or not (named.isascii() and named.isdigit()):
        return by_uuid
    return next((holder for holder in roster if holder.seq == int(named)), None)
