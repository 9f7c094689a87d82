"""对时: a recording is laid on its lesson by the clock in its picture, by hand, or by a machine's other reading."""

from datetime import date, timedelta

import pytest

from dossiers.actions import recordings
from dossiers.actions.recordings import ClockReading
from dossiers.models import RecordingClock
from dossiers.recordings import begins_at
from tests.cms.test_sessions import a_recording, row_of

pytestmark = pytest.mark.django_db
ITEM, PART = "theory_video_and_site_photos", "theory_lesson_video"
Basis = RecordingClock.Basis
DAY = date(2026, 10, 21)


def aligned(client, dossier, upload, **told):
    return client.post(dossier.screen("align", upload.uuid), told, follow=True)


def in_force(upload):
    return upload.clocks.get(superseded_at=None)


def test_the_time_typed_from_the_picture_aligns_the_recording(dossier, clerk, morning):
    upload = a_recording(dossier, morning, begins=77)
    answer = aligned(
        clerk, dossier, upload, do="typed", shown_on="2026-10-21", shown_at="09:23:16", second="00:55:36"
    )
    assert "已记下：录像从 2026-10-21 08:27:40 起" in answer.content.decode()
    assert in_force(upload).begins_at == begins_at(morning) - timedelta(seconds=140)
    assert in_force(upload).basis == Basis.ALIGNED
    assert row_of(clerk, dossier).judged == "full"


def test_two_readings_tell_how_fast_the_clock_runs(dossier, clerk, morning):
    upload = a_recording(dossier, morning)
    aligned(
        clerk,
        dossier,
        upload,
        do="typed",
        shown_on="2026-10-21",
        shown_at="08:30:00",
        second="0:00",
        shown_at_2="11:30:18",
        second_2="3:00:00",
    )
    assert round(in_force(upload).rate, 5) == round(1 + 18 / 10800, 5)


def test_what_was_dragged_is_taken_over_and_undone(dossier, clerk, morning):
    upload = a_recording(dossier, morning, begins=77)
    aligned(clerk, dossier, upload, do="dragged", begins="2026-10-21T08:27:40")
    assert in_force(upload).begins_at == begins_at(morning) - timedelta(seconds=140)
    clerk.post(dossier.screen("undo-recording-step"))
    assert in_force(upload).basis == Basis.BURNT_IN


def test_a_machines_other_reading_may_be_taken_over(dossier, clerk, morning):
    upload = a_recording(dossier, morning, begins=-2 * 24 * 60)
    at = begins_at(morning) - timedelta(minutes=5)
    recordings.propose_clock(upload, ClockReading(at, Basis.FILE_NAME, 60))
    named = upload.clocks.get(basis=Basis.FILE_NAME)
    aligned(clerk, dossier, upload, do="use", clock=named.pk)
    assert (in_force(upload).begins_at, in_force(upload).basis) == (at, Basis.FILE_NAME)
    assert in_force(upload).made_by is not None


@pytest.mark.parametrize(
    ("shown_at", "second", "told"),
    [
        ("9点多", "00:55:36", "画面上的时间读不出"),
        ("09:23:16", "abc", "录像里的位置读不出"),
        ("09:23:16", "99:00:00", "超出了录像"),
        ("09:23:16", "1:2:3:4", "录像里的位置读不出"),
    ],
)
def test_what_cannot_be_read_is_told_and_kept_in_the_form(dossier, clerk, morning, shown_at, second, told):
    upload = a_recording(dossier, morning)
    answer = aligned(
        clerk, dossier, upload, do="typed", shown_on="2026-10-21", shown_at=shown_at, second=second
    )
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert f'value="{shown_at}"' in answer.content.decode()
    assert in_force(upload).basis == Basis.BURNT_IN


def test_the_page_says_that_a_far_clock_is_not_where_the_bar_lies(dossier, clerk, morning):
    upload = a_recording(dossier, morning, begins=-6 * 365 * 24 * 60)
    page = clerk.get(dossier.screen("align", upload.uuid)).context["page"]
    assert page.is_moved
    assert page.begins == begins_at(morning)
    near = a_recording(dossier, morning, name="near.mp4")
    assert not clerk.get(dossier.screen("align", near.uuid)).context["page"].is_moved
