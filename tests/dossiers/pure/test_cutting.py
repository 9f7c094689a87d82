"""Where a page with several papers is cut: along lines that cross no paper, one piece a person."""

import pytest

from dossiers.cutting import Found, halves, is_a_piece, pieces_of, quarters, turned


def at(left, top, owner="", *, leans=False, width=0.4, height=0.2):
    return Found((left, top, left + width, top + height), owner, leans)


def holds(piece, document) -> bool:
    left, top, right, bottom = document.box
    return piece[0] <= left and piece[1] <= top and piece[2] >= right and piece[3] >= bottom


def test_one_persons_card_with_both_sides_is_not_cut():
    assert pieces_of([at(0.3, 0.1, "a"), at(0.3, 0.5, leans=True)]) == ()
    assert pieces_of([at(0.3, 0.1, "a"), at(0.3, 0.5, "a")]) == ()


def test_two_cards_above_each_other_are_parted_between_them():
    documents = [at(0.3, 0.1, "a"), at(0.3, 0.6, "b")]
    first, second = pieces_of(documents)
    assert first == (0.0, 0.0, 1.0, 0.45) and second == (0.0, 0.45, 1.0, 1.0)


def test_four_cards_of_four_people_fall_into_four():
    documents = [at(0.05, 0.1, "a"), at(0.55, 0.1, "b"), at(0.05, 0.6, "c"), at(0.55, 0.6, "d")]
    pieces = pieces_of(documents)
    assert all(holds(piece, document) for piece, document in zip(pieces, documents, strict=True))
    assert sum((p[2] - p[0]) * (p[3] - p[1]) for p in pieces) == pytest.approx(1)


def test_backs_go_with_the_front_they_lie_beside():
    documents = [
        at(0.05, 0.1, "a"),
        at(0.05, 0.6, "b"),
        at(0.55, 0.1, leans=True),
        at(0.55, 0.6, leans=True),
    ]
    first, second = pieces_of(documents)
    assert holds(first, documents[0]) and holds(first, documents[2])
    assert holds(second, documents[1]) and holds(second, documents[3])


def test_backs_below_go_with_the_front_above_them():
    documents = [
        at(0.05, 0.1, "a"),
        at(0.55, 0.1, "b"),
        at(0.05, 0.4, leans=True),
        at(0.55, 0.4, leans=True),
    ]
    first, second = pieces_of(documents)
    assert first[2] == second[0] and first[1] == second[1] == 0.0
    assert holds(first, documents[2]) and holds(second, documents[3])


def test_no_line_crosses_a_paper_that_lies_over_the_middle():
    documents = [at(0.1, 0.05, "a", height=0.55), at(0.1, 0.7, "b", height=0.2)]
    first, second = pieces_of(documents)
    assert holds(first, documents[0]) and holds(second, documents[1])


def test_papers_that_overlap_keep_the_box_around_each():
    documents = [at(0.1, 0.1, "a", width=0.5, height=0.5), at(0.4, 0.4, "b", width=0.5, height=0.5)]
    pieces = pieces_of(documents)
    assert all(holds(piece, document) for piece, document in zip(pieces, documents, strict=True))


def test_documents_that_name_nobody_are_papers_of_their_own():
    assert len(pieces_of([at(0.3, 0.1), at(0.3, 0.6)])) == 2


def test_a_line_of_nearly_nothing_is_no_piece():
    assert not is_a_piece((0.0, 0.0, 1.0, 0.01)) and not is_a_piece((0.2, 0.2, 0.1, 0.9))
    assert not is_a_piece((0.0, 0.0, 1.0, float("nan"))) and not is_a_piece((0.0, 0.0, 1.5, 1.0))
    assert all(is_a_piece(box) for box in (*halves(across=True), *halves(across=False, at=0.3), *quarters()))


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_box_turned_there_and_back_is_the_same(degrees):
    box = (0.1, 0.2, 0.6, 0.9)
    assert turned(turned(box, degrees), 360 - degrees) == box


def test_the_upper_half_of_a_page_turned_by_a_quarter_is_its_right_half():
    assert turned((0.0, 0.0, 1.0, 0.5), 90) == (0.5, 0.0, 1.0, 1.0)
