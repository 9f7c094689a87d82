"""教室与设备: the rooms of a training body, what stands in them, and their photographs."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from cms import pictures
from cms.rows import rooms as rows
from cms.views.doors import refusals, site_view
from dossiers.actions import rooms
from dossiers.actions.rooms import PARAMETERS, RoomFacts
from dossiers.exceptions import NotReady
from dossiers.models import Account, Room, RoomPhoto
from dossiers.permissions import Act, acts_of, keepable_rooms, visible_rooms
from dossiers.sentences import gettext_noop, sentence
from foundation import wording
from foundation.serving import range_response
from media_processing import live
from media_processing.camera_jobs import live_rules


class RoomForm(forms.Form):
    """What a body states of a room. The live address is never written back: empty leaves it as it is."""

    name = forms.CharField(label=_("教室名称"), max_length=60, help_text=_("与课程表上的地点写得一样"))
    seats = forms.IntegerField(label=_("座位"), min_value=0, max_value=999, initial=0)
    live_address = forms.CharField(
        label=_("实时视频地址"),
        max_length=rooms.LONGEST_ADDRESS,
        required=False,
        help_text=_("rtsp:// 或 http(s):// 开头，可带用户名和密码；加密保存，只显示主机"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    forget_address = forms.BooleanField(label=_("去掉已存的实时视频地址"), required=False)
    equipment = forms.CharField(
        label=_("其他设备参数"),
        max_length=rooms.LONGEST_EQUIPMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, room: Room | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, label in PARAMETERS.items():
            self.fields[f"parameter_{name}"] = forms.CharField(
                label=_(label), max_length=rooms.LONGEST_PARAMETER, required=False
            )
        if room is None or not room.live_address:
            del self.fields["forget_address"]
        if room is not None and room.live_address:
            self.fields["live_address"].widget.attrs["placeholder"] = rows.shown_address(room)
            self.fields["live_address"].help_text = _("已存；留空不变，另填就换掉")
        self.order_fields(
            ["name", "seats", *(f"parameter_{name}" for name in PARAMETERS), "equipment", "live_address"]
        )

    @classmethod
    def of(cls, room: Room) -> "RoomForm":
        """The form with what is kept of the room."""
        told = {"name": room.name, "seats": room.seats, "equipment": room.equipment}
        kept = {f"parameter_{name}": value for name, value in room.parameters.items()}
        return cls(initial=told | kept, room=room)

    def clean_live_address(self) -> str:
        """An address that names this very machine or the bare link is refused here, not when somebody looks."""
        address: str = self.cleaned_data["live_address"].strip()
        if address and not rooms.live_address_problem(address):
            code = live.refused_as_written(address, live_rules())
            if code:
                raise forms.ValidationError(wording.say(code), code=code)
        return address

    def facts(self) -> RoomFacts:
        """What the action takes; only of a valid form."""
        given = self.cleaned_data
        address = given["live_address"] or ("" if given.get("forget_address") else None)
        return RoomFacts(
            name=given["name"],
            seats=given["seats"],
            equipment=given["equipment"],
            parameters={name: given[f"parameter_{name}"] for name in PARAMETERS},
            live_address=address,
        )


@site_view(Act.SEE)
@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    """Every room in sight, and for their keepers a form for one more."""
    _require_rooms(request.user)
    return _list(request, RoomForm())


@site_view(Act.KEEP_ROOMS)
@require_POST
def make_room(request: HttpRequest) -> HttpResponse:
    """Enter one more room."""
    form = RoomForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    with refusals(request) as refused:
        made = rooms.make_room(form.facts(), by=request.user)
        messages.success(
            request,
            gettext("教室 %(name)s 已登记。下一步：拍设备照片，做一次摄像测试。") % {"name": made.name},
        )
        return redirect("room", made.uuid)
    return _list(request, form, status=refused.status)


@site_view(Act.SEE)
@require_safe
def room(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """One room: equipment, photographs, live address, slide region, camera tests."""
    found = room_in_sight(request.user, name)
    return drawn(request, found)


@site_view(Act.KEEP_ROOMS)
@require_POST
def change_room(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Say anew what the room is."""
    found = room_kept(request.user, name)
    form = RoomForm(request.POST, room=found)
    if not form.is_valid():
        return drawn(request, found, form=form, status=422)
    with refusals(request) as refused:
        rooms.change_room(found, form.facts(), by=request.user)
        messages.success(request, gettext("已记下。"))
        return redirect("room", found.uuid)
    return drawn(request, room_kept(request.user, name), form=form, status=refused.status)


@site_view(Act.KEEP_ROOMS)
@require_POST
def close_room(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """The room is no longer used, or used again."""
    found = room_kept(request.user, name)
    rooms.close_room(found, by=request.user, is_closed=found.closed_at is None)
    return redirect("room", found.uuid)


@site_view(Act.KEEP_ROOMS)
@require_POST
def add_photo(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """One more photograph."""
    found = room_kept(request.user, name)
    with refusals(request) as refused:
        given = request.FILES.get("photo")
        if given is None:
            raise NotReady(sentence("no_room_photo", gettext_noop("还没有选照片。请选一张 JPEG 或 PNG。")))
        blob = pictures.take_picture(given)
        rooms.add_photo(found, blob, caption=request.POST.get("caption", ""), by=request.user)
        messages.success(request, gettext("照片已收下，原件留存。"))
        return redirect("room", found.uuid)
    return drawn(request, found, status=refused.status)


@site_view(Act.KEEP_ROOMS)
@require_POST
def drop_photo(request: HttpRequest, name: uuid.UUID) -> HttpResponse:
    """Take a photograph off the room."""
    photo = _photo(request.user, name)
    rooms.drop_photo(photo, by=request.user)
    messages.success(request, gettext("照片已撤下，原件留存在库里。"))
    return redirect("room", photo.room.uuid)


@site_view(Act.SEE)
@require_safe
def photo(request: HttpRequest, name: uuid.UUID) -> HttpResponseBase:
    """A photograph as it is shown; `?original` is the untouched file, for those who keep the room."""
    found = _photo(request.user, name)
    if "original" in request.GET:
        if not keepable_rooms(request.user).filter(pk=found.room_id).exists():
            raise Http404
        return range_response(
            request,
            found.blob.sha256,
            media_type=found.blob.media_type,
            file_name=f"{found.room.name}-{found.pk}",
            disposition="attachment",
        )
    return pictures.shown(request, found.blob, file_name=f"{found.room.name}-{found.pk}.jpg")


def room_in_sight(account: Account, name: uuid.UUID) -> Room:
    """The room, or 404 for who may not see it."""
    found = visible_rooms(account).filter(uuid=name).first()
    if found is None:
        raise Http404
    return found


def room_kept(account: Account, name: uuid.UUID) -> Room:
    """The room, or 404 for who does not keep it."""
    found = keepable_rooms(account).filter(uuid=name).first()
    if found is None:
        raise Http404
    return found


def drawn(
    request: HttpRequest, found: Room, *, form: RoomForm | None = None, status: int = 200, **more: object
) -> HttpResponse:
    """The page of one room."""
    page = rows.room_page(found, request.user)
    context = {
        "page": page,
        "room": found,
        "form": form or RoomForm.of(found),
        "is_open": form is not None,
    }
    return render(request, "rooms/room.html", context | more, status=status)


def _require_rooms(account: Account) -> None:
    """Rooms are a training body's own; of the bureau, a supervising reviewer's."""
    if not account.is_of_institution and Act.SUPERVISE not in acts_of(account):
        raise Http404


def _photo(account: Account, name: uuid.UUID) -> RoomPhoto:
    found = (
        RoomPhoto.objects.filter(uuid=name, dropped_at=None, room__in=visible_rooms(account))
        .select_related("room", "blob")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _list(request: HttpRequest, form: RoomForm, status: int = 200) -> HttpResponse:
    found = rows.room_rows(request.user)
    context = {
        "rows": found,
        "form": form,
        "may_keep": Act.KEEP_ROOMS in acts_of(request.user),
        "is_open": status != 200 or not found,
        "bureau": request.user.is_of_bureau,
    }
    return render(request, "rooms/rooms.html", context, status=status)
