"""Rooms of a training body, ready to print: the list, one room with its equipment, photographs and tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext

from dossiers.actions.rooms import PARAMETERS
from dossiers.models import Account, CameraTest, Room, RoomPhoto, Session
from dossiers.permissions import keepable_rooms, visible_rooms
from media_processing import live


@dataclass(frozen=True)
class RoomRow:
    """One line of the list of rooms."""

    name: str
    body: str
    url: str
    seats: int
    is_closed: bool
    has_live: bool
    has_region: bool
    photos: int
    last_test: "TestRow | None"


@dataclass(frozen=True)
class TestRow:
    """One camera test in the history of a room."""

    __test__ = False

    url: str
    at: datetime
    who: str
    state: str
    state_name: str
    verifiable: int
    seats: int
    is_live: bool
    to_mend: int

    @property
    def is_done(self) -> bool:
        return self.state == CameraTest.State.DONE


@dataclass(frozen=True)
class PhotoRow:
    """One photograph, its address and where it is taken off."""

    url: str
    caption: str
    who: str
    at: datetime
    drop_url: str


@dataclass(frozen=True)
class RoomPage:
    """One room."""

    room: Room
    parameters: tuple[tuple[str, str], ...]
    live_shown: str
    photos: tuple[PhotoRow, ...]
    tests: tuple[TestRow, ...]
    sessions: int
    may_keep: bool


def room_rows(account: Account) -> list[RoomRow]:
    """Every room in sight, those in use first; three queries however many."""
    there = Count("photos", filter=Q(photos__dropped_at=None), distinct=True)
    rooms = visible_rooms(account).annotate(photo_count=there)
    rooms = list(rooms.order_by("institution__title", "closed_at", "name"))
    last = _last_tests(rooms)
    return [
        RoomRow(
            name=room.name,
            body=room.institution.title,
            url=reverse("room", args=[room.uuid]),
            seats=room.seats,
            is_closed=room.closed_at is not None,
            has_live=bool(room.live_address),
            has_region=bool(room.slide_region),
            photos=room.photo_count,
            last_test=_test_row(last[room.pk], room) if room.pk in last else None,
        )
        for room in sorted(
            rooms, key=lambda one: (one.institution.title, one.closed_at is not None, one.name)
        )
    ]


def room_page(room: Room, viewer: Account) -> RoomPage:
    """One room with everything kept of it."""
    tests = room.camera_tests.select_related("made_by", "blob")[:20]
    photos = room.photos.filter(dropped_at=None).select_related("added_by")
    return RoomPage(
        room=room,
        parameters=tuple(
            (gettext(label), room.parameters[name])
            for name, label in PARAMETERS.items()
            if room.parameters.get(name)
        ),
        live_shown=shown_address(room),
        photos=tuple(_photo_row(photo) for photo in photos),
        tests=tuple(_test_row(test, room) for test in tests),
        sessions=Session.objects.filter(dossier__trainer_id=room.institution_id, room=room.name).count(),
        may_keep=keepable_rooms(viewer).filter(pk=room.pk).exists(),
    )


def shown_address(room: Room) -> str:
    """The live address as people may see it: scheme and host, never path, user or password."""
    plain = room.live_address.reveal_or_empty() if room.live_address else ""
    if not plain:
        return ""
    try:
        return live.source_of(plain).shown
    except live.Unreachable:
        return gettext("地址写得不对")


def _last_tests(rooms: Sequence[Room]) -> dict[int, CameraTest]:
    tests = CameraTest.objects.filter(room__in=rooms).select_related("made_by").order_by("pk")
    return {test.room_id: test for test in tests}


def _test_row(test: CameraTest, room: Room) -> TestRow:
    findings = test.found.get("findings", ())
    return TestRow(
        url=reverse("camera-test", args=[test.uuid]),
        at=test.made_at,
        who=test.made_by.full_name,
        state=test.state,
        state_name=test.get_state_display(),
        verifiable=test.found.get("verifiable", 0),
        seats=room.seats,
        is_live=test.is_live,
        to_mend=sum(finding["kind"] != "good" for finding in findings),
    )


def _photo_row(photo: RoomPhoto) -> PhotoRow:
    return PhotoRow(
        url=reverse("room-photo", args=[photo.uuid]),
        caption=photo.caption,
        who=photo.added_by.full_name,
        at=photo.added_at,
        drop_url=reverse("drop-room-photo", args=[photo.uuid]),
    )
