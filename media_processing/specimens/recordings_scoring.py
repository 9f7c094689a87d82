"""Holds what was said of an invented lesson against its script: presence by trainee and sample, slides, incidents.

What is held is the JSON of `manage.py index_recording`, nothing that only the inside knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from media_processing.sightings import Box
from media_processing.specimens.classroom import KEYFRAME_SECONDS, Classroom, Person, Pose
from media_processing.tracks import Kind, Stretch

LEAST_PIXELS = 20
AT_ONCE = 0.5  # seconds within which a sighting belongs to a sample
Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Ratio:
    """So many of so many; of none there is no share."""

    right: int
    of: int

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(self.right + other.right, self.of + other.of)

    @property
    def share(self) -> float | None:
        return self.right / self.of if self.of else None

    def __str__(self) -> str:
        return f"{self.right}/{self.of} ({self.share:.3f})" if self.share is not None else "-"


@dataclass(frozen=True)
class PresenceScore:
    """Recall: of trainee and sample with a face of 20 pixels and more, how many were told; precision: of those told.

    By spans (her time in the room) and by sightings (her face itself marked). `strangers`: sightings of the stranger in
    the absent trainee's seat that bear anybody's name; `absent`: spans of her who never came.
    """

    recall: Ratio
    sighted: Ratio
    precision: Ratio
    marked_right: Ratio
    strangers: int
    absent: int

    def __add__(self, other: "PresenceScore") -> "PresenceScore":
        return PresenceScore(
            self.recall + other.recall,
            self.sighted + other.sighted,
            self.precision + other.precision,
            self.marked_right + other.marked_right,
            self.strangers + other.strangers,
            self.absent + other.absent,
        )


def presence(answer: Answer, lesson: Classroom, names: Sequence[str]) -> PresenceScore:
    """`names` of the cast by their numbers. Samples within a frozen stretch count neither way: what they show is past."""
    said = {one["trainee"]: one for one in answer["presence"]}
    frozen = lesson.stretch(Kind.FROZEN)
    samples = [at for at in answer["samples"] if not any(one.start <= at < one.end for one in frozen)]
    enrolled = [person for person in lesson.people if person.enrolled]
    recall = sighted = precision = Ratio(0, 0)
    for at in samples:
        for person in enrolled:
            told = said.get(names[person.actor])
            claimed = told is not None and any(start <= at <= end for start, end in told["spans"])
            marked = told is not None and any(_marks(one, at, lesson, person) for one in told["sightings"])
            if _shows(lesson, person, at):
                recall += Ratio(claimed, 1)
                sighted += Ratio(marked, 1)
            if claimed:
                precision += Ratio(_is_there(lesson, person, at), 1)
    absent = said.get(names[lesson.absent], {"spans": ()})["spans"]
    precision += Ratio(0, sum(start <= at <= end for start, end in absent for at in samples))
    marks = [
        _rightly_marked(one, lesson, names, told["trainee"])
        for told in said.values()
        for one in told["sightings"]
    ]
    marked_right = Ratio(sum(right for right, _ in marks), len(marks))
    return PresenceScore(
        recall, sighted, precision, marked_right, sum(stranger for _, stranger in marks), len(absent)
    )


def _shows(lesson: Classroom, person: Person, at: float) -> bool:
    return any(other is person and look.size >= LEAST_PIXELS for other, look in lesson.visible(at))


def _is_there(lesson: Classroom, person: Person, at: float) -> bool:
    """In the room, be the face seen or not; while the picture is black that is asked of the lesson itself."""
    shown = lesson.shown(at)
    return person.pose(at if shown is None else shown) != Pose.AWAY


def _marks(sighting: Mapping[str, Any], at: float, lesson: Classroom, person: Person) -> bool:
    if abs(sighting["t"] - at) > AT_ONCE:
        return False
    return any(other is person and _same(look.face, sighting["box"]) for other, look in lesson.visible(at))


def _rightly_marked(
    sighting: Mapping[str, Any], lesson: Classroom, names: Sequence[str], trainee: str
) -> tuple[bool, bool]:
    """Whether the face is hers, and whether it is the stranger's."""
    there = [person for person, look in lesson.visible(sighting["t"]) if _same(look.face, sighting["box"])]
    right = any(person.enrolled and names[person.actor] == trainee for person in there)
    return right, any(not person.enrolled for person in there) and not right


def _same(face: Box, told: Sequence[float]) -> bool:
    """The middle of the one lies in the other: engines draw their boxes wider or narrower."""
    x, y = told[0] + told[2] / 2, told[1] + told[3] / 2
    return face.left <= x <= face.left + face.width and face.top <= y <= face.top + face.height


@dataclass(frozen=True)
class SlideScore:
    found: Ratio
    false: int

    def __add__(self, other: "SlideScore") -> "SlideScore":
        return SlideScore(self.found + other.found, self.false + other.false)


def slides(answer: Answer, lesson: Classroom) -> SlideScore:
    """Every new slide within one keyframe interval, each found one used once. Where a repeated stretch begins and
    ends an old slide may come back: that is neither a new one nor a false one."""
    left = [one["start"] for one in answer["slides"] if one["start"] >= 1]
    planned = [start for start in lesson.slides if start >= 1]
    found = 0
    for start in planned:
        near = [one for one in left if abs(one - start) <= KEYFRAME_SECONDS]
        if near:
            left.remove(min(near, key=lambda one: abs(one - start)))
            found += 1
    edges = [edge for one in lesson.stretch(Kind.REPEATED) for edge in (one.start, one.end)]
    inside = lesson.stretch(Kind.REPEATED)
    false = [
        one
        for one in left
        if not any(abs(one - edge) <= KEYFRAME_SECONDS for edge in edges)
        and not any(stretch.start <= one <= stretch.end for stretch in inside)
    ]
    return SlideScore(Ratio(found, len(planned)), len(false))


@dataclass(frozen=True)
class IncidentScore:
    """One planted fault: how far its edges were off (None: not found), and incidents of its kind that nothing explains."""

    kind: Kind
    off: float | None
    false: int


def incidents(answer: Answer, lesson: Classroom) -> Iterator[IncidentScore]:
    for kind in Kind:
        told = [one for one in answer["incidents"] if one["kind"] == kind.value]
        planted = [fault for fault in lesson.faults if fault.kind == kind]
        offs = [_off(Stretch(fault.start, fault.end), told) for fault in planted]
        known = [
            one for one in told if any(_meets(one, Stretch(fault.start, fault.end)) for fault in planted)
        ]
        yield IncidentScore(kind, offs[0] if offs else None, len(told) - min(len(known), len(planted)))


def _off(planted: Stretch, told: Sequence[Mapping[str, Any]]) -> float | None:
    near = [one for one in told if _meets(one, planted)]
    if not near:
        return None
    return min(max(abs(one["start"] - planted.start), abs(one["end"] - planted.end)) for one in near)


def _meets(told: Mapping[str, Any], planted: Stretch) -> bool:
    return Stretch(told["start"], told["end"]).overlaps(planted)
