"""The table of marks (marks.yaml): which signatures, seals, portraits and ticks a kind of paper may bear, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.kinds import normalised

TABLE = Path(__file__).with_name("marks.yaml")


class What(StrEnum):
    """What a mark is."""

    SIGNATURE = "signature"
    SEAL = "seal"
    PHOTO = "photo"


@dataclass(frozen=True)
class MarkRule:
    """One row: a mark, the words it stands by, the section it stands in, the party's side of the page."""

    name: str
    what: What
    at: tuple[str, ...]
    section: str
    side: str = ""


@dataclass(frozen=True)
class TickRule:
    """A group of check boxes: the ids of its options by the words printed beside them."""

    name: str
    label: str
    options: Mapping[str, str]


@cache
def marks_of(kind_id: str) -> tuple[MarkRule, ...]:
    """The marks looked for on one kind of paper."""
    return tuple(
        MarkRule(
            row["name"],
            What(row["what"]),
            _words(row.get("at", ())),
            row.get("section", ""),
            row.get("side", ""),
        )
        for row in _table()["marks"]
        if kind_id in row["kinds"]
    )


@cache
def ticks_of(kind_id: str) -> tuple[TickRule, ...]:
    """The groups of check boxes on one kind of paper."""
    return tuple(
        TickRule(
            row["name"],
            normalised(row["label"]),
            {option: normalised(words) for option, words in row["options"].items()},
        )
        for row in _table()["ticks"]
        if kind_id in row["kinds"]
    )


def _words(rows: Any) -> tuple[str, ...]:
    return tuple(normalised(word) for word in rows)


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table
