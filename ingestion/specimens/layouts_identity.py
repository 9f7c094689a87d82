"""ID cards and proofs of item 17 in layouts beside the demo's: patterned cards, four on a sheet, prose, booklets."""

import math
import random
from collections.abc import Sequence

from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.identity import CARD, CARD_BLUE, USE_NOTE, card_back, card_front
from ingestion.specimens.layouts import Entry, portrait, sealed, set_above, set_in_grid, set_in_lines
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.sheet import GREY, Colour, Sheet

PALE_ROSE: Colour = (226, 206, 214)
PALE_GREEN: Colour = (204, 226, 214)


def patterned_front(person: SpecimenPerson, *, dpi: int = 200) -> Sheet:
    """The side with the portrait, over fine wavy lines, the number spaced out."""
    card = Sheet(CARD, dpi=dpi, paper=(240, 244, 248))
    _waves(card, PALE_ROSE, 1.7)
    for y, label, value, record in ((6.5, "姓名", person.name, "name"), (14, "性别", person.sex, "sex")):
        card.text(6, y, label, points=7, ink=CARD_BLUE)
        card.text(17.5, y - 0.7, value, points=10, record=record)
    card.text(27, 14, "民族", points=7, ink=CARD_BLUE)
    card.text(35, 13.3, person.ethnicity, points=10, record="ethnicity")
    born = person.birth_date
    card.text(6, 21.5, "出生", points=7, ink=CARD_BLUE)
    parts = (
        (f"{born.year}", 17.5),
        ("年", 28),
        (f"{born.month}", 32),
        ("月", 36.5),
        (f"{born.day}", 40.5),
        ("日", 45.5),
    )
    for text, x in parts:
        card.text(x, 21, text, points=8.5, ink=CARD_BLUE if text in "年月日" else (28, 28, 30))
    left, top, _, bottom = card.runs[-6].box
    printed = f"{born.year}年{born.month}月{born.day}日"
    card.note("birth_date", printed, (left, top, card.runs[-1].box[2], bottom))
    card.text(6, 29, "住址", points=7, ink=CARD_BLUE)
    card.paragraph(17.5, 28.5, person.address, width=37, points=8.6, record="address", leading=1.4)
    card.text(6, 46.5, "公民身份号码", points=7, ink=CARD_BLUE)
    _spaced(card, 29.5, 45.6, person.id_number, 11, 2.75)
    portrait(card, 60, 8, 20, 27, ground=(236, 240, 244))
    return card.becomes("id_card_front", trainee=person.index)


def patterned_back(person: SpecimenPerson, *, dpi: int = 200) -> Sheet:
    card = Sheet(CARD, dpi=dpi, paper=(242, 246, 242))
    _waves(card, PALE_GREEN, 2.1)
    card.draw.ellipse([card.px(7), card.px(6), card.px(22), card.px(21)], fill=(206, 84, 72))
    card.text(50, 7, "中华人民共和国", points=12, face="serif_bold", anchor="ma")
    card.text(50, 16, "居 民 身 份 证", points=15, face="serif_bold", anchor="ma")
    card.text(20, 37.5, "签发机关", points=7, ink=CARD_BLUE)
    card.text(36, 36.9, person.hall, points=9, record="issuing_authority")
    card.text(20, 45, "有效期限", points=7, ink=CARD_BLUE)
    start, _, end = person.card_validity.partition("-")
    until = "valid_until" if person.card_until else "long_term"
    card.pieces(36, 44.4, ((start, "valid_from"), ("-", ""), (end, until)), points=9)
    return card.becomes("id_card_back", trainee=person.index)


def card_alone(person: SpecimenPerson, side: str, *, patterned: bool) -> list[SpecimenPage]:
    """One side that fills the picture."""
    draw = {
        ("front", False): card_front,
        ("front", True): patterned_front,
        ("back", False): card_back,
        ("back", True): patterned_back,
    }[(side, patterned)]
    card = draw(person, dpi=300)
    return [card.page(f"id_card_{side}")]


def both_sides(
    person: SpecimenPerson, rng: random.Random, *, patterned: bool, beside: bool
) -> list[SpecimenPage]:
    """Both sides on A4, below each other or beside each other."""
    front = (patterned_front if patterned else card_front)(person, dpi=200)
    back = (patterned_back if patterned else card_back)(person, dpi=200)
    size = (297.0, 210.0) if beside else (210.0, 297.0)
    sheet = Sheet(size, dpi=200)
    if beside:
        y = 60 + rng.uniform(-10, 10)
        sheet.paste(front, 40 + rng.uniform(-6, 6), y)
        sheet.paste(back, 160 + rng.uniform(-6, 6), y + rng.uniform(-4, 4))
    else:
        sheet.paste(front, 62 + rng.uniform(-14, 14), 40 + rng.uniform(-10, 10))
        sheet.paste(back, 62 + rng.uniform(-14, 14), 130 + rng.uniform(-10, 10))
    sheet.text(size[0] / 2, size[1] - 70, USE_NOTE, points=12, anchor="ma")
    return [sheet.page("id_card_front", also=("id_card_back",))]


def four_cards(
    people: Sequence[SpecimenPerson], rng: random.Random, *, patterned: bool
) -> list[SpecimenPage]:
    """Fronts and backs of two people on one A4: four documents."""
    sheet = Sheet(dpi=200)
    fronts_left = rng.random() < 0.5
    for person, y in zip(people[:2], (34, 156), strict=True):
        front = (patterned_front if patterned else card_front)(person, dpi=200)
        back = (patterned_back if patterned else card_back)(person, dpi=200)
        left, right = (front, back) if fronts_left else (back, front)
        sheet.paste(left, 10 + rng.uniform(-4, 4), y + rng.uniform(-8, 8))
        sheet.paste(right, 112 + rng.uniform(-4, 4), y + rng.uniform(-8, 8))
    return [sheet.page("id_card_front", also=("id_card_front", "id_card_back", "id_card_back"))]


def proof(
    kind: str, course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    """A proof of item 17, or an employment proof, as ruled cells, as prose or as a leaf of a booklet."""
    return {
        "recognition_form": _recognition,
        "school_graduation_certificate": _graduation,
        "unemployment_certificate": _unemployment,
        "veteran_certificate": _veteran,
        "disability_certificate": _disability,
        "graduate_proof": _graduate,
        "employment_proof": _employment,
    }[kind](course, person, rng)


def _recognition(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("就业困难人员申请认定表", y=20)
    rows = [
        (Entry("姓名", person.name, "name"), Entry("民族", person.ethnicity, "ethnicity")),
        (Entry("公民身份号码", person.id_number, "id_number"),),
        (Entry("户籍地址", person.address, "address"),),
        (Entry("联系电话", person.phone, "phone"), Entry("文化程度", "高中")),
        (Entry("认定理由", "连续失业一年以上，符合就业困难人员条件。"),),
    ]
    y = set_in_grid(sheet, 16, 40, rows, width=178, height=15, label_width=34)
    sheet.cell(16, y, 34, 40, "认定意见")
    sheet.cell(50, y, 144, 40, "")
    sheet.text(60, y + 8, "同意认定。", points=12)
    sealed(sheet, 150, y + 22, f"{person.county}就业局", "issuer_seal")
    sheet.text(128, y + 30, f"{course.applied_on:%Y年%m月%d日}", points=11, record="issued_on")
    return [sheet.page("recognition_form", trainee=person.index)]


def _graduation(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet((270, 190), paper=(246, 240, 224))
    school, level = f"{person.county}第二高级中学", "高级中学"
    sheet.title("高中毕业证书", y=26, points=30)
    born = f"{person.birth_date.year}年{person.birth_date.month}月"
    text = (
        f"学生{person.name}，{person.sex}，{born}出生，在本校{level}修业期满，成绩合格，准予毕业。"
        f"身份证号码{person.id_number}。"
    )
    inside = {"name": person.name, "id_number": person.id_number}
    sheet.paragraph(36, 62, text, width=150, points=15, inside=inside, leading=2.0)
    portrait(sheet, 204, 60, 32, 44)
    sheet.text(180, 140, school, points=14, anchor="ma", record="issued_by")
    sealed(sheet, 180, 142, school, "issuer_seal", radius=19)
    return [sheet.page("school_graduation_certificate", trainee=person.index)]


def _unemployment(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet((200, 140), paper=(236, 226, 216))
    sheet.line(100, 3, 100, 137, ink=GREY)
    sheet.text(50, 14, "就业创业证", points=20, face="serif_bold", anchor="ma")
    portrait(sheet, 36, 32, 28, 38)
    number = f"231299{int(person.id_number[8:17]) % 10**10:010d}"
    set_in_lines(
        sheet, 10, 84, [Entry("证书编号", number, "certificate_no")], label_width=24, width=58, points=11
    )
    entries = [
        Entry("姓名", person.name, "name"),
        Entry("公民身份号码", person.id_number, "id_number"),
        Entry("发证日期", f"{course.applied_on:%Y年%m月%d日}", "issued_on"),
        Entry("发证机构", f"{person.county}就业服务中心", "issued_by"),
    ]
    set_above(sheet, 110, 18, entries, column=80, columns=1, step=20)
    sheet.text(110, 108, "失业登记", points=12)
    return [sheet.page("unemployment_certificate", trainee=person.index)]


def _veteran(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    card = Sheet(CARD, dpi=300, paper=(232, 224, 206))
    card.text(43, 4, "退役军人优待证", points=13, face="serif_bold", anchor="ma")
    portrait(card, 6, 16, 18, 25)
    entries = [
        Entry("姓名", person.name, "name"),
        Entry("身份证号", person.id_number, "id_number"),
        Entry("发证日期", f"{course.applied_on:%Y.%m.%d}", "issued_on"),
    ]
    set_in_lines(card, 29, 17, entries, step=9, label_width=17, width=38, points=8.5, ruled=False)
    card.text(43, 48, "中华人民共和国退役军人事务部监制", points=5.5, ink=GREY, anchor="ma")
    return [card.page("veteran_certificate", trainee=person.index)]


def _disability(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet((180, 125), paper=(240, 236, 228))
    sheet.title("残疾人证", y=10, points=20)
    rows = [
        (Entry("姓名", person.name, "name"), Entry("性别", person.sex, "sex")),
        (Entry("残疾人证号", person.id_number + "43", "certificate_no"),),
        (Entry("残疾类别", "肢体"), Entry("残疾等级", "三级")),
        (Entry("发证日期", f"{course.applied_on:%Y年%m月%d日}", "issued_on"),),
    ]
    set_in_grid(sheet, 12, 30, rows, width=156, height=15, label_width=30)
    sheet.text(90, 104, f"{person.county}残疾人联合会", points=11, anchor="ma", record="issued_by")
    return [sheet.page("disability_certificate", trainee=person.index)]


def _graduate(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("应届毕业生证明", y=44, points=24)
    text = (
        f"兹证明{person.name}同学（身份证号：{person.id_number}）系我院{course.starts_on.year}届应届毕业生，"
        "学习期满，成绩合格，特此证明。"
    )
    inside = {"name": person.name, "id_number": person.id_number}
    sheet.paragraph(30, 76, text, width=150, points=14, inside=inside, leading=1.9)
    college = f"{person.county[:2]}职业技术学院"
    sheet.text(150, 150, college, points=13, anchor="ma", record="issued_by")
    sheet.text(150, 160, f"{course.applied_on:%Y年%m月%d日}", points=13, anchor="ma", record="issued_on")
    sealed(sheet, 150, 154, college, "issuer_seal")
    return [sheet.page("graduate_proof", trainee=person.index)]


def _employment(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title(rng.choice(("在职证明", "工作证明")), y=44, points=24)
    text = (
        f"兹证明{person.name}，{person.sex}，身份证号：{person.id_number}，系我单位正式职工，"
        f"从事{course.occupation}工作，情况属实。特此证明。"
    )
    inside = {"name": person.name, "id_number": person.id_number}
    sheet.paragraph(30, 76, text, width=150, points=14, inside=inside, leading=1.9)
    sheet.text(148, 150, course.enterprise, points=13, anchor="ma", record="employer")
    sheet.text(148, 160, f"{course.issued_on:%Y年%m月%d日}", points=13, anchor="ma", record="issued_on")
    sealed(sheet, 148, 154, course.enterprise, "issuer_seal")
    return [sheet.page("employment_proof", trainee=person.index)]


def _waves(card: Sheet, ink: Colour, period: float) -> None:
    for start in range(0, round(card.height) + 4, 2):
        points = [
            (card.px(x / 2), card.px(start + math.sin(x / 2 / period) * 1.1))
            for x in range(round(card.width) * 2 + 2)
        ]
        card.draw.line(points, fill=ink, width=1)


def _spaced(card: Sheet, x: float, y: float, number: str, points: float, pitch: float) -> None:
    """The number, figure by figure with a little air, as one value."""
    chosen = card.face("sans_bold", points)
    boxes = []
    for index, figure in enumerate(number):
        at = (card.px(x + index * pitch), card.px(y))
        card.draw.text(at, figure, font=chosen, fill=(28, 28, 30))
        boxes.append(card.draw.textbbox(at, figure, chosen))
    around = (boxes[0][0], min(b[1] for b in boxes), boxes[-1][2], max(b[3] for b in boxes))
    card.note("id_number", number, around)
    card.runs.append(card.fields["id_number"])
