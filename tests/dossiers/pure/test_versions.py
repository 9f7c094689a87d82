"""Two versions of papers held against each other, page by page."""

import pytest

from dossiers.versions import Change, FieldFact, PageFact, compare, field_changes, unlikeness


def page(
    name: str, place: str = "contract", *, kind: str = "labour_contract", picture: str = "", **fields: str
):
    """A page named by a letter; its bytes are its name in capitals: the same sheet turned is written a, then a'."""
    return PageFact(
        sheet=name.rstrip("'"),
        place=place,
        bytes_mark=name.upper(),
        picture=picture,
        kind=kind,
        fields=tuple(FieldFact(key, value, value) for key, value in fields.items()),
    )


def told(old: str, new: str) -> list[tuple[str, int, int]]:
    """Changes between two rows of pages, one letter each; a stroke after a letter is a turn."""

    def pages(row: str) -> list[PageFact]:
        return [page(name) for name in row.replace("'", "' ").replace("", " ").replace(" '", "'").split()]

    return [(one.change.value, one.old_number, one.new_number) for one in compare(pages(old), pages(new))]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("abc", "abc", [("same", 1, 1), ("same", 2, 2), ("same", 3, 3)]),
        ("abc", "axc", [("same", 1, 1), ("replaced", 2, 2), ("same", 3, 3)]),
        ("abc", "abcd", [("same", 1, 1), ("same", 2, 2), ("same", 3, 3), ("added", 0, 4)]),
        ("abc", "xabc", [("added", 0, 1), ("same", 1, 2), ("same", 2, 3), ("same", 3, 4)]),
        ("abc", "ac", [("same", 1, 1), ("removed", 2, 0), ("same", 3, 2)]),
        ("abc", "", [("removed", 1, 0), ("removed", 2, 0), ("removed", 3, 0)]),
        ("abcd", "dabc", [("moved", 4, 1), ("same", 1, 2), ("same", 2, 3), ("same", 3, 4)]),
        ("ab", "ba", None),
        ("abc", "xyz", [("replaced", 1, 1), ("replaced", 2, 2), ("replaced", 3, 3)]),
        ("a", "a'", [("turned", 1, 1)]),
        ("", "", []),
    ],
)
def test_every_page_is_told_once(old, new, changes):
    found = told(old, new)
    if changes is not None:
        assert found == changes
    assert sorted(number for _, number, _ in found if number) == list(range(1, len(old.replace("'", "")) + 1))
    assert sorted(number for _, _, number in found if number) == list(range(1, len(new.replace("'", "")) + 1))


def test_of_two_that_changed_places_one_moved():
    assert sorted(change for change, _, _ in told("ab", "ba")) == ["moved", "same"]


def test_a_page_that_went_to_another_paper_moved_and_was_neither_added_nor_removed():
    found = compare([page("a"), page("b")], [page("a"), page("b", "other")])
    assert [(one.change, one.place) for one in found] == [(Change.SAME, "contract"), (Change.MOVED, "other")]
    assert found[1].old.place == "contract"


def test_a_page_of_one_person_does_not_replace_that_of_another():
    found = compare([page("a", "wang")], [page("x", "li")])
    assert sorted(one.change for one in found) == ["added", "removed"]


def test_the_same_bytes_twice_are_two_pages():
    assert [change for change, *_ in told("aa", "aaa")] == ["same", "same", "added"]


def test_the_kind_says_which_came_instead_of_which():
    old = [page("a", kind="id_card_front"), page("b", kind="id_card_back")]
    found = compare(old, [page("x", kind="id_card_back")])
    by_change = {one.change: one for one in found}
    assert by_change[Change.REPLACED].old.sheet == "b"
    assert by_change[Change.REMOVED].old.sheet == "a"


def test_of_pages_alike_in_kind_and_distance_the_likest_is_the_counterpart():
    old = [page("a", picture="ffff"), page("k", picture="3333"), page("c", picture="0000")]
    found = compare(old, [page("k", picture="3333"), page("x", picture="0001")])
    replaced = next(one for one in found if one.change == Change.REPLACED)
    assert replaced.old.sheet in "ac"
    near = compare(
        [page("a", picture="ffff"), page("k"), page("c", picture="0000")],
        [page("n", picture="0000"), page("k")],
    )
    assert {one.change for one in near} == {Change.SAME, Change.REPLACED, Change.REMOVED}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("ffff", "ffff", 0), ("0000", "ffff", 1), ("", "ffff", 0.5), ("ff", "ffff", 0.5)],
)
def test_unlikeness_is_a_share_of_the_picture(one, other, apart):
    assert unlikeness(page("a", picture=one), page("b", picture=other)) == apart


def test_what_the_fields_say_now_is_told_of_what_was_replaced_alone():
    old = page("a", employer="样本食品", signed_on="2026-03-01", start_on="2026-03-01")
    new = page("x", employer="样本食品", signed_on="2026-03-11", end_on="2029-03-01")
    (found,) = compare([old], [new])
    assert [(one.name, one.old, one.new) for one in found.fields] == [
        ("signed_on", "2026-03-01", "2026-03-11"),
        ("end_on", "", "2029-03-01"),
        ("start_on", "2026-03-01", ""),
    ]
    (same,) = compare([old], [page("a", employer="别的")])
    assert same.fields == ()


def test_values_are_compared_by_their_key_and_shown_as_they_may_be_seen():
    old = PageFact("a", "p", "A", fields=(FieldFact("id_number", "key-of-one", "2312**********0421"),))
    new = PageFact("b", "p", "B", fields=(FieldFact("id_number", "key-of-other", "2312**********0421"),))
    (found,) = field_changes(old, new)
    assert found.old == found.new == "2312**********0421"
    assert "key" not in repr(old) and "0421" not in repr(found)
