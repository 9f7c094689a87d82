"""A region of a page is read as a page of its own, and a resumed reading knows the pages it goes on with."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion.pages import UnreadableFile
from ingestion.pipeline import read_each, read_region
from ingestion.reading import Line, OcrOptions, Quad


class Sizes:
    """Says of each picture how large it is; remembers all it saw."""

    name, version = "sizes", "1"

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def read(self, image: np.ndarray | Path, options: OcrOptions) -> tuple[Line, ...]:
        height, width = np.asarray(image).shape[:2]
        self.seen.append((width, height))
        return (Line(f"宽{width}高{height}", 0.99, Quad.from_box(10, 10, 60, 30)),)


def _page(width: int, height: int) -> Image.Image:
    """Rows of marks as large as characters."""
    picture = np.full((height, width, 3), 255, np.uint8)
    for top in range(40, height - 50, 24):
        for left in range(30, width - 40, 16):
            picture[top : top + 10, left : left + 8] = 0
    return Image.fromarray(picture)


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    """Three pages, each narrower than the one before."""
    pages = [_page(width, 400) for width in (300, 280, 260)]
    pages[0].save(tmp_path / "pile.tiff", save_all=True, append_images=pages[1:])
    return tmp_path / "pile.tiff"


def test_a_region_is_read_as_a_page_of_its_own(pile: Path) -> None:
    page = read_region(pile, 2, (0.0, 0.5, 1.0, 1.0), Sizes())
    assert (page.page.number, page.page.width, page.page.height) == (2, 280, 200)
    assert page.lines and not page.blank


def test_a_region_of_a_page_that_is_not_there_is_refused(pile: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_region(pile, 9, (0.0, 0.0, 1.0, 0.5), Sizes())


def test_a_reading_that_goes_on_reads_its_context_once_more_and_tells_only_the_rest(pile: Path) -> None:
    reader = Sizes()
    told = [page.page.number for page in read_each(pile, reader, first=3, context=(1,))]
    assert told == [3]
    assert {width for width, _height in reader.seen} == {300, 260}
