"""Draws contracts, agreements, applications for money and the papers beside the numbered items."""

import random
from datetime import date

from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.sheet import Sheet, SpecimenPage

CREDIT_CODE = "91231299MA00000000"
ALLOWANCE_COLUMNS = ("seq", "name", "id_number", "days", "rate", "amount", "")


def labour_contract(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    """First page and signature page; the second bears no title."""
    signed_on = date(2026, 3, rng.randrange(1, 28))
    first = Sheet()
    first.title("劳动合同", y=28, points=26)
    first.pair(28, 55, "甲方（用人单位）：", course.enterprise, points=13, record="employer")
    first.pair(28, 66, "统一社会信用代码：", CREDIT_CODE, points=13)
    first.pair(28, 82, "乙方（劳动者）：", person.name, points=13, record="name employee")
    first.pair(28, 93, "居民身份证号码：", person.id_number, points=13, record="id_number")
    first.pair(28, 104, "住址：", person.address.removeprefix("黑龙江省"), points=11)
    until = signed_on.replace(year=signed_on.year + 3)
    span = f"自{signed_on:%Y年%m月%d日}起至{until:%Y年%m月%d日}止"
    term = f"第一条 劳动合同期限。本合同为固定期限劳动合同，{span}。"
    y = first.paragraph(
        28,
        122,
        term,
        width=155,
        points=12,
        inside={"start_on": f"{signed_on:%Y年%m月%d日}", "end_on": f"{until:%Y年%m月%d日}"},
    )
    duty = f"第二条 工作内容。乙方同意根据甲方工作需要，从事{course.occupation}岗位工作，完成规定的工作任务。"
    y = first.paragraph(28, y + 4, duty, width=155, points=12)
    first.paragraph(
        28,
        y + 4,
        "第三条 劳动报酬。甲方每月以货币形式支付乙方工资，不低于当地最低工资标准。",
        width=155,
        points=12,
    )
    return [first.page("labour_contract", part="first_page"), _signature_page(course, person, signed_on)]


def cooperation_agreement(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("职业技能培训合作协议", y=28, points=22)
    sheet.pair(25, 52, "甲方（企业）：", course.enterprise)
    sheet.pair(25, 61, "乙方（培训机构）：", course.institution)
    y = 76.0
    for clause in (
        f"一、甲方委托乙方开展{course.occupation}{course.level}培训，班次：{course.class_no}。",
        "二、甲方负责组织职工参加培训，乙方负责教学实施、考勤管理与结业考核。",
        "三、培训补贴的分配比例：甲方20%，乙方80%，由人社部门分别拨付。",
        "四、本协议一式两份，甲乙双方各执一份，自签订之日起生效。",
    ):
        y = sheet.paragraph(25, y, clause, width=160, points=12) + 3
    sheet.text(30, 180, "甲方（盖章）：", points=12)
    sheet.text(120, 180, "乙方（盖章）：", points=12)
    sheet.stamp(55, 190, "样本食品公司", record="party_a_seal")
    sheet.stamp(145, 190, "样本培训学校", record="party_b_seal")
    sheet.pair(120, 215, "签订日期：", f"{course.applied_on:%Y年%m月%d日}", record="signed_on")
    return [sheet.page("cooperation_agreement")]


def subsidy_application(course: SpecimenCourse, count: int, rng: random.Random) -> list[SpecimenPage]:
    """The form that a training body fills in (attachment 5)."""
    sheet = Sheet()
    sheet.title("职业技能培训补贴资金申请表")
    sheet.text(105, 34, "（培训主体填写）", points=12, anchor="ma")
    rows = [
        ["申请单位", course.body, "信用代码", CREDIT_CODE],
        ["班次编号", course.class_no, "培训种类", course.training_type],
        ["培训工种", course.occupation, "培训等级", course.level],
        ["培训人数", str(count), "合格人数", str(count)],
        ["补贴标准", "1200元/人", "申请金额", f"{1200 * count}元"],
        ["开户银行", "样本银行站前支行", "银行账号", "6200 0000 0000 0000"],
    ]
    y = sheet.table(20, 46, [32, 58, 30, 50], 14, rows)
    for head in ("申请单位意见", "人社部门审核意见", "财政部门意见"):
        sheet.cell(20, y, 32, 34, head)
        sheet.cell(52, y, 138, 34)
        sheet.text(150, y + 24, f"（盖章）{course.issued_on:%Y年%m月%d日}", points=10, anchor="ma")
        y += 34
    sheet.stamp(150, y - 85, course.body[-8:], radius=15)
    return [sheet.page("subsidy_application")]


def living_allowance_payment_list(
    course: SpecimenCourse, people: list[SpecimenPerson], rng: random.Random
) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("生活补贴发放明细表")
    sheet.text(20, 38, f"培训机构：{course.body}    班次：{course.class_no}", points=10.5)
    head = ["序号", "姓名", "身份证号", "天数", "标准", "金额", "签收"]
    body = [[str(p.index + 1), p.name, p.id_number, "10", "30", "300", ""] for p in people[:20]]
    sheet.table(
        18, 48, [14, 26, 58, 16, 16, 20, 26], 8.4, [head, *body], points=9.5, columns=ALLOWANCE_COLUMNS
    )
    return [sheet.page("living_allowance_payment_list")]


def business_licence(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    sheet = Sheet((297, 210), paper=(250, 250, 240))
    sheet.frame(10, 10, 277, 190, ink=(180, 150, 60), line=5)
    sheet.title("营业执照", y=32, points=34)
    sheet.text(148, 54, f"统一社会信用代码 {CREDIT_CODE}", points=12, anchor="ma")
    for index, (label, value) in enumerate(
        (
            ("名称", f"样本县{person.name}小吃部"),
            ("类型", "个体工商户"),
            ("经营者", person.name),
            ("经营场所", "样本县站前街66号"),
            ("注册日期", "2026年08月18日"),
        )
    ):
        sheet.text(40, 76 + index * 14, label, points=13)
        sheet.text(80, 76 + index * 14, value, points=13, record="name" if label == "经营者" else "")
    sheet.text(230, 170, "登记机关", points=13, anchor="ma")
    sheet.stamp(230, 165, "样本县监管局", radius=18)
    return [sheet.page("business_licence")]


def business_plan(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    return [
        _plan(
            "创业计划书",
            "business_plan",
            person,
            ("一、项目概况", "二、市场分析", "三、资金预算", "四、风险与对策"),
        )
    ]


def improvement_plan(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    return [
        _plan(
            "企业改善计划",
            "improvement_plan",
            person,
            ("一、企业现状", "二、存在问题", "三、改善措施", "四、预期效果"),
        )
    ]


def invoice(course: SpecimenCourse, count: int, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet((210, 140), paper=(252, 252, 250))
    sheet.title("电子发票（普通发票）", y=12, points=18)
    sheet.text(190, 26, "发票号码：26232000000000000001", points=9.5, anchor="ra")
    sheet.text(190, 32, f"开票日期：{course.issued_on:%Y年%m月%d日}", points=9.5, anchor="ra")
    rows = [
        ["购买方信息", f"名称：样本县财政局  统一社会信用代码：{CREDIT_CODE}"],
        ["销售方信息", f"名称：{course.institution}"],
    ]
    y = sheet.table(15, 40, [30, 150], 14, rows, points=9)
    head = ["项目名称", "数量", "单价", "金额", "税率", "税额"]
    y = sheet.table(
        15,
        y,
        [55, 20, 25, 30, 20, 30],
        10,
        [head, ["*非学历教育*培训费", str(count), "1200", str(1200 * count), "3%", "0"]],
    )
    sheet.table(15, y, [55, 125], 10, [["价税合计（大写）", f"（小写）¥{1200 * count}.00"]])
    return [sheet.page("invoice")]


def fiscal_receipt(course: SpecimenCourse, count: int, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet((210, 120), paper=(252, 252, 250))
    sheet.title("黑龙江省行政事业性收费票据", y=14, points=18)
    sheet.table(
        20,
        36,
        [60, 50, 60],
        12,
        [["收费项目", "标准", "金额"], ["培训费", "1200", str(1200 * count)], ["合计", "", ""]],
    )
    sheet.stamp(160, 90, "样本财务专用章", radius=15)
    return [sheet.page("fiscal_receipt")]


def completion_report(course: SpecimenCourse, count: int, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("职业技能培训班结业验收情况报告", y=26, points=18)
    text = (
        f"{course.institution}于{course.starts_on:%Y年%m月%d日}至{course.ends_on:%m月%d日}举办{course.occupation}培训班，"
        f"班次：{course.class_no}，应到{count}人，考核合格{count}人，课时与计划一致，现报请验收。"
    )
    sheet.paragraph(25, 50, text, width=160, points=13)
    sheet.text(140, 130, "验收意见：", points=13)
    return [sheet.page("completion_report")]


def training_outline(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    return [
        _text_page(
            "培训大纲", "training_outline", f"{course.occupation}培训大纲适用于{course.level}，共分七个模块。"
        )
    ]


def equipment_record(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("监控及打卡设备参数登记表", points=18)
    rows = [
        ["设备名称", "型号", "编号", "安装位置"],
        ["网络摄像机", "IPC-200", "SX-0011", "实训楼201"],
        ["人脸打卡机", "KQ-7", "KQ-0007", "入口"],
    ]
    sheet.table(20, 45, [45, 40, 40, 45], 13, rows)
    return [sheet.page("equipment_record")]


def commissioned_training_agreement(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    text = f"甲方（用工企业）{course.enterprise}委托乙方{course.institution}对劳动预备制学员进行定向培养。"
    return [_text_page("委托培养协议", "commissioned_training_agreement", text)]


def appraisal_filing_form(
    course: SpecimenCourse, people: list[SpecimenPerson], rng: random.Random
) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("黑龙江省职业技能鉴定资格证书发证备案表", points=17)
    body = [[str(p.index + 1), p.name, p.sex, p.id_number, "85", "88"] for p in people[:12]]
    sheet.table(
        20,
        45,
        [14, 28, 16, 62, 25, 25],
        9,
        [["序号", "姓名", "性别", "身份证号", "理论", "实操"], *body],
        points=9.5,
        columns=("seq", "name", "sex", "id_number", "theory_score", "practice_score"),
    )
    return [sheet.page("appraisal_filing_form")]


def enterprise_training_filing(course: SpecimenCourse, count: int, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("企业职工培训备案表")
    rows = [
        ["申报企业", course.enterprise, "培训人数", str(count)],
        ["培训工种", course.occupation, "培训等级", course.level],
        [
            "培训计划",
            f"{course.theory_lessons + course.practice_lessons}课时",
            "备案日期",
            f"{course.applied_on}",
        ],
    ]
    sheet.table(20, 46, [32, 58, 30, 50], 14, rows)
    sheet.stamp(150, 120, course.enterprise[-8:], radius=15)
    return [sheet.page("enterprise_training_filing")]


def _signature_page(course: SpecimenCourse, person: SpecimenPerson, signed_on: date) -> SpecimenPage:
    sheet = Sheet()
    closing = (
        "第十二条 本合同一式两份，甲乙双方各执一份，自双方签字（盖章）之日起生效。未尽事宜按国家规定执行。"
    )
    sheet.paragraph(28, 40, closing, width=155, points=12)
    sheet.text(30, 110, "甲方（盖章）", points=13)
    sheet.text(120, 110, "乙方（签字）", points=13)
    sheet.text(30, 124, "法定代表人：周若谷", points=13)
    sheet.text(120, 124, person.name, points=15, face="hand", record="name employee")
    sheet.note_mark("party_b_signature", True, 120, 123, 25, 8)
    sheet.text(30, 145, "签订日期：", points=12)
    sheet.text(54, 145, f"{signed_on:%Y年%m月%d日}", points=12, record="signed_on")
    sheet.text(120, 145, f"签订日期：{signed_on:%Y年%m月%d日}", points=12)
    sheet.stamp(55, 120, course.enterprise[-8:], record="party_a_seal")
    return sheet.page("labour_contract", part="signature_page", continues=True)


def _plan(title: str, kind: str, person: SpecimenPerson, heads: tuple[str, ...]) -> SpecimenPage:
    sheet = Sheet()
    sheet.title(title, y=30, points=24)
    sheet.pair(30, 52, "姓名：", person.name, record="name")
    sheet.pair(30, 61, "身份证号：", person.id_number, record="id_number")
    for index, head in enumerate(heads):
        sheet.text(30, 80 + index * 42, head, points=13, face="serif_bold")
        text = "结合本地实际，经过调查，现说明如下：客源稳定，投入适中，预计一年内收回成本，并持续改进。"
        sheet.paragraph(30, 90 + index * 42, text, width=150)
    return sheet.page(kind)


def _text_page(title: str, kind: str, text: str) -> SpecimenPage:
    sheet = Sheet()
    sheet.title(title, y=30, points=24)
    sheet.paragraph(28, 60, text * 3, width=155, points=12)
    return sheet.page(kind)
