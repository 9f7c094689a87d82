"""Signatures, seals and portraits on a document: present or not, by ink near the words that ask for them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from ingestion.field_table import form_of, sections
from ingestion.ink import crop, dark_ink, tone_of, without_rules
from ingestion.kinds import kinds
from ingestion.labels import PrintedPage
from ingestion.mark_table import MarkRule, What, marks_of, ticks_of
from ingestion.reading import FieldReading, FieldState, Image, Quad, Recognition, enclosing
from ingestion.seals import Seal, is_colourful, seals_on
from ingestion.spots import Spot
from ingestion.ticks import read_ticks
from ingestion.values import HAN, day

#: In heights of a line: where a signature may stand around its label, and how much ink one is.
REACH, ABOVE, BELOW, NEXT_LINE = 14.0, 0.7, 0.7, 2.6
SIGNED, UNSIGNED = 0.30, 0.10
BROAD = 1.2
SEAL_REACH = 17.0
PRINTED_WORDS = re.compile(
    r"[(（\[]?(?:签字|签名|签章|盖章|公章|手印|按手印)[)）\]]?|[()（）\[\]:：、/_.\-—]"
)
SEAL_WORDS = re.compile(r"\W*(?:盖章|公章|签章)\W*")
SIGN_WORDS = re.compile(r"\W*(?:签字|签名|签章)\W*")
HEAD_OF_FORM = 0.5
PORTRAIT_TONE, PORTRAIT_FILL = 26, 0.72
PORTRAIT_WIDTH, PORTRAIT_SHAPE = (3.5, 14.0), (1.05, 1.75)


@dataclass(frozen=True)
class Paper:
    """One document with its picture, its labels and its seals, as all marks are looked for."""

    image: Image
    page: PrintedPage
    quad: Quad
    line: float
    tone: float
    seals: tuple[Seal, ...]


def read_marks(found: Recognition, image: Image) -> tuple[FieldReading, ...]:
    """Every mark and every group of check boxes that this kind of paper asks for, and whether it is there."""
    rules, ticks = marks_of(found.kind), ticks_of(found.kind)
    if not rules and not ticks:
        return ()
    words = [word for rule in rules for word in rule.at]
    boxes = [rule.label for rule in ticks if rule.label]
    form = form_of(found.kind)
    page = PrintedPage(found.lines, (*form.lexicon, *words, *boxes), form.masks)
    line = page.print_height
    if not line:
        return ()
    looks_for_seals = any(rule.what is What.SEAL for rule in rules)
    seals = _within(seals_on(image, line), found.quad) if looks_for_seals else ()
    tone = median(tone_of(crop(image, unit.whole)) for unit in page.units)
    paper = Paper(image, page, found.quad, line, tone, seals)
    readings = [reading for rule in rules if (reading := _mark(rule, rules, paper))]
    ticked = [reading for rule in ticks if (reading := read_ticks(rule, page, image, tone))]
    named = {reading.name for reading in readings}
    marks = {rule.name for rule in rules}
    missing = [
        FieldReading(name, "", 0.0, None, FieldState.MISSING, "not_found")
        for name in kinds()[found.kind].demanded(found.part)
        if name in marks - named
    ]
    return (*readings, *ticked, *missing)


def _within(seals: Sequence[Seal], quad: Quad) -> tuple[Seal, ...]:
    return tuple(
        seal
        for seal in seals
        if quad.left <= seal.quad.centre[0] <= quad.right and quad.top <= seal.quad.centre[1] <= quad.bottom
    )


def _mark(rule: MarkRule, rules: Sequence[MarkRule], paper: Paper) -> FieldReading | None:
    if rule.what is What.SEAL:
        return _seal(rule, rules, paper)
    if rule.what is What.PHOTO:
        return _photo(rule, paper)
    return _signature(rule, paper)


def _told(name: str, present: bool | None, confidence: float, quad: Quad) -> FieldReading:
    """None: it cannot be told; then the more cautious answer is given, and that it is in doubt."""
    if present is None:
        return FieldReading(name, "false", confidence, quad, FieldState.SUSPECT, "mark_unsure")
    problem = "" if present else "mark_absent"
    return FieldReading(name, "true" if present else "false", confidence, quad, FieldState.READ, problem)


def _seal(rule: MarkRule, rules: Sequence[MarkRule], paper: Paper) -> FieldReading | None:
    """A seal belongs to the place nearest to it; where one is asked for it may stand anywhere. A copy may hide one."""
    places = _places(rule, paper)
    if not (rule.section or rule.side) and sum(other.what is What.SEAL for other in rules) == 1:
        best = max(paper.seals, key=lambda seal: seal.confidence, default=None)
        if best:
            return _told(rule.name, True, best.confidence, best.quad)
    if not places:
        return None
    if rule.section:
        mine = [s for s in paper.seals if paper.page.section_of(s.quad, sections()) == rule.section]
    else:
        others = [
            place
            for other in rules
            if other.what is What.SEAL and other is not rule
            for place in _places(other, paper)
        ]
        mine = [seal for seal in paper.seals if _nearest(seal.quad, places, others, SEAL_REACH * paper.line)]
    if mine:
        best = max(mine, key=lambda seal: seal.confidence)
        return _told(rule.name, True, best.confidence, best.quad)
    shows_colour = is_colourful(crop(paper.image, paper.quad))
    return _told(rule.name, False if shows_colour else None, 0.8 if shows_colour else 0.5, places[0])


def _places(rule: MarkRule, paper: Paper) -> list[Quad]:
    words = sections()[rule.section] if rule.section else rule.at
    found = [spot.quad for spot in paper.page.spots_of(words) if spot.firm]
    return found or _worn_places(rule, paper)


def _worn_places(rule: MarkRule, paper: Paper) -> list[Quad]:
    """Where words for the two parties stand side by side and only 盖章 or 签字 can be read of them."""
    if not rule.side:
        return []
    asks = SEAL_WORDS if rule.what is What.SEAL else SIGN_WORDS
    middle, lower = paper.quad.centre[0], paper.quad.centre[1]
    return [
        unit.whole
        for unit in paper.page.units
        if asks.fullmatch(unit.text)
        and unit.whole.centre[1] > lower - paper.quad.height / 4
        and (unit.whole.centre[0] < middle) == (rule.side == "left")
    ]


def _nearest(seal: Quad, mine: Sequence[Quad], others: Sequence[Quad], reach: float) -> bool:
    distance = min(_apart(seal, place) for place in mine)
    return distance <= reach and all(distance <= _apart(seal, place) for place in others)


def _apart(one: Quad, other: Quad) -> float:
    return float(np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1]))


def _signature(rule: MarkRule, paper: Paper) -> FieldReading | None:
    """Words beside the label, or ink that nobody could read, behind it or beneath it."""
    for spot in paper.page.spots_of(rule.at):
        if not spot.firm:
            continue
        if rule.section and paper.page.section_of(spot.quad, sections()) != rule.section:
            continue
        room = _room(spot, paper)
        words = _words_in(room, spot, paper)
        if words:
            return _told(rule.name, True, 0.9, enclosing(words))
        ink, around = _ink_in(room, spot, paper)
        if ink >= SIGNED:
            return _told(rule.name, True, 0.85, around)
        if ink > UNSIGNED:
            return _told(rule.name, None, 0.5, room[0])
        return _told(rule.name, False, 0.85, room[0])
    return None


def _room(spot: Spot, paper: Paper) -> list[Quad]:
    """Where one signs: behind the label up to the next one, and on the line beneath it."""
    label, line = spot.quad, paper.line
    right = min(paper.quad.right, label.right + REACH * line)
    below = paper.quad.bottom
    for place, unit in enumerate(paper.page.units):
        if place in spot.units or not paper.page.begins_with_label(place):
            continue
        whole = unit.whole
        level = min(whole.bottom, label.bottom) - max(whole.top, label.top) > 0.3 * line
        if level and whole.left >= label.right:
            right = min(right, whole.left)
        if whole.top > label.bottom and whole.left < right and whole.right > label.left:
            below = min(below, whole.top)
    beside = Quad.from_box(label.right, label.top - ABOVE * line, right, label.bottom + BELOW * line)
    under_bottom = min(below, label.bottom + NEXT_LINE * line)
    if under_bottom - label.bottom < line:
        return [beside]
    return [beside, Quad.from_box(label.left, label.bottom + 0.15 * line, right, under_bottom)]


def _words_in(room: Sequence[Quad], spot: Spot, paper: Paper) -> list[Quad]:
    """What an engine could read there: names, not dates, nor the words that only ask for a signature."""
    found: list[Quad] = []
    last = paper.page.units[max(spot.units, key=lambda place: paper.page.units[place].whole.top)]
    rest = last.part(spot.end, len(last.text)) if len(spot.units) == 1 else None
    if rest is not None and _says_a_name(rest.text):
        found.append(rest.whole)
    for place, unit in enumerate(paper.page.units):
        if place in spot.units or paper.page.begins_with_label(place) or not _says_a_name(unit.text):
            continue
        x, y = unit.whole.centre
        if any(part.left <= x <= part.right and part.top <= y <= part.bottom for part in room):
            found.append(unit.whole)
    return found


def _says_a_name(text: str) -> bool:
    bare = PRINTED_WORDS.sub("", text)
    return bool(re.match(rf"[{HAN}]{{2,9}}", bare)) and day(bare) is None and "年" not in bare


def _ink_in(room: Sequence[Quad], spot: Spot, paper: Paper) -> tuple[float, Quad]:
    """The most ink in one of the places, in squared heights of a line, with printed words and rules left out."""
    best, around = 0.0, room[0]
    for part in room:
        ink = without_rules(dark_ink(crop(paper.image, part), paper.tone), paper.line)
        if ink.size == 0:
            continue
        _leave_out_words(ink, part, paper)
        solid = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)
        columns = np.flatnonzero((solid > 0).any(axis=0))
        if columns.size == 0 or columns[-1] - columns[0] < BROAD * paper.line:
            continue
        amount = float((solid > 0).sum()) / paper.line**2
        if amount > best:
            rows = np.flatnonzero((solid > 0).any(axis=1))
            left, top = max(0.0, part.left), max(0.0, part.top)
            best = amount
            around = Quad.from_box(left + columns[0], top + rows[0], left + columns[-1], top + rows[-1])
    return best, around


def _leave_out_words(ink: np.ndarray, part: Quad, paper: Paper) -> None:
    left, top = max(0, round(part.left)), max(0, round(part.top))
    for unit in paper.page.units:
        whole = unit.whole
        rows = slice(max(0, round(whole.top) - top), max(0, round(whole.bottom) - top))
        columns = slice(max(0, round(whole.left) - left), max(0, round(whole.right) - left))
        ink[rows, columns] = 0


def _photo(rule: MarkRule, paper: Paper) -> FieldReading | None:
    """The words that ask for a portrait can be read only where none is glued; else a picture at the form's head."""
    spots = [spot for spot in paper.page.spots_of(rule.at) if spot.firm]
    if spots:
        return _told(rule.name, False, 0.9, spots[0].quad)
    portrait = next(_pictures(paper), None)
    if portrait is None:
        return None
    return _told(rule.name, True, 0.85, portrait)


def _pictures(paper: Paper) -> Iterator[Quad]:
    """Compact patches at the head of the form that are neither paper nor writing."""
    head = Quad.from_box(
        paper.quad.left, paper.quad.top, paper.quad.right, paper.quad.top + HEAD_OF_FORM * paper.quad.height
    )
    piece = crop(paper.image, head)
    if piece.size == 0:
        return
    grey = np.asarray(cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY), np.uint8)
    paper_tone = float(np.percentile(grey, 80))
    other = np.where(np.abs(grey.astype(np.int16) - paper_tone) > PORTRAIT_TONE, 255, 0).astype(np.uint8)
    reach = max(3, round(0.35 * paper.line)) | 1
    solid = cv2.morphologyEx(other, cv2.MORPH_OPEN, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(solid, np.uint8))
    for left, top, width, tall, area in stats[1:count]:
        broad = PORTRAIT_WIDTH[0] * paper.line <= width <= PORTRAIT_WIDTH[1] * paper.line
        if (
            broad
            and PORTRAIT_SHAPE[0] <= tall / width <= PORTRAIT_SHAPE[1]
            and area >= PORTRAIT_FILL * width * tall
        ):
            x, y = max(0.0, head.left) + float(left), max(0.0, head.top) + float(top)
            yield Quad.from_box(x, y, x + float(width), y + float(tall))
