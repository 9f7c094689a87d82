"""学员: the roster, its import from a spreadsheet, one trainee's page."""

from datetime import date
from io import BytesIO

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from cms.imports import cells_of, opened_trainees, sealed
from cms.rows.attendance import Grid, of_trainee
from cms.rows.attendance_watched import attendance_of
from cms.rows.consent import consent_row
from cms.rows.crosschecks import CrossFindings, tally
from cms.rows.roster import roster_rows, trainee_rows
from cms.spreadsheets import ROSTER_COLUMNS, SESSION_COLUMNS, read_roster
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from dossiers.actions import people
from dossiers.actions.people import Trainee, id_number_index
from dossiers.actions.reveals import reveal_number as reveal_number_of
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Enrolment
from dossiers.numbering import check_id_number
from dossiers.permissions import Act, may, visible_dossiers
from dossiers.rulesets import ruleset
from dossiers.sentences import gettext_noop, sentence
from dossiers.standing import Standing


def _categories(dossier: DossierPage) -> list[tuple[str, str]]:
    labels = [(one.id, gettext(one.label)) for one in ruleset(dossier.ruleset_id).person_categories]
    return [("", "—"), *labels]


class TraineeForm(forms.Form):
    """One trainee typed in."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    id_number = forms.CharField(label=_("身份证号"), max_length=24)
    person_category = forms.ChoiceField(label=_("人员类别"), required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    remark = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args, dossier: DossierPage, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_category"].choices = _categories(dossier)

    def clean_id_number(self) -> str:
        problems = check_id_number(self.cleaned_data["id_number"]).problem_texts
        if problems:
            raise forms.ValidationError([gettext(problem) for problem in problems])
        return self.cleaned_data["id_number"]


class FactsForm(forms.ModelForm):
    """What became of a trainee."""

    class Meta:
        model = Enrolment
        fields = (
            "person_category",
            "passed",
            "employed_after_training",
            "has_started_business",
            "self_paid",
            "remark",
        )

    def __init__(self, *args, dossier: DossierPage, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_category"] = forms.ChoiceField(
            label=_("人员类别"), required=False, choices=_categories(dossier)
        )


@screen(Act.SEE)
def roster(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The roster with what each trainee still owes."""
    return _roster(request, dossier, TraineeForm(dossier=dossier))


@screen(Act.EDIT_PEOPLE)
def add_trainee(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Enrol one trainee typed in."""
    form = TraineeForm(request.POST or None, dossier=dossier)
    if not form.is_valid():
        return _roster(request, dossier, form, status=422)
    with refusals(request) as refused:
        people.enrol(dossier, [Trainee(**form.cleaned_data)], by=request.user)
    if refused:
        return _roster(request, dossier, form, status=refused.status)
    messages.success(request, gettext("%(name)s 已列入名册。") % {"name": form.cleaned_data["name"]})
    return redirect(dossier.screen("roster"))


@screen(Act.EDIT_PEOPLE)
def import_roster(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Preview a spreadsheet row by row; nothing is enrolled before every row is right and a person says so."""
    if request.method != "POST":
        return redirect(dossier.screen("roster"))
    with refusals(request) as refused:
        if "sealed" in request.POST:
            made = people.enrol(dossier, opened_trainees(request.POST["sealed"]), by=request.user)
            messages.success(request, gettext("%(count)s 名学员已列入名册。") % {"count": len(made)})
            return redirect(dossier.screen("roster"))
        if "table" not in request.FILES:
            raise NotReady(sentence("no_table", gettext_noop("还没有选表格。请选一个 .xlsx 文件。")))
        enrolled = set(dossier.enrolments.values_list("person__id_number_index", flat=True))
        table = read_roster(
            cells_of(request.FILES["table"]),
            ruleset(dossier.ruleset_id),
            enrolled=lambda number: id_number_index(number) in enrolled,
        )
        context = dossier_context(request, dossier, "roster") | {
            "table": table,
            "sealed": sealed(table.made) if table.is_good else "",
            "file_name": request.FILES["table"].name,
            "import_url": dossier.screen("import-roster"),
            "back_url": dossier.screen("roster"),
        }
        return render(request, "dossiers/roster_import.html", context, status=200 if table.is_good else 422)
    return _roster(request, dossier, TraineeForm(dossier=dossier), status=refused.status)


@screen(Act.SEE)
def trainee(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """One trainee: what she owes, every paper, every class of hers that this person may see."""
    enrolment = _enrolment(dossier, uuid)
    form = FactsForm(request.POST or None, instance=enrolment, dossier=dossier)
    if request.method == "POST":
        if not may(request.user, Act.EDIT_PEOPLE, dossier):
            raise Http404
        if form.is_valid():
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            with refusals(request):
                if changed:
                    people.state_facts(enrolment, by=request.user, **changed)
                messages.success(request, gettext("已记下。"))
            return redirect(dossier.screen("trainee", enrolment.uuid))
    return _trainee(request, dossier, enrolment, form)


@screen(Act.EDIT_PEOPLE)
def withdraw_trainee(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """A trainee leaves the class; her papers stay."""
    enrolment = _enrolment(dossier, uuid)
    if request.method == "POST":
        with refusals(request):
            people.withdraw(enrolment, by=request.user, on=_day(request.POST.get("on")))
    return redirect(dossier.screen("trainee", enrolment.uuid))


@screen(Act.REVEAL)
def reveal_number(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """Show one ID number whole, for a reason that is logged beside who looked."""
    enrolment = _enrolment(dossier, uuid)
    if request.method != "POST":
        return redirect(dossier.screen("trainee", enrolment.uuid))
    with refusals(request) as refused:
        number = reveal_number_of(
            request.user,
            enrolment,
            reason=request.POST.get("reason", ""),
            daily_quota=settings.REVEALS_A_DAY,
        )
    if refused:
        return redirect(dossier.screen("trainee", enrolment.uuid))
    form = FactsForm(instance=enrolment, dossier=dossier)
    answer = _trainee(request, dossier, enrolment, form, revealed=number)
    answer["Cache-Control"] = "no-store"
    return answer


@screen(Act.SEE)
def template(request: HttpRequest, dossier: DossierPage, name: str) -> HttpResponse:
    """An empty spreadsheet with the right header, every cell text."""
    columns = {"roster": ROSTER_COLUMNS, "sessions": SESSION_COLUMNS}.get(name)
    if columns is None:
        raise Http404
    book = Workbook()
    book.active.append([labels[0] for labels in columns.values()])
    for row in book.active.iter_rows(min_row=1, max_row=200, max_col=len(columns)):
        for cell in row:
            cell.number_format = "@"
    held = BytesIO()
    book.save(held)
    answer = HttpResponse(
        held.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _roster(request: HttpRequest, dossier: DossierPage, form: TraineeForm, status: int = 200) -> HttpResponse:
    standing = Standing(dossier, request.user)
    context = dossier_context(request, dossier, "roster") | {
        "columns": [item for item in standing.ledger.items if item.per == "trainee"],
        "rows": roster_rows(standing),
        "form": form,
        "may_edit": may(request.user, Act.EDIT_PEOPLE, dossier),
        "add_url": dossier.screen("add-trainee"),
        "import_url": dossier.screen("import-roster"),
        "template_url": dossier.screen("template", "roster"),
    }
    return render(request, "dossiers/roster.html", context, status=status)


def _trainee(
    request: HttpRequest, dossier: DossierPage, enrolment: Enrolment, form: FactsForm, revealed: str = ""
) -> HttpResponse:
    standing = Standing(dossier, request.user)
    elsewhere = (
        Enrolment.objects.filter(
            person=enrolment.person_id, dossier__in=visible_dossiers(request.user).values("pk")
        )
        .exclude(pk=enrolment.pk)
        .select_related("dossier__opener")
    )
    checks = CrossFindings(standing)
    found = checks.of_trainee(enrolment)
    context = dossier_context(request, dossier, "roster") | {
        "enrolment": enrolment,
        "papers": trainee_rows(standing, enrolment),
        "consent": consent_row(enrolment, may_change=False),
        "checks": checks.rows(found),
        "checks_tally": tally(found),
        "attendance": of_trainee(Grid(attendance_of(dossier, request.user)).rows, enrolment),
        "elsewhere": elsewhere,
        "form": form,
        "revealed": revealed,
        "may_edit": may(request.user, Act.EDIT_PEOPLE, dossier),
        "may_reveal": may(request.user, Act.REVEAL, dossier),
        "self_url": dossier.screen("trainee", enrolment.uuid),
        "withdraw_url": dossier.screen("withdraw-trainee", enrolment.uuid),
        "reveal_url": dossier.screen("reveal-number", enrolment.uuid),
    }
    return render(request, "dossiers/trainee.html", context)


def _enrolment(dossier: DossierPage, uuid) -> Enrolment:
    found = dossier.enrolments.select_related("person", "dossier__progress").filter(uuid=uuid).first()
    if found is None:
        raise Http404
    found.dossier = dossier
    return found


def _day(written: str | None) -> date:
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return timezone.localdate()
