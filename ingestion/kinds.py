"""The kinds of paper as a table: how each is known, whose it is, what is read from it, what it answers."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.characters import plain

TABLE = Path(__file__).with_name("kinds.yaml")
OTHER = "other"
WHOLE = ("", "first_page")  # parts on which a paper says what it is and whose
PUNCTUATION = re.compile(r"[\s\W_]+")


class Identity(StrEnum):
    """Whose a page of a kind is."""

    PERSON = "person"
    ROWS = "rows"
    NONE = "none"


@dataclass(frozen=True)
class Kind:
    """One row of kinds.yaml; titles, labels and opposing words are already normalised."""

    id: str
    name: str
    titles: tuple[str, ...]
    labels: tuple[str, ...]
    opposing: tuple[str, ...]
    identity: Identity
    fields: tuple[str, ...]
    demands: tuple[str, ...]
    part_demands: dict[str, tuple[str, ...]]
    items: dict[str, str]
    parts: dict[str, tuple[str, ...]]
    follows: bool

    def item(self, ledger: str) -> str | None:
        """The stable id of the ledger item that this kind answers in `ledger`."""
        return self.items.get(ledger)

    def demanded(self, part: str = "") -> tuple[str, ...]:
        """What a page of this kind must say, if it is the first one, or of this part."""
        return self.demands if part in WHOLE else self.part_demands.get(part, ())


def normalised(text: str) -> str:
    """Text for comparison: NFKC, no spaces, no brackets of any shape, no punctuation (〈〉《》（）：)."""
    return PUNCTUATION.sub("", plain(text))


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by id, in the order of the table."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {row["id"]: _kind(row) for row in rows}


def kind(kind_id: str) -> Kind:
    return kinds()[kind_id]


def demanded(kind_id: str, part: str = "") -> tuple[str, ...]:
    """The fields that a page of this kind must say; what is not found is reported as missing."""
    return kind(kind_id).demanded(part)


def _kind(row: dict[str, Any]) -> Kind:
    return Kind(
        id=row["id"],
        name=row["name"],
        titles=_normalised_all(row["titles"]),
        labels=_normalised_all(row["labels"]),
        opposing=_normalised_all(row.get("not", ())),
        identity=Identity(row["identity"]),
        fields=tuple(row.get("fields", ())),
        demands=tuple(row.get("demands", ())),
        part_demands={part: tuple(names) for part, names in row.get("part_demands", {}).items()},
        items=dict(row["items"]),
        parts={part: _normalised_all(words) for part, words in row.get("parts", {}).items()},
        follows=bool(row.get("follows", False)),
    )


def _normalised_all(texts: Any) -> tuple[str, ...]:
    return tuple(normalised(text) for text in texts)
