"""Printing: nothing is fetched, a QR code says what it was given."""

import base64

import pymupdf
import pytest

from cms.printing import pdf_of, pdf_response, qr_png, stylesheet


def test_a_qr_code_is_a_picture_inside_the_page():
    kind, _, body = qr_png("/a/b/").partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(body).startswith(b"\x89PNG")


def test_two_payloads_give_two_codes():
    assert qr_png("/a/") != qr_png("/b/")


def test_an_unknown_stylesheet_is_a_fault():
    with pytest.raises(FileNotFoundError):
        stylesheet("cms/nowhere.css")


def test_a_page_fetches_no_file_and_no_address(settings, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(base64.b64decode(qr_png("secret").partition(",")[2]))
    template = tmp_path / "leaky.html"
    template.write_text(
        f'<img src="file://{secret}"><img src="http://localhost:1/x.png"><p>ok</p>', encoding="utf-8"
    )
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    made = pdf_of("leaky.html", {}, stylesheets=["cms/owes-print.css"])
    [page] = pymupdf.open(stream=made, filetype="pdf")
    assert page.get_images() == []
    assert "ok" in page.get_text()


def test_a_pdf_is_kept_in_no_cache():
    answer = pdf_response(b"%PDF-", "contents-2026-014-v3.pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'filename="contents-2026-014-v3.pdf"' in answer.headers["Content-Disposition"]
