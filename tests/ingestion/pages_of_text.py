"""Builds the lines of a page without drawing it: a title, labelled rows, running text."""

from collections.abc import Sequence

from ingestion.reading import Line, Quad, Recognition

WIDTH, HEIGHT = 1000.0, 1400.0
CHARACTER, ROW = 20.0, 24.0


def line(text: str, x: float, y: float, *, height: float = ROW, confidence: float = 0.98) -> Line:
    width = height / ROW * CHARACTER * len(text)
    return Line(text, confidence, Quad.from_box(x, y, x + width, y + height))


def title(text: str, *, y: float = 100, height: float = 48) -> Line:
    return line(text, 300, y, height=height)


def running_text(*rows: str, y: float = 400) -> list[Line]:
    return [line(row, 100, y + 40 * number) for number, row in enumerate(rows)]


def document(kind: str, lines: Sequence[Line], *, part: str = "") -> Recognition:
    return Recognition(kind, 0.9, Quad.from_box(0, 0, WIDTH, HEIGHT), part=part, lines=tuple(lines))
