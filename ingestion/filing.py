"""From reading to the dossier: what was read is kept as evidence, and a place is proposed; a person decides.

ID numbers of the roster are opened here in memory only; nothing but codes and harmless words leaves in a reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Q

from dossiers.actions import ledger as actions
from dossiers.actions.papers import Suggestion
from dossiers.dividers import Holder, is_divider, route
from dossiers.ledgers import Ledger, Status
from dossiers.matching import Candidate, Match, ReadingFacts, RosterEntry, follow_on, match
from dossiers.models import DossierPage, Enrolment, Filing, Likeness, Sheet, Upload
from dossiers.numbering import holds_id_number
from dossiers.sentences import Sentence
from dossiers.standing import Standing
from foundation.crashpoints import crash_point
from ingestion.keeping import keep_reading, shows_identity
from ingestion.kinds import OTHER, Identity, kind
from ingestion.reading import DocumentReading, FieldState, PageResult
from ingestion.targets import Aim, aimed
from ingestion.twins import Known, note_twins

__all__ = [
    "Class",
    "Placed",
    "class_of",
    "close_paper",
    "file_page",
    "keep_reading",
    "place_of",
    "shows_identity",
    "suggestion_of",
]

NAMES_AND_NUMBERS = frozenset({"read", "name", "id_number"})  # parameters that never stay in a reason
DATES = ("issued_on", "signed_on", "inspected_on", "date")
NO_PLACE = Match(None, None, None, 0.0)
DIVIDER = "divider_sheet"
FIRST_PAGE, SIGNATURE_PAGE = "first_page", "signature_page"


@dataclass(frozen=True)
class Class:
    """What a page is held against, read once an upload: ledger, roster, items that apply, where else it lies."""

    dossier: DossierPage
    ledger: Ledger
    enrolments: dict[int, Enrolment]
    roster: tuple[RosterEntry, ...]
    open_items: frozenset[str]
    known_elsewhere: tuple[str, ...]
    aim: Aim
    known: Known = field(default_factory=Known, compare=False, repr=False)

    @property
    def holders(self) -> tuple[Holder, ...]:
        """The trainees as dividers name them; who has left is nobody a pile is parted for."""
        staying = (one for one in self.enrolments.values() if one.withdrawn_on is None)
        return tuple(Holder(one.pk, str(one.uuid), one.seq) for one in staying)


@dataclass(frozen=True)
class Placed:
    """What became of one page; `match` is what a following page may follow."""

    match: Match
    filing: Filing | None

    @property
    def has_place(self) -> bool:
        return self.filing is not None and bool(self.filing.item_id)


def class_of(upload: Upload) -> Class:
    """Everything the pages of one upload are held against."""
    dossier = upload.dossier
    standing = Standing(dossier, upload.received_by)
    enrolments = dossier.enrolments.select_related("person").order_by("seq", "id")
    by_key = {enrolment.pk: enrolment for enrolment in enrolments}
    return Class(
        dossier=dossier,
        ledger=standing.ledger,
        enrolments=by_key,
        roster=tuple(_roster_entry(enrolment) for enrolment in by_key.values()),
        open_items=frozenset(
            count.item_id for count in standing.completeness if count.status != Status.NOT_APPLICABLE
        ),
        known_elsewhere=_elsewhere(upload),
        aim=Aim(upload.target_item or None, upload.target_enrolment_id),
    )


def file_page(sheet: Sheet, page: PageResult, *, of: Class, previous: Placed | None) -> Placed:
    """Keep the reading and propose a place for the sheet. The caller holds the transaction.

    A page that goes on with the paper before it becomes that paper's next page; a page that stands for itself
    begins one. What was before a blank page is what the page behind it may follow.
    """
    twins = note_twins(keep_reading(sheet, page), of.known)
    crash_point("while_filing")
    if twins:
        of = replace(of, known_elsewhere=tuple(sorted({*of.known_elsewhere, *_classes_of(twins, sheet)})))
    found = place_of(page, of=of, previous=previous.match if previous else None)
    paper = _goes_on_with(page, found, previous)
    if paper is not None and not found.has("follows_previous_page"):
        found = replace(found, reasons=(Sentence("follows_previous_page", ""), *found.reasons))
    proposal = actions.propose(sheet, **_told(page, found, of), continues=paper)
    if page.blank and previous is not None:
        return previous
    if paper is not None and proposal is not None and proposal.pk == paper.pk and previous is not None:
        return Placed(previous.match, proposal)
    close_paper(previous, of=of, next_part=found.part if _same_owner(found, previous) else None)
    return Placed(found, proposal)


def close_paper(previous: Placed | None, *, of: Class, next_part: str | None = None) -> None:
    """Where a paper of several pages ends without the signature page its item asks for, its last page is that page.

    A hint like every suggestion: a contract's signature page often bears nothing but two hands and a date.
    """
    paper = previous.filing if previous else None
    if previous is None or paper is None or paper.part != FIRST_PAGE or next_part == SIGNATURE_PAGE:
        return
    if not of.ledger.has(paper.item_id) or of.ledger.item(paper.item_id).part(SIGNATURE_PAGE) is None:
        return
    pages = list(paper.places.filter(filing__state=Filing.State.PROPOSED).select_related("sheet"))
    hint = follow_on(previous.match, previous.match.kind, SIGNATURE_PAGE)
    if len(pages) < 2 or hint is None:
        return
    actions.propose(
        pages[-1].sheet,
        engine=paper.proposed_by,
        item_id=paper.item_id,
        part=SIGNATURE_PAGE,
        enrolment=paper.enrolment,
        kind=paper.kind,
        confidence=hint.confidence,
        reasons=[stored_reason(reason) for reason in hint.reasons],
    )


def suggestion_of(page: PageResult, *, of: Class, previous: Match | None = None) -> Suggestion:
    """What would be suggested for a page that lies for itself; writes nothing."""
    told = _told(page, place_of(page, of=of, previous=previous), of)
    enrolment, dated_on = told["enrolment"], told["dated_on"]
    return Suggestion(
        item_id=told["item_id"],
        part=told["part"],
        enrolment=str(enrolment.uuid) if enrolment else "",
        kind=told["kind"],
        proposed_by=told["engine"],
        confidence=told["confidence"],
        reasons=tuple(told["reasons"]),
        alternatives=tuple(told["alternatives"]),
        dated_on=dated_on.isoformat() if dated_on else "",
        document_no=told["document_no"],
    )


def _told(page: PageResult, found: Match, of: Class) -> dict[str, Any]:
    """A match as a proposal keeps it."""
    return {
        "engine": f"{page.engine} {page.engine_version}".strip()[:40],
        "item_id": found.item_id or "",
        "part": found.part or "",
        "enrolment": of.enrolments.get(found.trainee_key),
        "kind": found.kind if found.kind != OTHER else "",
        "confidence": found.confidence,
        "reasons": [stored_reason(reason) for reason in found.reasons],
        "alternatives": [_stored_candidate(candidate, of) for candidate in found.alternatives],
        "dated_on": _dated_on(page.main),
        "document_no": _document_no(page.main),
    }


def _goes_on_with(page: PageResult, found: Match, previous: Placed | None) -> Filing | None:
    """The suggested paper that this page is the next page of: of one kind, one item, one person."""
    paper = previous.filing if previous else None
    if previous is None or paper is None or not paper.item_id or page.blank or not found.kind:
        return None
    if not (page.follows_previous or found.has("follows_previous_page")) or not kind(found.kind).follows:
        return None
    here = (found.item_id, found.part or "", found.trainee_key)
    return paper if here == (paper.item_id, paper.part, paper.enrolment_id) else None


def _same_owner(found: Match, previous: Placed | None) -> bool:
    return previous is not None and found.trainee_key == previous.match.trainee_key


def place_of(page: PageResult, *, of: Class, previous: Match | None) -> Match:
    """The place the page's own words, the page before it and the sender's aim speak for; what is odd comes first."""
    if page.blank:
        return replace(NO_PLACE, reasons=(Sentence("blank", ""),))
    if (told := _divided(page, of)) is not None:
        return replace(NO_PLACE, reasons=(told,), kind=DIVIDER)
    found = _place_by_words(page, of=of, previous=previous)
    notes = tuple(Sentence(note, "") for note in page.notes)
    return replace(found, reasons=(*notes, *found.reasons))


def _divided(page: PageResult, of: Class) -> Sentence | None:
    """Where a divider sheet sends what follows, or why nowhere; None for a page that is none."""
    payload = next((code.payload for code in page.codes if is_divider(code.payload)), None)
    if payload is None:
        return Sentence("divider_unreadable", "") if page.kind == DIVIDER else None
    leads = route(payload, class_no=of.dossier.class_no, ledger=of.ledger, roster=of.holders)
    if leads.problem:
        return Sentence(leads.problem, "")
    enrolment = of.enrolments.get(leads.trainee_key)
    return Sentence(
        "divider", "", {"item": leads.item_id, "trainee": str(enrolment.uuid) if enrolment else ""}
    )


def _place_by_words(page: PageResult, *, of: Class, previous: Match | None) -> Match:
    found = match(
        reading_facts(page),
        of.roster,
        of.ledger,
        open_items=of.open_items,
        class_no=of.dossier.class_no,
        occupation=of.dossier.occupation,
        known_elsewhere=of.known_elsewhere,
    )
    if found.trainee_key is None and not _names_somebody(page) and previous is not None:
        found = follow_on(previous, page.kind, page.main.part) or found
    return aimed(found, of.aim, of.ledger)


def reading_facts(page: PageResult) -> ReadingFacts:
    """What matching asks of a page, from the document that speaks for it."""
    main = page.main
    name, number = main.field("name"), main.field("id_number")
    return ReadingFacts(
        kind=main.kind,
        kind_confidence=main.confidence,
        name=name.value if name else "",
        name_confidence=name.confidence if name else 1.0,
        id_number=number.value if number else "",
        id_number_confidence=number.confidence if number else 1.0,
        id_number_valid=_is_valid(number.state) if number else None,
        certificate_no=_value(main, "certificate_no"),
        class_no=_value(main, "class_no"),
        title=main.title,
        occupation=_value(main, "occupation"),
        part=main.part or None,
        people=_people_on(page.documents),
    )


def stored_reason(reason: Sentence) -> dict[str, Any]:
    """A reason as the proposal keeps it: its code, and parameters that are neither name nor number."""
    params = {key: value for key, value in reason.params.items() if key not in NAMES_AND_NUMBERS}
    return {"code": reason.code, "params": params}


def _roster_entry(enrolment: Enrolment) -> RosterEntry:
    return RosterEntry(
        key=enrolment.pk,
        seq=enrolment.seq,
        name=enrolment.name,
        id_number=enrolment.person.id_number.reveal_or_empty(),
        withdrawn=enrolment.withdrawn_on is not None,
    )


def _elsewhere(upload: Upload) -> tuple[str, ...]:
    """Class numbers in which the same bytes lie."""
    twins = Upload.objects.filter(blob_id=upload.blob_id, withdrawn_at=None)
    return _class_numbers(upload.dossier, twins.values_list("dossier_id", flat=True))


def _classes_of(twins: Iterable[Likeness], sheet: Sheet) -> tuple[str, ...]:
    """Class numbers in which the same picture lies."""
    ends = {end for twin in twins for end in (twin.first_id, twin.again_id)} - {sheet.pk}
    return _class_numbers(
        sheet.dossier, Sheet.objects.filter(pk__in=ends).values_list("dossier_id", flat=True)
    )


def _class_numbers(dossier: DossierPage, others: Iterable[int]) -> tuple[str, ...]:
    """Of these dossiers, those seen by every body of this class: nobody learns of a neighbour's."""
    seen = DossierPage.objects.filter(pk__in=others).exclude(pk=dossier.pk)
    for body in {dossier.opener_id, dossier.trainer_id}:
        seen = seen.filter(Q(opener_id=body) | Q(trainer_id=body))
    return tuple(sorted(set(seen.values_list("class_no", flat=True))))


def _names_somebody(page: PageResult) -> bool:
    return any(document.field("name") or document.field("id_number") for document in page.documents)


def _is_valid(state: FieldState) -> bool | None:
    return {FieldState.CHECKED: True, FieldState.SUSPECT: False, FieldState.MALFORMED: False}.get(state)


def _people_on(documents: Iterable[DocumentReading]) -> int:
    """How many persons' papers lie on one page: fronts that bear different names or numbers."""
    persons = {
        (_value(document, "id_number"), _value(document, "name"))
        for document in documents
        if kind(document.kind).identity == Identity.PERSON
        and (document.field("name") or document.field("id_number"))
    }
    return max(1, len(persons))


def _value(document: DocumentReading, name: str) -> str:
    found = document.field(name)
    return found.value if found else ""


def _document_no(document: DocumentReading) -> str:
    """The printed number, unless it holds its holder's ID number: that stays sealed among the fields."""
    printed = _value(document, "certificate_no")[:60]
    return "" if holds_id_number(printed) else printed


def _dated_on(document: DocumentReading) -> date | None:
    for name in DATES:
        try:
            return date.fromisoformat(_value(document, name))
        except ValueError:
            continue
    return None


def _stored_candidate(candidate: Candidate, of: Class) -> dict[str, Any]:
    enrolment = of.enrolments.get(candidate.trainee_key)
    return {
        "item_id": candidate.item_id or "",
        "part": candidate.part or "",
        "enrolment": str(enrolment.uuid) if enrolment else "",
        "confidence": candidate.confidence,
    }
