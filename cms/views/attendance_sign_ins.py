"""签到表: sessions with their sheets; one session's lines beside the page, confirmed as a whole or typed; a blank to print."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from cms.printing import pdf_of, pdf_response
from cms.rows.attendance_sign_ins import SignInPage, session_rows
from cms.rows.attendance_watched import attendance_of
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from dossiers.actions import attendance
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Session
from dossiers.permissions import Act, may
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE

LINE, SIGNED, EMPTY = "line-", "signed", "empty"
CHOICES = (SIGNED, EMPTY, "none")


@screen(Act.SEE)
@require_safe
def sign_ins(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Every session, and what is written down of its sheet."""
    context = dossier_context(request, dossier, "attendance") | {
        "rows": session_rows(dossier, attendance_of(dossier, request.user).sign_ins),
        "may_keep": _may_keep(request, dossier),
    }
    return render(request, "dossiers/attendance_sign_ins.html", context)


@screen(Act.ATTEND)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, dossier: DossierPage, name) -> HttpResponse:
    """One session's lines: read from its page or typed; written down as a whole, or taken back."""
    session = _session(request, dossier, name)
    if request.method != "POST":
        return _page(request, dossier, session)
    with refusals(request) as refused:
        if request.POST.get("do") == "undo":
            count = attendance.undo_sign_ins(session, by=request.user)
            messages.success(request, gettext("已撤下 %(count)s 行签到。") % {"count": count})
            return redirect(dossier.screen("sign-in", session.uuid))
        _write(request, dossier, session)
        return redirect(dossier.screen("sign-ins"))
    return _page(request, dossier, session, status=refused.status)


@screen(Act.PRINT)
@require_safe
def sign_in_pdf(request: HttpRequest, dossier: DossierPage, name) -> HttpResponse:
    """The empty sheet of one session, for the trainees and the teacher to sign: complete without any device."""
    session = dossier.sessions.filter(uuid=name).first()
    if session is None:
        raise Http404
    made = pdf_of(
        "print/sign_in.html",
        {
            "dossier": dossier,
            "session": session,
            "people": dossier.enrolments.filter(withdrawn_on=None),
        },
        stylesheets=["cms/sign-in-print.css"],
    )
    return pdf_response(made, f"sign-in-{dossier.class_no}-{session.held_on:%m%d}.pdf")


def _write(request: HttpRequest, dossier: DossierPage, session: Session) -> None:
    page = SignInPage(dossier, request.user, session, request.POST.get("sheet", ""))
    chosen = {row.enrolment.pk: _chosen(request, row.enrolment.pk) for row in page.rows}
    open_lines = [row.enrolment.name for row in page.rows if chosen[row.enrolment.pk] not in CHOICES]
    if open_lines:
        raise NotReady(
            sentence(
                "lines_open",
                gettext_noop(
                    "还有 %(count)s 行没有选（%(names)s），什么也没有记下。请逐行选，或在“其余各行”里选。"
                ),
                count=len(open_lines),
                names="、".join(open_lines[:5]),
            )
        )
    if page.sheet is not None and "looked" not in request.POST:
        raise NotReady(
            sentence(
                "not_looked", gettext_noop("还没有勾选“已对照纸面逐行看过”，什么也没有记下。请看过再记。")
            )
        )
    made = attendance.write_sign_ins(
        dossier,
        session,
        {pk: said == SIGNED for pk, said in chosen.items() if said in (SIGNED, EMPTY)},
        cosigned="cosigned" in request.POST,
        sheet=page.sheet,
        by=request.user,
    )
    signed = sum(line.signed for line in made)
    messages.success(
        request,
        gettext("%(session)s 的签到已记下：已签 %(signed)s 人，空白 %(empty)s 人。")
        % {"session": str(session), "signed": signed, "empty": len(made) - signed},
    )


def _chosen(request: HttpRequest, key: int) -> str:
    return request.POST.get(f"{LINE}{key}", "") or request.POST.get("rest", "")


def _page(request: HttpRequest, dossier: DossierPage, session: Session, status: int = 200) -> HttpResponse:
    wanted = request.POST.get("sheet", "") or request.GET.get("sheet", "")
    page = SignInPage(dossier, request.user, session, wanted)
    context = dossier_context(request, dossier, "attendance") | {
        "page": page,
        "session": session,
        "rows": [(row, _chosen(request, row.enrolment.pk) or row.chosen) for row in page.rows],
        "may_keep": _may_keep(request, dossier),
        "sheet_wanted": wanted,
    }
    return render(request, "dossiers/attendance_sign_in.html", context, status=status)


def _may_keep(request: HttpRequest, dossier: DossierPage) -> bool:
    open_to_change = dossier.progress.state in INSTITUTION_MAY_CHANGE
    return open_to_change and request.user.is_of_institution and may(request.user, Act.ATTEND, dossier)


def _session(request: HttpRequest, dossier: DossierPage, name) -> Session:
    session = dossier.sessions.filter(uuid=name).first()
    if session is None or not request.user.is_of_institution:
        raise Http404
    session.dossier = dossier
    return session
