"""The engine that reads nothing: for installations that take papers in by hand, and for tests."""

from pathlib import Path

from ingestion.reading import Image, Line, OcrOptions


class NullEngine:
    """Finds no text on any page; everything goes to the tray unread."""

    name = "null"
    version = "1"

    def read(self, image: Image | Path, options: OcrOptions) -> tuple[Line, ...]:
        return ()
