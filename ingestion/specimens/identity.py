"""Draws the papers that say who somebody is: ID card, social security card, and the proofs of item 17."""

import random

from PIL import Image, ImageDraw

from ingestion.specimens.course import HR_AUTHORITY, SpecimenCourse
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.sheet import GREY, Colour, Sheet, SpecimenPage

CARD = (85.6, 54.0)
CARD_BLUE: Colour = (58, 92, 150)
FRONT_PAPER: Colour = (236, 242, 246)
BACK_PAPER: Colour = (240, 240, 232)
USE_NOTE = "仅用于职业培训补贴申领"


def card_front(person: SpecimenPerson, *, dpi: int = 150) -> Sheet:
    """The side with the portrait."""
    card = Sheet(CARD, dpi=dpi, paper=FRONT_PAPER)
    rows = ((5.5, "姓名", person.name, "name"), (13, "性别", person.sex, "sex"))
    for y, label, value, record in rows:
        card.text(5, y, label, points=7.5, face="sans", ink=CARD_BLUE)
        card.text(16, y - 0.5, value, points=9.5, face="sans", record=record)
    card.text(29, 13, "民族", points=7.5, face="sans", ink=CARD_BLUE)
    card.text(38, 12.5, person.ethnicity, points=9.5, face="sans", record="ethnicity")
    _print_birth(card, person)
    _print_address(card, person.address)
    card.text(5, 46, "公民身份号码", points=7.5, face="sans", ink=CARD_BLUE)
    card.text(30, 45, person.id_number, points=11.5, face="sans", record="id_number")
    draw_portrait(card, 61, 7, 19, 26)
    card.text(CARD[0] - 2, 1.2, "样本", points=6, face="sans_bold", ink=GREY, anchor="ra")
    return card.becomes("id_card_front", trainee=person.index)


def card_back(person: SpecimenPerson, *, dpi: int = 150) -> Sheet:
    """The side with issuer and validity; it bears no name and no number."""
    card = Sheet(CARD, dpi=dpi, paper=BACK_PAPER)
    card.draw.ellipse(
        [card.px(6), card.px(5), card.px(20), card.px(19)], outline=(190, 60, 50), width=card.px(0.8)
    )
    card.text(48, 6, "中华人民共和国", points=13, face="serif_bold", anchor="ma")
    card.text(48, 15, "居民身份证", points=17, face="serif_bold", anchor="ma")
    card.text(18, 36.5, "签发机关", points=7.5, face="sans", ink=CARD_BLUE)
    card.text(35, 36, person.hall, points=9.5, face="sans", record="issuing_authority")
    card.text(18, 44.5, "有效期限", points=7.5, face="sans", ink=CARD_BLUE)
    start, _, end = person.card_validity.partition("-")
    until = "valid_until" if person.card_until else "long_term"
    card.pieces(35, 44, ((start, "valid_from"), ("-", ""), (end, until)), points=9.5, face="sans")
    card.text(CARD[0] - 2, 1.2, "样本", points=6, face="sans_bold", ink=GREY, anchor="ra")
    return card.becomes("id_card_back", trainee=person.index)


def id_card_front(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    """A photograph filled by the front side alone."""
    return [_on_table(card_front(person, dpi=300), rng).page("id_card_front")]


def id_card_back(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    """A photograph filled by the back side alone."""
    return [_on_table(card_back(person, dpi=300), rng).page("id_card_back")]


def id_card_copy(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    """Both sides on one A4 sheet, as copiers make them."""
    sheet = Sheet(dpi=200)
    left = 62 + rng.uniform(-8, 8)
    sheet.paste(card_front(person, dpi=200), left, 48 + rng.uniform(-6, 6))
    sheet.paste(card_back(person, dpi=200), left + rng.uniform(-3, 3), 128 + rng.uniform(-6, 6))
    sheet.text(105, 205, USE_NOTE, points=12, anchor="ma")
    return [sheet.page("id_card_front", also=("id_card_back",))]


def social_security_card(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    card = Sheet(CARD, dpi=300, paper=(226, 238, 240))
    card.text(30, 4, "中华人民共和国社会保障卡", points=11, face="sans_bold")
    card.text(30, 14, "姓名", points=10, face="sans", ink=CARD_BLUE)
    card.text(40, 14, person.name, points=10, face="sans", record="name")
    card.text(30, 22, "社会保障号码", points=8, face="sans", ink=CARD_BLUE)
    card.text(30, 27, person.id_number, points=11, face="sans", record="id_number")
    card.text(30, 36, f"卡号 H{10000000 + person.index:08d}", points=9, face="sans")
    card.text(30, 43, f"发卡日期 {person.card_from:%Y年%m月}", points=8, face="sans")
    draw_portrait(card, 6, 14, 19, 26)
    card.becomes("social_security_card", trainee=person.index)
    return [_on_table(card, rng).page("social_security_card")]


def recognition_form(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("就业困难人员认定表")
    y = 45.0
    _labelled_row(sheet, y, (("姓名", person.name, "name"), ("性别", person.sex, "sex")))
    _labelled_row(
        sheet, y + 14, (("身份证号", person.id_number, "id_number"), ("联系电话", person.phone, ""))
    )
    _labelled_row(sheet, y + 28, (("家庭住址", person.address, "address"), ("失业时间", "2026年3月", "")))
    sheet.cell(20, y + 42, 35, 40, "申请认定理由")
    sheet.cell(55, y + 42, 135, 40, "属于就业困难人员，有就业意愿，申请参加职业技能培训。", centred=False)
    sheet.cell(20, y + 82, 35, 45, "人社部门认定意见")
    sheet.cell(55, y + 82, 135, 45, "同意认定为就业困难人员")
    sheet.stamp(160, y + 108, "样本县人社局")
    return [sheet.page("recognition_form")]


def school_graduation_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    level = rng.choice(("初级中学", "普通高级中学"))
    text = (
        f"学生 {person.name} 性别{person.sex}，{person.birth_date:%Y年%m月}生，在本校{level}"
        "修业期满，成绩合格，准予毕业。"
    )
    sheet = _certificate_sheet("毕业证书", f"{level}")
    sheet.pair(40, 70, "姓名：", person.name, record="name")
    sheet.pair(40, 80, "身份证号：", person.id_number, record="id_number")
    sheet.paragraph(40, 95, text, width=130, points=13)
    sheet.text(150, 160, "样本县第一中学", points=12, anchor="ma", record="issued_by")
    sheet.stamp(150, 160, "样本县第一中学")
    return [sheet.page("school_graduation_certificate")]


def unemployment_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    sheet = _certificate_sheet(rng.choice(("就业创业证", "就业失业登记证")), "人力资源和社会保障部监制")
    sheet.pair(40, 70, "姓名：", person.name, record="name")
    sheet.pair(40, 82, "公民身份号码：", person.id_number, record="id_number")
    sheet.pair(40, 94, "证书编号：", f"2312990026{person.index:06d}", record="certificate_no")
    sheet.pair(40, 106, "失业登记日期：", "2026年03月02日", record="issued_on")
    sheet.pair(40, 118, "登记类型：", "失业登记")
    sheet.stamp(150, 150, "样本县就业局")
    return [sheet.page("unemployment_certificate")]


def veteran_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    sheet = _certificate_sheet("退役军人优待证", "退役军人事务部监制")
    sheet.pair(40, 70, "姓名：", person.name, record="name")
    sheet.pair(40, 82, "公民身份号码：", person.id_number, record="id_number")
    sheet.pair(40, 94, "退役时间：", "2019年12月")
    return [sheet.page("veteran_certificate")]


def disability_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    sheet = _certificate_sheet("中华人民共和国残疾人证", "中国残疾人联合会监制")
    sheet.pair(40, 70, "姓名：", person.name, record="name")
    sheet.pair(40, 82, "残疾人证号：", person.id_number + "43", record="certificate_no")
    sheet.pair(40, 94, "残疾类别：", "肢体    残疾等级：三级")
    return [sheet.page("disability_certificate")]


def graduate_proof(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    sheet = _certificate_sheet("毕业年度高校毕业生证明", "")
    sheet.pair(40, 70, "姓名：", person.name, record="name")
    sheet.pair(40, 80, "身份证号：", person.id_number, record="id_number")
    text = "该同学系我校2026届应届毕业生，将于2026年7月毕业，特此证明。"
    sheet.paragraph(40, 95, text, width=130, points=13)
    sheet.text(150, 150, "样本职业技术学院", points=12, anchor="ma", record="issued_by")
    sheet.stamp(150, 150, "样本职业学院")
    return [sheet.page("graduate_proof")]


def employment_proof(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("就业证明", y=40)
    sheet.pair(30, 65, "姓名：", person.name, record="name")
    sheet.pair(30, 75, "身份证号：", person.id_number, record="id_number")
    text = (
        f"兹证明上述人员自2026年11月1日起在我单位{course.enterprise}从事{course.occupation}工作，特此证明。"
    )
    sheet.paragraph(30, 90, text, width=150, points=14)
    sheet.text(150, 150, course.enterprise, points=12, anchor="ma", record="employer")
    sheet.stamp(150, 150, "样本食品公司")
    return [sheet.page("employment_proof")]


def _print_birth(card: Sheet, person: SpecimenPerson) -> None:
    card.text(5, 20.5, "出生", points=7.5, face="sans", ink=CARD_BLUE)
    born = person.birth_date
    printed = f"{born.year} 年 {born.month} 月 {born.day} 日"
    card.text(16, 20, printed, points=9, face="sans", record="birth_date")


def _print_address(card: Sheet, address: str) -> None:
    card.text(5, 28, "住址", points=7.5, face="sans", ink=CARD_BLUE)
    card.paragraph(16, 27.5, address, width=40, points=8.5, record="address")


def draw_portrait(card: Sheet, x: float, y: float, width: float, height: float) -> None:
    """A drawn head and shoulders: nobody's face."""
    portrait = Image.new("RGB", (card.px(width), card.px(height)), (214, 222, 230))
    pen = ImageDraw.Draw(portrait)
    middle, head, bottom = portrait.width // 2, portrait.width // 4, portrait.height
    tone = (150, 158, 170)
    pen.ellipse([middle - head, head // 2, middle + head, head * 3], fill=tone)
    pen.pieslice([head // 2, head * 3, portrait.width - head // 2, bottom + head * 3], 180, 360, fill=tone)
    card.image.paste(portrait, (card.px(x), card.px(y)))


def _on_table(card: Sheet, rng: random.Random) -> Sheet:
    """The card on a table top, as a phone sees it."""
    tone = rng.randrange(96, 150)
    table = Sheet((card.width + 24, card.height + 22), dpi=card.dpi, paper=(tone, tone - 8, tone - 20))
    table.paste(card, 12 + rng.uniform(-3, 3), 11 + rng.uniform(-3, 3))
    return table


def _certificate_sheet(title: str, below: str) -> Sheet:
    sheet = Sheet((210, 200), paper=(250, 246, 238))
    sheet.frame(12, 12, 186, 176, ink=(170, 60, 50), line=4)
    sheet.title(title, y=30, points=24)
    if below:
        sheet.text(105, 48, below, points=11, anchor="ma")
    sheet.text(40, 175, HR_AUTHORITY, points=8, ink=GREY)
    return sheet


def _labelled_row(sheet: Sheet, y: float, cells: tuple[tuple[str, str, str], ...]) -> None:
    x = 20.0
    for label, value, record in cells:
        sheet.cell(x, y, 27, 14, label)
        sheet.cell(x + 27, y, 58, 14, value, record=record)
        x += 85
