"""The child process that decodes a foreign file into page pictures. Runs limited; knows nothing but files.

    python -m ingestion.page_child SOURCE FOLDER --dpi 200 --longest-side 2600 --most-pages 400

Writes page-0001.jpg, ... into FOLDER and prints one JSON object: {"pages": [{"file", "said", "width", "height"}],
"cpu_seconds"}, where width and height are pixels of the page as uploaded (a PDF page: at the chosen resolution); or
{"refused": CODE}. `said` names a JSON file: {"codes": [{"payload", "quad"}], "printed"}, the QR codes of the page and
what a PDF page says by itself (ingestion.vector_text), all in pixels of the upload.
"""

import argparse
import json
import math
import struct
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from PIL import Image, ImageChops, ImageOps, ImageSequence, ImageStat
from pillow_heif import register_heif_opener

from ingestion.codes import codes_on
from ingestion.vector_text import printed_text

MOST_PIXELS = 120_000_000
MOST_PDF_PIXELS = 30_000_000
QUALITY = 95
WHITE = (255, 255, 255)
# Pillow's decoders let through whatever their arithmetic on a broken header raises.
DECODER_ERRORS = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
)


@dataclass(frozen=True)
class Drawn:
    """One page as a picture; `printed` what a PDF page says by itself, or why that is passed over."""

    picture: Image.Image
    printed: dict[str, Any] = field(default_factory=dict)


class Unreadable(Exception):
    """The file cannot be decoded; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main() -> int:
    arguments = _arguments()
    prepare_decoders()
    try:
        pages = list(_write_pages(arguments))
        answer: dict[str, object] = {"pages": pages, "cpu_seconds": round(time.process_time(), 3)}
    except Unreadable as refusal:
        answer = {"refused": refusal.code}
    json.dump(answer, sys.stdout)
    return 0


def prepare_decoders() -> None:
    """Before the first file: what a decoder may not do, and one it does not know by itself."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    register_heif_opener()
    pymupdf.TOOLS.mupdf_display_errors(False)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--longest-side", type=int, default=2600)
    parser.add_argument("--most-pages", type=int, default=400)
    return parser.parse_args()


def _write_pages(arguments: argparse.Namespace) -> Iterator[dict[str, object]]:
    pages = _pdf_pages if is_pdf(arguments.source) else _picture_pages
    for number, drawn in enumerate(pages(arguments), start=1):
        if number > arguments.most_pages:
            raise Unreadable("too_many_pages")
        picture, name, said = drawn.picture, f"page-{number:04d}.jpg", f"page-{number:04d}.json"
        width, height = picture.size
        words = {"codes": _codes(picture), "printed": drawn.printed}
        (arguments.folder / said).write_text(json.dumps(words), encoding="utf-8")
        picture.thumbnail((arguments.longest_side, arguments.longest_side), Image.Resampling.LANCZOS)
        picture.save(arguments.folder / name, "JPEG", quality=QUALITY, subsampling=0)
        yield {"file": name, "said": said, "width": width, "height": height}


def _codes(picture: Image.Image) -> list[dict[str, Any]]:
    grey = np.asarray(picture.convert("L"))
    return [{"payload": code.payload, "quad": code.quad.as_list()} for code in codes_on(grey)]


def is_pdf(source: Path) -> bool:
    with source.open("rb") as opened:
        return b"%PDF-" in opened.read(1024)


def _pdf_pages(arguments: argparse.Namespace) -> Iterator[Drawn]:
    try:
        with pymupdf.open(arguments.source, filetype="pdf") as document:
            if document.needs_pass:
                raise Unreadable("encrypted_pdf")
            for page in document:
                yield _rendered(page, arguments.dpi)
    except (pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError, ValueError) as error:
        raise Unreadable("damaged_pdf") from error


def _rendered(page: pymupdf.Page, dpi: int) -> Drawn:
    picture, zoom = rendered(page, dpi)
    return Drawn(picture, printed_text(page, np.asarray(picture.convert("L")), zoom))


def rendered(page: pymupdf.Page, dpi: int) -> tuple[Image.Image, float]:
    """The page at `dpi`, or at less where it would exceed the bound on pixels; and pixels a point."""
    zoom = dpi / 72
    pixels = page.rect.width * page.rect.height * zoom * zoom
    if pixels > MOST_PDF_PIXELS:
        zoom *= (MOST_PDF_PIXELS / pixels) ** 0.5
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False, colorspace=pymupdf.csRGB)
    return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples), zoom


def _picture_pages(arguments: argparse.Namespace) -> Iterator[Drawn]:
    """Every page of a TIFF; of all other files the one picture that people see when they open it.

    A phone's JPEG may carry a second picture (a preview, a map of light), a HEIC a whole burst.
    """
    try:
        with Image.open(arguments.source) as opened:
            frames = ImageSequence.Iterator(opened) if opened.format == "TIFF" else [opened]
            for frame in frames:
                yield Drawn(in_colour(frame, opened.info))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("too_many_pixels") from error
    except DECODER_ERRORS as error:
        raise Unreadable("damaged_picture") from error


def in_colour(frame: Image.Image, info: Mapping[Any, Any]) -> Image.Image:
    """The picture as people see it: turned as its own EXIF asks, three channels of eight bits on white."""
    return _as_colour(_inverted_ink(ImageOps.exif_transpose(frame), info))


def _inverted_ink(picture: Image.Image, info: Mapping[Any, Any]) -> Image.Image:
    """Four inks of a JPEG as Adobe writes them, which Pillow expects of every one.

    Without Adobe's mark nothing says which way round they are: paper is light, so the lighter reading is right.
    """
    if picture.mode != "CMYK" or "adobe" in info or picture.format == "TIFF":
        return picture
    return max(
        picture, ImageChops.invert(picture), key=lambda inks: ImageStat.Stat(inks.convert("L")).mean[0]
    )


def _as_colour(picture: Image.Image) -> Image.Image:
    """Three channels of eight bits on white, whatever the file held (CMYK, 16 bit, palette, transparency)."""
    if picture.mode[0] in "IF":
        picture = _in_eight_bits(picture)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, WHITE)
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of more bits: a scanner of 10, 12 or 14 uses the lower part of 16, and white must come out white."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    brightest = float(values.max(initial=0.0))
    white = (
        1.0
        if picture.mode == "F" and brightest <= 1.0
        else 2.0 ** math.ceil(math.log2(max(255.0, brightest) + 1)) - 1
    )
    return Image.fromarray(np.clip(values / white * 255, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    raise SystemExit(main())
