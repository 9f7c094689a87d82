"""Writes the script of an invented lesson of twelve people: who sits where, leaves, returns, looks down; what goes wrong.

The script is the truth: what stands on the picture at any second follows from it, without looking at a pixel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np

from media_processing.sightings import Box
from media_processing.specimens.lesson import Fault
from media_processing.tracks import Kind, Stretch

WIDTH, HEIGHT, FRAMES_A_SECOND = 1920, 1080, 25
KEYFRAME_SECONDS = 10.0
SEATED = 12
TALL = 1.2  # a face is so much taller than wide
HIDES_MOUTH = 0.96  # of a wave: about one second in eleven
SIZE_CLASSES = {"40-76": (40, 76), "28-56": (28, 56), "20-34": (20, 34)}
Value = TypeVar("Value")
CLEAR_SECONDS = 12.0  # around a black or frozen stretch no slide appears


class Pose(StrEnum):
    """What the camera sees of somebody."""

    UP = "up"
    DOWN = "down"
    AWAY = "away"


@dataclass(frozen=True)
class Room:
    """What a part's lessons are held in: rows of seats, where the slides hang, colours and how people move."""

    seats_a_row: tuple[int, ...]
    slide_box: tuple[float, float, float, float]
    wall: tuple[int, int, int]
    desks: tuple[int, int, int]
    speed: tuple[float, float]
    clock: str


ROOMS = {
    "tuning": (
        Room((4, 4, 4), (0.60, 0.04, 0.34, 0.36), (176, 190, 196), (70, 96, 128), (0.15, 0.9), "%Y-%m-%d %H:%M:%S"),
        Room((5, 4, 3), (0.05, 0.05, 0.32, 0.34), (150, 168, 150), (96, 84, 80), (0.1, 0.7), "%d/%m/%Y %H:%M:%S"),
    ),
    "kept-out": (
        Room((3, 3, 3, 3), (0.33, 0.03, 0.33, 0.35), (196, 186, 170), (48, 64, 92), (0.2, 1.3), "%H:%M:%S %Y/%m/%d"),
        Room((6, 6), (0.03, 0.03, 0.36, 0.38), (140, 150, 176), (110, 110, 104), (0.05, 0.5), "%Y.%m.%d %H:%M:%S"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Seat:
    """Where a face of so many pixels is, sitting upright."""

    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Look:
    """One person's face on the picture: where, which of her photographs, tilted by so many degrees, how narrow it is
    for being turned to a side, whether a hand hides its mouth."""

    face: Box
    photograph: int
    tilted: float
    narrow: float
    hidden: bool

    @property
    def size(self) -> float:
        """Pixels of the face as if it looked straight ahead."""
        return self.face.height / TALL


@dataclass(frozen=True)
class Person:
    """One of the twelve: poses, seats and photographs as (from this second on, what)."""

    actor: int
    enrolled: bool
    poses: tuple[tuple[float, Pose], ...]
    seats: tuple[tuple[float, Seat], ...]
    photographs: tuple[tuple[float, int], ...]
    light: float
    speeds: tuple[float, ...]
    phases: tuple[float, ...]

    def pose(self, at: float) -> Pose:
        return _since(self.poses, at)

    def seat(self, at: float) -> Seat:
        return _since(self.seats, at)

    def look(self, at: float) -> Look:
        """Where the face would be at this second, whatever the pose."""
        seat, waves = self.seat(at), np.sin(np.multiply(self.speeds, at) + self.phases)
        size = seat.size * (1 + 0.04 * waves[3])
        x, y = seat.x + seat.size * (0.3 * waves[0] + 0.15 * waves[1]), seat.y + 0.12 * seat.size * waves[2]
        narrow = float(1 - 0.16 * (1 + waves[5]))
        box = Box(
            float(x - size * narrow / 2), float(y - size * TALL / 2), float(size * narrow), float(size * TALL)
        )
        hidden = bool(waves[6] > HIDES_MOUTH)
        return Look(box, _since(self.photographs, at), float(11 * waves[4]), narrow, hidden)


@dataclass(frozen=True)
class Classroom:
    """One lesson. The last of the cast is enrolled and absent: somebody who is not enrolled sits in her seat."""

    seconds: float
    seed: int
    part: str
    size_class: str
    room: Room
    people: tuple[Person, ...]
    absent: int
    slides: tuple[float, ...]
    faults: tuple[Fault, ...]
    quality: int

    def shown(self, at: float) -> float | None:
        """The second of the lesson that the picture shows at this second; None while it is black."""
        for fault in self.faults:
            if fault.start <= at < fault.end:
                if fault.kind == Kind.BLACK:
                    return None
                if fault.kind == Kind.FROZEN:
                    return fault.start - 1 / FRAMES_A_SECOND
                if fault.kind == Kind.REPEATED:
                    return fault.source + at - fault.start
        return at

    def visible(self, at: float) -> Iterator[tuple[Person, Look]]:
        """Faces that the picture shows at this second."""
        shown = self.shown(at)
        if shown is not None:
            for person in self.people:
                if person.pose(shown) == Pose.UP:
                    yield person, person.look(shown)

    def slide(self, at: float) -> int:
        """The number of the slide that the picture shows, counted from 0."""
        shown = self.shown(at)
        return max(0, sum(start <= (at if shown is None else shown) for start in self.slides) - 1)

    def stretch(self, *kinds: Kind) -> tuple[Stretch, ...]:
        return tuple(Stretch(fault.start, fault.end) for fault in self.faults if fault.kind in kinds)


def classroom(
    *, seconds: float, seed: int, part: str, size_class: str, cast: int, clean: bool = False
) -> Classroom:
    """A lesson by its seed; `cast`: so many people there are to choose from, 13 at least. `clean`: nothing goes wrong."""
    if cast < SEATED + 1:
        raise ValueError(f"a classroom needs {SEATED + 1} people with photographs, the folder has {cast}")
    rng = np.random.default_rng([seed, list(ROOMS).index(part)])
    room = ROOMS[part][seed % len(ROOMS[part])]
    actors = rng.permutation(cast)[: SEATED + 1].tolist()
    faults = () if clean else tuple(_faults(rng, seconds))
    seats = _seats(rng, room, *SIZE_CLASSES[size_class])
    rng.shuffle(seats)
    people = tuple(_person(rng, number, actors[number], seats, room, seconds) for number in range(SEATED))
    return Classroom(
        seconds=seconds,
        seed=seed,
        part=part,
        size_class=size_class,
        room=room,
        people=people,
        absent=actors[SEATED],
        slides=tuple(_slides(rng, seconds, faults)),
        faults=faults,
        quality=int(rng.integers(23, 29)),
    )


def _faults(rng: np.random.Generator, seconds: float) -> Iterator[Fault]:
    """One of each kind, the repeated one's source far before it; none touches another."""
    long = {Kind.BLACK: 0.025, Kind.FROZEN: 0.035, Kind.SILENT: 0.03, Kind.REPEATED: 0.07}
    for kind, share in ((Kind.BLACK, 0.3), (Kind.FROZEN, 0.48), (Kind.SILENT, 0.62), (Kind.REPEATED, 0.78)):
        start = float(seconds * share + rng.uniform(0, 0.06 * seconds))
        end = start + min(60.0, max(7.0, long[kind] * seconds)) * float(rng.uniform(1, 1.4))
        start, end = (round(edge * FRAMES_A_SECOND) / FRAMES_A_SECOND for edge in (start, end))
        source = round(float(rng.uniform(0.03, 0.18)) * seconds) if kind == Kind.REPEATED else 0.0
        yield Fault(kind, start, end, source)


def _slides(rng: np.random.Generator, seconds: float, faults: Sequence[Fault]) -> Iterator[float]:
    """A new one each half a minute or so; where the picture is about to go wrong it comes later."""
    pictured = [fault for fault in faults if fault.kind != Kind.SILENT]
    at = 0.0
    while at < seconds - 1.5 * KEYFRAME_SECONDS:
        if at and any(one.start - CLEAR_SECONDS < at < one.end + CLEAR_SECONDS for one in pictured):
            at += 2.0
            continue
        yield round(at, 2)
        at += float(rng.uniform(21, 48))


def _seats(rng: np.random.Generator, room: Room, smallest: int, largest: int) -> list[Seat]:
    """Rows from the far one, small, to the near one, large."""
    rows, seats = len(room.seats_a_row), []
    for row, count in enumerate(room.seats_a_row):
        near = row / max(1, rows - 1)
        for column in range(count):
            size = (smallest + (largest - smallest) * near) * rng.uniform(0.97, 1.03)
            x = WIDTH * (column + 0.5 + rng.uniform(-0.12, 0.12) + 0.2 * (row % 2)) / (count + 0.2)
            y = HEIGHT * (0.47 + 0.40 * near) + rng.uniform(-12, 12)
            seats.append(Seat(float(x), float(y), float(min(largest, max(smallest, size)))))
    return seats


def _person(
    rng: np.random.Generator, number: int, actor: int, seats: list[Seat], room: Room, seconds: float
) -> Person:
    """Numbers 1 to 4 leave: the first two return, the third to where the fourth sat, who left for good; 0 is a stranger."""
    away = Stretch(0, 0)
    if number in (1, 2, 3, 4):
        begin = float(rng.uniform(0.2, 0.45)) * seconds
        away = Stretch(begin, begin + max(45.0, float(rng.uniform(0.12, 0.25)) * seconds))
    if number == 4:
        away = Stretch(float(rng.uniform(0.3, 0.4)) * seconds, seconds)
    if number == 5:
        away = Stretch(0, float(rng.uniform(0.1, 0.2)) * seconds)
    places = [(0.0, seats[number])]
    if number == 3:
        away = Stretch(float(rng.uniform(0.3, 0.35)) * seconds, float(rng.uniform(0.5, 0.55)) * seconds)
        places.append((away.end, seats[4]))
    return Person(
        actor=actor,
        enrolled=number != 0,
        poses=tuple(_poses(rng, seconds, away)),
        seats=tuple(places),
        photographs=tuple(_photographs(rng, seconds)),
        light=float(rng.uniform(0.55, 1.0)),
        speeds=tuple(float(one) for one in rng.uniform(*room.speed, 7)),
        phases=tuple(float(one) for one in rng.uniform(0, 6.3, 7)),
    )


def _poses(rng: np.random.Generator, seconds: float, away: Stretch) -> Iterator[tuple[float, Pose]]:
    """Up most of the time, down now and then, away while away."""
    at, pose = 0.0, Pose.UP
    while at < seconds:
        if away.start <= at < away.end:
            yield at, Pose.AWAY
            at, pose = away.end, Pose.UP
            continue
        yield at, pose
        following = at + float(rng.uniform(8, 35) if pose == Pose.DOWN else rng.uniform(40, 220))
        at = away.start if at < away.start < following and away.seconds else following
        pose = Pose.DOWN if pose == Pose.UP else Pose.UP


def _photographs(rng: np.random.Generator, seconds: float) -> Iterator[tuple[float, int]]:
    at = 0.0
    while at < seconds:
        yield at, int(rng.integers(0, 1000))
        at += float(rng.uniform(15, 60))


def _since(steps: Sequence[tuple[float, Value]], at: float) -> Value:
    """What holds at this second: the last step not behind it."""
    return next((value for start, value in reversed(steps) if start <= at + 1e-9), steps[0][1])
