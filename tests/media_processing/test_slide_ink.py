"""What is written tells one slide from another; people, light and a shared title bar do not. Slides are drawn here."""

import cv2
import numpy as np

from media_processing.slide_ink import compared
from media_processing.slides import changes_in, proposed_region
from media_processing.tracks import Picture, Region

REGION = Region(0.5, 0.1, 0.4, 0.4)
TITLE = "LESSON ONE"


def slide(*lines: str, title: str = TITLE) -> Picture:
    """A slide as the region of a small grey picture shows it."""
    paper = np.full((108, 192), 225, np.uint8)
    paper[:16] = 90
    cv2.putText(paper, title, (6, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 235, 1, cv2.LINE_AA)
    for number, line in enumerate(lines):
        cv2.putText(paper, line, (8, 34 + 20 * number), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 50, 1, cv2.LINE_AA)
    return paper


FIRST = slide("CHECK THE VALVE", "OPEN WINDOWS", "CALL FOR HELP", "WAIT OUTSIDE")
SECOND = slide("BATHE AT 38 DEGREES", "DRY AND DRESS", "WRITE IT DOWN", "TELL FAMILY")


def with_person(picture: Picture, left: int, wide: int = 50) -> Picture:
    held = picture.copy()
    held[20:, left : left + wide] = 60
    return held


def noisy(picture: Picture, seed: int) -> Picture:
    noise = np.random.default_rng(seed).normal(0, 3, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def test_other_words_are_another_slide_under_the_same_title() -> None:
    assert compared(noisy(FIRST, 1), noisy(SECOND, 2)).is_another


def test_noise_and_light_make_no_other_slide() -> None:
    brighter = cv2.convertScaleAbs(FIRST, alpha=1.1)
    assert not compared(noisy(FIRST, 1), noisy(np.asarray(brighter, np.uint8), 2)).is_another


def test_somebody_before_the_wall_is_no_other_slide_wherever_he_goes() -> None:
    there, further = with_person(FIRST, 20), with_person(FIRST, 120)
    assert not compared(FIRST, there).is_another
    assert not compared(there, further).is_another
    assert not compared(further, FIRST).is_another


def test_another_slide_is_known_beside_somebody_who_walks() -> None:
    assert compared(with_person(FIRST, 20), with_person(SECOND, 120)).is_another


def test_a_picture_over_the_whole_wall_is_another_slide() -> None:
    assert compared(FIRST, np.full_like(FIRST, 70)).is_another


def classroom(shown: Picture, step: int) -> Picture:
    """The wall with a slide, and people who move below."""
    picture = np.full((270, 480), 150, np.uint8)
    picture[27:135, 240:432] = shown
    rng = np.random.default_rng(step)
    for seat in range(6):
        x = 40 + 70 * seat + int(rng.integers(-8, 9))
        cv2.circle(picture, (x, 190 + int(rng.integers(-5, 6))), 18, 70, -1)
        cv2.line(picture, (x - 8, 190), (x + 8, 190), 180, 1)
    return noisy(picture, step)


def test_the_place_of_slides_is_proposed_where_much_is_written_at_a_stroke() -> None:
    third = slide("NUMBERS OF THE DAY", "ROOMS AND KEYS", "LINEN AND SOAP", "NIGHT SHIFT")
    shown = [FIRST] * 5 + [SECOND] * 6 + [third] * 5
    looks = [(10.0 * step, classroom(picture, step)) for step, picture in enumerate(shown)]
    region = proposed_region(looks)
    assert region is not None
    assert region.left >= 0.48 and region.left + region.width <= 0.92
    assert region.top >= 0.08 and region.top + region.height <= 0.52
    assert [(one.before, one.after) for one in changes_in(looks, region)] == [(40.0, 50.0), (100.0, 110.0)]


def test_where_nothing_is_ever_written_no_place_is_proposed() -> None:
    looks = [(10.0 * step, classroom(FIRST, step)) for step in range(16)]
    assert proposed_region(looks) is None
