"""PDFs for tests: set by a typesetter, with fonts of their own, and then spoiled in one way each."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from weasyprint import HTML

from ingestion.vector_text import printed_text

NUMBER, OTHER_NUMBER = "231299199001011236", "231299198805062341"
CERTIFICATE = f"""
<h1>职业培训合格证书</h1>
<p>姓名：王海燕</p><p>身份证号：{NUMBER}</p><p>职业（工种）：育婴员</p>
<p>证书编号：JNPX231202600123</p><p>发证日期：2026年5月12日</p>
<p>发证机关：绥化市北林区样本职业培训学校</p>
"""
STYLE = """
<meta charset="utf-8"><style>
@page { size: A5; margin: 20mm }
body { font-family: "Noto Serif CJK SC"; font-size: 12pt } h1 { text-align: center; font-size: 20pt }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #333; padding: 3px }
.pale { color: #fdfdfd }
</style>
"""
DPI = 200
ZOOM = DPI / 72


@cache
def typeset(body: str = CERTIFICATE, style: str = "") -> bytes:
    """A PDF as an office programme makes it: outlines of fonts, and a table of what each glyph means."""
    made: bytes = HTML(string=STYLE + style + body).write_pdf()
    return made


def saved(content: bytes, target: Path) -> Path:
    target.write_bytes(content)
    return target


def printed(content: bytes, *, dpi: int = DPI) -> dict[str, Any]:
    """What ingestion.vector_text says of the first page drawn at `dpi`."""
    zoom = dpi / 72
    with pymupdf.open("pdf", content) as document:
        page = document[0]
        drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csGRAY)
        return printed_text(page, np.frombuffer(drawn.samples, np.uint8).reshape(drawn.h, drawn.w), zoom)


def called_otherwise(content: bytes, *, only: str = "") -> bytes:
    """The same ink, but each glyph (of those in `only`) is called by its neighbour's name: a wrong text layer."""
    with pymupdf.open("pdf", content) as document:
        for table in meanings(document):
            document.update_stream(table, _shifted(document.xref_stream(table).decode(), only).encode())
        return bytes(document.tobytes())


def renamed(content: bytes, names: dict[str, str]) -> bytes:
    """The same ink, the glyph of each character in `names` called as it says."""
    with pymupdf.open("pdf", content) as document:
        for table in meanings(document):
            told = document.xref_stream(table).decode()
            for name, called in names.items():
                told = told.replace(f"> <{ord(name):04x}>", f"> <{ord(called):04x}>")
            document.update_stream(table, told.encode())
        return bytes(document.tobytes())


def meanings(document: pymupdf.Document) -> list[int]:
    found = (document.xref_get_key(xref, "ToUnicode") for xref in range(1, document.xref_length()))
    return [int(value.split()[0]) for kind, value in found if kind == "xref"]


def _shifted(table: str, only: str) -> str:
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]{4})>", table)
    moved = [
        (glyph, name) for glyph, name in pairs if glyph != "0000" and (not only or chr(int(name, 16)) in only)
    ]
    for (glyph, name), (_other, called) in zip(moved, moved[1:] + moved[:1], strict=True):
        table = table.replace(f"<{glyph}> <{name}>", f"<{glyph}> <{called}>")
    return table


def turned(content: bytes, degrees: int) -> bytes:
    with pymupdf.open("pdf", content) as document:
        document[0].set_rotation(degrees)
        return bytes(document.tobytes())


def drawn_over(content: bytes, box: tuple[float, float, float, float], *, fill: tuple[float, ...]) -> bytes:
    """Something painted over a part of the page; the words beneath stay in the file."""
    with pymupdf.open("pdf", content) as document:
        document[0].draw_rect(box, fill=fill, color=None)
        return bytes(document.tobytes())


def scanned(content: bytes, *, layer: str = "") -> bytes:
    """The page as a copier hands it over: a picture, with an invisible `layer` of text if one is given."""
    with pymupdf.open("pdf", content) as source, pymupdf.open() as copy:
        page = copy.new_page(width=source[0].rect.width, height=source[0].rect.height)
        picture = source[0].get_pixmap(matrix=pymupdf.Matrix(ZOOM, ZOOM))
        page.insert_image(page.rect, stream=picture.tobytes("jpeg"))
        for number, text in enumerate(layer.splitlines()):
            page.insert_text((60, 80 + 20 * number), text, fontname="china-s", fontsize=12, render_mode=3)
        return bytes(copy.tobytes())
