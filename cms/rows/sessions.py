"""The timetable with its recordings, ready to print: a calendar by weeks, and each session with its bar and files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cms.rows.clashes import ClashRow
from cms.rows.coverage import ClassCoverage, Judged, Recorded, SessionCoverage
from cms.rows.coverage_words import astray_words, shorter_words, span_words, stretches_words, twin_words
from cms.rows.looked import Looked
from cms.rows.player_time import lasting
from cms.rows.session_bars import Mark, Piece, clock_of, marks, pieces
from cms.rows.sheets import origin
from dossiers.models import DossierPage, Filing, RecordingClock, Session
from dossiers.recordings import CLOSE_SECONDS
from foundation.wording import say

BASES: dict[str, str | Promise] = {
    RecordingClock.Basis.FILE_NAME: _("按文件名"),
    RecordingClock.Basis.FILE_TIME: _("按文件内的时间"),
    RecordingClock.Basis.BURNT_IN: _("按画面上的时钟"),
    RecordingClock.Basis.ALIGNED: _("人工对齐"),
}
STATES: dict[Judged, tuple[str, str | Promise]] = {
    Judged.TO_COME: ("circle-dashed", _("还没上课")),
    Judged.NOT_ASKED: ("circle-minus", _("实操，不要求录像")),
    Judged.NONE: ("circle-x", _("缺录像")),
    Judged.UNKNOWN: ("clock", _("还没对时")),
    Judged.SHORT: ("alert-triangle", _("没有录全")),
    Judged.FULL: ("circle-check", _("已录全")),
}


@dataclass(frozen=True)
class RecordingRow:
    """One recording beside its session."""

    uuid: UUID
    origin: str
    duration: float | None
    when: str  # its wall-clock stretch, empty without a clock
    basis: str | Promise
    within: str
    doubts: tuple[str, ...]
    is_waiting: bool
    is_besides: bool
    filed_session: str  # UUID of the session it is filed or suggested for
    looked: Looked
    play_url: str  # the player, which also says why it does not play
    align_url: str
    file_url: str

    @property
    def is_being_looked_at(self) -> bool:
        return self.looked in (Looked.NOT_YET, Looked.UNDER_WAY)

    @property
    def wants_help(self) -> bool:
        """Whether what to do until it plays is told beside it."""
        return self.looked not in (Looked.PLAYS, Looked.BROKEN)


@dataclass(frozen=True)
class SittingRow:
    """One session: what it is, what of it is recorded, by which files."""

    uuid: UUID
    day: str
    weekday: str
    time: str
    lessons: int
    kind: str
    is_theory: bool
    topic: str
    lecturer: str
    room: str
    judged: Judged
    icon: str
    state: str | Promise
    share: str
    missing: str
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    notes: tuple[str, ...]
    clashes: tuple[ClashRow, ...]
    recordings: tuple[RecordingRow, ...]
    edit_url: str
    drop_url: str

    @property
    def wants_hand(self) -> bool:
        return self.judged in (Judged.NONE, Judged.SHORT, Judged.UNKNOWN)

    @property
    def has_bar(self) -> bool:
        return self.is_theory or bool(self.recordings)


@dataclass(frozen=True)
class Day:
    """One day of the calendar."""

    date: date
    label: str
    is_inside: bool  # within the class's period
    is_today: bool
    sittings: tuple[SittingRow, ...]


@dataclass(frozen=True)
class Choice:
    """One session as a form offers it."""

    uuid: UUID
    label: str


def sitting_rows(found: ClassCoverage, clashes: dict[int, tuple[ClashRow, ...]]) -> tuple[SittingRow, ...]:
    """Every session in order."""
    twins: defaultdict[int, list[str]] = defaultdict(list)
    for twin in found.twins:
        twins[twin.upload].append(twin_words(twin.class_no, twin.seconds))
    return tuple(_row(found, one, clashes.get(one.session.pk, ()), twins) for one in found.sessions)


def unplaced_rows(found: ClassCoverage) -> tuple[RecordingRow, ...]:
    """Recordings of no session yet."""
    dossier = found.standing.dossier
    return tuple(_recording(dossier, one, None, (), is_besides=False) for one in found.unplaced)


def weeks(rows: Sequence[SittingRow], days: Sequence[date], dossier: DossierPage) -> list[list[Day]]:
    """The calendar: a week a line, Monday first; `days` are those of `rows`."""
    by_day: defaultdict[date, list[SittingRow]] = defaultdict(list)
    for row, day in zip(rows, days, strict=True):
        by_day[day].append(row)
    if not by_day:
        return []
    first, last = min(by_day), max(by_day)
    monday = first - timedelta(days=first.weekday())
    today = timezone.localdate()
    lines = []
    while monday <= last:
        week = [monday + timedelta(days=number) for number in range(7)]
        if any(day in by_day for day in week):
            lines.append([_day(day, by_day[day], dossier, today) for day in week])
        monday += timedelta(days=7)
    return lines


def choices(sessions: Iterable[Session]) -> tuple[Choice, ...]:
    """The theory sessions that a recording can be filed for."""
    return tuple(Choice(one.uuid, str(one)) for one in sessions if one.kind == Session.Kind.THEORY)


def summary(found: ClassCoverage) -> str:
    """“12 节理论课：9 节已录全，2 节没有录全，1 节缺录像”."""
    judged = [one.judged for one in found.sessions if one.judged != Judged.NOT_ASKED]
    if not judged:
        return ""
    told = [
        gettext("%(count)s 节%(state)s") % {"count": judged.count(state), "state": STATES[state][1]}
        for state in (Judged.FULL, Judged.SHORT, Judged.UNKNOWN, Judged.NONE, Judged.TO_COME)
        if state in judged
    ]
    theory = ngettext("%(count)s 节理论课", "%(count)s 节理论课", len(judged)) % {"count": len(judged)}
    return gettext("%(theory)s：%(states)s") % {"theory": theory, "states": gettext("，").join(told)}


def clock_words(clock: RecordingClock) -> str:
    """“误差 1 秒内”; a person's word has no such figure."""
    if clock.made_by_id is not None:
        return clock.made_by.full_name if clock.made_by else ""
    seconds = clock.within_seconds
    if seconds < 60:
        count = max(1, round(seconds))
        return ngettext("误差 %(count)s 秒内", "误差 %(count)s 秒内", count) % {"count": count}
    count = -(-int(seconds) // 60)
    return ngettext("误差 %(count)s 分钟内", "误差 %(count)s 分钟内", count) % {"count": count}


def _day(day: date, rows: Sequence[SittingRow], dossier: DossierPage, today: date) -> Day:
    starts, ends = dossier.starts_on, dossier.ends_on
    inside = starts is not None and ends is not None and starts <= day <= ends
    return Day(day, date_format(day, "m-d"), inside, day == today, tuple(rows))


def _row(
    found: ClassCoverage,
    one: SessionCoverage,
    clashes: tuple[ClashRow, ...],
    twins: dict[int, list[str]],
) -> SittingRow:
    session, dossier = one.session, found.standing.dossier
    icon, state = STATES[one.judged]
    share, missing = _share(one)
    listed = (*one.own, *one.besides, *one.waiting)
    return SittingRow(
        uuid=session.uuid,
        day=date_format(session.held_on, "m-d"),
        weekday=date_format(session.held_on, "D"),
        time=f"{clock_of(one.sitting.begins)}–{clock_of(one.sitting.ends)}",
        lessons=session.lessons,
        kind=session.get_kind_display(),
        is_theory=session.kind == Session.Kind.THEORY,
        topic=session.topic,
        lecturer=session.lecturer,
        room=session.room,
        judged=one.judged,
        icon=icon,
        state=state,
        share=share,
        missing=missing,
        pieces=tuple(pieces(one)),
        marks=tuple(marks(one)),
        notes=tuple(_notes(found, one)),
        clashes=clashes,
        recordings=tuple(
            _recording(dossier, each, one, twins.get(each.upload.pk, ()), is_besides=each in one.besides)
            for each in listed
        ),
        edit_url=dossier.screen("edit-session", session.uuid),
        drop_url=dossier.screen("drop-session", session.uuid),
    )


def _share(one: SessionCoverage) -> tuple[str, str]:
    """“有效 97.7 %” and “缺 3′40″”, cut and never rounded up."""
    if one.coverage is None or one.judged in (Judged.NOT_ASKED, Judged.NONE, Judged.TO_COME):
        return "", ""
    permille = one.coverage.permille
    share = gettext("有效 %(share)s %%") % {"share": f"{permille // 10}.{permille % 10}"}
    seconds = one.coverage.seconds_missing
    return share, gettext("缺 %(length)s") % {"length": lasting(seconds)} if seconds >= 1 else ""


def _notes(found: ClassCoverage, one: SessionCoverage) -> Iterator[str]:
    """What is amiss, in words beside the bar."""
    if one.judged == Judged.NOT_ASKED:
        return
    if one.shorter_by:
        yield shorter_words(one.shorter_by)
    if one.coverage is not None and one.filed:
        if one.coverage.gaps:
            yield gettext("没有录像：%(times)s") % {"times": stretches_words(one.coverage.gaps)}
        if one.coverage.blind:
            yield gettext("黑屏或静止：%(times)s") % {"times": stretches_words(one.coverage.blind)}
    keys = {each.upload.pk for each in one.filed}
    for pair in found.overlapping:
        if {pair.first, pair.second} <= keys:
            yield gettext("两段录像时间重叠：%(times)s") % {"times": span_words(pair.span)}
    for twice in found.doubled:
        if one.session.pk in (*twice.first_sittings, *twice.again_sittings):
            yield gettext("同一段录像也用在别的课次，%(length)s") % {"length": lasting(twice.shared.seconds)}


def _recording(
    dossier: DossierPage,
    one: Recorded,
    at: SessionCoverage | None,
    twins: Sequence[str],
    *,
    is_besides: bool,
) -> RecordingRow:
    upload, clock = one.upload, one.clock
    return RecordingRow(
        uuid=upload.uuid,
        origin=_origin(one),
        duration=upload.duration_seconds,
        when=_when(one),
        basis=BASES[clock.basis] if clock is not None else _("还没有时间"),
        within=clock_words(clock) if clock is not None else "",
        doubts=tuple(_doubts(one, at, twins, is_besides=is_besides)),
        is_waiting=not one.is_filed,
        is_besides=is_besides,
        filed_session=_session_of(one, at),
        looked=one.looked,
        play_url=dossier.screen("player", upload.uuid),
        align_url=dossier.screen("align", upload.uuid),
        file_url=dossier.screen("file-recording", upload.uuid),
    )


def _session_of(one: Recorded, at: SessionCoverage | None) -> str:
    """UUID of the session it is filed, suggested or was dropped for."""
    if one.filing is not None:
        return str(one.filing.session.uuid) if one.filing.session is not None else ""
    return str(at.session.uuid) if at is not None else ""


def _origin(one: Recorded) -> str:
    if one.filing is None:
        return one.upload.file_name
    place = next(iter(one.filing.places.all()))
    return origin(place.sheet)


def _when(one: Recorded) -> str:
    """“08:27:40–11:40:12”, with the day where it is not the session's."""
    if one.clocked is None:
        return ""
    runs = one.clocked.runs
    begins, ends = timezone.localtime(runs.begins), timezone.localtime(runs.ends)
    times = f"{begins:%H:%M:%S}–{ends:%H:%M:%S}"
    session = one.filing.session if one.filing is not None else None
    if session is not None and session.held_on == begins.date():
        return times
    return f"{begins:%Y-%m-%d} {times}"


def _doubts(
    one: Recorded, at: SessionCoverage | None, twins: Sequence[str], *, is_besides: bool
) -> Iterator[str]:
    if at is not None and not is_besides and (words := astray_words(at.sitting, one.clocked, one.basis)):
        yield words
    if one.basis == RecordingClock.Basis.BURNT_IN and one.clock.within_seconds > CLOSE_SECONDS:
        yield gettext("画面上的时钟前后对不上，请对时")
    if one.filing is not None and one.filing.state == Filing.State.PROPOSED and one.filing.session is None:
        yield gettext("认不出是哪节课，请选课次")
    if one.looked == Looked.MUTE:
        yield gettext("浏览器不能直接播放")
    if one.looked == Looked.BROKEN:
        yield say(one.upload.problem, file_name=one.upload.file_name)
    yield from twins
