"""The player's page: times, lanes, words on slides; who sees what of it, how much it asks of database and line."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from cms.rows.player import PlayerPage
from cms.rows.player_data import WINDOW
from cms.rows.player_time import Axis, carried
from dossiers.models import AccessEntry, KeptFrame
from foundation.blobs import store
from media_processing.models import FaceTrack
from tests import factories as make
from tests import watched_lessons as lessons
from tests.cms.at_the_player import (
    MORNING_SECONDS,
    browser,
    faces,
    json_of,
    kinds,
    lane,
    make_morning,
    page,
)
from tests.watched_lessons import HOUR, MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    made = make.make_dossier(trainees=4)
    make.make_session(made, room="A 教室", lecturer="顾承业")
    return made


@pytest.fixture
def clerk(dossier):
    return make.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def upload(dossier, clerk):
    return make_morning(dossier, clerk)


# Time ------------------------------------------------------------------------------------------------


def test_seconds_are_told_by_the_wall_clock_and_a_link_may_name_either(dossier, clerk, upload):
    assert "2026-10-19 09:23:16" in page(dossier, clerk, upload, "?t=3376")
    assert "2026-10-19 09:23:16" in page(dossier, clerk, upload, "?at=09:23:16")
    assert (
        json_of(page(dossier, clerk, upload, "?at=23:00"))["at"] == MORNING_SECONDS
    )  # the last second it has


@pytest.mark.parametrize(
    "query", ["?t=nonsense", "?t=nan", "?t=-5", "?at=25:99", "?who=nobody", "?p=99999999999"]
)
def test_an_address_written_by_hand_shows_the_page_and_no_fault(dossier, clerk, upload, query):
    assert json_of(page(dossier, clerk, upload, query))["at"] == 0


def test_without_a_clock_times_are_the_recordings_own_and_no_lesson_is_claimed(dossier, clerk, upload):
    upload.clocks.all().delete()
    text = page(dossier, clerk, upload, "?t=3376")
    assert "0:56:16" in text
    assert "还没有对上时钟" in text
    assert "第 1 课时" not in text


def test_a_drifting_clock_stretches_the_lanes(dossier, clerk, upload):
    upload.clocks.update(rate=1.01)
    shown = PlayerPage(dossier, clerk, upload)
    assert shown.axis.stamp(3000.0) == "09:17:30"
    assert shown.axis.second(MORNING + timedelta(seconds=1010)) == pytest.approx(1000)


# Lanes -----------------------------------------------------------------------------------------------


def test_lessons_lie_on_their_times_and_what_is_missing_is_counted_and_cut(dossier, clerk, upload):
    shown = PlayerPage(dossier, clerk, upload)
    timetable, recording, slides = shown.lanes
    assert [bar.text for bar in timetable.bars] == [f"第 {number} 课时" for number in (1, 2, 3, 4)]
    assert timetable.bars[0].at == 180.0  # 08:30, three minutes in
    assert recording.note == "有效 97.7 %，缺 3′40″"
    assert slides.note == "2 张"
    assert shown.incidents_note == "2 处，1 处重复"


def test_a_recording_that_stops_early_shows_the_gap(dossier, clerk):
    short = lessons.make_recording(dossier, seconds=HOUR)
    lessons.set_clock(short)
    recording = PlayerPage(dossier, clerk, short).lanes[1]
    assert "gap" in {bar.kind for bar in recording.bars}
    assert recording.note_kind == "warn"


def test_each_trainee_has_the_lane_her_evidence_makes(dossier, clerk, upload):
    present, against, dark, without = dossier.enrolments.all()
    assert kinds(lane(dossier, clerk, upload, present.name)) == {"read"}
    assert lane(dossier, clerk, upload, present.name).total == "4"
    red = lane(dossier, clerk, upload, against.name)
    assert "against" in kinds(red)
    assert (red.total, red.note) == ("2+2", "第 3、4 课时有矛盾")
    dim = lane(dossier, clerk, upload, dark.name)
    assert "hatched" in kinds(dim)
    assert "against" not in kinds(dim)  # what the camera could not see is no absence
    assert "无法核实" in dim.note
    none = lane(dossier, clerk, upload, without.name)
    assert (kinds(none), none.note) == ({"hatched"}, "未同意人脸，另行签到")
    assert {bar.title for bar in none.came} == {"打卡 08:27:00"}


def test_a_recording_nobody_was_looked_for_in_speaks_of_nobody(dossier, clerk):
    unwatched = lessons.make_recording(dossier)
    lessons.set_clock(unwatched)
    who = dossier.enrolments.first()
    lessons.consent(who, by=clerk)
    found = lane(dossier, clerk, unwatched, who.name)
    assert (found.bars, found.note) == ((), "还没有认人")


def test_only_doubtful_trainees_are_listed_when_asked_for(dossier, clerk, upload):
    present, against, *_others = dossier.enrolments.all()
    text = page(dossier, clerk, upload, "?only=doubtful")
    people = text[text.index("lanes-people") :]
    assert against.name in people
    assert present.name not in people
    assert "共 2 人" in text


# Who sees what ---------------------------------------------------------------------------------------


def test_the_address_answers_whoever_may_see_the_recording_and_nobody_else(dossier, clerk, upload):
    addresses = [
        dossier.screen("player", upload.uuid),
        dossier.screen("player-faces", upload.uuid),
    ]
    reviewer, neighbour = make.make_account("reviewer"), make.make_account("clerk")
    for address in addresses:
        assert browser(clerk).get(address).status_code == 200
        assert browser(neighbour).get(address).status_code == 404
        assert browser(reviewer).get(address).status_code == 404  # not handed in
        assert Client().get(address).status_code == 302
    lessons.hand_in(dossier, upload, session=dossier.sessions.get())
    for address in addresses:
        assert browser(reviewer).get(address).status_code == 200
    other_county = make.make_account("reviewer", county=make.make_county("21", "望奎县"))
    assert browser(other_county).get(addresses[0]).status_code == 404


def test_a_paper_and_a_recording_of_another_class_are_not_found(dossier, clerk, upload):
    paper = make.make_upload(dossier)
    strange = lessons.make_recording(make.make_dossier())
    for name in (paper.uuid, strange.uuid, uuid4()):
        assert browser(clerk).get(dossier.screen("player", name)).status_code == 404


def test_pictures_of_the_storyboard_are_the_recordings_own(dossier, clerk, upload, tmp_path):
    picture = tmp_path / "recording"
    picture.write_bytes(str(upload.uuid).encode())
    upload.blob = store().put_file(picture, media_type="video/mp4")
    upload.save()
    store().put_derivative(upload.blob.sha256, "storyboard-0.jpg", b"\xff\xd8 pictures")
    address = dossier.screen("player-board", upload.uuid, 0)
    answer = browser(clerk).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert browser(clerk).get(dossier.screen("player-board", upload.uuid, 1)).status_code == 404
    assert browser(make.make_account("clerk")).get(address).status_code == 404


def test_opening_a_recording_that_tells_people_is_written_down_once_a_day(dossier, clerk, upload):
    for _again in range(2):
        page(dossier, clerk, upload)
    entry = AccessEntry.objects.get()
    assert (entry.what, entry.subject, entry.account) == ("faces", upload.uuid, clerk)
    FaceTrack.objects.all().delete()


def test_opening_one_in_which_nobody_is_told_is_no_look_at_anybody(dossier, clerk):
    page(dossier, clerk, lessons.make_recording(dossier))
    assert not AccessEntry.objects.exists()


def test_the_same_recording_elsewhere_is_named_only_to_whoever_may_see_it(dossier, clerk, upload):
    own = make.make_dossier(dossier.opener, class_no="2026-011")
    hidden = make.make_dossier(class_no="2026-099")
    for other in (own, hidden):
        lessons.share(lessons.make_recording(other), upload)
    text = page(dossier, clerk, upload)
    assert "2026-011 班的一段录像" in text
    assert "另一班次的一段录像" in text
    assert "2026-099" not in text
    assert own.screen("player", own.uploads.get().uuid) in text


# Slides ----------------------------------------------------------------------------------------------


def test_words_on_slides_are_found_through_blanks_and_marked(dossier, clerk, upload):
    text = page(dossier, clerk, upload, "?q=食品留样")
    assert "<mark>食品 留样</mark>" in text
    assert 'data-seek="3000.0"' in text
    assert "幻灯上没有“砧板”" in page(dossier, clerk, upload, "?q=砧板")


def test_what_is_asked_for_is_shown_as_text_and_never_as_markup(dossier, clerk, upload):
    assert "<script>alert" not in page(dossier, clerk, upload, "?q=<script>alert(1)</script>")


# What it asks ----------------------------------------------------------------------------------------


def test_a_recording_that_no_browser_plays_says_so_and_offers_the_original(dossier, clerk):
    upload = lessons.make_recording(dossier, play="none")
    text = page(dossier, clerk, upload)
    assert "浏览器放不了这段录像" in text
    assert f"/uploads/{upload.uuid}/original?download" in text
    assert "<video" not in text


def a_long_day(dossier, clerk, trainees):
    """Eight hours and so many trainees, each seen in many stretches, with the slides and incidents of such a day."""
    make.make_enrolments(dossier, trainees - dossier.enrolments.count())
    upload = lessons.make_recording(dossier, seconds=8 * HOUR)
    lessons.set_clock(upload)
    lessons.index(
        upload,
        slides=tuple((60.0 * n, 60.0 * n + 60, f"第 {n} 张 消毒与留样") for n in range(400)),
        incidents=tuple(("silent", 900.0 * n, 900.0 * n + 30) for n in range(30)),
    )
    for place, one in enumerate(dossier.enrolments.all()):
        if not one.consents.exists():
            lessons.consent(one, by=clerk)
        spans = tuple((700.0 * n, 700.0 * n + 600) for n in range(40))
        lessons.see(upload, one, *spans, place=(0.02 * place, 0.5))
        lessons.check_in(dossier, one, MORNING, by=clerk)
    return upload


def test_eight_hours_and_forty_trainees_stay_small_and_ask_no_more_than_four(
    dossier, clerk, django_assert_max_num_queries
):
    few = a_long_day(dossier, clerk, 4)
    client = browser(clerk)
    client.get(dossier.screen("player", few.uuid))  # the look is written down once
    with django_assert_max_num_queries(70) as of_few:
        client.get(dossier.screen("player", few.uuid))
        asked = len(of_few)
    many = a_long_day(dossier, clerk, 40)
    client.get(dossier.screen("player", many.uuid))
    with django_assert_max_num_queries(asked):
        answer = client.get(dossier.screen("player", many.uuid))
    assert len(answer.content) <= 400_000, len(answer.content)
    window = client.get(dossier.screen("player-faces", many.uuid), {"from": 7200})
    assert len(window.content) <= 400_000
    told = json.loads(window.content)
    assert len({one["who"] for one in told["tracks"]}) == 40
    assert all(7200 - 60 <= at <= 7200 + WINDOW + 60 for one in told["tracks"] for at, *_box in one["seen"])


def test_the_look_is_written_down_also_when_faces_are_fetched_by_hand(dossier, clerk, upload):
    AccessEntry.objects.all().delete()
    faces(dossier, clerk, upload)
    assert AccessEntry.objects.get().at <= timezone.now()


def test_a_part_of_a_long_day_is_shown_larger_around_the_second_looked_at(dossier, clerk, upload):
    text = page(dossier, clerk, upload, "?t=6000&z=4&p=1")
    begin, end = (float(re.search(rf'data-{edge}="([\d.-]+)"', text)[1]) for edge in ("begin", "end"))
    assert end - begin == pytest.approx(MORNING_SECONDS / 4, abs=1)
    assert begin < 6000 < end
    assert "第 1 课时" not in text[text.index("lane-timetable") :]
    assert "z=8" in text and "z=2" in text
    for wrong in ("3", "0", "x"):
        assert 'data-begin="0.00"' in page(dossier, clerk, upload, f"?t=6000&z={wrong}")


def test_a_recording_that_does_not_count_yet_says_why(dossier, clerk, upload):
    assert "暂不计入考勤" not in page(dossier, clerk, upload)
    upload.clocks.update(within_seconds=3600)
    assert "时钟还不够准，这段录像暂不计入考勤" in page(dossier, clerk, upload)
    upload.clocks.update(within_seconds=1)
    upload.sheets.update(state="in_tray")
    assert "还没有归件，这段录像暂不计入考勤" in page(dossier, clerk, upload)


def test_before_the_index_is_made_it_plays_and_says_what_will_come(dossier, clerk):
    text = page(dossier, clerk, lessons.make_recording(dossier))
    assert "<video" in text
    assert "索引还没有编好" in text


def test_the_bureau_does_not_hear_what_was_kept_after_the_class_was_handed_in(dossier, clerk, upload):
    lessons.hand_in(dossier, upload, session=dossier.sessions.get())
    given = {"dossier": dossier, "upload": upload, "at_seconds": 60.0, "made_by": clerk}
    KeptFrame.objects.create(remark="报送前", **given)
    KeptFrame.objects.create(remark="报送后", made_at=timezone.now() + timedelta(hours=1), **given)
    told = page(dossier, make.make_account("reviewer"), upload)
    assert "报送前" in told
    assert "报送后" not in told


def test_before_the_index_is_made_nothing_is_claimed_of_what_the_picture_shows(dossier, clerk, upload):
    plain = lessons.make_recording(dossier)
    assert PlayerPage(dossier, clerk, plain).lanes[1].note == "有效多少，索引后才知道"
    short = lessons.make_recording(dossier, seconds=HOUR)
    lessons.set_clock(short)
    told = PlayerPage(dossier, clerk, short).lanes[1]
    assert "其余索引后才知道" in told.note and "有效" not in told.note
    assert "有效 97.7 %" in PlayerPage(dossier, clerk, upload).lanes[1].note


def test_the_picture_before_playing_is_that_of_the_second_told(dossier, clerk, upload):
    upload.probe.has_poster = True
    upload.probe.save()
    video = re.search("<video[^>]*>", page(dossier, clerk, upload, "?t=3376"))[0]
    assert "#t=3376.0" in video and "poster" not in video


def test_the_next_page_names_as_many_as_it_lists(dossier, clerk, upload):
    make.make_enrolments(dossier, 8)
    told = page(dossier, clerk, upload)
    assert "后 2 人" in told and "后 10 人" not in told


@pytest.mark.parametrize(
    ("second", "told"),
    [(1.97, "1.97"), (1.999, "1.99"), (30.0, "30.0"), (50.04, "50.04"), (0.29, "0.29"), (-3, "0.0")],
)
def test_a_second_is_carried_cut_like_the_clock_and_never_as_the_next(second, told):
    assert carried(second) == told


def test_a_second_kept_is_the_second_that_was_told(dossier, clerk, upload):
    told = page(dossier, clerk, upload, "?t=1.97")
    assert json_of(told)["at"] == 1.97
    assert 'name="t" value="1.97"' in told


def test_pictures_closer_than_a_minute_tell_their_seconds(dossier, clerk, upload):
    clock = PlayerPage(dossier, clerk, upload).clock
    axis = Axis(0, MORNING_SECONDS, clock)
    assert axis.short_stamps([0.0, 20.0, 40.0]) == ["08:27:00", "08:27:20", "08:27:40"]
    assert axis.short_stamps([0.0, 600.0]) == ["08:27", "08:37"]
    assert axis.short_stamps([5.0]) == ["08:27:05"]


def test_texts_name_the_tab_and_the_place_where_things_are_put_right(dossier, clerk, upload):
    upload.clocks.all().delete()
    assert "请在“课程与录像”里对时" in page(dossier, clerk, upload)
    bare = lessons.make_recording(dossier)
    lessons.index(bare)
    assert "可在“教室”里画出幻灯区域再认" in page(dossier, clerk, bare)
