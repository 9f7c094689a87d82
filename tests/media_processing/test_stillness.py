"""Frozen is what does not move anywhere; black is dark all over. Frames here are drawn in memory."""

import numpy as np
import pytest

from media_processing.passes import Packets
from media_processing.stillness import black_in, frozen_in
from media_processing.suspicion import MARGIN_SECONDS, joined, suspicious
from media_processing.tracks import Stretch

NOISE = np.random.default_rng(3).normal(0, 1, (370, 580))
TIMES = tuple(number / 10 for number in range(100))


def room(*, heads: int, frozen: Stretch | None = None, noise: float = 1.0, clock: bool = True) -> np.ndarray:
    """A wall with heads a few pixels wide that sway slowly, a codec's noise, a clock that never stops."""
    wall = np.full((270, 480), 150, np.int16)
    pictures = []
    for at in TIMES:
        if frozen and pictures and frozen.start <= at < frozen.end:
            picture = pictures[-1].copy()
        else:
            left = int(at * 10) * 37 % 100
            picture = wall + np.rint(noise * NOISE[left : left + 270, left : left + 480]).astype(np.int16)
            for head in range(heads):
                x = round(40 + 36 * head + 4 * np.sin(1.3 * at + head))
                picture[120 + 10 * (head % 3) : 130 + 10 * (head % 3), x : x + 8] = 60
        if clock:
            picture[250:262, 380:392] = 40 + 20 * (int(at * 10) % 7)
        pictures.append(picture)
    return np.clip(np.stack(pictures), 0, 255).astype(np.uint8)


def test_a_frozen_stretch_is_found_though_the_clock_runs_on() -> None:
    (found,) = frozen_in((TIMES, room(heads=12, frozen=Stretch(3, 7))))
    assert found.start == pytest.approx(3, abs=0.5) and found.end == pytest.approx(7, abs=0.3)


def test_small_heads_that_hardly_move_are_not_frozen() -> None:
    assert list(frozen_in((TIMES, room(heads=12, noise=0)))) == []


def test_an_empty_room_that_flickers_beside_a_frozen_stretch_is_not_frozen() -> None:
    pictures = room(heads=0, frozen=Stretch(6, 9), noise=3.0)
    pictures[:20, 60:240, 40:400] = room(heads=10, noise=3.0)[:20, 60:240, 40:400]
    spans = list(frozen_in((TIMES, pictures)))
    assert not any(span.start < 4 < span.end and span.end < 6 for span in spans)


def drawn(*, figure: bool, turns_at: float = 50.0, clock_at: int = 250) -> np.ndarray:
    """A slide that turns once, nothing that flickers, a figure of seven pixels that walks slowly, a clock."""
    pictures = np.full((len(TIMES), 270, 480), 205, np.uint8)
    for at, picture in zip(TIMES, pictures, strict=True):
        picture[60:160, 120:360] = 250
        picture[80:90, 140 : 300 if at < turns_at else 220] = 40
        if figure:
            x = 60 + round(3.2 * at)
            picture[200:207, x : x + 7] = 70
        picture[clock_at : clock_at + 12, 380:384] = 40 + 20 * (int(at) % 7)
    return pictures


def test_a_small_figure_walking_before_a_still_slide_is_not_frozen() -> None:
    assert list(frozen_in((TIMES, drawn(figure=True, turns_at=5.0)))) == []


def test_no_stretch_is_frozen_across_the_turning_of_a_slide() -> None:
    before, after = joined(frozen_in((TIMES, drawn(figure=False, turns_at=5.0))))
    assert before == Stretch(0.0, 5.0)
    assert 5.0 < after.start <= 5.2 and after.end == pytest.approx(10.0)


@pytest.mark.parametrize("clock_at", [250, 220, 32])
def test_a_clock_beside_the_strip_does_not_keep_a_picture_from_being_frozen(clock_at: int) -> None:
    (found,) = joined(frozen_in((TIMES, drawn(figure=False, clock_at=clock_at))))
    assert found == Stretch(0.0, pytest.approx(10.0))


def test_dark_pictures_are_black_and_a_lamp_in_the_dark_is_not() -> None:
    pictures = room(heads=3)
    pictures[20:50] = 12
    pictures[60:80] = 12
    pictures[60:80, 100:180, 100:300] = 120
    (found,) = black_in((TIMES, pictures))
    assert found == Stretch(2.0, 5.0)


def test_too_few_frames_tell_nothing() -> None:
    assert list(frozen_in((TIMES[:2], room(heads=1)[:2]))) == []


class Looks:
    """Keyframes that differ, and packets of so many bytes a second."""

    def __init__(self, sizes: list[int]) -> None:
        self.seconds = tuple(10.0 * number for number in range(len(sizes) // 10))
        self.pictures = np.stack(
            [np.full((270, 480), 90 + 40 * (number % 2), np.uint8) for number in range(len(self.seconds))]
        )
        at = np.arange(len(sizes) * 5) / 5
        self.packets = Packets(at, np.repeat(sizes, 5), np.isin(at, self.seconds))

    def __iter__(self):
        return zip(self.seconds, self.pictures, strict=True)


def spans(sizes: list[int]) -> list[Stretch]:
    return list(suspicious(Looks(sizes), Stretch(0, float(len(sizes)))))


def test_starved_seconds_are_suspected_and_usual_ones_are_not() -> None:
    usual = [900, 1000, 1100, 1000] * 30
    assert spans(usual) == []
    (found,) = spans([*usual[:63], 100, *usual[64:]])
    assert found == Stretch(60 - MARGIN_SECONDS, 70 + MARGIN_SECONDS)


def test_where_little_moves_anyway_four_thin_seconds_are_suspected_and_three_are_not() -> None:
    usual = [900, 1000, 1100, 1000] * 30
    assert spans([*usual[:62], *[600] * 3, *usual[65:]]) == []
    (found,) = spans([*usual[:62], *[600] * 4, *usual[66:]])
    assert found.start < 62 and found.end > 66
