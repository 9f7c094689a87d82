"""The rules about papers and money, each at its boundary."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dossiers.rules import CaseFacts, Outcome
from dossiers.rules.facts import (
    MoneyFacts,
    PaperFacts,
)
from tests.dossiers.pure.rule_cases import RULES, case, found, institution, outcome


# Papers ---------------------------------------------------------------------------------------------------
def test_r22_and_r23_every_paper_of_the_claim() -> None:
    firm = ("subsidy_application", "trainee_roster", "tax_invoice", "ledger")
    assert outcome("R22", case(papers=PaperFacts(items=firm))) == Outcome.PASS
    assert found("R22", case(papers=PaperFacts(items=firm[:-2]))).about == ("tax_invoice", "ledger")
    school = (
        "subsidy_application",
        "trainee_roster",
        "class_completion_acceptance_report",
        "receipt_or_invoice",
        "ledger",
    )
    assert outcome("R23", institution(papers=PaperFacts(items=school))) == Outcome.PASS
    assert outcome("R23", institution(papers=PaperFacts(items=firm))) == Outcome.FAIL


def test_r31_a_page_of_another_class_fails() -> None:
    assert outcome("R31", case(papers=PaperFacts(foreign_pages=0))) == Outcome.PASS
    assert outcome("R31", case(papers=PaperFacts(foreign_pages=1))) == Outcome.FAIL


def test_r32_the_contents_on_the_box_are_of_this_version() -> None:
    assert outcome("R32", case(papers=PaperFacts(contents_version="a", dossier_version="a"))) == Outcome.PASS
    assert outcome("R32", case(papers=PaperFacts(contents_version="a", dossier_version="b"))) == Outcome.WARN


def test_r33_three_copies() -> None:
    assert outcome("R33", case(papers=PaperFacts(opening_form_copies=3))) == Outcome.PASS
    assert outcome("R33", case(papers=PaperFacts(opening_form_copies=2))) == Outcome.WARN


def test_r34_each_missing_mark_is_named() -> None:
    marks = tuple(RULES.rules["R34"].params["signers"])
    assert outcome("R34", case(papers=PaperFacts(marks=marks))) == Outcome.PASS
    assert found("R34", case(papers=PaperFacts(marks=marks[1:]))).about == ("institution_handler_signature",)


def test_r36_a_check_within_the_course_signed_by_both() -> None:
    course = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 10, 31)}
    good = PaperFacts(spot_checks=(date(2026, 10, 31),), spot_check_signatures=2)
    assert outcome("R36", case(papers=good, **course)) == Outcome.PASS
    assert outcome("R36", case(papers=replace(good, spot_check_signatures=1), **course)) == Outcome.WARN
    assert (
        outcome("R36", case(papers=replace(good, spot_checks=(date(2026, 11, 1),)), **course)) == Outcome.WARN
    )


def test_r39_shares_make_the_whole_and_the_partner_is_listed() -> None:
    good = case(
        delivery_mode="entrusted",
        money=MoneyFacts(shares=(3000, 7000)),
        papers=PaperFacts(items=("cooperation_agreement",), partner_listed=True),
    )
    assert outcome("R39", good) == Outcome.PASS
    assert outcome("R39", replace(good, money=MoneyFacts(shares=(3000, 6999)))) == Outcome.FAIL
    assert outcome("R39", replace(good, papers=replace(good.papers, partner_listed=False))) == Outcome.FAIL
    assert outcome("R39", case()) == Outcome.NOT_APPLICABLE


# Money ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "make", "rate"), [("R04", case, "standard_cents"), ("R05", institution, "fee_cents")]
)
def test_r04_and_r05_half_is_paid_ahead_to_the_cent(rule: str, make: Any, rate: str) -> None:
    def of(advance: int) -> CaseFacts:
        return make(money=MoneyFacts(**{rate: 100_001, "approved_count": 3, "advance_cents": advance}))

    assert outcome(rule, of(150_002)) == Outcome.PASS
    short = found(rule, of(150_001))
    assert (short.outcome, short.figures["needed_cents"]) == (Outcome.WARN, 150_002)


def test_r06_seventy_per_cent_where_capacity_is_cut() -> None:
    money = MoneyFacts(standard_cents=1000, approved_count=10, advance_cents=7000)
    of = institution(money=money, capacity_cut_transfer=True)
    assert outcome("R06", of) == Outcome.PASS
    assert outcome("R06", replace(of, money=replace(money, advance_cents=6999))) == Outcome.WARN
    assert (
        outcome("R06", institution(capacity_cut_transfer=False, project_based=False))
        == Outcome.NOT_APPLICABLE
    )


def test_r47_after_a_violation_all_is_taken_back() -> None:
    of = case(violation=True, money=MoneyFacts(paid_cents=500, reclaimed_cents=499))
    assert outcome("R47", of) == Outcome.WARN
    assert outcome("R47", replace(of, money=MoneyFacts(paid_cents=500, reclaimed_cents=500))) == Outcome.PASS
    assert outcome("R47", case(violation=False)) == Outcome.NOT_APPLICABLE
