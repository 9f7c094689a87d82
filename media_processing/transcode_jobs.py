"""Making a recording playable that no browser plays, as jobs: its price first, the work when a person asks for it.

The result lies beside the original, which is never touched; both jobs may run twice.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers.models import Upload
from foundation import wording
from foundation.blobs import store
from foundation.errors import JobFailed, Refused
from foundation.installation import installation
from foundation.jobs import Run, enqueue, job
from foundation.models import Job
from foundation.room import require_room
from media_processing import ffmpeg, filing, transcoding
from media_processing.models import PLAYABLE, RecordingProbe
from media_processing.transcoding import Cost

PRICE, TRANSCODE = "price_transcoding", "transcode_recording"
COSTS = "transcoding-costs.json"
Play = RecordingProbe.Play

wording.register(
    {
        "step:transcoding": _("转成浏览器能播放的录像"),
        "step:pricing": _("试转 5 秒，估算用时"),
        "transcode_failed": _(
            "%(file_name)s 转不成可播放的录像：其中有读不出的画面或声音。原件没有改动，可下载后用播放软件看。"
        ),
        "transcode_not_offered": _("这段录像不需要转码，或还没有估算。请刷新页面后再看。"),
    }
)


def offered(upload: Upload) -> tuple[Cost, ...]:
    """The ways of making it playable with their cost; none while it plays, or is not priced yet."""
    probe = RecordingProbe.objects.filter(upload=upload).first()
    if probe is None or probe.is_playable or not store().has_derivative(upload.blob.sha256, COSTS):
        return ()
    with store().open_derivative(upload.blob.sha256, COSTS) as kept:
        return tuple(Cost(**one) for one in json.load(kept))


def running(upload: Upload) -> Job | None:
    """The job that is at it, or waits."""
    unfinished = Job.objects.filter(
        kind=TRANSCODE,
        subject=str(upload.dossier.uuid),
        state__in=(Job.State.WAITING, Job.State.LEASED),
        arguments__upload=str(upload.uuid),
    )
    return unfinished.first()


def begin(upload: Upload, *, height: int) -> Job:
    """Have it done in the background, once; Refused for what was not offered."""
    if height not in {cost.height for cost in offered(upload)}:
        raise Refused("transcode_not_offered", file_name=upload.file_name)
    with transaction.atomic():
        Upload.objects.select_for_update().get(pk=upload.pk)  # of two who ask at once one begins it
        there = running(upload)
        return there or enqueue(
            TRANSCODE, subject=str(upload.dossier.uuid), upload=upload.uuid, height=height
        )


@job(PRICE, queue="recordings", max_attempts=2, priority=15, breaks_in=True)
def price(run: Run, *, upload: str) -> None:
    """Five seconds each way, so that whoever asks hears what it costs before it begins."""
    recording = _wanted(upload)
    if recording is None:
        return
    run.progress(step="pricing", step_no=1, step_count=1)
    with store().local_path(recording.blob.sha256) as path:
        try:
            found = transcoding.costs(path, ffmpeg.probe(path), threads=settings.TRANSCODE_THREADS)
        except ffmpeg.Unreadable as broken:
            raise JobFailed("transcode_failed") from broken
    run.heartbeat()
    store().put_derivative(recording.blob.sha256, COSTS, _as_json(found))


@job(TRANSCODE, queue="recordings", max_attempts=2, priority=-5)
def transcode(run: Run, *, upload: str, height: int) -> None:
    recording = _wanted(upload)
    if recording is None:
        return
    with (
        store().local_path(recording.blob.sha256) as path,
        tempfile.TemporaryDirectory(prefix="juanzong-transcode-") as folder,
    ):
        target = Path(folder) / PLAYABLE
        _require_room(recording, height, target.parent)
        _transcode(run, recording, path, target, height)
        run.heartbeat()
        store().put_derivative(recording.blob.sha256, PLAYABLE, target)
    with transaction.atomic():
        run.fence()
        RecordingProbe.objects.filter(upload=recording).update(play=Play.TRANSCODED)
        filing.propose_session(recording, plays=True)  # says no more that it does not play


def _wanted(upload: str) -> Upload | None:
    """The recording, unless it was withdrawn or plays by now."""
    recording = Upload.objects.select_related("dossier", "blob").get(uuid=upload)
    probe = RecordingProbe.objects.filter(upload=recording).first()
    return None if recording.withdrawn_at or probe is None or probe.is_playable else recording


def _transcode(run: Run, recording: Upload, path: Path, target: Path, height: int) -> None:
    total = max(1, round(recording.duration_seconds or 0))

    def tell(seconds: float) -> None:
        """A cancelled job hears it here: the token is gone, and ffmpeg with it."""
        run.progress(step="transcoding", step_no=1, step_count=1, done=min(total, int(seconds)), total=total)

    tell(0)
    try:
        transcoding.transcode(path, target, height=height, threads=settings.TRANSCODE_THREADS, tell=tell)
    except ffmpeg.Unreadable as broken:
        raise JobFailed("transcode_failed") from broken


def _require_room(recording: Upload, height: int, folder: Path) -> None:
    """Before hours of work: the result is written twice, once to work on and once to keep."""
    size = next((cost.size for cost in offered(recording) if cost.height == height), recording.blob.size)
    require_room({folder: 2 * size}, reserve=installation().quarantine_reserve_bytes)


def _as_json(found: Sequence[Cost]) -> bytes:
    return json.dumps([asdict(cost) for cost in found]).encode()
