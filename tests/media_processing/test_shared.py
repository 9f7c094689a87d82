"""A recording handed in twice, in two lessons or classes, is found when the second one is indexed."""

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dossiers.models import Upload
from foundation import jobs
from media_processing import shared
from media_processing.jobs import INDEX
from media_processing.models import IndexedRecording, SharedStretch, SoundMark
from media_processing.shared import COMPARE, marks
from media_processing.specimens.lesson import Lesson, record
from tests import factories
from tests.media_processing.taken_in import take_in

LESSON = Lesson(
    seconds=90,
    width=320,
    height=180,
    frames_a_second=5,
    keyframe_seconds=4,
    people=2,
    slides=(0.0, 21.0, 40.0, 57.0, 75.0),
    seed=4,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    """A lesson, the same trimmed, mirrored and encoded anew, with and without its sound, and another lesson."""
    folder = tmp_path_factory.mktemp("lessons")
    lesson = record(LESSON, folder / "lesson.mp4")
    made = {"lesson": lesson, "other": record(replace(LESSON, seed=12, seconds=60), folder / "other.mp4")}
    for name, options in {"again": ("-b:a", "32k"), "silent": ("-an",)}.items():
        made[name] = folder / f"{name}.mp4"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-ss", "12.2", "-i", str(lesson)]
        command += ["-vf", "scale=240:-2,hflip", "-crf", "33", "-preset", "veryfast", "-g", "20"]
        subprocess.run([*command, *options, str(made[name])], check=True)
    return made


@pytest.fixture(autouse=True)
def installation(settings, tmp_path, db):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.OCR_ENGINE = settings.FACE_ENGINE = "null"


def indexed(path: Path) -> Upload:
    recording = take_in(factories.make_dossier(), path)
    jobs.enqueue(INDEX, upload=recording.uuid)
    jobs.work_off()
    return recording


@pytest.mark.parametrize(("name", "how"), [("again", "sound"), ("silent", "picture")])
def test_the_same_recording_in_another_class_is_found_with_its_offset(files, name, how) -> None:
    first, again = indexed(files["lesson"]), indexed(files[name])
    found = SharedStretch.objects.first()
    assert (found.first, found.again, found.how) == (first, again, how)
    assert found.first_start - found.again_start == pytest.approx(12.2, abs=0.5)
    assert found.seconds >= 55


def test_of_another_lesson_nothing_is_shared(files) -> None:
    indexed(files["lesson"])
    indexed(files["other"])
    assert not SharedStretch.objects.exists() and IndexedRecording.objects.count() == 2


def test_comparing_twice_finds_once_and_a_withdrawn_recording_is_left_out(files) -> None:
    first, again = indexed(files["lesson"]), indexed(files["again"])
    count = SharedStretch.objects.count()
    for upload in (first, again):
        jobs.enqueue(COMPARE, upload=upload.uuid)
    jobs.work_off()
    assert SharedStretch.objects.count() == count > 0
    assert SharedStretch.objects.first().first == first
    Upload.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now())
    jobs.enqueue(COMPARE, upload=again.uuid)
    jobs.work_off()
    assert not SharedStretch.objects.exists()


def test_which_recordings_are_held_against_each_other_costs_few_queries(files) -> None:
    """Among many strangers the marks name those that may be the same, and no other's fingerprint is opened."""
    first = indexed(files["lesson"])
    numbers = np.random.default_rng(1).integers(0, 2**32, 20_000, np.uint32)
    strangers = [factories.make_upload(first.dossier, medium="recording") for _number in range(5)]
    for stranger in strangers:
        IndexedRecording.objects.create(upload=stranger)
        shared._write_marks(stranger, numbers)
    with CaptureQueriesContext(connection) as asked:
        found = set(shared._with_marks_of(strangers[0], marks(numbers)))
    assert found == {one.pk for one in strangers[1:]} and len(asked) <= 6
    with CaptureQueriesContext(connection) as asked:
        assert set(shared._with_marks_of(first, marks(shared.fingerprint_of(first.blob)))) == set()
    assert len(asked) <= 2


def test_one_number_in_eight_is_kept_and_the_same_ones_of_every_recording() -> None:
    numbers = np.random.default_rng(2).integers(0, 2**32, 16_000, np.uint32)
    kept, shifted = marks(numbers), marks(numbers[1000:])
    assert 1800 <= len(kept) <= 2200
    assert all(kept[number] == [place + 1000 for place in places] for number, places in shifted.items())
    assert marks(np.full(500, next(iter(kept)), np.uint32)) == {}


def test_marks_of_a_recording_are_written_once(files) -> None:
    recording = indexed(files["lesson"])
    before = SoundMark.objects.filter(upload=recording).count()
    jobs.enqueue(COMPARE, upload=recording.uuid)
    jobs.work_off()
    assert SoundMark.objects.filter(upload=recording).count() == before > 10
