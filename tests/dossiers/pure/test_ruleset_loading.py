"""A ruleset that contradicts itself is refused when it is loaded, and the message says where."""

import shutil
from pathlib import Path

import pytest
import yaml

import dossiers.rulesets
from dossiers.exceptions import RulesetError
from dossiers.rulesets import all_rulesets
from dossiers.rulesets.loading import load
from dossiers.rulesets.wording import WORDS

GOOD = Path(dossiers.rulesets.__file__).parent / "suihua_2019"


@pytest.fixture
def tables(tmp_path):
    """A copy to spoil; `spoil(table, change)` edits one table and returns what loading it says."""
    folder = tmp_path / "spoilt"
    shutil.copytree(GOOD, folder)

    def spoil(table, change):
        content = yaml.safe_load((folder / table).read_text(encoding="utf-8"))
        change(content)
        (folder / table).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        with pytest.raises(RulesetError) as refused:
            load(folder)
        return str(refused.value)

    return spoil


def test_the_copy_loads_before_it_is_spoilt():
    assert load(GOOD).id == "suihua_2019"


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("condition", "phase_of_the_moon", "phase_of_the_moon"),
        ("due_stage", "someday", "someday"),
        ("kinds", ["parchment"], "parchment"),
        ("any_of", ["recording"], "recording"),
        ("per", "village", "village"),
        ("producer", "nobody", "nobody"),
        ("medium", "stone", "stone"),
        ("privacy", "whatever", "whatever"),
        ("severity", "fatal", "fatal"),
        ("colour", "red", "colour"),
        ("condition", "trainee_passed", "asks about a trainee"),
    ],
)
def test_an_item_that_names_something_unknown_is_refused(tables, field, value, named):
    said = tables("items.yaml", lambda items: items["lesson_plan"].update({field: value}))
    assert "lesson_plan" in said
    assert named in said


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("condition", "never_heard_of", "never_heard_of"),
        ("kinds", ["lesson_plan"], "lesson_plan"),
        ("due_stage", "someday", "someday"),
        ("categories", ["millionaire"], "millionaire"),
        ("privacy", "whatever", "whatever"),
    ],
)
def test_a_part_that_names_something_unknown_is_refused(tables, field, value, named):
    said = tables("items.yaml", lambda items: items["category_proof_copy"]["parts"][0].update({field: value}))
    assert named in said


def test_a_part_without_a_name_is_refused(tables):
    assert "name" in tables("items.yaml", lambda items: items["category_proof_copy"]["parts"][0].pop("name"))


def test_two_parts_of_one_id_are_refused(tables):
    def double(items):
        items["labour_contract_copy"]["parts"].append(dict(items["labour_contract_copy"]["parts"][0]))

    assert "first_page" in tables("items.yaml", double)


def test_a_trainee_item_without_a_trainee_part_is_refused(tables):
    def change(items):
        items["labour_contract_copy"]["parts"] = [
            {"id": "whole", "name": "全本", "per": "class", "kinds": ["labour_contract"]}
        ]

    assert "labour_contract_copy" in tables("items.yaml", change)


def test_an_item_in_no_ledger_is_refused(tables):
    said = tables("items.yaml", lambda items: items.update({"orphan": dict(items["lesson_plan"])}))
    assert "orphan" in said


def test_a_ledger_that_lists_an_unknown_item_is_refused(tables):
    said = tables("ledgers.yaml", lambda ledgers: ledgers["enterprise_14"]["items"].append("ghost"))
    assert "ghost" in said


def test_a_ledger_that_lists_an_item_twice_is_refused(tables):
    said = tables("ledgers.yaml", lambda ledgers: ledgers["enterprise_14"]["extras"].append("score_sheet"))
    assert "score_sheet" in said


def test_an_item_without_review_points_is_refused(tables):
    assert "score_sheet" in tables("review.yaml", lambda review: review.pop("score_sheet"))


def test_two_review_points_of_one_id_are_refused(tables):
    def double(review):
        review["score_sheet"].append(dict(review["score_sheet"][0]))

    assert "signed_sealed" in tables("review.yaml", double)


def test_unknown_evidence_is_refused(tables):
    said = tables("review.yaml", lambda review: review["score_sheet"][0].update({"evidence": "a_feeling"}))
    assert "a_feeling" in said


def test_a_training_type_of_an_unknown_ledger_is_refused(tables):
    said = tables("ruleset.yaml", lambda general: general["training_types"][0]["ledgers"].append("third"))
    assert "third" in said


def test_an_unknown_stage_is_refused(tables):
    assert "siesta" in tables("ruleset.yaml", lambda general: general["stages"].append("siesta"))


def test_a_certificate_prefix_of_an_unknown_training_type_is_refused(tables):
    def change(general):
        general["certificates"]["prefixes"]["JNPX"].append("juggling")

    assert "juggling" in tables("ruleset.yaml", change)


def test_an_unknown_severity_of_a_rule_is_refused(tables):
    assert "perhaps" in tables("rules.yaml", lambda rules: rules[0].update({"severity": "perhaps"}))


def test_a_table_that_is_not_there_is_named(tmp_path):
    folder = tmp_path / "half"
    shutil.copytree(GOOD, folder)
    (folder / "review.yaml").unlink()
    with pytest.raises(RulesetError, match=r"half/review\.yaml"):
        load(folder)


def shown_words(rules):
    """Every text of a ruleset that a screen shows in the reader's language."""
    for ledger in rules.ledgers.values():
        yield from (ledger.title, ledger.article, ledger.custodian)
        for item in ledger:
            yield from (item.name, item.short_name, item.clause, item.note, item.catalogue_remark)
            yield from (text for part in item.parts for text in (part.name, part.unit))
            yield from (point.text for point in item.review)
    options = (rules.training_types, rules.startup_categories, rules.skill_levels, rules.person_categories)
    for rows in (*options, rules.archive.columns, rules.archive.retention.values()):
        yield from (row.label for row in rows)
    for check in rules.crosschecks.values():
        yield from (check.title, check.chip, rules.rules[check.rule].article if check.rule else "")
    yield from (rules.archive.catalogue_title, rules.title, rules.place_name)


def test_every_text_of_the_tables_is_marked_for_translation_and_no_other():
    shown = {text for rules in all_rulesets() for text in shown_words(rules) if text}
    assert set(WORDS) == shown
    assert len(WORDS) == len(set(WORDS))


@pytest.mark.parametrize("figure", ["lesson_minutes", "long_break_after"])
def test_a_timetable_whose_lessons_take_no_time_is_refused(tables, figure):
    assert "timetable" in tables("ruleset.yaml", lambda general: general["timetable"].update({figure: 0}))
