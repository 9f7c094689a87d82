"""The child process that lays a searchable PDF out of foreign files. Runs limited; knows nothing but files.

    python -m ingestion.text_layer_child PLAN TARGET

PLAN is a JSON list: {"source", "number", "rotation", "region", "lines": [{"text", "quad"}]}, quads as fractions of the
upright page. Prints {"pages": COUNT} or {"refused": CODE}. A JPEG goes into the PDF as it is, without what its
camera wrote beside the picture; whatever else is drawn, and what a PDF page had of text of its own stays outside.
"""

import io
import json
import math
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image

from ingestion.jpeg import NotPlain, bare
from ingestion.page_child import DECODER_ERRORS, Unreadable, in_colour, is_pdf, prepare_decoders, rendered

A4 = (595.0, 842.0)  # points
LEAST_DPI, MOST_DPI = 200, 300
QUALITY = 88
FONT = "china-s"
ASCENT, HEIGHT = 1.0, 1.2  # of the size, as the font's boxes are
ORIENTATION = 0x0112
TURNS = {1: 0, 3: 180, 6: 90, 8: 270}  # EXIF: degrees clockwise; the mirrored ones are drawn afresh
INVISIBLE = 3
UNKNOWN = "〓"
NOT_IN_FONT = str.maketrans({"☑": "√", "✓": "√", "✔": "√", "☐": "□", "☒": "×", "…": "⋯", "•": "·"})


@dataclass(frozen=True)
class Drawing:
    """A page's picture as a file, how far it is still to be turned clockwise, and its size in points if it has one."""

    stream: bytes
    turn: int
    pixels: tuple[int, int]
    points: tuple[float, float] | None = None


def main(plan: Path, target: Path) -> dict[str, object]:
    prepare_decoders()
    pages = json.loads(plan.read_text(encoding="utf-8"))
    try:
        with pymupdf.open() as made:
            for page in pages:
                _lay(made, page)
            made.save(target, garbage=3, deflate=True)
    except Unreadable as refusal:
        return {"refused": refusal.code}
    return {"pages": len(pages)}


def _lay(made: pymupdf.Document, page: dict[str, Any]) -> None:
    drawing = _drawing(page)
    width, height = drawing.pixels if drawing.turn % 180 == 0 else drawing.pixels[::-1]
    scale = _scale(width, height, drawing.points)
    leaf = made.new_page(width=width * scale, height=height * scale)
    leaf.insert_image(leaf.rect, stream=drawing.stream, rotate=-drawing.turn % 360)
    shape = leaf.new_shape()
    for line in page["lines"]:
        corners = [pymupdf.Point(x * leaf.rect.width, y * leaf.rect.height) for x, y in line["quad"]]
        _write(shape, line["text"], corners)
    shape.commit()


def _scale(width: int, height: int, points: tuple[float, float] | None) -> float:
    """Points a pixel: as large as the PDF page was, or fitted into A4."""
    if points:
        return max(points) / max(width, height)
    return min(max(A4) / max(width, height), min(A4) / min(width, height))


def _drawing(page: dict[str, Any]) -> Drawing:
    source, number, back = Path(page["source"]), page["number"], -page["rotation"] % 360
    is_whole = tuple(page["region"]) == (0, 0, 1, 1)
    if is_whole and (as_it_is := _as_it_is(source, back)):
        return as_it_is
    picture, points = _pdf_page(source, number) if is_pdf(source) else (_frame(source, number), None)
    if not is_whole:
        picture, points = _cut(picture, page["region"]), None
    return Drawing(_as_jpeg(picture), back, picture.size, points)


def _as_it_is(source: Path, back: int) -> Drawing | None:
    """A JPEG of one or three channels, turned by whole quarters; None for every other picture."""
    if is_pdf(source):
        return None
    try:
        with Image.open(source) as opened:
            turn = TURNS.get(opened.getexif().get(ORIENTATION, 1))
            if opened.format not in ("JPEG", "MPO") or opened.mode not in ("L", "RGB") or turn is None:
                return None
            opened.load()
            return Drawing(bare(source.read_bytes()), (turn + back) % 360, opened.size)
    except NotPlain:
        return None
    except DECODER_ERRORS as error:
        raise Unreadable("damaged_picture") from error


def _frame(source: Path, number: int) -> Image.Image:
    try:
        with Image.open(source) as opened:
            if opened.format == "TIFF":
                opened.seek(number - 1)
            return in_colour(opened, opened.info)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("too_many_pixels") from error
    except DECODER_ERRORS as error:
        raise Unreadable("damaged_picture") from error


def _pdf_page(source: Path, number: int) -> tuple[Image.Image, tuple[float, float]]:
    try:
        with pymupdf.open(source, filetype="pdf") as document:
            page = document[number - 1]
            picture, _zoom = rendered(page, _dpi_of(page))
            return picture, (page.rect.width, page.rect.height)
    except (RuntimeError, ValueError, IndexError) as error:
        raise Unreadable("damaged_pdf") from error


def _dpi_of(page: pymupdf.Page) -> int:
    """As fine as the scan that the page holds, within bounds."""
    finest = [
        image["width"] / max(1.0, pymupdf.Rect(image["bbox"]).width) * 72 for image in page.get_image_info()
    ]
    return round(min(MOST_DPI, max(LEAST_DPI, max(finest, default=0))))


def _cut(picture: Image.Image, region: list[float]) -> Image.Image:
    width, height = picture.size
    left, top, right, bottom = region
    box = (int(left * width), int(top * height), math.ceil(right * width), math.ceil(bottom * height))
    return picture.crop(box)


def _as_jpeg(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def _write(shape: pymupdf.Shape, text: str, corners: list[pymupdf.Point]) -> None:
    """The text stretched over its quadrilateral, each character as wide as it is drawn: ideographs twice a letter."""
    top_left, top_right, bottom_right, bottom_left = corners
    if _is_mirrored(corners):
        top_left, top_right, bottom_left = top_right, top_left, bottom_right
    height, length = abs(bottom_left - top_left), abs(top_right - top_left)
    if not text.strip() or height < 1 or length < 1:
        return
    ahead, down = (top_right - top_left) / length, (bottom_left - top_left) / height
    size = height / HEIGHT
    lean = pymupdf.Matrix(-math.degrees(math.atan2(ahead.y, ahead.x)))
    for run, start, end in _runs(text):
        origin = top_left + ahead * (start * length) + down * (ASCENT * size)
        stretch = pymupdf.Matrix((end - start) * length / (len(run) * size), 1)
        shape.insert_text(
            origin, run, fontname=FONT, fontsize=size, render_mode=INVISIBLE, morph=(origin, stretch * lean)
        )


def _is_mirrored(corners: list[pymupdf.Point]) -> bool:
    """Seen from behind: the text runs to the left although its head is up."""
    ahead, down = corners[1] - corners[0], corners[3] - corners[0]
    return bool(ahead.x * down.y - ahead.y * down.x < 0)


def _runs(text: str) -> Iterator[tuple[str, float, float]]:
    """Pieces of one width with their start and end as shares of the line."""
    shown = "".join(_in_font(character) for character in text)
    total, at = sum(map(_width, shown)), 0
    for width, run in groupby(shown, key=_width):
        piece = "".join(run)
        yield piece, at / total, (at + width * len(piece)) / total
        at += width * len(piece)


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _in_font(character: str) -> str:
    if ord(character) > 0xFFFF or unicodedata.category(character)[0] == "C":
        return UNKNOWN
    return character.translate(NOT_IN_FONT)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
