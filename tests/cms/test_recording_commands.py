"""The two commands for recordings: one JSON object each, no database, a clear word for what cannot be read."""

import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from media_processing.specimens.lesson import SLIDE_BOX, Fault, Lesson, record
from media_processing.tracks import Kind

LESSON = Lesson(
    seconds=30,
    width=320,
    height=180,
    frames_a_second=5,
    slides=(0.0, 12.0),
    faults=(Fault(Kind.BLACK, 18, 21),),
)
DOCUMENTED = (Path(__file__).parents[2] / "docs/recordings.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> Path:
    return record(LESSON, tmp_path_factory.mktemp("lesson") / "lesson.mp4")


def said(command: str, *arguments: str, **options: Any) -> dict[str, Any]:
    answer = io.StringIO()
    call_command(command, *arguments, json=True, stdout=answer, **options)
    return json.loads(answer.getvalue())


def test_a_recording_is_indexed_without_a_database(lesson: Path, tmp_path: Path) -> None:
    left, top, width, height = (
        int(share * side) for share, side in zip(SLIDE_BOX, (LESSON.width, LESSON.height) * 2, strict=True)
    )
    found = said(
        "index_recording",
        str(lesson),
        portraits=tmp_path,
        slide_region=f"{left},{top},{width},{height}",
        slide_text="null",
    )
    assert [round(slide["start"]) for slide in found["slides"]][:2] == [0, 12]
    assert [incident["kind"] for incident in found["incidents"]] == ["black"]
    assert found["samples"] and found["presence"] == []
    assert all(f"`{key}`" in DOCUMENTED for key in found)


def test_without_portraits_no_face_is_looked_for(lesson: Path) -> None:
    found = said("index_recording", str(lesson), slide_text="null")
    assert found["samples"] == [] and "faces" not in found["cpu_seconds"]


def test_a_portrait_without_a_face_is_named(lesson: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "07.png"), np.full((200, 200, 3), 200, np.uint8))
    with pytest.raises(CommandError, match="07"):
        said("index_recording", str(lesson), portraits=tmp_path, slide_text="null")


@pytest.mark.parametrize("region", ["1,2,3", "0,0,9999,10", "a,b,c,d"])
def test_a_region_outside_the_picture_is_refused(lesson: Path, region: str) -> None:
    with pytest.raises(CommandError):
        said("index_recording", str(lesson), slide_region=region, slide_text="null")


def test_a_recording_shares_all_of_itself_with_itself(lesson: Path) -> None:
    (whole,) = said("compare_recordings", str(lesson), str(lesson))["shared"]
    assert whole["a_start"] == whole["b_start"] and whole["seconds"] > 20


def test_what_is_no_recording_gets_a_clear_word(lesson: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("notes")
    with pytest.raises(CommandError, match="notes.mp4: not a recording"):
        said("index_recording", str(tmp_path / "notes.mp4"))
    with pytest.raises(CommandError, match="missing.mp4: not a recording"):
        said("compare_recordings", str(lesson), str(tmp_path / "missing.mp4"))
