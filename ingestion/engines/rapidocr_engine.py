"""The accurate engine: PP-OCR models that lie inside the rapidocr wheel; nothing is fetched at run time."""

from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from ingestion.reading import EngineFailed, Image, Line, OcrOptions, Quad, in_reading_order


class RapidOcrEngine:
    """Loads its models at the first page, once for each set of options, and keeps them."""

    name = "rapidocr"

    def __init__(self) -> None:
        self._loaded: dict[tuple[int, int], RapidOCR] = {}

    @cached_property
    def version(self) -> str:
        return version("rapidocr")

    def read(self, image: Image | Path, options: OcrOptions) -> tuple[Line, ...]:
        source: Any = str(image) if isinstance(image, Path) else image
        answer = self._reader(options)(source)
        if not isinstance(answer, RapidOCROutput):
            raise EngineFailed(f"rapidocr: answered with {type(answer).__name__}")
        if answer.boxes is None or answer.txts is None or answer.scores is None:
            return ()
        found = zip(answer.boxes, answer.txts, answer.scores, strict=True)
        lines = [Line(text, float(score), Quad.from_points(box)) for box, text, score in found]
        return in_reading_order(line for line in lines if line.confidence >= options.minimum_confidence)

    def _reader(self, options: OcrOptions) -> RapidOCR:
        key = (options.threads, options.longest_side)
        if key not in self._loaded:
            cv2.setNumThreads(options.threads)
            self._loaded[key] = RapidOCR(params=_parameters(options))
        return self._loaded[key]


def _parameters(options: OcrOptions) -> dict[str, Any]:
    """Text is looked for on a page shrunk to `longest_side`, and read at the page's own resolution."""
    return {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "Global.text_score": 0.0,
        "Det.limit_type": "max",
        "Det.limit_side_len": options.longest_side,
        "EngineConfig.onnxruntime.intra_op_num_threads": options.threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
