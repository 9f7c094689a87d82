"""What the rules find about a file of facts: no database is touched, so an auditor can replay a decision."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.exceptions import NoRulesetError
from dossiers.rules import Finding, evaluate
from dossiers.rules.facts import CaseFacts
from dossiers.rules.reading_facts import FactsError, facts_from
from dossiers.rulesets import Ruleset, ruleset, ruleset_for

PLACE = "suihua"


class Command(BaseCommand):
    help = "Judge a class from FACTS.json (docs/facts.md), one finding a rule."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("facts", help="a JSON file as docs/facts.md describes it; - reads standard input")
        parser.add_argument(
            "--ruleset", help="name of a ruleset; the one in force on the facts' day by default"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        case = _case(options["facts"])
        for finding in evaluate(case, _rules(options["ruleset"], case.today)):
            self.stdout.write(_line(finding, as_json=options["json"]))


def _case(name: str) -> CaseFacts:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return facts_from(json.loads(text))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, FactsError) as error:
        raise CommandError(f"{name}: {error}") from error


def _rules(name: str | None, on: date) -> Ruleset:
    try:
        return ruleset(name) if name else ruleset_for(PLACE, on)
    except NoRulesetError as error:
        raise CommandError(str(error)) from error


def _line(finding: Finding, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(finding.as_json(), ensure_ascii=False)
    told = f"  {finding.settle}" if finding.settle else ""
    return f"{finding.rule}  {finding.outcome.value:<14} {finding.clause}{told}"
