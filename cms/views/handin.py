"""Handing in (报送): every open thing before it, the step itself and its taking back; who still owes what."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from cms.printing import pdf_of, pdf_response
from cms.rows.contents import today_printed
from cms.rows.course import level_of
from cms.rows.handin import obstacles, owed_count, owes_rows
from cms.rows.verify_queue import waiting
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from dossiers.actions import course
from dossiers.models import DossierPage, Filing, Sheet
from dossiers.permissions import Act, may
from dossiers.standing import Standing
from dossiers.statements import illegible
from dossiers.states import INSTITUTION_MAY_CHANGE, DossierState


@screen(Act.HAND_IN)
def hand_in(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """GET lists what is open; POST hands in, or lists once more what is open."""
    if request.method != "POST":
        return render(request, "dossiers/hand_in.html", _check(request, dossier))
    with refusals(request) as refused:
        course.hand_in(dossier, by=request.user)
    if refused:
        dossier.progress.refresh_from_db()
        return render(request, "dossiers/hand_in.html", _check(request, dossier), status=refused.status)
    messages.success(request, gettext("已报送。审核人开始审核之前，可以撤回。"))
    return redirect(dossier.screen("hand-in"))


@screen(Act.HAND_IN)
@require_POST
def take_back(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Take the hand-in back while nobody has begun."""
    with refusals(request) as refused:
        course.take_back(dossier, by=request.user)
    if refused:
        dossier.progress.refresh_from_db()
        return render(request, "dossiers/hand_in.html", _check(request, dossier), status=refused.status)
    messages.success(request, gettext("已撤回报送，可以继续归件。"))
    return redirect(dossier.screen("hand-in"))


@screen(Act.SEE)
def owes(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Who still owes what, on screen."""
    rows = owes_rows(Standing(dossier, request.user))
    return render(
        request,
        "dossiers/owes.html",
        dossier_context(request, dossier, "board")
        | {"rows": rows, "count": owed_count(rows), "may_print": may(request.user, Act.PRINT, dossier)},
    )


@screen(Act.PRINT)
def owes_pdf(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The same list on paper, for the wall of the classroom or the telephone."""
    rows = owes_rows(Standing(dossier, request.user))
    made = pdf_of(
        "print/owes.html",
        {
            "dossier": dossier,
            "level": level_of(dossier),
            "rows": rows,
            "count": owed_count(rows),
            "today": today_printed(),
        },
        stylesheets=["cms/owes-print.css"],
    )
    return pdf_response(made, f"owes-{dossier.class_no}.pdf")


def _check(request: HttpRequest, dossier: DossierPage) -> dict:
    state = dossier.progress.state
    open_to_change = state in INSTITUTION_MAY_CHANGE
    groups = obstacles(Standing(dossier, request.user)) if open_to_change else ()
    return dossier_context(request, dossier, "board") | {
        "groups": groups,
        "count": sum(len(group.obstacles) for group in groups),
        "is_open": open_to_change,
        "is_again": state == DossierState.RETURNED,
        "may_take_back": state == DossierState.HANDED_IN,
        "in_tray": dossier.sheets.filter(state=Sheet.State.IN_TRAY).count(),
        "unverified": waiting(request.user, dossier) if open_to_change else 0,
        "illegible": illegible(dossier)
        .filter(sheet__places__filing__state=Filing.State.FILED)
        .values("sheet")
        .distinct()
        .count(),
    }
