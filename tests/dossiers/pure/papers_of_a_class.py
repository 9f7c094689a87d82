"""Papers as plain values, for cross-checks without a database; everybody is invented."""

import itertools
from collections.abc import Sequence
from datetime import date

from dossiers.crosschecks import (
    ClassPapers,
    Finding,
    Lesson,
    Paper,
    Place,
    Programme,
    Said,
    Trainee,
    findings,
)
from dossiers.numbering import make_id_number
from dossiers.rulesets import ruleset

RULES = ruleset("suihua_2019")
ANNA = make_id_number(date(1988, 6, 2), 120)
BORIS = make_id_number(date(1991, 11, 23), 231)
CLARA = make_id_number(date(1979, 1, 9), 452)
STRANGER = make_id_number(date(1985, 5, 5), 777)
TRAINEES = (
    Trainee(1, 1, "王海燕", ANNA, "女", date(1988, 6, 2), "veteran", passed=True),
    Trainee(2, 2, "李国栋", BORIS, "男", date(1991, 11, 23), "disabled", passed=True),
    Trainee(3, 3, "孙桂芳", CLARA, "女", date(1979, 1, 9), "", passed=False),
)
LESSONS = (
    Lesson(date(2026, 10, 19), 4, "theory", "食品安全", "高远"),
    Lesson(date(2026, 10, 20), 4, "practice", "刀工", "潘思远"),
    Lesson(date(2026, 10, 30), 4, "practice", "热菜", "潘思远"),
)
PROGRAMME = Programme(
    class_no="2026-014",
    training_type="skill_upgrade",
    occupation="中式烹调师",
    level="5",
    levels={level.id: level.label for level in RULES.skill_levels},
    categories={category.id: category.label for category in RULES.person_categories},
    opener="北原食品有限公司",
    starts_on=date(2026, 10, 19),
    ends_on=date(2026, 10, 30),
    theory_lessons=4,
    practice_lessons=8,
    grammar=RULES.certificates,
    asked_on_form=frozenset(category.id for category in RULES.person_categories if category.on_form),
)
_filed = itertools.count(1)
Value = str | tuple[str, str]


def said(name: str, value: Value, sheet: str = "s1", row: int | None = None) -> Said:
    """A value read for sure, or with the state given: said("name", ("王海燕", "suspect"))."""
    text, state = (value, "read") if isinstance(value, str) else value
    return Said(text, state, Place(sheet, name, row))


def paper(
    kind: str,
    item: str,
    trainee: int | None = None,
    *,
    rows: Sequence[dict[str, Value]] = (),
    text: str = "",
    filed: int = 0,
    **fields: Value,
) -> Paper:
    sheet = f"{kind}-{trainee or ''}-{next(_filed)}"
    return Paper(
        kind=kind,
        item=item,
        trainee=trainee,
        said={name: said(name, value, sheet) for name, value in fields.items()},
        rows=tuple(
            {name: said(name, value, sheet, at) for name, value in row.items()} for at, row in enumerate(rows)
        ),
        sheet=sheet,
        text=text,
        filed=filed,
    )


def of_class(*papers: Paper, **changed: object) -> ClassPapers:
    given: dict[str, object] = {
        "programme": PROGRAMME,
        "trainees": TRAINEES,
        "lessons": LESSONS,
        "papers": papers,
    }
    return ClassPapers(**given | changed)  # type: ignore[arg-type]


def found(check: str, *papers: Paper, **changed: object) -> tuple[Finding, ...]:
    """What one check of the table finds."""
    return findings(of_class(*papers, **changed), {check: RULES.crosschecks[check]})


def outcomes(check: str, *papers: Paper, **changed: object) -> list[str]:
    return [finding.outcome.value for finding in found(check, *papers, **changed)]
