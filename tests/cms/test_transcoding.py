"""A recording that no browser plays: told with its cost, begun by a person, playable in the end; others are at once."""

import subprocess
from pathlib import Path

import pytest

from dossiers.models import Upload
from foundation import jobs
from foundation.blobs import store
from foundation.models import Job
from media_processing import transcode_jobs
from media_processing.models import PLAYABLE, RecordingProbe
from tests import factories
from tests.cms.intake_desk import Sender, pdf

pytestmark = pytest.mark.django_db
Play = RecordingProbe.Play


@pytest.fixture(autouse=True)
def null_engine(settings, tmp_path):
    settings.OCR_ENGINE = "null"
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.JOB_RETRY_SECONDS = 0


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=1)


@pytest.fixture
def sender(dossier):
    return Sender.of(factories.make_account("clerk", institution=dossier.custodian), dossier)


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """One second of a test picture, as a recorder of each sort writes it."""
    folder = tmp_path_factory.mktemp("clips")
    sorts = {
        "lesson.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart"),
        "lesson.mkv": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        "lesson.mov": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        "lesson.avi": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "mp3"),
        "lesson.ts": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
        "mpeg2.ts": ("-c:v", "mpeg2video", "-c:a", "mp2"),
        "mpeg2.mpg": ("-c:v", "mpeg2video", "-c:a", "mp2"),
        "tone.mp4": ("-vn", "-c:a", "aac"),
    }
    for name, codecs in sorts.items():
        command = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=1"]
        command += ["-f", "lavfi", "-i", "sine=f=330:d=1", *codecs, str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    return folder


def taken_in(sender: Sender, path: Path) -> Upload:
    """Sent, and looked at far enough to know whether it plays."""
    assert sender.send(path.name, path.read_bytes()).status_code == 204
    upload = Upload.objects.get(file_name=path.name)
    assert "还没有看过" in part(sender, upload)
    _do("index_recording", upload)
    upload.refresh_from_db()
    return upload


def _do(kind: str, upload: Upload) -> None:
    assert jobs.work(Job.objects.get(kind=kind, arguments__upload=str(upload.uuid)).uuid)


def part(sender: Sender, upload: Upload) -> str:
    return sender.client.get(sender.dossier.screen("transcode", upload.uuid)).content.decode()


def played(sender: Sender, upload: Upload) -> bytes:
    answer = sender.client.get(f"/recordings/{upload.uuid}/play")
    assert answer["Content-Type"] == "video/mp4" and answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("name", "play"),
    [
        ("lesson.mp4", Play.ORIGINAL),
        ("lesson.mkv", Play.REMUXED),
        ("lesson.mov", Play.REMUXED),
        ("lesson.avi", Play.REMUXED),
        ("lesson.ts", Play.REMUXED),
    ],
)
def test_every_container_of_recorders_plays_before_its_index_is_begun(name, play, sender, clips):
    upload = taken_in(sender, clips / name)
    assert upload.probe.play == play
    assert b"ftyp" in played(sender, upload)[:12]
    assert not hasattr(Upload.objects.get(pk=upload.pk), "indexed")
    waiting = set(Job.objects.filter(state=Job.State.WAITING).values_list("kind", flat=True))
    assert waiting and transcode_jobs.PRICE not in waiting  # the index waits; there is nothing to transcode
    assert "<form" not in part(sender, upload)


def test_what_does_not_play_is_priced_and_made_playable_when_a_person_asks(sender, dossier, clips):
    upload = taken_in(sender, clips / "mpeg2.ts")
    assert upload.probe.play == Play.NONE
    assert "正在估算" in part(sender, upload)
    _do(transcode_jobs.PRICE, upload)
    shown = part(sender, upload)
    assert "画面 mpeg2video" in shown and "约占 CPU 1 分钟" in shown and "KB" in shown
    assert not Job.objects.filter(kind=transcode_jobs.TRANSCODE).exists()  # nothing begins by itself
    for _twice in range(2):
        sender.client.post(dossier.screen("transcode", upload.uuid), {"height": "720"})
    _do(transcode_jobs.TRANSCODE, upload)
    upload.probe.refresh_from_db()
    assert upload.probe.play == Play.TRANSCODED
    assert b"ftyp" in played(sender, upload)[:12]
    with store().open(upload.blob.sha256) as original:
        assert original.read() == (clips / "mpeg2.ts").read_bytes()


def test_a_program_stream_is_taken_in_and_offered_to_be_transcoded(sender, clips):
    upload = taken_in(sender, clips / "mpeg2.mpg")
    assert (upload.blob.media_type, upload.probe.play) == ("video/mpeg", Play.NONE)
    _do(transcode_jobs.PRICE, upload)
    assert "开始转码" in part(sender, upload)


def test_a_recording_is_looked_at_and_priced_between_two_pages_of_a_long_file(sender, clips):
    assert sender.send("叠.pdf", pdf(2)).status_code == 204
    assert sender.send("mpeg2.ts", (clips / "mpeg2.ts").read_bytes()).status_code == 204
    jobs.work(Job.objects.get(kind="read_upload").uuid)
    order = list(Job.objects.exclude(finished_at=None).order_by("finished_at").values_list("kind", flat=True))
    assert order[-3:] == ["index_recording", transcode_jobs.PRICE, "read_upload"]
    assert Job.objects.filter(kind="index_segment", state="waiting").exists()  # the index stays behind


def test_a_recording_is_looked_at_before_papers_are_read_or_drawn():
    first, priced = jobs.kind_of("index_recording"), jobs.kind_of(transcode_jobs.PRICE)
    papers = [
        jobs.kind_of(name).priority for name in ("take_in", "read_pieces", "draw_upload", "read_upload")
    ]
    assert jobs.kind_of("read_photo").priority > first.priority > max(papers)
    assert priced.priority > jobs.kind_of("read_upload").priority


def test_a_head_without_pictures_is_told_to_be_broken(sender, dossier, clips):
    (clips / "broken.mkv").write_bytes((clips / "lesson.mkv").read_bytes()[:1000])
    upload = taken_in(sender, clips / "broken.mkv")
    assert (upload.state, upload.problem) == (Upload.State.UNREADABLE, "broken_video")
    sentence = "broken.mkv 的录像内容读不出来"
    assert sentence in part(sender, upload) and "hx-trigger" not in part(sender, upload)
    assert sentence in sender.client.get(dossier.screen("sessions")).content.decode()


def test_no_video_is_shown_in_the_tray_before_it_plays(sender, dossier, clips):
    def in_view() -> str:
        return sender.client.get(dossier.screen("tray")).content.decode()

    path = clips / "lesson.ts"
    assert sender.send(path.name, path.read_bytes()).status_code == 204
    assert "看时间线、幻灯和到场" in in_view() and "<video" not in in_view()
    _do("index_recording", Upload.objects.get())
    assert "<video" in in_view()


def test_looked_at_again_it_still_plays(sender, dossier, clips):
    test_what_does_not_play_is_priced_and_made_playable_when_a_person_asks(sender, dossier, clips)
    upload = Upload.objects.get()
    again = jobs.enqueue("index_recording", subject=str(dossier.uuid), upload=upload.uuid)
    jobs.work(again.uuid)
    assert RecordingProbe.objects.get(upload=upload).play == Play.TRANSCODED


def test_a_way_that_was_not_offered_is_refused(sender, dossier, clips):
    upload = taken_in(sender, clips / "lesson.mp4")
    answer = sender.client.post(
        dossier.screen("transcode", upload.uuid), {"height": "720"}, headers={"HX-Request": "true"}
    )
    assert "不需要转码" in answer.content.decode()
    assert not Job.objects.filter(kind=transcode_jobs.TRANSCODE).exists()


def test_a_cancelled_transcoding_leaves_nothing_and_may_be_begun_again(sender, dossier, clips):
    upload = taken_in(sender, clips / "mpeg2.ts")
    _do(transcode_jobs.PRICE, upload)
    sender.client.post(dossier.screen("transcode", upload.uuid), {"height": "720"})
    begun = Job.objects.get(kind=transcode_jobs.TRANSCODE)
    assert dossier.screen("cancel-job", begun.uuid) in part(sender, upload)
    sender.client.post(dossier.screen("cancel-job", begun.uuid))
    assert not jobs.work(begun.uuid)
    assert not store().has_derivative(upload.blob.sha256, PLAYABLE)
    assert "开始转码" in part(sender, upload)


def test_whoever_only_looks_hears_what_can_be_done_and_begins_nothing(sender, dossier, clips):
    upload = taken_in(sender, clips / "mpeg2.ts")
    _do(transcode_jobs.PRICE, upload)
    archivist = factories.make_account("institution_archivist", institution=dossier.custodian)
    onlooker = Sender.of(archivist, dossier)
    assert "可请报送单位转一份" in part(onlooker, upload) and "<form" not in part(onlooker, upload)
    address = dossier.screen("transcode", upload.uuid)
    assert onlooker.client.post(address, {"height": "720"}).status_code == 404


def test_sound_alone_is_no_recording_of_a_lesson(sender, clips):
    answer = sender.send("tone.mp4", (clips / "tone.mp4").read_bytes())
    assert answer.status_code == 422 and "录像内容读不出来" in answer.json()["message"]
