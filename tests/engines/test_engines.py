"""Every engine keeps one contract; the badly behaved ones are seen through."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from ingestion.attempts import sound_lines
from ingestion.engines import ENGINES, UnknownEngine, engine, readers
from ingestion.engines.paddle import PaddleEngine
from ingestion.engines.rapidocr_engine import parameters
from ingestion.pipeline import read
from ingestion.reading import EngineFailed, OcrEngine, OcrOptions
from ingestion.specimens.sheet import Sheet
from tests.engines.broken import BoastfulEngine, FailingEngine, MisplacingEngine
from tests.packages import ROOT

WHITE_PAGE = np.full((200, 300, 3), 255, dtype=np.uint8)
REAL = [pytest.param(name, marks=pytest.mark.ocr) for name in sorted(ENGINES.keys() - {"null"})]


@pytest.fixture
def printed_page(tmp_path: Path) -> Path:
    sheet = Sheet((210, 120))
    sheet.title("职业培训合格证", y=25)
    sheet.pair(30, 60, "身份证号：", "231299198804298782", points=14)
    target = tmp_path / "page.png"
    sheet.image.save(target)
    return target


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_engine_keeps_the_contract(name: str) -> None:
    chosen = engine(name)
    assert isinstance(chosen, OcrEngine)
    assert chosen.name == name
    assert chosen.version


def test_an_engine_is_loaded_once_a_process() -> None:
    assert engine("null") is engine("null")


def test_an_unknown_engine_is_named_together_with_those_that_exist() -> None:
    with pytest.raises(UnknownEngine, match="rapidocr"):
        engine("crystal-ball")


@pytest.mark.parametrize("name", ["null", *REAL])
def test_a_white_page_says_nothing(name: str) -> None:
    assert engine(name).read(WHITE_PAGE, OcrOptions()) == ()


@pytest.mark.parametrize("name", REAL)
def test_a_printed_page_is_read_in_order_with_its_places(name: str, printed_page: Path) -> None:
    lines = engine(name).read(printed_page, OcrOptions())
    text = "".join(line.text for line in lines)
    assert "231299198804298782" in text
    assert text.index("职业培训合格证") < text.index("231299198804298782")
    width, height = PillowImage.open(printed_page).size
    assert all(0 <= line.quad.left < line.quad.right <= width for line in lines)
    assert all(0 <= line.quad.top < line.quad.bottom <= height for line in lines)
    assert all(0 < line.confidence <= 1 for line in lines)


def test_confidence_beyond_reason_is_brought_back_into_it(printed_page: Path) -> None:
    page = read(printed_page, BoastfulEngine())[0]
    assert [line.confidence for line in page.lines] == [1.0, 0.0]


def test_texts_without_place_and_places_without_text_are_dropped(printed_page: Path) -> None:
    engine_ = MisplacingEngine()
    assert len(engine_.read(WHITE_PAGE, OcrOptions())) == 5
    assert sound_lines(engine_.read(WHITE_PAGE, OcrOptions())) == ()
    assert read(printed_page, engine_)[0].kind == "other"


def test_an_engine_that_gives_up_is_not_taken_for_an_empty_page(printed_page: Path) -> None:
    with pytest.raises(EngineFailed, match="no more paper"):
        read(printed_page, FailingEngine())


def test_the_reader_writes_nothing_down_for_its_maker(tmp_path: Path) -> None:
    """onnxruntime keeps a record in the home folder and sends it away, unless it is told not to in time."""
    code = "import ingestion.engines, onnxruntime"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=ROOT, timeout=120)
    assert [path.name for path in tmp_path.rglob("*") if "onnxruntime" in path.name] == []


@pytest.mark.ocr
@pytest.mark.parametrize("size", ["tiny", "small"])
def test_the_fast_engine_reads_without_a_network_and_leaves_no_file(size: str, tmp_path: Path) -> None:
    """Loaded and asked in a world with no network and an empty home: nothing is fetched, nothing is cached."""
    code = (
        "import numpy, ingestion.engines.paddle as paddle; from ingestion.reading import OcrOptions; "
        f"print(paddle.{size}().read(numpy.full((64, 64, 3), 255, numpy.uint8), OcrOptions()))"
    )
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    walled = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", sys.executable, "-c", code]
    done = subprocess.run(
        walled, check=True, env=environment, cwd=ROOT, timeout=120, capture_output=True, text=True
    )
    assert done.stdout.strip() == "()"
    assert list(tmp_path.rglob("*")) == []


def test_a_model_that_would_be_fetched_cannot_be_named() -> None:
    with pytest.raises(ValueError, match="medium"):
        PaddleEngine("medium")


def test_threads_asked_for_are_the_threads_a_model_gets() -> None:
    assert PaddleEngine("tiny")._reader(OcrOptions(threads=1)).config["threads"] == 1


def test_a_file_that_is_no_picture_is_an_engine_that_failed(tmp_path: Path) -> None:
    (tmp_path / "page.png").write_bytes(b"no picture")
    with pytest.raises(EngineFailed, match="paddle_tiny"):
        engine("paddle_tiny").read(tmp_path / "page.png", OcrOptions())


def test_options_reach_the_accurate_engines_models() -> None:
    """Threads and the memory that stays with a model are bounded where the models are loaded."""
    asked = parameters(OcrOptions(threads=1, longest_side=1600))
    assert asked["Det.limit_side_len"] == 1600
    assert asked["EngineConfig.onnxruntime.intra_op_num_threads"] == 1
    assert asked["EngineConfig.onnxruntime.inter_op_num_threads"] == 1
    assert asked["EngineConfig.onnxruntime.enable_cpu_mem_arena"] is False


@pytest.mark.ocr
def test_the_accurate_engine_reads_one_line_and_then_a_page_again(printed_page: Path) -> None:
    """What one call asks of the package must not stick to the next."""
    reader = engine("rapidocr")
    page = np.asarray(PillowImage.open(printed_page).convert("RGB"))[:, :, ::-1]
    lines = reader.read(page, OcrOptions())
    line = next(line for line in lines if "231299198804298782" in line.text)
    box = line.quad
    strip = page[round(box.top) - 4 : round(box.bottom) + 4, round(box.left) - 4 : round(box.right) + 4]
    (alone,) = reader.read(np.ascontiguousarray(strip), OcrOptions(single_line=True))
    assert "231299198804298782" in alone.text
    assert [again.text for again in reader.read(page, OcrOptions())] == [line.text for line in lines]


@pytest.mark.ocr
def test_the_accurate_engine_tells_where_each_character_stands(printed_page: Path) -> None:
    for line in engine("rapidocr").read(printed_page, OcrOptions()):
        assert len(line.characters) == len(line.text)
        middles = [(start + end) / 2 for start, end, _ in line.characters]
        assert middles == sorted(middles)
        assert all(-0.1 <= start <= end <= 1.1 and 0 <= sure <= 1 for start, end, sure in line.characters)


def test_auto_reads_fast_first_and_asks_the_accurate_engine_in_doubt() -> None:
    chosen = readers("auto")
    assert (chosen.first.name, chosen.in_doubt and chosen.in_doubt.name) == ("paddle_tiny", "rapidocr")
    assert readers("tesseract").in_doubt is None
    assert len(chosen.label) <= 40
