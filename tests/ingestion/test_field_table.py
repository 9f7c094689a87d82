"""The tables of fields, marks and kinds hold together: what a kind lists can be read, is named, and is demanded rightly."""

import pytest

from cms.rows.field_names import FIELD_NAMES
from ingestion.field_table import form_of, sections
from ingestion.kinds import demanded, kinds
from ingestion.mark_table import marks_of, ticks_of
from ingestion.values import SHAPES

READ_BY_THEMSELVES = {"valid_from", "valid_until", "long_term", "start_on", "end_on", "open_ended"}
SPECIAL_SHAPES = {"period", "passage", "opinion"}
NEVER_SHOWN = {"contract_term"}  # a contract's ticked term is told as open_ended


def readable(kind_id: str) -> set[str]:
    rules = form_of(kind_id).rules
    return (
        {rule.name for rule in rules} | {part for rule in rules for part in rule.parts} | READ_BY_THEMSELVES
    )


def marked(kind_id: str) -> set[str]:
    return {rule.name for rule in (*marks_of(kind_id), *ticks_of(kind_id))}


@pytest.mark.parametrize("kind_id", kinds())
def test_every_field_that_a_kind_lists_has_a_rule(kind_id: str) -> None:
    assert set(kinds()[kind_id].fields) <= readable(kind_id)


@pytest.mark.parametrize("kind_id", kinds())
def test_a_kind_demands_only_what_is_looked_for_on_it(kind_id: str) -> None:
    looked_for = {*kinds()[kind_id].fields, *marked(kind_id)}
    parts = kinds()[kind_id].part_demands
    assert {name for part in ("", *parts) for name in demanded(kind_id, part)} <= looked_for
    assert set(parts) <= set(kinds()[kind_id].parts)


@pytest.mark.parametrize("kind_id", kinds())
def test_every_value_and_mark_has_its_name_on_screens(kind_id: str) -> None:
    rules = form_of(kind_id).rules
    names = {*kinds()[kind_id].fields, *marked(kind_id), *(part for rule in rules for part in rule.parts)}
    assert names - NEVER_SHOWN <= set(FIELD_NAMES)


def test_every_shape_and_section_that_a_rule_names_exists() -> None:
    for kind_id in kinds():
        for rule in form_of(kind_id).rules:
            assert rule.shape in {*SHAPES, *SPECIAL_SHAPES}, rule.name
            assert not rule.section or rule.section in sections(), rule.name
        for mark in marks_of(kind_id):
            assert not mark.section or mark.section in sections(), mark.name


def test_a_page_of_a_part_is_asked_for_that_part_alone() -> None:
    assert "signed_on" in demanded("labour_contract", "signature_page")
    assert "employer" not in demanded("labour_contract", "signature_page")
    assert demanded("labour_contract", "continued") == ()
    assert demanded("labour_contract", "first_page") == demanded("labour_contract")
