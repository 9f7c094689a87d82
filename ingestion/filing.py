"""From reading to the dossier: what was read is kept as evidence, and a place is proposed; a person decides.

ID numbers of the roster are opened here in memory only; nothing but codes and harmless words leaves in a reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dossiers.actions import ledger as actions
from dossiers.ledgers import Ledger, Status
from dossiers.matching import Candidate, Match, ReadingFacts, RosterEntry, follow_on, match
from dossiers.models import DossierPage, Enrolment, Filing, Sheet, Upload
from dossiers.numbering import holds_id_number
from dossiers.sentences import Sentence
from dossiers.standing import Standing
from foundation.crashpoints import crash_point
from ingestion.kinds import OTHER, Identity, kind
from ingestion.masking import masked
from ingestion.models import FieldReading, PageReading
from ingestion.reading import DocumentReading, FieldState, PageResult
from ingestion.reading import FieldReading as ReadValue
from ingestion.targets import Aim, aimed

NAMES_AND_NUMBERS = frozenset({"read", "name", "id_number"})  # parameters that never stay in a reason
DATES = ("issued_on", "signed_on", "inspected_on", "date")
NO_PLACE = Match(None, None, None, 0.0)


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


def file_page(sheet: Sheet, page: PageResult, *, of: Class, previous: Match | None) -> Placed:
    """Keep the reading and propose a place for the sheet. The caller holds the transaction."""
    keep_reading(sheet, page)
    crash_point("while_filing")
    found = place_of(page, of=of, previous=previous)
    proposal = actions.propose(
        sheet,
        engine=f"{page.engine} {page.engine_version}".strip()[:40],
        item_id=found.item_id or "",
        part=found.part or "",
        enrolment=of.enrolments.get(found.trainee_key),
        kind=found.kind if found.kind != OTHER else "",
        confidence=found.confidence,
        reasons=[stored_reason(reason) for reason in found.reasons],
        alternatives=[_stored_candidate(candidate, of) for candidate in found.alternatives],
        dated_on=_dated_on(page.main),
        document_no=_document_no(page.main),
    )
    return Placed(found, proposal)


def place_of(page: PageResult, *, of: Class, previous: Match | None) -> Match:
    """The place the page's own words, the page before it and the sender's aim speak for; what is odd comes first."""
    if page.blank:
        return replace(NO_PLACE, reasons=(Sentence("blank", ""),))
    found = _place_by_words(page, of=of, previous=previous)
    notes = tuple(Sentence(note, "") for note in page.notes)
    return replace(found, reasons=(*notes, *found.reasons))


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
        found = follow_on(previous, page.kind) or found
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


def keep_reading(sheet: Sheet, page: PageResult) -> PageReading:
    """The evidence of one page, replacing what an earlier reading left."""
    reading, _is_new = PageReading.objects.update_or_create(
        sheet=sheet,
        defaults={
            "engine": page.engine,
            "engine_version": page.engine_version,
            "kind": page.kind,
            "kind_confidence": page.kind_confidence,
            "documents": [_stored_document(document) for document in page.documents],
            "engines": list(page.engines),
            "notes": list(page.notes),
            "rotation": page.page.rotation,
            "lines": PageReading.sealed_lines(
                {"text": line.text, "confidence": round(line.confidence, 3), "quad": line.quad.as_list()}
                for line in page.lines
            ),
            "masked_text": masked(page.text),
            "cpu_seconds": page.cpu_seconds,
            "read_at": timezone.now(),
        },
    )
    reading.fields.all().delete()
    FieldReading.objects.bulk_create(_stored_fields(reading, page.documents))
    Sheet.objects.filter(pk=sheet.pk).update(
        width=page.page.width,
        height=page.page.height,
        is_blank=page.blank,
        shows_identity=shows_identity(page),
    )
    return reading


def _stored_document(document: DocumentReading) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "confidence": round(document.confidence, 3),
        "quad": document.quad.as_list(),
        "title": document.title,
        "part": document.part,
    }


def _stored_fields(reading: PageReading, documents: Sequence[DocumentReading]) -> Iterator[FieldReading]:
    for number, document in enumerate(documents):
        for field in document.fields:
            yield _stored_field(reading, field, document=number, row=None)
        for row, cells in enumerate(document.rows):
            for cell in cells:
                yield _stored_field(reading, cell, document=number, row=row)


def _stored_field(reading: PageReading, field: ReadValue, *, document: int, row: int | None) -> FieldReading:
    return FieldReading(
        reading=reading,
        document=document,
        row=row,
        name=field.name,
        value=FieldReading.sealed(field.value),
        value_index=FieldReading.index_of(field.name, field.value),
        confidence=field.confidence,
        quad=field.quad.as_list() if field.quad else None,
        state=field.state.value,
        problem=field.problem,
    )


def shows_identity(page: PageResult) -> bool:
    """Whether the picture may show a person's number: so unless the kind is known to be nobody's paper."""
    if page.blank:
        return False
    if any(
        document.kind == OTHER or kind(document.kind).identity != Identity.NONE for document in page.documents
    ):
        return True
    return masked(page.text) != page.text and "*" in masked(page.text)


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
    """Class numbers, seen by every body of this class, in which the same bytes lie: nobody learns of a neighbour's."""
    twins = Upload.objects.filter(blob_id=upload.blob_id, withdrawn_at=None)
    for body in {upload.dossier.opener_id, upload.dossier.trainer_id}:
        twins = twins.filter(Q(dossier__opener_id=body) | Q(dossier__trainer_id=body))
    twins = twins.exclude(dossier_id=upload.dossier_id)
    return tuple(sorted(set(twins.values_list("dossier__class_no", flat=True))))


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


def follow(placed: Sequence[Placed]) -> Match | None:
    """The match that the next page of the pile may follow."""
    return placed[-1].match if placed else None
