"""What people said stands on pages, asked in one query: the words in force, and whether one still fits its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from dossiers.differences import same
from dossiers.models import DossierPage, FieldStatement, Sheet


@dataclass(frozen=True, order=True)
class Spot:
    """Which value of a page: document and row count from 0, no row (-1) outside tables."""

    document: int
    row: int
    name: str

    @classmethod
    def of(cls, document: int, row: int | None, name: str) -> "Spot":
        return cls(document, -1 if row is None else row, name)

    @classmethod
    def read(cls, text: str) -> "Spot":
        """The spot a form names, as `str` prints it. ValueError for anything else."""
        document, row, name = text.split(".", 2)
        return cls(int(document), int(row), name)

    def __str__(self) -> str:
        return f"{self.document}.{self.row}.{self.name}"

    @property
    def in_row(self) -> int | None:
        return None if self.row < 0 else self.row


@dataclass(frozen=True)
class Words:
    """The words in force on one value: the institution's, and the bureau's beside it."""

    institution: FieldStatement | None = None
    bureau: FieldStatement | None = None

    def of(self, *, bureau: bool) -> FieldStatement | None:
        return self.bureau if bureau else self.institution

    def heard(self, *, by_bureau: bool) -> FieldStatement | None:
        """Whose word counts for this reader: her own side's; the bureau, where it is silent, hears the institution."""
        return (self.bureau or self.institution) if by_bureau else self.institution


NO_WORDS = Words()
SheetSpot = tuple[int, Spot]


def words_in_force(
    sheets: Iterable[Sheet] | QuerySet[Sheet], *, as_handed_in: bool = False
) -> Mapping[SheetSpot, Words]:
    """The words in force on these pages, by (sheet's primary key, spot). One query.

    `as_handed_in`: the institution's as they stood when the dossier was last handed in, which is what the bureau hears.
    """
    found: dict[SheetSpot, Words] = {}
    asked = FieldStatement.objects.filter(sheet__in=sheets)
    rows = (heard_by_bureau(asked) if as_handed_in else in_force(asked)).select_related("made_by")
    for said in rows:
        key = said.sheet_id, Spot.of(said.document, said.row, said.name)
        known = found.get(key, NO_WORDS)
        side = Words(known.institution, said) if said.by_bureau else Words(said, known.bureau)
        found[key] = side
    return found


def heard_by_bureau(statements: QuerySet[FieldStatement]) -> QuerySet[FieldStatement]:
    """The bureau's own words in force, and the institution's as they were handed in: not what it said since."""
    handed_in = F("dossier__progress__handed_in_at")
    stood = Q(superseded_at__isnull=True) | Q(superseded_at__gt=handed_in)
    theirs = Q(by_bureau=False, made_at__lte=handed_in) & stood
    return statements.filter(theirs | Q(by_bureau=True, superseded_at__isnull=True))


def in_force(statements: QuerySet[FieldStatement]) -> QuerySet[FieldStatement]:
    """Of these, the words nobody has superseded or taken back."""
    return statements.filter(superseded_at__isnull=True)


def illegible(dossier: DossierPage) -> QuerySet[FieldStatement]:
    """The institution's words in force that something on a page cannot be made out: the page is to be retaken."""
    said = dossier.field_statements.filter(by_bureau=False, verdict=FieldStatement.Verdict.UNREADABLE)
    return in_force(said)


def stating(name: str, index: str) -> QuerySet[FieldStatement]:
    """The words in force that state this number, found by its blind index."""
    return in_force(FieldStatement.objects.filter(name=name, value_index=index)).exclude(value_index="")


def at_spot(statements: QuerySet[FieldStatement], spot: Spot) -> QuerySet[FieldStatement]:
    """Of these, the words on one value."""
    rows = statements.filter(document=spot.document, name=spot.name)
    return rows.filter(row__isnull=True) if spot.in_row is None else rows.filter(row=spot.in_row)


def still_fits(said: FieldStatement, read: str) -> bool:
    """Whether a word still speaks of what is read there now: a new reading may have moved the values.

    Where nothing is read any more, the word holds.
    """
    return (
        not read or same(said.name, read, plain(said.read_value)) or same(said.name, read, plain(said.value))
    )


def plain(value: object) -> str:
    """The text of an encrypted column; whoever prints it has asked permission."""
    reveal = getattr(value, "reveal_or_empty", None)
    return reveal() if reveal else str(value or "")
