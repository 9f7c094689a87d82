"""Tables as an engine would find them: lines placed by hand, rulings drawn, no text in the picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from ingestion.reading import Image, Line, Quad, Recognition

WIDTH, HEIGHT = 1240, 900
LEFT, TOP, PITCH = 80.0, 200.0, 40.0
PRINT, CHARACTER = 20.0, 10.0
ROSTER_WIDTHS = (60, 120, 60, 260, 110, 300, 150)
ROSTER_HEADS = ("序号", "姓名", "性别", "身份证号", "文化程度", "户籍地址", "联系电话")


@dataclass
class Drawn:
    """A table on a page. `across` and `down` say which rulings are drawn; `joined` pairs come as one line."""

    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ROSTER_WIDTHS
    heads: Sequence[str] | None = ROSTER_HEADS
    across: bool = True
    down: bool = True
    joined: Sequence[tuple[int, int]] = ()
    left_aligned: bool = False
    without: Sequence[
        tuple[str, int, int]
    ] = ()  # ("across", ruling, column) or ("down", ruling, row): not drawn
    extra: Sequence[Line] = ()
    width: int = WIDTH
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.every = [list(self.heads), *self.rows] if self.heads else list(self.rows)
        self.edges = [LEFT + sum(self.widths[:at]) for at in range(len(self.widths) + 1)]
        for number, row in enumerate(self.every):
            self._print_row(number, row)
        self.lines += self.extra

    def _print_row(self, number: int, row: Sequence[str]) -> None:
        starts = dict(self.joined) if number else {}
        skip: set[int] = set()
        for at, text in enumerate(row):
            if at in skip or not text:
                continue
            if at in starts:
                skip.add(starts[at])
                self._print_joined(number, at, row)
            else:
                pieces = text.split("\n")
                for level, piece in enumerate(pieces):
                    lift = (level - (len(pieces) - 1) / 2) * PRINT * 0.95
                    self.lines.append(self._line(number, at, piece, lift, small=len(pieces) > 1))

    def _print_joined(self, number: int, at: int, row: Sequence[str]) -> None:
        one, other = self._line(number, at, row[at], 0), self._line(number, at + 1, row[at + 1], 0)
        gap = max(1, round((other.quad.left - one.quad.right) / CHARACTER))
        text = row[at] + " " * gap + row[at + 1]
        box = Quad.from_box(one.quad.left, one.quad.top, other.quad.right, one.quad.bottom)
        self.lines.append(Line(text, 0.97, box))

    def _line(self, number: int, at: int, text: str, lift: float, *, small: bool = False) -> Line:
        size = 0.85 if small else 1.0
        length = sum(2 if ord(c) > 255 else 1 for c in text) * CHARACTER * size
        middle = (self.edges[at] + self.edges[at + 1]) / 2
        left = self.edges[at] + 6 if self.left_aligned and number else middle - length / 2
        top = TOP + number * PITCH + (PITCH - PRINT * size) / 2 + lift
        return Line(text, 0.97, Quad.from_box(left, top, left + length, top + PRINT * size))

    @property
    def picture(self) -> Image:
        page = np.full((HEIGHT, self.width, 3), 250, np.uint8)
        for ruling in range(len(self.every) + 1):
            for column in range(len(self.widths)):
                if self.across and ("across", ruling, column) not in self.without:
                    self._rule(page, self.edges[column], self.edges[column + 1], TOP + ruling * PITCH)
        for ruling, x in enumerate(self.edges):
            for row in range(len(self.every)):
                if self.down and ("down", ruling, row) not in self.without:
                    y = round(TOP + row * PITCH)
                    cv2.line(page, (round(x), y), (round(x), round(y + PITCH)), (40, 40, 40), 2)
        return page

    def _rule(self, page: Image, left: float, right: float, y: float) -> None:
        cv2.line(page, (round(left), round(y)), (round(right), round(y)), (40, 40, 40), 2)

    def found(self, kind: str = "trainee_roster", *, head: Recognition | None = None) -> Recognition:
        whole = Quad.from_box(0, 0, self.width, HEIGHT)
        return Recognition(kind, 0.9, whole, lines=tuple(self.lines), head=head)


def leaning(drawn: Drawn, share: float) -> tuple[Recognition, Image]:
    """The page as a phone sees it from below and aside: the upper edge shorter, the rulings no longer parallel."""
    inset = drawn.width * share
    flat = np.array([[0, 0], [drawn.width, 0], [drawn.width, HEIGHT], [0, HEIGHT]], np.float32)
    seen = np.array(
        [[inset, 0], [drawn.width - inset, 8], [drawn.width, HEIGHT], [0, HEIGHT - 6]], np.float32
    )
    matrix = cv2.getPerspectiveTransform(flat, seen)
    page = cv2.warpPerspective(drawn.picture, matrix, (drawn.width, HEIGHT), borderValue=(250, 250, 250))
    drawn.lines = [Line(one.text, one.confidence, _moved(one.quad, matrix)) for one in drawn.lines]
    return drawn.found(), np.asarray(page, np.uint8)


def _moved(quad: Quad, matrix: np.ndarray) -> Quad:
    corners = cv2.perspectiveTransform(np.array([quad.points], np.float32), matrix)
    return Quad.from_points(corners[0].tolist())
