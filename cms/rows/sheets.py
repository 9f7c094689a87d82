"""One sheet ready to print: its picture, where it came from, how long it runs; and the place it may be filed."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.ledgers import Ledger, LedgerItem
from dossiers.models import Enrolment, Session, Sheet, Upload
from media_processing.models import RecordingProbe

NAME_LENGTH = 14


@dataclass(frozen=True)
class SheetRow:
    """A page or a recording as thumbnails and the large view show it."""

    uuid: UUID
    upload: int
    origin: str
    thumb_url: str
    view_url: str
    original_url: str
    play_url: str
    player_url: str
    duration: float | None
    turn: int
    is_blank: bool
    width: int
    height: int

    @property
    def is_recording(self) -> bool:
        return bool(self.play_url)

    @cached_property
    def plays(self) -> bool:
        """Whether a browser can be handed it; asked where it is shown large, not in lists."""
        probe = RecordingProbe.objects.filter(upload=self.upload).first() if self.is_recording else None
        return probe is not None and probe.is_playable


def sheet_row(sheet: Sheet) -> SheetRow:
    """Needs the sheet's upload joined."""
    recording = sheet.upload.medium == Upload.Medium.RECORDING
    return SheetRow(
        uuid=sheet.uuid,
        upload=sheet.upload_id,
        origin=origin(sheet),
        thumb_url=reverse("sheet-thumb", args=[sheet.uuid]),
        view_url=reverse("sheet-view", args=[sheet.uuid]),
        original_url=reverse("upload-original", args=[sheet.upload.uuid]),
        play_url=reverse("recording-play", args=[sheet.upload.uuid]) if recording else "",
        player_url=reverse("recording", args=[sheet.upload.uuid]) if recording else "",
        duration=sheet.upload.duration_seconds,
        turn=sheet.turn,
        is_blank=sheet.is_blank,
        width=sheet.width,
        height=sheet.height,
    )


def origin(sheet: Sheet) -> str:
    """Which file, which page of it, a piece as such; a long file name loses its middle, never its end."""
    name = shortened(sheet.upload.file_name)
    if sheet.upload.medium == Upload.Medium.RECORDING:
        return name
    if sheet.upload.page_count > 1:
        name = gettext("%(file)s 第 %(page)s 页") % {"file": name, "page": sheet.number}
    return gettext("%(page)s（拆开的一份）") % {"page": name} if sheet.cut else name


def shortened(name: str) -> str:
    if len(name) <= NAME_LENGTH:
        return name
    return f"{name[:6]}…{name[-7:]}"


def item_label(item: LedgerItem) -> str:
    """“7 身份证”, or the bare name of a paper beside the numbered items."""
    return f"{item.seq} {gettext(item.short_name)}" if item.seq else gettext(item.short_name)


def item_title(item: LedgerItem) -> str:
    """“第 7 件 身份证”."""
    if not item.seq:
        return gettext(item.short_name)
    return gettext("第 %(seq)s 件 %(name)s") % {"seq": item.seq, "name": gettext(item.short_name)}


@dataclass(frozen=True)
class Place:
    """A place in the ledger, as forms carry it: item|part|enrolment|session, the last two as UUIDs."""

    item_id: str
    part: str = ""
    enrolment: str = ""
    session: str = ""

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place a form names; what is left out is empty."""
        pieces = (text.split("|") + ["", "", "", ""])[:4]
        return cls(*pieces)

    def __str__(self) -> str:
        return "|".join((self.item_id, self.part, self.enrolment, self.session))

    def label(self, ledger: Ledger, people: dict[str, Enrolment], sessions: dict[str, Session]) -> str:
        """“7 身份证 · 王海燕”."""
        item = ledger.item(self.item_id)
        part = item.part(self.part)
        words = [item_label(item)]
        if part:
            words.append(gettext(part.name))
        if self.enrolment in people:
            words.append(people[self.enrolment].name)
        if self.session in sessions:
            words.append(str(sessions[self.session]))
        return " · ".join(words)


UNREAD: str | Promise = _("还没有读到这一页")
