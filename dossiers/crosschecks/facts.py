"""What papers of a class say, as plain values, beside what its roster and its timetable hold.

Values are plain in memory and never in a repr; what is printed of a number is masked (`shown`).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from dossiers.certificates import Grammar
from dossiers.numbering import holds_id_number, mask

SURE = frozenset({"read", "checked"})
SILENT = frozenset({"missing"})
MASKED = frozenset({"id_number", "phone", "lecturer_phone", "bank_account"})
LIST_OF_CHOICES = "|"


@dataclass(frozen=True)
class Place:
    """Where a value stands: the page, the field, and which line of its table."""

    sheet: str
    name: str
    row: int | None = None


@dataclass(frozen=True)
class Said:
    """One value of a paper as far as anybody knows: what a person stated, else what was read."""

    value: str = field(repr=False)
    state: str
    place: Place

    @property
    def is_sure(self) -> bool:
        return self.state in SURE and bool(self.value)

    @property
    def is_doubtful(self) -> bool:
        return bool(self.value) and self.state not in SURE | SILENT

    @property
    def shown(self) -> str:
        """The value for a screen: numbers that could harm are masked."""
        return shown(self.place.name, self.value)

    @property
    def day(self) -> date | None:
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            return None

    @property
    def whole(self) -> int | None:
        """A count or a score without fractions worth keeping; None for what is no number."""
        try:
            return round(float(self.value))
        except ValueError:
            return None


def shown(name: str, value: str) -> str:
    return mask(value) if name in MASKED or holds_id_number(value) else value


Row = Mapping[str, Said]


@dataclass(frozen=True)
class Paper:
    """One document filed in the dossier. `trainee` is the key of whose it is; `filed` counts the order of filing."""

    kind: str
    item: str
    trainee: Hashable | None = None
    said: Mapping[str, Said] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    sheet: str = ""
    text: str = field(default="", repr=False)
    filed: int = 0

    def sure(self, name: str) -> Said | None:
        """The value of this field if nothing speaks against it."""
        found = self.said.get(name)
        return found if found is not None and found.is_sure else None

    def day(self, name: str) -> date | None:
        found = self.sure(name)
        return found.day if found else None


@dataclass(frozen=True)
class Trainee:
    """One trainee as the roster holds her; `category` is an id of the ruleset."""

    key: Hashable
    seq: int
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    sex: str = ""
    birth_date: date | None = field(default=None, repr=False)
    category: str = ""
    passed: bool | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class Lesson:
    """One sitting of the timetable; `kind` is theory or practice."""

    held_on: date
    lessons: int
    kind: str
    topic: str = ""
    lecturer: str = ""


@dataclass(frozen=True)
class Programme:
    """What the class trains for, and who runs it; `level` is an id, `levels` and `categories` words by id.

    `grammar` is how the ruleset prints certificate numbers; `asked_on_form` are the groups 附件2 has a box for.
    """

    class_no: str = ""
    training_type: str = ""
    occupation: str = ""
    level: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    opener: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    theory_lessons: int = 0
    practice_lessons: int = 0
    grammar: Grammar | None = None
    asked_on_form: frozenset[str] = frozenset()

    @property
    def fingerprint(self) -> tuple[Hashable, ...]:
        """What changes with the class; words and grammar change with the ruleset alone."""
        return (
            self.training_type,
            self.occupation,
            self.level,
            self.opener,
            self.starts_on,
            self.ends_on,
            self.theory_lessons,
            self.practice_lessons,
        )


@dataclass(frozen=True)
class ClassPapers:
    """A class: its programme, roster, timetable, and what all its filed papers say.

    `elsewhere` are certificate numbers that papers of other classes bear too, with the classes' numbers.
    """

    programme: Programme
    trainees: tuple[Trainee, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    papers: tuple[Paper, ...] = ()
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def _of_trainee(self) -> dict[tuple[str, Hashable | None], list[Paper]]:
        found: dict[tuple[str, Hashable | None], list[Paper]] = {}
        for paper in self.papers:
            found.setdefault((paper.kind, paper.trainee), []).append(paper)
        return found

    @cached_property
    def _of_kind(self) -> dict[str, list[Paper]]:
        found: dict[str, list[Paper]] = {}
        for paper in self.papers:
            found.setdefault(paper.kind, []).append(paper)
        return found

    def of(self, kinds: Iterable[str], trainee: Hashable) -> tuple[Paper, ...]:
        """The papers of these kinds that are this trainee's."""
        return tuple(paper for kind in kinds for paper in self._of_trainee.get((kind, trainee), ()))

    def all_of(self, *kinds: str) -> tuple[Paper, ...]:
        return tuple(paper for kind in kinds for paper in self._of_kind.get(kind, ()))

    @cached_property
    def present(self) -> tuple[Trainee, ...]:
        """Everybody who has not left the class."""
        return tuple(trainee for trainee in self.trainees if not trainee.withdrawn)

    @property
    def first_lesson_on(self) -> date | None:
        return min((lesson.held_on for lesson in self.lessons), default=self.programme.starts_on)

    @property
    def last_lesson_on(self) -> date | None:
        return max((lesson.held_on for lesson in self.lessons), default=self.programme.ends_on)

    def day_said(self, name: str, *kinds: str) -> Said | None:
        """The latest date of this field on papers of these kinds."""
        found = [paper.said[name] for paper in self.all_of(*kinds) if paper.day(name)]
        return max(found, key=lambda said: said.value, default=None)
