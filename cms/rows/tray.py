"""The intake tray's rows: what lies there, in groups, least certain first, and what each page might be."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.rows.reasons import DOUBTS, reason_text
from cms.rows.sheets import item_label, sheet_row
from cms.rows.tray_entries import (
    BANDS,
    BLANK,
    DIVIDER_KIND,
    DUPLICATE,
    ELSEWHERE,
    FIRST,
    NOBODY,
    UNREAD,
    Entry,
    Group,
    belongs,
    group_key,
    group_of,
    in_order,
    place_of,
    unread_reasons,
)
from cms.rows.tray_places import Places
from cms.rows.tray_twins import Twin, twins_of
from dossiers.ledgers import Ledger, LedgerItem, Per
from dossiers.models import Account, DossierPage, Filing, FilingSheet, Sheet, Upload
from dossiers.standing import ledger_of

DISCARDED, FILED = "discarded", "filed"
GROUPS_SHOWN = 16


@dataclass(frozen=True)
class Filter:
    """One line of the left column: how many, and whether it is the one shown."""

    id: str
    label: str | Promise
    count: int
    icon: str = ""
    level: float | None = None
    is_current: bool = False


@dataclass(frozen=True)
class Tally:
    """How much of what came in is settled."""

    uploads: int
    pages: int
    filed: int
    waiting: int
    first: int
    discarded: int


@dataclass
class Tray(Places):
    """The tray of one dossier: read once, in a fixed number of queries. `viewer` says whose other classes count."""

    dossier: DossierPage
    chosen: str = ""
    viewer: Account | None = None
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = ledger_of(self.dossier)

    @cached_property
    def sheets(self) -> list[Sheet]:
        rows = self.dossier.sheets.select_related("upload__blob", "upload__target_enrolment")
        states = [Sheet.State.IN_TRAY, Sheet.State.DISCARDED]
        return list(rows.filter(state__in=[*states, *([Sheet.State.FILED] if self.chosen == FILED else [])]))

    @cached_property
    def proposals(self) -> dict[int, FilingSheet]:
        """By sheet: its place in the latest suggestion made for it, or, where filed papers are shown, in these."""
        states = [Filing.State.PROPOSED, *([Filing.State.FILED] if self.chosen == FILED else [])]
        rows = self.dossier.filings.filter(state__in=states).select_related("enrolment", "session")
        rows = rows.prefetch_related("places__sheet").order_by("id")
        found: dict[int, FilingSheet] = {}
        for filing in rows:
            for place in filing.places.all():
                place.filing = filing
                found[place.sheet_id] = place
        return found

    @cached_property
    def twins(self) -> dict[int, tuple[Twin, ...]]:
        """By sheet: the pages elsewhere that show the same."""
        return twins_of(self.dossier, self.sheets, self.viewer)

    @cached_property
    def entries(self) -> list[Entry]:
        """What waits in the tray: what wants a hand first, then the least certain; papers with their pages together."""
        return self._in_state(Sheet.State.IN_TRAY)

    @cached_property
    def discarded(self) -> list[Entry]:
        return self._in_state(Sheet.State.DISCARDED)

    @cached_property
    def filed_entries(self) -> list[Entry]:
        """Papers that are filed, as long as they are asked for."""
        return self._in_state(Sheet.State.FILED)

    def _in_state(self, state: str) -> list[Entry]:
        papers: dict[tuple, list[Entry]] = {}
        for sheet in self.sheets:
            if sheet.state == state:
                entry = self._entry(sheet)
                papers.setdefault(entry.lead, []).append(entry)
        return in_order(list(papers.values()))

    @cached_property
    def shown(self) -> list[Entry]:
        """The entries of the chosen filter, in the order of their groups."""
        return [entry for group in self.groups for entry in group.entries]

    @cached_property
    def groups(self) -> list[Group]:
        """The groups of the chosen filter, those that want a hand first."""
        gathered: dict[str, list[Entry]] = {}
        for entry in self._chosen_entries():
            gathered.setdefault(group_key(entry), []).append(entry)
        return [group_of(key, entries) for key, entries in gathered.items()]

    @cached_property
    def tally(self) -> Tally:
        uploads = [upload for upload in self.dossier.uploads.all() if upload.withdrawn_at is None]
        filed = self.dossier.sheets.filter(state=Sheet.State.FILED).count()
        return Tally(
            uploads=len(uploads),
            pages=sum(upload.page_count for upload in uploads),
            filed=filed,
            waiting=len(self.entries),
            first=sum(bool(entry.flags) for entry in self.entries),
            discarded=len(self.discarded),
        )

    @cached_property
    def filters(self) -> list[tuple[str | Promise, list[Filter]]]:
        """The left column: what to settle first, by certainty, by item, and what was put aside."""
        flags = [self._filter(flag, label, icon=icon) for flag, (label, icon) in FIRST.items()]
        bands = [
            self._filter(band, label, level=level)
            for (band, label), level in zip(BANDS.items(), (0.4, 0.6, 0.9), strict=True)
        ]
        items = [self._filter(f"item:{item.id}", item_label(item)) for item in self.ledger]
        unread = [self._filter(UNREAD, _("还没有认读"), icon="clock")]
        aside = [
            Filter(DISCARDED, _("已弃置"), len(self.discarded), "trash", is_current=self.chosen == DISCARDED),
            Filter(FILED, _("已归件，可移动"), self.tally.filed, "archive", is_current=self.chosen == FILED),
        ]
        return [
            (heading, kept)
            for heading, rows in (
                (_("要先处理"), flags),
                (_("排队等候"), unread),
                (_("待确认，把握低的在前"), bands),
                (_("按件"), items),
                (_("放在一边"), aside),
            )
            if (kept := [row for row in rows if row.count or row.is_current])
        ]

    def find(self, uuid: str) -> Entry | None:
        """The entry of this sheet, if it lies here."""
        lying = [*self.entries, *self.discarded, *self.filed_entries]
        return next((entry for entry in lying if str(entry.uuid) == uuid), None)

    def paper(self, entry: Entry) -> list[Entry]:
        """All pages of the paper this one lies in, in order."""
        return [one for one in [*self.entries, *self.filed_entries] if one.lead == entry.lead] or [entry]

    def group(self, key: str) -> Group | None:
        return next((group for group in self.groups if group.key == key), None)

    def neighbours(self, entry: Entry) -> tuple[Entry | None, Entry | None]:
        """The page before and the page after, as they are shown."""
        at = next((n for n, one in enumerate(self.shown) if one.uuid == entry.uuid), None)
        if at is None:
            return None, self.shown[0] if self.shown else None
        return (
            self.shown[at - 1] if at else None,
            self.shown[at + 1] if at + 1 < len(self.shown) else None,
        )

    def _entry(self, sheet: Sheet) -> Entry:
        place = self.proposals.get(sheet.pk)
        filing = place.filing if place else None
        item = self.ledger.item(filing.item_id) if filing and self.ledger.has(filing.item_id) else None
        told = list(filing.reasons) if filing else []
        reasons = tuple(reason_text(reason) for reason in told) or unread_reasons(sheet, filing)
        pages = sorted(filing.places.all(), key=lambda one: one.position) if filing else []
        first = pages[0].sheet if pages else sheet
        return Entry(
            sheet=sheet,
            row=sheet_row(sheet),
            filing=filing,
            item=item,
            enrolment=filing.enrolment if filing else None,
            confidence=filing.confidence if filing and item else 0.0,
            flags=frozenset(self._flags(sheet, filing, item, {reason["code"] for reason in told})),
            reasons=(*(twin.text for twin in self.twins.get(sheet.pk, ())), *reasons),
            position=next((at for at, one in enumerate(pages, 1) if one.sheet_id == sheet.pk), 1),
            pages=max(1, len(pages)),
            lead=(first.upload_id, first.number, first.cut),
        )

    def _flags(
        self, sheet: Sheet, filing: Filing | None, item: LedgerItem | None, codes: set[str]
    ) -> Iterable[str]:
        if sheet.state == Sheet.State.FILED:
            return
        for flag, marks in DOUBTS.items():
            if codes & marks:
                yield flag
        for twin in self.twins.get(sheet.pk, ()):
            yield DUPLICATE if twin.is_here else ELSEWHERE
        if sheet.is_blank:
            yield BLANK
            return
        if filing is None and (sheet.upload.state == Upload.State.RECEIVED or sheet.cut):
            return
        if filing is not None and filing.kind == DIVIDER_KIND:
            return
        if item is None or _wants_owner(filing, item):
            yield NOBODY
        elif item.per == Per.TRAINEE and self._is_there(filing):
            yield DUPLICATE

    def _is_there(self, filing: Filing) -> bool:
        place = place_of(filing)
        return bool(self.filings_at(place)) and self.returned_at(place) is None

    def _chosen_entries(self) -> list[Entry]:
        if self.chosen == DISCARDED:
            return self.discarded
        if self.chosen == FILED:
            return self.filed_entries
        return [entry for entry in self.entries if belongs(entry, self.chosen)]

    def _filter(
        self, name: str, label: str | Promise, *, icon: str = "", level: float | None = None
    ) -> Filter:
        count = sum(belongs(entry, name) for entry in self.entries)
        return Filter(name, label, count, icon, level, self.chosen == name)


def _wants_owner(filing: Filing, item: LedgerItem) -> bool:
    """Whether the suggestion leaves open whose paper, or which sitting's recording, this is."""
    if item.per == Per.TRAINEE:
        return filing.enrolment is None
    part = item.part(filing.part)
    return part is not None and part.per == Per.SESSION and filing.session is None
