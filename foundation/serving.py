"""Handing a stored file to a browser: ranges, safe headers, and three ways of sending.

No permission is asked here: the caller has asked before. We send the bytes ourselves, or let nginx do it
(SERVE_ACCEL_PREFIX), or redirect to S3 for at most five minutes (SERVE_PRESIGNED_SECONDS).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header

from foundation.blobs import BlobStore, store
from foundation.errors import BlobMissing, StorageError
from foundation.installation import installation

LONGEST_LINK_SECONDS = 300
_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
Disposition = Literal["inline", "attachment"]


@dataclass(frozen=True)
class Span:
    """Bytes from `start` up to but not including `end`."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """The asked range lies outside the file."""


def range_response(
    request: HttpRequest,
    sha256: str,
    *,
    media_type: str,
    file_name: str,
    derivative: str = "",
    disposition: Disposition = "inline",
) -> HttpResponseBase:
    """The original `sha256`, or its derivative of that name. GET and HEAD; one range, 206 or 416."""
    chosen, place = installation(), store()
    headers = _headers(media_type, file_name, disposition)
    if chosen.serve_accel_prefix:
        return _by_accel(chosen.serve_accel_prefix + place.internal_path(sha256, derivative), headers)
    if chosen.serve_presigned_seconds and (link := _link(place, sha256, derivative, headers)):
        return HttpResponseRedirect(link, headers={"Cache-Control": headers["Cache-Control"]})
    try:
        return _by_ourselves(request, place, sha256, derivative, headers)
    except StorageError as failure:
        status = 404 if isinstance(failure, BlobMissing) else 503
        return HttpResponse(failure.text, status=status, content_type="text/plain; charset=utf-8")


def parse_range(header: str, size: int) -> Span | None:
    """The span a Range header asks for; None when there is none to honour (RFC 9110 lets us ignore it)."""
    asked = _ONE_RANGE.fullmatch(header.strip())
    if not asked or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise Unsatisfiable
    return Span(start, end)


def _headers(media_type: str, file_name: str, disposition: Disposition) -> dict[str, str]:
    attached = content_disposition_header(disposition == "attachment", file_name)
    return {
        "Content-Type": media_type,
        "Content-Disposition": attached or disposition,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def _by_accel(path: str, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(headers=headers | {"X-Accel-Redirect": quote(path)})


def _link(place: BlobStore, sha256: str, derivative: str, headers: dict[str, str]) -> str:
    seconds = min(installation().serve_presigned_seconds, LONGEST_LINK_SECONDS)
    told = {name: headers[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")}
    return place.presigned_url(sha256, name=derivative, seconds=seconds, headers=told)


def _by_ourselves(
    request: HttpRequest, place: BlobStore, sha256: str, derivative: str, headers: dict[str, str]
) -> HttpResponseBase:
    size = place.derivative_size(sha256, derivative) if derivative else place.size(sha256)
    tag = f'"{sha256[:32]}{"-" + quote(derivative, safe="") if derivative else ""}"'
    headers = headers | {"Accept-Ranges": "bytes", "ETag": tag}
    try:
        span = parse_range(_range_header(request, tag), size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    status = 206 if span else 200
    if span:
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{size}"
    span = span or Span(0, size)
    headers["Content-Length"] = str(span.end - span.start)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(
        _reader(place, sha256, derivative)(span.start, span.end), status=status, headers=headers
    )


def _range_header(request: HttpRequest, tag: str) -> str:
    """The Range header, unless If-Range names another state of the file."""
    if request.headers.get("If-Range", tag) != tag:
        return ""
    return request.headers.get("Range", "")


def _reader(place: BlobStore, sha256: str, derivative: str) -> Callable[[int, int], Iterator[bytes]]:
    if derivative:
        return lambda start, end: place.open_derivative_range(sha256, derivative, start, end)
    return lambda start, end: place.open_range(sha256, start, end)
