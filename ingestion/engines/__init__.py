"""The engines that read, by name. Each keeps the contract of ingestion.reading.OcrEngine."""

from collections.abc import Callable
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
ACCURATE = "rapidocr"


class UnknownEngine(ValueError):
    """No engine goes by this name; the message names those that do."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no engine is called {name!r}; there are {', '.join(sorted(ENGINES))}")


@cache
def engine(name: str = ACCURATE) -> OcrEngine:
    """The engine of this name, one instance a process: models are loaded once a worker."""
    if name not in ENGINES:
        raise UnknownEngine(name)
    return ENGINES[name]()
