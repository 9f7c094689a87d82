"""A filed paper as a searchable PDF: made when first asked for; handing it over is a look at what it shows."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from cms.rows.sheets import item_title
from cms.views.doors import screen
from cms.views.images import written_down
from dossiers.models import DossierPage, Filing
from dossiers.permissions import Act, visible_filings, visible_sheets
from dossiers.standing import ledger_of
from foundation import jobs
from foundation.models import Job
from foundation.serving import range_response
from ingestion.searchable import SEARCHABLE, Layered, layered, pages_being_read, places_of

PDF = "application/pdf"
SECONDS_TO_ASK_AGAIN = 2
UNDER_WAY = (Job.State.WAITING, Job.State.LEASED)


@screen(Act.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def searchable(request: HttpRequest, dossier: DossierPage, filing: uuid.UUID) -> HttpResponseBase:
    """The PDF, or the page that waits for it; POST tries again what failed."""
    paper = _paper(request, dossier, filing)
    wanted = layered(paper)
    if wanted is None:
        raise Http404
    if unread := pages_being_read(paper):
        return _told(request, dossier, paper, unread=unread)
    if wanted.is_made:
        return _handed_over(request, dossier, paper, wanted)
    return _made_soon(request, dossier, paper)


def _paper(request: HttpRequest, dossier: DossierPage, name: uuid.UUID) -> Filing:
    """A paper that lies in the dossier, every page of which this person may open."""
    papers = visible_filings(request.user).filter(dossier=dossier, state=Filing.State.FILED)
    found = papers.select_related("enrolment").filter(uuid=name).first()
    if found is None:
        raise Http404
    pages = set(found.places.values_list("sheet_id", flat=True))
    if pages != set(visible_sheets(request.user).filter(pk__in=pages).values_list("pk", flat=True)):
        raise Http404
    return found


def _handed_over(
    request: HttpRequest, dossier: DossierPage, paper: Filing, wanted: Layered
) -> HttpResponseBase:
    shows = any(place.sheet.shows_identity for place in places_of(paper))
    if shows and (refused := written_down(request, dossier.pk, "searchable", paper.uuid)):
        return refused
    return range_response(
        request,
        wanted.sha256,
        media_type=PDF,
        file_name=f"{_title(dossier, paper)}.pdf",
        derivative=wanted.name,
        disposition="attachment",
    )


def _made_soon(request: HttpRequest, dossier: DossierPage, paper: Filing) -> HttpResponse:
    """One job a paper: whoever asks while it runs waits for the same one."""
    job = Job.objects.filter(kind=SEARCHABLE, subject=str(paper.uuid)).order_by("-pk").first()
    if request.method == "POST":
        if job is not None and job.state == Job.State.FAILED:
            jobs.retry(job)
        return redirect(dossier.screen("searchable", paper.uuid))
    failed = job is not None and job.state == Job.State.FAILED
    if request.method == "GET" and not failed and (job is None or job.state not in UNDER_WAY):
        jobs.enqueue(SEARCHABLE, subject=str(paper.uuid), filing=paper.uuid)
    return _told(request, dossier, paper, problem=job.error_text if failed and job else "")


def _told(
    request: HttpRequest, dossier: DossierPage, paper: Filing, *, unread: int = 0, problem: str = ""
) -> HttpResponse:
    """Why there is no PDF yet; the page asks again by itself unless nothing is under way."""
    shown = {
        "dossier": dossier,
        "title": _title(dossier, paper),
        "pages": paper.places.count(),
        "back": dossier.screen("item", paper.item_id),
        "unread": unread,
        "problem": problem,
    }
    answer = render(request, "dossiers/searchable.html", shown, status=200 if problem else 202)
    if not problem:
        answer["Refresh"] = str(SECONDS_TO_ASK_AGAIN)
    return answer


def _title(dossier: DossierPage, paper: Filing) -> str:
    """第 7 件 身份证 王海燕."""
    ledger = ledger_of(dossier)
    item = item_title(ledger.item(paper.item_id)) if ledger.has(paper.item_id) else gettext("材料")
    return " ".join(filter(None, (item, paper.enrolment.name if paper.enrolment else "")))
