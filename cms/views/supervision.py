"""远程视频监控: the lessons of today into which the bureau may look, and one class's log of look-ins.

The screen beneath a class has a door of its own: while lessons are given the bureau may look in before anything is
handed in, and sees of the class nothing but its number, its timetable, the live picture and this log.
"""

import tempfile
import uuid
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path

from csp.decorators import csp_update
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from cms import pictures
from cms.live_looks import LiveLook, look_now, opened
from cms.rows import supervision as rows
from cms.views.doors import as_404, refusals, site_view
from cms.views.header import dossier_context
from dossiers.actions.supervision import LONGEST_SEEN, MOST_HEADS, Look, look_in
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, LookIn, Room, Session, Upload
from dossiers.permissions import Act, dossiers_with_open_log, may_supervise, visible_uploads
from dossiers.sentences import gettext_noop, sentence
from foundation.blobs import store
from foundation.errors import SandboxError
from foundation.models import Blob
from media_processing import ffmpeg

Way = LookIn.Way


class LookForm(forms.Form):
    """What is written down of a look."""

    way = forms.ChoiceField(
        label=_("怎样看的"),
        choices=Way.choices,
        initial=Way.LIVE,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    session = forms.CharField(required=False)
    looked_at = forms.DateTimeField(
        label=_("时间"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    heads = forms.IntegerField(
        label=_("见到人数"), required=False, min_value=0, max_value=MOST_HEADS, help_text=_("没有数就留空")
    )
    seen = forms.CharField(
        label=_("所见"), max_length=LONGEST_SEEN, widget=forms.Textarea(attrs={"rows": 3, "data-key": "f"})
    )
    is_problem = forms.BooleanField(label=_("有问题"), required=False)
    recording = forms.CharField(required=False)
    second = forms.CharField(
        label=_("录像的时刻"), required=False, help_text=_("时:分:秒，例如 0:12:30"), max_length=10
    )


def supervised(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The door of this screen: log-in first, then 404 unless this person may read the class's log of look-ins."""

    @login_required
    @wraps(view)
    def entered(request: HttpRequest, page: DossierPage, *args, **kwargs) -> HttpResponse:
        dossier = dossiers_with_open_log(request.user).filter(pk=page.pk).first()
        if dossier is None:
            raise Http404
        request.dossier = dossier
        with as_404():
            return view(request, dossier, *args, **kwargs)

    entered.act = Act.SUPERVISE
    return entered


@site_view(Act.SUPERVISE)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The theory lessons of a day, in the whole scope; those that are given now stand out."""
    day = _day(request.GET.get("day", ""))
    found = rows.lessons_of(request.user, day)
    context = {
        "rows": found,
        "day": day,
        "is_today": day == timezone.localdate(),
        "now": sum(row.is_now for row in found),
    }
    return render(request, "rooms/supervision_today.html", context)


@supervised
@require_safe
def supervision(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """The log, and for the bureau the live picture and a form for one more entry."""
    return _drawn(request, dossier)


@supervised
@require_POST
def add_look_in(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Look now (nothing is kept), or write down what was seen."""
    if not may_supervise(request.user, dossier):
        raise Http404
    if request.POST.get("do") in ("look", "room"):
        return _look(request, dossier)
    form = LookForm(request.POST)
    if not form.is_valid():
        return _drawn(request, dossier, form=form, status=422)
    with refusals(request) as refused:
        look_in(dossier, _of_form(request, dossier, form), by=request.user)
        return redirect(f"{dossier.screen('supervision')}#look-ins")
    return _drawn(request, dossier, form=form, status=refused.status)


@site_view(Act.SEE)
@require_safe
def look_in_still(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """The still of an entry, for whoever may read the log."""
    entry = LookIn.objects.filter(uuid=name).exclude(still=None).select_related("still").first()
    if entry is None or not dossiers_with_open_log(request.user).filter(pk=entry.dossier_id).exists():
        raise Http404
    return pictures.shown(
        request, entry.still, file_name=f"{timezone.localtime(entry.looked_at):%Y%m%d-%H%M}.jpg"
    )


def _look(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Ask the camera of the lesson's room, or only turn to that room; the answer can be written down.

    404 while the lesson is not given: the room is then somebody else's.
    """
    session = _session(dossier, request.POST.get("session", ""))
    live = rows.live_room(dossier, session, timezone.now())
    wants_look = request.POST["do"] == "look"
    if wants_look and live is None:
        raise Http404
    look = look_now(live.room) if wants_look and live else None
    if "HX-Request" in request.headers:
        return render(request, "rooms/supervision_look.html", {"look": look, "live": live})
    form = LookForm(request.POST)
    form.errors.clear()  # she has not written it down yet
    return _drawn(request, dossier, form=form, look=look)


def _of_form(request: HttpRequest, dossier: DossierPage, form: LookForm) -> Look:
    given = form.cleaned_data
    session = _session(dossier, given["session"])
    room = rows.room_of(dossier, session)
    corrects = dossier.look_ins.filter(uuid=_uuid(request.POST.get("corrects", ""))).first()
    still, at = _still(request, dossier, given, room)
    return Look(
        way=given["way"],
        looked_at=at or given["looked_at"],
        seen=given["seen"],
        session=session,
        room=room,
        heads=given["heads"],
        is_problem=given["is_problem"],
        still=still,
        corrects=corrects,
    )


def _still(
    request: HttpRequest, dossier: DossierPage, given: dict, room: Room | None
) -> tuple[Blob | None, datetime | None]:
    """The picture to keep, and when it was taken where the picture itself tells."""
    chosen = request.FILES.get("still")
    if chosen is not None:
        return pictures.take_picture(chosen), None
    if given["way"] == Way.LIVE and room is not None and request.POST.get("picture"):
        sealed = opened(room, request.POST["picture"], request.POST.get("seal", ""))
        return pictures.keep_still(sealed.picture), sealed.at
    if given["way"] == Way.RECORDING and given["recording"]:
        return _of_recording(request, dossier, given), None
    return None, None


def _of_recording(request: HttpRequest, dossier: DossierPage, given: dict) -> Blob | None:
    """The frame of a recording at the second she names; only of recordings she may see."""
    upload = (
        visible_uploads(request.user)
        .filter(uuid=_uuid(given["recording"]), dossier=dossier, medium=Upload.Medium.RECORDING)
        .select_related("blob")
        .first()
    )
    if upload is None:
        raise Http404
    second = _seconds(given["second"])
    with (
        store().local_path(upload.blob.sha256) as path,
        tempfile.TemporaryDirectory(prefix="juanzong-still-") as folder,
    ):
        target = Path(folder) / "still.jpg"
        try:
            ffmpeg.still(path, target, at_seconds=second)
        except (ffmpeg.Unreadable, SandboxError):
            raise NotReady(
                sentence(
                    "no_frame_there",
                    gettext_noop("录像在这一刻没有画面，没有记下。请核对时刻，写成 时:分:秒。"),
                )
            ) from None
        return pictures.keep_still(target.read_bytes())


def _drawn(
    request: HttpRequest,
    dossier: DossierPage,
    *,
    form: LookForm | None = None,
    look: LiveLook | None = None,
    status: int = 200,
) -> HttpResponse:
    may_write = may_supervise(request.user, dossier)
    entries = rows.entry_rows(dossier, may_correct=may_write)
    context = dossier_context(request, dossier, "supervision") | {
        "entries": entries,
        "counts": rows.counts_of(dossier, entries),
        "may_write": may_write,
        "today_url": request.user.is_of_bureau,
    }
    response_of = render
    if may_write:
        writing = _writing(request, dossier, form)
        live = writing["live"]
        context |= writing | {"look": look or (_looked_before(request, live.room) if live else None)}
        if live is not None and live.stream:
            response_of = csp_update({"media-src": [live.origin]})(render)
    response = response_of(request, "dossiers/supervision.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _writing(request: HttpRequest, dossier: DossierPage, form: LookForm | None) -> dict:
    """What the form for one more entry needs: lessons, the proposed one, its room, recordings in sight."""
    now = timezone.now()
    sessions = list(dossier.sessions.all())
    asked = _session(dossier, request.POST.get("session") or request.GET.get("session", ""))
    corrects = dossier.look_ins.filter(
        uuid=_uuid(request.POST.get("corrects") or request.GET.get("corrects", ""))
    ).first()
    chosen = asked or (corrects.session if corrects else None) or rows.lesson_at(dossier, sessions, now)
    return {
        "form": form or LookForm(initial=_initial(corrects, now)),
        "choices": rows.choices_of(sessions, chosen, around=timezone.localdate(now)),
        "chosen": chosen,
        "live": rows.live_room(dossier, chosen, now),
        "is_on": chosen is not None and rows.is_on(dossier, chosen, now),
        "corrects": corrects,
        "recordings": visible_uploads(request.user).filter(
            dossier=dossier, medium=Upload.Medium.RECORDING, withdrawn_at=None
        ),
        "asked_recording": request.POST.get("recording") or request.GET.get("recording", ""),
    }


def _looked_before(request: HttpRequest, room: Room) -> LiveLook | None:
    """The picture that came back with a form that was not written down, so that it is not lost."""
    picture, seal = request.POST.get("picture", ""), request.POST.get("seal", "")
    if not picture:
        return None
    try:
        return LiveLook(opened(room, picture, seal).at, picture, seal)
    except NotReady:
        return None


def _initial(corrects: LookIn | None, now: datetime) -> dict:
    if corrects is None:
        return {"looked_at": timezone.localtime(now), "way": Way.LIVE}
    return {
        "looked_at": timezone.localtime(corrects.looked_at),
        "way": corrects.way,
        "heads": corrects.heads,
        "seen": gettext("更正：") + corrects.seen,
        "is_problem": corrects.is_problem,
    }


def _session(dossier: DossierPage, name: str) -> Session | None:
    return dossier.sessions.filter(uuid=_uuid(name)).first()


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def _seconds(text: str) -> float:
    """1:02:03, 02:03 or 123 as seconds; NotReady for anything else."""
    try:
        parts = [float(part) for part in text.strip().split(":")]
    except ValueError:
        parts = []
    if not parts or len(parts) > 3 or min(parts) < 0:
        raise NotReady(
            sentence("no_second", gettext_noop("请写看的是录像的哪一刻，写成 时:分:秒，例如 0:12:30。"))
        )
    return sum(part * 60**place for place, part in enumerate(reversed(parts)))
