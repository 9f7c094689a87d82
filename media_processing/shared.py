"""The same recording in another lesson or class, as a job: by what is heard, and by what is seen.

Of every recording one number in eight of its fingerprint is kept in a table: by these alone the few recordings are
found that may hold the same, however many there are. Pictures are held against those of the same room.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dossiers.models import Upload
from foundation import wording
from foundation.blobs import store
from foundation.jobs import Run, job
from foundation.models import Blob
from media_processing import passes
from media_processing.fingerprints import Fingerprint, Shared, shared_by
from media_processing.keeping import Segments
from media_processing.models import FINGERPRINT, SKETCH, SharedStretch, SoundMark
from media_processing.resemblance import (
    PROOF_A_SECOND,
    Frames,
    Sketch,
    shared_pictures,
    sketched,
)
from media_processing.tracks import Stretch

COMPARE = "compare_recording"
KEPT_ONE_IN = 8
MIXING, BITS = 2654435761, 32
COMMON = 12  # a number that comes more often in one recording says nothing
ASKED_AT_ONCE = 900
LEAST_MARKS = 3
LEAST_SHARED_SECONDS = 30.0  # a bell or a jingle is no recording
MOST_SEEN = 500  # of the recordings of one room, the newest

wording.register({"step:comparing": _("与其他录像比对")})


@job(COMPARE, queue="recordings", max_attempts=3)
def compare_recording(run: Run, *, upload: str) -> None:
    """Hold one recording against all others that are indexed; may run twice."""
    recording = Upload.objects.select_related("blob", "dossier").get(uuid=upload)
    if recording.withdrawn_at is not None:
        return
    run.progress(step="comparing", step_no=1, step_count=2)
    fingerprint = fingerprint_of(recording.blob)
    heard = dict(_heard(recording, fingerprint))
    run.progress(step="comparing", step_no=2, step_count=2)
    sketch = sketched(Segments.of(recording))
    sketch_kept(recording.blob, sketch)
    seen = dict(_seen(run, recording, sketch, passed=set(heard)))
    with transaction.atomic():
        run.fence()
        _write_marks(recording, fingerprint)
        mine = SharedStretch.objects.filter(first=recording) | SharedStretch.objects.filter(again=recording)
        mine.delete()
        _write(recording, heard, SharedStretch.How.SOUND)
        _write(recording, seen, SharedStretch.How.PICTURE)


def marks(fingerprint: Fingerprint) -> dict[int, list[int]]:
    """The numbers that are kept, with their places; the same ones of every recording, none that is common."""
    mixed = (fingerprint.astype(np.uint64) * MIXING) % (1 << BITS)
    places: dict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(mixed < (1 << BITS) // KEPT_ONE_IN).tolist():
        places[int(fingerprint[place])].append(place)
    return {number: found for number, found in places.items() if len(found) <= COMMON}


def fingerprint_of(blob: Blob) -> Fingerprint:
    """As it lies beside the original; empty where there is no sound."""
    if not store().has_derivative(blob.sha256, FINGERPRINT):
        return np.zeros(0, np.uint32)
    with store().open_derivative(blob.sha256, FINGERPRINT) as held:
        return np.frombuffer(held.read(), "<u4").astype(np.uint32)


def sketch_kept(blob: Blob, sketch: Sketch) -> None:
    store().put_derivative(blob.sha256, SKETCH, sketch.as_bytes())


def _others(recording: Upload) -> QuerySet[Upload]:
    """Every recording that is indexed and was not withdrawn, of whatever class."""
    return Upload.objects.filter(withdrawn_at=None, indexed__isnull=False).exclude(pk=recording.pk)


def _heard(recording: Upload, fingerprint: Fingerprint) -> Iterator[tuple[Upload, tuple[Shared, ...]]]:
    """Others in which long stretches of it are heard; first by the kept numbers, then number by number."""
    wanted = set(_with_marks_of(recording, marks(fingerprint)))
    for other in _others(recording).filter(pk__in=wanted).select_related("blob"):
        found = tuple(
            one
            for one in shared_by(fingerprint, fingerprint_of(other.blob))
            if one.seconds >= LEAST_SHARED_SECONDS
        )
        if found:
            yield other, found


def _with_marks_of(recording: Upload, mine: Mapping[int, list[int]]) -> Iterator[int]:
    """Whose kept numbers come in the same distance often enough."""
    votes: Counter[tuple[int, int]] = Counter()
    numbers = sorted(mine)
    known = SoundMark.objects.exclude(upload=recording)
    for start in range(0, len(numbers), ASKED_AT_ONCE):
        some = known.filter(number__in=numbers[start : start + ASKED_AT_ONCE])
        for upload, number, place in some.values_list("upload_id", "number", "place").iterator():
            for own in mine[number]:
                votes[upload, (own - place) // 2] += 1
    yield from {
        upload
        for (upload, lag), count in votes.items()
        if count + max(votes[upload, lag - 1], votes[upload, lag + 1]) >= LEAST_MARKS
    }


def _seen(
    run: Run, recording: Upload, sketch: Sketch, *, passed: set[Upload]
) -> Iterator[tuple[Upload, tuple[Shared, ...]]]:
    """Others that show long stretches of it, where nothing was heard: without sound, or with another one."""
    if sketch.is_empty:
        return
    others = _others(recording).exclude(pk__in=[one.pk for one in passed])
    for other in others.select_related("blob").order_by("-pk")[:MOST_SEEN]:
        if not store().has_derivative(other.blob.sha256, SKETCH):
            continue
        with store().open_derivative(other.blob.sha256, SKETCH) as held:
            theirs = Sketch.load(held)
        found = shared_pictures(theirs, Segments.of(other), sketch, _decoder(recording))
        run.progress(step="comparing", step_no=2, step_count=2)
        if found:
            yield other, tuple(Shared(one.other_start, one.start, one.seconds) for one in found)


def _decoder(recording: Upload) -> Callable[[Stretch], Frames]:
    def decode(stretch: Stretch) -> Frames:
        with store().local_path(recording.blob.sha256) as path:
            return passes.frames(path, stretch, a_second=PROOF_A_SECOND)

    return decode


def _write_marks(recording: Upload, fingerprint: Fingerprint) -> None:
    SoundMark.objects.filter(upload=recording).delete()
    SoundMark.objects.bulk_create(
        (
            SoundMark(upload=recording, number=number, place=place)
            for number, places in marks(fingerprint).items()
            for place in places
        ),
        batch_size=2000,
    )


def _write(recording: Upload, found: Mapping[Upload, tuple[Shared, ...]], how: SharedStretch.How) -> None:
    """Each stretch with the recording that came first before the one that came again."""
    SharedStretch.objects.bulk_create(
        SharedStretch(
            first=other, again=recording, first_start=one.other_start, again_start=one.start, **rest
        )
        if other.pk < recording.pk
        else SharedStretch(
            first=recording, again=other, first_start=one.start, again_start=one.other_start, **rest
        )
        for other, stretches in found.items()
        for one in stretches
        for rest in [{"seconds": one.seconds, "how": how}]
    )
