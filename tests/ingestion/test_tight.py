"""The box of a value lies close around its ink, whatever air an engine left and whatever stands beside it."""

import numpy as np
import pytest

from ingestion.reading import FieldReading, FieldState, Image, Quad
from ingestion.tight import around_ink, tightened
from tests.ingestion.drawn_pages import BLACK, GREY, seal, stroke


def page_with(*boxes: tuple[int, int, int, int], tone: int = 245) -> Image:
    """White paper with solid glyphs at these places (left, top, right, bottom)."""
    page = np.full((300, 600, 3), tone, np.uint8)
    for left, top, right, bottom in boxes:
        page[top:bottom, left:right] = BLACK
    return page


def glyphs(
    left: int, top: int, count: int, *, size: int = 20, pitch: int = 26
) -> list[tuple[int, int, int, int]]:
    return [(left + pitch * n, top, left + pitch * n + size, top + size) for n in range(count)]


def sides(quad: Quad) -> tuple[float, float, float, float]:
    return quad.left, quad.top, quad.right, quad.bottom


def test_air_around_a_line_is_cut_away() -> None:
    page = page_with(*glyphs(100, 100, 4))
    found = around_ink(Quad.from_box(90, 88, 210, 134), page)
    assert sides(found) == pytest.approx((100, 100, 198, 120), abs=2)


def test_a_box_that_cuts_a_character_grows_to_its_edge() -> None:
    page = page_with(*glyphs(100, 100, 6))
    found = around_ink(Quad.from_box(100, 95, 192, 125), page)
    assert found.right == pytest.approx(198, abs=2)


def test_what_stands_beside_in_the_same_line_stays_outside() -> None:
    page = page_with(*glyphs(100, 100, 2), *glyphs(200, 100, 2))
    found = around_ink(Quad.from_box(190, 92, 252, 128), page)
    assert sides(found) == pytest.approx((200, 100, 246, 120), abs=2)


def test_rules_above_and_below_are_no_part_of_a_value() -> None:
    page = page_with(*glyphs(100, 100, 4), (0, 84, 600, 87), (0, 134, 600, 137))
    found = around_ink(Quad.from_box(95, 90, 205, 130), page)
    assert (found.top, found.bottom) == pytest.approx((100, 120), abs=2)


def test_a_slanted_line_keeps_its_slant() -> None:
    page = page_with()
    for n in range(5):
        x, y = 100 + 40 * n, 100 + 8 * n
        page[y : y + 20, x : x + 20] = BLACK
    quad = Quad(((90, 88), (290, 128), (284, 158), (84, 118)))
    found = around_ink(quad, page)
    (x0, y0), (x1, y1), *_ = found.points
    assert (y1 - y0) / (x1 - x0) == pytest.approx(0.2, abs=0.03)
    assert found.height < quad.height


def test_a_watermark_and_a_seal_do_not_widen_a_box() -> None:
    page = page_with(*glyphs(100, 100, 4))
    stroke(page, [(60, 150), (240, 70)], colour=(196, 196, 196), width=6)
    seal(page, 210, 110, radius=60)
    found = around_ink(Quad.from_box(95, 94, 204, 126), page)
    assert sides(found) == pytest.approx((100, 100, 198, 120), abs=4)


def test_wrapped_lines_are_enclosed_together() -> None:
    page = page_with(*glyphs(100, 100, 8), *glyphs(100, 132, 3))
    found = around_ink(Quad.from_box(95, 92, 312, 160), page)
    assert sides(found) == pytest.approx((100, 100, 302, 152), abs=2)


@pytest.mark.parametrize("quad", [Quad.from_box(300, 200, 400, 230), Quad.from_box(900, 900, 980, 930)])
def test_a_place_without_ink_or_off_the_page_stays_as_it_is(quad: Quad) -> None:
    assert around_ink(quad, page_with(*glyphs(100, 100, 4))) == quad


def test_a_value_without_a_place_stays_without_one() -> None:
    missing = FieldReading("name", "", 0.0, None, FieldState.MISSING)
    assert tightened(missing, page_with()) == missing


def test_pale_print_is_measured_against_itself() -> None:
    page = page_with()
    for left, top, right, bottom in glyphs(100, 100, 4):
        page[top:bottom, left:right] = GREY
    assert sides(around_ink(Quad.from_box(90, 88, 210, 134), page)) == pytest.approx(
        (100, 100, 198, 120), abs=2
    )
