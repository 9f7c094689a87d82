"""The steps of the intake tray: each acts on what the form names, remembers how to take it back, says where to look."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.db import transaction
from django.db.models import Min
from django.http import HttpRequest
from django.utils.translation import gettext

from cms.intake_steps import Step, remember, undo_last
from cms.rows.sheets import Place
from cms.rows.tray import Tray
from cms.seen import unseen
from cms.views import tray_papers
from cms.views.parsing import uuids
from cms.views.tray_forms import (
    EVERYTHING,
    Where,
    filed_paper,
    marked_sheets,
    next_in_view,
    place_chosen,
    sheet_in_view,
    stay,
)
from cms.views.tray_papers import moved_step
from dossiers.actions import ledger as filing_actions
from dossiers.actions import mending, moving, papers
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Filing, Sheet
from dossiers.sentences import gettext_noop, sentence


def take(request: HttpRequest, dossier: DossierPage) -> Where:
    """Do the step the pressed button names: `name`, or `name:UUID` where it is about one page of a paper."""
    name, _colon, about = request.POST.get("do", "").partition(":")
    if name in ABOUT_A_PAGE:
        return ABOUT_A_PAGE[name](request, dossier, about)
    return STEPS.get(name, _unknown)(request, dossier)


# Filing ---------------------------------------------------------------------------------------------------
def _confirm(request: HttpRequest, dossier: DossierPage) -> Where:
    """File the paper in view, all its pages in their order, where the clerk says."""
    held = Tray(dossier, viewer=request.user)
    entry = held.find(request.POST.get("sheet", ""))
    if entry is None or entry.sheet.state != Sheet.State.IN_TRAY:
        sheets = [sheet_in_view(request, dossier)]
    else:
        sheets = [one.sheet for one in held.paper(entry)]
    place = place_chosen(request, held.ledger)
    where, lay = next_in_view(request, sheets), papers.as_they_lie(sheets)
    with transaction.atomic():
        step = _file(request, held, sheets, place, lay)
    remember(request, dossier, step)
    told = {"place": place.label(held.ledger, held.people, held.sessions), "count": len(sheets)}
    messages.success(
        request,
        gettext("已归入 %(place)s，%(count)s 页一份。按 Ctrl Z 可撤销。") % told
        if len(sheets) > 1
        else gettext("已归入 %(place)s。按 Ctrl Z 可撤销。") % told,
    )
    return where


def _file(
    request: HttpRequest, held: Tray, sheets: Sequence[Sheet], place: Place, lay: Sequence[papers.Paper]
) -> Step:
    """Beside what lies there, behind it, or in its stead."""
    way = request.POST.get("replace", "yes")
    there, returned = held.last_at(place), held.returned_at(place)
    where = {
        "item_id": place.item_id,
        "part": place.part,
        "enrolment": held.people.get(place.enrolment),
        "session": held.sessions.get(place.session),
    }
    if way == "append" and there is not None:
        step = moved_step(there, lay)
        moving.move(there, by=request.user, besides=sheets, **where)
        return step
    if way == "there" and there is not None:
        filing_actions.file_sheets(held.dossier, sheets, by=request.user, replaces=there, **where)
    else:
        mends = returned if way != "no" else None
        mending.file_or_mend(held.dossier, sheets, by=request.user, returned=mends, **where)
    return Step.of("file", sheets, lay)


def _confirm_group(request: HttpRequest, dossier: DossierPage) -> Where:
    """Say yes to a whole group, once every page of it has been looked at; in the order they were scanned."""
    wanted = set(uuids(request.POST.getlist("filing")))
    rows = dossier.filings.filter(uuid__in=wanted, state=Filing.State.PROPOSED)
    rows = rows.annotate(upload=Min("places__sheet__upload"), page=Min("places__sheet__number"))
    filings = list(rows.prefetch_related("places__sheet").order_by("upload", "page", "pk"))
    sheets = [place.sheet for filing in filings for place in filing.places.all()]
    missed = unseen(request, dossier, [sheet.pk for sheet in sheets])
    if missed:
        raise NotReady(
            sentence(
                "not_paged_through",
                gettext_noop("这一组还有 %(count)s 页没有翻看。请点“翻看这一组”看过每一页，再整组确认。"),
                count=len(missed),
            )
        )
    if not filings or len(filings) != len(wanted):
        raise NotReady(sentence("group_changed", EVERYTHING))
    lay = papers.as_they_lie(sheets)
    done = filing_actions.confirm_many(dossier, filings, by=request.user)
    remember(request, dossier, Step.of("file", sheets, lay))
    messages.success(
        request, gettext("已整组归件 %(count)s 份。按 Ctrl Z 可整组撤销。") % {"count": len(done)}
    )
    return {"f": request.POST.get("f", "")}


def _move(request: HttpRequest, dossier: DossierPage) -> Where:
    """Put a filed paper elsewhere."""
    held = Tray(dossier, viewer=request.user)
    filing = filed_paper(request, dossier)
    place = place_chosen(request, held.ledger)
    step = moved_step(filing)
    moving.move(
        filing,
        by=request.user,
        item_id=place.item_id,
        part=place.part,
        enrolment=held.people.get(place.enrolment),
        session=held.sessions.get(place.session),
    )
    remember(request, dossier, step)
    label = place.label(held.ledger, held.people, held.sessions)
    messages.success(request, gettext("已移到 %(place)s。按 Ctrl Z 可撤销。") % {"place": label})
    return stay(request)


def _unfile(request: HttpRequest, dossier: DossierPage) -> Where:
    """Take a filed paper back into the tray."""
    filing = filed_paper(request, dossier)
    step = moved_step(filing)
    filing_actions.unfile(filing, by=request.user)
    remember(request, dossier, step)
    messages.success(request, gettext("已退回收件，去处留作建议。按 Ctrl Z 可撤销。"))
    return {"sheet": step.sheets[0]}


# Pages ----------------------------------------------------------------------------------------------------
def _discard(request: HttpRequest, dossier: DossierPage) -> Where:
    return _put_aside(request, dossier, [sheet_in_view(request, dossier)])


def _discard_marked(request: HttpRequest, dossier: DossierPage) -> Where:
    """Put every marked page aside; all or none."""
    sheets = list(marked_sheets(request, dossier))
    if not sheets:
        raise NotReady(sentence("nothing_marked", gettext_noop("还没有选页。请先勾选，再弃置。")))
    return _put_aside(request, dossier, sheets)


def _put_aside(request: HttpRequest, dossier: DossierPage, sheets: Sequence[Sheet]) -> Where:
    where, lay = next_in_view(request, sheets), papers.as_they_lie(sheets)
    with transaction.atomic():
        for sheet in sheets:
            filing_actions.discard(sheet, by=request.user)
    remember(request, dossier, Step.of("discard", sheets, lay))
    if len(sheets) > 1:
        messages.success(request, gettext("已弃置 %(count)s 页，原件仍在。") % {"count": len(sheets)})
    else:
        messages.success(request, gettext("已弃置，原件仍在。按 Ctrl Z 可撤销，也可在“已弃置”里放回。"))
    return where


def _put_back(request: HttpRequest, dossier: DossierPage) -> Where:
    sheet = sheet_in_view(request, dossier)
    filing_actions.put_back(sheet, by=request.user)
    remember(request, dossier, Step.of("put_back", [sheet]))
    messages.success(request, gettext("已放回收件。"))
    return {"sheet": str(sheet.uuid)}


def _turn(request: HttpRequest, dossier: DossierPage) -> Where:
    sheet = sheet_in_view(request, dossier)
    filing_actions.turn(sheet, by=request.user, degrees=90)
    remember(request, dossier, Step.of("turn", [sheet]))
    return stay(request)


def _undo(request: HttpRequest, dossier: DossierPage) -> Where:
    sheet = undo_last(request, dossier)
    messages.success(request, gettext("已撤销上一步。"))
    return {"sheet": sheet}


def _unknown(request: HttpRequest, dossier: DossierPage) -> Where:
    raise NotReady(sentence("unknown_step", EVERYTHING))


STEPS: dict[str, Callable[[HttpRequest, DossierPage], Where]] = {
    "confirm": _confirm,
    "confirm_group": _confirm_group,
    "move": _move,
    "unfile": _unfile,
    "bind": tray_papers.bind,
    "reorder": tray_papers.reorder,
    "cut": tray_papers.cut,
    "route": tray_papers.route,
    "discard": _discard,
    "discard_marked": _discard_marked,
    "put_back": _put_back,
    "turn": _turn,
    "undo": _undo,
}
ABOUT_A_PAGE: dict[str, Callable[[HttpRequest, DossierPage, str], Where]] = {
    "part": tray_papers.part,
    "loosen": tray_papers.loosen,
    "earlier": tray_papers.earlier,
    "later": tray_papers.later,
}
