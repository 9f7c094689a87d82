"""QR codes on the picture of a page: what each says, and where. Runs in the limited child beside the decoders."""

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from ingestion.reading import Code, Image, Quad

FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
LONGEST_PAYLOAD = 1000  # characters; what is longer is no code of a paper
SMALL_PICTURE = 4_000_000  # pixels: a code too small to be told apart is looked for once more, enlarged
ENLARGED = 2


def codes_on(image: Image) -> tuple[Code, ...]:
    """The codes of a picture (blue green red, or grey), from the top; quads in its pixels, as the code stands."""
    grey = image if image.ndim == 2 else _as_grey(image)
    found = _read(grey, scale=1)
    if not found and grey.size <= SMALL_PICTURE:
        larger = cv2.resize(grey, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
        found = _read(np.asarray(larger, np.uint8), scale=ENLARGED)
    return tuple(sorted(found, key=lambda code: (code.quad.top, code.quad.left)))


def _read(grey: NDArray[np.uint8], *, scale: int) -> list[Code]:
    barcodes = zxingcpp.read_barcodes(grey, FORMATS, try_invert=False, text_mode=zxingcpp.TextMode.Plain)
    return [
        Code(barcode.text, _quad(barcode.position, scale)) for barcode in barcodes if _is_plain(barcode.text)
    ]


def _is_plain(payload: str) -> bool:
    """Words a person could have typed: no control characters, no bytes dressed as text."""
    return 0 < len(payload) <= LONGEST_PAYLOAD and payload.isprintable()


def _quad(position: zxingcpp.Position, scale: int) -> Quad:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return Quad.from_points((corner.x / scale, corner.y / scale) for corner in corners)


def _as_grey(image: Image) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
