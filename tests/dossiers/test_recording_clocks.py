"""When a recording began: what machines propose, what a person states, and what it makes of the timetable."""

from datetime import date, time, timedelta

import pytest

from dossiers.actions import recordings
from dossiers.actions.recordings import ClockReading
from dossiers.exceptions import NotAllowed, NotReady, Overtaken
from dossiers.models import HistoryEntry, RecordingClock
from dossiers.recordings import begins_at
from dossiers.standing import Standing
from dossiers.standings import glances
from tests import factories as make

pytestmark = pytest.mark.django_db
ITEM, PART = "theory_video_and_site_photos", "theory_lesson_video"
Basis = RecordingClock.Basis


@pytest.fixture
def dossier():
    return make.make_dossier(stage="training")


@pytest.fixture
def clerk(dossier):
    return make.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def morning(dossier):
    return make.make_session(dossier, held_on=date(2026, 10, 21))


def recording_of(dossier, clerk, session=None, *, hours=3.2):
    """A recording filed for a session (or in the tray), without bytes."""
    upload = make.make_upload(
        dossier, by=clerk, medium="recording", file_name="A教室.mp4", duration_seconds=hours * 3600
    )
    if session is not None:
        make.make_filing(dossier, ITEM, upload=upload, part=PART, session=session, kind="recording")
    return upload


def says(session, minutes=-3, basis=Basis.BURNT_IN, within=0.5, rate=1.0) -> ClockReading:
    return ClockReading(begins_at(session) + timedelta(minutes=minutes), basis, within, rate)


def in_force(upload) -> RecordingClock:
    return upload.clocks.get(superseded_at=None)


def test_a_better_reading_supersedes_and_a_worse_one_only_stands_beside(dossier, clerk, morning):
    upload = recording_of(dossier, clerk, morning)
    recordings.propose_clock(upload, says(morning, basis=Basis.FILE_NAME, within=60))
    recordings.propose_clock(upload, says(morning, minutes=-2))
    recordings.propose_clock(upload, says(morning, minutes=480, basis=Basis.FILE_TIME, within=3600))
    assert in_force(upload).basis == Basis.BURNT_IN
    assert upload.clocks.count() == 3


def test_the_same_reading_twice_is_one_row(dossier, clerk, morning):
    upload = recording_of(dossier, clerk, morning)
    for _ in range(2):
        recordings.propose_clock(upload, says(morning))
    assert upload.clocks.count() == 1


def test_a_persons_word_stands_above_every_later_reading(dossier, clerk, morning):
    upload = recording_of(dossier, clerk, morning)
    recordings.align(upload, says(morning, basis=Basis.ALIGNED), by=clerk)
    recordings.propose_clock(upload, says(morning, minutes=77))
    assert in_force(upload).made_by == clerk
    assert HistoryEntry.objects.filter(dossier=dossier, action="align_recording").count() == 1


def test_a_word_taken_back_leaves_what_was_in_force_before(dossier, clerk, morning):
    upload = recording_of(dossier, clerk, morning)
    read = recordings.propose_clock(upload, says(morning))
    first = recordings.align(upload, says(morning, minutes=-9, basis=Basis.ALIGNED), by=clerk)
    second = recordings.align(upload, says(morning, minutes=-8, basis=Basis.ALIGNED), by=clerk)
    assert recordings.take_back(second, by=clerk) == first
    assert recordings.take_back(first, by=clerk) == read
    assert in_force(upload) == read


def test_somebody_elses_word_or_one_already_superseded_is_not_taken_back(dossier, clerk, morning):
    upload = recording_of(dossier, clerk, morning)
    first = recordings.align(upload, says(morning, basis=Basis.ALIGNED), by=clerk)
    colleague = make.make_account("clerk", institution=dossier.custodian)
    with pytest.raises(Overtaken):
        recordings.take_back(first, by=colleague)
    recordings.align(upload, says(morning, basis=Basis.ALIGNED), by=colleague)
    with pytest.raises(Overtaken):
        recordings.take_back(first, by=clerk)


def test_who_does_not_keep_the_dossier_aligns_nothing(dossier, clerk, morning):
    upload = recording_of(dossier, clerk, morning)
    for role in ("clerk", "reviewer"):
        with pytest.raises(NotAllowed):
            recordings.align(upload, says(morning, basis=Basis.ALIGNED), by=make.make_account(role))


def test_a_clock_that_would_run_twice_as_fast_is_refused(dossier, clerk, morning):
    upload = recording_of(dossier, clerk, morning)
    with pytest.raises(NotReady):
        recordings.align(upload, says(morning, basis=Basis.ALIGNED, rate=2.0), by=clerk)
    assert not upload.clocks.exists()


def theory_video(dossier, viewer):
    """Had and needed, by the one dossier and among many; they must not differ."""
    one = Standing(dossier, viewer).item(ITEM).count
    [glance] = glances([dossier], viewer)
    [many] = [item.count for item in glance.items if item.item.id == ITEM]
    assert (one.have, one.needed, one.missing) == (many.have, many.needed, many.missing)
    return one.have, one.needed


def test_one_file_of_the_whole_day_is_the_recording_of_both_its_sessions(dossier, clerk, morning):
    make.make_session(dossier, held_on=morning.held_on, starts_at=time(13, 30))
    upload = recording_of(dossier, clerk, morning, hours=9)
    assert theory_video(dossier, clerk) == (1, 2)
    recordings.propose_clock(upload, says(morning))
    assert theory_video(dossier, clerk) == (2, 2)


def test_a_clock_that_may_be_an_hour_off_proves_no_further_session(dossier, clerk, morning):
    make.make_session(dossier, held_on=morning.held_on, starts_at=time(13, 30))
    upload = recording_of(dossier, clerk, morning, hours=9)
    recordings.propose_clock(upload, says(morning, basis=Basis.FILE_TIME, within=3600))
    assert theory_video(dossier, clerk) == (1, 2)


def test_a_recording_that_only_touches_the_afternoon_is_not_its_recording(dossier, clerk, morning):
    make.make_session(dossier, held_on=morning.held_on, starts_at=time(13, 30))
    upload = recording_of(dossier, clerk, morning, hours=5.5)
    recordings.propose_clock(upload, says(morning))
    assert theory_video(dossier, clerk) == (1, 2)


def test_a_recording_that_nobody_has_filed_records_nothing(dossier, clerk, morning):
    upload = recording_of(dossier, clerk, hours=9)
    recordings.propose_clock(upload, says(morning))
    assert theory_video(dossier, clerk) == (0, 1)


def test_a_clock_that_contradicts_its_own_session_proves_no_other(dossier, clerk, morning):
    other = make.make_session(dossier, held_on=date(2026, 10, 23))
    upload = recording_of(dossier, clerk, morning)
    recordings.propose_clock(upload, says(other))
    assert theory_video(dossier, clerk) == (1, 2)
