"""Runs alone in a limited process: the first sheet of an XLSX as JSON rows on standard output.

Numbers stay numbers, so that a spreadsheet that has rounded an ID number is seen and refused.
"""

import datetime
import json
import sys
from pathlib import Path

from python_calamine import CalamineWorkbook

MOST_ROWS = 2_000


def plain(value: object) -> object:
    """A cell as JSON can carry it: text, number, truth, or a date or time in ISO 8601."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return {"iso": value.isoformat()}
    return value if isinstance(value, str | int | float | bool) else str(value)


def main(path: str) -> None:
    book = CalamineWorkbook.from_path(Path(path))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)[:MOST_ROWS]
    json.dump([[plain(cell) for cell in row] for row in rows], sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1])
