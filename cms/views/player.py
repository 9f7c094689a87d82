"""录像: the player of one recording, its storyboard, the faces of a stretch, and what people say of them.

/recordings/<uuid>/             ?t=SECONDS or &at=HH:MM:SS; who=trainee, p=page of trainees, only=doubtful, q=words, z=zoom
/recordings/<uuid>/storyboard/  a page of small pictures
/recordings/<uuid>/faces/       ?from=SECONDS: faces of ten minutes, for the script
/recordings/<uuid>/say/         one step: a word on faces, on a lesson, a frame kept, or undo
"""

import math
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from cms import player_steps
from cms.rows.player import ZOOMS, PlayerPage
from cms.rows.player_data import faces, payload
from cms.rows.player_evidence import EvidencePanel
from cms.rows.player_slides import slide_hits
from cms.rows.player_time import carried
from cms.views.doors import refusals, screen, site_view
from cms.views.header import dossier_context
from cms.views.parsing import uuids, whole_number
from dossiers.actions import attendance, presence
from dossiers.actions.presence import Followed, look_at_faces, may_speak_in
from dossiers.exceptions import NotReady, Overtaken
from dossiers.models import AttendanceWord, DossierPage, Enrolment, KeptFrame, PresenceWord, Upload
from dossiers.permissions import Act, may, visible_dossiers, visible_uploads
from dossiers.sentences import gettext_noop, sentence
from foundation.blobs import store
from foundation.serving import range_response
from media_processing.models import FaceTrack, storyboard_page

LONGEST_QUESTION = 60
KEPT = ("p", "only", "q", "z")
MOST_TRACKS = 500  # one trainee's stretches of a day


@require_safe
@site_view(Act.SEE)
def open_recording(request: HttpRequest, name: UUID) -> HttpResponse:
    """To the recording's page beneath its dossier, at the second asked for."""
    upload = visible_uploads(request.user).filter(uuid=name, medium=Upload.Medium.RECORDING).first()
    dossier = visible_dossiers(request.user).filter(pk=upload.dossier_id).first() if upload else None
    if upload is None or dossier is None:
        raise Http404
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(dossier.screen("player", upload.uuid) + query)


@require_safe
@screen(Act.SEE)
def player(request: HttpRequest, dossier: DossierPage, name: UUID) -> HttpResponse:
    """The page at one second; opening one that tells people by their faces is written down."""
    upload = _recording(request, dossier, name)
    return _player(request, dossier, upload, request.GET)


@require_safe
@screen(Act.SEE)
def player_board(request: HttpRequest, dossier: DossierPage, name: UUID, number: int) -> HttpResponseBase:
    """A page of the storyboard."""
    upload = _recording(request, dossier, name)
    derivative = storyboard_page(number)
    if not store().has_derivative(upload.blob.sha256, derivative):
        raise Http404
    return range_response(
        request, upload.blob.sha256, media_type="image/jpeg", file_name=derivative, derivative=derivative
    )


@require_safe
@screen(Act.SEE)
def player_faces(request: HttpRequest, dossier: DossierPage, name: UUID) -> HttpResponse:
    """Faces of one window, with the names this person may see."""
    upload = _recording(request, dossier, name)
    shown = PlayerPage(dossier, request.user, upload)
    if shown.tells_people:
        look_at_faces(request.user, upload)
    answer = JsonResponse(faces(shown, max(_seconds(request.GET.get("from", "")) or 0.0, 0.0)))
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@screen(Act.SEE)
def player_say(request: HttpRequest, dossier: DossierPage, name: UUID) -> HttpResponse:
    """One step of a person; the page afterwards, at the same second."""
    upload = _recording(request, dossier, name)
    step = STEPS.get(request.POST.get("step", ""), _unknown)
    with refusals(request) as refused:
        messages.success(request, step(request, dossier, upload))
    if refused:
        return _player(request, dossier, upload, request.POST, status=refused.status)
    kept = {key: request.POST[key] for key in ("t", "who", *KEPT) if request.POST.get(key)}
    return redirect(f"{dossier.screen('player', upload.uuid)}?{urlencode(kept)}")


def _recording(request: HttpRequest, dossier: DossierPage, name: UUID) -> Upload:
    found = visible_uploads(request.user).filter(
        dossier=dossier, uuid=name, medium=Upload.Medium.RECORDING, withdrawn_at=None
    )
    upload = found.select_related("blob").first()
    if upload is None:
        raise Http404
    upload.dossier = dossier
    return upload


def _player(
    request: HttpRequest, dossier: DossierPage, upload: Upload, asked: QueryDict, status: int = 200
) -> HttpResponse:
    shown = PlayerPage(
        dossier,
        request.user,
        upload,
        page=whole_number(asked.get("p", ""), 1),
        only_doubtful=asked.get("only") == "doubtful",
        zoom=_zoom(asked),
    )
    if shown.tells_people:
        look_at_faces(request.user, upload)
    at = shown.centre = _moment(shown, asked)
    panel = EvidencePanel(shown, at, next(iter(uuids([asked.get("who", "")])), None))
    question = asked.get("q", "").replace("\0", "").strip()[:LONGEST_QUESTION]
    context = dossier_context(request, dossier, "sessions") | {
        "player": shown,
        "panel": panel,
        "at": at,
        "hits": slide_hits(shown.axis, shown.slides, question),
        "payload": payload(shown, at),
        "undoable": player_steps.undoable(request, upload),
        "may_speak": may(request.user, Act.NAME_FACES, dossier)
        and dossier.progress.state in may_speak_in(request.user),
        "page_url": dossier.screen("player", upload.uuid),
        "say_url": dossier.screen("player-say", upload.uuid),
        "kept": [(key, asked[key]) for key in KEPT if asked.get(key)],
        "links": _links(shown, asked, at),
    }
    return render(request, "dossiers/player.html", context, status=status)


def _links(shown: PlayerPage, asked: QueryDict, at: float) -> dict[str, str]:
    """Where else the lanes may lead, at the same second and with the same trainee; empty where nowhere."""
    place = ZOOMS.index(shown.zoom)

    def link(**changes: object) -> str:
        kept = {key: asked[key] for key in (*KEPT, "who") if asked.get(key)}
        wanted = {"t": carried(at)} | kept | {key: str(value) for key, value in changes.items()}
        return "?" + urlencode({key: value for key, value in wanted.items() if value})

    return {
        "here": link(),
        "before": link(p=shown.page_no - 1) if shown.page_no > 1 else "",
        "after": link(p=shown.page_no + 1) if shown.page_no < shown.pages else "",
        "doubtful": link(only="doubtful", p="") if not shown.only_doubtful and shown.doubtful else "",
        "everybody": link(only="", p="") if shown.only_doubtful else "",
        "closer": link(z=ZOOMS[place + 1]) if place + 1 < len(ZOOMS) else "",
        "further": link(z=ZOOMS[place - 1]) if place else "",
    }


def _zoom(asked: QueryDict) -> int:
    asked_for = whole_number(asked.get("z", ""), 1)
    return asked_for if asked_for in ZOOMS else 1


def _moment(shown: PlayerPage, asked: QueryDict) -> float:
    """The second asked for, by the recording or by the wall clock, within the recording."""
    wall = asked.get("at", "")
    found = shown.whole.second_of(wall) if wall else _seconds(asked.get("t", ""))
    return min(max(found or 0.0, 0.0), shown.duration)


def _seconds(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


# Steps ----------------------------------------------------------------------------------------------


def _settle(request: HttpRequest, dossier: DossierPage, upload: Upload) -> str:
    """The lesson that stood before her is settled, with what she looked at as the reason unless she writes another."""
    enrolment = _enrolment(request, dossier)
    session_name, _colon, lesson = request.POST.get("cell", "").partition(":")
    session = dossier.sessions.filter(uuid__in=uuids([session_name])).first()
    if session is None:
        raise NotReady(
            sentence("no_lesson_here", gettext_noop("这一刻不在任何一节课里，没有记下。请先给录像对时。"))
        )
    says = request.POST["step"]
    shown = PlayerPage(dossier, request.user, upload)
    stamp = shown.axis.stamp(_moment(shown, request.POST))
    reason = request.POST.get("reason", "").strip() or gettext("看录像 %(at)s") % {"at": stamp}
    words = attendance.settle(
        dossier, enrolment, session, [whole_number(lesson)], says, reason, by=request.user
    )
    player_steps.remember(request, upload, player_steps.CELLS, [str(one.pk) for one in words])
    return gettext("已认定：%(who)s第 %(number)s 课时%(says)s。按 Ctrl Z 可撤销。") % {
        "who": enrolment.name,
        "number": lesson,
        "says": AttendanceWord.Says(says).label,
    }


def _say(request: HttpRequest, dossier: DossierPage, upload: Upload) -> str:
    """A word on the faces whose tracks the form carries."""
    verdict = request.POST["step"]
    enrolment = None if verdict == PresenceWord.Verdict.NOBODY else _enrolment(request, dossier)
    words = presence.say_of_faces(
        upload, _followed(request, upload), verdict, by=request.user, enrolment=enrolment
    )
    player_steps.remember(request, upload, player_steps.WORDS, [str(one.uuid) for one in words])
    told = ngettext("已记下 %(count)s 段：%(what)s。", "已记下 %(count)s 段：%(what)s。", len(words))
    what = PresenceWord.Verdict(verdict).label
    return told % {"count": len(words), "what": f"{what} {enrolment.name}" if enrolment else what}


def _followed(request: HttpRequest, upload: Upload) -> list[Followed]:
    """The faces named by the form, as the evidence has them now; refused when it was computed anew meanwhile."""
    wanted = uuids(" ".join(request.POST.getlist("tracks")).split())[:MOST_TRACKS]
    rows = FaceTrack.objects.filter(upload=upload, uuid__in=wanted)
    found = [
        Followed(uuid, ((start, end),), tuple(sightings[0][1:5]) if sightings else ())
        for uuid, start, end, sightings in rows.values_list("uuid", "start", "end", "sightings")
    ]
    if len(found) != len(set(wanted)):
        raise Overtaken(
            sentence(
                "faces_computed_anew",
                gettext_noop("这段录像刚重新认过人，您的这一步没有记下。已换成最新的样子，请再看一眼。"),
            )
        )
    return found


def _keep(request: HttpRequest, dossier: DossierPage, upload: Upload) -> str:
    shown = PlayerPage(dossier, request.user, upload)
    at = _moment(shown, request.POST)
    enrolment = _enrolment(request, dossier) if request.POST.get("who") else None
    frame = presence.keep_frame(
        upload, at, by=request.user, enrolment=enrolment, remark=request.POST.get("remark", "")
    )
    player_steps.remember(request, upload, player_steps.KEPT_FRAME, [str(frame.uuid)])
    return gettext("已取 %(at)s 的依据帧。") % {"at": shown.axis.stamp(at)}


def _drop(request: HttpRequest, dossier: DossierPage, upload: Upload) -> str:
    named = uuids([request.POST.get("frame", "")])
    frame = KeptFrame.objects.filter(upload=upload, uuid__in=named).select_related("upload").first()
    if frame is None:
        raise Overtaken(sentence("frame_gone", gettext_noop("这一依据帧已经不在了。请刷新后再看。")))
    frame.upload = upload
    presence.drop_frame(frame, by=request.user)
    player_steps.remember(request, upload, player_steps.DROPPED_FRAME, [str(frame.uuid)])
    return gettext("已去掉这一依据帧。按 Ctrl Z 可取回。")


def _undo(request: HttpRequest, dossier: DossierPage, upload: Upload) -> str:
    player_steps.undo_last(request, dossier, upload)
    return gettext("已撤销上一步。")


def _unknown(request: HttpRequest, dossier: DossierPage, upload: Upload) -> str:
    raise NotReady(sentence("nothing_said", gettext_noop("没有选做什么，没有记下。请刷新后再试。")))


def _enrolment(request: HttpRequest, dossier: DossierPage) -> Enrolment:
    named = uuids([request.POST.get("named") or request.POST.get("who", "")])
    found = dossier.enrolments.filter(uuid__in=named).first()
    if found is None:
        raise NotReady(sentence("nobody_chosen", gettext_noop("还没有选学员，没有记下。请先选是哪一位。")))
    return found


STEPS = {
    "present": _settle,
    "absent": _settle,
    "nothing": _settle,
    "is": _say,
    "is_not": _say,
    "nobody": _say,
    "keep": _keep,
    "drop": _drop,
    "undo": _undo,
}
