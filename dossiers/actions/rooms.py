"""Rooms of a training body: entered, described, photographed, drawn upon, tested; closed but never forgotten."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from dossiers.exceptions import NotAllowed, NotReady, Overtaken
from dossiers.models import Account, CameraTest, Room, RoomPhoto
from dossiers.permissions import Act, acts_of, keepable_rooms
from dossiers.search_text import mask_numbers
from dossiers.sentences import gettext_noop, sentence
from foundation.models import Blob

#: What is asked of a room's equipment (设备参数), in the order it is printed.
PARAMETERS: dict[str, str] = {
    "camera": gettext_noop("摄像机品牌和型号"),
    "resolution": gettext_noop("分辨率和帧率"),
    "recorder": gettext_noop("录像机品牌和型号"),
    "storage_days": gettext_noop("录像保存天数"),
    "microphone": gettext_noop("拾音设备"),
    "check_in": gettext_noop("考勤设备品牌和型号"),
}
LONGEST_PARAMETER, LONGEST_EQUIPMENT, LONGEST_ADDRESS = 80, 2000, 500
MOST_PHOTOS = 40
SCHEMES = ("rtsp", "rtsps", "http", "https")
_ADDRESS = re.compile(r"(rtsps?|https?)://[^\s/?#]+\S*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class RoomFacts:
    """What a body states of a room. `live_address`: None leaves it as it is, an empty text takes it away."""

    name: str
    seats: int = 0
    equipment: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    live_address: str | None = field(default=None, repr=False)


def make_room(facts: RoomFacts, *, by: Account) -> Room:
    """Enter a room of one's own body."""
    if not by.is_of_institution or Act.KEEP_ROOMS not in acts_of(by):
        raise NotAllowed(Act.KEEP_ROOMS)
    return _saved(Room(institution=by.institution), facts)


def change_room(room: Room, facts: RoomFacts, *, by: Account) -> Room:
    """Say anew what the room is; its sessions name it, so a new name holds for what is taught from now on."""
    with transaction.atomic():
        return _saved(_kept(room, by), facts)


def close_room(room: Room, *, by: Account, is_closed: bool = True) -> Room:
    """The room is no longer used, or used again; what was photographed and tested in it stays."""
    with transaction.atomic():
        held = _kept(room, by)
        held.closed_at = timezone.now() if is_closed else None
        held.save(update_fields=["closed_at"])
        return held


def add_photo(room: Room, blob: Blob, *, caption: str, by: Account) -> RoomPhoto:
    """One more photograph of the room or its equipment; the same bytes once."""
    with transaction.atomic():
        held = _kept(room, by)
        there = held.photos.filter(dropped_at=None)
        if there.filter(blob=blob).exists():
            raise Overtaken(
                sentence("photo_there", gettext_noop("这张照片已在这间教室里，没有重复收。请选另一张。"))
            )
        if there.count() >= MOST_PHOTOS:
            raise NotReady(
                sentence(
                    "photos_full",
                    gettext_noop("这间教室已有 %(most)s 张照片，没有收下这张。请先撤下不用的。"),
                    most=MOST_PHOTOS,
                )
            )
        kept = _short(caption, 120, gettext_noop("说明"))
        return RoomPhoto.objects.create(room=held, blob=blob, caption=kept, added_by=by)


def drop_photo(photo: RoomPhoto, *, by: Account) -> None:
    """Take a photograph off the room; its original stays in the store."""
    with transaction.atomic():
        _kept(photo.room, by)
        RoomPhoto.objects.filter(pk=photo.pk, dropped_at=None).update(dropped_at=timezone.now())


def draw_slide_region(room: Room, region: Sequence[float] | None, *, by: Account) -> Room:
    """Where slides are shown, as left, top, width and height in fractions of the picture; None: not drawn."""
    with transaction.atomic():
        held = _kept(room, by)
        held.slide_region = None if region is None else _region(region)
        held.save(update_fields=["slide_region"])
        return held


def begin_test(room: Room, blob: Blob | None, *, by: Account, is_live: bool = False) -> CameraTest:
    """A camera test that waits for its job; without a blob the job takes the clip from the live address."""
    with transaction.atomic():
        held = _kept(room, by)
        if is_live and not held.live_address:
            raise NotReady(
                sentence(
                    "no_live_address",
                    gettext_noop("这间教室还没有实时视频地址，测不了。请先填写地址，或上传一段录像。"),
                )
            )
        return CameraTest.objects.create(room=held, blob=blob, is_live=is_live, made_by=by)


def end_test(test: CameraTest, *, state: str, found: dict, blob: Blob | None = None) -> None:
    """What a job found, figures and boxes only; machines end a test, people read it."""
    with transaction.atomic():
        held = CameraTest.objects.select_for_update().get(pk=test.pk)
        held.state, held.found = state, found
        held.blob = blob or held.blob
        held.save(update_fields=["state", "found", "blob"])


def live_address_problem(address: str) -> str:
    """A code for what is wrong with a live address as it is written; empty when nothing is."""
    if len(address) > LONGEST_ADDRESS:
        return "address_too_long"
    if "://" not in address:
        return "address_without_scheme"
    if address.partition("://")[0].lower() not in SCHEMES:
        return "address_scheme"
    is_whole = _ADDRESS.fullmatch(address) and address.isascii() and address.isprintable()
    return "" if is_whole else "address_broken"


ADDRESS_PROBLEMS: dict[str, str] = {
    "address_too_long": gettext_noop("实时视频地址超过 500 个字符，没有记下。请核对是否粘贴了多余内容。"),
    "address_without_scheme": gettext_noop(
        "实时视频地址要从 rtsp:// 或 http:// 写起，没有记下。请照摄像机的说明书补全。"
    ),
    "address_scheme": gettext_noop(
        "实时视频地址只能以 rtsp、rtsps、http 或 https 开头，没有记下。请换一个地址。"
    ),
    "address_broken": gettext_noop(
        "实时视频地址里有空格、汉字或缺主机名，没有记下。请照摄像机的说明书核对。"
    ),
}


def _kept(room: Room, by: Account) -> Room:
    """The room under a lock, if this person keeps it."""
    held = keepable_rooms(by).select_related(None).filter(pk=room.pk).select_for_update().first()
    if held is None:
        raise NotAllowed(Act.KEEP_ROOMS)
    return held


def _saved(room: Room, facts: RoomFacts) -> Room:
    room.name = _short(facts.name, 60, gettext_noop("名称"))
    if not room.name:
        raise NotReady(sentence("room_without_name", gettext_noop("请写教室名称，要与课程表上的地点一致。")))
    room.seats = facts.seats
    room.equipment = _short(facts.equipment, LONGEST_EQUIPMENT, gettext_noop("其他设备参数"))
    room.parameters = {
        name: kept
        for name, label in PARAMETERS.items()
        if (kept := _short(facts.parameters.get(name, ""), LONGEST_PARAMETER, label))
    }
    if facts.live_address is not None:
        room.live_address = _address(facts.live_address.strip())
    try:
        with transaction.atomic():
            room.save()
    except IntegrityError as clash:
        raise Overtaken(
            sentence(
                "room_name_taken",
                gettext_noop("已有名为“%(name)s”的教室，没有记下。请换一个名称，或打开那一间改。"),
                name=room.name,
            )
        ) from clash
    return room


def _address(address: str) -> str:
    problem = live_address_problem(address) if address else ""
    if problem:
        raise NotReady(sentence(problem, ADDRESS_PROBLEMS[problem]))
    return address


def _region(region: Sequence[float]) -> list[float]:
    left, top, width, height = (round(float(edge), 4) for edge in region)
    whole = 1.0 + 1e-3  # fractions of whole pixels may come to a little more
    if min(left, top) < 0 or min(width, height) < 0.02 or left + width > whole or top + height > whole:
        raise NotReady(
            sentence(
                "region_outside",
                gettext_noop("幻灯区域要在画面之内，宽和高都不少于画面的 1/50，没有记下。请重画。"),
            )
        )
    return [left, top, min(width, 1 - left), min(height, 1 - top)]


def _short(text: str, most: int, label: str) -> str:
    kept = mask_numbers(text.strip())
    if len(kept) > most:
        raise NotReady(
            sentence(
                "room_text_too_long",
                gettext_noop("“%(label)s”写了 %(count)s 字，最多 %(most)s 字，没有记下。请删短。"),
                label=label,
                count=len(kept),
                most=most,
            )
        )
    return kept
