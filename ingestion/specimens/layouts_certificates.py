"""Certificates in layouts of their own: upright, as running text, as a booklet, bilingual, two on a sheet."""

import random

from ingestion.specimens.certificates import STYLES, number_of
from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.layouts import Entry, portrait, sealed, set_above, set_in_lines, spread
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.sheet import GREY, RED, Sheet

TITLES = {
    "training_completion_certificate": ("职业培训合格证", "培训合格证书"),
    "vocational_qualification_certificate": ("职业资格证书", "国家职业资格证书"),
    "skill_level_certificate": ("职业技能等级证书", "职业技能等级证书"),
    "special_ability_certificate": ("专项职业能力证书", "专项职业能力考核证书"),
    "special_operation_certificate": ("特种作业操作证", "中华人民共和国特种作业操作证"),
}
ENGLISH = {
    "name": "Name",
    "sex": "Sex",
    "id_number": "ID No.",
    "certificate_no": "Certificate No.",
    "occupation": "Occupation",
    "skill_level": "Skill Level",
    "issued_on": "Issued on",
    "issued_by": "Issuing Authority",
}
WITHOUT_LEVEL = ("special_ability_certificate", "special_operation_certificate")


def upright(
    kind: str, course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    """A4 upright, portrait on top, number first."""
    sheet = Sheet(paper=(252, 250, 242))
    sheet.frame(12, 12, 186, 273, ink=RED, line=4)
    sheet.title(TITLES[kind][0], y=32, points=30)
    portrait(sheet, 88, 58, 30, 40)
    entries = _entries(kind, course, person)
    order = ["certificate_no", "name", "id_number", "sex", "occupation", "skill_level"]
    chosen = [entries[name] for name in order if name in entries]
    y = set_in_lines(sheet, 42, 116, chosen, step=15, label_width=42, width=88, points=14)
    sheet.text(96, y + 16, entries["issued_by"].value, points=13, record="issued_by")
    sheet.text(104, y + 28, _date(course, rng), points=13, record="issued_on")
    sealed(sheet, 130, y + 22, course.institution[-8:], "issuer_seal", radius=20)
    return [sheet.page(kind, trainee=person.index)]


def running_text(
    kind: str, course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    """Landscape, the values within one sentence."""
    sheet = Sheet((280, 200), paper=(250, 246, 232))
    sheet.frame(10, 10, 260, 180, ink=(190, 150, 60), line=6)
    sheet.title(TITLES[kind][0], y=28, points=32)
    entries = _entries(kind, course, person)
    sheet.text(176, 20, "证书编号：", points=11)
    sheet.text(198, 20, entries["certificate_no"].value, points=11, face="sans", record="certificate_no")
    level = entries["skill_level"].value if "skill_level" in entries else ""
    start, end = f"{course.starts_on:%Y年%m月%d日}", f"{course.ends_on:%Y年%m月%d日}"
    text = (
        f"学员{person.name}，性别{person.sex}，身份证号：{person.id_number}，于{start}至{end}"
        f"参加{course.occupation}{level}培训，经考核合格，特发此证。"
    )
    inside = {
        "name": person.name,
        "sex": person.sex,
        "id_number": person.id_number,
        "occupation": course.occupation,
    }
    if level:
        inside["skill_level"] = level
    sheet.paragraph(34, 70, text, width=158, points=16, inside=inside, leading=2.0)
    portrait(sheet, 206, 62, 32, 44)
    sheet.text(150, 148, "发证机关：", points=13)
    sheet.text(175, 148, entries["issued_by"].value, points=13, record="issued_by")
    sheet.text(150, 160, "发证日期：", points=13)
    sheet.text(175, 160, _date(course, rng), points=13, record="issued_on")
    sealed(sheet, 200, 152, course.institution[-8:], "issuer_seal", radius=20)
    return [sheet.page(kind, trainee=person.index)]


def booklet(
    kind: str, course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    """An open booklet: portrait, seal and number on the left leaf, labels above values on the right."""
    sheet = Sheet((250, 176), paper=(244, 238, 224))
    sheet.line(125, 4, 125, 172, ink=GREY, width=3)
    entries = _entries(kind, course, person)
    portrait(sheet, 44, 24, 34, 46)
    sealed(sheet, 78, 70, course.institution[-8:], "issuer_seal", radius=15)
    left = [Entry(spread("姓名"), person.name, "name"), entries["certificate_no"]]
    set_in_lines(sheet, 16, 92, left, step=13, label_width=28, width=72, points=12)
    sheet.text(16, 126, "发证日期", points=11)
    sheet.text(44, 126, _date(course, rng), points=11.5, record="issued_on")
    sheet.text(188, 16, TITLES[kind][1], points=19, face="serif_bold", anchor="ma")
    right = [entries[n] for n in ("sex", "id_number", "occupation", "skill_level") if n in entries]
    right.append(Entry("评价机构", entries["issued_by"].value, "issued_by"))
    set_above(sheet, 138, 40, right, column=100, columns=1, step=19, points=12.5)
    return [sheet.page(kind, trainee=person.index)]


def bilingual(
    kind: str, course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    """Landscape with Chinese and English labels in two columns, the way newer certificates are set."""
    sheet = Sheet((297, 210), paper=(246, 250, 252))
    sheet.frame(8, 8, 281, 194, ink=(60, 100, 150), line=5)
    sheet.title(TITLES[kind][1], y=24, points=30, face="sans_bold")
    sheet.text(148, 42, "CERTIFICATE OF OCCUPATIONAL TRAINING", points=10, ink=GREY, anchor="ma")
    entries = {
        name: Entry(entry.label, entry.value, entry.record, ENGLISH[name])
        for name, entry in _entries(kind, course, person).items()
    }
    left = [entries[n] for n in ("name", "sex", "occupation", "skill_level") if n in entries]
    right = [entries["id_number"], entries["certificate_no"], entries["issued_by"]]
    right.append(Entry("发证日期", _date(course, rng), "issued_on", ENGLISH["issued_on"]))
    set_in_lines(sheet, 62, 66, left, step=19, label_width=30, width=62, points=12, ruled=False)
    set_in_lines(sheet, 162, 66, right, step=19, label_width=34, width=82, points=12, ruled=False)
    portrait(sheet, 22, 66, 30, 40)
    sealed(sheet, 215, 165, course.institution[-8:], "issuer_seal", radius=19)
    return [sheet.page(kind, trainee=person.index)]


def two_on_a_sheet(
    one: tuple[SpecimenCourse, SpecimenPerson],
    other: tuple[SpecimenCourse, SpecimenPerson],
    kind: str,
    rng: random.Random,
) -> list[SpecimenPage]:
    """Two small certificates copied onto one A4: two documents of two people."""
    sheet = Sheet(dpi=200)
    for (course, person), y in ((one, 14), (other, 154)):
        sheet.paste(_small(kind, course, person, rng), 18 + rng.uniform(-6, 6), y)
    page = sheet.page(kind, also=(kind,))
    return [page]


def _small(kind: str, course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> Sheet:
    card = Sheet((170, 122), dpi=200, paper=(250, 247, 238))
    card.frame(4, 4, 162, 114, ink=RED, line=4)
    card.title(TITLES[kind][0], y=12, points=20)
    entries = _entries(kind, course, person)
    chosen = [
        entries[n]
        for n in ("name", "id_number", "occupation", "skill_level", "certificate_no")
        if n in entries
    ]
    set_in_lines(card, 14, 32, chosen, step=11, label_width=32, width=74, points=11)
    portrait(card, 132, 32, 24, 32)
    card.pair(14, 98, "发证机关：", entries["issued_by"].value, points=10, record="issued_by")
    card.pair(108, 106, "日期：", _date(course, rng), points=10, record="issued_on")
    sealed(card, 140, 96, course.institution[-8:], "issuer_seal", radius=14)
    return card.becomes(kind, trainee=person.index)


def _entries(kind: str, course: SpecimenCourse, person: SpecimenPerson) -> dict[str, Entry]:
    style = STYLES[kind]
    issuer = (
        course.institution
        if kind == "training_completion_certificate"
        else style.issuer.replace("样本县", person.county).replace("样本", person.county[:2])
    )
    entries = {
        "name": Entry("姓名", person.name, "name"),
        "sex": Entry("性别", person.sex, "sex"),
        "id_number": Entry("身份证号", person.id_number, "id_number"),
        "occupation": Entry(style.occupation_label, course.occupation, "occupation"),
        "skill_level": Entry("技能等级", course.level, "skill_level"),
        "certificate_no": Entry(style.number_label, number_of(kind, course, person), "certificate_no"),
        "issued_by": Entry("发证机关", issuer, "issued_by"),
    }
    if kind in WITHOUT_LEVEL:
        del entries["skill_level"]
    return entries


def _date(course: SpecimenCourse, rng: random.Random) -> str:
    day = course.issued_on
    return rng.choice((f"{day:%Y年%m月%d日}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y.%m.%d}"))
