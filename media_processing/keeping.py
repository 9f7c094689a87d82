"""What is found in a recording, kept: segments while they are under way, the whole index at its end."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.utils import timezone

from dossiers.models import Filing, Room, Upload
from dossiers.search_text import mask_numbers
from foundation.blobs import store
from media_processing.filing import PART
from media_processing.models import (
    KEYFRAMES,
    FoundIncident,
    IndexedRecording,
    Segment,
    ShownSlide,
    storyboard_page,
)
from media_processing.segments import Kept, Looked, planned
from media_processing.signals import recording_index_made
from media_processing.storyboard import Board, chosen, pages
from media_processing.tracks import Picture, RecordingIndex, Region, Stretch

SOUND = 0  # the number of the segment that is the sound of the whole recording


def segment_file(number: int) -> str:
    """The derivative that holds a segment's keyframes."""
    return f"segment-{number}.npz"


def plan(recording: Upload, duration: float, *, has_picture: bool, seconds: float) -> list[Segment]:
    """Rows of the sound and of every stretch of the picture; those that are not done yet. Planned twice is planned once."""
    stretches = planned(duration, seconds=seconds) if has_picture else ()
    wanted = {SOUND: Stretch(0, duration)} | dict(enumerate(stretches, start=1))
    rows = {row.number: row for row in Segment.objects.filter(upload=recording)}
    if {number: _edges(one, duration) for number, one in wanted.items()} != {
        number: (row.start, row.end) for number, row in rows.items()
    }:
        Segment.objects.filter(upload=recording).delete()
        rows = {
            number: Segment.objects.create(upload=recording, number=number, start=start, end=end)
            for number, (start, end) in ((n, _edges(one, duration)) for n, one in wanted.items())
        }
    return [row for _number, row in sorted(rows.items()) if row.done_at is None]


def _edges(stretch: Stretch, duration: float) -> tuple[float, float]:
    return stretch.start, stretch.end if math.isfinite(stretch.end) else duration


@dataclass(frozen=True)
class Segments:
    """All segments of one recording, the sound apart, with what they kept; one is in memory at a time."""

    recording: Upload
    sound: Segment
    pictures: tuple[Segment, ...]

    @classmethod
    def of(cls, recording: Upload) -> "Segments":
        sound, *rest = Segment.objects.filter(upload=recording).order_by("number")
        return cls(recording, sound, tuple(rest))

    @property
    def all(self) -> tuple[Segment, ...]:
        return (self.sound, *self.pictures)

    @property
    def are_done(self) -> bool:
        return all(one.done_at is not None for one in self.all)

    def stretch(self, number: int) -> Stretch:
        """Where the segment lies; the last one ends with the recording, whatever that said of its length."""
        held = self.pictures[number - 1]
        return Stretch(held.start, math.inf if number == len(self.pictures) else held.end)

    def looked(self) -> list[Looked]:
        return [Looked.from_json((one.found or {})["looked"]) for one in self.pictures]

    def __iter__(self) -> Iterator[tuple[float, Picture]]:
        """Keyframes, small and grey."""
        return chain.from_iterable(kept.pictures() for kept in self._kept())

    def small(self) -> Iterator[tuple[float, Picture]]:
        """Keyframes, smaller and in colour."""
        return chain.from_iterable(kept.small() for kept in self._kept())

    def seconds(self) -> list[float]:
        """Of every keyframe whose picture was kept."""
        return [at for kept in self._kept() for at in kept.seconds.tolist()]

    def _kept(self) -> Iterator[Kept]:
        for one in self.pictures:
            with store().open_derivative(self.recording.blob.sha256, segment_file(one.number)) as source:
                yield Kept.load(source)


def region_drawn(recording: Upload) -> Region | None:
    """Where slides are in the room of the lesson this is proposed or filed for, if a person drew it there."""
    filing = (
        Filing.objects.filter(
            places__sheet__upload=recording,
            part=PART,
            session__isnull=False,
            state__in=(Filing.State.PROPOSED, Filing.State.FILED),
        )
        .select_related("session", "dossier")
        .order_by("state", "-pk")
        .first()
    )
    if filing is None or filing.session is None or not filing.session.room:
        return None
    room = Room.objects.filter(
        institution=filing.dossier.trainer_id,
        name=filing.session.room,
        closed_at=None,
        slide_region__isnull=False,
    ).first()
    return Region(*room.slide_region) if room is not None and room.slide_region else None


def put_pictures(segments: Segments, index: RecordingIndex, size: tuple[int, int]) -> Board:
    """Pages of the storyboard and the list of keyframes, beside the original."""
    sha256 = segments.recording.blob.sha256
    board = Board(*size, chosen(segments.seconds()))
    for number, page in enumerate(pages(board, segments.small())):
        store().put_derivative(sha256, storyboard_page(number), page)
    told = json.dumps({"seconds": [round(at, 3) for at in index.keyframe_seconds]})
    store().put_derivative(sha256, KEYFRAMES, told.encode())
    return board


def write_index(
    recording: Upload, index: RecordingIndex, board: Board, *, is_proposed: bool
) -> IndexedRecording:
    """The rows of the whole index in place of what was there; whoever listens is told. Within a transaction."""
    region = index.slide_region
    known = IndexedRecording.objects.filter(upload=recording).first()
    kept, _made = IndexedRecording.objects.update_or_create(
        upload=recording,
        defaults={
            "version": known.version + 1 if known else 1,
            "slide_region": [region.left, region.top, region.width, region.height] if region else None,
            "region_is_proposed": is_proposed,
            "keyframe_count": len(index.keyframe_seconds),
            "storyboard": board.as_json(),
            "engines": list(index.engines),
            "cpu_seconds": dict(index.cpu_seconds),
            "indexed_at": timezone.now(),
        },
    )
    kept.slides.all().delete()
    kept.incidents.all().delete()
    ShownSlide.objects.bulk_create(
        ShownSlide(indexed=kept, start=one.start, end=one.end, text=mask_numbers(one.text))
        for one in index.slides
    )
    FoundIncident.objects.bulk_create(
        FoundIncident(
            indexed=kept, kind=one.kind.value, start=one.start, end=one.end, source_start=one.source_start
        )
        for one in index.incidents
    )
    recording_index_made.send(sender=IndexedRecording, indexed=kept)
    return kept
