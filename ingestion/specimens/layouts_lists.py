"""Tables of people in other shapes: other orders and words of columns, without rules, two lines a cell, going on."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingestion.specimens.course import SpecimenCourse
from ingestion.specimens.people import SpecimenPerson
from ingestion.specimens.printed import SpecimenPage
from ingestion.specimens.sheet import Sheet

LANDSCAPE, UPRIGHT = (297.0, 210.0), (210.0, 297.0)
People = Sequence[SpecimenPerson]
Cell = Callable[[SpecimenPerson, random.Random, SpecimenCourse], str]


@dataclass(frozen=True)
class Column:
    """A column: its head as printed, its field (or nothing), its width in millimetres, and what stands in a row."""

    head: str
    record: str
    width: float
    cell: Cell


def _plain(attribute: str) -> Cell:
    return lambda person, rng, course: str(getattr(person, attribute))


def _age(person: SpecimenPerson, rng: random.Random, course: SpecimenCourse) -> str:
    day, born = course.starts_on, person.birth_date
    return str(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def _seq(person: SpecimenPerson, rng: random.Random, course: SpecimenCourse) -> str:
    return str(person.index + 1)


NUMBER = _plain("id_number")
ROSTER_WIDE = (
    Column("序号", "seq", 12, _seq),
    Column("姓 名", "name", 22, _plain("name")),
    Column("公民身份号码", "id_number", 50, NUMBER),
    Column("性别", "sex", 12, _plain("sex")),
    Column("年龄", "age", 12, _age),
    Column(
        "户籍地址/工作单位", "household_address", 86, lambda p, r, c: p.address.removeprefix("黑龙江省绥化市")
    ),
    Column("联系电话", "phone", 34, _plain("phone")),
    Column("文化程度", "education_level", 20, lambda p, r, c: r.choice(("初中", "高中", "中专"))),
    Column("备注", "", 18, lambda p, r, c: ""),
)
ROSTER_FOR_SUBSIDY = (
    Column("序号", "seq", 12, _seq),
    Column("姓名", "name", 22, _plain("name")),
    Column("性别", "sex", 11, _plain("sex")),
    Column("身份证号码", "id_number", 52, NUMBER),
    Column("证书编号", "certificate_no", 44, lambda p, r, c: c.certificate_no(p.index)),
    Column("补贴金额", "subsidy_amount", 20, lambda p, r, c: "1200"),
    Column("签字", "", 25, lambda p, r, c: ""),
)
SCORES = (
    Column("序号", "seq", 14, _seq),
    Column("准考证号", "", 34, lambda p, r, c: f"{c.starts_on:%Y}{p.index + 1:04d}"),
    Column("姓名", "name", 24, _plain("name")),
    Column("公民身份号码", "id_number", 52, NUMBER),
    Column("理论", "theory_score", 18, lambda p, r, c: str(r.randrange(60, 98))),
    Column("实操", "practice_score", 18, lambda p, r, c: str(r.randrange(60, 98))),
    Column("是否合格", "result", 20, lambda p, r, c: "合格"),
)
ALLOWANCE = (
    Column("编号", "seq", 14, _seq),
    Column("姓名", "name", 24, _plain("name")),
    Column("身份证号码", "id_number", 52, NUMBER),
    Column("培训天数", "days", 20, lambda p, r, c: "10"),
    Column("补贴标准", "rate", 22, lambda p, r, c: "30"),
    Column("发放金额", "amount", 22, lambda p, r, c: "300"),
    Column("领取人签字", "", 28, lambda p, r, c: ""),
)
FILING = (
    Column("序号", "seq", 12, _seq),
    Column("姓名", "name", 24, _plain("name")),
    Column("性别", "sex", 14, _plain("sex")),
    Column("身份证号", "id_number", 54, NUMBER),
    Column("理论成绩", "theory_score", 22, lambda p, r, c: str(r.randrange(60, 98))),
    Column("实操成绩", "practice_score", 22, lambda p, r, c: str(r.randrange(60, 98))),
    Column("证书编号", "certificate_no", 40, lambda p, r, c: f"2608001{int(p.id_number[8:17]) % 10**7:07d}"),
)


def roster(course: SpecimenCourse, people: People, rng: random.Random) -> list[SpecimenPage]:
    """Attachment 3 on two sheets, the second without title and head; one time in three without rules."""
    columns = ROSTER_WIDE if rng.random() < 0.6 else ROSTER_FOR_SUBSIDY
    size = LANDSCAPE if columns is ROSTER_WIDE else UPRIGHT
    title = rng.choice(("职业技能培训人员名册", "职业技能培训学员花名册（培训人员名册）"))
    return _list(
        title, "trainee_roster", size, columns, course, people, rng, a_page=24 if size == UPRIGHT else 16
    )


def score_sheet(course: SpecimenCourse, people: People, rng: random.Random) -> list[SpecimenPage]:
    return _list("结业考试成绩单", "score_sheet", UPRIGHT, SCORES, course, people, rng, a_page=24)


def payment_list(course: SpecimenCourse, people: People, rng: random.Random) -> list[SpecimenPage]:
    return _list(
        "生活补贴发放表", "living_allowance_payment_list", UPRIGHT, ALLOWANCE, course, people, rng, a_page=24
    )


def filing_form(course: SpecimenCourse, people: People, rng: random.Random) -> list[SpecimenPage]:
    """Attachment 7."""
    title = "黑龙江省职业技能鉴定资格证书发证备案表"
    return _list(title, "appraisal_filing_form", UPRIGHT, FILING, course, people, rng, a_page=20)


def attendance(course: SpecimenCourse, people: People, rng: random.Random) -> list[SpecimenPage]:
    """A sheet that trainees sign, names by hand in two columns a day."""
    sheet = Sheet(LANDSCAPE)
    sheet.title(rng.choice(("学员签到表", "培训班学员考勤表")), y=14, points=18)
    sheet.text(16, 27, f"班次：{course.class_no}    培训工种：{course.occupation}", points=10)
    days = sorted({session.on for session in course.sessions})[:8]
    widths = [14.0, 26.0, *[24.0] * len(days), 26.0]
    head = ["序号", "姓名", *[f"{day.month}月{day.day}日" for day in days], "出勤课时"]
    y = sheet.table(12, 34, widths, 7.6, [head])
    for person in people[:18]:
        lessons = 0
        for place, width in enumerate(widths):
            sheet.frame(12 + sum(widths[:place]), y, width, 7.6)
        for place in range(len(days)):
            if rng.random() < 0.94:
                lessons += 8
                sheet.text(16 + sum(widths[: place + 2]), y + 1, person.name, points=9, face="hand")
        box = sheet.cell(38 - 12, y, 26, 7.6, person.name, ruled=False, points=9.5)
        _row(sheet, y, widths, box, person, lessons)
        y += 7.6
    return [sheet.page("attendance_record")]


def _row(
    sheet: Sheet,
    y: float,
    widths: Sequence[float],
    named: tuple[float, float, float, float] | None,
    person: SpecimenPerson,
    lessons: int,
) -> None:
    before = dict(sheet.fields)
    sheet.cell(12, y, widths[0], 7.6, str(person.index + 1), record="seq", ruled=False, points=9.5)
    last = 12 + sum(widths[:-1])
    sheet.cell(last, y, widths[-1], 7.6, str(lessons), record="attended_lessons", ruled=False, points=9.5)
    if named:
        sheet.note("name", person.name, named)
    sheet.rows.append({name: value for name, value in sheet.fields.items() if name not in before})
    sheet.fields = before


def _list(
    title: str,
    kind: str,
    size: tuple[float, float],
    columns: Sequence[Column],
    course: SpecimenCourse,
    people: People,
    rng: random.Random,
    *,
    a_page: int,
) -> list[SpecimenPage]:
    ruled = rng.random() < 0.7
    records = [column.record for column in columns]
    total = sum(column.width for column in columns)
    scale = (size[0] - 20) / total
    widths = [column.width * scale for column in columns]
    pages = []
    for start in range(0, len(people), a_page):
        sheet, y = Sheet(size), 16.0
        rows = [
            [column.cell(person, rng, course) for column in columns]
            for person in people[start : start + a_page]
        ]
        if start == 0:
            sheet.title(title, y=14, points=18)
            sheet.text(12, 28, f"培训机构名称：{course.body}", points=10)
            sheet.pair(size[0] - 70, 28, "班次：", course.class_no, points=10, gap=0, record="class_no")
            y = 36.0
        head = [[column.head for column in columns]]
        height = (size[1] - y - 22) / (a_page + 1)
        lines = [*head, *rows] if start == 0 else rows
        y = sheet.table(
            10,
            y,
            widths,
            height,
            lines,
            points=8.6,
            columns=records,
            ruled=ruled,
            heads=len(lines) - len(rows),
        )
        if start + a_page >= len(people):
            sheet.text(12, y + 5, "填表人：江晚亭        负责人：周若谷        （盖章）", points=10)
            sheet.stamp(size[0] - 50, y + 4, course.body[-10:], radius=13)
        pages.append(sheet.page(kind, part="continued" if start else "", continues=start > 0))
    return pages
