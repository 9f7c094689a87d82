"""Faces followed from sample to sample, cut where somebody else took the place, gathered where one came back. Pure.

A place and a moment say most: whoever was here ten seconds ago is here. Likeness says when that is not so. Work
grows with the length of a recording, not with its square.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from media_processing.sightings import Sample, Sighting, Template, likeness
from media_processing.tracks import Stretch

MOST_MISSED = (
    2  # samples a face may be turned away before its track ends; who comes back later is gathered again
)
REACH = 2.5  # face sizes a head may move between two samples
UNLIKE = 0.12  # less alike than this is somebody else, however near
UNLIKE_AFTER_GAP = 0.25  # who comes back to an empty place must be known again
LEAST_QUALITY = 0.05
RECENT = 5  # sightings by which a face is known again: light and pose change slowly
WINDOW = 3  # sightings on either side of a place where a track may have changed hands
PARTED_BELOW, PARTED_SINGLE_BELOW, MOMENT_BELOW = 0.20, 0.10, 0.12
SAME_PLACE_LIKE, SAME_FACE_LIKE = (
    0.58,
    0.62,
)  # strangers followed in the same light reach 0.53, one person 0.73
SAME_PLACE = 2.0  # face sizes


@dataclass
class Track:
    """One face followed over samples. `weighted` is the sum of its templates, each by its quality."""

    sightings: list[Sighting] = field(default_factory=list)
    missed: int = 0
    weighted: Template = field(default_factory=lambda: np.zeros(1, np.float32), repr=False)

    @classmethod
    def of(cls, sightings: Sequence[Sighting]) -> "Track":
        track = cls(weighted=np.zeros_like(sightings[0].template))
        for one in sightings:
            track.add(one)
        return track

    def add(self, sighting: Sighting) -> None:
        self.sightings.append(sighting)
        self.missed = 0
        self.weighted = self.weighted + weight(sighting) * sighting.template

    @property
    def template(self) -> Template:
        """What was seen of it as one template of length 1."""
        return unit(self.weighted)

    @property
    def span(self) -> Stretch:
        return Stretch(self.sightings[0].seconds, self.sightings[-1].seconds)


@dataclass
class Person:
    """Tracks that are one person's, whoever that is: never two at the same time."""

    tracks: list[Track]
    weighted: Template = field(repr=False)

    @property
    def template(self) -> Template:
        return unit(self.weighted)

    @property
    def sightings(self) -> list[Sighting]:
        return sorted((one for track in self.tracks for one in track.sightings), key=lambda one: one.seconds)

    def add(self, track: Track) -> None:
        self.tracks.append(track)
        self.weighted = self.weighted + track.weighted

    def is_elsewhere(self, span: Stretch) -> bool:
        return any(meets(track.span, span) for track in self.tracks)


def weight(sighting: Sighting) -> float:
    return max(LEAST_QUALITY, sighting.face.quality)


def unit(template: Template) -> Template:
    return np.asarray(template / max(1e-9, float(np.linalg.norm(template))), np.float32)


def meets(one: Stretch, other: Stretch) -> bool:
    """Both last more than a moment at the same time, or one is a moment within the other."""
    return min(one.end, other.end) - max(one.start, other.start) > -0.5


def people_of(samples: Sequence[Sample]) -> list[Person]:
    """Everybody seen, the longest seen first."""
    tracks = sorted(tracks_of(samples), key=lambda track: -len(track.sightings))
    people: list[Person] = []
    for track in tracks:
        known = max(people, key=lambda one: _belongs(one, track), default=None)
        if known is not None and _belongs(known, track) > 0:
            known.add(track)
        else:
            people.append(Person([track], track.weighted))
    return people


def _belongs(person: Person, track: Track) -> float:
    """How far a track is beyond the likeness it needs to be this person's; 0 and less: it is not."""
    needed = SAME_PLACE_LIKE if _same_place(person, track) else SAME_FACE_LIKE
    alike = likeness(person.template, track.template) - needed
    return alike if alike > 0 and not person.is_elsewhere(track.span) else 0.0


def _same_place(person: Person, track: Track) -> bool:
    """Whether the track begins where the person's nearest in time was."""
    near = min(person.tracks, key=lambda one: abs(one.span.start - track.span.start))
    one, other = near.sightings[-1].face.box, track.sightings[0].face.box
    apart = math.dist(one.centre, other.centre)
    return apart <= SAME_PLACE * max(one.size, other.size)


def tracks_of(samples: Sequence[Sample]) -> list[Track]:
    """Faces linked from sample to sample: near, and not unlike; cut where the likeness breaks."""
    live: list[Track] = []
    done: list[Track] = []
    for sample in samples:
        if sample.blind:
            continue
        taken = _linked(live, sample.sightings)
        for track in live:
            track.missed += 1
        for sighting, known in taken:
            if known is None:
                live.append(Track.of([sighting]))
            else:
                known.add(sighting)
        done += [track for track in live if track.missed > MOST_MISSED]
        live = [track for track in live if track.missed <= MOST_MISSED]
    parted = (part for track in (*done, *live) for part in _parted(track))
    return sorted(parted, key=lambda track: track.sightings[0].seconds)


def _linked(live: Sequence[Track], seen: Sequence[Sighting]) -> list[tuple[Sighting, Track | None]]:
    """Each sighting with the track it goes on with, the most certain pair first, none taken twice."""
    pairs = sorted(
        (
            (_link(track, sighting), row, column)
            for row, track in enumerate(live)
            for column, sighting in enumerate(seen)
        ),
        reverse=True,
    )
    rows: set[int] = set()
    columns: dict[int, Track] = {}
    for worth, row, column in pairs:
        if worth <= 0:
            break
        if row not in rows and column not in columns:
            rows.add(row)
            columns[column] = live[row]
    return [(sighting, columns.get(column)) for column, sighting in enumerate(seen)]


def _link(track: Track, sighting: Sighting) -> float:
    """How well a sighting goes on with a track; 0 and less: not at all."""
    before, after = track.sightings[-1].face.box, sighting.face.box
    reach = REACH * max(before.size, after.size) * (1 + 0.3 * track.missed)
    apart = math.dist(before.centre, after.centre)
    if apart > reach:
        return 0.0
    recent = (likeness(one.template, sighting.template) for one in track.sightings[-RECENT:])
    alike = max(likeness(track.template, sighting.template), *recent)
    needed = UNLIKE_AFTER_GAP if track.missed else UNLIKE
    if alike < needed * min(1.0, sighting.face.quality * 2):
        return 0.0
    return alike + 0.6 * (1 - apart / reach) + 0.01


def _parted(track: Track) -> Iterator[Track]:
    """The track, cut wherever the few sightings before and the few behind are of different people; a sighting that
    is like none of the others is somebody who was shown for a moment."""
    edges = [0, *_breaks(track.sightings), len(track.sightings)]
    for start, end in pairwise(edges):
        part = Track.of(track.sightings[start:end])
        template = part.template
        own = [one for one in part.sightings if likeness(template, one.template) >= MOMENT_BELOW]
        if len(own) in (0, len(part.sightings)):
            yield part
            continue
        yield Track.of(own)
        for one in part.sightings:
            if likeness(template, one.template) < MOMENT_BELOW:
                yield Track.of([one])


def _breaks(sightings: Sequence[Sighting]) -> Iterator[int]:
    for at in range(1, len(sightings)):
        before, after = sightings[max(0, at - WINDOW) : at], sightings[at : at + WINDOW]
        single = min(len(before), len(after)) == 1
        alike = likeness(_mean(before), _mean(after))
        if alike < (PARTED_SINGLE_BELOW if single else PARTED_BELOW):
            yield at


def _mean(sightings: Sequence[Sighting]) -> Template:
    return unit(np.asarray(sum(weight(one) * one.template for one in sightings), np.float32))
