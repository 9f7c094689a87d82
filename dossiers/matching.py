"""Which open item and which trainee does a reading answer? Pure; proposes, never decides.

No paper to a wrong person weighs more than a paper found: a trainee is proposed only on an exact valid ID number,
on an exact name that is alone on the roster and contradicted by nothing, or on a name one character off together
with the readable part of an ID number. Everything else stays in the tray with a reason. An ID number that fails its
check is never used and never passed over in silence.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from dossiers.ledgers import Ledger, LedgerItem, Per
from dossiers.matching_people import (
    Finding,
    ReadingFacts,
    Reason,
    RosterEntry,
    find_person,
    reason,
)
from dossiers.numbering import same_class
from dossiers.sentences import gettext_noop

__all__ = [
    "Candidate",
    "Match",
    "ReadingFacts",
    "Reason",
    "RosterEntry",
    "follow_on",
    "level",
    "match",
]

# Kinds that show nobody's name although they belong to the page before.
FOLLOWERS: dict[str, tuple[str, ...]] = {
    "id_card_back": ("id_card_front",),
    "labour_contract": ("labour_contract",),
    "final_exam_paper": ("final_exam_paper",),
    "other": (
        "labour_contract",
        "lesson_plan",
        "final_exam_paper",
        "cooperation_agreement",
        "trainee_roster",
        "course_schedule",
        "attendance_record",
        "business_plan",
        "improvement_plan",
    ),
}
KEPT_BY_FOLLOWERS = frozenset({"class_paper", "id_number_check_failed", "item_not_open", "trainee_withdrawn"})
UNKNOWN_KINDS = frozenset({"", "other"})
LOW, HIGH = 0.5, 0.8


@dataclass(frozen=True)
class Candidate:
    """A place a person may choose instead."""

    item_id: str | None
    part: str | None
    trainee_key: object | None
    confidence: float


@dataclass(frozen=True)
class Match:
    """A proposal. `item_id` None: no place known; `trainee_key` None: nobody is proposed, or nobody is asked for."""

    item_id: str | None
    part: str | None
    trainee_key: object | None
    confidence: float
    reasons: tuple[Reason, ...] = ()
    alternatives: tuple[Candidate, ...] = ()
    kind: str = ""

    def has(self, code: str) -> bool:
        return any(found.code == code for found in self.reasons)


def level(confidence: float) -> str:
    """low, middle or high, as the screens draw it."""
    return "low" if confidence < LOW else "middle" if confidence < HIGH else "high"


def match(
    reading: ReadingFacts,
    roster: Sequence[RosterEntry],
    ledger: Ledger,
    *,
    open_items: Collection[str] | None = None,
    class_no: str | None = None,
    occupation: str | None = None,
    known_elsewhere: Collection[str] = (),
) -> Match:
    """Propose a place for one reading.

    `open_items`: ids of items that still take papers, None for all. `class_no`, `occupation`: what this class is
    called. `known_elsewhere`: numbers of other classes in which the person or the same image is already filed.
    """
    if class_no and reading.class_no and not same_class(reading.class_no, class_no):
        return _other_class(reading, ledger)
    item = _item_for(reading, ledger, open_items)
    if item is None:
        return _no_place(reading)
    remarks = list(_remarks(reading, item, open_items, occupation, known_elsewhere))
    if not _asks_for_trainee(item, reading.kind):
        part = _part_for(reading, item, Per.CLASS)
        found = (reason("class_paper", gettext_noop("全班的材料，不分人")), *remarks)
        return Match(item.id, part, None, _lowered(reading.kind_confidence, remarks), found, (), reading.kind)
    finding = find_person(reading, roster)
    return _with_person(reading, item, finding, remarks)


def _with_person(
    reading: ReadingFacts, item: LedgerItem, finding: Finding, remarks: Sequence[Reason]
) -> Match:
    part = _part_for(reading, item, Per.TRAINEE)
    alternatives = tuple(
        Candidate(item.id, part, entry.key, round(reading.kind_confidence * LOW, 3))
        for entry in finding.alternatives
    )
    trainee_key = finding.entry.key if finding.entry else None
    confidence = reading.kind_confidence * finding.confidence
    if finding.entry and item.per == Per.CLASS:
        alternatives = (
            Candidate(item.id, _part_for(reading, item, Per.CLASS), None, confidence),
            *alternatives,
        )
    if finding.entry is None and item.per == Per.CLASS:
        part, confidence = _part_for(reading, item, Per.CLASS), reading.kind_confidence
    return Match(
        item.id,
        part,
        trainee_key,
        _lowered(confidence, remarks),
        (*finding.reasons, *remarks),
        alternatives,
        reading.kind,
    )


def _lowered(confidence: float, remarks: Sequence[Reason]) -> float:
    """Every remark that speaks against a proposal takes a fifth off."""
    return round(max(0.0, min(1.0, confidence)) * 0.8 ** len(remarks), 3)


def _item_for(reading: ReadingFacts, ledger: Ledger, open_items: Collection[str] | None) -> LedgerItem | None:
    """The first item, in the article's order, that such a document answers and that still takes papers."""
    answering = ledger.answering(reading.kind)
    still_open = [item for item in answering if open_items is None or item.id in open_items]
    return next(iter(still_open or answering), None)


def _asks_for_trainee(item: LedgerItem, kind: str) -> bool:
    if not item.parts:
        return item.per == Per.TRAINEE
    return any(part.per == Per.TRAINEE and kind in part.kinds for part in item.parts)


def _part_for(reading: ReadingFacts, item: LedgerItem, per: Per) -> str | None:
    """The part, if the reading names it or the kind leaves only one."""
    fitting = [
        part
        for part in item.parts
        if reading.kind in part.kinds and (part.per == Per.TRAINEE) == (per == Per.TRAINEE)
    ]
    named = [part for part in fitting if part.id == reading.part]
    chosen = named or (fitting if len(fitting) == 1 else [])
    return chosen[0].id if chosen else None


def _remarks(
    reading: ReadingFacts,
    item: LedgerItem,
    open_items: Collection[str] | None,
    occupation: str | None,
    known_elsewhere: Collection[str],
) -> list[Reason]:
    found = []
    if open_items is not None and item.id not in open_items:
        found.append(reason("item_not_open", gettext_noop("“%(item)s”已不再收件"), item=item.short_name))
    if occupation and reading.occupation and reading.occupation != occupation:
        found.append(
            reason(
                "occupation_differs",
                gettext_noop("纸上职业为“%(printed)s”，本班为“%(ours)s”"),
                printed=reading.occupation,
                ours=occupation,
            )
        )
    if known_elsewhere:
        classes = "、".join(sorted(known_elsewhere))
        found.append(
            reason("known_elsewhere", gettext_noop("此人或同一图像已见于班次 %(classes)s"), classes=classes)
        )
    return found


def _other_class(reading: ReadingFacts, ledger: Ledger) -> Match:
    """A paper that states another class's number belongs to nobody here, whoever's name is on it."""
    item = _item_for(reading, ledger, None)
    alternatives = (Candidate(item.id, None, None, 0.0),) if item else ()
    found = reason(
        "other_class", gettext_noop("纸上写的是班次 %(class_no)s，疑属他班"), class_no=reading.class_no
    )
    return Match(None, None, None, 0.0, (found,), alternatives, reading.kind)


def _no_place(reading: ReadingFacts) -> Match:
    if reading.kind in UNKNOWN_KINDS:
        found = reason("kind_unknown", gettext_noop("认不出是哪种材料"))
    else:
        found = reason("not_in_ledger", gettext_noop("本班台账不收这种材料"))
    return Match(None, None, None, 0.0, (found,), (), reading.kind)


def follow_on(previous: Match, kind: str, part: str = "") -> Match | None:
    """Where a page without a name of its own goes: with the page before it in the same upload, or None.

    `part` is what the page says of itself: a part of the item, or that it only continues the page before.

    The back of a card follows its front, the next page of a contract its first. Confidence is lowered: the
    order of a pile is a hint. Nothing follows a page of which nobody knows whose it is.
    """
    placed = previous.trainee_key is not None or previous.has("class_paper")
    if previous.item_id is None or not placed or previous.kind not in FOLLOWERS.get(kind, ()):
        return None
    found = reason("follows_previous_page", gettext_noop("随前一页归入"))
    kept = tuple(given for given in previous.reasons if given.code in KEPT_BY_FOLLOWERS)
    return replace(
        previous,
        part=_following_part(previous.part, part),
        confidence=round(previous.confidence * 0.7, 3),
        reasons=(found, *kept),
        alternatives=(),
        kind=previous.kind if kind in UNKNOWN_KINDS else kind,
    )


def _following_part(before: str | None, said: str) -> str | None:
    """The page behind a first page is the signature page, unless it says that the paper goes on."""
    return "signature_page" if before == "first_page" and said in ("", "signature_page") else before
