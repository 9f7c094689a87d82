"""Sign-in sheets ready to print: sessions with their state, and one session's lines beside the page they stand on.

What was read of a sheet is proposed, and nothing else: a person looks at the paper and confirms it as a whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import cv2
import numpy as np

from cms.check_in_columns import compact
from cms.rows.frames import Frame
from cms.rows.values import Value, current_values
from cms.sign_in_reading import Box, Inked, Printed, Proposed, names_of_day, proposed
from dossiers.models import Account, DossierPage, Enrolment, Filing, Session, Sheet, SignInLine, Upload
from dossiers.permissions import current_filings, visible_sheets
from foundation.blobs import store
from ingestion.ink import crop, dark_ink, share, without_rules
from ingestion.models import PageReading
from ingestion.pictures import drawn, piece_mark, view_name
from ingestion.reading import Image, Quad

ITEM = "attendance_record"
TEACHER_SIGNED = "teacher_signature"
LINE_HEIGHT = 0.5  # of a cell: strokes longer than this many times a line are rules of the form


@dataclass(frozen=True)
class SessionRow:
    """One session and what is written down of its sheet."""

    session: Session
    url: str
    signed: int
    empty: int
    cosigned: bool
    has_sheet: bool

    @property
    def is_written(self) -> bool:
        return bool(self.signed or self.empty)


@dataclass(frozen=True)
class SignInRow:
    """One trainee's line: what was read of it, and what is chosen so far (signed, empty, none, or nothing yet)."""

    enrolment: Enrolment
    read: str
    chosen: str


@dataclass(frozen=True)
class SheetChoice:
    """A page that may be the session's sheet."""

    sheet: Sheet
    label: str
    names_the_day: bool


def session_rows(dossier: DossierPage, lines: Iterable[SignInLine]) -> list[SessionRow]:
    """Every session, with the lines in force."""
    by_session: dict[int, list[SignInLine]] = {}
    for line in lines:
        by_session.setdefault(line.session_id, []).append(line)
    rows = []
    for session in dossier.sessions.all():
        own = by_session.get(session.pk, [])
        rows.append(
            SessionRow(
                session,
                dossier.screen("sign-in", session.uuid),
                signed=sum(line.signed for line in own),
                empty=sum(not line.signed for line in own),
                cosigned=bool(own) and all(line.cosigned for line in own),
                has_sheet=any(line.sheet_id for line in own),
            )
        )
    return rows


class SignInPage:
    """One session's sheet as this viewer sees it. `wanted`: the page chosen, "" for the proposed, "none" for no page."""

    def __init__(self, dossier: DossierPage, viewer: Account, session: Session, wanted: str = "") -> None:
        self.dossier = dossier
        self.viewer = viewer
        self.session = session
        self.wanted = wanted

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        return list(self.dossier.enrolments.filter(withdrawn_on=None))

    @cached_property
    def written(self) -> list[SignInLine]:
        """The lines in force."""
        rows = SignInLine.objects.filter(session=self.session, superseded_at=None)
        return list(rows.select_related("made_by", "sheet"))

    @cached_property
    def choices(self) -> list[SheetChoice]:
        """Pages filed as attendance papers; those that name the day first."""
        filings = current_filings(self.viewer, self.dossier).filter(item_id=ITEM)
        sheets = visible_sheets(self.viewer).filter(
            dossier=self.dossier,
            places__filing__in=Filing.objects.filter(pk__in=filings.values("pk")),
            upload__medium=Upload.Medium.PAPER,
            is_blank=False,
        )
        found = [self._choice(sheet) for sheet in sheets.select_related("upload__blob").distinct()]
        return sorted(found, key=lambda one: not one.names_the_day)

    @cached_property
    def sheet(self) -> Sheet | None:
        """The page beside the lines: the chosen, else the written, else the one that names the day."""
        by_name = {one.sheet.uuid: one.sheet for one in self.choices}
        if self.wanted == "none":
            return None
        if self.wanted:
            return by_name.get(_uuid(self.wanted))
        kept = next((line.sheet for line in self.written if line.sheet), None)
        if kept is not None:
            return by_name.get(kept.uuid)
        return next((one.sheet for one in self.choices if one.names_the_day), None)

    @cached_property
    def rows(self) -> list[SignInRow]:
        """What is written stands; until something is, or for another page, what was read is proposed."""
        written = {} if self.wanted else {line.enrolment_id: _said(line.signed) for line in self.written}
        read = self.read
        return [
            SignInRow(
                one,
                read.get(one.pk, ""),
                written.get(one.pk, "none") if written else _taken(read.get(one.pk, "")),
            )
            for one in self.enrolments
        ]

    @property
    def is_cosigned(self) -> bool:
        return bool(self.written) and all(line.cosigned for line in self.written)

    @cached_property
    def teacher_signed(self) -> bool | None:
        """Whether a teacher's signature was read on the page; None where nothing was told of one."""
        told = next((value for value in self._values if value.name == TEACHER_SIGNED), None)
        return told.value == "true" if told is not None and told.is_sure else None

    @cached_property
    def read(self) -> dict[int, str]:
        """By trainee: signed, empty or unsure, as read; who is not on the page is not in it."""
        names = [
            value
            for value in self._values
            if value.name == "name" and value.spot.in_row is not None and value.quad
        ]
        told = proposed(
            [Printed(value.value, self._frame.around(value.quad or [])) for value in names],
            self._lines,
            self.session.held_on,
            self._inked,
        )
        found: dict[int, str] = {}
        for value, line in zip(names, told, strict=True):
            who = self._whose(value)
            if who is not None:
                found[who.pk] = _worded(line)
        return found

    def _choice(self, sheet: Sheet) -> SheetChoice:
        lines = self._lines_of(sheet)
        label = f"{sheet.upload.file_name} p.{sheet.number}"
        return SheetChoice(sheet, label, names_of_day(lines, self.session.held_on))

    def _lines_of(self, sheet: Sheet) -> list[Printed]:
        reading = self._readings.get(sheet.pk)
        if reading is None:
            return []
        frame = Frame.of(sheet, reading)
        return [
            Printed(str(line["text"]), frame.around(line["quad"]))
            for line in reading.open_lines()
            if line.get("quad")
        ]

    @cached_property
    def _readings(self) -> dict[int, PageReading]:
        rows = PageReading.objects.filter(sheet__dossier=self.dossier, sheet__places__filing__item_id=ITEM)
        return {row.sheet_id: row for row in rows}

    @cached_property
    def _frame(self) -> Frame:
        assert self.sheet is not None
        return Frame.of(self.sheet, self._readings.get(self.sheet.pk))

    @cached_property
    def _lines(self) -> list[Printed]:
        return self._lines_of(self.sheet) if self.sheet else []

    @cached_property
    def _values(self) -> Sequence[Value]:
        if self.sheet is None:
            return ()
        found = current_values(
            [self.sheet], by_bureau=self.viewer.is_of_bureau, names=("name", "seq", TEACHER_SIGNED)
        )
        return found.get(self.sheet.pk, ())

    def _whose(self, value: Value) -> Enrolment | None:
        """The trainee of this name; of several the one with the line's number."""
        named = [one for one in self.enrolments if compact(one.name) == compact(value.value)]
        if len(named) < 2:
            return named[0] if named else None
        numbers = {
            other.value
            for other in self._values
            if other.name == "seq"
            and (other.spot.document, other.spot.row) == (value.spot.document, value.spot.row)
        }
        fitting = [one for one in named if str(one.seq) in numbers]
        return fitting[0] if len(fitting) == 1 else None

    @cached_property
    def _inked(self) -> Inked:
        picture = self._picture()
        if picture is None:
            return _unknown
        _left, _top, width, _bottom = self._frame.box
        scale = picture.shape[1] / width if width else 1.0
        return lambda box: _ink(picture, box, scale)

    def _picture(self) -> Image | None:
        """The page as people see it; None where it is not drawn."""
        if self.sheet is None or not self._frame.is_known or not drawn(store(), self.sheet):
            return None
        name = view_name(self.sheet.number, piece_mark(self.sheet))
        with store().open_derivative(self.sheet.upload.blob.sha256, name) as held:
            found = cv2.imdecode(np.frombuffer(held.read(), np.uint8), cv2.IMREAD_COLOR)
        return None if found is None else np.asarray(found, np.uint8)


def _ink(picture: Image, box: Box, scale: float) -> float:
    left, top, right, bottom = (edge * scale for edge in box)
    piece = crop(picture, Quad.from_box(left, top, right, bottom))
    if not piece.size:
        return UNSURE_INK
    return share(without_rules(dark_ink(piece), (bottom - top) * LINE_HEIGHT))


UNSURE_INK = 0.008  # between signed and empty: nothing is proposed


def _unknown(_box: Box) -> float:
    return UNSURE_INK


def _worded(line: Proposed) -> str:
    return "unsure" if line.signed is None else _said(line.signed)


def _said(signed: bool) -> str:
    return "signed" if signed else "empty"


def _taken(read: str) -> str:
    """What is chosen from the start: what was read without doubt; the person confirms it or not."""
    return read if read in ("signed", "empty") else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
