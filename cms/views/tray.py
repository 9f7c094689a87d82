"""The intake tray: pages wait here until a person says what they are; every step can be undone."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from cms.intake_steps import Step, remember, undo_last, undoable
from cms.rows.evidence import evidence_of
from cms.rows.intakes import intake_rows
from cms.rows.sheets import Place, item_label
from cms.rows.tray import GROUPS_SHOWN, Tray
from cms.rows.tray_entries import Entry, Group
from cms.seen import mark_seen, unseen
from cms.views.doors import refusals, screen, site_view
from cms.views.header import dossier_context
from cms.views.parsing import uuids
from cms.wording import state_name
from dossiers.actions import ledger as filing_actions
from dossiers.exceptions import NotReady
from dossiers.ledgers import Ledger, Per
from dossiers.models import DossierPage, Filing, Sheet
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE

EVERYTHING = gettext_noop("这里没有页可以处理。请刷新后再看。")


@site_view(Act.FILE)
@require_GET
def intakes(request: HttpRequest) -> HttpResponse:
    """Every class of this body with what waits in its tray; the only one opens at once."""
    rows = intake_rows(request.user)
    waiting = [row for row in rows if row.waiting]
    if len(waiting) == 1 and len(rows) == 1:
        return redirect(waiting[0].url)
    return render(request, "dossiers/intakes.html", {"rows": rows})


@screen(Act.UPLOAD)
@require_http_methods(["GET", "POST"])
def tray(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Show the tray; a POST does one step and comes back to the next page."""
    if request.method == "GET":
        return _drawn(request, dossier)
    with refusals(request) as refused:
        where = STEPS.get(request.POST.get("do", ""), _unknown)(request, dossier)
    if refused:
        return _drawn(request, dossier, status=refused.status)
    return redirect(f"{dossier.screen('tray')}?{urlencode({k: v for k, v in where.items() if v})}")


def _drawn(request: HttpRequest, dossier: DossierPage, status: int = 200) -> HttpResponse:
    asked = request.GET if request.method == "GET" else request.POST
    held = Tray(dossier, chosen=asked.get("f", ""))
    group = held.group(asked.get("group", ""))
    current = _current(held, asked.get("sheet", ""), group)
    seen = [entry.sheet.pk for entry in group.entries] if group else []
    mark_seen(request, dossier, [*seen, *([current.sheet.pk] if current else [])])
    before, after = held.neighbours(current) if current else (None, None)
    context = dossier_context(request, dossier, "tray") | {
        "tray": held,
        "groups": [group] if group else held.groups[:GROUPS_SHOWN],
        "more_groups": 0 if group else max(len(held.groups) - GROUPS_SHOWN, 0),
        "opened": group,
        "current": current,
        "is_discarded": bool(current and current.sheet.state == Sheet.State.DISCARDED),
        "before": before,
        "after": after,
        "position": held.shown.index(current) + 1 if current in held.shown else 0,
        "candidates": held.candidates(current) if current else [],
        "evidence": evidence_of(current.sheet) if current else None,
        "returned_here": bool(held.returned),
        "state_name": state_name(dossier.progress.state),
        "can_change": dossier.progress.state in INSTITUTION_MAY_CHANGE,
        "undo": undoable(request, dossier),
        "pick": _picker(held),
        "chosen": asked.get("f", ""),
    }
    return render(request, "dossiers/tray.html", context, status=status)


def _current(held: Tray, uuid: str, group: Group | None) -> Entry | None:
    """The page asked for, else the first of the opened group, else the first there is."""
    found = held.find(uuid) if uuid else None
    first = next(iter(group.entries if group else held.shown), None)
    return found or first


def _picker(held: Tray) -> list[tuple[str, str]]:
    """Every place a page may go, without the person: value and label, in the article's order."""
    rows = []
    for item in held.ledger:
        rows.append((f"{item.id}|", item_label(item)))
        rows.extend(
            (f"{item.id}|{part.id}", f"{item_label(item)} · {gettext(part.name)}") for part in item.parts
        )
    return rows


# Steps ----------------------------------------------------------------------------------------------------
def _confirm(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    """File the page in view where the clerk says."""
    return _file(request, dossier, [_sheet(request, dossier)])


def _join(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    """File the page in view and the marked ones as one paper, in the order of their uploads."""
    current = _sheet(request, dossier)
    marked = _marked(request, dossier).exclude(pk=current.pk)
    if not marked:
        raise NotReady(
            sentence("nothing_marked", gettext_noop("还没有选别的页。请先勾选要合为一份的页，再按合为一份。"))
        )
    together = sorted([current, *marked], key=lambda sheet: (sheet.upload_id, sheet.number))
    return _file(request, dossier, together)


def _file(request: HttpRequest, dossier: DossierPage, sheets: Sequence[Sheet]) -> dict[str, str]:
    held = Tray(dossier)
    place = _place(request, held.ledger)
    following = _following(request, sheets)
    filed = filing_actions.file_sheets(
        dossier,
        sheets,
        by=request.user,
        item_id=place.item_id,
        part=place.part,
        enrolment=held.people.get(place.enrolment),
        session=held.sessions.get(place.session),
        replaces=held.returned_at(place) if request.POST.get("replace", "yes") == "yes" else None,
    )
    remember(request, dossier, Step("file", str(filed.uuid)))
    messages.success(
        request,
        gettext("已归入 %(place)s。按 Ctrl Z 可撤销。")
        % {"place": place.label(held.ledger, held.people, held.sessions)},
    )
    return following


def _place(request: HttpRequest, ledger: Ledger) -> Place:
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


def _discard(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    sheet = _sheet(request, dossier)
    following = _following(request, [sheet])
    filing_actions.discard(sheet, by=request.user)
    remember(request, dossier, Step("discard", str(sheet.uuid)))
    messages.success(request, gettext("已弃置，原件仍在。按 Ctrl Z 可撤销，也可在“已弃置”里放回。"))
    return following


def _discard_marked(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    """Put every marked page aside; all or none."""
    sheets = list(_marked(request, dossier))
    if not sheets:
        raise NotReady(sentence("nothing_marked", gettext_noop("还没有选页。请先勾选，再弃置。")))
    following = _following(request, sheets)
    with transaction.atomic():
        for sheet in sheets:
            filing_actions.discard(sheet, by=request.user)
    for sheet in sheets:
        remember(request, dossier, Step("discard", str(sheet.uuid)))
    messages.success(request, gettext("已弃置 %(count)s 页，原件仍在。") % {"count": len(sheets)})
    return following


def _put_back(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    sheet = _sheet(request, dossier)
    filing_actions.put_back(sheet, by=request.user)
    messages.success(request, gettext("已放回收件。"))
    return {"sheet": str(sheet.uuid)}


def _turn(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    sheet = _sheet(request, dossier)
    filing_actions.turn(sheet, by=request.user, degrees=90)
    remember(request, dossier, Step("turn", str(sheet.uuid)))
    return {"f": request.POST.get("f", ""), "sheet": str(sheet.uuid), "group": request.POST.get("group", "")}


def _confirm_group(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    """Say yes to a whole group, once every page of it has been looked at."""
    wanted = uuids(request.POST.getlist("filing"))
    rows = dossier.filings.filter(uuid__in=wanted, state=Filing.State.PROPOSED).prefetch_related("places")
    filings = list(rows.order_by("places__sheet__upload_id", "places__sheet__number"))  # as they were scanned
    missed = unseen(request, dossier, [place.sheet_id for filing in filings for place in filing.places.all()])
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
    done = filing_actions.confirm_many(dossier, filings, by=request.user)
    remember(request, dossier, Step("file", *[str(filing.uuid) for filing in done]))
    messages.success(
        request, gettext("已整组归件 %(count)s 份。按 Ctrl Z 可整组撤销。") % {"count": len(done)}
    )
    return {"f": request.POST.get("f", "")}


def _undo(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    sheet = undo_last(request, dossier)
    messages.success(request, gettext("已撤销上一步。"))
    return {"sheet": sheet}


def _unknown(request: HttpRequest, dossier: DossierPage) -> dict[str, str]:
    raise NotReady(sentence("unknown_step", EVERYTHING))


STEPS = {
    "confirm": _confirm,
    "join": _join,
    "discard": _discard,
    "discard_marked": _discard_marked,
    "put_back": _put_back,
    "turn": _turn,
    "confirm_group": _confirm_group,
    "undo": _undo,
}


def _sheet(request: HttpRequest, dossier: DossierPage) -> Sheet:
    found = _of_dossier(dossier, [request.POST.get("sheet", "")]).first()
    if found is None:
        raise NotReady(sentence("no_such_page", EVERYTHING))
    return found


def _marked(request: HttpRequest, dossier: DossierPage):
    return _of_dossier(dossier, request.POST.getlist("mark"))


def _of_dossier(dossier: DossierPage, named: Sequence[str]):
    rows = dossier.sheets.select_related("upload__blob", "dossier__progress")
    return rows.filter(uuid__in=uuids(named))


def _following(request: HttpRequest, leaving: Sequence[Sheet]) -> dict[str, str]:
    """The page to show next: the one after those about to leave, under the same filter."""
    chosen, group = request.POST.get("f", ""), request.POST.get("group", "")
    held = Tray(request.dossier, chosen=chosen)
    left = {sheet.pk for sheet in leaving}
    order = held.shown
    places = [at for at, entry in enumerate(order) if entry.sheet.pk in left]
    behind = order[places[-1] + 1 :] if places else order
    rest = [entry for entry in [*behind, *order] if entry.sheet.pk not in left]
    return {"f": chosen, "group": group, "sheet": str(rest[0].uuid) if rest else ""}
