"""What a camera can show of a room: seats, light, sound and recorder, on drawn pictures and with invented faces."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from media_processing import camera_looks, camera_test
from media_processing.camera_test import Look, Recorder
from media_processing.engines.null import NoFaces
from media_processing.ffmpeg import Unreadable
from media_processing.sightings import Box, Face
from media_processing.specimens.lesson import Lesson, record
from media_processing.tracks import RecordingFacts, Region, Track

RATE = 16000


def room(brightness: int = 130) -> np.ndarray:
    """A lit room with edges: desks, a board, some noise."""
    picture = np.full((720, 1280, 3), brightness, np.uint8)
    rng = np.random.default_rng(3)
    for _ in range(60):
        x, y = int(rng.integers(0, 1200)), int(rng.integers(0, 660))
        shade = int(rng.integers(20, 230) * brightness / 255)
        cv2.rectangle(picture, (x, y), (x + 70, y + 50), (shade,) * 3, -1)
    noise = rng.integers(-3, 4, picture.shape, dtype=np.int16)
    return np.clip(picture.astype(np.int16) + noise, 0, 255).astype(np.uint8)


def face(x: float, y: float, size: float, quality: float = 0.5) -> Face:
    return Face(Box(x, y, size, size), 0.9, quality)


def looks(*faces: Face, count: int = 4, picture: np.ndarray | None = None) -> list[Look]:
    """The same people in several pictures, each swaying a little."""
    shown = room() if picture is None else picture
    return [
        Look.small(
            5.0 * n, shown, [face(f.box.left + 3 * n, f.box.top, f.box.size, f.quality) for f in faces]
        )
        for n in range(count)
    ]


def recorder(**given) -> Recorder:
    picture = Track("video", "h264", 1920, 1080, 25.0)
    facts = RecordingFacts(120.0, ("mov", "mp4"), (picture, Track("audio", "aac")), True)
    return Recorder(
        **({"facts": facts, "keyframe_seconds": 2.0, "bits_a_second": 2e6, "has_clock": True} | given)
    )


def speech(seconds: float = 4.0, loud: float = 0.2) -> np.ndarray:
    rng = np.random.default_rng(5)
    rhythm = np.repeat(rng.random(int(seconds * 5)) > 0.4, RATE // 5)
    return (rng.normal(0, 0.002 + loud * rhythm, rhythm.size).clip(-0.99, 0.99) * 32767).astype(np.int16)


def codes(**given) -> set[str]:
    told = {"looks": looks(face(300, 500, 60)), "sound": speech(), "recorder": recorder(), "seats": 1} | given
    seen, heard, box = told.pop("looks"), told.pop("sound"), told.pop("recorder")
    return {finding.code for finding in camera_test.report(seen, heard, box, **told).findings}


def test_a_good_room_has_nothing_to_mend():
    assert codes() == {"seats_good", "light_good", "sound_good"}


def test_seats_are_counted_by_place_and_those_too_small_are_named_with_their_pixels():
    front = [face(100 + 200 * n, 520, 64) for n in range(4)]
    back = [face(150 + 80 * n, 120, 18) for n in range(6)]
    made = camera_test.report(looks(*front, *back), speech(), recorder(), seats=12)
    assert len(made.seats) == 10 and made.verifiable == 4
    told = {finding.code: finding.params for finding in made.findings}
    assert told["seats_good"] == {"good": 4, "seats": 12}
    assert told["seats_hopeless_back"] == {"count": 6, "pixels": 18, "least": 32}
    assert told["seats_unseen"] == {"count": 2, "seats": 12}


@pytest.mark.parametrize(("size", "verifiable"), [(31, 0), (32, 1)])
def test_a_face_is_large_enough_from_the_least_pixels_on(size, verifiable):
    assert camera_test.report(looks(face(300, 500, size)), None, recorder(), seats=1).verifiable == verifiable


def test_a_large_face_that_cannot_be_told_is_no_seat_that_can_be_verified():
    assert "seats_faint" in codes(looks=looks(face(300, 500, 60, quality=0.02)))


def test_one_person_may_sit_down_in_every_seat_in_turn():
    seen = [Look.small(5.0 * n, room(), [face(100 + 300 * (n // 2), 400, 50)]) for n in range(6)]
    made = camera_test.report(seen, None, recorder(), seats=3)
    assert len(made.seats) == 3 and made.verifiable == 3


def test_two_faces_in_one_picture_are_never_one_seat():
    assert len(camera_test.seats_of(looks(face(300, 400, 50), face(330, 410, 50)))) == 2


def test_a_face_seen_once_is_a_chance_and_no_seat():
    seen = [*looks(face(300, 500, 60)), Look.small(30, room(), [face(900, 100, 40)])]
    assert len(camera_test.seats_of(seen)) == 1


def test_an_empty_room_is_not_a_bad_camera_and_without_an_engine_nothing_is_claimed():
    assert "no_faces" in codes(looks=looks())
    told = codes(looks=looks(), sees_faces=False)
    assert "no_face_engine" in told and "no_faces" not in told


def test_a_window_that_dazzles_a_dark_room_and_a_blurred_lens_are_told_apart():
    dazzled = room()
    dazzled[100:400, 200:700] = 255
    assert "glare_or_slides" in codes(looks=looks(face(900, 500, 60), picture=dazzled))
    assert "too_dark" in codes(looks=looks(face(900, 500, 60), picture=room(25)))
    told = codes(looks=looks(face(900, 500, 60), picture=cv2.GaussianBlur(room(), (0, 0), 6)))
    assert "blurred" in told and "light_good" not in told


def test_a_projection_is_meant_to_be_bright_and_a_window_beside_it_is_not():
    picture = room()
    picture[72:252, 512:896] = 255
    shown = looks(face(900, 500, 60), picture=picture)
    slides = Region(0.4, 0.1, 0.3, 0.25)
    assert not {"glare", "glare_or_slides", "too_bright"} & codes(looks=shown, slides=slides)
    picture[300:600, 0:300] = 255
    assert "glare" in codes(looks=looks(face(900, 500, 60), picture=picture), slides=slides)


def test_faces_before_a_bright_window_are_backlit():
    picture = room(190)
    picture[480:600, 280:420] = 30
    assert "backlit" in codes(looks=looks(face(300, 500, 60), picture=picture))


def test_sound_is_judged_by_its_level_its_pauses_and_its_hum():
    time = np.arange(4 * RATE) / RATE
    hum = (0.05 * sum(np.sin(2 * np.pi * 50 * k * time) / k for k in (1, 2, 3)) * 32767).astype(np.int16)
    assert "no_sound" in codes(sound=None)
    assert "mute" in codes(sound=np.zeros(4 * RATE, np.int16))
    assert "hum" in codes(sound=hum)
    assert "too_quiet" in codes(sound=(speech() / 60).astype(np.int16))
    assert "too_loud" in codes(
        sound=np.clip(speech(loud=0.6).astype(np.int32) * 4, -32768, 32767).astype(np.int16)
    )
    assert "no_speech" in codes(sound=np.random.default_rng(1).normal(0, 900, 4 * RATE).astype(np.int16))


def test_what_the_recorder_should_do_otherwise_is_said():
    small = RecordingFacts(10.0, ("avi",), (Track("video", "hevc", 640, 360, 5.0),))
    told = codes(recorder=recorder(facts=small, keyframe_seconds=20.0, has_clock=False))
    assert {
        "short_clip",
        "low_resolution",
        "few_frames",
        "far_keyframes",
        "not_in_browsers",
        "no_clock",
    } <= told
    assert "no_clock" not in codes(recorder=recorder(has_clock=None))


class TwoPeople:
    """An engine that sees two people in every picture and is never asked to remember one."""

    name, version, threshold = "two", "1", 0.4

    def faces(self, picture: np.ndarray) -> tuple[Face, ...]:
        return face(100, 200, 40), face(400, 200, 20)

    def template(self, picture: np.ndarray, face: Face) -> np.ndarray:
        raise AssertionError("a camera test remembers nobody")


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """Twelve seconds of an invented lesson."""
    lesson = Lesson(seconds=12, frames_a_second=5, keyframe_seconds=2)
    return record(lesson, tmp_path_factory.mktemp("clip") / "clip.mp4")


def test_a_clip_is_looked_at_without_remembering_anybody(clip):
    done: list[int] = []
    tested = camera_looks.look_at_clip(
        clip, TwoPeople(), seats=2, find_clock=lambda _: True, progress=done.append
    )
    kept = json.loads(json.dumps(camera_test.as_json(tested.report)))
    assert [seat["is_verifiable"] for seat in kept["seats"]] == [True, False]
    assert kept["recorder"]["keyframe_seconds"] == 2.0 and kept["recorder"]["has_clock"] is True
    assert kept["heard"]["level"] > -40 and kept["light"]["blur"] < camera_test.MOST_BLUR
    assert done == [1, 2]
    shown = cv2.imdecode(np.frombuffer(tested.still, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape[:2] == (360, 640)


def test_without_an_engine_the_rest_is_told_all_the_same(clip):
    tested = camera_looks.look_at_clip(clip, NoFaces(), seats=2)
    assert {"no_face_engine"} <= {finding.code for finding in tested.report.findings}
    assert tested.report.recorder.has_clock is None


def test_a_whole_lesson_and_a_text_are_no_clip_for_a_camera_test(clip, tmp_path, monkeypatch):
    monkeypatch.setattr(camera_looks, "MOST_SECONDS", 10.0)
    with pytest.raises(camera_looks.TooLong):
        camera_looks.look_at_clip(clip, NoFaces(), seats=2)
    (tmp_path / "text.mp4").write_text("no recording")
    with pytest.raises(Unreadable):
        camera_looks.look_at_clip(tmp_path / "text.mp4", NoFaces(), seats=2)
