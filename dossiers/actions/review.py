"""A reviewer judges: points ticked, excused or returned, item by item or in bulk, bound to the bytes she saw."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from dossiers.actions.change import change
from dossiers.actions.written import written
from dossiers.exceptions import NotAllowed, Overtaken, ReasonMissing
from dossiers.ledgers import LedgerItem
from dossiers.models import Account, DossierPage, Filing, ItemRecord, PointVerdict, ReturnNote, Sheet
from dossiers.permissions import current_filings, may_review_item
from dossiers.sentences import gettext_noop, sentence
from dossiers.standing import digest_of, ledger_of, pages_of, papers_of, with_sheets
from dossiers.states import DossierState


@dataclass(frozen=True)
class Seen:
    """What the reviewer had before her: the item, its record's version, and the digest of its papers."""

    item_id: str
    version: int
    sha256: str


@dataclass
class Judging:
    """One item while it is being judged: its record is locked and nobody was faster."""

    item: LedgerItem
    record: ItemRecord
    sha256: str
    by: Account
    filings: list[Filing]

    def papers(self, point_id: str) -> list[Filing]:
        """Those of the item's papers that this point is about."""
        point = self.item.point(point_id)
        return papers_of(point, self.filings) if point else self.filings


def tick_point(dossier: DossierPage, seen: Seen, point_id: str, *, by: Account) -> ItemRecord:
    """Tick one point off; the item is done once every point is ticked or excused."""
    with _judging(dossier, [seen], by=by, action="tick_point", point=point_id) as (judging,):
        _give(judging, point_id, PointVerdict.Verdict.TICKED)
        return _settle(judging)


def excuse_point(dossier: DossierPage, seen: Seen, point_id: str, *, by: Account, reason: str) -> ItemRecord:
    """Excuse one point; the reason is kept beside it."""
    reason = _reason(reason)
    with _judging(dossier, [seen], by=by, action="excuse_point", point=point_id, reason=reason) as (judging,):
        _give(judging, point_id, PointVerdict.Verdict.EXCUSED, reason)
        return _settle(judging)


def clear_point(dossier: DossierPage, seen: Seen, point_id: str, *, by: Account) -> ItemRecord:
    """Take one's verdict on a point back; a return on it is taken back with it."""
    with _judging(dossier, [seen], by=by, action="clear_point", point=point_id) as (judging,):
        _void(judging, point_id)
        return _settle(judging)


def return_point(
    dossier: DossierPage,
    seen: Seen,
    point_id: str,
    *,
    by: Account,
    reason: str,
    remedy: str = "",
    filing: Filing | None = None,
    sheet: Sheet | None = None,
) -> ReturnNote:
    """Return one point with a reason the institution reads at log-in, and the page it is about where there is one."""
    reason = _reason(reason)
    with _judging(dossier, [seen], by=by, action="return_point", point=point_id, reason=reason) as (judging,):
        _give(judging, point_id, PointVerdict.Verdict.RETURNED, reason)
        return _return(judging, point_id=point_id, reason=reason, remedy=remedy, filing=filing, sheet=sheet)


def return_item(
    dossier: DossierPage,
    seen: Seen,
    *,
    by: Account,
    reason: str,
    remedy: str = "",
    filing: Filing | None = None,
    sheet: Sheet | None = None,
) -> ReturnNote:
    """Return an item, or one page of it, with a reason."""
    reason = _reason(reason)
    with _judging(dossier, [seen], by=by, action="return_item", reason=reason) as (judging,):
        return _return(judging, point_id="", reason=reason, remedy=remedy, filing=filing, sheet=sheet)


def return_pages(
    dossier: DossierPage,
    seen: Seen,
    point_id: str,
    *,
    by: Account,
    reason: str,
    remedy: str = "",
    pages: Sequence[tuple[Filing, Sheet]],
) -> list[ReturnNote]:
    """Return several pages for one reason, on a point or (point_id "") on the item: a note a page, all or none."""
    reason = _reason(reason)
    with _judging(dossier, [seen], by=by, action="return_pages", point=point_id, reason=reason) as (judging,):
        if point_id:
            _give(judging, point_id, PointVerdict.Verdict.RETURNED, reason)
        return [
            _return(judging, point_id=point_id, reason=reason, remedy=remedy, filing=filing, sheet=sheet)
            for filing, sheet in pages
        ]


def take_return_back(note: ReturnNote, seen: Seen, *, by: Account) -> None:
    """The reviewer takes a return of hers back before the dossier leaves her desk."""
    with _judging(note.dossier, [seen], by=by, action="take_return_back", note=str(note.uuid)) as (judging,):
        ReturnNote.objects.filter(pk=note.pk, settled_at=None).update(settled_at=timezone.now())
        if note.point_id and not judging.record.returns.filter(point_id=note.point_id, settled_at=None):
            _void(judging, note.point_id)
        _settle(judging)


def tick_items(dossier: DossierPage, seen: Iterable[Seen], *, by: Account) -> list[ItemRecord]:
    """Tick whole items off: every point without a verdict gets a tick. All or none."""
    with _judging(dossier, list(seen), by=by, action="tick_items") as judgings:
        return [_tick_rest(judging) for judging in judgings]


def return_items(dossier: DossierPage, seen: Iterable[Seen], *, by: Account, reason: str) -> list[ReturnNote]:
    """Return several items for one reason. All or none."""
    reason = _reason(reason)
    with _judging(dossier, list(seen), by=by, action="return_items", reason=reason) as judgings:
        return [
            _return(judging, point_id="", reason=reason, remedy="", filing=None, sheet=None)
            for judging in judgings
        ]


@contextmanager
def _judging(
    dossier: DossierPage, seen: list[Seen], *, by: Account, action: str, **facts
) -> Iterator[list[Judging]]:
    """Lock the items judged; refuse where the papers changed or a colleague was faster."""
    for one in seen:
        if not may_review_item(by, one.item_id, dossier):
            raise NotAllowed(action)
    with change(dossier, by=by, act=None, action=action, states={DossierState.UNDER_REVIEW}, **facts) as held:
        held.facts["items"] = {one.item_id: one.sha256 for one in seen}
        ledger = ledger_of(dossier)
        yield [_lock(dossier, ledger.item(one.item_id), one, by) for one in seen]


def _lock(dossier: DossierPage, item: LedgerItem, seen: Seen, by: Account) -> Judging:
    record = (
        ItemRecord.objects.select_for_update(of=("self",))
        .select_related("verdict_by")
        .get(dossier=dossier, item_id=item.id)
    )
    won = ItemRecord.objects.filter(pk=record.pk, version=seen.version).update(version=seen.version + 1)
    if not won:
        raise Overtaken(_who_was_faster(record, item))
    filings = with_sheets(current_filings(by, dossier).filter(item_id=item.id))
    if digest_of(filings) != seen.sha256:
        raise Overtaken(
            sentence(
                "papers_changed",
                gettext_noop("“%(item)s”的材料已有新版本。请先看新版本，再核。"),
                item=item.short_name,
            )
        )
    record.version = seen.version + 1
    return Judging(item, record, seen.sha256, by, filings)


def _who_was_faster(record: ItemRecord, item: LedgerItem):
    last = record.points.select_related("given_by").order_by("-given_at").first()
    who = last.given_by.full_name if last else (record.verdict_by.full_name if record.verdict_by else "")
    return sentence(
        "colleague_was_faster",
        gettext_noop("“%(item)s”刚由%(who)s核过，您的这一步没有生效。已为您换成最新的样子，请再看一眼。"),
        item=item.short_name,
        who=who or "同事",
    )


def _give(judging: Judging, point_id: str, verdict: str, reason: str = "") -> None:
    if judging.item.point(point_id) is None:
        raise Overtaken(sentence("no_such_point", gettext_noop("核对要点已不在本件的清单里。请刷新后再看。")))
    _void(judging, point_id)
    PointVerdict.objects.create(
        record=judging.record,
        point_id=point_id,
        verdict=verdict,
        reason=reason,
        sha256=digest_of(judging.papers(point_id)),
        pages=pages_of(judging.papers(point_id)),
        given_by=judging.by,
    )


def _void(judging: Judging, point_id: str) -> None:
    judging.record.points.filter(point_id=point_id, voided_at=None).update(voided_at=timezone.now())
    judging.record.returns.filter(point_id=point_id, settled_at=None).update(settled_at=timezone.now())


def _return(
    judging: Judging, *, point_id: str, reason: str, remedy: str, filing: Filing | None, sheet: Sheet | None
) -> ReturnNote:
    if filing is not None and (filing.dossier_id, filing.item_id) != (
        judging.record.dossier_id,
        judging.item.id,
    ):
        raise NotAllowed("return")
    if sheet is not None and sheet.dossier_id != judging.record.dossier_id:
        raise NotAllowed("return")
    note = ReturnNote.objects.create(
        record=judging.record,
        dossier_id=judging.record.dossier_id,
        point_id=point_id,
        filing=filing,
        sheet=sheet,
        reason=reason,
        remedy=written(remedy),
        returned_by=judging.by,
    )
    _settle(judging)
    return note


def _tick_rest(judging: Judging) -> ItemRecord:
    judged = _live(judging)
    for point in judging.item.review:
        if point.id not in judged:
            _give(judging, point.id, PointVerdict.Verdict.TICKED)
    return _settle(judging, tick_without_points=True)


def _settle(judging: Judging, *, tick_without_points: bool = False) -> ItemRecord:
    """Derive the item's verdict from its points and returns, bound to what was seen."""
    record = judging.record
    live = _live(judging)
    if record.returns.filter(settled_at=None).exists():
        record.verdict = ItemRecord.Verdict.RETURNED
    elif _all_judged(judging.item, live) and (judging.item.review or tick_without_points):
        record.verdict = ItemRecord.Verdict.TICKED
    else:
        record.verdict = ItemRecord.Verdict.NONE
    record.sha256 = judging.sha256
    record.verdict_by, record.verdict_at = judging.by, timezone.now()
    record.save(update_fields=["verdict", "sha256", "verdict_by", "verdict_at"])
    return record


def _live(judging: Judging) -> dict[str, str]:
    """The verdicts in force, by point: given on the very papers of that point that lie there now."""
    given = judging.record.points.filter(voided_at=None)
    return {
        row.point_id: row.verdict for row in given if row.sha256 == digest_of(judging.papers(row.point_id))
    }


def _all_judged(item: LedgerItem, live: dict[str, str]) -> bool:
    done = {PointVerdict.Verdict.TICKED, PointVerdict.Verdict.EXCUSED}
    return all(live.get(point.id) in done for point in item.review)


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing(
            sentence(
                "reason_missing", gettext_noop("请写明原因：机构登录后看到的就是这一句，例如“缺甲方盖章”。")
            )
        )
    return written(text)
