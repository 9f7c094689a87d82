"""The same page again: found by its picture at a glance, confirmed by the values read or by the pictures themselves.

A hash alone proves nothing: forms of one layout lie as close as two copies of one picture. No value leaves here.
"""

import sys
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from dossiers.actions.likenesses import note_alike
from dossiers.models import Likeness, Sheet, Upload
from foundation.blobs import store
from ingestion.models import FieldReading, PageReading
from ingestion.picture_hash import SUGGESTED, Hashes, as_rows, distances, same_picture
from ingestion.pictures import piece_mark, view_name

SAME_NUMBER_WITHIN = 24  # bits: two pictures of one numbered paper
TELLING = (
    "id_number",
    "certificate_no",
    "name",
    "birth_date",
    "valid_from",
    "valid_until",
    "issued_on",
    "class_no",
)
NUMBERS = frozenset({"id_number", "certificate_no"})
MOST_LOOKED_AT, MOST_COMPARED = 40, 4  # of the nearest: values compared, pictures compared


@dataclass
class Known:
    """The hashes of all pages read so far, as far as they have been fetched."""

    readings: list[int] = field(default_factory=list)
    rows: Hashes = field(default_factory=lambda: as_rows([]))
    last: int = 0

    def refreshed(self) -> "Known":
        """With the pages read since the last look."""
        fresh = list(
            PageReading.objects.filter(pk__gt=self.last)
            .exclude(picture_hash="")
            .order_by("pk")
            .values_list("pk", "picture_hash")
        )
        if fresh:
            self.readings += [pk for pk, _hash in fresh]
            self.rows = np.concatenate([self.rows, as_rows([one for _pk, one in fresh])])
            self.last = fresh[-1][0]
        return self


def note_twins(reading: PageReading, known: Known) -> list[Likeness]:
    """Write down every page that shows the same as this one, here and in every other class."""
    if not reading.picture_hash:
        return []
    among = known.refreshed()
    apart = distances(reading.picture_hash, among.rows)
    near = {among.readings[at]: int(apart[at]) for at in np.flatnonzero(apart <= SUGGESTED)}
    near.pop(reading.pk, None)
    found = _of_same_bytes(reading) | {
        pk: near[pk] for pk in sorted(near, key=near.__getitem__)[:MOST_LOOKED_AT]
    }
    others = PageReading.objects.filter(pk__in=found).exclude(sheet__state=Sheet.State.WITHDRAWN)
    others = others.select_related("sheet__upload__blob").prefetch_related("fields")
    looked = _Look(reading)
    nearest = sorted(others, key=lambda other: found[other.pk])
    return [note for other in nearest if (note := looked.at(other, found[other.pk])) is not None]


def note_late_twins(paper: Upload, since: datetime) -> None:
    """The pages of one file once more, against what other workers have read since."""
    late = (
        PageReading.objects.filter(read_at__gte=since).exclude(picture_hash="").exclude(sheet__upload=paper)
    )
    rows = list(late.order_by("pk").values_list("pk", "picture_hash"))
    if not rows:
        return
    known = Known([pk for pk, _hash in rows], as_rows([one for _pk, one in rows]), last=sys.maxsize)
    for reading in PageReading.objects.filter(sheet__upload=paper).select_related("sheet__upload__blob"):
        note_twins(reading, known)


def _of_same_bytes(reading: PageReading) -> dict[int, int]:
    """Readings of the same page of the same file, handed in elsewhere."""
    sheet = reading.sheet
    if sheet.cut:
        return {}
    same = PageReading.objects.filter(
        sheet__upload__blob=sheet.upload.blob_id, sheet__number=sheet.number, sheet__cut=0
    )
    return dict.fromkeys(same.exclude(sheet__upload=sheet.upload_id).values_list("pk", flat=True), 0)


class _Look:
    """One page held against others; only so many pictures are opened for it."""

    def __init__(self, reading: PageReading) -> None:
        self.sheet = reading.sheet
        self.values = _values(reading)
        self.compared = 0

    def at(self, other: PageReading, distance: int) -> Likeness | None:
        one, two = self.sheet, other.sheet
        if (one.upload_id, one.number) == (two.upload_id, two.number):
            return None  # a page and its pieces
        first, again = (one, two) if one.pk < two.pk else (two, one)
        if one.upload.blob_id == two.upload.blob_id and one.number == two.number:
            same = one.region == two.region
            return note_alike(first, again, how=Likeness.How.BYTES) if same else None
        agreed = agreement(self.values, _values(other))
        if agreed is None:
            return None
        if not (agreed & NUMBERS and distance <= SAME_NUMBER_WITHIN) and not self._shows_the_same(two):
            return None
        return note_alike(first, again, how=Likeness.How.PICTURE, distance=distance, agreed=agreed)

    def _shows_the_same(self, other: Sheet) -> bool:
        if self.compared >= MOST_COMPARED:
            return False
        self.compared += 1
        views = [_view(sheet) for sheet in (self.sheet, other)]
        return all(views) and same_picture(views[0], views[1])


def agreement(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> frozenset[str] | None:
    """Names of the telling fields that say the same on both pages; None where one of them says otherwise.

    A name may be read with a slip; it says otherwise only where no number says the same.
    """
    shared = one.keys() & other.keys()
    same = frozenset(name for name in shared if one[name] == other[name])
    apart = shared - same - (frozenset({"name"}) if same & NUMBERS else frozenset())
    return None if apart else same


def _values(reading: PageReading) -> dict[str, frozenset[str]]:
    """What tells one paper from its like, in memory only: values that were read and not doubted."""
    sure = (FieldReading.State.READ, FieldReading.State.CHECKED)
    found: dict[str, set[str]] = {}
    for one in reading.fields.all():
        if one.name in TELLING and one.state in sure and one.value and one.row is None:
            found.setdefault(one.name, set()).add(one.value.reveal_or_empty())
    return {name: frozenset(values) for name, values in found.items()}


def _view(sheet: Sheet) -> bytes:
    name, sha256 = view_name(sheet.number, piece_mark(sheet)), sheet.upload.blob.sha256
    if not store().has_derivative(sha256, name):
        return b""
    with store().open_derivative(sha256, name) as picture:
        return picture.read()
