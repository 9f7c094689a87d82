"""What one cell of a table says, judged by the shape of its column."""

import re
from datetime import date

from dossiers.certificates import parse_certificate_number
from dossiers.numbering import check_id_number
from ingestion.columns import Column, Shape
from ingestion.reading import FieldReading, FieldState, Quad
from ingestion.values import NUMBER_LIKE, PERSON_NAME

R15_PREFIXES = ("JNPX", "GQPX", "ZGPX")
SEXES_PRINTED = frozenset({"男", "女"})
WHOLE_DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")
LIKE_A_NUMBER = re.compile(r"[0-9OoIl|xX]+")
NUMBER_INSIDE = re.compile(r"(?<![0-9OoIl|])[0-9OoIl|]{14,18}[0-9OoIlxX](?![0-9A-Za-z])")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?%?")
DAY = re.compile(r"(\d{1,2})[月./-](\d{1,2})日?")
MONEY_SIGNS = re.compile(r"[,¥￥元]")
PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
CERTIFICATE = re.compile(r"[A-Z]{0,6}[0-9][0-9A-Z]{6,22}")
WHOLE_NUMBER = 15
HALF_A_NUMBER = 9
WORDS_BELOW_A_TABLE = ("填表人", "负责人", "制表人", "命题人", "阅卷人", "审核人", "经办人", "盖章")
SUMS = ("合计", "小计", "总计", "以下空白")
WORDS_OF_NO_PERSON = ("以下空白", "合计", "小计", "总计", "空白", "填表人", "负责人", "制表")


def whole_number(text: str) -> bool:
    """Whether the text is long enough, and only made of what is taken for digits, to be an ID number."""
    return len(text) >= WHOLE_NUMBER and bool(LIKE_A_NUMBER.fullmatch(text)) and len(text) <= 19


def is_seq(text: str) -> bool:
    plain = text.translate(NUMBER_LIKE)
    return plain.isascii() and plain.isdigit() and len(plain) <= 3


def is_name(text: str) -> bool:
    return bool(PERSON_NAME.fullmatch(text)) and not any(word in text for word in WORDS_OF_NO_PERSON)


def is_foot(text: str) -> bool:
    """Whether these are words printed below a table, or its sum, not a line of it."""
    return text.startswith(SUMS) or any(word in text for word in WORDS_BELOW_A_TABLE)


def is_day(text: str) -> bool:
    return bool(_iso_day(text) or _day_of_a_year(text))


def may_be_a_key(shape: Shape, text: str) -> bool:
    """Whether a cell of this shape says enough to make a line of its own: a name, most of a number, any other word."""
    if shape == Shape.NAME:
        return is_name(text)
    if shape == Shape.ID_NUMBER:
        return sum(character.isdigit() for character in text) >= HALF_A_NUMBER
    return shape != Shape.DATE or is_day(text)


def cell(column: Column, text: str, confidence: float, quad: Quad | None) -> FieldReading:
    """The value as printed and how far it may be trusted; an ID number is checked, suspect or malformed, never read."""
    value, state, problem = _judged(column.shape, text)
    return FieldReading(column.id, value, confidence, quad, state, problem)


def missing(column: Column) -> FieldReading:
    return FieldReading(column.id, "", 0.0, None, FieldState.MISSING, "not_found")


Judged = tuple[str, FieldState, str]


def _judged(shape: Shape, text: str) -> Judged:
    match shape:
        case Shape.ID_NUMBER:
            return _id_number(text)
        case Shape.NAME:
            return _shaped(text, is_name(text))
        case Shape.SEX:
            return _shaped(text, text in SEXES_PRINTED)
        case Shape.SEQ:
            return _shaped(_digits(text), is_seq(text))
        case Shape.NUMBER:
            plain = _digits(MONEY_SIGNS.sub("", text))
            return _shaped(plain, bool(NUMBER.fullmatch(plain)))
        case Shape.PHONE:
            plain = _digits(text)
            return plain, *_state(bool(PHONE.fullmatch(plain)), "phone_shape")
        case Shape.DATE:
            iso = _iso_day(text) or _day_of_a_year(text)
            return iso or text, *_state(bool(iso), "no_such_date")
        case Shape.CERTIFICATE_NO:
            return _certificate_no(text)
        case Shape.TEXT:
            return text, FieldState.READ, ""


def _state(fits: bool, problem: str) -> tuple[FieldState, str]:
    return (FieldState.READ, "") if fits else (FieldState.MALFORMED, problem)


def _shaped(text: str, fits: bool) -> Judged:
    return text, *_state(fits, "wrong_shape")


def _digits(text: str) -> str:
    """The figures of a text that is nothing but figures and what is taken for them; any other text as it stands."""
    plain = text.translate(NUMBER_LIKE)
    return plain if NUMBER.fullmatch(plain) else text


def _iso_day(text: str) -> str:
    """A printed day as ISO 8601; empty if there is no such day."""
    found = WHOLE_DAY.fullmatch(text)
    return _calendar_day(*found.groups()) if found else ""


def _day_of_a_year(text: str) -> str:
    """A day printed without its year as --MM-DD; empty if no year has such a day."""
    found = DAY.fullmatch(text)
    return (
        "-" + _calendar_day("2024", *found.groups())[4:]
        if found and _calendar_day("2024", *found.groups())
        else ""
    )


def _calendar_day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _id_number(text: str) -> Judged:
    """The number of the cell. A cell that holds more than one, or none, is malformed and given as printed."""
    inside = NUMBER_INSIDE.findall(text)
    printed = inside[0] if len(inside) == 1 else text
    plain = printed.translate(NUMBER_LIKE) if LIKE_A_NUMBER.fullmatch(printed) else printed
    check = check_id_number(plain)
    if check.is_valid:
        return plain, FieldState.CHECKED, ""
    return plain, FieldState.SUSPECT if check.valid_length else FieldState.MALFORMED, check.problems[0]


def _certificate_no(text: str) -> Judged:
    if not CERTIFICATE.fullmatch(text):
        return text, FieldState.MALFORMED, "wrong_shape"
    if text.startswith(R15_PREFIXES) and parse_certificate_number(text) is None:
        return text, FieldState.MALFORMED, "certificate_length"
    return text, FieldState.READ, ""
