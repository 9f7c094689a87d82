"""What a new version of papers changed, page by page: the same, replaced, turned, moved, added, removed. Pure.

Works on plain facts: bytes of a page, how it looks, what kind it is, what its fields say. The order of the answer is
that of the new version, with what was removed where it stood.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Change(StrEnum):
    """What became of a page between two versions."""

    SAME = "same"
    REPLACED = "replaced"
    TURNED = "turned"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class FieldFact:
    """One value on a page: `key` is compared and never shown, `shown` is as the reader may see it."""

    name: str
    key: str = field(repr=False)
    shown: str = field(repr=False)


@dataclass(frozen=True)
class PageFact:
    """One page of one version.

    `sheet` names it, `place` is the paper it belongs to (part, trainee, sitting), `bytes_mark` stands for its
    bytes and how it is turned, `picture` for how it looks (hexadecimal, "" where unknown).
    """

    sheet: str
    place: str
    bytes_mark: str
    picture: str = ""
    kind: str = ""
    fields: tuple[FieldFact, ...] = ()


@dataclass(frozen=True)
class FieldChange:
    """A field that says something else now; empty where it was not there before, or is not any more."""

    name: str
    old: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True)
class PageChange:
    """One page with its counterpart; numbers count from 1 within the paper, 0 where there is no such page."""

    change: Change
    old: PageFact | None
    new: PageFact | None
    old_number: int = 0
    new_number: int = 0
    fields: tuple[FieldChange, ...] = ()

    @property
    def place(self) -> str:
        page = self.new or self.old
        return page.place if page else ""


@dataclass(frozen=True)
class _Page:
    fact: PageFact
    number: int


def compare(old: Sequence[PageFact], new: Sequence[PageFact]) -> tuple[PageChange, ...]:
    """Every page of both versions, each named once."""
    before, after = _numbered(old), _numbered(new)
    pairs = _kept(before, after)
    pairs += _matched(before, after, pairs, _across)
    pairs += _turned(before, after, pairs)
    pairs += _likest(before, after, pairs)
    out_of_order = _out_of_order(pairs)
    changes = [_change(one, other, out_of_order) for one, other in pairs]
    changes += [PageChange(Change.ADDED, None, one.fact, 0, one.number) for one in _left(after, pairs, 1)]
    changes += [PageChange(Change.REMOVED, one.fact, None, one.number, 0) for one in _left(before, pairs, 0)]
    places = list(dict.fromkeys(page.place for page in (*new, *old)))
    return tuple(sorted(changes, key=lambda one: (places.index(one.place), _stands_at(one))))


def field_changes(old: PageFact, new: PageFact) -> tuple[FieldChange, ...]:
    """Fields whose values differ, in the order of the new page, then those that are gone."""
    before, after = _by_name(old.fields), _by_name(new.fields)
    names = [*after, *(name for name in before if name not in after)]
    found = []
    for name in names:
        one, other = before.get(name), after.get(name)
        if (one.key if one else "") != (other.key if other else ""):
            shown = (one.shown if one else "", other.shown if other else "")
            found.append(FieldChange(name, *shown))
    return tuple(found)


def unlikeness(one: PageFact, other: PageFact) -> float:
    """0 to 1: how far apart two pages look; a half where that is not known."""
    if not one.picture or len(one.picture) != len(other.picture):
        return 0.5
    differing = (int(one.picture, 16) ^ int(other.picture, 16)).bit_count()
    return differing / (4 * len(one.picture))


Pair = tuple[_Page, _Page]
Key = Callable[[_Page], tuple[str, str]]


def _numbered(pages: Sequence[PageFact]) -> list[_Page]:
    counts: defaultdict[str, int] = defaultdict(int)
    numbered = []
    for page in pages:
        counts[page.place] += 1
        numbered.append(_Page(page, counts[page.place]))
    return numbered


def _kept(before: Sequence[_Page], after: Sequence[_Page]) -> list[Pair]:
    """Pages that lie in the same paper with the same bytes."""
    return _matched(before, after, [], lambda page: (page.fact.place, page.fact.bytes_mark))


def _across(page: _Page) -> tuple[str, str]:
    """Of the same bytes, wherever they lie."""
    return "", page.fact.bytes_mark


def _matched(before: Sequence[_Page], after: Sequence[_Page], pairs: Sequence[Pair], key: Key) -> list[Pair]:
    waiting: defaultdict[tuple[str, str], list[_Page]] = defaultdict(list)
    for page in _left(before, pairs, 0):
        waiting[key(page)].append(page)
    return [(waiting[key(page)].pop(0), page) for page in _left(after, pairs, 1) if waiting.get(key(page))]


def _turned(before: Sequence[_Page], after: Sequence[_Page], pairs: Sequence[Pair]) -> list[Pair]:
    """The very same sheet with its view turned."""
    return _matched(before, after, pairs, lambda page: (page.fact.place, page.fact.sheet))


def _likest(before: Sequence[_Page], after: Sequence[_Page], pairs: Sequence[Pair]) -> list[Pair]:
    """Within one paper what is left on both sides: one came instead of the other, the likest first."""
    olds, news = _left(before, pairs, 0), _left(after, pairs, 1)
    offers = [
        (
            one.fact.kind != other.fact.kind,
            abs(one.number - other.number),
            unlikeness(one.fact, other.fact),
            n,
            m,
        )
        for n, one in enumerate(olds)
        for m, other in enumerate(news)
        if one.fact.place == other.fact.place
    ]
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    found = []
    for *_worth, n, m in sorted(offers):
        if n not in taken_old and m not in taken_new:
            taken_old.add(n)
            taken_new.add(m)
            found.append((olds[n], news[m]))
    return found


def _left(pages: Iterable[_Page], pairs: Sequence[Pair], side: int) -> list[_Page]:
    used = {id(pair[side]) for pair in pairs}
    return [page for page in pages if id(page) not in used]


def _out_of_order(pairs: Sequence[Pair]) -> set[int]:
    """Of the pages that stayed in their paper, those that do not follow each other as before (by `id` of the new).

    The longest run that kept its order stays; what has to step out of it was moved.
    """
    moved: set[int] = set()
    stayed: defaultdict[str, list[Pair]] = defaultdict(list)
    for one, other in pairs:
        if one.fact.place == other.fact.place and one.fact.bytes_mark == other.fact.bytes_mark:
            stayed[other.fact.place].append((one, other))
    for kept in stayed.values():
        kept.sort(key=lambda pair: pair[1].number)
        in_order = _longest_rise([one.number for one, _other in kept])
        moved |= {id(other) for at, (_one, other) in enumerate(kept) if at not in in_order}
    return moved


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Positions of a longest strictly rising subsequence."""
    best: list[tuple[int, int]] = []  # length of the best run that ends here, and where it came from
    for at, number in enumerate(numbers):
        earlier = [(best[n][0], n) for n in range(at) if numbers[n] < number]
        length, before = max(earlier, default=(0, -1))
        best.append((length + 1, before))
    at = max(range(len(best)), key=lambda n: best[n][0], default=-1)
    found = set()
    while at >= 0:
        found.add(at)
        at = best[at][1]
    return found


def _change(one: _Page, other: _Page, out_of_order: set[int]) -> PageChange:
    old, new = one.fact, other.fact
    if old.bytes_mark == new.bytes_mark:
        stays = old.place == new.place and id(other) not in out_of_order
        what = Change.SAME if stays else Change.MOVED
    else:
        what = Change.TURNED if old.sheet == new.sheet else Change.REPLACED
    fields = field_changes(old, new) if what == Change.REPLACED else ()
    return PageChange(what, old, new, one.number, other.number, fields)


def _stands_at(change: PageChange) -> tuple[float, int]:
    """Where it stands in its paper; what was removed, before the page that has its number now."""
    if change.new_number:
        return change.new_number, 1
    return change.old_number, 0


def _by_name(fields: Iterable[FieldFact]) -> dict[str, FieldFact]:
    """The first value of each name."""
    found: dict[str, FieldFact] = {}
    for one in fields:
        found.setdefault(one.name, one)
    return found
