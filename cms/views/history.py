"""The course of a dossier (经过): its log in words, whether the chain is whole, and who opened identity papers."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.rows.history import history_rows, reveal_rows
from cms.views.doors import screen
from cms.views.header import dossier_context
from dossiers import history as chain
from dossiers.models import Account, DossierPage
from dossiers.permissions import Act

ENTRIES_A_PAGE = 100
SEES_REVEALS = frozenset({Account.Role.HEAD, Account.Role.REVIEWER})


@screen(Act.SEE)
def history(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Newest first; the whole chain is checked each time it is looked at."""
    entries = list(dossier.history.select_related("actor"))
    dossier.progress.refresh_from_db()
    broken = chain.breaks(dossier, entries, dossier.progress)
    page = Paginator(entries[::-1], ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    sees_reveals = request.user.role in SEES_REVEALS
    return render(
        request,
        "dossiers/history.html",
        dossier_context(request, dossier, "history")
        | {
            "page": page,
            "entries": history_rows(dossier, page.object_list, request.user, broken),
            "broken": broken,
            "length": len(entries),
            "chain_head": dossier.progress.history_head,
            "sees_reveals": sees_reveals,
            "reveals": reveal_rows(dossier, request.user) if sees_reveals else (),
        },
    )
