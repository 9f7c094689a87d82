"""Contracts and agreements set otherwise: parties in cells, terms by check box, open-ended ones, seals left out."""

import random
from datetime import date, timedelta

from ingestion.specimens.agreements import CREDIT_CODE
from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.layouts import Entry, sealed, set_in_grid, signed
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.sheet import Sheet


def contract(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    """Three pages: parties and term, clauses without a title, signatures."""
    signed_on = date(rng.choice((2024, 2025)), rng.randrange(1, 13), rng.randrange(1, 28))
    return [
        _parties(course, person, signed_on, rng),
        _clauses(person),
        _signatures(course, person, signed_on, rng),
    ]


def cooperation(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("校企合作协议书", y=26, points=22)
    rows = [
        (Entry("甲方（企业）", course.enterprise, "party_a"),),
        (Entry("乙方（培训机构）", course.institution, "party_b"),),
    ]
    y = set_in_grid(sheet, 20, 44, rows, label_width=44, height=13) + 8
    for clause in (
        f"第一条 甲乙双方就{course.occupation}职业技能培训开展合作，班次编号{course.class_no}。",
        "第二条 责任义务：甲方组织职工参训，乙方负责师资、教材、场地与考核。",
        "第三条 补贴分配比例：甲方占百分之三十，乙方占百分之七十。",
        "第四条 本协议一式三份，自双方签字盖章之日起生效。",
    ):
        y = sheet.paragraph(20, y, clause, width=168, points=12) + 4
    for x, label, party, seal in (
        (24, "甲方（公章）：", "party_a", course.enterprise),
        (118, "乙方（公章）：", "party_b", course.institution),
    ):
        sheet.text(x, 190, label, points=12)
        sealed(sheet, x + 28, 206, seal, f"{party}_seal", present=rng.random() < 0.85)
    dated = f"{course.applied_on.year}年{course.applied_on.month}月{course.applied_on.day}日"
    sheet.pair(118, 232, "签订日期：", dated, record="signed_on")
    return [sheet.page("cooperation_agreement")]


def _parties(
    course: SpecimenCourse, person: SpecimenPerson, signed_on: date, rng: random.Random
) -> SpecimenPage:
    sheet = Sheet()
    sheet.title("劳动合同书", y=24, points=28)
    rows = [
        (Entry("甲方（用人单位）名称", course.enterprise, "employer"),),
        (Entry("统一社会信用代码", CREDIT_CODE),),
        (Entry("乙方（劳动者）姓名", person.name, "name employee"), Entry("性别", person.sex)),
        (Entry("居民身份证号码", person.id_number, "id_number"),),
        (Entry("户籍住址", person.address.removeprefix("黑龙江省")),),
    ]
    y = set_in_grid(sheet, 18, 46, rows, width=174, height=14, label_width=46) + 8
    sheet.text(18, y, "一、劳动合同期限", points=13, face="serif_bold")
    start = signed_on + timedelta(days=rng.randrange(0, 4))
    if rng.random() < 0.3:
        sheet.tick_box(22, y + 10, 3.6, "固定期限", ticked=False, points=12)
        sheet.tick_box(52, y + 10, 3.6, "无固定期限", ticked=True, points=12)
        sheet.note("open_ended", "true", sheet.runs[-1].box)
        sheet.text(22, y + 20, "自", points=12)
        sheet.text(29, y + 20, _long(start), points=12, record="start_on")
    else:
        years = rng.choice((1, 2, 3))
        end = start.replace(year=start.year + years) - timedelta(days=1)
        text = f"甲乙双方约定本合同为固定期限，自{_long(start)}起，至{_long(end)}止，其中试用期一个月。"
        sheet.paragraph(
            22, y + 10, text, width=164, points=12, inside={"start_on": _long(start), "end_on": _long(end)}
        )
    sheet.text(18, y + 40, "二、工作内容和工作地点", points=13, face="serif_bold")
    sheet.paragraph(
        22, y + 50, f"乙方从事{course.occupation}岗位，工作地点为甲方所在地。", width=164, points=12
    )
    return sheet.page("labour_contract", part="first_page", trainee=person.index)


def _clauses(person: SpecimenPerson) -> SpecimenPage:
    sheet, y = Sheet(), 26.0
    for head, text in (
        ("三、工作时间和休息休假", "甲方安排乙方执行标准工时制度，每日工作不超过八小时，每周至少休息一日。"),
        ("四、劳动报酬", "甲方每月十五日前以货币形式支付乙方工资，月工资不低于当地最低工资标准。"),
        ("五、社会保险和福利待遇", "甲乙双方依法参加社会保险，乙方应缴部分由甲方代扣代缴。"),
        ("六、劳动保护和职业培训", "甲方为乙方提供必要的劳动条件，并组织职业技能培训。"),
        ("七、劳动合同的变更、解除和终止", "双方协商一致可以变更或者解除本合同，并办理相应手续。"),
    ):
        sheet.text(20, y, head, points=13, face="serif_bold")
        y = sheet.paragraph(24, y + 9, text * 2, width=162, points=12) + 6
    sheet.text(105, 282, "第2页 共3页", points=9, anchor="ma")
    return sheet.page("labour_contract", part="continued", trainee=person.index, continues=True)


def _signatures(
    course: SpecimenCourse, person: SpecimenPerson, signed_on: date, rng: random.Random
) -> SpecimenPage:
    sheet = Sheet()
    text = "九、其他。本合同一式两份，甲乙双方各执一份，经双方签字或者盖章后生效。未尽事宜，按照有关法律法规执行。"
    sheet.paragraph(20, 30, text, width=168, points=12)
    sheet.text(24, 92, "甲方（公章）：", points=13)
    sealed(sheet, 62, 104, course.enterprise, "party_a_seal", present=rng.random() < 0.75, radius=19)
    signed(
        sheet,
        112,
        92,
        "乙方（签字）：",
        person.name,
        "party_b_signature",
        present=rng.random() < 0.75,
        points=13,
    )
    sheet.text(24, 124, "法定代表人（签章）：周若谷", points=12)
    sheet.text(24, 142, "签订日期：", points=12)
    sheet.text(48, 142, _long(signed_on), points=12, record="signed_on")
    sheet.text(112, 142, f"签订日期：{_long(signed_on)}", points=12)
    return sheet.page("labour_contract", part="signature_page", trainee=person.index, continues=True)


def _long(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
