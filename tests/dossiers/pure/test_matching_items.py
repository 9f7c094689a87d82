"""Which item and which part a reading answers, whoever's it is."""

import pytest

from dossiers.matching import ReadingFacts, level, match
from tests.dossiers.pure.builders import roster, rules

ENTERPRISE = rules().ledger("enterprise_14")
KEY_GROUP = rules().ledger("key_group_17")
PEOPLE = roster(3)
ONE = PEOPLE[0]


def card(**facts):
    return ReadingFacts("id_card_front", **facts)


def codes(found):
    return [given.code for given in found.reasons]


@pytest.mark.parametrize(
    ("kind", "ledger", "item_id"),
    [
        ("course_schedule", ENTERPRISE, "course_schedule"),
        ("score_sheet", KEY_GROUP, "score_sheet"),
        ("trainee_roster", ENTERPRISE, "trainee_roster"),
        ("site_photo", ENTERPRISE, "theory_video_and_site_photos"),
        ("invoice", ENTERPRISE, "tax_invoice"),
        ("invoice", KEY_GROUP, "receipt_or_invoice"),
    ],
)
def test_a_paper_of_the_class_needs_no_trainee(kind, ledger, item_id):
    found = match(ReadingFacts(kind, 0.9, name=ONE.name), PEOPLE, ledger)
    assert (found.item_id, found.trainee_key, found.confidence) == (item_id, None, 0.9)
    assert codes(found) == ["class_paper"]


@pytest.mark.parametrize(
    ("kind", "part"), [("site_photo", "training_site_photo"), ("recording", "theory_lesson_video")]
)
def test_photo_and_recording_find_their_part(kind, part):
    assert match(ReadingFacts(kind), PEOPLE, ENTERPRISE).part == part


@pytest.mark.parametrize(
    ("kind", "ledger", "code"),
    [
        ("other", ENTERPRISE, "kind_unknown"),
        ("", ENTERPRISE, "kind_unknown"),
        ("veteran_certificate", ENTERPRISE, "not_in_ledger"),
        ("cooperation_agreement", KEY_GROUP, "not_in_ledger"),
        ("divider_sheet", KEY_GROUP, "not_in_ledger"),
    ],
)
def test_what_the_ledger_has_no_place_for_stays_in_the_tray(kind, ledger, code):
    found = match(ReadingFacts(kind, name=ONE.name, id_number=ONE.id_number), PEOPLE, ledger)
    assert (found.item_id, found.trainee_key, codes(found)) == (None, None, [code])


def test_a_paper_of_another_class_is_proposed_nowhere():
    reading = ReadingFacts("final_exam_paper", name=ONE.name, id_number=ONE.id_number, class_no="2026-012")
    found = match(reading, PEOPLE, ENTERPRISE, class_no="2026-014")
    assert (found.item_id, found.trainee_key, codes(found)) == (None, None, ["other_class"])
    assert "2026-012" in str(found.reasons[0])
    assert [candidate.item_id for candidate in found.alternatives] == ["final_exam_paper"]


@pytest.mark.parametrize("printed", ["2026-014", "2026—014", "２０２６-014", ""])
def test_a_paper_of_our_class_is_ours_with_any_dash(printed):
    reading = ReadingFacts("final_exam_paper", name=ONE.name, class_no=printed)
    assert match(reading, PEOPLE, ENTERPRISE, class_no="2026-014").trainee_key == 1


def test_a_paper_of_another_class_that_only_shows_its_title_kind_has_no_alternative_where_none_fits():
    reading = ReadingFacts("veteran_certificate", class_no="2026-012")
    assert match(reading, PEOPLE, ENTERPRISE, class_no="2026-014").alternatives == ()


def test_an_item_that_takes_no_more_papers_is_said_and_lowers_confidence():
    reading = card(id_number=ONE.id_number)
    open_one = match(reading, PEOPLE, ENTERPRISE, open_items={"identity_document_copy"})
    closed = match(reading, PEOPLE, ENTERPRISE, open_items={"score_sheet"})
    assert closed.item_id == "identity_document_copy"
    assert closed.has("item_not_open")
    assert closed.confidence < open_one.confidence


def test_the_first_open_item_wins_where_a_kind_answers_two():
    reading = ReadingFacts("training_completion_certificate", name=ONE.name)
    first = match(reading, PEOPLE, KEY_GROUP)
    second = match(reading, PEOPLE, KEY_GROUP, open_items={"entrepreneurship_training_material"})
    assert first.item_id == "certificate_copy"
    assert (second.item_id, second.part) == (
        "entrepreneurship_training_material",
        "entrepreneurship_certificate_copy",
    )


def test_another_occupation_and_another_class_that_knows_the_paper_are_said():
    reading = ReadingFacts("training_completion_certificate", name=ONE.name, occupation="电工")
    found = match(
        reading, PEOPLE, ENTERPRISE, occupation="中式烹调师", known_elsewhere=["2026-012", "2026-011"]
    )
    assert codes(found) == ["name_matches", "occupation_differs", "known_elsewhere"]
    assert "2026-011、2026-012" in str(found.reasons[2])
    assert found.confidence == pytest.approx(0.9 * 0.64)


@pytest.mark.parametrize(
    ("kind", "part"),
    [("veteran_certificate", "veteran_certificate_copy"), ("recognition_form", "recognition_form_copy")],
)
def test_the_kind_names_the_part_of_item_17(kind, part):
    found = match(ReadingFacts(kind, name=ONE.name), PEOPLE, KEY_GROUP)
    assert (found.item_id, found.part, found.trainee_key) == ("category_proof_copy", part, 1)


@pytest.mark.parametrize(
    ("said", "part"),
    [("signature_page", "signature_page"), ("first_page", "first_page"), (None, None), ("nonsense", None)],
)
def test_a_contract_page_has_a_part_only_if_the_page_says_which(said, part):
    found = match(ReadingFacts("labour_contract", name=ONE.name, part=said), PEOPLE, ENTERPRISE)
    assert (found.item_id, found.part) == ("labour_contract_copy", part)


def test_a_subsidy_application_is_the_classs_unless_a_person_is_on_it():
    of_class = match(ReadingFacts("subsidy_application"), PEOPLE, KEY_GROUP)
    of_one = match(
        ReadingFacts("subsidy_application", name=ONE.name, id_number=ONE.id_number), PEOPLE, KEY_GROUP
    )
    assert (of_class.part, of_class.trainee_key, of_class.confidence) == ("training_body_form", None, 1.0)
    assert (of_one.part, of_one.trainee_key) == ("individual_form", 1)
    assert of_one.alternatives[0].part == "training_body_form"


def test_the_enterprises_application_has_no_part():
    found = match(ReadingFacts("subsidy_application", name=ONE.name), PEOPLE, ENTERPRISE)
    assert (found.part, found.trainee_key, codes(found)) == (None, None, ["class_paper"])


@pytest.mark.parametrize(
    ("confidence", "name"), [(0.0, "low"), (0.49, "low"), (0.5, "middle"), (0.79, "middle"), (0.8, "high")]
)
def test_confidence_has_three_levels(confidence, name):
    assert level(confidence) == name


def test_confidence_is_never_above_one():
    assert match(ReadingFacts("score_sheet", 1.7), PEOPLE, ENTERPRISE).confidence == 1.0
