"""The paper workshop's reader, handed to the recordings workshop: the two never meet. What both commands and jobs use."""

from collections.abc import Callable

from django.conf import settings

from ingestion.engines import AUTO, FAST, engine
from ingestion.reading import OcrOptions
from media_processing.readers import LineReader
from media_processing.tracks import Picture


def who_reads() -> tuple[str, LineReader]:
    """The engine this installation is set to; the fast one where it may choose. Nobody where it is `null`."""
    return reader_called(FAST if settings.OCR_ENGINE == AUTO else settings.OCR_ENGINE)


def reader_called(name: str) -> tuple[str, LineReader]:
    """A name for the index, empty where nobody reads, and the reader; models are loaded at the first picture."""
    if name == "null":
        return "", lambda picture: ()

    def read(picture: Picture) -> tuple[str, ...]:
        return tuple(line.text for line in engine(name).read(picture, OcrOptions()))

    return name, read


def in_lines(reader: LineReader) -> Callable[[Picture], str]:
    """The same as one text."""
    return lambda picture: "\n".join(reader(picture))
