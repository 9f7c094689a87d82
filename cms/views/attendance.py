"""考勤: trainees by lessons, what stands behind each cell, a person's word on it, the same figures as XLSX and on paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from cms.attendance_sheet import spreadsheet
from cms.attendance_steps import remember, undo_last, undoable
from cms.printing import pdf_of, pdf_response
from cms.rows.attendance import Grid, known_filter
from cms.rows.attendance_cell import OpenedCell, Place
from cms.rows.attendance_watched import attendance_of
from cms.rows.contents import today_printed
from cms.rows.course import level_of
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from dossiers.actions import attendance as actions
from dossiers.models import AttendanceWord, DossierPage
from dossiers.permissions import Act, may

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screen(Act.SEE)
@require_safe
def attendance(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The grid; `?show=` narrows it, `?c=` opens a cell, `?at=` says on which one the eye rests."""
    return _grid(request, dossier)


@screen(Act.SEE)
@require_safe
def attendance_cell(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """One cell opened, by itself, for the grid to put beside it."""
    if not request.GET.get("c"):
        return redirect(dossier.screen("attendance"))
    opened = _opened(Grid(attendance_of(dossier, request.user)), request.GET.get("c", ""))
    if opened is None:
        raise Http404
    return render(request, "dossiers/attendance_cell.html", _cell_context(request, dossier, opened))


@screen(Act.ATTEND)
@require_POST
def settle_attendance(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """A person's word on one cell, or on all cells of that session that are alike; `do=undo` takes it back."""
    if not request.POST.get("c"):
        return redirect(dossier.screen("attendance"))
    opened = _opened(Grid(attendance_of(dossier, request.user)), request.POST.get("c", ""))
    if opened is None:
        raise Http404
    with refusals(request) as refused:
        if request.POST.get("do") == "undo":
            _take_back(request, dossier, opened)
        else:
            lessons = opened.alike if "whole" in request.POST else (opened.place.lesson,)
            made = actions.settle(
                dossier,
                opened.enrolment,
                opened.session,
                lessons,
                request.POST.get("says", ""),
                request.POST.get("reason", ""),
                by=request.user,
            )
            remember(request, dossier, made)
            messages.success(request, _settled(opened, made))
    if refused:
        return _grid(request, dossier, opened=opened.address, status=refused.status)
    return _back(dossier, request.POST.get("show", ""), opened.address)


@screen(Act.ATTEND)
@require_POST
def undo_attendance(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Take the last word of this session back."""
    with refusals(request) as refused:
        word = undo_last(request, dossier)
    if refused:
        return _grid(request, dossier, status=refused.status)
    messages.success(request, gettext("已撤销上一步认定，依据都还在。"))
    at = f"{word.enrolment_id}.{word.session_id}.{word.lesson}"
    return _back(dossier, request.POST.get("show", ""), at)


@screen(Act.PRINT)
@require_safe
def attendance_xlsx(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The grid as a spreadsheet, figure for figure."""
    answer = HttpResponse(spreadsheet(Grid(attendance_of(dossier, request.user))), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="attendance-{dossier.class_no}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@screen(Act.PRINT)
@require_safe
def attendance_pdf(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The grid on A4 laid crosswise, figure for figure."""
    made = pdf_of(
        "print/attendance.html",
        {
            "dossier": dossier,
            "level": level_of(dossier),
            "grid": Grid(attendance_of(dossier, request.user)),
            "today": today_printed(),
        },
        stylesheets=["cms/attendance-print.css"],
    )
    return pdf_response(made, f"attendance-{dossier.class_no}.pdf")


def _grid(request: HttpRequest, dossier: DossierPage, *, opened: str = "", status: int = 200) -> HttpResponse:
    grid = Grid(attendance_of(dossier, request.user))
    show = known_filter(request.GET.get("show", "") or request.POST.get("show", ""))
    found = _opened(grid, opened or request.GET.get("c", ""))
    context = dossier_context(request, dossier, "attendance") | {
        "grid": grid,
        "rows": grid.shown(show),
        "chips": grid.chips(show),
        "show": show,
        "at": request.GET.get("at", ""),
        "undo": undoable(request, dossier) and _may_settle(request, dossier),
        "may_keep": _may_settle(request, dossier) and request.user.is_of_institution,
    }
    if found is not None:
        context |= _cell_context(request, dossier, found)
    return render(request, "dossiers/attendance.html", context, status=status)


def _opened(grid: Grid, address: str) -> OpenedCell | None:
    try:
        return OpenedCell(grid.attendance, Place.read(address))
    except (ValueError, KeyError):
        return None


def _cell_context(request: HttpRequest, dossier: DossierPage, opened: OpenedCell) -> dict:
    may_settle = _may_settle(request, dossier)
    return {
        "dossier": dossier,
        "opened": opened,
        "may_settle": may_settle and opened.is_over,
        "may_undo": may_settle and opened.own_word is not None,
        "choices": AttendanceWord.Says.choices,
        "said": {name: request.POST.get(name, "") for name in ("says", "reason")},
        "show": known_filter(request.GET.get("show", "") or request.POST.get("show", "")),
    }


def _may_settle(request: HttpRequest, dossier: DossierPage) -> bool:
    return may(request.user, Act.ATTEND, dossier) and dossier.progress.state in actions.may_settle_in(
        request.user
    )


def _take_back(request: HttpRequest, dossier: DossierPage, opened: OpenedCell) -> None:
    """Take this side's word on the cell back, with the others that were given in the same breath."""
    word = opened.own_word
    same = [
        one
        for one in opened.attendance.words
        if word
        and (one.enrolment_id, one.session_id, one.by_bureau, one.made_at)
        == (word.enrolment_id, word.session_id, word.by_bureau, word.made_at)
    ]
    actions.unsettle(dossier, same, by=request.user)
    messages.success(request, gettext("已撤销认定，依据都还在。"))


def _settled(opened: OpenedCell, made: list[AttendanceWord]) -> str:
    return gettext("%(who)s %(day)s 的 %(count)s 课时已认定为“%(says)s”，理由与认定人一并留存。") % {
        "who": opened.enrolment.name,
        "day": f"{opened.session.held_on:%m-%d}",
        "count": len(made),
        "says": made[0].get_says_display(),
    }


def _back(dossier: DossierPage, show: str, at: str) -> HttpResponse:
    return redirect(f"{dossier.screen('attendance')}?show={known_filter(show)}&at={at}")
