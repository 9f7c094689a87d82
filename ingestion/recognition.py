"""What kind of paper is this page? By its printed title, by the words that stand on it, by a card's layout."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingestion.cards import BACK, FRONT, cards_on
from ingestion.kinds import OTHER, Kind, kinds, normalised
from ingestion.reading import Code, Line, Quad, Recognition, in_rows
from ingestion.splitting import Part, parts_of

TITLE_COVERAGE = 0.62
SMALL_TITLE_COVERAGE = 0.9
LARGE_PRINT = 1.25
UPPER_PART = 0.4
ENOUGH_LABELS, ENOUGH_SHARE = 3, 0.5
LEAST_CONFIDENCE, SURE_TITLE = 0.35, 0.7
FOREIGN_TITLE_SIZE, FOREIGN_TITLE_DEPTH = 1.5, 0.25
SITE_PHOTO, BANNER_CONFIDENCE, MOST_BANNER_CHARACTERS = "site_photo", 0.7, 120
FOLLOWING_CONFIDENCE, PART_CONFIDENCE = 0.6, 0.72
NO_PLACE = Quad.from_box(0, 0, 0, 0)
DIVIDER, DIVIDER_MARK = "divider_sheet", "JZ1|"


@dataclass(frozen=True)
class Phrase:
    """A line, or a row of lines read as one, normalised; `size` is its height against the page's usual print."""

    text: str
    confidence: float
    size: float
    depth: float


def recognise(
    lines: Sequence[Line],
    *,
    height: float,
    width: float,
    previous: Recognition | None = None,
    codes: Sequence[Code] = (),
) -> tuple[Recognition, ...]:
    """The documents on an upright page; one `other` where nothing speaks for a kind.

    `previous` is what the page before it in the same file was taken for: a page without a title may belong to it.
    Our own code makes a page a divider, whatever words stand beside it.
    """
    whole = Quad.from_box(0, 0, width, height)
    if any(code.payload.startswith(DIVIDER_MARK) for code in codes):
        return (Recognition(DIVIDER, 1.0, whole, lines=tuple(lines)),)
    if not lines:
        return (Recognition(OTHER, 0.0, whole),)
    parts = parts_of(lines, height=height, width=width)
    if len(parts) > 1:
        alone = [_alone(part, height=height, width=width) for part in parts]
        return tuple(found for found in alone if found.kind != OTHER) or (alone[0],)
    cards = tuple(_on_page(card, whole) for card in cards_on(lines))
    rest = _beside(cards, lines)
    phrases = _phrases(rest or lines, height)
    best = max((_judged(kind, phrases) for kind in kinds().values()), key=lambda found: found.confidence)
    if cards and (best.kind in (FRONT, BACK) or best.confidence < SURE_TITLE):
        return cards
    if rest:
        return (replace(best, quad=whole, lines=rest, part=best.part or _part(best.kind, phrases)), *cards)
    if best.confidence < LEAST_CONFIDENCE or (previous and best.confidence < FOLLOWING_CONFIDENCE):
        best = _following(phrases, previous) or best
    if best.confidence < LEAST_CONFIDENCE and _is_banner(phrases):
        return (Recognition(SITE_PHOTO, BANNER_CONFIDENCE, whole, lines=tuple(lines)),)
    if best.confidence < LEAST_CONFIDENCE:
        return (Recognition(OTHER, round(1.0 - best.confidence, 2), whole, lines=tuple(lines)),)
    part = best.part or _part(best.kind, phrases)
    head = _head(best.kind, previous)
    return (replace(best, quad=whole, lines=tuple(lines), part=part, head=head),)


def _alone(part: Part, *, height: float, width: float) -> Recognition:
    """What a part of a page is, taken by itself."""
    found = recognise(part.lines, height=height, width=width)[0]
    return replace(found, quad=part.quad)


def _on_page(card: Recognition, page: Quad) -> Recognition:
    """A card laid by its words may reach over the edge of a photograph that cuts it."""
    return replace(
        card,
        quad=Quad.from_box(
            max(page.left, card.quad.left),
            max(page.top, card.quad.top),
            min(page.right, card.quad.right),
            min(page.bottom, card.quad.bottom),
        ),
    )


def _beside(cards: Sequence[Recognition], lines: Sequence[Line]) -> tuple[Line, ...]:
    """What stands on the page beside ID cards that are cards beyond doubt: a back is printed on nothing else."""
    if not any(card.kind == BACK for card in cards):
        return ()
    taken = {id(line) for card in cards for line in card.lines}
    return tuple(line for line in lines if id(line) not in taken)


def _head(kind: str, previous: Recognition | None) -> Recognition | None:
    """The page on which a paper of many pages began, where the page before in the file is of the same kind."""
    if previous is None or previous.kind != kind or not kinds()[kind].follows:
        return None
    return previous.head or previous


def _phrases(lines: Sequence[Line], height: float) -> list[Phrase]:
    usual = median(line.quad.height for line in lines)
    singles = [_phrase([line], usual, height) for line in lines]
    rows = [_phrase(row, usual, height) for row in in_rows(lines) if len(row) > 1]
    return [phrase for phrase in (*singles, *rows) if phrase.text]


def _phrase(row: Sequence[Line], usual: float, height: float) -> Phrase:
    return Phrase(
        text=normalised("".join(line.text for line in row)),
        confidence=min(line.confidence for line in row),
        size=max(line.quad.height for line in row) / usual,
        depth=min(line.quad.top for line in row) / height,
    )


def _judged(kind: Kind, phrases: Sequence[Phrase]) -> Recognition:
    """How strongly the page speaks for this kind."""
    text = "\n".join(phrase.text for phrase in phrases)
    opposed = sum(word in text for word in kind.opposing)
    labels = sum(label in text for label in kind.labels)
    share = labels / len(kind.labels) if kind.labels else 0.0
    title, weight = _best_title(kind, phrases)
    confidence = 0.0
    if title:
        confidence = min(0.99, (0.72 + 0.24 * share) * weight + 0.03)
    elif kind.titles and labels >= ENOUGH_LABELS and share >= ENOUGH_SHARE:
        confidence = 0.25 + 0.4 * share
    return Recognition(kind.id, round(confidence * 0.7**opposed, 3), NO_PLACE, title)


def _best_title(kind: Kind, phrases: Sequence[Phrase]) -> tuple[str, float]:
    """The title found and how far to believe it: 1 for a large clean line at the top of the page."""
    found = ("", 0.0)
    for title in kind.titles:
        for phrase in phrases:
            weight = _title_weight(title, phrase)
            if weight > found[1] + 1e-9:
                found = (title, weight)
    return found


def _title_weight(title: str, phrase: Phrase) -> float:
    coverage = min(1.0, len(title) / len(phrase.text))
    prominent = phrase.size >= LARGE_PRINT or phrase.depth <= UPPER_PART
    if coverage < (TITLE_COVERAGE if prominent else SMALL_TITLE_COVERAGE):
        return 0.0
    closeness = 1.0 if title in phrase.text else _closeness(title, phrase.text)
    size = 1.0 if phrase.size >= LARGE_PRINT else 0.9
    return closeness * (0.85 + 0.15 * coverage) * size * (0.7 + 0.3 * phrase.confidence)


def _closeness(title: str, text: str) -> float:
    """1 for the same words, 0 for too different; one wrong character in five is forgiven."""
    allowed = len(title) // 5
    if not allowed or abs(len(title) - len(text)) > allowed:
        return 0.0
    distance = edit_distance(title, text)
    return 1.0 - 0.5 * distance / allowed / 2 if distance <= allowed else 0.0


def edit_distance(one: str, other: str) -> int:
    """Insertions, deletions and replacements between two short texts."""
    row = list(range(len(other) + 1))
    for place, mine in enumerate(one, start=1):
        above, row[0] = row[0], place
        for column, theirs in enumerate(other, start=1):
            above, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, above + (mine != theirs)),
            )
    return row[-1]


def _following(phrases: Sequence[Phrase], previous: Recognition | None) -> Recognition | None:
    """A page without a title of its own: a known part of a kind, or what follows the page before."""
    text = "\n".join(phrase.text for phrase in phrases)
    parts = [
        (sum(word in text for word in words), kind.id, part)
        for kind in kinds().values()
        for part, words in kind.parts.items()
    ]
    hits, kind_id, part = max(parts)
    belongs = previous is not None and kinds()[previous.kind].follows
    if hits >= 2 and (not belongs or previous is None or previous.kind == kind_id):
        confidence = PART_CONFIDENCE if belongs else PART_CONFIDENCE - 0.15
        return Recognition(kind_id, confidence, NO_PLACE, part=part, follows_previous=belongs)
    if belongs and previous is not None and not _bears_foreign_title(phrases):
        confidence = round(min(FOLLOWING_CONFIDENCE, previous.confidence), 3)
        return Recognition(previous.kind, confidence, NO_PLACE, part="continued", follows_previous=True)
    return None


def _bears_foreign_title(phrases: Sequence[Phrase]) -> bool:
    """Something is printed large at the head of the page: it begins a paper of its own."""
    return any(p.size >= FOREIGN_TITLE_SIZE and p.depth <= FOREIGN_TITLE_DEPTH for p in phrases)


def _is_banner(phrases: Sequence[Phrase]) -> bool:
    """A photograph of a lesson: next to no words, and one of them the banner on the wall."""
    words = sum(len(phrase.text) for phrase in phrases)
    return words <= MOST_BANNER_CHARACTERS and any(
        label in phrase.text for phrase in phrases for label in kinds()[SITE_PHOTO].labels
    )


def _part(kind: str, phrases: Sequence[Phrase]) -> str:
    """A page that bears its kind's title is its first page, where the kind has parts."""
    return "first_page" if kinds()[kind].parts else ""
