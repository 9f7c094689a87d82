"""The gallery: two screens with every component on them, filled with the rows of the mock-ups."""

from types import SimpleNamespace
from typing import Any

from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from cms.components.jobs import JobLine
from cms.components.navigation import Crumb, DossierHead, Tab
from dossiers.permissions import Act

USER = SimpleNamespace(
    is_authenticated=True,
    get_full_name="林慧",
    get_role_display="班主任",
    institution=SimpleNamespace(title="北原职业培训学校"),
)
HEAD = DossierHead(
    class_no="2026-014",
    occupation="中式烹调师",
    level="五级",
    stage="考核 · 成绩待核定",
    crumbs=(Crumb("绥化市北原职业培训学校", "/x/"), Crumb("2026 年度")),
    tabs=(
        Tab("档案", "/x/", is_current=True),
        Tab("收件", "/x/tray/", count=76, wants_hand=True),
        Tab("审核", "/x/review/", count=12),
        *(Tab(name, "/x/other/") for name in ("学员", "课程", "目录", "经过")),
    ),
)
STEPS = tuple(
    SimpleNamespace(label=label, note=note, is_due=label == "报送")
    for label, note in (
        ("申报", "10-09"),
        ("审核", "10-14"),
        ("开班", "10-19"),
        ("培训", "10-19 至 10-30"),
        ("考核", "11-13 已考"),
        ("报送", "11-27 前"),
        ("审核", ""),
        ("公示", "5 个工作日"),
        ("拨付", "15 个工作日内"),
        ("归档", ""),
    )
)


def row(seq: int, name: str, state: str, have: int, due: int, **more: Any) -> SimpleNamespace:
    defaults = {
        "remark": "",
        "unit": "份",
        "pages": have * 2,
        "finding": "",
        "kind": "doubt",
        "hand": "高峻 10-14",
    }
    return SimpleNamespace(
        seq=seq, name=name, state=state, have=have, due=due, **(defaults | {"open": False} | more)
    )


ROWS = (
    row(1, "职业技能培训开班申请表", "ticked", 1, 1, remark="一式三份，卷存一份"),
    row(2, "培训课程安排计划", "ticked", 1, 1),
    row(3, "职业技能培训补贴资金申请表", "not_due", 0, 1, remark="待第 14 件核定后预填", hand=""),
    row(6, "职业技能培训学员登记表", "submitted", 30, 30, unit="人"),
    row(7, "身份证（社会保障卡）复印件", "expected", 28, 30, unit="人", finding="2 处待核对", open=True),
    row(8, "劳动合同复印件", "returned", 30, 30, unit="人", finding="赵立新：缺甲方盖章", kind="block"),
    row(10, "培训合格证复印件", "to_confirm", 28, 28, unit="人", remark="未合格 2 人不适用"),
    row(15, "职业技能鉴定备案表", "not_applicable", 0, 0, remark="本班由企业自行考核"),
)
ORDER = ("ticked", "ticked", "not_due", "ticked", "ticked", "submitted", "expected", "returned", "submitted")
CLASSES = tuple(
    SimpleNamespace(no=no, name=name, stage=stage, have=have, due=due, states=states, owes=owes)
    for no, name, stage, have, due, states, owes in (
        (
            "2026-014",
            "中式烹调师",
            "考核",
            10,
            13,
            (*ORDER, *["to_confirm"] * 3, "ticked", "returned"),
            "身份证 2 人，补 2 页",
        ),
        ("2026-009", "电工", "公示", 13, 13, (*["ticked"] * 11, "not_applicable", "ticked", "ticked"), ""),
        ("2026-019", "养老护理员", "申报", 1, 5, ("expected", "expected", *["not_due"] * 12), "开班申请表"),
    )
)
JOBS = (
    JobLine("文字识别 11-23 上午批", "leased", "/jobs/1/", "读取文字", 3, 5, 135, 214, "页", 240),
    JobLine("录像索引 2026-011", "waiting", "/jobs/2/", icon="movie"),
    JobLine(
        "1 张照片没有读成",
        "failed",
        "/jobs/3/",
        error="IMG_2231.HEIC 后半截缺失，可能上传中断。原件已留存；重试仍不成，请重拍该页。",
        retry_url="/jobs/3/retry/",
    ),
)
NAMES = ("李国栋", "孙桂芳", "周明远", "吴晓梅", "郑大伟", "冯秀兰", "陈志刚", "褚玉华", "卫东升")
MESSAGES = (
    Message(25, "第 7 件已归件 2 页。"),
    Message(40, "纸上没有扫到第 164、165 页。请翻看第 163 页之后。"),
)


def page(name: str, request: HttpRequest | None = None) -> str:
    """One screen of the gallery as HTML; wants ROOT_URLCONF = tests.cms.shell_urls."""
    request = request or RequestFactory().get("/desk/")
    request.user = USER
    context = {
        "user": USER,
        "acts": frozenset(Act) - {Act.REVIEW_MONEY, Act.MANAGE_ACCOUNTS},
        "section": "desk" if name == "desk" else "classes",
        "head": HEAD,
        "steps": STEPS,
        "rows": ROWS,
        "classes": CLASSES,
        "jobs": JOBS,
        "names": NAMES,
        "messages": MESSAGES if name == "desk" else (),
    }
    return render_to_string(f"gallery/{name}.html", context, request)
