"""A stranger's picture taken in (of a room, of a look-in): looked at in the limited child, original kept, shown bare.

What is shown is drawn anew and upright, so nothing that the camera wrote beside it (place, time, serial number) goes out.
"""

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase

from foundation import content
from foundation.blobs import store
from foundation.errors import Refused, TooLarge
from foundation.models import Blob
from foundation.serving import range_response
from ingestion.pages import PageOptions, UnreadableFile, opened_pages, view_of

SHOWN = "shown.jpg"
MOST_BYTES = 40 * 1024 * 1024
LONGEST_SIDE = 2000
JPEG = "image/jpeg"


def take_picture(given: UploadedFile) -> Blob:
    """Keep what somebody chose as a picture. Refused or TooLarge, with the reason, before anything is kept."""
    name = given.name or ""
    if given.size is not None and given.size > MOST_BYTES:
        raise TooLarge(size=given.size, limit=MOST_BYTES)
    with tempfile.TemporaryDirectory(prefix="juanzong-picture-") as folder:
        path = Path(folder) / "picture"
        with path.open("wb") as kept:
            for piece in given.chunks():
                kept.write(piece)
        seen = content.look(path, file_name=name, wanted=content.IMAGES)
        bare = _drawn(path, name)
        blob = store().put_file(path, media_type=seen.media_type)
    store().put_derivative(blob.sha256, SHOWN, bare)
    return blob


def keep_still(still: bytes) -> Blob:
    """Keep a JPEG that we drew ourselves; it is shown as it is."""
    with tempfile.NamedTemporaryFile(prefix="juanzong-still-", suffix=".jpg") as kept:
        kept.write(still)
        kept.flush()
        blob = store().put_file(Path(kept.name), media_type=JPEG)
    store().put_derivative(blob.sha256, SHOWN, still)
    return blob


def shown(request: HttpRequest, blob: Blob, *, file_name: str) -> HttpResponseBase:
    """The bare picture; the caller has asked permission."""
    return range_response(request, blob.sha256, media_type=JPEG, file_name=file_name, derivative=SHOWN)


def _drawn(path: Path, name: str) -> bytes:
    options = PageOptions(longest_side=LONGEST_SIDE, most_pages=1)
    try:
        with opened_pages(path, options) as pages:
            return view_of(next(pages).image, 0)
    except (UnreadableFile, StopIteration):
        raise Refused("broken_image", file_name=name) from None
