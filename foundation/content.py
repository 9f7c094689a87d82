"""What a file is, by its content and never by its name; what is not taken is refused with a reason.

`sniff` is pure and looks at the first bytes. `look` adds the parser child, which opens images and PDFs in
foundation.sandbox; recordings are probed by media_processing, with its own tool and the same sandbox.
"""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path, PurePath

from foundation.errors import Refused, SandboxError
from foundation.sandbox import Limits, run_python

HEAD_BYTES = 4096
PDF = "application/pdf"
IMAGES = frozenset({"image/jpeg", "image/png", "image/tiff", "image/heic"})
PAPERS = IMAGES | {PDF}
RECORDINGS = frozenset(
    {"video/mp4", "video/quicktime", "video/x-matroska", "video/x-msvideo", "video/mp2t", "video/mpeg"}
)
ALLOWED = PAPERS | RECORDINGS
EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png",),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic", "heif"),
    PDF: ("pdf",),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov", "qt"),
    "video/x-matroska": ("mkv",),
    "video/x-msvideo": ("avi",),
    "video/mp2t": ("ts", "mts", "m2ts"),
    "video/mpeg": ("mpg", "mpeg", "vob"),
}
PARSER_LIMITS = Limits(cpu_seconds=15, wall_seconds=60)

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
_NOT_OURS_BRANDS = (b"avif", b"avis", b"M4A ", b"M4B ", b"crx ")
_ARCHIVES = (
    b"Rar!\x1a",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"PK\x05\x06",
    b"PK\x07\x08",
)
_OFFICE_MARKS = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"opendocument", b"OFD.xml", b"Doc_0/")
_PLAYLIST = re.compile(
    r"\s*(#extm3u|#ext-x-|ffconcat\b|\[playlist\]|# mplayer edl|# timecode|file\s+['\"/\w]|v=0\r?\no=|<asx\b"
    r"|<mpd\b|<smil\b|<playlist\b|(https?|rtmp|rtsp|concat|subfile|file):)"
)
_MARKUP = re.compile(r"<!doctype html|<html\b|<head\b|<body\b|<script\b|<iframe\b|<meta\b|<div\b|<table\b")
_QUICKTIME_ATOMS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


@dataclass(frozen=True)
class Probe:
    """What a file turned out to be. `width` and `height` are pixels, or points of a PDF's first page.

    `notes` are codes of foundation.wording that do not refuse: extension_differs, pdf_repaired.
    """

    media_type: str
    page_count: int = 0
    width: int = 0
    height: int = 0
    notes: tuple[str, ...] = ()

    @property
    def is_recording(self) -> bool:
        return self.media_type in RECORDINGS


def look(path: Path, *, file_name: str, wanted: Collection[str] = ALLOWED) -> Probe:
    """The whole look: first bytes, allowlist, parser child. Refused with a code and `file_name`."""
    with open(path, "rb") as source:
        head = source.read(HEAD_BYTES)
    media_type = sniff(head, file_name=file_name)
    if media_type not in wanted:
        raise Refused("kind_not_wanted", file_name=file_name, media_type=media_type)
    probed = Probe(media_type) if media_type in RECORDINGS else probe(path, media_type, file_name=file_name)
    if extension_fits(file_name, media_type):
        return probed
    return Probe(
        media_type, probed.page_count, probed.width, probed.height, (*probed.notes, "extension_differs")
    )


def sniff(head: bytes, *, file_name: str = "") -> str:
    """The media type that the first bytes show; Refused with the code of what it is instead."""
    if not head:
        raise Refused("empty", file_name=file_name)
    for test in (_image, _film, _refusal, _document):
        found = test(head)
        if found in ALLOWED:
            return found
        if found:
            raise Refused(found, file_name=file_name)
    raise Refused("unknown_content", file_name=file_name)


def probe(path: Path, media_type: str, *, file_name: str) -> Probe:
    """Let the child open an image or a PDF; its refusal, its death and its silence all become Refused."""
    try:
        said = run_python(
            "foundation.parser_child", [media_type, path], limits=PARSER_LIMITS, readable=[path]
        )
    except SandboxError as failure:
        raise Refused(failure.code, file_name=file_name) from failure
    answer = json.loads(said.stdout)
    if refused := answer.get("refused"):
        raise Refused(refused, file_name=file_name)
    return Probe(media_type, answer["pages"], answer["width"], answer["height"], tuple(answer["notes"]))


def extension_fits(file_name: str, media_type: str) -> bool:
    return PurePath(file_name).suffix.lower().lstrip(".") in EXTENSIONS[media_type]


def _image(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return "image/tiff"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    return ""


def _film(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _NOT_OURS_BRANDS:
            return "unknown_content"
        return "video/quicktime" if brand == b"qt  " else "video/mp4"
    if head[4:8] in _QUICKTIME_ATOMS and head[:1] == b"\x00":
        return "video/quicktime"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/x-matroska" if b"matroska" in head[:64] else "unknown_content"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "video/x-msvideo"
    if _is_transport_stream(head):
        return "video/mp2t"
    if head.startswith(b"\x00\x00\x01\xba"):  # the pack header of a program stream
        return "video/mpeg"
    return ""


def _is_transport_stream(head: bytes) -> bool:
    """Sync bytes at every packet of 188, or of 192 with its time stamp first."""
    return any(
        len(head) > start + 2 * step and all(head[start + n * step] == 0x47 for n in range(3))
        for start, step in ((0, 188), (4, 192))
    )


def _refusal(head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        return "office_content" if any(mark in head for mark in _OFFICE_MARKS) else "zip_content"
    if head.startswith(_ARCHIVES):
        return "zip_content"
    if head.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        return "office_content"
    text = _as_text(head)
    if _PLAYLIST.match(text):
        return "playlist_content"
    if "<svg" in text:
        return "svg_content"
    if _PLAYLIST.match(re.sub(r"^\s*(<\?xml.*?\?>|<!--.*?-->|\s)+", "", text, flags=re.S)):
        return "playlist_content"
    return "html_content" if _MARKUP.search(text[:1024]) else ""


def _as_text(head: bytes) -> str:
    """The first bytes as lower-case text, whatever Unicode dress they wear."""
    marks: dict[bytes, Callable[[], str]] = {
        b"\xff\xfe": lambda: head.decode("utf-16-le", "ignore"),
        b"\xfe\xff": lambda: head.decode("utf-16-be", "ignore"),
    }
    decode = marks.get(head[:2], lambda: head.decode("utf-8", "ignore"))
    return decode().lstrip("\ufeff \t\r\n").lower()


def _document(head: bytes) -> str:
    return PDF if b"%PDF-" in head[:1024] else ""
