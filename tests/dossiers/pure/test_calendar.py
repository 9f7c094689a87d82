"""Working days: make-up Saturdays, long holidays, years not announced, and the day by day behind a date."""

import random
from datetime import date, timedelta

import pytest

from dossiers.calendar import DayKind, WorkCalendar, add_months, announced


@pytest.fixture
def calendar() -> WorkCalendar:
    return announced()


def test_a_make_up_saturday_after_national_day_2025_counts(calendar: WorkCalendar) -> None:
    assert calendar.day(date(2025, 10, 11)).kind == DayKind.MAKE_UP
    assert calendar.between(date(2025, 9, 30), date(2025, 10, 11)).number == 3  # 9, 10 and the Saturday


def test_a_make_up_sunday_before_national_day_2025_counts(calendar: WorkCalendar) -> None:
    assert calendar.is_workday(date(2025, 9, 28))
    assert not calendar.is_workday(date(2025, 9, 27))


def test_spring_festival_2026_is_a_rest_with_its_name_and_its_two_make_up_saturdays(
    calendar: WorkCalendar,
) -> None:
    rest = calendar.day(date(2026, 2, 17))
    assert (rest.kind, rest.name) == (DayKind.HOLIDAY, "春节")
    assert calendar.is_workday(date(2026, 2, 14)) and calendar.is_workday(date(2026, 2, 28))


def test_the_day_it_happens_does_not_count_and_the_last_day_does(calendar: WorkCalendar) -> None:
    assert calendar.between(date(2026, 11, 23), date(2026, 11, 24)).number == 1
    assert calendar.between(date(2026, 11, 24), date(2026, 11, 24)).number == 0


def test_neither_end_counts_where_the_days_must_lie_inside(calendar: WorkCalendar) -> None:
    assert calendar.fully_between(date(2026, 11, 23), date(2026, 11, 25)).number == 1


def test_a_span_that_runs_backwards_holds_no_day(calendar: WorkCalendar) -> None:
    assert calendar.between(date(2026, 11, 25), date(2026, 11, 23)).number == 0


def test_a_deadline_names_every_day_that_leads_to_it(calendar: WorkCalendar) -> None:
    due = calendar.after(date(2026, 9, 30), 3)
    assert due.on == date(2026, 10, 10)  # 8, 9 and the make-up Saturday behind seven days of rest
    assert [day.ordinal for day in due.days if day.is_workday] == [1, 2, 3]
    assert len(due.days) == 10
    assert not due.provisional


def test_a_year_not_announced_is_counted_by_weekday_and_called_provisional(calendar: WorkCalendar) -> None:
    due = calendar.after(date(2033, 9, 29), 2)
    assert due.provisional
    assert due.on == date(2033, 10, 3)


def test_an_installation_may_change_a_day_and_the_count_follows(calendar: WorkCalendar) -> None:
    closed = calendar.changed_by([(date(2026, 11, 25), DayKind.HOLIDAY)])
    assert calendar.after(date(2026, 11, 24), 1).on == date(2026, 11, 25)
    assert closed.after(date(2026, 11, 24), 1).on == date(2026, 11, 26)


def test_a_year_declared_complete_is_no_longer_provisional(calendar: WorkCalendar) -> None:
    assert not calendar.changed_by([], years=[2033]).after(date(2033, 9, 29), 2).provisional


def test_a_working_day_counted_forward_is_the_one_counted_back(calendar: WorkCalendar) -> None:
    lots = random.Random(7)
    for _ in range(300):
        start = date(2024, 1, 1) + timedelta(days=lots.randrange(900))
        number = lots.randrange(1, 40)
        due = calendar.after(start, number)
        assert calendar.between(start, due.on).number == number
        assert calendar.is_workday(due.on)
        assert calendar.between(start, due.on - timedelta(days=1)).number == number - 1


def test_the_latest_day_to_file_leaves_just_enough_days(calendar: WorkCalendar) -> None:
    lots = random.Random(8)
    for _ in range(200):
        lesson = date(2024, 2, 1) + timedelta(days=lots.randrange(800))
        latest = calendar.latest_before(lesson, 5).on
        assert calendar.between(latest, lesson).number == 5
        assert calendar.between(latest + timedelta(days=1), lesson).number < 5


def test_days_are_not_counted_backwards_nor_over_ten_years(calendar: WorkCalendar) -> None:
    with pytest.raises(ValueError):
        calendar.after(date(2026, 1, 1), -1)
    with pytest.raises(ValueError):
        calendar.between(date(2000, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2020, 3, 1), 12, date(2021, 3, 1)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_of_the_month(
    start: date, months: int, end: date
) -> None:
    assert add_months(start, months) == end
