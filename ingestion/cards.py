"""Finds ID cards on a page by their layout: one or several, front and back, each with its outline and its own lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ingestion.kinds import normalised
from ingestion.reading import Line, Quad, Recognition, enclosing

FRONT, BACK = "id_card_front", "id_card_back"
WIDTH, HEIGHT = 85.6, 54.0  # millimetres (ISO/IEC 7810 ID-1)
ENOUGH = 4.0
MOST_LINES = 80
FITS_WITHIN = 4.0  # millimetres between where a word is and where it ought to be
BLUR = 2.0  # millimetres around a card that still belong to it
PIXELS_A_MILLIMETRE = (0.14, 0.62)  # in heights of a line of the card's print
USUAL_SCALE = 0.29
WORN_SHARE, WORN_WEIGHT = 0.5, 0.7


@dataclass(frozen=True)
class Word:
    """A word printed on a side: how much it says, and where its left end and its middle line lie, in millimetres."""

    text: str
    weight: float
    x: float
    y: float


@dataclass(frozen=True)
class Side:
    """A side of the card. `anchor` stands on each exactly once, `proof` is a value without which words alone prove little."""

    kind: str
    anchor: str
    words: tuple[Word, ...]
    proof: re.Pattern[str]
    hints: tuple[
        tuple[re.Pattern[str], float], ...
    ] = ()  # values that speak for a side whose labels are worn


SIDES = (
    Side(
        FRONT,
        "公民身份号码",
        (
            Word("公民身份号码", 2.5, 5.5, 47.3),
            Word("住址", 1.0, 5.5, 29.3),
            Word("姓名", 0.8, 5.5, 7.3),
            Word("性别", 0.8, 5.5, 14.8),
            Word("出生", 0.8, 5.5, 22.0),
            Word("民族", 0.8, 28.0, 14.8),
        ),
        proof=re.compile(r"(?<![0-9])[0-9]{17}[0-9X](?![0-9])"),
    ),
    Side(
        BACK,
        "签发机关",
        (
            Word("签发机关", 1.5, 19.0, 38.3),
            Word("居民身份证", 2.0, 33.0, 18.5),
            Word("中华人民共和国", 1.0, 35.0, 9.5),
            Word("有效期限", 1.5, 19.0, 46.2),
        ),
        proof=re.compile(r"(?:19|20)\d{6}(?:20\d{6}|长期)$"),
        hints=((re.compile("公安(?:分)?局$"), 1.0), (re.compile(r"(?:19|20)\d{6}(?:20\d{6}|长期)$"), 1.5)),
    ),
)


@dataclass(frozen=True)
class Seen:
    """A word of a side found on the page."""

    word: Word
    left: float
    middle: float
    height: float
    sure: bool = True

    @property
    def weight(self) -> float:
        return self.word.weight * (1.0 if self.sure else WORN_WEIGHT)


@dataclass(frozen=True)
class Fit:
    """A card laid over the page: its corner and its scale, and the words that speak for it."""

    side: Side
    left: float
    top: float
    scale: float
    words: tuple[Seen, ...]

    @property
    def weight(self) -> float:
        return sum(seen.weight for seen in self.words)

    @property
    def outline(self) -> Quad:
        return self.within(0.0)

    def within(self, air: float) -> Quad:
        return Quad.from_box(
            self.left - air * self.scale,
            self.top - air * self.scale,
            self.left + (WIDTH + air) * self.scale,
            self.top + (HEIGHT + air) * self.scale,
        )


def cards_on(lines: Sequence[Line]) -> tuple[Recognition, ...]:
    """Every side that enough speaks for, fronts first, then from the top left."""
    if len(lines) > MOST_LINES:
        return ()
    fits = [fit for side in SIDES for fit in _fits(side, lines)]
    shared = _shared_out(lines, fits)
    found = [_card(fit.side, shared[place], fit.outline, fit.weight) for place, fit in enumerate(fits)]
    cards = [card for card in found if card] or list(_unlaid(lines))
    return tuple(sorted(cards, key=_fronts_first))


def _fronts_first(card: Recognition) -> tuple[bool, float, float]:
    return card.kind != FRONT, card.quad.top, card.quad.left


def _fits(side: Side, lines: Sequence[Line]) -> Iterator[Fit]:
    """Card after card: the one that most words speak for, then among the words that are left."""
    left = [seen for line in lines for seen in _seen(side, line)]
    while True:
        best = max(_candidates(side, left), key=lambda fit: (len(fit.words), fit.weight), default=None)
        if best is None:
            return
        yield best
        left = [seen for seen in left if seen not in best.words]


def _seen(side: Side, line: Line) -> Iterator[Seen]:
    """The words of the side on one line, placed by their share of it (性别女民族汉); worn ones at its head."""
    text = normalised(line.text)
    for word in side.words:
        at = text.find(word.text)
        sure = at >= 0
        if not sure and _is_worn(word.text, text):
            at = 0
        if at < 0 or len(text) > len(word.text) + 40:
            continue
        across = line.quad.left + line.quad.width * at / len(text)
        yield Seen(word, across, line.quad.centre[1], line.quad.height, sure)


def _is_worn(word: str, text: str) -> bool:
    """Half of the characters where they ought to be, and hardly anything else on the line."""
    if not text or len(text) > len(word) + 2:
        return False
    same = sum(one == other for one, other in zip(word, text, strict=False))
    return same >= WORN_SHARE * len(word)


def _candidates(side: Side, words: Sequence[Seen]) -> Iterator[Fit]:
    for one, other in combinations(words, 2):
        if not (one.sure or other.sure):
            continue
        fit = _laid(side, one, other, words)
        if fit and len(fit.words) > 1:
            yield fit
    for seen in words:
        if seen.word.text == side.anchor and seen.sure:
            scale = seen.height * USUAL_SCALE
            corner = seen.left - seen.word.x * scale, seen.middle - seen.word.y * scale
            yield Fit(side, *corner, scale, (seen,))


def _laid(side: Side, one: Seen, other: Seen, words: Sequence[Seen]) -> Fit | None:
    """The card on which both words are where they ought to be, and all others that fit it too."""
    down = other.word.y - one.word.y
    if abs(down) < FITS_WITHIN:
        return None
    scale = (other.middle - one.middle) / down
    least = PIXELS_A_MILLIMETRE[0] * min(one.height, other.height)
    most = PIXELS_A_MILLIMETRE[1] * max(one.height, other.height)
    if not least <= scale <= most:
        return None
    left, top = one.left - one.word.x * scale, one.middle - one.word.y * scale
    fitting: dict[str, Seen] = {}
    for seen in words:
        if _misses(seen, left, top, scale) <= FITS_WITHIN:
            known = fitting.get(seen.word.text)
            if known is None or _misses(seen, left, top, scale) < _misses(known, left, top, scale):
                fitting[seen.word.text] = seen
    if one.word.text not in fitting or other.word.text not in fitting:
        return None
    return Fit(side, left, top, scale, tuple(fitting.values()))


def _misses(seen: Seen, left: float, top: float, scale: float) -> float:
    """How far a word is from where it ought to be, in millimetres; printers differ more across than down."""
    across = abs(seen.left - left - seen.word.x * scale) / scale / 2
    down = abs(seen.middle - top - seen.word.y * scale) / scale
    return max(across, down)


def _shared_out(lines: Sequence[Line], fits: Sequence[Fit]) -> list[list[Line]]:
    """To each card the lines that lie on it; of two that overlap, the one whose middle is nearer."""
    shared: list[list[Line]] = [[] for _ in fits]
    for line in lines:
        x, y = line.quad.centre
        on = [
            place
            for place, fit in enumerate(fits)
            if _holds(fit.within(BLUR), x, y) or _holds(fit.within(BLUR), line.quad.left + 1, y)
        ]
        if on:
            shared[min(on, key=lambda place: _from_middle(fits[place], x, y))].append(line)
    return shared


def _holds(quad: Quad, x: float, y: float) -> bool:
    return quad.left <= x <= quad.right and quad.top <= y <= quad.bottom


def _from_middle(fit: Fit, x: float, y: float) -> float:
    mx, my = fit.outline.centre
    return (x - mx) ** 2 + (y - my) ** 2


def _unlaid(lines: Sequence[Line]) -> Iterator[Recognition]:
    """A worn card of which no two words fit: the page is held to be one side, the better spoken for."""
    if lines:
        side = max(SIDES, key=lambda candidate: _score(candidate, lines))
        card = _card(side, lines, enclosing(line.quad for line in lines))
        if card and any(side.proof.search(normalised(line.text)) for line in lines):
            yield card


def _card(side: Side, lines: Sequence[Line], outline: Quad, weight: float = 0.0) -> Recognition | None:
    """A card, if the words on it, or those that stand where they ought to, say enough."""
    score = max(_score(side, lines), weight + _hinted(side, lines) if weight else 0.0)
    if score < ENOUGH:
        return None
    confidence = round(min(0.98, 0.5 + 0.08 * score), 3)
    return Recognition(side.kind, confidence, outline, lines=tuple(lines))


def _hinted(side: Side, lines: Sequence[Line]) -> float:
    """What the values say where the label before them cannot be read."""
    said = [normalised(line.text) for line in lines]
    whole = "".join(said)
    worn = sum(word.text not in whole for word in side.words)
    weights = [weight for pattern, weight in side.hints if any(pattern.search(text) for text in said)]
    return sum(weights[:worn])


def _score(side: Side, lines: Sequence[Line]) -> float:
    said = "".join(normalised(line.text) for line in lines)
    return sum(word.weight for word in side.words if word.text in said)
