"""The way of a page through its engines: which way up it is read, who is asked, what is said of it as a whole."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion import pipeline
from ingestion.attempts import surety
from ingestion.engines import Readers
from ingestion.pipeline import read
from ingestion.reading import FieldState, Line, OcrOptions, Quad


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


class Scripted:
    """Reads what it was given; a page that was mirrored only behind the mirror. Keeps what it was asked for."""

    version = "1"

    def __init__(self, name: str, *texts: str, sure: float = 0.98, mirrored: bool = False) -> None:
        self.name, self.texts, self.sure, self.mirrored = name, texts, sure, mirrored
        self.asked: list[OcrOptions] = []

    def read(self, image: np.ndarray | Path, options: OcrOptions) -> tuple[Line, ...]:
        self.asked.append(options)
        sure = 0.7 if self.mirrored and not _goes_round_backwards(np.asarray(image)) else self.sure
        return tuple(
            Line(text, sure, Quad.from_box(60, 60 * place, 60 + 20 * len(text), 60 * place + 30))
            for place, text in enumerate(self.texts, start=1)
        )


def _goes_round_backwards(page: np.ndarray) -> bool:
    """Whether the lighter neighbour of the darkest quarter comes next clockwise: so only in the mirror, however turned."""
    y, x = page.shape[0] // 2, page.shape[1] // 2
    ring = [quarter.mean() for quarter in (page[:y, :x], page[:y, x:], page[y:, x:], page[y:, :x])]
    darkest = ring.index(min(ring))
    return ring[(darkest + 1) % 4] > ring[darkest - 1]


CARD = (
    "姓名",
    "张三丰",
    "性别女",
    "民族汉",
    "出生1988年4月29日",
    "住址黑龙江省绥化市样本县",
    "公民身份号码231299198804298782",
)


@pytest.fixture
def page_with_a_bar_on_the_right(tmp_path: Path) -> Path:
    picture = np.full((600, 900, 3), 255, np.uint8)
    picture[80:520, 700:800] = 0
    Image.fromarray(picture).save(tmp_path / "page.png")
    return tmp_path / "page.png"


@pytest.fixture
def page_of_four_quarters(tmp_path: Path) -> Path:
    """Clockwise from the top left ever lighter."""
    picture = np.full((800, 800, 3), 255, np.uint8)
    for rows, columns, tone in ((0, 0, 0), (0, 400, 90), (400, 0, 200)):
        picture[rows + 60 : rows + 340, columns + 60 : columns + 340] = tone
    Image.fromarray(picture).save(tmp_path / "page.png")
    return tmp_path / "page.png"


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> dict[str, Scripted]:
    """Takes the place of the two engines of `auto`."""
    engines: dict[str, Scripted] = {}
    monkeypatch.setattr(pipeline, "readers", lambda chosen: Readers(engines["fast"], engines["accurate"]))
    return engines


def test_a_page_that_reads_only_in_the_mirror_is_read_there_and_says_so(page_of_four_quarters: Path) -> None:
    (page,) = read(page_of_four_quarters, Scripted("reader", "培训人员成绩单", "姓名", mirrored=True))
    assert page.notes == ("mirrored",)
    assert page.lines[0].confidence == 0.98
    assert 0 <= page.lines[0].quad.left < page.lines[0].quad.right <= 800


def test_a_page_that_reads_well_as_it_lies_is_not_taken_for_mirrored(
    page_with_a_bar_on_the_right: Path,
) -> None:
    (page,) = read(page_with_a_bar_on_the_right, Scripted("reader", "培训人员成绩单"))
    assert page.notes == ()


@pytest.mark.parametrize(
    ("texts", "sure", "notes"),
    [
        ((), 0.9, ("no_text",)),
        (("十",), 0.9, ("no_text",)),
        (("The committee met twice during the year and approved", "the accounts"), 0.97, ("foreign",)),
        (("今天天气很好我们去", "公园散步了"), 0.6, ("handwriting",)),
        (("今天天气很好我们去", "公园散步了"), 0.97, ()),
        (CARD, 0.97, ()),
    ],
)
def test_a_page_that_is_no_paper_of_the_ledger_says_what_it_is(
    texts: tuple[str, ...], sure: float, notes: tuple[str, ...], page_with_a_bar_on_the_right: Path
) -> None:
    (page,) = read(page_with_a_bar_on_the_right, Scripted("reader", *texts, sure=sure))
    assert page.notes == notes


def test_where_nobody_looks_nothing_is_said_of_the_page(page_with_a_bar_on_the_right: Path) -> None:
    assert read(page_with_a_bar_on_the_right, "null")[0].notes == ()


def test_an_empty_page_says_that_it_is_blank(tmp_path: Path) -> None:
    Image.new("RGB", (600, 800), "white").save(tmp_path / "page.png")
    (page,) = read(tmp_path / "page.png", "null")
    assert (page.blank, page.notes) == (True, ("blank",))


def test_the_accurate_engine_is_not_asked_where_the_fast_one_leaves_no_doubt(
    both: dict[str, Scripted], page_with_a_bar_on_the_right: Path
) -> None:
    both |= {"fast": Scripted("fast", *CARD), "accurate": Scripted("accurate", *CARD)}
    (page,) = read(page_with_a_bar_on_the_right)
    assert page.kind == "id_card_front"
    assert page.engines == ("fast",)
    assert both["accurate"].asked == []


def test_the_accurate_engine_reads_the_page_whose_number_the_fast_one_got_wrong(
    both: dict[str, Scripted], page_with_a_bar_on_the_right: Path
) -> None:
    wrong = (*CARD[:-1], "公民身份号码231299198804298783")
    both |= {"fast": Scripted("fast", *wrong), "accurate": Scripted("accurate", *CARD)}
    (page,) = read(page_with_a_bar_on_the_right)
    found = page.main.field("id_number")
    assert found is not None
    assert (found.value, found.state) == ("231299198804298782", FieldState.CHECKED)
    assert page.engines == ("fast", "accurate")
    assert page.engine == "accurate"


def test_one_worker_loads_the_accurate_engine_with_one_set_of_options(
    both: dict[str, Scripted], page_with_a_bar_on_the_right: Path
) -> None:
    """Each set of threads and longest side is a model of its own in memory."""
    wrong = (*CARD[:-1], "公民身份号码231299198804298783")
    both |= {"fast": Scripted("fast", *wrong), "accurate": Scripted("accurate", *wrong)}
    read(page_with_a_bar_on_the_right)
    asked = both["accurate"].asked
    assert len(asked) > 2
    assert {(options.threads, options.longest_side) for options in asked} == {(1, 1600)}
