"""The contents (卷内文件目录) of one dossier: its filings as plain facts, and its rows as screen and paper draw them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from dossiers.contents import Catalogue, CatalogueRow, ElectronicFact, FilingFact, contents
from dossiers.exceptions import NumberError
from dossiers.ledgers import LedgerItem
from dossiers.models import DossierPage, Filing, FilingSheet, InstitutionPage, Upload
from dossiers.numbering import ClassNumber, ReferenceCode
from dossiers.rulesets import ArchiveDefaults, Column
from dossiers.standing import ItemStanding, Standing

CARRIER = "系统存储"
PAPER_RETENTION = "paper_ledger"
EM_PER_POINT_MM = 0.3528  # a full-width character is one em
LINE_HEIGHT = 1.25
SIZES_PT = (10.5, 9.0, 7.5, 6.5, 5.5)
CELL_PADDING_MM = 2.4
CELL_HEIGHT_MM = 14.2
ONE_LINE = frozenset({"dated_on", "page_no"})
FINE = frozenset({"document_no", "responsible_party", "remark"})  # 小五 at most


@dataclass(frozen=True)
class Cell:
    """One cell as it prints: its words and the size at which they fit without the row growing."""

    text: str
    size: str


@dataclass(frozen=True)
class PrintRow:
    """One line of the printed contents; an empty line has only empty cells."""

    seq: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class PrintPage:
    """One sheet of A4: always the same number of lines."""

    number: int
    rows: tuple[PrintRow, ...]


def catalogue(standing: Standing, *, for_cover: bool = False) -> Catalogue:
    """The rows of the contents, computed from what is filed this moment."""
    facts = [fact for item in standing.items for fact in _facts(standing, item)]
    remarks = {item.item.id: _remark(item) for item in standing.items}
    return contents(standing.ledger, facts, for_cover=for_cover, remarks=remarks)


def reference_code(dossier: DossierPage, archive: ArchiveDefaults, fonds_no: str) -> str:
    """档号: fonds, category, year, retention, and the class's running number; empty where it has no number."""
    try:
        number = ClassNumber.parse(dossier.class_no)
    except NumberError:
        return ""
    return str(
        ReferenceCode(
            year=number.year,
            retention=archive.retention[PAPER_RETENTION].code,
            volume=number.serial,
            fonds=fonds_no,
            category=archive.category,
            classification=archive.classification,
        )
    )


def print_pages(made: Catalogue, archive: ArchiveDefaults) -> tuple[PrintPage, ...]:
    """The rows dealt onto sheets, each sheet filled up with empty lines."""
    per_page = archive.page["rows"]
    columns = [column for column in archive.columns if column.id != "seq"]
    rows = [_print_row(row, columns) for row in made.rows]
    blank = PrintRow("", tuple(fitted("", column) for column in columns))
    sheets = max(1, -(-len(rows) // per_page))
    rows += [blank] * (sheets * per_page - len(rows))
    return tuple(
        PrintPage(number + 1, tuple(rows[number * per_page : (number + 1) * per_page]))
        for number in range(sheets)
    )


def fitted(text: str, column: Column) -> Cell:
    """The largest size at which the words fit; beyond the smallest the end gives way to an ellipsis."""
    sizes = SIZES_PT[1:] if column.id in FINE else SIZES_PT
    for size in sizes:
        room = _room(size, column)
        if _lines(text, room.per_line) <= room.lines:
            return Cell(text, _size_class(size))
    smallest = _room(SIZES_PT[-1], column)
    while text and _lines(text + "…", smallest.per_line) > smallest.lines:
        text = text[:-1]
    return Cell(text + "…", _size_class(SIZES_PT[-1]))


@dataclass(frozen=True)
class _Room:
    per_line: float  # in full-width characters
    lines: int


def _room(size_pt: float, column: Column) -> _Room:
    em = size_pt * EM_PER_POINT_MM
    lines = 1 if column.id in ONE_LINE else int(CELL_HEIGHT_MM / (em * LINE_HEIGHT))
    return _Room((column.width - CELL_PADDING_MM) / em, lines)


def _lines(text: str, per_line: float) -> int:
    """Lines the text takes when broken anywhere, with half a character lost at each end of line."""
    width = sum(_ems(letter) for letter in text)
    if width <= per_line:
        return 1
    return math.ceil(width / max(per_line - 0.5, 1.0))


def _ems(letter: str) -> float:
    if ord(letter) > 0x2000:
        return 1.0
    return 0.65 if letter.isalpha() else 0.56


def _size_class(size_pt: float) -> str:
    return "s" + str(size_pt).replace(".", "")


def _print_row(row: CatalogueRow, columns: Sequence[Column]) -> PrintRow:
    return PrintRow(str(row.seq), tuple(fitted(getattr(row, column.id), column) for column in columns))


def _facts(standing: Standing, item: ItemStanding) -> Iterable[FilingFact]:
    for order, filing in enumerate(item.filings):
        places = list(filing.places.all())
        media = [place for place in places if _is_medium(item.item, place)]
        paper = [place for place in places if place not in media and not place.sheet.is_blank]
        if paper or not media:
            yield _fact(standing, item.item, filing, order, key=filing.pk, pages=len(paper))
        for place in media:
            yield _fact(
                standing, item.item, filing, order, key=(filing.pk, place.position), electronic=_medium(place)
            )


def _fact(
    standing: Standing,
    item: LedgerItem,
    filing: Filing,
    order: int,
    *,
    key,
    pages: int = 0,
    electronic: ElectronicFact | None = None,
) -> FilingFact:
    person = filing.enrolment
    return FilingFact(
        key=key,
        item_id=item.id,
        part=filing.part or None,
        pages=pages,
        dated_on=_dated_on(filing),
        document_no=filing.document_no,
        responsible=filing.responsible_party or responsible(item, standing.dossier),
        trainee_key=filing.enrolment_id,
        trainee_seq=person.seq if person else 0,
        trainee_name=person.name if person else "",
        electronic=electronic,
        order=order,
    )


def _is_medium(item: LedgerItem, place: FilingSheet) -> bool:
    """A recording, or a digital photograph under an item that is kept electronically: no page of the volume."""
    return place.sheet.upload.medium == Upload.Medium.RECORDING or item.medium == "electronic"


def _medium(place: FilingSheet) -> ElectronicFact:
    upload = place.sheet.upload
    recording = upload.medium == Upload.Medium.RECORDING
    return ElectronicFact(
        sha256=upload.blob.sha256,
        carrier=CARRIER,
        unit="节" if recording else "张",
        duration_seconds=upload.duration_seconds if recording else None,
    )


def _dated_on(filing: Filing) -> date | None:
    if filing.dated_on or not filing.session:
        return filing.dated_on
    return filing.session.held_on


def responsible(item: LedgerItem, dossier: DossierPage) -> str:
    """The body that makes such a paper, by its short name; trainees and outsiders are told from the filing."""
    if item.producer == "enterprise":
        return _short(dossier.opener)
    if item.producer in ("training_body", "appraisal_body"):
        return _short(dossier.trainer)
    if item.producer == "both_bodies":
        return "、".join(dict.fromkeys((_short(dossier.opener), _short(dossier.trainer))))
    return ""


def _short(body: InstitutionPage) -> str:
    return body.short_name or body.title


def _remark(item: ItemStanding) -> str:
    """What the volume itself cannot show: of whom the item is not asked, and how many are missing."""
    words = []
    if item.count.excused and item.item.condition == "trainee_passed":
        words.append(f"{item.count.excused}人未合格")
    people = {gap.trainee_key for gap in item.count.missing if gap.trainee_key is not None}
    if people and item.filings:
        words.append(f"缺{len(people)}人")
    return "；".join(words)


def today_printed() -> str:
    """The day on the foot of a printed sheet."""
    return localdate().isoformat()
