"""Pages without a name of their own go with the page before them, and nothing follows a page of nobody."""

from datetime import date

import pytest

from dossiers.matching import ReadingFacts, follow_on, match
from dossiers.numbering import make_id_number
from tests.dossiers.pure.builders import roster, rules

ENTERPRISE = rules().ledger("enterprise_14")
PEOPLE = roster(3)
ONE = PEOPLE[0]
STRANGER = make_id_number(date(1991, 7, 7), 777)


def card(**facts):
    return ReadingFacts("id_card_front", **facts)


def codes(found):
    return [given.code for given in found.reasons]


def slip(number, at):
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]


def test_the_back_of_a_card_follows_its_front():
    front = match(card(name=ONE.name, id_number=ONE.id_number), PEOPLE, ENTERPRISE)
    back = follow_on(front, "id_card_back")
    assert (back.item_id, back.trainee_key, back.kind) == ("identity_document_copy", 1, "id_card_back")
    assert codes(back) == ["follows_previous_page"]
    assert back.confidence < front.confidence


def test_a_second_back_does_not_follow_a_back():
    front = match(card(id_number=ONE.id_number), PEOPLE, ENTERPRISE)
    assert follow_on(follow_on(front, "id_card_back"), "id_card_back") is None


def test_the_next_page_of_a_contract_is_the_signature_page():
    first = match(ReadingFacts("labour_contract", name=ONE.name, part="first_page"), PEOPLE, ENTERPRISE)
    second = follow_on(first, "other")
    assert (second.part, second.trainee_key, second.kind) == ("signature_page", 1, "labour_contract")


def test_the_doubt_about_a_number_goes_with_the_pages_that_follow():
    front = match(card(name=ONE.name, id_number=slip(ONE.id_number, 12)), PEOPLE, ENTERPRISE)
    assert codes(follow_on(front, "id_card_back")) == ["follows_previous_page", "id_number_check_failed"]


def test_later_pages_of_a_class_paper_follow_one_another():
    first = match(ReadingFacts("lesson_plan"), PEOPLE, ENTERPRISE)
    second = follow_on(first, "other")
    third = follow_on(second, "other")
    assert (third.item_id, third.kind, third.trainee_key) == ("lesson_plan", "lesson_plan", None)


@pytest.mark.parametrize(
    ("previous", "kind"),
    [
        (ReadingFacts("id_card_front"), "id_card_back"),
        (ReadingFacts("id_card_front", id_number=STRANGER), "id_card_back"),
        (ReadingFacts("score_sheet"), "id_card_back"),
        (ReadingFacts("score_sheet"), "other"),
        (ReadingFacts("other"), "other"),
        (ReadingFacts("id_card_front", id_number=ONE.id_number), "score_sheet"),
        (ReadingFacts("id_card_front", id_number=ONE.id_number), "other"),
    ],
)
def test_nothing_follows_what_it_does_not_belong_to(previous, kind):
    assert follow_on(match(previous, PEOPLE, ENTERPRISE), kind) is None
