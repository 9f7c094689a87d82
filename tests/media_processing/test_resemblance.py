"""The same recording is known again by its pictures alone; another lesson in the same room is not."""

import json
import subprocess
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from media_processing.resemblance import Sketch, guesses, one_room
from media_processing.specimens.lesson import Lesson, record

LESSON = Lesson(
    seconds=130,
    width=320,
    height=180,
    frames_a_second=5,
    keyframe_seconds=4,
    slides=(0.0, 31.0, 62.0, 90.0),
    has_sound=False,
    seed=5,
)


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> Path:
    return record(LESSON, tmp_path_factory.mktemp("lesson") / "lesson.mp4")


def encoded_anew(source: Path, target: Path, *, start: float, filters: str) -> Path:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-ss", str(start), "-i", str(source), "-vf", filters]
    subprocess.run([*command, "-crf", "33", "-preset", "veryfast", "-g", "50", str(target)], check=True)
    return target


def shared(one: Path, other: Path) -> list[dict]:
    said = StringIO()
    call_command("compare_recordings", one, other, "--json", stdout=said)
    return json.loads(said.getvalue())["shared"]


@pytest.mark.parametrize("filters", ["scale=240:-2", "hflip,scale=240:-2"], ids=["scaled", "mirrored"])
def test_a_silent_recording_trimmed_and_encoded_anew_is_known_with_its_offset(
    recording, tmp_path, filters
) -> None:
    other = encoded_anew(recording, tmp_path / "other.mp4", start=21.4, filters=filters)
    longest = shared(recording, other)[0]
    assert longest["a_start"] - longest["b_start"] == pytest.approx(21.4, abs=0.5)
    assert longest["seconds"] >= 80 and longest["how"] == "picture"
    turned = shared(other, recording)[0]
    assert turned["b_start"] - turned["a_start"] == pytest.approx(21.4, abs=0.5)


def test_another_lesson_in_the_same_room_shares_nothing(recording, tmp_path) -> None:
    other = record(replace(LESSON, seconds=90, seed=8, slides=(0.0, 25.0)), tmp_path / "other.mp4")
    assert shared(recording, other) == []


def test_a_room_in_which_nothing_moves_proves_nothing(tmp_path) -> None:
    still = Sketch(np.arange(0, 300, 5.0), np.full((60, 18, 32), 120, np.uint8))
    assert guesses(still, still) == ()


def test_rooms_that_look_different_are_not_held_against_each_other() -> None:
    rng = np.random.default_rng(1)
    here, there = (rng.integers(0, 255, (1, 18, 32), np.uint8).repeat(20, axis=0) for _room in range(2))
    times = np.arange(0, 100, 5.0)
    assert one_room(Sketch(times, here), Sketch(times, here[:, :, ::-1]))
    assert not one_room(Sketch(times, here), Sketch(times, there))


def test_sound_alone_and_pictures_alone_share_nothing_and_are_not_refused(recording, tmp_path) -> None:
    heard = record(replace(LESSON, seconds=10, has_sound=True), tmp_path / "heard.mp4")
    alone = tmp_path / "alone.m4a"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(heard), "-c", "copy", "-vn", str(alone)], check=True
    )
    assert shared(recording, alone) == []
