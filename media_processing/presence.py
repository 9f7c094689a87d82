"""Who was there, from faces at sampled seconds: people to names, or to nobody, and to spans. Pure.

One frame tells little; a person followed over many samples tells much, weighted by how well each face could be told.
She is the one trainee she is clearly like, or nobody: one person is in one place at a time, and "the camera could
not see" is its own answer, never absence.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from media_processing.face_tracks import Person, Track, people_of
from media_processing.sightings import References, Sample, Sighting, Template, likeness
from media_processing.tracks import Stretch

MARGIN = 0.06  # by which the best must be better than the second
LEAST_SIGHTINGS = 2
LEAST_LIKE = 0.20  # less like the reference than this is no track of hers, whatever her others are like
LEAST_UNSEEN, MOST_UNSEEN = 2, 4  # samples that do not part a span: a look down, a head turned
UNSEEN_BY_CHANCE = 0.05  # how unlikely a longer gap must be to part it
MOST_BLIND_SECONDS = 90.0  # a black or frozen picture this long within a span
NEIGHBOURS = 12  # face sizes around a place in which others show that the camera saw it


@dataclass(frozen=True)
class PresenceOptions:
    """`threshold` is the engine's; `step_seconds` how far samples lie apart."""

    threshold: float
    step_seconds: float = 10.0


@dataclass(frozen=True)
class Presence:
    """What the recording shows of one person. `verifiable`: where her place could be seen, or she herself was."""

    key: str
    spans: tuple[Stretch, ...]
    sightings: tuple[Sighting, ...]
    score: float
    verifiable: tuple[Stretch, ...]


@dataclass(frozen=True)
class Unknown:
    """Tracks that are like each other and like nobody who was named: one stranger, or one trainee badly seen."""

    spans: tuple[Stretch, ...]
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True)
class Attendance:
    """Everybody named and everybody not."""

    present: tuple[Presence, ...]
    unknown: tuple[Unknown, ...]


def attendance(samples: Sequence[Sample], people: References, options: PresenceOptions) -> Attendance:
    """Who of `people` (templates by key) was in the recording when, and who else was."""
    looks = _Looks.of(samples)
    named, strangers = _named(people_of(samples), people, options)
    present = tuple(
        _presence(key, [one for one, who in named if who == key], people[key], looks, options)
        for key in people
    )
    unknown = tuple(
        Unknown(tuple(_spans(one.sightings, looks, options.step_seconds)), tuple(one.sightings))
        for one in strangers
        if len(one.sightings) >= LEAST_SIGHTINGS
    )
    return Attendance(present, unknown)


def _named(
    seen: Sequence[Person], people: References, options: PresenceOptions
) -> tuple[list[tuple[Person, str]], list[Person]]:
    """Everybody seen with whom she is clearly like; of two at the same time the likelier keeps the name."""
    named: list[tuple[Person, str]] = []
    strangers: list[Person] = []
    rated = [(_told(one.template, people, options), one) for one in seen]
    for (_best, key), one in sorted(rated, key=lambda pair: -pair[0][0]):
        if key is None or len(one.sightings) < LEAST_SIGHTINGS:
            strangers.append(one)
            continue
        hers, others = _cleared(one, people[key], [other for other, who in named if who == key])
        if hers is not None:
            named.append((hers, key))
        strangers += others
    return named, sorted(strangers, key=lambda one: -len(one.sightings))


def _told(template: Template, people: References, options: PresenceOptions) -> tuple[float, str | None]:
    """How like the best of the references is, and who that is if it is clear."""
    scores = sorted(((_like(template, own), key) for key, own in people.items()), reverse=True)
    if not scores:
        return -1.0, None
    best, key = scores[0]
    second = scores[1][0] if len(scores) > 1 else -1.0
    return best, key if best >= options.threshold and best - second >= MARGIN else None


def _cleared(
    person: Person, own: Sequence[Template], named: Sequence[Person]
) -> tuple[Person | None, list[Person]]:
    """The person without the tracks that are unlike the reference or meet somebody who has the name already."""
    hers: list[Track] = []
    others: list[Person] = []
    for track in person.tracks:
        taken = any(one.is_elsewhere(track.span) for one in named)
        if taken or _like(track.template, own) < LEAST_LIKE:
            others.append(Person([track], track.weighted))
        else:
            hers.append(track)
    if sum(len(track.sightings) for track in hers) < LEAST_SIGHTINGS:
        return None, [person]
    return Person(hers, np.asarray(sum(track.weighted for track in hers), np.float32)), others


def _like(template: Template, own: Sequence[Template]) -> float:
    return max((likeness(template, one) for one in own), default=-1.0)


def _presence(
    key: str, seen: Sequence[Person], own: Sequence[Template], looks: "_Looks", options: PresenceOptions
) -> Presence:
    sightings = sorted((one for person in seen for one in person.sightings), key=lambda one: one.seconds)
    return Presence(
        key=key,
        spans=tuple(_spans(sightings, looks, options.step_seconds)),
        sightings=tuple(sightings),
        score=max((_like(person.template, own) for person in seen), default=0.0),
        verifiable=tuple(_verifiable(sightings, looks, options.step_seconds)),
    )


@dataclass(frozen=True)
class _Looks:
    """Samples as arrays: seconds of those that show something, and of every face its sample, place and size."""

    seconds: NDArray[np.float64]
    sample: NDArray[np.int64]
    places: NDArray[np.float64]
    sizes: NDArray[np.float64]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "_Looks":
        looked = [sample for sample in samples if not sample.blind]
        faces = [(number, one.face.box) for number, sample in enumerate(looked) for one in sample.sightings]
        return cls(
            np.array([sample.seconds for sample in looked], np.float64),
            np.array([number for number, _ in faces], np.int64),
            np.array([box.centre for _, box in faces], np.float64).reshape(-1, 2),
            np.array([box.size for _, box in faces], np.float64),
        )


def _spans(sightings: Sequence[Sighting], looks: _Looks, step: float) -> Iterator[Stretch]:
    """Sightings as spans, half a step on either side. Who is mostly seen and is not seen now has gone; who is seen
    half of the time may be there. Black or frozen samples show nobody: they do not part a span."""
    if not sightings:
        return
    at = np.searchsorted(looks.seconds, [one.seconds - 0.01 for one in sightings])
    most = _most_unseen(len(set(at.tolist())), at)
    start = 0
    for number in range(1, len(sightings) + 1):
        ends = number == len(sightings)
        if not ends:
            unseen = int(at[number] - at[number - 1]) - 1
            blind = sightings[number].seconds - sightings[number - 1].seconds - (unseen + 1) * step
            ends = unseen > most or blind > MOST_BLIND_SECONDS
        if ends:
            yield Stretch(
                max(0.0, sightings[start].seconds - step / 2), sightings[number - 1].seconds + step / 2
            )
            start = number


def _most_unseen(count: int, at: NDArray[np.int64]) -> int:
    """How many samples in a row she may go unseen by chance alone, told from how often she is seen."""
    gaps = np.diff(at) - 1
    short = int(gaps[gaps <= MOST_UNSEEN].sum())
    missed = short / (short + count)
    if missed <= 0:
        return LEAST_UNSEEN
    return max(LEAST_UNSEEN, min(MOST_UNSEEN, math.floor(math.log(UNSEEN_BY_CHANCE) / math.log(missed))))


def _verifiable(sightings: Sequence[Sighting], looks: _Looks, step: float) -> Iterator[Stretch]:
    """Where an empty answer means something: she was seen, or her known place was, and it was empty or another's.

    Without one sighting of her nobody knows where she would sit: nothing can be told of her at all.
    """
    if not sightings:
        return
    seen = np.isin(looks.seconds, [one.seconds for one in sightings])
    told = looks.seconds[seen | _place_was_visible(sightings, looks)]
    start = 0
    for number in range(1, len(told) + 1):
        if number == len(told) or told[number] - told[number - 1] > 1.5 * step:
            yield Stretch(max(0.0, float(told[start]) - step / 2), float(told[number - 1]) + step / 2)
            start = number


def _place_was_visible(sightings: Sequence[Sighting], looks: _Looks) -> NDArray[np.bool_]:
    """Samples in which others around her place, where she sat nearest in time, were seen well: the camera looked
    that way and the light was on."""
    own = np.array([one.seconds for one in sightings])
    after = np.clip(np.searchsorted(own, looks.seconds), 1, max(1, len(own) - 1))
    nearer = np.abs(own[np.minimum(after, len(own) - 1)] - looks.seconds) < np.abs(
        own[after - 1] - looks.seconds
    )
    nearest = np.where(nearer, np.minimum(after, len(own) - 1), after - 1)
    places = np.array([one.face.box.centre for one in sightings])[nearest][looks.sample]
    size = float(np.median([one.face.box.size for one in sightings]))
    apart = np.hypot(*(looks.places - places).T)
    visible = np.zeros(len(looks.seconds), bool)
    visible[looks.sample[(apart < NEIGHBOURS * size) & (looks.sizes >= 0.6 * size)]] = True
    return visible


def by_key(attended: Attendance) -> Mapping[str, Presence]:
    return {one.key: one for one in attended.present}
