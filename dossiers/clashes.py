"""Who or what is booked twice at one time: a teacher, or a room of one institution. Pure."""

import re
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from dossiers.coverage import Span

_APART = re.compile(r"[、,，;；/\s]+")


@dataclass(frozen=True)
class Booked:
    """One session as it takes up people and rooms. `place`: the institution whose rooms are meant."""

    key: Hashable
    span: Span
    teachers: frozenset[str]
    room: str
    place: Hashable


@dataclass(frozen=True)
class Clash:
    """`what` is teacher or room; `name` who or which; `span` the time that both claim."""

    key: Hashable
    other: Hashable
    what: str
    name: str
    span: Span


def teachers_of(written: str) -> frozenset[str]:
    """高远、林慧 as two names, whatever stands between them."""
    return frozenset(name for name in _APART.split(unicodedata.normalize("NFKC", written)) if name)


def room_of(written: str) -> str:
    """A 教室 and Ａ教室 are one room."""
    return "".join(unicodedata.normalize("NFKC", written).split()).casefold()


def clashes(own: Sequence[Booked], others: Sequence[Booked]) -> tuple[Clash, ...]:
    """What of `own` clashes with each other and with `others`; each pair of own sessions is told at both."""
    found: list[Clash] = []
    everyone = [*own, *others]
    for one in own:
        for other in everyone:
            if other.key == one.key:
                continue
            span = Span(max(one.span.begins, other.span.begins), min(one.span.ends, other.span.ends))
            if span.ends <= span.begins:
                continue
            found += [
                Clash(one.key, other.key, "teacher", name, span)
                for name in sorted(one.teachers & other.teachers)
            ]
            if one.room and one.room == other.room and one.place == other.place:
                found.append(Clash(one.key, other.key, "room", one.room, span))
    return tuple(found)
