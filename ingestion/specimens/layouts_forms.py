"""The regulation's forms in other hands: narrower cells, other label widths, hooks instead of ticks, seals left out."""

import random

from ingestion.specimens.agreements import CREDIT_CODE
from ingestion.specimens.course import HR_AUTHORITY, SpecimenCourse
from ingestion.specimens.forms import CATEGORY_OPTIONS, LECTURER_COLUMNS, STATUS_OPTIONS
from ingestion.specimens.layouts import Entry, sealed, set_as_form, set_in_grid, signed
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.sheet import Sheet

LEFT, WIDTH = 14.0, 182.0
LEVEL_OPTIONS = (("5", "五级"), ("4", "四级"), ("3", "三级"), ("2", "二级"), ("1", "一级"))


def registration(course: SpecimenCourse, person: SpecimenPerson, rng: random.Random) -> list[SpecimenPage]:
    """Attachment 2 with the number in eighteen boxes and the level as check boxes."""
    sheet, style = Sheet(), rng.randrange(4)
    sheet.title("职业技能培训学员登记表", y=16, points=18)
    y = 30.0
    sheet.cell(LEFT, y, 20, 11, "姓名")
    sheet.cell(LEFT + 20, y, 28, 11, person.name, record="name", points=11)
    sheet.cell(LEFT + 48, y, 22, 11, "身份证号")
    _boxed_number(sheet, LEFT + 70, y, 82, 11, person.id_number)
    sheet.cell(LEFT + 152, y, 30, 44, "（一寸免冠彩色照片）", points=8)
    photo = rng.random() < 0.6
    if photo:
        sheet.draw.rectangle(
            [sheet.px(LEFT + 154), sheet.px(y + 3), sheet.px(LEFT + 180), sheet.px(y + 41)],
            fill=(150, 176, 206),
        )
        sheet.draw.ellipse(
            [sheet.px(LEFT + 161), sheet.px(y + 9), sheet.px(LEFT + 173), sheet.px(y + 24)],
            fill=(206, 180, 164),
        )
        sheet.draw.pieslice(
            [sheet.px(LEFT + 156), sheet.px(y + 25), sheet.px(LEFT + 178), sheet.px(y + 57)],
            180,
            360,
            fill=(60, 62, 70),
        )
    sheet.note_mark("photo", photo, LEFT + 152, y, 30, 44)
    education = rng.choice(("初中", "高中", "中专", "大专"))
    born = f"{person.birth_date:%Y年%m月}"
    upper = (
        (
            (20, "性别", ""),
            (18, person.sex, "sex"),
            (20, "民族", ""),
            (24, person.ethnicity, "ethnicity"),
            (26, "出生年月", ""),
            (44, born, "birth_year_month"),
        ),
        (
            (30, "文化程度", ""),
            (42, education, "education_level"),
            (34, "原技术等级", ""),
            (46, "无", "previous_skill_level"),
        ),
        (
            (30, "原从事专业", ""),
            (42, "务农", "previous_occupation"),
            (34, "原工作单位", ""),
            (46, "无", "previous_employer"),
        ),
    )
    y = set_as_form(sheet, LEFT, y + 11, upper, 11)
    household = person.address.removeprefix("黑龙江省")
    lower = (
        ((30, "户籍地址", ""), (152, household, "household_address")),
        ((30, "联系方式", ""), (152, person.phone, "phone")),
    )
    y = set_as_form(sheet, LEFT, y, lower, 13)
    sheet.cell(LEFT, y, 30, 54, "人员类别")
    sheet.cell(LEFT + 30, y, 152, 54)
    for index, (category, label) in enumerate(CATEGORY_OPTIONS):
        ticked = category == person.person_category
        at = LEFT + 34 + 76 * (index // 6), y + 4 + 8.2 * (index % 6)
        sheet.tick_box(*at, 3.4, label, ticked=ticked, style=style)
        if ticked:
            sheet.note("person_category", category, sheet.runs[-1].box)
    y = _choices(sheet, y + 54, course, style, rng)
    y = _declaration(sheet, y, course, person, rng)
    sheet.text(LEFT, y + 3, "注：此表需本人填写，后附相关证明材料。", points=8)
    return [sheet.page("trainee_registration_form", trainee=person.index)]


def _choices(sheet: Sheet, y: float, course: SpecimenCourse, style: int, rng: random.Random) -> float:
    status = rng.choice(STATUS_OPTIONS)[0]
    sheet.cell(LEFT, y, 38, 12, "就业创业证编码")
    sheet.cell(LEFT + 38, y, 52, 12)
    sheet.cell(LEFT + 90, y, 26, 12, "登记状态")
    sheet.cell(LEFT + 116, y, 66, 12)
    for index, (code, label) in enumerate(STATUS_OPTIONS):
        sheet.tick_box(
            LEFT + 120 + index * 20, y + 4, 3.2, label, ticked=code == status, style=style, points=9
        )
        if code == status:
            sheet.note("registration_status", code, sheet.runs[-1].box)
    set_as_form(
        sheet,
        LEFT,
        y + 12,
        (((38, "选择培训机构", ""), (144, course.institution, "chosen_institution")),),
        12,
    )
    sheet.cell(LEFT, y + 24, 38, 16, "选择培训专业或创业培训类别")
    sheet.cell(LEFT + 38, y + 24, 42, 16, course.occupation, record="chosen_programme")
    sheet.cell(LEFT + 80, y + 24, 24, 16, "培训专业等级")
    sheet.cell(LEFT + 104, y + 24, 78, 16)
    for index, (code, label) in enumerate(LEVEL_OPTIONS):
        ticked = course.level.startswith(label)
        sheet.tick_box(LEFT + 106 + index * 15.2, y + 30, 3, label, ticked=ticked, style=style, points=9)
        if ticked:
            sheet.note("skill_level", code, sheet.runs[-1].box)
    return y + 40


def _declaration(
    sheet: Sheet, y: float, course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> float:
    sheet.cell(LEFT, y, 30, 20, "申请确认")
    sheet.cell(LEFT + 30, y, 152, 20)
    sheet.text(LEFT + 33, y + 3, "以上内容真实准确，若与实际不符，愿承担相关法律责任。", points=10)
    signed(
        sheet, LEFT + 80, y + 12, "填表人签名：", person.name, "trainee_signature", present=rng.random() < 0.8
    )
    sheet.cell(LEFT, y + 20, 30, 30, "培训机构意见")
    sheet.cell(LEFT + 30, y + 20, 152, 30)
    sheet.text(LEFT + 34, y + 24, "同意", points=11)
    applied = f"{course.applied_on:%Y年%m月%d日}"
    sheet.pieces(LEFT + 112, y + 42, (("（盖章）  ", ""), (applied, "institution_date")), points=10)
    sealed(
        sheet,
        LEFT + 132,
        y + 34,
        course.institution,
        "institution_seal",
        present=rng.random() < 0.8,
        radius=14,
    )
    return y + 50


def opening(course: SpecimenCourse, count: int, rng: random.Random) -> list[SpecimenPage]:
    """Attachment 1 with wide labels and both opinions below each other."""
    sheet = Sheet()
    sheet.title("职业技能培训开班申请表", y=18, points=19)
    sheet.pair(LEFT, 32, "培训机构名称：", course.body, record="institution_name", points=11)
    sheet.pair(146, 32, "", f"{course.applied_on:%Y年%m月%d日}", record="application_date", points=11)
    startup, wide = "培训职业（工种）或创业培训类别", 52
    rows = (
        (
            (36, "培训种类", ""),
            (60, course.training_type, "training_type"),
            (30, "培训人数", ""),
            (56, f"{count}人", "trainee_count"),
        ),
        (
            (wide, startup, ""),
            (44, course.occupation, "occupation_or_startup_category"),
            (30, "培训等级", ""),
            (56, course.level, "skill_level"),
        ),
    )
    y = set_as_form(sheet, LEFT, 40, rows, 13)
    start, end = f"{course.starts_on:%Y年%m月%d日}", f"{course.ends_on:%m月%d日}"
    sheet.cell(LEFT, y, 36, 12, "培训起止时间")
    sheet.cell(LEFT + 36, y, 146, 12)
    sheet.pieces(LEFT + 70, y + 4, ((start, "start_date"), (" 至 ", ""), (end, "end_date")), points=11)
    sheet.note("training_period", sheet.runs[-1].value, sheet.runs[-1].box)
    sheet.note("end_date", f"{course.ends_on:%Y年%m月%d日}", sheet.fields["end_date"].box)
    lessons = course.theory_lessons + course.practice_lessons
    rest = (
        ((36, "培训地点", ""), (146, course.place, "training_place")),
        (
            (36, "培训课时", ""),
            (30, str(lessons), "total_lessons"),
            (28, "其中：理论", ""),
            (30, str(course.theory_lessons), "theory_lessons"),
            (28, "技能", ""),
            (30, str(course.practice_lessons), "practice_lessons"),
        ),
        ((WIDTH, "培训机构开展此次培训师资情况", ""),),
    )
    y = set_as_form(sheet, LEFT, y + 12, rest, 12)
    teachers = [
        [name, title, course.institution[:8], f"1390000{index:04d}"]
        for index, (name, title) in enumerate(
            zip(course.lecturers, ("高级讲师", "讲师", "技师"), strict=True)
        )
    ]
    head = ["姓名", "职称", "单位", "联系电话"]
    y = sheet.table(LEFT, y, [40, 40, 56, 46], 10, [head, *teachers], columns=LECTURER_COLUMNS)
    sides = (
        (
            "institution",
            "培训机构意见",
            ("handler", "legal_rep"),
            ("经办人：", "机构法人："),
            course.body,
            "institution_date",
        ),
        (
            "hr",
            "人社部门审核意见",
            ("handler", "leader"),
            ("经办人：", "主管领导："),
            HR_AUTHORITY,
            "hr_approved_on",
        ),
    )
    for side, head_text, roles, labels, seal, dated in sides:
        sheet.cell(LEFT, y, 36, 46, head_text)
        sheet.cell(LEFT + 36, y, 146, 46)
        for place, (role, label) in enumerate(zip(roles, labels, strict=True)):
            present = rng.random() < 0.85
            signed(
                sheet,
                LEFT + 42,
                y + 10 + 14 * place,
                label,
                rng.choice(course.lecturers),
                f"{side}_{role}_signature",
                present=present,
            )
        sealed(sheet, LEFT + 140, y + 24, seal, f"{side}_seal", present=rng.random() < 0.85)
        sheet.text(LEFT + 120, y + 37, f"{course.applied_on:%Y年%m月%d日}", points=11, record=dated)
        y += 46
    return [sheet.page("class_opening_application")]


def spot_check(course: SpecimenCourse, count: int, rng: random.Random) -> list[SpecimenPage]:
    """Attachment 6 with narrow labels."""
    sheet = Sheet()
    sheet.title("职业技能培训质量抽查情况记录表", y=20, points=18)
    session = course.sessions[len(course.sessions) // 2]
    present = count - rng.randrange(0, 4)
    rows = (
        ((44, "培训机构（企业）名称", ""), (138, course.body, "institution_or_enterprise_name")),
        (
            (30, "培训种类", ""),
            (52, course.training_type, "training_type"),
            (44, "培训职业（工种）或创业培训类别", ""),
            (56, course.occupation, "occupation_or_startup_category"),
        ),
        (
            (30, "审批培训班人数", ""),
            (52, str(count), "approved_trainee_count"),
            (44, "检查时培训人数", ""),
            (56, str(present), "present_trainee_count"),
        ),
        (
            (30, "检查日期", ""),
            (52, f"{session.on.year}年{session.on.month}月{session.on.day}日", "inspected_on"),
            (44, "授课老师姓名", ""),
            (56, session.lecturer, "lecturer_name"),
        ),
    )
    y = set_as_form(sheet, LEFT, 40, rows, 16)
    sheet.cell(LEFT, y, 30, 64, "现场检查情况")
    sheet.cell(LEFT + 30, y, 152, 64)
    findings = f"正在进行{session.topic}教学，应到{count}人，实到{present}人，教学秩序良好，设备运行正常。"
    sheet.paragraph(LEFT + 34, y + 6, findings, width=142, record="findings")
    for label, record, dated, name in (
        ("检查人签字：", "inspector_signature", "inspector_signed_on", "顾长风"),
        (
            "培训机构（企业）负责人确认签字：",
            "responsible_person_signature",
            "responsible_signed_on",
            "江晚亭",
        ),
    ):
        y += 64 if dated == "inspector_signed_on" else 26
        sheet.cell(LEFT, y, WIDTH, 26)
        signed(sheet, LEFT + 4, y + 6, label, name, record, present=rng.random() < 0.8)
        sheet.text(LEFT + 130, y + 16, f"{session.on:%Y年%m月%d日}", points=11, record=dated)
    return [sheet.page("quality_spot_check_record")]


def subsidy_of_body(course: SpecimenCourse, count: int, rng: random.Random) -> list[SpecimenPage]:
    """Attachment 5: the training body asks for the money of a class."""
    sheet, passed = Sheet(), count - 1
    sheet.title("职业技能培训补贴资金申请表", y=18)
    sheet.text(105, 29, "（培训主体填写）", points=12, anchor="ma")
    total, advance = 1200 * passed, 1200 * passed // 2
    lessons = course.theory_lessons + course.practice_lessons
    period = f"{course.starts_on:%Y年%m月%d日}至{course.ends_on:%Y年%m月%d日}"
    rows = [
        (Entry("申请单位", course.body, "applicant_name"),),
        (
            Entry("统一社会信用代码", CREDIT_CODE, "unified_social_credit_code"),
            Entry("法定代表人", "周若谷", "legal_rep"),
        ),
        (Entry("联系人", "江晚亭", "contact"), Entry("联系电话", "13900000018", "phone")),
        (
            Entry("班次编号", course.class_no, "class_no"),
            Entry("培训种类", course.training_type, "training_type"),
        ),
        (Entry("培训工种", course.occupation, "occupation"), Entry("培训等级", course.level, "skill_level")),
        (Entry("培训起止时间", period, "training_period"), Entry("总课时", str(lessons), "total_lessons")),
        (Entry("参训人数", str(count), "enrolled_count"), Entry("结业人数", str(count), "completed_count")),
        (Entry("合格人数", str(passed), "passed_count"), Entry("取证人数", str(passed), "certified_count")),
        (
            Entry("补贴标准", "1200元/人", "subsidy_standard"),
            Entry("补贴金额", f"{total}元", "subsidy_total"),
        ),
        (
            Entry("已预拨金额", f"{advance}元", "advance_paid"),
            Entry("本次申请金额", f"{total - advance}元", "balance_requested"),
        ),
        (
            Entry("开户银行", "样本银行站前支行", "bank_name"),
            Entry("银行账号", f"62000000{rng.randrange(10**8):08d}", "bank_account"),
        ),
    ]
    y = set_in_grid(sheet, LEFT, 36, rows, width=WIDTH, height=11.5, label_width=34, points=10)
    for head, record, seal in (
        ("申请单位意见", "applicant_seal", course.body),
        ("人社部门审批意见", "hr_approval_seal", HR_AUTHORITY),
        ("财政部门意见", "finance_opinion_seal", "样本县财政局"),
    ):
        sheet.cell(LEFT, y, 34, 34, head)
        sheet.cell(LEFT + 34, y, 148, 34)
        sealed(sheet, LEFT + 140, y + 17, seal, record, present=rng.random() < 0.75, radius=14)
        y += 34
    return [sheet.page("subsidy_application")]


def subsidy_of_person(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    """Attachment 4: a trainee who paid first asks for the money back."""
    sheet = Sheet()
    sheet.title("职业技能培训补贴资金申请表", y=20)
    sheet.text(105, 31, "（个人填写）", points=12, anchor="ma")
    period = f"{course.starts_on:%Y.%m.%d}-{course.ends_on:%Y.%m.%d}"
    category = dict(CATEGORY_OPTIONS).get(person.person_category, "其他")
    rows = [
        (Entry("姓名", person.name, "name"), Entry("性别", person.sex, "sex")),
        (Entry("身份证号", person.id_number, "id_number"),),
        (Entry("人员类别", category, "person_category"), Entry("联系电话", person.phone, "phone")),
        (Entry("户籍地址", person.address, "household_address"),),
        (
            Entry("培训机构", course.institution, "institution_name"),
            Entry("班次编号", course.class_no, "class_no"),
        ),
        (Entry("培训工种", course.occupation, "occupation"), Entry("培训等级", course.level, "skill_level")),
        (
            Entry("培训时间", period, "training_period"),
            Entry("证书编号", course.certificate_no(person.index), "certificate_no"),
        ),
        (Entry("培训费用", "1500元", "fee_paid"), Entry("申请金额", "1200元", "subsidy_requested")),
        (
            Entry("开户银行", "样本银行站前支行", "bank_name"),
            Entry("银行账号", f"62170000{rng.randrange(10**8):08d}", "bank_account"),
        ),
    ]
    y = set_in_grid(sheet, LEFT, 40, rows, width=WIDTH, height=13, label_width=30)
    signed(
        sheet,
        LEFT + 100,
        y + 8,
        "申请人签名：",
        person.name,
        "applicant_signature",
        present=rng.random() < 0.8,
    )
    y += 22
    for head, record, seal in (
        ("培训机构意见", "institution_opinion_seal", course.institution),
        ("人社部门意见", "hr_approval_seal", HR_AUTHORITY),
    ):
        sheet.cell(LEFT, y, 30, 38, head)
        sheet.cell(LEFT + 30, y, 152, 38)
        sealed(sheet, LEFT + 140, y + 19, seal, record, present=rng.random() < 0.75)
        y += 38
    return [sheet.page("subsidy_application", trainee=person.index)]


def _boxed_number(sheet: Sheet, x: float, y: float, width: float, height: float, number: str) -> None:
    """Eighteen boxes, a figure in each: one value."""
    step, boxes = width / len(number), []
    face = sheet.faces.written("sans", "id_number")
    for index, figure in enumerate(number):
        sheet.frame(x + index * step, y, step, height)
        at = (sheet.px(x + (index + 0.5) * step), sheet.px(y + height / 2))
        chosen = sheet.face(face, 10.5)
        sheet.draw.text(at, figure, font=chosen, fill=(28, 28, 30), anchor="mm")
        boxes.append(sheet.draw.textbbox(at, figure, chosen, "mm"))
    around = (boxes[0][0], min(b[1] for b in boxes), boxes[-1][2], max(b[3] for b in boxes))
    sheet.note("id_number", number, around)
    sheet.runs.append(sheet.fields["id_number"])
