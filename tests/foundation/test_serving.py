"""Files on their way out: ranges, names, headers that keep a stored page from acting."""

import hashlib

import pytest
from django.test import RequestFactory

from foundation.blobs import store
from foundation.serving import Span, Unsatisfiable, parse_range, range_response

CONTENT = bytes(range(256)) * 8
SHA256 = hashlib.sha256(CONTENT).hexdigest()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stored(settings, tmp_path):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "store")}
    (tmp_path / "x").write_bytes(CONTENT)
    store().put_file(tmp_path / "x", media_type="application/pdf")
    store().put_derivative(SHA256, "pages/1.jpg", b"a page")


def ask(
    *,
    method="get",
    derivative="",
    file_name="身份证 正面.pdf",
    disposition="inline",
    sha256=SHA256,
    **headers,
):
    request = getattr(RequestFactory(), method)(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return range_response(
        request,
        sha256,
        media_type="application/pdf",
        file_name=file_name,
        derivative=derivative,
        disposition=disposition,
    )


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 100)),
        ("bytes=100-", (100, 2048)),
        ("bytes=-5", (2043, 2048)),
        ("bytes=-9999", (0, 2048)),
        ("bytes=2000-9999", (2000, 2048)),
    ],
)
def test_one_range_is_answered_with_206_and_exactly_its_bytes(header, expected):
    start, end = expected
    response = ask(Range=header)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/2048"
    assert response["Content-Length"] == str(end - start)
    assert body(response) == CONTENT[start:end]


@pytest.mark.parametrize("header", ["bytes=2048-", "bytes=9999-10000", "bytes=-0"])
def test_a_range_outside_the_file_is_answered_with_416(header):
    response = ask(Range=header)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */2048")


@pytest.mark.parametrize(
    "header", ["", "bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=１-２"]
)
def test_a_range_that_means_nothing_is_ignored(header):
    response = ask(Range=header)
    assert (response.status_code, response["Content-Length"]) == (200, "2048")
    assert body(response) == CONTENT


def test_head_tells_the_size_and_sends_nothing():
    response = ask(method="head", Range="bytes=0-9")
    assert (response.status_code, response["Content-Length"], body(response)) == (206, "10", b"")


def test_a_range_of_another_state_of_the_file_gets_the_whole():
    tag = ask()["ETag"]
    assert ask(Range="bytes=0-9", If_Range=tag).status_code == 206
    assert ask(Range="bytes=0-9", If_Range='"another"').status_code == 200


def test_a_stored_file_can_neither_run_nor_be_kept():
    response = ask()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["身份证 正面.pdf", 'a"b\r\nSet-Cookie: x=1.pdf', "a;b.pdf"])
def test_a_file_name_cannot_break_out_of_its_header(name):
    header = ask(file_name=name, disposition="attachment")["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert "\r" not in header and "\n" not in header
    assert header.isascii()


def test_a_derivative_has_its_own_size_and_tag():
    response = ask(derivative="pages/1.jpg")
    assert (body(response), response["Content-Length"]) == (b"a page", "6")
    assert response["ETag"] != ask()["ETag"]


def test_a_missing_file_is_said_in_words():
    response = ask(sha256="0" * 64)
    assert response.status_code == 404
    assert "没有找到这份文件" in body(response).decode()


def test_nginx_is_told_the_place_and_sends_the_bytes(settings):
    settings.SERVE_ACCEL_PREFIX = "/_blobs/"
    response = ask(Range="bytes=0-9")
    assert response["X-Accel-Redirect"] == f"/_blobs/originals/{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"
    assert body(response) == b"" and response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.s3
def test_s3_is_linked_for_at_most_five_minutes(settings, s3_server, tmp_path):
    settings.BLOB_STORE = {"kind": "s3", "prefix": f"{tmp_path.name}/", **s3_server.options}
    settings.SERVE_PRESIGNED_SECONDS = 86_400
    store().put_file(tmp_path / "x", media_type="application/pdf")
    response = ask()
    assert response.status_code == 302
    assert "X-Amz-Expires=300&" in response["Location"]
    settings.SERVE_PRESIGNED_SECONDS = 0
    assert body(ask(Range="bytes=10-19")) == CONTENT[10:20]


def test_parse_range_is_half_open():
    assert parse_range("bytes=2-4", 10) == Span(2, 5)
    with pytest.raises(Unsatisfiable):
        parse_range("bytes=0-", 0)
