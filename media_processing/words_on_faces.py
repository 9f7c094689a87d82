"""People's words on faces joined with the faces as followed now: pure, so that a word outlives the evidence it was given on.

A word names the track of its time. Where the evidence was computed again, it holds for the track that was at the same
time in the same place; a word that finds no track any more still says that she was there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

IS, IS_NOT, NOBODY = "is", "is_not", "nobody"
SHARED = 0.5  # of the shorter of word and track, in seconds, for the one to hold for the other
NEAR = 1.5  # face sizes between the word's place and the track's

Edges = tuple[float, float]


@dataclass(frozen=True)
class Followed:
    """A face followed through a recording. `sightings`: (second, x, y, w, h), the box in fractions; only where needed."""

    track: UUID
    start: float
    end: float
    person: int | None = None
    group: int | None = None
    score: float = 0.0
    sightings: Sequence[Sequence[float]] = field(default=(), repr=False)


@dataclass(frozen=True)
class Word:
    """What a person said of one track. `place`: x, y, w, h at the first second of `spans`."""

    track: UUID
    verdict: str
    person: int | None
    spans: tuple[Edges, ...] = ()
    place: tuple[float, ...] = ()
    by_bureau: bool = False


@dataclass(frozen=True)
class Span:
    """A stretch in which somebody is seen: as the machine takes it, until `confirmed` by a person's word.

    `tracks`: the evidence as it stands now, none where only a word remains. `disputed`: institution and bureau differ.
    """

    start: float
    end: float
    confirmed: bool = False
    tracks: tuple[UUID, ...] = ()
    score: float = 0.0
    disputed: bool = False


@dataclass(frozen=True)
class Stranger:
    """Tracks that are alike and like nobody: to be named by a person, or said to be nobody of the class."""

    group: int | None
    spans: tuple[Span, ...]
    is_nobody: bool = False
    not_these: tuple[int, ...] = ()


@dataclass(frozen=True)
class Joined:
    """Spans by trainee, and who is left."""

    people: dict[int, tuple[Span, ...]]
    strangers: tuple[Stranger, ...]


@dataclass(frozen=True)
class _Verdict:
    """What holds of one track now."""

    person: int | None
    confirmed: bool = False
    is_nobody: bool = False
    not_these: frozenset[int] = frozenset()
    disputed: bool = False


def unmatched(tracks: Iterable[Followed], words: Iterable[Word]) -> list[Word]:
    """Words whose track is no longer there: only for these are places needed."""
    there = {one.track for one in tracks}
    return [word for word in words if word.track not in there]


def join(tracks: Sequence[Followed], words: Sequence[Word]) -> Joined:
    """Machine and people together. Where the bureau and the institution differ, the bureau's word goes before."""
    held: dict[UUID, list[Word]] = {}
    people: dict[int, list[Span]] = {}
    for word in words:
        meant = _tracks_of(word, tracks)
        for name in meant:
            held.setdefault(name, []).append(word)
        if word.verdict == IS and word.person is not None and not meant:
            people.setdefault(word.person, []).extend(
                Span(start, end, confirmed=True) for start, end in word.spans
            )
    strangers: dict[tuple[int | None, UUID | None], list[tuple[Followed, _Verdict]]] = {}
    for track in tracks:
        verdict = _verdict(track, held.get(track.track, ()))
        if verdict.person is not None:
            people.setdefault(verdict.person, []).append(_span(track, verdict))
        else:
            apart = None if track.group is not None and track.person is None else track.track
            strangers.setdefault((track.group, apart), []).append((track, verdict))
    return Joined(
        {person: tuple(_merged(spans)) for person, spans in people.items()},
        tuple(_stranger(group, told) for (group, _), told in strangers.items()),
    )


def _verdict(track: Followed, words: Sequence[Word]) -> _Verdict:
    excluded = frozenset(one.person for one in words if one.verdict == IS_NOT and one.person is not None)
    sides = {one.by_bureau for one in words}
    settled = [one for one in words if one.verdict in (IS, NOBODY)]
    disputed = len(sides) > 1 and len({(one.verdict, one.person) for one in words}) > 1
    if settled:
        last = max(settled, key=lambda one: one.by_bureau)
        refused = any(
            one.verdict == IS_NOT and one.person == last.person and one.by_bureau and not last.by_bureau
            for one in words
        )
        if last.verdict == IS and not refused:
            return _Verdict(last.person, confirmed=True, not_these=excluded, disputed=disputed)
        return _Verdict(None, is_nobody=last.verdict == NOBODY, not_these=excluded, disputed=disputed)
    person = track.person if track.person not in excluded else None
    return _Verdict(person, not_these=excluded, disputed=disputed)


def _tracks_of(word: Word, tracks: Sequence[Followed]) -> list[UUID]:
    """The track the word named, or those that are at its time in its place."""
    named = [one.track for one in tracks if one.track == word.track]
    return named or [one.track for one in tracks if _holds_for(word, one)]


def _holds_for(word: Word, track: Followed) -> bool:
    if not word.spans or len(word.place) != 4 or not track.sightings:
        return False
    shared = sum(max(0.0, min(end, track.end) - max(start, track.start)) for start, end in word.spans)
    shorter = min(sum(end - start for start, end in word.spans), track.end - track.start)
    if shared < max(SHARED * shorter, 1e-6):
        return False
    _at, x, y, width, height = min(track.sightings, key=lambda one: abs(one[0] - word.spans[0][0]))[:5]
    across = abs(x + width / 2 - word.place[0] - word.place[2] / 2)
    down = abs(y + height / 2 - word.place[1] - word.place[3] / 2)
    return across <= NEAR * max(width, word.place[2]) and down <= NEAR * max(height, word.place[3])


def _span(track: Followed, verdict: _Verdict) -> Span:
    return Span(
        track.start, track.end, verdict.confirmed, (track.track,), track.score, disputed=verdict.disputed
    )


def _merged(spans: Iterable[Span]) -> Iterable[Span]:
    """In order; those of one standing that touch are one."""
    held: Span | None = None
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        alike = held is not None and (held.confirmed, held.disputed) == (span.confirmed, span.disputed)
        if held is not None and alike and span.start <= held.end:
            tracks = held.tracks + tuple(one for one in span.tracks if one not in held.tracks)
            held = Span(
                held.start,
                max(held.end, span.end),
                held.confirmed,
                tracks,
                max(held.score, span.score),
                held.disputed,
            )
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def _stranger(group: int | None, told: Sequence[tuple[Followed, _Verdict]]) -> Stranger:
    """`is_nobody` once that was said of every track of the group."""
    return Stranger(
        group,
        tuple(sorted((_span(track, verdict) for track, verdict in told), key=lambda one: one.start)),
        is_nobody=all(verdict.is_nobody for _, verdict in told),
        not_these=tuple(sorted(frozenset().union(*(verdict.not_these for _, verdict in told)))),
    )
