"""The page of the tray in view: the pages it goes with, where it would be cut, what a divider would do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from cms.rows.sheets import Place, SheetRow
from cms.rows.tray import Tray
from cms.rows.tray_entries import DIVIDER_LEADS, Entry
from dossiers.cutting import Box, halves, quarters, turned
from dossiers.models import Sheet, Upload
from ingestion.models import PageReading
from ingestion.pieces import proposed_pieces
from ingestion.targets import DIVIDER, Aim

WAYS = ("read", "across", "down", "four")
GRID = 1000


@dataclass(frozen=True)
class PaperPage:
    """One page of the paper in view."""

    uuid: UUID
    row: SheetRow
    position: int
    is_current: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Leads:
    """What a divider would do: where its pages go, how many wait behind it, how many of them say otherwise."""

    label: str
    count: int
    differing: int
    is_ready: bool


@dataclass(frozen=True)
class CutBox:
    """A piece on the page as it is looked at, in thousandths of it, as SVG writes it."""

    number: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Cut:
    """Whether the page may be cut, and where the reading would cut it."""

    boxes: tuple[CutBox, ...]

    @property
    def count(self) -> int:
        return len(self.boxes)


@dataclass
class PageInView:
    """Everything the right column says of one entry beside where it may go."""

    tray: Tray
    entry: Entry

    @cached_property
    def paper(self) -> list[PaperPage]:
        """The pages it goes with, in order; empty for a page that lies for itself."""
        pages = self.tray.paper(self.entry) if self.entry.is_paper else []
        return [
            PaperPage(
                uuid=one.uuid,
                row=one.row,
                position=one.position,
                is_current=one.uuid == self.entry.uuid,
                is_first=one.position == 1,
                is_last=one.position == len(pages),
            )
            for one in pages
        ]

    @cached_property
    def behind(self) -> list[Entry]:
        """The pages of the tray between this divider and the next one in the same file."""
        return following(self.tray, self.entry)

    @cached_property
    def leads(self) -> Leads | None:
        """None for a page that is no divider, or one that leads nowhere."""
        place = divider_place(self.entry)
        if place is None:
            return None
        return Leads(
            label=_label(self.tray, place),
            count=len(self.behind),
            differing=sum(_differs(one, place) for one in self.behind),
            is_ready=self.entry.sheet.upload.state != Upload.State.RECEIVED,
        )

    @cached_property
    def cut(self) -> Cut | None:
        """None where there is nothing to cut: a recording, a piece, a page that goes with others."""
        sheet = self.entry.sheet
        if self.entry.row.is_recording or sheet.cut or self.entry.is_divider or self.entry.is_paper:
            return None
        away = -rotation_of(sheet)
        boxes = (turned(box, away) for box in proposed_pieces(sheet))
        return Cut(tuple(_drawn(number, box) for number, box in enumerate(boxes, 1)))


def following(tray: Tray, divider: Entry) -> list[Entry]:
    """The pages of the tray behind a divider, up to the next divider of the same file, in the order of the file."""
    upload, number = divider.sheet.upload_id, divider.sheet.number
    ends = [
        one.sheet.number
        for one in (*tray.entries, *tray.discarded)
        if one.is_divider and one.sheet.upload_id == upload and one.sheet.number > number
    ]
    until = min(ends, default=divider.sheet.upload.page_count + 1)
    found = [
        one
        for one in tray.entries
        if one.sheet.upload_id == upload and number < one.sheet.number < until and not one.is_divider
    ]
    return sorted(found, key=lambda one: (one.sheet.number, one.sheet.cut))


def divider_place(entry: Entry) -> Place | None:
    """Where a divider of this class leads: an item, a trainee, or both."""
    if not entry.is_divider or entry.filing is None:
        return None
    told = next((one["params"] for one in entry.filing.reasons if one["code"] == DIVIDER_LEADS), None)
    return Place(str(told.get("item", "")), "", str(told.get("trainee", "")), "") if told else None


def aim_of(tray: Tray, place: Place) -> Aim:
    """The same as matching is told it."""
    person = tray.people.get(place.enrolment)
    return Aim(place.item_id or None, person.pk if person else None, by=DIVIDER)


def regions(sheet: Sheet, way: str, at: float = 0.5) -> Sequence[Box]:
    """Where to cut, on the page as uploaded; `way` and `at` speak of the page as it is looked at."""
    if way == "read":
        return proposed_pieces(sheet)
    shown: Sequence[Box] = quarters() if way == "four" else halves(across=way != "down", at=at)
    return [turned(box, rotation_of(sheet) - sheet.turn) for box in shown]


def rotation_of(sheet: Sheet) -> int:
    """How far the upload stands turned, as it was read; 0 before."""
    return PageReading.objects.filter(sheet=sheet).values_list("rotation", flat=True).first() or 0


def _differs(entry: Entry, place: Place) -> bool:
    said = entry.place
    if said is None:
        return False
    other_item = bool(place.item_id) and said.item_id != place.item_id
    other_person = bool(place.enrolment and said.enrolment) and said.enrolment != place.enrolment
    return other_item or other_person


def _label(tray: Tray, place: Place) -> str:
    if tray.ledger.has(place.item_id):
        return replace(place, part="").label(tray.ledger, tray.people, tray.sessions)
    return tray.people[place.enrolment].name if place.enrolment in tray.people else ""


def _drawn(number: int, box: Box) -> CutBox:
    left, top, right, bottom = (round(edge * GRID) for edge in box)
    return CutBox(number, left, top, right - left, bottom - top)
