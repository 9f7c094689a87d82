"""The benchmark's table: counts against aims, ways on the same pages, logs that go on where they stopped."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ingestion.specimens import ways
from ingestion.specimens.benchmark import MEASURES, Run, cell, main, report
from ingestion.specimens.scoring import Tally
from ingestion.specimens.trial import write_truth
from ingestion.specimens.truth import PageTruth
from ingestion.specimens.ways import Said, read_folder, read_log

NUMBER = "231299198001010013"
EMPTY = hashlib.sha256(b"").hexdigest()
SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]


def page(file: str) -> PageTruth:
    fields = {"id_number": {"value": NUMBER, "printed": NUMBER, "quad": SQUARE}}
    document = {
        **{"kind": "id_card_front", "part": "", "quad": SQUARE, "continues": False},
        **{"fields": fields, "rows": []},
    }
    return PageTruth(
        file=file,
        page=1,
        kind="id_card_front",
        part="",
        items={},
        trainee=0,
        name="",
        id_number=NUMBER,
        fields={},
        width=10,
        height=10,
        documents=[document],
        lines=[{"text": NUMBER, "quad": SQUARE, "by_hand": False}],
        wear=("hard", "hardest"),
    )


def line(file: str, text: str, *, seconds: float, engines: tuple[str, ...] = ()) -> dict[str, Any]:
    said = {
        "page": 1,
        "width": 10,
        "height": 10,
        "text": text,
        "kind": None,
        "rotation": 0,
        "documents": None,
    }
    return {
        **{"file": file, "sha256": EMPTY, "cpu_seconds": seconds, "peak_megabytes": 100.0, "refused": ""},
        "pages": [{**said, "engines": engines, "follows_previous": False}],
    }


def write_log(log: Path, *lines: dict[str, Any]) -> None:
    log.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")


def write_pages(folder: Path, truths: Sequence[PageTruth]) -> None:
    write_truth(folder, truths)
    for truth in truths:
        (folder / truth.file).write_bytes(b"")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    truths = (page("a.jpg"), page("b.jpg"), page("c.jpg"))
    write_pages(tmp_path, truths)
    write_log(
        tmp_path / "product.jsonl",
        line("a.jpg", NUMBER, seconds=2.0, engines=("fast",)),
        line("b.jpg", NUMBER, seconds=4.0, engines=("fast", "accurate")),
        line("c.jpg", "", seconds=9.0),
    )
    write_log(
        tmp_path / "tesseract.jsonl", line("a.jpg", NUMBER, seconds=1.0), line("b.jpg", "", seconds=1.0)
    )
    return Run("kept-out", "hard", tmp_path, truths, ("product", "tesseract"))


def row(table: str, label: str) -> list[str]:
    return next(one for one in table.splitlines() if one.startswith(f"| {label} |")).strip("| ").split(" | ")


def test_ways_are_counted_on_the_pages_that_all_of_them_read(run: Run) -> None:
    table = report(run)
    assert table.startswith("kept-out, hard wear: 2 pages")
    assert row(table, "ID number right") == ["ID number right", "≥ 90 %", "2/2 (100.0 %)", "1/2 (50.0 %)"]
    assert "hardest third: the product (auto) 2/2, raw tesseract psm 3 1/2" in table


def test_cost_is_compared_on_the_same_pages_and_apart_where_one_engine_sufficed(run: Run) -> None:
    table = report(run)
    assert row(table, "CPU seconds a page")[-2:] == ["3.00", "1.00"]
    assert row(table, "CPU against raw tesseract") == ["CPU against raw tesseract", "≤ 4", "3.00", "1.00"]
    assert row(table, "the same, where the fast engine sufficed")[2] == "2.00 (1 files)"


def test_every_aim_has_a_row_and_nothing_measured_shows_as_a_dash() -> None:
    with_aims = {measure.id for measure in MEASURES if measure.ordinary is not None}
    assert {"page_kind", "upright", "id_number", "id_checked", "id_number_wrong_accepted"} <= with_aims
    assert {"row_id", "row_name", "character_errors", "place", "invented", "name", "address"} <= with_aims
    assert {cell(Tally(), measure) for measure in MEASURES} == {"-"}


def test_a_line_that_was_cut_off_is_read_again(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({"file": "a.jpg"}) + "\n" + '{"file": "b.j', encoding="utf-8")
    assert read_log(log) == [{"file": "a.jpg"}]


def test_reading_goes_on_where_the_log_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def way(path: Path) -> Any:
        asked.append(path.name)
        yield Said(page=1, width=10, height=10, text=""), 0.5

    monkeypatch.setitem(ways.WAYS, "counting", way)
    write_pages(tmp_path, [page(name) for name in ("a.jpg", "b.jpg", "c.jpg")])
    log = tmp_path / "counting.jsonl"
    log.write_text('{"file": "a.j', encoding="utf-8")
    assert read_folder("counting", tmp_path, log, 2) is False
    assert read_folder("counting", tmp_path, log, 2) is True
    assert asked == ["a.jpg", "b.jpg", "c.jpg"]
    assert [one["cpu_seconds"] for one in read_log(log)] == [0.5, 0.5, 0.5]
    (tmp_path / "b.jpg").write_bytes(b"drawn anew")
    assert read_folder("counting", tmp_path, log, 2) is True
    assert asked[3:] == ["b.jpg"]


def test_an_unknown_way_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--ways", "guessing"])
    assert "choose from product, accurate, fast" in capsys.readouterr().err
