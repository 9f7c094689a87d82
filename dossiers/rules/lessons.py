"""Rules about lessons: how many, how long, how many a day, who was there, what was recorded."""

from collections import defaultdict
from datetime import date

from dossiers.calendar import WorkCalendar
from dossiers.rules.facts import CaseFacts, SessionFacts
from dossiers.rules.findings import Judged, doubtful, failed, not_asked, passed, unknown
from dossiers.rules.parameters import Asked
from dossiers.sentences import gettext_noop, sentence

THEORY, PRACTICE = "theory", "practice"
METHODS_ALONE = ("face", "fingerprint")


def lessons_at_least(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """The plan and, once they stand, the sessions hold at least so many lessons (R07)."""
    needed, planned = asked.number("lessons"), case.total_lessons
    given = sum(session.lessons for session in case.sessions)
    figures = {"planned": planned if planned is not None else "", "given": given, "needed": needed}
    if planned is None and not case.sessions:
        return unknown(["total_lessons", "sessions"], needed=needed)
    found = min(count for count in (planned, given or None) if count is not None)
    if found < needed:
        told = sentence(
            "too_few_lessons",
            gettext_noop("现有 %(found)s 课时，不得低于 %(needed)s 课时。请补课时，或更正课程安排。"),
            found=found,
            needed=needed,
        )
        return failed(told, **figures)
    return (
        passed(**figures)
        if planned is not None and case.sessions
        else unknown(["total_lessons" if planned is None else "sessions"], **figures)
    )


def lesson_long_enough(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Each session is as long as its lessons ask (R08)."""
    if not case.sessions:
        return unknown(["sessions"])
    minutes = asked.number("minutes")
    short = [one for one in case.sessions if one.minutes is not None and one.minutes < minutes * one.lessons]
    if short:
        told = sentence(
            "lessons_too_short",
            gettext_noop("有 %(count)s 节不足每课时 %(minutes)s 分钟。请核对起止时间。"),
            count=len(short),
            minutes=minutes,
        )
        return failed(told, minutes_a_lesson=minutes).of([one.key for one in short])
    if any(one.minutes is None for one in case.sessions):
        return unknown(["minutes"]).of([one.key for one in case.sessions if one.minutes is None])
    return passed(minutes_a_lesson=minutes, sessions=len(case.sessions))


def lessons_a_day(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """No day holds more lessons, theory and practice together (R09)."""
    if not case.sessions:
        return unknown(["sessions"])
    most = asked.number("lessons")
    days: dict[date, int] = defaultdict(int)
    for one in case.sessions:
        days[one.on] += one.lessons
    over = {on: count for on, count in days.items() if count > most}
    if over:
        told = sentence(
            "too_many_lessons_a_day",
            gettext_noop("有 %(count)s 天超过 %(most)s 课时。请调整课程安排。"),
            count=len(over),
            most=most,
        )
        return failed(told, most=most, busiest=max(over.values())).of([on.isoformat() for on in sorted(over)])
    return passed(most=most, busiest=max(days.values()))


def attendance(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Per trainee attended*100 >= pct*held, in whole numbers; who falls under it leaves the claim, not the class (R10-R12)."""
    held = sum(one.lessons for one in case.sessions if one.on <= case.today)
    if not held:
        return unknown(["sessions"])
    if not case.trainees:
        return unknown(["trainees"])
    pct = asked.number("pct")
    needed = -(-pct * held // 100)
    known = [one for one in case.trainees if one.attended_lessons is not None]
    under = [one.key for one in known if (one.attended_lessons or 0) * 100 < pct * held]
    figures = {
        "held": held,
        "pct": pct,
        "needed": needed,
        "trainees": len(case.trainees),
        "under": len(under),
    }
    if under:
        told = sentence(
            "attendance_too_low",
            gettext_noop(
                "有 %(count)s 人不足 %(pct)s%%（应到 %(held)s 课时，至少实到 %(needed)s）。申领时应剔除。"
            ),
            count=len(under),
            pct=pct,
            held=held,
            needed=needed,
        )
        return failed(told, **figures).of(under)
    if len(known) < len(case.trainees):
        return unknown(["attended_lessons"], **figures).of([t.key for t in case.trainees if t not in known])
    return passed(**figures)


def recorded_in_full(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Every theory session held is recorded from end to end, but for a gap that the ruleset allows (R13)."""
    theory = [one for one in case.sessions if one.kind == THEORY and one.on <= case.today]
    if not theory:
        return not_asked(theory_sessions=0) if case.sessions else unknown(["sessions"])
    gap, pct = asked.number("gap"), asked.number("pct")
    unseen = [one for one in theory if one.recorded_seconds is None or one.minutes is None]
    short = [one.key for one in theory if one not in unseen and not _covers(one, pct, gap)]
    figures = {"theory_sessions": len(theory), "short": len(short), "gap_seconds": gap}
    if short:
        told = sentence(
            "not_recorded_in_full",
            gettext_noop("有 %(count)s 节理论课没有录全。请补传录像，或写明原因。"),
            count=len(short),
        )
        return failed(told, **figures).of(short)
    if unseen:
        return unknown(["recorded_seconds"], **figures).of([one.key for one in unseen])
    return passed(**figures)


def _covers(session: SessionFacts, pct: int, gap: int) -> bool:
    whole = (session.minutes or 0) * 60
    seconds = session.recorded_seconds or 0
    return seconds * 100 + gap * 100 >= pct * whole and (session.longest_gap_seconds or 0) <= gap


def checked_in(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Each session held has a check-in by face or fingerprint, or a sign-in that the teacher co-signed (R14)."""
    held = [one for one in case.sessions if one.on <= case.today]
    if not held:
        return unknown(["sessions"])
    allowed = tuple(asked.texts("methods"))
    unknown_ones = [one.key for one in held if one.check_in is None]
    wrong = [
        one.key
        for one in held
        if one.check_in is not None
        and one.check_in not in allowed
        and not (one.check_in == "sign_in" and one.cosigned)
    ]
    figures = {"sessions": len(held), "without": len(wrong)}
    if wrong:
        told = sentence(
            "not_checked_in",
            gettext_noop("有 %(count)s 节没有刷脸或指纹打卡，也没有班主任会签的签到。请补签到材料并说明。"),
            count=len(wrong),
        )
        return failed(told, **figures).of(wrong)
    return unknown(["check_in"], **figures).of(unknown_ones) if unknown_ones else passed(**figures)


def lessons_set_out(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Theory and practice stand apart and add up to the whole; none of the two must be said as 0 (R40)."""
    theory, practice, total = case.theory_lessons, case.practice_lessons, case.total_lessons
    names = ("theory_lessons", "practice_lessons", "total_lessons")
    if theory is None or practice is None or total is None:
        return unknown([name for name in names if getattr(case, name) is None])
    figures = {"theory": theory, "practice": practice, "total": total}
    if theory + practice != total:
        told = sentence(
            "lessons_do_not_add_up",
            gettext_noop("理论 %(theory)s 与实操 %(practice)s 合计不等于总课时 %(total)s。请更正。"),
            **figures,
        )
        return failed(told, **figures)
    return passed(**figures)


def nobody_in_two_places(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Trainees, teachers and rooms are in one place at a time (R50)."""
    allowed = asked.number("minutes")
    trainees = [t.key for t in case.trainees if (t.overlapping_minutes or 0) > allowed]
    sessions = [s.key for s in case.sessions if s.teacher_busy_elsewhere or s.room_taken_elsewhere]
    if trainees or sessions:
        told = sentence(
            "in_two_places",
            gettext_noop("有 %(trainees)s 名学员、%(sessions)s 节课与别的班次时间重叠。请核对课程与名册。"),
            trainees=len(trainees),
            sessions=len(sessions),
        )
        return failed(told, trainees=len(trainees), sessions=len(sessions)).of([*trainees, *sessions])
    missing = []
    if not case.trainees or any(t.overlapping_minutes is None for t in case.trainees):
        missing.append("overlapping_minutes")
    if not case.sessions or any(s.teacher_busy_elsewhere is None for s in case.sessions):
        missing.append("teacher_busy_elsewhere")
    if not case.sessions or any(s.room_taken_elsewhere is None for s in case.sessions):
        missing.append("room_taken_elsewhere")
    return unknown(missing) if missing else passed(trainees=0, sessions=0)


def homeroom_teacher(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Each class has its class teacher (R16)."""
    needed, named = asked.number("teachers"), case.homeroom_teachers
    if named is None:
        return unknown(["homeroom_teachers"], needed=needed)
    if len(named) < needed:
        told = sentence("no_homeroom_teacher", gettext_noop("还没有安排班主任。请在班次资料中填写。"))
        return failed(told, teachers=len(named), needed=needed)
    return passed(teachers=len(named), needed=needed)


def textbooks_listed(case: CaseFacts, asked: Asked, calendar: WorkCalendar) -> Judged:
    """Textbooks are of the recommended list; a trade without one is let pass by a person (R41)."""
    used, foreign = case.papers.textbooks, case.papers.textbooks_not_listed
    if used is None or foreign is None:
        return unknown(["textbooks" if used is None else "textbooks_not_listed"])
    if foreign:
        told = sentence(
            "textbook_not_listed",
            gettext_noop("有 %(count)s 种教材不在推荐目录内。请换教材，或说明该工种无对应教材。"),
            count=len(foreign),
        )
        return doubtful(told, textbooks=len(used), not_listed=len(foreign)).of(foreign)
    return passed(textbooks=len(used))
