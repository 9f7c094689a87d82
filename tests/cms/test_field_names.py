"""Whatever the workshop can read has a name on the screen, and every box that can be ticked its words."""

from pathlib import Path

import pytest
import yaml

import ingestion
from cms.rows.field_names import FIELD_NAMES, OPTIONS, TICKED, ticked

ROOM = Path(ingestion.__file__).parent
TABLES = {
    name: yaml.safe_load((ROOM / f"{name}.yaml").read_text("utf-8"))
    for name in ("kinds", "fields", "columns", "marks")
}


def names_read() -> set[str]:
    """The fields named in the tables that reading goes by."""
    columns = (column["id"] for table in TABLES["columns"].values() for column in table.get("columns", ()))
    rows = (row["name"] for row in TABLES["fields"]["fields"])
    marks = (row["name"] for group in ("marks", "ticks") for row in TABLES["marks"][group])
    of_kinds = (field for row in TABLES["kinds"] for field in row.get("fields", ()))
    return {*columns, *rows, *marks, *of_kinds}


def test_every_field_that_can_be_read_has_a_name():
    assert sorted(names_read() - FIELD_NAMES.keys()) == []
    assert "a_field_nobody_named" not in FIELD_NAMES


@pytest.mark.parametrize("group", TABLES["marks"]["ticks"], ids=lambda row: row["name"])
def test_boxes_offer_what_the_paper_offers_in_its_words(group):
    assert list(OPTIONS[group["name"]]) == list(group["options"])
    assert {option: str(TICKED[option]) for option in group["options"]} == group["options"]


def test_ticks_print_in_words_and_printed_words_stay():
    assert ticked("person_category", "veteran|disabled") == "退役军人 | 残疾人"
    assert ticked("skill_level", "五级（初级工）") == "五级（初级工）"
    assert ticked("remark", "veteran") == "veteran"
