"""A person's own papers: card, registration form, proofs, exam paper, against the roster and each other."""

from collections.abc import Sequence
from dataclasses import replace

from dossiers.crosschecks import words
from dossiers.crosschecks.comparing import (
    Finding,
    Sides,
    breach,
    held_against,
    level_of,
    marks,
    not_after,
    paper_name,
    passed,
    person,
    plain,
    same_trade,
    shown_number,
    unknown,
    weightiest,
)
from dossiers.crosschecks.facts import LIST_OF_CHOICES, ClassPapers, Paper, Said, Trainee
from dossiers.crosschecks.registry import of_trainee
from dossiers.differences import same
from dossiers.ledgers import KINDS
from dossiers.numbering import check_id_number
from dossiers.rules.findings import Outcome
from dossiers.rulesets.shape import CrossCheck
from dossiers.sentences import gettext_noop

FRONT, BACK = "id_card_front", "id_card_back"
WITH_A_NUMBER = (FRONT, "social_security_card")
FORM = "trainee_registration_form"
PROOFS: dict[str, frozenset[str]] = {
    "recognition_form": frozenset({"poor_labourer", "employment_difficulty", "zero_employment_family"}),
    "school_graduation_certificate": frozenset({"junior_senior_graduate_not_continuing"}),
    "unemployment_certificate": frozenset({"laid_off_unemployed"}),
    "veteran_certificate": frozenset({"veteran"}),
    "disability_certificate": frozenset({"disabled"}),
    "graduate_proof": frozenset({"graduating_year_college_student"}),
}
LICENCE = "business_licence"


# The card -------------------------------------------------------------------------------------------------
@of_trainee
def card_number(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    papers = held.of(WITH_A_NUMBER, trainee.key)
    return held_against(
        check, papers, "id_number", trainee.id_number, words.ROSTER, printed=shown_number(trainee)
    )


@of_trainee
def card_name(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return held_against(check, held.of(WITH_A_NUMBER, trainee.key), "name", trainee.name, words.ROSTER)


@of_trainee
def card_sides(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """Front and back of one card lie together; a social security card has one side that counts."""
    fronts, backs = held.of([FRONT], trainee.key), held.of([BACK], trainee.key)
    if not fronts and not backs:
        return None
    paper = KINDS[FRONT if fronts else BACK]
    if fronts and backs:
        return passed(check, PAIRED, Sides(paper=KINDS[FRONT], held=KINDS[BACK]))
    lacking = words.BACK if fronts else words.FRONT
    found = breach(check, NO_OTHER_SIDE, Sides(paper=paper, held=lacking), settle=words.FILE_IT)
    return replace(
        found, places=tuple(one.place for side in (*fronts, *backs) for one in [*side.said.values()][:1])
    )


NO_OTHER_SIDE = gettext_noop("有%(paper)s，没有%(held)s")
PAIRED = gettext_noop("%(paper)s与%(held)s成对")


@of_trainee
def card_valid(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """The card does not run out before the class ends."""
    fronts = [
        paper for paper in held.of([FRONT], trainee.key) if {"valid_until", "long_term"} & set(paper.said)
    ]
    backs = [*held.of([BACK], trainee.key), *fronts]
    if not backs:
        return None
    sides = Sides(paper=paper_name(backs[0]), field=words.FIELDS["valid_until"], against=words.TRAINING)
    for paper in backs:
        lasting = paper.sure("long_term")
        if lasting and lasting.value == "true":
            return passed(check, COVERS, sides, [lasting])
    ends_on = held.programme.ends_on or held.last_lesson_on
    until = ends_on.isoformat() if ends_on else ""
    found = held_against(
        check, backs, "valid_until", until, words.TRAINING, agrees=lambda value: value >= until
    )
    if found and found.outcome == Outcome.PASS:
        return replace(found, told=replace(found.told, template=COVERS))
    return found


COVERS = gettext_noop("%(paper)s的%(field)s覆盖%(against)s")


# The registration form ------------------------------------------------------------------------------------
@of_trainee
def form_number(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    forms = held.of([FORM], trainee.key)
    by_roster = held_against(
        check, forms, "id_number", trainee.id_number, words.ROSTER, printed=shown_number(trainee)
    )
    return weightiest([by_roster, _against_card(check, held, trainee, forms, "id_number")])


@of_trainee
def form_name(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    forms = held.of([FORM], trainee.key)
    by_roster = held_against(check, forms, "name", trainee.name, words.ROSTER)
    return weightiest([by_roster, _against_card(check, held, trainee, forms, "name")])


def _against_card(
    check: CrossCheck, held: ClassPapers, trainee: Trainee, forms: Sequence[Paper], name: str
) -> Finding | None:
    """The form against what the card says, where the card says it surely."""
    card = _on_card(held, trainee, name)
    return held_against(check, forms, name, card.value, words.CARD, printed=card.shown) if card else None


def _on_card(held: ClassPapers, trainee: Trainee, name: str) -> Said | None:
    return next((said for paper in held.of([FRONT], trainee.key) if (said := paper.sure(name))), None)


@of_trainee
def form_sex(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    card = _on_card(held, trainee, "sex")
    forms = held.of([FORM], trainee.key)
    if card:
        return held_against(check, forms, "sex", card.value, words.CARD)
    return held_against(check, forms, "sex", trainee.sex, words.ROSTER)


@of_trainee
def form_birth(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """Printed to the month or to the day; the number on the roster tells both."""
    forms = held.of([FORM], trainee.key)
    name = "birth_date" if any("birth_date" in form.said for form in forms) else "birth_year_month"
    card = _on_card(held, trainee, "birth_date")
    born = check_id_number(trainee.id_number).birth_date or trainee.birth_date
    truth = card.value if card else born.isoformat() if born else ""
    against = words.CARD if card else words.ROSTER
    return held_against(check, forms, name, truth, against, agrees=lambda value: _same_month(value, truth))


def _same_month(value: str, truth: str) -> bool:
    return truth.startswith(value) if len(value) <= len(truth) else value == truth


@of_trainee
def form_category(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """One of the groups ticked is the one the roster holds; not asked of a group the form has no box for."""
    if trainee.category and trainee.category not in held.programme.asked_on_form:
        return None
    ids = {plain(label): key for key, label in held.programme.categories.items()}

    def names_hers(value: str) -> bool:
        ticked = {ids.get(plain(one), one) for one in value.split(LIST_OF_CHOICES)}
        return trainee.category in ticked

    forms = held.of([FORM], trainee.key)
    category = held.programme.categories.get(trainee.category, "")
    return held_against(check, forms, "person_category", category, words.ROSTER, agrees=names_hers)


@of_trainee
def form_programme(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    forms = held.of([FORM], trainee.key)
    return weightiest(programme(check, held, forms, "chosen_programme"))


def programme(
    check: CrossCheck, held: ClassPapers, papers: Sequence[Paper], name: str
) -> list[Finding | None]:
    """Occupation and level on these papers against the class."""
    ours = held.programme
    trade = held_against(
        check,
        papers,
        name,
        ours.occupation,
        words.PROGRAMME,
        agrees=lambda text: same_trade(text, ours.occupation),
    )
    level = ours.levels.get(ours.level, "")
    graded = [paper for paper in papers if "skill_level" in paper.said]
    return [
        trade,
        held_against(
            check,
            graded,
            "skill_level",
            level,
            words.PROGRAMME,
            agrees=lambda text: level_of(text, ours.levels) == ours.level,
        ),
    ]


@of_trainee
def form_dated(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return not_after(
        check, held.of([FORM], trainee.key), "institution_date", held.first_lesson_on, words.FIRST_LESSON
    )


@of_trainee
def form_signed(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return marks(check, held.of([FORM], trainee.key), ("trainee_signature", "photo", "institution_seal"))


# Proofs ---------------------------------------------------------------------------------------------------
@of_trainee
def proof_person(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return person(check, held.of(PROOFS, trainee.key), trainee)


@of_trainee
def proof_category(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """What lies there proves the group the roster holds."""
    proofs = held.of(PROOFS, trainee.key)
    if not proofs:
        return None
    label = held.programme.categories.get(trainee.category, "")
    sides = Sides(
        paper=paper_name(proofs[0]),
        read=paper_name(proofs[0]),
        held=label,
        field=words.FIELDS["person_category"],
        against=words.ROSTER,
    )
    if not trainee.category:
        return unknown(check, words.NOT_HELD, sides, settle=words.STATE_IT)
    if any(trainee.category in PROOFS[paper.kind] for paper in proofs):
        return passed(check, PROVES, sides)
    return breach(check, PROVES_OTHER, sides)


PROVES = gettext_noop("%(paper)s证明%(held)s")
PROVES_OTHER = gettext_noop("交的是%(paper)s，名册上的人员类别是%(held)s")


@of_trainee
def proof_dated(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    dated = [paper for paper in held.of(PROOFS, trainee.key) if "issued_on" in paper.said]
    return not_after(check, dated, "issued_on", held.first_lesson_on, words.FIRST_LESSON)


@of_trainee
def employment_person(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    papers = held.of(("employment_proof", "labour_contract"), trainee.key)
    return person(check, [paper for paper in papers if paper.item == check.item], trainee)


@of_trainee
def licence_holder(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return held_against(check, held.of([LICENCE], trainee.key), "name", trainee.name, words.ROSTER)


# The exam paper -------------------------------------------------------------------------------------------
@of_trainee
def exam_person(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    return person(check, held.of(["final_exam_paper"], trainee.key), trainee)


@of_trainee
def exam_score(check: CrossCheck, held: ClassPapers, trainee: Trainee) -> Finding | None:
    """The mark on the paper is one of the marks on the score sheet."""
    papers = held.of(["final_exam_paper"], trainee.key)
    marked = [paper for paper in papers if "score" in paper.said]
    if not papers:
        return None
    if not marked:
        sides = Sides(paper=paper_name(papers[0]), field=words.FIELDS["score"])
        return unknown(check, words.NOT_READ, sides)
    ours = [
        said
        for row in rows_of(held, trainee, "score_sheet")
        for name in ("theory_score", "practice_score", "total_score")
        if (said := row.get(name)) and said.is_sure and said.whole is not None
    ]
    return held_against(
        check,
        marked,
        "score",
        "、".join(said.value for said in ours),
        words.SCORES,
        agrees=lambda value: any(_same_mark(value, said.value) for said in ours),
    )


def _same_mark(one: str, other: str) -> bool:
    try:
        return abs(float(one) - float(other)) < 0.01
    except ValueError:
        return False


def rows_of(held: ClassPapers, trainee: Trainee, kind: str) -> list[dict[str, Said]]:
    """Her lines on the lists of this kind: by number where the line has one, else by a name that is hers alone."""
    alone = sum(same("name", one.name, trainee.name) for one in held.trainees) == 1
    return [
        dict(row)
        for paper in held.all_of(kind)
        for row in paper.rows
        if (
            row["id_number"].value == trainee.id_number
            if "id_number" in row and row["id_number"].value
            else alone and "name" in row and same("name", row["name"].value, trainee.name)
        )
    ]
