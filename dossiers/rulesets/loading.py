"""From a folder of tables to a Ruleset, checked as a whole: what names something unknown is refused at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from dossiers.conditions import PREDICATES, PREDICATES_ABOUT_A_TRAINEE
from dossiers.exceptions import RulesetError
from dossiers.ledgers import EVIDENCE, KINDS, PRODUCERS, Ledger, LedgerItem, Part, Per, ReviewPoint, Severity
from dossiers.rulesets.shape import (
    ArchiveDefaults,
    CertificateGrammar,
    Column,
    CrossCheck,
    LessonTimes,
    Option,
    PersonCategory,
    Retention,
    Rule,
    Ruleset,
    TrainingType,
)
from dossiers.states import STAGE_ORDER

T = TypeVar("T")
PRIVACY = frozenset({"none", "sensitive", "biometric", "biometric_source"})
MEDIA = frozenset({"paper", "electronic", "mixed"})
SEVERITIES = frozenset({"block", "warn", "info"})


def load(folder: Path) -> Ruleset:
    """Read and check one ruleset folder. RulesetError names the table and the entry that is wrong."""
    general = _table(folder, "ruleset.yaml")
    items = _table(folder, "items.yaml")
    review = _table(folder, "review.yaml")
    returns = _table(folder, "returns.yaml")
    training_types = _rows(TrainingType, general["training_types"], "ruleset.yaml training_types")
    categories = _rows(PersonCategory, general["person_categories"], "ruleset.yaml person_categories")
    ledgers = {
        ledger_id: _ledger(ledger_id, entry, items, review, returns)
        for ledger_id, entry in _table(folder, "ledgers.yaml").items()
    }
    _check_known(general["stages"], STAGE_ORDER, "ruleset.yaml stages")
    rules = _rules(_table(folder, "rules.yaml"))
    _check_used(items, ledgers.values())
    _check_categories(ledgers.values(), {category.id for category in categories})
    for kind in training_types:
        _check_known(kind.ledgers, ledgers, f"training type {kind.id}")
    return Ruleset(
        id=general["id"],
        place=general["place"],
        area=general["area"],
        place_name=general["place_name"],
        valid_from=general["valid_from"],
        valid_until=general["valid_until"],
        title=general["title"],
        document_no=general["document_no"],
        timetable=_lesson_times(general["timetable"]),
        stages=tuple(general["stages"]),
        ledgers=MappingProxyType(ledgers),
        training_types=training_types,
        startup_categories=_rows(Option, general["startup_categories"], "ruleset.yaml startup_categories"),
        skill_levels=_rows(Option, general["skill_levels"], "ruleset.yaml skill_levels"),
        person_categories=categories,
        certificates=_certificates(general["certificates"], {kind.id for kind in training_types}),
        rules=rules,
        crosschecks=_crosschecks(
            _table(folder, "crosschecks.yaml"), ledgers, rules, {kind.id for kind in training_types}
        ),
        archive=_archive(_table(folder, "archive.yaml")),
    )


def _lesson_times(entry: Mapping[str, Any]) -> LessonTimes:
    times: LessonTimes = _row(LessonTimes, entry, "ruleset.yaml timetable")
    if times.lesson_minutes < 1 or times.long_break_after < 1 or min(vars(times).values()) < 0:
        raise RulesetError("ruleset.yaml timetable: lessons take time, breaks no less than none")
    return times


def _table(folder: Path, name: str) -> Any:
    try:
        return yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RulesetError(f"{folder.name}/{name}: {error}") from error


def _rows(shape: type[T], entries: Iterable[Mapping[str, Any]], where: str) -> tuple[T, ...]:
    rows = tuple(_row(shape, entry, where) for entry in entries)
    _check_unique([entry["id"] for entry in entries], where)
    return rows


def _row(shape: type[Any], entry: Mapping[str, Any], where: str) -> Any:
    known = {field.name for field in fields(shape)}
    _check_known(entry, known, f"{where} {entry.get('id', '')}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    try:
        return shape(**values)
    except TypeError as error:
        raise RulesetError(f"{where} {entry.get('id', '')}: {error}") from error


def _check_known(names: Iterable[Any], known: Iterable[Any], where: str) -> None:
    unknown = [name for name in names if name not in set(known)]
    if unknown:
        raise RulesetError(f"{where}: unknown {', '.join(map(str, unknown))}")


def _check_unique(names: Sequence[str], where: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RulesetError(f"{where}: twice {', '.join(twice)}")


def _ledger(
    ledger_id: str,
    entry: Mapping[str, Any],
    items: Mapping[str, Any],
    review: Mapping[str, Any],
    returns: Mapping[str, Any],
) -> Ledger:
    def made(named: str | Mapping[str, Any], seq: str | None) -> LedgerItem:
        item_id, changes = (named, {}) if isinstance(named, str) else next(iter(named.items()))
        if item_id not in items:
            raise RulesetError(f"ledgers.yaml {ledger_id}: unknown {item_id}")
        facts = {**items[item_id], **changes}
        facts.setdefault("clause", f"{entry['article']} {seq}")
        points = review.get(item_id)
        if not points:
            raise RulesetError(f"review.yaml: nothing to tick for {item_id}")
        return _item(item_id, seq, facts, points, (*returns.get(item_id, ()), *returns["any"]))

    ledger = Ledger(
        id=ledger_id,
        title=entry["title"],
        article=entry["article"],
        custodian=entry["custodian"],
        items=tuple(made(named, str(seq)) for seq, named in enumerate(entry["items"], start=1)),
        extras=tuple(made(named, None) for named in entry["extras"]),
    )
    _check_unique([item.id for item in ledger], f"ledgers.yaml {ledger_id}")
    return ledger


def _item(
    item_id: str, seq: str | None, facts: Mapping[str, Any], points: Sequence[Any], reasons: tuple[str, ...]
) -> LedgerItem:
    where = f"items.yaml {item_id}"
    parts = tuple(_part(entry, where) for entry in facts.get("parts", ()))
    known_severities = [severity.value for severity in Severity]
    _check_known([facts.get("severity", Severity.MISSING)], known_severities, where)
    item: LedgerItem = _row(
        LedgerItem,
        {
            "medium": "paper",
            **facts,
            "id": item_id,
            "seq": seq,
            "per": _per(facts["per"], where),
            "severity": Severity(facts.get("severity", Severity.MISSING)),
            "parts": parts,
            "review": _rows(ReviewPoint, points, f"review.yaml {item_id}"),
            "return_reasons": reasons,
        },
        where,
    )
    _check_item(item, where)
    return item


def _per(name: str, where: str) -> Per:
    _check_known([name], [per.value for per in Per], where)
    return Per(name)


def _part(entry: Mapping[str, Any], where: str) -> Part:
    part: Part = _row(Part, {**entry, "per": _per(entry["per"], where)}, where)
    return part


def _check_item(item: LedgerItem, where: str) -> None:
    _check_known([item.producer], PRODUCERS, where)
    _check_known([item.medium], MEDIA, where)
    _check_known([item.due_stage], STAGE_ORDER, where)
    _check_known([item.privacy, *(part.privacy for part in item.parts)], PRIVACY, where)
    _check_known((*item.kinds, *item.any_of), KINDS, where)
    _check_known(item.any_of, item.kinds, where)
    _check_known([point.evidence for point in item.review if point.evidence], EVIDENCE, where)
    _check_condition(item.condition, item.per, where)
    _check_unique([part.id for part in item.parts], where)
    for point in item.review:
        _check_known(point.parts, [part.id for part in item.parts], f"review.yaml {item.id} {point.id}")
    for part in item.parts:
        _check_known((*part.kinds, *part.any_of), item.kinds, f"{where} {part.id}")
        _check_known([part.due_stage or item.due_stage], STAGE_ORDER, f"{where} {part.id}")
        _check_condition(part.condition, part.per, f"{where} {part.id}")
    if item.parts and item.per == Per.TRAINEE and all(part.per != Per.TRAINEE for part in item.parts):
        raise RulesetError(f"{where}: an item per trainee needs a part per trainee")


def _check_condition(condition: str, per: Per, where: str) -> None:
    _check_known([condition], PREDICATES, where)
    if condition in PREDICATES_ABOUT_A_TRAINEE and per != Per.TRAINEE:
        raise RulesetError(f"{where}: {condition} asks about a trainee, the paper is per {per}")


def _check_used(items: Mapping[str, Any], ledgers: Iterable[Ledger]) -> None:
    used = {item.id for ledger in ledgers for item in ledger}
    idle = sorted(set(items) - used)
    if idle:
        raise RulesetError(f"items.yaml: in no ledger {', '.join(idle)}")


def _check_categories(ledgers: Iterable[Ledger], known: set[str]) -> None:
    for ledger in ledgers:
        for item in ledger:
            for part in item.parts:
                _check_known(part.categories, known, f"items.yaml {item.id} {part.id}")


def _certificates(entry: Mapping[str, Any], training_types: set[str]) -> CertificateGrammar:
    prefixes = {prefix: tuple(types) for prefix, types in entry["prefixes"].items()}
    for prefix, types in prefixes.items():
        _check_known(types, training_types, f"ruleset.yaml certificates {prefix}")
    return CertificateGrammar(entry["city_code"], tuple(entry["districts"]), MappingProxyType(prefixes))


def _rules(entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Rule]:
    rows = _rows(Rule, entries, "rules.yaml")
    _check_known([rule.severity for rule in rows], SEVERITIES, "rules.yaml severity")
    return MappingProxyType({rule.id: rule for rule in rows})


def _crosschecks(
    entries: Sequence[Mapping[str, Any]],
    ledgers: Mapping[str, Ledger],
    rules: Mapping[str, Rule],
    training_types: set[str],
) -> Mapping[str, CrossCheck]:
    rows = _rows(CrossCheck, entries, "crosschecks.yaml")
    points = {item.id: {point.id for point in item.review} for ledger in ledgers.values() for item in ledger}
    for row in rows:
        where = f"crosschecks.yaml {row.id}"
        _check_known([row.item], points, where)
        _check_known(row.points, points[row.item], where)
        _check_known([row.severity], {"block", "warn"}, where)
        _check_known([row.rule] if row.rule else [], rules, where)
        _check_known(row.types, training_types, where)
    return MappingProxyType({row.id: row for row in rows})


def _archive(entry: Mapping[str, Any]) -> ArchiveDefaults:
    catalogue = entry["catalogue"]
    retention = [{"id": name, **kept} for name, kept in entry["retention"].items()]
    return ArchiveDefaults(
        catalogue_title=catalogue["title"],
        columns=_rows(Column, catalogue["columns"], "archive.yaml columns"),
        page=MappingProxyType(catalogue["page"]),
        volume_order=tuple(entry["volume_order"]),
        category=entry["reference_code"]["category"],
        classification=entry["reference_code"]["classification"],
        retention=MappingProxyType(
            {row.id: row for row in _rows(Retention, retention, "archive.yaml retention")}
        ),
    )
