"""What the last round of mending changed in a dossier, paper by paper and page by page, as this viewer may see it.

The bureau compares what was handed in last with what it had before; the institution what it has now with what the
bureau had last, or, while nothing is unsent, the same as the bureau.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.rows.field_names import field_name
from cms.rows.review_hints import whose
from cms.rows.sheets import SheetRow, item_title, sheet_row
from cms.rows.values import Value, current_values
from cms.rows.verify_rows import masked
from dossiers.digests import filing_digest
from dossiers.ledgers import LedgerItem
from dossiers.models import Account, DossierPage, Filing, Sheet
from dossiers.permissions import current_filings
from dossiers.standing import ledger_of, with_sheets
from dossiers.versions import Change, FieldFact, PageChange, PageFact, compare, field_changes
from ingestion.models import PageReading

WORDS: dict[Change, str | Promise] = {
    Change.REPLACED: _("换了"),
    Change.TURNED: _("转了方向"),
    Change.MOVED: _("移了位置"),
    Change.ADDED: _("新加"),
    Change.REMOVED: _("撤下"),
    Change.SAME: _("没有变"),
}


@dataclass(frozen=True)
class FieldLine:
    """A value that is another now. `is_hidden`: the difference lies in what is masked."""

    label: str
    old: str
    new: str

    @property
    def is_hidden(self) -> bool:
        return self.old == self.new


@dataclass(frozen=True)
class PageLine:
    """One page that changed, old beside new."""

    change: str
    word: str | Promise
    old: SheetRow | None
    new: SheetRow | None
    old_number: int
    new_number: int
    came_from: str
    fields: tuple[FieldLine, ...]
    key: str
    is_open: bool


@dataclass(frozen=True)
class PaperLines:
    """One paper: whose, which part, the pages that changed, and how many did not."""

    title: str
    lines: tuple[PageLine, ...]
    same: int


@dataclass(frozen=True)
class ItemLine:
    """An item with what changed in it, in figures."""

    item: LedgerItem
    title: str
    url: str
    counts: tuple[tuple[str | Promise, int], ...]


@dataclass
class Versions:
    """Both versions of a dossier's papers, read in a fixed number of queries; `opened` names the page shown large."""

    dossier: DossierPage
    viewer: Account
    opened: str = ""

    @cached_property
    def now(self) -> list[Filing]:
        return with_sheets(current_filings(self.viewer, self.dossier).select_related("replaces__replaces"))

    @cached_property
    def is_unsent(self) -> bool:
        """Whether the institution has changed something that it has not handed in yet."""
        if not self.viewer.is_of_institution or self.handed_in_at is None:
            return False
        unsent = any(filing.handed_in_at is None for filing in self.now)
        return unsent or bool(self._taken_out(self.handed_in_at, None))

    @property
    def handed_in_at(self) -> datetime | None:
        return self.dossier.progress.handed_in_at

    @cached_property
    def since(self) -> datetime | None:
        """When the older of the two versions was handed in; None where there is but one."""
        if self.handed_in_at is None or self.is_unsent:
            return self.handed_in_at
        earlier = self.dossier.filings.filter(handed_in_at__lt=self.handed_in_at)
        return earlier.aggregate(last=Max("handed_in_at"))["last"]

    @cached_property
    def before(self) -> list[Filing]:
        """What the bureau had before this round."""
        if self.since is None:
            return []
        kept = [filing.pk for filing in self.now if not self._is_fresh(filing)]
        stepped_back = [self._seen_before(filing) for filing in self.now if self._is_fresh(filing)]
        until = None if self.is_unsent else self.handed_in_at
        gone = self._taken_out(self.since, until)
        wanted = {*kept, *(one.pk for one in stepped_back if one), *(one.pk for one in gone)}
        return with_sheets(self.dossier.filings.filter(pk__in=wanted))

    @cached_property
    def by_item(self) -> dict[str, tuple[PageChange, ...]]:
        """Every page of both versions by item, in the ledger's order."""
        old, new = _pages_by_item(self.before, self.looks), _pages_by_item(self.now, self.looks)
        order = [item.id for item in ledger_of(self.dossier) if item.id in old or item.id in new]
        if self.since is None:
            return {}
        moved = compare(
            [page for one in order for page in old[one]], [page for one in order for page in new[one]]
        )
        found: dict[str, list[PageChange]] = {item_id: [] for item_id in order}
        for change in moved:
            found[change.place.partition(":")[0]].append(change)
        return {item_id: tuple(changes) for item_id, changes in found.items() if changes}

    @cached_property
    def looks(self) -> dict[int, PageReading]:
        """What is known of how the pages look, by sheet."""
        sheets = {place.sheet_id for filing in (*self.before, *self.now) for place in filing.places.all()}
        rows = PageReading.objects.filter(sheet__in=sheets).only("sheet_id", "kind", "picture_hash")
        return {row.sheet_id: row for row in rows}

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        return {
            str(place.sheet.uuid): place.sheet
            for filing in (*self.before, *self.now)
            for place in filing.places.all()
        }

    @cached_property
    def titles(self) -> dict[str, str]:
        """By place: whose paper, which part."""
        ledger = ledger_of(self.dossier)
        return {_place(one): _title(ledger.item(one.item_id), one) for one in (*self.before, *self.now)}

    @property
    def items(self) -> list[ItemLine]:
        """The items in which something changed."""
        ledger = ledger_of(self.dossier)
        return [
            ItemLine(
                item=ledger.item(item_id),
                title=item_title(ledger.item(item_id)),
                url=self.dossier.screen("item-changes", item_id),
                counts=tuple((WORDS[what], count) for what, count in _counts(changes) if what != Change.SAME),
            )
            for item_id, changes in self.by_item.items()
            if any(one.change != Change.SAME for one in changes)
        ]

    def papers(self, item_id: str) -> list[PaperLines]:
        """The papers of this item in which something changed, the changed pages with their values."""
        changes = self.by_item.get(item_id, ())
        values = self._values(one for one in changes if one.change == Change.REPLACED)
        papers: defaultdict[str, list[PageChange]] = defaultdict(list)
        for one in changes:
            papers[one.place].append(one)
        changed = [one for one in changes if one.change != Change.SAME]
        opened = self.opened or (_key(changed[0]) if len(changed) == 1 else "")
        return [
            PaperLines(
                title=self.titles[place],
                lines=tuple(self._line(one, values, opened) for one in pages if one.change != Change.SAME),
                same=sum(one.change == Change.SAME for one in pages),
            )
            for place, pages in papers.items()
            if any(one.change != Change.SAME for one in pages)
        ]

    def same_elsewhere(self, item_id: str) -> int:
        """Pages of this item's other papers, all as they were."""
        changes = self.by_item.get(item_id, ())
        touched = {one.place for one in changes if one.change != Change.SAME}
        return sum(one.place not in touched for one in changes)

    def counterparts(self, item_id: str) -> dict[str, PageChange]:
        """By the sheet that lies there now: what became of the page, for the reviewer's own screen."""
        return {one.new.sheet: one for one in self.by_item.get(item_id, ()) if one.new}

    def _is_fresh(self, filing: Filing) -> bool:
        return filing.handed_in_at is None or (
            not self.is_unsent and self.since is not None and filing.handed_in_at > self.since
        )

    def _seen_before(self, filing: Filing) -> Filing | None:
        """The version of this paper that the bureau had: versions in between it never saw."""
        earlier = filing.replaces
        while earlier is not None and (earlier.handed_in_at is None or self._is_fresh(earlier)):
            earlier = earlier.replaces
        return earlier

    def _taken_out(self, since: datetime, until: datetime | None) -> list[Filing]:
        """Papers that had been handed in and were taken out of the dossier within this time, by the log."""
        entries = self.dossier.history.filter(at__gt=since)
        if until is not None:
            entries = entries.filter(at__lte=until)
        named = {name for facts in entries.values_list("facts", flat=True) for name in _named(facts)}
        gone: QuerySet[Filing] = self.dossier.filings.filter(
            state=Filing.State.WITHDRAWN, handed_in_at__lte=since, uuid__in=named
        )
        return list(gone)

    def _values(self, changes: Iterable[PageChange]) -> dict[str, tuple[FieldFact, ...]]:
        """By sheet: what its fields say, compared whole and shown masked."""
        names = {page.sheet for one in changes for page in (one.old, one.new) if page}
        sheets = [self.sheets[name] for name in names]
        found = current_values(sheets, by_bureau=self.viewer.is_of_bureau)
        return {str(sheet.uuid): tuple(_facts(found.get(sheet.pk, ()))) for sheet in sheets}

    def _line(self, one: PageChange, values: dict[str, tuple[FieldFact, ...]], opened: str) -> PageLine:
        old, new = (self.sheets[page.sheet] if page else None for page in (one.old, one.new))
        moved_away = one.change == Change.MOVED and one.old and one.new and one.old.place != one.new.place
        return PageLine(
            change=one.change.value,
            word=WORDS[one.change],
            old=sheet_row(old) if old else None,
            new=sheet_row(new) if new else None,
            old_number=one.old_number,
            new_number=one.new_number,
            came_from=self.titles[one.old.place] if moved_away and one.old else "",
            fields=tuple(_field_lines(one, values)),
            key=_key(one),
            is_open=_key(one) == opened,
        )


def _field_lines(one: PageChange, values: dict[str, tuple[FieldFact, ...]]) -> Iterable[FieldLine]:
    if one.old is None or one.new is None or one.change != Change.REPLACED:
        return
    old, new = (replace(page, fields=values.get(page.sheet, ())) for page in (one.old, one.new))
    for changed in field_changes(old, new):
        yield FieldLine(field_name(changed.name), changed.old, changed.new)


def _facts(values: Iterable[Value]) -> Iterable[FieldFact]:
    """Fields outside tables; a value nobody could read says nothing."""
    for value in values:
        if value.spot.in_row is None and value.value:
            yield FieldFact(value.name, _bare(value.value), masked(value.name, value.value))


def _bare(text: str) -> str:
    """Letters and figures alone: two readings of one dash are no change of the paper."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())


def _pages_by_item(
    filings: Sequence[Filing], looks: dict[int, PageReading]
) -> defaultdict[str, list[PageFact]]:
    found: defaultdict[str, list[PageFact]] = defaultdict(list)
    for filing in sorted(filings, key=_order):
        sheets = [place.sheet for place in filing.places.all()]
        for sheet, turn in zip(sheets, _turns_when_filed(filing, sheets), strict=True):
            found[filing.item_id].append(_fact(filing, sheet, turn, looks.get(sheet.pk)))
    return found


def _turns_when_filed(filing: Filing, sheets: Sequence[Sheet]) -> list[int]:
    """How the sheets stood when this filing was made: one may have been turned in the tray since (by its digest)."""
    now = [sheet.turn for sheet in sheets]
    for at, turn in [(0, now[0])] + [(at, turn) for at in range(len(now)) for turn in (0, 90, 180, 270)]:
        turns = [*now[:at], turn, *now[at + 1 :]]
        if filing.sha256 == filing_digest(
            (sheet.upload.blob.sha256, sheet.number, angle, sheet.region)
            for sheet, angle in zip(sheets, turns, strict=True)
        ):
            return turns
    return now


def _fact(filing: Filing, sheet: Sheet, turn: int, look: PageReading | None) -> PageFact:
    return PageFact(
        sheet=str(sheet.uuid),
        place=_place(filing),
        bytes_mark=f"{sheet.upload.blob.sha256}:{sheet.number}:{turn}:{sheet.region}",
        picture=look.picture_hash if look else "",
        kind=look.kind if look else filing.kind,
    )


def _place(filing: Filing) -> str:
    return f"{filing.item_id}:{filing.part}:{filing.enrolment_id or ''}:{filing.session_id or ''}"


def _order(filing: Filing) -> tuple:
    return (filing.enrolment.seq if filing.enrolment else 0, filing.part, filing.session_id or 0, filing.pk)


def _title(item: LedgerItem, filing: Filing) -> str:
    """Whose it is and which part; nothing more than the item where it is the class's own."""
    part = item.part(filing.part)
    words = [item_title(item), whose(filing), gettext(part.name) if part else ""]
    return " · ".join(word for word in words if word)


def _key(one: PageChange) -> str:
    page = one.new or one.old
    return page.sheet if page else ""


def _counts(changes: Iterable[PageChange]) -> list[tuple[Change, int]]:
    found = [one.change for one in changes]
    return [(what, found.count(what)) for what in Change if what in found]


def _named(facts: dict) -> Iterable[str]:
    """Filings that an entry of the log names."""
    for key in ("filing", "moved", "replaces"):
        if isinstance(facts.get(key), str):
            yield facts[key]
    if isinstance(facts.get("filings"), list):
        yield from (name for name in facts["filings"] if isinstance(name, str))
