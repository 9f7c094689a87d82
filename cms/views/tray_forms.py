"""What a form of the tray names: the page in view, marked pages, a paper, a place; and where to look next."""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.http import HttpRequest

from cms.rows.sheets import Place
from cms.rows.tray import Tray
from cms.rows.tray_entries import Entry
from cms.views.parsing import uuids
from dossiers.exceptions import NotReady
from dossiers.ledgers import Ledger, Per
from dossiers.models import DossierPage, Filing, Sheet
from dossiers.sentences import gettext_noop, sentence

EVERYTHING = gettext_noop("这里没有页可以处理。请刷新后再看。")
Where = dict[str, str]


def place_chosen(request: HttpRequest, ledger: Ledger) -> Place:
    """What the clerk chose: one of the places offered, or another item and person."""
    chosen = request.POST.get("place", "")
    if chosen and chosen != "other":
        return _completed(Place.read(chosen), request, ledger)
    item_id, _bar, part = request.POST.get("item", "").partition("|")
    if not item_id:
        raise NotReady(
            sentence("no_choice", gettext_noop("还没有选归到哪里。请按 1、2、3 选一处，或选其他件与人。"))
        )
    return Place(item_id, part, request.POST.get("enrolment", ""), request.POST.get("session", ""))


def _completed(place: Place, request: HttpRequest, ledger: Ledger) -> Place:
    """A place offered without its person or sitting takes the one chosen beside it, where the item asks for one."""
    if not ledger.has(place.item_id):
        return place
    item = ledger.item(place.item_id)
    part = item.part(place.part)
    if item.per == Per.TRAINEE and not place.enrolment:
        return replace(place, enrolment=request.POST.get("enrolment", ""))
    if part and part.per == Per.SESSION and not place.session:
        return replace(place, session=request.POST.get("session", ""))
    return place


def sheet_in_view(request: HttpRequest, dossier: DossierPage) -> Sheet:
    return sheet_named(dossier, request.POST.get("sheet", ""))


def sheet_named(dossier: DossierPage, named: str) -> Sheet:
    found = sheets_named(dossier, [named]).first()
    if found is None:
        raise NotReady(sentence("no_such_page", EVERYTHING))
    return found


def paper_of(dossier: DossierPage, named: str) -> tuple[Filing, Sheet]:
    """The suggested or filed paper that this page lies in."""
    sheet = sheet_named(dossier, named)
    states = (Filing.State.PROPOSED, Filing.State.FILED)
    rows = dossier.filings.filter(places__sheet=sheet, state__in=states)
    filing = rows.select_related("enrolment", "session", "dossier").first()
    if filing is None:
        raise NotReady(sentence("no_such_page", EVERYTHING))
    return filing, sheet


def filed_paper(request: HttpRequest, dossier: DossierPage) -> Filing:
    filing, _sheet_of_it = paper_of(dossier, request.POST.get("sheet", ""))
    return filing


def marked_sheets(request: HttpRequest, dossier: DossierPage) -> QuerySet[Sheet]:
    return sheets_named(dossier, request.POST.getlist("mark"))


def sheets_named(dossier: DossierPage, named: Sequence[str]) -> QuerySet[Sheet]:
    rows = dossier.sheets.select_related("upload__blob", "upload__received_by", "dossier__progress")
    return rows.filter(uuid__in=uuids(named))


def stay(request: HttpRequest) -> Where:
    """The same page under the same filter."""
    return {key: request.POST.get(key, "") for key in ("f", "sheet", "group")}


def next_in_view(request: HttpRequest, leaving: Sequence[Sheet]) -> Where:
    """The page to show next: the one after those about to leave, under the same filter."""
    chosen, group = request.POST.get("f", ""), request.POST.get("group", "")
    held = Tray(request.dossier, chosen=chosen, viewer=request.user)
    left = {sheet.pk for sheet in leaving}
    order: list[Entry] = held.shown
    places = [at for at, entry in enumerate(order) if entry.sheet.pk in left]
    behind = order[places[-1] + 1 :] if places else order
    rest = [entry for entry in [*behind, *order] if entry.sheet.pk not in left]
    return {"f": chosen, "group": group, "sheet": str(rest[0].uuid) if rest else ""}
