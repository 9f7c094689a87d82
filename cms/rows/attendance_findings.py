"""What attendance says on the board: who falls under the threshold, and how many cells wait for a person."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from cms.rows.attendance_watched import attendance_of
from dossiers.attendance import Attendance, Threshold, Verdict
from dossiers.models import DossierPage, Enrolment
from dossiers.reconciliation import CellState
from dossiers.standing import Standing

ITEM = "attendance_record"  # the ledger's row on which attendance is told
BLOCK = "block"


@dataclass(frozen=True)
class AttendanceFinding:
    """One thing in words, and the place to settle it. `kind`: block or doubt."""

    kind: str
    text: str
    url: str


def attendance_findings(standing: Standing) -> Iterator[AttendanceFinding]:
    """Nothing is asked of a class without sessions."""
    if not standing.sessions:
        return
    attendance = attendance_of(standing.dossier, standing.viewer)
    threshold = attendance.threshold
    if threshold is not None:
        kind = BLOCK if attendance.rules.rules[threshold.rule].severity == BLOCK else "doubt"
        for enrolment, verdict in attendance.falls_short:
            yield AttendanceFinding(
                kind, short_words(enrolment, verdict, threshold), _url(standing.dossier, "short")
            )
    waiting = contradicted(attendance)
    if waiting:
        text = gettext("考勤有 %(count)s 处矛盾待认定") % {"count": waiting}
        yield AttendanceFinding("doubt", text, _url(standing.dossier, "contradicted"))


def short_words(enrolment: Enrolment, verdict: Verdict, threshold: Threshold) -> str:
    """金美玲 55/80 课时，不足 70 %"""
    return gettext("%(who)s %(have)s/%(held)s 课时，不足 %(percent)s %%") % {
        "who": enrolment.name,
        "have": verdict.total.confirmed,
        "held": verdict.total.held,
        "percent": threshold.percent,
    }


def contradicted(attendance: Attendance) -> int:
    """Cells on which sources contradict each other and no person has spoken."""
    cells = (cell for row in attendance.cells.values() for cell in row.values())
    return sum(cell.state == CellState.CONTRADICTED for cell in cells)


def _url(dossier: DossierPage, show: str) -> str:
    return f"{dossier.screen('attendance')}?show={show}"
