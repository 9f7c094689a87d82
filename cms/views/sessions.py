"""课程与录像: the timetable, typed or imported, with what is recorded of it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from cms.imports import cells_of, opened_sittings, sealed
from cms.intake_steps import undoable
from cms.rows.clashes import clash_rows
from cms.rows.coverage import ClassCoverage
from cms.rows.sessions import choices, sitting_rows, summary, unplaced_rows, weeks
from cms.spreadsheets import read_sessions
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from dossiers.actions import people
from dossiers.actions.people import Sitting
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Session
from dossiers.permissions import Act, may
from dossiers.sentences import gettext_noop, sentence
from dossiers.standing import Standing
from media_processing.filing import ITEM

MOST_LESSONS = 8  # of one day, by the clause


class SessionForm(forms.ModelForm):
    """One session typed in."""

    class Meta:
        model = Session
        fields = ("held_on", "starts_at", "lessons", "kind", "topic", "lecturer", "room")
        widgets = {
            "held_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "lessons": forms.NumberInput(attrs={"min": 1, "max": MOST_LESSONS}),
            "kind": forms.Select(choices=[("", "—"), *Session.Kind.choices]),
        }

    def clean_lessons(self) -> int:
        lessons = self.cleaned_data["lessons"]
        if not 1 <= lessons <= MOST_LESSONS:
            raise forms.ValidationError(
                gettext("课时须是 1 到 %(most)s 的整数。") % {"most": MOST_LESSONS}, code="lessons"
            )
        return lessons


@screen(Act.SEE)
def sessions(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The timetable with its sums against the class's lessons."""
    return _sessions(request, dossier, SessionForm())


@screen(Act.EDIT_TIMETABLE)
def add_session(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Add one session typed in."""
    form = SessionForm(request.POST or None)
    if not form.is_valid():
        return _sessions(request, dossier, form, status=422)
    with refusals(request) as refused:
        people.set_sessions(dossier, [Sitting(**form.cleaned_data)], by=request.user)
    if refused:
        return _sessions(request, dossier, form, status=refused.status)
    return redirect(dossier.screen("sessions"))


@screen(Act.EDIT_TIMETABLE)
def import_sessions(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Preview a spreadsheet row by row, then take it in whole."""
    if request.method != "POST":
        return redirect(dossier.screen("sessions"))
    with refusals(request) as refused:
        if "sealed" in request.POST:
            made = people.set_sessions(dossier, opened_sittings(request.POST["sealed"]), by=request.user)
            messages.success(request, gettext("%(count)s 次课已列入课程。") % {"count": len(made)})
            return redirect(dossier.screen("sessions"))
        if "table" not in request.FILES:
            raise NotReady(sentence("no_table", gettext_noop("还没有选表格。请选一个 .xlsx 文件。")))
        table = read_sessions(cells_of(request.FILES["table"]))
        context = dossier_context(request, dossier, "sessions") | {
            "table": table,
            "sealed": sealed(table.made) if table.is_good else "",
            "file_name": request.FILES["table"].name,
            "import_url": dossier.screen("import-sessions"),
            "back_url": dossier.screen("sessions"),
        }
        return render(request, "dossiers/sessions_import.html", context, status=200 if table.is_good else 422)
    return _sessions(request, dossier, SessionForm(), status=refused.status)


@screen(Act.EDIT_TIMETABLE)
def edit_session(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """Put one session right; what is filed for it stays."""
    session = _session(dossier, uuid)
    form = SessionForm(request.POST or None, instance=Session.objects.get(pk=session.pk))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            with refusals(request) as refused:
                people.change_session(session, Sitting(**form.cleaned_data), by=request.user)
            if not refused:
                messages.success(request, gettext("这次课已改好，归在它下面的材料照旧。"))
                return redirect(f"{dossier.screen('sessions')}#sitting-{session.uuid}")
            status = refused.status
        else:
            status = 422
    context = dossier_context(request, dossier, "sessions") | {
        "form": form,
        "session": str(session),
        "save_url": dossier.screen("edit-session", session.uuid),
        "back_url": f"{dossier.screen('sessions')}#sitting-{session.uuid}",
    }
    return render(request, "dossiers/session_edit.html", context, status=status)


@screen(Act.EDIT_TIMETABLE)
def drop_session(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """Take a session off the timetable."""
    session = _session(dossier, uuid)
    if request.method == "POST":
        with refusals(request):
            people.drop_session(session, by=request.user)
    return redirect(dossier.screen("sessions"))


def _session(dossier: DossierPage, uuid) -> Session:
    session = dossier.sessions.filter(uuid=uuid).first()
    if session is None:
        raise Http404
    session.dossier = dossier
    return session


def _sessions(
    request: HttpRequest, dossier: DossierPage, form: SessionForm, status: int = 200
) -> HttpResponse:
    standing = Standing(dossier, request.user)
    found = ClassCoverage(standing)
    rows = sitting_rows(found, clash_rows(standing))
    planned = standing.sessions
    context = dossier_context(request, dossier, "sessions") | {
        "rows": rows,
        "weeks": weeks(rows, [one.held_on for one in planned], dossier),
        "unplaced": unplaced_rows(found),
        "choices": choices(planned),
        "summary": summary(found),
        "video_item": ITEM if standing.ledger.has(ITEM) else "",
        "form": form,
        "theory": sum(one.lessons for one in planned if one.kind == Session.Kind.THEORY),
        "practice": sum(one.lessons for one in planned if one.kind == Session.Kind.PRACTICE),
        "may_edit": may(request.user, Act.EDIT_TIMETABLE, dossier),
        "may_undo": undoable(request, dossier),
        "add_url": dossier.screen("add-session"),
        "import_url": dossier.screen("import-sessions"),
        "template_url": dossier.screen("template", "sessions"),
        "undo_url": dossier.screen("undo-recording-step"),
    }
    return render(request, "dossiers/sessions.html", context, status=status)
