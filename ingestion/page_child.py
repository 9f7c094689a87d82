"""The child process that decodes a foreign file into page pictures. Runs limited; knows nothing but files.

    python -m ingestion.page_child SOURCE FOLDER --dpi 200 --longest-side 2600 --most-pages 400

Writes page-0001.jpg, ... into FOLDER and prints one JSON object: {"pages": [{"file", "width", "height"}], "cpu_seconds"},
where width and height are pixels of the page as uploaded (a PDF page: at the chosen resolution); or {"refused": CODE}.
"""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pymupdf
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError
from pillow_heif import register_heif_opener

MOST_PIXELS = 120_000_000
MOST_PDF_PIXELS = 30_000_000
QUALITY = 95
WHITE = (255, 255, 255)


class Unreadable(Exception):
    """The file cannot be decoded; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main() -> int:
    arguments = _arguments()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    register_heif_opener()
    try:
        pages = list(_write_pages(arguments))
        answer: dict[str, object] = {"pages": pages, "cpu_seconds": round(time.process_time(), 3)}
    except Unreadable as refusal:
        answer = {"refused": refusal.code}
    json.dump(answer, sys.stdout)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--longest-side", type=int, default=2600)
    parser.add_argument("--most-pages", type=int, default=400)
    return parser.parse_args()


def _write_pages(arguments: argparse.Namespace) -> Iterator[dict[str, object]]:
    pictures = _pdf_pages if _is_pdf(arguments.source) else _picture_pages
    for number, picture in enumerate(pictures(arguments), start=1):
        if number > arguments.most_pages:
            raise Unreadable("too_many_pages")
        width, height = picture.size
        picture.thumbnail((arguments.longest_side, arguments.longest_side), Image.Resampling.LANCZOS)
        name = f"page-{number:04d}.jpg"
        picture.save(arguments.folder / name, "JPEG", quality=QUALITY, subsampling=0)
        yield {"file": name, "width": width, "height": height}


def _is_pdf(source: Path) -> bool:
    with source.open("rb") as opened:
        return b"%PDF-" in opened.read(1024)


def _pdf_pages(arguments: argparse.Namespace) -> Iterator[Image.Image]:
    try:
        with pymupdf.open(arguments.source, filetype="pdf") as document:
            if document.needs_pass:
                raise Unreadable("encrypted_pdf")
            for page in document:
                yield _rendered(page, arguments.dpi)
    except (pymupdf.FileDataError, pymupdf.EmptyFileError, RuntimeError, ValueError) as error:
        raise Unreadable("damaged_pdf") from error


def _rendered(page: pymupdf.Page, dpi: int) -> Image.Image:
    """The page at `dpi`, or at less where it would exceed the bound on pixels."""
    zoom = dpi / 72
    pixels = page.rect.width * page.rect.height * zoom * zoom
    if pixels > MOST_PDF_PIXELS:
        zoom *= (MOST_PDF_PIXELS / pixels) ** 0.5
    drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False, colorspace=pymupdf.csRGB)
    return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)


def _picture_pages(arguments: argparse.Namespace) -> Iterator[Image.Image]:
    try:
        with Image.open(arguments.source) as opened:
            for frame in ImageSequence.Iterator(opened):
                yield _as_colour(ImageOps.exif_transpose(frame))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Unreadable("damaged_picture") from error


def _as_colour(picture: Image.Image) -> Image.Image:
    """Three channels of eight bits on white, whatever the file held (CMYK, 16 bit, palette, transparency)."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, WHITE)
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    return picture.convert("RGB")


if __name__ == "__main__":
    raise SystemExit(main())
