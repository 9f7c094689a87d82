"""The shape of a ledger: items, their parts, their review points.

What the two ledgers hold is data (`dossiers.rulesets`); this room only knows their shape. When an item applies
is the name of a predicate in `dossiers.conditions`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dossiers.sentences import gettext_noop

ENTERPRISE_14 = "enterprise_14"
KEY_GROUP_17 = "key_group_17"


class Per(StrEnum):
    """Of what a ledger asks one paper."""

    CLASS = "class"
    TRAINEE = "trainee"
    SESSION = "session"
    VISIT = "visit"


class Status(StrEnum):
    """Whether an item is asked for now."""

    REQUIRED = "required"
    NOT_YET_DUE = "not_yet_due"
    NOT_APPLICABLE = "not_applicable"
    OPTIONAL = "optional"


class Severity(StrEnum):
    """What a gap means: it keeps the dossier from being handed in, or it is only pointed out."""

    MISSING = "missing"
    WARN = "warn"


UNITS: dict[Per, str] = {
    Per.CLASS: gettext_noop("份"),
    Per.TRAINEE: gettext_noop("人"),
    Per.SESSION: gettext_noop("节"),
    Per.VISIT: gettext_noop("次"),
}


@dataclass(frozen=True)
class ReviewPoint:
    """One thing a reviewer ticks. `evidence` names what the system can say beside it; only a person ticks."""

    id: str
    text: str
    to_be_confirmed: bool = False
    evidence: str | None = None


@dataclass(frozen=True)
class Part:
    """A piece of an item that must be there for itself: the signature page, the video, item 17.3.

    `categories` narrows a part to person categories (17.1 to 17.5), `session_kind` one per session to theory
    or practice. `due_stage` None means that of the item, `unit` "" that of `per`.
    """

    id: str
    name: str
    per: Per
    condition: str = "always"
    kinds: tuple[str, ...] = ()
    seq: str | None = None
    any_of: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    min_count: int = 1
    due_stage: str | None = None
    session_kind: str | None = None
    unit: str = ""
    privacy: str = "none"


@dataclass(frozen=True)
class LedgerItem:
    """One numbered item, or (seq None) a further paper that another article asks for.

    `kinds` are the document kinds that can answer it; of these, `any_of` are the ones that answer alone (the
    back of an ID card goes with its front). `optional` papers are never missing.
    """

    id: str
    seq: str | None
    name: str
    short_name: str
    clause: str
    quote: str
    per: Per
    producer: str
    medium: str
    due_stage: str
    any_of: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    condition: str = "always"
    severity: Severity = Severity.MISSING
    optional: bool = False
    review: tuple[ReviewPoint, ...] = ()
    kinds: tuple[str, ...] = ()
    note: str = ""
    catalogue_remark: str = ""
    min_count: int = 1
    privacy: str = "none"
    return_reasons: tuple[str, ...] = ()

    def part(self, part_id: str | None) -> Part | None:
        return next((part for part in self.parts if part.id == part_id), None)

    def point(self, point_id: str) -> ReviewPoint | None:
        return next((point for point in self.review if point.id == point_id), None)


@dataclass(frozen=True)
class Ledger:
    """The numbered items of one article in its own order, then the papers that stand beside them."""

    id: str
    title: str
    article: str
    custodian: str
    items: tuple[LedgerItem, ...]
    extras: tuple[LedgerItem, ...]

    def __iter__(self) -> Iterator[LedgerItem]:
        yield from self.items
        yield from self.extras

    def item(self, item_id: str) -> LedgerItem:
        """The item of this stable id; KeyError if this ledger has none."""
        for item in self:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def has(self, item_id: str) -> bool:
        return any(item.id == item_id for item in self)

    def answering(self, kind: str) -> tuple[LedgerItem, ...]:
        """The items a document of this kind can answer, in the order of the article."""
        return tuple(item for item in self if kind in item.kinds)
