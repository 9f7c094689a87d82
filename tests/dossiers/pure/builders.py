"""Builders that speak the domain: classes, trainees, sessions and filings as plain facts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dossiers.completeness import (
    ClassFacts,
    FiledFact,
    ItemCompleteness,
    SessionFacts,
    TraineeFacts,
    completeness,
)
from dossiers.matching import RosterEntry
from dossiers.numbering import make_id_number
from dossiers.rulesets import Ruleset, ruleset

NAMES = ("李国栋", "孙桂芳", "周明远", "吴晓梅", "郑大伟", "冯秀兰", "陈志刚", "褚玉华", "卫东升", "王海燕")


def rules() -> Ruleset:
    return ruleset("suihua_2019")


def enterprise_class(**facts: Any) -> ClassFacts:
    """A class of the 14 items at the very end, so that everything is due."""
    standard = {
        "stage": "archive",
        "training_type": "skill_upgrade",
        "delivery_mode": "own",
        "theory_lessons": 8,
    }
    return ClassFacts(rules().ledger("enterprise_14"), **{**standard, **facts})


def key_group_class(**facts: Any) -> ClassFacts:
    """A class of the 17 items at the very end, so that everything is due."""
    standard = {
        "stage": "archive",
        "training_type": "employment_skill",
        "delivery_mode": "institution",
        "theory_lessons": 8,
    }
    return ClassFacts(rules().ledger("key_group_17"), **{**standard, **facts})


def trainee(seq: int = 1, **facts: Any) -> TraineeFacts:
    standard = {"key": seq, "name": NAMES[(seq - 1) % len(NAMES)] + ("" if seq <= len(NAMES) else str(seq))}
    return TraineeFacts(seq=seq, **{**standard, "passed": True, **facts})


def trainees(count: int, **facts: Any) -> list[TraineeFacts]:
    return [trainee(seq, **facts) for seq in range(1, count + 1)]


def sessions(theory: int = 2, practice: int = 1) -> list[SessionFacts]:
    kinds = ["theory"] * theory + ["practice"] * practice
    return [
        SessionFacts(f"s{at}", date(2026, 10, 19) + timedelta(days=at), kind, 4)
        for at, kind in enumerate(kinds, start=1)
    ]


def filed(item_id: str, trainee_key: object = None, **facts: Any) -> FiledFact:
    return FiledFact(item_id, trainee_key=trainee_key, **facts)


def item_of(
    item_id: str,
    of_class: ClassFacts,
    people: Sequence[TraineeFacts] = (),
    lessons: Sequence[SessionFacts] = (),
    papers: Sequence[FiledFact] = (),
) -> ItemCompleteness:
    """One item's completeness."""
    found = completeness(of_class, people, lessons, papers)
    return next(item for item in found if item.item_id == item_id)


def roster(count: int = 3) -> list[RosterEntry]:
    return [
        RosterEntry(seq, seq, NAMES[seq - 1], make_id_number(date(1980 + seq, 3, seq), 100 + seq))
        for seq in range(1, count + 1)
    ]
