"""On the phone: a paper is photographed, read at once, and filed or taken again while it is still in the hand.

Works with a file field and no script; the script adds the live picture and keeps photographs on the phone while
there is no network. Asked for as JSON, a photograph is answered with {"shot", "url"} or {"code", "message"}.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from cms import intake as door
from cms.captured import captured, note_captured, undecided
from cms.components.capture import words_json
from cms.intake_steps import Step, remember, undo_last, undoable
from cms.rows.capture import Aim, Shot, page_to_exchange
from cms.rows.sheets import Place, item_label
from cms.views.doors import refusals, say, screen
from cms.views.files import deposited, received_words, refusal, status_of
from cms.views.parsing import uuids
from cms.wording import state_name
from dossiers.actions import ledger, mending
from dossiers.exceptions import NotReady
from dossiers.exceptions import Refused as DossierRefused
from dossiers.ledgers import Per
from dossiers.models import DossierPage, Filing, Sheet
from dossiers.permissions import Act, may
from dossiers.sentences import gettext_noop, sentence
from dossiers.standing import ledger_of
from dossiers.states import INSTITUTION_MAY_CHANGE
from foundation import errors
from ingestion.models import Intake

CAMERA_HERE = "camera=(self), microphone=(), geolocation=()"
GONE = gettext_noop("这张照片已经处理过。请继续拍下一页。")


@screen(Act.UPLOAD)
@require_http_methods(["GET", "POST"])
def capture(request: HttpRequest, dossier: DossierPage) -> HttpResponse:
    """Show the camera and the last answer; a POST takes, files, takes back."""
    if request.method == "GET":
        return _drawn(request, dossier)
    if request.POST.get("do") == "take" and request.headers.get("Accept", "").startswith("application/json"):
        return _taken_for_script(request, dossier)
    following = _aim_after(request, dossier)  # asked before a return is settled by the step
    with refusals(request) as refused:
        shot = STEPS.get(request.POST.get("do", ""), _unknown)(request, dossier)
    if refused:
        return _drawn(request, dossier, status=refused.status)
    return redirect(_address(dossier, following, shot))


def _drawn(request: HttpRequest, dossier: DossierPage, status: int = 200) -> HttpResponse:
    shots = captured(request, dossier)
    waiting = undecided(shots)
    aim = _aim(request, dossier)
    named = request.GET.get("shot", "") or request.POST.get("shot", "")
    upload = next((one for one in shots if str(one.uuid) == named), waiting[0] if waiting else None)
    shot = Shot(dossier, upload, aim) if upload in waiting else None
    context = {
        "dossier": dossier,
        "aim": aim,
        "aimed_at": _aim_words(dossier, aim),
        "address": _address(dossier, aim),
        "shot": shot,
        "shot_url": _address(dossier, aim, str(upload.uuid)) if shot and upload else "",
        "count": len(shots),
        "waiting": len(waiting),
        "undo": undoable(request, dossier),
        "can_change": dossier.progress.state in INSTITUTION_MAY_CHANGE,
        "state_name": state_name(dossier.progress.state),
        "may_file": may(request.user, Act.FILE, dossier),
        "words": words_json(),
    }
    response = render(request, "dossiers/capture.html", context, status=status)
    response["Permissions-Policy"] = CAMERA_HERE
    response["Cache-Control"] = "no-store"
    return response


def _taken_for_script(request: HttpRequest, dossier: DossierPage) -> JsonResponse:
    try:
        taken = _take_in(request, dossier)
    except DossierRefused as refused:
        return refusal(422, "refused", "".join(say(reason) for reason in refused.reasons))
    except errors.FoundationError as refused:
        return refusal(status_of(refused), refused.code, refused.text)
    url = _address(dossier, _aim(request, dossier), str(taken.upload.uuid))
    return JsonResponse({"shot": str(taken.upload.uuid), "url": url}, status=201)


# Steps ----------------------------------------------------------------------------------------------------
def _take(request: HttpRequest, dossier: DossierPage) -> str:
    return str(_take_in(request, dossier).upload.uuid)


def _take_in(request: HttpRequest, dossier: DossierPage) -> Intake:
    """Through the one door, to be read before everything else; a photograph that came already is that one."""
    given = request.FILES.get("photo")
    if given is None:
        raise NotReady(sentence("no_photo", gettext_noop("没有收到照片。请重新拍一张。")))
    aim = _aim(request, dossier)
    target = door.target_in(dossier, item_id=aim.item_id, enrolment=aim.enrolment)
    taken = deposited(request, dossier, given, target, is_urgent=True)
    if taken.upload is None:  # a large one: a worker takes it in; it is told of in the tray
        raise NotReady(sentence("taken_later", gettext_noop("照片太大，正在后台收取。请到收件里看。")))
    if taken.is_repeat:
        messages.info(request, received_words(taken))
    note_captured(request, taken.upload)
    return taken


def _file(request: HttpRequest, dossier: DossierPage) -> str:
    """She says what this page is; where it mends a returned page, only that page is exchanged."""
    shot = _shot(request, dossier)
    place = _place(request, shot)
    returned, page = _mended(shot, place) if request.POST.get("replace", "yes") == "yes" else (None, None)
    held = shot.tray
    if returned is not None and page is not None:
        mending.replace_page(returned, page, [shot.sheet], by=request.user)
    else:
        ledger.file_sheets(
            dossier,
            [shot.sheet],
            by=request.user,
            item_id=place.item_id,
            part=place.part,
            enrolment=held.people.get(place.enrolment),
            session=held.sessions.get(place.session),
            replaces=returned,
        )
    remember(request, dossier, Step.of("file", [shot.sheet]))
    told = {"place": place.label(held.ledger, held.people, held.sessions)}
    messages.success(request, gettext("已归入 %(place)s。请拍下一页。") % told)
    return ""


def _retake(request: HttpRequest, dossier: DossierPage) -> str:
    """This photograph goes; the next one takes its place."""
    shot = _shot(request, dossier)
    taken = Intake.objects.filter(upload=shot.upload, is_repeat=False).order_by("-pk").first()
    if taken is not None:
        door.withdraw(taken, by=request.user)
    else:
        ledger.withdraw_upload(shot.upload, by=request.user)
    messages.success(request, gettext("已撤回这张照片。请重新拍。"))
    return ""


def _undo(request: HttpRequest, dossier: DossierPage) -> str:
    """The page filed last comes back into view."""
    uuid = undo_last(request, dossier)
    sheet = dossier.sheets.select_related("upload").filter(uuid__in=uuids([uuid])).first()
    messages.success(request, gettext("已撤销上一页的归件。"))
    return str(sheet.upload.uuid) if sheet else ""


def _unknown(request: HttpRequest, dossier: DossierPage) -> str:
    raise NotReady(sentence("unknown_step", GONE))


STEPS = {"take": _take, "file": _file, "retake": _retake, "undo": _undo}


# What the form carries ------------------------------------------------------------------------------------
def _shot(request: HttpRequest, dossier: DossierPage) -> Shot:
    """The photograph a button stood under, while it still waits for a word."""
    named = request.POST.get("shot", "")
    found = next((one for one in undecided(captured(request, dossier)) if str(one.uuid) == named), None)
    if found is None:
        raise NotReady(sentence("no_such_shot", GONE))
    shot = Shot(dossier, found, _aim(request, dossier))
    if shot.sheet is None or shot.sheet.state != Sheet.State.IN_TRAY:
        raise NotReady(sentence("no_such_shot", GONE))
    return shot


def _place(request: HttpRequest, shot: Shot) -> Place:
    """The place offered that she pressed, with the item, person or sitting she put in its stead."""
    offered = Place.read(request.POST.get("place", ""))
    item_id, _bar, part = request.POST.get("pick", "").partition("|")
    person, session = request.POST.get("enrolment", ""), request.POST.get("session", "")
    if item_id:
        of_trainee = shot.tray.ledger.has(item_id) and shot.tray.ledger.item(item_id).per == Per.TRAINEE
        return Place(item_id, part, person or (offered.enrolment if of_trainee else ""), session)
    if not offered.item_id:
        raise NotReady(
            sentence("no_choice", gettext_noop("还没有选归到哪里。请选一处，或点“换”选别的件与人。"))
        )
    return Place(offered.item_id, offered.part, person or offered.enrolment, session or offered.session)


def _mended(shot: Shot, place: Place) -> tuple[Filing | None, Sheet | None]:
    """The returned paper a page at this place mends, and the one page of it that is exchanged."""
    note = shot.aim.note
    returned = shot.tray.returned_at(place)
    if note and note.filing and note.filing.state == Filing.State.FILED and _is_there(note.filing, place):
        returned = note.filing
    return returned, page_to_exchange(returned, note) if returned else None


def _is_there(filing: Filing, place: Place) -> bool:
    owner = str(filing.enrolment.uuid) if filing.enrolment else ""
    agrees = not filing.part or not place.part or filing.part == place.part
    return (filing.item_id, owner) == (place.item_id, place.enrolment) and agrees


def _aim(request: HttpRequest, dossier: DossierPage) -> Aim:
    """What she came to photograph; what this class does not have is left out."""
    asked = request.GET if request.method == "GET" else request.POST
    notes = dossier.returns.filter(uuid__in=uuids([asked.get("note", "")]), settled_at=None)
    note = notes.select_related("record", "filing__enrolment", "filing__session").first()
    if note is not None:
        whose = note.filing.enrolment if note.filing else None
        return Aim(note.record.item_id, str(whose.uuid) if whose else "", note)
    item_id = asked.get("item", "")
    person = dossier.enrolments.filter(uuid__in=uuids([asked.get("for", "")]), withdrawn_on=None).first()
    known = item_id if ledger_of(dossier).has(item_id) else ""
    return Aim(known, str(person.uuid) if person else "")


def _aim_after(request: HttpRequest, dossier: DossierPage) -> Aim:
    """A person's paper and a returned page are done once filed; a whole item goes on."""
    aim = _aim(request, dossier)
    if request.POST.get("do") != "file":
        return aim
    return Aim(aim.item_id) if aim.item_id and not aim.enrolment and not aim.note else Aim()


def _aim_words(dossier: DossierPage, aim: Aim) -> str:
    """“补 8 劳动合同 · 赵立新”, for the line above the picture."""
    words = []
    if aim.item_id:
        words.append(item_label(ledger_of(dossier).item(aim.item_id)))
    if aim.enrolment:
        words.append(dossier.enrolments.get(uuid=aim.enrolment).name)
    return " · ".join(words)


def _address(dossier: DossierPage, aim: Aim, shot: str = "") -> str:
    query = aim.query | ({"shot": shot} if shot else {})
    return dossier.screen("capture") + (f"?{urlencode(query)}" if query else "")
