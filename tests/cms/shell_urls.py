"""A small site that carries nothing but the shell: its screens, a job that ends, and a door for files (tus)."""

import base64
import hashlib
from dataclasses import dataclass, field
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Template
from django.urls import path

from cms.components.jobs import JobLine
from tests.cms import gallery


@dataclass
class Door:
    """What came in, in memory; `breaks` answers that many chunks with a fault of the server first."""

    breaks: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, dict[str, str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    job_asked: int = 0


DOOR = Door()


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def screen(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(gallery.page(name, request))


def job(request: HttpRequest, number: int) -> HttpResponse:
    """Answers the first poll with a job that is done."""
    DOOR.job_asked += 1
    line = JobLine("文字识别 11-23 上午批", "done", f"/jobs/{number}/")
    return HttpResponse(Template("{% load juanzong %}{% job_line job %}").render(Context({"job": line})))


def metadata_of(header: str) -> dict[str, str]:
    pairs = (entry.split(" ", 1) for entry in header.split(",") if entry)
    return {pair[0]: base64.b64decode(pair[1] if len(pair) > 1 else "").decode() for pair in pairs}


def create(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return JsonResponse({"unfinished": []})
    metadata = metadata_of(request.headers["Upload-Metadata"])
    if metadata["filename"].endswith(".exe"):
        return JsonResponse(
            {"code": "unknown", "message": "这不是图片、PDF 或录像。请另存为 PDF 后再传。"}, status=415
        )
    key = str(len(DOOR.files) + 1)
    DOOR.files[key], DOOR.metadata[key] = b"", metadata
    DOOR.sizes[key] = int(request.headers["Upload-Length"])
    return tus(201, Location=f"/files/{key}")


def chunk(request: HttpRequest, key: str) -> HttpResponse:
    if request.method == "DELETE":
        DOOR.withdrawn.append(key)
        return tus(204)
    if request.method == "HEAD":
        return tus(200, **{"Upload-Offset": len(DOOR.files[key]), "Upload-Length": DOOR.sizes[key]})
    if DOOR.breaks:
        DOOR.breaks -= 1
        return HttpResponse(status=500)
    DOOR.files[key] += request.body
    whole = len(DOOR.files[key]) == DOOR.sizes[key]
    acknowledged = {"Juanzong-Sha256": hashlib.sha256(DOOR.files[key]).hexdigest()} if whole else {}
    earlier = [other for other, content in DOOR.files.items() if other < key and content == DOOR.files[key]]
    again = {"Juanzong-Again": quote(DOOR.metadata[earlier[0]]["filename"])} if whole and earlier else {}
    return tus(204, **{"Upload-Offset": len(DOOR.files[key])}, **acknowledged, **again)


def tus(status: int, **headers: object) -> HttpResponse:
    answer = HttpResponse(status=status, headers={name: str(value) for name, value in headers.items()})
    answer["Tus-Resumable"] = "1.0.0"
    return answer


NAMES = (
    "desk",
    "supervision-today",
    "rooms",
    "rooms",
    "classes",
    "intakes",
    "review-queue",
    "search",
    "accounts",
    "logout",
    "set_language",
)
urlpatterns = [
    *(path(f"{name}/", nothing, name=name) for name in NAMES),
    path("gallery/<name>/", screen),
    path("jobs/<int:number>/", job),
    path("files/", create),
    path("files/<key>", chunk),
]
