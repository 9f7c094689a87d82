"""One value against another: what agrees, what differs, what cannot be told; and how that is said."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from dossiers.crosschecks import words
from dossiers.crosschecks.facts import Paper, Place, Said, Trainee, shown
from dossiers.differences import same
from dossiers.ledgers import KINDS
from dossiers.rules.findings import WEIGHT, Outcome
from dossiers.rulesets.shape import CrossCheck
from dossiers.sentences import Sentence, sentence

BRACKETED = re.compile(r"[(\[【].*?[)\]】]")
NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Sides:
    """The two sides of a comparison as sentences name them; `read` and `held` are ready for a screen."""

    paper: object = ""
    field: object = ""
    read: object = ""
    against: object = ""
    held: object = ""

    def but(self, **changed: object) -> "Sides":
        return replace(self, **changed)


@dataclass(frozen=True)
class Finding:
    """What one cross-check finds: of a trainee, of a line, or of the class; in words, with where it stands.

    `who` is the name on the paper where nobody on the roster is meant.
    """

    check: CrossCheck
    outcome: Outcome
    told: Sentence
    trainee: Hashable | None = None
    who: str = field(default="", repr=False)
    places: tuple[Place, ...] = ()
    settle: Sentence | None = None

    @property
    def chip(self) -> Sentence:
        """The same in a few words, to stand beside a name."""
        doubtful = self.told.template == words.DOUBTFUL
        return Sentence(
            self.told.code, words.DOUBTFUL_CHIP if doubtful else self.check.chip, self.told.params
        )

    @property
    def is_breach(self) -> bool:
        return self.outcome in (Outcome.FAIL, Outcome.WARN)

    def of(self, trainee: Trainee) -> "Finding":
        return replace(self, trainee=trainee.key)


Agrees = Callable[[str], bool]


def breach(
    check: CrossCheck, template: str, sides: Sides, said: Iterable[Said] = (), *, settle: str = words.LOOK
) -> Finding:
    """The two sides differ: a failure where the check blocks, else something to look at."""
    outcome = Outcome.FAIL if check.severity == "block" else Outcome.WARN
    return _finding(check, outcome, template, sides, said, settle)


def doubt(check: CrossCheck, said: Said, paper: str) -> Finding:
    """What was read contradicts itself; it neither agrees nor differs."""
    sides = Sides(paper=paper, field=label(said.place.name), read=said.shown)
    return _finding(check, Outcome.WARN, words.DOUBTFUL, sides, [said], words.LOOK)


def unknown(
    check: CrossCheck, template: str, sides: Sides, said: Iterable[Said] = (), *, settle: str = words.READ_IT
) -> Finding:
    return _finding(check, Outcome.UNKNOWN, template, sides, said, settle)


def passed(check: CrossCheck, template: str, sides: Sides, said: Iterable[Said] = ()) -> Finding:
    return _finding(check, Outcome.PASS, template, sides, said, "")


def _finding(
    check: CrossCheck, outcome: Outcome, template: str, sides: Sides, said: Iterable[Said], settle: str
) -> Finding:
    return Finding(
        check,
        outcome,
        sentence(check.id, template, **asdict(sides)),
        places=tuple(one.place for one in said),
        settle=sentence("settle", settle) if settle else None,
    )


def label(name: str) -> str:
    return words.FIELDS.get(name, name)


def paper_name(paper: Paper) -> str:
    return KINDS.get(paper.kind, paper.kind)


def held_against(
    check: CrossCheck,
    papers: Sequence[Paper],
    name: str,
    held: str,
    against: str,
    *,
    agrees: Agrees | None = None,
    printed: str = "",
) -> Finding | None:
    """One field of each of these papers against one value; None without a paper.

    `agrees` tells when two spellings say the same, `printed` is the held side for a screen.
    """
    if not papers:
        return None
    said = [(paper, paper.said[name]) for paper in papers if name in paper.said]
    sides = Sides(paper_name(papers[0]), label(name), against=against, held=printed or held)
    if not any(one.value for _, one in said):
        return unknown(check, words.NOT_READ, sides, [one for _, one in said])
    if not held:
        return unknown(check, words.NOT_HELD, sides, [one for _, one in said], settle=words.STATE_IT)
    fits = agrees or (lambda value: same(name, value, held))
    for paper, one in said:
        if one.is_sure and not fits(one.value):
            return breach(check, words.DIFFERS, sides.but(paper=paper_name(paper), read=one.shown), [one])
    for paper, one in said:
        if one.is_doubtful:
            return doubt(check, one, paper_name(paper))
    return passed(check, words.AGREES, sides, [one for _, one in said if one.is_sure])


def not_after(
    check: CrossCheck, papers: Sequence[Paper], name: str, limit: date | None, against: str
) -> Finding | None:
    """A date on each of these papers is not later than another; None without a paper."""
    printed = limit.isoformat() if limit else ""
    found = held_against(
        check,
        papers,
        name,
        printed,
        against,
        agrees=lambda value: limit is not None and not_later(value, limit),
    )
    if found is None or found.outcome == Outcome.UNKNOWN:
        return found
    if found.is_breach and found.told.template == words.DIFFERS:
        return replace(found, told=replace(found.told, template=words.LATER))
    return replace(found, told=replace(found.told, template=words.IN_TIME)) if not found.is_breach else found


def not_later(value: str, limit: date) -> bool:
    """A date printed to the month counts by its month."""
    return value <= limit.isoformat()[: len(value)]


def marks(check: CrossCheck, papers: Sequence[Paper], names: Sequence[str]) -> Finding | None:
    """Signatures, seals, photographs that must be seen on these papers taken together; None without a paper."""
    if not papers:
        return None
    seen = {name: [paper.said[name] for paper in papers if name in paper.said] for name in names}
    paper = paper_name(papers[0])
    absent = [
        name
        for name, said in seen.items()
        if any(one.value == "false" for one in said) and not _is_seen(said)
    ]
    if absent:
        where = [one for name in absent for one in seen[name]]
        sides = Sides(paper, label(absent[0]))
        return breach(check, words.NOT_SEEN, sides, where, settle=words.LOOK_AT_MARK)
    unread = [name for name, said in seen.items() if not _is_seen(said)]
    if unread:
        return unknown(check, words.NOT_READ, Sides(paper, label(unread[0])), settle=words.LOOK_AT_MARK)
    return passed(check, words.SEEN, Sides(paper), [one for said in seen.values() for one in said])


def _is_seen(said: Sequence[Said]) -> bool:
    return any(one.value == "true" and one.is_sure for one in said)


def weightiest(found: Iterable[Finding | None]) -> Finding | None:
    """Of several, the one that wants a hand most; where all pass, the first."""
    return min((one for one in found if one), key=lambda one: WEIGHT[one.outcome], default=None)


def person(
    check: CrossCheck, papers: Sequence[Paper], trainee: Trainee, name: str = "name"
) -> Finding | None:
    """Name and number of somebody's paper against the roster. A paper that prints only one is judged by it."""
    if not papers:
        return None
    by_name = held_against(check, papers, name, trainee.name, words.ROSTER)
    by_number = held_against(
        check, papers, "id_number", trainee.id_number, words.ROSTER, printed=shown_number(trainee)
    )
    found = [one for one in (by_number, by_name) if one and one.outcome != Outcome.UNKNOWN]
    return weightiest(found) or by_number


def shown_number(trainee: Trainee) -> str:
    return shown("id_number", trainee.id_number)


# Spellings ------------------------------------------------------------------------------------------------
def plain(text: str) -> str:
    """For comparison: half width, without spaces and punctuation."""
    return NO_WORD.sub("", unicodedata.normalize("NFKC", text))


def same_trade(printed: str, ours: str) -> bool:
    """An occupation stands among other words on paper: its level in brackets, 培训 behind it."""
    mine, theirs = plain(BRACKETED.sub("", unicodedata.normalize("NFKC", printed))), plain(ours)
    return bool(mine) and (mine == theirs or theirs in plain(printed) or (len(mine) >= 2 and mine in theirs))


def same_body(printed: str, ours: str) -> bool:
    """A firm's name as printed; a branch or a bracket more or less is the same house."""
    mine, theirs = plain(printed), plain(ours)
    return bool(mine) and (mine == theirs or theirs in mine or (len(mine) >= 6 and mine in theirs))


def level_of(printed: str, levels: Mapping[str, str]) -> str | None:
    """Which level these words name: 五级（初级工）, 初级工, 5; None where they name none, or two."""
    text = plain(printed)
    if text in levels:
        return text
    hits: dict[str, int] = {}
    for level, words_of_level in levels.items():
        for word in re.split(r"[（()）]", words_of_level):
            if word and word in text:
                hits[level] = max(hits.get(level, 0), len(word))
    if not hits:
        return None
    best = max(hits.values())
    found = [level for level, length in hits.items() if length == best]
    return found[0] if len(found) == 1 else None
