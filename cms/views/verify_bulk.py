"""Many at once: values that equal the roster and pass their checks, confirmed on pages that were paged through."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from cms.rows.field_names import field_name
from cms.rows.values import Value, current_values
from cms.rows.verify import VerifyPage
from cms.rows.verify_queue import BULK, Line, Queue
from cms.seen import not_read
from cms.verify_steps import remember, undoable
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from cms.views.verify import address, as_read
from dossiers.actions import verification
from dossiers.actions.verification import Basis
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence


@screen(Act.VERIFY)
@require_http_methods(["GET", "POST"])
def verify_bulk(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Values that equal the roster and pass their checks, listed by page; a page not paged through stays out."""
    pages = _bulk_pages(request, dossier)
    if request.method == "POST":
        with refusals(request) as refused:
            _confirm_bulk(request, dossier, pages)
        if not refused:
            return redirect(dossier.screen("verify-bulk"))
        return _bulk_drawn(request, dossier, _bulk_pages(request, dossier), status=refused.status)
    return _bulk_drawn(request, dossier, pages)


def _bulk_pages(request: HttpRequest, dossier: DossierPage) -> list[tuple[VerifyPage, list[Value]]]:
    """Pages on which nothing is open, with the values that equal the roster; three queries for all."""
    queue = Queue(dossier, request.user)
    lines: list[Line] = queue.bulk
    found = current_values([line.sheet for line in lines], by_bureau=request.user.is_of_bureau)
    pages = [
        VerifyPage(dossier, request.user, line, queue.roster, given=found.get(line.sheet.pk, ()))
        for line in lines
    ]
    sure = [page for page in pages if not page.open_values]
    return [(page, alike) for page in sure if (alike := [one for one in page.values if page.is_alike(one)])]


def _not_read(
    request: HttpRequest, dossier: DossierPage, pages: list[tuple[VerifyPage, list[Value]]]
) -> list[int]:
    """The pages that did not stand before her with the values they hold now."""
    return not_read(request, dossier, {page.sheet.pk: page.fingerprint for page, _alike in pages})


def _bulk_drawn(
    request: HttpRequest,
    dossier: DossierPage,
    pages: list[tuple[VerifyPage, list[Value]]],
    status: int = 200,
) -> HttpResponse:
    missed = set(_not_read(request, dossier, pages))
    rows = [
        {"page": page, "values": len(alike), "labels": _labels(alike), "is_seen": page.sheet.pk not in missed}
        for page, alike in pages
    ]
    ready = [row for row in rows if row["is_seen"]]
    first = next((row for row in rows if not row["is_seen"]), None)
    context = dossier_context(request, dossier, "verify") | {
        "rows": rows,
        "ready": len(ready),
        "ready_values": sum(row["values"] for row in ready),
        "first_url": address(dossier, f=BULK, sheet=str(first["page"].sheet.uuid)) if first else "",
        "may_say": pages[0][0].may_say if pages else False,
        "undo": undoable(request, dossier),
        "verify_url": dossier.screen("verify"),
        "bulk_url": dossier.screen("verify-bulk"),
        "filter": BULK,
    }
    return render(request, "dossiers/verify_bulk.html", context, status=status)


def _labels(alike: list[Value]) -> str:
    return gettext("、").join(dict.fromkeys(field_name(one.name) for one in alike))


def _confirm_bulk(
    request: HttpRequest, dossier: DossierPage, pages: list[tuple[VerifyPage, list[Value]]]
) -> None:
    """Confirm what the form listed, as far as it was paged through and reads as it did."""
    listed = set(request.POST.getlist("page"))
    chosen = [one for one in pages if f"{one[0].sheet.uuid}:{one[0].fingerprint}" in listed]
    missed = _not_read(request, dossier, chosen)
    if missed or not chosen:
        raise NotReady(
            sentence(
                "not_paged_through_to_verify",
                gettext_noop("还有 %(count)s 页没有翻看，没有确认任何一项。请先翻看每一页。"),
                count=len(missed),
            )
            if missed
            else sentence("nothing_to_verify", gettext_noop("没有可以核的值，没有记下什么。请刷新后再看。"))
        )
    said = [(page.sheet, [as_read(one, Basis.BULK) for one in alike]) for page, alike in chosen]
    made = verification.confirm_many(dossier, said, by=request.user)
    remember(request, dossier, made)
    messages.success(
        request,
        gettext("已成批确认 %(pages)s 页上的 %(count)s 项。按 Ctrl Z 可撤销。")
        % {"pages": len(said), "count": len(made)},
    )
