"""Recordings: probed, made to play, proposed for a lesson; hostile ones open nothing else."""

import io
import subprocess
from datetime import date, time
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from cms.rows.reasons import reason_text
from dossiers.models import Filing, Sheet, Upload
from foundation import jobs
from foundation.blobs import store
from ingestion.specimens.clip import make_clip
from ingestion.specimens.course import make_course
from media_processing import ffmpeg
from media_processing.containers import starts_fast
from media_processing.indexing import prepare
from media_processing.matching import Sitting, match_session, stamp_of
from media_processing.models import RecordingProbe
from media_processing.tracks import RecordingFacts, Track
from tests import factories
from tests.cms.intake_desk import Sender


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """Two seconds of a lesson, H.264 and AAC in an MP4."""
    folder = tmp_path_factory.mktemp("clip")
    return make_clip(
        folder / "lesson.mp4", make_course("2026-014", ledger="enterprise_14", seed=1), seconds=2
    )


def rewrapped(clip: Path, target: Path, *options: str) -> Path:
    """The same streams wrapped otherwise."""
    command = [
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-y",
        "-i",
        str(clip),
        "-c",
        "copy",
        *options,
        str(target),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return target


def test_a_probe_tells_duration_streams_and_size(clip):
    facts = ffmpeg.probe(clip)
    assert facts.duration_seconds == pytest.approx(2, abs=0.2)
    assert facts.picture.codec == "h264" and facts.sound.codec == "aac"
    assert facts.picture.width > facts.picture.height > 0
    assert facts.has_browser_tracks


@pytest.mark.parametrize("suffix", ["mkv", "ts", "mov"])
def test_what_a_browser_cannot_begin_is_wrapped_anew_with_the_same_streams(clip, suffix, tmp_path):
    other = rewrapped(clip, tmp_path / f"lesson.{suffix}")
    prepared = prepare(other, tmp_path)
    assert prepared.plays and prepared.playable is not None
    assert starts_fast(prepared.playable)
    assert ffmpeg.probe(prepared.playable).picture == ffmpeg.probe(clip).picture


def test_an_mp4_whose_index_stands_first_plays_as_it_is(clip, tmp_path):
    fast = rewrapped(clip, tmp_path / "fast.mp4", "-movflags", "+faststart")
    prepared = prepare(fast, tmp_path)
    assert prepared.playable is None and prepared.plays
    slow = rewrapped(clip, tmp_path / "slow.mp4")
    assert starts_fast(fast) and not starts_fast(slow)


def test_a_poster_is_a_small_picture(clip, tmp_path):
    poster = prepare(clip, tmp_path).poster
    assert Image.open(poster).size[0] == ffmpeg.POSTER_WIDTH


def test_a_playlist_called_mp4_opens_no_other_file(clip, tmp_path):
    for name, text in {
        "a.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{clip}\n#EXT-X-ENDLIST\n",
        "b.mp4": f"ffconcat version 1.0\nfile '{clip}'\n",
    }.items():
        hostile = tmp_path / name
        hostile.write_text(text)
        with pytest.raises(ffmpeg.Unreadable):
            ffmpeg.probe(hostile)
        with pytest.raises(ffmpeg.Unreadable):
            ffmpeg.poster(hostile, tmp_path / "poster.jpg", at_seconds=0)


def test_noise_called_mp4_is_no_recording(tmp_path):
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 4000)
    with pytest.raises(ffmpeg.Unreadable):
        ffmpeg.probe(noise)


@pytest.mark.parametrize(
    ("codec", "plays"), [("h264", True), ("hevc", False), ("mpeg2video", False), ("vp9", False)]
)
def test_only_streams_every_browser_knows_count_as_playable(codec, plays):
    facts = RecordingFacts(10, ("mp4",), (Track("video", codec, 1920, 1080),), starts_fast=True)
    assert facts.plays_as_it_is is plays


@pytest.mark.parametrize(
    ("name", "stamp"),
    [
        ("20261019_083000.mp4", (date(2026, 10, 19), time(8, 30))),
        ("教室1 2026-10-19 08-30.mp4", (date(2026, 10, 19), time(8, 30))),
        ("2026年10月19日 第一节.mp4", (date(2026, 10, 19), None)),
        ("2026.10.19下午.mkv", (date(2026, 10, 19), None)),
        ("2026-02-30.mp4", None),
        ("MVI_0042.mp4", None),
    ],
)
def test_recorders_write_day_and_hour_into_names(name, stamp):
    assert stamp_of(name) == stamp


MORNING = Sitting("morning", date(2026, 10, 19), time(8, 30))
AFTERNOON = Sitting("afternoon", date(2026, 10, 19), time(13, 30))
NEXT_DAY = Sitting("next", date(2026, 10, 20), time(8, 30))


@pytest.mark.parametrize(
    ("name", "sittings", "key", "reason"),
    [
        ("20261020.mp4", [MORNING, AFTERNOON, NEXT_DAY], "next", "session_by_date"),
        ("20261019_1335.mp4", [MORNING, AFTERNOON], "afternoon", "session_by_time"),
        ("20261019.mp4", [MORNING, AFTERNOON], None, "several_sessions_that_day"),
        ("20261019_2200.mp4", [MORNING], None, "time_fits_no_session"),
        ("20261021.mp4", [MORNING], None, "no_session_that_day"),
        ("lesson.mp4", [MORNING], None, "no_date_in_name"),
        (
            "20261019.mp4",
            [Sitting("morning", date(2026, 10, 19), time(8, 30), is_recorded=True)],
            None,
            "session_has_recording",
        ),
    ],
)
def test_a_recording_finds_its_session_only_where_nothing_else_fits(name, sittings, key, reason):
    found = match_session(name, sittings)
    assert (found.key, found.reason) == (key, reason)


@pytest.mark.django_db
def test_an_mp4_is_one_row_with_duration_and_plays_by_ranges(clip, tmp_path):
    dossier = factories.make_dossier()
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    session = factories.make_session(dossier, held_on=date(2026, 10, 19))
    content = clip.read_bytes()
    answer = Sender.of(clerk, dossier).send("20261019_0830 食品安全.mp4", content)
    assert answer.status_code == 204
    upload = Upload.objects.get()
    assert upload.medium == "recording" and upload.page_count == 1
    assert upload.duration_seconds == pytest.approx(2, abs=0.2)
    jobs.work_off(subject=str(dossier.uuid))
    probe = RecordingProbe.objects.get(upload=upload)
    assert probe.is_playable and probe.has_poster and probe.video_codec == "h264"
    proposed = Filing.objects.get()
    assert (proposed.item_id, proposed.part, proposed.session) == (
        "theory_video_and_site_photos",
        "theory_lesson_video",
        session,
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(clerk)
    part = client.get(f"/recordings/{upload.uuid}/play", headers={"Range": "bytes=0-99"})
    assert (part.status_code, part["Content-Type"]) == (206, "video/mp4")
    assert len(b"".join(part.streaming_content)) == 100
    thumb = client.get(f"/sheets/{Sheet.objects.get().uuid}/thumb")
    assert Image.open(io.BytesIO(b"".join(thumb.streaming_content))).format == "JPEG"
    with store().open(upload.blob.sha256) as original:
        assert original.read() == content


@pytest.mark.django_db
def test_a_recording_without_a_lesson_waits_in_the_tray_with_its_reason(clip):
    dossier = factories.make_dossier()
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    Sender.of(clerk, dossier).send("MVI_0042.mp4", clip.read_bytes())
    jobs.work_off(subject=str(dossier.uuid))
    proposed = Filing.objects.get()
    assert proposed.session is None
    assert [reason["code"] for reason in proposed.reasons] == ["no_date_in_name"]


def test_every_reason_a_recording_can_have_is_worded():
    codes = {match_session(name, [MORNING]).reason for name in ("x.mp4", "20261019.mp4", "20261019_2200.mp4")}
    unknown = reason_text({"code": "no_such_code"})
    for code in codes | {"several_sessions_that_day", "recording_does_not_play", "session_by_time"}:
        assert reason_text({"code": code}) not in ("", unknown)
