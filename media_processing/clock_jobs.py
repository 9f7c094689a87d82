"""When a recording began, as a job of its own: the file's name and time at once, then the clock in the picture.

May run twice: the same reading again changes nothing, and a person's word is never superseded.
"""

import tempfile
from pathlib import Path

import cv2
import numpy as np
from django.utils.translation import gettext_lazy as _

from dossiers.models import Upload
from foundation import wording
from foundation.blobs import store
from foundation.errors import SandboxError
from foundation.jobs import Run, job
from media_processing import clock_reading, ffmpeg, filing, readers
from media_processing.clock_reading import Fit
from media_processing.models import RecordingProbe
from media_processing.tracks import Picture

READ_CLOCK = "read_clock"

wording.register(
    {
        "step:reading_clock": _("读画面上的时钟"),
        "dropped_on_session": _("上传时放在这节课上。"),
        "session_by_clock": _("按录像的时钟，录的是这节课。"),
    }
)


@job(READ_CLOCK, queue="recordings", max_attempts=3)
def read_clock(run: Run, *, upload: str) -> None:
    recording = Upload.objects.select_related("dossier", "blob", "target_session").get(uuid=upload)
    if recording.withdrawn_at is not None:
        return
    run.progress(step="reading_clock", step_no=1, step_count=1)
    probe = RecordingProbe.objects.filter(upload=recording).first()
    with store().local_path(recording.blob.sha256) as path:
        filing.propose_clock_of_file(recording, ffmpeg.written_at(path))
        found = _burnt_in(path, recording) if probe is not None and probe.width else None
    if found is not None:
        filing.propose_burnt_in_clock(recording, found)
    filing.propose_by_clock(recording, plays=probe is not None and probe.is_playable)


def _burnt_in(path: Path, recording: Upload) -> Fit | None:
    """The clock in the picture; None where nobody reads, nothing stands there, or readings do not agree."""
    if not readers.reader_name() or not recording.duration_seconds:
        return None
    samples = clock_reading.samples_of(
        recording.duration_seconds,
        lambda second: _picture(path, second),
        readers.read_lines,
        near=filing.expected_day(recording),
    )
    return clock_reading.fit(samples)


def _picture(path: Path, second: float) -> Picture | None:
    """The picture at this second; None where the recording has none there."""
    with tempfile.TemporaryDirectory(prefix="juanzong-clock-") as folder:
        target = Path(folder) / "still.jpg"
        try:
            ffmpeg.still(path, target, at_seconds=second)
        except (ffmpeg.Unreadable, SandboxError):
            return None
        picture = cv2.imread(str(target), cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, np.uint8)
