"""From a page picture to its words: laid flat, turned, read; where the words come out doubtful, tried otherwise.

An engine's own doubt tells which way a page lies. Over 14 pages of ordinary wear the words of an upright page came
out at 0.95 and more; upside down at 0.56 to 0.78, and in a mirror at 0.63 to 0.78 (paddle_tiny and rapidocr alike).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ingestion.outline import flattened
from ingestion.pages import PagePicture
from ingestion.reading import Image, Line, OcrEngine, OcrOptions, Quad
from ingestion.upright import Matrix, UprightPage, made_upright, orientation, turned_upright

SURE_WORDS = 0.85
CLEARLY_BETTER = 1.3
ENLARGED_SIDE = 1600
MIRRORED = "mirrored"


@dataclass(frozen=True)
class Attempt:
    """One way the page was laid before an engine, and what it read."""

    upright: UprightPage
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return surety(self.lines) >= SURE_WORDS

    @property
    def said(self) -> float:
        """How much was read with conviction, in characters."""
        return sum(len(line.text) * max(0.0, line.confidence - 0.5) * 2 for line in self.lines)


def words_of(picture: PagePicture, laid: UprightPage, reader: OcrEngine, options: OcrOptions) -> Attempt:
    """The page as it reads best, first as `laid`. The usual page is read once; only doubt has it read again."""
    best = first = _read(laid, reader, options)
    for other in _other_ways(picture, first):
        if best.is_sure or not first.lines:
            break
        best = _clearer(best, replace(_read(other.upright, reader, options), notes=other.notes))
    return best


def accurately(options: OcrOptions) -> OcrOptions:
    """The same options for the accurate engine, which finds small print on a larger picture."""
    return replace(options, longest_side=max(options.longest_side, ENLARGED_SIDE))


def enlarged(image: Image) -> tuple[Image, float]:
    """A page of few pixels drawn larger, and by how much: print below twelve pixels is found then."""
    factor = ENLARGED_SIDE / max(image.shape[:2])
    if factor <= 1:
        return image, 1.0
    drawn = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(drawn, np.uint8), factor


def surety(lines: Sequence[Line]) -> float:
    """The engine's confidence over all characters of a page, 0 to 1; 0 where there are none."""
    characters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / characters if characters else 0.0


def sound_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What an engine returned without empty texts and impossible places, confidence within 0 and 1."""
    return tuple(
        replace(line, confidence=min(1.0, max(0.0, line.confidence)))
        for line in lines
        if line.text.strip() and math.isfinite(line.confidence) and _is_a_place(line.quad)
    )


def _is_a_place(quad: Quad) -> bool:
    finite = all(math.isfinite(edge) for point in quad.points for edge in point)
    return finite and quad.width > 0 and quad.height > 0


def _read(upright: UprightPage, reader: OcrEngine, options: OcrOptions) -> Attempt:
    return Attempt(upright, sound_lines(reader.read(upright.image, options)))


def _clearer(one: Attempt, other: Attempt) -> Attempt:
    """The other only where it says clearly more: a way that is not the plain one has to earn it."""
    return other if other.said > CLEARLY_BETTER * one.said else one


def prepared(picture: PagePicture) -> UprightPage:
    """Laid flat where the sheet's outline shows, else straightened by its lines; then turned as the small model says."""
    flat = flattened(picture.image)
    if flat is None:
        return made_upright(picture.image, to_upload=picture.to_upload)
    return _turned(flat.image, picture.to_upload @ flat.back, orientation(flat.image))


def _other_ways(picture: PagePicture, first: Attempt) -> Iterator[Attempt]:
    """Head for foot; with the surroundings left on; seen from behind, either way up."""
    yield Attempt(_over(first.upright), ())
    if first.upright.is_flat:
        yield Attempt(made_upright(picture.image, to_upload=picture.to_upload), ())
    mirrored = _mirrored(first.upright)
    yield Attempt(mirrored, (), (MIRRORED,))
    yield Attempt(_over(mirrored), (), (MIRRORED,))


def _turned(image: Image, to_upload: Matrix, rotation: int) -> UprightPage:
    turned, back = turned_upright(image, rotation)
    return UprightPage(turned, rotation, 0.0, to_upload @ back, is_flat=True)


def _over(upright: UprightPage) -> UprightPage:
    turned, back = turned_upright(upright.image, 180)
    return replace(
        upright,
        image=turned,
        rotation=(upright.rotation + 180) % 360,
        to_upload=upright.to_upload @ back,
    )


def _mirrored(upright: UprightPage) -> UprightPage:
    width = upright.image.shape[1]
    back = np.array([[-1, 0, width], [0, 1, 0], [0, 0, 1]], dtype=np.float64)
    flipped = np.asarray(cv2.flip(upright.image, 1), np.uint8)
    return replace(upright, image=flipped, to_upload=upright.to_upload @ back)
