"""Rooms: kept by their body, read by a reviewer of the county, seen by nobody else; photographs, addresses, regions."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from dossiers.actions import rooms
from dossiers.actions.rooms import RoomFacts
from dossiers.exceptions import NotAllowed, NotReady, Overtaken
from dossiers.models import Room
from foundation.models import Job
from media_processing.index_jobs import FIND_SLIDES
from media_processing.models import IndexedRecording, RecordingProbe, Segment
from tests import factories as make
from tests.cms.people_at_desks import client_of

pytestmark = pytest.mark.django_db

SECRET = "rtsp://viewer:mima2026@192.168.1.20:8554/Streaming/101"


@pytest.fixture
def school():
    return make.make_institution()


@pytest.fixture
def clerk(school):
    return make.make_account("clerk", institution=school)


@pytest.fixture
def room(clerk) -> Room:
    return rooms.make_room(RoomFacts(name="一号教室", seats=30, live_address=SECRET), by=clerk)


def photograph() -> SimpleUploadedFile:
    """A picture that tells where it was taken."""
    kept, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (80, 60), "teal").save(kept, "JPEG", exif=exif)
    return SimpleUploadedFile("讲台.jpg", kept.getvalue(), "image/jpeg")


def form(**given) -> dict:
    return {"name": "一号教室", "seats": "30", "equipment": "", "live_address": ""} | given


def test_a_clerk_enters_a_room_with_its_equipment(school, clerk):
    sent = form(parameter_storage_days="90", parameter_camera="样本 S-2", live_address=SECRET)
    answer = client_of(clerk).post("/rooms/make/", sent, follow=True)
    made = Room.objects.get(institution=school)
    assert made.parameters == {"camera": "样本 S-2", "storage_days": "90"}
    assert made.live_address.reveal() == SECRET
    assert "录像保存天数" in answer.content.decode() and "90" in answer.content.decode()


def test_a_live_address_is_kept_sealed_and_shown_by_its_host_alone(room, clerk):
    stored = Room.objects.filter(pk=room.pk).values_list("live_address", flat=True).get().stored
    assert "mima2026" not in stored
    page = client_of(clerk).get(f"/rooms/{room.uuid}/").content.decode()
    assert "rtsp://192.168.1.20:8554/…" in page
    assert "mima2026" not in page and "Streaming" not in page


def test_an_empty_address_leaves_the_old_one_and_a_tick_takes_it_away(room, clerk):
    client = client_of(clerk)
    client.post(f"/rooms/{room.uuid}/change/", form(seats="28"))
    room.refresh_from_db()
    assert room.seats == 28 and room.live_address.reveal() == SECRET
    client.post(f"/rooms/{room.uuid}/change/", form(forget_address="on"))
    room.refresh_from_db()
    assert room.live_address == ""


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "camera", "ftp://a/b", "rtsp://a/ b", "http:///x", "http://主机/x"]
)
def test_only_addresses_of_cameras_are_taken(room, clerk, address):
    answer = client_of(clerk).post(f"/rooms/{room.uuid}/change/", form(live_address=address))
    assert answer.status_code == 422 and "没有记下" in answer.content.decode()
    room.refresh_from_db()
    assert room.live_address.reveal() == SECRET


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "[fe80::1]",
        "0.0.0.0",
        "localhost",
    ],
)
def test_an_address_of_this_machine_or_of_the_bare_link_is_refused_when_it_is_saved(room, clerk, host):
    told = "实时视频地址指向本系统自己的机器或本机链路，不能打开。请写摄像机的地址。"
    for place in (f"/rooms/{room.uuid}/change/", "/rooms/make/"):
        answer = client_of(clerk).post(place, form(name="三号教室", live_address=f"rtsp://admin:x@{host}/x"))
        assert answer.status_code == 422 and told in answer.content.decode(), place
    assert Room.objects.get().live_address.reveal() == SECRET


def test_an_installation_with_a_restreamer_of_its_own_takes_its_address(room, clerk, settings):
    settings.LIVE_LOOPBACK = True
    answer = client_of(clerk).post(f"/rooms/{room.uuid}/change/", form(live_address="rtsp://127.0.0.1/x"))
    assert answer.status_code == 302
    room.refresh_from_db()
    assert room.live_address.reveal() == "rtsp://127.0.0.1/x"


def test_two_rooms_of_a_body_do_not_share_a_name(room, clerk):
    answer = client_of(clerk).post("/rooms/make/", form())
    assert answer.status_code == 409 and "已有名为“一号教室”的教室" in answer.content.decode()
    with pytest.raises(Overtaken):
        rooms.make_room(RoomFacts(name="一号教室"), by=clerk)


def test_an_id_number_in_the_equipment_is_masked(clerk):
    number = make.make_id_number()
    made = rooms.make_room(RoomFacts(name="二号教室", equipment=f"管理员 {number}"), by=clerk)
    assert number not in made.equipment


def test_a_reviewer_of_the_county_reads_and_changes_nothing(room):
    reviewer = make.make_account("reviewer", county=room.institution.county)
    client = client_of(reviewer)
    page = client.get(f"/rooms/{room.uuid}/").content.decode()
    assert "一号教室" in page and "改教室资料" not in page and "上传并测试" not in page
    for name in ("change-room", "close-room", "add-room-photo", "test-camera", "slide-region"):
        assert client.post(reverse(name, args=[room.uuid]), form()).status_code == 404, name
    with pytest.raises(NotAllowed):
        rooms.change_room(room, RoomFacts(name="改名"), by=reviewer)


def test_a_photograph_is_shown_without_what_the_camera_wrote_and_kept_as_it_came(room, clerk):
    client = client_of(clerk)
    client.post(f"/rooms/{room.uuid}/photos/", {"photo": photograph(), "caption": "讲台上方"})
    kept = room.photos.get()
    shown = b"".join(client.get(reverse("room-photo", args=[kept.uuid])).streaming_content)
    assert b"taken at home" not in shown and Image.open(io.BytesIO(shown)).size == (80, 60)
    original = b"".join(client.get(f"{reverse('room-photo', args=[kept.uuid])}?original").streaming_content)
    assert b"taken at home" in original
    reviewer = client_of(make.make_account("reviewer", county=room.institution.county))
    assert reviewer.get(reverse("room-photo", args=[kept.uuid])).status_code == 200
    assert reviewer.get(f"{reverse('room-photo', args=[kept.uuid])}?original").status_code == 404


def test_what_is_no_picture_is_refused_and_nothing_kept(room, clerk):
    text = SimpleUploadedFile("照片.jpg", b"<html>", "image/jpeg")
    answer = client_of(clerk).post(f"/rooms/{room.uuid}/photos/", {"photo": text})
    assert answer.status_code == 422 and not room.photos.exists()


def test_a_photograph_taken_off_is_no_longer_found(room, clerk):
    client = client_of(clerk)
    client.post(f"/rooms/{room.uuid}/photos/", {"photo": photograph()})
    kept = room.photos.get()
    client.post(reverse("drop-room-photo", args=[kept.uuid]))
    assert client.get(reverse("room-photo", args=[kept.uuid])).status_code == 404


def test_a_closed_room_is_told_and_used_again(room, clerk):
    client = client_of(clerk)
    client.post(f"/rooms/{room.uuid}/close/")
    assert "起停用" in client.get(f"/rooms/{room.uuid}/").content.decode()
    client.post(f"/rooms/{room.uuid}/close/")
    room.refresh_from_db()
    assert room.closed_at is None


def test_a_region_is_kept_as_fractions_and_one_outside_the_picture_is_refused(room, clerk):
    address = f"/rooms/{room.uuid}/slides/"
    client = client_of(clerk)
    client.post(address, {"left": "42", "top": "8", "width": "34.5", "height": "36"})
    room.refresh_from_db()
    assert room.slide_region == [0.42, 0.08, 0.345, 0.36]
    assert client.post(address, {"left": "80", "top": "8", "width": "34", "height": "36"}).status_code == 422
    assert client.post(address, {"left": "", "top": "x", "width": "3", "height": "3"}).status_code == 422
    room.refresh_from_db()
    assert room.slide_region == [0.42, 0.08, 0.345, 0.36]
    client.post(address, {"do": "forget"})
    room.refresh_from_db()
    assert room.slide_region is None
    with pytest.raises(NotReady):
        rooms.draw_slide_region(room, [0, 0, 0.01, 1], by=clerk)


@pytest.fixture
def lesson_recorded(room):
    """A recording of a lesson in the room, indexed, with a region of its own proposal."""
    dossier = make.make_dossier(room.institution)
    session = make.make_session(dossier, room=room.name)
    upload = make.make_upload(dossier, medium="recording", file_name="1021上午.mp4")
    filing = make.make_filing(dossier, "training_media", upload=upload)
    filing.session, filing.part = session, "theory_lesson_video"
    filing.save()
    RecordingProbe.objects.create(upload=upload, duration_seconds=60, container="mp4", has_poster=True)
    IndexedRecording.objects.create(upload=upload, slide_region=[0.4, 0.1, 0.3, 0.3])
    return upload


def test_what_recordings_propose_is_shown_until_a_person_draws(room, clerk, lesson_recorded):
    client = client_of(clerk)
    page = client.get(f"/rooms/{room.uuid}/slides/").content.decode()
    assert "1021上午.mp4" in page and "没有人确认过" in page and 'value="40.0"' in page
    client.post(f"/rooms/{room.uuid}/slides/", {"left": "50", "top": "5", "width": "30", "height": "30"})
    page = client.get(f"/rooms/{room.uuid}/slides/").content.decode()
    assert "没有人确认过" not in page and 'value="50.0"' in page


def test_slides_are_found_again_in_recordings_that_have_an_index(
    room, clerk, lesson_recorded, django_capture_on_commit_callbacks
):
    client = client_of(clerk)
    client.post(f"/rooms/{room.uuid}/slides/again/")
    assert not Job.objects.filter(
        kind=FIND_SLIDES
    ).exists()  # nothing is indexed yet: its index will see the region
    Segment.objects.create(
        upload=lesson_recorded, number=1, start=0, end=60, found={}, done_at="2026-11-24T10:00Z"
    )
    client.post(f"/rooms/{room.uuid}/slides/again/")
    assert Job.objects.filter(kind=FIND_SLIDES).count() == 1


def test_a_room_without_pictures_says_where_to_get_one(room, clerk):
    assert "去做摄像测试" in client_of(clerk).get(f"/rooms/{room.uuid}/slides/").content.decode()


def test_the_list_asks_as_often_for_ten_rooms_as_for_two(clerk, room, django_assert_max_num_queries):
    client = client_of(clerk)
    for number in range(10):
        rooms.make_room(RoomFacts(name=f"教室{number}"), by=clerk)
    with django_assert_max_num_queries(9):
        client.get("/rooms/")
