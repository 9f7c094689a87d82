"""The board's rows: each ledger item in the article's order, with what is there, what is amiss and whose hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.rows.attendance_findings import ITEM as ATTENDANCE
from cms.rows.attendance_findings import attendance_findings
from cms.rows.crosschecks import CrossFindings
from cms.wording import say
from dossiers.completeness import Missing
from dossiers.ledgers import LedgerItem
from dossiers.models import DossierPage, Filing, ReturnNote
from dossiers.recordings import THEORY_VIDEO
from dossiers.standing import ItemStanding, Standing, is_electronic
from dossiers.states import ITEM_STATE_NAMES, OUTSIDE_THE_DENOMINATOR, ItemState

FINDINGS_SHOWN = 2
WANTS_HAND = frozenset({ItemState.RETURNED, ItemState.EXPECTED, ItemState.TO_CONFIRM})
ORDER_OF_FILTERS = (
    ItemState.RETURNED,
    ItemState.EXPECTED,
    ItemState.TO_CONFIRM,
    ItemState.SUBMITTED,
    ItemState.TICKED,
    ItemState.NOT_DUE,
    ItemState.NOT_APPLICABLE,
)
# What the intake found and wants looked at before a person confirms it (codes of dossiers.matching).
DOUBTS = {
    "id_number_check_failed": _("证号校验不符"),
    "id_number_differs": _("证号与名册不一致"),
    "name_and_number_disagree": _("姓名与证号不是同一人"),
    "not_on_roster": _("疑属他班：名册无此人"),
    "other_class": _("写着别的班次号"),
    "known_elsewhere": _("已见于别的班次"),
}


@dataclass(frozen=True)
class Finding:
    """One thing to look at: `kind` doubt or block, in words, with the place to mend it.

    `is_contradiction`: papers say different things of the same.
    """

    kind: str
    text: str
    url: str = ""
    is_contradiction: bool = False


@dataclass(frozen=True)
class BoardRow:
    """One line of the board."""

    id: str
    seq: str
    name: str
    remark: str
    clause: str
    have: int
    due: int | None
    unit: str
    pages: str
    state: ItemState
    findings: tuple[Finding, ...]
    last_who: str
    last_at: datetime | None
    url: str
    is_open: bool = False

    @property
    def shown_findings(self) -> tuple[Finding, ...]:
        return self.findings[:FINDINGS_SHOWN]

    @property
    def more_findings(self) -> int:
        return max(0, len(self.findings) - FINDINGS_SHOWN)

    @property
    def is_quiet(self) -> bool:
        """Waits for something; its name is printed lighter."""
        return self.state in OUTSIDE_THE_DENOMINATOR

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """Findings that are settled elsewhere, for the opened row to point at; contradictions it lists in full."""
        return tuple(
            found
            for found in self.findings
            if found.kind == "doubt" and found.url and not found.is_contradiction
        )

    @property
    def has_pages(self) -> bool:
        return self.pages.isdigit()

    @property
    def wants_hand(self) -> bool:
        return self.state in WANTS_HAND


@dataclass(frozen=True)
class Filter:
    """One chip above the table."""

    id: str
    label: str | Promise
    count: int
    url: str
    is_current: bool
    key: str = ""


def board_rows(
    standing: Standing, *, checks: CrossFindings | None = None, opened: str = ""
) -> tuple[BoardRow, ...]:
    """Every item of the ledger and then the further papers, ready to print."""
    checks = checks or CrossFindings(standing)
    return tuple(board_row(standing, item, checks, is_open=item.item.id == opened) for item in standing.items)


def board_row(
    standing: Standing, item: ItemStanding, checks: CrossFindings, *, is_open: bool = False
) -> BoardRow:
    """One item ready to print."""
    last = item.last
    return BoardRow(
        id=item.item.id,
        seq=item.item.seq or "+",
        name=gettext(item.item.name),
        remark=_remark(item),
        clause=gettext(item.item.clause),
        have=item.count.have,
        due=None if item.state == ItemState.NOT_APPLICABLE else item.count.needed or None,
        unit=gettext(item.count.unit),
        pages=_pages(item),
        state=item.state,
        findings=tuple(findings(standing.dossier, item, checks)),
        last_who=last[0] if last else "",
        last_at=last[1] if last else None,
        url=standing.dossier.screen("item", item.item.id),
        is_open=is_open,
    )


def filters(rows: Sequence[BoardRow], *, current: str, address: str) -> tuple[Filter, ...]:
    """Chips: all, what wants a hand, what has findings, then each state that occurs."""
    found = [
        Filter("all", _("全部"), len(rows), address, current == "all"),
        Filter("todo", _("要办"), *_chip(rows, "todo", current, address)),
    ]
    found += [
        Filter(state.value, _(ITEM_STATE_NAMES[state]), *_chip(rows, state.value, current, address))
        for state in ORDER_OF_FILTERS
        if any(row.state == state for row in rows)
    ]
    if any(row.findings for row in rows):
        found.append(Filter("doubts", _("疑点"), *_chip(rows, "doubts", current, address), key="f"))
    return tuple(found)


def filtered(rows: Iterable[BoardRow], which: str) -> tuple[BoardRow, ...]:
    """The rows a chip leaves standing; an opened row always stays."""
    return tuple(row for row in rows if row.is_open or _answers(row, which))


def known_filter(which: str) -> str:
    """The filter asked for, or "all"."""
    return which if which in {"todo", "doubts", *ITEM_STATE_NAMES} else "all"


def _chip(rows: Sequence[BoardRow], which: str, current: str, address: str) -> tuple[int, str, bool]:
    count = sum(_answers(row, which) for row in rows)
    return count, f"{address}?show={which}", current == which


def _answers(row: BoardRow, which: str) -> bool:
    if which == "all":
        return True
    if which == "todo":
        return row.wants_hand
    if which == "doubts":
        return bool(row.findings)
    return row.state == which


def findings(dossier: DossierPage, item: ItemStanding, checks: CrossFindings) -> Iterable[Finding]:
    """Returns first, then doubts about the tray, then what papers contradict, then who is missing: who + what."""
    for note in item.returns:
        yield Finding("block", return_words(note), "#item-" + item.item.id)
    yield from _doubts(dossier, item.proposals)
    yield from _contradictions(item, checks)
    if any(filing.part == THEORY_VIDEO for filing in item.filings):
        yield from (Finding("doubt", one.text, one.url) for one in checks.recorded.shortfalls())
    if item.item.id == ATTENDANCE:
        yield from (Finding(one.kind, one.text, one.url) for one in attendance_findings(checks.standing))
    yield from _gaps(item)


def _contradictions(item: ItemStanding, checks: CrossFindings) -> Iterable[Finding]:
    for found in checks.of_item(item.item.id):
        if found.is_breach:
            row = checks.row(found)
            text = gettext("%(who)s：%(what)s") % {"who": row.who, "what": row.chip} if row.who else row.chip
            yield Finding(row.kind, text, row.url, is_contradiction=True)


def return_words(note: ReturnNote) -> str:
    """A return as who + what: 赵立新：缺甲方盖章."""
    if note.filing and note.filing.enrolment:
        return gettext("%(who)s：%(what)s") % {"who": note.filing.enrolment.name, "what": note.reason}
    return note.reason


def _doubts(dossier: DossierPage, proposals: Iterable[Filing]) -> Iterable[Finding]:
    counts: dict[str, int] = {}
    for filing in proposals:
        for code in {reason.get("code", "") for reason in filing.reasons} & DOUBTS.keys():
            counts[code] = counts.get(code, 0) + 1
    for code, count in counts.items():
        text = gettext("%(what)s %(count)s 页") % {"what": DOUBTS[code], "count": count}
        yield Finding("doubt", text, dossier.screen("tray"))


def _gaps(item: ItemStanding) -> Iterable[Finding]:
    """Who is missing, once the others are there; an item nobody has handed in is plainly expected."""
    if item.state == ItemState.EXPECTED and not item.filings:
        return
    for gap in _one_a_person(gap for gap in item.count.missing if not gap.returned):
        yield Finding("doubt", gap_words(item.item, gap))


def gap_words(item: LedgerItem, gap: Missing) -> str:
    """A gap as who + what: 王海燕：缺劳动合同签字页."""
    who, what = gap_who(gap), gap_what(item, gap)
    return gettext("%(who)s：%(what)s") % {"who": who, "what": what} if who else what


def gap_who(gap: Missing) -> str:
    """Whose paper, or of which session; empty for the class's own."""
    return str(gap.text.params.get("who", "")).strip()


def gap_what(item: LedgerItem, gap: Missing) -> str:
    """What is missing, without whose."""
    if not gap.text.params:
        return say(gap.text)
    if gap.proposed:
        return gettext("收件里有，待确认")
    part = item.part(gap.part)
    if part:
        return gettext("缺%(paper)s") % {"paper": gettext(part.name)}
    return gettext("退回待补") if gap.returned else gettext("尚未收到")


def _one_a_person(gaps: Iterable[Missing]) -> Iterable[Missing]:
    seen = set()
    for gap in gaps:
        key = (gap.trainee_key, gap.session_key, gap.part if gap.trainee_key is None else None)
        if key not in seen:
            seen.add(key)
            yield gap


def _remark(item: ItemStanding) -> str:
    """One short remark beside the name: why it waits or is not asked of all, else the archive's own words."""
    if item.count.why is not None:
        return say(item.count.why)
    if item.count.withdrawn:
        return gettext("退学 %(count)s 人不计") % {"count": item.count.withdrawn}
    return gettext(item.item.catalogue_remark) if item.item.catalogue_remark else ""


def _pages(item: ItemStanding) -> str:
    pages = sum(len(filing.places.all()) for filing in item.filings if not is_electronic(filing))
    if pages:
        return str(pages)
    return gettext("电子") if item.filings else "—"


def ticked_of(rows: Iterable[BoardRow]) -> tuple[int, int]:
    """How many numbered items are ticked off, of how many that count."""
    counted = [row for row in rows if row.seq != "+" and row.state != ItemState.NOT_APPLICABLE]
    return sum(row.state == ItemState.TICKED for row in counted), len(counted)
