"""docs/coverage.md leaves nothing out and names only tests that are there; the law is tried on broken tables."""

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from dossiers.rulesets import ruleset

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "docs" / "coverage.md"
TO_COVER = yaml.safe_load((ROOT / "tests" / "resources" / "to_cover.yaml").read_text())

HEADING = re.compile(r"^#{2,3} (.+?)\s*$")
ROW_BEGINS = re.compile(r"^\| `(?P<key>[^`]+)` (?P<what>[^|]*)\|")
COLUMNS = 4
TEST = re.compile(r"^`(?P<path>tests/[\w/]+\.py)::(?P<name>test_\w+)`$")
PLANNED_STATES = re.compile(r"^(issue \d+|later)$")


@dataclass(frozen=True)
class Row:
    """One line of a table: what is covered, how far, by what."""

    heading: str
    key: str
    what: str
    state: str
    where: tuple[str, ...]
    note: str

    @property
    def tests(self) -> tuple[str, ...]:
        return tuple(place.strip("`") for place in self.where if TEST.match(place))

    @property
    def plans(self) -> tuple[str, ...]:
        return tuple(place for place in self.where if not TEST.match(place))


def rows_of(text: str) -> Iterator[Row]:
    """Every row of every table, under the heading that stands nearest above it."""
    heading = ""
    for line in text.splitlines():
        if found := HEADING.match(line):
            heading = found[1]
        elif found := ROW_BEGINS.match(line):
            cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
            if len(cells) == COLUMNS:
                where = tuple(place.strip() for place in cells[2].split(",") if place.strip())
                yield Row(heading, found["key"], found["what"].strip(), cells[1], where, cells[3])


@cache
def names_of_tests(path: str) -> frozenset[str]:
    """The names of the tests of one file, as its source defines them."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    found = ast.walk(ast.parse(file.read_text()))
    return frozenset(
        node.name
        for node in found
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def faults_of_row(row: Row, plans: Collection[str]) -> Iterator[str]:
    """What is wrong with one row by itself."""
    if not row.state:
        yield f"{row.key}: says no state"
    if not row.where and row.state != "not built":
        yield f"{row.key}: says not where"
    for test in row.tests:
        path, name = test.split("::")
        if name not in names_of_tests(path):
            yield f"{row.key}: there is no test {test}"
    for plan in row.plans:
        if plan not in plans:
            yield f"{row.key}: neither a test nor a known issue: {plan}"
    yield from (f"{row.key}: {fault}" for fault in faults_of_state(row))


def faults_of_state(row: Row) -> Iterator[str]:
    """Whether state, places and note agree."""
    match row.state:
        case "built":
            if not row.tests or row.plans:
                yield "what is built names tests and nothing else"
        case "partly":
            if not row.tests or not row.plans:
                yield "what is partly built names a test and who brings the rest"
            if not row.note:
                yield "what is partly built says which part"
        case "not built":
            if not row.note.startswith("because "):
                yield "what is not built says because of what"
        case state if PLANNED_STATES.match(state):
            if row.tests or not any(plan.startswith(state) for plan in row.plans):
                yield f"what {state} brings names it and no test"
        case "":
            return
        case state:
            yield f"unknown state: {state}"


def faults(text: str, to_cover: Mapping) -> list[str]:
    """What is missing, doubled, unknown or wrong in the tables."""
    rows = list(rows_of(text))
    found = [fault for row in rows for fault in faults_of_row(row, to_cover["plans"])]
    for heading, wanted in to_cover["sections"].items():
        under = [row for row in rows if row.heading == heading]
        counted = Counter(row.key for row in under)
        words = {row.key: row.what for row in under}
        found += [f"{heading}: {key} ({word}) is missing" for key, word in wanted.items() if key not in words]
        found += [f"{heading}: {key} is not to be covered" for key in words if key not in wanted]
        found += [f"{heading}: {key} stands twice" for key, times in counted.items() if times > 1]
        found += [
            f"{heading}: {key} does not say {wanted[key]}"
            for key, what in words.items()
            if key in wanted and wanted[key] not in what
        ]
    found += [
        f"{row.key} stands under an unknown heading"
        for row in rows
        if row.heading not in to_cover["sections"]
    ]
    return found


def test_everything_is_covered_by_a_test_a_plan_or_a_reason():
    assert faults(TABLES.read_text(), TO_COVER) == []


def test_every_line_that_begins_like_a_row_is_read_as_one():
    lines = [line for line in TABLES.read_text().splitlines() if line.startswith("| `")]
    assert len(lines) == len(list(rows_of(TABLES.read_text())))


def test_every_item_of_both_ledgers_is_to_be_covered():
    articles = TO_COVER["sections"]["Articles"]
    for ledger_id, article in (("enterprise_14", "7"), ("key_group_17", "10c.1")):
        items = [item for item in ruleset("suihua_2019").ledger(ledger_id).items if item.seq]
        assert [f"{article}.{item.seq}" in articles for item in items] == [True] * len(items)
    assert "7.15" not in articles
    assert "10c.1.18" not in articles


def test_every_column_of_the_contents_is_to_be_covered():
    wanted = TO_COVER["sections"]["Contents (卷内文件目录)"].values()
    for column in ruleset("suihua_2019").archive.columns:
        assert column.label in wanted


def test_every_option_of_the_registration_form_is_to_be_covered():
    wanted = " ".join(TO_COVER["sections"]["Attachment 2 (学员登记表)"].values())
    for category in ruleset("suihua_2019").person_categories:
        assert not category.on_form or category.label in wanted


# The law tried on small tables: one good, the others each with one fault.

SMALL = {
    "plans": ["issue 5: The course of a class", "later: The box"],
    "sections": {"Articles": {"7.1": "开班申请表", "7.2": "课程安排计划"}},
}
THIS = "`tests/test_coverage.py::test_a_good_table_has_no_fault`"
GOOD = f"""
## Articles

| What | State | Where | Note |
|---|---|---|---|
| `7.1` Application (开班申请表) | partly | {THIS}, issue 5: The course of a class | the form is printed later |
| `7.2` Timetable (课程安排计划) | built | {THIS} | |
"""


def test_a_good_table_has_no_fault():
    assert faults(GOOD, SMALL) == []


@pytest.mark.parametrize(
    ("good", "broken", "fault"),
    [
        ("| `7.2` Timetable", "| 7.2 Timetable", "Articles: 7.2 (课程安排计划) is missing"),
        ("`7.2` Timetable (课程安排计划)", "`7.2` Timetable", "Articles: 7.2 does not say 课程安排计划"),
        ("`7.2`", "`7.1`", "Articles: 7.1 stands twice"),
        ("`7.2`", "`7.3`", "Articles: 7.3 is not to be covered"),
        ("## Articles", "## Chapters", "7.1 stands under an unknown heading"),
        ("| built |", "| |", "7.2: says no state"),
        ("| built |", "| done |", "7.2: unknown state: done"),
        (f"| built | {THIS} |", "| built | |", "7.2: says not where"),
        (
            f"| built | {THIS} |",
            "| built | `tests/test_coverage.py::test_of_nothing` |",
            "7.2: there is no test tests/test_coverage.py::test_of_nothing",
        ),
        (
            f"| built | {THIS} |",
            "| built | `tests/test_nowhere.py::test_of_nothing` |",
            "7.2: there is no test tests/test_nowhere.py::test_of_nothing",
        ),
        (
            f"| built | {THIS} |",
            f"| built | {THIS}, issue 5: The course of a class |",
            "7.2: what is built names tests and nothing else",
        ),
        (
            "issue 5: The course of a class",
            "issue 5: Another",
            "7.1: neither a test nor a known issue: issue 5: Another",
        ),
        (
            ", issue 5: The course of a class",
            "",
            "7.1: what is partly built names a test and who brings the rest",
        ),
        ("| the form is printed later |", "| |", "7.1: what is partly built says which part"),
        (
            f"| built | {THIS} | |",
            "| not built | | nobody asked |",
            "7.2: what is not built says because of what",
        ),
        (
            f"| built | {THIS} |",
            "| issue 5 | later: The box |",
            "7.2: what issue 5 brings names it and no test",
        ),
    ],
)
def test_a_broken_table_is_complained_of(good: str, broken: str, fault: str):
    assert good in GOOD
    assert fault in faults(GOOD.replace(good, broken), SMALL)


def test_what_is_not_built_may_say_why_instead_of_where():
    text = GOOD.replace(f"| built | {THIS} | |", "| not built | | because the bureau keeps it |")
    assert faults(text, SMALL) == []
