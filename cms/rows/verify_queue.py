"""The queue of pages whose values want a look, across one dossier: differences first, then the least certain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.rows.evidence import kind_name
from cms.rows.roster_side import NAMES, NUMBER, OF_A_PERSON, Owned, RosterSide
from cms.rows.sheets import origin
from dossiers.differences import same
from dossiers.models import Account, DossierPage, Enrolment, FieldStatement, Filing, FilingSheet, Sheet
from dossiers.permissions import current_filings, verifiable_sheets
from dossiers.standing import ledger_of
from dossiers.statements import Spot, in_force, plain, still_fits
from ingestion.models import FieldReading, PageReading

State = FieldReading.State
LOW = 0.5  # a reading below this is decided by a person one by one
DOUBTFUL = (State.SUSPECT, State.MALFORMED, State.MISSING)
STRIP = 12
ROW = Coalesce(F("row"), Value(-1), output_field=IntegerField())
OPEN, DIFFERING, RETAKE, BULK = "open", "differs", "retake", "bulk"
FILTERS: dict[str, str | Promise] = {
    "": _("全部页"),
    OPEN: _("还没有核完"),
    DIFFERING: _("有不一致"),
    RETAKE: _("要重拍"),
    BULK: _("可成批确认"),
}


class Read(NamedTuple):
    """One reading as the queue weighs it; the value stays sealed."""

    spot: Spot
    state: str
    confidence: float
    index: str


class Spoken(NamedTuple):
    """One word of this side in force."""

    verdict: str
    basis: str


@dataclass(frozen=True)
class Line:
    """One page in the queue. `alike`: values that may be confirmed in bulk, `left`: values without a word."""

    sheet: Sheet
    filing: Filing | None
    owner: Enrolment | None
    kind: str
    certainty: float
    values: int
    left: int
    differences: int
    began_different: bool = False
    alike: tuple[Spot, ...] = ()
    wants_retake: bool = False

    @property
    def uuid(self) -> UUID:
        return self.sheet.uuid

    @property
    def is_done(self) -> bool:
        return self.left == 0

    @property
    def mark(self) -> str:
        """What the strip shows beside it."""
        if self.wants_retake:
            return "retake"
        if self.is_done:
            return "done"
        return "differs" if self.differences else "open"

    @property
    def whose(self) -> str:
        return self.owner.name if self.owner else origin(self.sheet)

    @property
    def is_bulk(self) -> bool:
        """Nothing on the page wants a choice, and some of it equals the roster."""
        return bool(self.alike) and not self.differences

    @property
    def order(self) -> tuple[bool, float, int, int, int]:
        """What differed comes first, settled or not: a page keeps its place while it is worked on."""
        sheet = self.sheet
        return not self.began_different, self.certainty, sheet.upload_id, sheet.number, sheet.cut

    def belongs(self, chosen: str) -> bool:
        return {
            OPEN: not self.is_done,
            DIFFERING: bool(self.differences),
            RETAKE: self.wants_retake,
            BULK: self.is_bulk,
        }.get(chosen, True)


@dataclass
class Queue:
    """All pages of one dossier with values, as this viewer may verify them; a fixed number of queries."""

    dossier: DossierPage
    viewer: Account
    chosen: str = ""
    current: str = ""
    roster: RosterSide = field(init=False)

    def __post_init__(self) -> None:
        self.roster = RosterSide(self.dossier)
        self.chosen = self.chosen if self.chosen in FILTERS else ""

    @cached_property
    def pages(self) -> QuerySet[Sheet]:
        return verifiable_sheets(self.viewer, self.dossier)

    @cached_property
    def lines(self) -> list[Line]:
        """Every page with values: what differs first, then by the least certain value, then as it was scanned."""
        rows = self.pages.filter(pk__in=self._read).select_related("upload__blob", "reading", "dossier")
        rows = rows.defer("reading__lines", "reading__masked_text")  # sealed and long; nobody reads them here
        made = [self._line(sheet) for sheet in rows]
        return sorted(made, key=lambda line: line.order)

    @cached_property
    def shown(self) -> list[Line]:
        """The lines under the chosen filter; the page asked for stays, so that one's place is not lost."""
        return [line for line in self.lines if line.belongs(self.chosen) or str(line.uuid) == self.current]

    @cached_property
    def line(self) -> Line | None:
        """The page asked for, else the first that is not done, else the first."""
        asked = next((line for line in self.lines if str(line.uuid) == self.current), None)
        left = next((line for line in self.shown if not line.is_done), None)
        return asked or left or next(iter(self.shown), None)

    @property
    def at(self) -> int:
        """Which of the shown pages, from 0; -1 where it is none of them."""
        return next((n for n, one in enumerate(self.shown) if self.line and one.uuid == self.line.uuid), -1)

    @property
    def position(self) -> int:
        return self.at + 1

    @property
    def before(self) -> Line | None:
        return self.shown[self.at - 1] if self.at > 0 else None

    @property
    def after(self) -> Line | None:
        return self.shown[self.at + 1] if 0 <= self.at < len(self.shown) - 1 else None

    @property
    def next_open(self) -> Line | None:
        """The next page that is not done, round the corner if need be."""
        turned = [*self.shown[self.at + 1 :], *self.shown[: max(self.at, 0)]]
        return next((line for line in turned if not line.is_done), None)

    @property
    def strip(self) -> list[Line]:
        """The pages around the one in view."""
        start = max(min(self.at - STRIP // 3, len(self.shown) - STRIP), 0)
        return self.shown[start : start + STRIP]

    @property
    def left(self) -> int:
        return sum(not line.is_done for line in self.lines)

    @property
    def filters(self) -> list[tuple[str, str | Promise, int, bool]]:
        rows = [
            (name, label, sum(line.belongs(name) for line in self.lines), name == self.chosen)
            for name, label in FILTERS.items()
        ]
        return [row for row in rows if row[2] or row[3] or not row[0]]

    @property
    def bulk(self) -> list[Line]:
        return [line for line in self.lines if line.is_bulk]

    # What is asked of the database ---------------------------------------------------------------------
    @cached_property
    def _read(self) -> Mapping[int, list[Read]]:
        rows = FieldReading.objects.filter(reading__sheet__in=self.pages).values_list(
            "reading__sheet", "document", "row", "name", "state", "confidence", "value_index"
        )
        found: dict[int, list[Read]] = defaultdict(list)
        for sheet_id, document, row, name, state, confidence, index in rows.order_by("id"):
            found[sheet_id].append(Read(Spot.of(document, row, name), state, confidence, index))
        return found

    @cached_property
    def _names(self) -> Mapping[int, dict[Spot, str]]:
        """The names read on each page, opened: they tell whose it is."""
        rows = FieldReading.objects.filter(reading__sheet__in=self.pages, name__in=NAMES)
        found: dict[int, dict[Spot, str]] = defaultdict(dict)
        for row in _with_sheet(rows):
            found[row.reading.sheet_id][Spot.of(row.document, row.row, row.name)] = plain(row.value)
        return found

    @cached_property
    def _said(self) -> Mapping[int, dict[Spot, Spoken]]:
        mine = in_force(self.dossier.field_statements.filter(by_bureau=self.viewer.is_of_bureau))
        rows = mine.annotate(read_at=F("sheet__reading__read_at"))
        found: dict[int, dict[Spot, Spoken]] = defaultdict(dict)
        again: list[int] = []
        for pk, sheet_id, document, row, name, verdict, basis, made_at, read_at in rows.values_list(
            "pk", "sheet", "document", "row", "name", "verdict", "basis", "made_at", "read_at"
        ):
            if read_at and read_at > made_at:
                again.append(pk)
            found[sheet_id][Spot.of(document, row, name)] = Spoken(verdict, basis)
        for sheet_id, spot in self._outdated(again):
            found[sheet_id].pop(spot, None)
        return found

    def _outdated(self, again: list[int]) -> list[tuple[int, Spot]]:
        """Of the words given before their page was read again, those that no longer fit it."""
        if not again:
            return []
        words = list(FieldStatement.objects.filter(pk__in=again))
        fields = FieldReading.objects.filter(reading__sheet__in=[one.sheet_id for one in words])
        now = {
            (row.reading.sheet_id, Spot.of(row.document, row.row, row.name)): plain(row.value)
            for row in _with_sheet(fields)
        }
        spots = [(one, (one.sheet_id, Spot.of(one.document, one.row, one.name))) for one in words]
        return [spot for one, spot in spots if not still_fits(one, now.get(spot, ""))]

    @cached_property
    def _filings(self) -> Mapping[int, Filing]:
        """What each page is filed as, or proposed to be, for this viewer."""
        states = (Filing.State.PROPOSED, Filing.State.FILED)
        filings = (
            current_filings(self.viewer, self.dossier)
            if self.viewer.is_of_bureau
            else self.dossier.filings.filter(state__in=states)
        )
        places = FilingSheet.objects.filter(filing__in=filings.values("pk"), sheet__in=self.pages)
        rows = places.select_related("filing").order_by("filing__state", "filing_id")
        found = {place.sheet_id: place.filing for place in rows}
        for filing in found.values():
            filing.enrolment = self.roster.people.get(filing.enrolment_id)  # with the person joined
        return found

    # One page ------------------------------------------------------------------------------------------
    def _line(self, sheet: Sheet) -> Line:
        reads, said = self._read[sheet.pk], self._said.get(sheet.pk, {})
        filing = self._filings.get(sheet.pk)
        owners = self._owners(sheet, reads, filing)
        differing = {one.spot for one in reads if self._differs(sheet, one, owners)}
        left = [one for one in reads if one.spot not in said]
        alike = tuple(
            one.spot
            for one in left
            if one.spot not in differing and self._is_alike(sheet, one, owners.get(_place(one.spot)))
        )
        return Line(
            sheet=sheet,
            filing=filing,
            owner=_whose(filing, owners),
            kind=self._kind(sheet.reading, filing),
            certainty=min((one.confidence for one in reads), default=1.0),
            values=len(reads),
            left=len(left),
            differences=sum(one.spot in differing for one in left),
            began_different=bool(differing),
            alike=alike,
            wants_retake=any(one.verdict == FieldStatement.Verdict.UNREADABLE for one in said.values()),
        )

    def _owners(
        self, sheet: Sheet, reads: Iterable[Read], filing: Filing | None
    ) -> dict[Owned, Enrolment | None]:
        """As RosterSide.owners does, by blind index: no number is opened for the queue."""
        names = self._names.get(sheet.pk, {})
        by_index: dict[Owned, Enrolment | None] = {}
        for one in reads:
            if one.spot.name == NUMBER:
                by_index[_place(one.spot)] = self.roster.by_index.get(one.index)
        owners = self.roster.owners(
            names | {one.spot: "" for one in reads if one.spot.name == NUMBER},
            filing.enrolment if filing else None,
            near=False,
        )
        several = len([place for place in owners if place[1] < 0]) > 1
        for place, owner in by_index.items():
            if owner is not None and (several or place[1] >= 0 or owners.get(place) is None):
                owners[place] = owner
        return owners

    def _differs(self, sheet: Sheet, one: Read, owners: Mapping[Owned, Enrolment | None]) -> bool:
        """Whether a person must choose: doubtful, hardly read, or not what the roster holds."""
        owner = owners.get(_place(one.spot))
        if self.roster.has_no_box(one.spot.name, one.state, owner):
            return False
        if one.state in DOUBTFUL or one.confidence < LOW:
            return True
        if one.spot.name == NUMBER:
            return owner is not None and one.index != owner.person.id_number_index
        if one.spot.name in NAMES:
            return owner is not None and not same("name", self._names[sheet.pk].get(one.spot, ""), owner.name)
        return False

    def _is_alike(self, sheet: Sheet, one: Read, owner: Enrolment | None) -> bool:
        """Whether the value equals the roster as far as that is told without opening it."""
        if owner is None or one.spot.name not in OF_A_PERSON:
            return False
        if one.spot.name == NUMBER:
            return one.state == State.CHECKED and one.index == owner.person.id_number_index
        return one.spot.name not in NAMES or same("name", self._names[sheet.pk].get(one.spot, ""), owner.name)

    def _kind(self, reading: PageReading, filing: Filing | None) -> str:
        ledger = ledger_of(self.dossier)
        if filing and ledger.has(filing.item_id):
            return gettext(ledger.item(filing.item_id).short_name)
        return kind_name(reading.kind)


def waiting(viewer: Account, dossier: DossierPage) -> int:
    """How many pages have values nobody of this side has spoken on; one query, for the tab."""
    mine = FieldStatement.objects.filter(
        sheet=OuterRef("reading__sheet"),
        document=OuterRef("document"),
        name=OuterRef("name"),
        by_bureau=viewer.is_of_bureau,
        superseded_at__isnull=True,
    )
    spoken = mine.annotate(at=ROW).filter(at=OuterRef("at"))
    fields = FieldReading.objects.filter(reading__sheet__in=verifiable_sheets(viewer, dossier))
    return fields.annotate(at=ROW).filter(~Exists(spoken)).values("reading__sheet").distinct().count()


def _with_sheet(fields: QuerySet[FieldReading]) -> QuerySet[FieldReading]:
    """With the page they stand on, without its sealed lines."""
    return fields.select_related("reading").defer("reading__lines", "reading__masked_text")


def _place(spot: Spot) -> Owned:
    return spot.document, spot.row


def _whose(filing: Filing | None, owners: Mapping[Owned, Enrolment | None]) -> Enrolment | None:
    """Whose page it is: the one it is filed for, else the first named outside tables."""
    if filing and filing.enrolment:
        return filing.enrolment
    return next((owner for place, owner in owners.items() if owner and place[1] < 0), None)
