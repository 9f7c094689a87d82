"""Pages of one class that show what another page shows, side by side, as far as this person may see both."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.rows.evidence import FIELD_NAMES
from cms.rows.sheets import SheetRow, item_title, sheet_row
from dossiers.models import Account, DossierPage, Filing, Likeness, Sheet
from dossiers.permissions import visible_filings, visible_sheets
from dossiers.standing import ledger_of

MOST = 30
HOW: dict[str, str | Promise] = {
    Likeness.How.BYTES: _("字节完全相同，是同一文件"),
    Likeness.How.PICTURE: _("图像相同，存成了两个文件"),
}


@dataclass(frozen=True)
class Side:
    """One of the two pages: where it lies, of whom, and its picture."""

    row: SheetRow
    class_no: str
    body: str
    place: str
    state: str
    url: str
    is_identity: bool
    is_this_class: bool


@dataclass(frozen=True)
class Pair:
    """Two pages that show the same, the earlier one left."""

    left: Side
    right: Side
    how: str | Promise
    agreed: tuple[str | Promise, ...]

    @property
    def crosses(self) -> bool:
        return not (self.left.is_this_class and self.right.is_this_class)


@dataclass(frozen=True)
class Found:
    """What is shown, and how much there is."""

    pairs: tuple[Pair, ...]
    count: int


def alike_pages(dossier: DossierPage, viewer: Account, sheet: Sheet | None = None) -> Found:
    """Every pair this viewer may see both pages of; of one page, or of the whole class."""
    rows = seen_pairs(dossier, viewer)
    if sheet is not None:
        rows = rows.filter(Q(first=sheet) | Q(again=sheet))
    shown = list(
        rows.select_related(
            "first__upload",
            "again__upload",
            "first__dossier__opener",
            "again__dossier__opener",
            "first__dossier__trainer",
            "again__dossier__trainer",
        )[:MOST]
    )
    places = _places(viewer, [end for pair in shown for end in (pair.first, pair.again)])
    return Found(tuple(_pair(dossier, pair, places) for pair in shown), rows.count())


def seen_pairs(dossier: DossierPage, viewer: Account) -> QuerySet[Likeness]:
    """The likenesses of a class's pages, where this viewer may see both; what was taken back or put aside is none."""
    seen = visible_sheets(viewer).exclude(
        state__in=[Sheet.State.WITHDRAWN, Sheet.State.DISCARDED, Sheet.State.CUT]
    )
    rows = Likeness.objects.filter(Q(first__dossier=dossier) | Q(again__dossier=dossier))
    return rows.filter(first__in=seen.values("pk"), again__in=seen.values("pk")).order_by("-id")


def count_among(dossier: DossierPage, viewer: Account, filings: Iterable[Filing]) -> int:
    """How many pairs the pages of these filings have a part in; their places must be at hand."""
    named = [place.sheet_id for filing in filings for place in filing.places.all()]
    pairs = seen_pairs(dossier, viewer)
    return pairs.filter(Q(first__in=named) | Q(again__in=named)).count() if named else 0


def _places(viewer: Account, sheets: Iterable[Sheet]) -> dict[int, str]:
    """What each sheet is filed or suggested as, for this viewer."""
    rows = visible_filings(viewer).filter(
        places__sheet__in=[sheet.pk for sheet in sheets],
        state__in=(Filing.State.FILED, Filing.State.PROPOSED, Filing.State.REPLACED),
    )
    told: dict[int, str] = {}
    for filing in rows.select_related("enrolment", "dossier").prefetch_related("places").order_by("id"):
        ledger = ledger_of(filing.dossier)
        if ledger.has(filing.item_id):
            words = [
                item_title(ledger.item(filing.item_id)),
                filing.enrolment.name if filing.enrolment else "",
            ]
            told |= {place.sheet_id: " · ".join(filter(None, words)) for place in filing.places.all()}
    return told


def _pair(dossier: DossierPage, pair: Likeness, places: dict[int, str]) -> Pair:
    return Pair(
        left=_side(dossier, pair.first, places),
        right=_side(dossier, pair.again, places),
        how=HOW[Likeness.How(pair.how)],
        agreed=tuple(FIELD_NAMES.get(name, name) for name in pair.agreed),
    )


def _side(dossier: DossierPage, sheet: Sheet, places: dict[int, str]) -> Side:
    home = sheet.dossier
    return Side(
        row=sheet_row(sheet),
        class_no=home.class_no,
        body=home.opener.title
        if home.opener_id == home.trainer_id
        else f"{home.opener.title} · {home.trainer.title}",
        place=places.get(sheet.pk, ""),
        state=str(sheet.get_state_display()),
        url=home.screen("sheet", sheet.uuid),
        is_identity=sheet.shows_identity,
        is_this_class=home.pk == dossier.pk,
    )
