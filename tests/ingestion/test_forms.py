"""Check boxes on forms: which are ticked, by the ink within; and the rest of a registration form around them."""

import cv2
import numpy as np
import pytest

from ingestion.documents import read_document
from ingestion.reading import FieldReading, FieldState, Image, Line
from tests.ingestion.drawn_pages import box, paper
from tests.ingestion.pages_of_text import document, line

STATUS = (("employed", "就业", 420), ("unemployed", "失业", 560), ("none", "无状态", 700))
CATEGORIES = (
    ("poor_family_child", "贫困家庭子女"),
    ("laid_off_unemployed", "下岗失业人员"),
    ("veteran", "退役军人"),
    ("disabled", "残疾人"),
    ("drug_rehab", "戒毒人员"),
)
HANDS = ["hook", "cross", "filled", "loose"]


def form(
    status: dict[str, str], categories: dict[str, str], *, read_as: str = ""
) -> tuple[list[Line], Image]:
    """A form with these boxes ticked in these hands; `read_as` is what an engine makes of the boxes themselves."""
    labels = [line("登记状态", 250, 300), line("人员类别", 100, 520)]
    places = [(option, words, x, 300) for option, words, x in STATUS]
    places += [(option, words, 250, 420 + 50 * place) for place, (option, words) in enumerate(CATEGORIES)]
    page = paper([*labels, *(line(words, x, y) for _, words, x, y in places)])
    for option, _, x, y in places:
        box(page, x - 26, y + 3, ticked={**status, **categories}.get(option, ""))
    seen = [line(read_as + words, x - 20 * len(read_as), y) for _, words, x, y in places]
    return [*labels, *seen], page


def read(lines: list[Line], page: Image) -> dict[str, FieldReading]:
    found = read_document(document("trainee_registration_form", lines), page)
    return {reading.name: reading for reading in found.fields}


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("option", [option for option, *_ in STATUS])
def test_the_ticked_box_is_told_in_any_hand(option: str, hand: str) -> None:
    reading = read(*form({option: hand}, {}))["registration_status"]
    assert (reading.value, reading.state) == (option, FieldState.READ)


@pytest.mark.parametrize("hand", HANDS)
def test_a_list_of_long_options_above_and_below_its_label_is_read_whole(hand: str) -> None:
    for option, _ in CATEGORIES:
        assert read(*form({}, {option: hand}))["person_category"].value == option


def test_a_box_that_an_engine_read_as_a_sign_is_judged_by_its_ink_all_the_same() -> None:
    assert read(*form({}, {"veteran": "hook"}, read_as="□"))["person_category"].value == "veteran"


@pytest.mark.parametrize("option", [option for option, _ in CATEGORIES])
@pytest.mark.parametrize("hand", ["hook", "loose"])
def test_a_box_within_the_place_of_words_that_do_not_tell_of_it_is_found(option: str, hand: str) -> None:
    lines, page = form({}, {option: hand}, read_as="□")
    silent = [Line(one.text.removeprefix("□"), one.confidence, one.quad) for one in lines]
    assert read(silent, page)["person_category"].value == option


def test_options_without_any_box_before_them_are_no_group() -> None:
    lines = [
        line("人员类别", 100, 520),
        *(line(words, 250, 420 + 50 * n) for n, (_, words) in enumerate(CATEGORIES)),
    ]
    assert "person_category" not in read(lines, paper(lines))


def test_a_box_that_cannot_be_seen_leaves_the_group_in_doubt() -> None:
    lines, page = form({}, {"veteran": "hook"})
    page[570:600, 200:248] = 245
    reading = read(lines, page)["person_category"]
    assert (reading.value, reading.state, reading.problem) == (
        "veteran",
        FieldState.SUSPECT,
        "tick_unsure",
    )


def test_two_ticks_are_both_told_and_suspect() -> None:
    reading = read(*form({}, {"veteran": "hook", "disabled": "cross"}))["person_category"]
    assert (reading.value, reading.state, reading.problem) == (
        "veteran|disabled",
        FieldState.SUSPECT,
        "several_ticked",
    )


def test_no_tick_is_missing_and_says_why() -> None:
    reading = read(*form({}, {}))["person_category"]
    assert (reading.value, reading.state, reading.problem) == ("", FieldState.MISSING, "nothing_ticked")


def test_a_speck_in_a_box_is_no_tick_for_sure() -> None:
    lines, page = form({}, {})
    cv2.circle(page, (233, 432), 2, (30, 30, 30), -1)
    reading = read(lines, page)["person_category"]
    assert (reading.state, reading.problem) in {
        (FieldState.SUSPECT, "tick_unsure"),
        (FieldState.MISSING, "nothing_ticked"),
    }


def test_a_watermark_over_the_boxes_ticks_none() -> None:
    lines, page = form({"employed": "hook"}, {})
    veil = np.full_like(page, 190)
    page[290:340, 380:800] = np.minimum(page[290:340, 380:800], veil[290:340, 380:800])
    assert read(lines, page)["registration_status"].value == "employed"


def test_a_level_in_words_is_read_where_no_boxes_are_drawn() -> None:
    lines = [line("培训专业等级", 100, 300), line("五级（初级工）", 350, 300)]
    reading = read(lines, paper(lines))["skill_level"]
    assert (reading.value, reading.state) == ("五级（初级工）", FieldState.READ)


def test_a_level_in_boxes_is_the_ticked_one_not_the_words_of_all() -> None:
    lines = [line("培训专业等级", 100, 300)]
    page = paper()
    for place, words in enumerate(("五级", "四级", "三级")):
        lines.append(line(words, 350 + 110 * place, 300))
        box(page, 324 + 110 * place, 303, ticked="hook" if words == "四级" else "")
    assert read(lines, page)["skill_level"].value == "4"


def test_the_box_of_a_tick_encloses_the_tick_and_its_words() -> None:
    lines, page = form({}, {"veteran": "hook"})
    place = read(lines, page)["person_category"].quad
    words = next(one.quad for one in lines if one.text == "退役军人")
    assert place is not None
    assert place.left < words.left
    assert place.overlap(words) > 0.5
