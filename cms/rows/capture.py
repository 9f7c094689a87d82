"""One photograph as the clerk sees it while the paper is in her hand: what it was taken for, whose, and is it good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.components.meters import HIGH
from cms.rows.evidence import FIELD_NAMES, kind_name
from cms.rows.reasons import reason_text
from cms.rows.sheets import Place, SheetRow, item_label, sheet_row
from cms.rows.tray import Tray
from cms.rows.tray_entries import Entry, place_of
from cms.rows.tray_places import Candidate
from dossiers.actions.mending import returned_page
from dossiers.ledgers import Per
from dossiers.models import DossierPage, Filing, ReturnNote, Sheet, Upload
from ingestion.models import FieldReading, PageReading
from ingestion.reading import Page, Quad
from ingestion.snapshot import BLURRED, CUT_OFF, EDGES_UNSEEN, NOTES

READ_POORLY = 0.8  # mean confidence of the words below which the page cannot be called legible
MARKS = ("_seal", "_signature")
OK, DOUBT = "ok", "doubt"
SEAL, SIGNATURE = "章", "签"
ADVICE: dict[str, str | Promise] = {
    BLURRED: _("照片模糊，字认不准。请靠近一点、拿稳、避开反光，再拍一张。"),
    CUT_OFF: _("纸角出了画面。请退后一点、放平，让四角都在画面里，再拍一张。"),
    EDGES_UNSEEN: _("没有看到纸的四边。请放在深色桌面上，让四角都在画面里，再拍一张；内容齐全也可以照用。"),
}

NO_WORDS: str | Promise = _("没有认出字。请看看是不是拍到了空白的一面；有字的话，靠近一点、拿稳，再拍一张。")


@dataclass(frozen=True)
class Check:
    """One thing looked for on the photograph, with what was seen."""

    label: str
    state: str

    @property
    def is_ok(self) -> bool:
        return self.state == OK


@dataclass(frozen=True)
class MarkBox:
    """Where a seal or a signature was seen, in pixels of the upright picture; the label stands below."""

    label: str
    left: int
    top: int
    width: int
    height: int

    @property
    def foot(self) -> int:
        return self.top + self.height


@dataclass(frozen=True)
class Mends:
    """What a page filed here would mend: an open return, or (no date) a page that somebody could not make out."""

    at: datetime | None
    reason: str
    page: int
    others: int
    seen: str


@dataclass(frozen=True)
class Aim:
    """What the clerk came to photograph: an item, a person, or a page that was returned; all may be open."""

    item_id: str = ""
    enrolment: str = ""
    note: ReturnNote | None = None

    @property
    def query(self) -> dict[str, str]:
        """The aim as addresses and forms carry it."""
        named = {
            "item": self.item_id,
            "for": self.enrolment,
            "note": str(self.note.uuid) if self.note else "",
        }
        return {key: value for key, value in named.items() if value}


@dataclass
class Shot:
    """One photograph of this dossier with what was read on it."""

    dossier: DossierPage
    upload: Upload
    aim: Aim

    @cached_property
    def sheet(self) -> Sheet | None:
        rows = self.dossier.sheets.select_related("upload__blob", "upload__target_enrolment")
        return rows.filter(upload=self.upload).order_by("number", "cut").first()

    @property
    def is_reading(self) -> bool:
        return self.upload.state == Upload.State.RECEIVED

    @property
    def is_unreadable(self) -> bool:
        return self.upload.state == Upload.State.UNREADABLE

    @cached_property
    def tray(self) -> Tray:
        return Tray(self.dossier)

    @cached_property
    def entry(self) -> Entry | None:
        return self.tray.find(str(self.sheet.uuid)) if self.sheet else None

    @cached_property
    def row(self) -> SheetRow | None:
        return sheet_row(self.sheet) if self.sheet else None

    @cached_property
    def reading(self) -> PageReading | None:
        return PageReading.objects.filter(sheet=self.sheet).prefetch_related("fields").first()

    @cached_property
    def fields(self) -> list[FieldReading]:
        return list(self.reading.fields.all()) if self.reading else []

    @property
    def seq(self) -> str:
        item = self.entry.item if self.entry else None
        return (item.seq or "+") if item else "?"

    @property
    def title(self) -> str:
        """劳动合同 签字页, or that nobody knows yet."""
        item, filing = (self.entry.item, self.entry.filing) if self.entry else (None, None)
        if item is None or filing is None:
            kind = self.reading.kind if self.reading else ""
            return kind_name(kind)
        part = item.part(filing.part)
        return gettext(part.name) if part else gettext(item.short_name)

    @property
    def whose(self) -> str:
        """The trainee's name, in doubt where it is in doubt; else what else is known of whose it is."""
        if self.entry is None or self.entry.item is None:
            return ""
        if self.entry.enrolment is None and self.entry.item.per != Per.TRAINEE and not self.place.session:
            return gettext("全班")
        sure = self.entry.confidence > HIGH and self.entry.enrolment is not None
        return self.entry.enrolment.name if sure else self.entry.caption

    @property
    def confidence(self) -> float:
        return self.entry.confidence if self.entry else 0.0

    @property
    def is_settled(self) -> bool:
        """Whether the place may be confirmed with one press: known, undoubted, and not unlikely."""
        return any(candidate.is_chosen for candidate in self.candidates)

    @cached_property
    def candidates(self) -> list[Candidate]:
        return self.tray.candidates(self.entry) if self.entry else []

    @property
    def reasons(self) -> list[str]:
        """What speaks for the place or against it; what was said of the picture stands among the advice."""
        if self.entry is None or self.entry.filing is None:
            return list(self.entry.reasons) if self.entry else []
        return [reason_text(one) for one in self.entry.filing.reasons if one.get("code") not in NOTES]

    @property
    def notes(self) -> frozenset[str]:
        return frozenset(self.reading.notes if self.reading else ())

    @property
    def advice(self) -> list[str | Promise]:
        """What to do with the paper still in the hand; empty where the photograph is good."""
        told = [text for code, text in ADVICE.items() if code in self.notes]
        if self.reading and not told and self.is_hard_to_read:
            told.append(NO_WORDS if not self.sureness else ADVICE[BLURRED])
        return told

    @property
    def is_hard_to_read(self) -> bool:
        return self.sureness < READ_POORLY

    @cached_property
    def sureness(self) -> float:
        """The engine's confidence over all characters; 0 where it found none."""
        lines = self.reading.open_lines() if self.reading else []
        said = [(len(str(line.get("text", ""))), float(line.get("confidence", 0))) for line in lines]
        letters = sum(length for length, _sure in said)
        return sum(length * sure for length, sure in said) / letters if letters else 0.0

    @cached_property
    def checks(self) -> list[Check]:
        if self.reading is None:
            return []
        whole = not self.notes & {CUT_OFF, EDGES_UNSEEN}
        clear = BLURRED not in self.notes and not self.is_hard_to_read
        return [
            Check(gettext("四角完整") if whole else gettext("没有看到四角"), OK if whole else DOUBT),
            Check(gettext("清晰可读") if clear else gettext("字认不准"), OK if clear else DOUBT),
            *(_mark_check(one) for one in self._marks()),
        ]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright picture, in pixels of the upload."""
        width, height = self.sheet.width or 1, self.sheet.height or 1
        return (height, width) if self.reading and self.reading.rotation % 180 else (width, height)

    @cached_property
    def boxes(self) -> list[MarkBox]:
        """The marks that were seen, where they stand."""
        return [self._box(one) for one in self._marks() if _is_seen(one) and one.quad]

    @cached_property
    def returned(self) -> Filing | None:
        """The paper under return that this photograph would mend: the one she came for, else by its place."""
        note = self.aim.note
        if note and note.filing and note.filing.state == Filing.State.FILED:
            aimed = place_of(note.filing)
            if self.place is None or (self.place.item_id, self.place.enrolment) == (
                aimed.item_id,
                aimed.enrolment,
            ):
                return note.filing
        return self.tray.returned_at(self.place) if self.place else None

    @property
    def place(self) -> Place | None:
        return self.entry.place if self.entry else None

    @cached_property
    def mends(self) -> Mends | None:
        filing = self.returned
        if filing is None:
            return None
        notes = list(filing.returns.filter(settled_at=None).order_by("returned_at"))
        aimed = [one for one in notes if self.aim.note and one.pk == self.aim.note.pk]
        note = next(iter(aimed or notes), None)
        page = page_to_exchange(filing, self.aim.note)
        order = list(filing.places.order_by("position").values_list("sheet_id", flat=True))
        return Mends(
            at=note.returned_at if note else None,
            reason=note.reason if note else "",
            page=order.index(page.pk) + 1 if page else 0,
            others=len(order) - 1 if page else 0,
            seen=self._seen_for(note.reason) if note else "",
        )

    @property
    def picks(self) -> list[tuple[str, str]]:
        """Every item a photograph may go to: value and label."""
        rows = []
        for item in self.tray.ledger:
            rows.append((f"{item.id}|", item_label(item)))
            rows.extend(
                (f"{item.id}|{part.id}", f"{item_label(item)} · {gettext(part.name)}") for part in item.parts
            )
        return rows

    def _marks(self) -> Iterable[FieldReading]:
        return (one for one in self.fields if one.row is None and one.name.endswith(MARKS))

    def _seen_for(self, reason: str) -> str:
        """Whether what the return missed was seen this time; only where it missed a seal or a signature."""
        missed = [mark for mark, word in zip(MARKS, (SEAL, SIGNATURE), strict=True) if word in reason]
        marks = [one for one in self._marks() if any(one.name.endswith(mark) for mark in missed)]
        if not marks:
            return ""
        return OK if all(_is_seen(one) for one in marks) else DOUBT

    def _box(self, field: FieldReading) -> MarkBox:
        page = Page(1, self.sheet.width or 1, self.sheet.height or 1, self.reading.rotation)
        across, down = self.size
        left, top, width, height = page.on_view(Quad.from_points(field.quad))
        return MarkBox(
            _mark_name(field),
            round(left * across),
            round(top * down),
            round(width * across),
            round(height * down),
        )


def page_to_exchange(filing: Filing, note: ReturnNote | None) -> Sheet | None:
    """The one page of a longer paper to exchange: the one this return names, else as `returned_page` says."""
    if note is not None and note.sheet_id and note.filing_id == filing.pk:
        sheets = [place.sheet for place in filing.places.select_related("sheet")]
        named = next((sheet for sheet in sheets if sheet.pk == note.sheet_id), None)
        if named is not None and len(sheets) > 1:
            return named
    return returned_page(filing)


def _is_seen(field: FieldReading) -> bool:
    return field.state in (FieldReading.State.READ, FieldReading.State.CHECKED) and field.plain == "true"


def _mark_name(field: FieldReading) -> str:
    return str(FIELD_NAMES.get(field.name, field.name))


def _mark_check(field: FieldReading) -> Check:
    if _is_seen(field):
        return Check(_mark_name(field), OK)
    unsure = field.state == FieldReading.State.SUSPECT
    told = gettext("%(mark)s看不清") if unsure else gettext("没有看到%(mark)s")
    return Check(told % {"mark": _mark_name(field)}, DOUBT)
