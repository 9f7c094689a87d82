"""Finds ID cards on a page by their layout: one or several, front and back, each with the lines that are its own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.kinds import normalised
from ingestion.reading import Line, Point, Recognition, enclosing

FRONT, BACK = "id_card_front", "id_card_back"
ENOUGH = 4.0
MOST_LINES = 80
Words = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Side:
    """A side of the card: what is printed on it and how much each word says, and where its middle lies.

    `anchor` is the label that each card bears once; the card's middle lies `right` and `up` of its left end,
    in heights of that line.
    """

    kind: str
    words: Words
    anchor: str
    right: float
    up: float


SIDES = (
    Side(
        FRONT,
        (("公民身份号码", 2.5), ("住址", 1.0), ("姓名", 0.8), ("民族", 0.8), ("性别", 0.8), ("出生", 0.8)),
        "公民身份号码",
        right=9.5,
        up=5.0,
    ),
    Side(
        BACK,
        (("居民身份证", 2.0), ("中华人民共和国", 1.0), ("签发机关", 1.5), ("有效期限", 1.5)),
        "签发机关",
        right=7.0,
        up=2.5,
    ),
)


def cards_on(lines: Sequence[Line]) -> tuple[Recognition, ...]:
    """Every side that enough speaks for, fronts first, then from the top left."""
    if len(lines) > MOST_LINES:
        return ()
    middles = [(side, middle) for side in SIDES for middle in _middles(side, lines)] or _unanchored(lines)
    groups: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        groups[_nearest(line, middles)].append(line)
    found = [_card(side, groups[place]) for place, (side, _) in enumerate(middles)]
    return tuple(sorted((card for card in found if card), key=_fronts_first))


def _fronts_first(card: Recognition) -> tuple[bool, float, float]:
    return card.kind != FRONT, card.quad.top, card.quad.left


def _middles(side: Side, lines: Sequence[Line]) -> list[Point]:
    """Where the cards' middles lie, by the label that each bears once."""
    anchors = [line.quad for line in lines if side.anchor in normalised(line.text)]
    return [(a.left + side.right * a.height, a.top - side.up * a.height) for a in anchors]


def _unanchored(lines: Sequence[Line]) -> list[tuple[Side, Point]]:
    """A worn card may have lost its anchor: then the page is held to be one side, the better spoken for."""
    if not lines:
        return []
    side = max(SIDES, key=lambda candidate: _score(candidate, lines))
    return [(side, enclosing(line.quad for line in lines).centre)]


def _nearest(line: Line, middles: Sequence[tuple[Side, Point]]) -> int:
    x, y = line.quad.centre
    distances = [(x - mx) ** 2 + (y - my) ** 2 for _, (mx, my) in middles]
    return distances.index(min(distances)) if distances else 0


def _card(side: Side, lines: Sequence[Line]) -> Recognition | None:
    score = _score(side, lines)
    if score < ENOUGH:
        return None
    confidence = round(min(0.98, 0.5 + 0.08 * score), 3)
    own = tuple(lines)
    return Recognition(side.kind, confidence, enclosing(line.quad for line in own), lines=own)


def _score(side: Side, lines: Sequence[Line]) -> float:
    said = "".join(normalised(line.text) for line in lines)
    return sum(weight for word, weight in side.words if word in said)
