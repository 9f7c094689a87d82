"""Pages that are no paper of a ledger: foreign, scenic, scribbled; and the divider sheet with its code."""

import random

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.sheet import GREY, Sheet

ENGLISH = (
    "The committee met twice during the year and approved the accounts of the association. "
    "Members are reminded that the library closes at six. Repairs to the roof were completed in May. "
)
NOTES = (
    "今天去镇上买了化肥和种子",
    "记得给二叔打电话说房子的事",
    "周末如果不下雨就把院墙修一修",
    "欠老赵的钱月底还清",
)


def english_page(rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title(rng.choice(("Annual Report", "Minutes of the Meeting", "Notice to Members")), y=30)
    y = 50.0
    for _ in range(rng.randrange(2, 5)):
        y = sheet.paragraph(25, y, ENGLISH * 2, width=160, points=12) + 8
    return [sheet.page("other")]


def scenic_page(rng: random.Random) -> list[SpecimenPage]:
    """Hills, water and a sun, as on somebody's telephone; not a word."""
    noise = np.random.default_rng(rng.randrange(2**31))
    width, height = 1600, 1200
    sky = np.linspace((120, 160, 220), (230, 220, 200), height)[:, None, :] + noise.normal(
        0, 4, (height, width, 3)
    )
    image = Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    sun = rng.randrange(200, 1400), rng.randrange(120, 400)
    pen.ellipse([sun[0] - 70, sun[1] - 70, sun[0] + 70, sun[1] + 70], fill=(255, 240, 200))
    for layer in range(4):
        ridge = height * (0.45 + 0.13 * layer) + noise.normal(0, 1, 40).cumsum() * 14
        points = [(index * width / 39, float(y)) for index, y in enumerate(ridge)]
        tone = 40 + 24 * (3 - layer)
        pen.polygon([(0, height), *points, (width, height)], fill=(tone, tone + 26, tone // 2))
    for _ in range(60):
        x, y = rng.randrange(width), rng.randrange(700, height)
        pen.ellipse([x, y - 40, x + 30, y], fill=(30, rng.randrange(60, 110), 30))
    return [SpecimenPage(image, "other", dpi=150)]


def scribbled_page(rng: random.Random) -> list[SpecimenPage]:
    """Somebody's notes, by hand alone."""
    sheet = Sheet()
    for line in range(rng.randrange(8, 14)):
        sheet.text(22 + rng.uniform(-2, 2), 30 + line * 14, rng.choice(NOTES), points=15, face="hand")
    return [SpecimenPage(sheet.image, "other", runs=tuple(sheet.runs))]


def notice_page(rng: random.Random) -> list[SpecimenPage]:
    """A printed paper in Chinese that answers no item."""
    sheet = Sheet()
    sheet.title(rng.choice(("停水通知", "关于清明节放假的通知", "物业服务费催缴函", "会议纪要")), y=30)
    text = "各住户请注意，因管网检修，本周三上午九时至下午四时停止供水，请提前储水，给您带来不便敬请谅解。"
    sheet.paragraph(25, 60, text * rng.randrange(2, 5), width=160, points=13)
    return [sheet.page("other")]


def divider(course: SpecimenCourse, item: str, trainee: str, rng: random.Random) -> list[SpecimenPage]:
    """A sheet that routes what follows: its code says JZ1|class|item|trainee."""
    sheet = Sheet()
    payload = f"JZ1|{course.class_no}|{item}|{trainee}"
    sheet.title("分隔页", y=40, points=34)
    sheet.text(105, 76, f"班次：{course.class_no}", points=18, anchor="ma")
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode).to_image(scale=10)
    size = sheet.px(70)
    picture = Image.fromarray(np.asarray(code)).resize((size, size), Image.Resampling.NEAREST)
    left, top = sheet.px(70), sheet.px(105)
    sheet.image.paste(picture.convert("RGB"), (left, top))
    sheet.note("payload", payload, (left, top, left + size, top + size))
    sheet.text(105, 190, "此页之后的材料按上面的编码归入", points=11, ink=GREY, anchor="ma")
    return [sheet.page("divider_sheet")]


def blank_page() -> list[SpecimenPage]:
    return [SpecimenPage(Sheet().image, "blank")]
