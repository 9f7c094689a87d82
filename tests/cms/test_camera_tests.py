"""Camera tests on screen: a clip or the live address in, figures and plain sentences out, nobody's template kept."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cms.rows import camera_tests
from dossiers.actions import rooms
from dossiers.actions.rooms import RoomFacts
from dossiers.models import CameraTest
from foundation import jobs, wording
from media_processing import camera_jobs, camera_test, readers
from media_processing.engines import face_engine
from media_processing.models import FaceTemplate
from media_processing.specimens.lesson import Lesson, record
from tests import factories as make
from tests.cms.people_at_desks import client_of
from tests.media_processing import cameras

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> bytes:
    lesson = Lesson(seconds=6, frames_a_second=5, keyframe_seconds=2)
    return record(lesson, tmp_path_factory.mktemp("clip") / "clip.mp4").read_bytes()


@pytest.fixture
def clerk():
    return make.make_account("clerk")


@pytest.fixture
def room(clerk):
    return rooms.make_room(RoomFacts(name="一号教室", seats=12), by=clerk)


@pytest.fixture(autouse=True)
def no_faces(settings):
    settings.FACE_ENGINE = "null"
    settings.LIVE_LOOPBACK = True


def begin(clerk, room, clip: bytes, name: str = "测试.mp4") -> CameraTest | None:
    sent = {"clip": SimpleUploadedFile(name, clip, "video/mp4")}
    client_of(clerk).post(reverse("test-camera", args=[room.uuid]), sent)
    return room.camera_tests.first()


def test_a_clip_is_tested_by_a_job_and_told_in_sentences(clerk, room, clip):
    test = begin(clerk, room, clip)
    waiting = client_of(clerk).get(reverse("camera-test", args=[test.uuid])).content.decode()
    assert "正在测试" in waiting
    jobs.work_off()
    test.refresh_from_db()
    page = client_of(clerk).get(reverse("camera-test", args=[test.uuid])).content.decode()
    assert test.state == CameraTest.State.DONE and test.found["engine"] == "null"
    assert "没有启用人脸检测" in page and "这段录像只有 6 秒" in page and "640×360" in page
    still = client_of(clerk).get(reverse("camera-still", args=[test.uuid]))
    assert b"".join(still.streaming_content).startswith(b"\xff\xd8")
    assert "可核实 0/12 座" in client_of(clerk).get(reverse("room", args=[room.uuid])).content.decode()


def test_the_real_engine_finds_places_and_keeps_no_template(clerk, room, clip, settings):
    settings.FACE_ENGINE = "yunet_sface"
    test = begin(clerk, room, clip)
    jobs.work_off()
    test.refresh_from_db()
    assert test.found["engine"] == face_engine("yunet_sface").name
    assert "template" not in json.dumps(test.found) and not FaceTemplate.objects.exists()


def test_a_job_that_runs_twice_writes_one_result(clerk, room, clip):
    test = begin(clerk, room, clip)
    jobs.work_off()
    before = CameraTest.objects.get(pk=test.pk).found
    camera_jobs.begin(test)
    jobs.work_off()
    assert CameraTest.objects.get(pk=test.pk).found == before


def test_what_is_no_recording_is_refused_at_the_door(clerk, room):
    assert begin(clerk, room, b"#EXTM3U\nfile:///etc/passwd\n") is None
    assert begin(clerk, room, b"no recording at all") is None


def test_a_clip_is_taken_from_the_live_address(clerk, room, tmp_path):
    cameras.make_hls(tmp_path)
    with cameras.web_camera(tmp_path) as (place, _asked):
        live = f"http://{place}/live.m3u8"
        rooms.change_room(room, RoomFacts(name="一号教室", seats=12, live_address=live), by=clerk)
        client_of(clerk).post(reverse("test-camera", args=[room.uuid]), {"from": "live"})
        jobs.work_off()
    test = room.camera_tests.get()
    assert test.state == CameraTest.State.DONE and test.is_live and test.blob is not None
    assert test.found["recorder"]["width"] == 320


def test_a_dead_camera_is_a_result_that_says_so(clerk, room):
    live = f"http://127.0.0.1:{cameras.dead_port()}/live.m3u8"
    rooms.change_room(room, RoomFacts(name="一号教室", live_address=live), by=clerk)
    client_of(clerk).post(reverse("test-camera", args=[room.uuid]), {"from": "live"})
    jobs.work_off()
    test = room.camera_tests.get()
    page = client_of(clerk).get(reverse("camera-test", args=[test.uuid])).content.decode()
    assert test.state == CameraTest.State.FAILED and "摄像机没有应答" in page


def test_without_a_live_address_nothing_is_begun(clerk, room):
    answer = client_of(clerk).post(reverse("test-camera", args=[room.uuid]), {"from": "live"})
    assert answer.status_code == 422 and not room.camera_tests.exists()


def test_a_test_whose_job_died_says_so_instead_of_waiting_for_ever(clerk, room, clip):
    test = begin(clerk, room, clip)
    jobs.cancel(jobs.Job.objects.get(kind=camera_jobs.TEST))
    page = client_of(clerk).get(reverse("camera-test", args=[test.uuid])).content.decode()
    assert "测试中断了" in page and "正在测试" not in page


def test_whether_a_clock_is_burnt_in_is_asked_of_the_reader(clerk, room, clip):
    readers.register("clock", lambda picture: ("2026-10-21 09:00:01",))
    try:
        test = begin(clerk, room, clip)
        jobs.work_off()
        test.refresh_from_db()
        assert test.found["recorder"]["has_clock"] is True
    finally:
        readers.forget()


def test_the_picture_of_a_test_is_nobody_elses_to_see(clerk, room, clip):
    test = begin(clerk, room, clip)
    jobs.work_off()
    stranger = client_of(make.make_account("clerk"))
    for name in ("camera-test", "camera-still"):
        assert stranger.get(reverse(name, args=[test.uuid])).status_code == 404


def test_every_finding_and_every_failure_has_its_sentence():
    source = Path(camera_test.__file__).read_text("utf-8")
    told = set(camera_tests.SENTENCES) - {"seats_good_only"}
    for code in told:
        assert f'"{code}"' in source or code.rpartition("_")[0] in source, code
    used = {
        piece.split('"')[1] for piece in source.split("Finding(")[1:] if piece.split(", ")[1].startswith('"')
    }
    assert used - told == set()
    live = Path(camera_jobs.live.__file__).read_text("utf-8")
    codes = {piece.partition('"')[0] for piece in live.split('"live_')[1:]}
    assert wording.missing(f"live_{code}" for code in codes) == []
