"""The slide region of a room, ready to draw: on which picture, what is drawn, what recordings propose."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from dossiers.models import Account, CameraTest, Filing, Room, Upload
from dossiers.permissions import visible_uploads
from media_processing.models import IndexedRecording, RecordingProbe

MOST_SOURCES = 12


@dataclass(frozen=True)
class Rectangle:
    """A part of the picture in hundredths."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, region: Sequence[float] | None) -> "Rectangle | None":
        return cls(*(round(edge * 100, 1) for edge in region)) if region else None


@dataclass(frozen=True)
class Source:
    """A picture of the room on which the region can be drawn."""

    key: str
    label: str
    url: str
    is_chosen: bool = False


@dataclass(frozen=True)
class RegionPage:
    """Everything the page needs; `drawn` is in force, `proposed` is what the newest index made of itself."""

    sources: tuple[Source, ...]
    drawn: Rectangle | None
    proposed: Rectangle | None
    recordings: tuple[Upload, ...]

    @property
    def source(self) -> Source | None:
        return next((source for source in self.sources if source.is_chosen), None)

    @property
    def shown(self) -> Rectangle | None:
        return self.drawn or self.proposed


def region_page(room: Room, viewer: Account, *, source: str = "") -> RegionPage:
    """The room's pictures, the region drawn and the one proposed; a fixed number of queries."""
    recordings = recordings_of(room, viewer)
    sources = [*_of_tests(room), *_of_recordings(recordings)][:MOST_SOURCES]
    chosen = next((one.key for one in sources if one.key == source), sources[0].key if sources else "")
    proposing = (
        IndexedRecording.objects.filter(upload__in=recordings, region_is_proposed=True)
        .exclude(slide_region=None)
        .order_by("-indexed_at")
        .first()
    )
    return RegionPage(
        sources=tuple(Source(one.key, one.label, one.url, one.key == chosen) for one in sources),
        drawn=Rectangle.of(room.slide_region),
        proposed=Rectangle.of(proposing.slide_region) if proposing else None,
        recordings=tuple(recordings),
    )


def recordings_of(room: Room, viewer: Account) -> list[Upload]:
    """The recordings of lessons that were given in this room, newest first."""
    filed = Filing.objects.filter(
        session__room=room.name,
        dossier__trainer_id=room.institution_id,
        state__in=(Filing.State.PROPOSED, Filing.State.FILED),
    )
    uploads = visible_uploads(viewer).filter(
        medium=Upload.Medium.RECORDING, withdrawn_at=None, sheets__places__filing__in=filed
    )
    return list(uploads.distinct().select_related("dossier").order_by("-received_at", "-pk"))


def _of_tests(room: Room) -> list[Source]:
    tests = room.camera_tests.filter(state=CameraTest.State.DONE).exclude(blob=None)[:3]
    return [
        Source(
            f"test-{test.uuid}",
            gettext("摄像测试 %(day)s") % {"day": f"{timezone.localtime(test.made_at):%Y-%m-%d}"},
            reverse("camera-still", args=[test.uuid]),
        )
        for test in tests
        if test.found.get("looks")
    ]


def _of_recordings(recordings: Sequence[Upload]) -> list[Source]:
    pictured = set(
        RecordingProbe.objects.filter(upload__in=recordings, has_poster=True).values_list(
            "upload_id", flat=True
        )
    )
    return [
        Source(f"recording-{one.uuid}", one.file_name, reverse("recording-poster", args=[one.uuid]))
        for one in recordings
        if one.pk in pictured
    ]
