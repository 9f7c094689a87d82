"""Taking a recording up, as a job: probe, a file that plays, a poster, the proposal; then its index. May run twice."""

import tempfile
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers.actions import ledger
from dossiers.models import Sheet, Upload
from foundation import wording
from foundation.blobs import store
from foundation.errors import SandboxError
from foundation.jobs import Run, enqueue, job
from media_processing import ffmpeg, filing, index_jobs
from media_processing.clock_jobs import READ_CLOCK
from media_processing.indexing import Prepared, prepare
from media_processing.models import PLAYABLE, POSTER, RecordingProbe
from media_processing.transcode_jobs import PRICE

INDEX = "index_recording"

wording.register(
    {
        "step:probing": _("查看录像"),
        "step:keeping": _("留存播放件"),
        "step:placing": _("对课次"),
        "no_date_in_name": _("文件名里没有日期，认不出是哪节课。请选课次。"),
        "no_session_that_day": _("文件名里的日期没有理论课。请选课次，或先补课程安排。"),
        "session_has_recording": _("当天的理论课都已有录像。请核对是否重复，或选课次。"),
        "several_sessions_that_day": _("当天不止一节理论课，认不出是哪一节。请选课次。"),
        "time_fits_no_session": _("文件名里的时间与当天的理论课都对不上。请选课次。"),
        "session_by_time": _("文件名里的日期和时间与这节课相符。"),
        "session_by_date": _("文件名里的日期当天只有这一节理论课。"),
        "recording_does_not_play": _(
            "浏览器不能直接播放这段录像，原件已留存。可在页面上估算用时后转码播放，或下载原件查看。"
        ),
    }
)


@job(INDEX, queue="recordings", max_attempts=3, priority=40, breaks_in=True)
def index_recording(run: Run, *, upload: str) -> None:
    """Seconds that make it playable, before any paper is read; what takes long of its index waits its turn."""
    recording = Upload.objects.select_related("dossier", "blob").get(uuid=upload)
    if recording.withdrawn_at is not None:
        return
    run.progress(step="probing", step_no=1, step_count=3)
    try:
        with index_jobs.told_when_full(recording):
            plays = _index(run, recording)
    except (ffmpeg.Unreadable, SandboxError):
        ledger.note_unreadable(recording, engine=filing.ENGINE, problem="broken_video")
        return
    run.progress(step="placing", step_no=3, step_count=3)
    with transaction.atomic():
        run.fence()
        proposed = filing.propose_session(recording, plays=plays)
        recording.sheets.update(shows_identity=False)
        enqueue(READ_CLOCK, subject=run.subject, upload=recording.uuid)
        probe = RecordingProbe.objects.get(upload=recording)
        if not plays:
            enqueue(PRICE, subject=run.subject, upload=recording.uuid)
        index_jobs.begin(
            recording, probe.duration_seconds, has_picture=bool(probe.video_codec), subject=run.subject
        )
    if recording.state == Upload.State.RECEIVED:
        ledger.note_read(recording, engine=filing.ENGINE, proposed=int(proposed is not None))


def _index(run: Run, recording: Upload) -> bool:
    """Keep what was found; whether the recording plays."""
    sha256 = recording.blob.sha256
    with store().local_path(sha256) as path, tempfile.TemporaryDirectory(prefix="juanzong-recording-") as box:
        found = prepare(path, Path(box))
        run.progress(step="keeping", step_no=2, step_count=3)
        if found.playable:
            store().put_derivative(sha256, PLAYABLE, found.playable)
        if found.poster:
            store().put_derivative(sha256, POSTER, found.poster)
    with transaction.atomic():
        run.fence()
        return _keep(recording, found).is_playable


def _keep(recording: Upload, found: Prepared) -> RecordingProbe:
    facts, picture, sound = found.facts, found.facts.picture, found.facts.sound
    play = RecordingProbe.Play.ORIGINAL if facts.plays_as_it_is else RecordingProbe.Play.NONE
    if not found.plays and store().has_derivative(recording.blob.sha256, PLAYABLE):
        play = RecordingProbe.Play.TRANSCODED  # indexed again after somebody had it transcoded
    probe, _created = RecordingProbe.objects.update_or_create(
        upload=recording,
        defaults={
            "duration_seconds": facts.duration_seconds,
            "container": ",".join(facts.containers)[:80],
            "video_codec": picture.codec if picture else "",
            "audio_codec": sound.codec if sound else "",
            "width": picture.width if picture else 0,
            "height": picture.height if picture else 0,
            "frames_per_second": picture.frames_per_second if picture else 0,
            "play": RecordingProbe.Play.REMUXED if found.playable else play,
            "has_poster": found.poster is not None,
        },
    )
    if picture:
        Sheet.objects.filter(upload=recording).update(width=picture.width, height=picture.height)
    return probe
