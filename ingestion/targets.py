"""Pure: the sender dropped the file on an item or a trainee, or a divider sheet lies before the page.

That weighs much, and a contradiction is told.
"""

from dataclasses import dataclass, replace

from dossiers.ledgers import Ledger, Per
from dossiers.matching import Candidate, Match
from dossiers.sentences import Sentence

SPEAKS_FOR = 0.85
UNREAD_BUT_AIMED = 0.6
CONTRADICTED = 0.3
# Reasons that say the page is not of the person it was dropped on, whatever else is true.
AGAINST_ANY_PERSON = frozenset(
    {
        "not_on_roster",
        "name_not_on_roster",
        "name_and_number_disagree",
        "id_number_differs",
        "several_people",
        "number_twice_on_roster",
    }
)
SENDER, DIVIDER = "sender", "divider"
TOLD = {SENDER: Sentence("target", ""), DIVIDER: Sentence("by_divider", "")}
DIFFERS = {SENDER: Sentence("target_differs", ""), DIVIDER: Sentence("divider_differs", "")}


@dataclass(frozen=True)
class Aim:
    """Where the page is said to go, and by whom; None for what was left open."""

    item_id: str | None = None
    trainee_key: object | None = None
    by: str = SENDER

    @property
    def is_open(self) -> bool:
        return self.item_id is None and self.trainee_key is None


def aimed(found: Match, aim: Aim, ledger: Ledger) -> Match:
    """The match as the aim changes it. A page that speaks against its aim proposes nobody, and says so."""
    if aim.is_open:
        return found
    item_id = aim.item_id or found.item_id
    other_item = found.item_id is not None and found.item_id != item_id
    if found.has("other_class") or other_item or _speaks_against(found, aim):
        return _contradicted(found, aim, item_id, other_item=other_item)
    if item_id is None:
        return found
    trainee = found.trainee_key if aim.trainee_key is None else aim.trainee_key
    if ledger.item(item_id).per != Per.TRAINEE and aim.trainee_key is None:
        trainee = found.trainee_key
    confidence = max(found.confidence, SPEAKS_FOR) if found.item_id else UNREAD_BUT_AIMED
    if trainee is None and ledger.item(item_id).per == Per.TRAINEE:
        confidence = found.confidence
    if found.has("id_number_check_failed"):
        confidence = min(confidence, UNREAD_BUT_AIMED)
    return replace(
        found,
        item_id=item_id,
        part=found.part or _only_part(ledger, item_id, found.kind),
        trainee_key=trainee,
        confidence=confidence,
        reasons=(TOLD[aim.by], *found.reasons),
    )


def _speaks_against(found: Match, aim: Aim) -> bool:
    if aim.trainee_key is None:
        return False
    if found.trainee_key is not None and found.trainee_key != aim.trainee_key:
        return True
    return any(found.has(code) for code in AGAINST_ANY_PERSON)


def _contradicted(found: Match, aim: Aim, item_id: str | None, *, other_item: bool) -> Match:
    read = Candidate(found.item_id, found.part, found.trainee_key, found.confidence)
    dropped = Candidate(item_id, None if other_item else found.part, aim.trainee_key, CONTRADICTED)
    agree = found.trainee_key == aim.trainee_key or aim.trainee_key is None
    return replace(
        found,
        item_id=item_id,
        part=None if other_item else found.part,
        trainee_key=found.trainee_key if agree else None,
        confidence=min(found.confidence, CONTRADICTED),
        reasons=(DIFFERS[aim.by], *found.reasons),
        alternatives=(dropped, *((read,) if found.item_id else ()), *found.alternatives),
    )


def _only_part(ledger: Ledger, item_id: str, kind: str) -> str | None:
    fitting = [part.id for part in ledger.item(item_id).parts if not kind or kind in part.kinds]
    return fitting[0] if len(fitting) == 1 else None
