"""What lies over print is taken off, and the print stays."""

import cv2
import numpy as np

from ingestion.cleaning import cleaned, evened, faces_of, without_stamp
from ingestion.reading import Image

PAPER = 235


def printed() -> Image:
    page = np.full((800, 1200, 3), PAPER, np.uint8)
    cv2.putText(page, "2312 9919 8804", (120, 420), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (30, 30, 30), 2)
    return page


def ink() -> np.ndarray:
    return printed()[:, :, 0] < 120


def test_red_ink_fades_and_black_stays() -> None:
    stamped = np.full_like(printed(), PAPER)
    cv2.circle(stamped, (300, 400), 120, (96, 96, 222), 8)
    page = np.minimum(printed(), stamped)
    grey = without_stamp(page)
    stamp = (page == (96, 96, 222)).all(axis=2)
    assert grey[stamp].min() > 200
    assert grey[ink()].max() < 120


def test_a_wide_watermark_and_falling_light_are_divided_out() -> None:
    page = printed().astype(np.float32)
    cv2.line(page, (0, 700), (1200, 100), (120, 120, 120), 40)
    page = np.minimum(page, printed()) * np.linspace(1.0, 0.6, 1200)[None, :, None]
    grey = cleaned(page.astype(np.uint8))[:, :, 0]
    paper = ~cv2.dilate(ink().astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
    assert np.percentile(grey[paper], 1) > 225
    assert np.median(grey[ink()]) < 130


def test_evening_keeps_strokes_narrower_than_its_kernel() -> None:
    grey = np.full((60, 60), 200, np.uint8)
    grey[20:22, 10:50] = 40
    grey[40:58, 10:50] = 40
    even = evened(grey, 9)
    assert even[21, 30] < 60
    assert even[50, 30] > 240


def test_a_strip_is_seen_in_four_lights_at_the_height_engines_like() -> None:
    strips = list(faces_of(printed()[390:430, 100:600]))
    assert len(strips) == 4
    assert {strip.shape[0] for strip in strips} == {64}
    assert len({strip.tobytes() for strip in strips}) > 1


def test_of_a_strip_far_higher_than_its_line_the_line_alone_is_seen() -> None:
    """A seal over a number makes the box around both as high as the seal."""
    stamped = np.full_like(printed(), PAPER)
    cv2.circle(stamped, (300, 410), 60, (96, 96, 222), 6)
    page = np.minimum(printed(), stamped)
    for face in faces_of(page[330:490, 100:600]):
        rows = np.nonzero((face[:, :, 0] < 110).any(axis=1))[0]
        assert rows.max() - rows.min() > 35


def test_an_empty_strip_stays_whole() -> None:
    assert {face.shape[0] for face in faces_of(np.full((30, 90, 3), PAPER, np.uint8))} == {64}
