"""Certificate numbers (R15): kept as printed, judged by every part of the rule."""

from datetime import date

import pytest

from dossiers.certificates import check_certificate_number, parse_certificate_number, spans
from tests.dossiers.pure.builders import rules


def judge(printed, **facts):
    return check_certificate_number(printed, rules().certificates, **facts)


@pytest.mark.parametrize("printed", ["JNPX120226000211", "GQPX128126000001", "ZGPX128326999999"])
def test_a_number_of_the_rule_is_checked(printed):
    check = judge(printed)
    assert (check.state, check.problems, str(check.number)) == ("checked", (), printed)


def test_blanks_and_full_width_are_the_printers_business():
    check = judge("ＪＮＰＸ 1202 26 000211")
    assert check.state == "checked"
    assert check.printed == "ＪＮＰＸ 1202 26 000211"
    assert str(check.number) == "JNPX120226000211"


@pytest.mark.parametrize(
    ("printed", "problem"),
    [
        ("", "empty"),
        ("JNPX12022600021", "certificate_length"),
        ("JNPX1202260002111", "certificate_length"),
        ("JMPX120226000211", "certificate_prefix"),
        ("JNPX1202260O0211", "certificate_digits"),
        ("JNPX130226000211", "certificate_city"),
        ("JNPX120326000211", "certificate_district"),
        ("JNPX120026000211", "certificate_district"),
        ("JNPX120226000000", "certificate_serial"),
    ],
)
def test_a_malformed_number_comes_back_as_printed(printed, problem):
    check = judge(printed)
    assert (check.state, check.printed, check.problems, check.number) == (
        "malformed",
        printed,
        (problem,),
        None,
    )
    assert check.problem_texts


@pytest.mark.parametrize(
    ("prefix", "training_type", "fits"),
    [
        ("JNPX", "employment_skill", True),
        ("JNPX", "skill_upgrade", True),
        ("GQPX", "pre_job", True),
        ("ZGPX", "transfer", True),
        ("GQPX", "skill_upgrade", False),
        ("JNPX", "pre_job", False),
        ("JNPX", "safety_skill", False),
    ],
)
def test_the_prefix_must_fit_the_training_type(prefix, training_type, fits):
    check = judge(f"{prefix}120226000211", training_type=training_type)
    assert (check.problems == ()) is fits
    assert fits or check.problems == ("certificate_training_type",)


def test_types_without_a_prefix_are_known_as_such():
    assert rules().certificates.prefixes_for("skill_upgrade") == ("JNPX",)
    assert rules().certificates.prefixes_for("safety_skill") == ()


def test_the_year_must_be_the_year_of_issue():
    assert judge("JNPX120226000211", issued_on=date(2026, 11, 20)).state == "checked"
    assert judge("JNPX120226000211", issued_on=date(2027, 1, 2)).problems == ("certificate_year",)


def test_a_number_is_taken_apart_whatever_its_prefix():
    number = parse_certificate_number("ABCD120226000211")
    assert (number.prefix, number.city, number.district, number.year, number.serial) == (
        "ABCD",
        "12",
        "02",
        2026,
        211,
    )
    assert parse_certificate_number("0123456789") is None


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([], ()),
        (["JNPX120226000211"], ("JNPX120226000211",)),
        (["JNPX120226000212", "JNPX120226000211", "JNPX120226000213"], ("JNPX120226000211—000213",)),
        (["JNPX120226000211", "JNPX120226000213"], ("JNPX120226000211", "JNPX120226000213")),
        (["JNPX120226000211", "JNPX120226000211"], ("JNPX120226000211",)),
        (["JNPX120226000211", "JNPX122126000212"], ("JNPX120226000211", "JNPX122126000212")),
        (["No. 17", "JNPX120226000211", " "], ("JNPX120226000211", "NO.17")),
    ],
)
def test_consecutive_numbers_are_drawn_together(numbers, shown):
    assert spans(numbers) == shown
