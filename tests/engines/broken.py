"""Cousins of the engines that misbehave, each in one way; the pipeline must stay honest with all of them."""

import math
from pathlib import Path

from ingestion.reading import EngineFailed, Image, Line, OcrOptions, Quad

SOMEWHERE = Quad.from_box(10, 10, 200, 40)


class ScriptedEngine:
    """Not broken: says what the test tells it to say, on every page."""

    version = "1"

    def __init__(self, *lines: Line, name: str = "scripted") -> None:
        self.name = name
        self._lines = lines

    def read(self, image: Image | Path, options: OcrOptions) -> tuple[Line, ...]:
        return self._lines


class BoastfulEngine(ScriptedEngine):
    """More than certain of what it read, and less than uncertain of the rest."""

    def __init__(self) -> None:
        super().__init__(Line("职业培训合格证", 7.5, SOMEWHERE), Line("乱", -3.0, SOMEWHERE), name="boastful")


class MisplacingEngine(ScriptedEngine):
    """Returns texts without a place, places without a text, and numbers that are none."""

    def __init__(self) -> None:
        nowhere = Quad.from_box(math.nan, 0, 10, 10)
        flat = Quad.from_box(5, 5, 5, 5)
        super().__init__(
            Line("无处", 0.9, nowhere),
            Line("无边", 0.9, Quad.from_box(0, 0, math.inf, 10)),
            Line("无宽", 0.9, flat),
            Line("  ", 0.9, SOMEWHERE),
            Line("无信", math.nan, SOMEWHERE),
            name="misplacing",
        )


class FailingEngine(ScriptedEngine):
    """Gives up on every page."""

    def __init__(self) -> None:
        super().__init__(name="failing")

    def read(self, image: Image | Path, options: OcrOptions) -> tuple[Line, ...]:
        raise EngineFailed("failing: no more paper today")
