"""A camera test in words: each finding a plain sentence that says what to do, and boxes for the picture."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.models import CameraTest
from foundation import wording
from foundation.models import Job

SENTENCES: dict[str, str | Promise] = {
    "seats_good": _("%(good)s 个座位的人脸够大、够清楚，可以核实；教室共 %(seats)s 个座位。"),
    "seats_good_only": _("%(good)s 个座位的人脸够大、够清楚，可以核实。"),
    "seats_none": _("看到 %(found)s 处人脸，没有一处可以核实。请把摄像机移近，或调高分辨率。"),
    "seats_hopeless_back": _(
        "后排 %(count)s 个座位的人脸最小只有 %(pixels)s 像素，认不出人（至少 %(least)s 像素）。"
        "请把摄像机移近、拉近镜头，或调高分辨率。"
    ),
    "seats_hopeless_some": _(
        "%(count)s 个座位的人脸最小只有 %(pixels)s 像素，认不出人（至少 %(least)s 像素）。"
        "请把摄像机移近、拉近镜头，或调高分辨率。"
    ),
    "seats_small_back": _(
        "后排 %(count)s 个座位的人脸最小 %(pixels)s 像素，时认得出、时认不出（稳妥要 %(least)s 像素）。"
        "请把摄像机移近一些。"
    ),
    "seats_small_some": _(
        "%(count)s 个座位的人脸最小 %(pixels)s 像素，时认得出、时认不出（稳妥要 %(least)s 像素）。"
        "请把摄像机移近一些。"
    ),
    "seats_faint": _(
        "%(count)s 个座位的人脸够大，但模糊、背光或总是侧着，认不出人。请调灯光，或换摄像机的角度。"
    ),
    "seats_unseen": _(
        "教室共 %(seats)s 个座位，还有 %(count)s 个没有看到人脸。请让人坐到那些座位再测，或换角度。"
    ),
    "no_faces": _("画面里没有看到人脸，座位测不出。请让人坐下再测；也可以一个人依次坐到各个座位。"),
    "no_face_engine": _("没有启用人脸检测，座位没有测；光线、声音和录像机照测。"),
    "no_pictures": _("没有取到画面，光线和座位都没有测。请另取一段录像再测。"),
    "too_dark": _("画面太暗，%(percent)s %% 看不清。请开灯，或调高曝光。"),
    "too_bright": _("画面有 %(percent)s %% 过曝。请调低曝光，或拉上窗帘。"),
    "glare": _("画面里有一片强光或反光，占 %(percent)s %%。请拉上窗帘，或让摄像机避开灯和窗。"),
    "glare_or_slides": _(
        "画面里有一块很亮，占 %(percent)s %%。是投影的话，请先画出幻灯区域再测；"
        "是窗或灯的话，请拉上窗帘，或让摄像机避开。"
    ),
    "backlit": _("人脸比背景暗得多，是逆光。请拉上窗帘，或把摄像机换到靠窗的一侧。"),
    "blurred": _("画面模糊。请擦干净镜头，重新对焦。"),
    "light_good": _("光线和清晰度合适。"),
    "no_sound": _("录像没有声音轨。请在录像机上打开音频。"),
    "mute": _("有声音轨，但没有声音。请看拾音器是否接好、是否静音。"),
    "too_quiet": _("声音太小（%(decibel)s dB）。请把拾音器移近讲台，或调高输入音量。"),
    "too_loud": _("声音过大，有 %(permille)s ‰ 破音。请调低输入音量。"),
    "hum": _("有持续的交流声（50 Hz）。请检查拾音器的接地和电源。"),
    "no_speech": _("听不出说话的起伏，像是只有噪声。请有人在讲台说几句话再测。"),
    "sound_good": _("声音合适（%(decibel)s dB）。"),
    "short_clip": _("这段录像只有 %(seconds)s 秒，结果不一定准。请录两分钟左右。"),
    "low_resolution": _("分辨率 %(width)s×%(height)s 偏低。请调到 1280×720 或更高。"),
    "few_frames": _("每秒只有 %(frames)s 帧。请调到每秒 15 帧以上。"),
    "far_keyframes": _(
        "关键帧相隔 %(seconds)s 秒，在录像里查找会慢、会不准。请在录像机上把关键帧间隔调到 10 秒以内。"
    ),
    "not_in_browsers": _(
        "浏览器不能直接播放 %(codec)s 编码。请在录像机上改用 H.264，不然每段录像都要转码才能看。"
    ),
    "no_clock": _("画面上没有读到日期和时间。请打开摄像机的时间显示，录像才能自动对上课程表。"),
}
WHY: dict[str, str | Promise] = {
    "": _("可以核实"),
    "small": _("人脸太小"),
    "faint": _("人脸不清"),
}
ICONS = {"good": "circle-check", "mind": "alert-triangle", "bad": "circle-x"}


@dataclass(frozen=True)
class FindingRow:
    """One sentence with its shape: good, mind or bad."""

    kind: str
    icon: str
    text: str


@dataclass(frozen=True)
class SeatBox:
    """A seat's box in hundredths of the picture, its pixels and whether it can be verified."""

    left: float
    top: float
    width: float
    height: float
    pixels: int
    seen: int
    why: str
    is_verifiable: bool

    @property
    def label_top(self) -> float:
        return max(3.5, self.top - 1.0)


@dataclass(frozen=True)
class Figure:
    """A label and a figure."""

    label: str
    value: str


@dataclass(frozen=True)
class TestPage:
    """One camera test, ready to print."""

    __test__ = False

    test: CameraTest
    is_waiting: bool
    problem: str
    findings: tuple[FindingRow, ...]
    seats: tuple[SeatBox, ...]
    figures: tuple[Figure, ...]
    verifiable: int
    expected: int
    has_still: bool


def test_page(test: CameraTest, job: Job | None) -> TestPage:
    """The test in words; while its job works, what it does now."""
    found = test.found
    boxes = tuple(_box(seat) for seat in found.get("seats", ()))
    is_over = job is None or job.is_over
    problem = wording.say(found["problem"]) if found.get("problem") else ""
    if test.state == CameraTest.State.WAITING and is_over:
        problem = gettext("测试中断了，没有结果。请再测一次；教室资料不受影响。")
    return TestPage(
        test=test,
        is_waiting=test.state == CameraTest.State.WAITING and not is_over,
        problem=problem,
        findings=tuple(finding_row(one) for one in found.get("findings", ())),
        seats=boxes,
        figures=_figures(found) if found.get("recorder") else (),
        verifiable=found.get("verifiable", 0),
        expected=test.room.seats,
        has_still=test.state == CameraTest.State.DONE and bool(found.get("looks")),
    )


def finding_row(finding: Mapping) -> FindingRow:
    """One finding as a sentence."""
    code, params = finding["code"], finding.get("params", {})
    if code == "seats_good" and not params.get("seats"):
        code = "seats_good_only"
    return FindingRow(finding["kind"], ICONS[finding["kind"]], str(SENTENCES[code]) % params)


def _box(seat: Mapping) -> SeatBox:
    left, top, width, height = (round(edge * 100, 2) for edge in seat["box"])
    return SeatBox(
        left,
        top,
        width,
        height,
        seat["pixels"],
        seat["seen"],
        str(WHY.get(seat["why"], "")),
        seat["is_verifiable"],
    )


def _figures(found: Mapping) -> tuple[Figure, ...]:
    recorder, light, heard = found["recorder"], found.get("light"), found.get("heard")
    pixels = sorted(seat["pixels"] for seat in found.get("seats", ()))
    told = [
        (gettext("人脸像素（最小 · 中位 · 最大）"), _spread(pixels)),
        (gettext("取样"), gettext("%(count)s 幅画面") % {"count": found.get("looks", 0)}),
        (gettext("过曝 · 过暗"), f"{_percent(light['over'])} · {_percent(light['under'])}" if light else ""),
        (gettext("模糊度（0 清晰，1 模糊）"), f"{light['blur']:.2f}" if light else ""),
        (
            gettext("声音 · 底噪"),
            f"{heard['level']:.0f} · {heard['floor']:.0f} dB" if heard else gettext("没有声音"),
        ),
        (
            gettext("画面"),
            f"{recorder['width']}×{recorder['height']} · {recorder['frames_per_second']:g} fps",
        ),
        (gettext("编码"), " · ".join(filter(None, (recorder["video"], recorder["audio"])))),
        (gettext("关键帧间隔"), gettext("%(seconds)s 秒") % {"seconds": f"{recorder['keyframe_seconds']:g}"}),
        (gettext("码率"), f"{recorder['bits_a_second'] / 1e6:.1f} Mbit/s"),
        (gettext("浏览器直接播放"), gettext("可以") if recorder["plays"] else gettext("不可以")),
        (gettext("画面上的时钟"), _clock(recorder["has_clock"])),
        (gettext("时长"), gettext("%(seconds)s 秒") % {"seconds": round(found.get("seconds", 0))}),
    ]
    return tuple(Figure(label, value) for label, value in told if value)


def _spread(pixels: list[int]) -> str:
    return f"{pixels[0]} · {pixels[len(pixels) // 2]} · {pixels[-1]}" if pixels else ""


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _clock(has_clock: bool | None) -> str:
    if has_clock is None:
        return gettext("没有读")
    return gettext("读到了") if has_clock else gettext("没有读到")
