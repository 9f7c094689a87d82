"""`manage.py extract`: one JSON object a page for other programs, and nothing kept."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from ingestion.engines import ENGINES
from ingestion.extract import item_of, page_object
from ingestion.kinds import kinds
from ingestion.management.commands.extract import SENTENCES
from ingestion.reading import (
    Code,
    DocumentReading,
    FieldReading,
    FieldState,
    Line,
    Page,
    PageResult,
    Quad,
)
from tests.engines.broken import FailingEngine
from tests.ingestion import pdfs

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE_KEYS = [
    "file",
    "page",
    "width",
    "height",
    "rotation",
    "documents",
    "lines",
    "engines",
    "cpu_seconds",
]
DOCUMENT_KEYS = ["kind", "item", "confidence", "quad", "fields", "rows", "title"]
PLACE = Quad.from_box(10, 20, 110, 40)
CORNERS = [[10.0, 20.0], [110.0, 20.0], [110.0, 40.0], [10.0, 40.0]]


def value(name: str, text: str, state: FieldState = FieldState.READ, **more: Any) -> FieldReading:
    return FieldReading(name, text, 0.98765, PLACE, state, **more)


def roster_page(**changes: Any) -> PageResult:
    document = DocumentReading(
        "trainee_roster",
        0.91234,
        PLACE,
        title="培训人员名册",
        fields=(value("class_no", "2026-014"), FieldReading("issued_on", "", 0.0, None, FieldState.MISSING)),
        rows=((value("seq", "1"), value("id_number", pdfs.NUMBER, FieldState.CHECKED)),),
    )
    told: dict[str, Any] = {
        "page": Page(2, 1240, 1754, 90),
        "page_count": 2,
        "documents": (document,),
        "lines": (Line("培训人员名册", 0.98765, PLACE),),
        "engine": "paddle_tiny",
        "engine_version": "1",
        "cpu_seconds": 0.5,
        "engines": ("paddle_tiny", "rapidocr"),
    }
    return PageResult(**(told | changes))


def extract(*words: str | Path) -> tuple[list[dict[str, Any]], int]:
    """The objects printed, and the exit status."""
    out = io.StringIO()
    try:
        call_command("extract", *map(str, words), "--json", stdout=out)
    except SystemExit as end:
        return [json.loads(line) for line in out.getvalue().splitlines()], int(end.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], 0


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.new("RGB", (300, 200), "white").save(tmp_path / "white.png")
    return tmp_path / "white.png"


def test_a_page_has_the_keys_that_are_promised_and_no_other() -> None:
    told = page_object("a.jpg", roster_page())
    assert list(told) == PAGE_KEYS
    (document,) = told["documents"]
    assert list(document) == DOCUMENT_KEYS
    assert set(document["fields"]["class_no"]) == {"value", "confidence", "quad", "state"}
    assert set(told["lines"][0]) == {"text", "confidence", "quad"}


def test_a_page_says_what_was_read_and_where() -> None:
    told = page_object("a.jpg", roster_page())
    assert (told["file"], told["page"], told["width"], told["height"], told["rotation"]) == (
        "a.jpg",
        2,
        1240,
        1754,
        90,
    )
    (document,) = told["documents"]
    assert (document["kind"], document["item"], document["title"]) == (
        "trainee_roster",
        "trainee_roster",
        "培训人员名册",
    )
    assert document["fields"]["class_no"] == {
        "value": "2026-014",
        "confidence": 0.988,
        "quad": CORNERS,
        "state": "read",
    }
    assert document["fields"]["issued_on"] == {
        "value": "",
        "confidence": 0.0,
        "quad": None,
        "state": "missing",
    }
    assert document["rows"] == [{"seq": "1", "id_number": pdfs.NUMBER}]
    assert told["engines"] == ["paddle_tiny", "rapidocr"]


def test_a_second_reading_of_a_name_does_not_replace_the_first() -> None:
    twice = DocumentReading("other", 0.5, PLACE, fields=(value("name", "王海燕"), value("name", "王海艳")))
    told = page_object("a.jpg", roster_page(documents=(twice,)))
    assert told["documents"][0]["fields"]["name"]["value"] == "王海燕"


def test_more_tells_of_notes_codes_and_problems() -> None:
    wrong = DocumentReading(
        "other", 0.5, PLACE, fields=(value("id_number", "1", FieldState.MALFORMED, problem="length"),)
    )
    page = roster_page(documents=(wrong,), notes=("mirrored",), codes=(Code("JZ1|2026-014||", PLACE),))
    told = page_object("a.jpg", page, more=True)
    assert told["notes"] == ["mirrored"]
    assert told["codes"] == [{"payload": "JZ1|2026-014||", "quad": CORNERS}]
    assert told["documents"][0]["fields"]["id_number"]["problem"] == "length"


def test_a_page_that_says_nothing_bears_no_document() -> None:
    nothing = DocumentReading("other", 0.0, PLACE)
    assert page_object("a.jpg", roster_page(documents=(nothing,), lines=()))["documents"] == []
    assert page_object("a.jpg", roster_page(documents=(nothing,)))["documents"][0]["kind"] == "other"


def test_the_item_is_a_stable_id_on_which_the_ledgers_agree_but_for_two_kinds() -> None:
    disagreed = {row.id for row in kinds().values() if len(set(row.items.values())) > 1}
    assert disagreed == {"labour_contract", "invoice"}
    assert item_of("labour_contract") == item_of("labour_contract", "enterprise_14") == "labour_contract_copy"
    assert item_of("labour_contract", "key_group_17") == "employment_proof_copy"
    assert item_of("id_card_front") == "identity_document_copy"
    assert item_of("business_plan", "enterprise_14") is None
    assert item_of("other") is None


def test_one_line_a_page_of_every_file_in_order(picture: Path, tmp_path: Path) -> None:
    many = tmp_path / "many.tif"
    page = Image.open(picture)
    page.save(many, save_all=True, append_images=[page])
    told, status = extract(many, picture, "--engine", "null")
    assert [(Path(page["file"]).name, page["page"]) for page in told] == [
        ("many.tif", 1),
        ("many.tif", 2),
        ("white.png", 1),
    ]
    assert status == 0


def test_a_file_that_cannot_be_read_has_its_line_and_the_next_is_read(picture: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"PK\x03\x04[Content_Types].xml word/document.xml")
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n1 0 obj\n<<garbage")
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
    told, status = extract(letter, broken, tmp_path / "absent.jpg", film, picture, "--engine", "null")
    codes = [page["error"]["code"] if "error" in page else "" for page in told]
    assert codes == ["office_content", "damaged_pdf", "no_such_file", "no_paper", ""]
    assert all(page["error"]["message"] for page in told[:4])
    assert status == 1


def test_an_engine_that_gives_up_is_told_and_ends_with_1(picture: Path, tmp_path: Path, monkeypatch) -> None:
    page = Image.new("RGB", (300, 200), "white")
    page.paste((0, 0, 0), (50, 50, 250, 80))
    page.save(tmp_path / "page.png")
    monkeypatch.setitem(ENGINES, "gives_up", FailingEngine)
    told, status = extract(tmp_path / "page.png", picture, "--engine", "gives_up")
    assert [page.get("error", {}).get("code", "") for page in told] == ["engine_failed", ""]
    assert status == 1


def test_wrong_use_ends_with_2(picture: Path) -> None:
    with pytest.raises(CommandError) as wrong:
        call_command("extract", str(picture), "--engine", "magic", "--json")
    assert wrong.value.returncode == 2


def test_without_json_people_read_masked_numbers(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command(
        "extract", str(pdfs.saved(pdfs.typeset(), tmp_path / "a.pdf")), "--engine", "paddle_tiny", stdout=out
    )
    assert "职业培训合格证" in out.getvalue()
    assert "2312**********1236" in out.getvalue()
    assert pdfs.NUMBER not in out.getvalue()


def test_it_touches_no_database_and_no_store(tmp_path: Path) -> None:
    """Its own process, with a database nobody listens at and an empty folder for data."""
    content = pdfs.saved(pdfs.typeset(), tmp_path / "a.pdf")
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "manage.py", "extract", str(content), "--engine", "null", "--json"],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "cms.settings",
            "DATA": str(data),
            "DATABASE_URL": "postgresql://127.0.0.1:9/none",
        },
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert json.loads(done.stdout)["page"] == 1
    assert [path for path in data.rglob("*") if path.is_file() and path.parent.name != "keys"] == []


def test_the_document_about_it_names_every_key_and_code() -> None:
    told = (ROOT / "docs" / "extract.md").read_text(encoding="utf-8")
    keys = [
        *PAGE_KEYS,
        *DOCUMENT_KEYS,
        "value",
        "state",
        "blank",
        "notes",
        "codes",
        "part",
        "row_cells",
        "problem",
    ]
    assert [name for name in (*keys, *SENTENCES) if f"`{name}`" not in told] == []
