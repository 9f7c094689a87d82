"""Classes (班次): the list with its filters, and opening one."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from cms.forms import OpenClassForm
from cms.rows.classes import class_rows
from cms.views.doors import refusals, site_view
from dossiers.actions import course
from dossiers.exceptions import NumberError
from dossiers.models import Account, DossierPage
from dossiers.numbering import ClassNumber
from dossiers.permissions import Act, acts_of, visible_dossiers
from dossiers.states import DOSSIER_STATE_NAMES, STAGES

CLASSES_A_PAGE = 20


@site_view(Act.SEE)
def classes(request: HttpRequest) -> HttpResponse:
    """Every class in one's sight, newest first, narrowed by number, state, stage and year."""
    account = request.user
    asked = {name: request.GET.get(name, "").strip() for name in ("no", "state", "stage", "year")}
    found = _narrowed(visible_dossiers(account), asked).order_by("-class_no", "-pk")
    page = Paginator(found, CLASSES_A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "dossiers/classes.html",
        {
            "page": page,
            "classes": class_rows(page.object_list, account),
            "asked": asked,
            "query": f"{kept.urlencode()}&" if kept else "",
            "states": [(state.value, gettext(name)) for state, name in DOSSIER_STATE_NAMES.items()],
            "stages": [(s.id, f"{no} {gettext(s.name)}") for no, s in enumerate(STAGES, 1)],
            "years": _years(account),
            "may_open_class": Act.OPEN_CLASS in acts_of(account),
            "bureau": account.is_of_bureau,
        },
    )


@site_view(Act.OPEN_CLASS)
def open_class(request: HttpRequest) -> HttpResponse:
    """Open a class's dossier; what is wrong stands beside its field, and nothing typed is lost."""
    institution = request.user.institution
    suggested = {"class_no": next_class_no(request.user)}
    form = OpenClassForm(request.POST or None, institution=institution, initial=suggested)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            with refusals(request) as refused:
                dossier = course.open_class(institution, form.plan(), by=request.user)
            if not refused:
                return redirect(dossier.screen("board"))
            status = refused.status
            form.add_error("class_no", refused.told[0])
    return render(request, "dossiers/open_class.html", {"form": form}, status=status)


def next_class_no(account: Account) -> str:
    """The number after the highest this body gave this year."""
    taken = DossierPage.objects.filter(
        Q(opener_id=account.institution_id) | Q(trainer_id=account.institution_id)
    ).values_list("class_no", flat=True)
    return str(ClassNumber.following(timezone.localdate().year, _numbers(taken)))


def _numbers(texts: QuerySet) -> list[ClassNumber]:
    found = []
    for text in texts:
        try:
            found.append(ClassNumber.parse(text))
        except NumberError:
            continue
    return found


def _narrowed(dossiers: QuerySet[DossierPage], asked: dict[str, str]) -> QuerySet[DossierPage]:
    if asked["no"]:
        dossiers = dossiers.filter(Q(class_no__icontains=asked["no"]) | Q(occupation__icontains=asked["no"]))
    if asked["state"]:
        dossiers = dossiers.filter(progress__state=asked["state"])
    if asked["stage"]:
        dossiers = dossiers.filter(progress__stage=asked["stage"])
    if asked["year"].isascii() and asked["year"].isdigit() and len(asked["year"]) == 4:
        dossiers = dossiers.filter(opened_on__year=int(asked["year"]))
    return dossiers


def _years(account: Account) -> list[int]:
    days = visible_dossiers(account).dates("opened_on", "year", order="DESC")
    return [day.year for day in days]
