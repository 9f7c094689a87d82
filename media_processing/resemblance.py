"""The same recording known by its pictures: trimmed, scaled, mirrored, encoded anew, whether or not there is sound.

Two lessons in one room look alike; what tells them apart is what moved. First a guess: small keyframes without the
room behind them, held against each other at every shift. Then a proof: of a few moments at which much had changed,
the other recording is decoded around the second at which it should show the same, and must show it there and not
a little earlier or later. A clock burnt in is part of the room: at this size it is one grey spot.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing.fingerprints import Shared
from media_processing.tracks import Picture, Stretch

Floats = NDArray[np.float32]
Frames = tuple[tuple[float, ...], NDArray[np.uint8]]

GRID, FINE = (32, 18), (96, 54)
APART_SECONDS = 3.9  # between two kept small pictures
STEP = 5.0  # seconds of a shift
WINDOW = 24  # steps that must agree for a guess; fewer where there are not as many
LEAST_STEPS = 12
LIKELY = 0.4
TELLING = 1.5  # grey levels that something must differ from the room
MOMENTS, NEEDED = 6, 0.6
AROUND_SECONDS, PROOF_A_SECOND = 8.0, 4.0
PROVEN, SHARPER = 0.75, 0.12  # likeness at the second itself, and by how much it exceeds that around
WITHIN_SECONDS = 0.4
LEAST_SECONDS = 60.0
SAME_ROOM = 0.75


@dataclass(frozen=True)
class Sketch:
    """A recording's keyframes, some seconds apart, very small and grey."""

    seconds: NDArray[np.float64]
    pictures: NDArray[np.uint8]

    @property
    def is_empty(self) -> bool:
        return len(self.seconds) < LEAST_STEPS // 2

    def as_bytes(self) -> bytes:
        held = BytesIO()
        np.savez(held, seconds=self.seconds, pictures=self.pictures)
        return held.getvalue()

    @classmethod
    def load(cls, source: Any) -> "Sketch":
        with np.load(source, allow_pickle=False) as held:
            return cls(held["seconds"], held["pictures"])

    def room(self) -> Floats:
        """What stays: the median picture."""
        return np.median(self.pictures[:: 1 + len(self.pictures) // 400], axis=0).astype(np.float32)


@dataclass(frozen=True)
class Guess:
    """At second t of the one, the other may show at t - `lag` the same, perhaps mirrored."""

    lag: float
    mirrored: bool
    likeness: float


@dataclass(frozen=True)
class Moment:
    """A keyframe on which much differs from those before and behind: `change` is by how much, `usual` their mean."""

    seconds: float
    change: Floats
    usual: Floats


def sketched(looks: Iterable[tuple[float, Picture]]) -> Sketch:
    """From keyframes one after the other."""
    seconds: list[float] = []
    small: list[Picture] = []
    for at, picture in looks:
        if not seconds or at - seconds[-1] >= APART_SECONDS:
            seconds.append(at)
            small.append(np.asarray(cv2.resize(picture, GRID, interpolation=cv2.INTER_AREA), np.uint8))
    pictures = np.stack(small) if small else np.zeros((0, GRID[1], GRID[0]), np.uint8)
    return Sketch(np.array(seconds), pictures)


def one_room(one: Sketch, other: Sketch) -> bool:
    """Whether both may show the same room, perhaps mirrored: what does not hold cannot be the same recording."""
    here, there = one.room(), other.room()
    return max(_cosine(here, there), _cosine(here, there[:, ::-1])) >= SAME_ROOM


def guesses(one: Sketch, other: Sketch, *, most: int = 3) -> tuple[Guess, ...]:
    """The likeliest shifts, the best first; none where nothing is like."""
    if one.is_empty or other.is_empty:
        return ()
    best: dict[tuple[int, bool], float] = {}
    for mirrored in (False, True):
        for likeness in _likenesses(one, other, mirrored=mirrored):
            for step, score in _along_diagonals(likeness):
                best[step, mirrored] = max(best.get((step, mirrored), -1.0), score)
    offset = float(one.seconds[0] - other.seconds[0])
    chosen: list[tuple[int, bool]] = []
    for step, mirrored in sorted(best, key=lambda key: -best[key]):
        if best[step, mirrored] < LIKELY or len(chosen) == most:
            break
        if all(mirrored != turned or abs(step - known) > 3 for known, turned in chosen):
            chosen.append((step, mirrored))
    return tuple(Guess(step * STEP + offset, turned, best[step, turned]) for step, turned in chosen)


def moments(
    looks: Iterable[tuple[float, Picture]], within: Stretch, *, most: int = MOMENTS
) -> tuple[Moment, ...]:
    """Where most had changed, in order; the pictures are gone through once."""
    kept: list[tuple[float, float, Moment]] = []
    three: list[tuple[float, Floats]] = []
    for at, picture in looks:
        three = [*three[-2:], (at, _fine(picture))]
        if len(three) < 3 or not within.start <= three[1][0] < within.end:
            continue
        usual = ((three[0][1] + three[2][1]) / 2).astype(np.float32)
        moment = Moment(three[1][0], (three[1][1] - usual).astype(np.float32), usual)
        strength = float(np.sqrt((moment.change**2).mean()))
        if strength >= TELLING:
            heapq.heappush(kept, (strength, moment.seconds, moment))
            if len(kept) > most:
                heapq.heappop(kept)
    return tuple(moment for _strength, _at, moment in sorted(kept, key=lambda one: one[1]))


def proven_lag(found: Sequence[Moment], guess: Guess, decode: Callable[[Stretch], Frames]) -> float | None:
    """The shift to a fraction of a second, if enough moments show the same there and only there."""
    lags = []
    for moment in found:
        lag = _lag_at(moment, guess, decode)
        if lag is not None:
            lags.append(lag)
    if len(lags) < max(2, round(NEEDED * len(found))):
        return None
    middle = float(np.median(lags))
    agreeing = [lag for lag in lags if abs(lag - middle) <= WITHIN_SECONDS]
    return middle if len(agreeing) >= max(2, round(NEEDED * len(found))) else None


def stretches(one: Sketch, other: Sketch, lag: float, *, mirrored: bool) -> tuple[Shared, ...]:
    """Where both go on alike at a proven shift, the longest first."""
    first = max(float(one.seconds[0]), float(other.seconds[0]) + lag)
    last = min(float(one.seconds[-1]), float(other.seconds[-1]) + lag)
    times = np.arange(first, last + 0.01, STEP)
    if len(times) < LEAST_STEPS:
        return ()
    here, there = _nearest(one, times), _nearest(other, times - lag)
    room = one.room()
    alike = _rows(here - room) * _rows((there[:, :, ::-1] if mirrored else there) - room)
    smooth = np.convolve(alike.sum(axis=1), np.ones(7) / 7, mode="same") >= LIKELY / 2
    edges = np.flatnonzero(np.diff(np.concatenate(([False], smooth, [False])).astype(np.int8)))
    found = []
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        start, stop = float(times[begin]), float(times[end - 1])
        if stop - start >= LEAST_SECONDS:
            found.append(Shared(round(start, 2), round(start - lag, 2), round(stop - start, 2)))
    return tuple(sorted(found, key=lambda shared: -shared.seconds))


def shared_pictures(
    one: Sketch, looks: Iterable[tuple[float, Picture]], other: Sketch, decode: Callable[[Stretch], Frames]
) -> tuple[Shared, ...]:
    """Stretches that both show, the longest first. `looks`: the keyframes of the one, which can be gone through again;
    `decode`: so many frames a second of a stretch of the other (PROOF_A_SECOND).
    """
    if one.is_empty or other.is_empty or not one_room(one, other):
        return ()
    found: list[Shared] = []
    for guess in guesses(one, other):
        edge = AROUND_SECONDS + STEP
        within = Stretch(
            max(float(one.seconds[0]), float(other.seconds[0]) + guess.lag + edge),
            min(float(one.seconds[-1]), float(other.seconds[-1]) + guess.lag - edge),
        )
        lag = proven_lag(moments(looks, within), guess, decode)
        if lag is not None:
            found += stretches(one, other, lag, mirrored=guess.mirrored)
    return tuple(sorted(found, key=lambda shared: -shared.seconds))


def _likenesses(one: Sketch, other: Sketch, *, mirrored: bool) -> Iterator[Floats]:
    """Every step of the one against every step of the other, without the room: as the one shows it, or the other."""
    here, there = _nearest(one, _steps(one)), _nearest(other, _steps(other))
    mine, theirs = one.room(), other.room()
    if mirrored:
        there, theirs = there[:, :, ::-1], theirs[:, ::-1]
    for room in (mine, theirs):
        yield _rows(here - room) @ _rows(there - room).T


def _along_diagonals(likeness: Floats) -> Iterator[tuple[int, float]]:
    """For each shift in steps, how alike the best window of it is."""
    height, width = likeness.shape
    for step in range(LEAST_STEPS - width, height - LEAST_STEPS + 1):
        row = np.diagonal(likeness, -step)
        window = min(len(row), WINDOW)
        sums = np.cumsum(np.concatenate(([0.0], row)))
        yield step, float((sums[window:] - sums[:-window]).max()) / window


def _lag_at(moment: Moment, guess: Guess, decode: Callable[[Stretch], Frames]) -> float | None:
    """By how much the other is shifted at this moment; None where it shows nothing like it, or shows it all along."""
    expected = moment.seconds - guess.lag
    seconds, pictures = decode(Stretch(max(0.0, expected - AROUND_SECONDS), expected + AROUND_SECONDS))
    alike = np.array([_shows(moment, picture, mirrored=guess.mirrored) for picture in pictures])
    if len(alike) < AROUND_SECONDS:
        return None
    best = int(alike.argmax())
    if alike[best] < PROVEN or alike[best] - float(np.median(alike)) < SHARPER:
        return None
    return moment.seconds - seconds[best]


def _shows(moment: Moment, picture: Picture, *, mirrored: bool) -> float:
    """How much of what had changed a picture shows, its brightness and contrast set to the moment's."""
    fine = _fine(picture)
    shown = fine[:, ::-1] if mirrored else fine
    deviation = float(shown.std()) or 1.0
    same = ((shown - shown.mean()) * shown).mean()
    gain = float(((shown - shown.mean()) * moment.usual).mean() / same) if same > 1e-6 else 0.0
    if deviation < 1.0:
        return 0.0
    fitted = (shown - shown.mean()) * gain + moment.usual.mean()
    return _cosine(moment.change, fitted - moment.usual)


def _cosine(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale > 1e-6 else 0.0


def _rows(pictures: Floats) -> Floats:
    """Each picture as a row of length 1; nothing where next to nothing differs from the room."""
    rows = pictures.reshape(len(pictures), -1)
    strength = np.sqrt((rows**2).mean(axis=1, keepdims=True))
    scale = strength * np.sqrt(rows.shape[1])
    return np.where(strength >= TELLING, rows / np.maximum(scale, 1e-6), 0.0).astype(np.float32)


def _steps(sketch: Sketch) -> NDArray[np.float64]:
    return np.arange(sketch.seconds[0], sketch.seconds[-1] + 0.01, STEP)


def _nearest(sketch: Sketch, times: NDArray[np.float64]) -> Floats:
    """The picture nearest to each time."""
    behind = np.clip(np.searchsorted(sketch.seconds, times), 1, len(sketch.seconds) - 1)
    nearer = times - sketch.seconds[behind - 1] < sketch.seconds[behind] - times
    return sketch.pictures[np.where(nearer, behind - 1, behind)].astype(np.float32)


def _fine(picture: Picture) -> Floats:
    return cv2.resize(picture, FINE, interpolation=cv2.INTER_AREA).astype(np.float32)
