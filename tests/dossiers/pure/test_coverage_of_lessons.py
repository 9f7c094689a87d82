"""Recordings held against lessons: what is seen, what is missing, what claims the same time."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from dossiers.coverage import (
    Clocked,
    Shared,
    Sitting,
    Span,
    apart,
    coverage,
    covers_mostly,
    doubled,
    in_no_lesson,
    joined,
    lessons,
    minus,
    overlaps,
    shorter_by,
    within,
)
from dossiers.rulesets import ruleset

TIMES = ruleset("suihua_2019").timetable
MORNING = datetime(2026, 10, 21, 0, 30, tzinfo=UTC)  # 08:30 at Suihua


def at(clock: str) -> datetime:
    """A moment of that day by the clock on the wall."""
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return datetime(2026, 10, 21, tzinfo=UTC) + timedelta(
        hours=hours - 8, minutes=minutes, seconds=sum(seconds)
    )


def sitting(key="morning", begins="08:30", count=4) -> Sitting:
    return Sitting(key, lessons(at(begins), count, TIMES))


def recording(begins="08:28", ends="11:40", key="file", **facts) -> Clocked:
    return Clocked(key, at(begins), (at(ends) - at(begins)).total_seconds(), **facts)


def test_four_lessons_run_forty_minutes_with_a_long_break_after_the_second():
    assert [(one.begins, one.ends) for one in lessons(at("08:30"), 4, TIMES)] == [
        (at("08:30"), at("09:10")),
        (at("09:15"), at("09:55")),
        (at("10:10"), at("10:50")),
        (at("10:55"), at("11:35")),
    ]


def test_a_recording_of_the_whole_morning_covers_all_of_it():
    found = coverage(sitting(), [recording()])
    assert (found.permille, found.gaps, found.blind) == (1000, (), ())
    assert found.is_full(pct=100, gap=120)


def test_a_recorder_that_rests_in_the_break_leaves_no_gap():
    halves = [recording("08:30", "09:55", "first"), recording("10:10", "11:35", "second")]
    assert coverage(sitting(), halves).gaps == ()


def test_a_gap_is_told_with_the_times_on_the_wall():
    found = coverage(sitting(), [recording("08:30", "09:34", "a"), recording("09:38", "11:40", "b")])
    assert found.gaps == (Span(at("09:34"), at("09:38")),)
    assert found.seconds_missing == 240
    assert not found.is_full(pct=100, gap=120)


def test_black_and_frozen_stretches_are_no_picture_and_no_gap():
    """The mockup's morning: 3 minutes 40 black of 160 minutes are 97.7 per cent, cut."""
    found = coverage(sitting(), [recording(blind=((3960.0, 4180.0),))])
    assert found.gaps == ()
    assert found.blind == (Span(at("09:34"), at("09:37:40")),)
    assert found.permille == 977


def test_a_share_is_cut_and_never_rounded_up_to_all():
    found = coverage(sitting(), [recording(blind=((3960.0, 3964.0),))])
    assert (found.permille, found.seconds_missing) == (999, 4)


def test_what_one_camera_missed_another_may_show():
    blind = recording(key="front", blind=((3960.0, 4180.0),))
    assert coverage(sitting(), [blind, recording("09:30", "09:50", "back")]).blind == ()


def test_a_gap_of_the_allowed_length_passes_and_a_second_more_does_not():
    late = Clocked("file", at("08:32"), 4 * 3600)
    assert coverage(sitting(), [late]).is_full(pct=100, gap=120)
    later = Clocked("file", at("08:32:01"), 4 * 3600)
    assert not coverage(sitting(), [later]).is_full(pct=100, gap=120)


def test_many_short_gaps_are_not_let_pass_one_by_one():
    found = coverage(sitting(), [recording(blind=tuple((t, t + 60.0) for t in range(600, 3000, 600)))])
    assert found.longest_missing == 60
    assert not found.is_full(pct=100, gap=120)


def test_a_clock_that_runs_slow_stretches_the_recording():
    slow = Clocked("file", at("08:30"), 185 * 60 / 1.01, rate=1.01)
    assert coverage(sitting(), [slow]).permille == 1000
    assert round(slow.second_at(at("09:30")) * 1.01) == 3600


def test_one_recording_of_the_whole_day_covers_both_sittings():
    day = recording("08:25", "17:00")
    assert covers_mostly(sitting(), day)
    assert covers_mostly(sitting("afternoon", "13:30"), day)
    assert not covers_mostly(sitting("evening", "16:00"), day)


def test_a_recording_of_another_day_lies_in_no_lesson_and_says_how_far_it_is_off():
    wrong = Clocked("file", at("08:30") - timedelta(days=2), 3600)
    assert in_no_lesson([wrong, recording(key="right")], [sitting()]) == ("file",)
    assert apart(sitting(), wrong) == timedelta(days=-2)
    assert apart(sitting(), recording()) is None


def test_a_recording_of_the_break_alone_lies_in_no_lesson():
    assert in_no_lesson([recording("09:56", "10:09")], [sitting()]) == ("file",)


def test_files_that_claim_the_same_time_are_named_and_a_shared_second_is_not():
    files = [
        recording("08:30", "09:30", "a"),
        recording("09:20", "10:00", "b"),
        Clocked("c", at("10:00") - timedelta(seconds=1), 600),
    ]
    found = overlaps(files, least=5)
    assert [(one.first, one.second, one.span) for one in found] == [
        ("a", "b", Span(at("09:20"), at("09:30")))
    ]


def test_the_same_recording_in_two_sittings_is_told_and_within_one_is_not():
    both = [
        recording("08:30", "09:10", "a"),
        recording("13:30", "14:10", "b"),
        recording("08:30", "09:10", "c"),
    ]
    sittings = [sitting(), sitting("afternoon", "13:30")]
    shared = [Shared("a", "b", 0, 0, 1200), Shared("a", "c", 0, 0, 1200), Shared("a", "unclocked", 0, 0, 9)]
    found = doubled(shared, both, sittings)
    assert [(one.first_sittings, one.again_sittings) for one in found] == [(("morning",), ("afternoon",))]


def test_files_shorter_than_the_lessons_are_short_without_any_clock():
    assert shorter_by(sitting(), [148 * 60.0], allowed=120) == 12 * 60
    assert shorter_by(sitting(), [80 * 60.0, 79 * 60.0], allowed=120) == 0


def drawn_spans(dice: random.Random) -> list[Span]:
    begins = [MORNING + timedelta(seconds=dice.randrange(12 * 3600)) for _ in range(dice.randrange(7))]
    return [Span(one, one + timedelta(seconds=dice.randrange(4000))) for one in begins]


def drawn_file(dice: random.Random, key: int) -> Clocked:
    starts = [float(dice.randrange(15000)) for _ in range(dice.randrange(4))]
    return Clocked(
        key,
        MORNING + timedelta(seconds=dice.randrange(12 * 3600)),
        float(dice.randrange(1, 15000)),
        rate=dice.choice([1.0, 0.99, 1.01]),
        blind=tuple((start, start + dice.randrange(1, 900)) for start in starts),
    )


def drawn_class(seed: int) -> tuple[Sitting, list[Clocked]]:
    """Any sitting of one to eight lessons and up to five recordings around it."""
    dice = random.Random(seed)
    begins = MORNING + timedelta(seconds=dice.randrange(6 * 3600))
    files = [drawn_file(dice, key) for key in range(dice.randrange(6))]
    return Sitting("s", lessons(begins, dice.randrange(1, 9), TIMES)), files


@pytest.mark.parametrize("seeds", [range(0, 150), range(150, 300)])
def test_seen_missing_and_blind_part_the_lessons_exactly(seeds):
    for seed in seeds:
        whole, files = drawn_class(seed)
        found = coverage(whole, files)
        parts = [*found.seen, *found.gaps, *found.blind]
        assert round(sum(one.seconds for one in parts), 3) == whole.seconds, seed
        assert joined(parts) == joined(whole.lessons), seed


def test_one_more_recording_never_shows_less():
    for seed in range(200):
        whole, files = drawn_class(seed)
        shares = [coverage(whole, files[:few]).permille for few in range(len(files) + 1)]
        assert shares == sorted(shares), seed
        assert shares[0] == 0


def test_all_of_it_is_said_only_where_nothing_is_missing():
    said = []
    for seed in range(300):
        found = coverage(*drawn_class(seed))
        said.append(found.permille == 1000)
        assert found.is_full(pct=100, gap=0) == (found.seconds_missing == 0), seed
        assert not said[-1] or found.seconds_missing == 0, seed
    assert any(said)


def test_taking_away_and_cutting_out_are_each_others_rest():
    for seed in range(300):
        dice = random.Random(seed)
        whole, taken = joined(drawn_spans(dice)), drawn_spans(dice)
        inside, left = within(whole, taken), minus(whole, taken)
        assert joined([*inside, *left]) == joined(whole), seed
        assert not within(left, taken), seed
