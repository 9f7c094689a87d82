"""Invented classrooms: the script says what the pictures show, parts differ, and nothing is drawn twice the same."""

import numpy as np
import pytest

from media_processing.specimens.classroom import SEATED, SIZE_CLASSES, Classroom, Pose, classroom
from media_processing.specimens.classroom_pictures import Drawing
from media_processing.specimens.recordings_benchmark import faceless
from media_processing.tracks import Kind


def lesson(**changes: object) -> Classroom:
    wanted = {"seconds": 300, "seed": 1, "part": "tuning", "size_class": "28-56", "cast": 13, **changes}
    return classroom(**wanted)


@pytest.mark.parametrize("size_class", SIZE_CLASSES)
def test_twelve_sit_with_faces_of_the_class_and_one_of_them_is_a_stranger(size_class: str) -> None:
    made = lesson(size_class=size_class)
    smallest, largest = SIZE_CLASSES[size_class]
    assert len(made.people) == SEATED == len({person.actor for person in made.people})
    assert sum(not person.enrolled for person in made.people) == 1
    assert made.absent not in {person.actor for person in made.people}
    assert all(smallest <= person.seat(0).size <= largest for person in made.people)


def test_people_leave_return_and_look_down_and_one_returns_to_another_seat() -> None:
    made = lesson()
    poses = [{pose for _, pose in person.poses} for person in made.people]
    assert sum(Pose.AWAY in own for own in poses) == 5 and sum(Pose.DOWN in own for own in poses) > 3
    assert sum(len(person.seats) > 1 for person in made.people) == 1


def test_all_that_goes_wrong_lies_apart_and_the_picture_is_told_accordingly() -> None:
    made = lesson()
    assert {fault.kind for fault in made.faults} == set(Kind)
    ordered = sorted(made.faults, key=lambda fault: fault.start)
    assert all(one.end < other.start for one, other in zip(ordered, ordered[1:], strict=False))
    black, frozen, again = (made.stretch(kind)[0] for kind in (Kind.BLACK, Kind.FROZEN, Kind.REPEATED))
    assert list(made.visible(black.start + 1)) == [] and made.shown(black.start + 1) is None
    assert made.shown(frozen.start + 1) == made.shown(frozen.end - 0.1)
    source = next(fault.source for fault in made.faults if fault.kind == Kind.REPEATED)
    assert made.shown(again.start + 2) == pytest.approx(source + 2)
    assert lesson(clean=True).faults == ()


def test_parts_have_rooms_of_their_own_and_a_seed_is_always_the_same() -> None:
    assert lesson() == lesson()
    assert lesson(seed=2) != lesson()
    assert lesson(part="kept-out").room != lesson().room


def test_too_few_people_are_refused() -> None:
    with pytest.raises(ValueError, match="13 people"):
        lesson(cast=12)


def test_a_head_is_drawn_where_the_script_says_and_is_gone_when_she_is() -> None:
    made = lesson(size_class="40-76")
    drawing = Drawing(made, faceless())
    person = next(one for one in made.people if {Pose.UP, Pose.AWAY} <= {pose for _, pose in one.poses})
    up = next(at + 1 for at, pose in person.poses if pose == Pose.UP)
    away = next(at + 1 for at, pose in person.poses if pose == Pose.AWAY)
    look = person.look(made.shown(up) or up)
    x, y = (round(edge) for edge in look.face.centre)
    there, gone = (drawing.frame(at).bright[y - 4 : y + 4, x - 4 : x + 4].mean() for at in (up, away))
    assert abs(there - gone) > 15


def test_slides_differ_and_the_frame_around_them_does_not() -> None:
    made = lesson(clean=True)
    drawing = Drawing(made, faceless())
    before, after = (drawing.frame(made.slides[1] + offset).bright.astype(np.int16) for offset in (-0.5, 0.5))
    left, top, width, height = (
        round(a * b) for a, b in zip(made.room.slide_box, (1920, 1080) * 2, strict=True)
    )
    changed = np.abs(before - after) > 60
    assert changed[top : top + height, left : left + width].mean() > 0.02
    assert changed[:, left + width + 400 :].mean() < 0.01
