"""Draws a classroom's script as a fixed camera records it: 1080p, heads from photographs, slides, light, noise, a clock.

Planes of brightness and colour are painted directly and only where something moves: a minute takes seconds to draw.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing.sightings import Box
from media_processing.specimens.cast import Actor
from media_processing.specimens.classroom import HEIGHT, WIDTH, Classroom, Look, Person, Pose
from media_processing.tracks import Kind, Picture

BEGINS = datetime.datetime(2026, 10, 21, 9, 0, 0, tzinfo=datetime.UTC)
DRAWN_A_SECOND = 12.5
NOISE_MEAN, NOISE_SPREAD = 12, 2.2
HEAD_WIDE, HEAD_HIGH, HEAD_UP = 0.78, 0.84, 0.08  # of the face: how far hair and chin reach around it
TILT_STEP, NARROW_STEP = 2.0, 0.04  # degrees; of the width
SKIN = (120, 140, 170)
INK = (32, 128, 128)
WORDS = (
    *("SAFETY", "FIRST", "CHECK", "VALVE", "GAS", "WATER", "WIRE", "LOAD", "TOOL", "REPAIR", "TEST"),
    *("GUEST", "ROOM", "CLEAN", "FOOD", "CARE", "ELDER", "SKILL", "LEVEL"),
)


@dataclass(frozen=True)
class Planes:
    """One picture as brightness and two half-size colour planes, as H.264 keeps it."""

    bright: Picture
    blue: Picture
    red: Picture

    @classmethod
    def of(cls, picture: Picture) -> "Planes":
        """From blue green red; sides must be even."""
        height, width = picture.shape[:2]
        flat = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8).reshape(-1)
        size = height * width
        bright = flat[:size].reshape(height, width).copy()
        half = (height // 2, width // 2)
        blue, red = (flat[at : at + size // 4].reshape(half).copy() for at in (size, size * 5 // 4))
        return cls(bright, blue, red)

    def copy(self) -> "Planes":
        return Planes(self.bright.copy(), self.blue.copy(), self.red.copy())

    def ellipse(self, centre: tuple[int, int], axes: tuple[int, int], colour: tuple[int, int, int]) -> None:
        whole, half = (centre, axes), tuple((a // 2, b // 2) for a, b in (centre, axes))
        for plane, (at, reach), value in zip(
            (self.bright, self.blue, self.red), (whole, half, half), colour, strict=True
        ):
            cv2.ellipse(plane, at, reach, 0, 0, 360, value, -1)

    def rectangle(self, left: int, top: int, right: int, bottom: int, colour: tuple[int, int, int]) -> None:
        self.bright[top:bottom, left:right] = colour[0]
        for plane, value in ((self.blue, colour[1]), (self.red, colour[2])):
            plane[top // 2 : bottom // 2, left // 2 : right // 2] = value


@dataclass(frozen=True)
class Sprite:
    """A head at its size on the picture, and how much of each pixel of it shows (0 to 255)."""

    planes: Planes
    shows: Picture
    shows_half: Picture
    centre: tuple[float, float]

    def onto(self, picture: Planes, x: float, y: float) -> None:
        """So that the face's middle lies at this place; heads at the edge are cut off by it."""
        left, top = 2 * round((x - self.centre[0]) / 2), 2 * round((y - self.centre[1]) / 2)
        _blend(picture.bright, self.planes.bright, self.shows, left, top)
        for below, above in ((picture.blue, self.planes.blue), (picture.red, self.planes.red)):
            _blend(below, above, self.shows_half, left // 2, top // 2)


class Drawing:
    """Every picture of one classroom; sprites and slides are made once."""

    def __init__(self, classroom: Classroom, actors: Sequence[Actor]) -> None:
        self.classroom, self.actors = classroom, actors
        self._rng = np.random.default_rng(classroom.seed + 7)
        self._sprites: dict[tuple[int, ...], Sprite] = {}
        self._walls: dict[int, Planes] = {}
        shirts = np.random.default_rng(classroom.seed + 11).integers((30, 100, 100), (150, 156, 156), (40, 3))
        self._shirts: list[tuple[int, int, int]] = [(a, b, c) for a, b, c in shirts.tolist()]

    def frames(self) -> Iterator[Planes]:
        """DRAWN_A_SECOND pictures a second; the recorder keeps each for two frames."""
        held: Planes | None = None
        for number in range(round(self.classroom.seconds * DRAWN_A_SECOND)):
            at = number / DRAWN_A_SECOND
            frozen = any(one.start <= at < one.end for one in self.classroom.stretch(Kind.FROZEN))
            if held is None or not frozen:
                held = self.frame(at)
            yield held

    def frame(self, at: float) -> Planes:
        """The picture at this second: what is shown, light and noise over it, the recorder's clock on top."""
        shown = self.classroom.shown(at)
        if shown is None:
            return Planes.of(np.zeros((HEIGHT, WIDTH, 3), np.uint8))
        picture = self._wall(self.classroom.slide(at)).copy()
        self._teacher(picture, shown)
        people = enumerate(self.classroom.people)
        for number, person in sorted(people, key=lambda one: one[1].seat(shown).y):  # the far ones first
            self._person(picture, number, person, shown)
        lit = self._lit(picture.bright, shown)
        self._clock(lit, at)
        return Planes(lit, picture.blue, picture.red)

    def _person(self, picture: Planes, number: int, person: Person, at: float) -> None:
        pose = person.pose(at)
        if pose == Pose.AWAY:
            return
        look = person.look(at)
        (x, y), size = look.face.centre, look.size
        shirt = self._shirts[number]
        picture.ellipse((int(x), int(y + 1.75 * size)), (int(1.25 * size), int(1.05 * size)), shirt)
        if pose == Pose.DOWN:
            picture.ellipse((int(x), int(y + 0.55 * size)), (int(0.5 * size), int(0.55 * size)), INK)
            return
        self._sprite(person, look).onto(picture, x, y)

    def _sprite(self, person: Person, look: Look) -> Sprite:
        heads = self.actors[person.actor].heads
        photograph = look.photograph % len(heads)
        steps = (
            round(look.size),
            round(look.tilted / TILT_STEP),
            round(look.narrow / NARROW_STEP),
            look.hidden,
        )
        key = (person.actor, photograph, *steps)
        if key not in self._sprites:
            head = _Cut(steps[0], steps[1] * TILT_STEP, steps[2] * NARROW_STEP, person.light, look.hidden)
            self._sprites[key] = _sprite(heads[photograph].picture, heads[photograph].face, head)
        return self._sprites[key]

    def _teacher(self, picture: Planes, at: float) -> None:
        """Somebody seen from behind, who walks past the slides now and then and stands beside them otherwise."""
        left, top, width, height = self._slide_box
        beside = left - 90 if left > 400 else left + width + 90
        walk = np.clip(3 * np.sin(at / 37 + self.classroom.seed) - 2, 0, 1)
        x = int(beside + walk * (left + width / 2 - beside) + 6 * np.sin(at * 0.7))
        foot = top + height + 40
        picture.ellipse((x, foot - 60), (44, 120), (52, 122, 134))
        picture.ellipse((x, foot - 205), (26, 34), INK)

    def _lit(self, bright: Picture, at: float) -> Picture:
        """The light drifts by a tenth within minutes; a camera's noise is new in every picture."""
        gain = 1 + 0.05 * np.sin(at / 95 + self.classroom.seed) + 0.03 * np.sin(at / 31)
        top, left = (int(edge) for edge in self._rng.integers(0, 64, 2))
        noise = self._noise[top : top + HEIGHT, left : left + WIDTH]
        return np.asarray(cv2.addWeighted(bright, float(gain), noise, 1.0, -NOISE_MEAN), np.uint8)

    @cached_property
    def _noise(self) -> Picture:
        noise = np.random.default_rng(5).normal(NOISE_MEAN, NOISE_SPREAD, (HEIGHT + 64, WIDTH + 64))
        return np.asarray(np.clip(noise.round(), 0, 255), np.uint8)

    def _clock(self, bright: Picture, at: float) -> None:
        text = (BEGINS + datetime.timedelta(seconds=int(at))).strftime(self.classroom.room.clock)
        for thick, value in ((6, 20), (2, 235)):
            cv2.putText(bright, text, (WIDTH - 480, HEIGHT - 24), cv2.FONT_HERSHEY_SIMPLEX, 1.1, value, thick)

    @property
    def _slide_box(self) -> tuple[int, int, int, int]:
        left, top, width, height = self.classroom.room.slide_box
        return _even(left * WIDTH), _even(top * HEIGHT), _even(width * WIDTH), _even(height * HEIGHT)

    def _wall(self, slide: int) -> Planes:
        """The empty room with this slide."""
        if slide not in self._walls:
            self._walls = {slide: self._room.copy()}
            _draw_slide(self._walls[slide], self._slide_box, self.classroom.seed, slide)
        return self._walls[slide]

    @cached_property
    def _room(self) -> Planes:
        """Wall, floor, rows of desks, uneven plaster; out of focus a little."""
        room, rng = self.classroom.room, np.random.default_rng(self.classroom.seed + 3)
        picture = np.empty((HEIGHT, WIDTH, 3), np.float32)
        picture[:] = np.linspace(1.08, 0.82, HEIGHT, dtype=np.float32)[:, None, None] * np.array(
            room.wall, np.float32
        )
        plaster = cv2.resize(
            rng.normal(0, 4, (27, 48)).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
        )
        picture += plaster[:, :, None] + rng.normal(0, 3, (HEIGHT, WIDTH, 1)).astype(np.float32)
        painted = np.asarray(np.clip(picture, 0, 255), np.uint8)
        for person in self.classroom.people:
            seat = person.seat(0)
            left, top = int(seat.x - 1.9 * seat.size), int(seat.y + 2.1 * seat.size)
            cv2.rectangle(painted, (left, top), (int(seat.x + 1.9 * seat.size), HEIGHT), room.desks, -1)
        return Planes.of(np.asarray(cv2.GaussianBlur(painted, (5, 5), 0), np.uint8))


def _even(edge: float) -> int:
    """Where half-size colour planes have a whole pixel too."""
    return 2 * round(edge / 2)


def _draw_slide(picture: Planes, box: tuple[int, int, int, int], seed: int, number: int) -> None:
    """One deck: the same title bar and paper on every slide, other words, here and there a picture."""
    left, top, width, height = box
    rng, deck = np.random.default_rng([seed, number]), np.random.default_rng(seed)
    picture.rectangle(left, top, left + width, top + height, (int(deck.integers(215, 240)), 128, 128))
    picture.rectangle(left, top, left + width, top + 50, (int(deck.integers(60, 120)), 150, 110))
    _write(picture.bright, f"LESSON {seed}", left + 20, top + 36, 235)
    lines = int(rng.integers(4, 7))
    if rng.random() < 0.35:
        shade = (int(rng.integers(60, 200)), int(rng.integers(90, 160)), int(rng.integers(90, 160)))
        picture.rectangle(left + width * 6 // 10, top + 90, left + width - 20, top + height - 30, shade)
    for line in range(lines):
        words = " ".join(rng.choice(WORDS, int(rng.integers(2, 5))))[: 18 + line % 3]
        _write(picture.bright, words, left + 30, top + 100 + line * (height - 120) // lines, 45)


def _write(bright: Picture, words: str, x: int, y: int, value: int) -> None:
    cv2.putText(bright, words, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, value, 2, cv2.LINE_AA)


@dataclass(frozen=True)
class _Cut:
    """How a head is shown: pixels of its face, degrees, width, light, a hand before the mouth."""

    size: int
    tilted: float
    narrow: float
    light: float
    hidden: bool


def _sprite(photograph: Picture, face: Box, head: _Cut) -> Sprite:
    """The head cut out of a photograph."""
    scale = head.size / face.size
    wide, high = face.width * HEAD_WIDE * scale * head.narrow, face.height * HEAD_HIGH * scale
    half = (_even(wide) + 4, _even(high) + 4)
    middle = (face.centre[0], face.centre[1] - HEAD_UP * face.height)
    matrix = cv2.getRotationMatrix2D(middle, head.tilted, scale)
    matrix = np.array([[head.narrow], [1.0]]) * matrix
    matrix[:, 2] += np.subtract(half, matrix @ np.array([*middle, 1.0]))
    source = cv2.GaussianBlur(photograph, (0, 0), 0.45 / scale) if scale < 0.8 else photograph
    size = (2 * half[0], 2 * half[1])
    cut = cv2.warpAffine(source, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cut = np.asarray(cv2.convertScaleAbs(cut, alpha=head.light), np.uint8)
    if head.hidden:
        cv2.ellipse(cut, (half[0], int(half[1] * 1.6)), (half[0] // 2, half[1] // 3), 20, 0, 360, SKIN, -1)
    shows = np.zeros((size[1], size[0]), np.uint8)
    cv2.ellipse(shows, half, (half[0] - 4, half[1] - 4), 0, 0, 360, 255, -1)
    shows = np.array(cv2.GaussianBlur(shows, (0, 0), max(1.0, head.size / 24)), np.uint8)
    shows_half = cv2.resize(shows, half, interpolation=cv2.INTER_AREA)
    x, y = (float(edge) for edge in matrix @ np.array([*face.centre, 1.0]))
    return Sprite(
        Planes.of(np.asarray(cut, np.uint8)),
        np.asarray(shows, np.uint8),
        np.asarray(shows_half, np.uint8),
        (x, y),
    )


def _blend(below: Picture, above: Picture, shows: NDArray[np.uint8], left: int, top: int) -> None:
    high, wide = below.shape
    from_x, from_y = max(0, -left), max(0, -top)
    to_x, to_y = min(above.shape[1], wide - left), min(above.shape[0], high - top)
    if to_x <= from_x or to_y <= from_y:
        return
    place = below[top + from_y : top + to_y, left + from_x : left + to_x]
    weight = shows[from_y:to_y, from_x:to_x].astype(np.uint16)
    mixed = above[from_y:to_y, from_x:to_x] * weight + place * (255 - weight)
    place[:] = (mixed // 255).astype(np.uint8)
