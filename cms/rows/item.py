"""One ledger item opened on the board: pages in roster order, who is missing, returns, verdicts, where to drop."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from cms.rows.board import BoardRow, board_row, gap_what, gap_who
from cms.rows.crosschecks import CheckRow, CrossFindings, Tally, tally
from cms.rows.sheets import SheetRow, sheet_row
from dossiers.completeness import Missing
from dossiers.crosschecks import Outcome
from dossiers.ledgers import LedgerItem, Per
from dossiers.models import DossierPage, Enrolment, Filing, PointVerdict, ReturnNote, Upload
from dossiers.standing import ItemStanding, Standing

PAGES_SHOWN = 9


@dataclass(frozen=True)
class Page:
    """One thumbnail: whose it is, which part, and its large view."""

    sheet: SheetRow
    caption: str
    second: str
    href: str
    is_returned: bool


@dataclass(frozen=True)
class FiledPaper:
    """One filing as the clerk may take it back or put another in its place."""

    uuid: UUID
    whose: str
    pages: int
    version: int
    by: str
    at: datetime | None
    is_returned: bool
    searchable_url: str  # empty where it is a recording


@dataclass(frozen=True)
class Wanted:
    """One trainee (or the class, or a session) who still owes something here, and where to give it."""

    who: str
    what: tuple[str, ...]
    url: str
    in_tray: bool
    drop_url: str = ""
    capture_url: str = ""


@dataclass(frozen=True)
class ReturnRow:
    """A return as the institution reads it."""

    uuid: UUID
    where: str
    reason: str
    remedy: str
    by: str
    at: datetime
    thumb_url: str
    href: str
    fix_url: str
    capture_url: str
    point: str = ""


@dataclass(frozen=True)
class PointRow:
    """One point of the checklist with the verdict given on it, to read only."""

    text: str
    verdict: str
    by: str
    at: datetime | None
    reason: str


@dataclass(frozen=True)
class PlayedRow:
    """One recording: where it plays, how long it is."""

    href: str
    duration: float | None


@dataclass(frozen=True)
class SessionRow:
    """One session and its recordings, also those of another session that by their clock show this one."""

    label: str
    recordings: tuple[PlayedRow, ...]
    is_to_come: bool = False

    @property
    def recorded(self) -> bool:
        return bool(self.recordings)


@dataclass(frozen=True)
class OpenedItem:
    """Everything an opened row shows."""

    row: BoardRow
    item: LedgerItem
    pages: tuple[Page, ...]
    filings: tuple[FiledPaper, ...]
    wanted: tuple[Wanted, ...]
    returns: tuple[ReturnRow, ...]
    points: tuple[PointRow, ...]
    sessions: tuple[SessionRow, ...]
    recordings: tuple[Page, ...]
    target: Enrolment | None
    tally: Tally
    checks: tuple[CheckRow, ...]

    @property
    def first_checks(self) -> tuple[CheckRow, ...]:
        """What differs; what was not read waits behind a click."""
        return tuple(row for row in self.checks if row.outcome != Outcome.UNKNOWN)

    @property
    def open_checks(self) -> tuple[CheckRow, ...]:
        return tuple(row for row in self.checks if row.outcome == Outcome.UNKNOWN)

    @property
    def has_versions(self) -> bool:
        """Whether a paper here came instead of another."""
        return any(paper.version > 1 for paper in self.filings)

    @property
    def first_pages(self) -> tuple[Page, ...]:
        return self.pages[:PAGES_SHOWN]

    @property
    def other_pages(self) -> tuple[Page, ...]:
        return self.pages[PAGES_SHOWN:]


def opened_item(
    standing: Standing,
    item: ItemStanding,
    *,
    checks: CrossFindings | None = None,
    target: UUID | None = None,
) -> OpenedItem:
    """The opened row; `target` is the trainee the drop zone is aimed at."""
    checks = checks or CrossFindings(standing)
    found = checks.of_item(item.item.id)
    pages = tuple(_pages(standing.dossier, item))
    return OpenedItem(
        row=board_row(standing, item, checks, is_open=True),
        item=item.item,
        pages=tuple(page for page in pages if not page.sheet.is_recording),
        filings=tuple(_filed(standing.dossier, item)),
        wanted=tuple(_wanted(standing, item)),
        returns=tuple(return_row(standing.dossier, item.item, note) for note in item.returns),
        points=tuple(_points(item)),
        sessions=tuple(_sessions(standing, item)),
        recordings=tuple(page for page in pages if page.sheet.is_recording),
        target=next((one for one in standing.enrolments if one.uuid == target), None) if target else None,
        tally=tally(found),
        checks=tuple(checks.rows(one for one in found if one.outcome != Outcome.PASS)),
    )


def return_row(dossier: DossierPage, item: LedgerItem, note: ReturnNote) -> ReturnRow:
    """A return with the page it is about and the way to mend it; needs filing, enrolment and sheet joined."""
    sheet = sheet_row(note.sheet) if note.sheet else None
    point = item.point(note.point_id) if note.point_id else None
    return ReturnRow(
        uuid=note.uuid,
        where=_where(item, note),
        reason=note.reason,
        remedy=note.remedy,
        by=note.returned_by.full_name,
        at=note.returned_at,
        thumb_url=sheet.thumb_url if sheet else "",
        href=_sheet_address(dossier, sheet) if sheet else "",
        fix_url=item_address(dossier, item.id, note.filing.enrolment if note.filing else None),
        capture_url=f"{dossier.screen('capture')}?note={note.uuid}",
        point=gettext(point.text) if point else "",
    )


def item_address(dossier: DossierPage, item_id: str, enrolment: Enrolment | None = None) -> str:
    """The board with this item open, its drop zone aimed at one trainee where one is meant."""
    aim = f"&for={enrolment.uuid}" if enrolment else ""
    return f"{dossier.screen('board')}?item={item_id}{aim}#item-{item_id}"


def _where(item: LedgerItem, note: ReturnNote) -> str:
    words = []
    if note.filing:
        words += [_whose(item, note.filing)]
    if note.sheet and note.filing and len(note.filing.places.all()) > 1:
        place = next((one for one in note.filing.places.all() if one.sheet_id == note.sheet_id), None)
        words += [gettext("第 %(no)s 页") % {"no": place.position}] if place else []
    return " · ".join(word for word in words if word)


def _whose(item: LedgerItem, filing: Filing) -> str:
    part = item.part(filing.part) if filing.part else None
    words = [
        filing.enrolment.name if filing.enrolment else "",
        str(filing.session) if filing.session else "",
        gettext(part.name) if part else "",
    ]
    return " ".join(word for word in words if word)


def _in_order(filings: Iterable[Filing]) -> list[Filing]:
    """Roster order, then session, part and version."""
    return sorted(
        filings,
        key=lambda filing: (
            filing.enrolment.seq if filing.enrolment else 0,
            str(filing.session.held_on) + str(filing.session.starts_at) if filing.session else "",
            filing.part,
            filing.version,
        ),
    )


def _pages(dossier: DossierPage, item: ItemStanding) -> Iterable[Page]:
    returned = {(note.filing_id, note.sheet_id) for note in item.returns}
    for filing in _in_order(item.filings):
        part = item.item.part(filing.part) if filing.part else None
        places = list(filing.places.all())
        for place in places:
            sheet = sheet_row(place.sheet)
            yield Page(
                sheet=sheet,
                caption=_caption(filing, place.position, len(places)),
                second=gettext(part.name) if part else "",
                href=_sheet_address(dossier, sheet),
                is_returned=bool({(filing.pk, place.sheet_id), (filing.pk, None)} & returned),
            )


def _caption(filing: Filing, position: int, count: int) -> str:
    if filing.enrolment:
        return filing.enrolment.name
    if filing.session:
        return str(filing.session)
    return gettext("第 %(no)s 页") % {"no": position} if count > 1 else ""


def _sheet_address(dossier: DossierPage, sheet: SheetRow) -> str:
    return dossier.screen("sheet", sheet.uuid)


def _filed(dossier: DossierPage, item: ItemStanding) -> Iterable[FiledPaper]:
    returned = {note.filing_id for note in item.returns}
    for filing in _in_order(item.filings):
        yield FiledPaper(
            uuid=filing.uuid,
            whose=_whose(item.item, filing) or gettext(item.item.short_name),
            pages=len(filing.places.all()),
            version=filing.version,
            by=filing.confirmed_by.full_name if filing.confirmed_by else "",
            at=filing.confirmed_at,
            is_returned=filing.pk in returned,
            searchable_url=_searchable_url(dossier, filing),
        )


def _searchable_url(dossier: DossierPage, filing: Filing) -> str:
    on_paper = any(place.sheet.upload.medium == Upload.Medium.PAPER for place in filing.places.all())
    return dossier.screen("searchable", filing.uuid) if on_paper else ""


def _wanted(standing: Standing, item: ItemStanding) -> Iterable[Wanted]:
    people = {enrolment.pk: enrolment for enrolment in standing.enrolments}
    groups: dict[tuple, list[Missing]] = {}
    for gap in item.count.missing:
        groups.setdefault((gap.trainee_key, gap.session_key), []).append(gap)
    dossier = standing.dossier
    for (trainee, _session), gaps in groups.items():
        person = people.get(trainee)
        proposed = any(gap.proposed for gap in gaps)
        yield Wanted(
            who=gap_who(gaps[0]) or gettext("本班"),
            what=tuple(gap_what(item.item, gap) for gap in gaps),
            url=dossier.screen("tray") if proposed else item_address(dossier, item.item.id, person),
            in_tray=proposed,
            drop_url=_drop_address(dossier, item.item.id, person) if person else "",
            capture_url="" if proposed else _capture_address(dossier, item.item.id, person),
        )


def _drop_address(dossier: DossierPage, item_id: str, person: Enrolment) -> str:
    return f"{dossier.screen('item', item_id)}?for={person.uuid}"


def _capture_address(dossier: DossierPage, item_id: str, person: Enrolment | None) -> str:
    """The camera aimed at this item, and at this person where one is meant."""
    whose = f"&for={person.uuid}" if person else ""
    return f"{dossier.screen('capture')}?item={item_id}{whose}"


def _points(item: ItemStanding) -> Iterable[PointRow]:
    live: dict[str, PointVerdict] = {}
    if item.record:
        live = {point.point_id: point for point in item.record.points.all() if point.voided_at is None}
    for point in item.item.review if item.record else ():
        verdict = live.get(point.id)
        yield PointRow(
            text=gettext(point.text),
            verdict=verdict.verdict if verdict else "",
            by=verdict.given_by.full_name if verdict else "",
            at=verdict.given_at if verdict else None,
            reason=verdict.reason if verdict else "",
        )


def _sessions(standing: Standing, item: ItemStanding) -> Iterable[SessionRow]:
    """Each theory session beside its recording, for an item asked session by session."""
    if item.item.per != Per.SESSION:
        return
    kinds = {part.session_kind for part in item.item.parts if part.per == Per.SESSION}
    by_session: dict[int, list[Filing]] = {}
    for filing in _in_order(item.filings):
        if filing.session_id:
            by_session.setdefault(filing.session_id, []).append(filing)
    by_key = {filing.pk: filing for filing in item.filings}
    for filing, session in standing.recorded_besides:
        if filing in by_key:
            by_session.setdefault(session, []).append(by_key[filing])
    for session in standing.sessions:
        if kinds and None not in kinds and session.kind not in kinds:
            continue
        yield SessionRow(
            label=str(session),
            recordings=tuple(_played(filing) for filing in by_session.get(session.pk, ())),
            is_to_come=session.held_on > timezone.localdate(),
        )


def _played(filing: Filing) -> PlayedRow:
    sheet = sheet_row(filing.places.all()[0].sheet)
    return PlayedRow(sheet.player_url, sheet.duration)
