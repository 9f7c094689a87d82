"""The fallback engine: tesseract, which every Debian carries and which needs no model package from PyPI."""

import os
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytesseract
from PIL import Image as PillowImage

from ingestion.reading import EngineFailed, Image, Line, OcrOptions, Quad, in_reading_order

WHOLE_PAGE = "--psm 3"
SECONDS_A_PAGE = 120


class TesseractEngine:
    """Calls the tesseract program, one page a call."""

    name = "tesseract"

    @cached_property
    def version(self) -> str:
        return str(pytesseract.get_tesseract_version()).split()[0]

    def read(self, image: Image | Path, options: OcrOptions) -> tuple[Line, ...]:
        os.environ["OMP_THREAD_LIMIT"] = str(options.threads)
        words = self._words(_as_picture(image), options)
        lines = [_line(group) for group in _by_line(words).values()]
        return in_reading_order(line for line in lines if line.confidence >= options.minimum_confidence)

    def _words(self, picture: PillowImage.Image, options: OcrOptions) -> dict[str, list[Any]]:
        try:
            return pytesseract.image_to_data(
                picture,
                lang=options.languages,
                config=WHOLE_PAGE,
                timeout=SECONDS_A_PAGE,
                output_type=pytesseract.Output.DICT,
            )
        except (pytesseract.TesseractError, RuntimeError) as error:
            raise EngineFailed(f"tesseract: {error}") from error


def _as_picture(image: Image | Path) -> PillowImage.Image:
    if isinstance(image, Path):
        with PillowImage.open(image) as opened:
            return opened.convert("RGB")
    return PillowImage.fromarray(np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8))


def _by_line(words: dict[str, list[Any]]) -> dict[tuple[int, int, int], list[tuple[str, float, Quad]]]:
    groups: dict[tuple[int, int, int], list[tuple[str, float, Quad]]] = defaultdict(list)
    for place, text in enumerate(words["text"]):
        if not text.strip():
            continue
        left, top = words["left"][place], words["top"][place]
        box = Quad.from_box(left, top, left + words["width"][place], top + words["height"][place])
        key = (words["block_num"][place], words["par_num"][place], words["line_num"][place])
        groups[key].append((text, float(words["conf"][place]) / 100, box))
    return groups


def _line(words: list[tuple[str, float, Quad]]) -> Line:
    text = "".join(word for word, _, _ in words)
    confidence = sum(score for _, score, _ in words) / len(words)
    left, top = min(q.left for *_, q in words), min(q.top for *_, q in words)
    right, bottom = max(q.right for *_, q in words), max(q.bottom for *_, q in words)
    return Line(text, max(0.0, confidence), Quad.from_box(left, top, right, bottom))
