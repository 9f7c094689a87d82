"""Draws the certificates that item 职业资格证书等复印件 accepts."""

import random
from dataclasses import dataclass

from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.sheet import GREY, Sheet

FRAME_INK = (168, 44, 40)


@dataclass(frozen=True)
class CertificateStyle:
    """What one certificate prints differently from another."""

    kind: str
    title: str
    issuer: str
    number_label: str
    occupation_label: str = "职业（工种）"


COMPLETION = CertificateStyle(
    "training_completion_certificate", "职业培训合格证", "绥化市样本职业技能培训学校", "证书编号"
)
QUALIFICATION = CertificateStyle(
    "vocational_qualification_certificate", "职业资格证书", "样本职业技能鉴定中心", "证书编号"
)
SKILL_LEVEL = CertificateStyle(
    "skill_level_certificate", "职业技能等级证书", "样本职业技能评价中心", "证书编号"
)
ABILITY = CertificateStyle(
    "special_ability_certificate", "专项职业能力证书", "样本职业技能鉴定中心", "证书编号", "专项职业能力"
)
OPERATION = CertificateStyle(
    "special_operation_certificate", "特种作业操作证", "样本县应急管理局", "证号", "作业类别"
)


STYLES = {style.kind: style for style in (COMPLETION, QUALIFICATION, SKILL_LEVEL, ABILITY, OPERATION)}


def training_completion_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    return [_draw(COMPLETION, course, person)]


def vocational_qualification_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    return [_draw(QUALIFICATION, course, person)]


def skill_level_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    return [_draw(SKILL_LEVEL, course, person)]


def special_ability_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    return [_draw(ABILITY, course, person)]


def special_operation_certificate(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    return [_draw(OPERATION, course, person)]


def number_of(kind: str, course: SpecimenCourse, person: SpecimenPerson) -> str:
    """The number that a certificate of this kind bears."""
    serial = int(person.id_number[8:17]) % 99991
    numbers = {
        COMPLETION.kind: course.certificate_no(person.index),
        QUALIFICATION.kind: f"26080010052{serial:05d}",
        SKILL_LEVEL.kind: f"Y000023000015265{serial:06d}",
        ABILITY.kind: f"2608001{serial:07d}",
        OPERATION.kind: f"T{person.id_number}",
    }
    return numbers[kind]


def _draw(style: CertificateStyle, course: SpecimenCourse, person: SpecimenPerson) -> SpecimenPage:
    sheet = Sheet((210, 148), paper=(252, 248, 236))
    sheet.frame(9, 9, 192, 130, ink=FRAME_INK, line=5)
    sheet.frame(11.5, 11.5, 187, 125, ink=FRAME_INK, line=1)
    sheet.title(style.title, y=20, points=28)
    rows = (
        ("姓    名", person.name, "name"),
        ("性    别", person.sex, "sex"),
        ("身份证号", person.id_number, "id_number"),
        (style.occupation_label, course.occupation, "occupation"),
        ("等    级", course.level, "skill_level"),
        (style.number_label, number_of(style.kind, course, person), "certificate_no"),
    )
    for index, (label, value, record) in enumerate(rows):
        y = 44 + index * 11.5
        sheet.text(24, y, label, points=12)
        sheet.text(62, y, value, points=12.5, face="sans", record=record)
        sheet.line(60, y + 6.4, 132, y + 6.4, ink=GREY, width=1)
    sheet.frame(150, 44, 27, 37, ink=GREY, line=1)
    sheet.text(163, 60, "照片", points=10, ink=GREY, anchor="mm")
    sheet.text(24, 116, "发证机关", points=11)
    sheet.text(48, 116, style.issuer, points=11, record="issued_by")
    sheet.text(126, 125, "发证日期", points=11)
    sheet.text(147, 125, f"{course.issued_on:%Y年%m月%d日}", points=11, record="issued_on")
    sheet.stamp(164, 112, style.issuer[-8:], radius=17)
    return sheet.page(style.kind)
