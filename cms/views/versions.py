"""After a return: what the new version changed, page by page, old beside new, and what the fields say now."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cms.rows.versions import Versions
from cms.views.doors import screen
from cms.views.header import dossier_context
from dossiers.models import DossierPage
from dossiers.permissions import Act, may
from dossiers.standing import ledger_of


@screen(Act.SEE)
@require_GET
def changes(request: HttpRequest, dossier: DossierPage, item_id: str = "") -> HttpResponse:
    """Every item in which something changed; one item with its pages."""
    ledger = ledger_of(dossier)
    if item_id and not ledger.has(item_id):
        raise Http404
    versions = Versions(dossier, request.user, opened=request.GET.get("page", ""))
    reviews = may(request.user, Act.REVIEW_MONEY, dossier)
    context = dossier_context(request, dossier, "review" if reviews else "board") | {
        "versions": versions,
        "item": ledger.item(item_id) if item_id else None,
        "papers": versions.papers(item_id) if item_id else [],
        "same_elsewhere": versions.same_elsewhere(item_id) if item_id else 0,
        "may_review": reviews,
    }
    return render(request, "dossiers/changes.html", context)
