"""Every code that a reading can keep has its sentence."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

from cms.rows.problems import PLAIN, problem_text
from dossiers.numbering import PROBLEMS

UNKNOWN = "这个值有疑问，请看原件"
READERS = sorted(
    path for path in Path("ingestion").glob("*.py") if path.name != "jobs.py"
)  # its codes are of files


def codes_in(path: Path) -> set[str]:
    """Literal words handed over as `problem=`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    given = [
        keyword.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "problem"
    ]
    return {node.value for node in given if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("code", [*PLAIN, *PROBLEMS])
def test_every_code_is_worded_in_both_languages(code: str) -> None:
    with translation.override("zh-hans"):
        chinese = problem_text(code)
    with translation.override("en"):
        english = problem_text(code)
    assert chinese != UNKNOWN
    assert english != chinese
    assert english.isascii()


def test_every_code_that_the_reading_rooms_spell_is_worded() -> None:
    spelled = {code for path in READERS for code in codes_in(path)} - {""}
    assert "no_such_date" in spelled or "differs_from_id_number" in spelled
    assert {code for code in spelled if problem_text(code) == UNKNOWN} == set()


def test_no_code_says_nothing_and_a_foreign_one_sends_to_the_original() -> None:
    assert problem_text("") == ""
    assert problem_text("from_a_later_version") == UNKNOWN
