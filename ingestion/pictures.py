"""The pictures of a page as people see them: their names beside the original, and those of pieces, cut from the page's.

The original may lie in other classes too, cut there along other lines: pictures of a piece are named after the piece.
"""

import cv2
import numpy as np

from dossiers.cutting import Box, turned
from dossiers.models import Sheet
from foundation.blobs import BlobStore
from ingestion.models import PageReading
from ingestion.pages import VIEW_QUALITY
from ingestion.reading import Image
from ingestion.veil import veiled

VIEW, THUMBNAIL, VEIL = "view", "thumb", "veil"


def view_name(number: int, piece: str = "") -> str:
    return _name(number, piece, VIEW)


def thumbnail_name(number: int, piece: str = "") -> str:
    return _name(number, piece, THUMBNAIL)


def veil_name(number: int, piece: str = "") -> str:
    return _name(number, piece, VEIL)


def piece_mark(sheet: Sheet) -> str:
    """What tells this piece from every other cut from the same bytes; empty for a whole page."""
    return sheet.uuid.hex if sheet.cut else ""


def keep_pictures(
    kept: BlobStore, sheet: Sheet, view: bytes, thumbnail: bytes, veil: bytes | None = None
) -> None:
    """Store the three pictures of a sheet; without a `veil` given, one through which nothing can be read."""
    sha256 = sheet.upload.blob.sha256
    kept.put_derivative(sha256, view_name(sheet.number, piece_mark(sheet)), view)
    kept.put_derivative(sha256, thumbnail_name(sheet.number, piece_mark(sheet)), thumbnail)
    kept.put_derivative(sha256, veil_name(sheet.number, piece_mark(sheet)), veil or veiled(thumbnail))


def drawn(kept: BlobStore, sheet: Sheet) -> bool:
    """Whether the sheet's pictures lie there; those of a piece are cut from its page's, once these do."""
    sha256 = sheet.upload.blob.sha256
    if kept.has_derivative(sha256, veil_name(sheet.number, piece_mark(sheet))):
        return True
    if not sheet.cut or not kept.has_derivative(sha256, veil_name(sheet.number)):
        return False
    part = _part_of_view(sheet)
    for name in (VIEW, THUMBNAIL, VEIL):
        with kept.open_derivative(sha256, _name(sheet.number, "", name)) as page:
            piece = _cut_out(page.read(), part)
        kept.put_derivative(sha256, _name(sheet.number, piece_mark(sheet), name), piece)
    return True


def _name(number: int, piece: str, what: str) -> str:
    return f"p{number}-c{piece}-{what}.jpg" if piece else f"p{number}-{what}.jpg"


def _part_of_view(sheet: Sheet) -> Box:
    """The piece on the page as people see it: upright once it was read, as it lies before."""
    rotation = PageReading.objects.filter(sheet=sheet.cut_from_id).values_list("rotation", flat=True).first()
    left, top, right, bottom = sheet.region
    return turned((left, top, right, bottom), -(rotation or 0))


def _cut_out(jpeg: bytes, part: Box) -> bytes:
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    _done, encoded = cv2.imencode(
        ".jpg", cropped(np.asarray(image, np.uint8), part), [cv2.IMWRITE_JPEG_QUALITY, VIEW_QUALITY]
    )
    return encoded.tobytes()


def cropped(image: Image, part: Box) -> Image:
    """That part of a picture, one pixel at least."""
    height, width = image.shape[:2]
    left, top = int(part[0] * width), int(part[1] * height)
    right, bottom = max(left + 1, round(part[2] * width)), max(top + 1, round(part[3] * height))
    return image[top:bottom, left:right]
