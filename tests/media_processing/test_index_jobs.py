"""An index made by several jobs: every worker alike, nobody twice, and a killed one is followed by another."""

import json
import subprocess
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.utils import timezone

from dossiers.models import Room, Upload
from foundation import jobs
from foundation.blobs import STORES, store
from foundation.errors import DiskFull, NoSpace
from foundation.folder_store import FolderStore
from foundation.models import Job
from media_processing import ffmpeg, index_jobs, readers
from media_processing.filing import ITEM, PART
from media_processing.index_jobs import FIND_SLIDES, MERGE, READ_SLIDES, SEGMENT
from media_processing.indexing import IndexOptions, index
from media_processing.jobs import INDEX
from media_processing.models import (
    FINGERPRINT,
    KEYFRAMES,
    IndexedRecording,
    RecordingProbe,
    Segment,
    storyboard_page,
)
from media_processing.signals import recording_index_made
from media_processing.specimens.lesson import SLIDE_BOX, Fault, Lesson, record
from media_processing.tracks import Kind, Region
from tests import factories
from tests.crashing import in_child
from tests.media_processing.taken_in import take_in

WALL = Region(*SLIDE_BOX)
LESSON = Lesson(
    seconds=60,
    width=320,
    height=180,
    frames_a_second=5,
    slides=(0.0, 17.4, 41.2),
    faults=(Fault(Kind.FROZEN, 26, 34), Fault(Kind.SILENT, 48, 54)),
)
IN_THREE = 20.0


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> Path:
    return record(LESSON, tmp_path_factory.mktemp("lesson") / "20261019_0830.mp4")


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.OCR_ENGINE = "null"
    settings.FACE_ENGINE = "null"
    settings.JOB_RETRY_SECONDS = 0
    readers.register("a reader", lambda picture: (f"第 {picture.shape[1]} 页", "231299199003070421"))
    yield
    readers.forget()


@pytest.fixture
def recording(db, lesson) -> Upload:
    """In a room whose slides' region was drawn."""
    dossier = factories.make_dossier()
    session = factories.make_session(dossier, held_on=date(2026, 10, 19), room="一号教室")
    Room.objects.create(
        institution=dossier.trainer,
        name="一号教室",
        slide_region=[WALL.left, WALL.top, WALL.width, WALL.height],
    )
    upload = take_in(dossier, lesson)
    factories.make_filing(
        dossier, ITEM, upload=upload, part=PART, session=session, state="proposed", kind="recording"
    )
    return upload


def begin(recording: Upload, *, segment_seconds: float = IN_THREE) -> None:
    """What the first job does behind its probe, with segments short enough for a test."""
    sha256 = recording.blob.sha256
    with store().local_path(sha256) as path:
        facts = ffmpeg.probe(path)
    RecordingProbe.objects.get_or_create(
        upload=recording, defaults={"duration_seconds": facts.duration_seconds, "video_codec": "h264"}
    )
    index_jobs.begin(
        recording,
        facts.duration_seconds,
        has_picture=True,
        subject=str(recording.dossier.uuid),
        segment_seconds=segment_seconds,
    )


def kinds(state: str = "done") -> list[str]:
    """The jobs of an index; who listens to it sends jobs of his own."""
    own = (SEGMENT, FIND_SLIDES, READ_SLIDES, MERGE)
    return sorted(Job.objects.filter(state=state, kind__in=own).values_list("kind", flat=True))


@pytest.fixture
def told():
    """Whoever listens hears of each finished index."""
    heard: list[int] = []

    def listen(indexed, **_sent):
        heard.append(indexed.version)

    recording_index_made.connect(listen)
    yield heard
    recording_index_made.disconnect(listen)


def test_segments_that_several_workers_did_make_the_index_of_the_whole(recording, lesson, told) -> None:
    begin(recording)
    assert Segment.objects.filter(upload=recording).count() == 4
    jobs.work_off()
    assert kinds() == sorted([SEGMENT] * 4 + [FIND_SLIDES] + [READ_SLIDES] * 2 + [MERGE])
    kept, whole = IndexedRecording.objects.get(upload=recording), index(lesson, IndexOptions(WALL))
    assert [round(one.start, 2) for one in kept.slides.all()] == [one.start for one in whole.slides]
    assert [(one.kind, one.start, one.end, one.source_start) for one in kept.incidents.all()] == [
        (one.kind.value, one.start, one.end, one.source_start) for one in whole.incidents
    ]
    assert kept.keyframe_count == len(whole.keyframe_seconds) and not kept.region_is_proposed
    assert told == [1] and {"keyframes", "sound", "suspicious", "slides"} <= set(kept.cpu_seconds)


def test_slides_are_read_with_numbers_masked(recording) -> None:
    begin(recording)
    jobs.work_off()
    texts = [one.text for one in IndexedRecording.objects.get().slides.all()]
    assert len(texts) == 3 and all(text.startswith("第 1") for text in texts)
    assert all("231299199003070421" not in text and "2312**********0421" in text for text in texts)
    assert IndexedRecording.objects.get().engines == ["a reader"]


def test_beside_the_original_lie_storyboard_fingerprint_and_keyframes(recording) -> None:
    begin(recording)
    jobs.work_off()
    kept, sha256 = IndexedRecording.objects.get(), recording.blob.sha256
    board = kept.storyboard
    assert (board["columns"], board["rows"], board["width"], board["pages"]) == (10, 10, 160, 1)
    assert board["seconds"] == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    with store().open_derivative(sha256, storyboard_page(0)) as page:
        picture = cv2.imdecode(np.frombuffer(page.read(), np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (board["height"], 10 * board["width"], 3)
    assert picture[:, : 6 * 160].mean() > 60 > picture[:, 6 * 160 + 8 :].mean()
    with store().open_derivative(sha256, KEYFRAMES) as told:
        assert len(json.load(told)["seconds"]) == kept.keyframe_count
    assert store().derivative_size(sha256, FINGERPRINT) > 4 * 300


def test_a_worker_killed_in_mid_index_is_followed_by_one_that_goes_on_from_finished_segments(
    transactional_db, lesson
) -> None:
    recording = take_in(factories.make_dossier(), lesson)
    begin(recording)
    first = Job.objects.filter(kind=SEGMENT).order_by("pk")[1]
    jobs.work(first.uuid)
    finished = Segment.objects.get(upload=recording, number=1).done_at
    second = Job.objects.filter(kind=SEGMENT).order_by("pk")[2]
    assert in_child(
        "tests.foundation.crash_scenes.work", str(second.uuid), crash_at="segment_looked_at"
    ).was_killed
    assert Segment.objects.get(upload=recording, number=2).done_at is None
    Job.objects.filter(pk=second.pk).update(lease_until=timezone.now() - timezone.timedelta(seconds=1))
    jobs.work_off()
    assert Segment.objects.get(upload=recording, number=1).done_at == finished
    assert IndexedRecording.objects.get(upload=recording).incidents.count() == 2
    assert Job.objects.filter(kind=MERGE).count() == 1


def test_jobs_done_twice_send_nobody_twice_and_change_nothing(recording, told) -> None:
    begin(recording)
    jobs.work_off()
    before = list(Segment.objects.values_list("found", flat=True))
    for one in Job.objects.filter(kind__in=(SEGMENT, READ_SLIDES)):
        jobs.enqueue(one.kind, **one.arguments)
    jobs.work_off()
    assert list(Segment.objects.values_list("found", flat=True)) == before
    assert Job.objects.filter(kind=FIND_SLIDES).count() == 1 and told == [1]


def test_the_last_of_two_that_finish_together_sends_the_next_job_once(recording) -> None:
    begin(recording)
    waiting = list(Job.objects.filter(kind=SEGMENT).order_by("-pk"))
    for number, one in enumerate(waiting, start=1):
        jobs.work(one.uuid)
        assert Job.objects.filter(kind=FIND_SLIDES).count() == int(number == len(waiting))


def test_a_region_drawn_later_gives_new_slides_from_the_pictures_that_were_kept(recording, told) -> None:
    Room.objects.update(slide_region=[0.0, 0.9, 0.1, 0.1])  # the floor: nothing changes there
    begin(recording)
    jobs.work_off()
    assert IndexedRecording.objects.get().slides.count() == 1
    Room.objects.update(slide_region=[WALL.left, WALL.top, WALL.width, WALL.height])
    assert index_jobs.index_slides_again(recording) is not None
    jobs.work_off()
    kept = IndexedRecording.objects.get()
    assert (kept.slides.count(), kept.version, told) == (3, 2, [1, 2])
    assert Job.objects.filter(kind=SEGMENT).count() == 4


class FullStore(FolderStore):
    """A folder on a disk that is full for as long as `is_full`."""

    is_full = True

    def put_derivative(self, sha256, name, content) -> None:
        if self.is_full and name.startswith("segment"):
            raise NoSpace
        super().put_derivative(sha256, name, content)


def test_a_disk_that_fills_up_in_mid_index_is_told_and_the_retry_goes_on(
    recording, settings, monkeypatch
) -> None:
    begin(recording)
    sound, *pictures = Job.objects.filter(kind=SEGMENT).order_by("pk")
    jobs.work(sound.uuid)
    monkeypatch.setitem(STORES, "full", f"{__name__}.FullStore")
    settings.BLOB_STORE = {"kind": "full", "root": settings.BLOB_STORE["root"]}
    jobs.work_off()
    pictures[0].refresh_from_db()
    assert pictures[0].error_code == "no_space_for_index" and pictures[0].attempts == pictures[0].max_attempts
    assert "腾出空间" in pictures[0].error_text and recording.file_name in pictures[0].error_text
    settings.BLOB_STORE = {"kind": "folder", "root": settings.BLOB_STORE["root"]}
    for one in pictures:
        one.refresh_from_db()
        jobs.retry(one)
    jobs.work_off()
    assert IndexedRecording.objects.get().slides.count() == 3
    sound.refresh_from_db()
    assert sound.attempts == 1


def test_a_muxer_that_hides_a_full_disk_is_found_out() -> None:
    with pytest.raises(DiskFull):
        ffmpeg.refuse_when_full(b"av_interleaved_write_frame(): No space left on device\n")
    ffmpeg.refuse_when_full(b"bench: utime=0.1s stime=0.0s rtime=0.1s\n")


def test_a_recording_that_was_withdrawn_is_not_indexed(recording) -> None:
    begin(recording)
    Upload.objects.update(withdrawn_at=timezone.now())
    jobs.work_off()
    assert not IndexedRecording.objects.exists() and kinds("failed") == []


def test_sound_alone_is_indexed_without_pictures(db, lesson, tmp_path) -> None:
    heard = tmp_path / "heard.mp4"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(lesson), "-c", "copy", "-vn", str(heard)], check=True
    )
    recording = take_in(factories.make_dossier(), heard)
    jobs.enqueue(INDEX, upload=recording.uuid)
    jobs.work_off()
    kept = IndexedRecording.objects.get()
    assert [one.kind for one in kept.incidents.all()] == ["silent"]
    assert (kept.slides.count(), kept.storyboard["pages"], kept.keyframe_count) == (0, 0, 0)
