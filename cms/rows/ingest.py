"""A folder that was taken in, as a table for the shell: one line a page, then the sums."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from cms.rows.reasons import reason_text
from dossiers.ledgers import KINDS, Ledger
from dossiers.models import Filing, Sheet, Upload
from dossiers.standing import ledger_of

COLUMNS = (28, 4, 18, 26, 12, 6)


@dataclass(frozen=True)
class PageLine:
    """One page, or one file that was not taken (`page` 0)."""

    file: str
    page: int
    kind: str = ""
    place: str = ""
    trainee: str = ""
    confidence: str = ""
    note: str = ""
    outcome: str = "tray"  # proposed, tray, refused


@dataclass(frozen=True)
class Sums:
    """What became of all of it."""

    files: int
    pages: int
    proposed: int
    tray: int
    refused: int


def page_lines(upload: Upload) -> Iterable[PageLine]:
    """The pages of one upload with what was proposed for each."""
    ledger = ledger_of(upload.dossier)
    filings = {
        place.sheet_id: filing
        for filing in Filing.objects.filter(places__sheet__upload=upload, state=Filing.State.PROPOSED)
        .select_related("enrolment", "session")
        .prefetch_related("places")
        for place in filing.places.all()
    }
    for sheet in upload.sheets.select_related("reading"):
        yield _page_line(upload, sheet, filings.get(sheet.pk), ledger)


def refused_line(file: str, reason: str) -> PageLine:
    return PageLine(file, 0, note=reason, outcome="refused")


def repeat_line(file: str, earlier: str) -> PageLine:
    told = gettext("与“%(earlier)s”逐字节相同，没有重复登记") % {"earlier": earlier}
    return PageLine(file, 0, note=told, outcome="repeat")


def sums(lines: Sequence[PageLine]) -> Sums:
    return Sums(
        files=len({line.file for line in lines}),
        pages=sum(line.page > 0 for line in lines),
        proposed=sum(line.outcome == "proposed" for line in lines),
        tray=sum(line.outcome == "tray" for line in lines),
        refused=sum(line.outcome == "refused" for line in lines),
    )


def table(lines: Iterable[PageLine]) -> Iterable[str]:
    """The lines as text; a Chinese character takes two places."""
    heads = ("文件", "页", "认作", "归入", "学员", "把握")
    yield _row([gettext(head) for head in heads], gettext("说明"))
    for line in lines:
        page = str(line.page) if line.page else "-"
        yield _row([line.file, page, line.kind, line.place, line.trainee, line.confidence], line.note)


def masked_name(name: str) -> str:
    """The family name alone: 王海燕 prints as 王**."""
    return name[:1] + "*" * (len(name) - 1)


def _page_line(upload: Upload, sheet: Sheet, filing: Filing | None, ledger: Ledger) -> PageLine:
    reading = getattr(sheet, "reading", None)
    kind = reading.kind if reading else (filing.kind if filing else "")
    if filing is None:
        return PageLine(upload.file_name, sheet.number, _kind_name(kind), note=gettext("没有读成，在收件里"))
    return PageLine(
        file=upload.file_name,
        page=sheet.number,
        kind=_kind_name(kind),
        place=_place(filing, ledger),
        trainee=_trainee(filing),
        confidence=f"{filing.confidence:.0%}" if filing.item_id else "",
        note=gettext("；").join(reason_text(reason) for reason in filing.reasons),
        outcome="proposed" if _is_placed(filing, ledger) else "tray",
    )


def _is_placed(filing: Filing, ledger: Ledger) -> bool:
    """An item, and the trainee or session where it asks for one."""
    if not filing.item_id:
        return False
    part = ledger.item(filing.item_id).part(filing.part)
    per = part.per if part else ledger.item(filing.item_id).per
    return {"trainee": filing.enrolment_id, "session": filing.session_id}.get(per, True) is not None


def _kind_name(kind: str) -> str:
    return gettext(KINDS[kind]) if kind in KINDS else ""


def _place(filing: Filing, ledger: Ledger) -> str:
    if not filing.item_id:
        return ""
    item = ledger.item(filing.item_id)
    return f"{item.seq or '+'} {gettext(item.short_name)}"


def _trainee(filing: Filing) -> str:
    if filing.enrolment:
        return f"{filing.enrolment.seq} {masked_name(filing.enrolment.name)}"
    return str(filing.session.held_on) if filing.session else ""


def _row(cells: Sequence[str], last: str) -> str:
    return " ".join(
        [*(_padded(cell, width) for cell, width in zip(cells, COLUMNS, strict=True)), last]
    ).rstrip()


def _padded(text: str, width: int) -> str:
    """Cut from the left of its end and filled to `width` places."""
    kept, used = "", 0
    for character in text:
        used += _places(character)
        if used > width:
            break
        kept += character
    return kept + " " * (width - sum(_places(character) for character in kept))


def _places(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
