"""Which column of a device's export means what: by the words above it, then by what stands in it. Pure."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, tzinfo
from typing import Any

from cms.check_in_moments import is_day, is_moment, is_time, plain
from dossiers.numbering import check_id_number
from dossiers.sentences import Sentence, gettext_noop, sentence

Cells = Sequence[Sequence[Any]]
Columns = Mapping[str, tuple[int, ...]]  # meaning -> columns from 0

HEADS: Mapping[str, tuple[str, ...]] = {
    "id_number": ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号码", "证件号"),
    "name": ("姓名", "人员姓名", "学员姓名", "员工姓名", "名字", "name"),
    "number": (
        "人员编号",
        "工号",
        "考勤号码",
        "考勤号",
        "登记号码",
        "用户号",
        "学号",
        "编号",
        "序号",
        "no.",
        "userid",
    ),
    "at": (
        "打卡时间",
        "刷卡时间",
        "考勤时间",
        "签到时间",
        "识别时间",
        "通行时间",
        "日期时间",
        "日期/时间",
        "记录时间",
        "datetime",
    ),
    "date": ("日期", "考勤日期", "打卡日期", "date"),
    "time": ("时间", "时刻", "打卡时刻", "time"),
    "came": ("上班", "上班时间", "签到", "上班打卡", "上班1", "上班2", "上午上班", "下午上班"),
    "gone": ("下班", "下班时间", "签退", "签退时间", "下班打卡", "下班1", "下班2", "上午下班", "下午下班"),
    "device": ("设备", "设备名称", "设备号", "设备编号", "机器号", "考勤机", "机号"),
    "method": ("方式", "验证方式", "识别方式", "打卡方式", "比对方式"),
    "direction": ("类型", "状态", "考勤状态", "进出", "进出方向", "签到类型", "考勤类型", "方向"),
}
ONE_COLUMN = frozenset(HEADS) - {"came", "gone"}
HEAD_ROWS, SAMPLED = 20, 40
MOSTLY = 0.6  # of a column's filled cells, to mean something by what stands in it


def head_of(cells: Cells) -> int | None:
    """The row from 0 that is the head: the first with two words that heads of exports have."""
    for at, row in enumerate(cells[:HEAD_ROWS]):
        if len(_by_words(row)) > 1:
            return at
    return None


def guessed(
    cells: Cells, names: Collection[str], days: Collection[date], zone: tzinfo
) -> dict[str, tuple[int, ...]]:
    """Which column means what; `names` are those of the class, `days` those on which it met."""
    head = head_of(cells)
    found = _by_words(cells[head]) if head is not None else {}
    body = cells[(head + 1) if head is not None else 0 :][:SAMPLED]
    taken = {at for columns in found.values() for at in columns}
    width = max((len(row) for row in body), default=0)
    known = {compact(one) for one in names}
    tests: list[tuple[str, Callable[[Any], bool]]] = []
    if "id_number" not in found:
        tests.append(("id_number", lambda cell: check_id_number(plain(cell)).is_valid))
    if "name" not in found:
        tests.append(("name", lambda cell: compact(plain(cell)) in known))
    if not any(one in found for one in ("at", "time", "came", "gone")):
        tests.append(("at", lambda cell: is_moment(cell, days, zone)))
        tests.append(("date", lambda cell: is_day(cell, days)))
        tests.append(("time", is_time))
    for meaning, fits in tests:
        if meaning in ("date", "time") and "at" in found:
            continue
        for at in range(width):
            if at not in taken and _mostly([row[at] for row in body if at < len(row)], fits):
                found[meaning] = (at,)
                taken.add(at)
                break
    return _with_whole_moments(found, body, days, zone)


def columns_of(meanings: Mapping[int, str]) -> dict[str, tuple[int, ...]]:
    """What a person chose: column -> meaning, turned about; a meaning given twice keeps the first where one may be."""
    found: dict[str, tuple[int, ...]] = {}
    for at, meaning in sorted(meanings.items()):
        if meaning in HEADS and not (meaning in found and meaning in ONE_COLUMN):
            found[meaning] = (*found.get(meaning, ()), at)
    return found


def missing(columns: Columns) -> Sentence | None:
    if not {"id_number", "name", "number"} & set(columns):
        return sentence(
            "no_who_column",
            gettext_noop("还没有指明哪一列是姓名、身份证号或编号。请在表头上方选好，再预览一次。"),
        )
    dated = "at" in columns or "date" in columns
    timed = "at" in columns or {"time", "came", "gone"} & set(columns)
    if not dated or not timed:
        return sentence(
            "no_time_column",
            gettext_noop(
                "还没有指明日期和时间在哪一列（可以在一列里，也可以分两列）。请在表头上方选好，再预览一次。"
            ),
        )
    return None


def _by_words(row: Sequence[Any]) -> dict[str, tuple[int, ...]]:
    labels = [re.sub(r"\s|\(.*\)|（.*）", "", plain(cell)).lower() for cell in row]
    found: dict[str, tuple[int, ...]] = {}
    for meaning, words in HEADS.items():
        places = tuple(at for at, label in enumerate(labels) if label in words)
        if places:
            found[meaning] = places[:1] if meaning in ONE_COLUMN else places
    return found


def _mostly(cells: Sequence[Any], fits: Callable[[Any], bool]) -> bool:
    filled = [cell for cell in cells if plain(cell)]
    return bool(filled) and sum(fits(cell) for cell in filled) >= MOSTLY * len(filled)


def compact(name: str) -> str:
    """A name as it is compared: without spaces and dots."""
    return re.sub(r"[\s·•]", "", plain(name))


def _with_whole_moments(
    found: dict[str, tuple[int, ...]], body: Cells, days: Collection[date], zone: tzinfo
) -> dict[str, tuple[int, ...]]:
    """A column headed 时间 or 日期 alone that holds both is taken for both."""
    for lone, other in (("time", "date"), ("date", "time")):
        if lone not in found or {other, "at", "came", "gone"} & set(found):
            continue
        at = found[lone][0]
        if _mostly([row[at] for row in body if at < len(row)], lambda cell: is_moment(cell, days, zone)):
            return {meaning: places for meaning, places in found.items() if meaning != lone} | {"at": (at,)}
    return found
