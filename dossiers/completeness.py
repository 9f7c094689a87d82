"""What is there, what is missing, and for whom: what is filed, held against what the ledger demands.

One pass over the filings, one over the demands of each item. Order: the article's, then the further papers.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from dossiers.conditions import ClassFacts, SessionFacts, TraineeFacts
from dossiers.demands import Demand, demands
from dossiers.ledgers import UNITS, LedgerItem, Per, Severity, Status
from dossiers.sentences import Sentence, gettext_noop, sentence
from dossiers.states import STAGE_NAMES, stage_reached

__all__ = [
    "ClassFacts",
    "FiledFact",
    "ItemCompleteness",
    "Missing",
    "Owes",
    "SessionFacts",
    "TraineeFacts",
    "answers_alone",
    "completeness",
    "open_gaps",
    "owes",
]


@dataclass(frozen=True)
class FiledFact:
    """One paper under an item. `state`: proposed (nobody confirmed it yet), filed, or returned."""

    item_id: str
    part: str | None = None
    trainee_key: Hashable | None = None
    session_key: Hashable | None = None
    pages: int = 1
    state: str = "filed"
    kind: str | None = None
    electronic: bool = False


@dataclass(frozen=True)
class Missing:
    """One paper that is due and not there: of whom, which part, of which session, and what to do about it."""

    item_id: str
    item_name: str
    text: Sentence
    trainee_key: Hashable | None = None
    trainee_name: str = ""
    trainee_seq: int = 0
    part: str | None = None
    session_key: Hashable | None = None
    proposed: bool = False
    returned: bool = False


@dataclass(frozen=True)
class ItemCompleteness:
    """Where one item stands: `have` of `needed` in `unit`, without the waiting, excused and withdrawn."""

    item: LedgerItem
    status: Status
    why: Sentence | None
    due_stage: str
    needed: int
    have: int
    unit: str
    pages: int
    complete: bool
    missing: tuple[Missing, ...] = ()
    proposed: int = 0
    returned: int = 0
    excused: int = 0
    waiting: int = 0
    withdrawn: int = 0

    @property
    def item_id(self) -> str:
        return self.item.id

    @property
    def blocks(self) -> bool:
        """Does this gap keep the dossier from being handed in?"""
        return self.status == Status.REQUIRED and not self.complete and self.item.severity == Severity.MISSING


@dataclass(frozen=True)
class Owes:
    """One line of the 'who still owes what' list; the class itself owes under an empty name and key None."""

    trainee_key: Hashable | None
    seq: int
    name: str
    papers: tuple[Missing, ...]
    withdrawn: bool = False


def completeness(
    of_class: ClassFacts,
    trainees: Sequence[TraineeFacts] = (),
    sessions: Sequence[SessionFacts] = (),
    filed: Iterable[FiledFact] = (),
) -> tuple[ItemCompleteness, ...]:
    """Every item of the class's ledger in the order of its article, then the further papers."""
    by_item: dict[str, list[FiledFact]] = {}
    for fact in filed:
        by_item.setdefault(fact.item_id, []).append(fact)
    roster = sorted(trainees, key=lambda trainee: trainee.seq)
    return tuple(
        _count(item, of_class, roster, demands(item, of_class, roster, sessions), by_item.get(item.id, []))
        for item in of_class.ledger
    )


def owes(items: Iterable[ItemCompleteness], trainees: Iterable[TraineeFacts] = ()) -> tuple[Owes, ...]:
    """Who still owes what: the class first, then trainees by their place on the roster, the withdrawn last.

    Only what is due is owed. With `trainees`, those who left are listed as having left, owing nothing.
    """
    debts: dict[Hashable | None, list[Missing]] = {}
    for item in items:
        for gap in item.missing:
            debts.setdefault(gap.trainee_key, []).append(gap)
    rows = [Owes(key, gaps[0].trainee_seq, gaps[0].trainee_name, tuple(gaps)) for key, gaps in debts.items()]
    gone = [Owes(person.key, person.seq, person.name, (), True) for person in trainees if person.withdrawn]
    return tuple(sorted(rows, key=lambda row: row.seq) + sorted(gone, key=lambda row: row.seq))


def open_gaps(items: Iterable[ItemCompleteness]) -> tuple[Missing, ...]:
    """Everything that keeps the dossier from being handed in, in the order of the ledger."""
    return tuple(gap for item in items if item.blocks for gap in item.missing)


Group = tuple[Hashable | None, Hashable | None]


def answers_alone(kinds: Sequence[str], any_of: Sequence[str], kind: str | None) -> bool:
    """Does a document of this kind answer by itself?

    The back of an ID card goes with its front and does not. What a person put there although no kind was
    recognised does: the person knows better than the table.
    """
    return not any_of or kind in any_of or kind not in kinds


def _count(
    item: LedgerItem,
    of_class: ClassFacts,
    roster: Sequence[TraineeFacts],
    asked: Sequence[Demand],
    filed: Sequence[FiledFact],
) -> ItemCompleteness:
    required = [demand for demand in asked if demand.status == Status.REQUIRED]
    had = _answered(required, [fact for fact in filed if fact.state == "filed"])
    status, why = _standing(item, of_class, asked)
    unit, needed, have = _shown(item, required, had)
    gaps = [demand for demand, count in zip(required, had, strict=True) if count < demand.part.min_count]
    by_trainee = item.per == Per.TRAINEE
    return ItemCompleteness(
        item=item,
        status=status,
        why=why,
        due_stage=item.due_stage,
        needed=needed,
        have=have,
        unit=unit,
        pages=sum(fact.pages for fact in filed if fact.state == "filed" and not fact.electronic),
        complete=bool(required) and not gaps,
        missing=_missing(item, of_class, gaps, filed) if status == Status.REQUIRED else (),
        proposed=sum(fact.state == "proposed" for fact in filed),
        returned=sum(fact.state == "returned" for fact in filed),
        excused=len(_whose(asked, Status.NOT_APPLICABLE)) if by_trainee else 0,
        waiting=len(_whose(asked, Status.NOT_YET_DUE)) if by_trainee else 0,
        withdrawn=sum(trainee.withdrawn for trainee in roster) if by_trainee else 0,
    )


def _whose(asked: Sequence[Demand], status: Status) -> set[Hashable]:
    """Trainees of whom `status` is the strongest (required beats waiting beats not applicable)."""
    rank = {Status.NOT_APPLICABLE: 0, Status.NOT_YET_DUE: 1, Status.REQUIRED: 2}
    strongest: dict[Hashable, Status] = {}
    for demand in asked:
        if demand.trainee is not None:
            held = strongest.get(demand.trainee.key, Status.NOT_APPLICABLE)
            strongest[demand.trainee.key] = max(held, demand.status, key=rank.__getitem__)
    return {key for key, held in strongest.items() if held == status}


def _standing(
    item: LedgerItem, of_class: ClassFacts, asked: Sequence[Demand]
) -> tuple[Status, Sentence | None]:
    if not any(demand.status == Status.REQUIRED for demand in asked):
        waiting = [demand for demand in asked if demand.status == Status.NOT_YET_DUE]
        first = (waiting or list(asked))[0]
        return first.status, first.why
    if item.optional:
        return Status.OPTIONAL, sentence("optional", gettext_noop("可不交；有则归入"))
    if not stage_reached(item.due_stage, now=of_class.stage):
        stage = STAGE_NAMES[item.due_stage]
        return Status.NOT_YET_DUE, sentence("due_at_stage", gettext_noop("到“%(stage)s”时应有"), stage=stage)
    return Status.REQUIRED, _partly_excused(item, asked)


def _partly_excused(item: LedgerItem, asked: Sequence[Demand]) -> Sentence | None:
    """Why an item is not asked of everybody: '2 人：未合格，不适用'."""
    if item.per != Per.TRAINEE:
        return None
    for status in (Status.NOT_YET_DUE, Status.NOT_APPLICABLE):
        whose = _whose(asked, status)
        if whose:
            why = next(d.why for d in asked if d.trainee is not None and d.trainee.key in whose)
            return sentence(
                "partly", gettext_noop("%(count)s 人：%(reason)s"), count=len(whose), reason=str(why)
            )
    return None


def _group(trainee_key: Hashable | None, session_key: Hashable | None) -> Group:
    return (trainee_key, None) if trainee_key is not None else (None, session_key)


def _answered(required: Sequence[Demand], filed: Sequence[FiledFact]) -> list[int]:
    """How many papers answer each demand, in the order of `required`."""
    had = [0] * len(required)
    groups: dict[Group, list[int]] = {}
    for index, demand in enumerate(required):
        groups.setdefault(_group(demand.trainee_key, demand.session_key), []).append(index)
    named_first = sorted(filed, key=lambda fact: fact.part is None)
    for fact in named_first:
        group = groups.get(_group(fact.trainee_key, fact.session_key))
        for index in _targets(required, had, group or groups.get((None, None), []), fact):
            had[index] += max(fact.pages, 1)
    return had


def _targets(
    required: Sequence[Demand], had: Sequence[int], group: Sequence[int], fact: FiledFact
) -> list[int]:
    """The demands of its group that one paper answers.

    A paper whose part is named answers that part. Without a name the kind decides; where several parts are of
    one kind (the two pages of a contract) it fills as many parts that are still empty as it has pages.
    """
    parts = [(index, required[index].part) for index in group]
    if fact.part is not None and any(required[index].item.part(fact.part) for index in group):
        parts = [(index, part) for index, part in parts if part.id == fact.part]
        return [index for index, part in parts if answers_alone(part.kinds, part.any_of, fact.kind)]
    of_kind = [(index, part) for index, part in parts if fact.kind in part.kinds]
    if not of_kind and _kind_of_another_part(required, group, fact.kind):
        return []
    fitting = [i for i, part in of_kind or parts if answers_alone(part.kinds, part.any_of, fact.kind)]
    if len(fitting) <= 1:
        return fitting
    return [index for index in fitting if not had[index]][: max(fact.pages, 1)]


def _kind_of_another_part(required: Sequence[Demand], group: Iterable[int], kind: str | None) -> bool:
    """Does the kind belong to a part of the item that is not asked here (another person's category, say)?"""
    return any(kind in part.kinds for index in group for part in required[index].item.parts)


def _shown(item: LedgerItem, required: Sequence[Demand], had: Sequence[int]) -> tuple[str, int, int]:
    """Unit, needed and had, counted as the item is (by trainee, session ...), else by what is asked."""
    pairs = [(demand, count) for demand, count in zip(required, had, strict=True)]
    own = [pair for pair in pairs if pair[0].part.per == item.per]
    if item.per == Per.TRAINEE:
        return UNITS[item.per], *_whole_sets(own, lambda demand: demand.trainee_key)
    if item.per == Per.SESSION and own:
        return UNITS[item.per], *_whole_sets(own, lambda demand: demand.session_key)
    shown = own or pairs
    unit = shown[0][0].part.unit if shown else ""
    needed = sum(demand.part.min_count for demand, _ in shown)
    have = sum(min(count, demand.part.min_count) for demand, count in shown)
    return unit or UNITS[item.per if own else Per.CLASS], needed, have


def _whole_sets(
    pairs: Sequence[tuple[Demand, int]], key: Callable[[Demand], Hashable | None]
) -> tuple[int, int]:
    """How many keys there are, and how many of them have every part."""
    whole: dict[Hashable | None, bool] = {}
    for demand, count in pairs:
        owner = key(demand)
        if owner is not None:
            whole[owner] = whole.get(owner, True) and count >= demand.part.min_count
    return len(whole), sum(whole.values())


def _missing(
    item: LedgerItem, of_class: ClassFacts, gaps: Sequence[Demand], filed: Sequence[FiledFact]
) -> tuple[Missing, ...]:
    states: dict[Group, set[str]] = {}
    for fact in filed:
        states.setdefault(_group(fact.trainee_key, fact.session_key), set()).add(fact.state)
    return tuple(
        _gap(item, demand, states.get(_group(demand.trainee_key, demand.session_key), set()))
        for demand in gaps
        if stage_reached(demand.part.due_stage or item.due_stage, now=of_class.stage)
    )


def _gap(item: LedgerItem, demand: Demand, states: set[str]) -> Missing:
    return Missing(
        item_id=item.id,
        item_name=item.name,
        text=_gap_text(demand, states),
        trainee_key=demand.trainee_key,
        trainee_name=demand.trainee.name if demand.trainee else "",
        trainee_seq=demand.trainee.seq if demand.trainee else 0,
        part=demand.part.id or None,
        session_key=demand.session_key,
        proposed="proposed" in states,
        returned="returned" in states,
    )


def _gap_text(demand: Demand, states: set[str]) -> Sentence:
    """What is missing, of whom, and what is known about it."""
    if demand.why is not None:
        return demand.why
    params = {"paper": demand.part.name, "who": _who(demand)}
    if "returned" in states:
        return sentence("gap_returned", gettext_noop("%(who)s%(paper)s：退回待补"), **params)
    if "proposed" in states:
        return sentence("gap_proposed", gettext_noop("%(who)s%(paper)s：收件里有，待确认"), **params)
    return sentence("gap", gettext_noop("%(who)s%(paper)s：尚未收到"), **params)


def _who(demand: Demand) -> str:
    if demand.trainee is not None:
        return f"{demand.trainee.name} "
    if demand.session is not None:
        return f"{demand.session.label or demand.session.date.isoformat()} "
    return ""
