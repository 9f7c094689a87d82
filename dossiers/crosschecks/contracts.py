"""Labour contracts and certificates: whose they are, what they promise, when they were signed or given."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from dossiers.calendar import add_months
from dossiers.certificates import check_certificate_number
from dossiers.crosschecks import words
from dossiers.crosschecks.comparing import (
    Finding,
    Sides,
    breach,
    doubt,
    held_against,
    label,
    marks,
    not_after,
    paper_name,
    passed,
    person,
    same_body,
    unknown,
    weightiest,
)
from dossiers.crosschecks.facts import ClassPapers, Paper, Said, Trainee
from dossiers.crosschecks.persons import programme, rows_of
from dossiers.crosschecks.registry import of_trainee
from dossiers.numbering import PROBLEMS, normalised
from dossiers.rulesets.shape import CrossCheck
from dossiers.sentences import gettext_noop

CONTRACT = "labour_contract"
COMPLETION = "training_completion_certificate"
CERTIFICATES = (
    COMPLETION,
    "vocational_qualification_certificate",
    "skill_level_certificate",
    "special_ability_certificate",
    "special_operation_certificate",
)
PASSED, FAILED = (
    frozenset({"合格", "及格", "通过", "优秀", "良好"}),
    frozenset({"不合格", "不及格", "未通过"}),
)
ONE_DAY = timedelta(days=1)
YEAR = 12


def contracts(held: ClassPapers, trainee: Trainee, item: str) -> tuple[Paper, ...]:
    return tuple(paper for paper in held.of([CONTRACT], trainee.key) if paper.item == item)


@of_trainee
def contract_person(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """The employee's number, or where the page bears none her name, is the roster's."""
    papers = contracts(held, trainee, check.item)
    name = "employee" if any("employee" in paper.said for paper in papers) else "name"
    return person(check, papers, trainee, name)


@of_trainee
def contract_employer(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    opener = held.programme.opener
    return held_against(
        check,
        contracts(held, trainee, check.item),
        "employer",
        opener,
        words.APPLICANT,
        agrees=lambda printed: same_body(printed, opener),
    )


@of_trainee
def contract_signed_before(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    papers = contracts(held, trainee, check.item)
    return not_after(check, papers, "signed_on", held.first_lesson_on, words.FIRST_LESSON)


@of_trainee
def contract_term(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """At least a year, or without an end (R24). A whole year ends the day before the same date."""
    papers = contracts(held, trainee, check.item)
    if not papers:
        return None
    sides = Sides(paper=paper_name(papers[0]), held=YEAR)
    if any(said.value == "true" for paper in papers if (said := paper.sure("open_ended"))):
        return passed(check, NO_END, sides)
    ends = {
        name: [paper.said[name] for paper in papers if name in paper.said] for name in ("start_on", "end_on")
    }
    for name, days in ends.items():
        doubtful = [one for one in days if one.is_doubtful]
        if doubtful and not any(one.is_sure for one in days):
            return doubt(check, doubtful[0], paper_name(papers[0]))
        if not any(one.is_sure and one.day for one in days):
            return unknown(check, words.NOT_READ, sides.but(field=label(name)), days)
    start, end = (
        next(one for one in ends[name] if one.is_sure and one.day) for name in ("start_on", "end_on")
    )
    sides = sides.but(read=f"{start.value}—{end.value}")
    if _months_short(start.day, end.day):
        return breach(check, TOO_SHORT, sides, [start, end])
    return passed(check, LONG_ENOUGH, sides, [start, end])


def _months_short(start: date | None, end: date | None) -> bool:
    return start is not None and end is not None and end + ONE_DAY < add_months(start, YEAR)


NO_END = gettext_noop("%(paper)s写明无固定期限")
TOO_SHORT = gettext_noop("%(paper)s的期限 %(read)s，不足 %(held)s 个月")
LONG_ENOUGH = gettext_noop("%(paper)s的期限 %(read)s，不少于 %(held)s 个月")


@of_trainee
def contract_recent(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """The first lesson lies within a year of signing (R25)."""
    papers = contracts(held, trainee, check.item)
    first = held.first_lesson_on
    printed = first.isoformat() if first else ""
    found = held_against(
        check,
        papers,
        "signed_on",
        printed,
        words.FIRST_LESSON,
        agrees=lambda value: first is not None and first <= add_months(date.fromisoformat(value), YEAR),
    )
    if found and found.is_breach and found.told.template == words.DIFFERS:
        return replace(found, told=replace(found.told, template=OVER_A_YEAR))
    return found


OVER_A_YEAR = gettext_noop("%(paper)s的%(field)s %(read)s，到%(against)s %(held)s 已超过 1 年")


@of_trainee
def contract_signed(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return marks(check, contracts(held, trainee, check.item), ("party_a_seal", "party_b_signature"))


# Certificates ---------------------------------------------------------------------------------------------
@of_trainee
def certificate_person(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return person(check, held.of(CERTIFICATES, trainee.key), trainee)


@of_trainee
def certificate_programme(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return weightiest(programme(check, held, held.of(CERTIFICATES, trainee.key), "occupation"))


@of_trainee
def certificate_after_exam(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """Given on the day of the exam or later; where no exam date was read, not before the last lesson."""
    exam = held.day_said("exam_on", "score_sheet", "final_exam_paper")
    limit, against = (exam.day, words.EXAM) if exam else (held.last_lesson_on, words.LAST_LESSON)
    printed = limit.isoformat() if limit else ""
    found = held_against(
        check,
        held.of(CERTIFICATES, trainee.key),
        "issued_on",
        printed,
        against,
        agrees=lambda value: value >= printed[: len(value)],
    )
    if found is None or found.told.template == words.DOUBTFUL:
        return found
    template = {words.DIFFERS: EARLIER, words.AGREES: NOT_EARLIER}.get(found.told.template)
    return replace(found, told=replace(found.told, template=template)) if template else found


EARLIER = gettext_noop("%(paper)s的%(field)s %(read)s，早于%(against)s %(held)s")
NOT_EARLIER = gettext_noop("%(paper)s的%(field)s不早于%(against)s")


@of_trainee
def certificate_number(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """A completion certificate's number follows the grammar: prefix and training type, place, year of issue (R15)."""
    papers, grammar = held.of([COMPLETION], trainee.key), held.programme.grammar
    if not papers or grammar is None:
        return None
    sides = Sides(paper=paper_name(papers[0]), field=label("certificate_no"), against=words.RULE)
    said = [(paper, one) for paper in papers if (one := paper.said.get("certificate_no")) and one.value]
    if not said:
        return unknown(check, words.NOT_READ, sides)
    for paper, one in said:
        judged = check_certificate_number(
            one.value,
            grammar,
            training_type=held.programme.training_type or None,
            issued_on=paper.day("issued_on"),
        )
        if judged.problems:
            problem = PROBLEMS[judged.problems[0]]
            return breach(check, AGAINST_GRAMMAR, sides.but(read=one.shown, held=problem), [one])
        if one.is_doubtful:
            return doubt(check, one, paper_name(paper))
    return passed(check, words.AGREES, sides, [one for _, one in said])


AGAINST_GRAMMAR = gettext_noop("%(paper)s的%(field)s读得 %(read)s：%(held)s")


@of_trainee
def certificate_unique(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """Nobody else's certificate, in this class or another, bears this number."""
    papers = held.of(CERTIFICATES, trainee.key)
    if not papers:
        return None
    said = [one for paper in papers if (one := paper.said.get("certificate_no")) and one.value]
    sides = Sides(paper=paper_name(papers[0]), field=label("certificate_no"))
    if not said:
        return unknown(check, words.NOT_READ, sides)
    for one in said:
        number = normalised(one.value)
        others = [name for name in _bearers(held).get(number, ()) if name != trainee.name]
        others += held.elsewhere.get(number, ())
        if others:
            return breach(check, TAKEN, sides.but(read=one.shown, held="、".join(others)), [one])
    return passed(check, ALONE, sides, said)


def _bearers(held: ClassPapers) -> Mapping[str, list[str]]:
    names = {trainee.key: trainee.name for trainee in held.trainees}
    found: dict[str, list[str]] = {}
    for paper in held.all_of(*CERTIFICATES):
        one = paper.said.get("certificate_no")
        if one and one.value and paper.trainee in names:
            found.setdefault(normalised(one.value), []).append(names[paper.trainee])
    return found


TAKEN = gettext_noop("%(paper)s的%(field)s %(read)s 又见于%(held)s")
ALONE = gettext_noop("%(paper)s的%(field)s没有第二份")


@of_trainee
def certificate_of_passed(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """Who holds a certificate passed, by the score sheet or the roster."""
    papers = held.of(CERTIFICATES, trainee.key)
    if not papers:
        return None
    result = result_of(held, trainee)
    sides = Sides(paper=paper_name(papers[0]), against=words.SCORES, field=label("result"))
    if result is None:
        return unknown(check, NO_RESULT, sides, settle=words.READ_IT)
    if passes(result):
        return passed(check, words.AGREES, sides, [result])
    return breach(check, GIVEN_TO_FAILED, sides.but(read=result.value, held=result.value), [result])


@of_trainee
def passed_certified(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """Who passed by the score sheet holds a certificate."""
    result = result_of(held, trainee)
    if result is None or not passes(result):
        return None
    if held.of(CERTIFICATES, trainee.key):
        return passed(check, HAS_CERTIFICATE, Sides(), [result])
    return breach(check, NO_CERTIFICATE, Sides(read=result.value), [result], settle=words.FILE_IT)


NO_RESULT = gettext_noop("有%(paper)s，成绩单上没有读出此人的结果")
GIVEN_TO_FAILED = gettext_noop("有%(paper)s，%(against)s的%(field)s为 %(read)s")
HAS_CERTIFICATE = gettext_noop("成绩合格，有证书")
NO_CERTIFICATE = gettext_noop("成绩单的结果为 %(read)s，没有收到证书")


def result_of(held: ClassPapers, trainee: Trainee) -> Said | None:
    """What the score sheet says of her: its latest word on pass or fail."""
    found = [
        row["result"]
        for row in rows_of(held, trainee, "score_sheet")
        if "result" in row and row["result"].value in PASSED | FAILED
    ]
    return found[-1] if found else None


def passes(result: Said) -> bool:
    return result.value in PASSED
