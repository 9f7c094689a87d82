"""Do recordings cover the lessons? Stretches seen, gaps, what ran and showed nothing, files that overlap. Pure.

Everything is held against lessons, not against the breaks between them: a recorder that rests while the class rests
leaves no gap. Moments are aware; seconds of a recording become moments by its clock and by nothing else, so a
recording whose clock is not known covers nothing and is only measured by its length.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dossiers.rulesets import LessonTimes

MOSTLY = (
    500  # permille of a sitting's lessons that a recording shows, to count as the recording of that sitting
)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of wall-clock time."""

    begins: datetime
    ends: datetime

    @property
    def seconds(self) -> float:
        return (self.ends - self.begins).total_seconds()


@dataclass(frozen=True)
class Sitting:
    """One session with its lessons in order; at least one."""

    key: Hashable
    lessons: tuple[Span, ...]

    @property
    def begins(self) -> datetime:
        return self.lessons[0].begins

    @property
    def ends(self) -> datetime:
        return self.lessons[-1].ends

    @property
    def seconds(self) -> float:
        """Of teaching, without the breaks."""
        return sum(lesson.seconds for lesson in self.lessons)


@dataclass(frozen=True)
class Clocked:
    """A recording by the wall clock: second 0 is `begins`, each of its seconds lasts `rate`; `blind` in its seconds."""

    key: Hashable
    begins: datetime
    length: float
    rate: float = 1.0
    blind: tuple[tuple[float, float], ...] = ()

    def at(self, second: float) -> datetime:
        return self.begins + timedelta(seconds=second * self.rate)

    def second_at(self, moment: datetime) -> float:
        """The recording's second at this moment, within the recording."""
        return min(max((moment - self.begins).total_seconds() / self.rate, 0.0), self.length)

    @property
    def runs(self) -> Span:
        return Span(self.begins, self.at(self.length))

    @property
    def sees(self) -> tuple[Span, ...]:
        """While it ran and showed a moving picture."""
        return minus([self.runs], [Span(self.at(start), self.at(end)) for start, end in self.blind])


@dataclass(frozen=True)
class Coverage:
    """One sitting held against recordings. `gaps`: nothing ran; `blind`: something ran, but black or frozen."""

    sitting: Sitting
    seen: tuple[Span, ...]
    gaps: tuple[Span, ...]
    blind: tuple[Span, ...]
    recordings: tuple[Hashable, ...]

    @property
    def seconds_seen(self) -> float:
        return _seconds(self.seen)

    @property
    def seconds_missing(self) -> float:
        return max(0.0, self.sitting.seconds - self.seconds_seen)

    @property
    def longest_missing(self) -> float:
        """The longest stretch of a lesson without a picture, whether nothing ran or nothing was to be seen."""
        return max((one.seconds for one in joined([*self.gaps, *self.blind])), default=0.0)

    @property
    def permille(self) -> int:
        """The share that can be seen; cut, never rounded up: 1000 means all of it."""
        return int(self.seconds_seen * 1000 // self.sitting.seconds)

    def is_full(self, *, pct: int, gap: int) -> bool:
        """Whether the ruleset's share is reached, but for so many seconds of missing picture in all."""
        enough = self.seconds_seen * 100 + gap * 100 >= pct * self.sitting.seconds
        return enough and self.longest_missing <= gap


@dataclass(frozen=True)
class Overlap:
    """Two recordings of one class that claim the same time."""

    first: Hashable
    second: Hashable
    span: Span


@dataclass(frozen=True)
class Shared:
    """The same recording in two files: from these seconds on, so many seconds long."""

    first: Hashable
    again: Hashable
    first_start: float
    again_start: float
    seconds: float


@dataclass(frozen=True)
class Doubled:
    """One stretch that two sittings show as theirs."""

    shared: Shared
    first_sittings: tuple[Hashable, ...]
    again_sittings: tuple[Hashable, ...]


def lessons(begins: datetime, count: int, times: LessonTimes) -> tuple[Span, ...]:
    """The lessons of a session that begins then: their length and the breaks between them by the ruleset."""
    made: list[Span] = []
    at = begins
    for number in range(1, count + 1):
        ends = at + timedelta(minutes=times.lesson_minutes)
        made.append(Span(at, ends))
        rests = times.break_minutes if number % times.long_break_after else times.long_break_minutes
        at = ends + timedelta(minutes=rests)
    return tuple(made)


def coverage(sitting: Sitting, recordings: Iterable[Clocked]) -> Coverage:
    """What these recordings show of the sitting's lessons."""
    near = [one for one in recordings if _touches(sitting, one)]
    sees = [span for one in near for span in one.sees]
    seen = within(sitting.lessons, sees)
    ran = within(sitting.lessons, [one.runs for one in near])
    return Coverage(
        sitting=sitting,
        seen=seen,
        gaps=minus(sitting.lessons, ran),
        blind=minus(ran, seen),
        recordings=tuple(one.key for one in near),
    )


def covers_mostly(sitting: Sitting, recording: Clocked) -> bool:
    """Whether this recording alone shows enough of the sitting to be called its recording."""
    return coverage(sitting, [recording]).permille >= MOSTLY


def in_no_lesson(recordings: Iterable[Clocked], sittings: Sequence[Sitting]) -> tuple[Hashable, ...]:
    """Recordings that, by their clock, touch no lesson at all."""
    return tuple(
        one.key for one in recordings if not any(within(sitting.lessons, [one.runs]) for sitting in sittings)
    )


def overlaps(recordings: Sequence[Clocked], *, least: float) -> tuple[Overlap, ...]:
    """Pairs that run at the same time for more than `least` seconds; files cut end to end may share a little."""
    ordered = sorted(recordings, key=lambda one: one.runs)
    found: list[Overlap] = []
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second.begins >= first.runs.ends:
                break
            span = Span(second.begins, min(first.runs.ends, second.runs.ends))
            if span.seconds > least:
                found.append(Overlap(first.key, second.key, span))
    return tuple(found)


def doubled(
    shared: Iterable[Shared], recordings: Iterable[Clocked], sittings: Sequence[Sitting]
) -> tuple[Doubled, ...]:
    """Stretches that were recorded once and stand for two different sittings."""
    known = {one.key: one for one in recordings}
    found: list[Doubled] = []
    for one in shared:
        if one.first not in known or one.again not in known:
            continue
        first = _sittings_of(known[one.first], one.first_start, one.seconds, sittings)
        again = _sittings_of(known[one.again], one.again_start, one.seconds, sittings)
        if first and again and set(first) != set(again):
            found.append(Doubled(one, first, again))
    return tuple(found)


def shorter_by(sitting: Sitting, lengths: Iterable[float], *, allowed: float) -> float:
    """Seconds by which files are shorter than the lessons they stand for; 0 where it is no more than allowed.

    Needs no clock: however they are laid, so much of the lessons they cannot show.
    """
    short = sitting.seconds - sum(lengths)
    return short if short > allowed else 0.0


def apart(sitting: Sitting, recording: Clocked) -> timedelta | None:
    """How far a recording's clock is from the sitting it was filed for; None where the two touch."""
    if _touches(sitting, recording):
        return None
    return recording.begins - sitting.begins


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in stretches that lie apart, in order."""
    out: list[Span] = []
    for span in sorted(spans):
        if span.ends <= span.begins:
            continue
        if out and span.begins <= out[-1].ends:
            out[-1] = Span(out[-1].begins, max(out[-1].ends, span.ends))
        else:
            out.append(span)
    return tuple(out)


def within(whole: Iterable[Span], spans: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of `spans` that lie within `whole`."""
    inside = joined(spans)
    return tuple(
        Span(max(one.begins, span.begins), min(one.ends, span.ends))
        for one in whole
        for span in inside
        if max(one.begins, span.begins) < min(one.ends, span.ends)
    )


def minus(whole: Iterable[Span], spans: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of each stretch of `whole` without `spans`."""
    taken = joined(spans)
    left: list[Span] = []
    for one in whole:
        at = one.begins
        for span in taken:
            if span.ends <= at or span.begins >= one.ends:
                continue
            if span.begins > at:
                left.append(Span(at, span.begins))
            at = span.ends
        if at < one.ends:
            left.append(Span(at, one.ends))
    return tuple(left)


def _touches(sitting: Sitting, recording: Clocked) -> bool:
    return recording.begins < sitting.ends and sitting.begins < recording.runs.ends


def _sittings_of(
    recording: Clocked, start: float, seconds: float, sittings: Sequence[Sitting]
) -> tuple[Hashable, ...]:
    stretch = Span(recording.at(start), recording.at(start + seconds))
    return tuple(sitting.key for sitting in sittings if within(sitting.lessons, [stretch]))


def _seconds(spans: Iterable[Span]) -> float:
    return sum(span.seconds for span in spans)
