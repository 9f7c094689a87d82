"""The text of the separate consent to biometric data, by version: what was signed is what binds. Read from consent.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from dossiers.exceptions import NoRulesetError, RulesetError

TABLE = Path(__file__).parent / "consent.yaml"
KINDS = ("face", "fingerprint")
PARTS = ("title", "data", "purpose", "way", "effect", "retention", "withdrawal", "other_way")


@dataclass(frozen=True)
class ConsentText:
    """What one kind's sheet says. `keep_days` after the class ended is the promise that `retention` puts in words."""

    kind: str
    title: str
    data: str
    purpose: str
    way: str
    effect: str
    retention: str
    withdrawal: str
    other_way: str
    keep_days: int


@dataclass(frozen=True)
class ConsentVersion:
    """One edition of the texts. Signed from `since` on; what was signed holds through `until`, if that is set."""

    id: str
    since: date
    until: date | None
    texts: Mapping[str, ConsentText]

    def holds(self, on: date) -> bool:
        """Whether a consent given under this version is still one."""
        return self.until is None or on <= self.until


@cache
def consent_versions() -> tuple[ConsentVersion, ...]:
    """Every edition, the oldest first, checked as a whole."""
    return parsed(yaml.safe_load(TABLE.read_text("utf-8")))


def consent_version(version_id: str) -> ConsentVersion | None:
    """The edition of this name, or None."""
    return next((one for one in consent_versions() if one.id == version_id), None)


def version_to_sign(on: date) -> ConsentVersion:
    """The edition laid before people on a day: the latest that has begun. NoRulesetError before the first."""
    begun = [one for one in consent_versions() if one.since <= on]
    if not begun:
        raise NoRulesetError(f"no consent text holds on {on.isoformat()}")
    return begun[-1]


def holding(on: date, versions: Sequence[ConsentVersion] | None = None) -> tuple[str, ...]:
    """Names of the editions under which a consent is still one on a day."""
    return tuple(one.id for one in (consent_versions() if versions is None else versions) if one.holds(on))


def parsed(table: Mapping[str, Any]) -> tuple[ConsentVersion, ...]:
    """The table as editions. RulesetError says which edition lacks what."""
    found = tuple(_version(row) for row in table["versions"])
    names, days = [one.id for one in found], [one.since for one in found]
    if len(set(names)) != len(names) or days != sorted(set(days)):
        raise RulesetError(
            "consent.yaml: editions have names of their own and stand in the order of their days"
        )
    if found and found[-1].until is not None and found[-1].until < found[-1].since:
        raise RulesetError(f"consent.yaml {found[-1].id}: it ends before it begins")
    return found


def _version(row: Mapping[str, Any]) -> ConsentVersion:
    missing = [kind for kind in KINDS if kind not in row["kinds"]]
    if missing:
        raise RulesetError(f"consent.yaml {row['id']}: no text for {', '.join(missing)}")
    texts = {kind: _text(row["id"], kind, row["kinds"][kind]) for kind in KINDS}
    return ConsentVersion(str(row["id"]), row["since"], row["until"], MappingProxyType(texts))


def _text(version_id: str, kind: str, row: Mapping[str, Any]) -> ConsentText:
    empty = [part for part in PARTS if not row.get(part)]
    if empty:
        raise RulesetError(f"consent.yaml {version_id} {kind}: nothing is said of {', '.join(empty)}")
    keep_days = int(row["keep_days"])
    if str(keep_days) not in row["retention"]:
        raise RulesetError(f"consent.yaml {version_id} {kind}: keep_days is not what retention promises")
    return ConsentText(kind=kind, keep_days=keep_days, **{part: str(row[part]) for part in PARTS})
