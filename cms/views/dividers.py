"""Divider sheets: chosen on screen, printed as a PDF; what they route is confirmed in the tray."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from cms.printing import pdf_of, pdf_response
from cms.rows.course import level_of
from cms.rows.dividers import CLASS, NAMES, PEOPLE, PERSON, DividerSheet, of_trainees, sheets, staying
from cms.views.doors import screen
from cms.views.header import dossier_context
from cms.views.parsing import uuids
from dossiers.models import DossierPage
from dossiers.permissions import Act
from dossiers.standing import ledger_of


@screen(Act.UPLOAD)
@require_safe
def dividers(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """What may be printed: the four sets."""
    context = dossier_context(request, dossier, "tray") | {
        "sets": NAMES,
        "items": of_trainees(ledger_of(dossier)),
        "people": list(staying(dossier)),
        "chosen": request.GET.get("trainee", ""),
    }
    return render(request, "dossiers/dividers.html", context)


@screen(Act.UPLOAD)
@require_safe
def dividers_pdf(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """One set on A4; the address names an item and a trainee by their identifiers only."""
    which, item_id = request.GET.get("set", CLASS), request.GET.get("item", "")
    named = uuids([request.GET.get("trainee", "")]) if which == PERSON else []
    trainee = staying(dossier).filter(uuid__in=named).first()
    with translation.override("zh-hans"):
        found = sheets(dossier, which, item_id=item_id if which == PEOPLE else "", trainee=trainee)
        if not found:
            raise Http404
        return pdf_response(printed_dividers(dossier, found), f"dividers-{dossier.class_no}-{which}.pdf")


def printed_dividers(dossier: DossierPage, found: list[DividerSheet]) -> bytes:
    """The PDF, in Chinese whatever she reads in: the pile lies before people who work in Chinese."""
    context = {"dossier": dossier, "level": level_of(dossier), "sheets": found}
    return pdf_of("print/dividers.html", context, stylesheets=["cms/dividers-print.css"])
