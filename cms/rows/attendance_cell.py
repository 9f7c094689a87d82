"""One cell of the attendance grid opened: a line a source with what it says, three frames, the words of both sides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median_low

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.rows.attendance import SHAPES, STATE_NAMES
from dossiers.attendance import Attendance, Slot, Watched
from dossiers.coverage import Span
from dossiers.models import AttendanceWord, CheckIn, Enrolment, Session
from dossiers.reconciliation import Cell, CellState, Evidence, Lesson, Says, Source
from media_processing.models import IndexedRecording

CLOCK, MINUTE = "%H:%M:%S", "%H:%M"
FRAMES = (1, 3, 5)  # of six parts of the lesson: where the three frames are taken from
PARTS = 6
HEADS_AROUND = timedelta(seconds=1)  # samples at the very edges of a lesson still count heads of it

SAID: Mapping[Source, Mapping[Says, str | Promise]] = {
    Source.CHECK_IN: {Says.PRESENT: _("在场"), Says.ABSENT: _("未到")},
    Source.SIGN_IN: {Says.PRESENT: _("在场"), Says.ABSENT: _("未签"), Says.NOTHING: _("不单独作数")},
    Source.RECORDING: {Says.PRESENT: _("认作在场"), Says.ABSENT: _("未见"), Says.NOTHING: _("看不出")},
}
SHAPE_OF = {Says.PRESENT: "ok", Says.ABSENT: "bad", Says.NOTHING: "quiet"}


@dataclass(frozen=True)
class Line:
    """One source: what it says with its figures, and what that comes to. `shape`: ok, bad or quiet."""

    icon: str
    label: str | Promise
    text: str
    said: str = ""
    shape: str = "quiet"


@dataclass(frozen=True)
class Frame:
    """One picture of the storyboard, cut out of its page: where it lies there, and where it leads."""

    picture: str
    left: int
    top: int
    width: int
    height: int
    page_width: int
    page_height: int
    clock: str
    url: str


@dataclass(frozen=True)
class Place:
    """Which cell: the trainee's key, the session's and the lesson, as addresses write it."""

    enrolment: int
    session: int
    lesson: int

    @classmethod
    def read(cls, text: str) -> "Place":
        """ValueError for anything that is no cell's address."""
        enrolment, session, lesson = (int(part) for part in text.split(".", 2))
        return cls(enrolment, session, lesson)

    def __str__(self) -> str:
        return f"{self.enrolment}.{self.session}.{self.lesson}"

    @property
    def slot(self) -> Slot:
        return self.session, self.lesson


class OpenedCell:
    """All that is known of one cell. KeyError where the class has no such trainee or lesson."""

    def __init__(self, attendance: Attendance, place: Place) -> None:
        self.attendance = attendance
        self.place = place
        self.enrolment: Enrolment = {one.pk: one for one in attendance.enrolments}[place.enrolment]
        self.session: Session = {one.pk: one for one in attendance.sessions}[place.session]
        self.cell: Cell = attendance.cells[place.enrolment][place.slot]
        self.lesson: Lesson = next(one for one in attendance.lessons if one.key == place.slot)

    @property
    def address(self) -> str:
        return str(self.place)

    @property
    def title(self) -> str:
        return gettext("%(who)s · %(day)s 第 %(number)s 课时") % {
            "who": self.enrolment.name,
            "day": f"{self.session.held_on:%m-%d}",
            "number": self.place.lesson,
        }

    @property
    def shape(self) -> str:
        return SHAPES[self.cell.state]

    @property
    def state(self) -> str:
        return str(STATE_NAMES[self.cell.state])

    @property
    def why(self) -> str:
        """The cell's state in one half sentence."""
        if any(one.source == Source.PERSON for one in self.cell.evidence):
            return gettext("由人认定")
        if self.cell.state == CellState.CONTRADICTED:
            return self._differ()
        return {
            CellState.CONFIRMED: gettext("各处一致"),
            CellState.ABSENT: gettext("没有一处说在场"),
            CellState.UNVERIFIABLE: gettext("没有足够的依据，不算缺勤"),
            CellState.TO_COME: gettext("还没有上"),
        }[self.cell.state]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        spoken = {one.source: one for one in self.cell.evidence}
        heads = self._heads()
        return (
            self._timetable(),
            _check_in(spoken.get(Source.CHECK_IN)),
            _sign_in(spoken.get(Source.SIGN_IN)),
            _recording(spoken.get(Source.RECORDING)),
            *([heads] if heads else []),
        )

    @cached_property
    def words(self) -> tuple[AttendanceWord, ...]:
        """Both sides' words on this cell, the institution's first."""
        here = (self.place.enrolment, self.place.slot)
        found = [
            one for one in self.attendance.words if (one.enrolment_id, (one.session_id, one.lesson)) == here
        ]
        return tuple(sorted(found, key=lambda one: one.by_bureau))

    @property
    def own_word(self) -> AttendanceWord | None:
        """What this viewer's side has said and may take back."""
        bureau = self.attendance.viewer.is_of_bureau
        return next((one for one in self.words if one.by_bureau == bureau), None)

    @property
    def sides_differ(self) -> bool:
        return len({one.says for one in self.words}) > 1

    @cached_property
    def alike(self) -> tuple[int, ...]:
        """The lessons of this session that are in the same state, this one among them."""
        cells = self.attendance.cells[self.place.enrolment]
        return tuple(
            number
            for number in range(1, self.session.lessons + 1)
            if cells[self.place.session, number].state == self.cell.state
        )

    @property
    def is_over(self) -> bool:
        return self.cell.state != CellState.TO_COME

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """Three pictures of the lesson, where a recording of it has a storyboard."""
        return tuple(self._frames())

    @property
    def player_url(self) -> str:
        """The recording at the lesson's beginning; empty where none covers it."""
        one = self._recording
        return self._player(one, max(one.recording.begins, self.lesson.begins)) if one else ""

    # ------------------------------------------------------------------------------------------------------
    def _timetable(self) -> Line:
        text = gettext("%(begins)s–%(ends)s %(kind)s %(topic)s") % {
            "begins": f"{self.lesson.begins:%H:%M}",
            "ends": f"{self.lesson.ends:%H:%M}",
            "kind": self.session.get_kind_display(),
            "topic": self.session.topic,
        }
        return Line("calendar", _("课表"), text, self.session.lecturer)

    def _differ(self) -> str:
        present = [_named(one.source) for one in self.cell.evidence if one.says == Says.PRESENT]
        absent = [_named(one.source) for one in self.cell.evidence if one.says == Says.ABSENT]
        return gettext("%(present)s说在场，%(absent)s说不在") % {
            "present": gettext("、").join(present),
            "absent": gettext("、").join(absent),
        }

    @property
    def _covering(self) -> list[Watched]:
        return self.attendance.covering(Span(self.lesson.begins, self.lesson.ends))

    @cached_property
    def _recording(self) -> Watched | None:
        """The recording that runs longest during the lesson."""
        return max(self._covering, key=self._overlap, default=None)

    def _overlap(self, one: Watched) -> timedelta:
        runs = one.recording.runs
        return min(runs.ends, self.lesson.ends) - max(runs.begins, self.lesson.begins)

    @cached_property
    def _indexed(self) -> IndexedRecording | None:
        if self._recording is None:
            return None
        return IndexedRecording.objects.filter(upload__uuid=self._recording.recording.key).first()

    def _heads(self) -> Line | None:
        """Heads counted without anybody's face being known, against who is said to have come."""
        if self._recording is None or self._indexed is None:
            return None
        at = self._recording.recording.at
        since, until = self.lesson.begins - HEADS_AROUND, self.lesson.ends + HEADS_AROUND
        counted = [int(count) for second, count in self._indexed.heads if since <= at(second) <= until]
        if not counted:
            return None
        heads, came = median_low(counted), self._said_to_have_come()
        text = gettext("在座 %(heads)s 人（各次的中数），打卡或签到 %(came)s 人") % {
            "heads": heads,
            "came": came,
        }
        if came == heads:
            return Line("users", _("人数"), text, gettext("相符"), "ok")
        return Line(
            "users", _("人数"), text, gettext("差 %(count)s 人") % {"count": abs(came - heads)}, "bad"
        )

    def _said_to_have_come(self) -> int:
        cells = (row[self.place.slot] for row in self.attendance.cells.values())
        listed = {Source.CHECK_IN, Source.SIGN_IN}
        return sum(
            any(one.source in listed and one.says == Says.PRESENT for one in cell.evidence) for cell in cells
        )

    def _frames(self) -> Iterator[Frame]:
        one, board = self._recording, self._indexed.storyboard if self._indexed else {}
        seconds = board.get("seconds") or []
        if one is None or not seconds:
            return
        length = self.lesson.ends - self.lesson.begins
        for part in FRAMES:
            moment = self.lesson.begins + length * part / PARTS
            if not one.recording.runs.begins <= moment <= one.recording.runs.ends:
                continue
            wanted = one.recording.second_at(moment)
            number = min(range(len(seconds)), key=lambda at: abs(seconds[at] - wanted))
            yield self._frame(one, board, number, one.recording.at(seconds[number]))

    def _frame(self, one: Watched, board: Mapping, number: int, moment: datetime) -> Frame:
        columns, rows = int(board["columns"]), int(board["rows"])
        page, place = divmod(number, columns * rows)
        down, across = divmod(place, columns)
        width, height = int(board["width"]), int(board["height"])
        return Frame(
            picture=self.attendance.dossier.screen("player-board", one.recording.key, page),
            left=across * width,
            top=down * height,
            width=width,
            height=height,
            page_width=columns * width,
            page_height=self._page_height(board, page),
            clock=timezone.localtime(moment).strftime(MINUTE),
            url=self._player(one, moment),
        )

    @staticmethod
    def _page_height(board: Mapping, page: int) -> int:
        """The last page may have fewer rows than the others."""
        columns, rows = int(board["columns"]), int(board["rows"])
        left = len(board["seconds"]) - page * columns * rows
        return min(rows, -(-left // columns)) * int(board["height"])

    def _player(self, one: Watched, moment: datetime) -> str:
        """That second of the recording, with this trainee's evidence opened."""
        second = int(one.recording.second_at(moment))
        address = self.attendance.dossier.screen("player", one.recording.key)
        return f"{address}?t={second}&who={self.enrolment.uuid}"


def _check_in(one: Evidence | None) -> Line:
    icon, label = "fingerprint", _("打卡")
    if one is None:
        return Line(icon, label, gettext("这半天没有收到打卡"))
    return Line(icon, label, _punched(one.facts), str(SAID[one.source][one.says]), SHAPE_OF[one.says])


def _punched(facts: Mapping) -> str:
    if "left" in facts:
        return gettext("%(at)s 打卡，%(left)s 签退") % {
            "at": f"{facts['at']:{CLOCK}}",
            "left": f"{facts['left']:{CLOCK}}",
        }
    if "at" in facts:
        method = str(CheckIn.Method(facts["method"]).label) if facts.get("method") else ""
        device = gettext("%(device)s 号机") % {"device": facts["device"]} if facts.get("device") else ""
        return " ".join(part for part in (f"{facts['at']:{CLOCK}}", method, device) if part)
    if "first" in facts:
        return gettext("最早一次 %(at)s，这一课时已过半") % {"at": f"{facts['first']:{CLOCK}}"}
    return gettext("设备上有别人，没有此人这半天的记录")


def _sign_in(one: Evidence | None) -> Line:
    icon, label = "list-check", _("签到表")
    if one is None:
        return Line(icon, label, gettext("没有记下此人这次课的签到"))
    signed, cosigned = one.facts.get("signed"), one.facts.get("cosigned")
    if signed:
        text = gettext("本人已签，教师共签") if cosigned else gettext("本人已签，教师没有共签")
    else:
        text = gettext("此行空白，教师共签") if cosigned else gettext("此行空白，教师没有共签")
    return Line(icon, label, text, str(SAID[one.source][one.says]), SHAPE_OF[one.says])


def _recording(one: Evidence | None) -> Line:
    icon, label = "movie", _("录像")
    if one is None:
        return Line(icon, label, gettext("没有认过人的录像覆盖这一课时"))
    if one.facts.get("no_consent"):
        return Line(icon, label, gettext("未同意人脸，录像不认此人；凭共签的签到表"))
    if one.facts.get("unsought"):
        return Line(icon, label, gettext("没有此人的参照照片，录像没有认过"))
    text = gettext("看得清 %(looked)s，其中认作此人 %(seen)s") % {
        "looked": _minutes(one.facts.get("looked_seconds", 0)),
        "seen": _minutes(one.facts.get("seen_seconds", 0)),
    }
    said = gettext("经人确认在场") if one.says == Says.PRESENT and one.facts.get("confirmed") else ""
    return Line(icon, label, text, said or str(SAID[one.source][one.says]), SHAPE_OF[one.says])


def _minutes(seconds: object) -> str:
    minutes, rest = divmod(int(str(seconds)), 60)
    if not rest:
        return gettext("%(minutes)s 分") % {"minutes": minutes}
    return gettext("%(minutes)s 分 %(seconds)s 秒") % {"minutes": minutes, "seconds": rest}


def _named(source: Source) -> str:
    return {
        Source.CHECK_IN: gettext("打卡"),
        Source.SIGN_IN: gettext("签到表"),
        Source.RECORDING: gettext("录像"),
        Source.PERSON: gettext("认定"),
    }[source]
