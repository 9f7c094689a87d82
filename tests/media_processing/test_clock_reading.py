"""The clock burnt into the picture: its many ways of writing a moment, misreadings, drift, and when there is no answer."""

import random
from datetime import date, datetime, time, timedelta

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from cms.reading_recordings import reader_called
from ingestion.specimens.faces import font, installed
from media_processing.clock_reading import Sample, Stamp, fit, samples_of, stamp_in

DAY = date(2026, 10, 21)
BEGINS = datetime.combine(DAY, time(8, 27, 40))


@pytest.mark.parametrize(
    "line",
    [
        "2026-10-21 09:23:16",
        "2026-10-2109:23:16",
        "2026年10月21日 星期三 09:23:16",
        "2026年10月21日星期三09:23:16",
        "2026/10/21 09:23:16 A教室1号机",
        "CAM 01 2026.10.21 09:23:16",
        "10-21-2026 Wed 09:23:16",
        "21-10-2026 09:23:16",
        "10/21/2026 09:23:16 AM",
        "２０２６-１０-２１ ０９：２３：１６",
        "2O26-1O-21 O9:23:16",
        "20261021 092316",
        "2026-10-21 09.23;16",
        "2026年10月21日 上午9:23:16",
    ],
)
def test_every_way_in_which_recorders_write_a_moment_is_read(line):
    assert stamp_in([line]) == Stamp(DAY, time(9, 23, 16))


def test_the_afternoon_is_told_from_the_morning():
    assert stamp_in(["2026-10-21 下午 02:05:09"]) == Stamp(DAY, time(14, 5, 9))
    assert stamp_in(["10/21/2026 12:00:07 AM"]) == Stamp(DAY, time(0, 0, 7))


def test_date_and_time_may_stand_on_two_lines():
    assert stamp_in(["A教室 1号机", "2026-10-21", "09:23:16"]) == Stamp(DAY, time(9, 23, 16))


def test_a_time_without_a_date_leaves_the_day_open():
    assert stamp_in(["09:23:16"]) == Stamp(None, time(9, 23, 16))


def test_a_counter_beside_the_clock_is_not_the_clock():
    assert stamp_in(["00:00:52.520", "1313", "2026-10-21 09:23:16"]) == Stamp(DAY, time(9, 23, 16))


def test_which_number_is_the_month_is_decided_by_the_day_that_is_expected():
    assert stamp_in(["10-11-2026 09:23:16"], near=date(2026, 11, 10)).day == date(2026, 11, 10)
    assert stamp_in(["10-11-2026 09:23:16"]).day == date(2026, 10, 11)


@pytest.mark.parametrize(
    "line",
    [
        "用后清洗，消毒 5 分钟以上",
        "电话 13912345678",
        "第 12 页 共 34 页",
        "2026-10-21",
        "1.2.3",
        "092316",
        "99:99:99",
        "",
    ],
)
def test_what_is_no_clock_is_not_taken_for_one(line):
    assert stamp_in([line]) is None


def read_at(seconds, *, rate=1.0, begins=BEGINS) -> list[Sample]:
    """What a clock shows at these seconds: whole seconds, as on the wall."""
    shown = [begins + timedelta(seconds=second * rate) for second in seconds]
    return [Sample(second, one.replace(microsecond=0)) for second, one in zip(seconds, shown, strict=True)]


HOURS = [300.0 + 1000 * place for place in range(12)]


def test_a_clock_read_on_several_pictures_tells_when_the_recording_began():
    found = fit(read_at(HOURS))
    assert abs((found.begins_at - BEGINS).total_seconds()) <= 0.5
    assert (found.rate, found.agreeing, found.within_seconds) == (1.0, 12, 0.5)


def test_misread_pictures_do_not_move_it():
    spoilt = read_at(HOURS)
    spoilt[2] = Sample(spoilt[2].second, spoilt[2].shown + timedelta(hours=5))
    spoilt[7] = Sample(spoilt[7].second, spoilt[7].shown.replace(year=2028))
    found = fit(spoilt)
    assert abs((found.begins_at - BEGINS).total_seconds()) <= 0.5
    assert (found.agreeing, found.read, found.jump) == (10, 12, 0.0)


@pytest.mark.parametrize("rate", [0.995, 1.0005, 1.01])
def test_a_clock_that_runs_fast_or_slow_is_followed(rate):
    found = fit(read_at(HOURS, rate=rate))
    assert found.rate == pytest.approx(rate, abs=0.0002)
    assert abs((found.begins_at - BEGINS).total_seconds()) <= 1.0
    ends = found.begins_at + timedelta(seconds=11300 * found.rate)
    assert abs((ends - BEGINS).total_seconds() - 11300 * rate) <= 1.0


def test_a_recorder_that_rested_is_not_smoothed_over():
    """Fifteen minutes are missing in the file: the line is that of the most, and how far off the rest is is said."""
    read = read_at(HOURS[:8]) + read_at(HOURS[8:], begins=BEGINS + timedelta(minutes=15))
    found = fit(read)
    assert abs((found.begins_at - BEGINS).total_seconds()) <= 0.5
    assert found.jump == pytest.approx(900, abs=2)
    assert found.within_seconds >= 898


def test_pictures_that_do_not_agree_are_no_clock():
    dice = random.Random(4)
    read = [Sample(second, BEGINS + timedelta(seconds=dice.randrange(86400))) for second in HOURS]
    assert fit(read) is None
    assert fit(read_at(HOURS[:2])) is None


def test_a_line_that_half_of_the_pictures_contradict_is_no_answer():
    half = read_at(HOURS[:6]) + read_at(HOURS[6:], begins=BEGINS + timedelta(minutes=15))
    assert fit(half) is None


def test_the_fit_stays_within_what_it_says_whatever_is_misread():
    for seed in range(60):
        dice = random.Random(seed)
        rate = 1 + dice.uniform(-0.01, 0.01)
        read = [one for one in read_at(HOURS, rate=rate) if dice.random() > 0.2]
        for place in dice.sample(range(len(read)), k=len(read) // 4):
            read[place] = Sample(
                read[place].second, read[place].shown + timedelta(seconds=dice.randrange(600, 90000))
            )
        found = fit(read)
        assert abs((found.begins_at - BEGINS).total_seconds()) <= found.within_seconds + 1, seed


class Room:
    """Pictures whose rows are numbered, and a reader that reads a clock only where it was drawn."""

    def __init__(self, top: int) -> None:
        self.top = top
        self.asked: list[float] = []

    def picture_at(self, second: float):
        self.asked.append(second)
        picture = np.zeros((200, 300, 3), np.uint8)
        picture[self.top : self.top + 8, :, 0] = 255
        picture[0, 0, 1], picture[-1, 0, 1] = 1, 1
        picture[:, :, 2] = int(second) % 250
        return picture

    def read_lines(self, picture) -> list[str]:
        rows = (picture[:, :, 0] == 255).sum(axis=1)
        if (rows == 300).sum() < 8:
            return ["课件 消毒 5 分钟"]
        shown = BEGINS + timedelta(seconds=int(picture[0, 0, 2]))
        return ["A教室", f"{shown:%Y-%m-%d %H:%M:%S}"]


@pytest.mark.parametrize("top", [4, 188, 100])
def test_the_clock_is_found_above_below_or_anywhere(top):
    room = Room(top)
    read = samples_of(200, room.picture_at, room.read_lines)
    assert len(read) == 12
    assert abs((fit(read).begins_at - BEGINS).total_seconds()) <= 1.0


def test_a_picture_without_a_clock_gives_no_samples_and_costs_three_looks():
    room = Room(4)
    assert samples_of(200, room.picture_at, lambda picture: ["课件"]) == ()
    assert len(room.asked) == 3


def test_black_pictures_are_passed_over():
    room = Room(4)
    read = samples_of(200, lambda t: None if t > 60 else room.picture_at(t), room.read_lines)
    assert 0 < len(read) < 12


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("shape", "at"),
    [
        ("%Y-%m-%d %H:%M:%S", (40, 30)),
        ("%Y年%m月%d日 星期三 %H:%M:%S A教室1号机", (40, 650)),
        ("%m-%d-%Y Wed %H:%M:%S", (660, 30)),
    ],
)
def test_the_real_reader_reads_a_clock_drawn_over_a_busy_picture(shape, at):
    """720p, JPEG as recorders make it, words of a slide in the middle."""
    noise = np.random.default_rng(1).integers(90, 170, (720, 1280, 3)).astype(np.uint8)
    base = cv2.GaussianBlur(noise, (0, 0), 9)

    def picture_at(second: float):
        drawn = Image.fromarray(base.copy())
        pen = ImageDraw.Draw(drawn)
        pen.rectangle((300, 150, 800, 450), fill=(245, 245, 245))
        pen.text((340, 200), "用后清洗，消毒 5 分钟以上", font=font(installed("sans"), 28), fill=(30, 30, 30))
        shown = (BEGINS + timedelta(seconds=int(second))).strftime(shape)
        pen.text(
            at, shown, font=font(installed("sans"), 30), fill="white", stroke_width=2, stroke_fill="black"
        )
        return cv2.imdecode(cv2.imencode(".jpg", np.asarray(drawn), [1, 70])[1], 1)

    found = fit(samples_of(11400, picture_at, reader_called("paddle_tiny")[1]))
    assert found.agreeing >= 10
    assert abs((found.begins_at - BEGINS).total_seconds()) <= 0.5
