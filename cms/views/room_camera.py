"""The camera of a room: tested before the class opens, looked at live, and where its picture shows slides."""

import tempfile
import uuid
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.live_looks import look_now
from cms.looking import look
from cms.rows.camera_tests import test_page
from cms.rows.slide_regions import recordings_of, region_page
from cms.views.doors import refusals, site_view
from cms.views.rooms import drawn, room_kept
from dossiers.actions import rooms
from dossiers.exceptions import NotReady
from dossiers.models import Account, CameraTest, Room, Upload
from dossiers.permissions import Act, acts_of, visible_rooms
from dossiers.sentences import gettext_noop, sentence
from foundation.blobs import store
from foundation.errors import Refused, TooLarge
from foundation.models import Blob, Job
from foundation.serving import range_response
from media_processing import camera_jobs, index_jobs

MOST_CLIP_BYTES = 1024 * 1024 * 1024


@site_view(Act.KEEP_ROOMS)
@require_POST
def test_camera(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Begin a test with an uploaded clip, or with two minutes of the live address."""
    room = room_kept(request.user, name)
    is_live = request.POST.get("from") == "live"
    with refusals(request) as refused:
        blob = None if is_live else _clip(request.FILES.get("clip"))
        with transaction.atomic():
            test = rooms.begin_test(room, blob, by=request.user, is_live=is_live)
            camera_jobs.begin(test)
        return redirect("camera-test", test.uuid)
    return drawn(request, room, status=refused.status)


@site_view(Act.SEE)
@require_safe
def camera_test(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """What a test found; while it works, the page asks for itself."""
    test = _test(request.user, name)
    page = test_page(test, _job(test))
    context = {"page": page, "room": test.room, "may_keep": Act.KEEP_ROOMS in acts_of(request.user)}
    response = render(request, "rooms/camera_test.html", context)
    response["Cache-Control"] = "no-store"
    return response


@site_view(Act.SEE)
@require_safe
def camera_still(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """The picture of a test that shows most faces."""
    test = _test(request.user, name)
    if test.blob is None or not store().has_derivative(test.blob.sha256, camera_jobs.STILL):
        raise Http404
    return range_response(
        request,
        test.blob.sha256,
        media_type="image/jpeg",
        file_name=f"{test.room.name}.jpg",
        derivative=camera_jobs.STILL,
    )


@site_view(Act.KEEP_ROOMS)
@require_POST
def look_at_room(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Whether the live address answers now: one still for the room's own people, which is not kept.

    The bureau looks during lessons alone, from the screen of the class (cms.views.supervision).
    """
    room = room_kept(request.user, name)
    seen = look_now(room)
    if "HX-Request" in request.headers:
        return render(request, "rooms/live_look.html", {"look": seen, "room": room})
    return drawn(request, room, look=seen)


@site_view(Act.KEEP_ROOMS)
@require_http_methods(["GET", "POST"])
def slide_region(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Draw where slides are shown, on a still of a test or of a recording."""
    room = room_kept(request.user, name)
    if request.method != "POST":
        return _region(request, room)
    with refusals(request) as refused:
        rooms.draw_slide_region(room, _drawn_region(request), by=request.user)
        messages.success(request, gettext("幻灯区域已记下，以后的录像都照此找幻灯。"))
        return redirect("slide-region", room.uuid)
    return _region(request, room, status=refused.status)


@site_view(Act.KEEP_ROOMS)
@require_POST
def index_slides_again(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Have the slides of the room's recordings found again with the region as it is now drawn."""
    room = room_kept(request.user, name)
    again = [index_jobs.index_slides_again(upload) for upload in recordings_of(room, request.user)]
    count = sum(job is not None for job in again)
    messages.success(request, gettext("%(count)s 段录像已排队重新找幻灯。") % {"count": count})
    return redirect("slide-region", room.uuid)


def _region(request: HttpRequest, room: Room, status: int = 200) -> HttpResponse:
    page = region_page(room, request.user, source=request.GET.get("of", ""))
    return render(request, "rooms/slide_region.html", {"page": page, "room": room}, status=status)


def _drawn_region(request: HttpRequest) -> list[float] | None:
    """Four numbers in hundredths of the picture; none where the region is taken away."""
    if request.POST.get("do") == "forget":
        return None
    try:
        return [float(request.POST.get(edge, "")) / 100 for edge in ("left", "top", "width", "height")]
    except ValueError:
        raise NotReady(
            sentence("region_numbers", gettext_noop("左、上、宽、高要写 0 到 100 的数，没有记下。请补全。"))
        ) from None


def _clip(given: UploadedFile | None) -> Blob:
    """Keep an uploaded clip, once its content is known to be a recording."""
    if given is None:
        raise NotReady(sentence("no_clip", gettext_noop("还没有选录像。请选一段两分钟左右的录像。")))
    if given.size is not None and given.size > MOST_CLIP_BYTES:
        raise TooLarge(size=given.size, limit=MOST_CLIP_BYTES)
    with tempfile.NamedTemporaryFile(prefix="juanzong-clip-") as kept:
        for piece in given.chunks():
            kept.write(piece)
        kept.flush()
        seen = look(Path(kept.name), file_name=given.name or "")
        if seen.medium != Upload.Medium.RECORDING:
            raise Refused("kind_not_wanted", file_name=given.name or "", media_type=seen.media_type)
        return store().put_file(Path(kept.name), media_type=seen.media_type)


def _test(account: Account, name: uuid.UUID) -> CameraTest:
    found = (
        CameraTest.objects.filter(uuid=name, room__in=visible_rooms(account))
        .select_related("room__institution", "blob", "made_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _job(test: CameraTest) -> Job | None:
    if test.state != CameraTest.State.WAITING:
        return None
    jobs = Job.objects.filter(kind=camera_jobs.TEST, subject=str(test.room.uuid)).order_by("-pk")
    return next((job for job in jobs if job.arguments.get("test") == str(test.uuid)), None)
