"""Indexing in several jobs, so that several workers can do it and a killed one goes on from what is finished.

    index_segment: a stretch of the picture, or (number 0) the sound of it all      as many as there are
    find_slides: where slides are and between which keyframes they change            when the last of those is done
    read_slides: the second of each change in a stretch, and what stands there       where a stretch has changes
    merge_index: one index of all of it; `recording_index_made` tells who listens    when the last of those is done

Then media_processing.shared holds it against all other recordings.

Whoever finishes last sends the next job, in the transaction that keeps what he found. Every job may run twice.
"""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models import Upload
from foundation import wording
from foundation.blobs import store
from foundation.crashpoints import crash_point
from foundation.errors import DiskFull, JobFailed, NoSpace, SandboxError
from foundation.jobs import Run, enqueue, job
from foundation.models import Job
from media_processing import ffmpeg, keeping, readers
from media_processing.fingerprints import Shared
from media_processing.indexing import (
    Heard,
    Shown,
    SlideChanges,
    listen,
    merged,
    refined_starts,
    settled_of,
    slide_changes,
    slide_texts,
)
from media_processing.keeping import SOUND, Segments, segment_file
from media_processing.metering import Clock, summed
from media_processing.models import FINGERPRINT, RecordingProbe, Segment
from media_processing.segments import SEGMENT_SECONDS, look, thumb_size
from media_processing.shared import COMPARE
from media_processing.slides import Change
from media_processing.tracks import Picture, Region, Stretch

SEGMENT, FIND_SLIDES, READ_SLIDES, MERGE = "index_segment", "find_slides", "read_slides", "merge_index"
QUEUE = "recordings"

wording.register(
    {
        "step:keyframes": _("看关键画面"),
        "step:suspicious": _("逐帧细看可疑的几段"),
        "step:sound": _("听声音"),
        "step:slides": _("找幻灯"),
        "step:slide_text": _("认读幻灯"),
        "step:merging": _("合成索引"),
        "no_space_for_index": _(
            "磁盘满了，“%(file_name)s”的索引编到一半停下。原件、播放和已编好的几段都在；腾出空间后点再试，从停下的地方接着编。"
        ),
        "recording_not_indexable": _(
            "“%(file_name)s”的画面或声音解不出来，编不成索引。原件已留存，不影响归档；请下载原件核对，必要时重新导出后另传。"
        ),
    }
)


def begin(
    recording: Upload,
    duration: float,
    *,
    has_picture: bool,
    subject: str,
    segment_seconds: float = SEGMENT_SECONDS,
) -> None:
    """Send the jobs of an index, within the caller's transaction; finished segments are not looked at again."""
    waiting = keeping.plan(recording, duration, has_picture=has_picture, seconds=segment_seconds)
    for segment in waiting:
        enqueue(SEGMENT, subject=subject, upload=recording.uuid, number=segment.number)
    if not waiting:
        enqueue(FIND_SLIDES, subject=subject, upload=recording.uuid)


def index_slides_again(recording: Upload) -> Job | None:
    """After a region was drawn: slides anew from the keyframes that were kept. None before there is an index."""
    if not Segment.objects.filter(upload=recording).exists() or not Segments.of(recording).are_done:
        return None
    return enqueue(FIND_SLIDES, subject=str(recording.dossier.uuid), upload=recording.uuid)


@job(SEGMENT, queue=QUEUE, max_attempts=5)
def index_segment(run: Run, *, upload: str, number: int) -> None:
    recording = _recording(upload)
    segment = Segment.objects.filter(upload=recording, number=number).first()
    if recording.withdrawn_at is not None or segment is None or segment.done_at is not None:
        return
    with _told_plainly(recording):
        found = _sound(run, recording) if number == SOUND else _picture(run, recording, number)
    crash_point("segment_looked_at")
    with transaction.atomic():
        run.fence()
        _locked(recording)
        segment.found, segment.done_at = found, timezone.now()
        segment.save(update_fields=["found", "done_at"])
        if Segments.of(recording).are_done:
            enqueue(FIND_SLIDES, subject=run.subject, upload=recording.uuid)


def _sound(run: Run, recording: Upload) -> dict[str, object]:
    """Silence and what was heard before; the fingerprint lies beside the original."""
    run.progress(step="sound", step_no=1, step_count=1)
    clock, sha256 = Clock(), recording.blob.sha256
    with store().local_path(sha256) as path, _beating(run, "sound", 1, 1):
        facts = ffmpeg.probe(path)
        if facts.sound is None:
            return {"is_heard": False, "cpu": clock.spent}
        with clock.step("sound"):
            heard = listen(path, facts.duration_seconds)
    store().put_derivative(sha256, FINGERPRINT, heard.fingerprint.astype("<u4").tobytes())
    return {
        "is_heard": True,
        "silent": [[one.start, one.end] for one in heard.silent],
        "again": [[one.start, one.other_start, one.seconds] for one in heard.again],
        "cpu": clock.spent,
    }


def _picture(run: Run, recording: Upload, number: int) -> dict[str, object]:
    """One stretch of the picture; its keyframes lie beside the original."""
    clock, sha256 = Clock(), recording.blob.sha256
    stretch = Segments.of(recording).stretch(number)
    run.progress(step="keyframes", step_no=1, step_count=2)

    def tell(done: int, total: int) -> None:
        run.progress(step="suspicious", step_no=2, step_count=2, done=done, total=total)

    with store().local_path(sha256) as path, tempfile.TemporaryDirectory(prefix="juanzong-segment-") as box:
        target = Path(box) / segment_file(number)
        with _beating(run, "keyframes", 1, 2):
            looked = look(path, ffmpeg.probe(path), stretch, target, clock=clock, tell=tell)
        store().put_derivative(sha256, segment_file(number), target)
    return {"looked": looked.as_json(), "cpu": clock.spent}


@job(FIND_SLIDES, queue=QUEUE, max_attempts=5)
def find_slides(run: Run, *, upload: str) -> None:
    recording = _recording(upload)
    if recording.withdrawn_at is not None:
        return
    run.progress(step="slides", step_no=1, step_count=1)
    segments, clock = Segments.of(recording), Clock()
    drawn = keeping.region_drawn(recording)
    with clock.step("slides"):
        black, _frozen = settled_of(segments.looked())
        found = slide_changes(segments, drawn, black)
    with transaction.atomic():
        run.fence()
        _locked(recording)
        _share_out(Segments.of(recording), found, clock)
        _go_on(run, recording)


def _share_out(segments: Segments, found: SlideChanges, clock: Clock) -> None:
    """To each stretch the changes that lie in it, the first slide to the first."""
    region = found.region
    told = {
        "region": [region.left, region.top, region.width, region.height] if region else None,
        "is_proposed": found.is_proposed,
        "first": found.first,
        "cpu": clock.spent,
    }
    _add(segments.sound, slides=told)
    for segment in segments.pictures:
        stretch = segments.stretch(segment.number)
        changes = [
            [one.before, one.after] for one in found.changes if stretch.start <= one.after < stretch.end
        ]
        is_first = segment is segments.pictures[0] and region is not None
        begins: list[float] | None = None if changes or is_first else []
        _add(segment, changes=changes, begins=begins, texts=[], slides_cpu={})


@job(READ_SLIDES, queue=QUEUE, max_attempts=5)
def read_slides(run: Run, *, upload: str, number: int) -> None:
    recording = _recording(upload)
    segment = Segment.objects.filter(upload=recording, number=number).first()
    if recording.withdrawn_at is not None or segment is None or not _wants_slides(segment):
        return
    segments, clock = Segments.of(recording), Clock()
    found = _changes_of(segments, number)
    with _told_plainly(recording), store().local_path(recording.blob.sha256) as path:
        with _beating(run, "slides", 1, 2), clock.step("slides"):
            begins = refined_starts(path, found, found.changes)
        if number == 1:
            begins = (round(found.first, 2), *begins)
        with _beating(run, "slide_text", 2, 2), clock.step("slide_text"):
            texts = _texts(path, segments, found.region, begins)
    crash_point("segment_looked_at")
    with transaction.atomic():
        run.fence()
        _locked(recording)
        segment.refresh_from_db()
        if (segment.found or {}).get("changes") != [[one.before, one.after] for one in found.changes]:
            return  # a region was drawn meanwhile: somebody else reads these anew
        _add(segment, begins=list(begins), texts=list(texts), slides_cpu=clock.spent)
        _go_on(run, recording, was_read=True)


def _texts(
    path: Path, segments: Segments, region: Region | None, begins: tuple[float, ...]
) -> tuple[str, ...]:
    if region is None or not readers.reader_name():
        return ("",) * len(begins)
    keyframes = [at for one in segments.looked() for at in one.keyframe_seconds]

    def read(picture: Picture) -> str:
        return "\n".join(readers.read_lines(picture))

    return slide_texts(path, begins, keyframes, region, read)


def _go_on(run: Run, recording: Upload, *, was_read: bool = False) -> None:
    """Send whoever is next: those that read slides, or, when the last of them is done, the one that merges."""
    waiting = [one for one in Segments.of(recording).pictures if _wants_slides(one)]
    if not waiting:
        enqueue(MERGE, subject=run.subject, upload=recording.uuid)
    elif not was_read:
        for one in waiting:
            enqueue(READ_SLIDES, subject=run.subject, upload=recording.uuid, number=one.number)


@job(MERGE, queue=QUEUE, max_attempts=5)
def merge_index(run: Run, *, upload: str) -> None:
    recording = _recording(upload)
    segments = Segments.of(recording)
    if recording.withdrawn_at is not None or any(_wants_slides(one) for one in segments.pictures):
        return
    run.progress(step="merging", step_no=1, step_count=1)
    clock = Clock()
    with _told_plainly(recording), clock.step("merge"):
        with store().local_path(recording.blob.sha256) as path:
            facts = ffmpeg.probe(path)
        index = merged(facts, segments.looked(), _heard(segments), _shown(segments))
        board = keeping.put_pictures(segments, index, thumb_size(facts))
    told = [(one.found or {}) for one in segments.all]
    spent = [*(one["cpu"] for one in told), *(one.get("slides_cpu", {}) for one in told)]
    slides = told[0]["slides"]
    engines = tuple(name for name in (readers.reader_name(),) if name and index.slide_region)
    index = replace(index, cpu_seconds=summed([*spent, slides["cpu"], clock.spent]), engines=engines)
    with transaction.atomic():
        run.fence()
        keeping.write_index(recording, index, board, is_proposed=slides["is_proposed"])
        enqueue(COMPARE, subject=run.subject, upload=recording.uuid)


def _heard(segments: Segments) -> Heard | None:
    found = segments.sound.found or {}
    if not found.get("is_heard"):
        return None
    silent = tuple(Stretch(*one) for one in found["silent"])
    return Heard(silent, tuple(Shared(*one) for one in found["again"]), np.zeros(0, np.uint32))


def _shown(segments: Segments) -> Shown:
    found = [(one.found or {}) for one in segments.pictures]
    begins = tuple(at for one in found for at in one["begins"])
    texts = tuple(text for one in found for text in one["texts"])
    return Shown(_region(segments), begins, texts)


def _changes_of(segments: Segments, number: int) -> SlideChanges:
    slides, segment = (segments.sound.found or {})["slides"], segments.pictures[number - 1]
    changes = tuple(Change(*one) for one in (segment.found or {})["changes"])
    return SlideChanges(_region(segments), slides["is_proposed"], slides["first"], changes)


def _region(segments: Segments) -> Region | None:
    told = (segments.sound.found or {})["slides"]["region"]
    return Region(*told) if told else None


def _wants_slides(segment: Segment) -> bool:
    """Whether its changes are known and their seconds not yet."""
    found = segment.found or {}
    return segment.number != SOUND and "changes" in found and found["begins"] is None


def _add(segment: Segment, **found: object) -> None:
    segment.found = {**(segment.found or {}), **found}
    segment.save(update_fields=["found"])


def _recording(upload: str) -> Upload:
    return Upload.objects.select_related("dossier", "blob").get(uuid=upload)


def _locked(recording: Upload) -> None:
    """One after the other, whoever writes of this recording: only one of them is the last to finish."""
    RecordingProbe.objects.select_for_update().get(upload=recording)


@contextmanager
def _beating(run: Run, step: str, step_no: int, step_count: int) -> Iterator[None]:
    """While programs run, the job says that it lives, and hears it when a person cancelled it."""
    run.progress(step=step, step_no=step_no, step_count=step_count)
    with ffmpeg.watched(run.fence):
        yield


@contextmanager
def told_when_full(recording: Upload) -> Iterator[None]:
    """A full disk is no fault of the recording: the job says what is safe and what to do, and is tried again."""
    try:
        yield
    except (NoSpace, DiskFull) as full:
        raise JobFailed("no_space_for_index", retry=True, file_name=recording.file_name) from full
    except OSError as failure:
        if failure.errno != errno.ENOSPC:
            raise
        raise JobFailed("no_space_for_index", retry=True, file_name=recording.file_name) from failure


@contextmanager
def _told_plainly(recording: Upload) -> Iterator[None]:
    """What goes wrong, in words."""
    try:
        with told_when_full(recording):
            yield
    except (ffmpeg.Unreadable, SandboxError) as failure:
        raise JobFailed("recording_not_indexable", file_name=recording.file_name) from failure
