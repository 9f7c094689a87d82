"""The intake tray: pages wait here until a person says what they are; every step can be undone."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from cms.intake_steps import undoable
from cms.rows.evidence import evidence_of
from cms.rows.intakes import intake_rows
from cms.rows.sheets import Place, item_label
from cms.rows.tray import GROUPS_SHOWN, Tray
from cms.rows.tray_entries import Entry, Group
from cms.rows.tray_page import PageInView
from cms.seen import mark_seen
from cms.views.doors import refusals, screen, site_view
from cms.views.header import dossier_context
from cms.views.tray_steps import take
from cms.wording import state_name
from dossiers.models import DossierPage, Sheet
from dossiers.permissions import Act
from dossiers.states import INSTITUTION_MAY_CHANGE


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
        where = take(request, dossier)
    if refused:
        return _drawn(request, dossier, status=refused.status)
    return redirect(f"{dossier.screen('tray')}?{urlencode({k: v for k, v in where.items() if v})}")


def _drawn(request: HttpRequest, dossier: DossierPage, status: int = 200) -> HttpResponse:
    asked = request.GET if request.method == "GET" else request.POST
    held = Tray(dossier, chosen=asked.get("f", ""), viewer=request.user)
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
        "in_view": PageInView(held, current) if current else None,
        "is_filed": bool(current and current.sheet.state == Sheet.State.FILED),
        "candidates": (candidates := held.candidates(current) if current else []),
        "there": _there(held, current, [Place.read(one.value) for one in candidates]),
        "evidence": evidence_of(current.sheet) if current else None,
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


def _there(held: Tray, current: Entry | None, places: list[Place]) -> dict[str, bool]:
    """What lies at the places offered: a return to mend, papers to go behind or to replace; what goes on by itself."""
    return {
        "returned": bool(held.returned or held.illegible),
        "only_illegible": bool(held.illegible and not held.returned),
        "filed": any(held.filings_at(place) for place in places),
        "goes_on": bool(current and places and held.goes_on_there(current, places[0])),
        "alike": bool(current and held.twins.get(current.sheet.pk)),
    }


def _picker(held: Tray) -> list[tuple[str, str]]:
    """Every place a page may go, without the person: value and label, in the article's order."""
    rows = []
    for item in held.ledger:
        rows.append((f"{item.id}|", item_label(item)))
        rows.extend(
            (f"{item.id}|{part.id}", f"{item_label(item)} · {gettext(part.name)}") for part in item.parts
        )
    return rows
