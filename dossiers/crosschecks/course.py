"""The class's own papers: opening application, schedule, lesson plan, agreement, spot checks, subsidy application."""

from collections.abc import Iterable, Sequence
from datetime import date

from dossiers.crosschecks import words
from dossiers.crosschecks.comparing import (
    Finding,
    Sides,
    breach,
    held_against,
    label,
    marks,
    not_after,
    paper_name,
    passed,
    plain,
    unknown,
)
from dossiers.crosschecks.contracts import passes, result_of
from dossiers.crosschecks.facts import ClassPapers, Paper, Said
from dossiers.crosschecks.persons import programme
from dossiers.crosschecks.registry import of_class
from dossiers.differences import same
from dossiers.rulesets.shape import CrossCheck
from dossiers.sentences import gettext_noop

OPENING, SPOT_CHECK = "class_opening_application", "quality_spot_check_record"
NAMED = 3
SIGNERS = (
    "institution_handler_signature",
    "institution_legal_rep_signature",
    "institution_seal",
    "hr_handler_signature",
    "hr_leader_signature",
    "hr_seal",
)


def counted(
    check: CrossCheck, papers: Sequence[Paper], name: str, held: int | None, against: str
) -> Finding | None:
    """A figure on these papers against a figure of ours."""
    return held_against(
        check,
        papers,
        name,
        "" if held is None else str(held),
        against,
        agrees=lambda value: value.isdigit() and int(value) == held,
    )


# The opening application ----------------------------------------------------------------------------------
@of_class
def opening_count(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Against everybody the class was opened with: who left later was counted then."""
    yield counted(check, held.all_of(OPENING), "trainee_count", len(held.trainees) or None, words.ROSTER)


@of_class
def opening_dates(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    first, last = held.first_lesson_on, held.last_lesson_on
    for name, day in (("start_date", first), ("end_date", last)):
        yield held_against(check, held.all_of(OPENING), name, day.isoformat() if day else "", words.TIMETABLE)


@of_class
def opening_lessons(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Theory and practice add up to the total, and both are what the timetable holds (R40)."""
    papers = held.all_of(OPENING)
    for paper in papers:
        parts = [paper.sure("theory_lessons"), paper.sure("practice_lessons")]
        if all(parts):
            total = sum(part.whole or 0 for part in parts if part)
            yield counted(check, [paper], "total_lessons", total, words.SUM)
    for name, kind in (("theory_lessons", "theory"), ("practice_lessons", "practice")):
        ours = sum(lesson.lessons for lesson in held.lessons if lesson.kind == kind)
        yield counted(check, papers, name, ours if held.lessons else None, words.TIMETABLE)


@of_class
def opening_lecturers(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Everybody who teaches stands among the teachers of the application."""
    papers = held.all_of(OPENING)
    if not papers:
        return
    sides = Sides(paper=paper_name(papers[0]), field=label("lecturer_name"), against=words.TIMETABLE)
    printed = [row["lecturer_name"] for paper in papers for row in paper.rows if "lecturer_name" in row]
    teaching = sorted({lesson.lecturer for lesson in held.lessons if lesson.lecturer})
    if not printed:
        yield unknown(check, words.NOT_READ, sides)
        return
    if not teaching:
        yield unknown(check, words.NOT_HELD, sides, printed, settle=words.STATE_IT)
        return
    absent = [name for name in teaching if not any(same("name", said.value, name) for said in printed)]
    for name in absent:
        yield breach(check, NOT_AMONG, sides.but(read=name), printed)
    if not absent:
        yield passed(check, AMONG, sides, printed)


NOT_AMONG = gettext_noop("%(against)s里的教师 %(read)s 不在%(paper)s的师资之中")
AMONG = gettext_noop("%(against)s里的教师都在%(paper)s的师资之中")


@of_class
def opening_programme(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield from programme(check, held, held.all_of(OPENING), "occupation_or_startup_category")


@of_class
def opening_approved(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield not_after(check, held.all_of(OPENING), "hr_approved_on", held.first_lesson_on, words.FIRST_LESSON)


@of_class
def opening_signed(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield marks(check, held.all_of(OPENING), SIGNERS)


# Schedule, lesson plan, agreement -------------------------------------------------------------------------
@of_class
def schedule_lessons(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """The lessons of the printed schedule add up to those of the timetable."""
    papers = held.all_of("course_schedule")
    if not papers:
        return
    sides = Sides(paper=paper_name(papers[0]), field=label("lessons"), against=words.TIMETABLE)
    said = [row["lessons"] for paper in papers for row in paper.rows if "lessons" in row]
    lines = sum(len(paper.rows) for paper in papers)
    if not lines or len(said) < lines or not all(one.is_sure and one.whole is not None for one in said):
        yield unknown(check, words.NOT_READ, sides, said)
        return
    if not held.lessons:
        yield unknown(check, words.NOT_HELD, sides, settle=words.STATE_IT)
        return
    printed = sum(one.whole or 0 for one in said)
    ours = sum(lesson.lessons for lesson in held.lessons)
    if printed == ours:
        yield passed(check, words.AGREES, sides, said)
    else:
        yield breach(check, words.DIFFERS, sides.but(read=printed, held=ours), said[:1])


@of_class
def plan_covers(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Every topic of the timetable stands somewhere in the lesson plans."""
    papers = held.all_of("lesson_plan")
    topics = list(dict.fromkeys(lesson.topic for lesson in held.lessons if lesson.topic))
    if not papers:
        return
    sides = Sides(paper=paper_name(papers[0]), against=words.TIMETABLE)
    text = plain("".join(paper.text for paper in papers))
    if not text:
        yield unknown(check, NO_TEXT, sides)
    elif not topics:
        yield unknown(check, NO_TOPICS, sides, settle=words.STATE_IT)
    else:
        absent = [topic for topic in topics if plain(topic) not in text]
        if absent:
            named = "、".join(absent[:NAMED])
            yield breach(check, TOPICS_ABSENT, sides.but(read=named, held=len(absent)))
        else:
            yield passed(check, TOPICS_THERE, sides)


NO_TEXT = gettext_noop("%(paper)s没有读出文字")
NO_TOPICS = gettext_noop("%(against)s还没有录入课程内容，%(paper)s无从比对")
TOPICS_ABSENT = gettext_noop("%(paper)s里有 %(held)s 项课程内容没有找到：%(read)s")
TOPICS_THERE = gettext_noop("%(against)s的每项内容都能在%(paper)s里找到")


@of_class
def agreement_before(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """The agreement was signed when the class was applied for (R48)."""
    applied = held.day_said("application_date", OPENING)
    papers = held.all_of("cooperation_agreement")
    yield not_after(check, papers, "signed_on", applied.day if applied else None, words.OPENING)


# Spot checks ----------------------------------------------------------------------------------------------
@of_class
def check_count(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """As many approved as the application asked for, and no more present than approved."""
    opening = [said for paper in held.all_of(OPENING) if (said := paper.sure("trainee_count"))]
    for paper in held.all_of(SPOT_CHECK):
        asked = opening[0].whole if opening else None
        yield counted(check, [paper], "approved_trainee_count", asked, words.OPENING)
        yield _no_more_than_approved(check, paper)


def _no_more_than_approved(check: CrossCheck, paper: Paper) -> Finding | None:
    approved = paper.sure("approved_trainee_count")
    most = approved.whole if approved else None

    def within(value: str) -> bool:
        return value.isdigit() and most is not None and int(value) <= most

    printed = "" if most is None else str(most)
    against = words.FIELDS["approved_trainee_count"]
    return held_against(check, [paper], "present_trainee_count", printed, against, agrees=within)


@of_class
def check_dated(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    first, last = held.first_lesson_on, held.last_lesson_on
    span = f"{first.isoformat()}—{last.isoformat()}" if first and last else ""

    def within(value: str) -> bool:
        return bool(first and last) and str(first) <= value <= str(last)

    for paper in held.all_of(SPOT_CHECK):
        yield held_against(check, [paper], "inspected_on", span, words.TRAINING, agrees=within)


@of_class
def check_lecturer(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """Who was found teaching is who the timetable names on that day."""
    for paper in held.all_of(SPOT_CHECK):
        yield _found_teaching(check, paper, _teaching(held, paper.day("inspected_on")))


def _found_teaching(check: CrossCheck, paper: Paper, names: Sequence[str]) -> Finding | None:
    def is_one(value: str) -> bool:
        return any(same("name", value, name) for name in names)

    return held_against(check, [paper], "lecturer_name", "、".join(names), words.TIMETABLE, agrees=is_one)


def _teaching(held: ClassPapers, day: date | None) -> list[str]:
    return sorted({lesson.lecturer for lesson in held.lessons if lesson.held_on == day and lesson.lecturer})


@of_class
def check_signed(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    for paper in held.all_of(SPOT_CHECK):
        yield marks(check, [paper], ("inspector_signature", "responsible_person_signature"))


# The subsidy application ----------------------------------------------------------------------------------
@of_class
def subsidy_counts(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    """As many trained as the roster holds, as many passed as the score sheet says."""
    papers = [paper for paper in held.all_of("subsidy_application") if "enrolled_count" in paper.said]
    yield counted(check, papers, "enrolled_count", len(held.trainees) or None, words.ROSTER)
    results: list[Said | None] = [result_of(held, trainee) for trainee in held.present]
    known = [result for result in results if result is not None]
    passing = sum(passes(result) for result in known)
    for_all = passing if known and len(known) == len(results) else None
    yield counted(check, papers, "passed_count", for_all, words.SCORES)


# Seals on papers of many pages: one page bears it -----------------------------------------------------------
@of_class
def agreement_sealed(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield marks(check, held.all_of("cooperation_agreement"), ("party_a_seal", "party_b_seal"))


@of_class
def roster_sealed(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield marks(check, held.all_of("trainee_roster"), ("institution_seal",))


@of_class
def scores_sealed(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield marks(check, held.all_of("score_sheet"), ("institution_seal",))


@of_class
def subsidy_sealed(check: CrossCheck, held: ClassPapers) -> Iterable[Finding | None]:
    yield marks(check, held.all_of("subsidy_application"), ("applicant_seal",))
