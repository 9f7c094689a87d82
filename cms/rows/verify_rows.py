"""The lines of the verification screen, ready to print: values, words given on them, tables, whole documents."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.rows.field_names import OPTIONS, TICKED, ticked
from cms.rows.roster_side import NUMBER
from cms.rows.verify_notes import Comparison, Note
from dossiers.differences import Piece, parted
from dossiers.models import FieldStatement
from dossiers.numbering import holds_id_number
from dossiers.search_text import mask_numbers
from dossiers.statements import Spot, plain
from foundation.secrets import mask

HIGH = 0.8
MARKS = ("_signature", "_seal", "photo")
YES_NO: dict[str, str | Promise] = {"true": _("是"), "false": _("否")}
THERE: dict[str, str | Promise] = {"true": _("有"), "false": _("无")}


@dataclass(frozen=True)
class Word:
    """A word given on a value: by whom, when, on what ground."""

    verdict: str
    text: str
    basis: str
    pieces: tuple[Piece, ...] = field(repr=False)
    by: str
    at: datetime
    by_bureau: bool

    @property
    def icon(self) -> str:
        return {"confirmed": "circle-check", "corrected": "edit"}.get(self.verdict, "photo-off")


@dataclass(frozen=True)
class ValueRow:
    """One line of the right side, ready to print; `number` ties it to its box on the page."""

    number: int
    spot: str
    label: str
    read: tuple[Piece, ...] = field(repr=False)
    held: tuple[Piece, ...] = field(repr=False)
    comparison: Comparison
    confidence: float
    problem: str
    notes: tuple[Note, ...] = field(repr=False)
    held_notes: tuple[Note, ...] = field(repr=False)
    hint: Note | None
    is_open: bool
    is_current: bool
    is_read: bool
    may_take_held: bool
    options: tuple[tuple[str, str | Promise], ...]
    typed: str = field(repr=False)
    insists: bool
    said: Word | None
    other: Word | None
    stale: Word | None
    points: str
    corner: tuple[str, str]
    close_up: str
    characters: tuple[tuple[str, ...], ...]
    places: str
    roster_url: str

    @property
    def is_doubtful(self) -> bool:
        return self.confidence < HIGH

    @property
    def is_number(self) -> bool:
        return Spot.read(self.spot).name == NUMBER

    @property
    def is_settled(self) -> bool:
        return self.said is not None


@dataclass(frozen=True)
class Cell:
    """One cell of a table on the page; open ones stand as a row of their own above it."""

    spot: str
    text: str = field(repr=False)
    is_open: bool
    is_said: bool
    points: str


@dataclass(frozen=True)
class Table:
    """The rows of a table on the page."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True)
class Document:
    """One document of the page: what it was taken for, whose it is, its values."""

    heading: str
    owner: str
    owner_url: str
    of_the_class: bool
    rows: tuple[ValueRow, ...]
    table: Table | None


def options(name: str, read: str) -> tuple[tuple[str, str | Promise], ...]:
    """What a person chooses from instead of typing: a mark is there or not, one of several boxes is ticked."""
    if read and read == ticked(name, read) and name in OPTIONS:
        return ()  # it was printed in words, not ticked
    if name in OPTIONS:
        return tuple((option, TICKED[option]) for option in OPTIONS[name])
    if name.endswith(MARKS):
        return tuple(THERE.items())
    return tuple(YES_NO.items()) if read in YES_NO else ()


def shown(name: str, text: str) -> str:
    """A value in words where it is a sign."""
    words = THERE if name.endswith(MARKS) else YES_NO
    return str(words[text]) if text in words else ticked(name, text)


def masked(name: str, text: str) -> str:
    """The value as it stands where nobody's look is written down."""
    if name == "phone":
        return mask(text) if text else ""
    return shown(name, mask_numbers(mask(text) if name == NUMBER and text else text))


def is_secret(name: str, text: str) -> bool:
    return name in (NUMBER, "phone") or (bool(text) and holds_id_number(text))


def printed(name: str, pieces: Iterable[Piece], *, sees_numbers: bool) -> tuple[Piece, ...]:
    """Pieces of a value as this viewer may see them; a number parted for the eye."""
    told = tuple(pieces)
    text = "".join(piece.text for piece in told)
    if not text:
        return ()
    if not sees_numbers and is_secret(name, text):
        return (Piece(masked(name, text)),)
    if name == NUMBER:
        return parted(told)
    words = shown(name, text)
    return (Piece(words),) if words != text else told


def word(name: str, said: FieldStatement | None, *, sees_numbers: bool) -> Word | None:
    """A word given on a value, as this viewer may see it."""
    if said is None:
        return None
    text = plain(said.value)
    return Word(
        verdict=said.verdict,
        text=said.get_verdict_display(),
        basis=said.get_basis_display() if said.verdict == FieldStatement.Verdict.CORRECTED else "",
        pieces=printed(name, (Piece(text),) if text else (), sees_numbers=sees_numbers),
        by=said.made_by.full_name,
        at=said.made_at,
        by_bureau=said.by_bureau,
    )
