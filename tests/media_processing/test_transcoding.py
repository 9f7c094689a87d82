"""What browsers cannot play: told with its cost, made playable when a person asks, the original untouched."""

import subprocess
from pathlib import Path

import pytest

from foundation.errors import LeaseLost
from media_processing import ffmpeg, transcoding
from media_processing.containers import starts_fast
from media_processing.tracks import RecordingFacts, Track
from media_processing.transcoding import AS_IT_IS


def drawn(target: Path, *codecs: str, seconds: float = 2, size: str = "320x180") -> Path:
    """A test picture and a tone, in whatever streams and container the target's name asks for."""
    command = [
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-y",
        "-f",
        "lavfi",
        "-i",
        f"testsrc2=s={size}:r=10:d={seconds}",
    ]
    command += ["-f", "lavfi", "-i", f"sine=f=330:d={seconds}", "-shortest", *codecs, str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


ODD = {
    "h265.mp4": ("-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "aac"),
    "mpeg2.ts": ("-c:v", "mpeg2video", "-c:a", "mp2"),
    "mpeg4.avi": ("-c:v", "mpeg4", "-c:a", "mp3"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_no_browser_plays_becomes_a_fast_start_mp4_that_every_browser_plays(name, tmp_path):
    odd = drawn(tmp_path / name, *ODD[name])
    before = odd.read_bytes()
    assert not ffmpeg.probe(odd).has_browser_tracks
    told: list[float] = []
    target = tmp_path / "out" / "play.mp4"
    target.parent.mkdir()
    transcoding.transcode(odd, target, height=720, threads=1, tell=told.append)
    made = ffmpeg.probe(target)
    assert made.plays_as_it_is and starts_fast(target)
    assert (made.picture.codec, made.picture.width, made.picture.height) == (
        "h264",
        320,
        180,
    )  # never blown up
    assert made.duration_seconds == pytest.approx(2, abs=0.3)
    assert odd.read_bytes() == before


def test_a_picture_is_made_no_higher_than_was_asked(tmp_path):
    odd = drawn(tmp_path / "h265.mkv", *ODD["h265.mp4"], size="1920x1080", seconds=0.5)
    transcoding.transcode(odd, tmp_path / "play.mp4", height=720, threads=2, tell=lambda seconds: None)
    assert ffmpeg.probe(tmp_path / "play.mp4").picture.height == 720


def test_where_only_the_sound_is_odd_the_picture_is_not_touched(tmp_path):
    odd = drawn(tmp_path / "pcm.mkv", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le")
    facts = ffmpeg.probe(odd)
    assert transcoding.heights(facts) == (AS_IT_IS,)
    transcoding.transcode(odd, tmp_path / "play.mp4", height=AS_IT_IS, threads=1, tell=lambda seconds: None)
    assert ffmpeg.probe(tmp_path / "play.mp4").plays_as_it_is
    assert _picture_of(tmp_path / "play.mp4") == _picture_of(odd)


def _picture_of(path: Path) -> bytes:
    """The packets of the picture by their own sum."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy", "-f", "h264", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_the_cost_is_measured_on_this_recording_and_grows_with_its_length(tmp_path):
    odd = drawn(tmp_path / "mpeg2.ts", *ODD["mpeg2.ts"], seconds=2)
    facts = ffmpeg.probe(odd)
    (short,) = transcoding.costs(odd, facts, threads=1)
    assert short.height == 720 and short.cpu_seconds > 0
    transcoding.transcode(odd, tmp_path / "play.mp4", height=720, threads=1, tell=lambda seconds: None)
    real = (tmp_path / "play.mp4").stat().st_size
    assert real / 2 < short.size < real * 2


@pytest.mark.parametrize(
    ("codec", "height", "ways"),
    [("hevc", 1080, (1080, 720)), ("hevc", 720, (720,)), ("mpeg4", 576, (720,)), ("h264", 1080, (AS_IT_IS,))],
)
def test_the_ways_offered_follow_from_what_does_not_play(codec, height, ways):
    facts = RecordingFacts(60, ("avi",), (Track("video", codec, 1920, height), Track("audio", "ac3")))
    assert transcoding.heights(facts) == ways


def test_what_is_cancelled_ends_in_mid_work(tmp_path):
    odd = drawn(tmp_path / "mpeg2.ts", *ODD["mpeg2.ts"], size="1920x1080", seconds=12)

    def tell(seconds: float) -> None:
        raise LeaseLost

    with pytest.raises(LeaseLost):
        transcoding.transcode(odd, tmp_path / "play.mp4", height=720, threads=1, tell=tell)


def test_a_recording_that_breaks_off_at_once_cannot_be_made_playable(tmp_path):
    broken = tmp_path / "broken.avi"
    broken.write_bytes(drawn(tmp_path / "whole.avi", *ODD["mpeg4.avi"]).read_bytes()[:600])
    with pytest.raises(ffmpeg.Unreadable):
        transcoding.transcode(broken, tmp_path / "play.mp4", height=720, threads=1, tell=lambda seconds: None)
