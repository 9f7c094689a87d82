"""What a person has photographed in this session, dossier by dossier: so that pages are counted and none is forgotten."""

from django.http import HttpRequest

from dossiers.models import DossierPage, Sheet, Upload

KEY, KEPT = "captured", 300


def note_captured(request: HttpRequest, upload: Upload) -> None:
    """This photograph came in; the same bytes again count once."""
    held = request.session.get(KEY, {})
    known = [name for name in held.get(str(upload.dossier_id), []) if name != str(upload.uuid)]
    held[str(upload.dossier_id)] = [*known, str(upload.uuid)][-KEPT:]
    request.session[KEY] = held


def captured(request: HttpRequest, dossier: DossierPage) -> list[Upload]:
    """Her photographs of this dossier in their order, without those she took back."""
    named = request.session.get(KEY, {}).get(str(dossier.pk), [])
    rows = Upload.objects.filter(dossier=dossier, uuid__in=named, withdrawn_at=None).select_related("blob")
    return sorted(rows, key=lambda upload: named.index(str(upload.uuid)))


def undecided(shots: list[Upload]) -> list[Upload]:
    """Those of which a page still waits for her word."""
    waiting = Sheet.objects.filter(upload__in=shots, state=Sheet.State.IN_TRAY)
    left = set(waiting.values_list("upload_id", flat=True))
    return [upload for upload in shots if upload.pk in left]
