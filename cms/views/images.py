"""Pictures of sheets, originals and recordings: permission first, the look written down, then the bytes.

/sheets/<uuid>/thumb         small; veiled where an ID number could stand on it
/sheets/<uuid>/view          the page as people read it; a logged reveal where it shows an identity
/uploads/<uuid>/original     the untouched file
/recordings/<uuid>/play      the recording in a form browsers play, by ranges
/recordings/<uuid>/poster    one frame of it
"""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.views.doors import say, site_view
from dossiers.actions.reveals import QuotaSpent, reveal_image
from dossiers.models import DossierPage, Sheet, Upload
from dossiers.permissions import Act, visible_dossiers, visible_sheets, visible_uploads
from foundation.blobs import store
from foundation.serving import range_response
from ingestion.pictures import drawn, piece_mark, thumbnail_name, veil_name, view_name
from media_processing.models import PLAYABLE, POSTER, RecordingProbe

JPEG = "image/jpeg"
SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "video/mp4"})  # the rest is handed over as a file
NOT_DRAWN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 170" width="120" height="170">'
    b'<rect width="120" height="170" fill="#e9edf2"/><path d="M30 60h60M30 80h60M30 100h40" stroke="#b6c0cc"'
    b' stroke-width="4"/></svg>'
)


@site_view(Act.SEE)
@require_safe
def thumb(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """A small picture; until the page is drawn, an empty sheet."""
    sheet = _sheet(request, name)
    if sheet.upload.medium == Upload.Medium.RECORDING:
        derivative = POSTER
    else:
        small = veil_name if sheet.shows_identity else thumbnail_name
        derivative = small(sheet.number, piece_mark(sheet))
        if not drawn(store(), sheet):
            return _not_drawn()
    return _derivative(request, sheet.upload, derivative)


@site_view(Act.SEE)
@require_safe
def view(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """The page at reading size."""
    sheet = _sheet(request, name)
    if sheet.upload.medium == Upload.Medium.RECORDING:
        return _derivative(request, sheet.upload, POSTER)
    if not drawn(store(), sheet):
        return _not_drawn()
    if sheet.shows_identity and (
        refused := written_down(request, sheet.upload.dossier_id, "image", sheet.uuid)
    ):
        return refused
    return _derivative(request, sheet.upload, view_name(sheet.number, piece_mark(sheet)))


@site_view(Act.SEE)
@require_safe
def original(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """The bytes as they were handed over, under the name they came with."""
    found = visible_uploads(request.user).filter(uuid=name).select_related("blob").first()
    if found is None:
        return _page_by_page(request, name)
    shows = found.medium == Upload.Medium.PAPER and found.sheets.filter(shows_identity=True).exists()
    if shows and (refused := written_down(request, found.dossier_id, "original", found.uuid)):
        return refused
    media_type = found.blob.media_type
    in_place = media_type in SHOWN_IN_PLACE and "download" not in request.GET
    return range_response(
        request,
        found.blob.sha256,
        media_type=media_type,
        file_name=found.file_name,
        disposition="inline" if in_place else "attachment",
    )


@site_view(Act.SEE)
@require_safe
def play(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """What a player asks for, range by range."""
    found = _upload(request, name)
    if found.medium != Upload.Medium.RECORDING:
        raise Http404
    probe = RecordingProbe.objects.filter(upload=found).first()
    if probe is not None and probe.play in (RecordingProbe.Play.REMUXED, RecordingProbe.Play.TRANSCODED):
        return _derivative(request, found, PLAYABLE, media_type="video/mp4")
    return range_response(
        request, found.blob.sha256, media_type=_playing_type(found), file_name=found.file_name
    )


@site_view(Act.SEE)
@require_safe
def poster(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """One frame, for the player before it plays."""
    return _derivative(request, _upload(request, name), POSTER)


def _sheet(request: HttpRequest, name: uuid.UUID) -> Sheet:
    found = visible_sheets(request.user).filter(uuid=name).select_related("upload__blob").first()
    if found is None:
        raise Http404
    return found


def _upload(request: HttpRequest, name: uuid.UUID) -> Upload:
    found = visible_uploads(request.user).filter(uuid=name).select_related("blob").first()
    if found is None:
        raise Http404
    return found


def _page_by_page(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Some pages of it were handed in and others were not: she is told so, and gets no byte."""
    handed_in = visible_sheets(request.user).filter(upload__uuid=name).values("dossier")
    dossier = visible_dossiers(request.user).filter(pk__in=handed_in).first()
    if dossier is None:
        raise Http404
    return render(request, "dossiers/page_by_page.html", {"dossier": dossier}, status=404)


def written_down(request: HttpRequest, of: int, what: str, subject: uuid.UUID) -> HttpResponse | None:
    """Log the look at a thing of the dossier `of`; the page that says so when today's looks are used up."""
    if request.method == "HEAD":
        return None
    dossier: DossierPage = visible_dossiers(request.user).get(pk=of)
    try:
        reveal_image(request.user, dossier, what=what, subject=subject, daily_quota=settings.REVEALS_A_DAY)
    except QuotaSpent as spent:
        told = [say(reason) for reason in spent.reasons]
        return render(request, "dossiers/quota_spent.html", {"told": told, "dossier": dossier}, status=429)
    return None


def _derivative(
    request: HttpRequest, upload: Upload, name: str, *, media_type: str = JPEG
) -> HttpResponseBase:
    """A derivative under a name that tells which upload and page it is of."""
    if not store().has_derivative(upload.blob.sha256, name):
        return _not_drawn()
    shown = f"{PurePath(upload.file_name).stem}-{name}"
    return range_response(
        request, upload.blob.sha256, media_type=media_type, file_name=shown, derivative=name
    )


def _not_drawn() -> HttpResponse:
    """An empty sheet in place of a picture that does not exist yet."""
    return HttpResponse(
        NOT_DRAWN,
        content_type="image/svg+xml",
        headers={"Cache-Control": "no-store", "Content-Security-Policy": "sandbox; default-src 'none'"},
    )


def _playing_type(upload: Upload) -> str:
    """QuickTime with browser streams plays when it is called MP4; the rest keeps its own type."""
    return "video/mp4" if upload.blob.media_type == "video/quicktime" else upload.blob.media_type
