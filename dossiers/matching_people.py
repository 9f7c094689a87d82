"""Whose paper is this? The reading's name and ID number held against the roster.

ID numbers stay out of every repr and every reason.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from dossiers.numbering import ID_LENGTH, IdNumber, normalised
from dossiers.sentences import Sentence, gettext_noop

# A reason is a sentence with a stable code: what speaks for a proposal, or why there is none.
Reason = Sentence

SURE_OF_A_CHARACTER = 0.8
UNREADABLE = "?"
_LEAST_READABLE = 6
_MOST_SLIPS = 2
_AREA = 6


@dataclass(frozen=True)
class ReadingFacts:
    """What a workshop read on one document. Empty = not there. `id_number` may hold ? for unreadable characters.

    `people`: how many persons' papers are on the page. `part`: a part's id, where the page itself says which.
    """

    kind: str
    kind_confidence: float = 1.0
    name: str = ""
    name_confidence: float = 1.0
    id_number: str = field(default="", repr=False)
    id_number_confidence: float = 1.0
    id_number_valid: bool | None = None
    certificate_no: str = ""
    class_no: str = ""
    title: str = ""
    occupation: str = ""
    part: str | None = None
    people: int = 1


@dataclass(frozen=True)
class RosterEntry:
    """One enrolment as matching sees it."""

    key: Hashable
    seq: int
    name: str
    id_number: str = field(default="", repr=False)
    former_names: tuple[str, ...] = ()
    withdrawn: bool = False

    @property
    def names(self) -> frozenset[str]:
        return frozenset(clean_name(name) for name in (self.name, *self.former_names) if name)


@dataclass(frozen=True)
class Finding:
    """The person found, or nobody and why; `alternatives` are people a clerk may choose."""

    entry: RosterEntry | None
    confidence: float
    reasons: tuple[Reason, ...]
    alternatives: tuple[RosterEntry, ...] = ()


def reason(code: str, template: str, **params: object) -> Reason:
    return Sentence(code, template, MappingProxyType(params))


def clean_name(text: str) -> str:
    """A name without blanks and middle dots' variants, for comparing only."""
    return normalised(text).replace("•", "·").replace("・", "·").replace(".", "·")


def find_person(reading: ReadingFacts, roster: Sequence[RosterEntry]) -> Finding:
    """The one trainee this reading can only be of, or nobody."""
    if reading.people > 1:
        found = reason(
            "several_people", gettext_noop("一面上有 %(people)s 人，请先拆分"), people=reading.people
        )
        return Finding(None, 0.2, (found,))
    number = normalised(reading.id_number)
    if number and _is_whole(number):
        if is_valid(reading):
            return _by_number(reading, number, roster)
        failed = reason("id_number_check_failed", gettext_noop("证号校验不符，未采用"))
        return _by_name(reading, number, roster, failed)
    return _by_name(reading, number, roster, None)


def is_valid(reading: ReadingFacts) -> bool:
    """The number is checked here again; a reader that already found it wrong is believed."""
    return reading.id_number_valid is not False and IdNumber.check(reading.id_number).is_valid


def _is_whole(number: str) -> bool:
    return UNREADABLE not in number and "*" not in number


def _by_number(reading: ReadingFacts, number: str, roster: Sequence[RosterEntry]) -> Finding:
    holders = [entry for entry in roster if normalised(entry.id_number) == number]
    named = _named(reading.name, roster)
    if not holders:
        found = reason("not_on_roster", gettext_noop("证号不在本班名册，疑属他班"))
        return Finding(None, 0.1, (found,), tuple(named))
    if len(holders) > 1:
        found = reason("number_twice_on_roster", gettext_noop("名册中有两人同一证号"))
        return Finding(None, 0.3, (found,), tuple(holders))
    entry = holders[0]
    others = [other for other in named if other.key != entry.key]
    if others and entry not in named:
        found = reason("name_and_number_disagree", gettext_noop("姓名是一人，证号是另一人，请看原件"))
        return Finding(None, 0.3, (found,), (entry, *others))
    return _found_by_number(reading, entry)


def _found_by_number(reading: ReadingFacts, entry: RosterEntry) -> Finding:
    reasons = [reason("id_number_matches", gettext_noop("证号与名册一致"))]
    confidence = 0.99
    name = clean_name(reading.name)
    if name and name in entry.names:
        reasons.append(reason("name_matches", gettext_noop("姓名与名册一致")))
    elif name:
        confidence = 0.75
        reasons.append(
            reason(
                "name_differs",
                gettext_noop("姓名读作“%(read)s”，名册为“%(name)s”"),
                read=reading.name,
                name=entry.name,
            )
        )
    return _withdrawn(Finding(entry, confidence, tuple(reasons)))


def _by_name(
    reading: ReadingFacts, number: str, roster: Sequence[RosterEntry], failed: Reason | None
) -> Finding:
    """`number` is partial, empty, or (then `failed` is given) one that fails its check and only may contradict."""
    so_far = (failed,) if failed else ()
    name = clean_name(reading.name)
    if not name:
        nobody = reason("no_name", gettext_noop("没有读出姓名和证号"))
        return Finding(None, 0.2, so_far or (nobody,), tuple(_consistent(number, roster, failed)))
    named = _named(reading.name, roster)
    if len(named) > 1:
        return _namesakes(named, number, so_far, failed)
    if named:
        return _exact_name(reading, named[0], number, roster, so_far)
    return _near_name(reading, number, roster, so_far, failed)


def _namesakes(
    named: Sequence[RosterEntry], number: str, so_far: tuple[Reason, ...], failed: Reason | None
) -> Finding:
    """Two of one name: only the readable part of a number can tell them apart."""
    consistent = _consistent(number, named, failed)
    if len(consistent) == 1:
        found = (
            reason("name_matches", gettext_noop("姓名与名册一致")),
            reason("partial_number_matches", gettext_noop("证号可读部分与名册一致")),
        )
        return _withdrawn(Finding(consistent[0], 0.7, (*so_far, *found)))
    found_two = reason("namesakes", gettext_noop("名册中有 %(count)s 人同名"), count=len(named))
    return Finding(None, 0.3, (*so_far, found_two), tuple(named))


def _exact_name(
    reading: ReadingFacts,
    entry: RosterEntry,
    number: str,
    roster: Sequence[RosterEntry],
    so_far: tuple[Reason, ...],
) -> Finding:
    if number and _contradicts(number, normalised(entry.id_number)):
        differs = reason("id_number_differs", gettext_noop("姓名相同而证号不同，请看原件"))
        return Finding(None, 0.3, (*so_far, differs), (entry,))
    rivals = _near(reading.name, roster)
    if rivals and not number and reading.name_confidence < SURE_OF_A_CHARACTER:
        close = reason("name_unsure", gettext_noop("姓名没有读准，名册中有相近的名字"))
        return Finding(None, 0.3, (*so_far, close), (entry, *rivals))
    code = "name_matches" if clean_name(entry.name) == clean_name(reading.name) else "former_name_matches"
    text = gettext_noop("姓名与名册一致") if code == "name_matches" else gettext_noop("曾用名与名册一致")
    confidence = 0.6 if so_far else 0.9 * max(reading.name_confidence, 0.5)
    return _withdrawn(Finding(entry, confidence, (*so_far, reason(code, text))))


def _near_name(
    reading: ReadingFacts,
    number: str,
    roster: Sequence[RosterEntry],
    so_far: tuple[Reason, ...],
    failed: Reason | None,
) -> Finding:
    near = _near(reading.name, roster)
    if not near:
        stranger = reason("name_not_on_roster", gettext_noop("名册中没有“%(read)s”"), read=reading.name)
        return Finding(None, 0.1, (*so_far, stranger))
    consistent = _consistent(number, near, failed)
    if len(near) == 1 and len(consistent) == 1:
        found = (
            reason(
                "near_name",
                gettext_noop("姓名读作“%(read)s”，名册中仅“%(name)s”相近"),
                read=reading.name,
                name=near[0].name,
            ),
            reason("partial_number_matches", gettext_noop("证号可读部分与名册一致")),
        )
        return _withdrawn(Finding(near[0], 0.6, (*so_far, *found)))
    unsure = reason("name_unsure", gettext_noop("姓名没有读准，名册中有相近的名字"))
    return Finding(None, 0.3, (*so_far, unsure), tuple(near))


def _withdrawn(finding: Finding) -> Finding:
    """Someone who left the class can still have papers; the clerk is told."""
    if finding.entry is None or not finding.entry.withdrawn:
        return finding
    left = reason("trainee_withdrawn", gettext_noop("%(name)s已退学"), name=finding.entry.name)
    return Finding(finding.entry, finding.confidence * 0.6, (*finding.reasons, left), finding.alternatives)


def _named(name: str, roster: Sequence[RosterEntry]) -> list[RosterEntry]:
    wanted = clean_name(name)
    return [entry for entry in roster if wanted and wanted in entry.names]


def _near(name: str, roster: Sequence[RosterEntry]) -> list[RosterEntry]:
    """Everybody whose name is exactly one character off."""
    wanted = clean_name(name)
    return [entry for entry in roster if any(_one_apart(wanted, other) for other in entry.names)]


def _one_apart(one: str, other: str) -> bool:
    """Edit distance exactly 1; names of a single character in common do not count as near."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1 or one == other or len(shorter) < 2:
        return False
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _consistent(number: str, roster: Sequence[RosterEntry], failed: Reason | None) -> list[RosterEntry]:
    """Who fits the readable part of a partial number. A whole number that fails its check identifies nobody."""
    if failed or not _tells_something(number):
        return []
    return [entry for entry in roster if _fits(number, normalised(entry.id_number))]


def _tells_something(number: str) -> bool:
    """Enough characters are readable beyond the area, which a whole class shares."""
    readable = [character for character in number[_AREA:] if character not in (UNREADABLE, "*")]
    return len(number) == ID_LENGTH and len(readable) >= _LEAST_READABLE


def _fits(partial: str, whole: str) -> bool:
    return len(partial) == len(whole) and all(
        read in (UNREADABLE, "*") or read == true for read, true in zip(partial, whole, strict=True)
    )


def _contradicts(number: str, of_roster: str) -> bool:
    """Does a partial or failing number speak against this person? Two slips may be the reader's or the writer's."""
    if not of_roster:
        return False
    if len(number) != len(of_roster):
        return abs(len(number) - len(of_roster)) > _MOST_SLIPS
    slips = sum(
        read not in (UNREADABLE, "*") and read != true for read, true in zip(number, of_roster, strict=True)
    )
    return slips > _MOST_SLIPS
