"""Rules about papers: what must lie there, copies, signatures, the contents on the box, spot checks, the agreement."""

from dossiers.calendar import WorkCalendar
from dossiers.rules.facts import CaseFacts
from dossiers.rules.findings import Judged, failed, not_asked, passed, unknown
from dossiers.rules.parameters import Asked
from dossiers.sentences import gettext_noop, sentence

WHOLE = 10_000  # hundredths of a per cent


def papers_present(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """All papers of the claim are there; "a|b" asks for one of the two (R22, R23)."""
    there, needed = case.papers.items, asked.texts("documents")
    if there is None:
        return unknown(["items"], needed=tuple(needed))
    missing = [names for names in needed if not set(names.split("|")) & set(there)]
    if missing:
        told = sentence(
            "papers_missing", gettext_noop("还缺 %(count)s 种申领材料。请补齐后再申领。"), count=len(missing)
        )
        return failed(told, needed=tuple(needed), missing=tuple(missing)).of(missing)
    return passed(needed=tuple(needed))


def pages_of_one_class(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """No page of another class lies in this dossier (R31)."""
    foreign = case.papers.foreign_pages
    if foreign is None:
        return unknown(["foreign_pages"])
    if foreign:
        told = sentence(
            "pages_of_other_classes",
            gettext_noop("有 %(count)s 页疑属别的班次。请逐页核对，放回各自的班次。"),
            count=foreign,
        )
        return failed(told, foreign_pages=foreign)
    return passed(foreign_pages=0)


def contents_up_to_date(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """The contents pasted on the box is the dossier's own version (R32)."""
    printed, ours = case.papers.contents_version, case.papers.dossier_version
    if printed is None or ours is None:
        return unknown(["contents_version" if printed is None else "dossier_version"])
    figures = {"contents_version": printed, "dossier_version": ours}
    if printed != ours:
        told = sentence(
            "contents_outdated", gettext_noop("盒面目录不是最新的。请重新打印《卷内文件目录》并更换。")
        )
        return failed(told, **figures)
    return passed(**figures)


def copies_handed_over(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """So many copies of the opening form were handed over (R33)."""
    found, needed = case.papers.opening_form_copies, asked.number("copies")
    if found is None:
        return unknown(["opening_form_copies"], needed=needed)
    if found < needed:
        told = sentence(
            "copies_missing",
            gettext_noop("开班申请表应一式 %(needed)s 份，已登记 %(found)s 份。请补登送达。"),
            needed=needed,
            found=found,
        )
        return failed(told, copies=found, needed=needed)
    return passed(copies=found, needed=needed)


def marks_present(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """All signatures and seals of the opening form are there (R34)."""
    seen, needed = case.papers.marks, asked.texts("marks")
    if seen is None:
        return unknown(["marks"], needed=tuple(needed))
    missing = [name for name in needed if name not in seen]
    if missing:
        told = sentence(
            "marks_missing",
            gettext_noop("开班申请表还缺 %(count)s 处签字或盖章。请补签、补章后重新扫描。"),
            count=len(missing),
        )
        return failed(told, seen=len(needed) - len(missing), needed=len(needed)).of(missing)
    return passed(seen=len(needed), needed=len(needed))


def spot_checked(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """At least one spot check lies within the course, signed by both sides (R36)."""
    checks, needed = case.papers.spot_checks, asked.number("checks")
    if checks is None or case.starts_on is None or case.ends_on is None:
        missing = [name for name in ("starts_on", "ends_on") if getattr(case, name) is None]
        return unknown([*(["spot_checks"] if checks is None else []), *missing], needed=needed)
    inside = [on for on in checks if case.starts_on <= on <= case.ends_on]
    figures = {"spot_checks": len(checks), "within_course": len(inside), "needed": needed}
    if len(inside) < needed:
        told = sentence(
            "no_spot_check",
            gettext_noop("培训期内有 %(found)s 次抽查，应不少于 %(needed)s 次。抽查由人社部门安排。"),
            found=len(inside),
            needed=needed,
        )
        return failed(told, **figures)
    signatures = case.papers.spot_check_signatures
    if signatures is None:
        return unknown(["marks"], **figures)
    if signatures < 2 * len(inside):
        told = sentence("spot_check_unsigned", gettext_noop("抽查记录缺签字。检查人与负责人都应签字确认。"))
        return failed(told, signatures=signatures, **figures)
    return passed(signatures=signatures, **figures)


def entrusted_properly(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """An entrusted class has its agreement, shares that make the whole, and a listed institution (R39)."""
    if case.delivery_mode != "entrusted":
        return not_asked(delivery_mode=case.delivery_mode)
    there, shares, listed = case.papers.items, case.money.shares, case.papers.partner_listed
    faults = []
    if there is not None and "cooperation_agreement" not in there:
        faults.append("cooperation_agreement")
    if shares is not None and sum(shares) != WHOLE:
        faults.append("shares")
    if listed is False:
        faults.append("partner_listed")
    figures = {"shares": tuple(shares or ()), "partner_listed": listed if listed is not None else ""}
    if faults:
        told = sentence(
            "entrusted_improperly",
            gettext_noop("委托培训须有合作协议、合计 100%% 的分配比例和名单内的机构；有 %(count)s 处不符。"),
            count=len(faults),
        )
        return failed(told, **figures).of(faults)
    missing = [
        name
        for name, value in (("items", there), ("shares", shares), ("partner_listed", listed))
        if value is None
    ]
    return unknown(missing, **figures) if missing else passed(**figures)
