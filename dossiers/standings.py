"""Where many dossiers stand, in a fixed number of queries: what the desk's and the class list's strips are made of.

A `Glance` counts; it knows no pages and no verdicts on points. For one dossier in depth see `dossiers.standing`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dossiers.completeness import FiledFact, ItemCompleteness, completeness
from dossiers.conditions import SessionFacts, TraineeFacts
from dossiers.ledgers import LedgerItem
from dossiers.models import (
    Account,
    DossierPage,
    Enrolment,
    Filing,
    FilingSheet,
    ItemRecord,
    ReturnNote,
    Session,
    Upload,
)
from dossiers.permissions import current_among
from dossiers.recordings import THEORY_VIDEO, close_clocks, recorded_besides
from dossiers.rulesets import ruleset
from dossiers.standing import class_facts, session_facts, trainee_facts, verdict_in_force
from dossiers.states import OUTSIDE_THE_DENOMINATOR, ItemState, item_state

SETTLED = frozenset({ItemState.SUBMITTED, ItemState.TICKED})


@dataclass(frozen=True)
class GlanceItem:
    """One item of one dossier: its state and its count."""

    item: LedgerItem
    state: ItemState
    count: ItemCompleteness


@dataclass(frozen=True)
class Glance:
    """One dossier among many."""

    dossier: DossierPage
    items: tuple[GlanceItem, ...]
    trainees: int
    returns: int

    @property
    def numbered(self) -> tuple[GlanceItem, ...]:
        """The items of the article, without the further papers."""
        return tuple(item for item in self.items if item.item.seq is not None)

    @property
    def due(self) -> int:
        """How many numbered items count now; what is not due or does not apply is left out."""
        return sum(item.state not in OUTSIDE_THE_DENOMINATOR for item in self.numbered)

    @property
    def have(self) -> int:
        """How many of them are there, submitted or ticked off."""
        return sum(item.state in SETTLED for item in self.numbered)


def glances(dossiers: Iterable[DossierPage], viewer: Account) -> list[Glance]:
    """A glance at each dossier in the given order; they come from `permissions.visible_dossiers`."""
    dossiers = list(dossiers)
    rows = _Rows(dossiers, viewer)
    return [_glance(dossier, rows) for dossier in dossiers]


class _Rows:
    """The rows of all these dossiers, one query a table, grouped by dossier."""

    def __init__(self, dossiers: Sequence[DossierPage], viewer: Account) -> None:
        keys = [dossier.pk for dossier in dossiers]
        self.trainees: defaultdict[int, list[TraineeFacts]] = defaultdict(list)
        for enrolment in Enrolment.objects.filter(dossier__in=keys).order_by("seq", "id"):
            self.trainees[enrolment.dossier_id].append(trainee_facts(enrolment))
        self.sessions: defaultdict[int, list[SessionFacts]] = defaultdict(list)
        self.timetable: defaultdict[int, list[Session]] = defaultdict(list)
        for session in Session.objects.filter(dossier__in=keys):
            self.timetable[session.dossier_id].append(session)
            self.sessions[session.dossier_id].append(session_facts(session))
        self.verdicts: defaultdict[int, dict[str, str]] = defaultdict(dict)
        records = ItemRecord.objects.filter(dossier__in=keys)
        for dossier, item_id, verdict in records.values_list("dossier_id", "item_id", "verdict"):
            self.verdicts[dossier][item_id] = verdict
        self._returns(keys)
        self._filed(dossiers, viewer)

    def _returns(self, keys: list[int]) -> None:
        self.returned_items: defaultdict[int, list[str]] = defaultdict(list)
        self.returned_filings: set[int] = set()
        notes = ReturnNote.objects.filter(dossier__in=keys, settled_at=None)
        for dossier, item_id, filing in notes.values_list("dossier_id", "record__item_id", "filing_id"):
            self.returned_items[dossier].append(item_id)
            if filing:
                self.returned_filings.add(filing)

    def _filed(self, dossiers: Sequence[DossierPage], viewer: Account) -> None:
        self.filed: defaultdict[int, list[FiledFact]] = defaultdict(list)
        self.recordings: defaultdict[int, dict[int, FiledFact]] = defaultdict(dict)  # by dossier and filing
        filings = Filing.objects.filter(dossier__in=[dossier.pk for dossier in dossiers])
        current = current_among(viewer, filings)
        self._add(current, lambda pk: "returned" if pk in self.returned_filings else "filed")
        self._add_recorded_besides(dossiers, current)
        if viewer.is_of_institution:
            proposed = filings.filter(state=Filing.State.PROPOSED).exclude(item_id="")
            self._add(proposed, lambda pk: "proposed")

    def _add_recorded_besides(self, dossiers: Sequence[DossierPage], current: QuerySet[Filing]) -> None:
        """Sessions that a recording shows besides the one it is filed for; asked only where there are recordings."""
        shown = close_clocks(current) if self.recordings else {}
        for dossier in dossiers if shown else ():
            facts = self.recordings[dossier.pk]
            more = recorded_besides(
                {filing: shown[filing] for filing in facts if filing in shown},
                {filing: fact.session_key for filing, fact in facts.items()},
                self.timetable[dossier.pk],
                ruleset(dossier.ruleset_id).timetable,
            )
            self.filed[dossier.pk] += [
                replace(facts[filing], session_key=session) for filing, session in more
            ]

    def _add(self, filings, state_of) -> None:
        recording = FilingSheet.objects.filter(
            filing=OuterRef("pk"), sheet__upload__medium=Upload.Medium.RECORDING
        )
        told = (
            filings.order_by()
            .annotate(pages=Count("places", filter=Q(places__isnull=False)), electronic=Exists(recording))
            .values_list(
                "pk",
                "dossier_id",
                "item_id",
                "part",
                "enrolment_id",
                "session_id",
                "kind",
                "pages",
                "electronic",
            )
        )
        for pk, dossier, item_id, part, enrolment, session, kind, pages, electronic in told:
            fact = FiledFact(
                item_id=item_id,
                part=part or None,
                trainee_key=enrolment,
                session_key=session,
                pages=pages,
                state=state_of(pk),
                kind=kind or None,
                electronic=electronic,
            )
            self.filed[dossier].append(fact)
            if part == THEORY_VIDEO and fact.state != "proposed":
                self.recordings[dossier][pk] = fact


def _glance(dossier: DossierPage, rows: _Rows) -> Glance:
    key = dossier.pk
    counts = completeness(class_facts(dossier), rows.trainees[key], rows.sessions[key], rows.filed[key])
    returned = rows.returned_items[key]
    return Glance(
        dossier=dossier,
        items=tuple(
            GlanceItem(
                item=count.item,
                state=item_state(
                    count,
                    verdict_in_force(rows.verdicts[key].get(count.item_id, ""), count.item_id in returned),
                ),
                count=count,
            )
            for count in counts
        ),
        trainees=sum(not trainee.withdrawn for trainee in rows.trainees[key]),
        returns=len(returned),
    )
