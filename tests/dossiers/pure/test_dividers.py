"""What the code of a divider sheet says, and where it leads; what is tampered with leads nowhere and says why."""

import pytest

from dossiers import dividers
from dossiers.dividers import Divider, Holder, Route, parse, route
from tests.dossiers.pure.builders import rules

LEDGER = rules().ledger("enterprise_14")
UUID = "0d4c8f0e-3a55-4f0b-9d53-0f4a2d8f3b11"
ROSTER = (Holder(11, UUID, 1), Holder(12, "77c8f0e0-3a55-4f0b-9d53-0f4a2d8f3b12", 2))


def led(payload: str) -> Route:
    return route(payload, class_no="2026-014", ledger=LEDGER, roster=ROSTER)


@pytest.mark.parametrize(
    "divider",
    [
        Divider("2026-014", "identity_document_copy", UUID),
        Divider("2026-014", "lesson_plan"),
        Divider("2026-014"),
        Divider("", "lesson_plan"),
        Divider(),
    ],
)
def test_what_was_printed_is_read_back(divider):
    assert parse(divider.payload) == divider


def test_empty_parts_keep_their_place():
    assert Divider("2026-014", "", "17").payload == "JZ1|2026-014||17"


@pytest.mark.parametrize("part", ["a|b", " lead", "new\nline"])
def test_a_part_that_could_not_be_read_back_is_not_printed(part):
    with pytest.raises(ValueError, match="divider"):
        _ = Divider("2026-014", part).payload


def test_item_and_trainee_lead_to_both():
    assert led(f"JZ1|2026-014|identity_document_copy|{UUID}") == Route("identity_document_copy", 11)
    assert led("JZ1|2026-014|identity_document_copy|2") == Route("identity_document_copy", 12)


def test_one_of_them_leads_to_one():
    assert led("JZ1|2026-014|lesson_plan|") == Route("lesson_plan", None)
    assert led("JZ1|2026-014||1") == Route("", 11)
    assert led("JZ1||lesson_plan|") == Route("lesson_plan", None)


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ("JZ1|2026-014||", dividers.ONLY_CLASS),
        ("JZ1|2026-015|lesson_plan|", dividers.OTHER_CLASS),
        ("JZ1|2026-014|no_such_item|", dividers.NO_SUCH_ITEM),
        ("JZ1|2026-014|lesson_plan|99", dividers.NO_SUCH_TRAINEE),
        ("JZ1|2026-014|lesson_plan|" + UUID.replace("0d4c", "0d4d"), dividers.NO_SUCH_TRAINEE),
        ("JZ1|2026-014|lesson_plan", dividers.TAMPERED),
        ("JZ1|2026-014|lesson_plan|1|more", dividers.TAMPERED),
        ("JZ1|何处|lesson_plan|", dividers.TAMPERED),
        ("JZ1|2026-014|lesson\x00plan|", dividers.TAMPERED),
        ("JZ1|" + "9" * 500 + "||", dividers.TAMPERED),
        ("JZ2|2026-014|lesson_plan|", dividers.NOT_OURS),
        ("https://example.org/?a=b|c", dividers.NOT_OURS),
    ],
)
def test_what_leads_nowhere_says_why(payload, problem):
    assert led(payload) == Route(problem=problem)


def test_a_code_that_is_no_divider_is_told_from_one():
    assert dividers.is_divider("JZ1|2026-014||") and dividers.is_divider("JZ9|a")
    assert not dividers.is_divider("https://example.org/a|b") and not dividers.is_divider("JZ")
