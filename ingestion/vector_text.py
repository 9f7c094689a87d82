"""What a PDF page says by itself, where all its ink can be that text. Runs in the limited child.

A layer of text is worth something only where people see it. Here the page's structure is asked: is there text that
is not shown, is a picture part of the page, does something lie over the words, is there ink that no word explains?
Whether the words are the right ones is not for structure to say: `samples` names lines that together show every
glyph used for a digit and every font, and ingestion.printed holds them against the ink.
"""

import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot
from typing import Any

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray

LEAST_CHARACTERS = 8
PICTURE_SHARE, PICTURES_SHARE = 0.03, 0.06  # of the page: a portrait and a seal are less, an ID card is more
COVERED_SHARE = 0.25
ABOVE_BASELINE, BELOW_BASELINE = 0.88, 0.12  # of the size: where an ideograph's ink stands
GAP, ON_BASELINE = 1.1, 0.35  # of the size: a wider gap ends a line, a larger step leaves it
BLANK, CELL_GAP = 0.15, 0.08  # a gap that is a blank; one in which a rule may stand
INK_CONTRAST = 40
NOT_WORDS = 0.02
MOST_LINES = 2000
MOST_SAMPLES, PLAIN_SAMPLES, LONG_NUMBER, NUMBERS_SAMPLED = 14, 4, 15, 6
GLYPH_SIDES = (0.35, 1.6)  # of the usual size: unexplained ink of this height and width may be a character
UNEXPLAINED_SHARE, UNEXPLAINED_FEW = 0.12, 6
INVISIBLE = 3
REPLACEMENT = "\ufffd"
RADICALS, COMPATIBLE = range(0x2F00, 0x2FD6), range(0xF900, 0xFB00)
# Of the radicals that Unicode maps to no word by itself, those that look like one (EquivalentUnifiedIdeograph.txt).
RADICAL_FORMS = str.maketrans(
    "\u2e81\u2e84\u2e8a\u2e92\u2e93\u2e95\u2e9c\u2e9d\u2e9f\u2ea0\u2ea7\u2ea9\u2eab\u2eac\u2eae\u2eb6\u2ebc\u2ebd\u2ec1\u2ec4"
    "\u2ec5\u2ec6\u2ec9\u2ecb\u2ed1\u2ed3\u2ed4\u2ed7\u2ed8\u2ed9\u2eda\u2edb\u2edc\u2edd\u2ee1\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6\u2ee7\u2ee8\u2ee9"
    "\u2eec\u2eee\u2ef0\u2ef3",
    "厂乙卜巳幺彐日月母民牛王目示竹羊肉臼虎西见角贝车長长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄齐齿龙龟",
)
OVERLAYS = ("fill-path", "fill-image", "fill-shade", "fill-imgmask")
LINK_ANNOTATION = 1  # PDF_ANNOT_LINK of MuPDF


class NotTrusted(Exception):
    """The layer is passed over and the page is read as a picture; the argument says why."""


@dataclass(frozen=True)
class Glyph:
    """One character as it is painted: its place in the font too, since a font may call a glyph what it likes.

    It is drawn from `origin` to `edge`; where the next follows closely, `end` is where that begins.
    """

    text: str
    font: str
    number: int
    origin: tuple[float, float]
    edge: tuple[float, float]
    end: tuple[float, float]
    size: float
    direction: tuple[float, float]
    painted: int


@dataclass(frozen=True)
class Piece:
    """Glyphs that follow each other on one baseline."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """The words, with a blank where a small gap is."""
        text = self.glyphs[0].text
        for one, other in pairwise(self.glyphs):
            text += " " * (_distance(one, other) > BLANK * other.size) + other.text
        return text

    @property
    def corners(self) -> list[tuple[float, float]]:
        """Clockwise from the top left of the text as it is read, in points of the unturned page."""
        first, last = self.glyphs[0], self.glyphs[-1]
        across, down = first.direction, (-first.direction[1], first.direction[0])
        size = max(glyph.size for glyph in self.glyphs)
        length = (last.end[0] - first.origin[0]) * across[0] + (last.end[1] - first.origin[1]) * across[1]
        return [
            _moved(_moved(first.origin, across, along), down, drop * size)
            for along, drop in (
                (0, -ABOVE_BASELINE),
                (length, -ABOVE_BASELINE),
                (length, BELOW_BASELINE),
                (0, BELOW_BASELINE),
            )
        ]


def printed_text(page: pymupdf.Page, drawn: NDArray[np.uint8], zoom: float) -> dict[str, Any]:
    """{"lines": [{"text", "quad"}], "rotation", "samples"} in pixels of `drawn` (grey), or {"passed_over": why}.

    `zoom` is pixels a point. The reasons: none, hidden, pictured, annotated, covered, faint, garbled, unexplained.
    """
    try:
        pieces = [
            part for piece in _visible_pieces(page) for part in _between_rules(page, piece, drawn, zoom)
        ]
        _require_nothing_over(page, pieces)
        rotation = _usual_turn(page, pieces)
        upright = [piece for piece in pieces if _turn_of(page, piece.glyphs[0].direction) == rotation]
        quads = [_in_pixels(page, piece, zoom) for piece in pieces]
        _require_ink(drawn, quads)
        _require_explained(drawn, pieces, quads, zoom)
    except NotTrusted as reason:
        return {"passed_over": str(reason)}
    return {
        "lines": [{"text": piece.text, "quad": _in_pixels(page, piece, zoom)} for piece in upright],
        "rotation": rotation,
        "samples": samples(upright),
    }


def samples(pieces: Sequence[Piece]) -> list[int]:
    """Which lines to hold against the ink: long numbers, every digit's glyph, every font, some of the longest."""
    by_length = sorted(range(len(pieces)), key=lambda at: -len(pieces[at].text))
    chosen = [at for at in by_length if _digits(pieces[at].text) >= LONG_NUMBER][:NUMBERS_SAMPLED]
    seen = set[object]().union(*(_keys(pieces[at]) for at in chosen))
    for at in by_length:
        if len(chosen) < MOST_SAMPLES and _keys(pieces[at]) - seen:
            chosen.append(at)
            seen |= _keys(pieces[at])
    rest = [at for at in by_length if at not in chosen]
    return sorted(chosen + rest[:PLAIN_SAMPLES])


def _keys(piece: Piece) -> set[object]:
    """What one sampled line vouches for: the glyphs of its digits, and its fonts."""
    figures = {
        (glyph.font, glyph.number, glyph.text) for glyph in piece.glyphs if glyph.text in "0123456789Xx"
    }
    return figures | {glyph.font for glyph in piece.glyphs}


def _visible_pieces(page: pymupdf.Page) -> list[Piece]:
    glyphs = list(_once(_glyphs(page)))
    if len(glyphs) < LEAST_CHARACTERS:
        raise NotTrusted("none")
    if sum(map(_is_no_word, glyphs)) > NOT_WORDS * len(glyphs):
        raise NotTrusted("garbled")
    if any(True for kind in page.annots() or () if kind.type[0] != LINK_ANNOTATION) or any(
        True for _ in page.widgets() or ()
    ):
        raise NotTrusted("annotated")
    _require_no_pictures(page)
    pieces = list(_pieces(glyphs))
    if len(pieces) > MOST_LINES:
        raise NotTrusted("unexplained")
    return pieces


def _glyphs(page: pymupdf.Page) -> Iterator[Glyph]:
    for span in page.get_texttrace():
        if all(_character(code).isspace() for code, *_rest in span["chars"]):
            continue
        if span["type"] == INVISIBLE or span["opacity"] < 0.5:
            raise NotTrusted("hidden")
        yield from _glyphs_of(span)


def _once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Bold made by painting twice is one word."""
    seen = set()
    for glyph in glyphs:
        place = (glyph.text, round(glyph.origin[0]), round(glyph.origin[1]))
        if place not in seen:
            seen.add(place)
            yield glyph


def _glyphs_of(span: dict[str, Any]) -> Iterator[Glyph]:
    across = tuple(span["dir"])
    characters = span["chars"]
    for at, (code, number, origin, box) in enumerate(characters):
        width = abs((box[2] - box[0]) * across[0]) + abs((box[3] - box[1]) * across[1])
        edge = end = _moved(origin, across, width)
        if at + 1 < len(characters):
            following = characters[at + 1][2]
            step = hypot(following[0] - origin[0], following[1] - origin[1])
            end = _moved(origin, across, step) if 0 < step <= 1.3 * span["size"] else end
        yield Glyph(
            text=_character(code),
            font=span["font"],
            number=number,
            origin=tuple(origin),
            edge=edge,
            end=end,
            size=span["size"],
            direction=across,
            painted=span["seqno"],
        )


def _character(code: int) -> str:
    """What the font calls a glyph; the replacement sign for what is no character.

    Fonts call 女 and 长 by the names of the radicals that look like them: the word is meant.
    """
    if not 0 <= code <= sys.maxunicode or unicodedata.category(chr(code)) in ("Cc", "Cs"):
        return REPLACEMENT
    if code in RADICALS or code in COMPATIBLE:
        return unicodedata.normalize("NFKC", chr(code))
    return chr(code).translate(RADICAL_FORMS)


def _pieces(glyphs: Iterable[Glyph]) -> Iterator[Piece]:
    run: list[Glyph] = []
    for glyph in glyphs:
        if glyph.text.isspace():
            continue
        if run and not _follows(run[-1], glyph):
            yield Piece(tuple(run))
            run = []
        run.append(glyph)
    if run:
        yield Piece(tuple(run))


def _follows(one: Glyph, other: Glyph) -> bool:
    if one.direction != other.direction:
        return False
    step, along = (other.origin[0] - one.end[0], other.origin[1] - one.end[1]), _distance(one, other)
    aside = abs(step[1] * one.direction[0] - step[0] * one.direction[1])
    size = min(one.size, other.size)
    return -0.5 * size <= along <= GAP * size and aside <= ON_BASELINE * size


def _distance(one: Glyph, other: Glyph) -> float:
    """Along the line, from where one ends to where the other begins."""
    return _length(replace(one, origin=one.end, end=other.origin))


def _length(glyph: Glyph) -> float:
    x, y = glyph.end[0] - glyph.origin[0], glyph.end[1] - glyph.origin[1]
    return x * glyph.direction[0] + y * glyph.direction[1]


def _is_no_word(glyph: Glyph) -> bool:
    """Replacement signs, private use, controls: a font that does not say what its glyphs mean."""
    return glyph.text == REPLACEMENT or unicodedata.category(glyph.text) in ("Co", "Cn")


def _between_rules(
    page: pymupdf.Page, piece: Piece, drawn: NDArray[np.uint8], zoom: float
) -> Iterator[Piece]:
    """What stands in two cells of a table is two lines, however near the rule between them."""
    start = 0
    for at, (one, other) in enumerate(pairwise(piece.glyphs), start=1):
        gap = replace(one, origin=one.edge, end=other.origin)
        if _length(gap) > CELL_GAP * one.size and _is_ruled(page, gap, drawn, zoom):
            yield Piece(piece.glyphs[start:at])
            start = at
    yield Piece(piece.glyphs[start:])


def _is_ruled(page: pymupdf.Page, gap: Glyph, drawn: NDArray[np.uint8], zoom: float) -> bool:
    """Whether ink runs through the whole height of a gap."""
    left, top, right, bottom = _edges(_in_pixels(page, Piece((gap,)), zoom), drawn)
    part = drawn[top:bottom, left:right]
    if part.size == 0:
        return False
    lightest = part.max(axis=0 if _turn_of(page, gap.direction) in (0, 180) else 1)
    return bool(lightest.min() < int(part.max()) - INK_CONTRAST)


def _require_no_pictures(page: pymupdf.Page) -> None:
    whole = abs(page.rect)
    areas = [abs(pymupdf.Rect(image["bbox"]) & page.rect) / whole for image in page.get_image_info()]
    if max(areas, default=0.0) >= PICTURE_SHARE or sum(areas) >= PICTURES_SHARE:
        raise NotTrusted("pictured")


def _require_nothing_over(page: pymupdf.Page, pieces: Sequence[Piece]) -> None:
    """Nothing painted after a line covers a good part of it: people would read what lies on top."""
    log = page.get_bboxlog()
    over = np.array([(at, *box) for at, (kind, box) in enumerate(log) if kind in OVERLAYS], dtype=np.float64)
    if not over.size:
        return
    for piece in pieces:
        left, top, right, bottom = _around(piece.corners)
        later = over[over[:, 0] > min(glyph.painted for glyph in piece.glyphs)]
        across = np.minimum(right, later[:, 3]) - np.maximum(left, later[:, 1])
        down = np.minimum(bottom, later[:, 4]) - np.maximum(top, later[:, 2])
        shared = np.clip(across, 0, None) * np.clip(down, 0, None)
        if np.any(shared > COVERED_SHARE * (right - left) * (bottom - top)):
            raise NotTrusted("covered")


def _require_ink(drawn: NDArray[np.uint8], quads: Sequence[list[list[float]]]) -> None:
    """Every line stands on the page, darker or lighter than what it stands on."""
    for quad in quads:
        left, top, right, bottom = _edges(quad, drawn)
        part = drawn[top:bottom, left:right]
        if part.size == 0 or int(part.max()) - int(part.min()) < INK_CONTRAST:
            raise NotTrusted("faint")


def _require_explained(
    drawn: NDArray[np.uint8], pieces: Sequence[Piece], quads: Sequence[list[list[float]]], zoom: float
) -> None:
    """What is left when words and rules are taken away does not look like more words."""
    usual = float(np.median([glyph.size for piece in pieces for glyph in piece.glyphs])) * zoom
    window = max(15, round(usual) | 1)
    ink = cv2.adaptiveThreshold(drawn, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 25)
    for quad in quads:
        left, top, right, bottom = _edges(quad, drawn, margin=0.15 * usual)
        ink[top:bottom, left:right] = 0
    for shape in ((round(2.5 * usual), 1), (1, round(2.5 * usual))):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((max(1, shape[1]), max(1, shape[0])), np.uint8))
        ink = cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 3), np.uint8)))
    together = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(together)
    tall = stats[1:, cv2.CC_STAT_HEIGHT] / usual
    least, most = GLYPH_SIDES
    strange = int(np.count_nonzero((tall >= least) & (tall <= most)))
    characters = sum(len(piece.glyphs) for piece in pieces)
    if strange > max(UNEXPLAINED_FEW, UNEXPLAINED_SHARE * characters):
        raise NotTrusted("unexplained")


def _usual_turn(page: pymupdf.Page, pieces: Sequence[Piece]) -> int:
    """How far, clockwise in degrees, most of the text stands turned on the drawn page."""
    turns: Counter[int | None] = Counter()
    for piece in pieces:
        turns[_turn_of(page, piece.glyphs[0].direction)] += len(piece.glyphs)
    turn = turns.most_common(1)[0][0]
    if turn is None:
        raise NotTrusted("unexplained")
    return turn


def _turn_of(page: pymupdf.Page, direction: tuple[float, float]) -> int | None:
    """0, 90, 180 or 270; None for slanted text, as watermarks are."""
    ahead = pymupdf.Point(direction) * page.rotation_matrix - pymupdf.Point(0, 0) * page.rotation_matrix
    for turn, (x, y) in {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}.items():
        if hypot(ahead.x - x, ahead.y - y) < 0.1:
            return turn
    return None


def _in_pixels(page: pymupdf.Page, piece: Piece, zoom: float) -> list[list[float]]:
    turned = [pymupdf.Point(corner) * page.rotation_matrix for corner in piece.corners]
    return [[round(point.x * zoom, 2), round(point.y * zoom, 2)] for point in turned]


def _edges(
    quad: list[list[float]], drawn: NDArray[np.uint8], *, margin: float = 0.0
) -> tuple[int, int, int, int]:
    height, width = drawn.shape
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    return (
        max(0, int(min(xs) - margin)),
        max(0, int(min(ys) - margin)),
        min(width, int(max(xs) + margin) + 1),
        min(height, int(max(ys) + margin) + 1),
    )


def _around(corners: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _moved(point: Sequence[float], direction: Sequence[float], by: float) -> tuple[float, float]:
    return point[0] + direction[0] * by, point[1] + direction[1] * by


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
