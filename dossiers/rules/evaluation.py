"""All rules of a ruleset over one case: what each finds, weighed by what a breach means."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from dossiers.calendar import WorkCalendar, announced
from dossiers.rules import dates, lessons, money, papers, people
from dossiers.rules.facts import CaseFacts, Waiver
from dossiers.rules.findings import Finding, Judged, Outcome, not_asked
from dossiers.rules.parameters import Asked, RuleTableError
from dossiers.rulesets import Rule, Ruleset
from dossiers.sentences import gettext_noop, sentence

Check = Callable[[CaseFacts, Asked, WorkCalendar], Judged]
BLOCK = "block"

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            dates.workdays_at_least,
            dates.workdays_at_most,
            dates.days_apart_at_most,
            dates.approved_before_first_lesson,
            dates.term_between,
            dates.term_at_most,
            dates.in_sequence,
            dates.appraisal_filed,
            lessons.lessons_at_least,
            lessons.lesson_long_enough,
            lessons.lessons_a_day,
            lessons.attendance,
            lessons.recorded_in_full,
            lessons.checked_in,
            lessons.lessons_set_out,
            lessons.nobody_in_two_places,
            lessons.homeroom_teacher,
            lessons.textbooks_listed,
            people.certificate_numbers,
            people.contract_long_enough,
            people.trained_soon_after_hiring,
            people.subsidies_a_year,
            people.never_the_same_twice,
            people.certified_who_passed,
            people.recorded_by_real_name,
            people.not_yet_pensioned,
            people.released_within_a_year,
            people.paid_by_herself,
            people.tuition_by_year,
            people.claim_within_opening,
            people.registered_by_herself,
            papers.papers_present,
            papers.pages_of_one_class,
            papers.contents_up_to_date,
            papers.copies_handed_over,
            papers.marks_present,
            papers.spot_checked,
            papers.entrusted_properly,
            money.advance_large_enough,
            money.larger_advance,
            money.paid_back_after_violation,
        )
    }
)


def evaluate(case: CaseFacts, rules: Ruleset, calendar: WorkCalendar | None = None) -> tuple[Finding, ...]:
    """One finding a rule, in the order of the table."""
    days = calendar or announced()
    return tuple(finding_of(rule, case, rules, days) for rule in rules.rules.values())


def finding_of(rule: Rule, case: CaseFacts, rules: Ruleset, calendar: WorkCalendar) -> Finding:
    """What this rule finds; RuleTableError if its row asks for a check nobody wrote."""
    if not _applies(rule, case):
        return _finding(rule, not_asked(training_type=case.training_type, ledger=case.ledger))
    check = CHECKS.get(rule.check)
    if check is None:
        raise RuleTableError(f"{rule.id}: no check is called {rule.check!r}")
    judged = check(case, Asked(rule.id, rule.using, rule.params, rules.certificates), calendar)
    return _finding(rule, _waived(rule, _weighed(rule, judged), case.waivers))


def _applies(rule: Rule, case: CaseFacts) -> bool:
    return (not rule.types or case.training_type in rule.types) and (
        not rule.ledgers or case.ledger in rule.ledgers
    )


def _weighed(rule: Rule, judged: Judged) -> Judged:
    """A breach fails where the rule blocks; elsewhere it warns."""
    if judged.outcome == Outcome.FAIL and rule.severity != BLOCK:
        return replace(judged, outcome=Outcome.WARN)
    return judged


def _waived(rule: Rule, judged: Judged, waivers: tuple[Waiver, ...]) -> Judged:
    """Let pass only where the clause says so, and only for whom: every trainee it is about, or the class."""
    given = [
        waiver for waiver in waivers if waiver.rule == rule.id and waiver.reason.strip() and waiver.by.strip()
    ]
    if not rule.waivable or not given or judged.outcome not in (Outcome.FAIL, Outcome.WARN):
        return judged
    for_all = any(not waiver.trainee for waiver in given)
    named = {waiver.trainee for waiver in given}
    if not for_all and set(judged.about) - named:
        return judged
    told = sentence(
        "waived",
        gettext_noop("已由 %(by)s 放行，理由：%(reason)s"),
        by="、".join(dict.fromkeys(waiver.by for waiver in given)),
        reason="；".join(dict.fromkeys(waiver.reason for waiver in given)),
    )
    return replace(judged, outcome=Outcome.WAIVED, settle=told)


def _finding(rule: Rule, judged: Judged) -> Finding:
    return Finding(
        rule=rule.id,
        clause=rule.article,
        quote=rule.quote,
        outcome=judged.outcome,
        figures=judged.figures,
        settle=judged.settle,
        about=judged.about,
    )
