"""Which rules hold where and when. A ruleset is a folder of tables a clerk can check; a dossier keeps its own.

`ruleset("suihua_2019")` loads and checks once; `ruleset_for("231202", day)` finds the one in force.
"""

from datetime import date
from functools import cache
from pathlib import Path

from dossiers.exceptions import NoRulesetError
from dossiers.rulesets.loading import load
from dossiers.rulesets.shape import (
    ArchiveDefaults,
    CertificateGrammar,
    Column,
    LessonTimes,
    Option,
    PersonCategory,
    Retention,
    Rule,
    Ruleset,
    TrainingType,
)

__all__ = [
    "ArchiveDefaults",
    "CertificateGrammar",
    "Column",
    "LessonTimes",
    "Option",
    "PersonCategory",
    "Retention",
    "Rule",
    "Ruleset",
    "TrainingType",
    "all_rulesets",
    "ruleset",
    "ruleset_for",
]

_FOLDER = Path(__file__).parent


@cache
def ruleset(ruleset_id: str) -> Ruleset:
    """The ruleset of this id, checked as a whole. RulesetError says what in which table is wrong."""
    folder = _FOLDER / ruleset_id
    if folder.parent != _FOLDER or not (folder / "ruleset.yaml").is_file():
        raise NoRulesetError(f"no ruleset is called {ruleset_id!r}")
    return load(folder)


@cache
def all_rulesets() -> tuple[Ruleset, ...]:
    """Every ruleset of this house, the oldest first."""
    folders = sorted(path.parent for path in _FOLDER.glob("*/ruleset.yaml"))
    return tuple(sorted((ruleset(folder.name) for folder in folders), key=lambda rules: rules.valid_from))


def ruleset_for(place: str, on: date) -> Ruleset:
    """The ruleset in force in a place on a day; `place` is "suihua" or the code of the city or a county in it.

    Of several the most exact place wins, then the latest. NoRulesetError when none is in force.
    """
    in_force = [rules for rules in all_rulesets() if rules.holds(place, on)]
    if not in_force:
        raise NoRulesetError(f"no ruleset holds in {place} on {on.isoformat()}")
    return max(in_force, key=lambda rules: (len(rules.area), rules.valid_from))
