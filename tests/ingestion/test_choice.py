"""Where a fast reading leaves doubt, and what is held of two readings: nothing wrong is accepted silently."""

import numpy as np
import pytest

from ingestion.choice import (
    Draft,
    agreed,
    completed,
    doubts,
    found_late,
    is_in_doubt,
    lacks_what_matters,
    settled,
    voted,
)
from ingestion.reading import DocumentReading, FieldReading, FieldState, Image, Line, OcrOptions, Quad
from ingestion.second_look import looked_again
from ingestion.specimens.people import make_people

RIGHT, OTHER_RIGHT = "231299198804298782", make_people(1, 9)[0].id_number
WRONG_DIGIT, TOO_SHORT = "231299198804298783", "23129919880429878"
PLACE = Quad.from_box(100, 100, 400, 130)
READ, CHECKED, SUSPECT = FieldState.READ, FieldState.CHECKED, FieldState.SUSPECT
MALFORMED, MISSING = FieldState.MALFORMED, FieldState.MISSING


def value(name: str, text: str, state: FieldState = READ, confidence: float = 0.98) -> FieldReading:
    return FieldReading(name, text, confidence, PLACE if text else None, state)


def number(text: str, state: FieldState, confidence: float = 0.98) -> FieldReading:
    return value("id_number", text, state, confidence)


def draft(
    *fields: FieldReading, kind: str = "id_card_front", sure: float = 0.98, engine: str = "fast", rows=()
) -> Draft:
    document = DocumentReading(
        kind, 0.9, Quad.from_box(0, 0, 900, 600), fields=tuple(fields), rows=tuple(rows)
    )
    return Draft(engine, "1", (Line("公民身份号码", sure, PLACE),), (document,))


@pytest.mark.parametrize(
    ("made", "left"),
    [
        (draft(number(RIGHT, CHECKED), value("name", "张三丰")), ()),
        (draft(number(WRONG_DIGIT, SUSPECT), value("name", "张三丰")), ("id_number",)),
        (draft(number(RIGHT, CHECKED), value("name", "", MISSING)), ("name",)),
        (draft(number(RIGHT, CHECKED), value("name", "张三丰", confidence=0.7)), ("name",)),
        (draft(number(RIGHT, CHECKED), sure=0.8), ("words",)),
        (draft(kind="other"), ("kind",)),
        (draft(rows=[(number(TOO_SHORT, MALFORMED),)], kind="trainee_roster"), ("id_number",)),
        (Draft("fast", "1", (), draft().documents), ("no_words",)),
    ],
)
def test_a_second_engine_is_asked_only_where_the_first_leaves_doubt(
    made: Draft, left: tuple[str, ...]
) -> None:
    assert doubts(made) == left


def test_two_engines_that_agree_are_surer_together() -> None:
    both = agreed(value("name", "张三丰", confidence=0.8), value("name", "张三丰", confidence=0.95))
    assert (both.value, both.confidence) == ("张三丰", 0.95)


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        (number(RIGHT, CHECKED), number(WRONG_DIGIT, SUSPECT), (RIGHT, CHECKED)),
        (number(TOO_SHORT, MALFORMED), number(RIGHT, CHECKED), (RIGHT, CHECKED)),
        (number(RIGHT, CHECKED), number(OTHER_RIGHT, CHECKED), (RIGHT, SUSPECT)),
        (number(WRONG_DIGIT, SUSPECT), number(TOO_SHORT, MALFORMED), (WRONG_DIGIT, SUSPECT)),
        (number("", MISSING), number(RIGHT, CHECKED), (RIGHT, CHECKED)),
        (value("certificate_no", "Y1234567"), value("certificate_no", "Y1234561"), ("Y1234567", SUSPECT)),
        (value("name", "许敏涛"), value("name", "许能涛"), ("许敏涛", READ)),
        (value("issued_on", "2025-01-22"), value("issued_on", "2025年0月", MALFORMED), ("2025-01-22", READ)),
    ],
)
def test_two_readings_that_differ(
    one: FieldReading, other: FieldReading, held: tuple[str, FieldState]
) -> None:
    both = agreed(one, other)
    assert (both.value, both.state) == held
    assert both.confidence <= max(one.confidence, other.confidence)


def test_names_that_differ_are_no_surer_than_the_less_sure_one() -> None:
    assert agreed(value("name", "许敏涛"), value("name", "许能涛", confidence=0.6)).confidence == 0.6


def test_the_accurate_engine_counts_unless_it_knows_the_paper_less() -> None:
    fast, accurate = draft(number(WRONG_DIGIT, SUSPECT)), draft(number(RIGHT, CHECKED), engine="accurate")
    assert settled(fast, accurate).engine == "accurate"
    assert settled(fast, draft(kind="other", engine="accurate")) is fast


def test_what_the_number_says_is_held_against_the_card_again_once_it_is_known() -> None:
    fast = draft(value("birth_date", "1988-04-29"), number(TOO_SHORT, MALFORMED))
    accurate = draft(value("birth_date", "1988-04-29"), number(RIGHT, CHECKED), engine="accurate")
    born = settled(fast, accurate).documents[0].field("birth_date")
    assert born is not None
    assert born.state == CHECKED


def test_a_cleaned_page_fills_gaps_and_takes_nothing_away() -> None:
    plain = draft(value("name", "张三丰"), number("", MISSING))
    clean = draft(value("name", "", MISSING), number(RIGHT, CHECKED))
    assert lacks_what_matters(plain)
    whole = completed(plain, clean)
    assert [(f.name, f.value) for f in whole.documents[0].fields] == [
        ("name", "张三丰"),
        ("id_number", RIGHT),
    ]
    assert not lacks_what_matters(whole)


@pytest.mark.parametrize(
    ("read", "seen", "held"),
    [
        (number(WRONG_DIGIT, SUSPECT), [RIGHT, RIGHT, WRONG_DIGIT], (RIGHT, CHECKED)),
        (number(WRONG_DIGIT, SUSPECT), [RIGHT], (WRONG_DIGIT, SUSPECT)),
        (number(WRONG_DIGIT, SUSPECT), [WRONG_DIGIT, WRONG_DIGIT, RIGHT], (WRONG_DIGIT, SUSPECT)),
        (number(RIGHT, CHECKED), [RIGHT, WRONG_DIGIT], (RIGHT, CHECKED)),
        (number(RIGHT, CHECKED), [OTHER_RIGHT, RIGHT], (RIGHT, SUSPECT)),
        (number(RIGHT, CHECKED, 0.6), [], (RIGHT, SUSPECT)),
        (number(TOO_SHORT, MALFORMED), [WRONG_DIGIT, TOO_SHORT], (WRONG_DIGIT, SUSPECT)),
        (number(TOO_SHORT, MALFORMED), [TOO_SHORT], (TOO_SHORT, MALFORMED)),
        (number(TOO_SHORT, MALFORMED), [TOO_SHORT, RIGHT, RIGHT], (RIGHT, CHECKED)),
    ],
)
def test_an_id_number_needs_its_check_and_a_second_look(
    read: FieldReading, seen: list[str], held: tuple[str, FieldState]
) -> None:
    after = voted(read, seen)
    assert (after.value, after.state) == held


GOOD, ONE_OFF, SEVENTEEN = "JNPX120225407572", "JNPX120225407571", "JNPX1202254075722"


@pytest.mark.parametrize(
    ("seen", "held"),
    [
        ([GOOD, GOOD], (GOOD, READ)),
        ([ONE_OFF, ONE_OFF, ONE_OFF], (ONE_OFF, READ)),
        ([ONE_OFF, ONE_OFF, GOOD], (GOOD, SUSPECT)),
        ([SEVENTEEN, SEVENTEEN, SEVENTEEN], (SEVENTEEN, MALFORMED)),
    ],
)
def test_a_certificate_number_is_what_most_looks_say(seen: list[str], held: tuple[str, FieldState]) -> None:
    after = voted(value("certificate_no", GOOD), seen)
    assert (after.value, after.state) == held


def test_a_name_on_which_looks_differ_stays_read_and_unsure() -> None:
    after = voted(value("name", "许敏涛"), ["许能涛", "许能涛", "许敏涛"])
    assert (after.state, after.confidence) == (READ, 0.5)


def test_a_certificate_number_is_looked_at_again_unless_it_is_certain() -> None:
    assert is_in_doubt(value("certificate_no", GOOD, confidence=0.97))
    assert not is_in_doubt(value("certificate_no", GOOD, confidence=0.995))
    assert not is_in_doubt(value("name", "", MISSING))


class Repeating:
    """Says the same of every strip and keeps what it was shown."""

    name, version = "repeating", "1"

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown: list[tuple[Image, OcrOptions]] = []

    def read(self, image: Image, options: OcrOptions) -> tuple[Line, ...]:
        self.shown.append((image, options))
        return (Line(self.text, 0.9, Quad.from_box(0, 0, 10, 10)),)


def test_a_doubtful_number_is_read_again_from_its_strip_alone_line_by_line() -> None:
    page = np.full((600, 900, 3), 240, np.uint8)
    reader = Repeating(RIGHT)
    document = draft(number(WRONG_DIGIT, SUSPECT), value("name", "张三丰")).documents[0]
    after = looked_again(document, page, reader, OcrOptions())
    found = after.field("id_number")
    assert found is not None
    assert (found.value, found.state, found.quad) == (RIGHT, CHECKED, PLACE)
    assert len(reader.shown) == 12
    assert all(options.single_line for _, options in reader.shown)
    assert all(image.shape[0] <= 64 and image.shape[1] < 800 for image, _ in reader.shown)


def test_what_nobody_doubts_is_not_read_again() -> None:
    reader = Repeating(RIGHT)
    document = draft(number(RIGHT, CHECKED), value("name", "张三丰")).documents[0]
    assert looked_again(document, np.zeros((600, 900, 3), np.uint8), reader, OcrOptions()) == document
    assert reader.shown == []


def test_every_number_of_a_roster_is_checked_or_suspect_after_a_second_look() -> None:
    rows = [(number(WRONG_DIGIT, SUSPECT),), (number(RIGHT, CHECKED),), (number(TOO_SHORT, MALFORMED),)]
    document = draft(kind="trainee_roster", rows=rows).documents[0]
    after = looked_again(document, np.full((600, 900, 3), 240, np.uint8), Repeating("无"), OcrOptions())
    assert [row[0].state for row in after.rows] == [SUSPECT, CHECKED, MALFORMED]


@pytest.mark.parametrize(
    ("seen", "value", "state"),
    [
        (("女", "女", "女"), "女", FieldState.READ),
        (("女", "女", "男"), "女", FieldState.READ),
        (("女", "男"), "", FieldState.MISSING),
        (("女",), "", FieldState.MISSING),
        ((), "", FieldState.MISSING),
    ],
)
def test_a_missed_value_is_found_late_only_where_most_looks_agree(
    seen: tuple[str, ...], value: str, state: FieldState
) -> None:
    late = found_late(FieldReading("sex", "", 0.0, PLACE, FieldState.MISSING, "not_found"), seen)
    assert (late.value, late.state) == (value, state)


def test_a_number_found_late_is_checked_like_any_other() -> None:
    missing = FieldReading("id_number", "", 0.0, PLACE, FieldState.MISSING, "not_found")
    right, wrong = "231299198804298782", "231299198804298783"
    assert found_late(missing, (right, right)).state == FieldState.CHECKED
    assert found_late(missing, (wrong, wrong)).state == FieldState.SUSPECT


def test_a_doubt_about_ink_asks_no_second_reader_of_words() -> None:
    marks = (
        FieldReading("hr_seal", "false", 0.5, PLACE, SUSPECT, "mark_unsure"),
        FieldReading("institution_seal", "true", 0.8, PLACE, READ),
        FieldReading("person_category", "", 0.95, PLACE, MISSING, "nothing_ticked"),
    )
    assert doubts(draft(number(RIGHT, CHECKED), *marks)) == ()
    assert doubts(draft(number(RIGHT, CHECKED), number("", MISSING))) != ()


def test_a_date_half_seen_is_not_found_late() -> None:
    missing = FieldReading("issued_on", "", 0.0, PLACE, MISSING, "not_found")
    document = DocumentReading(
        "skill_level_certificate", 0.9, Quad.from_box(0, 0, 900, 600), fields=(missing,)
    )
    page = np.full((600, 900, 3), 240, np.uint8)
    after = looked_again(document, page, Repeating("2025.0"), OcrOptions())
    assert after.fields[0].state == MISSING
    after = looked_again(document, page, Repeating("2025.06.24"), OcrOptions())
    assert (after.fields[0].value, after.fields[0].state) == ("2025-06-24", READ)
