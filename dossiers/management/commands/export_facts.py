"""The facts of a dossier as JSON, for manage.py evaluate_rules: what an auditor keeps beside a decision."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dossiers.case_facts import case_of
from dossiers.models import Account, DossierPage
from dossiers.rules import facts_as_json
from dossiers.standing import Standing


class Command(BaseCommand):
    help = "Print the facts of the class CLASS_NO as docs/facts.md describes them; no name and no number is among them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("class_no")
        parser.add_argument(
            "--institution", help="code of the body, where two bodies have a class of this number"
        )
        parser.add_argument(
            "--on", type=date.fromisoformat, help="the day to judge on (2026-11-24); today by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        dossier = _dossier(options["class_no"], options["institution"])
        keeper = Account(role=Account.Role.CLERK, institution=dossier.custodian)
        case = case_of(Standing(dossier, keeper), today=options["on"] or timezone.localdate())
        self.stdout.write(json.dumps(facts_as_json(case), ensure_ascii=False, indent=1))


def _dossier(class_no: str, institution: str | None) -> DossierPage:
    found = DossierPage.objects.filter(class_no=class_no).select_related("progress", "custodian", "opener")
    if institution:
        found = found.filter(opener__code=institution)
    rows = list(found[:2])
    if not rows:
        raise CommandError(f"no class has the number {class_no}")
    if len(rows) > 1:
        raise CommandError(f"more than one class has the number {class_no}; name its body with --institution")
    return rows[0]
