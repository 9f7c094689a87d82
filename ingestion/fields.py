"""What a document says of itself: values found beside their labels, read as printed, then judged."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from ingestion.card_layout import from_layout
from ingestion.field_table import Form, Rule, form_of, sections
from ingestion.judgement import SEXES, judged_together
from ingestion.kinds import WHOLE, Identity, kinds
from ingestion.labels import PrintedPage
from ingestion.reading import FieldReading, FieldState, Quad, Recognition
from ingestion.spots import Spot
from ingestion.strips import Strip, joined
from ingestion.values import (
    DIGIT_LIKE,
    ID_SHAPED,
    ID_TOKEN,
    NUMBER_LIKE,
    ORGANISATION,
    PERSON_NAME,
    R15_PREFIXES,
    SHAPES,
    Value,
    day,
    is_whole_organisation,
    iso_date,
    judged_id,
    period,
)

CLASS_NO = re.compile(r"(?<![\d-])\d{4}-\d{3}(?![\d-])")
VALIDITY_LABELS = ("有效期限", "有效期", "有效日期")
UNTIL_LABELS = ("有效期至", "有效期止")
WRITTEN_DAY = r"\d{4}\D{1,2}\d{1,2}\D{1,2}\d{1,2}日?"
ONE_DAY = r"\d{4}\D{0,2}\d{2}\D{0,2}\d{2}日?"
VALIDITY = re.compile(rf"({ONE_DAY})\D{{0,3}}?({ONE_DAY}|长期)")
SPAN = re.compile(rf"自?({WRITTEN_DAY})\D{{0,4}}?[起至到止—\-~～]{{1,4}}\D{{0,2}}?({WRITTEN_DAY})")
FROM = re.compile(rf"自({WRITTEN_DAY})起")
OPINION = re.compile(r"(?:拟|不)?(?:同意|批准|准予|情况属实|审核通过|经审核|符合)")
OPINION_REACH = 9.0  # heights of the heading
ENDING = re.compile(r"[-—~至](\d{4}\.\d{2}\.\d{2})$")
OPEN_ENDED = re.compile(r"无固定期限|长期")
FOOT_BEGINS, HEAD_ENDS = 0.45, 0.3
MOST_OF_A_DATE_LINE = 22
#: How long a value of a shape may be, in heights of its label: so far it is looked for where a label stands alone.
ROOM = {"sex": 2.6, "ethnicity": 5.0, "person": 6.5, "id_number": 15.0, "date": 11.0, "certificate_no": 14.0}
ONE_LONG_NUMBER = {"id_card_front", "social_security_card"}
HOLDS_ITS_HOLDERS = {"special_operation_certificate", "disability_certificate"}

__all__ = [
    "ID_TOKEN",
    "NUMBER_LIKE",
    "PERSON_NAME",
    "R15_PREFIXES",
    "SEXES",
    "iso_date",
    "judged_id_number",
    "read_fields",
]


def read_fields(document: Recognition) -> tuple[FieldReading, ...]:
    """All fields of one recognised document, in pixels of the page it was read from."""
    kind = kinds()[document.kind]
    form = form_of(document.kind)
    page = PrintedPage(document.lines, (*form.lexicon, *VALIDITY_LABELS, *UNTIL_LABELS), form.masks)
    found = {reading.name: reading for reading in _all(document, form, page)}
    for reading in (*from_layout(document, page, found), *_worn_number(document, page, found)):
        found[reading.name] = reading
    rules = {rule.name: rule for rule in form.rules}
    missing = [
        _missing(name, _place_of(rules.get(name), page))
        for name in kind.demanded(document.part)
        if not _answered(name, found)
    ]
    order = {name: place for place, name in enumerate((*kind.fields, "class_no"))}
    readings = [*found.values(), *(reading for reading in missing if reading.name in order)]
    return judged_together(sorted(readings, key=lambda reading: order.get(reading.name, len(order))))


def _answered(name: str, found: dict[str, FieldReading]) -> bool:
    """A card without an end says so in `long_term`, a contract in `open_ended`."""
    instead = {"valid_until": "long_term", "end_on": "open_ended"}.get(name, name)
    return name in found or instead in found


def _missing(name: str, place: Quad | None) -> FieldReading:
    """Not found; `place` is where it ought to stand, if its label was read: there it may be looked for again."""
    return FieldReading(name, "", 0.0, place, FieldState.MISSING, "not_found")


def _place_of(rule: Rule | None, page: PrintedPage) -> Quad | None:
    """Right of the label, as far as a value of this shape is long."""
    room = ROOM.get(rule.shape) if rule else None
    spots = [spot for spot in page.spots_of(rule.labels) if spot.firm] if rule and room else []
    return page.room_beside(spots[0], room) if spots and room else None


def _all(document: Recognition, form: Form, page: PrintedPage) -> Iterator[FieldReading]:
    kind = kinds()[document.kind]
    claims = kind.identity is not Identity.PERSON or document.part in WHOLE
    for rule in form.rules:
        if rule.name in ("name", "employee", "employer", "id_number") and not claims:
            continue
        yield from _field(rule, document, page)
    yield from _spans(document, page)
    yield from _class_no(page)


def _field(rule: Rule, document: Recognition, page: PrintedPage) -> Iterator[FieldReading]:
    if rule.shape == "period":
        yield from _period(rule, page)
        return
    if rule.shape in ("passage", "opinion"):
        reading = _passage(rule, page) if rule.shape == "passage" else _opinion(rule, page)
        yield from (reading,) if reading else ()
        return
    reading = (
        _beside_label(rule, document, page)
        or _in_prose(rule, page)
        or (_unlabelled(rule, document, page) if rule.foot or rule.head else None)
        or (_loose_number(page, document) if rule.name == "id_number" else None)
    )
    if reading:
        yield reading


def _beside_label(rule: Rule, document: Recognition, page: PrintedPage) -> FieldReading | None:
    """The value beside the label; one that is wrongly written only where no label has a better one."""
    second_best: FieldReading | None = None
    for spot in page.spots_of(rule.labels):
        if rule.section and page.section_of(spot.quad, sections()) != rule.section:
            continue
        for text in _candidates(rule, spot, page):
            value = SHAPES[rule.shape](text.text)
            if value is None:
                continue
            reading = reading_of(rule.name, text, value)
            if _is_good(rule, value):
                return reading
            second_best = second_best or reading
    return second_best


def _candidates(rule: Rule, spot: Spot, page: PrintedPage) -> Iterator[Strip]:
    """A text with all its lines; a body's name first with its first line only, which may be whole."""
    if rule.shape == "organisation":
        yield from islice(page.candidates(spot, wraps=False), 1)
    yield from page.candidates(spot, wraps=rule.wraps)


def _is_good(rule: Rule, value: Value) -> bool:
    """Well written, and whole: a body's name that breaks off in the middle goes on in the next line."""
    whole = rule.shape != "organisation" or is_whole_organisation(value.value)
    return whole and value.state in (FieldState.READ, FieldState.CHECKED)


def reading_of(name: str, text: Strip, value: Value) -> FieldReading:
    """A value found in a text, with the place and the confidence of its characters."""
    span = value.start, value.end
    return FieldReading(
        name, value.value, text.confidence(*span), text.quad(*span), value.state, value.problem
    )


def judged_id_number(text: Strip, found: re.Match[str]) -> FieldReading:
    """As printed; checked only if length, date and check digit hold. The region never counts against it."""
    return reading_of("id_number", text, judged_id(found))


def _in_prose(rule: Rule, page: PrintedPage) -> FieldReading | None:
    whole = page.text()
    for pattern in rule.prose:
        found = pattern.search(whole.text)
        if found:
            value = SHAPES[rule.shape](found.group(1))
            if value and value.state == FieldState.READ:
                start = found.start(1)
                moved = Value(start + value.start, start + value.end, value.value, value.state, value.problem)
                return reading_of(rule.name, whole, moved)
    return None


def _unlabelled(rule: Rule, document: Recognition, page: PrintedPage) -> FieldReading | None:
    """A date or a body that stands by itself at the foot (or the date at the head) of its document or section.

    Of bodies the one in the largest print; of dates the last, even if it is badly read: no other takes its place.
    """
    found = [
        (unit, value)
        for place, unit in enumerate(page.units)
        if not page.begins_with_label(place)
        and _stands_there(unit.whole, rule, document, page)
        and (value := _whole_line(rule.shape, unit.text))
    ]
    if not found:
        return None
    if rule.shape == "organisation":
        unit, value = max(found, key=lambda pair: _print_size(pair[0]))
    else:
        unit, value = found[0 if rule.head else -1]
    return reading_of(rule.name, unit, value)


def _print_size(unit: Strip) -> float:
    """The width of a character: steadier than the height, into which a seal may reach."""
    return unit.whole.width / max(1, len(unit.text))


def _stands_there(quad: Quad, rule: Rule, document: Recognition, page: PrintedPage) -> bool:
    if rule.section:
        return page.section_of(quad, sections()) == rule.section
    depth = (quad.centre[1] - document.quad.top) / max(1.0, document.quad.height)
    return depth <= HEAD_ENDS if rule.head else depth >= FOOT_BEGINS


def _whole_line(shape: str, text: str) -> Value | None:
    """The value if it is nearly all that the line says; before a date a seal may have left some characters."""
    if shape == "organisation":
        bare = re.sub(r"[(（]?(?:盖章|签章|公章)[)）]?$", "", text)
        if 4 <= len(bare) <= 30 and ORGANISATION.search(bare) and not re.search(r"\d|[,。;:]", bare):
            return SHAPES[shape](bare)
        return None
    return SHAPES[shape](text) if len(text) <= MOST_OF_A_DATE_LINE else None


def _passage(rule: Rule, page: PrintedPage) -> FieldReading | None:
    """All that is written under a heading or beside it, as running text, below the last label above it."""
    heads = page.spots_of(rule.labels)
    if not heads:
        return None
    head = heads[0]
    above = [s.quad.bottom for s in page.spots if s.firm and s.quad.centre[1] < head.quad.top]
    begins = max(above, default=0.0)
    pieces = [
        unit
        for place, unit in enumerate(page.units)
        if place not in head.units
        and unit.whole.centre[1] > begins
        and (unit.whole.left >= head.quad.right or unit.whole.centre[1] > head.quad.bottom)
        and page.section_of(unit.whole, sections()) == rule.section
    ]
    text = joined(pieces) if pieces else next(page.candidates(head, wraps=True), None)
    value = SHAPES["text"](text.text) if text else None
    return reading_of(rule.name, text, value) if text and value else None


def _opinion(rule: Rule, page: PrintedPage) -> FieldReading | None:
    """What is said under a heading of its own, without who signed it, when, and where to seal."""
    head = next(iter(page.spots_of(rule.labels)), None)
    if head is None:
        return None
    said = [
        unit
        for place, unit in enumerate(page.units)
        if OPINION.match(unit.text)
        and not page.is_value_of_another(place, head)
        and page.section_of(unit.whole, sections()) == rule.section
        and abs(unit.whole.centre[1] - head.quad.centre[1]) < OPINION_REACH * head.quad.height
    ]
    text = joined(said)
    value = SHAPES["text"](text.text) if said else None
    return reading_of(rule.name, text, value) if value else None


def _period(rule: Rule, page: PrintedPage) -> Iterator[FieldReading]:
    for spot in page.spots_of(rule.labels):
        for text in reversed(list(page.candidates(spot, wraps=True))):
            found = period(text.text)
            if found is None:
                continue
            first, last = found
            end = last.end if last else first.end
            yield reading_of(rule.name, text, Value(first.start, end, text.text[first.start : end]))
            yield reading_of(rule.parts[0], text, first)
            if last:
                yield reading_of(rule.parts[1], text, last)
            return


def _loose_number(page: PrintedPage, document: Recognition) -> FieldReading | None:
    """Without its label: the only number of that shape. On some certificates it is part of their own number."""
    loose = [(unit, found) for unit in page.units for found in ID_TOKEN.finditer(unit.text)]
    if document.kind in HOLDS_ITS_HOLDERS:
        inside = re.compile(r"(?<![0-9])([0-9OoIl]{17}[0-9OoIlxX])(?=\d{0,3}(?!\d))")
        loose = [(unit, found) for unit in page.units for found in inside.finditer(unit.text)]
    whole = [(u, f) for u, f in loose if ID_SHAPED.fullmatch(f.group().translate(NUMBER_LIKE))]
    if not whole:
        return None
    reading = judged_id_number(*whole[0])
    if len({found.group().translate(NUMBER_LIKE) for _, found in whole}) > 1:
        return FieldReading(
            reading.name,
            reading.value,
            reading.confidence,
            reading.quad,
            FieldState.SUSPECT,
            "several_numbers",
        )
    return reading


def _worn_number(
    document: Recognition, page: PrintedPage, found: Mapping[str, FieldReading]
) -> Iterator[FieldReading]:
    """A card has one long number: if it is not whole, it is told as it is, so that it can be looked at again."""
    if document.kind in ONE_LONG_NUMBER and "id_number" not in found:
        tokens = [(unit, token) for unit in page.units for token in ID_TOKEN.finditer(unit.text)]
        if len(tokens) == 1:
            yield judged_id_number(*tokens[0])


def _class_no(page: PrintedPage) -> Iterator[FieldReading]:
    for unit in page.units:
        found = CLASS_NO.search(unit.text)
        if found:
            yield reading_of("class_no", unit, Value(*found.span(), found.group()))
            return


def _spans(document: Recognition, page: PrintedPage) -> Iterator[FieldReading]:
    """From when until when a card or a contract holds."""
    fields = kinds()[document.kind].fields
    if "valid_from" in fields:
        yield from _validity(page, fields)
    if "start_on" in fields:
        yield from _term(page)


def _validity(page: PrintedPage, fields: Sequence[str]) -> Iterator[FieldReading]:
    for spot in page.spots_of((*VALIDITY_LABELS, *UNTIL_LABELS)):
        for text in page.candidates(spot, wraps=True):
            found = VALIDITY.search(text.text.translate(DIGIT_LIKE))
            if found:
                yield _end_of_span("valid_from", text, found, 1)
                yield _until(text, found, "valid_until", "long_term")
                return
            if spot.label in UNTIL_LABELS and (value := day(text.text)):
                yield reading_of("valid_until", text, value)
                return
    yield from _validity_alone(page) if "issuing_authority" in fields else ()


def _validity_alone(page: PrintedPage) -> Iterator[FieldReading]:
    """A worn card may have lost the label: two dates joined by a dash are printed nowhere else on it."""
    for unit in page.units:
        found = VALIDITY.search(unit.text.translate(DIGIT_LIKE))
        if found:
            yield _end_of_span("valid_from", unit, found, 1)
            yield _until(unit, found, "valid_until", "long_term")
            return
        ending = ENDING.search(unit.text.translate(DIGIT_LIKE))
        if ending:
            yield _end_of_span("valid_until", unit, ending, 1)
            return


def _term(page: PrintedPage) -> Iterator[FieldReading]:
    whole = page.text()
    found = SPAN.search(whole.text)
    if found:
        yield _end_of_span("start_on", whole, found, 1)
        yield _until(whole, found, "end_on", "open_ended")
        return
    opened, start = OPEN_ENDED.search(whole.text), FROM.search(whole.text)
    if start:
        yield _end_of_span("start_on", whole, start, 1)
    if opened and start:
        yield reading_of("open_ended", whole, Value(*opened.span(), "true"))


def _end_of_span(name: str, text: Strip, found: re.Match[str], group: int) -> FieldReading:
    iso = iso_date(found.group(group))
    state, problem = (FieldState.READ, "") if iso else (FieldState.MALFORMED, "no_such_date")
    return reading_of(name, text, Value(*found.span(group), iso or found.group(group), state, problem))


def _until(text: Strip, found: re.Match[str], name: str, open_name: str) -> FieldReading:
    if found.group(2) == "长期":
        return reading_of(open_name, text, Value(*found.span(2), "true"))
    return _end_of_span(name, text, found, 2)
