"""The auditor's two commands: facts out of a dossier, findings out of facts; and the page that documents both."""

import io
import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.test.utils import CaptureQueriesContext

from dossiers.rules import FactsError, facts_as_json, facts_from
from dossiers.rules import facts as shapes
from tests import factories

DOCUMENTED = (Path(__file__).parents[2] / "docs/facts.md").read_text(encoding="utf-8")
SHAPES = (
    shapes.CaseFacts,
    shapes.SessionFacts,
    shapes.TraineeFacts,
    shapes.ContractFacts,
    shapes.CertificateFacts,
    shapes.MoneyFacts,
    shapes.PaperFacts,
    shapes.Waiver,
)
LEAST = {"ledger": "enterprise_14", "training_type": "pre_job", "today": "2026-11-24"}


def findings(tmp_path: Path, facts: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    source, said = tmp_path / "facts.json", io.StringIO()
    source.write_text(json.dumps(facts), encoding="utf-8")
    call_command("evaluate_rules", str(source), json=True, stdout=said, **options)
    return [json.loads(line) for line in said.getvalue().splitlines()]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_fact_is_documented(shape: type) -> None:
    assert shape.__name__ in DOCUMENTED
    for field in fields(shape):
        assert f"`{field.name}`" in DOCUMENTED, field.name


def test_one_finding_a_rule_without_touching_a_database(tmp_path: Path) -> None:
    found = findings(tmp_path, LEAST)  # this test may not reach a database: it has no mark for one
    assert [line["rule"] for line in found] == [f"R{number:02d}" for number in range(1, 51)]
    assert {"rule", "clause", "outcome", "figures", "settle", "about"} == set(found[0])


def test_the_figures_of_a_finding_are_plain_json(tmp_path: Path) -> None:
    facts = LEAST | {"submitted_on": "2026-11-02", "first_lesson_on": "2026-11-09"}
    first = findings(tmp_path, facts, ruleset="suihua_2019")[0]
    assert first["outcome"] == "pass"
    assert first["figures"] == {
        "submitted_on": "2026-11-02",
        "first_lesson_on": "2026-11-09",
        "workdays": 5,
        "needed": 5,
    }


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (LEAST | {"submited_on": "2026-11-02"}, "facts.submited_on: not a known fact"),
        (LEAST | {"submitted_on": "2.11.2026"}, "facts.submitted_on: a date like"),
        (LEAST | {"total_lessons": "30"}, "facts.total_lessons: int is expected"),
        (LEAST | {"total_lessons": True}, "facts.total_lessons: int is expected"),
        (LEAST | {"trainees": [{"key": "1", "score": "x"}]}, "facts.trainees[0].score: int is expected"),
        ({"ledger": "enterprise_14"}, "is needed"),
        ([], "an object is expected"),
    ],
)
def test_a_mistake_in_the_facts_is_named_with_its_place(tmp_path: Path, facts: Any, told: str) -> None:
    with pytest.raises(CommandError, match=told.replace("[", r"\[").replace("]", r"\]")):
        findings(tmp_path, facts)


def test_an_unknown_ruleset_and_an_unreadable_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no ruleset is called"):
        findings(tmp_path, LEAST, ruleset="elsewhere")
    with pytest.raises(CommandError, match="missing.json"):
        call_command("evaluate_rules", str(tmp_path / "missing.json"))


def test_facts_survive_the_way_out_and_in() -> None:
    case = facts_from(
        LEAST | {"sessions": [{"key": "a", "on": "2026-11-02", "lessons": 4, "kind": "theory"}]}
    )
    assert facts_from(facts_as_json(case)) == case
    with pytest.raises(FactsError):
        facts_from("text")


@pytest.mark.django_db
def test_a_dossier_is_exported_without_names_or_numbers_and_judged(tmp_path: Path) -> None:
    dossier = factories.make_dossier()
    people = factories.make_enrolments(dossier, 3)
    said = io.StringIO()
    call_command("export_facts", dossier.class_no, on=date(2026, 11, 24), stdout=said)
    for enrolment in people:
        assert enrolment.name not in said.getvalue()
        assert enrolment.person.id_number.reveal() not in said.getvalue()
    found = findings(tmp_path, json.loads(said.getvalue()))
    assert len(found) == 50
    assert next(line for line in found if line["rule"] == "R42")["about"] == ["1", "2", "3"]


@pytest.mark.django_db
def test_facts_are_read_in_as_many_queries_for_sixty_trainees_as_for_three() -> None:
    def queries(trainees: int) -> int:
        dossier = factories.make_dossier()
        factories.make_enrolments(dossier, trainees)
        with CaptureQueriesContext(connections["default"]) as asked:
            call_command("export_facts", dossier.class_no, stdout=io.StringIO())
        return len(asked)

    assert queries(60) == queries(3) <= 10


@pytest.mark.django_db
def test_a_class_nobody_has_is_refused() -> None:
    with pytest.raises(CommandError, match="no class has the number"):
        call_command("export_facts", "2026-999")
