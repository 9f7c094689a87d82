"""Numbers of the trade: what is accepted, what is wrong with the rest, and that ID numbers stay hidden."""

from datetime import date

import pytest

from dossiers.exceptions import NumberError
from dossiers.numbering import (
    PROBLEMS,
    ClassNumber,
    IdNumber,
    ReferenceCode,
    check_credit_code,
    compute_check_digit,
    credit_code_check_digit,
    find_class_numbers,
    holds_id_number,
    make_id_number,
    mask,
    same_class,
)

TODAY = date(2026, 11, 24)
GOOD = make_id_number(date(1990, 2, 28), 182)


WITHOUT_DIGIT = {"empty", "wrong_length", "old_fifteen_digits", "wrong_characters", "wrong_check_digit"}


def with_check_digit(first_seventeen):
    return first_seventeen + compute_check_digit(first_seventeen)


def test_the_check_digit_is_that_of_the_standards_own_examples():
    assert compute_check_digit("11010519491231002") == "X"
    assert compute_check_digit("44052418800101001") == "4"


def test_the_check_digit_is_mod_11_2_for_any_digits():
    """ISO 7064 by its own recursion rather than by the table of weights."""
    for first_seventeen in ("1" * 17, "12345678901234567", "98765432109876543", GOOD[:17]):
        rest = 0
        for digit in first_seventeen:
            rest = (rest + int(digit)) * 2 % 11
        assert compute_check_digit(first_seventeen) == "0123456789X"[(12 - rest) % 11]


def full_width(text):
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f" {GOOD[:6]} {GOOD[6:14]} {GOOD[14:]} ",
        full_width(GOOD),
        f"{GOOD[:6]}\u3000{GOOD[6:]}",
        "11010519491231002x",
        "11010519491231002X",
        "11010519491231002ｘ",
        with_check_digit("99999919900228182"),
        with_check_digit("23129920000229001"),
        with_check_digit("23129919000101001"),
        with_check_digit("23129920261124001"),
    ],
)
def test_a_good_number_is_accepted_whatever_its_region_and_width(text):
    check = IdNumber.check(text, today=TODAY)
    assert check.is_valid
    assert (check.valid_length, check.valid_date, check.valid_digit) == (True, True, True)
    assert len(IdNumber.parse(text, today=TODAY).value) == 18


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ("empty",)),
        ("   ", ("empty",)),
        (GOOD[:-1], ("wrong_length",)),
        (GOOD + "1", ("wrong_length",)),
        ("231299900228182", ("old_fifteen_digits",)),
        ("231299901340182", ("old_fifteen_digits", "bad_birth_date")),
        (GOOD[:5] + "O" + GOOD[6:], ("wrong_characters",)),
        ("X" + GOOD[1:], ("wrong_characters",)),
        (GOOD[:17] + "Y", ("wrong_characters",)),
        ("²" + GOOD[1:17] + "É", ("wrong_characters",)),
        ("٢" + GOOD[1:], ("wrong_characters",)),
        (with_check_digit("23129919900229001"), ("bad_birth_date",)),
        (with_check_digit("23129919000229001"), ("bad_birth_date",)),
        (with_check_digit("23129919901301001"), ("bad_birth_date",)),
        (with_check_digit("23129900000000001"), ("bad_birth_date",)),
        (with_check_digit("23129920261125001"), ("birth_date_in_future",)),
        (with_check_digit("23129918991231001"), ("birth_date_before_1900",)),
        (GOOD[:17] + str((int(GOOD[17]) + 1) % 10), ("wrong_check_digit",)),
        ("231299199002300011", ("bad_birth_date", "wrong_check_digit")),
    ],
)
def test_a_wrong_number_says_what_is_wrong(text, problems):
    check = IdNumber.check(text, today=TODAY)
    assert check.problems == problems
    assert check.valid_length == (not set(problems) & {"empty", "wrong_length", "old_fifteen_digits"})
    assert check.valid_digit is not bool(set(problems) & WITHOUT_DIGIT)
    assert all(PROBLEMS[code] for code in check.problems)
    assert len(check.problem_texts) == len(problems)
    with pytest.raises(NumberError) as refused:
        IdNumber.parse(text, today=TODAY)
    assert refused.value.problems == problems
    assert not text.strip() or text not in str(refused.value)


@pytest.mark.parametrize("position", range(17))
def test_every_single_wrong_digit_is_noticed(position):
    for digit in "0123456789":
        if digit != GOOD[position]:
            assert not IdNumber.check(GOOD[:position] + digit + GOOD[position + 1 :], today=TODAY).is_valid


@pytest.mark.parametrize("position", range(16))
def test_two_digits_that_changed_places_are_noticed(position):
    swapped = GOOD[:position] + GOOD[position + 1] + GOOD[position] + GOOD[position + 2 :]
    assert swapped == GOOD or not IdNumber.check(swapped, today=TODAY).is_valid


def test_birth_date_sex_and_the_expected_digit_are_told():
    check = IdNumber.check(GOOD[:17] + "0", today=TODAY)
    assert (check.birth_date, check.sex, check.expected_digit) == (date(1990, 2, 28), "female", GOOD[17])
    assert IdNumber.check(make_id_number(date(1990, 2, 28), 181), today=TODAY).sex == "male"


def test_an_old_number_still_tells_its_birth_date():
    assert IdNumber.check("231299900228182", today=TODAY).birth_date == date(1990, 2, 28)


def test_nothing_prints_an_id_number_whole():
    number = IdNumber.parse(GOOD, today=TODAY)
    for shown in (repr(number), str(number), f"{number}", repr(IdNumber.check(GOOD, today=TODAY))):
        assert GOOD not in shown
        assert "19900228" not in shown
        assert "1990" not in shown
        assert "female" not in shown
    assert number.masked == f"2312**********{GOOD[-4:]}"


@pytest.mark.parametrize(("text", "shown"), [("", ""), ("1234", "****"), ("12345678901234", "*" * 14)])
def test_what_is_too_short_to_hide_is_hidden_whole(text, shown):
    assert mask(text) == shown


@pytest.mark.parametrize("text", ["2026-014", "２０２６－０１４", "2026—014", " 2026 - 014 ", "2026–014"])
def test_a_class_number_is_read_with_any_dash(text):
    assert str(ClassNumber.parse(text)) == "2026-014"


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-", "2026-14", "26-014", "2026-000", "2026-014-1", "班2026-014"]
)
def test_what_is_no_class_number_is_refused(text):
    with pytest.raises(NumberError):
        ClassNumber.parse(text)


def test_the_following_class_number_is_one_above_the_highest_of_its_year():
    taken = [ClassNumber(2026, 3), ClassNumber(2026, 9), ClassNumber(2025, 40)]
    assert str(ClassNumber.following(2026, taken)) == "2026-010"
    assert str(ClassNumber.following(2027, taken)) == "2027-001"
    assert str(ClassNumber(2026, 1200)) == "2026-1200"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("班次：2026-014 中式烹调师", ("2026-014",)),
        ("班次２０２６—０１２、2026-014、2026-014", ("2026-012", "2026-014")),
        ("日期 2026-10-19", ()),
        ("电话 0455-2026-0141", ()),
        ("没有班次", ()),
    ],
)
def test_class_numbers_are_found_in_words_and_dates_are_not(text, found):
    assert find_class_numbers(text) == found


@pytest.mark.parametrize(
    ("printed", "same"), [("2026-014", True), ("2026—014", True), ("2026-012", False), ("第十四班", True)]
)
def test_a_printed_class_number_is_ours_or_not(printed, same):
    assert same_class(printed, "2026-014") is same


@pytest.mark.parametrize(
    "code",
    [
        "J019-ZY·PX·2026·D10-014-003",
        "J019-ZY·PX·2026·D10-014",
        "ZY·PX·2026·D30-014-003",
        "ZY·PX·2026·Y-1014",
    ],
)
def test_a_reference_code_prints_as_it_was_parsed(code):
    assert str(ReferenceCode.parse(code)) == code


@pytest.mark.parametrize(
    "code", ["", "J019", "J019-ZY-PX-2026-D10-014", "ZY·PX·26·D10-014", "ZY·PX·2026·D10-1"]
)
def test_what_is_no_reference_code_is_refused(code):
    with pytest.raises(NumberError):
        ReferenceCode.parse(code)


def test_a_social_credit_code_is_checked():
    assert check_credit_code("91350100M000100Y43") == ()
    assert check_credit_code(" 91350100m000100y43 ") == ()
    assert check_credit_code("91350100M000100Y44") == ("credit_code_check",)
    assert check_credit_code("91350100M000100I43") == ("credit_code_grammar",)
    assert check_credit_code("9135") == ("credit_code_grammar",)
    assert credit_code_check_digit("91350100M000100Y4") == "3"


def test_the_check_of_a_credit_code_weighs_by_powers_of_three():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for code in (
        "0" * 17,
        "11111111111111111",
        "91310000MA1K3ABCD",
        "5223999900000001X",
        "52231299MJ0000001",
    ):
        total = sum(alphabet.index(sign) * pow(3, place, 31) for place, sign in enumerate(code))
        assert (total + alphabet.index(credit_code_check_digit(code))) % 31 == 0


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("231299199003074214", True),
        ("T231299199003074214", True),
        ("23129919900307421441", True),
        ("JNPX120226000211", False),
        ("1508000010400001", False),
        ("2312990026000001", False),
        ("", False),
    ],
)
def test_an_id_number_inside_a_longer_number_is_seen(text, holds):
    assert holds_id_number(text) is holds
