"""A veiled thumbnail keeps no digit: two cards that differ in their numbers alone look the same."""

import cv2
import numpy as np
import pytest

from ingestion.reading import DocumentReading, Line, Page, PageResult, Quad
from ingestion.veil import LEAST_DETAIL, MOST_DETAIL, UNKNOWN_DETAIL, detail_for, veiled

CARD = (1240, 780)


def card(number: str) -> bytes:
    """A photograph that the card fills, its number as large as it stands on a real one."""
    image = np.full((CARD[1], CARD[0], 3), 235, np.uint8)
    cv2.putText(image, number, (430, 690), cv2.FONT_HERSHEY_SIMPLEX, 1.9, (30, 30, 30), 4)
    return cv2.imencode(".jpg", image)[1].tobytes()


def picture(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE).astype(int)


def thumbnail(jpeg: bytes) -> bytes:
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    small = cv2.resize(image, (320, 320 * CARD[1] // CARD[0]), interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", small)[1].tobytes()


def difference(one: bytes, other: bytes) -> int:
    """The largest difference of any pixel, of 255."""
    return int(np.abs(picture(one) - picture(other)).max())


@pytest.mark.parametrize("other", ["231299198803178329", "231299196903176368", "231299199901018880"])
def test_numbers_cannot_be_told_apart_behind_the_veil(other):
    one = thumbnail(card("231299198803178328"))
    two = thumbnail(card(other))
    assert difference(one, two) > 60
    assert difference(veiled(one), veiled(two)) < 40


def test_a_veiled_page_keeps_its_shape():
    height, width = picture(veiled(card("231299198803178328"))).shape
    assert width == 160 and abs(height - 101) <= 2


def page(*lines: Line) -> PageResult:
    whole = Quad.from_box(0, 0, 1240, 780)
    document = DocumentReading("other", 0.5, whole)
    return PageResult(Page(1, 1240, 780), 1, (document,), lines, "scripted", "1", 0.0)


@pytest.mark.parametrize(
    ("width", "text", "expected"),
    [
        (700, "公民身份号码231299198803178328", 46),
        (150, "231299198803178328", MOST_DETAIL),
        (1240, "231299198803178328", LEAST_DETAIL),
        (700, "住址 绥化市样本区", UNKNOWN_DETAIL),
    ],
)
def test_the_larger_a_number_stands_on_the_page_the_less_detail_is_left(width, text, expected):
    read = page(Line(text, 0.9, Quad.from_box(10, 10, 10 + width, 40)))
    assert detail_for(read) == expected
