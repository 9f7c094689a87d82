"""Divider sheets to print: for the class, for each item, for each person of an item, for each item of a person."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.printing import qr_png
from cms.rows.sheets import item_title
from dossiers.dividers import Divider
from dossiers.ledgers import Ledger, LedgerItem, Per
from dossiers.models import DossierPage, Enrolment
from dossiers.standing import ledger_of

CLASS, ITEMS, PEOPLE, PERSON = "class", "items", "people", "person"
NAMES: dict[str, str | Promise] = {
    CLASS: _("全班一张"),
    ITEMS: _("每件一张"),
    PEOPLE: _("一件，每人一张"),
    PERSON: _("一人，每件一张"),
}


@dataclass(frozen=True)
class DividerSheet:
    """One A4 sheet: large words for people, a code for the reader."""

    item: str
    person: str
    seq: int
    payload: str

    @property
    def qr(self) -> str:
        return qr_png(self.payload)


def sheets(
    dossier: DossierPage, which: str, *, item_id: str = "", trainee: Enrolment | None = None
) -> list[DividerSheet]:
    """The sheets of one set; empty where the set needs an item or a person that the class does not have."""
    ledger = ledger_of(dossier)
    if which == CLASS:
        return [_sheet(dossier, None, None)]
    if which == ITEMS:
        return [_sheet(dossier, item, None) for item in ledger]
    if which == PEOPLE and ledger.has(item_id):
        return [_sheet(dossier, ledger.item(item_id), person) for person in staying(dossier)]
    if which == PERSON and trainee is not None:
        return [_sheet(dossier, item, trainee) for item in of_trainees(ledger)]
    return []


def staying(dossier: DossierPage) -> Iterable[Enrolment]:
    return dossier.enrolments.filter(withdrawn_on=None).order_by("seq")


def of_trainees(ledger: Ledger) -> list[LedgerItem]:
    """The items that each trainee answers for herself."""
    return [item for item in ledger if _is_of_trainee(item)]


def _is_of_trainee(item: LedgerItem) -> bool:
    return item.per == Per.TRAINEE or any(part.per == Per.TRAINEE for part in item.parts)


def _sheet(dossier: DossierPage, item: LedgerItem | None, person: Enrolment | None) -> DividerSheet:
    said = Divider(dossier.class_no, item.id if item else "", str(person.uuid) if person else "")
    return DividerSheet(
        item=item_title(item) if item else "",
        person=person.name if person else "",
        seq=person.seq if person else 0,
        payload=said.payload,
    )
