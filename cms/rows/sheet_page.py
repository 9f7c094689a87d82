"""One sheet opened for itself: the page with boxes over what was read and what was asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cms.rows.evidence import FieldRow, field_row, kind_name
from cms.rows.sheets import SheetRow, item_title, sheet_row
from dossiers.models import Account, DossierPage, Filing, Sheet
from dossiers.permissions import visible_filings, visible_sheets
from dossiers.search_text import compact
from dossiers.standing import ledger_of
from ingestion.models import PageReading

Corners = list[list[float]]


@dataclass(frozen=True)
class Box:
    """A quadrilateral over the upright view, as SVG writes its points; `number` ties it to a row of the list."""

    points: str
    number: int = 0


@dataclass(frozen=True)
class SheetField:
    """A value read on the page, with the number of its box."""

    number: int
    row: FieldRow
    is_marked: bool


@dataclass
class SheetPage:
    """One sheet as this viewer sees it; `asked` are words to mark, `mark` the name of a field."""

    dossier: DossierPage
    viewer: Account
    sheet: Sheet
    asked: str = ""
    mark: str = ""

    @cached_property
    def row(self) -> SheetRow:
        return sheet_row(self.sheet)

    @cached_property
    def reading(self) -> PageReading | None:
        return PageReading.objects.filter(sheet=self.sheet).prefetch_related("fields").first()

    @property
    def kind(self) -> str:
        return kind_name(self.reading.kind) if self.reading else ""

    @property
    def view_box(self) -> str:
        """Size of the upright page in pixels of the upload; empty where it is not known."""
        width, height = self.sheet.width, self.sheet.height
        if not width or not height or self.reading is None:
            return ""
        if self.reading.rotation % 180:
            width, height = height, width
        return f"0 0 {width} {height}"

    @cached_property
    def fields(self) -> list[SheetField]:
        rows = list(self.reading.fields.all()) if self.reading else []
        return [SheetField(no, field_row(one), one.name == self.mark) for no, one in enumerate(rows, 1)]

    @cached_property
    def marked(self) -> list[Box]:
        """Where the words asked for stand, and the field asked for."""
        if self.reading is None:
            return []
        quads = [*self._lines_with(self.asked.split()), *self._quads_of(self.mark)]
        return [Box(self._points(quad)) for quad in quads if quad]

    @cached_property
    def boxes(self) -> list[Box]:
        """Where each value of the list was read."""
        rows = self.reading.fields.all() if self.reading else ()
        return [Box(self._points(one.quad), number) for number, one in enumerate(rows, 1) if one.quad]

    @cached_property
    def filings(self) -> list[str]:
        """What the sheet is filed as, for this viewer."""
        ledger = ledger_of(self.dossier)
        return [
            " · ".join(
                filter(None, (item_title(ledger.item(one.item_id)), one.enrolment and one.enrolment.name))
            )
            for one in self._papers
            if ledger.has(one.item_id)
        ]

    @property
    def searchable_url(self) -> str:
        """Where the paper this page belongs to is handed over as a searchable PDF; empty where nothing was read."""
        if not self._papers or self.reading is None or self.row.is_recording:
            return ""
        return self.dossier.screen("searchable", self._papers[0].uuid)

    @cached_property
    def _papers(self) -> list[Filing]:
        rows = visible_filings(self.viewer).filter(places__sheet=self.sheet, state=Filing.State.FILED)
        return list(rows.select_related("enrolment"))

    @cached_property
    def neighbours(self) -> tuple[str, str]:
        """Addresses of the page before and the page after in the same upload; empty at the ends."""
        rows = (
            visible_sheets(self.viewer).filter(upload=self.sheet.upload).exclude(state=Sheet.State.WITHDRAWN)
        )
        order = list(rows.order_by("number").values_list("uuid", flat=True))
        at = order.index(self.sheet.uuid) if self.sheet.uuid in order else -1
        before = self.dossier.screen("sheet", order[at - 1]) if at > 0 else ""
        after = self.dossier.screen("sheet", order[at + 1]) if 0 <= at < len(order) - 1 else ""
        return before, after

    def _lines_with(self, words: Iterable[str]) -> list[Corners]:
        wanted = [compact(word) for word in words]
        return [
            line["quad"]
            for line in self.reading.open_lines()
            if line.get("quad")
            and any(word and word in compact(str(line.get("text", ""))) for word in wanted)
        ]

    def _quads_of(self, name: str) -> list[Corners]:
        return (
            [one.quad for one in self.reading.fields.all() if one.name == name and one.quad] if name else []
        )

    def _points(self, quad: Corners) -> str:
        turned = (self._upright(float(x), float(y)) for x, y in quad)
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in turned)

    def _upright(self, x: float, y: float) -> tuple[float, float]:
        """From the page as uploaded to the page as it is viewed."""
        width, height = self.sheet.width, self.sheet.height
        return {
            90: (y, width - x),
            180: (width - x, height - y),
            270: (height - y, x),
        }.get(self.reading.rotation, (x, y))
