"""How alike two things are: text without regard to its order on the page, and places as polygons."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

GONE = "\0"
MOST_PLACES = 24  # equally good places that are weighed: a misread letter is one, a missing one another
Matrix = NDArray[np.int32]


def plain(text: str) -> str:
    """Text for comparison: NFKC, without any space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True)
class Characters:
    """Errors and characters of a page, print and handwriting apart."""

    errors: int
    printed: int
    errors_by_hand: int
    by_hand: int


def character_errors(
    printed: Sequence[str], read: str, *, by_hand: Sequence[str] = (), overprint: int = 0
) -> Characters:
    """How far `read` is from the runs of text on a page.

    Every run is looked for at its best place in what was read, printed ones first and the longest of them first, and
    takes that place. What is left over was read too much and counts as errors of print, but for as many characters as
    seals and watermarks bear and as handwriting may have been misread into. So the order in which a reader tells its
    lines does not matter, and nothing is counted for right twice.
    """
    errors, text = _missed(printed, plain(read))
    errors_by_hand, text = _missed(by_hand, text)
    left = sum(character != GONE for character in text)
    written = sum(len(plain(run)) for run in by_hand)
    too_much = max(0, left - overprint - written)
    return Characters(errors + too_much, sum(len(plain(run)) for run in printed), errors_by_hand, written)


def _missed(runs: Sequence[str], text: str) -> tuple[int, str]:
    """(edits needed, what remains of the text)."""
    errors = 0
    for run in sorted((plain(run) for run in runs), key=len, reverse=True):
        distance, start, end = best_place(run, text)
        if distance >= len(run):
            errors += len(run)
            continue
        errors += distance
        text = text[:start] + GONE * (end - start) + text[end:]
    return errors, text


def best_place(run: str, text: str) -> tuple[int, int, int]:
    """(edits, start, end): where in `text` the run stands with the fewest edits, and as long as itself if it can."""
    if not run:
        return 0, 0, 0
    symbols = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    places = np.arange(len(text) + 1, dtype=np.int32)
    rows: Matrix = np.zeros((len(run) + 1, len(text) + 1), np.int32)
    for number, character in enumerate(run, start=1):
        above = rows[number - 1]
        best = above + 1
        differs = (symbols != ord(character)).astype(np.int32)
        best[1:] = np.minimum(best[1:], above[:-1] + differs)
        rows[number] = np.minimum.accumulate(best - places) + places
    fewest = rows[-1].min()
    ends = [int(end) for end in np.flatnonzero(rows[-1] == fewest)[:MOST_PLACES]]
    spans = [(_start(rows, run, text, end), end) for end in ends]
    start, end = min(spans, key=lambda span: abs(span[1] - span[0] - len(run)))
    return int(fewest), start, end


def _start(rows: Matrix, run: str, text: str, end: int) -> int:
    """Walk the cheapest way back to where it began."""
    line, place = len(run), end
    while line:
        here = rows[line, place]
        if place and here == rows[line - 1, place - 1] + (run[line - 1] != text[place - 1]):
            line, place = line - 1, place - 1
        elif here == rows[line - 1, place] + 1:
            line -= 1
        else:
            place -= 1
    return place


def overlap(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> float:
    """Intersection over union of two quadrilaterals, 0 to 1."""
    first, second = (np.array(quad, np.float32) for quad in (one, other))
    shared = float(cv2.intersectConvexConvex(cv2.convexHull(first), cv2.convexHull(second))[0])
    areas = float(cv2.contourArea(cv2.convexHull(first)) + cv2.contourArea(cv2.convexHull(second)))
    return shared / (areas - shared) if areas > shared else 0.0
