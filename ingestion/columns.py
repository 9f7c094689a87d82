"""The tables of the trade as a table: which columns a kind of paper has, and which head names which column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.kinds import normalised
from ingestion.strips import label_pattern

TABLE = Path(__file__).with_name("columns.yaml")
LEAST_SHARE = 0.5


class Shape(StrEnum):
    """What a cell of a column looks like."""

    SEQ = "seq"
    NAME = "name"
    ID_NUMBER = "id_number"
    SEX = "sex"
    PHONE = "phone"
    NUMBER = "number"
    DATE = "date"
    CERTIFICATE_NO = "certificate_no"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """One column: the heads it is printed under, normalised, and what its cells look like."""

    id: str
    shape: Shape
    heads: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The table of one kind of paper. A line counts if one of `keys` says something; `demanded` may not be silent."""

    columns: tuple[Column, ...]
    keys: frozenset[str]
    demanded: frozenset[str]

    def of_shape(self, shape: Shape) -> Column | None:
        """The column of this shape, where there is but one."""
        found = [column for column in self.columns if column.shape == shape]
        return found[0] if len(found) == 1 else None

    @property
    def heads(self) -> tuple[str, ...]:
        """Every head of every column, the longest first."""
        return tuple(
            sorted({head for column in self.columns for head in column.heads}, key=len, reverse=True)
        )


@cache
def tables() -> Mapping[str, Table]:
    """The tables by kind of paper."""
    return {kind: _table(entry) for kind, entry in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items()}


def _table(entry: Mapping[str, Any]) -> Table:
    columns = tuple(
        Column(row["id"], Shape(row["shape"]), tuple(normalised(head) for head in row["heads"]))
        for row in entry["columns"]
    )
    return Table(columns, frozenset(entry["keys"]), frozenset(entry["demanded"]))


def named(texts: Sequence[str], table: Table) -> tuple[Column | None, ...]:
    """Which column each head names, each column once, the best match first; None for a head of no column."""
    ranked = sorted(
        (
            (-_closeness(normalised(text), column), place, column.id)
            for place, text in enumerate(texts)
            for column in table.columns
            if _closeness(normalised(text), column) > 0
        ),
    )
    taken: dict[int, str] = {}
    for _score, place, column_id in ranked:
        if place not in taken and column_id not in taken.values():
            taken[place] = column_id
    by_id = {column.id: column for column in table.columns}
    return tuple(by_id.get(taken.get(place, "")) for place in range(len(texts)))


def _closeness(text: str, column: Column) -> float:
    """1 for the very head, less where it stands among other words, 0 where it does not."""
    if text in column.heads:
        return 1.0
    shares = [len(head) / len(text) for head in column.heads if text and head in text]
    best = max(shares, default=0.0)
    return 0.9 * best if best >= LEAST_SHARE else 0.0


def heads_in(text: str, table: Table) -> list[tuple[int, int]]:
    """Where heads stand in a running text: spans that do not overlap, longer heads first, from the left."""
    spans: list[tuple[int, int]] = []
    for head in table.heads:
        for found in label_pattern(head).finditer(text):
            if all(found.end() <= start or end <= found.start() for start, end in spans):
                spans.append(found.span())
    return sorted(spans)
