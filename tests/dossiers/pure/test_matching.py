"""Which item and whose paper: nobody rather than a wrong person, and a reason for everything left in the tray."""

from dataclasses import replace
from datetime import date

import pytest

from dossiers.matching import Match, ReadingFacts, level, match
from dossiers.numbering import make_id_number
from tests.dossiers.pure.builders import roster, rules

ENTERPRISE = rules().ledger("enterprise_14")
KEY_GROUP = rules().ledger("key_group_17")
PEOPLE = roster(3)
ONE, TWO, THREE = PEOPLE
STRANGER = make_id_number(date(1991, 7, 7), 777)


def card(**facts):
    return ReadingFacts("id_card_front", **facts)


def codes(found):
    return [given.code for given in found.reasons]


def wrong_digit(number):
    return number[:17] + ("0" if number[17] != "0" else "1")


def slip(number, *positions):
    for at in positions:
        number = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
    return number


def test_an_exact_valid_number_finds_its_trainee():
    found = match(card(name=TWO.name, id_number=TWO.id_number), PEOPLE, ENTERPRISE)
    assert (found.item_id, found.trainee_key) == ("identity_document_copy", 2)
    assert codes(found) == ["id_number_matches", "name_matches"]
    assert level(found.confidence) == "high"


def test_a_number_is_enough_without_a_name():
    assert match(card(id_number=TWO.id_number), PEOPLE, ENTERPRISE).trainee_key == 2


def test_a_number_with_another_spelling_of_the_name_is_proposed_with_doubt():
    found = match(card(name="孙桂芬", id_number=TWO.id_number), PEOPLE, ENTERPRISE)
    assert found.trainee_key == 2
    assert codes(found) == ["id_number_matches", "name_differs"]
    assert level(found.confidence) == "middle"
    assert "孙桂芬" in str(found.reasons[1])


def test_one_persons_name_with_anothers_number_is_proposed_to_neither():
    found = match(card(name=ONE.name, id_number=TWO.id_number), PEOPLE, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["name_and_number_disagree"])
    assert {candidate.trainee_key for candidate in found.alternatives} == {1, 2}


def test_a_number_of_nobody_here_is_of_another_class_even_under_a_name_of_ours():
    found = match(card(name=ONE.name, id_number=STRANGER), PEOPLE, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["not_on_roster"])
    assert [candidate.trainee_key for candidate in found.alternatives] == [1]
    assert level(found.confidence) == "low"


def test_a_number_that_two_on_the_roster_share_is_proposed_to_neither():
    twice = [ONE, replace(TWO, id_number=ONE.id_number)]
    found = match(card(id_number=ONE.id_number), twice, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["number_twice_on_roster"])


def test_a_number_that_fails_its_check_is_not_used_and_never_silent():
    found = match(card(id_number=wrong_digit(ONE.id_number)), PEOPLE, ENTERPRISE)
    assert found.trainee_key is None
    assert "id_number_check_failed" in codes(found)


def test_a_number_the_reader_found_wrong_is_not_used_either():
    found = match(card(id_number=ONE.id_number, id_number_valid=False), PEOPLE, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["id_number_check_failed"])


def test_a_failing_number_on_both_the_paper_and_the_roster_is_not_used():
    wrong = wrong_digit(ONE.id_number)
    found = match(card(id_number=wrong), [replace(ONE, id_number=wrong), TWO], ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["id_number_check_failed"])


def test_a_number_called_valid_by_the_reader_is_checked_again():
    found = match(card(id_number=wrong_digit(ONE.id_number), id_number_valid=True), PEOPLE, ENTERPRISE)
    assert (found.trainee_key, found.has("id_number_check_failed")) == (None, True)


def test_an_exact_name_beside_a_slightly_wrong_number_is_proposed_with_the_failed_check():
    found = match(card(name=ONE.name, id_number=slip(ONE.id_number, 12)), PEOPLE, ENTERPRISE)
    assert found.trainee_key == 1
    assert codes(found) == ["id_number_check_failed", "name_matches"]
    assert level(found.confidence) == "middle"


def test_an_exact_name_beside_a_wholly_other_failing_number_is_proposed_to_nobody():
    found = match(card(name=ONE.name, id_number=wrong_digit(STRANGER)), PEOPLE, ENTERPRISE)
    assert found.trainee_key is None
    assert codes(found) == ["id_number_check_failed", "id_number_differs"]
    assert [candidate.trainee_key for candidate in found.alternatives] == [1]


def test_a_failing_number_of_another_length_contradicts_too():
    found = match(card(name=ONE.name, id_number=STRANGER[:12]), PEOPLE, ENTERPRISE)
    assert (found.trainee_key, found.has("id_number_differs")) == (None, True)


def test_an_exact_unique_name_is_enough_where_no_number_speaks():
    found = match(ReadingFacts("final_exam_paper", 0.9, name=THREE.name), PEOPLE, ENTERPRISE)
    assert (found.item_id, found.trainee_key, codes(found)) == ("final_exam_paper", 3, ["name_matches"])
    assert found.confidence == pytest.approx(0.81)


@pytest.mark.parametrize("read", [" 李 国 栋 ", "李\u3000国栋"])
def test_blanks_in_a_name_do_not_matter(read):
    assert match(ReadingFacts("final_exam_paper", name=read), PEOPLE, ENTERPRISE).trainee_key == 1


def test_a_former_name_counts_and_is_said():
    renamed = [replace(ONE, former_names=("李栋梁",)), TWO]
    found = match(ReadingFacts("final_exam_paper", name="李栋梁"), renamed, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (1, ["former_name_matches"])
    assert str(found.reasons[0]) == "曾用名与名册一致"


def test_namesakes_are_proposed_to_neither():
    twins = [ONE, replace(TWO, name=ONE.name)]
    found = match(ReadingFacts("final_exam_paper", name=ONE.name), twins, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["namesakes"])
    assert [candidate.trainee_key for candidate in found.alternatives] == [1, 2]


def test_namesakes_are_told_apart_by_a_readable_part_of_the_number():
    twins = [ONE, replace(TWO, name=ONE.name)]
    partial = TWO.id_number[:14] + "????"
    found = match(card(name=ONE.name, id_number=partial), twins, ENTERPRISE)
    assert (found.trainee_key, found.has("partial_number_matches")) == (2, True)


def test_namesakes_are_not_told_apart_by_a_number_that_fails():
    twins = [ONE, replace(TWO, name=ONE.name)]
    found = match(card(name=ONE.name, id_number=wrong_digit(TWO.id_number)), twins, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["id_number_check_failed", "namesakes"])


def test_a_near_name_with_a_consistent_partial_number_is_proposed():
    found = match(
        card(name="孙桂芬", id_number=TWO.id_number[:14] + "??" + TWO.id_number[16:]), PEOPLE, ENTERPRISE
    )
    assert (found.trainee_key, codes(found)) == (2, ["near_name", "partial_number_matches"])
    assert level(found.confidence) == "middle"


@pytest.mark.parametrize(
    "id_number",
    [
        "",
        "231299????????????",
        "231299????????12??",
        THREE.id_number[:14] + "????",
        wrong_digit(TWO.id_number),
        TWO.id_number[:14],
    ],
)
def test_a_near_name_alone_or_with_too_little_is_proposed_to_nobody(id_number):
    found = match(card(name="孙桂芬", id_number=id_number), PEOPLE, ENTERPRISE)
    assert found.trainee_key is None
    assert "name_unsure" in codes(found)
    assert [candidate.trainee_key for candidate in found.alternatives] == [2]


def test_a_name_near_two_people_is_proposed_to_neither():
    both = [replace(ONE, name="王海燕"), replace(TWO, name="王海艳")]
    partial = ONE.id_number[:14] + "????"
    found = match(card(name="王海彦", id_number=partial), both, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["name_unsure"])
    assert len(found.alternatives) == 2


def test_a_name_read_badly_is_not_taken_for_one_of_two_near_names():
    both = [replace(ONE, name="王海燕"), replace(TWO, name="王海艳")]
    unsure = match(ReadingFacts("final_exam_paper", name="王海燕", name_confidence=0.5), both, ENTERPRISE)
    sure = match(ReadingFacts("final_exam_paper", name="王海燕", name_confidence=0.95), both, ENTERPRISE)
    assert (unsure.trainee_key, codes(unsure)) == (None, ["name_unsure"])
    assert sure.trainee_key == 1


@pytest.mark.parametrize("read", ["李栋", "李国梁栋", "李国梁"])
def test_near_means_one_character_more_less_or_other(read):
    found = match(card(name=read), PEOPLE, ENTERPRISE)
    assert codes(found) == ["name_unsure"]


@pytest.mark.parametrize("read", ["赵立新", "李", "国栋李", "李国栋梁材", "王国立栋", "李国强生"])
def test_a_name_of_nobody_here_says_so(read):
    found = match(card(name=read), PEOPLE, ENTERPRISE)
    assert (found.trainee_key, codes(found), found.alternatives) == (None, ["name_not_on_roster"], ())


def test_without_name_and_number_the_item_is_proposed_and_nobody():
    found = match(card(), PEOPLE, ENTERPRISE)
    assert (found.item_id, found.trainee_key, codes(found)) == ("identity_document_copy", None, ["no_name"])


def test_a_partial_number_alone_only_offers_candidates():
    found = match(card(id_number=TWO.id_number[:14] + "????"), PEOPLE, ENTERPRISE)
    assert found.trainee_key is None
    assert [candidate.trainee_key for candidate in found.alternatives] == [2]


def test_two_peoples_cards_on_one_page_are_to_be_split_first():
    found = match(card(name=ONE.name, id_number=ONE.id_number, people=2), PEOPLE, ENTERPRISE)
    assert (found.trainee_key, codes(found)) == (None, ["several_people"])


def test_who_left_the_class_is_proposed_with_a_word_about_it():
    found = match(card(id_number=ONE.id_number), [replace(ONE, withdrawn=True)], ENTERPRISE)
    assert (found.trainee_key, found.has("trainee_withdrawn")) == (1, True)
    assert level(found.confidence) == "middle"


@pytest.mark.parametrize(
    "reading",
    [
        card(),
        card(name="赵立新"),
        card(name="孙桂芬"),
        card(name=ONE.name, id_number=TWO.id_number),
        card(name=ONE.name, id_number=STRANGER),
        card(name=ONE.name, id_number=ONE.id_number, people=2),
    ],
)
def test_where_nobody_is_proposed_confidence_is_low(reading):
    found = match(reading, PEOPLE, ENTERPRISE)
    assert (found.trainee_key, level(found.confidence)) == (None, "low")


def test_names_of_one_character_are_never_near():
    short = [replace(ONE, name="李国")]
    assert codes(match(card(name="李"), short, ENTERPRISE)) == ["name_not_on_roster"]


def test_no_reason_and_no_repr_holds_an_id_number():
    readings = [
        card(name=ONE.name, id_number=ONE.id_number),
        card(name=ONE.name, id_number=wrong_digit(STRANGER)),
        card(name="孙桂芬", id_number=TWO.id_number[:14] + "????"),
    ]
    for reading in readings:
        found: Match = match(reading, PEOPLE, ENTERPRISE)
        shown = repr(reading) + repr(PEOPLE) + repr(found) + "".join(str(given) for given in found.reasons)
        assert reading.id_number not in shown
        assert ONE.id_number not in shown


def test_no_reading_of_another_class_ever_finds_somebody_here():
    """Every card of thirty strangers, whole, wrong by one, or half read: nobody of ours is proposed."""
    strangers = [make_id_number(date(1970 + at, 5, 5), 300 + at) for at in range(30)]
    for number in strangers:
        for read in (number, wrong_digit(number), slip(number, 9), number[:14] + "????"):
            for name in ("", "赵立新", "李国梁"):
                assert match(card(name=name, id_number=read), PEOPLE, ENTERPRISE).trainee_key is None
