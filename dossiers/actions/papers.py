"""What lies in the tray as one paper: suggestions gathered, parted, put in order, and put back as they were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from dossiers.actions.change import Change, change
from dossiers.actions.placing import sheet_in
from dossiers.exceptions import NotAllowed, NotReady, Overtaken
from dossiers.models import Account, DossierPage, Filing, FilingSheet, Sheet
from dossiers.permissions import Act
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import INSTITUTION_MAY_CHANGE

BIND, PART, LOOSEN, REORDER, ROUTE, RESTORE = (
    "bind_papers",
    "part_paper",
    "loosen_page",
    "reorder_paper",
    "route_pages",
    "restore_papers",
)
BOUND_BY_HAND = {"code": "bound_by_hand", "params": {}}


@dataclass(frozen=True)
class Suggestion:
    """What a suggestion says, apart from its pages; people and sittings by UUID. No name, no number."""

    item_id: str = ""
    part: str = ""
    enrolment: str = ""
    session: str = ""
    kind: str = ""
    proposed_by: str = ""
    confidence: float = 0.0
    reasons: tuple[Mapping[str, Any], ...] = ()
    alternatives: tuple[Mapping[str, Any], ...] = ()
    dated_on: str = ""
    document_no: str = ""


@dataclass(frozen=True)
class Paper:
    """Sheets in order, by UUID, and what is suggested for them together; None where nothing is."""

    sheets: tuple[str, ...]
    says: Suggestion | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        """For a session, which keeps what a step can be taken back to."""
        return {"sheets": list(self.sheets), "says": asdict(self.says) if self.says else None}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Paper":
        says = kept["says"]
        told = {
            key: tuple(value) if isinstance(value, list) else value for key, value in (says or {}).items()
        }
        return cls(tuple(kept["sheets"]), Suggestion(**told) if says else None)


def as_they_lie(sheets: Iterable[Sheet]) -> list[Paper]:
    """The papers that these sheets of the tray lie in now, whole, and the sheets that lie in none."""
    wanted = list(sheets)
    rows = Filing.objects.filter(places__sheet__in=wanted, state=Filing.State.PROPOSED).distinct()
    rows = rows.select_related("enrolment", "session").prefetch_related("places__sheet").order_by("id")
    papers = [_paper(filing) for filing in rows]
    covered = {uuid for paper in papers for uuid in paper.sheets}
    return papers + [Paper((str(one.uuid),)) for one in wanted if str(one.uuid) not in covered]


def bind(dossier: DossierPage, sheets: Sequence[Sheet], *, by: Account) -> None:
    """Make one paper of these sheets, in this order; it goes where the surest of their suggestions said."""
    if len(sheets) < 2:
        raise NotReady(sentence("nothing_to_bind", gettext_noop("合为一份至少要两页。请先勾选要合并的页。")))
    lying = [paper.says for paper in as_they_lie(sheets) if paper.says]
    placed = [says for says in lying if says.item_id]
    surest = max(placed or lying, key=lambda says: says.confidence, default=Suggestion())
    reasons = tuple(one for one in surest.reasons if one["code"] not in ("blank", "bound_by_hand"))
    says = replace(surest, reasons=(*reasons, BOUND_BY_HAND))
    arrange(dossier, [Paper(tuple(str(sheet.uuid) for sheet in sheets), says)], by=by, action=BIND)


def part(filing: Filing, first: Sheet, *, by: Account, says: Suggestion | None) -> None:
    """From `first` on, the pages of a suggestion become a paper of their own, of which `says` tells where it goes."""
    order = _order(filing)
    at = _position(order, first)
    if at == 0:
        raise NotReady(
            sentence(
                "first_page_parts_nothing",
                gettext_noop("这是这一份的第一页，前面没有页可分。请从后面的页分开。"),
            )
        )
    held = _paper(filing)
    papers = [Paper(order[:at], held.says), Paper(order[at:], says)]
    arrange(filing.dossier, papers, by=by, action=PART)


def loosen(filing: Filing, sheet: Sheet, *, by: Account, says: Suggestion | None) -> None:
    """Take one page out of a suggested paper; it lies for itself."""
    order = _order(filing)
    at = _position(order, sheet)
    rest = order[:at] + order[at + 1 :]
    held = _paper(filing)
    papers = [Paper((str(sheet.uuid),), says), *([Paper(rest, held.says)] if rest else [])]
    arrange(filing.dossier, papers, by=by, action=LOOSEN)


def reorder(filing: Filing, order: Sequence[str], *, by: Account) -> None:
    """Put the pages of a suggested paper into another order; every page must be named once."""
    held = _paper(filing)
    if sorted(order) != sorted(held.sheets):
        raise Overtaken(
            sentence("paper_changed", gettext_noop("这一份的页刚有变动，没有改顺序。请刷新后再排。"))
        )
    arrange(filing.dossier, [Paper(tuple(order), held.says)], by=by, action=REORDER)


def arrange(dossier: DossierPage, papers: Sequence[Paper], *, by: Account, action: str) -> None:
    """Let the tray hold exactly these papers of their sheets; what else was suggested for the sheets goes.

    All the sheets must lie in the tray; other pages of a suggestion that loses some keep what is left of it.
    """
    with change(dossier, by=by, act=Act.FILE, action=action, states=INSTITUTION_MAY_CHANGE) as held:
        sheets = _locked(held, papers)
        FilingSheet.objects.filter(
            sheet__in=[sheet.pk for sheet in sheets.values()], filing__state=Filing.State.PROPOSED
        ).delete()
        Filing.objects.filter(dossier=dossier, state=Filing.State.PROPOSED, places=None).delete()
        for paper in papers:
            if paper.says is not None:
                write(dossier, [sheets[uuid] for uuid in paper.sheets], paper.says)
        held.facts |= {"papers": len(papers), "pages": len(sheets)}


def write(dossier: DossierPage, sheets: Sequence[Sheet], says: Suggestion) -> Filing:
    """The rows of one suggestion; the caller holds the change."""
    filing = Filing.objects.create(
        dossier=dossier,
        item_id=says.item_id,
        part=says.part,
        enrolment=dossier.enrolments.filter(uuid=says.enrolment).first() if says.enrolment else None,
        session=dossier.sessions.filter(uuid=says.session).first() if says.session else None,
        kind=says.kind,
        proposed_by=says.proposed_by,
        confidence=says.confidence,
        reasons=[dict(reason) for reason in says.reasons],
        alternatives=[dict(other) for other in says.alternatives],
        dated_on=date.fromisoformat(says.dated_on) if says.dated_on else None,
        document_no=says.document_no,
    )
    FilingSheet.objects.bulk_create(
        FilingSheet(filing=filing, sheet=sheet, position=position) for position, sheet in enumerate(sheets, 1)
    )
    return filing


def said(filing: Filing) -> Suggestion:
    """A suggestion as it can be written down again; needs enrolment and session joined."""
    return Suggestion(
        item_id=filing.item_id,
        part=filing.part,
        enrolment=str(filing.enrolment.uuid) if filing.enrolment else "",
        session=str(filing.session.uuid) if filing.session else "",
        kind=filing.kind,
        proposed_by=filing.proposed_by,
        confidence=filing.confidence,
        reasons=tuple(filing.reasons),
        alternatives=tuple(filing.alternatives),
        dated_on=filing.dated_on.isoformat() if filing.dated_on else "",
        document_no=filing.document_no,
    )


def _paper(filing: Filing) -> Paper:
    return Paper(_order(filing), said(filing))


def _order(filing: Filing) -> tuple[str, ...]:
    return tuple(
        str(place.sheet.uuid) for place in filing.places.select_related("sheet").order_by("position")
    )


def _position(order: Sequence[str], sheet: Sheet) -> int:
    if str(sheet.uuid) not in order:
        raise Overtaken(
            sentence("paper_changed", gettext_noop("这一份的页刚有变动，没有改顺序。请刷新后再排。"))
        )
    return order.index(str(sheet.uuid))


def _locked(held: Change, papers: Sequence[Paper]) -> dict[str, Sheet]:
    named = [uuid for paper in papers for uuid in paper.sheets]
    found = {str(sheet.uuid): sheet for sheet in Sheet.objects.filter(dossier=held.dossier, uuid__in=named)}
    if len(found) != len(named):
        raise NotAllowed(Act.FILE)
    return {uuid: sheet_in(sheet, Sheet.State.IN_TRAY) for uuid, sheet in sorted(found.items())}
