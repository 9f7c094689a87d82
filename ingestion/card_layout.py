"""What stands where on an ID card, for cards whose pale labels were not read: the name on top, the address between."""

import re
from collections.abc import Callable, Iterator, Mapping

from ingestion.cards import BACK, FRONT
from ingestion.labels import PrintedPage
from ingestion.places import mended_address
from ingestion.reading import FieldReading, Recognition
from ingestion.strips import Strip, joined
from ingestion.values import (
    COURTESY,
    HAN,
    ID_TOKEN,
    NATION,
    PERSON_NAME,
    YEAR_MONTH_DAY,
    Value,
    as_chinese_print,
    iso_date,
)

SEX_LINE = re.compile(rf"^(?:性[{HAN}]|[{HAN}]别)?([男女])(?:民?族|民[{HAN}])?([{HAN}]{{1,5}})?$")
PLACE_WORDS = re.compile(r"省|市|县|区|乡|镇|村|路|街|号|室|屯|组|旗|州")
LABELS = {"sex": ("性别",), "birth_date": ("出生",)}
SHORTEST_AUTHORITY = 4  # 某县公安局 has five: a stamp may have left less
REGISTER_WORDS = ("公安局", "公安分局", "派出所")


def from_layout(
    document: Recognition, page: PrintedPage, found: Mapping[str, FieldReading]
) -> Iterator[FieldReading]:
    """Values of a card that no label led to. They stay `read`, with the confidence of their line."""
    if document.kind == FRONT:
        yield from _front(page, found)
    elif document.kind == BACK and "issuing_authority" not in found:
        yield from _authority(page)


def _front(page: PrintedPage, known: Mapping[str, FieldReading]) -> Iterator[FieldReading]:
    """One after another: what was found tells where to look for the next."""
    free = [unit for place, unit in enumerate(page.units) if not page.begins_with_label(place)]
    found = dict(known)
    steps: tuple[Callable[[], Iterator[FieldReading]], ...] = (
        lambda: _birth_date(free),
        lambda: _sex_and_nation(page),
        lambda: _name(free, above=_top_of(page, found, "sex", "birth_date"), column=_column(page, found)),
        lambda: _address(free, below=_top_of(page, found, "birth_date")),
    )
    for step in steps:
        for reading in step():
            if reading.name not in found:
                found[reading.name] = reading
                yield reading


def _top_of(page: PrintedPage, found: Mapping[str, FieldReading], *names: str) -> float | None:
    """Where the first of these fields stands, or its label if the value was not read."""
    for name in names:
        reading = found.get(name)
        if reading and reading.quad:
            return reading.quad.top
        spots = page.spots_of(LABELS[name])
        if spots:
            return spots[0].quad.top
    return None


def _column(page: PrintedPage, found: Mapping[str, FieldReading]) -> float | None:
    """Where the values of a card begin, by one that was found; else by the labels, two characters before."""
    for name in ("sex", "birth_date", "address"):
        reading = found.get(name)
        if reading and reading.quad:
            return reading.quad.left
    spots = [spot for spot in page.spots_of(("性别", "出生", "住址")) if spot.start == 0]
    return spots[0].quad.right + spots[0].quad.height if spots else None


def _name(units: list[Strip], *, above: float | None, column: float | None) -> Iterator[FieldReading]:
    """Two to four characters at the top of the column of values, and nowhere else on the card."""
    if above is None or column is None:
        return
    for unit in units:
        text = COURTESY.sub("", re.sub("^姓?名", "", unit.text))
        start = len(unit.text) - len(text)
        height = unit.whole.height
        over = unit.whole.bottom < above + 0.4 * height and above - unit.whole.bottom < 3 * height
        place = unit.quad(start, len(unit.text)).left if text else 0.0
        if (
            over
            and abs(place - column) < 1.5 * height
            and PERSON_NAME.fullmatch(text)
            and not SEX_LINE.match(unit.text)
        ):
            yield _reading("name", unit, start, len(unit.text), text)
            return


def _sex_and_nation(page: PrintedPage) -> Iterator[FieldReading]:
    """A line that says nothing but 男 or 女, with or without what follows on the same row of the card."""
    for unit in page.units:
        line = SEX_LINE.match(unit.text)
        if line:
            yield _reading("sex", unit, *line.span(1), line.group(1))
            if NATION.fullmatch(line.group(2) or ""):
                yield _reading("ethnicity", unit, *line.span(2), line.group(2))
            return


def _birth_date(units: list[Strip]) -> Iterator[FieldReading]:
    for unit in units:
        found = YEAR_MONTH_DAY.search(unit.text)
        if found and iso_date(found.group()):
            yield _reading("birth_date", unit, *found.span(), iso_date(found.group()))
            return


def _address(units: list[Strip], *, below: float | None) -> Iterator[FieldReading]:
    """Lines beneath the birth date that speak of places, each near the one above and aligned with it."""
    if below is None:
        return
    lines = [
        unit
        for unit in units
        if unit.whole.top > below + 0.5 * unit.whole.height and not ID_TOKEN.search(unit.text)
    ]
    start = next((n for n, unit in enumerate(lines) if len(PLACE_WORDS.findall(unit.text)) >= 2), None)
    if start is None:
        return
    taken = [lines[start]]
    for unit in lines[start + 1 :]:
        last, height = taken[-1].whole, taken[-1].whole.height
        if unit.whole.top - last.bottom < height and abs(unit.whole.left - last.left) < 2 * height:
            taken.append(unit)
    text = joined(taken)
    value = re.sub("^住?址", "", text.text)
    yield _reading(
        "address", text, len(text.text) - len(value), len(text.text), mended_address(as_chinese_print(value))
    )


def _authority(page: PrintedPage) -> Iterator[FieldReading]:
    for unit in page.units:
        text = re.sub("^.?发机关", "", unit.text)
        if len(text) > SHORTEST_AUTHORITY and text.endswith(REGISTER_WORDS):
            yield _reading("issuing_authority", unit, len(unit.text) - len(text), len(unit.text), text)
            return


def _reading(name: str, text: Strip, start: int, end: int, value: str) -> FieldReading:
    found = Value(start, end, value)
    return FieldReading(name, value, text.confidence(start, end), text.quad(start, end), found.state)
