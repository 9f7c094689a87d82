"""The child that opens a stranger's file: `python -m foundation.parser_child MEDIA_TYPE PATH`.

Prints one JSON object: {"pages", "width", "height", "notes"} or {"refused": code}. Runs inside
foundation.sandbox and imports no Django.
"""

import json
import struct
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pillow_heif
import pymupdf
from PIL import Image, UnidentifiedImageError

MAX_PIXELS = 100_000_000  # A3 at 600 dpi has 70 million
MAX_IMAGE_PAGES = 500
MAX_PDF_PAGES = 2000
IMAGE_FORMATS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/tiff": ("TIFF",),
    "image/heic": ("HEIF",),
}
# Pillow's decoders let through whatever their arithmetic on a broken header raises.
DECODER_ERRORS = (OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, struct.error)
CUT_SHORT = ("truncated", "end of", "unexpected", "not enough", "missing dimensions")


class Unreadable(Exception):
    """The file is refused; the one argument is the code of the reason."""


def main(media_type: str, path: Path) -> dict[str, object]:
    looks: dict[str, Callable[[Path], dict[str, object]]] = {"application/pdf": look_at_pdf}
    look = looks.get(media_type, lambda given: look_at_image(given, IMAGE_FORMATS[media_type]))
    try:
        return look(path)
    except Unreadable as reason:
        return {"refused": reason.args[0]}
    except MemoryError:
        return {"refused": "parser_out_of_memory"}


def look_at_image(path: Path, formats: tuple[str, ...]) -> dict[str, object]:
    """Decode every page to its end: what is cut short or too large shows only then."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if "HEIF" in formats:
        pillow_heif.register_heif_opener()
    try:
        with Image.open(path, formats=formats) as image:
            return _decoded(image, many="TIFF" in formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("too_many_pixels") from None
    except (UnidentifiedImageError, SyntaxError):
        raise Unreadable("broken_image") from None
    except DECODER_ERRORS as failure:
        cut = any(word in str(failure).lower() for word in CUT_SHORT)
        raise Unreadable("truncated_image" if cut else "broken_image") from None


def _decoded(image: Image.Image, *, many: bool) -> dict[str, object]:
    width, height = image.size
    pages = getattr(image, "n_frames", 1) if many else 1
    if pages > MAX_IMAGE_PAGES:
        raise Unreadable("too_many_pages")
    for page in range(pages):
        image.seek(page)
        image.load()
    return {"pages": pages, "width": width, "height": height, "notes": []}


def look_at_pdf(path: Path) -> dict[str, object]:
    """Count the pages and draw the first one small: a bomb goes off here and not in the worker."""
    pymupdf.TOOLS.mupdf_display_errors(False)
    try:
        with pymupdf.open(path, filetype="pdf") as document:
            return _counted(document)
    except (RuntimeError, ValueError):  # every error of MuPDF is a RuntimeError
        raise Unreadable("broken_pdf") from None


def _counted(document: pymupdf.Document) -> dict[str, object]:
    if document.needs_pass:
        raise Unreadable("encrypted_pdf")
    if document.page_count == 0:
        raise Unreadable("broken_pdf")
    if document.page_count > MAX_PDF_PAGES:
        raise Unreadable("too_many_pages")
    first = document[0]
    longest = max(first.rect.width, first.rect.height, 1)
    first.get_pixmap(matrix=pymupdf.Matrix(200 / longest, 200 / longest), alpha=False)
    return {
        "pages": document.page_count,
        "width": round(first.rect.width),
        "height": round(first.rect.height),
        "notes": ["pdf_repaired"] if document.is_repaired else [],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
