"""The live picture of a room: from cameras that answer, cameras that do not, and addresses that lead astray."""

import pytest

from foundation.errors import ChildFailed
from foundation.sandbox import is_walled, run_limited
from media_processing import live, playlists
from media_processing.live import Rules, Unreachable
from tests.media_processing import cameras

HERE = Rules(loopback=True)


@pytest.fixture(scope="module")
def hls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hls")
    cameras.make_hls(folder)
    return folder


def reason(address: str, rules: Rules = HERE) -> str:
    with pytest.raises(Unreachable) as refused:
        live.still(address, rules)
    assert "secret" not in repr(refused.value)
    return refused.value.code


def test_a_still_comes_from_the_newest_segment_of_hls(hls):
    with cameras.web_camera(hls) as (place, asked):
        picture = live.still(f"http://{place}/live.m3u8", HERE)
    assert picture.startswith(b"\xff\xd8")
    assert asked == ["/live.m3u8", "/1.ts"]


def test_of_several_sizes_the_first_is_taken(hls):
    (hls / "sizes.m3u8").write_text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlive.m3u8\n")
    with cameras.web_camera(hls) as (place, _asked):
        assert live.still(f"http://{place}/sizes.m3u8", HERE)


def test_a_still_comes_over_rtsp(tmp_path):
    stream = cameras.make_stream(tmp_path / "room.ts")
    with cameras.rtsp_camera(stream) as place:
        assert live.still(f"rtsp://viewer:secret@{place}/ch1", HERE).startswith(b"\xff\xd8")


def test_a_plain_stream_and_a_snapshot_are_pictures_too(tmp_path):
    cameras.make_stream(tmp_path / "room.ts")
    with cameras.web_camera(tmp_path) as (place, _asked):
        picture = live.still(f"http://{place}/room.ts", HERE)
        (tmp_path / "now.jpg").write_bytes(picture)
        assert live.still(f"http://{place}/now.jpg", HERE).startswith(b"\xff\xd8")


def test_a_camera_that_does_not_answer_is_said_to_be_silent():
    assert reason(f"http://127.0.0.1:{cameras.dead_port()}/live.m3u8") == "live_silent"
    assert reason(f"rtsp://127.0.0.1:{cameras.dead_port()}/ch1") == "live_silent"


def test_a_wrong_password_is_told_from_a_dead_camera(hls, tmp_path):
    with cameras.web_camera(hls, login="viewer:secret") as (place, _asked):
        assert live.still(f"http://viewer:secret@{place}/live.m3u8", HERE)
        assert reason(f"http://viewer:wrong@{place}/live.m3u8") == "live_locked"
        assert reason(f"http://{place}/live.m3u8") == "live_locked"
    stream = cameras.make_stream(tmp_path / "room.ts")
    with cameras.rtsp_camera(stream, answers="401 Unauthorized") as place:
        assert reason(f"rtsp://viewer:secret@{place}/ch1") == "live_locked"


def test_without_a_wall_no_rtsp_camera_is_asked(tmp_path):
    stream = cameras.make_stream(tmp_path / "room.ts")
    with cameras.rtsp_camera(stream) as place, pytest.raises(live.Unreachable) as refused:
        live.still(f"rtsp://{place}/ch1", Rules(loopback=True, walled=False))
    assert refused.value.code == "live_no_wall"


def test_an_rtsp_camera_leads_to_no_other_address(tmp_path):
    stream = cameras.make_stream(tmp_path / "room.ts")
    with (
        cameras.rtsp_camera(stream) as elsewhere,
        cameras.rtsp_camera(stream, answers=f"302 Moved\r\nLocation: rtsp://{elsewhere}/ch1") as place,
    ):
        assert reason(f"rtsp://viewer:secret@{place}/ch1") == "live_silent"


def test_what_is_not_there_and_what_moved_is_not_followed(hls):
    with cameras.web_camera(hls) as (place, asked):
        assert reason(f"http://{place}/gone.m3u8") == "live_not_found"
        assert reason(f"http://{place}/moved") == "live_answered_wrongly"
        assert asked == ["/gone.m3u8", "/moved"]


@pytest.mark.parametrize(
    "line",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.ts",
        "https://127.0.0.1/x.ts",
        "rtsp://127.0.0.1/x",
        "concat:a|b",
    ],
)
def test_a_playlist_leads_nowhere_but_to_its_own_camera(hls, line):
    (hls / "astray.m3u8").write_text(f"#EXTM3U\n#EXTINF:1,\n{line}\n")
    with cameras.web_camera(hls) as (place, asked):
        assert reason(f"http://{place}/astray.m3u8") == "live_elsewhere"
        assert asked == ["/astray.m3u8"]


def test_a_stream_that_is_a_playlist_of_files_is_not_opened_as_one(tmp_path):
    """The file that ffmpeg gets is decoded as a recording or not at all."""
    (tmp_path / "trick.ts").write_text("ffconcat version 1.0\nfile /etc/hostname\n")
    with cameras.web_camera(tmp_path) as (place, _asked):
        assert reason(f"http://{place}/trick.ts") == "live_no_picture"


def test_an_encrypted_playlist_says_so(hls):
    (hls / "locked.m3u8").write_text('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:1,\n0.ts\n')
    with cameras.web_camera(hls) as (place, _asked):
        assert reason(f"http://{place}/locked.m3u8") == "live_encrypted"


@pytest.mark.parametrize(
    ("numeric", "allowed"),
    [
        ("192.168.1.20", True),
        ("10.0.0.7", True),
        ("203.0.113.9", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("2002:7f00:1::", False),
        ("fd00:ec2::254", False),
    ],
)
def test_cameras_stand_in_private_networks_and_never_on_this_machine(numeric, allowed):
    assert live.is_allowed(numeric, Rules()) is allowed


def test_this_machine_is_no_camera_unless_the_installation_says_so(hls):
    with cameras.web_camera(hls) as (place, asked):
        assert reason(f"http://{place}/live.m3u8", Rules()) == "live_not_allowed"
        assert asked == []


def test_an_address_of_another_kind_is_refused():
    for address in ("file:///etc/passwd", "ftp://camera/x", "camera", "rtsp:///x", "http://[::1"):
        assert reason(address) == "live_address"
    assert reason("http://camera.invalid/x") == "live_name_unknown"


def test_an_address_shows_neither_path_nor_password():
    source = live.source_of("rtsp://viewer:secret@192.168.1.20:8554/Streaming/101?token=secret")
    assert source.shown == "rtsp://192.168.1.20:8554/…"
    assert "secret" not in repr(source) and "Streaming" not in repr(source)


def test_a_clip_follows_a_playlist_until_there_is_enough(hls, tmp_path):
    with cameras.web_camera(hls) as (place, asked):
        made = live.clip(f"http://{place}/live.m3u8", tmp_path, seconds=1.5, rules=HERE)
        assert asked[-2:] == ["/0.ts", "/1.ts"]
    assert made.stat().st_size == (hls / "0.ts").stat().st_size + (hls / "1.ts").stat().st_size


def test_a_live_playlist_is_asked_again_for_what_is_new(hls, tmp_path):
    text = (hls / "live.m3u8").read_text().replace("#EXT-X-ENDLIST\n", "")
    now = hls / "rolling.m3u8"
    now.write_text(text.split("#EXTINF")[0] + "#EXTINF:1.0,\n0.ts\n")
    paused = []

    def wait(seconds: float) -> None:
        paused.append(seconds)
        now.write_text(text)

    with cameras.web_camera(hls) as (place, _asked):
        made = live.clip(f"http://{place}/rolling.m3u8", tmp_path, seconds=2, rules=HERE, pause=wait)
    assert len(paused) == 1
    assert made.stat().st_size == (hls / "0.ts").stat().st_size + (hls / "1.ts").stat().st_size


def test_a_clip_comes_over_rtsp(tmp_path):
    stream = cameras.make_stream(tmp_path / "room.ts")
    with cameras.rtsp_camera(stream) as place:
        made = live.clip(f"rtsp://{place}/ch1", tmp_path, seconds=1.0, rules=HERE)
    assert made.suffix == ".mkv" and made.read_bytes()[:4] == b"\x1aE\xdf\xa3"


def test_an_address_of_single_pictures_gives_no_clip(hls, tmp_path):
    with cameras.web_camera(hls) as (place, _asked):
        (hls / "now.jpg").write_bytes(live.still(f"http://{place}/live.m3u8", HERE))
        with pytest.raises(Unreachable, match="live_still_only"):
            live.clip(f"http://{place}/now.jpg", tmp_path, seconds=1, rules=HERE)


def test_a_playlist_is_read_as_values():
    listed = playlists.parsed(
        '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:5.9,\na.m4s\n#EXTINF:x,\nb.m4s\n'
    )
    assert listed.init == "init.mp4" and listed.target_seconds == 6.0 and not listed.is_over
    assert [(one.address, one.seconds) for one in listed.segments] == [("a.m4s", 5.9), ("b.m4s", 0.0)]
    assert not playlists.is_playlist(b"ffconcat version 1.0")


def test_a_limited_child_has_no_network(hls):
    """Not even for a camera: that connection is led in (media_processing.relaying)."""
    assert is_walled()
    with cameras.web_camera(hls) as (place, asked):
        fetch = f"import urllib.request as u; u.urlopen('http://{place}/0.ts', timeout=5)"
        with pytest.raises(ChildFailed):
            run_limited(["/usr/bin/env", "python3", "-c", fetch])
        assert asked == []
