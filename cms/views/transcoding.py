"""Making a recording playable that no browser plays: what it costs, begun by a person, and how far it is.

Whoever sees the recording sees what it would cost; who hands in files may begin it.

/recordings/<uuid>/transcode/   the part of a page that says so; empty where the recording plays. A POST begins it.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cms.rows.jobs import job_line
from cms.rows.looked import Looked, looked_at
from cms.rows.transcoding import ways
from cms.views.doors import refusals, screen
from cms.views.parsing import whole_number
from dossiers.models import DossierPage, Upload
from dossiers.permissions import Act, may, visible_uploads
from foundation.wording import say
from media_processing import transcode_jobs
from media_processing.models import RecordingProbe


@require_http_methods(["GET", "HEAD", "POST"])
@screen(Act.SEE)
def transcode(request: HttpRequest, dossier: DossierPage, name: UUID) -> HttpResponse:
    """Asks for itself until the recording plays; without script, back to the page it was begun on."""
    upload = (
        visible_uploads(request.user)
        .filter(dossier=dossier, uuid=name, medium=Upload.Medium.RECORDING)
        .select_related("dossier", "blob")
        .first()
    )
    if upload is None:
        raise Http404
    told: list[str] = []
    if request.method == "POST":
        if not may(request.user, Act.UPLOAD, dossier):
            raise Http404
        with refusals(request) as refused:
            transcode_jobs.begin(upload, height=whole_number(request.POST.get("height", ""), default=-1))
        told = refused.told
        if "HX-Request" not in request.headers:
            return redirect(dossier.screen("tray"))
    return _drawn(request, dossier, upload, told)


def _drawn(request: HttpRequest, dossier: DossierPage, upload: Upload, told: list[str]) -> HttpResponse:
    probe = RecordingProbe.objects.filter(upload=upload).first()
    running = transcode_jobs.running(upload)
    looked = looked_at(dossier, [upload])[upload.pk]
    context = {
        "dossier": dossier,
        "upload": upload,
        "probe": probe,
        "plays": looked == Looked.PLAYS,
        "looked": looked,
        "broken": say(upload.problem, file_name=upload.file_name) if looked == Looked.BROKEN else "",
        "was_waited_for": "waited" in request.GET,
        "line": job_line(dossier, running, upload.file_name) if running else None,
        "ways": ways(transcode_jobs.offered(upload)),
        "may_begin": may(request.user, Act.UPLOAD, dossier),
        "told": told,
    }
    response = render(request, "dossiers/transcode.html", context)
    response["Cache-Control"] = "no-store"
    return response
