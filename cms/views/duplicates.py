"""The same page again: two pages side by side, for whoever may see both."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.rows.duplicates import alike_pages
from cms.views.doors import screen
from cms.views.header import dossier_context
from cms.views.parsing import uuids
from dossiers.models import DossierPage, Sheet
from dossiers.permissions import Act, visible_sheets


@screen(Act.SEE)
@require_safe
def duplicates(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Every pair of the class, or those of the one page named `sheet`."""
    sheet = _asked_for(request, dossier, uuids([request.GET.get("sheet", "")]))
    found = alike_pages(dossier, request.user, sheet)
    context = dossier_context(request, dossier, "") | {"found": found, "one": sheet is not None}
    return render(request, "dossiers/duplicates.html", context)


def _asked_for(request: HttpRequest, dossier: DossierPage, named: list[UUID]) -> Sheet | None:
    if not named:
        return None
    found = visible_sheets(request.user).filter(dossier=dossier, uuid=named[0]).first()
    if found is None:
        raise Http404
    return found
