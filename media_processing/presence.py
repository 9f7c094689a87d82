"""Who was there, from faces at sampled seconds: faces to tracks, tracks to people, people to spans. Pure.

One frame tells little; a track over many samples tells much, weighted by how well each face could be told. A track
goes to the one person it is clearly like, or to nobody: one person is in one place at a time, and "the camera could
not see" is its own answer, never absence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from media_processing.sightings import References, Sample, Sighting, Template, likeness
from media_processing.tracks import Stretch

MOST_MISSED = 6  # samples a face may be turned away before its track ends
REACH = 2.5  # face sizes a head may move between two samples
UNLIKE = 0.12  # less alike than this is somebody else, however near
MARGIN = 0.06  # by which the best must be better than the second
LEAST_QUALITY = 0.05
LEAST_SIGHTINGS = 2


@dataclass(frozen=True)
class PresenceOptions:
    """`threshold` is the engine's; `step_seconds` how far samples lie apart."""

    threshold: float
    step_seconds: float = 10.0


@dataclass
class Track:
    """One face followed over samples."""

    sightings: list[Sighting] = field(default_factory=list)
    missed: int = 0

    @property
    def template(self) -> Template:
        """What was seen of it, each sighting by its quality, as one template of length 1."""
        weighted = sum(max(LEAST_QUALITY, one.face.quality) * one.template for one in self.sightings)
        return np.asarray(weighted / max(1e-9, float(np.linalg.norm(weighted))), np.float32)

    @property
    def span(self) -> Stretch:
        return Stretch(self.sightings[0].seconds, self.sightings[-1].seconds)


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
    tracks = [track for track in tracks_of(samples) if len(track.sightings) >= LEAST_SIGHTINGS]
    named = _named(tracks, people, options)
    present = []
    for key in people:
        own = [(track, score) for track, who, score in named if who == key]
        present.append(_presence(key, own, samples, options))
    strangers = [track for track, who, _ in named if who is None]
    return Attendance(tuple(present), tuple(_unknown(strangers, options)))


def tracks_of(samples: Sequence[Sample]) -> list[Track]:
    """Faces linked from sample to sample: near, and not unlike."""
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
                live.append(Track([sighting]))
            else:
                known.sightings.append(sighting)
                known.missed = 0
        done += [track for track in live if track.missed > MOST_MISSED]
        live = [track for track in live if track.missed <= MOST_MISSED]
    return sorted([*done, *live], key=lambda track: track.sightings[0].seconds)


def _linked(live: Sequence[Track], seen: Sequence[Sighting]) -> list[tuple[Sighting, Track | None]]:
    """Each sighting with the track it goes on with, the most certain pair first, none taken twice."""
    means = [track.template for track in live]
    pairs = sorted(
        (
            (_link(track, mean, sighting), row, column)
            for row, (track, mean) in enumerate(zip(live, means, strict=True))
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


def _link(track: Track, mean: Template, sighting: Sighting) -> float:
    """How well a sighting goes on with a track; 0 and less: not at all."""
    before, after = track.sightings[-1].face.box, sighting.face.box
    reach = REACH * max(before.size, after.size) * (1 + 0.3 * track.missed)
    apart = float(np.hypot(*np.subtract(before.centre, after.centre)))
    if apart > reach:
        return 0.0
    alike = likeness(mean, sighting.template)
    told = min(1.0, sighting.face.quality * 2)
    if alike < UNLIKE * told:
        return 0.0
    return alike + 0.6 * (1 - apart / reach) + 0.01


def _named(
    tracks: Sequence[Track], people: References, options: PresenceOptions
) -> list[tuple[Track, str | None, float]]:
    """Each track with whom it is clearly like; of two at the same time the likelier keeps the name."""
    rated = []
    for number, track in enumerate(tracks):
        scores = sorted(((_like(track, own), key) for key, own in people.items()), reverse=True)
        best, key = scores[0] if scores else (0.0, "")
        second = scores[1][0] if len(scores) > 1 else -1.0
        sure = best >= options.threshold and best - second >= MARGIN
        rated.append((best if sure else -1.0, number, key if sure else None, best))
    names: dict[int, tuple[str | None, float]] = {}
    taken: dict[str, list[Stretch]] = {}
    for _order, number, like, best in sorted(rated, key=lambda one: -one[0]):
        span = tracks[number].span
        free = like is not None and not any(_meets(span, other) for other in taken.get(like, ()))
        if like is not None and free:
            taken.setdefault(like, []).append(span)
        names[number] = (like if free else None, best)
    return [(track, *names[number]) for number, track in enumerate(tracks)]


def _like(track: Track, own: Sequence[Template]) -> float:
    return max((likeness(track.template, template) for template in own), default=-1.0)


def _meets(one: Stretch, other: Stretch) -> bool:
    """Both last more than a moment at the same time."""
    return min(one.end, other.end) - max(one.start, other.start) > 0.5


def _presence(
    key: str, own: Sequence[tuple[Track, float]], samples: Sequence[Sample], options: PresenceOptions
) -> Presence:
    sightings = sorted((one for track, _ in own for one in track.sightings), key=lambda one: one.seconds)
    spans = tuple(_spans(sightings, options.step_seconds))
    return Presence(
        key=key,
        spans=spans,
        sightings=tuple(sightings),
        score=max((score for _, score in own), default=0.0),
        verifiable=tuple(_verifiable(sightings, samples, options.step_seconds)),
    )


def _spans(sightings: Sequence[Sighting], step: float) -> Iterator[Stretch]:
    """Sightings that lie close enough as one span, half a step on either side."""
    return _runs([one.seconds for one in sightings], furthest=(MOST_MISSED + 0.5) * step, step=step)


def _runs(seconds: Sequence[float], *, furthest: float, step: float) -> Iterator[Stretch]:
    if not seconds:
        return
    start = end = seconds[0]
    for at in seconds[1:]:
        if at - end > furthest:
            yield Stretch(max(0.0, start - step / 2), end + step / 2)
            start = at
        end = at
    yield Stretch(max(0.0, start - step / 2), end + step / 2)


def _verifiable(sightings: Sequence[Sighting], samples: Sequence[Sample], step: float) -> Iterator[Stretch]:
    """Where an empty answer means something: she was seen, or her known place was, and it was empty or another's.

    Without one sighting of her nobody knows where she would sit: nothing can be told of her at all.
    """
    if not sightings:
        return
    seen_at = {one.seconds for one in sightings}
    told = [
        sample.seconds
        for sample in samples
        if not sample.blind and (sample.seconds in seen_at or _place_was_visible(sightings, sample))
    ]
    yield from _runs(told, furthest=1.5 * step, step=step)


def _place_was_visible(sightings: Sequence[Sighting], sample: Sample) -> bool:
    """Others around her place were seen well in this sample: the camera looked that way and the light was on."""
    places = np.array([one.face.box.centre for one in sightings])
    usual = np.median(places, axis=0)
    size = float(np.median([one.face.box.size for one in sightings]))
    return any(
        float(np.hypot(*(np.array(one.face.box.centre) - usual))) < 12 * size
        and one.face.box.size >= 0.6 * size
        for one in sample.sightings
    )


def _unknown(tracks: Sequence[Track], options: PresenceOptions) -> Iterator[Unknown]:
    """Tracks of nobody, those alike together: a person names a group, not a track."""
    groups: list[list[Track]] = []
    for track in sorted(tracks, key=lambda one: -len(one.sightings)):
        for group in groups:
            apart = all(not _meets(track.span, other.span) for other in group)
            if apart and likeness(track.template, group[0].template) >= options.threshold:
                group.append(track)
                break
        else:
            groups.append([track])
    for group in groups:
        sightings = sorted((one for track in group for one in track.sightings), key=lambda one: one.seconds)
        yield Unknown(tuple(_spans(sightings, options.step_seconds)), tuple(sightings))


def by_key(attended: Attendance) -> Mapping[str, Presence]:
    return {one.key: one for one in attended.present}
