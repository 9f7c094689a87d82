"""The intake tray's rows: what lies there, in groups, least certain first, and what each page might be."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.components.meters import LOW
from cms.rows.reasons import DOUBTS, reason_text
from cms.rows.sheets import Place, item_label, sheet_row
from cms.rows.tray_entries import (
    BANDS,
    BLANK,
    DUPLICATE,
    FIRST,
    NOBODY,
    UNREAD,
    Entry,
    Group,
    belongs,
    group_key,
    group_of,
    order,
    place_of,
    unread_reasons,
)
from dossiers.ledgers import Ledger, LedgerItem, Per
from dossiers.models import DossierPage, Enrolment, Filing, ReturnNote, Session, Sheet, Upload
from dossiers.standing import ledger_of

DISCARDED = "discarded"
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
class Candidate:
    """One of the places offered for the current page."""

    key: int
    value: str
    label: str
    note: str
    confidence: float | None
    is_chosen: bool
    replaces: str = ""


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
class Tray:
    """The tray of one dossier: read once, in a fixed number of queries."""

    dossier: DossierPage
    chosen: str = ""
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = ledger_of(self.dossier)

    @cached_property
    def people(self) -> dict[str, Enrolment]:
        rows = self.dossier.enrolments.filter(withdrawn_on=None).order_by("seq")
        return {str(enrolment.uuid): enrolment for enrolment in rows}

    @cached_property
    def sessions(self) -> dict[str, Session]:
        return {str(session.uuid): session for session in self.dossier.sessions.all()}

    @cached_property
    def sheets(self) -> list[Sheet]:
        rows = self.dossier.sheets.select_related("upload__blob", "upload__target_enrolment")
        return list(rows.filter(state__in=[Sheet.State.IN_TRAY, Sheet.State.DISCARDED]))

    @cached_property
    def proposals(self) -> dict[int, Filing]:
        """By sheet: the latest suggestion made for it."""
        rows = self.dossier.filings.filter(state=Filing.State.PROPOSED)
        rows = rows.select_related("enrolment", "session").prefetch_related("places").order_by("id")
        return {place.sheet_id: filing for filing in rows for place in filing.places.all()}

    @cached_property
    def filed(self) -> dict[tuple, list[Filing]]:
        """What is filed already, by (item, part, trainee, session)."""
        found: dict[tuple, list[Filing]] = defaultdict(list)
        for filing in self.dossier.filings.filter(state=Filing.State.FILED):
            found[filing.item_id, filing.part, filing.enrolment_id, filing.session_id].append(filing)
        return found

    @cached_property
    def returned(self) -> dict[int, ReturnNote]:
        """Returns that nobody settled yet, by the filing they lie on."""
        notes = self.dossier.returns.filter(settled_at=None, filing__isnull=False)
        return {note.filing_id: note for note in notes}

    @cached_property
    def entries(self) -> list[Entry]:
        """What waits in the tray: what wants a hand first, then the least certain."""
        waiting = [self._entry(sheet) for sheet in self.sheets if sheet.state == Sheet.State.IN_TRAY]
        return sorted(waiting, key=order)

    @cached_property
    def discarded(self) -> list[Entry]:
        return [self._entry(sheet) for sheet in self.sheets if sheet.state == Sheet.State.DISCARDED]

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
            Filter(DISCARDED, _("已弃置"), len(self.discarded), "trash", is_current=self.chosen == DISCARDED)
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
        return next((entry for entry in [*self.entries, *self.discarded] if str(entry.uuid) == uuid), None)

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

    def candidates(self, entry: Entry) -> list[Candidate]:
        """At most three places: what was suggested, then its alternatives. Nothing is chosen where in doubt."""
        offered: list[tuple[Place, float | None]] = []
        aim = self._aim(entry)
        if entry.place:
            offered.append((entry.place, entry.confidence))
        elif aim:
            offered.append((aim, None))
        for other in entry.filing.alternatives if entry.filing else ():
            place = Place(
                other.get("item_id") or "", other.get("part") or "", str(other.get("enrolment") or ""), ""
            )
            if self.ledger.has(place.item_id) and place not in [known for known, _sure in offered]:
                offered.append((place, other.get("confidence")))
        settled = entry.is_placed and not entry.flags and entry.confidence >= LOW
        settled = settled or (aim is not None and self._is_whole(aim))
        return [
            Candidate(
                key=number,
                value=str(place),
                label=place.label(self.ledger, self.people, self.sessions),
                note=self.note(place),
                confidence=sure,
                is_chosen=settled and number == 1,
                replaces=str(returned.uuid) if (returned := self.returned_at(place)) else "",
            )
            for number, (place, sure) in enumerate(offered[:3], 1)
        ]

    def _aim(self, entry: Entry) -> Place | None:
        """Where the clerk said this file goes when she dropped it on an item's row; until it was read, all we know."""
        upload = entry.sheet.upload
        if not entry.is_unread or not self.ledger.has(upload.target_item):
            return None
        person = str(upload.target_enrolment.uuid) if upload.target_enrolment else ""
        return Place(upload.target_item, "", person, "")

    def _is_whole(self, place: Place) -> bool:
        return self.ledger.item(place.item_id).per != Per.TRAINEE or place.enrolment in self.people

    def note(self, place: Place) -> str:
        """What is known about a place: missing, there already, returned, or without a person yet."""
        item = self.ledger.item(place.item_id)
        if item.per == Per.TRAINEE and place.enrolment not in self.people:
            return gettext("还没有定是谁的，请在下面选人")
        part = item.part(place.part)
        if part and part.per == Per.SESSION and place.session not in self.sessions:
            return gettext("还没有定是哪一节，请在下面选课次")
        if self.returned_at(place):
            return gettext("退回待补，归入后替换退回的那份")
        there = len(self.filings_at(place))
        if there and item.per == Per.TRAINEE:
            return gettext("已收 %(count)s 份，将成重复") % {"count": there}
        if there:
            return gettext("已收 %(count)s 份") % {"count": there}
        return gettext("尚缺此人") if item.per == Per.TRAINEE else gettext("尚缺此件")

    def filings_at(self, place: Place) -> list[Filing]:
        """What is filed at this place now."""
        return self.filed.get(self._key(place), [])

    def returned_at(self, place: Place) -> Filing | None:
        """The filing whose open return a page put at this place would mend.

        The one at exactly this place; else, where one of the two names no part, the only one of this owner.
        """
        exact = next((filing for filing in self.filings_at(place) if filing.pk in self.returned), None)
        if exact is not None:
            return exact
        item_id, part, *owner = self._key(place)
        near = [
            filing
            for (other_item, other_part, *other_owner), filings in self.filed.items()
            if other_item == item_id and other_owner == owner and not (part and other_part)
            for filing in filings
            if filing.pk in self.returned
        ]
        return near[0] if len(near) == 1 else None

    def _key(self, place: Place) -> tuple:
        enrolment, session = self.people.get(place.enrolment), self.sessions.get(place.session)
        return (
            place.item_id,
            place.part,
            enrolment.pk if enrolment else None,
            session.pk if session else None,
        )

    def _entry(self, sheet: Sheet) -> Entry:
        filing = self.proposals.get(sheet.pk)
        item = self.ledger.item(filing.item_id) if filing and self.ledger.has(filing.item_id) else None
        told = list(filing.reasons) if filing else []
        entry = Entry(
            sheet=sheet,
            row=sheet_row(sheet),
            filing=filing,
            item=item,
            enrolment=filing.enrolment if filing else None,
            confidence=filing.confidence if filing and item else 0.0,
            flags=frozenset(self._flags(sheet, filing, item, {reason["code"] for reason in told})),
            reasons=tuple(reason_text(reason) for reason in told) or unread_reasons(sheet, filing),
        )
        return entry

    def _flags(
        self, sheet: Sheet, filing: Filing | None, item: LedgerItem | None, codes: set[str]
    ) -> Iterable[str]:
        for flag, marks in DOUBTS.items():
            if codes & marks:
                yield flag
        if sheet.is_blank:
            yield BLANK
            return
        if filing is None and sheet.upload.state == Upload.State.RECEIVED:
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
