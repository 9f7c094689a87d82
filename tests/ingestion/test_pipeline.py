"""The way of a page through an engine: which way up it is read."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion.attempts import surety
from ingestion.pipeline import read
from ingestion.reading import Line, OcrOptions, Quad


class Doubtful:
    """Reads well only where the dark bar lies at the head of the page; counts how often it was asked."""

    name, version = "doubtful", "1"

    def __init__(self, *, sure: float, unsure: float) -> None:
        self.sure, self.unsure, self.asked = sure, unsure, 0

    def read(self, image: np.ndarray | Path, options: OcrOptions) -> tuple[Line, ...]:
        self.asked += 1
        page = np.asarray(image)
        half = page.shape[0] // 2
        head_is_dark = page[:half].mean() < page[half:].mean()
        confidence = self.sure if head_is_dark else self.unsure
        return (Line("培训人员成绩单", confidence, Quad.from_box(10, 10, 200, 40)),)


@pytest.fixture
def page_standing_on_its_head(tmp_path: Path) -> Path:
    """A light page with its bar at the foot, which the small model takes for upright."""
    picture = np.full((400, 300, 3), 255, np.uint8)
    picture[330:380, 40:260] = 0
    Image.fromarray(picture).save(tmp_path / "page.png")
    return tmp_path / "page.png"


def test_a_page_read_with_doubt_is_read_the_other_way_up_too(page_standing_on_its_head: Path) -> None:
    reader = Doubtful(sure=0.97, unsure=0.7)
    (page,) = read(page_standing_on_its_head, reader)
    assert page.lines[0].confidence == 0.97
    assert reader.asked <= 2


def test_a_page_read_surely_is_read_once(page_standing_on_its_head: Path) -> None:
    reader = Doubtful(sure=0.97, unsure=0.95)
    read(page_standing_on_its_head, reader)
    assert reader.asked == 1


def test_surety_weighs_every_character_alike() -> None:
    place = Quad.from_box(0, 0, 1, 1)
    assert surety([Line("一", 0.1, place), Line("三三三", 0.9, place)]) == pytest.approx(0.7)
    assert surety([]) == 0
