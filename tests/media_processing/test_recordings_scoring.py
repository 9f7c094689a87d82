"""The benchmark of recordings counts wrong answers as wrong: answers made from the truth, then spoilt one by one."""

from copy import deepcopy
from typing import Any

import pytest

from media_processing.specimens import recordings_scoring as scoring
from media_processing.specimens.classroom import Classroom, Pose, classroom
from media_processing.specimens.recordings_benchmark import faceless
from media_processing.tracks import Kind

LESSON = classroom(seconds=300, seed=4, part="tuning", size_class="40-76", cast=14)
NAMES = [f"trainee {number}" for number in range(14)]
SAMPLES = [10.0 * number for number in range(30)]


def truth(lesson: Classroom = LESSON) -> dict[str, Any]:
    """What a perfect index would say."""
    presence = []
    for person in lesson.people:
        if not person.enrolled:
            continue
        seen = [(at, look) for at in SAMPLES for other, look in lesson.visible(at) if other is person]
        presence.append(
            {
                "trainee": NAMES[person.actor],
                "spans": [[at - 5, at + 5] for at, _ in seen],
                "sightings": [{"t": at, "box": box(look.face), "score": 0.6} for at, look in seen],
                "verifiable": [],
            }
        )
    presence.append({"trainee": NAMES[lesson.absent], "spans": [], "sightings": [], "verifiable": []})
    incidents = [
        {"kind": fault.kind.value, "start": fault.start, "end": fault.end, "source_start": fault.source}
        for fault in lesson.faults
    ]
    slides = [{"start": start, "end": start + 1, "text": ""} for start in lesson.slides]
    return {"samples": SAMPLES, "presence": presence, "slides": slides, "incidents": incidents}


def box(face: Any) -> list[float]:
    return [face.left, face.top, face.width, face.height]


@pytest.fixture
def said() -> dict[str, Any]:
    return deepcopy(truth())


def measured(said: dict[str, Any]) -> scoring.PresenceScore:
    return scoring.presence(said, LESSON, NAMES)


def test_a_perfect_answer_is_perfect(said) -> None:
    score = measured(said)
    assert score.recall.share == score.sighted.share == score.precision.share == score.marked_right.share == 1
    assert score.recall.of > 150 and (score.strangers, score.absent) == (0, 0)
    assert scoring.slides(said, LESSON) == scoring.SlideScore(
        scoring.Ratio(len(LESSON.slides) - 1, len(LESSON.slides) - 1), 0
    )
    assert [(one.off, one.false) for one in scoring.incidents(said, LESSON)] == [(0, 0)] * 4


def test_a_trainee_who_is_not_named_is_missed_wherever_her_face_is_shown(said) -> None:
    whole = measured(said).recall.right
    lost = said["presence"].pop(3)
    score = measured(said)
    frozen = LESSON.stretch(Kind.FROZEN)
    counted = [one for one in lost["sightings"] if not any(f.start <= one["t"] < f.end for f in frozen)]
    assert whole - score.recall.right == len(counted) > 5
    assert score.precision.share == 1


def test_two_trainees_taken_for_each_other_are_wrong_twice(said) -> None:
    one, other = said["presence"][1], said["presence"][2]
    one["sightings"], other["sightings"] = other["sightings"], one["sightings"]
    score = measured(said)
    assert score.marked_right.right == score.marked_right.of - len(one["sightings"]) - len(other["sightings"])
    assert score.sighted.share is not None and score.sighted.share < 0.9


def test_presence_claimed_while_she_was_away_is_imprecise(said) -> None:
    away = next(
        person for person in LESSON.people if person.enrolled and any(p == Pose.AWAY for _, p in person.poses)
    )
    told = next(one for one in said["presence"] if one["trainee"] == NAMES[away.actor])
    told["spans"] = [[0, 300]]
    score = measured(said)
    assert score.precision.right < score.precision.of


def test_the_stranger_named_and_the_absent_marked_are_told(said) -> None:
    stranger = next(person for person in LESSON.people if not person.enrolled)
    at, look = next((at, look) for at in SAMPLES for other, look in LESSON.visible(at) if other is stranger)
    said["presence"][-1]["spans"] = [[at - 5, at + 5]]
    said["presence"][-1]["sightings"] = [{"t": at, "box": box(look.face), "score": 0.5}]
    score = measured(said)
    assert (score.strangers, score.absent) == (1, 1)
    assert score.precision.right < score.precision.of


def test_a_slide_missed_a_slide_late_and_a_slide_too_many_are_told(said) -> None:
    del said["slides"][1]
    said["slides"][1]["start"] += 11
    said["slides"].append({"start": LESSON.slides[-1] + 12, "end": 299, "text": ""})
    score = scoring.slides(said, LESSON)
    assert score.found.of - score.found.right == 2
    assert score.false >= 1


@pytest.mark.parametrize("kind", list(Kind))
def test_edges_off_are_measured_and_false_incidents_counted(said, kind: Kind) -> None:
    own = next(one for one in said["incidents"] if one["kind"] == kind.value)
    own["end"] += 0.8
    said["incidents"].append({"kind": kind.value, "start": 1.0, "end": 4.0, "source_start": None})
    score = next(one for one in scoring.incidents(said, LESSON) if one.kind == kind)
    assert score.off == pytest.approx(0.8) and score.false == 1
    said["incidents"] = []
    assert next(one for one in scoring.incidents(said, LESSON) if one.kind == kind).off is None


def test_of_nothing_there_is_no_share() -> None:
    assert scoring.Ratio(0, 0).share is None and str(scoring.Ratio(0, 0)) == "-"
    assert str(scoring.Ratio(1, 2) + scoring.Ratio(1, 2)) == "2/4 (0.500)"


def test_without_photographs_heads_are_grey_and_enough() -> None:
    assert len(faceless()) == 13 and len({actor.name for actor in faceless()}) == 13
