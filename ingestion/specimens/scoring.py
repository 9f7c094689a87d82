"""Holds what was said of a page against what is true of it, and counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingestion.specimens.likeness import character_errors, overlap, plain
from ingestion.specimens.truth import PageTruth

ACCEPTED = ("read", "checked")
NOTHING = ("other", "blank")
MARKS = ("_signature", "_seal", "photo")
CHECK_BOXES = ("person_category", "registration_status", "skill_level")
ALIKE = 0.5  # overlap from which a place counts as found
TOUCHING = 0.05  # overlap below which two places are not the same document
SAME_KIND = 0.2
Document = dict[str, Any]

#: field -> the measure that counts it. Fields of forms that have no measure of their own are counted together.
MEASURE_OF_FIELD = {
    "id_number": "id_number",
    "name": "name",
    "address": "address",
    "household_address": "address",
    "certificate_no": "certificate_no",
    "issued_on": "issued_on",
    "issued_by": "issued_by",
    "issuing_authority": "card_issuer_validity",
    "valid_from": "card_issuer_validity",
    "valid_until": "card_issuer_validity",
    "long_term": "card_issuer_validity",
    "sex": "card_other",
    "ethnicity": "card_other",
    "birth_date": "card_other",
    "occupation": "trade_and_level",
    "skill_level": "trade_and_level",
    "payload": "divider_code",
}
CONTRACT = ("employer", "employee", "signed_on", "start_on", "end_on", "open_ended")
FORM_KINDS = (
    "class_opening_application",
    "trainee_registration_form",
    "quality_spot_check_record",
    "subsidy_application",
)


@dataclass
class Tally:
    """Right and of, by measure."""

    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)

    def add(self, measure: str, right: float, of: int = 1) -> None:
        self.right[measure] += int(right)
        self.of[measure] += of


def tally_pages(pairs: Iterable[tuple[PageTruth, dict[str, Any] | None]]) -> Tally:
    """All pages of a run; a page of which nothing was said (a refused file) is wrong in everything."""
    tally = Tally()
    for truth, said in pairs:
        _page(tally, truth, said or {"width": 1, "height": 1, "text": "", "kind": None, "documents": []})
    return tally


def _page(tally: Tally, truth: PageTruth, said: dict[str, Any]) -> None:
    nothing = truth.kind in NOTHING
    if said["kind"] is not None or said["documents"] is not None:
        tally.add("page_kind", said["kind"] == ("other" if nothing else truth.kind))
    if truth.lines and said["documents"] is not None:
        tally.add("upright", said["rotation"] == truth.rotation if said.get("rotation") is not None else 0)
    if truth.lines:
        printed = [line["text"] for line in truth.lines if not line["by_hand"]]
        by_hand = [line["text"] for line in truth.lines if line["by_hand"]]
        told = character_errors(printed, said["text"], by_hand=by_hand, overprint=truth.overprint)
        tally.add("character_errors", told.errors, told.printed)
        tally.add("character_errors_by_hand", told.errors_by_hand, told.by_hand)
    if said["documents"] is None:
        _by_text(tally, truth, plain(said["text"]))
    elif nothing:
        tally.add("invented", any(_claims(document) for document in said["documents"]))
    else:
        _by_documents(tally, truth, said)


def _claims(document: Document) -> bool:
    """Does it say that this is a paper of the ledger, or somebody's?"""
    values = (document["fields"].get(name, {}) for name in ("id_number", "name", "certificate_no"))
    return document["kind"] not in NOTHING or any(value.get("state") in ACCEPTED for value in values)


def _by_text(tally: Tally, truth: PageTruth, text: str) -> None:
    """A reader that gives text alone has a value right where it stands verbatim in the page's text."""
    for document in truth.documents:
        for name, value in _asked(document):
            if name in MEASURE_OF_FIELD and value["printed"] not in ("true", "false"):
                tally.add(MEASURE_OF_FIELD[name], plain(value["printed"]) in text)
        for row in document["rows"]:
            if "id_number" in row:
                tally.add("row_id", plain(row["id_number"]["printed"]) in text)
            if "name" in row:
                tally.add("row_name", plain(row["name"]["printed"]) in text)


def _by_documents(tally: Tally, truth: PageTruth, said: dict[str, Any]) -> None:
    scale = (said["width"] / truth.width, said["height"] / truth.height)
    pairs = list(paired(truth.documents, said["documents"], scale))
    claimed = [document for document in said["documents"] if document["kind"] not in NOTHING]
    tally.add("too_many", len(claimed) > len(truth.documents))
    if len(truth.documents) > 1:
        for document, found in pairs:
            tally.add("one_by_one", found is not None and found["kind"] == document["kind"])
    _unasked_numbers(
        tally,
        truth,
        said["documents"],
        [found for document, found in pairs if "id_number" in document["fields"]],
    )
    for document, found in pairs:
        if truth.documents[0]["continues"]:
            tally.add("continued", said["follows_previous"] and said["kind"] == document["kind"])
        _fields(tally, document, found or {"kind": None, "fields": {}, "rows": []}, scale)
        _rows(tally, document["rows"], (found or {"rows": []})["rows"], scale)


def _unasked_numbers(
    tally: Tally, truth: PageTruth, found: Sequence[Document], asked: Sequence[Document | None]
) -> None:
    """An ID number given for a document that bears none, or for one that is not there: wrong unless the page bears it."""
    known = {truth.id_number} | {
        document["fields"]["id_number"]["value"]
        for document in truth.documents
        if "id_number" in document["fields"]
    }
    for document in found:
        reading = document["fields"].get("id_number")
        if reading and not any(document is one for one in asked):
            wrong = reading["state"] in ACCEPTED and plain(reading["value"]) not in known
            tally.add("id_number_wrong_accepted", wrong)


def paired(
    truths: Sequence[Document], found: Sequence[Document], scale: tuple[float, float]
) -> Iterator[tuple[Document, Document | None]]:
    """Each true document with the one that was found in its place; the only one of a page with the only one found."""
    if len(truths) == len(found) == 1:
        yield truths[0], found[0]
        return
    places = [
        (_likeness(truth, one, scale), t, f) for t, truth in enumerate(truths) for f, one in enumerate(found)
    ]
    chosen: dict[int, int] = {}
    for likeness, t, f in sorted(places, reverse=True):
        if likeness > 0 and t not in chosen and f not in chosen.values():
            chosen[t] = f
    for t, truth in enumerate(truths):
        yield truth, found[chosen[t]] if t in chosen else None


def _likeness(truth: Document, found: Document, scale: tuple[float, float]) -> float:
    """Two documents of one page lie apart: what does not lie in a document's place is not it, whatever its kind."""
    shared = overlap(scaled(truth["quad"], scale), found["quad"])
    return shared + SAME_KIND * (found["kind"] == truth["kind"]) if shared > TOUCHING else 0.0


def scaled(quad: Sequence[Sequence[float]], scale: tuple[float, float]) -> list[list[float]]:
    return [[x * scale[0], y * scale[1]] for x, y in quad]


def _fields(tally: Tally, truth: Document, found: Document, scale: tuple[float, float]) -> None:
    for name, value in _asked(truth):
        reading = found["fields"].get(name)
        said = reading["value"] if reading and reading["state"] != "missing" else ""
        right = plain(said) == plain(value["value"])
        tally.add(_measure(truth["kind"], name, value["value"]), right)
        if name in ("id_number", "certificate_no") and reading:
            tally.add(f"{name}_wrong_accepted", not right and reading["state"] in ACCEPTED)
        if name == "id_number":
            tally.add("id_checked", right and reading is not None and reading["state"] == "checked")
        if right and reading and reading["quad"] and value["value"] not in ("true", "false"):
            tally.add("place", overlap(scaled(value["quad"], scale), reading["quad"]) >= ALIKE)


def _asked(truth: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """The values a reader is asked for. A signature is told present or absent; nobody reads a name from it."""
    for name, value in truth["fields"].items():
        if truth["part"] != "signature_page" or name not in ("name", "employee"):
            yield name, value


def _measure(kind: str, name: str, value: str) -> str:
    if name.endswith(MARKS):
        return "marks"
    if name in CHECK_BOXES and kind == "trainee_registration_form" and value.isascii():
        return "check_boxes"
    if kind == "labour_contract" and name in CONTRACT:
        return "contract"
    if kind in FORM_KINDS and name not in ("name", "id_number", "household_address", "address"):
        return "form_fields"
    return MEASURE_OF_FIELD.get(name, "other_fields")


def _rows(
    tally: Tally, truths: Sequence[Document], found: Sequence[Document], scale: tuple[float, float]
) -> None:
    """A row is found where its line of the table is."""
    numbers = {plain(row["id_number"]["value"]) for row in truths if "id_number" in row}
    for row in truths:
        reading = max(found, key=lambda one: _same_line(row, one, scale), default={})
        if not reading or _same_line(row, reading, scale) <= 0:
            reading = {}
        for column, value in row.items():
            measure = {"id_number": "row_id", "name": "row_name"}.get(column, "row_other")
            tally.add(measure, plain(reading.get(column, {}).get("value", "")) == plain(value["value"]))
    for one in found if numbers else ():
        number = one.get("id_number")
        if number:
            wrong = plain(number["value"]) not in numbers and number["state"] in ACCEPTED
            tally.add("row_id_wrong_accepted", wrong)


def _same_line(truth: Document, found: Document, scale: tuple[float, float]) -> float:
    """How much of the best cell they share; cells of the same column lie on each other where the line is the same."""
    return max(
        (
            overlap(scaled(value["quad"], scale), found[column]["quad"])
            for column, value in truth.items()
            if column in found and found[column]["quad"]
        ),
        default=0.0,
    )
