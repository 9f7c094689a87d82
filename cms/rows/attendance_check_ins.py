"""Check-ins ready to print: exports taken in, and the preview of one, row by row, with every column's meaning to choose."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.check_in_columns import Cells, Columns, columns_of, guessed, head_of
from cms.check_in_files import ExportFile
from cms.check_in_moments import plain
from cms.check_ins import Course, Known, Question, ReadExport, Row, read_export
from cms.wording import say
from dossiers.actions.attendance import Export
from dossiers.actions.people import id_number_index
from dossiers.models import Account, CheckIn, CheckInImport, ColumnMapping, DossierPage
from dossiers.search_text import mask_in_name
from foundation.models import Blob

MEANINGS: dict[str, str | Promise] = {
    "name": _("姓名"),
    "id_number": _("身份证号"),
    "number": _("编号"),
    "at": _("日期和时间"),
    "date": _("日期"),
    "time": _("时间"),
    "came": _("上班时间"),
    "gone": _("下班时间"),
    "direction": _("进出"),
    "device": _("设备"),
    "method": _("方式"),
}
STATES: dict[str, str | Promise] = {
    "bad": _("读不出"),
    "ask": _("要问"),
    "taken": _("收进"),
    "double": _("重复，不收"),
    "outside": _("不在上课日，不收"),
    "stranger": _("不是本班，不收"),
}
SAMPLES, SAMPLED_ROWS, ROWS_SHOWN = 3, 60, 2_000
METHODS = dict(CheckIn.Method.choices)


@dataclass(frozen=True)
class ColumnChoice:
    """One column of the file: its head, what stands in it, and what it is taken for."""

    at: int
    head: str
    samples: tuple[str, ...]
    meaning: str


@dataclass(frozen=True)
class PreviewRow:
    """One record in words."""

    line: int
    state: str
    state_name: str | Promise
    name: str
    when: str
    goes: bool
    device: str
    method: str
    why: str


@dataclass(frozen=True)
class AskedRow:
    """A name that several trainees bear, and whom the person chose."""

    question: Question
    answer: str


class Preview:
    """One export as it would be taken in. `chosen`: column -> meaning, or None to begin with what is known or guessed."""

    def __init__(
        self,
        dossier: DossierPage,
        file: ExportFile,
        cells: Cells,
        *,
        chosen: Mapping[int, str] | None = None,
        answers: Mapping[str, str] | None = None,
    ) -> None:
        self.dossier = dossier
        self.file = file
        self.cells = cells
        self.answers = dict(answers or {})
        self._chosen = chosen

    @cached_property
    def course(self) -> Course:
        people = self.dossier.enrolments.filter(withdrawn_on=None).select_related("person")
        taken = CheckIn.objects.filter(dossier=self.dossier, taken_from__undone_at=None)
        return Course(
            people=[Known(one.pk, one.seq, one.name, one.person.id_number_index) for one in people],
            days=frozenset(self.dossier.sessions.values_list("held_on", flat=True)),
            zone=timezone.get_current_timezone(),
            indexed=id_number_index,
            taken=list(taken.values_list("enrolment_id", "at", "left")),
        )

    @cached_property
    def columns(self) -> Columns:
        if self._chosen is not None:
            return columns_of(self._chosen)
        return self.remembered or guessed(
            self.cells, [one.name for one in self.course.people], self.course.days, self.course.zone
        )

    @cached_property
    def remembered(self) -> Columns:
        """What the columns of a file with this head meant the last time; empty for a new one."""
        found = ColumnMapping.objects.filter(institution=self.dossier.custodian_id, head=self.head).first()
        return {name: tuple(places) for name, places in found.columns.items()} if found else {}

    @cached_property
    def read(self) -> ReadExport:
        return read_export(self.cells, self.columns, self.course, self.answers)

    @property
    def head(self) -> str:
        """The digest by which a head is known again; a file without one is known by its width."""
        at = head_of(self.cells)
        words = [plain(cell) for cell in self.cells[at]] if at is not None else [str(self._width)]
        return hashlib.sha256("\x1f".join(words).encode()).hexdigest()

    @property
    def again(self) -> CheckInImport | None:
        """The export with these bytes that was taken in before."""
        return self.dossier.check_in_imports.filter(blob__sha256=self.file.sha256, undone_at=None).first()

    @property
    def is_remembered(self) -> bool:
        return self._chosen is None and bool(self.remembered)

    @property
    def can_be_taken(self) -> bool:
        return self.read.can_be_taken and self.again is None

    def choices(self) -> tuple[ColumnChoice, ...]:
        meant = {at: meaning for meaning, places in self.columns.items() for at in places}
        body = self.cells[self.read.head :][:SAMPLES]
        return tuple(
            ColumnChoice(
                at,
                mask_in_name(self.read.heads[at]) if at < len(self.read.heads) else "",
                tuple(mask_in_name(plain(row[at])) for row in body if at < len(row)),
                meant.get(at, ""),
            )
            for at in range(self._width)
        )

    def rows(self) -> Iterator[PreviewRow]:
        """What wants a hand first, then the rest as it stands in the file."""
        order = list(STATES)
        ordered = sorted(self.read.rows, key=lambda row: (order.index(row.state), row.line))
        return (_row(row) for row in ordered[:ROWS_SHOWN])

    def counts(self) -> list[tuple[str, str | Promise, int]]:
        found = [(state, name, len(self.read.of(state))) for state, name in STATES.items()]
        return [one for one in found if one[2]]

    def strangers(self) -> list[tuple[str, int]]:
        return [(mask_in_name(name), count) for name, count in self.read.strangers]

    def questions(self) -> list[AskedRow]:
        return [AskedRow(one, self.answers.get(one.key, "")) for one in self.read.questions]

    @property
    def rows_left_out(self) -> int:
        return max(0, len(self.read.rows) - ROWS_SHOWN)

    def export(self, blob: Blob) -> Export:
        return Export(
            blob=blob,
            file_name=mask_in_name(self.file.name),
            columns={name: list(places) for name, places in self.columns.items()},
            head=self.head,
            rows_left=len(self.read.rows) - len(self.read.records),
        )

    @property
    def digest(self) -> str:
        """What a person saw and agrees to; another one when roster or earlier exports have changed since."""
        told = repr([(one.enrolment, one.at, one.row, one.left) for one in self.read.records])
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def _width(self) -> int:
        return max((len(row) for row in self.cells[:SAMPLED_ROWS]), default=0)


def imports_of(dossier: DossierPage, viewer: Account) -> Sequence[CheckInImport]:
    """The exports this viewer may know of, the latest first: the bureau's as they were handed in."""
    rows = dossier.check_in_imports.select_related("made_by").order_by("-pk")
    if viewer.is_of_institution:
        return list(rows)
    handed_in = dossier.progress.handed_in_at
    if handed_in is None:
        return []
    stood = Q(undone_at=None) | Q(undone_at__gt=handed_in)
    return list(rows.filter(stood, made_at__lte=handed_in))


def _row(row: Row) -> PreviewRow:
    return PreviewRow(
        line=row.line,
        state=row.state,
        state_name=STATES[row.state],
        name=mask_in_name(row.name),
        when=f"{row.at:%m-%d %H:%M:%S}" if row.at else "",
        goes=row.left,
        device=mask_in_name(row.device),
        method=str(METHODS[row.method]) if row.method != CheckIn.Method.OTHER else "",
        why=say(row.why) if row.why else "",
    )
