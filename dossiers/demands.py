"""What a ledger asks, of whom and for which session, before anybody looks at what is filed.

An item without parts asks for itself: its demands carry a part with the empty id.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from dossiers.conditions import (
    PREDICATES_ABOUT_A_TRAINEE,
    Applicability,
    ClassFacts,
    Facts,
    SessionFacts,
    TraineeFacts,
    applicability,
)
from dossiers.ledgers import LedgerItem, Part, Per, Status
from dossiers.sentences import Sentence, gettext_noop, sentence

NO_ROSTER = sentence("no_roster", gettext_noop("尚未录入学员，无法逐人核对；请先录入名册"))
EVERYBODY_LEFT = sentence("everybody_left", gettext_noop("学员均已退学"))
NO_SESSIONS = sentence("no_sessions", gettext_noop("尚未录入课次，无法逐节核对；请先录入课程安排"))


@dataclass(frozen=True)
class Demand:
    """One paper that is asked (or not yet, or not at all), of the class, one trainee or one session."""

    item: LedgerItem
    part: Part
    status: Status
    why: Sentence | None = None
    trainee: TraineeFacts | None = None
    session: SessionFacts | None = None

    @property
    def trainee_key(self) -> Hashable | None:
        return self.trainee.key if self.trainee else None

    @property
    def session_key(self) -> Hashable | None:
        return self.session.key if self.session else None


def demands(
    item: LedgerItem,
    of_class: ClassFacts,
    trainees: Sequence[TraineeFacts] = (),
    sessions: Sequence[SessionFacts] = (),
) -> tuple[Demand, ...]:
    """Every demand of an item in roster order, then part order. The withdrawn are asked nothing."""
    present = [trainee for trainee in trainees if not trainee.withdrawn]
    parts = item.parts or (whole(item),)
    of_trainees = [part for part in parts if part.per == Per.TRAINEE]
    of_the_rest = [part for part in parts if part.per != Per.TRAINEE]
    asked = [
        _demand(item, part, _applies(item, part, of_class, trainee), trainee=trainee)
        for trainee in present
        for part in of_trainees
    ]
    if item.per == Per.TRAINEE and not present:
        asked.append(_demand_of_nobody(item, of_trainees[0], of_class, everybody_left=bool(trainees)))
    for part in of_the_rest:
        asked.extend(_demands_of_class(item, part, of_class, sessions))
    return tuple(asked)


def whole(item: LedgerItem) -> Part:
    """An item without parts, seen as its own only part."""
    return Part(
        id="",
        name=item.name,
        per=item.per,
        kinds=item.kinds,
        any_of=item.any_of,
        min_count=item.min_count,
        due_stage=item.due_stage,
        privacy=item.privacy,
    )


def _applies(
    item: LedgerItem, part: Part, of_class: ClassFacts, trainee: TraineeFacts | None = None
) -> Applicability:
    facts = Facts(of_class, trainee, part.categories)
    of_item = applicability(item.condition, facts)
    return of_item if of_item.status != Status.REQUIRED else applicability(part.condition, facts)


def _demand(
    item: LedgerItem,
    part: Part,
    answer: Applicability,
    *,
    trainee: TraineeFacts | None = None,
    session: SessionFacts | None = None,
) -> Demand:
    return Demand(item, part, answer.status, answer.why, trainee, session)


def _demand_of_nobody(item: LedgerItem, part: Part, of_class: ClassFacts, *, everybody_left: bool) -> Demand:
    """Without a roster an item that applies is missing, and the reason is the roster."""
    if item.condition not in PREDICATES_ABOUT_A_TRAINEE:
        answer = applicability(item.condition, Facts(of_class))
        if answer.status != Status.REQUIRED:
            return _demand(item, part, answer)
    if everybody_left:
        return Demand(item, part, Status.NOT_APPLICABLE, EVERYBODY_LEFT)
    return Demand(item, part, Status.REQUIRED, NO_ROSTER)


def _demands_of_class(
    item: LedgerItem, part: Part, of_class: ClassFacts, sessions: Sequence[SessionFacts]
) -> Iterator[Demand]:
    answer = _applies(item, part, of_class)
    if part.per != Per.SESSION or answer.status != Status.REQUIRED:
        yield _demand(item, part, answer)
        return
    wanted = [session for session in sessions if part.session_kind in (None, session.kind)]
    if not wanted:
        yield Demand(item, part, Status.REQUIRED, NO_SESSIONS)
    for session in wanted:
        yield _demand(item, part, _held(session, of_class), session=session)


def _held(session: SessionFacts, of_class: ClassFacts) -> Applicability:
    if of_class.today is not None and session.date > of_class.today:
        return Applicability(Status.NOT_YET_DUE, sentence("not_held_yet", gettext_noop("此节尚未上课")))
    return Applicability(Status.REQUIRED)
