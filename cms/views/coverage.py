"""Recordings beside their sessions: which session one is filed for, when it began by the wall clock, and back again."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from cms.intake_steps import Step, remember, undo_last, undoable
from cms.rows.alignment import Alignment
from cms.views.doors import refusals, screen
from cms.views.header import dossier_context
from cms.views.tray_papers import moved_step
from dossiers.actions import ledger, moving, papers, recordings
from dossiers.actions.recordings import Basis, ClockReading
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Filing, RecordingClock, Session, Sheet, Upload
from dossiers.permissions import Act, visible_uploads
from dossiers.sentences import gettext_noop, sentence
from media_processing.filing import ITEM, KIND, PART

BY_EYE = 1.0  # seconds: how exactly a person reads a clock in a picture
LEAST_APART = 60.0  # seconds between two readings that tell a rate


@screen(Act.FILE)
@require_POST
def file_recording(request: HttpRequest, dossier: DossierPage, name: UUID) -> HttpResponse:
    """File a recording for a session, move it to another, or put it back among those of no session."""
    upload = _recording(request, dossier, name)
    with refusals(request) as refused:
        wanted = request.POST.get("session", "")
        session = _session(dossier, wanted) if wanted else None
        sheet = upload.sheets.get(number=1)
        if session is None:
            _take_out(request, dossier, sheet)
        else:
            _file_for(request, dossier, sheet, session)
            messages.success(
                request, gettext("已归到 %(session)s。按“撤销上一步”可退回。") % {"session": session}
            )
    anchor = f"#sitting-{session.uuid}" if not refused and session is not None else ""
    return redirect(dossier.screen("sessions") + anchor)


@screen(Act.FILE)
@require_POST
def undo_recording_step(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Take back the last step: a filing, a move, an alignment."""
    with refusals(request) as refused:
        undo_last(request, dossier)
    if not refused:
        messages.success(request, gettext("已撤销上一步。"))
    return redirect(dossier.screen("sessions"))


@screen(Act.FILE)
def align(request: HttpRequest, dossier: DossierPage, name: UUID) -> HttpResponse:
    """When a recording began: dragged along the timetable, typed from the clock in the picture, or as a machine read it."""
    upload = _recording(request, dossier, name)
    status = 200
    if request.method == "POST":
        with refusals(request) as refused:
            made = recordings.align(upload, _stated(request, upload), by=request.user)
            remember(request, dossier, Step("align", (), (), {"upload": str(upload.uuid)}))
            begins = timezone.localtime(made.begins_at)
            messages.success(
                request, gettext("已记下：录像从 %(begins)s 起。") % {"begins": f"{begins:%Y-%m-%d %H:%M:%S}"}
            )
            return redirect(dossier.screen("align", upload.uuid))
        status = refused.status
    context = dossier_context(request, dossier, "sessions") | {
        "page": Alignment(dossier, request.user, upload),
        "typed": request.POST if status != 200 else {},
        "may_undo": undoable(request, dossier),
        "undo_url": dossier.screen("undo-recording-step"),
        "back_url": dossier.screen("sessions"),
    }
    return render(request, "dossiers/align.html", context, status=status)


def _recording(request: HttpRequest, dossier: DossierPage, name: UUID) -> Upload:
    found = (
        visible_uploads(request.user)
        .filter(dossier=dossier, uuid=name, medium=Upload.Medium.RECORDING, withdrawn_at=None)
        .select_related("blob")
        .first()
    )
    if found is None:
        raise Http404
    found.dossier = dossier
    return found


def _session(dossier: DossierPage, named: str) -> Session:
    try:
        found = dossier.sessions.filter(uuid=UUID(named), kind=Session.Kind.THEORY).first()
    except ValueError:
        found = None
    if found is None:
        raise NotReady(
            sentence("session_gone", gettext_noop("所选课次已不在课程里，没有归件。请刷新后再选。"))
        )
    return found


def _file_for(request: HttpRequest, dossier: DossierPage, sheet: Sheet, session: Session) -> None:
    filing = _filed(sheet)
    if filing is None:
        lay = papers.as_they_lie([sheet])
        ledger.file_sheets(
            dossier, [sheet], by=request.user, item_id=ITEM, part=PART, session=session, kind=KIND
        )
        remember(request, dossier, Step.of("file", [sheet], lay))
        return
    step = moved_step(filing)
    moving.move(filing, by=request.user, item_id=ITEM, part=PART, session=session)
    remember(request, dossier, step)


def _take_out(request: HttpRequest, dossier: DossierPage, sheet: Sheet) -> None:
    filing = _filed(sheet)
    if filing is None:
        raise NotReady(sentence("not_filed", gettext_noop("这段录像还没有归到课次，没有可退回的。")))
    step = moved_step(filing)
    ledger.unfile(filing, by=request.user)
    remember(request, dossier, step)
    messages.success(request, gettext("已退回收件，去处留作建议。"))


def _filed(sheet: Sheet) -> Filing | None:
    return Filing.objects.filter(places__sheet=sheet, state=Filing.State.FILED).first()


def _stated(request: HttpRequest, upload: Upload) -> ClockReading:
    """What the form says: the moment dragged to, a machine's reading taken over, or times read from the picture."""
    told = request.POST
    in_force = upload.clocks.filter(superseded_at=None).first()
    rate = in_force.rate if in_force is not None else 1.0
    if told.get("do") == "use":
        read = RecordingClock.objects.filter(
            upload=upload, pk=_whole(told.get("clock", "")), made_by=None
        ).first()
        if read is None:
            raise Http404
        return ClockReading(read.begins_at, Basis(read.basis), read.within_seconds, read.rate)
    if told.get("do") == "dragged":
        return ClockReading(_moment(told.get("begins", "")), Basis.ALIGNED, BY_EYE, rate)
    shown, second = _shown(told, ""), _second(told.get("second", ""), upload)
    if told.get("second_2", "").strip():
        later, at = _shown(told, "_2"), _second(told["second_2"], upload)
        if abs(at - second) < LEAST_APART:
            raise NotReady(
                sentence(
                    "readings_too_near",
                    gettext_noop("两处相隔不到 1 分钟，看不出快慢，没有记下。请选相隔远些的两处。"),
                )
            )
        rate = (later - shown).total_seconds() / (at - second)
    return ClockReading(shown - timedelta(seconds=second * rate), Basis.ALIGNED, BY_EYE, rate)


def _shown(told, which: str) -> datetime:
    return _moment(f"{told.get('shown_on', '')}T{told.get(f'shown_at{which}', '').strip()}")


def _moment(text: str) -> datetime:
    try:
        day, _, clock = text.strip().partition("T")
        return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.fromisoformat(clock)))
    except ValueError as unread:
        raise NotReady(
            sentence(
                "moment_unread", gettext_noop("画面上的时间读不出，没有记下。请写成 09:23:16，并选日期。")
            )
        ) from unread


def _second(text: str, upload: Upload) -> float:
    """00:55:36, 55:36 or 3336 as seconds of the recording."""
    parts = text.strip().replace("：", ":").split(":")
    try:
        seconds = sum(float(part) * 60**power for power, part in enumerate(reversed(parts)))
    except ValueError:
        seconds = -1.0
    if len(parts) > 3 or not 0 <= seconds <= (upload.duration_seconds or 0) + 1:
        raise NotReady(
            sentence(
                "second_unread",
                gettext_noop("录像里的位置读不出，或超出了录像，没有记下。请写成 00:55:36。"),
            )
        )
    return seconds


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
