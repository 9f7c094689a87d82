"""Draws the regulation's own forms (附件1 至 附件6) in their printed layout."""

import random

from ingestion.specimens.course import HR_AUTHORITY, SpecimenCourse
from ingestion.specimens.identity import draw_portrait
from ingestion.specimens.people import CITY, COUNTY, SpecimenPerson
from ingestion.specimens.sheet import Sheet, SpecimenPage

LEFT, WIDTH = 20.0, 170.0
CATEGORY_OPTIONS = (
    ("poor_family_child", "贫困家庭子女"),
    ("poor_labourer", "贫困劳动力"),
    ("junior_senior_graduate_not_continuing", "城乡未继续升学初高中毕业生"),
    ("rural_transfer_worker", "农村转移就业劳动者"),
    ("laid_off_unemployed", "下岗失业人员"),
    ("transferred_worker", "转岗职工"),
    ("veteran", "退役军人"),
    ("graduating_year_college_student", "毕业年度高校毕业生"),
    ("prisoner_within_one_year", "距刑满释放不足一年的服刑人员"),
    ("drug_rehab", "戒毒人员"),
    ("disabled", "残疾人"),
)
STATUS_OPTIONS = (("employed", "就业"), ("unemployed", "失业"), ("none", "无状态"))
STARTUP_NOTE = "创业培训类别是指创业意识培训、创办企业培训、改善企业培训、网络创业培训和创业实训等"
LECTURER_COLUMNS = ("lecturer_name", "lecturer_title", "lecturer_employer", "lecturer_phone")
ROSTER_COLUMNS = ("seq", "name", "sex", "id_number", "education_level", "household_address", "phone", "")
Row = tuple[tuple[float, str, str], ...]


def class_opening_application(course: SpecimenCourse, count: int, rng: random.Random) -> SpecimenPage:
    """Attachment 1."""
    sheet = Sheet()
    sheet.text(LEFT, 14, "附件1：", points=11)
    sheet.title("职业技能培训开班申请表", y=24)
    sheet.pair(LEFT, 38, "培训机构名称：", course.body, record="institution_name")
    sheet.text(LEFT, 44, f"班次编号：{course.class_no}", points=9)
    applied = f"{course.applied_on:%Y年%m月%d日}"
    sheet.text(190, 38, applied, points=11, anchor="ra", record="application_date")
    y = _rows(sheet, 50, 12, _opening_rows(course, count))
    sheet.note("start_date", f"{course.starts_on:%Y年%m月%d日}", sheet.fields["training_period"].box)
    sheet.note("end_date", f"{course.ends_on:%Y年%m月%d日}", sheet.fields["training_period"].box)
    sheet.cell(LEFT, y, 42, 24, "培训课时")
    sheet.cell(
        LEFT + 42, y, 43, 24, str(course.theory_lessons + course.practice_lessons), record="total_lessons"
    )
    sheet.cell(LEFT + 85, y, 28, 24, "其中")
    sheet.cell(LEFT + 113, y, 28, 12, "理论")
    sheet.cell(LEFT + 141, y, 29, 12, str(course.theory_lessons), record="theory_lessons")
    sheet.cell(LEFT + 113, y + 12, 28, 12, "技能")
    sheet.cell(LEFT + 141, y + 12, 29, 12, str(course.practice_lessons), record="practice_lessons")
    sheet.cell(LEFT, y + 24, WIDTH, 10, "培训机构开展此次培训师资情况")
    teachers = [
        [name, "讲师", course.institution[:9], f"139000000{index:02d}"]
        for index, name in enumerate(course.lecturers)
    ]
    y = sheet.table(
        LEFT,
        y + 34,
        [42, 43, 45, 40],
        9.5,
        [["姓名", "职称", "单位", "联系电话"], *teachers],
        columns=LECTURER_COLUMNS,
    )
    opinions(sheet, y, course)
    sheet.text(
        LEFT,
        y + 56,
        "注：1、培训种类是指就业技能培训、岗前培训、岗位技能提升培训、安全技能培训和创业培训；",
        points=8,
    )
    sheet.text(LEFT, y + 60.5, f"2、{STARTUP_NOTE}；3、此表一式三份。", points=8)
    return sheet.page("class_opening_application")


def trainee_registration_form(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    """Attachment 2."""
    sheet = Sheet()
    sheet.text(LEFT, 14, "附件2：", points=11)
    sheet.title("职业技能培训学员登记表", y=24)
    top = 42.0
    sheet.cell(LEFT + 140, top, 30, 48, "（一寸免冠彩色照片）", points=9)
    _row(
        sheet,
        top,
        12,
        (
            (22, "姓名", ""),
            (33, person.name, "name"),
            (25, "身份证号", ""),
            (60, person.id_number, "id_number"),
        ),
    )
    _row(
        sheet,
        top + 12,
        12,
        (
            (22, "性别", ""),
            (18, person.sex, "sex"),
            (20, "民族", ""),
            (22, person.ethnicity, "ethnicity"),
            (26, "出生年月", ""),
            (32, f"{person.birth_date:%Y年%m月}", "birth_year_month"),
        ),
    )
    _row(
        sheet,
        top + 24,
        12,
        (
            (30, "文化程度", ""),
            (40, rng.choice(("初中", "高中", "大专")), "education_level"),
            (35, "原技术等级", ""),
            (35, "无", "previous_skill_level"),
        ),
    )
    _row(
        sheet,
        top + 36,
        12,
        (
            (30, "原从事专业", ""),
            (40, "无", "previous_occupation"),
            (35, "原工作单位", ""),
            (35, "无", "previous_employer"),
        ),
    )
    y = _rows(sheet, top + 48, 12, _registration_rows(person))
    sheet.cell(LEFT, y, 30, 48, "人员类别")
    _checkboxes(sheet, y, person)
    y = _rows(sheet, y + 48, 12, _choice_rows(course))
    for index, (status, label) in enumerate(STATUS_OPTIONS):
        sheet.tick_box(
            LEFT + 122 + index * 15.5, y - 31.7, 3.2, label, ticked=status == "unemployed", points=9
        )
        if status == "unemployed":
            sheet.note("registration_status", status, sheet.runs[-1].box)
    sheet.cell(LEFT, y, 30, 22, "申请确认")
    sheet.cell(LEFT + 30, y, 140, 22)
    sheet.text(LEFT + 33, y + 4, "以上内容真实准确，若与实际不符，愿承担相关法律责任。", points=10)
    sheet.text(LEFT + 85, y + 14, "填表人签名：", points=11)
    sheet.text(LEFT + 109, y + 13.5, person.name, points=13, face="hand")
    sheet.note_mark("trainee_signature", True, LEFT + 108, y + 13, 25, 7)
    has_photo = person.index % 5 != 4
    if has_photo:
        draw_portrait(sheet, LEFT + 143, top + 5, 24, 34)
    sheet.note_mark("photo", has_photo, LEFT + 140, top, 30, 48)
    sheet.cell(LEFT, y + 22, 30, 26, "培训机构意见")
    sheet.cell(LEFT + 30, y + 22, 140, 26)
    applied = f"{course.applied_on:%Y年%m月%d日}"
    sheet.pieces(LEFT + 100, y + 40, (("（盖章）", ""), (applied, "institution_date")), points=10)
    sheet.stamp(LEFT + 120, y + 34, "样本培训学校", radius=15, record="institution_seal")
    sheet.text(LEFT, y + 51, "注：1、此表需本人填写，后附培训学员相关证明材料；", points=8)
    return [sheet.page("trainee_registration_form")]


def trainee_roster(
    course: SpecimenCourse, people: list[SpecimenPerson], rng: random.Random
) -> list[SpecimenPage]:
    """Attachment 3, twenty rows a page."""
    pages = []
    for start in range(0, len(people), 20):
        sheet = Sheet((297, 210))
        continued = "（续）" if start else ""
        sheet.title(f"职业技能培训人员名册{continued}", y=16)
        sheet.text(18, 30, f"培训机构名称：{course.body}", points=10)
        sheet.pair(150, 30, "班次：", course.class_no, points=10, gap=0, record="class_no")
        sheet.text(205, 30, f"工种：{course.occupation}  等级：{course.level}", points=10)
        head = ["序号", "姓名", "性别", "身份证号", "文化程度", "户籍地址", "联系电话", "备注"]
        body = [_roster_row(person) for person in people[start : start + 20]]
        y = sheet.table(
            18, 37, [14, 25, 14, 55, 22, 78, 35, 18], 7.2, [head, *body], points=8.5, columns=ROSTER_COLUMNS
        )
        sheet.text(18, y + 4, "填表人：沈知秋          负责人：周若谷          （盖章）", points=10)
        pages.append(sheet.page("trainee_roster", continues=start > 0))
    return pages


def quality_spot_check_record(course: SpecimenCourse, count: int, rng: random.Random) -> SpecimenPage:
    """Attachment 6."""
    sheet = Sheet()
    sheet.text(LEFT, 14, "附件6：", points=11)
    sheet.title("职业技能培训质量抽查情况记录表", y=24)
    day = course.sessions[len(course.sessions) // 2]
    rows: list[Row] = [
        ((55, "培训机构（企业）名称", ""), (115, course.body, "institution_or_enterprise_name")),
        (
            (35, "培训种类", ""),
            (45, course.training_type, "training_type"),
            (50, "培训职业（工种）或创业培训类别", ""),
            (40, course.occupation, "occupation_or_startup_category"),
        ),
        (
            (45, "审批培训班人数", ""),
            (40, str(count), "approved_trainee_count"),
            (45, "检查时培训人数", ""),
            (40, str(count - 1), "present_trainee_count"),
        ),
        (
            (35, "检查日期", ""),
            (50, f"{day.on:%Y年%m月%d日}", "inspected_on"),
            (45, "授课老师姓名", ""),
            (40, day.lecturer, "lecturer_name"),
        ),
    ]
    y = _rows(sheet, 44, 15, rows)
    sheet.cell(LEFT, y, WIDTH, 70)
    sheet.text(LEFT + 3, y + 4, "现场检查情况：", points=11)
    seen = f"检查时正在讲授{day.topic}，学员在座，教师按课表授课"
    findings = f"{seen}，监控与打卡设备正常运行。班次：{course.class_no}。"
    sheet.paragraph(LEFT + 6, y + 13, findings, width=155, record="findings")
    for offset, label, signed in (
        (70, "检查人签字：", "inspector_signed_on"),
        (95, "培训机构（企业）负责人确认签字：", "responsible_signed_on"),
    ):
        sheet.cell(LEFT, y + offset, WIDTH, 25)
        sheet.text(LEFT + 3, y + offset + 5, label, points=11)
        dated = f"{day.on:%Y年%m月%d日}"
        sheet.text(LEFT + 160, y + offset + 17, dated, points=11, anchor="ra", record=signed)
    sheet.text(LEFT + 32, y + 75, "顾长风  江晚亭", points=13, face="hand")
    sheet.text(LEFT + 72, y + 100, "周若谷", points=13, face="hand")
    sheet.note_mark("inspector_signature", True, LEFT + 31, y + 74, 45, 7)
    sheet.note_mark("responsible_person_signature", True, LEFT + 71, y + 99, 22, 7)
    return sheet.page("quality_spot_check_record")


def _opening_rows(course: SpecimenCourse, count: int) -> list[Row]:
    period = f"{course.starts_on:%Y年%m月%d日}——{course.ends_on:%m月%d日}"
    return [
        (
            (42, "培训种类", ""),
            (43, course.training_type, "training_type"),
            (45, "培训人数", ""),
            (40, str(count), "trainee_count"),
        ),
        (
            (42, "培训职业（工种）或创业培训类别", ""),
            (43, course.occupation, "occupation_or_startup_category"),
            (45, "培训等级", ""),
            (40, course.level, "skill_level"),
        ),
        ((42, "培训起止时间", ""), (128, period, "training_period")),
        ((42, "培训地点", ""), (128, course.place, "training_place")),
    ]


def _registration_rows(person: SpecimenPerson) -> list[Row]:
    household = f"{CITY}{COUNTY}{person.address.split(COUNTY, 1)[-1]}"
    return [
        ((30, "户籍地址", ""), (140, household, "household_address")),
        ((30, "联系方式", ""), (140, person.phone, "phone")),
    ]


def _choice_rows(course: SpecimenCourse) -> list[Row]:
    return [
        (
            (38, "就业创业证编码", ""),
            (52, "", ""),
            (30, "登记状态", ""),
            (50, "", ""),
        ),
        ((38, "选择培训机构", ""), (132, course.institution, "chosen_institution")),
        (
            (38, "选择培训专业或创业培训类别", ""),
            (52, course.occupation, "chosen_programme"),
            (30, "培训专业等级", ""),
            (50, course.level, "skill_level"),
        ),
    ]


def _checkboxes(sheet: Sheet, y: float, person: SpecimenPerson) -> None:
    sheet.cell(LEFT + 30, y, 140, 48)
    for index, (category, label) in enumerate(CATEGORY_OPTIONS):
        ticked = category == person.person_category
        at = LEFT + 33 + 70 * (index % 2), y + 2.5 + 7.5 * (index // 2)
        sheet.tick_box(*at, 3.2, label, ticked=ticked)
        if ticked:
            sheet.note("person_category", category, sheet.runs[-1].box)


def opinions(sheet: Sheet, y: float, course: SpecimenCourse) -> None:
    """Both opinions of attachment 1, signed, sealed and dated."""
    sides = (
        ("institution", "培训机构意见", "机构法人：", "周若谷", "legal_rep", course.body[-8:], 55),
        ("hr", "人社部门审核意见", "主管领导：", "顾长风", "leader", HR_AUTHORITY[-8:], 140),
    )
    applied = f"{course.applied_on:%Y年%m月%d日}"
    for index, (side, head, signer, name, role, seal, across) in enumerate(sides):
        x = LEFT + index * 85
        sheet.cell(x, y, 85, 54)
        sheet.text(x + 42, y + 3, head, points=11, anchor="ma")
        sheet.pieces(x + 4, y + 17, (("经办人：", ""), ("江晚亭", ""), ("（签字）", "")), points=10)
        sheet.note_mark(f"{side}_handler_signature", True, x + 18, y + 16, 16, 6)
        sheet.text(x + 4, y + 29, f"{signer}{name}（签字）（盖章）", points=10)
        sheet.note_mark(f"{side}_{role}_signature", True, x + 21, y + 28, 14, 6)
        dated = "institution_date" if side == "institution" else "hr_approved_on"
        sheet.text(x + 80, y + 44, applied, points=10, anchor="ra", record=dated)
        sheet.stamp(LEFT + across, y + 38, seal, radius=16, record=f"{side}_seal")


def _roster_row(person: SpecimenPerson) -> list[str]:
    address = person.address.removeprefix("黑龙江省")
    return [
        str(person.index + 1),
        person.name,
        person.sex,
        person.id_number,
        "高中",
        address,
        person.phone,
        "",
    ]


def _rows(sheet: Sheet, y: float, height: float, rows: list[Row]) -> float:
    for row in rows:
        _row(sheet, y, height, row)
        y += height
    return y


def _row(sheet: Sheet, y: float, height: float, row: Row) -> None:
    x = LEFT
    for width, text, record in row:
        sheet.cell(x, y, width, height, text, record=record)
        x += width
