"""The benchmark's counting: characters without order, places as polygons, values, rows, documents, inventions."""

from dataclasses import replace
from typing import Any

import pytest

from ingestion.specimens.likeness import best_place, character_errors, overlap
from ingestion.specimens.scoring import Tally, tally_pages
from ingestion.specimens.truth import PageTruth

NUMBER, OTHER_NUMBER = "231299198001010013", "231299198001010021"
SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]


def value(text: str, quad: Any = None, printed: str = "") -> dict[str, Any]:
    return {"value": text, "printed": printed or text, "quad": quad or SQUARE}


def reading(text: str, state: str = "checked", quad: Any = None) -> dict[str, Any]:
    return {"value": text, "state": state, "quad": quad or SQUARE}


def document(kind: str = "id_card_front", **more: Any) -> dict[str, Any]:
    plain = {"kind": kind, "part": "", "quad": SQUARE, "continues": False, "fields": {}, "rows": []}
    return {**plain, **more}


def truth(*documents: dict[str, Any], kind: str = "id_card_front", **more: Any) -> PageTruth:
    page = PageTruth(
        file="a.jpg",
        page=1,
        kind=kind,
        part="",
        items={},
        trainee=0,
        name="",
        id_number="",
        fields={},
        width=10,
        height=10,
        documents=list(documents),
    )
    return replace(page, **more)


def said(*documents: dict[str, Any], text: str = "", **more: Any) -> dict[str, Any]:
    kind = documents[0]["kind"] if documents else "other"
    plain = {"width": 10, "height": 10, "text": text, "kind": kind, "rotation": 0, "follows_previous": False}
    return {**plain, "documents": list(documents), **more}


def counted(page: PageTruth, answer: dict[str, Any] | None) -> Tally:
    return tally_pages([(page, answer)])


def measure(tally: Tally, name: str) -> tuple[int, int]:
    return tally.right[name], tally.of[name]


@pytest.mark.parametrize(
    ("read", "errors"),
    [
        ("姓名张三性别男", 0),
        ("性别男\n姓 名\n张三", 0),
        ("姓名张二性别男", 1),
        ("姓名张三", 3),
        ("姓名张三性别男多了字", 3),
        ("", 7),
    ],
)
def test_characters_are_counted_without_regard_to_the_order_of_lines(read: str, errors: int) -> None:
    told = character_errors(["姓名", "张三", "性别男"], read)
    assert (told.errors, told.printed) == (errors, 7)


def test_a_word_is_not_found_twice_in_one_place() -> None:
    assert character_errors(["男", "男"], "男").errors == 1


def test_the_text_of_seals_is_no_error_but_more_than_that_is() -> None:
    assert character_errors(["张三"], "张三样本专用章", overprint=5).errors == 0
    assert character_errors(["张三"], "张三样本专用章", overprint=3).errors == 2


def test_handwriting_is_counted_apart_and_what_it_was_misread_into_is_no_error_of_print() -> None:
    told = character_errors(["姓名"], "姓名张工", by_hand=["张三"])
    assert (told.errors, told.printed, told.errors_by_hand, told.by_hand) == (0, 2, 1, 2)
    assert character_errors(["姓名"], "姓名张工多了", by_hand=["张三"]).errors == 0
    assert character_errors(["姓名"], "姓名张工多了字", by_hand=["张三"]).errors == 1


def test_the_best_place_of_a_word_is_found_with_its_ends() -> None:
    assert best_place("签订日期", "甲方签订曰期二〇二六年") == (1, 2, 6)


def test_places_overlap_as_polygons_not_as_boxes() -> None:
    diamond = [[5, 0], [10, 5], [5, 10], [0, 5]]
    assert overlap(SQUARE, SQUARE) == pytest.approx(1.0)
    assert overlap(SQUARE, diamond) == pytest.approx(0.5)
    assert overlap(SQUARE, [[20, 20], [30, 20], [30, 30], [20, 30]]) == 0.0


def test_a_right_value_counts_once_for_itself_its_check_and_its_place() -> None:
    page = truth(document(fields={"id_number": value(NUMBER)}))
    far = [[8, 8], [30, 8], [30, 30], [8, 30]]
    right = counted(page, said(document(fields={"id_number": reading(NUMBER)})))
    unsure = counted(page, said(document(fields={"id_number": reading(NUMBER, "suspect", far)})))
    assert [measure(right, name) for name in ("id_number", "id_checked", "place")] == [(1, 1)] * 3
    assert [measure(unsure, name) for name in ("id_number", "id_checked", "place")] == [
        (1, 1),
        (0, 1),
        (0, 1),
    ]


@pytest.mark.parametrize(
    ("state", "accepted"), [("read", 1), ("checked", 1), ("suspect", 0), ("malformed", 0)]
)
def test_a_wrong_number_is_counted_where_it_is_accepted(state: str, accepted: int) -> None:
    page = truth(document(fields={"id_number": value(NUMBER)}))
    tally = counted(page, said(document(fields={"id_number": reading(OTHER_NUMBER, state)})))
    assert measure(tally, "id_number") == (0, 1)
    assert measure(tally, "id_number_wrong_accepted") == (accepted, 1)


def test_a_number_on_a_card_that_is_not_there_is_a_wrong_one() -> None:
    page = truth(document(fields={"id_number": value(NUMBER)}))
    invented = document(
        "social_security_card", fields={"id_number": reading(OTHER_NUMBER)}, quad=[[50, 50]] * 4
    )
    tally = counted(page, said(document(fields={"id_number": reading(NUMBER)}), invented))
    assert measure(tally, "id_number_wrong_accepted") == (1, 2)
    assert measure(tally, "too_many") == (1, 1)


def test_two_cards_of_one_page_are_held_against_their_own_truth() -> None:
    right_half = [[20, 0], [30, 0], [30, 10], [20, 10]]
    page = truth(
        document(fields={"name": value("甲一")}), document(fields={"name": value("乙二")}, quad=right_half)
    )
    one = document(fields={"name": reading("甲一", "read")})
    other = document(fields={"name": reading("乙二", "read")}, quad=right_half)
    assert measure(counted(page, said(other, one)), "name") == (2, 2)
    assert measure(counted(page, said(other, one)), "one_by_one") == (2, 2)
    assert measure(counted(page, said(one)), "name") == (1, 2)
    assert measure(counted(page, said(one)), "one_by_one") == (1, 2)


def test_a_card_is_not_taken_for_another_that_lies_elsewhere_though_of_its_kind() -> None:
    right_half = [[20, 0], [30, 0], [30, 10], [20, 10]]
    page = truth(
        document(fields={"id_number": value(NUMBER)}),
        document(fields={"id_number": value(OTHER_NUMBER)}, quad=right_half),
    )
    only_the_second = document(fields={"id_number": reading(OTHER_NUMBER)}, quad=right_half)
    tally = counted(page, said(only_the_second))
    assert measure(tally, "id_number") == (1, 2)
    assert measure(tally, "id_number_wrong_accepted") == (0, 1)


def test_places_are_compared_in_pixels_of_the_upload_as_read() -> None:
    page = truth(document(fields={"name": value("甲一")}))
    twice = [[x * 2, y * 2] for x, y in SQUARE]
    answer = said(document(quad=twice, fields={"name": reading("甲一", "read", twice)}), width=20, height=20)
    assert measure(counted(page, answer), "place") == (1, 1)


def test_rows_are_found_by_their_place_and_wrong_numbers_in_them_are_counted() -> None:
    below = [[0, 20], [10, 20], [10, 30], [0, 30]]
    beside, beside_below = ([[x + 20, y] for x, y in quad] for quad in (SQUARE, below))
    rows = [
        {"name": value("甲一"), "id_number": value(NUMBER, beside)},
        {"name": value("乙二", below), "id_number": value(OTHER_NUMBER, beside_below)},
    ]
    page = truth(document("trainee_roster", rows=rows), kind="trainee_roster")
    wrong = NUMBER[:-1] + "9"
    read = [
        {"name": reading("乙二", "read", below), "id_number": reading(wrong, "checked", beside_below)},
        {"name": reading("甲一", "read"), "id_number": reading(NUMBER, "checked", beside)},
    ]
    tally = counted(page, said(document("trainee_roster", rows=read)))
    assert measure(tally, "row_name") == (2, 2)
    assert measure(tally, "row_id") == (1, 2)
    assert measure(tally, "row_id_wrong_accepted") == (1, 2)


@pytest.mark.parametrize(
    ("answer", "invented"),
    [
        (said(document("other")), 0),
        (said(document("id_card_front")), 1),
        (said(document("other", fields={"id_number": reading(NUMBER)})), 1),
        (said(document("other", fields={"id_number": reading(NUMBER, "suspect")})), 0),
    ],
)
def test_a_document_on_a_page_that_has_none_is_an_invention(answer: dict[str, Any], invented: int) -> None:
    tally = counted(truth(document("other"), kind="other"), answer)
    assert measure(tally, "invented") == (invented, 1)


def test_text_alone_is_right_where_the_printed_value_stands_in_it() -> None:
    fields = {"issued_on": value("2026-09-07", printed="2026年09月07日"), "name": value("甲一")}
    page = truth(document(fields=fields))
    tally = counted(
        page, said(text="发证日期 2026年09月07 日", documents=None, kind=None) | {"documents": None}
    )
    assert measure(tally, "issued_on") == (1, 1)
    assert measure(tally, "name") == (0, 1)


def test_nobody_is_asked_to_read_a_name_from_a_signature() -> None:
    page = truth(document("labour_contract", part="signature_page", fields={"name": value("甲一")}))
    assert measure(counted(page, said(document("labour_contract"))), "name") == (0, 0)


def test_a_file_that_was_refused_is_wrong_in_everything() -> None:
    page = truth(document(fields={"name": value("甲一")}))
    tally = counted(page, None)
    assert measure(tally, "name") == (0, 1)
    assert measure(tally, "page_kind") == (0, 1)
