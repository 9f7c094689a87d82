"""Attacks on stored text: numbers in pieces."""

from dataclasses import replace

import pytest

from cms.search import index_sheet
from ingestion.keeping import keep_reading
from ingestion.reading import DocumentReading, Line, Page, PageResult, Quad
from tests import factories

pytestmark = pytest.mark.django_db
NUMBER = "231299199001011236"


def page(*texts, beside=True):
    lines = tuple(
        Line(
            t,
            0.9,
            Quad.from_box(
                60 + 120 * i, 100 if beside else 100 + 50 * i, 160 + 120 * i, 130 if beside else 130 + 50 * i
            ),
        )
        for i, t in enumerate(texts)
    )
    return PageResult(
        page=Page(1, 1240, 1754),
        page_count=1,
        documents=(
            DocumentReading(kind="id_card_front", confidence=0.9, quad=Quad.from_box(0, 0, 1240, 1754)),
        ),
        lines=lines,
        engine="x",
        engine_version="1",
        cpu_seconds=0.0,
    )


@pytest.mark.parametrize(
    "texts",
    [
        (NUMBER,),
        (f"公民身份号码 {NUMBER}",),
        (NUMBER[:12], NUMBER[12:]),
        (NUMBER[:10], NUMBER[10:]),
        (NUMBER[:6], NUMBER[6:14], NUMBER[14:]),
        tuple(NUMBER),
        (NUMBER[:9], NUMBER[9:]),
    ],
)
def test_a_number_in_pieces_beside_each_other_stays_out_of_text_and_index(texts):
    sheet = factories.make_upload(factories.make_dossier()).sheets.get()
    reading = keep_reading(sheet, page(*texts))
    row = index_sheet(sheet, reading.masked_text)
    sheet.refresh_from_db()
    assert NUMBER not in "".join(ch for ch in reading.masked_text if ch.isalnum())
    assert NUMBER not in row.tokens.replace(" ", "")


@pytest.mark.parametrize(
    "texts",
    [
        (NUMBER[:10], NUMBER[10:]),
        (NUMBER[:6], NUMBER[6:14], NUMBER[14:]),
        ("身份证号" + NUMBER[:10], NUMBER[10:]),
    ],
)
def test_a_number_that_a_narrow_cell_wraps_stays_out_of_text_and_index(texts):
    sheet = factories.make_upload(factories.make_dossier()).sheets.get()
    lines = page(*texts, beside=False).lines
    below = tuple(
        Line(line.text, 0.9, Quad.from_box(60, 100 + 36 * number, 160, 130 + 36 * number))
        for number, line in enumerate(lines)
    )
    reading = keep_reading(sheet, replace(page("x"), lines=below))
    row = index_sheet(sheet, reading.masked_text)
    assert NUMBER not in "".join(ch for ch in reading.masked_text if ch.isalnum())
    assert NUMBER not in row.tokens.replace(" ", "")


def test_a_column_of_telephones_and_dates_below_each_other_stays_legible():
    sheet = factories.make_upload(factories.make_dossier()).sheets.get()
    told = ("13800138000", "13912345678", "2026-03-01", "30")
    lines = tuple(
        Line(text, 0.9, Quad.from_box(60, 100 + 36 * number, 160, 130 + 36 * number))
        for number, text in enumerate(told)
    )
    assert keep_reading(sheet, replace(page("x"), lines=lines)).masked_text == "\n".join(told)
