"""Is the text of a PDF page the text that stands on it? Lines of the layer are read from the ink and compared."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from ingestion.reading import Image, Line, OcrEngine, OcrOptions, Quad, in_reading_order
from ingestion.recognition import edit_distance
from ingestion.upright import Matrix, UprightPage, turned_upright

ENGINE = "pdf_text"
DIFFERS = "text_layer_differs"  # the note on a page whose layer people would not have seen
NOT_WHAT_IS_SEEN = frozenset(
    {"garbled", "covered", "faint"}
)  # reasons of ingestion.vector_text that are worth a note
CONFIDENCE = 0.99
ALIKE = 0.8  # of the sampled characters: engines misread that many on a clean page at worst
FIGURES = 4  # a line with so many digits must come out with the very same digits
STRIP_HEIGHT, MARGIN, AROUND = 36, 28, 4  # pixels


class Verdict(StrEnum):
    """What comparing the layer with the ink came to; UNSEEN where the engine saw nothing to compare."""

    SAME = "same"
    DIFFERS = "differs"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class PrintedText:
    """What a PDF page says by itself: lines in pixels of the upload, how far the text stands turned, `samples`.

    `samples` are the lines to hold against the ink, by place in `lines`; ingestion.vector_text chooses them.
    """

    lines: tuple[Line, ...]
    rotation: int
    samples: tuple[int, ...]


@dataclass(frozen=True)
class PrintedPage:
    """The page upright, and its own lines in pixels of that."""

    upright: UprightPage
    lines: tuple[Line, ...]
    samples: tuple[Line, ...]

    @property
    def in_order(self) -> tuple[Line, ...]:
        return in_reading_order(self.lines)


def printed_page(printed: PrintedText, image: Image, to_upload: Matrix) -> PrintedPage:
    """The layer laid over the picture of its page; its own direction says which way up it is read."""
    turned, back = turned_upright(image, printed.rotation)
    upright = UprightPage(turned, printed.rotation, 0.0, to_upload @ back)
    forth: Matrix = np.asarray(np.linalg.inv(upright.to_upload), np.float64)
    lines = tuple(Line(line.text, line.confidence, _moved(line.quad, forth)) for line in printed.lines)
    return PrintedPage(upright, lines, tuple(lines[at] for at in printed.samples))


def held_against_ink(page: PrintedPage, reader: OcrEngine, options: OcrOptions) -> Verdict:
    """What an engine reads in the sampled strips: nearly every word of the layer, and every digit, or something else."""
    if not page.samples:
        return Verdict.UNSEEN
    picture, bands = _laid_out(page.upright.image, page.samples)
    read = reader.read(picture, options)
    if not read:
        return Verdict.UNSEEN
    pairs = [
        (_plain(line.text), _plain(_within(read, band)))
        for line, band in zip(page.samples, bands, strict=True)
    ]
    characters = sum(len(said) for said, _seen in pairs)
    wrong = sum(min(len(said), edit_distance(said, seen)) for said, seen in pairs)
    if wrong > (1 - ALIKE) * characters or any(_differ_in_figures(said, seen) for said, seen in pairs):
        return Verdict.DIFFERS
    return Verdict.SAME


def _differ_in_figures(said: str, seen: str) -> bool:
    figures = _figures(said)
    return len(figures) >= FIGURES and figures != _figures(seen)


def _figures(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _plain(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())


def _laid_out(image: Image, lines: Sequence[Line]) -> tuple[Image, list[tuple[float, float]]]:
    """The strips below each other on white, as a small page; and the band of rows that each has."""
    strips = [_strip(image, line.quad) for line in lines]
    width = max(strip.shape[1] for strip in strips) + 2 * MARGIN
    height = int(sum(strip.shape[0] + MARGIN for strip in strips)) + MARGIN
    page: Image = np.full((height, width, 3), 255, np.uint8)
    bands: list[tuple[float, float]] = []
    top = MARGIN
    for strip in strips:
        page[top : top + strip.shape[0], MARGIN : MARGIN + strip.shape[1]] = strip
        bands.append((top, top + strip.shape[0]))
        top += strip.shape[0] + MARGIN
    return page, bands


def _strip(image: Image, quad: Quad) -> Image:
    height, width = image.shape[:2]
    top, bottom = max(0, int(quad.top) - AROUND), min(height, int(quad.bottom) + AROUND + 1)
    left, right = max(0, int(quad.left) - AROUND), min(width, int(quad.right) + AROUND + 1)
    part = image[top:bottom, left:right]
    if part.size == 0:
        return np.full((STRIP_HEIGHT, STRIP_HEIGHT, 3), 255, np.uint8)
    scale = max(1.0, STRIP_HEIGHT / max(1, part.shape[0]))
    return np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _within(lines: Sequence[Line], band: tuple[float, float]) -> str:
    """What was read in one band, from the left."""
    inside = [line for line in lines if band[0] <= line.quad.centre[1] <= band[1]]
    return "".join(line.text for line in sorted(inside, key=lambda line: line.quad.left))


def _moved(quad: Quad, matrix: Matrix) -> Quad:
    corners = np.array([[*point, 1.0] for point in quad.points]) @ matrix.T
    return Quad.from_points(corners[:, :2] / corners[:, 2:])
