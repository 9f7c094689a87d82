"""What a document says of itself: values found beside their labels, read as printed, then judged."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dossiers.certificates import parse_certificate_number
from dossiers.numbering import check_id_number
from ingestion.kinds import Identity, kinds
from ingestion.reading import FieldReading, FieldState, Line, Quad, Recognition, enclosing
from ingestion.strips import Strip, after_label, strips_of, value_end

ID_LABELS = ("公民身份号码", "居民身份证号码", "身份证号码", "身份证号", "社会保障号码", "证件号码")
ADDRESS_LABELS = ("住址",)
ID_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9OoIl][0-9OoIl|]{13,18}[0-9OoIlxX](?![0-9A-Za-z])")
WHOLE_ID = re.compile(r"[0-9]{17}[0-9X]")
DATE = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})")
VALIDITY = re.compile(r"(\d{4}\D{0,2}\d{2}\D{0,2}\d{2})\D{0,3}(\d{4}\D{0,2}\d{2}\D{0,2}\d{2}|长期)")
CLASS_NO = re.compile(r"(?<![\d-])\d{4}-\d{3}(?![\d-])")
NUMBER_LIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "x": "X"})
R15_PREFIXES = ("JNPX", "GQPX", "ZGPX")
SEXES = {"male": "男", "female": "女"}
CARD_FRONT, CARD_BACK = "id_card_front", "id_card_back"


@dataclass(frozen=True)
class Rule:
    """A field with its labels and the shape of its value (group 0 is the value)."""

    name: str
    labels: tuple[str, ...]
    shape: re.Pattern[str]
    is_date: bool = False


PERSON_NAME = re.compile(r"[一-鿿]{2,4}(?:·[一-鿿]{1,8})*")
ANY_TEXT = re.compile(r"[^:]+")
RULES = {
    rule.name: rule
    for rule in (
        Rule("name", ("姓名", "学生", "乙方劳动者", "乙方", "持证人", "经营者", "法定代表人"), PERSON_NAME),
        Rule("sex", ("性别",), re.compile("[男女]")),
        Rule("ethnicity", ("民族",), re.compile(r"[一-鿿]{1,4}")),
        Rule("birth_date", ("出生日期", "出生"), DATE, is_date=True),
        Rule("issuing_authority", ("签发机关",), ANY_TEXT),
        Rule(
            "certificate_no",
            ("证书编号", "残疾人证号", "证书号码", "证号"),
            re.compile(r"[A-Z]{0,4}[0-9][0-9A-Z]{7,21}"),
        ),
        Rule("occupation", ("职业工种", "培训工种", "专项职业能力", "作业类别", "工种", "职业"), ANY_TEXT),
        Rule("skill_level", ("培训等级", "技能等级", "等级"), ANY_TEXT),
        Rule("issued_on", ("发证日期", "签发日期", "发卡日期"), DATE, is_date=True),
        Rule("issued_by", ("发证机关", "评价机构", "发证单位"), ANY_TEXT),
        Rule("employer", ("甲方用人单位", "用人单位", "甲方"), re.compile(r"[一-鿿()]{4,40}")),
        Rule("signed_on", ("签订日期", "签字日期"), DATE, is_date=True),
        Rule("phone", ("联系方式", "联系电话"), re.compile(r"1\d{10}")),
        Rule("institution_name", ("培训机构名称",), ANY_TEXT),
        Rule("training_type", ("培训种类",), ANY_TEXT),
        Rule("trainee_count", ("培训人数",), re.compile(r"\d{1,4}")),
        Rule("training_place", ("培训地点",), ANY_TEXT),
        Rule("inspected_on", ("检查日期",), DATE, is_date=True),
        Rule("lecturer_name", ("授课老师姓名", "授课教师"), PERSON_NAME),
    )
}
ID_NUMBER_ALONE = re.compile(r"\d{17}[\dX]")
CUTTING_LABELS = (
    *ID_LABELS,
    *ADDRESS_LABELS,
    *(
        "姓名",
        "性别",
        "民族",
        "出生",
        "班次",
        "得分",
        "文化程度",
        "残疾类别",
        "发证日期",
        "证书编号",
        "联系电话",
    ),
)


def read_fields(document: Recognition) -> tuple[FieldReading, ...]:
    """All fields of one recognised document, in pixels of the page it was read from."""
    strips = strips_of(document.lines)
    found = list(_all(document, strips))
    return tuple(_judged_together(found))


def _all(document: Recognition, strips: Sequence[Strip]) -> Iterator[FieldReading]:
    kind = kinds()[document.kind]
    first_page = document.part in ("", "first_page")
    if kind.identity is Identity.PERSON and first_page:
        yield _beside_label(RULES["name"], strips) or _missing("name")
        yield _id_number(strips) or _missing("id_number")
        yield from _present(_certificate_no(strips))
    for name in kind.fields:
        yield from _field(name, document, strips)
    yield from _present(_class_no(strips))


def _field(name: str, document: Recognition, strips: Sequence[Strip]) -> Iterator[FieldReading]:
    on_card = document.kind in (CARD_FRONT, CARD_BACK)
    if name == "address":
        yield _address(document.lines, strips) or _missing(name)
    elif name == "valid_from":
        yield from _validity(strips)
    elif name in RULES:
        reading = _beside_label(RULES[name], strips)
        yield from _present(reading or (_missing(name) if on_card else None))


def _present(reading: FieldReading | None) -> Iterator[FieldReading]:
    if reading:
        yield reading


def _missing(name: str) -> FieldReading:
    return FieldReading(name, "", 0.0, None, FieldState.MISSING)


def _beside_label(rule: Rule, strips: Sequence[Strip]) -> FieldReading | None:
    """The value behind the label on its line, or on the next line of the same row."""
    for strip, start in after_label(strips, rule.labels):
        end = len(strip.text) if rule.is_date else value_end(strip, start, CUTTING_LABELS)
        found = rule.shape.match(strip.text, start, end)
        if found and found.group():
            return _reading(rule, strip, found)
    return None


def _reading(rule: Rule, strip: Strip, found: re.Match[str]) -> FieldReading:
    confidence, quad = strip.confidence(*found.span()), strip.quad(*found.span())
    if not rule.is_date:
        return FieldReading(rule.name, found.group(), confidence, quad, FieldState.READ)
    iso = iso_date(found.group())
    if iso:
        return FieldReading(rule.name, iso, confidence, quad, FieldState.READ)
    return FieldReading(rule.name, found.group(), confidence, quad, FieldState.MALFORMED, "no_such_date")


def iso_date(printed: str) -> str:
    """A printed date as ISO 8601; empty if there is no such day."""
    found = DATE.search(printed)
    if not found:
        return ""
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return ""


def _id_number(strips: Sequence[Strip]) -> FieldReading | None:
    """The number beside its label; else the only number of that shape on the page."""
    labelled = [
        (strip, found)
        for strip, start in after_label(strips, ID_LABELS)
        if (found := ID_TOKEN.search(strip.text, start)) and found.start() - start <= 2
    ]
    if labelled:
        return judged_id_number(*labelled[0])
    loose = [(strip, found) for strip in strips for found in ID_TOKEN.finditer(strip.text)]
    whole = [(s, f) for s, f in loose if WHOLE_ID.fullmatch(f.group().translate(NUMBER_LIKE))]
    numbers = {found.group().translate(NUMBER_LIKE) for _, found in whole}
    if len(numbers) > 1:
        reading = judged_id_number(*whole[0])
        return replace(reading, state=FieldState.SUSPECT, problem="several_numbers")
    return judged_id_number(*whole[0]) if whole else None


def judged_id_number(strip: Strip, found: re.Match[str]) -> FieldReading:
    """As printed; checked only if length, date and check digit hold. The region never counts against it."""
    printed = found.group().translate(NUMBER_LIKE)
    check = check_id_number(printed)
    state = FieldState.CHECKED
    if not check.is_valid:
        state = FieldState.SUSPECT if check.valid_length else FieldState.MALFORMED
    problem = "" if check.is_valid else check.problems[0]
    span = found.span()
    return FieldReading("id_number", printed, strip.confidence(*span), strip.quad(*span), state, problem)


def _certificate_no(strips: Sequence[Strip]) -> FieldReading | None:
    """Verbatim; a number with the regulation's prefix must have its form (R15). An ID number is none.

    "证号" also ends the label 身份证号, and forms ask for both.
    """
    reading = _beside_label(RULES["certificate_no"], strips)
    if reading and ID_NUMBER_ALONE.fullmatch(reading.value):
        return None
    if reading and reading.value.startswith(R15_PREFIXES) and parse_certificate_number(reading.value) is None:
        return replace(reading, state=FieldState.MALFORMED, problem="certificate_length")
    return reading


def _class_no(strips: Sequence[Strip]) -> FieldReading | None:
    for strip in strips:
        found = CLASS_NO.search(strip.text)
        if found:
            span = found.span()
            return FieldReading(
                "class_no", found.group(), strip.confidence(*span), strip.quad(*span), FieldState.READ
            )
    return None


def _validity(strips: Sequence[Strip]) -> Iterator[FieldReading]:
    for strip, start in after_label(strips, ("有效期限", "有效期")):
        found = VALIDITY.match(strip.text, start)
        if found:
            yield _part_of(strip, found, 1, "valid_from")
            open_ended = found.group(2) == "长期"
            yield _part_of(strip, found, 2, "long_term" if open_ended else "valid_until")
            return
    yield _missing("valid_from")
    yield _missing("valid_until")


def _part_of(strip: Strip, found: re.Match[str], group: int, name: str) -> FieldReading:
    span = found.span(group)
    value = "true" if name == "long_term" else iso_date(found.group(group))
    state, problem = (FieldState.READ, "") if value else (FieldState.MALFORMED, "no_such_date")
    shown = value or found.group(group)
    return FieldReading(name, shown, strip.confidence(*span), strip.quad(*span), state, problem)


def _address(lines: Sequence[Line], strips: Sequence[Strip]) -> FieldReading | None:
    """Wrapped over rows: everything below the label's row that begins at or behind the value's left edge."""
    for at, strip in enumerate(strips):
        for _, start in after_label([strip], ADDRESS_LABELS):
            pieces = [_address_piece(strip, start), *_continuations(strips[at + 1 :], strip, start)]
            texts = [text for text, _, _ in pieces if text]
            if texts:
                quad = enclosing(quad for text, quad, _ in pieces if text and quad)
                confidence = min(score for text, _, score in pieces if text)
                return FieldReading("address", "".join(texts), confidence, quad, FieldState.READ)
    return None


Piece = tuple[str, Quad | None, float]


def _address_piece(strip: Strip, start: int) -> Piece:
    end = value_end(strip, start, ID_LABELS)
    if end <= start:
        return "", None, 1.0
    return strip.text[start:end], strip.quad(start, end), strip.confidence(start, end)


def _continuations(below: Sequence[Strip], head: Strip, start: int) -> Iterator[Piece]:
    at = min(start, len(head.text) - 1)
    edge = head.quad(at, at + 1)
    left, bottom, height = edge.left, edge.bottom, edge.height
    for strip in below:
        place = strip.quad(0, strip.end_of_line(0))
        if place.top - bottom > 1.6 * height or place.left < left - 1.2 * height or _holds_label(strip):
            return
        yield _address_piece(strip, 0)
        bottom = place.bottom


def _holds_label(strip: Strip) -> bool:
    return any(True for _ in after_label([strip], (*ID_LABELS, "签发机关", "有效期限", "居民身份证")))


def _judged_together(readings: Sequence[FieldReading]) -> Iterator[FieldReading]:
    """One value against another: birth date and sex against a number that passed its check."""
    number = next((r for r in readings if r.name == "id_number" and r.state == FieldState.CHECKED), None)
    check = check_id_number(number.value) if number else None
    for reading in readings:
        yield _against_number(reading, check.birth_date, check.sex) if check else reading


def _against_number(reading: FieldReading, birth_date: date | None, sex: str | None) -> FieldReading:
    expected: dict[str, Callable[[], str]] = {
        "birth_date": lambda: birth_date.isoformat() if birth_date else "",
        "sex": lambda: SEXES.get(sex or "", ""),
    }
    if reading.name not in expected or reading.state == FieldState.MISSING:
        return reading
    if reading.value == expected[reading.name]():
        return replace(reading, state=FieldState.CHECKED)
    return replace(reading, state=FieldState.SUSPECT, problem="differs_from_id_number")
