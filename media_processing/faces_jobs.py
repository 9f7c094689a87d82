"""Watching a recording for the class's consenting trainees, as a job; and the chore that deletes what is over.

A recording is decoded ten minutes at a time and decided over as a whole: one day of samples fits in memory. A worker
that is killed begins anew, as what it would have to leave on the disk are templates of people who did not agree.
Where nobody of the class is remembered, faces are counted and none is measured.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dossiers.models import DossierPage, Upload
from foundation import wording
from foundation.blobs import store
from foundation.housekeeping import every
from foundation.jobs import Run, enqueue, job
from foundation.models import Job
from media_processing import passes
from media_processing.faces_keeping import Heads, keep, keep_nobody
from media_processing.models import FoundIncident, RecordingProbe
from media_processing.references import engine_in_use, forget_what_is_over, references_of
from media_processing.sightings import FaceEngine, Sample
from media_processing.tracks import Kind, Stretch
from media_processing.watching import decided, looked

WATCH = "watch_faces"
PART_SECONDS = 600.0
BLIND = (Kind.BLACK, Kind.FROZEN, Kind.REPEATED)  # what is shown there is not what was before the camera then
EARLY = 0.05  # seconds by which a sample may come before its time
T = TypeVar("T")

wording.register(
    {
        "step:watching": _("找画面里的人"),
        "step:deciding": _("认作本班学员"),
    }
)


@job(WATCH, queue="recordings", max_attempts=3, priority=-1)
def watch_faces(run: Run, *, upload: str) -> None:
    """Presence of one recording, computed anew from what is remembered now."""
    recording = Upload.objects.select_related("dossier", "blob").get(uuid=upload)
    probe = RecordingProbe.objects.filter(upload=recording).first()
    engine = engine_in_use()
    if recording.withdrawn_at is not None or probe is None or not probe.width or engine.name == "null":
        return
    people = references_of(recording.dossier, engine)
    if not people:
        heads = Heads(tuple(_counted(run, recording, probe, engine)))
        keep_nobody(run, recording, heads, f"{engine.name} {engine.version}")
        return
    samples = list(_sampled(run, recording, probe, engine))
    run.progress(step="deciding", step_no=2, step_count=2)
    keep(
        run,
        recording,
        decided(samples, people, engine, step_seconds=settings.FACE_SAMPLE_SECONDS),
        Heads.in_samples(samples),
        size=(probe.width, probe.height),
        sample_seconds=settings.FACE_SAMPLE_SECONDS,
    )


def enqueue_watch(upload: Upload) -> Job | None:
    """Ask for presence to be computed anew, unless somebody asked already and nobody has begun."""
    asked = Job.objects.filter(kind=WATCH, state=Job.State.WAITING, arguments__upload=str(upload.uuid))
    if asked.exists():
        return None
    return enqueue(WATCH, subject=str(upload.dossier.uuid), upload=upload.uuid)


def enqueue_watches(dossier: DossierPage) -> int:
    """What is remembered of the class has changed: every indexed recording of it is looked at again."""
    indexed = dossier.uploads.filter(withdrawn_at=None, indexed__isnull=False).select_related("dossier")
    return sum(enqueue_watch(upload) is not None for upload in indexed)


@every(seconds=3600)
def forget_faces() -> None:
    """Templates past their day, or without a consent any more."""
    forget_what_is_over()


def _counted(
    run: Run, recording: Upload, probe: RecordingProbe, engine: FaceEngine
) -> Iterator[tuple[float, int]]:
    """Heads without names: no template is made of anybody."""
    blind = _blind(recording)
    with store().local_path(recording.blob.sha256) as path:

        def pictures(part: Stretch) -> Iterator[tuple[float, int]]:
            for at, picture in passes.samples(path, step_seconds=settings.FACE_SAMPLE_SECONDS, stretch=part):
                yield at, len(engine.faces(picture))

        for at, count in _parts(run, probe, pictures, when=lambda one: one[0]):
            if not any(stretch.start <= at < stretch.end for stretch in blind):
                yield at, count


def _sampled(run: Run, recording: Upload, probe: RecordingProbe, engine: FaceEngine) -> Iterator[Sample]:
    blind = _blind(recording)
    with store().local_path(recording.blob.sha256) as path:

        def samples(part: Stretch) -> Iterator[Sample]:
            return looked(path, engine, step_seconds=settings.FACE_SAMPLE_SECONDS, blind=blind, within=part)

        yield from _parts(run, probe, samples, when=lambda one: one.seconds)


def _parts(
    run: Run,
    probe: RecordingProbe,
    look: Callable[[Stretch], Iterator[T]],
    *,
    when: Callable[[T], float],
) -> Iterator[T]:
    """Part by part, each beginning where the next sample is due."""
    start, step = 0.0, settings.FACE_SAMPLE_SECONDS
    while start < probe.duration_seconds:
        run.progress(
            step="watching", step_no=1, step_count=2, done=int(start), total=int(probe.duration_seconds)
        )
        end = start + PART_SECONDS
        due = end
        for one in look(Stretch(start, end)):
            due = when(one) + step - EARLY
            yield one
        start = max(due, start + step)


def _blind(recording: Upload) -> tuple[Stretch, ...]:
    found = FoundIncident.objects.filter(indexed__upload=recording, kind__in=BLIND)
    return tuple(Stretch(one.start, one.end) for one in found)
