"""The accurate engine: PP-OCR models that lie inside the rapidocr wheel; nothing is fetched at run time."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_rec.typings import TextRecOutput
from rapidocr.utils.output import RapidOCROutput

from ingestion.reading import EngineFailed, Image, Line, OcrOptions, Quad, in_reading_order

MOST_PIXELS_A_SIDE = 4000
CharacterPlace = tuple[float, float, float]


class RapidOcrEngine:
    """Loads its models at the first page, once for each set of options, and keeps them."""

    name = "rapidocr"

    def __init__(self) -> None:
        self._loaded: dict[tuple[int, int], RapidOCR] = {}

    @cached_property
    def version(self) -> str:
        return version("rapidocr")

    def read(self, image: Image | Path, options: OcrOptions) -> tuple[Line, ...]:
        source = _picture(image)
        found = self._line(source, options) if options.single_line else self._page(source, options)
        return in_reading_order(line for line in found if line.confidence >= options.minimum_confidence)

    def _page(self, source: Image, options: OcrOptions) -> Iterator[Line]:
        # What is not said anew at each call stays as the call before left it.
        answer = self._reader(options)(
            source, use_det=True, use_rec=True, return_word_box=True, return_single_char_box=True
        )
        if not isinstance(answer, RapidOCROutput):
            raise EngineFailed(f"rapidocr: answered with {type(answer).__name__}")
        if answer.boxes is None or answer.txts is None or answer.scores is None:
            return
        words = answer.word_results or [()] * len(answer.txts)
        for box, text, score, places in zip(answer.boxes, answer.txts, answer.scores, words, strict=True):
            quad = Quad.from_points(box)
            yield Line(text, float(score), quad, _places(text, quad, places))

    def _line(self, source: Image, options: OcrOptions) -> Iterator[Line]:
        answer = self._reader(options)(
            source, use_det=False, use_rec=True, return_word_box=False, return_single_char_box=False
        )
        if not isinstance(answer, TextRecOutput):
            raise EngineFailed(f"rapidocr: answered with {type(answer).__name__}")
        height, width = source.shape[:2]
        for text, score in zip(answer.txts or (), answer.scores or (), strict=True):
            if text.strip():
                yield Line(text, float(score), Quad.from_box(0, 0, width, height))

    def _reader(self, options: OcrOptions) -> RapidOCR:
        key = (options.threads, options.longest_side)
        if key not in self._loaded:
            cv2.setNumThreads(options.threads)
            self._loaded[key] = RapidOCR(params=parameters(options))
        return self._loaded[key]


def parameters(options: OcrOptions) -> dict[str, Any]:
    """Text is looked for on a page shrunk to `longest_side`, and read at the page's own resolution."""
    return {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "Global.text_score": 0.0,
        "Global.max_side_len": MOST_PIXELS_A_SIDE,
        "Det.limit_type": "max",
        "Det.limit_side_len": options.longest_side,
        "EngineConfig.onnxruntime.intra_op_num_threads": options.threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
    }


def _picture(image: Image | Path) -> Image:
    if not isinstance(image, Path):
        return image
    opened = cv2.imread(str(image), cv2.IMREAD_COLOR)
    if opened is None:
        raise EngineFailed("rapidocr: no picture")
    return np.asarray(opened, np.uint8)


def _places(text: str, quad: Quad, found: Sequence[Any]) -> tuple[CharacterPlace, ...]:
    """Fractions of the line's length, one entry a character; nothing where the engine counts otherwise than `text`."""
    start, end = np.array(quad.points[0]), np.array(quad.points[1])
    along = end - start
    length = float(along @ along)
    inked = [place for place in range(len(text)) if not text[place].isspace()]
    if length <= 0 or len(found) != len(inked) or any(len(entry[0]) != 1 for entry in found):
        return ()
    spans = [_span(entry[2], start, along / length) for entry in found]
    scores = [float(entry[1]) for entry in found]
    placed = dict(zip(inked, zip(spans, scores, strict=True), strict=True))
    return tuple(_filled(len(text), placed))


def _span(box: Iterable[Any], start: Any, along: Any) -> tuple[float, float]:
    shares = [float((np.array(point, dtype=float) - start) @ along) for point in box]
    return min(shares), max(shares)


def _filled(count: int, placed: dict[int, tuple[tuple[float, float], float]]) -> Iterator[CharacterPlace]:
    """Blanks stand between their neighbours and are sure of themselves."""
    before = 0.0
    for place in range(count):
        if place in placed:
            (left, right), score = placed[place]
            before = right
            yield left, right, score
        else:
            yield before, before, 1.0
