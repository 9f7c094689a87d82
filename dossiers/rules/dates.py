"""Rules about days: working days between two dates, terms in months, one date before another."""

from datetime import date

from dossiers.calendar import ONE_DAY, WorkCalendar, add_months
from dossiers.rules.facts import CaseFacts
from dossiers.rules.findings import Judged, doubtful, failed, not_asked, passed, provisional, unknown
from dossiers.rules.parameters import Asked
from dossiers.sentences import gettext_noop, sentence

#: What must follow what (R48), by the fact's name; pairs are compared one by one.
SEQUENCE = (
    "agreement_signed_on",
    "submitted_on",
    "approved_on",
    "first_lesson_on",
    "last_lesson_on",
    "exam_end_on",
    "certificates_on",
    "reported_on",
    "notice_start_on",
    "notice_end_on",
    "paid_on",
)


def workdays_at_least(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """At least so many working days lie behind `start` up to `end` (R01, R19)."""
    start, end, needed = asked.day(case, "start"), asked.day(case, "end"), asked.number("days")
    if start is None or end is None:
        return unknown(asked.missing_days(case, "start", "end"), needed=needed)
    count = calendar.fully_between(start, end) if asked.flag("strict") else calendar.between(start, end)
    figures = {asked.name("start"): start, asked.name("end"): end, "workdays": count.number, "needed": needed}
    if count.provisional:
        return provisional(**figures)
    if count.number >= needed:
        return passed(**figures)
    told = sentence(
        "too_few_workdays",
        gettext_noop("其间只有 %(found)s 个工作日，应不少于 %(needed)s 个。请改期，或更正日期。"),
        found=count.number,
        needed=needed,
    )
    return failed(told, **figures)


def workdays_at_most(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """`end` lies at most so many working days behind `start`; overdue once the last day has gone (R17-R21)."""
    start, end, most = asked.day(case, "start"), asked.day(case, "end"), asked.number("days", case)
    if not most:
        return unknown(["payee"])
    if start is None:
        return unknown(asked.missing_days(case, "start", "end"), most=most)
    due = calendar.after(start, most)
    figures = {asked.name("start"): start, "most": most, "due_on": due.on}
    if due.provisional:
        return provisional(**figures)
    if end is None and case.today <= due.on:
        return unknown([asked.name("end")], **figures)
    until = end or case.today
    used = calendar.between(start, until).number
    figures |= {asked.name("end"): end or "", "workdays": used}
    if until <= due.on:
        return passed(**figures)
    told = sentence(
        "too_many_workdays",
        gettext_noop(
            "已用 %(found)s 个工作日，应在 %(most)s 个工作日内（%(due)s 前）。请说明原因并尽快办理。"
        ),
        found=used,
        most=most,
        due=due.on.isoformat(),
    )
    return failed(told, **figures)


def days_at_least(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """At least so many calendar days between two dates (R37)."""
    start, end, needed = asked.day(case, "start"), asked.day(case, "end"), asked.number("days")
    if start is None or end is None:
        return unknown(asked.missing_days(case, "start", "end"), needed=needed)
    found = (end - start).days
    figures = {asked.name("start"): start, asked.name("end"): end, "days": found, "needed": needed}
    if found >= needed:
        return passed(**figures)
    told = sentence(
        "too_few_days",
        gettext_noop("提前了 %(found)s 天（自然日），应不少于 %(needed)s 天。请改鉴定日期，或说明原因。"),
        found=found,
        needed=needed,
    )
    return failed(told, **figures)


def days_apart_at_most(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Two dates lie at most so many days apart (R02: the same day)."""
    start, end, most = asked.day(case, "start"), asked.day(case, "end"), asked.number("days")
    if start is None or end is None:
        return unknown(asked.missing_days(case, "start", "end"), most=most)
    found = abs((end - start).days)
    figures = {asked.name("start"): start, asked.name("end"): end, "days": found, "most": most}
    if found <= most:
        return passed(**figures)
    told = sentence(
        "days_apart", gettext_noop("两个日期相差 %(found)s 天，应同步办理。请核对日期。"), found=found
    )
    return failed(told, **figures)


def approved_before_first_lesson(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Approved before the class opens; on the day itself is worth a look (R03)."""
    approved, first = case.approved_on, case.first_lesson_on
    if approved is None or first is None:
        missing = [name for name in ("approved_on", "first_lesson_on") if getattr(case, name) is None]
        return unknown(missing)
    figures = {"approved_on": approved, "first_lesson_on": first}
    if approved < first:
        return passed(**figures)
    if approved == first:
        told = sentence("approved_same_day", gettext_noop("审核与首课在同一天。请核对是否审核在先。"))
        return doubtful(told, **figures)
    told = sentence("opened_unapproved", gettext_noop("首课早于审核。应经人社部门审核后开班；请核对日期。"))
    return failed(told, **figures)


def term_between(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """The training lasts from `least` to `most` months; to `longest` with a special approval (R26, R28)."""
    start, end = case.starts_on, case.ends_on
    if start is None or end is None:
        return unknown([name for name in ("starts_on", "ends_on") if getattr(case, name) is None])
    least, most, longest = asked.number("least"), asked.number("most"), asked.number("longest") or 0
    behind = end + ONE_DAY
    figures = {"starts_on": start, "ends_on": end, "least_months": least, "most_months": most}
    if add_months(start, least) <= behind <= add_months(start, most):
        return passed(**figures)
    if longest and add_months(start, most) < behind <= add_months(start, longest):
        figures |= {"longest_months": longest, "special_approval_no": case.special_approval_no or ""}
        if case.special_approval_no:
            return passed(**figures)
        told = sentence(
            "extension_needs_approval",
            gettext_noop("期限超过 %(most)s 个月，属特殊情况。请补填批准延长的文号。"),
            most=most,
        )
        return failed(told, **figures)
    told = sentence(
        "term_out_of_bounds",
        gettext_noop("培训期限应为 %(least)s 至 %(most)s 个月。请核对起止日期。"),
        least=least,
        most=longest or most,
    )
    return failed(told, **figures)


def term_at_most(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """The training ends within so many months (R27)."""
    start, end, most = case.starts_on, case.ends_on, asked.number("months")
    if start is None or end is None:
        return unknown([name for name in ("starts_on", "ends_on") if getattr(case, name) is None])
    last = add_months(start, most) - ONE_DAY
    figures = {"starts_on": start, "ends_on": end, "last_day": last, "months": most}
    if end <= last:
        return passed(**figures)
    told = sentence(
        "term_too_long",
        gettext_noop("培训期限最长 %(most)s 个月，应到 %(last)s 为止。请核对起止日期。"),
        most=most,
        last=last.isoformat(),
    )
    return failed(told, **figures)


def in_sequence(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Each step not before the one before it; what is missing is said, never guessed (R48)."""
    dated = [(name, on) for name in SEQUENCE if isinstance(on := getattr(case, name), date)]
    figures: dict[str, object] = dict(dated)
    turned = [
        (one, other)
        for (one, before), (other, after) in zip(dated, dated[1:], strict=False)
        if after < before
    ]
    if turned:
        told = sentence(
            "out_of_sequence", gettext_noop("有 %(count)s 处日期先后颠倒。请逐一核对。"), count=len(turned)
        )
        return failed(told, **figures).of([f"{one}>{other}" for one, other in turned])
    missing = [name for name in SEQUENCE if getattr(case, name) is None and not _not_needed(case, name)]
    return unknown(missing, **figures) if missing else passed(**figures)


def _not_needed(case: CaseFacts, name: str) -> bool:
    return name == "agreement_signed_on" and case.delivery_mode != "entrusted"


def appraisal_filed(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Only where the occupation can be appraised is a list filed ahead (R37)."""
    if case.appraisable is False:
        return not_asked(appraisable=False)
    if case.appraisable is None:
        return unknown(["appraisable"])
    return days_at_least(case, asked, calendar)
