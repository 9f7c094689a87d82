"""Type by content: what is taken, what is refused, and in which words."""

import re
from pathlib import Path

import pytest

from foundation import content, parser_child, wording
from foundation.content import Probe, look, sniff
from foundation.errors import Refused
from tests.foundation import crafted

GOOD = {
    "image/jpeg": (crafted.jpeg, "扫描.jpg", 1),
    "image/png": (crafted.png, "扫描.png", 1),
    "image/tiff": (crafted.tiff, "扫描.TIF", 3),
    "image/heic": (crafted.heic, "IMG_0001.HEIC", 1),
    "application/pdf": (crafted.pdf, "合同.pdf", 2),
}
BAD = {
    "empty": (b"", "空.pdf"),
    "zip_content": (crafted.zipped(), "名册.pdf"),
    "office_content": (crafted.docx(), "教案.pdf"),
    "html_content": (b"\n<!DOCTYPE html><html><script>alert(1)</script></html>", "合影.jpg"),
    "playlist_content": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "录像.mp4"),
    "svg_content": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "图.png"),
    "encrypted_pdf": (crafted.encrypted_pdf(), "合同.pdf"),
    "truncated_image": (crafted.jpeg()[:-3000], "身份证.jpg"),
    "too_many_pixels": (crafted.bomb_png(), "炸弹.png"),
    "broken_image": (crafted.png().replace(b"IDAT", b"IDAT\0\0\0\0", 1), "坏.png"),
    "broken_pdf": (b"%PDF-1.7\nthere is nothing here", "坏.pdf"),
    "unknown_content": (bytes(range(256)), "什么.mp4"),
}


def saved(tmp_path, name: str, body: bytes):
    path = tmp_path / "as-in-quarantine"
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("media_type", GOOD)
def test_an_allowed_file_is_known_by_its_content(media_type, tmp_path):
    make, name, pages = GOOD[media_type]
    probe = look(saved(tmp_path, name, make()), file_name=name)
    assert (probe.media_type, probe.page_count, probe.notes) == (media_type, pages, ())
    assert probe.width > 100 and probe.height > 100 and not probe.is_recording


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("课.mp4", "video/mp4"),
        ("课.mov", "video/quicktime"),
        ("课.mkv", "video/x-matroska"),
        ("课.avi", "video/x-msvideo"),
        ("课.ts", "video/mp2t"),
        ("课.mpg", "video/mpeg"),
    ],
)
def test_a_recording_is_known_by_its_container(name, media_type, tmp_path):
    assert sniff(crafted.film(tmp_path, name)[: content.HEAD_BYTES]) == media_type
    assert look(tmp_path / name, file_name=name) == Probe(media_type)


@pytest.mark.parametrize("code", BAD)
def test_a_bad_file_is_refused_with_its_name_and_what_to_do(code, tmp_path):
    body, name = BAD[code]
    path = saved(tmp_path, name, body)
    with pytest.raises(Refused) as refused:
        look(path, file_name=name)
    assert refused.value.code == code
    assert refused.value.text.startswith((name, "认不出 " + name))
    assert re.search("请|可收", refused.value.text)
    assert name not in str(refused.value)
    assert path.read_bytes() == body


@pytest.mark.parametrize(
    "body",
    [
        b"#EXTM3U\n/etc/passwd",
        b"\xef\xbb\xbf#EXTM3U\n/etc/passwd",
        b"  \n#EXT-X-VERSION:3\n",
        b"ffconcat version 1.0\nfile other.mp4\n",
        b"file '/var/originals/ab/cd/x'\n",
        b"# mplayer EDL v0\n/other.mp4,0,10\n",
        b"[playlist]\nFile1=http://canary/\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\n",
        b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
        "#EXTM3U\nfile:///etc/passwd".encode("utf-16"),
        b"concat:/etc/passwd|/etc/shadow",
        b"http://169.254.169.254/latest/meta-data\n",
    ],
)
def test_a_playlist_is_a_playlist_in_every_dress(body):
    with pytest.raises(Refused) as refused:
        sniff(body)
    assert refused.value.code == "playlist_content"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html><body>%PDF-1.7</body></html>", "html_content"),
        (b"PK\x03\x04 %PDF-1.7", "zip_content"),
        (b"<svg onload='alert(1)'>%PDF-1.4", "svg_content"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "office_content"),
        (b"{\\rtf1 text}", "office_content"),
        (b"Rar!\x1a\x07\x00", "zip_content"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "unknown_content"),
        (b"\x00\x00\x00\x1cftypavif", "unknown_content"),
        (b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01B\x82\x84webm", "unknown_content"),
        (b"MZ\x90\x00", "unknown_content"),
        ("只是一段文字".encode(), "unknown_content"),
    ],
)
def test_a_file_in_two_dresses_is_refused_for_the_dangerous_one(body, code):
    with pytest.raises(Refused) as refused:
        sniff(body)
    assert refused.value.code == code


def test_a_wrong_extension_over_good_content_is_taken_with_a_note(tmp_path):
    probe = look(saved(tmp_path, "x", crafted.png()), file_name="扫描.jpg")
    assert (probe.media_type, probe.notes) == ("image/png", ("extension_differs",))
    assert "已按内容" in wording.say("extension_differs", file_name="扫描.jpg", media_type="image/png")


def test_a_pdf_that_was_cut_short_is_taken_with_a_note_to_count_its_pages(tmp_path):
    probe = look(saved(tmp_path, "x", crafted.pdf(5)[:-400]), file_name="合同.pdf")
    assert probe.notes == ("pdf_repaired",)


def test_a_pdf_that_opens_without_a_password_is_taken(tmp_path):
    assert look(saved(tmp_path, "x", crafted.owner_locked_pdf()), file_name="合同.pdf").page_count == 2


def test_a_type_that_is_not_wanted_here_is_refused_before_it_is_opened(tmp_path):
    path = saved(tmp_path, "x", crafted.encrypted_pdf())
    with pytest.raises(Refused) as refused:
        look(path, file_name="合同.pdf", wanted=content.IMAGES)
    assert refused.value.code == "kind_not_wanted"


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("make", [crafted.jpeg, crafted.png, crafted.tiff, crafted.heic])
def test_an_image_cut_short_anywhere_is_refused(make, cut, tmp_path):
    body = make()
    with pytest.raises(Refused) as refused:
        look(saved(tmp_path, "x", body[: int(len(body) * cut)]), file_name="扫描.jpg")
    assert refused.value.code in ("truncated_image", "broken_image")


@pytest.mark.slow
def test_a_pdf_that_unpacks_to_gigabytes_is_refused_and_its_child_is_gone(tmp_path):
    with pytest.raises(Refused) as refused:
        look(saved(tmp_path, "x", crafted.bomb_pdf()), file_name="炸弹.pdf")
    assert refused.value.code in ("parser_timed_out", "parser_out_of_memory", "broken_pdf", "parser_failed")


def test_every_refusal_has_its_sentence():
    files = (Path(content.__file__), Path(parser_child.__file__))
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    codes = set(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', source)) - {"rb"}
    assert {"encrypted_pdf", "zip_content"} <= codes
    assert wording.missing(BAD) == []
    assert [
        code
        for code in wording.missing(codes)
        if code.endswith(("_content", "_pdf", "_image", "_pages", "_pixels"))
    ] == []
