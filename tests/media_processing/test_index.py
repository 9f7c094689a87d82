"""A recording is looked over once: slides, black, frozen, silent, repeated, found where they were planted."""

import json
import math
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from media_processing import ffmpeg, passes
from media_processing.fingerprints import repeats_in, shared_by
from media_processing.indexing import IndexOptions, index
from media_processing.segments import Kept, Looked, look, planned
from media_processing.slides import changes_in
from media_processing.specimens.lesson import SLIDE_BOX, Fault, Lesson, record
from media_processing.suspicion import joined, without
from media_processing.tracks import Kind, RecordingIndex, Region, Stretch, Track

WALL = Region(*SLIDE_BOX)
LESSON = Lesson(
    seconds=100,
    width=480,
    height=270,
    frames_a_second=5,
    slides=(0.0, 17.4, 60.2),
    faults=(
        Fault(Kind.BLACK, 24, 28.4),
        Fault(Kind.FROZEN, 36, 43.2),
        Fault(Kind.SILENT, 48, 55),
        Fault(Kind.REPEATED, 72, 90, source=2),
    ),
)


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> Path:
    return record(LESSON, tmp_path_factory.mktemp("lesson") / "lesson.mp4")


@pytest.fixture(scope="module")
def found(recording: Path) -> RecordingIndex:
    return index(
        recording, IndexOptions(slide_region=WALL, read_slide=lambda picture: f"{picture.shape[1]} px")
    )


def incidents(of: RecordingIndex, kind: Kind) -> list:
    return [incident for incident in of.incidents if incident.kind == kind]


@pytest.mark.parametrize(
    ("kind", "start", "end", "tolerance"),
    [
        (Kind.BLACK, 24, 28.4, 0.5),
        (Kind.FROZEN, 36, 43.2, 0.5),
        (Kind.SILENT, 48, 55, 0.5),
        (Kind.REPEATED, 72, 90, 1.0),
    ],
)
def test_each_planted_fault_is_found_once_with_its_edges(found, kind, start, end, tolerance) -> None:
    (incident,) = incidents(found, kind)
    assert incident.start == pytest.approx(start, abs=tolerance)
    assert incident.end == pytest.approx(end, abs=tolerance)


def test_a_repeated_stretch_names_where_it_was_shown_first(found) -> None:
    (again,) = incidents(found, Kind.REPEATED)
    assert again.start - again.source_start == pytest.approx(70, abs=0.2)


def test_slides_begin_when_they_appear(found) -> None:
    starts = [slide.start for slide in found.slides]
    for planted in LESSON.slides:
        assert min(abs(planted - start) for start in starts) <= 0.5
    assert [slide.end for slide in found.slides[:-1]] == starts[1:]


def test_the_text_of_a_slide_is_read_from_its_region_alone(found) -> None:
    wide = round(SLIDE_BOX[2] * LESSON.width)
    assert {slide.text for slide in found.slides} <= {f"{wide - 1} px", f"{wide} px", f"{wide + 1} px"}


@pytest.mark.parametrize("segment_seconds", [26.0, 40.0])
def test_what_segments_find_is_what_the_whole_recording_shows(recording, found, segment_seconds) -> None:
    """26 seconds put borders into the black, the frozen and the silent stretch; 40 into the frozen one."""
    asked = IndexOptions(slide_region=WALL, segment_seconds=segment_seconds)
    parts = index(recording, asked)
    assert parts.keyframe_seconds == found.keyframe_seconds
    assert [slide.start for slide in parts.slides] == [slide.start for slide in found.slides]
    frame = 1 / LESSON.frames_a_second
    assert [one.kind for one in parts.incidents] == [one.kind for one in found.incidents]
    for one, whole in zip(parts.incidents, found.incidents, strict=True):
        assert (one.start, one.end) == pytest.approx((whole.start, whole.end), abs=frame + 0.01)


def test_segments_cover_a_recording_without_gap_whatever_its_length() -> None:
    assert planned(40.0) == (Stretch(0, math.inf),)
    assert planned(0.0) == (Stretch(0, math.inf),)
    parts = planned(8 * 3600 + 7.4)
    assert len(parts) == 16 and parts[0].start == 0 and parts[-1].end == math.inf
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert all(1500 <= one.seconds <= 2100 for one in parts[:-1])


def test_what_is_kept_of_a_segment_is_its_keyframes_small_and_in_order(recording, tmp_path) -> None:
    facts = ffmpeg.probe(recording)
    looked = look(recording, facts, Stretch(30, 60), tmp_path / "kept.npz")
    kept = Kept.load(tmp_path / "kept.npz")
    assert looked.keyframe_seconds == tuple(kept.seconds) == tuple(float(at) for at in range(30, 60, 2))
    assert {picture.shape for _at, picture in kept.pictures()} == {(270, 480)}
    assert {picture.shape for _at, picture in kept.small()} == {(90, 160, 3)}
    assert Looked.from_json(json.loads(json.dumps(looked.as_json()))) == looked


def test_cpu_seconds_are_told_by_step(found) -> None:
    assert set(found.cpu_seconds) == {"probe", "keyframes", "suspicious", "slides", "sound", "slide_text"}
    assert all(found.cpu_seconds[step] > 0 for step in ("keyframes", "suspicious", "sound"))


def test_a_clean_lesson_has_no_incident_and_its_slides_region_is_proposed(tmp_path: Path) -> None:
    clean = replace(LESSON, faults=(), slides=(0.0, 15.0, 31.0, 52.0), seconds=66, seed=3)
    seen = index(record(clean, tmp_path / "clean.mp4"))
    assert seen.incidents == ()
    assert seen.slide_region is not None
    assert WALL.left - 0.02 <= seen.slide_region.left <= WALL.left + WALL.width
    assert seen.slide_region.top + seen.slide_region.height <= WALL.top + WALL.height + 0.02


def test_somebody_walking_past_the_wall_is_no_slide() -> None:
    wall = np.full((6, 270, 480), 200, np.uint8)
    wall[3, 40:140, 220:300] = 20
    seconds = tuple(float(number) for number in range(6))
    assert list(changes_in(list(zip(seconds, wall, strict=True)), WALL)) == []
    wall[3:, 20:125, 200:300] = 20
    assert len(list(changes_in(list(zip(seconds, wall, strict=True)), WALL))) == 1


def test_the_same_recording_trimmed_scaled_mirrored_and_encoded_anew_is_known_again(
    recording, tmp_path
) -> None:
    other = tmp_path / "other.mp4"
    command = [
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-ss",
        "15",
        "-i",
        str(recording),
        "-vf",
        "scale=320:-2,hflip",
    ]
    subprocess.run([*command, "-crf", "33", "-c:a", "aac", "-b:a", "32k", str(other)], check=True)
    one, two = (passes.sound(path, 100).fingerprint for path in (recording, other))
    longest = shared_by(one, two)[0]
    assert longest.start - longest.other_start == pytest.approx(15, abs=0.5)
    assert longest.seconds > 25


def test_different_lessons_share_nothing(recording, tmp_path) -> None:
    other = record(replace(LESSON, seed=9, faults=(), seconds=60), tmp_path / "other.mp4")
    assert shared_by(passes.sound(recording, 100).fingerprint, passes.sound(other, 60).fingerprint) == ()


def test_silence_and_a_hum_are_not_called_repeats() -> None:
    assert repeats_in(np.zeros(2000, np.uint32)) == ()
    assert repeats_in(np.tile(np.arange(7, dtype=np.uint32), 400)) == ()


def test_sound_alone_has_no_slides_and_a_silent_film_claims_no_silence(recording, tmp_path) -> None:
    heard, seen = tmp_path / "heard.mp4", tmp_path / "seen.mp4"
    for target, drop in ((heard, "-vn"), (seen, "-an")):
        subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-i", str(recording), "-c", "copy", drop, str(target)],
            check=True,
        )
    only_sound, only_picture = index(heard), index(seen, IndexOptions(slide_region=WALL))
    assert only_sound.slides == () and incidents(only_sound, Kind.SILENT)
    assert incidents(only_picture, Kind.SILENT) == [] and incidents(only_picture, Kind.BLACK)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    for name, content in (
        ("empty.mp4", b""),
        ("list.mp4", b"#EXTM3U\nfile:///etc/passwd\n"),
        ("text.mp4", b"text" * 99),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ffmpeg.Unreadable):
            index(tmp_path / name)


def test_stretches_are_joined_and_cut() -> None:
    assert joined([Stretch(5, 7), Stretch(0, 2), Stretch(1, 3)]) == (Stretch(0, 3), Stretch(5, 7))
    assert without([Stretch(0, 10)], [Stretch(4, 9.5)], least=1) == (Stretch(0, 4),)


def test_a_region_must_lie_within_the_picture() -> None:
    picture = Track("video", "h264", 640, 360)
    assert Region.from_pixels((64, 36, 320, 180), picture) == Region(0.1, 0.1, 0.5, 0.5)
    with pytest.raises(ValueError):
        Region.from_pixels((600, 0, 64, 36), picture)
