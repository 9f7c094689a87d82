"""The board (档案): a class's facts, how far it has come, its ledger, and each item opened in place."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from cms.rows import board as rows
from cms.rows.course import facts, next_stages, steps
from cms.rows.crosschecks import CrossFindings
from cms.rows.item import item_address, opened_item
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from dossiers.actions import course, ledger
from dossiers.models import DossierPage
from dossiers.permissions import Act, may
from dossiers.standing import Standing
from dossiers.states import INSTITUTION_MAY_CHANGE


@screen(Act.SEE)
def board(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The whole ledger; `?show=` narrows it, `?item=` opens a row, `?no=` opens the row of that number."""
    standing = Standing(dossier, request.user)
    wanted = request.GET.get("no", "").strip()
    if wanted:
        found = next((item for item in standing.ledger if item.seq == wanted), None)
        if found:
            return redirect(item_address(dossier, found.id))
        messages.warning(request, gettext("台账里没有第 %(no)s 件。") % {"no": wanted})
    return render(request, "dossiers/board.html", _board_context(request, standing))


@screen(Act.SEE)
def item(request: HttpRequest, dossier: DossierPage, item_id: str) -> HttpResponse:
    """One item's opened row by itself, for the board to put in place."""
    standing = Standing(dossier, request.user)
    context = _item_context(request, standing, item_id)
    if context is None:
        raise Http404
    return render(request, "dossiers/board_item.html", context)


@screen(Act.MOVE_STAGE)
@require_POST
def move_stage(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Say that the class has come to its next stage."""
    with refusals(request) as refused:
        course.move_stage(dossier, by=request.user, stage=request.POST.get("stage", ""))
    if refused:
        return _afresh(request, dossier, refused.status)
    return redirect(dossier.screen("board"))


@screen(Act.FILE)
@require_POST
def unfile(request: HttpRequest, dossier: DossierPage, filing: UUID) -> HttpResponse:
    """Take one filed paper back into the tray."""
    found = get_object_or_404(dossier.filings, uuid=filing)
    with refusals(request) as refused:
        ledger.unfile(found, by=request.user)
    if refused:
        return _afresh(request, dossier, refused.status)
    messages.success(request, gettext("已退回收件，原件未动；可在“收件”里重新归件。"))
    return redirect(item_address(dossier, found.item_id, found.enrolment))


@screen(Act.ANSWER_RETURN)
@require_POST
def answer_return(request: HttpRequest, dossier: DossierPage, note: UUID) -> HttpResponse:
    """Answer a return in words where there is nothing to put in its place."""
    found = get_object_or_404(dossier.returns.select_related("record"), uuid=note)
    with refusals(request) as refused:
        ledger.answer_return(found, by=request.user, reply=request.POST.get("reply", ""))
    if refused:
        return _afresh(request, dossier, refused.status, opened=found.record.item_id)
    return redirect(item_address(dossier, found.record.item_id))


def _afresh(request: HttpRequest, dossier: DossierPage, status: int, opened: str = "") -> HttpResponse:
    dossier.progress.refresh_from_db()
    context = _board_context(request, Standing(dossier, request.user), opened=opened)
    return render(request, "dossiers/board.html", context, status=status)


def _board_context(request: HttpRequest, standing: Standing, opened: str = "") -> dict:
    dossier = standing.dossier
    opened = opened or request.GET.get("item", "")
    show = rows.known_filter(request.GET.get("show", "all"))
    checks = CrossFindings(standing)
    every = rows.board_rows(standing, checks=checks, opened=opened)
    shown = rows.filtered(every, show)
    ticked, counted = rows.ticked_of(every)
    course_steps = steps(standing)
    context = dossier_context(request, dossier, "board")
    tray = dossier.screen("tray")
    return context | {
        "in_tray": next((tab.count or 0 for tab in context["head"].tabs if tab.url == tray), 0),
        "facts": facts(standing),
        "steps": course_steps,
        "step_no": next(no for no, step in enumerate(course_steps, 1) if step.id == dossier.progress.stage),
        "may_review": may(request.user, Act.REVIEW_MONEY, dossier),
        "next_stages": next_stages(dossier) if may(request.user, Act.MOVE_STAGE, dossier) else (),
        "numbered": [row for row in shown if row.seq != "+"],
        "others": [row for row in shown if row.seq == "+"],
        "left_out": len(every) - len(shown),
        "filters": rows.filters(every, current=show, address=dossier.screen("board")),
        "ticked": ticked,
        "counted": counted,
        "opened": _item_context(request, standing, opened, checks) if opened else None,
    }


def _item_context(
    request: HttpRequest, standing: Standing, item_id: str, checks: CrossFindings | None = None
) -> dict | None:
    found = standing.item(item_id)
    if found is None:
        return None
    dossier = standing.dossier
    may_change = dossier.progress.state in INSTITUTION_MAY_CHANGE
    return {
        "dossier": dossier,
        "opened": opened_item(standing, found, checks=checks, target=_uuid(request.GET.get("for", ""))),
        "may_file": may_change and may(request.user, Act.FILE, dossier),
        "may_upload": may_change and may(request.user, Act.UPLOAD, dossier),
        "may_review": may(request.user, Act.REVIEW_MONEY, dossier),
        "may_answer": may_change and may(request.user, Act.ANSWER_RETURN, dossier),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
