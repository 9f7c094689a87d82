"""One page in the tray and the groups pages stand in: what wants a hand, what may be confirmed with its like."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.components.meters import HIGH, LOW
from cms.rows.sheets import Place, SheetRow, item_title
from dossiers.ledgers import LedgerItem, Per
from dossiers.models import Enrolment, Filing, Sheet, Upload

DUPLICATE, OTHER_CLASS, BLANK, ID_FAILED, NOBODY = "duplicate", "other_class", "blank", "id", "nobody"
DIVIDER, SEVERAL, DIFFERS, ELSEWHERE = "divider", "several", "differs", "elsewhere"
UNREAD = "unread"
DIVIDER_KIND, DIVIDER_LEADS, DIVIDER_APPLIED = "divider_sheet", "divider", "divider_applied"
FIRST: dict[str, tuple[str | Promise, str]] = {
    DIVIDER: (_("分隔页"), "qrcode"),
    SEVERAL: (_("一页几份，可拆分"), "scissors"),
    DUPLICATE: (_("与已收重复"), "copy"),
    ELSEWHERE: (_("他班有同一图像"), "users"),
    OTHER_CLASS: (_("疑属他班"), "route"),
    DIFFERS: (_("与指定去处不符"), "arrow-right"),
    BLANK: (_("空白页"), "file"),
    ID_FAILED: (_("证号校验不符"), "id"),
    NOBODY: (_("件、人或课次未认出"), "user-question"),
}
BANDS: dict[str, str | Promise] = {"low": _("低于 50 %"), "middle": _("50–80 %"), "high": _("高于 80 %")}
SHOWN_IN_GROUP = 6


@dataclass(frozen=True)
class Entry:
    """One sheet in the tray with what was suggested for it."""

    sheet: Sheet
    row: SheetRow
    filing: Filing | None
    item: LedgerItem | None
    enrolment: Enrolment | None
    confidence: float
    flags: frozenset[str]
    reasons: tuple[str, ...]
    position: int = 1
    pages: int = 1
    lead: tuple[int, int, int] = (0, 0, 0)  # upload, page and piece on which its paper begins

    @property
    def uuid(self) -> UUID:
        return self.sheet.uuid

    @property
    def is_unread(self) -> bool:
        """No engine has been at it yet; it is not doubtful, it waits."""
        waits = self.sheet.upload.state == Upload.State.RECEIVED or self.sheet.cut > 0
        return self.filing is None and waits

    @property
    def is_paper(self) -> bool:
        """Several pages that go together."""
        return self.pages > 1

    @property
    def is_divider(self) -> bool:
        return self.filing is not None and self.filing.kind == DIVIDER_KIND

    @property
    def is_placed(self) -> bool:
        """Item known, and the trainee or the sitting where one is asked for."""
        return self.item is not None and NOBODY not in self.flags

    @property
    def is_sure(self) -> bool:
        """Good enough to be confirmed together with its like, once a person has paged through them."""
        return self.is_placed and not self.flags and self.confidence > HIGH

    @property
    def band(self) -> str:
        return "low" if self.confidence < LOW else "middle" if self.confidence <= HIGH else "high"

    @property
    def caption(self) -> str:
        if self.row.is_recording:
            return str(self.filing.session) if self.filing and self.filing.session else gettext("课次未认出")
        if self.is_divider:
            return gettext("分隔页")
        if self.is_paper and self.position > 1:
            return gettext("第 %(at)s 页，共 %(of)s 页") % {"at": self.position, "of": self.pages}
        if SEVERAL in self.flags:
            return gettext("一页几人")
        if self.enrolment:
            return (
                self.enrolment.name
                if self.is_sure or self.sheet.state == Sheet.State.FILED
                else gettext("疑 %(name)s") % {"name": self.enrolment.name}
            )
        if self.item and self.item.per != Per.TRAINEE:
            return gettext(self.item.short_name)
        if self.is_unread:
            return gettext("待认读")
        return gettext("空白页") if BLANK in self.flags else gettext("人未认出")

    @property
    def place(self) -> Place | None:
        """The suggested place, as far as it is known."""
        if self.filing is None or self.item is None:
            return None
        return place_of(self.filing)


def place_of(filing: Filing) -> Place:
    """Where a filing lies; needs enrolment and session joined."""
    return Place(
        filing.item_id,
        filing.part,
        str(filing.enrolment.uuid) if filing.enrolment else "",
        str(filing.session.uuid) if filing.session else "",
    )


@dataclass(frozen=True)
class Group:
    """Entries that belong together: the like of one item, or one suggestion's pages of one upload."""

    key: str
    title: str
    target: str
    reason: str
    entries: tuple[Entry, ...]
    is_sure: bool

    @property
    def is_paper(self) -> bool:
        return self.entries[0].is_paper

    @property
    def can_be_cut(self) -> bool:
        return len(self.entries) == 1 and SEVERAL in self.entries[0].flags

    @property
    def filings(self) -> tuple[Filing, ...]:
        """What would be confirmed with the group, each paper once."""
        held = {entry.filing.pk: entry.filing for entry in self.entries if entry.filing}
        return tuple(held.values())

    @property
    def confidence(self) -> float:
        return min(entry.confidence for entry in self.entries)

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.entries[:SHOWN_IN_GROUP]

    @property
    def more(self) -> int:
        return max(len(self.entries) - SHOWN_IN_GROUP, 0)


def order(entry: Entry) -> tuple:
    """What wants a hand first, then the least certain; what nobody read yet waits at the end; a paper in its order."""
    return (entry.is_unread, not entry.flags, entry.confidence, entry.lead, entry.position)


def in_order(papers: list[list[Entry]]) -> list[Entry]:
    """The pages of all papers: the papers as their most urgent page stands, each one's pages together."""
    ranked = sorted(papers, key=lambda pages: min(order(entry) for entry in pages))
    return [entry for pages in ranked for entry in sorted(pages, key=lambda entry: entry.position)]


def belongs(entry: Entry, chosen: str) -> bool:
    """Whether an entry stands under a line of the left column."""
    if not chosen:
        return True
    if chosen.startswith("item:"):
        return entry.item is not None and entry.item.id == chosen.removeprefix("item:")
    if chosen == UNREAD:
        return entry.is_unread
    if chosen in BANDS:
        return not entry.row.is_blank and not entry.is_unread and entry.band == chosen
    return chosen in entry.flags


def group_key(entry: Entry) -> str:
    """Sure ones of one item together, and those placed on the same grounds; the doubtful by trainee and upload."""
    if entry.is_unread:
        return UNREAD
    if entry.is_paper:
        return f"paper-{entry.filing.uuid}"
    if entry.is_divider:
        return f"divider-{entry.uuid}"
    if entry.is_sure:
        return f"sure-{entry.item.id}"
    if entry.item is None:
        return "blank" if BLANK in entry.flags else f"unknown-{entry.sheet.upload_id}"
    if entry.is_placed and not entry.flags and entry.confidence >= LOW:
        grounds = ".".join(reason["code"] for reason in entry.filing.reasons)
        return f"near-{entry.item.id}-{grounds}"
    whose = entry.enrolment.seq if entry.enrolment else "x"
    return f"{entry.item.id}-{whose}-{entry.sheet.upload_id}"


def _title(first: Entry) -> str:
    if first.item:
        return item_title(first.item)
    if first.is_divider:
        return gettext("分隔页")
    if first.is_unread:
        return gettext("等候认读")
    return gettext("空白页") if BLANK in first.flags else gettext("还没有认出是哪一件")


def _target(entries: list[Entry]) -> str:
    if entries[0].row.is_recording:
        known = {entry.filing.session_id for entry in entries if entry.filing and entry.filing.session_id}
        return gettext("%(count)s 节课") % {"count": len(known)} if known else gettext("课次未认出")
    names = list(dict.fromkeys(entry.enrolment.name for entry in entries if entry.enrolment))
    first = entries[0]
    if first.is_divider or (BLANK in first.flags and first.item is None):
        return ""
    if len(names) > 2:
        return gettext("%(count)s 人") % {"count": len(names)}
    if names:
        return gettext("、").join(names)
    if first.item is None or first.item.per != Per.TRAINEE:
        return gettext("全班") if first.item else ""
    return gettext("人未认出")


def _said(entries: list[Entry], *, sure: bool) -> str:
    if sure and len(entries) > 1 and not entries[0].is_paper:
        return gettext("这一组 %(count)s 页把握都高于 80 %%，翻看后可整组确认。") % {"count": len(entries)}
    told = list(dict.fromkeys(reason for entry in entries for reason in entry.reasons))
    return gettext("；").join(told[:2])


def unread_reasons(sheet: Sheet, filing: Filing | None) -> tuple[str, ...]:
    """Why a page stands here without a suggestion."""
    if sheet.is_blank:
        return (gettext("这一页是空白页，可以弃置；原件仍在。"),)
    if filing is not None:
        return ()
    if sheet.upload.state == Upload.State.UNREADABLE:
        return (gettext("这一页没有读成，请看图后手工归件。"),)
    if sheet.upload.state == Upload.State.RECEIVED or sheet.cut:
        return (gettext("正在排队认读；也可以现在就手工归件。"),)
    return (gettext("没有认出是哪一件，请看图后手工归件。"),)


def group_of(key: str, entries: list[Entry]) -> Group:
    """A group ready to print; it is sure when every entry is."""
    first = entries[0]
    sure = all(entry.is_sure for entry in entries)
    return Group(
        key=key,
        title=_title(first),
        target=_target(entries),
        reason=_said(entries, sure=sure),
        entries=tuple(entries),
        is_sure=sure,
    )
