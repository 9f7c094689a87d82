"""Check-ins as devices export them: which column means what, and row by row whose record it is. Pure.

Nothing is guessed of people: a row is somebody's by her ID number, by name and number together, or by a name that
only one trainee of the class bears and that the file gives to one person. Whatever else is told, asked, or left with
its reason: a device of the whole body also knows people of one name in other classes.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from cms.check_in_columns import SAMPLED, Cells, Columns, compact, head_of, missing
from cms.check_in_moments import moment_of, plain
from dossiers.actions.attendance import CheckedIn
from dossiers.numbering import normalised
from dossiers.sentences import Sentence, gettext_noop, sentence

LEFT_WORDS = re.compile(r"下班|签退|离开|出门|退场|^出$|out", re.IGNORECASE)
METHOD_WORDS = (
    ("face", re.compile(r"人脸|面部|刷脸|face", re.IGNORECASE)),
    ("fingerprint", re.compile(r"指纹|指静脉|finger|fp", re.IGNORECASE)),
    ("card", re.compile(r"卡|card", re.IGNORECASE)),
    ("code", re.compile(r"码|qr", re.IGNORECASE)),
)
DOUBLE = timedelta(seconds=60)


@dataclass(frozen=True)
class Known:
    """A trainee of the class, as rows are matched with her; the number only as its blind index."""

    key: int
    seq: int
    name: str
    number_index: str = field(repr=False)


@dataclass(frozen=True)
class Course:
    """What of the class the rows are held against. `indexed` turns an ID number into its blind index."""

    people: Sequence[Known]
    days: Collection[date]
    zone: tzinfo
    indexed: Callable[[str], str] = field(repr=False)
    taken: Collection[tuple[int, datetime, bool]] = field(default=(), repr=False)


@dataclass(frozen=True)
class Row:
    """One record of the file: `state` taken, double, stranger, ask, outside or bad, and why.

    `asked` names the question whose answer says whose it is; `line` counts the file's rows from 1.
    """

    line: int
    state: str
    name: str
    at: datetime | None = None
    left: bool = False
    device: str = ""
    method: str = "other"
    trainee: int | None = None
    asked: str = ""
    why: Sentence | None = None


@dataclass(frozen=True)
class Question:
    """Rows of one name that several trainees bear: whose are they? `key` names it in the form."""

    key: str
    name: str
    rows: int
    candidates: tuple[Known, ...]


@dataclass(frozen=True)
class ReadExport:
    """A whole file. `columns` as used, `heads` the words above them, `head` their line (0: none)."""

    columns: Columns
    heads: tuple[str, ...]
    head: int
    rows: tuple[Row, ...] = ()
    questions: tuple[Question, ...] = ()
    problem: Sentence | None = None

    def of(self, state: str) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.state == state)

    @property
    def of_bad(self) -> tuple[Row, ...]:
        return self.of("bad")

    @property
    def records(self) -> list[CheckedIn]:
        """What would be taken in."""
        return [
            CheckedIn(row.trainee, row.at, row.line, row.device, row.method, row.left)
            for row in self.of("taken")
            if row.trainee is not None and row.at is not None
        ]

    @property
    def strangers(self) -> tuple[tuple[str, int], ...]:
        """Names that are on no line of the roster, with how many rows."""
        return tuple(Counter(row.name for row in self.of("stranger")).most_common())

    @property
    def can_be_taken(self) -> bool:
        return self.problem is None and bool(self.records) and not self.of("ask")


def read_export(
    cells: Cells, columns: Columns, course: Course, answers: Mapping[str, str] | None = None
) -> ReadExport:
    """Every row looked at with these columns; `answers`: question -> trainee's key, or "none" for leaving them."""
    head = head_of(cells)
    first = 0 if head is None else head + 1
    width = max((len(row) for row in cells[: first + SAMPLED]), default=0)
    heads = tuple(
        plain(cells[head][at]) if head is not None and at < len(cells[head]) else "" for at in range(width)
    )
    read = ReadExport(columns, heads, first)
    problem = missing(columns)
    if problem is not None:
        return replace(read, problem=problem)
    finder = _Finder(course, answers or {}, _people_of_one_name(cells[first:], columns))
    rows = [
        made
        for line, row in enumerate(cells[first:], first + 1)
        if any(plain(cell) for cell in row)
        for made in _rows(line, row, columns, course, finder)
    ]
    if not rows:
        none = sentence("no_rows", gettext_noop("表头下面没有内容。请填好再导入。"))
        return replace(read, problem=none)
    return replace(read, rows=tuple(_without_doubles(rows, course)), questions=finder.questions())


def _rows(
    line: int, row: Sequence[Any], columns: Columns, course: Course, finder: "_Finder"
) -> Iterable[Row]:
    """The records of one line of the file: one, or one for each time in it."""

    def cell(meaning: str) -> str:
        at = columns.get(meaning, (-1,))[0]
        return plain(row[at]) if 0 <= at < len(row) else ""

    who = finder.find(cell("id_number"), cell("name"), cell("number"))
    if not cell("id_number") and not cell("name") and not cell("number"):
        return
    device, method = cell("device")[:60], _method(cell("method"))
    left = bool(LEFT_WORDS.search(cell("direction")))
    for parts, goes in _moments(row, columns, left=left):
        base = Row(line, "taken", who.name, left=goes, device=device, method=method, trainee=who.trainee)
        moment = moment_of(parts, course.days, course.zone)
        if moment.at is None:
            yield replace(base, state="bad", why=_unread(moment.problem, course))
        elif who.state != "taken":
            yield replace(base, state=who.state, at=moment.at, asked=who.asked, why=who.why)
        elif moment.at.date() not in course.days:
            yield replace(
                base, state="outside", at=moment.at, why=sentence("outside", gettext_noop("这一天本班没有课"))
            )
        else:
            yield replace(base, at=moment.at)


def _moments(row: Sequence[Any], columns: Columns, *, left: bool) -> Iterable[tuple[list[Any], bool]]:
    """The cells of each moment on the line, and whether it is one of leaving."""
    days = [row[at] for at in columns.get("date", ()) if at < len(row)]
    several = [(at, meaning == "gone") for meaning in ("came", "gone") for at in columns.get(meaning, ())]
    filled = [(at, goes) for at, goes in several if at < len(row) and plain(row[at])]
    for at, goes in sorted(filled):
        yield [*days, row[at]], goes
    if not several or "at" in columns or "time" in columns:
        wanted = (*columns.get("at", ()), *columns.get("time", ()))
        times = [row[at] for at in wanted if at < len(row)]
        if not filled or any(plain(one) for one in times):
            yield [*days, *times], left


@dataclass(frozen=True)
class _Who:
    name: str
    state: str
    trainee: int | None = None
    asked: str = ""
    why: Sentence | None = None


class _Finder:
    """Finds whose a row is, and gathers what has to be asked."""

    def __init__(self, course: Course, answers: Mapping[str, str], several: Collection[str]) -> None:
        self.course = course
        self.several = several
        self.answers = answers
        self.by_number = {one.number_index: one for one in course.people}
        self.by_name: dict[str, list[Known]] = {}
        for one in course.people:
            self.by_name.setdefault(compact(one.name), []).append(one)
        self.asked: dict[tuple[str, str], tuple[str, list[Known], int]] = {}

    def find(self, id_number: str, name: str, number: str) -> _Who:
        named = self.by_name.get(compact(name), []) if name else []
        whole = normalised(id_number)
        if whole and "*" not in whole:
            return self._by_id_number(whole, name, named)
        if len(named) == 1 and compact(name) not in self.several:
            return _Who(named[0].name, "taken", named[0].key)
        if named:
            return self._one_of(name, number, number or whole, named)
        by_seq = [one for one in self.course.people if not name and number == str(one.seq)]
        if by_seq:
            return _Who(by_seq[0].name, "taken", by_seq[0].key)
        return _Who(name or number, "stranger", why=sentence("not_of_class", gettext_noop("名册上没有此人")))

    def questions(self) -> tuple[Question, ...]:
        return tuple(
            Question(key, name, count, tuple(candidates))
            for (name, _number), (key, candidates, count) in self.asked.items()
        )

    def _by_id_number(self, whole: str, name: str, named: list[Known]) -> _Who:
        found = self.by_number.get(self.course.indexed(whole))
        if found is not None:
            return _Who(found.name, "taken", found.key)
        told = gettext_noop("姓名与本班学员相同，证号不同，不收") if named else gettext_noop("名册上没有此人")
        return _Who(name, "stranger", why=sentence("other_number" if named else "not_of_class", told))

    def _one_of(self, name: str, number: str, told: str, named: list[Known]) -> _Who:
        """Several bear this name: the number settles it where it is the roster's, else a person is asked of each
        whom the file tells apart (`told`)."""
        fitting = [one for one in named if number == str(one.seq)]
        if len(fitting) == 1:
            return _Who(fitting[0].name, "taken", fitting[0].key)
        key, _known, count = self.asked.get((name, told), (f"q{len(self.asked) + 1}", named, 0))
        self.asked[name, told] = key, named, count + 1
        answer = self.answers.get(key, "")
        chosen = next((one for one in named if answer == str(one.key)), None)
        if chosen is not None:
            return _Who(chosen.name, "taken", chosen.key)
        if answer == "none":
            return _Who(name, "stranger", why=sentence("left_by_answer", gettext_noop("按所选，不收")))
        return _Who(
            name, "ask", asked=key, why=sentence("two_of_name", gettext_noop("有几人同名，请选是哪一位"))
        )


def _people_of_one_name(rows: Cells, columns: Columns) -> frozenset[str]:
    """Names under which the file has several people, by the numbers it gives them; numbers of lines tell nobody."""
    if "name" not in columns:
        return frozenset()

    def told(row: Sequence[Any], meaning: str) -> str:
        at = columns.get(meaning, (-1,))[0]
        return plain(row[at]) if 0 <= at < len(row) else ""

    found: set[str] = set()
    for meaning in ("number", "id_number"):
        pairs = [(compact(told(row, "name")), told(row, meaning)) for row in rows]
        filled = [(name, number) for name, number in pairs if name and number]
        if meaning == "number" and len({number for _name, number in filled}) == len(filled):
            continue  # each line has a number of its own: lines are counted, not people
        names = Counter(name for name, _number in set(filled))
        found |= {name for name, count in names.items() if count > 1}
    return frozenset(found)


def _without_doubles(rows: Iterable[Row], course: Course) -> Iterable[Row]:
    """Of records of one person within a minute the first is taken; what an earlier file brought is not taken again."""
    known: dict[tuple[int, bool], list[datetime]] = {}
    for trainee, at, left in course.taken:
        known.setdefault((trainee, left), []).append(at)
    here: dict[tuple[int, bool], list[datetime]] = {}
    for row in rows:
        if row.state != "taken" or row.trainee is None or row.at is None:
            yield row
            continue
        key = (row.trainee, row.left)
        if _near(row.at, known.get(key, ())):
            yield replace(
                row, state="double", why=sentence("taken_before", gettext_noop("以前的文件里已收过这一次"))
            )
        elif _near(row.at, here.get(key, ())):
            yield replace(
                row, state="double", why=sentence("within_a_minute", gettext_noop("一分钟内的重复打卡"))
            )
        else:
            here.setdefault(key, []).append(row.at)
            yield row


def _near(at: datetime, others: Iterable[datetime]) -> bool:
    return any(abs(at - other) <= DOUBLE for other in others)


def _unread(problem: str, course: Course) -> Sentence:
    """How it is to be written, with the day of the class's own first session as the example."""
    if problem == "time_unread":
        return sentence(problem, gettext_noop("时间读不出，请写成 08:30:00"))
    if not course.days:
        bare = {
            "date_unread": gettext_noop("日期读不出，请按“年-月-日”写"),
            "date_two_ways": gettext_noop("日期分不清月和日，请按“年-月-日”写"),
        }
        return sentence(problem, bare[problem])
    told = {
        "date_unread": gettext_noop("日期读不出，请按“年-月-日”写，如 %(day)s"),
        "date_two_ways": gettext_noop("日期分不清月和日，请按“年-月-日”写，如 %(day)s"),
    }
    return sentence(problem, told[problem], day=min(course.days).isoformat())


def _method(text: str) -> str:
    return next((name for name, words in METHOD_WORDS if text and words.search(text)), "other")
