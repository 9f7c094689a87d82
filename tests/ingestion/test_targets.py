"""Where the sender dropped a file weighs much; a page that speaks against it proposes nobody and says so."""

import pytest

from dossiers.matching import Match
from dossiers.rulesets import ruleset
from dossiers.sentences import Sentence
from ingestion.targets import Aim, aimed

LEDGER = ruleset("suihua_2019").ledger("enterprise_14")
UNKNOWN = Match(None, None, None, 0.0, (Sentence("kind_unknown", ""),))
CARD_OF_1 = Match(
    "identity_document_copy", None, 1, 0.97, (Sentence("id_number_matches", ""),), (), "id_card_front"
)
ROSTER = Match("trainee_roster", None, None, 0.9, (Sentence("class_paper", ""),), (), "trainee_roster")
STRANGER = Match(
    "identity_document_copy", None, None, 0.1, (Sentence("not_on_roster", ""),), (), "id_card_front"
)


def codes(found: Match) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_without_an_aim_nothing_changes():
    assert aimed(CARD_OF_1, Aim(), LEDGER) is CARD_OF_1


@pytest.mark.parametrize(
    ("found", "aim", "item", "trainee", "said"),
    [
        (UNKNOWN, Aim("identity_document_copy", 1), "identity_document_copy", 1, "target"),
        (UNKNOWN, Aim("identity_document_copy"), "identity_document_copy", None, "target"),
        (UNKNOWN, Aim("trainee_roster"), "trainee_roster", None, "target"),
        (CARD_OF_1, Aim("identity_document_copy", 1), "identity_document_copy", 1, "target"),
        (CARD_OF_1, Aim("identity_document_copy"), "identity_document_copy", 1, "target"),
        (CARD_OF_1, Aim(None, 1), "identity_document_copy", 1, "target"),
        (CARD_OF_1, Aim("identity_document_copy", 2), "identity_document_copy", None, "target_differs"),
        (CARD_OF_1, Aim("labour_contract_copy", 1), "labour_contract_copy", 1, "target_differs"),
        (ROSTER, Aim("score_sheet"), "score_sheet", None, "target_differs"),
        (STRANGER, Aim("identity_document_copy", 1), "identity_document_copy", None, "target_differs"),
    ],
)
def test_an_aim_is_followed_unless_the_page_speaks_against_it(found, aim, item, trainee, said):
    told = aimed(found, aim, LEDGER)
    assert (told.item_id, told.trainee_key, codes(told)[0]) == (item, trainee, said)


def test_a_contradiction_keeps_both_places_as_choices_and_little_confidence():
    told = aimed(CARD_OF_1, Aim("identity_document_copy", 2), LEDGER)
    assert told.confidence <= 0.3
    assert [choice.trainee_key for choice in told.alternatives] == [2, 1]


def test_a_number_that_fails_its_check_stays_told_and_keeps_the_confidence_down():
    failing = Match(
        "identity_document_copy", None, 1, 0.6, (Sentence("id_number_check_failed", ""),), (), "id_card_front"
    )
    told = aimed(failing, Aim("identity_document_copy", 1), LEDGER)
    assert told.confidence <= 0.6 and "id_number_check_failed" in codes(told)


def test_a_page_of_another_class_is_nobodys_here_whatever_the_aim():
    other = Match(None, None, None, 0.0, (Sentence("other_class", ""),), (), "trainee_registration_form")
    told = aimed(other, Aim("trainee_registration_form", 1), LEDGER)
    assert told.trainee_key is None and codes(told)[:2] == ["target_differs", "other_class"]
