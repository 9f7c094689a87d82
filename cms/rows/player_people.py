"""The player's lanes of trainees: what machines took for her, what people confirmed, where check-in and picture differ,
where nobody can tell; and in words how many lessons that comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from cms.rows.player_lanes import Bar, bars
from cms.rows.player_time import Axis
from dossiers.attendance import Attendance, Slot
from dossiers.models import Enrolment
from dossiers.reconciliation import Cell, CellState, Says, Source
from media_processing.presence_of import RecordingPresence, Seen, Span

PAGE = 10
LEAST_HATCHED = 30.0  # seconds: shorter stretches in which nobody can be told are not drawn
LATE = timedelta(minutes=1)  # the notice of being late begins here
Edges = tuple[float, float]


@dataclass(frozen=True)
class PersonLane:
    """One trainee beneath the video. `total` is "4" or "2+2" (confirmed + undecided), empty before any lesson was held."""

    enrolment: Enrolment
    bars: tuple[Bar, ...]
    came: tuple[Bar, ...]
    total: str
    note: str
    is_doubtful: bool
    consents: bool

    @property
    def name(self) -> str:
        return self.enrolment.name

    @property
    def in_words(self) -> str:
        """The lane for whoever hears the page: total, note, and each stretch in time."""
        told = [bar.title for bar in (*self.came, *self.bars)]
        return " · ".join(filter(None, (self.name, self.total, self.note, *told)))


@dataclass(frozen=True)
class Shown:
    """What of the lesson the recording could tell: its whole length, the lessons in it, and where it was blind."""

    duration: float
    lessons: tuple[tuple[Slot, Edges], ...]
    blind: tuple[Edges, ...]
    was_watched: bool

    @property
    def in_lessons(self) -> tuple[Edges, ...]:
        """Lessons as far as they were recorded; the whole recording where no lesson is known."""
        whole = (0.0, self.duration)
        if not self.lessons:
            return (whole,)
        return tuple(cut for _slot, edges in self.lessons if (cut := overlap(edges, whole)))


def person_lanes(
    axis: Axis, attendance: Attendance, presence: RecordingPresence, shown: Shown
) -> list[PersonLane]:
    """One lane for whoever is to attend, in the roster's order."""
    came = _came(axis, attendance)
    return [
        _lane(
            axis,
            one,
            presence.people.get(one.pk),
            shown,
            {slot: attendance.cells[one.pk][slot] for slot, _edges in shown.lessons},
            consents=one.pk in attendance.consenting,
            came=came.get(one.pk, ()),
        )
        for one in attendance.enrolments
    ]


def _lane(
    axis: Axis,
    enrolment: Enrolment,
    seen: Seen | None,
    shown: Shown,
    cells: Mapping[Slot, Cell],
    *,
    consents: bool,
    came: tuple[Bar, ...],
) -> PersonLane:
    drawn = (
        _seen_bars(axis, seen, shown, cells)
        if consents
        else bars(axis, [(0.0, shown.duration)], "hatched", gettext("没有看"))
    )
    return PersonLane(
        enrolment=enrolment,
        bars=drawn,
        came=came,
        total=_total(cells.values()),
        note=_note(seen, shown, cells, consents),
        is_doubtful=consents and _is_doubtful(seen, cells.values()),
        consents=consents,
    )


def _seen_bars(axis: Axis, seen: Seen | None, shown: Shown, cells: Mapping[Slot, Cell]) -> tuple[Bar, ...]:
    if seen is None:
        return bars(axis, shown.in_lessons, "hatched", gettext("没有找过")) if shown.was_watched else ()
    spans = [(one.start, one.end) for one in seen.spans]
    doubtful = contradicted(shown.lessons, cells)
    against = [cut for edges in doubtful for cut in without([edges], spans)]
    dark = without(shown.in_lessons, [*seen.verifiable, *spans, *doubtful])
    return (
        *bars(
            axis, [one for one in dark if one[1] - one[0] >= LEAST_HATCHED], "hatched", gettext("无法核实")
        ),
        *bars(axis, against, "against", gettext("矛盾")),
        *bars(axis, _edges(seen.spans, confirmed=False), "read", gettext("认作在场")),
        *bars(axis, _edges(seen.spans, confirmed=True), "confirmed", gettext("已确认在场")),
    )


def contradicted(lessons: Iterable[tuple[Slot, Edges]], cells: Mapping[Slot, Cell]) -> list[Edges]:
    """Lessons for which a list says that she came and the recording that she is not there."""
    return [edges for slot, edges in lessons if _is_against(cells[slot])]


def _is_against(cell: Cell) -> bool:
    if cell.state != CellState.CONTRADICTED:
        return False
    return any(one.source == Source.RECORDING and one.says == Says.ABSENT for one in cell.evidence)


def _edges(spans: Iterable[Span], *, confirmed: bool) -> list[Edges]:
    return [(one.start, one.end) for one in spans if one.confirmed == confirmed]


def _total(cells: Iterable[Cell]) -> str:
    held = [one.state for one in cells if one.state != CellState.TO_COME]
    if not held:
        return ""
    sure = held.count(CellState.CONFIRMED)
    open_ones = held.count(CellState.CONTRADICTED) + held.count(CellState.UNVERIFIABLE)
    return f"{sure}+{open_ones}" if open_ones else str(sure)


def _note(seen: Seen | None, shown: Shown, cells: Mapping[Slot, Cell], consents: bool) -> str:
    """The one thing to know of her here."""
    if not consents:
        return gettext("未同意人脸，另行签到")
    if not shown.was_watched:
        return gettext("还没有认人")
    if seen is None:
        return gettext("没有照片可比，没有找过")
    told = [(number, cells[(session, number)]) for session, number in cells]
    for state, template in _NOTES:
        numbers = [number for number, cell in told if cell.state == state]
        if numbers:
            return template() % {"numbers": "、".join(str(one) for one in numbers)}
    if told and all(cell.state == CellState.ABSENT for _number, cell in told):
        return gettext("缺勤")
    if any(one.disputed for one in seen.spans):
        return gettext("机构与人社的认定不同")
    return _late(cells.values()) or _unconfirmed(seen)


_NOTES = (
    (CellState.CONTRADICTED, lambda: gettext("第 %(numbers)s 课时有矛盾")),
    (CellState.UNVERIFIABLE, lambda: gettext("第 %(numbers)s 课时无法核实")),
)


def _late(cells: Iterable[Cell]) -> str:
    for cell in cells:
        for one in cell.evidence:
            if one.source == Source.CHECK_IN and one.facts.get("first"):
                return gettext("%(at)s 才打卡") % {
                    "at": timezone.localtime(one.facts["first"]).strftime("%H:%M")
                }
    return ""


def _unconfirmed(seen: Seen) -> str:
    count = sum(not one.confirmed for one in seen.spans)
    return ngettext("%(count)s 段待确认", "%(count)s 段待确认", count) % {"count": count} if count else ""


def _is_doubtful(seen: Seen | None, cells: Iterable[Cell]) -> bool:
    if seen is not None and any(one.disputed for one in seen.spans):
        return True
    return any(one.state in (CellState.CONTRADICTED, CellState.UNVERIFIABLE) for one in cells)


def _came(axis: Axis, attendance: Attendance) -> dict[int, tuple[Bar, ...]]:
    """Ticks at the moments of check-ins, by trainee."""
    ticks: dict[int, list[Bar]] = {}
    for one in attendance.check_ins:
        second = axis.second(one.at)
        if second is None or not axis.begin <= second <= axis.end:
            continue
        word = gettext("签退 %(at)s") if one.left else gettext("打卡 %(at)s")
        ticks.setdefault(one.enrolment_id, []).append(
            Bar(axis.left(second), "2", "came", word % {"at": axis.stamp(second)}, at=max(second, 0.0))
        )
    return {who: tuple(found) for who, found in ticks.items()}


def overlap(one: Edges, other: Edges) -> Edges | None:
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if end > start else None


def without(whole: Iterable[Edges], taken: Sequence[Edges]) -> list[Edges]:
    """What is left of each stretch of `whole` without those of `taken`."""
    left = []
    ordered = sorted(taken)
    for start, end in whole:
        at = start
        for first, last in ordered:
            if last <= at or first >= end:
                continue
            if first > at:
                left.append((at, first))
            at = max(at, last)
        if at < end:
            left.append((at, end))
    return left
