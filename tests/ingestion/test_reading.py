"""Quadrilaterals, rows and pages as plain values."""

import pytest

from ingestion.reading import Line, Page, Quad, in_reading_order, in_rows


def line(text: str, left: float, top: float, right: float, bottom: float) -> Line:
    return Line(text, 0.9, Quad.from_box(left, top, right, bottom))


def test_a_quad_needs_four_corners() -> None:
    with pytest.raises(ValueError, match="four corners"):
        Quad.from_points([(0, 0), (1, 1)])


def test_overlap_is_one_with_itself_and_nothing_with_a_stranger() -> None:
    box = Quad.from_box(0, 0, 10, 10)
    assert box.overlap(box) == 1.0
    assert box.overlap(Quad.from_box(20, 20, 30, 30)) == 0.0
    assert box.overlap(Quad.from_box(0, 0, 10, 5)) == 0.5


def test_lines_are_ordered_by_rows_whatever_order_an_engine_returns() -> None:
    lines = [line("右", 200, 12, 260, 32), line("下", 10, 60, 70, 80), line("左", 10, 10, 70, 30)]
    assert [found.text for found in in_reading_order(lines)] == ["左", "右", "下"]
    assert [len(row) for row in in_rows(lines)] == [2, 1]


@pytest.mark.parametrize(
    ("rotation", "on_upload"),
    [
        (0, Quad.from_box(0, 0, 20, 10)),
        (90, Quad.from_box(90, 0, 100, 20)),
        (180, Quad.from_box(80, 90, 100, 100)),
        (270, Quad.from_box(0, 80, 10, 100)),
    ],
)
def test_the_upper_left_of_the_upright_view_is_found_for_every_turn(rotation: int, on_upload: Quad) -> None:
    page = Page(1, 100, 100, rotation)
    assert page.on_view(on_upload) == pytest.approx((0.0, 0.0, 0.2, 0.1))
