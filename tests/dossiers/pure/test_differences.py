"""Two sides of one value: where they part, and what an ID number says of itself. All numbers are of nowhere."""

from datetime import date

import pytest

from dossiers.differences import Outcome, Piece, compare, digits_apart, number_says, parted, same
from dossiers.numbering import make_id_number

NUMBER = make_id_number(date(1990, 3, 7), 421)


def changed(number: str, place: int) -> str:
    """The number with another digit at this place, counted from 1."""
    digit = "1" if number[place - 1] != "1" else "2"
    return number[: place - 1] + digit + number[place:]


def marked(pieces) -> str:
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)


def test_one_digit_is_marked_at_its_place_on_both_sides():
    found = compare("id_number", changed(NUMBER, 14), NUMBER)
    assert (found.outcome, found.places, found.is_by_place) == (Outcome.DIFFERENT, (14,), True)
    assert marked(found.read) == "2312991990030[1]" + NUMBER[14:]
    assert marked(found.held) == "2312991990030[7]" + NUMBER[14:]


@pytest.mark.parametrize(
    ("name", "read", "held", "marks"),
    [
        ("name", "许文寿", "许文涛", ("许文[寿]", "许文[涛]")),
        ("name", "王燕", "王海燕", ("王燕", "王[海]燕")),
        ("address", "样本市愉柳街18号", "样本市榆柳街18号", ("样本市[愉]柳街18号", "样本市[榆]柳街18号")),
        ("id_number", NUMBER[:-1], NUMBER, (NUMBER[:-1], f"{NUMBER[:-1]}[{NUMBER[-1]}]")),
    ],
)
def test_characters_are_laid_over_each_other_where_lengths_differ(name, read, held, marks):
    found = compare(name, read, held)
    assert found.is_different
    assert (marked(found.read), marked(found.held)) == marks


@pytest.mark.parametrize(
    ("name", "one", "other", "is_same"),
    [
        ("name", "阿依古丽·买买提", "阿依古丽•买买提", True),
        ("name", "王 海燕", "王海燕", True),
        ("id_number", NUMBER[:17] + "x", NUMBER[:17] + "X", True),
        ("address", "样本市（东）", "样本市(东)", True),
        ("name", "王海燕", "王海雁", False),
        ("birth_date", "1990-03-07", "1990-03-01", False),
    ],
)
def test_one_spelling_is_compared(name, one, other, is_same):
    assert same(name, one, other) is is_same
    assert (compare(name, one, other).outcome == Outcome.SAME) is is_same


def test_what_one_side_lacks_is_no_difference():
    assert compare("address", "样本市", "").outcome == Outcome.NOT_HELD
    assert compare("name", "", "王海燕").outcome == Outcome.NOT_READ


def test_a_number_tells_the_digit_its_last_one_should_be():
    said = number_says(changed(NUMBER, 14))
    assert said.is_whole and not said.digit_follows and not said.is_sound
    assert said.expected != said.last == NUMBER[-1]
    right = number_says(NUMBER)
    assert right.digit_follows and right.is_sound
    assert (right.birth_date, right.sex) == (date(1990, 3, 7), "男")


def test_a_number_that_is_too_short_claims_no_digit():
    said = number_says(NUMBER[:-2])
    assert (said.is_whole, said.digit_follows, said.last, said.expected) == (False, False, "", "")


def test_two_numbers_are_apart_by_places():
    assert digits_apart(NUMBER, changed(changed(NUMBER, 3), 9)) == 2
    assert digits_apart(NUMBER, NUMBER[:-1]) is None


def test_a_number_is_parted_for_the_eye_and_loses_nothing():
    pieces = parted(compare("id_number", changed(NUMBER, 14), NUMBER).read)
    assert marked(pieces) == f"231299 1990030[1] {NUMBER[14:]}"
    assert "".join(piece.text for piece in pieces).replace(" ", "") == changed(NUMBER, 14)


def test_no_repr_holds_a_value():
    found = compare("id_number", changed(NUMBER, 14), NUMBER)
    assert NUMBER[:6] not in repr(found) + repr(number_says(NUMBER)) + repr(Piece(NUMBER))
