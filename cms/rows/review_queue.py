"""The review queue: every item of every handed-in class that wants a hand, resubmitted ones first."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.rows.sheets import item_label
from dossiers.models import Account, DossierPage, Filing, ItemRecord, ReturnNote
from dossiers.permissions import MONEY_ITEMS, Act, acts_of, visible_dossiers
from dossiers.standing import ledger_of
from dossiers.states import DossierState

QUEUED = (DossierState.HANDED_IN, DossierState.UNDER_REVIEW)
PER_PAGE = 50


@dataclass(frozen=True)
class QueueRow:
    """One item of one class; `seen` says she opened it as it lies there now and may tick it in bulk."""

    item_id: str
    label: str
    url: str
    papers: int
    came_back: bool
    seen: bool


@dataclass(frozen=True)
class QueueClass:
    """The items of one class that stand together in the queue."""

    dossier: DossierPage
    institution: str
    county: str
    handed_in_at: datetime
    reviewer: str
    is_begun: bool
    came_back: bool
    rows: tuple[QueueRow, ...]

    @property
    def url(self) -> str:
        return self.dossier.screen("review")


@dataclass(frozen=True)
class Choice:
    """One entry of a filter with its count."""

    value: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class FilterMenu:
    """One filter of the queue."""

    name: str
    label: str | Promise
    choices: tuple[Choice, ...]


@dataclass
class Queue:
    """What waits for this reviewer: two queries, however many classes there are."""

    viewer: Account
    chosen: dict[str, str] = field(default_factory=dict)
    opened: dict[str, dict[str, list]] = field(default_factory=dict)
    page: int = 1

    @cached_property
    def dossiers(self) -> dict[int, DossierPage]:
        rows = visible_dossiers(self.viewer).filter(progress__state__in=QUEUED)
        return {dossier.pk: dossier for dossier in rows.select_related("progress__reviewer")}

    @cached_property
    def everything(self) -> list[ItemRecord]:
        """Every item that wants a hand, in the order of the queue."""
        rows = _waiting(list(self.dossiers))
        if Act.REVIEW not in acts_of(self.viewer):
            rows = rows.filter(item_id__in=MONEY_ITEMS)
        return sorted(rows, key=self._order)

    @cached_property
    def kept(self) -> list[ItemRecord]:
        return [record for record in self.everything if self._belongs(record, self.chosen)]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.kept) // PER_PAGE))

    @property
    def page_numbers(self) -> range:
        return range(1, self.pages + 1)

    @property
    def came_back(self) -> int:
        return sum(record.came_back for record in self.kept)

    @cached_property
    def classes(self) -> list[QueueClass]:
        """The page shown, neighbours of one class together."""
        first = (min(max(self.page, 1), self.pages) - 1) * PER_PAGE
        gathered: dict[tuple[bool, int], list[ItemRecord]] = {}
        for record in self.kept[first : first + PER_PAGE]:
            gathered.setdefault((self._resubmitted(record), record.dossier_id), []).append(record)
        return [self._class(records) for records in gathered.values()]

    @cached_property
    def menus(self) -> list[FilterMenu]:
        return [
            self._menu("class", _("班次"), lambda one: str(self._dossier(one).uuid), self._class_label),
            self._menu("item", _("材料"), lambda one: one.item_id, self._item_label, self._item_order),
            self._menu(
                "county", _("县区"), lambda one: self._county(one).code, lambda one: self._county(one).name
            ),
        ]

    def _menu(
        self,
        name: str,
        label: str | Promise,
        value: Callable[[ItemRecord], str],
        shown: Callable[[ItemRecord], str],
        order: Callable[[ItemRecord], int] | None = None,
    ) -> FilterMenu:
        others = {key: held for key, held in self.chosen.items() if key != name}
        rows = [record for record in self.everything if self._belongs(record, others)]
        counts = Counter(value(record) for record in rows)
        labels = {value(record): shown(record) for record in rows}
        places = {value(record): order(record) for record in rows} if order else {}
        current = self.chosen.get(name, "")
        choices = (Choice(one, labels[one], counts[one], one == current) for one in labels)
        return FilterMenu(
            name,
            label,
            tuple(sorted(choices, key=lambda choice: (places.get(choice.value, 0), choice.label))),
        )

    def _belongs(self, record: ItemRecord, chosen: dict[str, str]) -> bool:
        held = {
            "class": str(self._dossier(record).uuid),
            "item": record.item_id,
            "county": self._county(record).code,
        }
        return all(held[name] == value for name, value in chosen.items() if value)

    def _order(self, record: ItemRecord) -> tuple:
        dossier = self._dossier(record)
        return (
            not self._resubmitted(record),
            dossier.progress.handed_in_at,
            dossier.pk,
            self._item_order(record),
        )

    def _item_order(self, record: ItemRecord) -> int:
        """Where its item stands in the ledger of its class."""
        order = [item.id for item in ledger_of(self._dossier(record))]
        return order.index(record.item_id) if record.item_id in order else len(order)

    def _resubmitted(self, record: ItemRecord) -> bool:
        return bool(record.came_back)

    def _class(self, records: list[ItemRecord]) -> QueueClass:
        dossier = self._dossier(records[0])
        progress = dossier.progress
        return QueueClass(
            dossier=dossier,
            institution=dossier.opener.title,
            county=dossier.opener.county.name,
            handed_in_at=progress.handed_in_at,
            reviewer=progress.reviewer.full_name if progress.reviewer else "",
            is_begun=progress.state == DossierState.UNDER_REVIEW,
            came_back=self._resubmitted(records[0]),
            rows=tuple(self._row(record) for record in records),
        )

    def _row(self, record: ItemRecord) -> QueueRow:
        dossier = self._dossier(record)
        seen = self.opened.get(str(dossier.pk), {}).get(record.item_id)
        return QueueRow(
            item_id=record.item_id,
            label=self._item_label(record),
            url=dossier.screen("review-item", record.item_id),
            papers=record.papers,
            came_back=bool(record.came_back),
            seen=bool(seen) and seen[0] == record.version,
        )

    def _dossier(self, record: ItemRecord) -> DossierPage:
        return self.dossiers[record.dossier_id]

    def _county(self, record: ItemRecord):
        return self._dossier(record).opener.county

    def _class_label(self, record: ItemRecord) -> str:
        dossier = self._dossier(record)
        return f"{dossier.class_no} {dossier.opener.short_name}"

    def _item_label(self, record: ItemRecord) -> str:
        return item_label(ledger_of(self._dossier(record)).item(record.item_id))


def _waiting(dossier_ids: list[int]):
    """Records neither ticked nor returned under which something handed in lies, with how much."""
    open_note = ReturnNote.objects.filter(record=OuterRef("pk"), settled_at=None)
    settled = ReturnNote.objects.filter(record=OuterRef("pk"), settled_at__isnull=False)
    papers = Count(
        "dossier__filings",
        filter=Q(dossier__filings__item_id=F("item_id"))
        & Q(dossier__filings__handed_in_at__isnull=False)
        & Q(dossier__filings__state=Filing.State.FILED),
    )
    rows = ItemRecord.objects.filter(dossier__in=dossier_ids).exclude(verdict=ItemRecord.Verdict.TICKED)
    rows = rows.filter(~Exists(open_note)).annotate(came_back=Exists(settled), papers=papers)
    return rows.filter(papers__gt=0)
