"""What is under way in one class: live progress, refusals and failures, retry and withdrawal."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from cms import intake as door
from cms.rows.jobs import working
from cms.views.doors import refusals, screen
from cms.views.files import received_words
from dossiers.exceptions import NotAllowed
from dossiers.models import DossierPage
from dossiers.permissions import Act, may
from foundation import jobs as ledger
from foundation.models import Job
from ingestion.models import Intake


@screen(Act.UPLOAD)
@require_safe
def jobs(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The part of a page that asks for itself every two seconds while something runs."""
    return _drawn(request, dossier)


@screen(Act.UPLOAD)
@require_POST
def retry_job(request: HttpRequest, dossier: DossierPage, name: uuid.UUID) -> HttpResponse:
    """A job that failed waits again, with fresh attempts."""
    failed = Job.objects.filter(uuid=name, subject=str(dossier.uuid)).first()
    if failed is None:
        raise Http404
    with refusals(request) as refused:
        ledger.retry(failed)
    return _drawn(request, dossier, status=refused.status)


@screen(Act.UPLOAD)
@require_POST
def cancel_job(request: HttpRequest, dossier: DossierPage, name: uuid.UUID) -> HttpResponse:
    """Stop a job that waits or runs; what it was to take in is withdrawn, what it was to read can be read later."""
    found = Job.objects.filter(uuid=name, subject=str(dossier.uuid)).first()
    if found is None:
        raise Http404
    taking = Intake.objects.filter(dossier=dossier, job=found, upload=None).first()
    with refusals(request) as refused:
        if taking is not None:
            door.withdraw(taking, by=request.user)
        elif not may(request.user, Act.FILE, dossier):
            raise NotAllowed(Act.FILE)
        ledger.cancel(found)
    if not refused:
        messages.success(
            request,
            gettext("已取消，文件没有收下。") if taking else gettext("已取消。原件留存，可随时点重试。"),
        )
    return _drawn(request, dossier, status=refused.status)


@screen(Act.UPLOAD)
@require_POST
def withdraw_intake(request: HttpRequest, dossier: DossierPage, name: uuid.UUID) -> HttpResponse:
    """Take back a file that was refused, half sent, or wrong."""
    found = Intake.objects.filter(dossier=dossier, quarantined__uuid=name).first()
    if found is None:
        raise Http404
    with refusals(request) as refused:
        door.withdraw(found, by=request.user)
    if not refused:
        messages.success(request, gettext("已撤回。"))
    return _drawn(request, dossier, status=refused.status)


@screen(Act.UPLOAD)
@require_POST
def try_intake_again(request: HttpRequest, dossier: DossierPage, name: uuid.UUID) -> HttpResponse:
    """Look again at a file that was refused or cut off."""
    found = dossier.intakes.filter(quarantined__uuid=name).select_related("quarantined", "dossier").first()
    if found is None:
        raise Http404
    with refusals(request) as refused:
        taken = door.try_again(found, by=request.user)
    if not refused:
        messages.success(request, received_words(taken))
    return _drawn(request, dossier, status=refused.status)


@screen(Act.UPLOAD)
@require_POST
def withdraw_upload(request: HttpRequest, dossier: DossierPage, name: uuid.UUID) -> HttpResponse:
    """Take back a file that was taken in already; its sheets leave the tray."""
    found = dossier.intakes.filter(upload__uuid=name, is_repeat=False).first()
    if found is None:
        raise Http404
    with refusals(request) as refused:
        door.withdraw(found, by=request.user)
    if not refused:
        messages.success(request, gettext("已撤回这份上传，原件留存在库里。"))
    return _drawn(request, dossier, status=refused.status)


def _drawn(request: HttpRequest, dossier: DossierPage, status: int = 200) -> HttpResponse:
    """The partial for htmx; without script, back to the tray."""
    if request.method == "POST" and "HX-Request" not in request.headers:
        return redirect(dossier.screen("tray"))
    read = dossier.sheets.filter(reading__isnull=False).count()
    context = {
        "dossier": dossier,
        "working": working(dossier, request.user),
        "url": f"{dossier.screen('jobs')}?read={read}",
    }
    response = render(request, "dossiers/jobs.html", context, status=200 if status == 409 else status)
    if request.GET.get("read", str(read)) != str(read):
        response["HX-Trigger"] = "pages-read"  # the tray listens
    response["Cache-Control"] = "no-store"
    return response
