"""Which item and whose paper: nobody rather than a wrong person, and a reason for everything left in the tray."""

from dataclasses import replace
from datetime import date

import pytest

from dossiers.matching import Match, ReadingFacts, follow_on, level, match
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


@pytest.mark.parametrize("read", ["赵立新", "李", "国栋李", "李国栋梁材"])
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


@pytest.mark.parametrize(
    ("confidence", "name"), [(0.0, "low"), (0.49, "low"), (0.5, "middle"), (0.79, "middle"), (0.8, "high")]
)
def test_confidence_has_three_levels(confidence, name):
    assert level(confidence) == name


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
