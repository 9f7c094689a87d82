"""Invents a class: who trains whom in what, when and where; the same facts on all of its papers."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

LedgerId = Literal["enterprise_14", "key_group_17"]
INSTITUTION = "绥化市样本职业技能培训学校"
ENTERPRISE = "绥化样本食品有限公司"
HR_AUTHORITY = "样本县人力资源和社会保障局"
OCCUPATIONS = ("中式烹调师", "保育师", "电工", "养老护理员", "家政服务员", "焊工", "茶艺师", "美容师")
LEVELS = ("五级（初级工）", "四级（中级工）", "三级（高级工）")
LECTURERS = ("周若谷", "潘思远", "冯晓棠", "余清和")
HOMEROOM_TEACHER = "沈知秋"
PLACE = "样本县站前街18号实训楼"
THEORY_TOPICS = (
    "职业道德与法律常识",
    "安全生产知识",
    "专业基础知识",
    "工艺与流程",
    "成本核算",
    "常见问题处理",
    "结业复习",
)
PRACTICE_TOPICS = ("基本功训练", "设备操作", "单项技能训练", "综合技能训练", "案例演练", "考前实操")
LESSONS_A_DAY = 8


@dataclass(frozen=True)
class SpecimenSession:
    """One half-day of lessons."""

    on: date
    starts_at: str
    ends_at: str
    kind: Literal["theory", "practice"]
    lessons: int
    topic: str
    lecturer: str


@dataclass(frozen=True)
class SpecimenCourse:
    """A class as its papers describe it. Dates are real dates; everything else is fictional."""

    class_no: str
    ledger: LedgerId
    training_type: str
    occupation: str
    level: str
    institution: str
    enterprise: str
    place: str
    sessions: tuple[SpecimenSession, ...]
    lecturers: tuple[str, ...] = LECTURERS[:3]
    homeroom_teacher: str = HOMEROOM_TEACHER
    prefix: str = "JNPX"
    first_serial: int = 101

    @property
    def starts_on(self) -> date:
        return self.sessions[0].on

    @property
    def ends_on(self) -> date:
        return self.sessions[-1].on

    @property
    def applied_on(self) -> date:
        return self.starts_on - timedelta(days=12)

    @property
    def examined_on(self) -> date:
        return self.ends_on + timedelta(days=1)

    @property
    def issued_on(self) -> date:
        return self.ends_on + timedelta(days=6)

    @property
    def theory_lessons(self) -> int:
        return sum(session.lessons for session in self.sessions if session.kind == "theory")

    @property
    def practice_lessons(self) -> int:
        return sum(session.lessons for session in self.sessions if session.kind == "practice")

    @property
    def trains_employees(self) -> bool:
        return self.ledger == "enterprise_14"

    @property
    def body(self) -> str:
        """Who opened the class: the enterprise, or the institution."""
        return self.enterprise if self.trains_employees else self.institution

    def certificate_no(self, index: int) -> str:
        """The number a completion certificate carries: prefix, 12, district, year, serial."""
        return f"{self.prefix}1202{self.issued_on:%y}{self.first_serial + index:06d}"


def make_course(
    class_no: str, *, ledger: LedgerId, seed: int, days: int = 10, starts_on: date | None = None
) -> SpecimenCourse:
    """A class of `days` days, mornings theory and afternoons practice, Sundays free."""
    rng = random.Random(f"course-{class_no}-{seed}")
    first_day = starts_on or date(2026, 9, 7) + timedelta(days=7 * rng.randrange(4))
    enterprise = ledger == "enterprise_14"
    return SpecimenCourse(
        class_no=class_no,
        ledger=ledger,
        training_type="岗位技能提升培训" if enterprise else "就业技能培训",
        occupation=rng.choice(OCCUPATIONS),
        level=rng.choice(LEVELS[:2]),
        institution=INSTITUTION,
        enterprise=ENTERPRISE,
        place=PLACE,
        sessions=tuple(_sessions(first_day, days)),
        first_serial=int(class_no[-3:]) * 100 + 1,
    )


def _sessions(first_day: date, days: int) -> list[SpecimenSession]:
    sessions = []
    for number, day in enumerate(_teaching_days(first_day, days)):
        lecturer = LECTURERS[number % 3]
        theory = THEORY_TOPICS[number % len(THEORY_TOPICS)]
        practice = PRACTICE_TOPICS[number % len(PRACTICE_TOPICS)]
        sessions.append(SpecimenSession(day, "08:30", "11:30", "theory", 4, theory, lecturer))
        sessions.append(SpecimenSession(day, "13:30", "16:30", "practice", 4, practice, lecturer))
    return sessions


def _teaching_days(first_day: date, days: int) -> list[date]:
    found: list[date] = []
    day = first_day
    while len(found) < days:
        if day.weekday() != 6:
            found.append(day)
        day += timedelta(days=1)
    return found
