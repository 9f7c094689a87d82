"""What a ruleset holds, as frozen values: lists to choose from, both ledgers, rules with figures, archive defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from dossiers.ledgers import Ledger


@dataclass(frozen=True)
class Option:
    """One entry of a list people choose from."""

    id: str
    label: str


@dataclass(frozen=True)
class TrainingType:
    """A kind of training; `on_form`: 附件1 prints it; `ledgers`: which base ledger its classes may keep."""

    id: str
    label: str
    ledgers: tuple[str, ...]
    clause: str
    on_form: bool = False


@dataclass(frozen=True)
class PersonCategory:
    """A group of persons; `sensitive` ones never appear on a cover, a notice or a list that leaves the house."""

    id: str
    label: str
    on_form: bool = False
    sensitive: bool = False


@dataclass(frozen=True)
class CertificateGrammar:
    """The parts of a certificate number (R15). A training type without a prefix is not checked."""

    city_code: str
    districts: tuple[str, ...]
    prefixes: Mapping[str, tuple[str, ...]]

    def prefixes_for(self, training_type: str) -> tuple[str, ...]:
        return tuple(prefix for prefix, types in self.prefixes.items() if training_type in types)


@dataclass(frozen=True)
class Rule:
    """One rule with its words and its figures. `severity`: block, warn or info.

    `check` names the function that judges it (dossiers.rules), `using` tells that function which facts and figures
    it takes. It is asked of the `types` of training and `ledgers` named, of all where none is. `waivable`: its
    clause says 原则上, so a person may let a breach pass with a reason.
    """

    id: str
    article: str
    quote: str
    severity: str
    params: Mapping[str, object]
    check: str = ""
    using: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    types: tuple[str, ...] = ()
    ledgers: tuple[str, ...] = ()
    waivable: bool = False


@dataclass(frozen=True)
class CrossCheck:
    """One paper held against the others. `item`: on whose row it is told; `points`: beside which of its checklist.

    A breach of `severity` block fails, of warn is pointed at. `chip` says it in a few words beside a name;
    `rule` is the Rule that has words and figures for it. Asked only of the `types` of training named, if any.
    """

    id: str
    item: str
    title: str
    chip: str
    severity: str
    points: tuple[str, ...] = ()
    rule: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of the contents, width in millimetres."""

    id: str
    label: str
    width: int


@dataclass(frozen=True)
class Retention:
    """How long something is kept; `code` is its mark in the reference code (D10)."""

    id: str
    label: str
    code: str = ""
    years: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class ArchiveDefaults:
    """How the contents are drawn and how long things are kept, unless the installation says otherwise."""

    catalogue_title: str
    columns: tuple[Column, ...]
    page: Mapping[str, int]
    volume_order: tuple[str, ...]
    category: str
    classification: str
    retention: Mapping[str, Retention]


@dataclass(frozen=True)
class LessonTimes:
    """How a sitting runs, in minutes: a long break after each `long_break_after` lessons, short ones between the rest."""

    lesson_minutes: int
    break_minutes: int
    long_break_minutes: int
    long_break_after: int


@dataclass(frozen=True)
class Ruleset:
    """Everything that holds in one place from one day on."""

    id: str
    place: str
    area: str
    place_name: str
    valid_from: date
    valid_until: date | None
    title: str
    document_no: str
    timetable: LessonTimes
    stages: tuple[str, ...]
    ledgers: Mapping[str, Ledger]
    training_types: tuple[TrainingType, ...]
    startup_categories: tuple[Option, ...]
    skill_levels: tuple[Option, ...]
    person_categories: tuple[PersonCategory, ...]
    certificates: CertificateGrammar
    rules: Mapping[str, Rule]
    crosschecks: Mapping[str, CrossCheck]
    archive: ArchiveDefaults

    def holds(self, place: str, on: date) -> bool:
        """Is it in force there? `place` is its name ("suihua") or an administrative code within its area."""
        until = self.valid_until
        here = place == self.place or place.startswith(self.area)
        return here and self.valid_from <= on and (until is None or on <= until)

    def ledger(self, ledger_id: str) -> Ledger:
        return self.ledgers[ledger_id]

    def training_type(self, type_id: str) -> TrainingType:
        """KeyError if this ruleset has none of this id."""
        return {kind.id: kind for kind in self.training_types}[type_id]

    def training_types_of(self, ledger_id: str) -> tuple[TrainingType, ...]:
        return tuple(kind for kind in self.training_types if ledger_id in kind.ledgers)

    def person_category(self, category_id: str) -> PersonCategory:
        """KeyError if this ruleset has none of this id."""
        return {category.id: category for category in self.person_categories}[category_id]

    def skill_level(self, level_id: str) -> Option:
        """KeyError if this ruleset has none of this id."""
        return {level.id: level for level in self.skill_levels}[level_id]
