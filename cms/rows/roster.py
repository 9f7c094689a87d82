"""Rows of the roster: each trainee against each paper of hers."""

from dataclasses import dataclass

from dossiers.completeness import ItemCompleteness, Missing
from dossiers.ledgers import LedgerItem, Status
from dossiers.models import Enrolment, Filing
from dossiers.standing import Standing


@dataclass(frozen=True)
class PaperCell:
    """One trainee's paper: how many pages lie there, how many wait in the tray, what is missing."""

    item: LedgerItem
    pages: int
    waiting: int
    missing: tuple[Missing, ...]
    is_asked: bool = True

    @property
    def state(self) -> str:
        """One of the seven states of an item."""
        if any(gap.returned for gap in self.missing):
            return "returned"
        if self.missing:
            return "to_confirm" if self.waiting else "expected"
        if self.pages:
            return "submitted"
        if self.waiting:
            return "to_confirm"
        return "not_due" if self.is_asked else "not_applicable"


@dataclass(frozen=True)
class RosterRow:
    """One trainee with her papers."""

    enrolment: Enrolment
    cells: tuple[PaperCell, ...]
    url: str

    @property
    def owes(self) -> int:
        return sum(len(cell.missing) for cell in self.cells)


@dataclass(frozen=True)
class PaperRow:
    """One item of one trainee's page, with the filings that answer it."""

    cell: PaperCell
    filings: tuple[Filing, ...]


def roster_rows(standing: Standing) -> list[RosterRow]:
    """Every trainee in roster order, against every trainee's item in the article's order."""
    pages = _count(standing.filings)
    waiting = _count(standing.proposals)
    gaps: dict[tuple[str, object], list[Missing]] = {}
    for count in standing.completeness:
        for gap in count.missing:
            gaps.setdefault((gap.item_id, gap.trainee_key), []).append(gap)
    items = [item for item in standing.ledger.items if item.per == "trainee"]
    settled = {count.item_id for count in standing.completeness if _nobody_waits(count)}
    return [
        RosterRow(
            enrolment,
            tuple(
                PaperCell(
                    item,
                    pages.get((item.id, enrolment.pk), 0),
                    waiting.get((item.id, enrolment.pk), 0),
                    tuple(gaps.get((item.id, enrolment.pk), ())),
                    is_asked=item.id not in settled,
                )
                for item in items
            ),
            standing.dossier.screen("trainee", enrolment.uuid),
        )
        for enrolment in standing.enrolments
    ]


def trainee_rows(standing: Standing, enrolment: Enrolment) -> list[PaperRow]:
    """One trainee's papers, item by item."""
    row = next(row for row in roster_rows(standing) if row.enrolment.pk == enrolment.pk)
    return [
        PaperRow(
            cell,
            tuple(
                filing
                for filing in standing.filings
                if filing.item_id == cell.item.id and filing.enrolment_id == enrolment.pk
            ),
        )
        for cell in row.cells
    ]


def _nobody_waits(count: ItemCompleteness) -> bool:
    """Asked of nobody, or asked by now of all of whom it ever will be: who owes nothing is not waited for."""
    return count.status == Status.NOT_APPLICABLE or (count.status == Status.REQUIRED and not count.waiting)


def _count(filings: list[Filing]) -> dict[tuple[str, int | None], int]:
    counted: dict[tuple[str, int | None], int] = {}
    for filing in filings:
        place = (filing.item_id, filing.enrolment_id)
        counted[place] = counted.get(place, 0) + len(filing.places.all())
    return counted
