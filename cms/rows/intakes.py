"""The trays of one body: each class with what waits in it."""

from dataclasses import dataclass

from django.db.models import Count, Q

from dossiers.models import Account, Sheet
from dossiers.permissions import visible_dossiers
from dossiers.states import INSTITUTION_MAY_CHANGE


@dataclass(frozen=True)
class IntakeRow:
    """One class: pages waiting in its tray, and whether it takes papers now."""

    class_no: str
    occupation: str
    url: str
    waiting: int
    takes_papers: bool


def intake_rows(account: Account) -> list[IntakeRow]:
    """Classes whose tray this account may open, the fullest first; two queries however many there are."""
    waiting = Count("sheets", filter=Q(sheets__state=Sheet.State.IN_TRAY))
    dossiers = visible_dossiers(account).annotate(waiting=waiting).order_by("-waiting", "-class_no")[:100]
    return [
        IntakeRow(
            class_no=dossier.class_no,
            occupation=dossier.occupation,
            url=dossier.screen("tray"),
            waiting=dossier.waiting,
            takes_papers=dossier.progress.state in INSTITUTION_MAY_CHANGE,
        )
        for dossier in dossiers
    ]
