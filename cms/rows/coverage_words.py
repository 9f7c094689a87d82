"""Sessions, stretches of time and what is amiss with recordings, in words."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from cms.rows.player_time import lasting
from dossiers.coverage import Clocked, Sitting, Span, apart
from dossiers.models import RecordingClock, Session

TIMES_SHOWN = 2  # stretches named in one finding
UTC_TRAP, NEAR = timedelta(hours=8), timedelta(minutes=30)


def session_words(session: Session) -> str:
    """“10-21 08:30”."""
    return f"{date_format(session.held_on, 'm-d')} {session.starts_at:%H:%M}"


def span_words(span: Span) -> str:
    """“09:34–09:38”; with seconds where they would be the same minute."""
    begins, ends = timezone.localtime(span.begins), timezone.localtime(span.ends)
    shape = "%H:%M" if span.seconds >= 60 else "%H:%M:%S"
    return f"{begins.strftime(shape)}–{ends.strftime(shape)}"


def stretches_words(spans: Sequence[Span]) -> str:
    """“09:34–09:38、10:02–10:04”, the first of many."""
    shown = gettext("、").join(span_words(span) for span in spans[:TIMES_SHOWN])
    more = len(spans) - TIMES_SHOWN
    return gettext("%(times)s 等 %(count)s 处") % {"times": shown, "count": len(spans)} if more > 0 else shown


def shorter_words(seconds: float) -> str:
    """“录像比课短 12 分钟”: whole minutes, cut."""
    minutes = max(1, int(seconds // 60))
    return ngettext("录像比课短 %(count)s 分钟", "录像比课短 %(count)s 分钟", minutes) % {"count": minutes}


def twin_words(class_no: str, seconds: float) -> str:
    """“与 2026-017 班的一段录像相同，40′00″”; without the number where the viewer may not know it."""
    if class_no:
        return gettext("与 %(class_no)s 班的一段录像相同，%(length)s") % {
            "class_no": class_no,
            "length": lasting(seconds),
        }
    return gettext("与另一班次的一段录像相同，%(length)s") % {"length": lasting(seconds)}


def astray_words(sitting: Sitting, recording: Clocked | None, basis: str) -> str:
    """How far a recording's clock is from the session it is filed for; empty where the two meet."""
    off = apart(sitting, recording) if recording is not None else None
    if off is None:
        return ""
    near = abs(abs(off) - UTC_TRAP) <= NEAR
    if near and basis == RecordingClock.Basis.FILE_TIME:
        return gettext("文件内的时间与课次约差 8 小时，疑为世界时与北京时间之差，请对时")
    return gettext("录像时钟与课次差%(off)s，请对时") % {"off": off_words(off)}


def off_words(off: timedelta) -> str:
    """“ 2 天”, “ 5 小时”, “ 40 分钟”: the largest unit, cut."""
    minutes = int(abs(off).total_seconds()) // 60
    if minutes >= 1440:
        return ngettext(" %(count)s 天", " %(count)s 天", minutes // 1440) % {"count": minutes // 1440}
    if minutes >= 60:
        return ngettext(" %(count)s 小时", " %(count)s 小时", minutes // 60) % {"count": minutes // 60}
    return ngettext(" %(count)s 分钟", " %(count)s 分钟", minutes) % {"count": minutes}
