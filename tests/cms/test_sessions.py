"""课程与录像: what of each session is recorded, by which files, by which clock, and how a person puts it right."""

from datetime import date, time, timedelta

import pytest

from cms.rows.review_hints import ItemEvidence
from dossiers.actions import recordings
from dossiers.actions.recordings import ClockReading
from dossiers.models import Filing, RecordingClock
from dossiers.recordings import begins_at
from dossiers.standing import Standing
from foundation.models import Job
from media_processing.models import FoundIncident, IndexedRecording, RecordingProbe, SharedStretch
from tests import factories as make
from tests.cms.people_at_desks import a_class, client_of

pytestmark = pytest.mark.django_db
ITEM, PART = "theory_video_and_site_photos", "theory_lesson_video"
Basis = RecordingClock.Basis
DAY = date(2026, 10, 21)


@pytest.fixture
def desk():
    return a_class(trainees=1, stage="training")


@pytest.fixture
def dossier(desk):
    return desk[0]


@pytest.fixture
def clerk(desk):
    return desk[1]


@pytest.fixture
def morning(dossier):
    return make.make_session(dossier, held_on=DAY, room="A教室")


def a_recording(dossier, session=None, *, minutes=190, state="filed", name="A教室_1.mp4", begins=-3, **clock):
    """A recording of `minutes`, filed for a session (or in the tray), that begins so many minutes after it."""
    upload = make.make_upload(dossier, medium="recording", file_name=name, duration_seconds=minutes * 60.0)
    RecordingProbe.objects.create(
        upload=upload,
        duration_seconds=minutes * 60,
        container="mp4",
        width=1920,
        height=1080,
        play="original",
    )
    make.make_filing(
        dossier,
        ITEM,
        upload=upload,
        part=PART,
        session=session,
        kind="recording",
        state=state,
        version=dossier.filings.count() + 1,
    )
    if begins is not None:
        at = begins_at(session or dossier.sessions.first()) + timedelta(minutes=begins)
        given = {"basis": Basis.BURNT_IN, "within_seconds": 0.5} | clock
        recordings.propose_clock(upload, ClockReading(at, **given))
    return upload


def black(upload, start, end, kind="black"):
    indexed, _ = IndexedRecording.objects.get_or_create(upload=upload)
    FoundIncident.objects.create(indexed=indexed, kind=kind, start=start, end=end)


def row_of(client, dossier, session=None):
    rows = client.get(dossier.screen("sessions")).context["rows"]
    return next(row for row in rows if session is None or row.uuid == session.uuid)


def kinds(row):
    return [piece.kind for piece in row.pieces if piece.kind != "lesson"]


def test_a_session_recorded_from_end_to_end_is_said_to_be(dossier, clerk, morning):
    a_recording(dossier, morning)
    row = row_of(clerk, dossier)
    assert (row.judged, row.share, row.missing) == ("full", "有效 100.0 %", "")
    assert row.time == "08:30–11:35"
    assert kinds(row) == ["run"]
    assert clerk.get(dossier.screen("sessions")).context["summary"] == "1 节理论课：1 节已录全"


def test_a_gap_stands_in_red_with_its_times(dossier, clerk, morning):
    a_recording(dossier, morning, minutes=67)
    a_recording(dossier, morning, minutes=120, begins=68, name="A教室_2.mp4")
    row = row_of(clerk, dossier)
    assert (row.judged, row.missing) == ("short", "缺 4′00″")
    assert kinds(row).count("gap") == 1
    assert "没有录像：09:34–09:38" in row.notes


def test_a_black_stretch_is_hatched_and_counts_as_missing(dossier, clerk, morning):
    upload = a_recording(dossier, morning)
    black(upload, 67 * 60, 67 * 60 + 220)
    row = row_of(clerk, dossier)
    assert (row.share, row.missing) == ("有效 97.7 %", "缺 3′40″")
    assert kinds(row) == ["run", "blind"]
    assert "黑屏或静止：09:34–09:37" in row.notes


def test_a_silent_stretch_hides_nothing(dossier, clerk, morning):
    black(a_recording(dossier, morning), 4000, 4400, kind="silent")
    assert row_of(clerk, dossier).judged == "full"


def test_without_a_clock_only_the_length_is_judged(dossier, clerk, morning):
    a_recording(dossier, morning, minutes=148, begins=None)
    row = row_of(clerk, dossier)
    assert row.judged == "unknown"
    assert row.notes == ("录像比课短 12 分钟",)


def test_what_lies_in_the_tray_covers_nothing_yet(dossier, clerk, morning):
    a_recording(dossier, morning, state="proposed")
    row = row_of(clerk, dossier)
    assert row.judged == "none"
    assert row.recordings[0].is_waiting
    assert "waiting" in kinds(row)


def test_one_file_of_the_whole_day_stands_at_both_sessions(dossier, clerk, morning):
    afternoon = make.make_session(dossier, held_on=DAY, starts_at=time(13, 30))
    a_recording(dossier, morning, minutes=540)
    row = row_of(clerk, dossier, afternoon)
    assert row.judged == "full"
    assert row.recordings[0].is_besides


def test_practice_is_not_asked_for_a_recording_and_shows_none_missing(dossier, clerk):
    make.make_session(dossier, held_on=DAY, kind="practice")
    row = row_of(clerk, dossier)
    assert (row.judged, row.has_bar, row.notes) == ("not_asked", False, ())


def test_a_session_to_come_is_not_missing(dossier, clerk):
    make.make_session(dossier, held_on=date(2099, 1, 5))
    assert row_of(clerk, dossier).judged == "to_come"


def test_a_clock_that_is_days_off_is_doubted_and_not_shifted(dossier, clerk, morning):
    upload = a_recording(dossier, morning, begins=-2 * 24 * 60)
    row = row_of(clerk, dossier)
    assert row.judged == "short"
    assert row.recordings[0].doubts == ("录像时钟与课次差 2 天，请对时",)
    assert upload.clocks.get().begins_at == begins_at(morning) - timedelta(days=2)
    assert kinds(row) == ["gap"] * 4


def test_a_clock_that_contradicts_its_session_covers_no_other_session_either(dossier, clerk, morning):
    earlier = make.make_session(dossier, held_on=date(2026, 10, 19))
    a_recording(dossier, morning, begins=-2 * 24 * 60)
    assert row_of(clerk, dossier, earlier).judged == "none"


def test_eight_hours_off_by_the_files_own_time_is_called_the_trap_it_is(dossier, clerk, morning):
    a_recording(dossier, morning, begins=8 * 60, basis=Basis.FILE_TIME, within_seconds=3600)
    [doubt] = row_of(clerk, dossier).recordings[0].doubts
    assert "8 小时" in doubt


def test_two_files_of_one_time_and_one_recording_in_two_lessons_are_told(dossier, clerk, morning):
    tuesday = make.make_session(dossier, held_on=date(2026, 10, 20))
    first, second = a_recording(dossier, morning), a_recording(dossier, morning, name="again.mp4")
    third = a_recording(dossier, tuesday, name="tuesday.mp4")
    SharedStretch.objects.create(
        first=first, again=third, first_start=200, again_start=200, seconds=2400, how="sound"
    )
    assert second.pk
    notes = row_of(clerk, dossier, morning).notes
    assert any(note.startswith("两段录像时间重叠") for note in notes)
    assert "同一段录像也用在别的课次，40′00″" in notes


def test_the_same_recording_in_another_class_is_named_only_to_who_may_see_it(dossier, clerk, morning):
    upload = a_recording(dossier, morning)
    own = make.make_dossier(dossier.opener, trainer=dossier.trainer)
    strange = make.make_dossier()
    for other in (own, strange):
        session = make.make_session(other, held_on=DAY)
        twin = a_recording(other, session, name="twin.mp4")
        SharedStretch.objects.create(
            first=upload, again=twin, first_start=0, again_start=0, seconds=2400, how="picture"
        )
    doubts = " ".join(row_of(clerk, dossier).recordings[0].doubts)
    assert own.class_no in doubts
    assert strange.class_no not in doubts
    assert "另一班次" in doubts


def test_a_teacher_and_a_room_booked_twice_are_told_without_naming_a_strangers_class(dossier, clerk, morning):
    own = make.make_dossier(dossier.opener, trainer=dossier.trainer)
    make.make_session(own, held_on=DAY, starts_at=time(9, 0), lecturer="顾承业、高远", room="Ａ教室")
    strange = make.make_dossier()
    make.make_session(strange, held_on=DAY, starts_at=time(11, 0), room="A教室")
    told = [clash.text for clash in row_of(clerk, dossier).clashes]
    assert f"教师高远同一时间也在 {own.class_no} 班（09:00–11:35）" in told
    assert f"A教室同一时间也排给 {own.class_no} 班（09:00–11:35）" in told
    assert "教师高远同一时间也在另一班次（11:00–11:35）" in told
    assert len(told) == 3, "a room of another institution is another room"
    assert strange.class_no not in "".join(told)


# What a person does ---------------------------------------------------------------------------------------
def test_a_recording_is_filed_for_a_session_moved_and_brought_back(dossier, clerk, morning):
    tuesday = make.make_session(dossier, held_on=date(2026, 10, 20))
    upload = a_recording(dossier, state="proposed", session=None)
    assert len(clerk.get(dossier.screen("sessions")).context["unplaced"]) == 1
    filed = dossier.filings.filter(state="filed")
    clerk.post(dossier.screen("file-recording", upload.uuid), {"session": str(morning.uuid)})
    assert filed.get().session == morning
    clerk.post(dossier.screen("file-recording", upload.uuid), {"session": str(tuesday.uuid)})
    assert filed.get().session == tuesday
    clerk.post(dossier.screen("undo-recording-step"))
    assert filed.get().session == morning
    clerk.post(dossier.screen("undo-recording-step"))
    assert not filed.exists()
    assert dossier.filings.get(state="proposed").session is None


def test_a_recording_is_put_back_into_the_tray_and_the_step_undone(dossier, clerk, morning):
    upload = a_recording(dossier, morning)
    clerk.post(dossier.screen("file-recording", upload.uuid), {"session": ""})
    assert upload.sheets.get().state == "in_tray"
    clerk.post(dossier.screen("undo-recording-step"))
    assert Filing.objects.get(places__sheet__upload=upload, state="filed").session == morning


def test_a_recording_is_not_filed_for_practice_nor_for_another_class(dossier, clerk):
    practice = make.make_session(dossier, held_on=DAY, kind="practice")
    elsewhere = make.make_session(make.make_dossier())
    upload = a_recording(dossier, session=None, state="proposed")
    for session in (practice.uuid, elsewhere.uuid, "nonsense"):
        answer = clerk.post(dossier.screen("file-recording", upload.uuid), {"session": session}, follow=True)
        assert "所选课次已不在课程里" in answer.content.decode()
    assert not dossier.filings.filter(state="filed").exists()


def test_a_session_is_put_right_and_keeps_its_recording(dossier, clerk, morning):
    a_recording(dossier, morning)
    told = {
        "held_on": "2026-10-21",
        "starts_at": "08:00",
        "lessons": 4,
        "kind": "theory",
        "topic": "刀具",
        "lecturer": "高远",
        "room": "B教室",
    }
    clerk.post(dossier.screen("edit-session", morning.uuid), told)
    morning.refresh_from_db()
    assert (morning.topic, morning.room, morning.starts_at) == ("刀具", "B教室", time(8, 0))
    assert row_of(clerk, dossier).judged == "short"
    refused = clerk.post(dossier.screen("edit-session", morning.uuid), told | {"kind": "practice"})
    assert refused.status_code == 422
    assert "不能改成实操" in refused.content.decode()
    assert clerk.post(dossier.screen("edit-session", morning.uuid), told | {"lessons": 9}).status_code == 422


def test_two_sessions_do_not_come_to_lie_at_one_time(dossier, clerk, morning):
    later = make.make_session(dossier, held_on=DAY, starts_at=time(13, 30))
    told = {
        "held_on": "2026-10-21",
        "starts_at": "08:30",
        "lessons": 4,
        "kind": "theory",
        "topic": "x",
        "lecturer": "y",
    }
    answer = clerk.post(dossier.screen("edit-session", later.uuid), told)
    assert answer.status_code == 422
    assert "已有一次课" in answer.content.decode()


# Who sees what --------------------------------------------------------------------------------------------
def test_the_bureau_sees_what_was_handed_in_and_may_change_nothing(morning, dossier):
    a_recording(dossier, morning, name="handed.mp4")
    waiting = a_recording(dossier, morning, state="proposed", name="waiting.mp4")
    now = begins_at(morning)
    dossier.progress.first_handed_in_at = dossier.progress.handed_in_at = now
    dossier.progress.state = "handed_in"
    dossier.progress.save()
    Filing.objects.filter(state="filed").update(handed_in_at=now)
    reviewer = client_of(make.make_account("reviewer", county=dossier.opener.county))
    page = reviewer.get(dossier.screen("sessions"))
    assert [len(row.recordings) for row in page.context["rows"]] == [1]
    assert page.context["rows"][0].judged == "full"
    assert dossier.screen("align", waiting.uuid) not in page.content.decode()
    assert reviewer.get(dossier.screen("align", waiting.uuid)).status_code == 404


def test_many_sessions_and_recordings_cost_as_many_queries_as_few(
    dossier, clerk, morning, django_assert_max_num_queries
):
    a_recording(dossier, morning)
    with django_assert_max_num_queries(60) as few:
        clerk.get(dossier.screen("sessions"))
    for day in range(22, 30):
        a_recording(dossier, make.make_session(dossier, held_on=date(2026, 10, day)), name=f"{day}.mp4")
    with django_assert_max_num_queries(len(few)):
        clerk.get(dossier.screen("sessions"))


# The board ------------------------------------------------------------------------------------------------
def texts(client, dossier):
    rows = client.get(dossier.screen("board")).context["numbered"]
    return [found.text for row in rows if row.id == ITEM for found in row.findings]


def test_the_board_tells_a_session_short_of_the_rulesets_figure(dossier, clerk, morning):
    black(a_recording(dossier, morning), 67 * 60, 67 * 60 + 220)
    assert "10-21 08:30：录像缺 3′40″（09:34–09:37）" in texts(clerk, dossier)


def test_the_board_is_quiet_about_a_gap_that_the_ruleset_lets_pass(dossier, clerk, morning):
    black(a_recording(dossier, morning), 67 * 60, 67 * 60 + 110)
    assert not any("录像缺" in text for text in texts(clerk, dossier))


def test_the_reviewer_finds_what_is_not_recorded_beside_its_point(dossier, clerk, morning):
    tuesday = make.make_session(dossier, held_on=date(2026, 10, 20))
    black(a_recording(dossier, morning), 67 * 60, 67 * 60 + 220)
    a_recording(dossier, tuesday, name="tuesday.mp4")
    held = Standing(dossier, make.make_account("clerk", institution=dossier.custodian))
    told = [(hint.kind, hint.text) for hint in ItemEvidence(held, held.item(ITEM)).hints("recorded_in_full")]
    assert ("doubt", "10-21 08:30：录像缺 3′40″（09:34–09:37）") in told
    assert ("for", "1 节理论课已录全，共 2 节") in told


def test_a_clock_astray_is_one_finding_and_not_two(dossier, clerk, morning):
    a_recording(dossier, morning, begins=-2 * 24 * 60)
    told = [text for text in texts(clerk, dossier) if text.startswith("10-21")]
    assert told == ["10-21 08:30：录像时钟与课次差 2 天，请对时"]


def test_the_opened_item_plays_every_file_of_a_session_and_the_days_file_at_both(dossier, clerk, morning):
    afternoon = make.make_session(dossier, held_on=DAY, starts_at=time(13, 30))
    to_come = make.make_session(dossier, held_on=date(2099, 1, 5))
    a_recording(dossier, morning, minutes=540)
    a_recording(dossier, morning, minutes=10, name="more.mp4")
    page = clerk.get(dossier.screen("item", ITEM))
    rows = {row.label: row for row in page.context["opened"].sessions}
    assert [len(rows[str(one)].recordings) for one in (morning, afternoon, to_come)] == [2, 1, 0]
    assert rows[str(to_come)].is_to_come


def test_a_recording_can_be_dropped_on_its_session(dossier, clerk, morning):
    page = clerk.get(dossier.screen("sessions")).content.decode()
    assert f'data-upload-session-value="{morning.uuid}"' in page


def test_a_recording_dropped_on_its_session_stands_there_before_it_was_looked_at(dossier, clerk, morning):
    upload = make.make_upload(dossier, medium="recording", file_name="lesson.mkv", target_session=morning)
    page = clerk.get(dossier.screen("sessions"))
    assert not page.context["unplaced"]
    [row] = row_of(clerk, dossier, morning).recordings
    assert (row.uuid, row.looked, row.is_waiting) == (upload.uuid, "not_yet", True)
    assert row.filed_session == str(morning.uuid)
    shown = page.content.decode()
    assert "还没有看过" in shown and "浏览器不能直接播放" not in shown
    assert f'href="{row.play_url}"' not in shown and f"/uploads/{upload.uuid}/original" not in shown
    Job.objects.create(
        kind="index_recording",
        subject=str(dossier.uuid),
        queue="recordings",
        state="leased",
        arguments={"upload": str(upload.uuid)},
    )
    assert "正在查看" in clerk.get(dossier.screen("sessions")).content.decode()


def test_what_no_browser_plays_leads_to_the_player_and_what_can_be_done(dossier, clerk, morning):
    upload = a_recording(dossier, morning)
    RecordingProbe.objects.filter(upload=upload).update(play="none")
    shown = clerk.get(dossier.screen("sessions")).content.decode()
    assert "浏览器不能直接播放" in shown and "打开录像" in shown
    assert dossier.screen("transcode", upload.uuid) in shown
    assert dossier.screen("player", upload.uuid) in shown and f"/uploads/{upload.uuid}/original" not in shown
