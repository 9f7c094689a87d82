"""A camera test as a job: the clip is had, looked at and told of. May run twice; nobody's face is remembered."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dossiers.actions import rooms
from dossiers.models import CameraTest
from foundation import content, wording
from foundation.blobs import store
from foundation.errors import Refused, SandboxError
from foundation.jobs import Run, enqueue, job
from foundation.models import Blob
from media_processing import camera_test, clock_reading, ffmpeg, live, readers
from media_processing.camera_looks import Tested, TooLong, look_at_clip
from media_processing.engines import DEFAULT_FACES, face_engine
from media_processing.tracks import Picture, Region

TEST = "test_camera"
STILL = "camera-test.jpg"
LIVE_SECONDS = 120.0

wording.register(
    {
        "step:fetching_clip": _("从实时视频取两分钟"),
        "step:looking_at_clip": _("看画面、听声音"),
        "step:keeping_test": _("写下结果"),
        "clip_too_long": _("这段录像超过 5 分钟。摄像测试只要两分钟左右，请剪短后再传，或直接从实时视频取。"),
        "clip_unreadable": _("这段录像读不出画面。请用录像机另导出一段两分钟的录像再试。"),
        "live_address": _("实时视频地址写得不对。请到教室资料里核对地址。"),
        "live_name_unknown": _("找不到实时视频地址里的主机。请核对主机名或改写 IP 地址。"),
        "live_not_allowed": _("实时视频地址指向本系统自己的机器或本机链路，不能打开。请写摄像机的地址。"),
        "live_silent": _(
            "打不开教室的实时视频：摄像机没有应答。请看摄像机是否通电、联网，地址和端口是否写对。"
        ),
        "live_locked": _("打不开教室的实时视频：摄像机要求的用户名或密码不对。请到教室资料里核对。"),
        "live_not_found": _("打不开教室的实时视频：摄像机上没有这一路画面。请核对地址里的通道。"),
        "live_answered_wrongly": _("打不开教室的实时视频：对方没有给出画面。请核对地址。"),
        "live_untrusted": _(
            "打不开教室的实时视频：对方的 https 证书不可信。请换受信任的证书，或改用内网的 http。"
        ),
        "live_elsewhere": _("实时视频的播放列表指向另一台机器，没有照办。请写那台机器的地址。"),
        "live_encrypted": _("实时视频是加密的 HLS，打不开。请在摄像机上改用不加密的一路。"),
        "live_too_much": _("实时视频的片段太大，没有取完。请在摄像机上降低码率或缩短切片。"),
        "live_still_only": _("这个地址只给单张图片，取不到一段视频。请填视频地址，或上传一段录像。"),
        "live_no_wall": _(
            "这台服务器没有装隔离程序（bubblewrap），不能打开 RTSP 视频。请管理员装好，或填摄像机的 HLS 地址。"
        ),
        "live_no_picture": _("接通了教室的实时视频，但没有得到画面。请过一会儿再试，或核对地址。"),
    }
)


def live_rules() -> live.Rules:
    """What this installation lets be a camera."""
    return live.Rules(loopback=bool(getattr(settings, "LIVE_LOOPBACK", False)))


def begin(test: CameraTest) -> None:
    """Send a test that waits to the workshop; in the caller's transaction."""
    enqueue(TEST, subject=str(test.room.uuid), test=test.uuid)


@job(TEST, queue="recordings", max_attempts=2, priority=30)
def test_camera(run: Run, *, test: str) -> None:
    held = CameraTest.objects.select_related("room", "blob").get(uuid=test)
    if held.state == CameraTest.State.DONE:
        return
    try:
        _test(run, held)
    except live.Unreachable as failure:
        _end(run, held, CameraTest.State.FAILED, {"problem": failure.code})
    except TooLong:
        _end(run, held, CameraTest.State.FAILED, {"problem": "clip_too_long"})
    except (ffmpeg.Unreadable, SandboxError, Refused):
        _end(run, held, CameraTest.State.FAILED, {"problem": "clip_unreadable"})


def _test(run: Run, held: CameraTest) -> None:
    steps = 3 if held.is_live else 2
    with ExitStack() as kept:
        if held.blob is None:
            run.progress(step="fetching_clip", step_no=1, step_count=steps)
            held.blob = _fetched(held)
        path = kept.enter_context(store().local_path(held.blob.sha256))
        run.progress(step="looking_at_clip", step_no=steps - 1, step_count=steps)
        engine = face_engine(getattr(settings, "FACE_ENGINE", DEFAULT_FACES))
        tested = look_at_clip(
            path,
            engine,
            seats=held.room.seats,
            slides=Region(*held.room.slide_region) if held.room.slide_region else None,
            find_clock=_clock_in if readers.reader_name() else None,
        )
    run.progress(step="keeping_test", step_no=steps, step_count=steps)
    if tested.still:
        store().put_derivative(held.blob.sha256, STILL, tested.still)
    _end(run, held, CameraTest.State.DONE, _found(tested, engine.name, engine.version))


def _fetched(held: CameraTest) -> Blob:
    """Two minutes of the live address as an original; what it is, is asked of its content."""
    with tempfile.TemporaryDirectory(prefix="juanzong-clip-") as folder:
        path = live.clip(
            held.room.live_address.reveal() if held.room.live_address else "",
            Path(folder),
            seconds=LIVE_SECONDS,
            rules=live_rules(),
        )
        seen = content.look(path, file_name=path.name, wanted=content.RECORDINGS)
        return store().put_file(path, media_type=seen.media_type)


def _clock_in(pictures: list[Picture]) -> bool:
    """Whether a clock can be read in any of the first pictures, where recorders write it."""
    return any(
        clock_reading.stamp_in(readers.read_lines(place.cut(picture))) is not None
        for picture in pictures
        for place in clock_reading.PLACES[:2]
    )


def _found(tested: Tested, engine: str, version: str) -> dict:
    return camera_test.as_json(tested.report) | {"engine": engine, "engine_version": version}


def _end(run: Run, held: CameraTest, state: str, found: dict) -> None:
    with transaction.atomic():
        run.fence()
        rooms.end_test(held, state=state, found=found, blob=held.blob)
