"""Before handing in: every open thing, by item and by trainee, each with the place where it is settled."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from cms.rows.board import gap_what, gap_who
from cms.rows.item import item_address, return_row
from cms.rows.sheets import item_title
from cms.wording import say
from dossiers.completeness import Missing, Owes, owes
from dossiers.ledgers import LedgerItem
from dossiers.models import Enrolment
from dossiers.standing import ItemStanding, Standing


@dataclass(frozen=True)
class Obstacle:
    """One open thing: whose, what, and where to settle it."""

    who: str
    what: str
    url: str
    in_tray: bool = False


@dataclass(frozen=True)
class ObstacleGroup:
    """The open things of one item."""

    title: str
    clause: str
    url: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class OwedPaper:
    """One paper somebody still owes."""

    item: str
    what: str
    url: str


@dataclass(frozen=True)
class OwesRow:
    """One person (or the class) and everything still owed."""

    seq: str
    name: str
    papers: tuple[OwedPaper, ...]
    withdrawn: bool


def obstacles(standing: Standing) -> tuple[ObstacleGroup, ...]:
    """What keeps the dossier from being handed in, in the order of the ledger."""
    people = {enrolment.pk: enrolment for enrolment in standing.enrolments}
    groups = (_group(standing, item, people) for item in standing.items)
    return tuple(group for group in groups if group.obstacles)


def _group(standing: Standing, item: ItemStanding, people: dict[int, Enrolment]) -> ObstacleGroup:
    dossier = standing.dossier
    returned = [return_row(dossier, item.item, note) for note in item.returns]
    gaps = [gap for gap in item.count.missing if not (returned and gap.returned)] if item.count.blocks else []
    return ObstacleGroup(
        title=item_title(item.item),
        clause=gettext(item.item.clause),
        url=item_address(dossier, item.item.id),
        obstacles=(
            *(
                Obstacle(
                    row.where,
                    gettext("退回（%(reason)s），未补正也未答复") % {"reason": row.reason},
                    row.fix_url,
                )
                for row in returned
            ),
            *(_obstacle(standing, item.item, gap, people) for gap in gaps),
        ),
    )


def _obstacle(standing: Standing, item: LedgerItem, gap: Missing, people: dict[int, Enrolment]) -> Obstacle:
    dossier = standing.dossier
    url = dossier.screen("tray") if gap.proposed else _place(standing, item, gap, people)
    return Obstacle(gap_who(gap), gap_what(item, gap), url, gap.proposed)


def _place(standing: Standing, item: LedgerItem, gap: Missing, people: dict[int, Enrolment]) -> str:
    """Where a gap is closed: the roster or the timetable where those are empty, else the item's drop zone."""
    if gap.text.code == "no_roster":
        return standing.dossier.screen("roster")
    if gap.text.code == "no_sessions":
        return standing.dossier.screen("sessions")
    return item_address(standing.dossier, item.id, people.get(gap.trainee_key))


def owes_rows(standing: Standing) -> tuple[OwesRow, ...]:
    """谁还缺什么: the class first, then trainees in roster order, those who left last."""
    found = owes(standing.completeness, standing.trainee_facts)
    people = {enrolment.pk: enrolment for enrolment in standing.enrolments}
    return tuple(_owes_row(standing, row, people) for row in found)


def _owes_row(standing: Standing, row: Owes, people: dict[int, Enrolment]) -> OwesRow:
    return OwesRow(
        seq=str(row.seq) if row.trainee_key is not None else "",
        name=row.name or gettext("本班"),
        papers=tuple(_owed(standing, gap, people) for gap in row.papers),
        withdrawn=row.withdrawn,
    )


def _owed(standing: Standing, gap: Missing, people: dict[int, Enrolment]) -> OwedPaper:
    item = standing.ledger.item(gap.item_id)
    session = gap_who(gap) if gap.trainee_key is None else ""
    words = gap_what(item, gap) if gap.text.params else say(gap.text)
    return OwedPaper(
        item=item_title(item),
        what=f"{session} {words}".strip(),
        url=item_address(standing.dossier, item.id, people.get(gap.trainee_key)),
    )


def owed_count(rows: Iterable[OwesRow]) -> int:
    """How many papers are owed in all."""
    return sum(len(row.papers) for row in rows)
