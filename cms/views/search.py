"""The search: one field, and the page a hit leads to with the words marked. A whole ID number stays out of addresses."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from cms.rows.search import answers, facets, limit
from cms.rows.sheet_page import SheetPage
from cms.search import KINDS, LEAST_CHARACTERS, Within, by_number, by_words, is_number, number_in
from cms.views.doors import screen, site_view
from cms.views.header import dossier_context
from dossiers.models import DossierPage
from dossiers.numbering import check_id_number
from dossiers.permissions import Act, visible_sheets

LONGEST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(Act.SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    """Words have an address of their own; a number is asked by POST and leaves none."""
    if request.method == "POST":
        return _asked(request, _asked_for(request.POST))
    question = _asked_for(request.GET)
    if is_number(question):
        messages.warning(request, gettext("证号不放进网址。请在查询框里输入证号后按回车，系统不留下它。"))
        return redirect("search")
    within = _within(request.GET)
    found = by_words(request.user, question, within)
    kinds = answers(found, question)
    context = {
        "query": question,
        "facets": facets(found, within, question) if question else [],
        "kinds": kinds,
        "count": sum(len(kind.rows) for kind in kinds),
        "limit": limit(),
        "too_short": 0 < len(question) < LEAST_CHARACTERS,
    }
    return render(request, "dossiers/search.html", context)


def _within(given: QueryDict) -> Within:
    """What the answers are narrowed to; what is no such thing narrows nothing."""
    kind, year = given.get("kind", ""), given.get("year", "")
    try:
        body = UUID(given.get("body", ""))
    except ValueError:
        body = None
    return Within(
        kind=kind if kind in KINDS else "",
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
        body=body,
    )


def _asked_for(given: QueryDict) -> str:
    """The question as typed; a NUL byte, which PostgreSQL takes for an error, is nothing anybody types."""
    return given.get("q", "").replace("\0", "").strip()[:LONGEST]


def _asked(request: HttpRequest, question: str) -> HttpResponse:
    if not is_number(question):
        query = f"?{urlencode({'q': question})}" if question else ""
        return redirect(reverse("search") + query)
    number = number_in(question)
    check = check_id_number(number)
    found = by_number(request.user, number)
    context = {
        "query": "",
        "masked": number[:4] + "*" * (len(number) - 8) + number[-4:],
        "problems": [gettext(text) for text in check.problem_texts],
        "kinds": answers(found),
        "count": found.count,
        "limit": limit(),
    }
    response = render(request, "dossiers/search.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@screen(Act.SEE)
def sheet(request: HttpRequest, dossier: DossierPage, uuid: UUID) -> HttpResponse:
    """One page for itself, with boxes over what was read and over what was asked for."""
    found = visible_sheets(request.user).filter(dossier=dossier, uuid=uuid).select_related("upload").first()
    if found is None:
        raise Http404
    question = _asked_for(request.GET)
    if is_number(question):
        return redirect(dossier.screen("sheet", uuid))
    page = SheetPage(dossier, request.user, found, asked=question, mark=request.GET.get("mark", ""))
    context = dossier_context(request, dossier, "") | {"page": page, "query": question}
    return render(request, "dossiers/sheet.html", context)
