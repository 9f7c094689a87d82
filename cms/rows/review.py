"""The review's rows: the items of one dossier, and the one that lies open with its papers and its checklist."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext

from cms.rows.crosschecks import CrossFindings
from cms.rows.review_hints import Hint, ItemEvidence, hints_of, whose
from cms.rows.sheets import SheetRow, item_label, item_title, sheet_row
from cms.rows.versions import Versions
from dossiers.actions.course import must_be_ticked
from dossiers.ledgers import ReviewPoint
from dossiers.models import Account, DossierPage, Filing, FilingSheet, ItemRecord, PointVerdict, ReturnNote
from dossiers.permissions import may_review_item
from dossiers.standing import ItemStanding, Standing, pages_of, papers_of
from dossiers.states import REVIEWER_MAY_JUDGE, DossierState, ItemState
from dossiers.versions import Change, PageChange


@dataclass(frozen=True)
class ItemLine:
    """One line of the left column; `is_opened`: she saw the papers that lie there now, so it may go in bulk."""

    id: str
    label: str
    title: str
    url: str
    state: str
    judged: int
    points: int
    pages: int
    is_current: bool
    is_opened: bool
    wants_hand: bool
    may_judge: bool


@dataclass(frozen=True)
class GivenVerdict:
    """A verdict as it was given; voided ones stand beside the new papers."""

    verdict: str
    word: str
    reason: str
    by: str
    at: datetime
    voided_at: datetime | None

    @classmethod
    def of(cls, row: PointVerdict) -> "GivenVerdict":
        return cls(
            row.verdict,
            row.get_verdict_display(),
            row.reason,
            row.given_by.full_name,
            row.given_at,
            row.voided_at,
        )


@dataclass(frozen=True)
class PointRow:
    """One point of the checklist: its verdict, what the system found, and the verdict a new version voided."""

    id: str
    text: str
    is_unsettled_practice: bool
    given: GivenVerdict | None
    voided: GivenVerdict | None
    hints: tuple[Hint, ...]
    kept: int = 0  # pages the voided verdict was given on that still lie there
    fresh: int = 0  # pages it was not given on

    @property
    def shape(self) -> str:
        return self.given.verdict if self.given else "none"


@dataclass(frozen=True)
class PagePlace:
    """One page of the opened item, with whose it is and the page it came instead of."""

    sheet: SheetRow
    caption: str
    second: str
    filing: str
    url: str
    is_current: bool
    is_new: bool
    replaced: SheetRow | None = None


@dataclass(frozen=True)
class NoteRow:
    """A return: reason, remedy, where, by whom; settled ones keep the answer that settled them."""

    uuid: str
    reason: str
    remedy: str
    where: str
    by: str
    at: datetime
    reply: str
    is_open: bool
    was_replaced: bool


@dataclass
class Review:
    """One dossier before a reviewer: read once, in a fixed number of queries."""

    dossier: DossierPage
    viewer: Account
    item_id: str = ""
    page: str = ""
    opened: dict[str, tuple[int, str]] = field(default_factory=dict)

    @cached_property
    def standing(self) -> Standing:
        return Standing(self.dossier, self.viewer)

    @cached_property
    def judged_by_me(self) -> frozenset[str]:
        """Items this reviewer may judge at all; a finance reviewer only those that carry money."""
        return frozenset(
            one.item.id
            for one in self.standing.items
            if may_review_item(self.viewer, one.item.id, self.dossier)
        )

    @cached_property
    def is_open_for_verdicts(self) -> bool:
        return self.dossier.progress.state in REVIEWER_MAY_JUDGE

    @cached_property
    def lines(self) -> list[ItemLine]:
        """Every item that stands before the reviewer, in the article's order."""
        return [self._line(one) for one in self.standing.items if must_be_ticked(one)]

    @cached_property
    def current_id(self) -> str:
        """The item asked for, else the first that wants a hand, else the first there is."""
        if self.item_id:
            return self.item_id
        before_her = [one for one in self.standing.items if must_be_ticked(one)]
        wanting = [one for one in before_her if _wants_hand(one) and one.item.id in self.judged_by_me]
        return next((one.item.id for one in wanting or before_her), "")

    @cached_property
    def current(self) -> ItemStanding | None:
        """The opened item; None where this ledger has no such item, or nothing lies before the reviewer."""
        return self.standing.item(self.current_id) if self.current_id else None

    @property
    def address(self) -> str:
        """Where the opened item lives; its forms go there."""
        if self.current is None:
            return self.dossier.screen("review")
        return self.dossier.screen("review-item", self.current_id)

    @property
    def may_judge(self) -> bool:
        return (
            self.is_open_for_verdicts
            and self.current is not None
            and self.current.item.id in self.judged_by_me
        )

    @property
    def version(self) -> int:
        return self.current.record.version if self.current and self.current.record else 0

    @cached_property
    def evidence(self) -> ItemEvidence:
        return ItemEvidence(self.standing, self.current)

    @cached_property
    def checks(self) -> CrossFindings:
        return CrossFindings(self.standing)

    @cached_property
    def other_hints(self) -> tuple[Hint, ...]:
        """What the papers say against each other and no point of the checklist asks about."""
        return hints_of(self.checks, self.checks.beside_no_point(self.current.item.id))

    @cached_property
    def points(self) -> list[PointRow]:
        return [self._point(point) for point in self.current.item.review]

    @property
    def title(self) -> str:
        return item_title(self.current.item)

    @cached_property
    def versions(self) -> Versions:
        return Versions(self.dossier, self.viewer)

    @cached_property
    def changed(self) -> dict[str, PageChange]:
        """By sheet: the item's pages that are new or elsewhere since the last time it lay here."""
        found = self.versions.counterparts(self.current.item.id)
        return {sheet: one for sheet, one in found.items() if one.change != Change.SAME}

    @property
    def changes_url(self) -> str:
        """Where every change of the opened item is told; empty where there is none."""
        changes = self.versions.by_item.get(self.current.item.id, ())
        if all(one.change == Change.SAME for one in changes):
            return ""
        return self.dossier.screen("item-changes", self.current.item.id)

    @cached_property
    def pages(self) -> list[PagePlace]:
        """The item's pages by roster, part and sitting; in view is the one asked for, else the first that changed."""
        places = [
            (filing, place)
            for filing in sorted(self.current.filings, key=self._order)
            for place in filing.places.all()
        ]
        order = [str(place.sheet.uuid) for _filing, place in places]
        first = next((uuid for uuid in order if uuid in self.changed), next(iter(order), ""))
        chosen = self.page if self.page in order else first
        return [self._page(filing, place, chosen) for filing, place in places]

    @cached_property
    def in_view(self) -> PagePlace | None:
        return next((page for page in self.pages if page.is_current), None)

    @property
    def page_no(self) -> int:
        return self.pages.index(self.in_view) + 1 if self.in_view else 0

    @property
    def before(self) -> PagePlace | None:
        return self.pages[self.page_no - 2] if self.page_no > 1 else None

    @property
    def after(self) -> PagePlace | None:
        return self.pages[self.page_no] if self.page_no < len(self.pages) else None

    @property
    def next_line(self) -> ItemLine | None:
        """The next item that wants a hand, round the corner if need be."""
        at = next((n for n, line in enumerate(self.lines) if line.is_current), -1)
        turned = [*self.lines[at + 1 :], *self.lines[: max(at, 0)]]
        return next((line for line in turned if line.wants_hand and line.may_judge), None)

    @cached_property
    def notes(self) -> list[NoteRow]:
        """All returns ever written on the opened item, the open ones first."""
        rows = self.dossier.returns.filter(record__item_id=self.current.item.id)
        rows = rows.select_related("returned_by", "filing__enrolment", "filing__session", "sheet__upload")
        notes = [_note(row) for row in rows]
        return sorted(notes, key=lambda note: not note.is_open)

    @property
    def wanting(self) -> int:
        return sum(line.wants_hand for line in self.lines)

    @property
    def ticked(self) -> int:
        return sum(line.state == "ticked" for line in self.lines)

    @property
    def returned(self) -> int:
        return len(self.standing.open_returns)

    @property
    def is_handed_in(self) -> bool:
        return self.dossier.progress.state == DossierState.HANDED_IN

    def _line(self, one: ItemStanding) -> ItemLine:
        live = _live(one.record)
        version = one.record.version if one.record else 0
        return ItemLine(
            id=one.item.id,
            label=item_label(one.item),
            title=gettext(one.item.name),
            url=self.dossier.screen("review-item", one.item.id),
            state=str(one.state),
            judged=len(live),
            points=len(one.item.review),
            pages=sum(len(filing.places.all()) for filing in one.filings),
            is_current=self.current_id == one.item.id,
            is_opened=self.opened.get(one.item.id) == (version, one.sha256),
            wants_hand=_wants_hand(one),
            may_judge=one.item.id in self.judged_by_me,
        )

    def _point(self, point: ReviewPoint) -> PointRow:
        rows = list(self.current.record.points.all()) if self.current.record else []
        mine = [row for row in rows if row.point_id == point.id]
        live = next((row for row in mine if row.voided_at is None), None)
        gone = [row for row in mine if row.voided_at is not None]
        seen = set(gone[-1].pages) if gone and gone[-1].verdict != PointVerdict.Verdict.RETURNED else set()
        there = set(pages_of(papers_of(point, self.current.filings))) if seen and live is None else set()
        return PointRow(
            id=point.id,
            text=gettext(point.text),
            is_unsettled_practice=point.to_be_confirmed,
            given=GivenVerdict.of(live) if live else None,
            voided=GivenVerdict.of(gone[-1]) if gone and live is None else None,
            hints=(
                *hints_of(self.checks, self.checks.of_point(self.current.item.id, point.id)),
                *self.evidence.hints(point.evidence),
            ),
            kept=len(seen & there),
            fresh=len(there - seen),
        )

    def _order(self, filing: Filing) -> tuple:
        parts = [part.id for part in self.current.item.parts]
        return (
            filing.enrolment.seq if filing.enrolment else 0,
            parts.index(filing.part) if filing.part in parts else len(parts),
            str(filing.session.held_on) if filing.session else "",
            filing.pk,
        )

    def _page(self, filing: Filing, place: FilingSheet, chosen: str) -> PagePlace:
        item = self.current.item
        part = item.part(filing.part)
        row = sheet_row(place.sheet)
        became = self.changed.get(str(row.uuid))
        old = self.versions.sheets.get(became.old.sheet) if became and became.old else None
        return PagePlace(
            sheet=row,
            caption=whose(filing) or gettext(part.name if part else item.short_name),
            second=gettext(part.name) if part and whose(filing) else row.origin,
            filing=str(filing.uuid),
            url=f"{self.dossier.screen('review-item', item.id)}?page={row.uuid}",
            is_current=str(row.uuid) == chosen,
            is_new=became is not None,
            replaced=sheet_row(old) if old and became.change == Change.REPLACED else None,
        )


def _wants_hand(one: ItemStanding) -> bool:
    return one.state not in (ItemState.TICKED, ItemState.RETURNED)


def _live(record: ItemRecord | None) -> list[PointVerdict]:
    return [row for row in record.points.all() if row.voided_at is None] if record else []


def _note(row: ReturnNote) -> NoteRow:
    places = [whose(row.filing)] if row.filing else []
    if row.sheet:
        places.append(sheet_row(row.sheet).origin)
    return NoteRow(
        uuid=str(row.uuid),
        reason=row.reason,
        remedy=row.remedy,
        where=" · ".join(place for place in places if place),
        by=row.returned_by.full_name,
        at=row.returned_at,
        reply=row.reply,
        is_open=row.settled_at is None,
        was_replaced=row.settled_by_filing_id is not None,
    )
