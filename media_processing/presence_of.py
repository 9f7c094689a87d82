"""Who is seen in recordings: the machine's evidence and people's words, joined. What player and attendance ask.

    found = presence_of([upload.pk, ...])
    found[upload.pk].people[enrolment.pk].spans        # Span(start, end, confirmed, tracks, score, disputed)
    found[upload.pk].people[enrolment.pk].verifiable   # (start, end): here her absence would mean something
    found[upload.pk].strangers                         # to be named

Seconds are the recording's. Three queries however many recordings, four where evidence was computed anew after words
were given. A trainee who is not in `people` was not looked for (no consent, no portrait): nothing follows from that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from dossiers.models import PresenceWord
from media_processing.models import FaceTrack, PresenceFound
from media_processing.words_on_faces import (
    Edges,
    Followed,
    Joined,
    Span,
    Stranger,
    Word,
    join,
    unmatched,
)

__all__ = ["RecordingPresence", "Seen", "Span", "Stranger", "presence_of"]

IN_FORCE = Q(superseded_at=None)


@dataclass(frozen=True)
class Seen:
    """One trainee in one recording. `engine` is empty where only people's words speak of her."""

    spans: tuple[Span, ...]
    verifiable: tuple[Edges, ...]
    engine: str = ""
    engine_version: str = ""
    threshold: float = 0.0
    score: float = 0.0
    sample_seconds: float = 0.0

    @property
    def was_looked_for(self) -> bool:
        return bool(self.engine)


@dataclass(frozen=True)
class RecordingPresence:
    """Everybody looked for or named in one recording, by the enrolment's primary key, and who is left."""

    people: Mapping[int, Seen]
    strangers: tuple[Stranger, ...]


def presence_of(uploads: Iterable[int], *, heard: Q = IN_FORCE) -> dict[int, RecordingPresence]:
    """By the upload's primary key. `heard`: which words count; of both sides' the bureau's go before."""
    wanted = list(uploads)
    found: dict[int, list[PresenceFound]] = {pk: [] for pk in wanted}
    for row in PresenceFound.objects.filter(upload__in=wanted):
        found[row.upload_id].append(row)
    words = _words(wanted, heard)
    tracks = _tracks(wanted, words)
    return {pk: _presence(found[pk], join(tracks[pk], words[pk])) for pk in wanted}


def _presence(found: Sequence[PresenceFound], joined: Joined) -> RecordingPresence:
    people = {row.enrolment_id: _looked_for(row, joined.people.get(row.enrolment_id, ())) for row in found}
    for person, spans in joined.people.items():
        if person not in people:
            people[person] = Seen(spans, _told(spans))
    return RecordingPresence(people, joined.strangers)


def _looked_for(row: PresenceFound, spans: tuple[Span, ...]) -> Seen:
    return Seen(
        spans=spans,
        verifiable=_union([*((float(start), float(end)) for start, end in row.verifiable), *_told(spans)]),
        engine=row.engine,
        engine_version=row.engine_version,
        threshold=row.threshold,
        score=row.score,
        sample_seconds=row.sample_seconds,
    )


def _words(uploads: Sequence[int], heard: Q) -> dict[int, list[Word]]:
    rows = PresenceWord.objects.filter(heard, upload__in=uploads)
    told: dict[int, list[Word]] = {pk: [] for pk in uploads}
    for row in rows:
        word = Word(
            track=row.track,
            verdict=row.verdict,
            person=row.enrolment_id,
            spans=tuple((float(start), float(end)) for start, end in row.spans),
            place=tuple(float(edge) for edge in row.place),
            by_bureau=row.by_bureau,
        )
        told[row.upload_id].append(word)
    return told


def _tracks(uploads: Sequence[int], words: Mapping[int, Sequence[Word]]) -> dict[int, list[Followed]]:
    """Tracks without their sightings, which are large; with them only where a word lost its track."""
    columns = ("upload_id", "uuid", "start", "end", "enrolment_id", "group", "score")
    tracks: dict[int, list[Followed]] = {pk: [] for pk in uploads}
    for pk, *told in FaceTrack.objects.filter(upload__in=uploads).values_list(*columns):
        tracks[pk].append(Followed(*told))
    lost = [pk for pk in uploads if unmatched(tracks[pk], words[pk])]
    if lost:
        for pk in lost:
            tracks[pk] = []
        for pk, *told in FaceTrack.objects.filter(upload__in=lost).values_list(*columns, "sightings"):
            tracks[pk].append(Followed(*told))
    return tracks


def _told(spans: Iterable[Span]) -> tuple[Edges, ...]:
    return _union((span.start, span.end) for span in spans)


def _union(stretches: Iterable[Edges]) -> tuple[Edges, ...]:
    joined: list[Edges] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
