"""The contents of a volume (卷内文件目录) as rows, computed from what is filed now; printing and screens draw them.

Only what is filed has a row. One row for the copies of thirty people, with a list inside; electronic media are one
row without a page number, their carrier, count, duration and hash in the remark; papers beside the numbered items
share one bracketed row at the end. The version for the box cover names nobody.
"""

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dossiers.certificates import parse_certificate_number
from dossiers.certificates import spans as certificate_spans
from dossiers.ledgers import Ledger, LedgerItem, Per
from dossiers.numbering import holds_id_number
from dossiers.paging import Span, paging
from dossiers.sentences import Sentence, gettext_noop, sentence

NO_PAGE = "—"
EXTRAS = "extras"
_MOST_PARTIES = 2


@dataclass(frozen=True)
class ElectronicFact:
    """One electronic medium: on which carrier, what it is, how long it runs, the hash of its bytes."""

    sha256: str
    carrier: str = ""
    unit: str = "节"
    duration_seconds: float | None = None


@dataclass(frozen=True)
class FilingFact:
    """One filing of the volume.

    `dated_on`: when the paper came into being, a date or as many digits as are known ("202611"). `responsible`: who
    made it. `order` sorts within (trainee, part), for versions and several papers of one kind.
    """

    key: Hashable
    item_id: str
    part: str | None = None
    pages: int = 0
    dated_on: date | str | None = None
    document_no: str = ""
    responsible: str = ""
    trainee_key: Hashable | None = None
    trainee_seq: int = 0
    trainee_name: str = ""
    remark: str = ""
    electronic: ElectronicFact | None = None
    order: int = 0


@dataclass(frozen=True)
class InnerRow:
    """One person's pages within a row."""

    name: str
    page_from: int | None
    page_to: int | None
    trainee_key: Hashable | None = None


@dataclass(frozen=True)
class CatalogueRow:
    """One line, the seven columns as they print. `item_id` None is the row of the further papers."""

    seq: int
    document_no: str
    responsible_party: str
    title: str
    dated_on: str
    page_no: str
    pages: int
    remark: str
    inner: tuple[InnerRow, ...] = ()
    item_id: str | None = None
    span: Span | None = None
    digest: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All rows, the page total, and where each filing lies."""

    rows: tuple[CatalogueRow, ...]
    pages: int
    spans: Mapping[Hashable, Span]
    for_cover: bool = False


_Volume = tuple[list[FilingFact], Mapping[str, str]]
_Group = tuple[tuple[LedgerItem, ...], list[FilingFact]]


def contents(
    ledger: Ledger,
    filings: Iterable[FilingFact],
    *,
    for_cover: bool = False,
    remarks: Mapping[str, str] | None = None,
    start: int = 1,
) -> Catalogue:
    """The contents in the order of the ledger. `remarks` by item id are added to what the filings say."""
    shown: _Volume = (list(filings), remarks or {})
    if for_cover:
        shown = _nameless(*shown)
    groups = _grouped(ledger, shown[0])
    in_order = [filing for _, group in groups for filing in group]
    spans = paging(((filing.key, _paper_pages(filing)) for filing in in_order), start=start)
    rows = [
        _row(number, items, group, spans, for_cover=for_cover, remarks=shown[1])
        for number, (items, group) in enumerate(groups, start=1)
    ]
    return Catalogue(tuple(_close(rows)), sum(row.pages for row in rows), spans, for_cover)


def _nameless(filings: Sequence[FilingFact], remarks: Mapping[str, str]) -> _Volume:
    """Filings and remarks as the box cover may show them: whatever names a trainee is left out."""
    names = {filing.trainee_name for filing in filings if filing.trainee_name}

    def without(text: str) -> str:
        return "" if any(name in text for name in names) else text

    shown = [
        replace(
            filing,
            trainee_name="",
            responsible=without(filing.responsible),
            remark=without(filing.remark),
            document_no=without(filing.document_no),
        )
        for filing in filings
    ]
    return shown, {item_id: without(remark) for item_id, remark in remarks.items()}


def _grouped(ledger: Ledger, filings: Iterable[FilingFact]) -> list[_Group]:
    """Filings by row: one row an item, one for all further papers. Items without papers have no row."""
    by_item: dict[str, list[FilingFact]] = {}
    for filing in filings:
        by_item.setdefault(filing.item_id, []).append(filing)
    groups: list[_Group] = [
        ((item,), _sorted(item, by_item[item.id])) for item in ledger.items if item.id in by_item
    ]
    extras = tuple(item for item in ledger.extras if item.id in by_item)
    if extras:
        groups.append((extras, [filing for item in extras for filing in _sorted(item, by_item[item.id])]))
    return groups


def _sorted(item: LedgerItem, filings: Iterable[FilingFact]) -> list[FilingFact]:
    """Papers of the whole class first, then by the roster, within a person by part."""
    places = {part.id: place for place, part in enumerate(item.parts)}
    return sorted(
        filings,
        key=lambda filing: (filing.trainee_seq, places.get(filing.part or "", len(places)), filing.order),
    )


def _paper_pages(filing: FilingFact) -> int:
    return 0 if filing.electronic else filing.pages


def _row(
    number: int,
    items: tuple[LedgerItem, ...],
    filings: Sequence[FilingFact],
    spans: Mapping[Hashable, Span],
    *,
    for_cover: bool,
    remarks: Mapping[str, str],
) -> CatalogueRow:
    span = _whole_span(filings, spans)
    numbered = items[0].seq is not None
    people = list(
        {filing.trainee_key: filing for filing in filings if filing.trainee_key is not None}.values()
    )
    of_people = numbered and items[0].per == Per.TRAINEE and people
    return CatalogueRow(
        seq=number,
        document_no="" if items[0].privacy == "sensitive" else _document_no(filings),
        responsible_party=_responsible(items[0], filings, people if of_people else [], for_cover=for_cover),
        title=_title(items, len(people) if of_people else 0) if numbered else _extras_title(items),
        dated_on=_dated_on(filings),
        page_no=str(span.first) if span else NO_PAGE,
        pages=sum(_paper_pages(filing) for filing in filings),
        remark=_remark(items, filings, remarks),
        inner=() if for_cover else _inner(people, filings, spans),
        item_id=items[0].id if numbered else None,
        span=span,
        digest=media_digest(filing.electronic.sha256 for filing in filings if filing.electronic),
    )


def _whole_span(filings: Sequence[FilingFact], spans: Mapping[Hashable, Span]) -> Span | None:
    held = [spans[filing.key] for filing in filings if filing.key in spans]
    return Span(held[0].first, held[-1].last) if held else None


def _close(rows: Sequence[CatalogueRow]) -> Iterable[CatalogueRow]:
    """The last row with pages prints where the volume ends."""
    last = max((row.seq for row in rows if row.span), default=None)
    for row in rows:
        yield replace(row, page_no=str(row.span)) if row.seq == last else row


def _title(items: tuple[LedgerItem, ...], people: int) -> str:
    return f"{items[0].name}（{people}人）" if people else items[0].name


def _extras_title(items: tuple[LedgerItem, ...]) -> str:
    return f"[其他基础台账材料：{'、'.join(item.name for item in items)}]"


def _responsible(
    item: LedgerItem, filings: Sequence[FilingFact], people: Sequence[FilingFact], *, for_cover: bool
) -> str:
    """Who made it: the bodies the filings name, else the trainees ('李国栋等30人', on a cover '学员30人')."""
    bodies = _distinct(filing.responsible for filing in filings)
    if bodies and item.producer != "trainee":
        return "、".join(bodies[:_MOST_PARTIES]) + ("等" if len(bodies) > _MOST_PARTIES else "")
    if not people:
        return "、".join(bodies[:_MOST_PARTIES])
    if for_cover:
        return f"学员{len(people)}人"
    return people[0].trainee_name if len(people) == 1 else f"{people[0].trainee_name}等{len(people)}人"


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _document_no(filings: Sequence[FilingFact]) -> str:
    """The printed numbers, a run of certificates as its span; never one that holds a person's ID number."""
    given = _distinct(filing.document_no for filing in filings)
    numbers = [number for number in given if not holds_id_number(number)]
    if any(parse_certificate_number(number) for number in numbers):
        numbers = list(certificate_spans(numbers))
    return numbers[0] + f"等{len(numbers)}号" if len(numbers) > _MOST_PARTIES else "、".join(numbers)


def _dated_on(filings: Sequence[FilingFact]) -> str:
    """Eight digits, the last day of several; what is not known of a date is 0."""
    return max((_eight_digits(filing.dated_on) for filing in filings if filing.dated_on), default="")


def _eight_digits(dated_on: date | str | None) -> str:
    digits = dated_on.strftime("%Y%m%d") if isinstance(dated_on, date) else (dated_on or "").replace("-", "")
    return digits.ljust(8, "0")


def _remark(items: tuple[LedgerItem, ...], filings: Sequence[FilingFact], remarks: Mapping[str, str]) -> str:
    own = [item.catalogue_remark for item in items if item.seq is not None]
    given = [filing.remark for filing in filings]
    return "；".join(
        _distinct([*own, *given, *_media(filings), *(remarks.get(item.id, "") for item in items)])
    )


def _media(filings: Sequence[FilingFact]) -> Iterable[str]:
    """Carrier, count and duration by unit, and the hash, for everything electronic in a row."""
    media = [filing.electronic for filing in filings if filing.electronic]
    if not media:
        return
    yield from _distinct(medium.carrier for medium in media)
    for unit in _distinct(medium.unit for medium in media):
        of_unit = [medium for medium in media if medium.unit == unit]
        seconds = sum(medium.duration_seconds or 0 for medium in of_unit)
        yield str(media_count(unit, len(of_unit))) + (f" {duration(seconds)}" if seconds else "")
    yield f"SHA-256 {media_digest(medium.sha256 for medium in media)[:12]}"


_MEDIA: dict[str, str] = {
    "节": gettext_noop("录像%(count)s节"),
    "张": gettext_noop("照片%(count)s张"),
}


def media_count(unit: str, count: int) -> Sentence:
    """'录像8节', '照片12张'; other units are counted as files."""
    return sentence("media", _MEDIA.get(unit, gettext_noop("电子文件%(count)s个")), count=count)


def duration(seconds: float) -> str:
    """Hours, minutes and seconds as 21:20:00; a started second counts."""
    whole = int(-(-seconds // 1))
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def media_digest(hashes: Iterable[str]) -> str:
    """One hash for a row: that of the only file, or SHA-256 over the sorted hashes, one a line."""
    held = sorted(hashes)
    if len(held) <= 1:
        return held[0] if held else ""
    return hashlib.sha256("".join(f"{digest}\n" for digest in held).encode("ascii")).hexdigest()


def _inner(
    people: Sequence[FilingFact], filings: Sequence[FilingFact], spans: Mapping[Hashable, Span]
) -> tuple[InnerRow, ...]:
    """Each person once, by the roster, with the pages that are theirs."""
    held: dict[Hashable, list[Span]] = {}
    for filing in filings:
        if filing.trainee_key is not None and filing.key in spans:
            held.setdefault(filing.trainee_key, []).append(spans[filing.key])
    return tuple(_inner_row(person, held.get(person.trainee_key, [])) for person in people)


def _inner_row(person: FilingFact, held: Sequence[Span]) -> InnerRow:
    if not held:
        return InnerRow(person.trainee_name, None, None, person.trainee_key)
    return InnerRow(person.trainee_name, held[0].first, held[-1].last, person.trainee_key)
