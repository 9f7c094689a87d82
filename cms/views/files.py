"""Where browsers put files: tus 1.0 (core, creation, checksum, termination), and a plain form without script.

    POST   /files/         Upload-Length, Upload-Metadata (filename, dossier, target, enrolment, session,
                           fingerprint, head, parts)  -> 201 Location; head: base64 of the first bytes;
                           parts: it may go into the bucket, see views/file_parts.py
    GET    /files/?dossier=<uuid>  what its sender did not end there: {"unfinished": [{name, size, offset,
                           fingerprint, url}]}; the same file goes on from its offset, in whatever browser
    HEAD   /files/<uuid>   -> Upload-Offset, Upload-Length; Juanzong-Sha256 once all is there
    PATCH  /files/<uuid>   Upload-Offset, optionally Upload-Checksum, bytes -> 204 Upload-Offset
    DELETE /files/<uuid>   withdraws, also what was taken in already

The last PATCH answers with Juanzong-Sha256, and Juanzong-Again with the file name of an earlier upload of the same
bytes. Refusals are JSON {"code", "message"}.
"""

import base64
import binascii
import tempfile
import uuid
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from cms import intake as door
from cms.views.doors import refusals, say, screen
from dossiers.exceptions import NotAllowed
from dossiers.exceptions import Refused as DossierRefused
from dossiers.models import DossierPage
from dossiers.permissions import Act, acts_of, visible_dossiers
from foundation import errors
from foundation.models import Quarantined
from foundation.quarantine import Checksum
from ingestion.models import Intake

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,termination"
OFFSET_OCTETS = "application/offset+octet-stream"
READ_BYTES = 256 * 1024
NOT_TAKEN = frozenset(  # content of a type that is not taken at all; the rest of Refused is 422
    {
        "zip_content",
        "html_content",
        "playlist_content",
        "svg_content",
        "office_content",
        "unknown_content",
        "kind_not_wanted",
    }
)
STATUS: tuple[tuple[type[errors.FoundationError], int], ...] = (
    (errors.TooLarge, 413),
    (errors.QuotaExceeded, 413),
    (errors.OffsetMismatch, 409),
    (errors.ChecksumMismatch, 460),
    (errors.UploadBusy, 423),
    (errors.UploadClosed, 410),
    (errors.Refused, 422),
    (errors.UploadError, 400),
)
View = Callable[..., HttpResponse]


def tus(view: View) -> View:
    """The manners of tus: version asked and told, who is nobody gets 401, refusals become JSON."""

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = _answer(view, request, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    answered.act = Act.UPLOAD
    return answered


def _answer(view: View, request: HttpRequest, *args, **kwargs) -> HttpResponse:
    if request.method == "OPTIONS":
        return _abilities()
    if not request.user.is_authenticated:
        return refusal(401, "signed_out", gettext("登录已过期，已传部分留存。请重新登录后接着传。"))
    if Act.UPLOAD not in acts_of(request.user):
        raise Http404
    if request.headers.get("Tus-Resumable") != VERSION:
        return _other_version()
    try:
        return view(request, *args, **kwargs)
    except NotAllowed as refused:
        raise Http404 from refused
    except DossierRefused as refused:
        return refusal(422, "refused", "".join(say(reason) for reason in refused.reasons))
    except errors.FoundationError as refused:
        return refusal(status_of(refused), refused.code, refused.text)
    except UnreadablePostError:
        return refusal(400, "upload_broken", errors.UploadError().text)


@tus
def files(request: HttpRequest) -> HttpResponse:
    """Creation: whose dossier, how large, what it is called. And what was not ended."""
    if request.method == "GET":
        return _unfinished(request)
    if request.method != "POST":
        return _not_offered("GET, POST, OPTIONS")
    told = metadata(request.headers.get("Upload-Metadata", ""))
    dossier = _dossier(request, told.get("dossier", ""))
    target = door.target_in(
        dossier,
        item_id=told.get("target", ""),
        enrolment=told.get("enrolment", ""),
        session=told.get("session", ""),
    )
    begun = door.begin(
        dossier,
        by=request.user,
        file_name=_file_name(told.get("filename", "")),
        size=_number(request, "Upload-Length"),
        target=target,
        fingerprint=told.get("fingerprint", ""),
        head=_head_bytes(told.get("head", "")),
        in_parts="parts" in told,
    )
    return HttpResponse(
        status=201, headers={"Location": reverse("file", args=[begun.quarantined.uuid]), "Upload-Offset": "0"}
    )


@tus
def file(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """One upload: how far it is, the next bytes, or its end."""
    acts = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete}
    if request.method not in acts:
        return _not_offered("HEAD, PATCH, DELETE, OPTIONS")
    return acts[request.method](request, own_intake(request, name))


@screen(Act.UPLOAD)
@require_POST
def upload(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The plain form: every file through the same door, each with its own word, then back to the tray."""
    given = request.FILES.getlist("files")
    if not given:
        messages.error(request, gettext("没有选文件。请先选择要上传的文件。"))
    for one in given:
        with refusals(request) as refused:
            target = door.target_in(
                dossier,
                item_id=request.POST.get("target", ""),
                enrolment=request.POST.get("enrolment", ""),
                session=request.POST.get("session", ""),
            )
            taken = deposited(request, dossier, one, target)
        if not refused:
            messages.success(request, received_words(taken))
    return redirect(dossier.screen("tray"))


def received_words(taken: Intake) -> str:
    """What the sender is told of a file that is in: acknowledged, or there already."""
    name, sha256 = taken.quarantined.file_name, taken.quarantined.sha256[:12]
    if taken.is_repeat and taken.upload:
        return gettext("“%(file)s”与已收的“%(earlier)s”逐字节相同，没有重复登记。") % {
            "file": name,
            "earlier": taken.upload.file_name,
        }
    return gettext("已收妥“%(file)s” · SHA-256 %(sha256)s") % {"file": name, "sha256": sha256}


def refusal(status: int, code: str, message: str) -> JsonResponse:
    """A refusal as scripts read it."""
    return JsonResponse(
        {"code": code, "message": message}, status=status, json_dumps_params={"ensure_ascii": False}
    )


def status_of(refused: errors.FoundationError) -> int:
    """The answer's number for what went wrong; what only time can mend is a 5xx and is tried again."""
    if refused.code in NOT_TAKEN:
        return 415
    if isinstance(refused, errors.NoSpace) or refused.code == errors.NoSpace.code:
        return 507
    return next((status for kind, status in STATUS if isinstance(refused, kind)), 503)


def metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata` of tus: names with base64 values; UploadError when it cannot be read."""
    told = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _space, encoded = pair.partition(" ")
        try:
            told[name] = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as broken:
            raise errors.UploadError from broken
    return told


def _unfinished(request: HttpRequest) -> HttpResponse:
    """What to go on with; a file is known again by its size and by the mark that its sender made of it."""
    begun = door.unfinished(_dossier(request, request.GET.get("dossier", "")), by=request.user)
    return JsonResponse({"unfinished": [_begun(intake.quarantined) for intake in begun]})


def _begun(waiting: Quarantined) -> dict[str, str | int]:
    return {
        "parts": bool(waiting.part_size),
        "name": waiting.file_name,
        "size": waiting.declared_size,
        "offset": waiting.received,
        "fingerprint": waiting.fingerprint,
        "url": reverse("file", args=[waiting.uuid]),
    }


def _head(request: HttpRequest, held: Intake) -> HttpResponse:
    """Where to go on. A sender that never heard the end hears it here."""
    waiting = held.quarantined
    if waiting.state == waiting.State.WITHDRAWN:
        raise errors.UploadClosed
    if waiting.received == waiting.declared_size and held.upload is None:
        held = _finished_if_it_can(held)
    return HttpResponse(status=200, headers=standing(held))


def _patch(request: HttpRequest, held: Intake) -> HttpResponse:
    if request.content_type != OFFSET_OCTETS:
        return refusal(415, "upload_broken", errors.UploadError().text)
    checksum = request.headers.get("Upload-Checksum")
    offset = door.receive(
        held,
        _number(request, "Upload-Offset"),
        _body(request),
        Checksum.parse(checksum) if checksum else None,
    )
    if offset < held.quarantined.declared_size:
        return HttpResponse(status=204, headers={"Upload-Offset": str(offset)})
    try:
        held = door.finish(held)
    except errors.FoundationError as refused:
        response = refusal(status_of(refused), refused.code, refused.text)
        held.refresh_from_db()
        for name, value in standing(held).items():
            response[name] = value
        return response
    return HttpResponse(status=204, headers=standing(held))


def _delete(request: HttpRequest, held: Intake) -> HttpResponse:
    door.withdraw(held, by=request.user)
    return HttpResponse(status=204)


def _finished_if_it_can(held: Intake) -> Intake:
    """Whatever keeps the file out is told by the last PATCH and by the list of jobs, not here."""
    try:
        return door.finish(held)
    except errors.FoundationError:
        held.refresh_from_db()
        return held


def standing(held: Intake) -> dict[str, str]:
    waiting = held.quarantined
    told = {"Upload-Offset": str(waiting.received), "Upload-Length": str(waiting.declared_size)}
    if waiting.sha256:
        told["Juanzong-Sha256"] = waiting.sha256
    if held.upload:
        told["Juanzong-Upload"] = str(held.upload.uuid)
    if held.is_repeat and held.upload:
        told["Juanzong-Again"] = quote(held.upload.file_name)
    return told


def _body(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(READ_BYTES):
        yield chunk


def own_intake(request: HttpRequest, name: uuid.UUID) -> Intake:
    """Her own unfinished upload, in a dossier she may still see; 404 otherwise."""
    found = (
        Intake.objects.select_related("quarantined", "dossier__progress", "upload", "job")
        .filter(quarantined__uuid=name, dossier__in=visible_dossiers(request.user).values("pk"))
        .first()
    )
    if found is None or found.deposited_by_id != request.user.pk:
        raise Http404
    return found


def _dossier(request: HttpRequest, name: str) -> DossierPage:
    try:
        wanted = uuid.UUID(name)
    except ValueError as broken:
        raise Http404 from broken
    found = visible_dossiers(request.user).filter(uuid=wanted).first()
    if found is None:
        raise Http404
    return found


def deposited(
    request: HttpRequest,
    dossier: DossierPage,
    given: UploadedFile,
    target: door.Target,
    *,
    is_urgent: bool = False,
) -> Intake:
    """One file of a plain form, through the one door."""
    with tempfile.NamedTemporaryFile(prefix="juanzong-form-") as kept:
        for chunk in given.chunks():
            kept.write(chunk)
        kept.flush()
        return door.deposit(
            dossier,
            Path(kept.name),
            by=request.user,
            file_name=_file_name(given.name or ""),
            target=target,
            is_urgent=is_urgent,
        )


def _head_bytes(told: str) -> bytes:
    try:
        return base64.b64decode(told, validate=True)[: door.content.HEAD_BYTES]
    except binascii.Error as broken:
        raise errors.UploadError from broken


def _file_name(given: str) -> str:
    """The sender's name for the file, without folders and unprintable characters."""
    bare = given.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in bare if character.isprintable()).strip() or gettext("未命名")


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isdecimal() or len(text) > 18:
        raise errors.UploadError
    return int(text)


def _abilities() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
            "Tus-Checksum-Algorithm": "sha1,sha256",
        },
    )


def _other_version() -> HttpResponse:
    response = refusal(412, "tus_version", gettext("上传协议的版本不符。请刷新页面后重试。"))
    response["Tus-Version"] = VERSION
    return response


def _not_offered(allowed: str) -> HttpResponse:
    return HttpResponse(status=405, headers={"Allow": allowed})
