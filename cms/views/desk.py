"""The desk (工作台): the first page after log-in, by role: what waits for a hand."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cms.rows import desk as rows
from cms.rows.classes import class_rows
from cms.views.doors import refusals, site_view
from dossiers.models import Account
from dossiers.permissions import Act, acts_of, manageable_accounts, visible_dossiers
from dossiers.states import DossierState
from foundation import jobs as ledger
from foundation.models import Job

CLASSES_A_PAGE = 20


@site_view(None)
def desk(request: HttpRequest) -> HttpResponse:
    """Each role finds its own day here."""
    account = request.user
    if account.is_of_institution:
        return render(request, "dossiers/desk.html", _of_institution(request, account))
    acts = acts_of(account)
    if Act.REVIEW_MONEY in acts:
        return render(request, "dossiers/desk_bureau.html", _of_reviewer(request, account))
    if Act.MANAGE_JOBS in acts:
        return render(request, "dossiers/desk_administrator.html", _of_administrator(account))
    return render(request, "dossiers/desk_archivist.html", _of_archivist(account))


@site_view(Act.UPLOAD)
def desk_jobs(request: HttpRequest) -> HttpResponse:
    """The panel of running jobs, which asks for itself while something runs."""
    answer = render(request, "dossiers/desk_jobs.html", _jobs(request.user))
    answer["Cache-Control"] = "no-store"
    return answer


@site_view(Act.MANAGE_JOBS)
@require_POST
def retry_failed(request: HttpRequest, name: UUID) -> HttpResponse:
    """The administrator lets a failed job wait again."""
    failed = get_object_or_404(rows.failures(request.user), uuid=name)
    with refusals(request):
        ledger.retry(failed)
    return redirect("desk")


def _of_institution(request: HttpRequest, account: Account) -> dict:
    in_hand = visible_dossiers(account).exclude(progress__state=DossierState.COMPLETE)
    page = Paginator(in_hand.order_by("-class_no", "-pk"), CLASSES_A_PAGE).get_page(request.GET.get("page"))
    returns = rows.desk_returns(account)
    return {
        "today": timezone.localdate(),
        "page": page,
        "classes": class_rows(page.object_list, account),
        "returns": returns,
        "waiting_pages": rows.pages_in_tray(account),
        "storage": rows.storage_of(account),
        "may_open_class": Act.OPEN_CLASS in acts_of(account),
        "may_upload": Act.UPLOAD in acts_of(account),
    } | _jobs(account)


def _jobs(account: Account) -> dict:
    lines, queued = rows.desk_jobs(account)
    return {
        "lines": lines,
        "queued": queued,
        "running": sum(line.state == Job.State.LEASED for line in lines),
        "waiting": sum(line.state == Job.State.WAITING for line in lines) + queued,
        "failed": sum(line.state == Job.State.FAILED for line in lines),
    }


def _of_reviewer(request: HttpRequest, account: Account) -> dict:
    page = Paginator(rows.queue(account), CLASSES_A_PAGE).get_page(request.GET.get("page"))
    return {
        "today": timezone.localdate(),
        "waiting": rows.waiting_for_bureau(account),
        "page": page,
        "classes": class_rows(page.object_list, account),
    }


def _of_archivist(account: Account) -> dict:
    return {
        "today": timezone.localdate(),
        "classes": class_rows(rows.recently_completed(account), account),
    }


def _of_administrator(account: Account) -> dict:
    return {
        "today": timezone.localdate(),
        "accounts": manageable_accounts(account).filter(is_active=True).count(),
        "failed_jobs": rows.failed_jobs(account),
        "storage": rows.storage_of_all(),
    }
