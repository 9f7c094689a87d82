"""One paper of a class against the others, its roster and its timetable: what agrees, what differs, what is open."""

from collections.abc import Iterator, Mapping

from dossiers.crosschecks import contracts, course, lists, persons
from dossiers.crosschecks.comparing import Finding
from dossiers.crosschecks.facts import ClassPapers, Lesson, Paper, Place, Programme, Row, Said, Trainee
from dossiers.crosschecks.registry import OF_CLASS, OF_TRAINEE
from dossiers.rules.findings import Outcome
from dossiers.rulesets.shape import CrossCheck

ROOMS = (contracts, course, lists, persons)

__all__ = [
    "OF_CLASS",
    "OF_TRAINEE",
    "ClassPapers",
    "Finding",
    "Lesson",
    "Outcome",
    "Paper",
    "Place",
    "Programme",
    "Row",
    "Said",
    "Trainee",
    "findings",
]


def findings(held: ClassPapers, checks: Mapping[str, CrossCheck]) -> tuple[Finding, ...]:
    """Everything the checks of a ruleset find, in the order of its table; what no paper speaks of is not asked."""
    return tuple(one for check in checks.values() if _is_asked(check, held) for one in _found(check, held))


def _is_asked(check: CrossCheck, held: ClassPapers) -> bool:
    return not check.types or held.programme.training_type in check.types


def _found(check: CrossCheck, held: ClassPapers) -> Iterator[Finding]:
    if check.id in OF_TRAINEE:
        judge = OF_TRAINEE[check.id]
        yield from (
            found.of(trainee)
            for trainee in held.present
            if (found := judge(check, held, trainee)) is not None
        )
    if check.id in OF_CLASS:
        yield from (found for found in OF_CLASS[check.id](check, held) if found is not None)
