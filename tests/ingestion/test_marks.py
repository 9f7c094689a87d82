"""Signatures, seals and portraits: present or not, by ink near the words that ask for them."""

import pytest

from ingestion.documents import read_document
from ingestion.marks import read_marks
from ingestion.reading import FieldReading, FieldState, Image, Line
from ingestion.seals import seals_on
from tests.ingestion.drawn_pages import BLUE, GREY, RED, paper, portrait, seal, signature, stroke
from tests.ingestion.pages_of_text import document, line

OPINIONS = [
    line("培训机构意见", 150, 700),
    line("人社部门审核意见", 600, 700),
    line("经办人：", 110, 780),
    line("（签字）", 330, 780),
    line("机构法人：", 110, 860),
    line("（签字）", 330, 860),
    line("经办人：", 560, 780),
    line("（签字）", 800, 780),
    line("主管领导：", 560, 860),
    line("（签字）", 800, 860),
]
PARTIES = [
    line("本合同一式两份，甲乙双方各执一份。", 100, 100),
    line("甲方（盖章）", 120, 600),
    line("乙方（签字）", 600, 600),
    line("签订日期：2026年3月5日", 120, 800),
]


def marks(kind: str, lines: list[Line], page: Image, *, part: str = "") -> dict[str, FieldReading]:
    return {reading.name: reading for reading in read_marks(document(kind, lines, part=part), page)}


def values(kind: str, lines: list[Line], page: Image, *, part: str = "") -> dict[str, str]:
    return {name: reading.value for name, reading in marks(kind, lines, page, part=part).items()}


def test_a_red_seal_belongs_to_the_heading_it_stands_under() -> None:
    page = paper(OPINIONS)
    seal(page, 760, 960)
    found = values("class_opening_application", OPINIONS, page)
    assert (found["institution_seal"], found["hr_seal"]) == ("false", "true")


def test_both_seals_are_found_each_at_its_place() -> None:
    page = paper(OPINIONS)
    seal(page, 300, 960)
    seal(page, 760, 960)
    found = marks("class_opening_application", OPINIONS, page)
    assert found["institution_seal"].value == found["hr_seal"].value == "true"
    place = found["institution_seal"].quad
    assert place is not None
    assert place.centre == pytest.approx((300, 960), abs=12)


def test_a_grey_copy_shows_its_seal_as_a_ring() -> None:
    page = paper(OPINIONS)
    seal(page, 300, 960, colour=GREY)
    found = marks("class_opening_application", OPINIONS, page)
    assert found["institution_seal"].value == "true"


def test_what_a_grey_copy_does_not_show_is_in_doubt_not_absent_for_sure() -> None:
    found = marks("class_opening_application", OPINIONS, paper(OPINIONS))
    assert (found["hr_seal"].value, found["hr_seal"].state, found["hr_seal"].problem) == (
        "false",
        FieldState.SUSPECT,
        "mark_unsure",
    )


def test_a_red_frame_and_red_words_are_no_seal() -> None:
    page = paper()
    stroke(page, [(40, 40), (960, 40), (960, 1360), (40, 1360), (40, 40)], colour=RED, width=6)
    for x in range(300, 700, 40):
        stroke(page, [(x, 100), (x + 20, 130)], colour=RED, width=5)
    assert seals_on(page, 24) == ()


def test_readable_names_and_unreadable_strokes_are_signatures() -> None:
    named = line("江晚亭", 200, 780)
    lines = [*OPINIONS, named]
    page = paper(lines)
    signature(page, 225, 872)
    found = values("class_opening_application", lines, page)
    assert found["institution_handler_signature"] == "true"
    assert found["institution_legal_rep_signature"] == "true"
    assert found["hr_handler_signature"] == found["hr_leader_signature"] == "false"


def test_a_blue_pen_and_a_line_to_sign_on_are_told_apart() -> None:
    lines = [line("检查人签字：", 100, 600), line("负责人确认签字：", 100, 800)]
    page = paper(lines)
    signature(page, 260, 612, colour=BLUE)
    stroke(page, [(270, 826), (520, 826)])
    found = marks("quality_spot_check_record", lines, page)
    assert found["inspector_signature"].value == "true"
    assert (found["responsible_person_signature"].value, found["responsible_person_signature"].problem) == (
        "false",
        "mark_absent",
    )


def test_a_date_behind_a_label_is_no_signature() -> None:
    lines = [line("检查人签字：", 100, 600), line("2026年9月22日", 260, 600)]
    assert values("quality_spot_check_record", lines, paper(lines))["inspector_signature"] == "false"


def test_the_seal_and_the_hand_of_a_contract_are_each_partys_own() -> None:
    page = paper(PARTIES)
    seal(page, 220, 680)
    signature(page, 620, 652)
    found = marks("labour_contract", PARTIES, page, part="signature_page")
    assert (found["party_a_seal"].value, found["party_b_signature"].value) == ("true", "true")


def test_a_contract_that_nobody_signed_says_so() -> None:
    page = paper(PARTIES)
    page[0:20, 0:900] = (40, 40, 220)
    found = values("labour_contract", PARTIES, page, part="signature_page")
    assert (found["party_a_seal"], found["party_b_signature"]) == ("false", "false")


def test_a_signature_page_without_its_words_misses_its_marks() -> None:
    lines = [line("本合同一式两份。", 100, 100)]
    found = marks("labour_contract", lines, paper(lines), part="signature_page")
    assert {reading.state for reading in found.values()} == {FieldState.MISSING}
    assert set(found) == {"party_a_seal", "party_b_signature"}


def test_two_parties_whose_words_are_worn_down_are_told_by_their_sides() -> None:
    lines = [line("职业技能培训合作协议", 300, 60), line("（盖章）", 200, 800), line("（盖章）：", 700, 800)]
    page = paper(lines)
    seal(page, 720, 880)
    found = values("cooperation_agreement", lines, page)
    assert (found["party_a_seal"], found["party_b_seal"]) == ("false", "true")


def test_the_words_that_ask_for_a_portrait_stand_where_none_is() -> None:
    lines = [line("姓名 张玲月", 100, 100), line("（一寸免冠彩色照片）", 700, 180)]
    assert values("trainee_registration_form", lines, paper(lines))["photo"] == "false"


def test_a_portrait_glued_over_them_is_seen() -> None:
    lines = [line("姓名 张玲月", 100, 100), line("性别女", 100, 150)]
    page = paper(lines)
    portrait(page, 800, 90)
    assert values("trainee_registration_form", lines, page)["photo"] == "true"


def test_a_form_without_either_says_nothing_of_a_portrait() -> None:
    lines = [line("姓名 张玲月", 100, 100)]
    assert "photo" not in values("trainee_registration_form", lines, paper(lines))


@pytest.mark.parametrize("kind", ["trainee_roster", "score_sheet", "completion_report"])
def test_the_one_seal_of_a_list_or_a_report_may_stand_anywhere(kind: str) -> None:
    lines = [line("负责人：周若谷", 100, 900), line("（盖章）", 600, 900)]
    page = paper(lines)
    page[0:20, 0:900] = (40, 40, 220)
    assert values(kind, lines, page)["institution_seal"] == "false"
    seal(page, 300, 1150)
    assert values(kind, lines, page)["institution_seal"] == "true"


def test_papers_without_marks_are_not_searched() -> None:
    lines = [line("培训教案", 100, 100)]
    assert read_marks(document("lesson_plan", lines), paper(lines)) == ()


def test_marks_stand_among_the_fields_of_their_document() -> None:
    page = paper(OPINIONS)
    seal(page, 300, 960)
    found = read_document(document("class_opening_application", OPINIONS), page)
    reading = found.field("institution_seal")
    assert reading is not None
    assert reading.value == "true"
