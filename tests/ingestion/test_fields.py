"""Values beside their labels: joined, split, wrapped, worn, wrong."""

import pytest

from ingestion.fields import iso_date, read_fields
from ingestion.reading import FieldReading, FieldState, Line
from tests.ingestion.pages_of_text import document, line

NUMBER, SEXED = "231299198804298782", "女"
FRONT = [
    line("姓名 张玲月", 100, 100),
    line("性别女 民族汉", 100, 150),
    line("出生 1988 年 4 月 29 日", 100, 200),
    line("住址", 100, 250),
    line("黑龙江省绥化市样本县永安村", 180, 250),
    line("6组28号", 180, 285),
    line("公民身份号码", 100, 350),
    line(NUMBER, 300, 350),
]
BACK = [
    line("签发机关样本县公安局", 100, 100),
    line("有效期限", 100, 150),
    line("2018.08.26-2038.08.26", 220, 150),
]


def fields_of(kind: str, lines: list[Line], *, part: str = "") -> dict[str, FieldReading]:
    return {reading.name: reading for reading in read_fields(document(kind, lines, part=part))}


def certificate(*rows: tuple[str, str]) -> dict[str, FieldReading]:
    lines = [
        line(text, x, 100 + 50 * y)
        for y, row in enumerate(rows)
        for text, x in zip(row, (100, 300), strict=True)
    ]
    return fields_of("training_completion_certificate", lines)


def test_a_card_front_is_read_whole() -> None:
    found = fields_of("id_card_front", FRONT)
    values = {name: reading.value for name, reading in found.items()}
    assert values == {
        "name": "张玲月",
        "id_number": NUMBER,
        "sex": "女",
        "ethnicity": "汉",
        "birth_date": "1988-04-29",
        "address": "黑龙江省绥化市样本县永安村6组28号",
    }
    assert found["id_number"].state == found["birth_date"].state == found["sex"].state == FieldState.CHECKED


def test_a_value_lies_where_it_is_printed() -> None:
    found = fields_of("id_card_front", FRONT)
    assert found["id_number"].quad == line(NUMBER, 300, 350).quad
    sex = found["sex"].quad
    assert sex is not None
    assert 100 + 40 - 1 <= sex.left < sex.right <= 100 + 66


def test_a_card_back_has_issuer_and_two_dates() -> None:
    values = {name: reading.value for name, reading in fields_of("id_card_back", BACK).items()}
    assert values == {
        "issuing_authority": "样本县公安局",
        "valid_from": "2018-08-26",
        "valid_until": "2038-08-26",
    }


def test_an_open_ended_card_says_so_instead_of_a_date() -> None:
    found = fields_of("id_card_back", [line("有效期限 2016.05.01-长期", 100, 150)])
    assert found["long_term"].value == "true"
    assert "valid_until" not in found


def test_labels_that_an_engine_splits_are_put_together() -> None:
    found = certificate(("姓 名", "张玲月"), ("身份证号", NUMBER))
    assert (found["name"].value, found["id_number"].value) == ("张玲月", NUMBER)


def test_a_value_ends_where_the_next_label_begins() -> None:
    found = fields_of("final_exam_paper", [line("姓名：张玲月班次：2026-021", 100, 100)])
    assert (found["name"].value, found["class_no"].value) == ("张玲月", "2026-021")


def test_what_is_not_on_the_page_says_missing() -> None:
    found = certificate(("证书编号", "JNPX120226000101"))
    assert found["name"].state == found["id_number"].state == FieldState.MISSING
    assert found["name"].quad is None


def test_a_wrong_check_digit_is_suspect_and_read_as_printed() -> None:
    found = certificate(("身份证号", NUMBER[:-1] + "3"))
    assert found["id_number"].value == NUMBER[:-1] + "3"
    assert (found["id_number"].state, found["id_number"].problem) == (FieldState.SUSPECT, "wrong_check_digit")


def test_a_number_of_seventeen_characters_is_malformed_and_read_as_printed() -> None:
    found = certificate(("身份证号", NUMBER[:-1]))
    assert (found["id_number"].value, found["id_number"].state) == (NUMBER[:-1], FieldState.MALFORMED)


def test_letters_that_look_like_digits_are_taken_for_digits_only_in_numbers() -> None:
    for printed in ("23I299I98804298782", "23l299|98804298782", "231299198804298782|"):
        found = certificate(("身份证号", printed))
        assert (found["id_number"].value, found["id_number"].state) == (NUMBER, FieldState.CHECKED)


def test_two_unlabelled_numbers_on_a_page_are_suspect() -> None:
    other = "231299197402228082"
    found = certificate(("甲", NUMBER), ("乙", other))
    assert (found["id_number"].state, found["id_number"].problem) == (FieldState.SUSPECT, "several_numbers")


def test_a_birth_date_against_the_number_is_suspect() -> None:
    lines = [line("出生 1989 年 4 月 29 日", 100, 200), *FRONT[:2], *FRONT[3:]]
    reading = fields_of("id_card_front", lines)["birth_date"]
    assert (reading.value, reading.state, reading.problem) == (
        "1989-04-29",
        FieldState.SUSPECT,
        "differs_from_id_number",
    )


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("JNPX120226000101", FieldState.READ),
        ("JNPX1202260001012", FieldState.MALFORMED),
        ("JNPX12022600010", FieldState.MALFORMED),
        ("JNPM120226000101", FieldState.SUSPECT),
        ("Y000023000015265000012", FieldState.READ),
        ("T231299198804298782", FieldState.READ),
        ("26080010052000001", FieldState.READ),
    ],
)
def test_a_certificate_number_is_verbatim_and_then_judged(printed: str, state: FieldState) -> None:
    reading = certificate(("证书编号", printed))["certificate_no"]
    assert (reading.value, reading.state) == (printed, state)


def test_the_label_of_an_id_number_brings_no_certificate_number() -> None:
    read = fields_of(
        "trainee_registration_form", [line("姓名 王海燕", 100, 100), line(f"身份证号 {NUMBER}", 100, 150)]
    )
    assert "certificate_no" not in read


@pytest.mark.parametrize("kind", ["trainee_roster", "score_sheet", "attendance_record"])
def test_a_table_of_people_is_nobodys_paper(kind: str) -> None:
    found = fields_of(kind, [line("姓名", 100, 100), line("张玲月", 100, 150), line(NUMBER, 200, 150)])
    assert not {"name", "id_number"} & set(found)


def test_a_signature_page_claims_no_name() -> None:
    lines = [
        line("甲方（盖章）", 100, 100),
        line("乙方（签字）", 500, 100),
        line("签订日期：2026年3月5日", 100, 150),
    ]
    found = fields_of("labour_contract", lines, part="signature_page")
    assert "name" not in found
    assert found["signed_on"].value == "2026-03-05"


@pytest.mark.parametrize("text", ["2026-09-21", "12026-0210", "2026-0211"])
def test_a_date_or_a_longer_number_is_no_class_number(text: str) -> None:
    assert "class_no" not in certificate(("日期", text))


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2026年9月7日", "2026-09-07"),
        ("2018.08.26", "2018-08-26"),
        ("20180826", "2018-08-26"),
        ("2026年2月30日", ""),
    ],
)
def test_printed_dates_become_iso(printed: str, iso: str) -> None:
    assert iso_date(printed) == iso
