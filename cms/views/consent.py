"""同意: who agreed to faces and fingerprints; recorded from paper, taken back in one step; templates made and deleted."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from cms.portraits import (
    PAPERS,
    REMEMBER,
    enqueue_portraits,
    has_portrait,
    measure_paper,
    measure_photo,
    waiting_for_template,
)
from cms.printing import pdf_of, pdf_response
from cms.rows.consent import (
    consent_row,
    consent_rows,
    deletions,
    past_answers,
    signed_sheets,
    tallies,
    text_parts,
)
from cms.rows.course import level_of
from cms.rows.jobs import job_lines
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from cms.views.parsing import uuids
from dossiers.actions import consent as actions
from dossiers.consents import FACE
from dossiers.models import Consent, DossierPage, Enrolment, Sheet
from dossiers.permissions import Act, may
from dossiers.rulesets.consent import KINDS, version_to_sign
from dossiers.states import INSTITUTION_MAY_CHANGE
from foundation.models import Job
from media_processing.faces_jobs import enqueue_watches
from media_processing.references import engine_in_use, forget, remember, stored_of_body, stored_of_class

ALL, BLANK = "all", "blank"
PHOTO = "photo"


class AnswerForm(forms.Form):
    """What stands on the signed papers, for everybody who was ticked."""

    kinds = forms.MultipleChoiceField(
        label=_("哪一种"), choices=Consent.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    is_given = forms.TypedChoiceField(
        label=_("答复"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        widget=forms.RadioSelect,
        coerce=lambda said: said == "yes",
        empty_value=None,
    )
    signed_on = forms.DateField(
        label=_("签字日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sheet = forms.ChoiceField(
        label=_("签字的那一页"),
        required=False,
        help_text=_("扫描件在收件里或已归件时可选；没有也可以先记下。"),
    )

    def __init__(self, *args, dossier: DossierPage, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [("", "—"), *signed_sheets(dossier)]


@screen(Act.SEE)
@require_safe
def consent(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Everybody's answers, and the form that records more."""
    return _consent(
        request, dossier, AnswerForm(dossier=dossier, initial={"signed_on": timezone.localdate()})
    )


@screen(Act.KEEP_CONSENT)
@require_POST
def record_consent(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Write down what trainees answered; all or none."""
    form = AnswerForm(request.POST, dossier=dossier)
    chosen = uuids(request.POST.getlist("trainee"))
    if not form.is_valid():
        return _consent(request, dossier, form, status=422, chosen=request.POST.getlist("trainee"))
    with refusals(request) as refused:
        people = list(dossier.enrolments.filter(uuid__in=chosen, withdrawn_on=None))
        actions.record(
            people,
            kinds=form.cleaned_data["kinds"],
            is_given=form.cleaned_data["is_given"],
            signed_on=form.cleaned_data["signed_on"],
            sheet=_sheet(dossier, form.cleaned_data["sheet"]),
            by=request.user,
        )
        messages.success(request, gettext("已记下 %(count)s 人的答复。") % {"count": len(people)})
    if refused:
        return _consent(request, dossier, form, status=refused.status, chosen=request.POST.getlist("trainee"))
    return redirect(dossier.screen("consent"))


@screen(Act.KEEP_CONSENT)
@require_POST
def withdraw_consent(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """She takes it back: one step, no reason asked."""
    row = Consent.objects.filter(uuid=uuid, enrolment__dossier=dossier).select_related("enrolment").first()
    if row is None:
        raise Http404
    with refusals(request):
        actions.withdraw(row, by=request.user, reason=request.POST.get("reason", ""))
        messages.success(
            request,
            gettext("已撤回 %(name)s 的同意。存的模板和机器认作的结果已删，人核定过的不变；考勤改用签到表。")
            % {"name": row.enrolment.name},
        )
    return redirect(_back(request, dossier, row.enrolment))


@screen(Act.SEE)
@require_safe
def consent_of(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """One trainee: every answer of hers, her templates, what was deleted."""
    return _consent_of(request, dossier, _enrolment(dossier, uuid))


@screen(Act.KEEP_CONSENT)
@require_POST
def remember_faces(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Make templates of all who agreed from the papers that lie in the dossier, as a job."""
    with refusals(request):
        waiting = waiting_for_template(dossier)
        if not waiting:
            messages.info(request, gettext("同意的学员都已有模板，或还没有人同意，不用制作。"))
        elif enqueue_portraits(dossier, by=request.user) is None:
            messages.info(request, gettext("正在制作，不用再点。"))
        else:
            messages.success(
                request,
                gettext("开始为 %(count)s 人从身份证照片制作模板。没有找到脸的会在名单里注明。")
                % {"count": len(waiting)},
            )
    return redirect(dossier.screen("consent"))


@screen(Act.KEEP_CONSENT)
@require_POST
def remember_face(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """Make one trainee's template now, from a paper of hers or from a photograph that is not kept."""
    enrolment = _enrolment(dossier, uuid)
    with refusals(request) as refused:
        source = request.POST.get("source", "")
        if source not in PAPERS and PHOTO not in request.FILES:
            messages.error(request, gettext("还没有选照片。请选一张只有本人的正面照片。"))
            return _consent_of(request, dossier, enrolment, status=422)
        actions.require_consent(enrolment, FACE)
        measured = (
            measure_paper(enrolment, source)
            if source in PAPERS
            else measure_photo(enrolment, request.FILES[PHOTO])
        )
        remember(dossier, [measured], by=request.user)
        enqueue_watches(dossier)
        messages.success(
            request,
            gettext("已制作 %(name)s 的人脸模板。照片没有留存；本班的录像会重新找一遍人。")
            % {"name": enrolment.name},
        )
    if refused:
        return _consent_of(request, dossier, enrolment, status=refused.status)
    return redirect(dossier.screen("consent-of", enrolment.uuid))


@screen(Act.KEEP_CONSENT)
@require_POST
def forget_face(request: HttpRequest, dossier: DossierPage, uuid) -> HttpResponse:
    """Delete her templates; her consent stands."""
    enrolment = _enrolment(dossier, uuid)
    with refusals(request):
        count = forget(enrolment, by=request.user)
        messages.success(
            request,
            gettext("已删去 %(name)s 的人脸模板 %(count)s 份，同意仍有效。")
            % {"name": enrolment.name, "count": count},
        )
    return redirect(dossier.screen("consent-of", enrolment.uuid))


@screen(Act.KEEP_CONSENT)
@require_safe
def consent_pdf(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The consent to sign: one page a trainee, for the class, for one, or blank."""
    which = request.GET.get("for", ALL)
    people = list(dossier.enrolments.filter(withdrawn_on=None))
    if which == BLANK:
        people = [Enrolment(name="", seq=0)]
    elif which != ALL:
        people = [one for one in people if str(one.uuid) == which]
    if not people:
        raise Http404
    version = version_to_sign(timezone.localdate())
    with translation.override("zh-hans"):
        context = {
            "dossier": dossier,
            "level": level_of(dossier),
            "people": people,
            "version": version,
            "texts": [(version.texts[kind], text_parts(version.texts[kind])) for kind in KINDS],
        }
        made = pdf_of("print/consent.html", context, stylesheets=["cms/consent-print.css"])
    return pdf_response(made, f"consent-{dossier.class_no}-{which if which in (ALL, BLANK) else 'one'}.pdf")


def _consent(
    request: HttpRequest,
    dossier: DossierPage,
    form: AnswerForm,
    *,
    status: int = 200,
    chosen: list[str] | None = None,
) -> HttpResponse:
    may_keep = may(request.user, Act.KEEP_CONSENT, dossier)
    rows = consent_rows(dossier, may_change=may_keep)
    version = version_to_sign(timezone.localdate())
    context = dossier_context(request, dossier, "roster") | {
        "rows": rows,
        "tallies": tallies(rows),
        "chosen": chosen or [],
        "form": form,
        "may_keep": may_keep,
        "may_record": may_keep and dossier.progress.state in INSTITUTION_MAY_CHANGE,
        "stored": stored_of_class(dossier),
        "stored_of_body": stored_of_body(dossier.custodian),
        "deletions": deletions(dossier),
        "version": version,
        "texts": [(version.texts[kind], text_parts(version.texts[kind])) for kind in KINDS],
        "waiting": len(waiting_for_template(dossier)) if may_keep else 0,
        "has_engine": engine_in_use().name != "null",
        "making": list(job_lines(dossier, _making(dossier))) if may_keep else [],
    }
    return render(request, "dossiers/consent.html", context, status=status)


def _consent_of(
    request: HttpRequest, dossier: DossierPage, enrolment: Enrolment, *, status: int = 200
) -> HttpResponse:
    may_keep = may(request.user, Act.KEEP_CONSENT, dossier)
    row = consent_row(enrolment, may_change=may_keep)
    context = dossier_context(request, dossier, "roster") | {
        "row": row,
        "enrolment": enrolment,
        "answers": past_answers(enrolment),
        "templates": list(enrolment.face_templates.order_by("-pk")),
        "deletions": deletions(dossier, enrolment),
        "may_keep": may_keep,
        "forget_url": dossier.screen("forget-face", enrolment.uuid),
        "remember_url": dossier.screen("remember-face", enrolment.uuid),
        "may_make": may_keep and row.face.standing == "given" and engine_in_use().name != "null",
        "papers": {source: has_portrait(enrolment, source) for source in PAPERS} if may_keep else {},
    }
    return render(request, "dossiers/consent_of.html", context, status=status)


def _making(dossier: DossierPage) -> list[Job]:
    """Templates being made, or that could not be."""
    jobs = Job.objects.filter(kind=REMEMBER, subject=str(dossier.uuid))
    return list(
        jobs.filter(state__in=(Job.State.WAITING, Job.State.LEASED, Job.State.FAILED)).order_by("-pk")[:1]
    )


def _enrolment(dossier: DossierPage, uuid) -> Enrolment:
    found = dossier.enrolments.filter(uuid=uuid).select_related("dossier", "person").first()
    if found is None:
        raise Http404
    return found


def _sheet(dossier: DossierPage, name: str) -> Sheet | None:
    return dossier.sheets.filter(uuid__in=uuids([name])).first() if name else None


def _back(request: HttpRequest, dossier: DossierPage, enrolment: Enrolment) -> str:
    if request.POST.get("from") == "trainee":
        return dossier.screen("consent-of", enrolment.uuid)
    return dossier.screen("consent")
