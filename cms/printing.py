"""Printing: a template and its stylesheets become a PDF of A4 sheets, with embedded fonts and a QR code.

Nothing is fetched: only the project's own stylesheets are read, from the static files.
"""

import base64
import io
from collections.abc import Sequence
from pathlib import Path

import segno
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

QR_BORDER = 0
QR_SCALE = 8
INLINE_ONLY = {"allowed_protocols": ["data"], "allow_redirects": False}  # pictures come inside the page


def pdf_of(template: str, context: dict, *, stylesheets: Sequence[str]) -> bytes:
    """The PDF of a print template; `stylesheets` are names among the static files."""
    html = render_to_string(template, context)
    fetcher = URLFetcher(**INLINE_ONLY)
    sheets = [CSS(filename=stylesheet(name), url_fetcher=fetcher) for name in stylesheets]
    return HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=sheets)


def stylesheet(name: str) -> Path:
    """Where a stylesheet of ours lies, without its having been collected."""
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(name)
    return Path(found)


def qr_png(payload: str) -> str:
    """A QR code as a data address for `img`; level M survives a stamp's edge."""
    drawn = io.BytesIO()
    segno.make(payload, error="m", micro=False).save(drawn, kind="png", scale=QR_SCALE, border=QR_BORDER)
    return "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode("ascii")


def pdf_response(made: bytes, file_name: str) -> HttpResponse:
    """The PDF, opened in the browser, saved under a name that says what it is; no cache keeps it."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
