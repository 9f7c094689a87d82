"""The rules of a ruleset as pure functions over plain facts; each finds pass, warn, fail or unknown, never silence."""

from dossiers.rules.evaluation import CHECKS, evaluate
from dossiers.rules.facts import CaseFacts
from dossiers.rules.findings import Finding, Outcome
from dossiers.rules.reading_facts import FactsError, facts_as_json, facts_from

__all__ = [
    "CHECKS",
    "CaseFacts",
    "FactsError",
    "Finding",
    "Outcome",
    "evaluate",
    "facts_as_json",
    "facts_from",
]
