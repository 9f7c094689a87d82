"""Draws what a class leaves behind while it runs: schedule, lesson plan, attendance, exam, photographs."""

import random

from PIL import ImageDraw

from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.sheet import GREY, Sheet, SpecimenPage

SCORE_COLUMNS = ("seq", "name", "id_number", "theory_score", "practice_score", "result")
QUESTIONS = (
    "1．职业道德的核心内容是（    ）。  A 爱岗敬业  B 诚实守信  C 服务群众  D 以上都是",
    "2．操作前首先应当检查（    ）。    A 工具  B 设备  C 用电安全  D 以上都是",
    "3．发生触电事故时首先应（    ）。  A 切断电源  B 拉开伤者  C 报告领导  D 离开现场",
    "4．成本核算的基本要素不包括（    ）。A 原料  B 人工  C 天气  D 能耗",
    "5．每课时的时间为（    ）分钟。    A 30  B 40  C 45  D 60",
)


def course_schedule(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("培训课程安排计划")
    sheet.text(18, 38, f"培训机构：{course.body}    班次：{course.class_no}", points=10.5)
    sheet.text(18, 45, f"培训工种：{course.occupation}    等级：{course.level}", points=10.5)
    head = ["日期", "时间", "课程内容", "类别", "课时", "授课教师", "地点"]
    body = [
        [
            f"{session.on:%m月%d日}",
            f"{session.starts_at}-{session.ends_at}",
            session.topic,
            "理论" if session.kind == "theory" else "实操",
            str(session.lessons),
            session.lecturer,
            "实训楼",
        ]
        for session in course.sessions[:24]
    ]
    y = sheet.table(14, 54, [24, 32, 48, 18, 16, 26, 20], 8.4, [head, *body], points=9)
    total = course.theory_lessons + course.practice_lessons
    note = f"合计{total}课时，其中理论{course.theory_lessons}课时，实操{course.practice_lessons}课时"
    sheet.text(18, y + 4, note, points=10)
    return [sheet.page("course_schedule")]


def lesson_plan(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    """A cover page and one page of text that bears no title of its own."""
    session = course.sessions[0]
    first = Sheet()
    first.title("培训教案", y=30, points=26)
    y = 60.0
    for label, value in (
        ("课程名称", course.occupation),
        ("授课内容", session.topic),
        ("授课教师", session.lecturer),
        ("授课时间", f"{session.on:%Y年%m月%d日} {session.starts_at}"),
    ):
        first.cell(25, y, 40, 12, label)
        first.cell(65, y, 120, 12, value)
        y += 12
    topics = "、".join(dict.fromkeys(one.topic for one in course.sessions))
    for label, value in (
        ("课程模块", topics),
        ("教学目标", f"掌握{session.topic}的基本要求，能够结合岗位说明其应用。"),
        ("教学重点", "概念准确，步骤清楚，注意安全要求。"),
        ("教学难点", "把规定与实际操作联系起来。"),
    ):
        first.cell(25, y, 40, 30, label)
        first.cell(65, y, 120, 30, value, centred=False)
        y += 30
    second = Sheet()
    second.text(25, 25, "教学过程", points=15, face="serif_bold")
    text = "一、导入：提问上节内容，引出本节主题。二、讲授：按教材逐条讲解。三、练习：学员分组讨论。"
    second.paragraph(25, 40, text * 3, width=160, points=12)
    second.text(25, 150, "作业布置：完成课后练习。    教学反思：", points=12)
    return [first.page("lesson_plan"), second.page("lesson_plan", part="continued", continues=True)]


def attendance_record(
    course: SpecimenCourse, people: list[SpecimenPerson], rng: random.Random
) -> list[SpecimenPage]:
    """The printed summary of a check-in device."""
    sheet = Sheet((297, 210))
    sheet.title(rng.choice(("培训学员考勤汇总表", "人脸识别打卡考勤记录", "指纹打卡考勤记录表")), y=16)
    sheet.text(16, 30, f"培训机构：{course.body}    班次：{course.class_no}    设备编号：KQ-0007", points=10)
    days = sorted({session.on for session in course.sessions})[:10]
    head = ["序号", "姓名", *[f"{day:%m-%d}" for day in days], "出勤课时"]
    body = [
        [
            str(person.index + 1),
            person.name,
            *["√" if rng.random() < 0.95 else "×" for _ in days],
            str(8 * len(days) - 4),
        ]
        for person in people[:20]
    ]
    sheet.table(
        16,
        37,
        [14, 28, *[20] * len(days), 24],
        7.2,
        [head, *body],
        points=9,
        columns=("seq", "name", *("" for _ in days), "attended_lessons"),
    )
    return [sheet.page("attendance_record")]


def theory_mark(person: SpecimenPerson) -> int:
    """Her mark in theory, the same on her paper and on the score sheet."""
    return 68 + int(person.id_number[10:17]) % 28


def final_exam_paper(
    course: SpecimenCourse, person: SpecimenPerson, rng: random.Random
) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("培训结业考试试卷", y=22)
    sheet.text(105, 34, f"（{course.occupation} {course.level} 理论知识）", points=11, anchor="ma")
    sheet.pair(22, 44, "姓名：", person.name, points=12, record="name")
    sheet.text(75, 44, f"班次：{course.class_no}", points=12)
    sheet.pair(135, 44, "得分：", str(theory_mark(person)), points=12, gap=0, record="score")
    sheet.pair(22, 52, "身份证号：", person.id_number, points=12, record="id_number")
    sheet.text(22, 66, "一、单项选择题（每题2分，共40分）", points=12, face="serif_bold")
    for index, question in enumerate(QUESTIONS):
        sheet.text(24, 78 + index * 12, question, points=9.5)
    sheet.text(22, 145, "二、判断题（每题1分，共20分）", points=12, face="serif_bold")
    sheet.text(24, 157, "1．进入实训场地必须穿戴防护用品。（    ）", points=10)
    sheet.text(22, 270, "阅卷人：周若谷", points=11)
    return [sheet.page("final_exam_paper")]


def score_sheet(
    course: SpecimenCourse, people: list[SpecimenPerson], rng: random.Random
) -> list[SpecimenPage]:
    sheet = Sheet()
    sheet.title("培训人员成绩单")
    sheet.text(20, 38, f"培训机构：{course.body}    班次：{course.class_no}", points=10.5)
    sheet.text(20, 45, f"考试日期：{course.examined_on:%Y年%m月%d日}", points=10.5)
    head = ["序号", "姓名", "身份证号", "理论成绩", "实操成绩", "结果"]
    body = [
        [
            str(p.index + 1),
            p.name,
            p.id_number,
            str(theory_mark(p)),
            str(rng.randrange(70, 97)),
            "合格",
        ]
        for p in people[:24]
    ]
    y = sheet.table(20, 54, [15, 28, 60, 24, 24, 20], 8, [head, *body], points=9.5, columns=SCORE_COLUMNS)
    sheet.text(20, y + 6, "命题人：潘思远    阅卷人：周若谷    负责人：沈知秋", points=10.5)
    return [sheet.page("score_sheet")]


def site_photo(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    """A drawn classroom: desks, heads without faces, a banner that names the class."""
    room = Sheet((160, 120), dpi=200, paper=(196, 190, 178))
    pen = ImageDraw.Draw(room.image)
    pen.rectangle([0, room.px(70), room.px(160), room.px(120)], fill=(150, 132, 108))
    pen.rectangle([room.px(20), room.px(12), room.px(140), room.px(24)], fill=(176, 30, 34))
    banner = f"{course.occupation}培训班 {course.class_no} 培训现场"
    room.text(80, 18, banner, points=16, face="sans_bold", ink=(250, 236, 190), anchor="mm")
    pen.rectangle([room.px(50), room.px(30), room.px(110), room.px(62)], fill=(38, 66, 56))
    for row in range(3):
        for seat in range(5):
            x, y = 18 + seat * 28 + rng.uniform(-2, 2), 76 + row * 14
            head = [room.px(x), room.px(y - 8), room.px(x + 7), room.px(y - 1)]
            pen.ellipse(head, fill=(70 + 8 * seat, 60, 58))
            pen.rectangle([room.px(x - 5), room.px(y), room.px(x + 14), room.px(y + 5)], fill=(188, 164, 128))
    room.text(
        158,
        116,
        f"{course.sessions[0].on:%Y-%m-%d} 09:12",
        points=9,
        face="sans",
        ink=(240, 220, 120),
        anchor="rs",
    )
    return [room.page("site_photo")]


def divider_sheet(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    """A sheet that separates papers in a pile; the code on it is printed by the product itself."""
    sheet = Sheet()
    sheet.title("分隔页", y=60, points=36)
    sheet.text(105, 100, f"班次：{course.class_no}", points=18, anchor="ma")
    sheet.frame(75, 125, 60, 60, ink=GREY)
    return [sheet.page("divider_sheet")]


def blank_page(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    """The empty reverse of a sheet, without even the specimen mark."""
    return [SpecimenPage(Sheet().image, "blank")]


def foreign_page(course: SpecimenCourse, rng: random.Random) -> list[SpecimenPage]:
    """A paper that belongs to no ledger item."""
    sheet = Sheet()
    sheet.title("关于做好冬季取暖工作的通知")
    text = (
        "各单位：冬季将至，请认真检查供暖设备，发现问题及时报修，确保办公场所温度适宜，节约用电，安全用火。"
    )
    sheet.paragraph(25, 45, text * 4, width=160, points=13)
    return [sheet.page("other")]
