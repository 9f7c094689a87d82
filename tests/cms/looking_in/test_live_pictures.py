"""The picture of a room under supervision: seen live, kept only when written down, unreachable honestly."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import live_looks
from cms.rows import supervision as rows
from dossiers.exceptions import NotReady
from dossiers.models import LookIn, Room, Session
from foundation.blobs import store
from tests import factories as make
from tests.cms.people_at_desks import client_of
from tests.cms.test_supervision import screen, sent, write
from tests.media_processing import cameras

pytestmark = pytest.mark.django_db

THE_LOG = {"supervision", "look-in"}


# The picture ------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def hls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hls")
    cameras.make_hls(folder)
    return folder


@pytest.fixture
def camera(hls, room, settings):
    """The room's camera answers."""
    settings.LIVE_LOOPBACK = True
    with cameras.web_camera(hls) as (place, _asked):
        Room.objects.filter(pk=room.pk).update(live_address=f"http://{place}/live.m3u8")
        yield place


def look(dossier, client: Client, session: Session) -> str:
    data = sent(session) | {"do": "look"}
    return client.post(dossier.screen("look-in"), data, headers={"HX-Request": "true"}).content.decode()


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def test_a_look_shows_the_room_and_keeps_nothing(dossier, lesson, reviewer, camera):
    client = client_of(reviewer)
    before = set(store().names())
    page = look(dossier, client, lesson)
    assert 'src="data:image/jpeg;base64,' in page
    assert set(store().names()) == before and not LookIn.objects.exists()


def test_what_was_seen_is_kept_with_the_entry_and_its_time(dossier, lesson, reviewer, camera):
    client = client_of(reviewer)
    page = look(dossier, client, lesson)
    write(dossier, client, sent(lesson, picture=hidden(page, "picture"), seal=hidden(page, "seal")))
    entry = dossier.look_ins.get()
    shown = client.get(reverse("look-in-still", args=[entry.uuid]))
    assert b"".join(shown.streaming_content) == base64.b64decode(hidden(page, "picture"))
    assert entry.room is not None and abs(entry.looked_at - timezone.now()) < timedelta(minutes=1)
    stranger = client_of(make.make_account("clerk"))
    assert stranger.get(reverse("look-in-still", args=[entry.uuid])).status_code == 404


def test_another_picture_than_the_one_seen_is_not_kept(dossier, lesson, reviewer, camera):
    client = client_of(reviewer)
    page = look(dossier, client, lesson)
    forged = base64.b64encode(b"\xff\xd8 another picture").decode()
    answer = write(dossier, client, sent(lesson, picture=forged, seal=hidden(page, "seal")))
    assert answer.status_code == 422 and "教师在讲课" in answer.content.decode()
    assert not dossier.look_ins.exists()


def test_the_picture_is_not_lost_when_something_is_missing(dossier, lesson, reviewer, camera):
    client = client_of(reviewer)
    page = look(dossier, client, lesson)
    kept = {name: hidden(page, name) for name in ("picture", "seal")}
    answer = write(dossier, client, sent(lesson, seen="", **kept))
    assert answer.status_code == 422 and hidden(answer.content.decode(), "seal") == kept["seal"]


def test_a_seal_is_of_one_room_and_an_hour(room, camera, monkeypatch):
    room.refresh_from_db()
    seen = live_looks.look_now(room)
    other = Room.objects.create(institution=room.institution, name="二号教室")
    with pytest.raises(NotReady):
        live_looks.opened(other, seen.picture, seen.seal)
    assert live_looks.opened(room, seen.picture, seen.seal).at == seen.at
    monkeypatch.setattr(live_looks, "KEPT_FOR", -1)
    with pytest.raises(NotReady):
        live_looks.opened(room, seen.picture, seen.seal)


def test_a_dead_camera_is_an_honest_answer_that_can_be_written_down(
    dossier, lesson, reviewer, room, settings
):
    settings.LIVE_LOOPBACK = True
    dead = f"http://127.0.0.1:{cameras.dead_port()}/live.m3u8"
    Room.objects.filter(pk=room.pk).update(live_address=dead)
    client = client_of(reviewer)
    page = look(dossier, client, lesson)
    clock = timezone.localtime().strftime("%H:%M")
    assert f"{clock} 打不开教室的实时视频" in page and "<img" not in page
    write(dossier, client, sent(lesson, seen=f"{clock} 打不开教室的实时视频", heads="", is_problem="on"))
    entry = dossier.look_ins.get()
    assert entry.is_problem and entry.still is None and entry.heads is None


def test_without_script_the_same_page_comes_back_with_the_picture(dossier, lesson, reviewer, camera):
    data = sent(lesson, seen="写到一半") | {"do": "look"}
    page = client_of(reviewer).post(dossier.screen("look-in"), data).content.decode()
    assert (
        "写到一半" in page
        and "data:image/jpeg" in page
        and "请" not in page.split("look-fields")[1].split("所见")[0]
    )


def test_a_browser_is_let_to_the_playlist_of_this_page_alone(dossier, lesson, reviewer, camera):
    client = client_of(reviewer)
    answer = client.get(dossier.screen("supervision"))
    assert f"http://{camera}" in answer.headers["Content-Security-Policy"]
    assert f'src="http://{camera}/live.m3u8"' in answer.content.decode()
    assert camera not in client.get("/supervision/").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["rtsp://h/x.m3u8", "http://u:p@h/x.m3u8", "http://h/x.m3u8?token=1", "http://h/x"]
)
def test_an_address_with_a_secret_or_without_a_playlist_goes_to_no_browser(dossier, lesson, room, address):
    Room.objects.filter(pk=room.pk).update(live_address=address)
    found = rows.live_room(dossier, lesson, timezone.now())
    assert found is not None and found.stream == "" and found.origin == ""


def test_outside_its_lesson_the_room_is_not_the_bureaus_to_look_into(dossier, lesson, reviewer, camera):
    """Others sit there then, perhaps of a class that is none of hers."""
    Session.objects.filter(pk=lesson.pk).update(held_on=lesson.held_on - timedelta(days=1))
    client = client_of(reviewer)
    data = sent(lesson) | {"do": "look"}
    assert client.post(dossier.screen("look-in"), data).status_code == 404
    page = screen(dossier, client, session=str(lesson.uuid))
    assert camera not in page and "这次课不在上" in page
    assert client.post(reverse("look-at-room", args=[Room.objects.get().uuid])).status_code == 404


def test_the_institution_gets_neither_the_form_nor_the_address(dossier, lesson, camera):
    page = screen(dossier, client_of(make.make_account("clerk", institution=dossier.trainer)))
    assert camera not in page and "看一眼" not in page
