"""Is the print on a photograph sharp, and is the whole paper on it? Told of drawn pages, spoiled on purpose."""

import cv2
import numpy as np
import pytest

from ingestion.reading import Image
from ingestion.sharpness import is_blurred, smear_of
from ingestion.snapshot import BLURRED, EDGES_UNSEEN, NOTES, seen_in, seen_on

TABLE = (70, 90, 110)


def page(width: int = 1240, height: int = 1754) -> Image:
    """White paper with rows of small dark strokes, as print is."""
    drawn = np.full((height, width, 3), 250, np.uint8)
    rng = np.random.default_rng(7)
    for top in range(120, height - 160, 46):
        for left in range(110, width - 130, 26):
            for _stroke in range(4):
                x, y, along = left + rng.integers(0, 14), top + rng.integers(0, 16), rng.integers(5, 12)
                end = (int(x + along), int(y)) if rng.random() < 0.5 else (int(x), int(y + along))
                cv2.line(drawn, (int(x), int(y)), end, (40, 40, 40), 2)
    return drawn


def photographed(paper: Image, *, share: float = 0.8) -> Image:
    """The paper on a table, seen a little from the side; beyond a share of 1 it runs out of the picture."""
    height, width = paper.shape[:2]
    table = np.full((2000, 1500, 3), TABLE, np.uint8)
    across, down = 1500 * share / 2, 1500 * share / 2 * height / width
    corners = [(750 - across + 25, 1000 - down), (750 + across - 15, 1000 - down + 20)]
    corners += [(750 + across + 10, 1000 + down - 10), (750 - across - 10, 1000 + down + 15)]
    lying = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = cv2.getPerspectiveTransform(lying, np.array(corners, np.float32))
    return cv2.warpPerspective(paper, seen, (1500, 2000), dst=table, borderMode=cv2.BORDER_TRANSPARENT)


def shaken(picture: Image, pixels: int) -> Image:
    """The hand moved to the side while the shutter was open."""
    return cv2.blur(picture, (pixels, 1))


@pytest.mark.parametrize("sigma", [0.5, 1.0])
def test_print_that_reads_well_is_not_called_blurred(sigma):
    assert not is_blurred(cv2.GaussianBlur(page(), (0, 0), sigma))


@pytest.mark.parametrize("sigma", [2.6, 3.5, 5.0])
def test_print_that_engines_guess_at_is_called_blurred(sigma):
    assert is_blurred(cv2.GaussianBlur(page(), (0, 0), sigma))


@pytest.mark.parametrize("pixels", [11, 15])
def test_a_shaken_hand_is_seen_although_strokes_along_its_way_stay_sharp(pixels):
    assert not is_blurred(photographed(page()))
    assert is_blurred(shaken(photographed(page()), pixels))


def test_the_measure_follows_the_blur():
    told = [smear_of(cv2.GaussianBlur(page(), (0, 0), sigma)) for sigma in (0.5, 1, 1.5, 2, 3)]
    assert told == sorted(told) and told[0] < 1.2 < told[-1]


def test_the_size_of_the_picture_does_not_matter():
    soft = cv2.GaussianBlur(page(), (0, 0), 2.6)
    large = cv2.resize(soft, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)
    assert smear_of(large) == pytest.approx(smear_of(soft), rel=0.15)


def test_nothing_is_said_of_a_page_without_print():
    blank = np.full((1754, 1240, 3), 245, np.uint8)
    assert smear_of(blank) is None
    assert not is_blurred(blank)


def test_a_whole_sharp_paper_is_told_nothing():
    assert seen_on(photographed(page())) == ()


def test_a_paper_that_runs_out_of_the_picture_is_told_of_its_edges():
    assert seen_on(photographed(page(), share=1.25)) == (EDGES_UNSEEN,)


def test_a_blurred_photograph_is_told_so():
    assert BLURRED in seen_on(cv2.GaussianBlur(photographed(page()), (0, 0), 3.4))


def test_an_encoded_photograph_is_told_the_same_and_rubbish_nothing():
    _, jpeg = cv2.imencode(".jpg", photographed(page(), share=1.25))
    assert seen_in(jpeg.tobytes()) == (EDGES_UNSEEN,)
    assert seen_in(b"no picture") == ()
    assert {BLURRED, EDGES_UNSEEN} < NOTES
