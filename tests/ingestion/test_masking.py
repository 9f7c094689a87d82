"""No stored text holds a number that could harm."""

import pytest

from ingestion.masking import masked, masked_in_place


@pytest.mark.parametrize(
    ("read", "stored"),
    [
        ("公民身份号码231299199003074218", "公民身份号码2312**********4218"),
        ("身份证号 23129919900307421X", "身份证号 2312**********421X"),
        ("231299 19900307 4218", "2312**********4218"),
        ("２３１２９９１９９００３０７４２１８", "2312**********4218"),
        ("23129919900307421x,女", "2312**********421x,女"),
        ("2312991990O3O742l8", "2312**********42l8"),
        ("231299900307421", "2312*******7421"),
        ("账号6222021234567890123", "账号6222***********0123"),
        ("23129919900307", "**************"),
        ("电话 13800138000, 课时 80", "电话 13800138000, 课时 80"),
        ("有效期限2016.10.19-2036.10.19", "有效期限2016.10.19-2036.10.19"),
        ("2026-10-19 08:30 4 课时", "2026-10-19 08:30 4 课时"),
        ("职业 中式烹调师\n231299199003074218", "职业 中式烹调师\n2312**********4218"),
    ],
)
def test_what_looks_like_an_id_number_is_masked_and_nothing_else(read, stored):
    assert masked(read) == stored


@pytest.mark.parametrize(
    "read",
    [
        "No231299199003074218",
        "231299199003074218 231299198501011234",
        "231299199003074218231299198501011234",
        "1 231299199003074218 2 231299198501011234 3",
        "12231299199003074218",
        "2312991990030742181234567",
        "231299-19900307-4218",
        "231299.19900307.4218",
        "231299  19900307  4218",
    ],
)
def test_a_number_glued_to_others_or_taken_apart_is_not_left_whole(read):
    kept = "".join(character for character in masked(read) if character.isdigit())

    for number in ("231299199003074218", "231299198501011234"):
        assert number not in kept
        assert number[6:14] not in kept, "the birthday stands in the open"


@pytest.mark.parametrize(
    ("read", "stored"),
    [
        (["证号 231299199003074218 女"], ["证号 2312**********4218 女"]),
        (["公民身份号码", "231299", "199003074218"], ["公民身份号码", "2312**", "********4218"]),
        (list("23129919900307421X"), [*"2312", *"*" * 10, *"421X"]),
        (["231299 19900307 4218"], ["2312** ******** 4218"]),
        (["２３１２９９１９９００３０７４２１８"], ["２３１２**********４２１８"]),
        (["1", "231299199003074218", "13800138000"], ["1", "2312**********4218", "13800138000"]),
        (["23129919900307"], ["*" * 14]),
        (["王海燕", "13800138000", "2026-10-19"], ["王海燕", "13800138000", "2026-10-19"]),
        (["***"], ["***"]),
        ([], []),
    ],
)
def test_masked_in_place_a_text_keeps_its_length(read, stored):
    assert list(masked_in_place(read)) == stored
    assert [len(text) for text in stored] == [len(text) for text in read]


@pytest.mark.parametrize("read", ["No231299199003074218", "231299199003074218 231299198501011234"])
def test_masked_in_place_leaves_no_whole_number(read):
    pieces = [read[at : at + 5] for at in range(0, len(read), 5)]
    assert "199003074218"[:8] not in "".join(masked_in_place(pieces))
    assert "19900307" not in "".join(masked_in_place([read]))
