"""The fast engine: PP-OCR models in two sizes that lie inside the faster-paddle wheel; nothing is fetched."""

from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import faster_paddle

from ingestion.reading import EngineFailed, Image, Line, OcrOptions, Quad, in_reading_order

#: The sizes inside the wheel. The package would fetch a third, "medium", from its maker: never name it here.
TINY, SMALL = "tiny", "small"


class PaddleEngine:
    """Loads one model at the first page, once for each set of options, and keeps it."""

    def __init__(self, size: str) -> None:
        if size not in (TINY, SMALL):
            raise ValueError(f"no model of this size lies inside the wheel: {size}")
        self._size = size
        self._loaded: dict[tuple[int, int], faster_paddle.OcrEngine] = {}

    @property
    def name(self) -> str:
        return f"paddle_{self._size}"

    @cached_property
    def version(self) -> str:
        return version("faster-paddle")

    def read(self, image: Image | Path, options: OcrOptions) -> tuple[Line, ...]:
        try:
            answer = self._reader(options).ocr(_encoded(image))
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(f"{self.name}: {type(error).__name__}") from error
        found = _lines(answer["bounds"].values())
        return in_reading_order(line for line in found if line.confidence >= options.minimum_confidence)

    def _reader(self, options: OcrOptions) -> faster_paddle.OcrEngine:
        key = (options.threads, options.longest_side)
        if key not in self._loaded:
            self._loaded[key] = faster_paddle.OcrEngine(self._size, **_parameters(options))
        return self._loaded[key]


def tiny() -> PaddleEngine:
    return PaddleEngine(TINY)


def small() -> PaddleEngine:
    return PaddleEngine(SMALL)


def _parameters(options: OcrOptions) -> dict[str, Any]:
    """Text is looked for on a page shrunk to `longest_side`; a small strip is not blown up for the search."""
    return {"threads": options.threads, "det_max_side": options.longest_side}


def _encoded(image: Image | Path) -> bytes:
    """The package takes files only; BMP costs next to nothing to write and to read."""
    if isinstance(image, Path):
        return image.read_bytes()
    done, encoded = cv2.imencode(".bmp", image)
    if not done:
        raise ValueError("no picture")
    return encoded.tobytes()


def _lines(bounds: Any) -> Iterator[Line]:
    for bound in bounds:
        (left, top), (right, bottom) = bound["topLeftCoord"], bound["bottomRightCoord"]
        yield Line(bound["text"], float(bound["confidence"]), Quad.from_box(left, top, right, bottom))
