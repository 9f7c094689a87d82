"""A recording's clock read as a job: from its name, its container and its picture; the session found by it."""

import subprocess
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from dossiers.models import RecordingClock, Upload
from foundation import jobs
from foundation.blobs import store
from foundation.models import Job
from media_processing import ffmpeg, filing, readers
from media_processing.clock_jobs import READ_CLOCK
from media_processing.jobs import INDEX
from media_processing.models import RecordingProbe
from tests import factories

pytestmark = pytest.mark.django_db
Basis = RecordingClock.Basis
SECONDS = 8
DAY, STARTS = date(2026, 10, 21), time(8, 30)


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """Eight seconds whose brightness tells the second: what a reader of ours reads as a clock."""
    path = tmp_path_factory.mktemp("clock") / "clip.mp4"
    source = f"color=black:s=320x240:r=5:d={SECONDS},geq=lum='20+25*floor(T)':cb=128:cr=128"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", source]
    command += ["-metadata", "creation_time=2026-10-21T00:27:40Z", "-g", "5", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.fixture
def dossier():
    return factories.make_dossier(stage="training")


@pytest.fixture
def session(dossier):
    return factories.make_session(dossier, held_on=DAY, starts_at=STARTS)


@pytest.fixture
def reader():
    """Reads the brightness as a clock that began at 08:27:40."""
    began = datetime.combine(DAY, time(8, 27, 40))

    def read(picture) -> tuple[str, ...]:
        second = round((float(picture.mean()) - 20) / 25)
        return (f"{began + timedelta(seconds=second):%Y-%m-%d %H:%M:%S} A教室",)

    readers.register("brightness", read)
    yield
    readers.forget()


def taken_in(dossier, clip: Path, name: str = "A教室.mp4", **facts) -> Upload:
    """A recording as it stands after its probe: in the tray, proposed for nothing or what its name says."""
    given = {"medium": "recording", "file_name": name, "duration_seconds": float(SECONDS)} | facts
    upload = factories.make_upload(dossier, **given)
    upload.blob = store().put_file(clip, media_type="video/mp4")
    upload.save()
    RecordingProbe.objects.create(
        upload=upload, duration_seconds=SECONDS, container="mp4", width=320, height=240, play="original"
    )
    filing.propose_session(upload, plays=True)
    return upload


def read_clock(upload: Upload) -> None:
    jobs.enqueue(READ_CLOCK, subject="clock", upload=upload.uuid)
    jobs.work_off(subject="clock")


def clock_of(upload: Upload) -> RecordingClock:
    return upload.clocks.get(superseded_at=None)


def test_a_container_tells_when_it_was_made(clip, tmp_path):
    assert ffmpeg.written_at(clip) == datetime(2026, 10, 21, 0, 27, 40, tzinfo=UTC)
    bare = tmp_path / "bare.mp4"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(clip), "-map_metadata", "-1"]
    subprocess.run([*command, "-c", "copy", "-t", "1", str(bare)], check=True, capture_output=True)
    assert ffmpeg.written_at(bare) is None


def test_the_clock_in_the_picture_counts_most_and_the_file_is_kept_beside(dossier, session, clip, reader):
    upload = taken_in(dossier, clip, "A教室_20261021_0825.mp4")
    read_clock(upload)
    clock = clock_of(upload)
    assert clock.basis == Basis.BURNT_IN
    assert abs((clock.begins_at - datetime(2026, 10, 21, 0, 27, 40, tzinfo=UTC)).total_seconds()) <= 1
    assert set(upload.clocks.values_list("basis", flat=True)) == set(Basis.values) - {Basis.ALIGNED}


def test_where_nobody_reads_the_name_counts_and_then_the_container(dossier, session, clip):
    named = taken_in(dossier, clip, "A教室_20261021_0825.mp4")
    read_clock(named)
    assert (clock_of(named).basis, clock_of(named).within_seconds) == (Basis.FILE_NAME, 60)
    nameless = taken_in(factories.make_dossier(stage="training"), clip)
    read_clock(nameless)
    assert (clock_of(nameless).basis, clock_of(nameless).within_seconds) == (Basis.FILE_TIME, 3600)


def test_the_clock_finds_the_session_that_the_name_does_not_tell(dossier, clip, reader):
    early = factories.make_session(dossier, held_on=DAY, starts_at=time(8, 27))
    factories.make_session(dossier, held_on=DAY, starts_at=time(13, 30))
    read_clock(taken_in(dossier, clip))
    proposed = dossier.filings.get()
    assert (proposed.session, proposed.state) == (early, "proposed")
    assert proposed.reasons[0]["code"] == "session_by_clock"


def test_a_clock_that_contradicts_the_timetable_is_kept_as_it_reads_and_files_nothing(dossier, clip, reader):
    factories.make_session(dossier, held_on=date(2026, 10, 23), starts_at=time(8, 27))
    upload = taken_in(dossier, clip)
    read_clock(upload)
    assert clock_of(upload).begins_at.date() == DAY
    assert dossier.filings.get().session is None


def test_a_recording_dropped_on_a_session_is_proposed_for_it_whatever_it_is_called(dossier, session, clip):
    factories.make_session(dossier, held_on=date(2026, 10, 23), starts_at=STARTS)
    upload = taken_in(dossier, clip, "20261023_0830.mp4", target_session=session)
    assert dossier.filings.get().session == session
    assert dossier.filings.get().reasons[0]["code"] == "dropped_on_session"
    assert upload.sheets.get().state == "in_tray"


def test_reading_twice_changes_nothing(dossier, session, clip, reader):
    upload = taken_in(dossier, clip)
    read_clock(upload)
    before = list(upload.clocks.values_list("pk", "superseded_at"))
    read_clock(upload)
    assert list(upload.clocks.values_list("pk", "superseded_at")) == before


def test_a_picture_without_a_clock_leaves_what_the_file_says(dossier, session, clip):
    readers.register("blind", lambda picture: ("课件",))
    try:
        upload = taken_in(dossier, clip)
        read_clock(upload)
    finally:
        readers.forget()
    assert clock_of(upload).basis == Basis.FILE_TIME


def test_indexing_a_recording_has_its_clock_read(dossier, session, clip):
    upload = taken_in(dossier, clip, "A教室_20261021_0825.mp4")
    jobs.work(jobs.enqueue(INDEX, subject="index", upload=upload.uuid).uuid)
    waiting = Job.objects.get(kind=READ_CLOCK)
    jobs.work(waiting.uuid)
    assert clock_of(upload).basis == Basis.FILE_NAME


def test_a_recording_taken_back_is_not_read(dossier, session, clip):
    upload = taken_in(dossier, clip, "A教室_20261021_0825.mp4")
    Upload.objects.update(withdrawn_at=timezone.now())
    read_clock(upload)
    assert not upload.clocks.exists()
