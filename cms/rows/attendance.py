"""The attendance grid ready to print: a row a trainee, a group of cells a session, totals against the threshold."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.attendance import Attendance, Slot, Verdict
from dossiers.models import Enrolment, Session
from dossiers.reconciliation import Cell, CellState, Source

STATE_NAMES: dict[CellState, str | Promise] = {
    CellState.CONFIRMED: _("确认"),
    CellState.CONTRADICTED: _("矛盾"),
    CellState.UNVERIFIABLE: _("无法核实"),
    CellState.ABSENT: _("缺勤"),
    CellState.TO_COME: _("未上"),
}
# One letter a state keeps a page of thousands of cells small.
SHAPES = {
    CellState.CONFIRMED: "o",
    CellState.CONTRADICTED: "x",
    CellState.UNVERIFIABLE: "u",
    CellState.ABSENT: "a",
    CellState.TO_COME: "t",
}
LETTERS = {"o": "√", "x": "!", "u": "?", "a": "×", "t": "·"}  # on paper, where there is no colour
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
BAR = 80  # units of a bar, whatever it measures
PER_MILLE = 10


@dataclass(frozen=True)
class Mark:
    """One cell: `shape` is its class, `name` names it, `address` opens it."""

    shape: str
    name: str
    address: str
    state: str | Promise

    @property
    def letter(self) -> str:
        return LETTERS[self.shape[0]]


@dataclass(frozen=True)
class SittingHead:
    """One session above its cells. `starts_day`: a new day begins here."""

    title: str
    kind: str
    short: str
    lessons: int
    starts_day: bool


@dataclass(frozen=True)
class DayHead:
    """One day above its sessions."""

    title: str
    kinds: str
    sittings: int


@dataclass(frozen=True)
class SittingCells:
    """One trainee's cells of one session."""

    head: SittingHead
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Bar:
    """Confirmed, undecided and the threshold as lengths; whole numbers, cut."""

    have: int
    upper: int
    line: int | None

    @property
    def undecided(self) -> int:
        return self.upper - self.have


@dataclass(frozen=True)
class GridRow:
    """One trainee: her cells, her total, what it comes to."""

    enrolment: Enrolment
    url: str
    sittings: tuple[SittingCells, ...]
    verdict: Verdict
    has_contradiction: bool
    has_unverifiable: bool

    @property
    def total(self) -> str:
        """52+4: confirmed and, apart, undecided."""
        total = self.verdict.total
        return f"{total.confirmed}+{total.undecided}" if total.undecided else str(total.confirmed)

    @property
    def rate(self) -> str:
        """Per cent with one digit, cut."""
        whole, tenth = divmod(self.verdict.total.permille, PER_MILLE)
        return f"{whole}.{tenth}"

    @property
    def bar(self) -> Bar:
        total, threshold = self.verdict.total, self.verdict.threshold
        held = total.held or 1
        return Bar(
            have=total.confirmed * BAR // held,
            upper=(total.confirmed + total.undecided) * BAR // held,
            line=threshold.percent * BAR // 100 if threshold else None,
        )

    @property
    def shape(self) -> str:
        """How the conclusion looks: ok, bad, open, or none where nothing was held or nothing is asked."""
        return {True: "ok", False: "bad", None: "open"}[self.verdict.meets] if self._is_asked else "none"

    @property
    def conclusion(self) -> str:
        """What the total comes to, in words with its figures."""
        verdict, total = self.verdict, self.verdict.total
        if not self._is_asked:
            return ""
        if verdict.meets is None:
            return gettext("待定 %(least)s–%(most)s") % {
                "least": total.confirmed,
                "most": total.confirmed + total.undecided,
            }
        if verdict.meets:
            return gettext("达标")
        template = gettext("至少差 %(count)s 课时") if total.undecided else gettext("差 %(count)s 课时")
        return template % {"count": verdict.short}

    @property
    def _is_asked(self) -> bool:
        return self.verdict.threshold is not None and self.verdict.total.held > 0


@dataclass(frozen=True)
class Legend:
    """One state with how many cells are in it."""

    shape: str
    name: str | Promise
    count: int

    @property
    def letter(self) -> str:
        return LETTERS[self.shape]


@dataclass(frozen=True)
class Chip:
    """One filter above the grid, counted in people."""

    id: str
    label: str | Promise
    count: int
    is_current: bool


class Grid:
    """Everything the screen, its print and its spreadsheet say of a class."""

    def __init__(self, attendance: Attendance) -> None:
        self.attendance = attendance
        self.dossier = attendance.dossier

    @cached_property
    def heads(self) -> tuple[SittingHead, ...]:
        days = [session.held_on for session in self.attendance.sessions]
        return tuple(
            SittingHead(
                title=_sitting_title(session),
                kind=session.get_kind_display(),
                short=f"{session.held_on:%m-%d}",
                lessons=session.lessons,
                starts_day=at == 0 or days[at - 1] != session.held_on,
            )
            for at, session in enumerate(self.attendance.sessions)
        )

    @cached_property
    def days(self) -> tuple[DayHead, ...]:
        by_day: dict[date, list[Session]] = {}
        for session in self.attendance.sessions:
            by_day.setdefault(session.held_on, []).append(session)
        return tuple(
            DayHead(
                title=f"{day:%m-%d} {WEEKDAYS[day.weekday()]}",
                kinds=gettext("、").join(dict.fromkeys(one.get_kind_display() for one in sessions)),
                sittings=len(sessions),
            )
            for day, sessions in by_day.items()
        )

    @cached_property
    def rows(self) -> tuple[GridRow, ...]:
        return tuple(self._row(enrolment) for enrolment in self.attendance.enrolments)

    def shown(self, which: str) -> tuple[GridRow, ...]:
        """The rows a filter leaves standing."""
        return tuple(row for row in self.rows if _answers(row, which))

    def chips(self, current: str) -> tuple[Chip, ...]:
        labels = {
            "all": _("全部"),
            "contradicted": _("有矛盾"),
            "unverifiable": _("无法核实"),
            "short": _("未达标"),
            "open": _("待定"),
        }
        found = [Chip(name, label, len(self.shown(name)), name == current) for name, label in labels.items()]
        return tuple(chip for chip in found if chip.count or chip.id == "all" or chip.is_current)

    @cached_property
    def legend(self) -> tuple[Legend, ...]:
        counted = Counter(cell.state for cell in self._cells)
        return tuple(
            Legend(SHAPES[state], STATE_NAMES[state], counted[state])
            for state in CellState
            if counted[state] or state != CellState.TO_COME
        )

    @property
    def planned(self) -> int:
        """Lessons of the whole timetable."""
        return len(self.attendance.lessons)

    @property
    def held(self) -> int:
        return sum(lesson.ends <= self.attendance.now for lesson in self.attendance.lessons)

    @property
    def needed(self) -> int:
        threshold = self.attendance.threshold
        return -(-threshold.percent * self.held // 100) if threshold else 0

    @property
    def _cells(self) -> Iterable[Cell]:
        return (cell for row in self.attendance.cells.values() for cell in row.values())

    def _row(self, enrolment: Enrolment) -> GridRow:
        cells = self.attendance.cells[enrolment.pk]
        states = {cell.state for cell in cells.values()}
        return GridRow(
            enrolment=enrolment,
            url=self.dossier.screen("trainee", enrolment.uuid),
            sittings=self._sittings(enrolment, cells),
            verdict=self.attendance.verdicts[enrolment.pk],
            has_contradiction=CellState.CONTRADICTED in states,
            has_unverifiable=CellState.UNVERIFIABLE in states,
        )

    def _sittings(self, enrolment: Enrolment, cells: dict[Slot, Cell]) -> tuple[SittingCells, ...]:
        return tuple(
            SittingCells(head, tuple(self._marks(enrolment, session, cells)))
            for head, session in zip(self.heads, self.attendance.sessions, strict=True)
        )

    def _marks(self, enrolment: Enrolment, session: Session, cells: dict[Slot, Cell]) -> Iterable[Mark]:
        for number in range(1, session.lessons + 1):
            cell = cells[session.pk, number]
            yield Mark(
                shape=self._shape(enrolment, cell, (session.pk, number)),
                name=gettext("第 %(number)s 课时 %(state)s")
                % {"number": number, "state": STATE_NAMES[cell.state]},
                address=f"{enrolment.pk}.{session.pk}.{number}",
                state=STATE_NAMES[cell.state],
            )

    def _shape(self, enrolment: Enrolment, cell: Cell, slot: Slot) -> str:
        """The state's letter, `s` where a person settled it, `d` where the two sides differ."""
        shape = SHAPES[cell.state]
        if any(one.source == Source.PERSON for one in cell.evidence):
            shape += " s"
        return shape + " d" if (enrolment.pk, slot) in self.attendance.disputed else shape


def known_filter(which: str) -> str:
    """The filter asked for, or "all"."""
    return which if which in {"contradicted", "unverifiable", "short", "open"} else "all"


def state_name(state: CellState) -> str:
    return str(STATE_NAMES[state])


def of_trainee(rows: Sequence[GridRow], enrolment: Enrolment) -> GridRow | None:
    """One trainee's row, for her own page."""
    return next((row for row in rows if row.enrolment.pk == enrolment.pk), None)


def _answers(row: GridRow, which: str) -> bool:
    return {
        "all": True,
        "contradicted": row.has_contradiction,
        "unverifiable": row.has_unverifiable,
        "short": row.shape == "bad",
        "open": row.shape == "open",
    }[which]


def _sitting_title(session: Session) -> str:
    return f"{session.held_on:%m-%d} {session.starts_at:%H:%M} {session.topic}"
