"""The contents (目录): on screen with each person's pages, as a PDF without any name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from cms.printing import pdf_of, pdf_response, qr_png
from cms.rows.contents import catalogue, print_pages, reference_code, today_printed
from cms.rows.course import level_of
from cms.views.doors import screen
from cms.views.header import dossier_context
from dossiers.models import DossierPage
from dossiers.permissions import Act
from dossiers.standing import Standing


@screen(Act.SEE)
def contents(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The rows as they stand this moment; nothing is cached."""
    standing = Standing(dossier, request.user)
    return render(
        request,
        "dossiers/contents.html",
        dossier_context(request, dossier, "contents")
        | _volume(standing)
        | {"catalogue": catalogue(standing), "columns": standing.ruleset.archive.columns},
    )


@screen(Act.PRINT)
def contents_pdf(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The version for the cover: A4, fonts embedded, nobody named."""
    return pdf_response(
        printed_contents(Standing(dossier, request.user)),
        f"contents-{dossier.class_no}-v{dossier.progress.version}.pdf",
    )


@translation.override("zh-hans")
def printed_contents(standing: Standing) -> bytes:
    """The PDF of a dossier's contents for whoever may print it, in Chinese whatever she reads in."""
    dossier, archive = standing.dossier, standing.ruleset.archive
    context = _volume(standing) | {
        "dossier": dossier,
        "title": archive.catalogue_title,
        "columns": archive.columns,
        "pages": print_pages(catalogue(standing, for_cover=True), archive),
        "training_type": standing.ruleset.training_type(dossier.training_type).label,
        "level": level_of(dossier),
        "qr": qr_png(dossier.address),
        "today": today_printed(),
    }
    return pdf_of("print/contents.html", context, stylesheets=["cms/contents-print.css"])


def _volume(standing: Standing) -> dict:
    dossier = standing.dossier
    return {
        "version": dossier.progress.version,
        "keeper": dossier.custodian.title,
        "reference_code": reference_code(dossier, standing.ruleset.archive, dossier.custodian.fonds_no),
    }
