"""The engines that read, by name, and who reads first and who is asked in doubt. Each keeps reading.OcrEngine."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ingestion.engines import paddle
from ingestion.engines.null import NullEngine
from ingestion.engines.rapidocr_engine import RapidOcrEngine
from ingestion.engines.tesseract import TesseractEngine
from ingestion.reading import OcrEngine

ENGINES: dict[str, Callable[[], OcrEngine]] = {
    "paddle_tiny": paddle.tiny,
    "paddle_small": paddle.small,
    "rapidocr": RapidOcrEngine,
    "tesseract": TesseractEngine,
    "null": NullEngine,
}
AUTO, FAST, ACCURATE = "auto", "paddle_tiny", "rapidocr"
CHOICES = (AUTO, *ENGINES)


class UnknownEngine(ValueError):
    """No engine goes by this name; the message names those that do."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no engine is called {name!r}; there are {', '.join(sorted(CHOICES))}")


@dataclass(frozen=True)
class Readers:
    """Who reads every page first, and who is asked where that leaves doubt; None: nobody is."""

    first: OcrEngine
    in_doubt: OcrEngine | None = None

    @property
    def label(self) -> str:
        """For logs and histories: every engine that may speak, with its version where it is one."""
        if self.in_doubt is None:
            return f"{self.first.name} {self.first.version}".strip()
        return f"{self.first.name}, {self.in_doubt.name}"


def readers(chosen: str | OcrEngine = AUTO) -> Readers:
    """`auto` is the choice by measured worth (docs/decisions/0006); the name of one engine, or one, reads alone."""
    if not isinstance(chosen, str):
        return Readers(chosen)
    if chosen == AUTO:
        return Readers(engine(FAST), engine(ACCURATE))
    return Readers(engine(chosen))


def sees(chosen: Readers) -> bool:
    """Whether anybody looks at the page at all."""
    return not isinstance(chosen.first, NullEngine)


@cache
def engine(name: str = ACCURATE) -> OcrEngine:
    """The engine of this name, one instance a process: models are loaded once a worker."""
    if name not in ENGINES:
        raise UnknownEngine(name)
    return ENGINES[name]()
