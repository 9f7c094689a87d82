"""Remote supervision: looking in while lessons are given opens the lesson and nothing else; entries are never rewritten."""

import io
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter, SlugConverter, UUIDConverter
from django.utils import timezone
from PIL import Image

from cms import screens
from cms.rows import supervision as rows
from cms.views import supervision as views
from dossiers.actions import rooms, supervision
from dossiers.actions.rooms import RoomFacts
from dossiers.actions.supervision import Look
from dossiers.exceptions import NotAllowed, NotReady
from dossiers.models import DossierPage, Progress, Room, Session
from dossiers.permissions import (
    dossiers_with_open_log,
    may_supervise,
    supervisable_dossiers,
    visible_dossiers,
    visible_rooms,
)
from foundation.blobs import store
from media_processing.specimens.lesson import Lesson, record
from tests import factories as make
from tests.cms.people_at_desks import client_of

pytestmark = pytest.mark.django_db

THE_LOG = {"supervision", "look-in"}


@pytest.fixture
def school():
    return make.make_institution()


@pytest.fixture
def dossier(school) -> DossierPage:
    """A class whose lessons are being given; nothing of it was ever handed in."""
    made = make.make_dossier(school, stage="training", trainees=2)
    filing = make.make_filing(made, "identity_document_copy", enrolment=made.enrolments.first())
    assert filing.handed_in_at is None
    return DossierPage.objects.select_related("progress", "opener__county", "trainer").get(pk=made.pk)


@pytest.fixture
def lesson(dossier) -> Session:
    """It began ten minutes ago."""
    began = timezone.localtime() - timedelta(minutes=10)
    return make.make_session(
        dossier,
        held_on=began.date(),
        starts_at=began.time().replace(microsecond=0),
        room="一号教室",
        lessons=2,
    )


@pytest.fixture
def room(dossier) -> Room:
    clerk = make.make_account("clerk", institution=dossier.trainer)
    return rooms.make_room(RoomFacts(name="一号教室", seats=30), by=clerk)


@pytest.fixture
def reviewer(dossier):
    return make.make_account("reviewer", county=dossier.opener.county, full_name="高峻")


def screen(dossier: DossierPage, client: Client, **asked) -> str:
    return client.get(dossier.screen("supervision"), asked).content.decode()


def sent(session: Session | None = None, **given) -> dict:
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    told = {"do": "write", "way": "live", "looked_at": now, "seen": "教师在讲课", "heads": "28"}
    return told | {"session": str(session.uuid) if session else ""} | given


def write(dossier, client: Client, data: dict):
    return client.post(dossier.screen("look-in"), data)


# The least opening ------------------------------------------------------------------------------------------
def test_a_class_in_training_may_be_looked_into_and_is_not_seen(dossier, reviewer):
    assert dossier in supervisable_dossiers(reviewer) and may_supervise(reviewer, dossier)
    assert dossier not in visible_dossiers(reviewer)


def test_nothing_else_of_the_class_answers_the_reviewer_before_it_is_handed_in(dossier, lesson, reviewer):
    client = client_of(reviewer)
    assert client.get(dossier.screen("supervision")).status_code == 200
    enrolment, filing = dossier.enrolments.first(), dossier.filings.get()
    sheet = filing.places.get().sheet
    named = {"uuid": enrolment.uuid, "name": sheet.upload.uuid, "filing": filing.uuid}
    slug = {"template": "roster"}
    for pattern in screens.urlpatterns:
        assert isinstance(pattern, URLPattern)
        if pattern.name in THE_LOG:
            continue
        fitting = {
            UUIDConverter: lambda name: named.get(name, filing.uuid),
            IntConverter: lambda name: 0,
            SlugConverter: lambda name, page=pattern.name: slug.get(page, "identity_document_copy"),
        }
        given = [fitting[type(kind)](name) for name, kind in pattern.pattern.converters.items()]
        address = dossier.screen(pattern.name, *given)
        answers = {client.get(address).status_code, client.post(address).status_code}
        assert 404 in answers and answers <= {404, 405}, pattern.name
    for name, thing in (("sheet-thumb", sheet), ("sheet-view", sheet), ("upload-original", sheet.upload)):
        assert client.get(reverse(name, args=[thing.uuid])).status_code == 404, name
    assert dossier.class_no not in client.get("/classes/").content.decode()


def test_the_screen_names_no_trainee_and_has_no_tab_to_elsewhere(dossier, lesson, reviewer):
    page = screen(dossier, client_of(reviewer))
    for enrolment in dossier.enrolments.all():
        assert enrolment.name not in page
    assert dossier.screen("roster") not in page and dossier.screen("board") + '"' not in page
    assert lesson.topic in page


@pytest.mark.parametrize("stage", ["application", "opening", "examination", "submission"])
def test_before_and_after_training_the_door_is_shut(dossier, reviewer, stage):
    Progress.objects.filter(pk=dossier.pk).update(stage=stage)
    assert client_of(reviewer).get(dossier.screen("supervision")).status_code == 404
    assert dossier not in supervisable_dossiers(reviewer)


@pytest.mark.parametrize("role", ["finance_reviewer", "archivist", "administrator"])
def test_nobody_else_of_the_bureau_looks_in(dossier, role):
    other = make.make_account(role, county=dossier.opener.county)
    assert not supervisable_dossiers(other).exists() and not visible_rooms(other).exists()
    assert client_of(other).get("/supervision/").status_code == 404
    assert client_of(other).get(dossier.screen("supervision")).status_code == 404


def test_a_reviewer_of_another_county_neither_looks_in_nor_reads(dossier, lesson, room):
    other = make.make_account("reviewer", county=make.make_county("21", "望奎县"))
    client = client_of(other)
    assert client.get(dossier.screen("supervision")).status_code == 404
    assert write(dossier, client, sent(lesson)).status_code == 404
    assert dossier.class_no not in client.get("/supervision/").content.decode()
    assert not visible_rooms(other).exists()
    with pytest.raises(NotAllowed):
        supervision.look_in(dossier, Look("live", timezone.now(), "看"), by=other)


def test_what_the_bureau_wrote_it_reads_after_training_and_writes_no_more(dossier, lesson, reviewer):
    write(dossier, client_of(reviewer), sent(lesson))
    Progress.objects.filter(pk=dossier.pk).update(stage="examination")
    page = screen(dossier, client_of(reviewer))
    assert "教师在讲课" in page and "记下这次查看" not in page
    assert write(dossier, client_of(reviewer), sent(lesson)).status_code == 404
    assert dossier in dossiers_with_open_log(reviewer) and dossier not in visible_dossiers(reviewer)


def test_the_door_turns_red_when_scope_is_taken_away(dossier, lesson, reviewer, monkeypatch):
    other = make.make_account("reviewer", county=make.make_county("21", "望奎县"))
    monkeypatch.setattr(views, "dossiers_with_open_log", lambda account: DossierPage.objects.all())
    assert client_of(other).get(dossier.screen("supervision")).status_code == 200  # the planted hole is seen


# Today ------------------------------------------------------------------------------------------------------
def test_todays_theory_lessons_are_listed_and_the_present_one_stands_out(dossier, lesson, reviewer):
    make.make_session(dossier, held_on=lesson.held_on, starts_at=time(0, 1), kind="practice", topic="实操")
    page = client_of(reviewer).get("/supervision/", {"day": f"{lesson.held_on}"}).content.decode()
    assert lesson.topic in page and "正在上" in page and "实操" not in page
    assert f"{dossier.screen('supervision')}?session={lesson.uuid}" in page
    assert "还没有看" in page
    write(dossier, client_of(reviewer), sent(lesson, is_problem="on"))
    page = client_of(reviewer).get("/supervision/", {"day": f"{lesson.held_on}"}).content.decode()
    assert "1 次有问题" in page


def test_the_list_costs_the_same_for_ten_lessons(dossier, reviewer, django_assert_max_num_queries):
    for hour in range(8, 18):
        make.make_session(dossier, starts_at=time(hour, 0))
    client = client_of(reviewer)
    with django_assert_max_num_queries(7):
        page = client.get("/supervision/", {"day": "2026-10-19"}).content.decode()
    assert page.count("去看") == 10


@pytest.mark.parametrize(
    ("at", "found"),
    [((8, 10), None), ((8, 20), 0), ((9, 0), 0), ((11, 20), 0), ((13, 50), 1), ((19, 0), None)],
)
def test_the_lesson_of_a_moment_is_proposed_by_the_timetable(dossier, at, found):
    sessions = [make.make_session(dossier), make.make_session(dossier, starts_at=time(14, 0), lessons=2)]
    moment = timezone.make_aware(datetime.combine(date(2026, 10, 19), time(*at)))
    proposed = rows.lesson_at(dossier, sessions, moment)
    assert proposed == (None if found is None else sessions[found])


# Writing down -----------------------------------------------------------------------------------------------
def test_an_entry_stands_in_the_log_of_both_sides_and_in_the_chain(dossier, lesson, reviewer):
    write(dossier, client_of(reviewer), sent(lesson, is_problem="on", seen="后排两人睡觉"))
    entry = dossier.look_ins.get()
    assert (entry.session, entry.heads, entry.is_problem, entry.way) == (lesson, 28, True, "live")
    clerk = client_of(make.make_account("clerk", institution=dossier.trainer))
    page = screen(dossier, clerk)
    assert "后排两人睡觉" in page and "高峻" in page and "见到 28 人" in page and "记下这次查看" not in page
    assert dossier.history.last().action == "look_in"
    assert "视频监控：记下一次查看" in clerk.get(dossier.screen("history")).content.decode()


def test_a_correction_is_a_new_entry_and_the_old_one_stays(dossier, lesson, reviewer):
    client = client_of(reviewer)
    write(dossier, client, sent(lesson, seen="有 28 人"))
    first = dossier.look_ins.get()
    assert "有 28 人" in screen(dossier, client, corrects=str(first.uuid))
    write(dossier, client, sent(lesson, seen="更正：有 26 人", heads="26", corrects=str(first.uuid)))
    first.refresh_from_db()
    second = dossier.look_ins.get(corrects=first)
    assert first.seen == "有 28 人" and second.heads == 26
    page = screen(dossier, client)
    assert "已更正，见后来的一条" in page and "有 28 人" in page
    assert dossier.history.last().action == "look_in_corrected"


def test_nobody_of_the_institution_writes_an_entry(dossier, lesson):
    clerk = make.make_account("head", institution=dossier.trainer)
    assert write(dossier, client_of(clerk), sent(lesson)).status_code == 404
    with pytest.raises(NotAllowed):
        supervision.look_in(dossier, Look("live", timezone.now(), "看"), by=clerk)


def test_what_is_missing_is_said_and_what_was_written_stays(dossier, lesson, reviewer):
    answer = write(dossier, client_of(reviewer), sent(lesson, seen=" ", heads="28"))
    assert answer.status_code == 422 and 'value="28"' in answer.content.decode()
    later = (timezone.localtime() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    answer = write(dossier, client_of(reviewer), sent(lesson, looked_at=later, seen="一堂课"))
    assert answer.status_code == 422 and "一堂课" in answer.content.decode()
    assert not dossier.look_ins.exists()


def test_numbers_are_masked_and_another_class_is_not_named(dossier, lesson, reviewer):
    number = make.make_id_number()
    write(dossier, client_of(reviewer), sent(lesson, seen=f"{number} 在座"))
    assert number not in dossier.look_ins.get().seen
    strange = make.make_session(make.make_dossier())
    with pytest.raises(NotAllowed):
        supervision.look_in(dossier, Look("live", timezone.now(), "看", session=strange), by=reviewer)
    with pytest.raises(NotReady):
        supervision.look_in(dossier, Look("by_hearsay", timezone.now(), "看"), by=reviewer)


def test_a_photograph_from_the_spot_is_kept_bare(dossier, lesson, reviewer):
    kept, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (80, 60), "teal").save(kept, "JPEG", exif=exif)
    photo = SimpleUploadedFile("现场.jpg", kept.getvalue(), "image/jpeg")
    client = client_of(reviewer)
    write(dossier, client, sent(lesson, way="on_site", still=photo))
    shown = client.get(reverse("look-in-still", args=[dossier.look_ins.get().uuid]))
    assert b"taken at home" not in b"".join(shown.streaming_content)


@pytest.fixture
def recorded(dossier, lesson, tmp_path):
    """The lesson's recording, handed in with the class."""
    path = record(
        Lesson(seconds=2, frames_a_second=5, width=320, height=180, has_sound=False), tmp_path / "a.mp4"
    )
    now = timezone.now()
    Progress.objects.filter(pk=dossier.pk).update(
        state="under_review", first_handed_in_at=now, handed_in_at=now
    )
    upload = make.make_upload(dossier, medium="recording", file_name="a.mp4")
    upload.blob = store().put_file(path, media_type="video/mp4")
    upload.save()
    make.make_filing(dossier, "training_media", upload=upload, handed_in_at=now)
    return upload


def test_a_frame_of_a_recording_she_may_see_is_kept(dossier, lesson, reviewer, recorded):
    client = client_of(reviewer)
    asked = sent(lesson, way="recording", recording=str(recorded.uuid))
    write(dossier, client, asked | {"second": "0:01"})
    assert dossier.look_ins.get().still is not None
    assert write(dossier, client, asked | {"second": "9:00:00"}).status_code == 422
    assert write(dossier, client, asked | {"second": "半"}).status_code == 422


def test_of_a_recording_that_was_not_handed_in_no_frame_is_given(dossier, lesson, reviewer, recorded):
    dossier.filings.update(handed_in_at=None)
    asked = sent(lesson, way="recording", recording=str(recorded.uuid), second="0:01")
    assert write(dossier, client_of(reviewer), asked).status_code == 404
    assert "a.mp4" not in screen(dossier, client_of(reviewer))


def test_addresses_hold_nothing_but_names_of_things(dossier, lesson, reviewer):
    for address in (dossier.screen("supervision"), dossier.screen("look-in"), reverse("supervision-today")):
        assert urlsplit(address).query == ""


def test_of_two_rooms_of_one_name_the_trainers_is_looked_into():
    opener = make.make_institution()
    made = make.make_dossier(opener, trainer=make.make_institution(), stage="training")
    session = make.make_session(made, room="一号教室")
    ours, theirs = (
        rooms.make_room(RoomFacts(name="一号教室", seats=30), by=make.make_account("clerk", institution=body))
        for body in (opener, made.trainer)
    )
    assert rows.room_of(made, session) == theirs
    assert ours != theirs
