"""The table of fields: how each is printed on which kind of paper (fields.yaml), ready to look up."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingestion.kinds import kinds, normalised

TABLE = Path(__file__).with_name("fields.yaml")
WRAPPING = frozenset({"text", "organisation", "address", "level"})


@dataclass(frozen=True)
class Rule:
    """One row of fields.yaml; labels are normalised, a colon says that the word alone is no label."""

    name: str
    labels: tuple[str, ...]
    shape: str
    section: str = ""
    prose: tuple[re.Pattern[str], ...] = ()
    foot: bool = False
    head: bool = False
    parts: tuple[str, ...] = ()

    @property
    def wraps(self) -> bool:
        return self.shape in WRAPPING


@dataclass(frozen=True)
class Form:
    """What is looked for on one kind of paper: its rules in the order of the kind, every word that is a label,
    and titles: they hold words that are labels elsewhere (等级 in 职业技能等级证书), and are none."""

    rules: tuple[Rule, ...]
    lexicon: tuple[str, ...]
    masks: tuple[str, ...]


@cache
def form_of(kind_id: str) -> Form:
    """The rules of a kind, and the labels at which its values end."""
    rules = tuple(_rules_of(kind_id))
    labels = [label for rule in rules for label in rule.labels]
    headings = [word for words in sections().values() for word in words]
    return Form(rules, tuple(dict.fromkeys([*labels, *headings, *cuts()])), tuple(_titles()))


@cache
def sections() -> Mapping[str, tuple[str, ...]]:
    """Headings by section, normalised."""
    return {name: tuple(map(normalised, words)) for name, words in _table()["sections"].items()}


@cache
def cuts() -> tuple[str, ...]:
    """Words that end a value, though nobody reads what they name."""
    return tuple(_label(word) for word in _table()["cuts"])


def _rules_of(kind_id: str) -> Iterator[Rule]:
    for name in kinds()[kind_id].fields:
        rows = [row for row in _table()["fields"] if row["name"] == name]
        own = [row for row in rows if kind_id in row.get("kinds", ())]
        shared = [row for row in rows if "kinds" not in row]
        yield from (_rule(row) for row in (own or shared)[:1])


def _titles() -> Iterator[str]:
    return (title for kind in kinds().values() for title in kind.titles)


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return table


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        name=row["name"],
        labels=tuple(_label(word) for word in row["labels"]),
        shape=row["shape"],
        section=row.get("section", ""),
        prose=tuple(re.compile(pattern) for pattern in row.get("prose", ())),
        foot=bool(row.get("foot", False)),
        head=bool(row.get("head", False)),
        parts=tuple(row.get("parts", ())),
    )


def _label(word: str) -> str:
    return normalised(word) + (":" if word.endswith(":") else "")
