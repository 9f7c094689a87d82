"""Cases for the tests of the rules: a class of which only what a test says is known."""

from datetime import date
from typing import Any

from dossiers.rules import CaseFacts, Finding, Outcome, evaluate
from dossiers.rules.facts import SessionFacts, TraineeFacts
from dossiers.rulesets import ruleset

RULES = ruleset("suihua_2019")
TODAY = date(2026, 11, 24)


def case(**facts: Any) -> CaseFacts:
    given = {"ledger": "enterprise_14", "training_type": "skill_upgrade", "today": TODAY, **facts}
    return CaseFacts(**given)


def institution(**facts: Any) -> CaseFacts:
    return case(**{"ledger": "key_group_17", "training_type": "employment_skill", **facts})


def found(rule: str, of: CaseFacts) -> Finding:
    return next(finding for finding in evaluate(of, RULES) if finding.rule == rule)


def outcome(rule: str, of: CaseFacts) -> Outcome:
    return found(rule, of).outcome


def trainee(**facts: Any) -> TraineeFacts:
    return TraineeFacts(**{"key": "1", **facts})


def session(**facts: Any) -> SessionFacts:
    given = {"key": "s1", "on": date(2026, 10, 20), "lessons": 4, "kind": "theory", **facts}
    return SessionFacts(**given)
