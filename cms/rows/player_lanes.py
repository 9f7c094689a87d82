"""The player's lanes of the lesson: timetable, recording, slides, incidents; bars as SVG takes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cms.rows.player_time import Axis, Seekable, lasting
from dossiers.coverage import Clocked, Coverage, Sitting, Span
from dossiers.models import Session
from media_processing.models import FoundIncident, ShownSlide
from media_processing.tracks import Kind

WIDE_ENOUGH = 0.035  # of the axis: narrower slides carry no words
ROOMY, APART, SIGNED = 0.22, 0.09, 0.02  # of the axis up to the next one: words on a phone, words, sign
INCIDENTS: dict[str, str | Promise] = {
    Kind.BLACK: _("黑屏"),
    Kind.FROZEN: _("静止"),
    Kind.SILENT: _("无声"),
    Kind.REPEATED: _("重复"),
}
BLINDING = frozenset({Kind.BLACK, Kind.FROZEN, Kind.REPEATED})  # no picture of that moment: no verdict
SIGNS = {
    Kind.BLACK: "photo-off",
    Kind.FROZEN: "player-pause",
    Kind.SILENT: "volume-off",
    Kind.REPEATED: "refresh",
}


@dataclass(frozen=True)
class Bar(Seekable):
    """A stretch along a lane; `at` is the second a click leads to, `title` says it in words."""

    x: str
    width: str
    kind: str
    title: str = ""
    text: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class Lane:
    """One row beneath the video."""

    id: str
    label: str | Promise
    bars: tuple[Bar, ...] = ()
    note: str = ""
    note_kind: str = ""


@dataclass(frozen=True)
class IncidentBar:
    """An incident: its bar, sign and words; whether words and sign fit before the next one."""

    bar: Bar
    icon: str
    has_room: bool
    has_sign: bool
    is_roomy: bool
    seconds: tuple[float, float]
    blinds: bool


def timetable_lane(axis: Axis, sittings: Sequence[tuple[Session, Sitting]]) -> Lane:
    """Each lesson by the wall clock; without a clock nothing can be laid down."""
    bars = [
        _lesson_bar(axis, span, number)
        for _session, sitting in sittings
        for number, span in enumerate(sitting.lessons, 1)
    ]
    return Lane("timetable", _("课表"), tuple(bar for bar in bars if bar), _lessons_note(axis, sittings))


def recording_lane(
    axis: Axis,
    duration: float,
    blind: Sequence[tuple[float, float]],
    coverages: Sequence[Coverage],
    *,
    is_looked_over: bool = True,
) -> Lane:
    """The recording from end to end, what of it shows nothing, and what of the lessons was never recorded; what it shows
    is not claimed before it was looked over."""
    bars = [_bar(axis, 0.0, duration, "runs", _stretch(axis, 0.0, duration))]
    bars += [_bar(axis, start, end, "blind", _stretch(axis, start, end)) for start, end in blind]
    for one in coverages:
        bars += [
            _bar(axis, *_seconds(axis, gap), "gap", gettext("没有录像"))
            for gap in one.gaps
            if axis.clock is not None
        ]
    note, kind = _effective(duration, blind, coverages) if is_looked_over else _not_yet(coverages)
    return Lane("recording", _("录像"), tuple(bar for bar in bars if bar), note, kind)


def slides_lane(axis: Axis, slides: Sequence[ShownSlide]) -> Lane:
    """Each slide while it is shown, with its first line where there is room."""
    bars = [_slide_bar(axis, one, number) for number, one in enumerate(slides, 1)]
    count = len(slides)
    note = (
        ngettext("%(count)s 张", "%(count)s 张", count) % {"count": count}
        if count
        else gettext("没有认出幻灯")
    )
    return Lane("slides", _("幻灯"), tuple(bar for bar in bars if bar), note)


def incident_bars(axis: Axis, incidents: Sequence[FoundIncident]) -> list[IncidentBar]:
    """What wants a look, in order."""
    out = []
    for place, one in enumerate(incidents):
        following = incidents[place + 1].start if place + 1 < len(incidents) else axis.end
        bar = _bar(axis, one.start, one.end, one.kind, incident_title(axis, one), at=one.start)
        if bar is None:
            continue
        room = (min(following, axis.end) - one.start) / axis.length
        text = f"{INCIDENTS.get(one.kind, one.kind)} {lasting(one.end - one.start)}"
        out.append(
            IncidentBar(
                Bar(bar.x, bar.width, bar.kind, bar.title, text, bar.at),
                SIGNS.get(one.kind, "alert-triangle"),
                room >= APART,
                room >= SIGNED,
                room >= ROOMY,
                (one.start, one.end),
                one.kind in BLINDING,
            )
        )
    return out


def incidents_note(incidents: Sequence[FoundIncident]) -> str:
    """“3 处，无重复”."""
    count = len(incidents)
    if not count:
        return gettext("没有发现")
    told = ngettext("%(count)s 处", "%(count)s 处", count) % {"count": count}
    again = sum(one.kind == Kind.REPEATED for one in incidents)
    more = (
        ngettext("%(count)s 处重复", "%(count)s 处重复", again) % {"count": again}
        if again
        else gettext("无重复")
    )
    return gettext("%(one)s，%(other)s") % {"one": told, "other": more}


def incident_title(axis: Axis, incident: FoundIncident) -> str:
    """“黑屏 09:34:20–09:38:00，3′40″”; of a repetition also what it repeats."""
    told = f"{INCIDENTS.get(incident.kind, incident.kind)} {_stretch(axis, incident.start, incident.end)}"
    if incident.source_start is None:
        return told
    return gettext("%(what)s，与 %(when)s 起的一段相同") % {
        "what": told,
        "when": axis.stamp(incident.source_start),
    }


def blind_stretches(incidents: Iterable[FoundIncident]) -> tuple[tuple[float, float], ...]:
    """Where the picture showed nothing: black or frozen."""
    return tuple((one.start, one.end) for one in incidents if one.kind in (Kind.BLACK, Kind.FROZEN))


def clocked(key: object, begins, rate: float, length: float, blind: Iterable[tuple[float, float]]) -> Clocked:
    return Clocked(key=key, begins=begins, length=length, rate=rate or 1.0, blind=tuple(blind))


def _lesson_bar(axis: Axis, span: Span, number: int) -> Bar | None:
    if axis.clock is None:
        return None
    start, end = _seconds(axis, span)
    text = gettext("第 %(number)s 课时") % {"number": number}
    return _bar(
        axis, start, end, "lesson", f"{text} {_stretch(axis, start, end)}", text=text, at=max(start, 0.0)
    )


def _lessons_note(axis: Axis, sittings: Sequence[tuple[Session, Sitting]]) -> str:
    if axis.clock is None:
        return gettext("还没有对上时钟")
    spans = [span for _session, sitting in sittings for span in sitting.lessons]
    if not spans:
        return gettext("不在任何一节课里")
    minutes = round(spans[0].seconds / 60)
    return gettext("%(count)s × %(minutes)s 分钟") % {"count": len(spans), "minutes": minutes}


def _effective(
    duration: float, blind: Sequence[tuple[float, float]], coverages: Sequence[Coverage]
) -> tuple[str, str]:
    """The share that shows something, cut and never rounded up: of the lessons where they are known."""
    if coverages:
        whole = sum(one.sitting.seconds for one in coverages)
        seen = sum(one.seconds_seen for one in coverages)
    else:
        whole, seen = duration, duration - sum(end - start for start, end in blind)
    if whole <= 0:
        return "", ""
    permille, missing = int(seen * 1000 // whole), whole - seen
    share = f"{permille // 10}.{permille % 10}"
    if missing < 1:
        return gettext("有效 %(share)s %%") % {"share": share}, ""
    return (
        gettext("有效 %(share)s %%，缺 %(missing)s") % {"share": share, "missing": lasting(missing)},
        "warn",
    )


def _not_yet(coverages: Sequence[Coverage]) -> tuple[str, str]:
    """Only what was never recorded is known."""
    missing = sum(one.sitting.seconds - one.seconds_seen for one in coverages)
    if missing < 1:
        return gettext("有效多少，索引后才知道"), ""
    return gettext("缺 %(missing)s，其余索引后才知道") % {"missing": lasting(missing)}, "warn"


def _slide_bar(axis: Axis, slide: ShownSlide, number: int) -> Bar | None:
    first = slide.text.strip().split("\n", 1)[0].strip()
    name = first or gettext("第 %(number)s 张") % {"number": number}
    has_room = (slide.end - slide.start) / axis.length >= WIDE_ENOUGH
    return _bar(
        axis,
        slide.start,
        slide.end,
        "slide",
        f"{axis.stamp(slide.start)} {name}",
        text=first[:24] if has_room else "",
        at=slide.start,
    )


def _bar(
    axis: Axis,
    start: float,
    end: float,
    kind: str,
    title: str = "",
    *,
    text: str = "",
    at: float | None = None,
) -> Bar | None:
    """None where nothing of it is on the axis."""
    inside = axis.cut(start, end)
    if inside is None:
        return None
    return Bar(axis.left(inside[0]), axis.wide(*inside), kind, title, text, start if at is None else at)


def bars(axis: Axis, stretches: Iterable[tuple[float, float]], kind: str, word: str = "") -> tuple[Bar, ...]:
    """Stretches of one kind as bars, each told in words and times."""
    made = (
        _bar(axis, start, end, kind, f"{word} {_stretch(axis, start, end)}".strip())
        for start, end in stretches
    )
    return tuple(bar for bar in made if bar)


def _stretch(axis: Axis, start: float, end: float) -> str:
    return gettext("%(start)s–%(end)s，%(length)s") % {
        "start": axis.stamp(start),
        "end": axis.stamp(end),
        "length": lasting(end - start),
    }


def _seconds(axis: Axis, span: Span) -> tuple[float, float]:
    """A stretch of wall-clock time in seconds of the recording; only where there is a clock."""
    start, end = axis.second(span.begins), axis.second(span.ends)
    return (0.0, 0.0) if start is None or end is None else (start, end)
