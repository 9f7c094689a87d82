"""课程: the timetable, typed or imported."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from cms.imports import cells_of, opened_sittings, sealed
from cms.spreadsheets import read_sessions
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from dossiers.actions import people
from dossiers.actions.people import Sitting
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Session
from dossiers.permissions import Act, may
from dossiers.sentences import gettext_noop, sentence


class SessionForm(forms.ModelForm):
    """One session typed in."""

    class Meta:
        model = Session
        fields = ("held_on", "starts_at", "lessons", "kind", "topic", "lecturer", "room")
        widgets = {
            "held_on": forms.DateInput(attrs={"type": "date"}),
            "starts_at": forms.TimeInput(attrs={"type": "time"}),
            "lessons": forms.NumberInput(attrs={"min": 1, "max": 8}),
            "kind": forms.Select(choices=[("", "—"), *Session.Kind.choices]),
        }


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
def drop_session(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """Take a session off the timetable."""
    session = dossier.sessions.filter(uuid=uuid).first()
    if session is None:
        raise Http404
    if request.method == "POST":
        session.dossier = dossier
        with refusals(request):
            people.drop_session(session, by=request.user)
    return redirect(dossier.screen("sessions"))


def _sessions(
    request: HttpRequest, dossier: DossierPage, form: SessionForm, status: int = 200
) -> HttpResponse:
    rows = list(dossier.sessions.all())
    for row in rows:
        row.drop_url = dossier.screen("drop-session", row.uuid)
    context = dossier_context(request, dossier, "sessions") | {
        "rows": rows,
        "form": form,
        "theory": sum(row.lessons for row in rows if row.kind == Session.Kind.THEORY),
        "practice": sum(row.lessons for row in rows if row.kind == Session.Kind.PRACTICE),
        "may_edit": may(request.user, Act.EDIT_TIMETABLE, dossier),
        "add_url": dossier.screen("add-session"),
        "import_url": dossier.screen("import-sessions"),
        "template_url": dossier.screen("template", "sessions"),
    }
    return render(request, "dossiers/sessions.html", context, status=status)
