"""Rosters and timetables from spreadsheets: every row looked at, every fault named with its row. Pure.

A cell with a numeric ID number has lost its last digits (a spreadsheet keeps 15): it is refused, never mended.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from dossiers.actions.people import Sitting, Trainee
from dossiers.numbering import check_id_number, mask, normalised
from dossiers.rulesets import Ruleset
from dossiers.sentences import Sentence, gettext_noop, sentence

Cells = Sequence[Sequence[Any]]

ROSTER_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名",),
    "id_number": ("身份证号", "身份证号码", "公民身份号码"),
    "person_category": ("人员类别",),
    "education_level": ("文化程度",),
    "address": ("户籍地址", "户籍地址/工作单位", "地址"),
    "phone": ("联系电话", "联系方式", "手机号"),
    "remark": ("备注",),
}
SESSION_COLUMNS: dict[str, tuple[str, ...]] = {
    "held_on": ("日期", "上课日期"),
    "starts_at": ("开始时间", "时间", "时段"),
    "lessons": ("课时",),
    "kind": ("类别", "类型", "理论/实操"),
    "topic": ("内容", "课程内容", "培训内容"),
    "lecturer": ("教师", "授课教师"),
    "room": ("地点", "教室"),
}
# How long a cell may be: what the roster and the timetable have room for.
LONGEST = {
    "name": 40,
    "education_level": 20,
    "address": 200,
    "phone": 40,
    "remark": 200,
    "topic": 120,
    "lecturer": 40,
    "room": 60,
}
KINDS = {"理论": "theory", "理论课": "theory", "实操": "practice", "技能": "practice", "实操课": "practice"}


@dataclass(frozen=True)
class ReadRow:
    """One row of the spreadsheet: what it says (ID numbers masked in `shown`), and what is wrong with it."""

    line: int
    shown: Mapping[str, str]
    problems: tuple[Sentence, ...] = ()
    made: Trainee | Sitting | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ReadTable:
    """All rows, and what is wrong with the table as a whole."""

    rows: tuple[ReadRow, ...] = ()
    problem: Sentence | None = None

    @property
    def faulty(self) -> int:
        return sum(1 for row in self.rows if row.problems)

    @property
    def is_good(self) -> bool:
        return self.problem is None and bool(self.rows) and not self.faulty

    @property
    def made(self) -> list:
        return [row.made for row in self.rows if row.made is not None]


def read_roster(
    cells: Cells, rules: Ruleset, *, enrolled: Callable[[str], bool] = lambda number: False
) -> ReadTable:
    """Rows of 人员名册. `enrolled` answers whether this ID number is on the class's roster already."""
    categories = {category.label: category.id for category in rules.person_categories}
    seen: dict[str, int] = {}

    def read(line: int, cell: Mapping[str, Any]) -> ReadRow:
        problems = _too_long(cell, ROSTER_COLUMNS)
        name = text(cell.get("name"))
        if not name:
            problems.append(sentence("name_missing", gettext_noop("缺姓名")))
        number = _id_number(cell.get("id_number"), line, seen, enrolled, problems)
        label = text(cell.get("person_category"))
        if label and label not in categories:
            problems.append(
                sentence(
                    "category_unknown", gettext_noop("人员类别“%(label)s”不在办法第二条所列范围"), label=label
                )
            )
        trainee = Trainee(
            name=name,
            id_number=number,
            person_category=categories.get(label, ""),
            education_level=text(cell.get("education_level")),
            address=text(cell.get("address")),
            phone=text(cell.get("phone")),
            remark=text(cell.get("remark")),
        )
        shown = {"name": name, "id_number": mask(number), "person_category": label, "remark": trainee.remark}
        return ReadRow(line, shown, tuple(problems), None if problems else trainee)

    return _read(cells, ROSTER_COLUMNS, ("name", "id_number"), read)


def read_sessions(cells: Cells) -> ReadTable:
    """Rows of 课程安排计划: date, start, lessons, theory or practice, topic, lecturer, room."""
    seen: dict[tuple[date, time], int] = {}

    def read(line: int, cell: Mapping[str, Any]) -> ReadRow:
        problems = _too_long(cell, SESSION_COLUMNS)
        held_on = _date(cell.get("held_on"), problems)
        starts_at = _time(cell.get("starts_at"), problems)
        lessons = _lessons(cell.get("lessons"), problems)
        kind = KINDS.get(text(cell.get("kind")), "")
        if not kind:
            problems.append(sentence("kind_unknown", gettext_noop("类别请写“理论”或“实操”")))
        for name, label in (("topic", gettext_noop("缺内容")), ("lecturer", gettext_noop("缺教师"))):
            if not text(cell.get(name)):
                problems.append(sentence(f"{name}_missing", label))
        if held_on and starts_at and (held_on, starts_at) in seen:
            problems.append(
                sentence("same_time", gettext_noop("与第 %(line)s 行同一时间"), line=seen[held_on, starts_at])
            )
        shown = {name: text(cell.get(name)) for name in SESSION_COLUMNS}
        shown |= {"held_on": held_on.isoformat() if held_on else shown["held_on"]}
        shown |= {"starts_at": f"{starts_at:%H:%M}" if starts_at else shown["starts_at"]}
        if problems or held_on is None or starts_at is None:
            return ReadRow(line, shown, tuple(problems))
        seen[held_on, starts_at] = line
        sitting = Sitting(held_on, starts_at, lessons, kind, shown["topic"], shown["lecturer"], shown["room"])
        return ReadRow(line, shown, (), sitting)

    return _read(cells, SESSION_COLUMNS, ("held_on", "starts_at", "lessons", "topic"), read)


def text(cell: Any) -> str:
    """A cell as text: full-width digits made plain, white space at the ends dropped, 3.0 read as 3."""
    if isinstance(cell, Mapping):
        return str(cell.get("iso", ""))
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell if cell is not None else "")).strip()


def _read(
    cells: Cells,
    columns: Mapping[str, tuple[str, ...]],
    needed: Iterable[str],
    read: Callable[[int, Mapping[str, Any]], ReadRow],
) -> ReadTable:
    header = next(
        (at for at, row in enumerate(cells[:20]) if set(needed) <= set(_columns(row, columns))), None
    )
    if header is None:
        wanted = "、".join(columns[name][0] for name in needed)
        return ReadTable(
            problem=sentence(
                "header_missing",
                gettext_noop("前 20 行里没有找到表头。表头须有：%(wanted)s。可先下载模板，填好再导入。"),
                wanted=wanted,
            )
        )
    places = _columns(cells[header], columns)
    rows = []
    for line, row in enumerate(cells[header + 1 :], header + 2):
        cell = {name: row[at] if at < len(row) else "" for name, at in places.items()}
        if any(text(value) for value in cell.values()) and not _is_footer(cell, needed):
            rows.append(read(line, cell))
    if not rows:
        return ReadTable(problem=sentence("no_rows", gettext_noop("表头下面没有内容。请填好再导入。")))
    return ReadTable(tuple(rows))


def _is_footer(cell: Mapping[str, Any], needed: Iterable[str]) -> bool:
    """填表人、负责人 and the like under the table: one filled cell with a colon."""
    filled = [text(value) for value in cell.values() if text(value)]
    return len(filled) == 1 and ("：" in filled[0] or ":" in filled[0])


def _columns(row: Sequence[Any], columns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    labels = {re.sub(r"\s|\(.*\)|（.*）", "", text(cell)): at for at, cell in reversed(list(enumerate(row)))}
    return {
        name: labels[label] for name, known in columns.items() for label in reversed(known) if label in labels
    }


def _id_number(
    cell: Any, line: int, seen: dict[str, int], enrolled: Callable[[str], bool], problems: list[Sentence]
) -> str:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        problems.append(
            sentence(
                "id_number_numeric",
                gettext_noop("身份证号是数字格式，末几位已丢失。请把这一列设为“文本”后重新填写"),
            )
        )
        return ""
    number = normalised(text(cell))
    if not number:
        problems.append(sentence("id_number_missing", gettext_noop("缺身份证号")))
        return ""
    checked = check_id_number(number)
    problems.extend(sentence("id_number_bad", problem) for problem in checked.problem_texts)
    if number in seen:
        problems.append(
            sentence("id_number_twice", gettext_noop("与第 %(line)s 行的身份证号相同"), line=seen[number])
        )
    elif checked.is_valid and enrolled(number):
        problems.append(sentence("already_enrolled_row", gettext_noop("已在本班名册里")))
    seen.setdefault(number, line)
    return number


def _too_long(cell: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> list[Sentence]:
    """Cells that would not fit; told here, as a database may refuse the whole table for one of them."""
    return [
        sentence(
            "cell_too_long",
            gettext_noop("“%(column)s”超过 %(most)s 字，请缩短"),
            column=columns[name][0],
            most=most,
        )
        for name, most in LONGEST.items()
        if name in columns and len(text(cell.get(name))) > most
    ]


def _date(cell: Any, problems: list[Sentence]) -> date | None:
    written = (
        text(cell).replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    )
    for shape in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y%m%d"):
        try:
            return datetime.strptime(written, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    problems.append(sentence("date_unread", gettext_noop("日期读不出，请写成 2026-10-19")))
    return None


def _time(cell: Any, problems: list[Sentence]) -> time | None:
    found = re.search(r"(\d{1,2})[:：](\d{2})", text(cell))
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    problems.append(sentence("time_unread", gettext_noop("开始时间读不出，请写成 08:30")))
    return None


def _lessons(cell: Any, problems: list[Sentence]) -> int:
    written = text(cell)
    if written.isdigit() and 1 <= int(written) <= 8:
        return int(written)
    problems.append(
        sentence("lessons_unread", gettext_noop("课时须是 1 到 8 的整数（第五条（三）：每天不超过 8 课时）"))
    )
    return 0
