"""Whatever is handed in as a recording has an honest answer: an index of what is there, or a refusal that says so."""

import json
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from media_processing.specimens.lesson import Fault, Lesson, record
from media_processing.tracks import Kind

CLIP = Lesson(seconds=14, width=320, height=180, frames_a_second=5, faults=(Fault(Kind.BLACK, 6, 9),))


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    return record(CLIP, tmp_path_factory.mktemp("clip") / "clip.mp4")


def made(source: Path, target: Path, *options: str) -> Path:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(source), *options, str(target)]
    subprocess.run(command, check=True)
    return target


def indexed(path: Path, *options: str) -> dict:
    said = StringIO()
    call_command("index_recording", path, "--slide-text", "null", "--json", *options, stdout=said)
    return json.loads(said.getvalue())


def black(found: dict) -> list[tuple[float, float]]:
    return [(one["start"], one["end"]) for one in found["incidents"] if one["kind"] == "black"]


def test_the_answer_has_exactly_the_promised_parts(clip) -> None:
    found = indexed(clip, "--slide-region", "134,14,108,64")
    assert set(found) == {
        *("duration", "streams", "keyframe_seconds", "playable", "slides", "incidents", "samples"),
        *("presence", "unknown", "engines", "cpu_seconds"),
    }
    assert set(found["slides"][0]) == {"start", "end", "text"}
    assert set(found["incidents"][0]) == {"kind", "start", "end", "source_start"}
    assert black(found) == [(6.0, 9.0)]


@pytest.mark.parametrize(
    "content",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{clip}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{name}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{clip}'\n",
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>{clip}</BaseURL></Period></MPD>',
    ],
)
def test_a_playlist_called_mp4_opens_no_other_file(clip, content) -> None:
    hostile = clip.with_name("list.mp4")
    hostile.write_text(content.format(clip=clip, name=clip.name))
    with pytest.raises(CommandError, match="not a recording"):
        indexed(hostile)


def test_an_mp4_cut_off_before_its_index_is_refused(clip, tmp_path) -> None:
    cut = tmp_path / "cut.mp4"
    whole = clip.read_bytes()
    assert whole.find(b"moov") > len(whole) // 2
    cut.write_bytes(whole[: whole.find(b"moov") - 8])
    with pytest.raises(CommandError, match="not a recording"):
        indexed(cut)


def test_an_mp4_cut_off_behind_its_index_tells_of_what_is_there(clip, tmp_path) -> None:
    fast = made(clip, tmp_path / "fast.mp4", "-c", "copy", "-movflags", "+faststart").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(fast[: len(fast) * 8 // 10])
    found = indexed(cut)
    assert black(found) == [(6.0, 9.0)] and found["keyframe_seconds"][-1] < 14


@pytest.mark.parametrize("size", [0, 4000])
def test_nothing_and_noise_are_refused(tmp_path, size) -> None:
    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"\x00" * size)
    with pytest.raises(CommandError, match="not a recording"):
        indexed(empty)


def test_a_file_that_is_not_there_is_refused(tmp_path) -> None:
    with pytest.raises(CommandError, match="not a recording"):
        indexed(tmp_path / "none.mp4")


def test_sound_alone_has_an_index_without_pictures(clip, tmp_path) -> None:
    found = indexed(made(clip, tmp_path / "heard.m4a", "-c", "copy", "-vn"))
    assert [one["kind"] for one in found["streams"]] == ["audio"]
    assert found["keyframe_seconds"] == found["slides"] == [] and black(found) == []


def test_sound_that_ends_early_leaves_silence(clip, tmp_path) -> None:
    short = tmp_path / "short.mp4"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(clip), "-filter_complex", "[0:a]atrim=0:8[a]"]
        + ["-map", "0:v", "-map", "[a]", "-c:v", "copy", str(short)],
        check=True,
    )
    (silent,) = [one for one in indexed(short)["incidents"] if one["kind"] == "silent"]
    assert (silent["start"], silent["end"]) == pytest.approx((8, 14), abs=0.5)


def test_a_single_picture_is_one_keyframe_and_no_incident(clip, tmp_path) -> None:
    found = indexed(made(clip, tmp_path / "one.mp4", "-frames:v", "1", "-an"))
    assert len(found["keyframe_seconds"]) == 1 and found["incidents"] == []


def test_a_varying_frame_rate_keeps_its_times(clip, tmp_path) -> None:
    uneven = "select='if(lt(t,5),1,not(mod(n,3)))'"
    found = indexed(made(clip, tmp_path / "vfr.mp4", "-vf", uneven, "-fps_mode", "vfr", "-g", "10"))
    ((start, end),) = black(found)
    assert (start, end) == pytest.approx((6, 9), abs=0.65)  # a picture each 0.6 s there


@pytest.mark.parametrize("degrees", ["90", "-90"])
def test_a_phone_held_upright_has_its_size_as_it_is_shown(clip, tmp_path, degrees) -> None:
    turned = made(clip, tmp_path / "turned.mp4", "-c", "copy", "-metadata:s:v", f"rotate={degrees}")
    found = indexed(turned, "--slide-region", "10,10,160,300")
    assert (found["streams"][0]["width"], found["streams"][0]["height"]) == (180, 320)
    with pytest.raises(CommandError, match="within the picture"):
        indexed(turned, "--slide-region", "0,0,320,180")


def test_of_two_pictures_the_first_is_indexed_and_both_are_told(clip, tmp_path) -> None:
    two = tmp_path / "two.mp4"
    second = ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=5:d=14"]
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(clip), *second, "-map", "0", "-map", "1"]
        + ["-c:v:0", "copy", "-c:v:1", "libx264", "-preset", "ultrafast", "-c:a", "copy", str(two)],
        check=True,
    )
    found = indexed(two)
    assert [one["width"] for one in found["streams"] if one["kind"] == "video"] == [320, 640]
    assert black(found) == [(6.0, 9.0)]


def test_a_cover_image_is_no_picture_of_the_recording(clip, tmp_path) -> None:
    cover = tmp_path / "cover.png"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "color=s=600x600:d=1"]
        + ["-frames:v", "1", str(cover)],
        check=True,
    )
    with_cover = tmp_path / "cover.mp4"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(cover), "-i", str(clip), "-map", "0", "-map", "1"]
        + ["-c", "copy", "-disposition:v:0", "attached_pic", str(with_cover)],
        check=True,
    )
    found = indexed(with_cover)
    assert [one["width"] for one in found["streams"] if one["kind"] == "video"] == [320]
    assert black(found) == [(6.0, 9.0)]


@pytest.mark.parametrize(
    "options",
    [
        ("late.ts", "-output_ts_offset", "36000"),
        ("old.mp4", "-metadata", "creation_time=1970-01-01T00:00:00Z"),
        ("ahead.mkv", "-output_ts_offset", "25"),
    ],
    ids=lambda options: options[0],
)
def test_a_recorder_whose_clock_is_wrong_is_indexed_from_its_own_beginning(clip, tmp_path, options) -> None:
    name, *rest = options
    found = indexed(made(clip, tmp_path / name, "-c", "copy", *rest), "--segment-seconds", "7")
    ((start, end),) = black(found)
    assert (start, end) == pytest.approx((6, 9), abs=0.25)
    assert found["keyframe_seconds"][0] == pytest.approx(0, abs=0.1)


def test_a_length_that_is_not_told_is_found(clip, tmp_path) -> None:
    """As a recorder leaves it that was switched off: a live Matroska without duration."""
    found = indexed(made(clip, tmp_path / "live.mkv", "-c", "copy", "-f", "matroska", "-live", "1"))
    ((start, end),) = black(found)
    assert (start, end) == pytest.approx((6, 9), abs=0.25)
