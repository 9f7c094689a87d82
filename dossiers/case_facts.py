"""One dossier as the facts its rules ask for: what the rows say, and nothing they do not say."""

from datetime import date, datetime

from dossiers.attendance import Attendance
from dossiers.ledgers import Status
from dossiers.models import DossierPage, Enrolment, Session
from dossiers.rules.facts import CaseFacts, PaperFacts, SessionFacts, TraineeFacts
from dossiers.standing import Standing

MINUTES_AN_HOUR = 60


def case_of(standing: Standing, *, today: date, attendance: Attendance | None = None) -> CaseFacts:
    """The facts of a dossier as this person sees it. What the system keeps no record of stays unknown.

    `attendance` is handed in by whoever has recordings at hand: without them nobody's lessons are counted.
    """
    dossier, sessions = standing.dossier, standing.sessions
    held = sorted(session.held_on for session in sessions)
    return CaseFacts(
        ledger=dossier.ledger_id,
        training_type=dossier.training_type,
        today=today,
        class_no=dossier.class_no,
        occupation=dossier.occupation,
        skill_level=dossier.skill_level,
        delivery_mode=dossier.delivery_mode,
        theory_lessons=dossier.theory_lessons,
        practice_lessons=dossier.practice_lessons,
        total_lessons=dossier.theory_lessons + dossier.practice_lessons,
        homeroom_teachers=(dossier.homeroom_teacher,) if dossier.homeroom_teacher else (),
        starts_on=dossier.starts_on,
        ends_on=dossier.ends_on,
        first_lesson_on=held[0] if held else None,
        last_lesson_on=held[-1] if held else None,
        reported_on=_day(dossier),
        sessions=tuple(_session(session, attendance) for session in sessions),
        trainees=tuple(
            _trainee(one, attendance, today) for one in standing.enrolments if one.withdrawn_on is None
        ),
        papers=PaperFacts(items=_complete_items(standing)),
    )


def _session(session: Session, attendance: Attendance | None) -> SessionFacts:
    check_in, cosigned = attendance.checked_in_by(session) if attendance else (None, None)
    return SessionFacts(
        key=str(session.uuid),
        on=session.held_on,
        lessons=session.lessons,
        kind=session.kind,
        starts_at=session.starts_at.hour * MINUTES_AN_HOUR + session.starts_at.minute,
        teacher=session.lecturer or None,
        room=session.room or None,
        check_in=check_in,
        cosigned=cosigned,
    )


def _trainee(enrolment: Enrolment, attendance: Attendance | None, today: date) -> TraineeFacts:
    """Known by her row on the roster: no name and no number leaves with the facts."""
    return TraineeFacts(
        key=str(enrolment.seq),
        category=enrolment.person_category or None,
        sex={"男": "male", "女": "female"}.get(enrolment.sex),
        born_on=enrolment.birth_date,
        attended_lessons=attendance.attended(enrolment, until=today) if attendance else None,
        passed=enrolment.passed,
        self_paid=enrolment.self_paid,
    )


def _complete_items(standing: Standing) -> tuple[str, ...]:
    """Items of which something is there and nothing missing; "ledger" when nothing that is asked for is missing."""
    asked = [count for count in standing.completeness if count.status == Status.REQUIRED]
    done = [count.item_id for count in standing.completeness if count.have and count.complete]
    return (*done, "ledger") if asked and all(count.complete for count in asked) else tuple(done)


def _day(dossier: DossierPage) -> date | None:
    moment: datetime | None = dossier.progress.first_handed_in_at
    return moment.date() if moment else None
