"""Where a page of the tray may go: the places offered, and what lies there already, filed or returned."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from cms.components.meters import LOW
from cms.rows.sheets import Place
from cms.rows.tray_entries import Entry
from dossiers.actions.mending import returned_page
from dossiers.ledgers import Ledger, Per
from dossiers.models import DossierPage, Enrolment, Filing, FilingSheet, ReturnNote, Session
from dossiers.statements import illegible

FOLLOWS = "follows_previous_page"


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


class Places:
    """The places of one dossier's ledger as its tray sees them."""

    dossier: DossierPage
    ledger: Ledger

    @cached_property
    def people(self) -> dict[str, Enrolment]:
        rows = self.dossier.enrolments.filter(withdrawn_on=None).order_by("seq")
        return {str(enrolment.uuid): enrolment for enrolment in rows}

    @cached_property
    def sessions(self) -> dict[str, Session]:
        return {str(session.uuid): session for session in self.dossier.sessions.all()}

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
    def illegible(self) -> frozenset[int]:
        """Filings with a page that somebody could not make out: a better picture replaces it."""
        sheets = illegible(self.dossier).values("sheet")
        places = FilingSheet.objects.filter(sheet__in=sheets, filing__state=Filing.State.FILED)
        return frozenset(places.values_list("filing", flat=True))

    def _is_wanting(self, filing: Filing) -> bool:
        return filing.pk in self.returned or filing.pk in self.illegible

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
        returned = self.returned_at(place)
        if returned and returned.pk not in self.returned:
            return gettext("有看不清的页，归入后替换那一页")
        page = returned_page(returned) if returned else None
        if returned and page:
            at = [one.sheet_id for one in returned.places.all()].index(page.pk) + 1
            return gettext("退回待补，归入后只换第 %(page)s 页，其余各页照旧") % {"page": at}
        if returned:
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
        """The filing whose open return, or whose illegible page, a page put at this place would mend.

        The one at exactly this place; else, where one of the two names no part, the only one of this owner.
        """
        exact = next((filing for filing in self.filings_at(place) if self._is_wanting(filing)), None)
        if exact is not None:
            return exact
        item_id, part, *owner = self._key(place)
        near = [
            filing
            for (other_item, other_part, *other_owner), filings in self.filed.items()
            if other_item == item_id and other_owner == owner and not (part and other_part)
            for filing in filings
            if self._is_wanting(filing)
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

    def goes_on_there(self, entry: Entry, place: Place) -> bool:
        """Whether the page before this one is the last of what is filed there, and this one goes on with it."""
        codes = {reason["code"] for reason in entry.filing.reasons} if entry.filing else set()
        there = self.filings_at(place)
        if FOLLOWS not in codes or not there:
            return False
        ends = FilingSheet.objects.filter(
            filing__in=there,
            sheet__upload=entry.sheet.upload_id,
            sheet__number=entry.sheet.number - 1,
        )
        return ends.exists()

    def last_at(self, place: Place) -> Filing | None:
        """The paper filed there last: what a page would be put behind, or replace."""
        there = self.filings_at(place)
        return max(there, key=lambda filing: (filing.version, filing.pk)) if there else None
