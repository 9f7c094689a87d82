"""Where a dossier stands: its rows read once, in a fixed number of queries, and handed to the pure rooms."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from dossiers.completeness import FiledFact, ItemCompleteness, completeness
from dossiers.conditions import ClassFacts, SessionFacts, TraineeFacts
from dossiers.digests import item_digest, page_mark
from dossiers.ledgers import Ledger, LedgerItem, ReviewPoint
from dossiers.models import (
    Account,
    DossierPage,
    Enrolment,
    Filing,
    FilingSheet,
    ItemRecord,
    PointVerdict,
    ReturnNote,
    Session,
    Upload,
)
from dossiers.permissions import current_filings
from dossiers.recordings import THEORY_VIDEO, close_clocks, recorded_besides
from dossiers.rulesets import Ruleset, ruleset
from dossiers.states import ItemState, item_state


def ledger_of(dossier: DossierPage) -> Ledger:
    """The ledger this dossier was opened under, by the ruleset it keeps."""
    return ruleset(dossier.ruleset_id).ledger(dossier.ledger_id)


@dataclass(frozen=True)
class ItemStanding:
    """One ledger item as it stands now, for one viewer."""

    item: LedgerItem
    count: ItemCompleteness
    state: ItemState
    record: ItemRecord | None
    filings: tuple[Filing, ...]
    proposals: tuple[Filing, ...]
    returns: tuple[ReturnNote, ...]
    sha256: str

    @property
    def pages(self) -> list[str]:
        """The mark of each page that lies there, for comparing with those a verdict was given on."""
        return pages_of(self.filings)

    @property
    def last(self) -> tuple[str, object] | None:
        """Who touched it last, and when: the verdict, or the latest filing."""
        hands = [
            (filing.confirmed_by.full_name, filing.confirmed_at)
            for filing in self.filings
            if filing.confirmed_by
        ]
        if self.record and self.record.verdict_at and self.record.verdict_by:
            hands.append((self.record.verdict_by.full_name, self.record.verdict_at))
        return max(hands, key=lambda hand: hand[1]) if hands else None


class Standing:
    """All that the board, the review, the contents and the hand-in check ask of one dossier.

    Reads enrolments, sessions, filings with their sheets, proposals, item records and returns: one query a
    table, however many trainees there are.
    """

    def __init__(self, dossier: DossierPage, viewer: Account) -> None:
        self.dossier = dossier
        self.viewer = viewer

    @cached_property
    def ruleset(self) -> Ruleset:
        return ruleset(self.dossier.ruleset_id)

    @cached_property
    def ledger(self) -> Ledger:
        return ledger_of(self.dossier)

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        return list(self.dossier.enrolments.select_related("person").order_by("seq", "id"))

    @cached_property
    def sessions(self) -> list[Session]:
        return list(self.dossier.sessions.all())

    @cached_property
    def filings(self) -> list[Filing]:
        return with_sheets(current_filings(self.viewer, self.dossier))

    @cached_property
    def recorded_besides(self) -> list[tuple[int, int]]:
        """(filing, session) of recordings that by their clock show further sessions than the one filed for."""
        filed_for = {one.pk: one.session_id for one in self.filings if one.part == THEORY_VIDEO}
        if not filed_for:
            return []
        shown = close_clocks(current_filings(self.viewer, self.dossier))
        return recorded_besides(shown, filed_for, self.sessions, self.ruleset.timetable)

    @cached_property
    def proposals(self) -> list[Filing]:
        if not self.viewer.is_of_institution:
            return []
        return with_sheets(self.dossier.filings.filter(state=Filing.State.PROPOSED))

    @cached_property
    def records(self) -> dict[str, ItemRecord]:
        points = Prefetch("points", PointVerdict.objects.select_related("given_by"))
        rows = self.dossier.items.select_related("verdict_by").prefetch_related(points)
        return {record.item_id: record for record in rows}

    @cached_property
    def open_returns(self) -> list[ReturnNote]:
        notes = self.dossier.returns.filter(settled_at=None).select_related(
            "record", "returned_by", "filing__enrolment", "filing__session", "sheet__upload"
        )
        return list(notes.prefetch_related("filing__places"))

    @cached_property
    def class_facts(self) -> ClassFacts:
        return class_facts(self.dossier)

    @cached_property
    def trainee_facts(self) -> list[TraineeFacts]:
        return [trainee_facts(enrolment) for enrolment in self.enrolments]

    @cached_property
    def completeness(self) -> tuple[ItemCompleteness, ...]:
        returned = {note.filing_id for note in self.open_returns if note.filing_id}

        def fact(filing: Filing) -> FiledFact:
            return filed_fact(filing, "returned" if filing.pk in returned else "filed")

        filed = [fact(filing) for filing in self.filings]
        by_key = {filing.pk: filing for filing in self.filings}
        filed += [replace(fact(by_key[one]), session_key=session) for one, session in self.recorded_besides]
        proposed = [filed_fact(filing, "proposed") for filing in self.proposals if filing.item_id]
        sessions = [session_facts(session) for session in self.sessions]
        return completeness(self.class_facts, self.trainee_facts, sessions, filed + proposed)

    @cached_property
    def items(self) -> list[ItemStanding]:
        """Every item in the article's order, then the further papers."""
        filings, proposals, returns = _by_item(self.filings), _by_item(self.proposals), defaultdict(list)
        for note in self.open_returns:
            returns[note.record.item_id].append(note)
        return [
            self._item(count, filings[count.item_id], proposals[count.item_id], returns[count.item_id])
            for count in self.completeness
        ]

    def item(self, item_id: str) -> ItemStanding | None:
        """One item's standing, or None if this ledger has no such item."""
        return next((item for item in self.items if item.item.id == item_id), None)

    def _item(
        self,
        count: ItemCompleteness,
        filings: list[Filing],
        proposals: list[Filing],
        returns: list[ReturnNote],
    ) -> ItemStanding:
        record = self.records.get(count.item_id)
        return ItemStanding(
            item=count.item,
            count=count,
            state=item_state(count, verdict_in_force(record.verdict if record else "", bool(returns))),
            record=record,
            filings=tuple(filings),
            proposals=tuple(proposals),
            returns=tuple(returns),
            sha256=digest_of(filings),
        )


def verdict_in_force(verdict: str, has_open_returns: bool) -> str | None:
    """What `states.item_state` is told: an open return outweighs a tick."""
    if has_open_returns:
        return ItemRecord.Verdict.RETURNED.value
    return verdict if verdict == ItemRecord.Verdict.TICKED else None


def class_facts(dossier: DossierPage, today: date | None = None) -> ClassFacts:
    """What the conditions ask about a class."""
    return ClassFacts(
        ledger=ledger_of(dossier),
        stage=dossier.progress.stage,
        training_type=dossier.training_type,
        delivery_mode=dossier.delivery_mode,
        theory_lessons=dossier.theory_lessons,
        startup_category=dossier.startup_category or None,
        living_allowance_paid=dossier.living_allowance_paid,
        today=today or timezone.localdate(),
    )


def trainee_facts(enrolment: Enrolment) -> TraineeFacts:
    """What the conditions ask about a trainee."""
    return TraineeFacts(
        key=enrolment.pk,
        seq=enrolment.seq,
        name=enrolment.name,
        person_category=enrolment.person_category or None,
        passed=enrolment.passed,
        self_paid=enrolment.self_paid,
        employed_after_training=enrolment.employed_after_training,
        has_started_business=enrolment.has_started_business,
        withdrawn=enrolment.withdrawn_on is not None,
    )


def session_facts(session: Session) -> SessionFacts:
    """What completeness asks about a session."""
    return SessionFacts(session.pk, session.held_on, session.kind, session.lessons, str(session))


def filed_fact(filing: Filing, state: str) -> FiledFact:
    """A filing as completeness counts it; needs the prefetched places."""
    places = list(filing.places.all())
    return FiledFact(
        item_id=filing.item_id,
        part=filing.part or None,
        trainee_key=filing.enrolment_id,
        session_key=filing.session_id,
        pages=len(places),
        state=state,
        kind=filing.kind or None,
        electronic=is_electronic(filing),
    )


def is_electronic(filing: Filing) -> bool:
    """Whether the filing is a recording, which has no pages."""
    return any(place.sheet.upload.medium == Upload.Medium.RECORDING for place in filing.places.all())


def digest_of(filings: Iterable[Filing]) -> str:
    """What a verdict on an item binds to: the digest over its current filings."""
    return item_digest(
        (filing.part, str(filing.enrolment_id or ""), str(filing.session_id or ""), filing.sha256)
        for filing in filings
    )


def papers_of(point: ReviewPoint, filings: Iterable[Filing]) -> list[Filing]:
    """Of an item's filings those that this point is about."""
    return [filing for filing in filings if point.is_about(filing.part)]


def pages_of(filings: Iterable[Filing]) -> list[str]:
    """The mark of each page of these filings at its place; needs sheets and uploads joined."""
    return sorted(
        page_mark(
            (one.sheet.upload.blob.sha256, one.sheet.number, one.sheet.turn, one.sheet.region),
            place=f"{filing.part}:{filing.enrolment_id or ''}:{filing.session_id or ''}",
        )
        for filing in filings
        for one in filing.places.all()
    )


def with_sheets(filings: QuerySet[Filing]) -> list[Filing]:
    """These filings with their sheets, trainee and sitting: two queries."""
    places = Prefetch("places", FilingSheet.objects.select_related("sheet__upload__blob"))
    return list(filings.select_related("enrolment", "session", "confirmed_by").prefetch_related(places))


def _by_item(filings: Iterable[Filing]) -> defaultdict[str, list[Filing]]:
    grouped: defaultdict[str, list[Filing]] = defaultdict(list)
    for filing in filings:
        grouped[filing.item_id].append(filing)
    return grouped
