"""The attendance of a class as a spreadsheet: the grid's own figures, every cell as a word."""

from collections.abc import Iterator
from io import BytesIO

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from cms.rows.attendance import Grid, GridRow, state_name

Value = str | int


def spreadsheet(grid: Grid) -> bytes:
    """Two sheets: totals against the threshold, and cell by cell."""
    book = Workbook(write_only=True)
    _fill(book.create_sheet(gettext("汇总")), _totals(grid))
    _fill(book.create_sheet(gettext("逐课时")), _cells(grid))
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def _fill(sheet: WriteOnlyWorksheet, rows: Iterator[list[Value]]) -> None:
    """Text stays text, whatever it begins with: a name is no formula."""
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)


def _totals(grid: Grid) -> Iterator[list[Value]]:
    threshold = grid.attendance.threshold
    yield [grid.dossier.class_no, grid.dossier.occupation]
    if threshold:
        yield [
            gettext("每人须到"),
            grid.needed,
            gettext("已上"),
            grid.held,
            gettext("门槛百分比"),
            threshold.percent,
            gettext(threshold.article),
        ]
    yield [
        gettext("序"),
        gettext("姓名"),
        gettext("已上"),
        gettext("确认"),
        gettext("未定"),
        gettext("缺勤"),
        gettext("出勤率（百分比，不进位）"),
        gettext("结论"),
    ]
    for row in grid.rows:
        total = row.verdict.total
        yield [
            row.enrolment.seq,
            row.enrolment.name,
            total.held,
            total.confirmed,
            total.undecided,
            total.absent,
            row.rate,
            row.conclusion,
        ]


def _cells(grid: Grid) -> Iterator[list[Value]]:
    lessons = [(head, number) for head in grid.heads for number in range(1, head.lessons + 1)]
    yield [
        gettext("序"),
        gettext("姓名"),
        *(
            gettext("%(session)s 第 %(number)s 课时") % {"session": head.title, "number": number}
            for head, number in lessons
        ),
    ]
    for row in grid.rows:
        yield [row.enrolment.seq, row.enrolment.name, *_states(grid, row)]


def _states(grid: Grid, row: GridRow) -> Iterator[str]:
    cells = grid.attendance.cells[row.enrolment.pk]
    for session in grid.attendance.sessions:
        for number in range(1, session.lessons + 1):
            yield state_name(cells[session.pk, number].state)
