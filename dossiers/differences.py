"""Where what was read and what the roster holds part, character by character; and what a number says of itself.

Pure. Values are compared in one spelling and printed as they stand; no repr holds one.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from dossiers.numbering import ID_LENGTH, check_id_number, normalised

NUMBERS = frozenset({"id_number", "certificate_no", "phone", "class_no"})  # compared place by place
ID_GROUPS = (6, 14)  # where blanks part an ID number for the eye: region, birth date, the rest
AMONG_OTHER_WORDS = frozenset({"occupation"})  # what is held may stand among other words on paper
MOST_DIGITS_APART = 2  # a number read this close to one on the roster is taken for hers
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・．", "·"))


class Outcome(StrEnum):
    """How the two sides stand to each other."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_HELD = "not_held"  # the roster has no such column, or nothing in it
    NOT_READ = "not_read"


@dataclass(frozen=True)
class Piece:
    """A run of characters that differs from the other side, or does not."""

    text: str = field(repr=False)
    differs: bool = False


@dataclass(frozen=True)
class Difference:
    """Both sides in pieces; `places` are the differing characters of the read value, counted from 1."""

    outcome: Outcome
    read: tuple[Piece, ...] = field(default=(), repr=False)
    held: tuple[Piece, ...] = field(default=(), repr=False)
    places: tuple[int, ...] = ()
    is_by_place: bool = False

    @property
    def is_different(self) -> bool:
        return self.outcome == Outcome.DIFFERENT


def same(name: str, one: str, other: str) -> bool:
    """Whether two values of this field say the same."""
    return _spelling(name, one) == _spelling(name, other)


def compare(name: str, read: str, held: str) -> Difference:
    """What was read against what the roster holds."""
    ours, theirs = _spelling(name, read), _spelling(name, held)
    if not theirs:
        return Difference(Outcome.NOT_HELD, _whole(read), ())
    if not ours:
        return Difference(Outcome.NOT_READ, (), _whole(held))
    if ours == theirs or (name in AMONG_OTHER_WORDS and theirs in ours):
        return Difference(Outcome.SAME, _whole(read), _whole(held))
    if name in NUMBERS and len(ours) == len(theirs):
        return _by_place(ours, theirs)
    return _by_runs(ours, theirs)


def digits_apart(one: str, other: str) -> int | None:
    """In how many places two whole ID numbers differ; None where they cannot be laid over each other."""
    ours, theirs = normalised(one), normalised(other)
    if len(ours) != ID_LENGTH or len(theirs) != ID_LENGTH:
        return None
    return sum(a != b for a, b in zip(ours, theirs, strict=True))


@dataclass(frozen=True)
class NumberSays:
    """What an ID number tells of itself: whether its last digit follows, and the birthday in it."""

    is_whole: bool
    last: str = field(default="", repr=False)
    expected: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    sex: str = ""
    problems: tuple[str, ...] = ()

    @property
    def digit_follows(self) -> bool:
        return bool(self.expected) and self.last == self.expected

    @property
    def is_sound(self) -> bool:
        return not self.problems


def number_says(number: str, *, today: date | None = None) -> NumberSays:
    """Length, check digit, birthday and sex, each for itself."""
    plain = normalised(number)
    check = check_id_number(plain, today=today)
    return NumberSays(
        is_whole=check.valid_length,
        last=plain[-1:] if check.valid_length else "",
        expected=check.expected_digit or "",
        birth_date=check.birth_date,
        sex={"male": "男", "female": "女"}.get(check.sex or "", ""),
        problems=check.problems,
    )


def parted(pieces: Iterable[Piece], places: Iterable[int] = ID_GROUPS) -> tuple[Piece, ...]:
    """The same pieces with a blank after so many characters, as numbers are printed for the eye."""
    gaps, at = set(places), 0
    made: list[Piece] = []
    for piece in pieces:
        run = ""
        for character in piece.text:
            if at in gaps:
                made.extend((Piece(run, piece.differs), Piece(" ")) if run else (Piece(" "),))
                run = ""
            run, at = run + character, at + 1
        if run:
            made.append(Piece(run, piece.differs))
    return tuple(made)


def _by_place(ours: str, theirs: str) -> Difference:
    apart = [a != b for a, b in zip(ours, theirs, strict=True)]
    return Difference(
        Outcome.DIFFERENT,
        tuple(_runs(ours, apart)),
        tuple(_runs(theirs, apart)),
        places=tuple(at for at, differs in enumerate(apart, 1) if differs),
        is_by_place=True,
    )


def _by_runs(ours: str, theirs: str) -> Difference:
    mine, other = [False] * len(ours), [False] * len(theirs)
    for kind, start, end, their_start, their_end in SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            mine[start:end] = [True] * (end - start)
            other[their_start:their_end] = [True] * (their_end - their_start)
    return Difference(
        Outcome.DIFFERENT,
        tuple(_runs(ours, mine)),
        tuple(_runs(theirs, other)),
        places=tuple(at for at, differs in enumerate(mine, 1) if differs),
    )


def _runs(text: str, marks: list[bool]) -> Iterator[Piece]:
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marks[at] != marks[start]:
            yield Piece(text[start:at], marks[start])
            start = at


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text.strip()),) if text.strip() else ()


def _spelling(name: str, text: str) -> str:
    if name in NUMBERS:
        return normalised(text)
    return "".join(unicodedata.normalize("NFKC", text).translate(_DOTS).split())
