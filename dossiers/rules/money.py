"""Rules about money: what is paid ahead, what is taken back. Cents, whole numbers, no rounding to a pass."""

from dossiers.calendar import WorkCalendar
from dossiers.rules.facts import CaseFacts
from dossiers.rules.findings import Judged, failed, not_asked, passed, unknown
from dossiers.rules.parameters import Asked
from dossiers.sentences import gettext_noop, sentence


def advance_large_enough(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """advance*100 >= pct*standard*heads (R04, R05)."""
    basis, money = asked.name("basis"), case.money
    rate: int | None = getattr(money, basis)
    if rate is None or money.approved_count is None or money.advance_cents is None:
        pairs = (
            (basis, rate),
            ("approved_count", money.approved_count),
            ("advance_cents", money.advance_cents),
        )
        return unknown([name for name, value in pairs if value is None])
    pct = asked.number("pct")
    needed = -(-pct * rate * money.approved_count // 100)
    figures = {"advance_cents": money.advance_cents, "needed_cents": needed, "pct": pct}
    if money.advance_cents * 100 >= pct * rate * money.approved_count:
        return passed(**figures)
    told = sentence(
        "advance_too_small",
        gettext_noop("先行拨付不足 %(pct)s%%，还差 %(short)s 元。请人社、财政部门核对。"),
        pct=pct,
        short=f"{(needed - money.advance_cents) / 100:.2f}",
    )
    return failed(told, **figures)


def larger_advance(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """A larger advance where workers move out of cut capacity or the training is a project (R06)."""
    if case.capacity_cut_transfer or case.project_based:
        return advance_large_enough(case, asked, calendar)
    missing = [name for name in ("capacity_cut_transfer", "project_based") if getattr(case, name) is None]
    return unknown(missing) if missing else not_asked(capacity_cut_transfer=False, project_based=False)


def paid_back_after_violation(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """After a violation all that was paid is taken back (R47)."""
    if case.violation is None:
        return unknown(["violation"])
    if not case.violation:
        return not_asked(violation=False)
    paid, back = case.money.paid_cents, case.money.reclaimed_cents
    if paid is None or back is None:
        return unknown(["paid_cents" if paid is None else "reclaimed_cents"])
    figures = {"paid_cents": paid, "reclaimed_cents": back, "open_cents": paid - back}
    if back >= paid:
        return passed(**figures)
    told = sentence(
        "not_paid_back",
        gettext_noop("应追回已拨付的资金，还有 %(open)s 元没有追回。请登记追回情况。"),
        open=f"{(paid - back) / 100:.2f}",
    )
    return failed(told, **figures)
