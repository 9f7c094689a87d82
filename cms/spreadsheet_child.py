"""Runs alone in a limited process: the first sheet of an XLSX or XLS, or a CSV, as JSON rows on standard output.

Numbers stay numbers, so that a spreadsheet that has rounded an ID number is seen and refused. One row more than the
most that is wanted says that the file goes on.
"""

import csv
import datetime
import io
import json
import sys
from pathlib import Path

from python_calamine import CalamineWorkbook

MOST_ROWS = 2_000
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
SEPARATORS = ",\t;"


def plain(value: object) -> object:
    """A cell as JSON can carry it: text, number, truth, or a date or time in ISO 8601."""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return {"iso": value.isoformat()}
    return value if isinstance(value, str | int | float | bool) else str(value)


def rows_of_csv(content: bytes) -> list[list[str]]:
    """Rows of a text table, in the encoding and with the separator it shows. UnicodeDecodeError when it is no text."""
    text = decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    for encoding in ENCODINGS[:-1]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(ENCODINGS[-1])


def main(path: str, most: int = MOST_ROWS) -> None:
    if path.endswith(".csv"):
        rows: list = rows_of_csv(Path(path).read_bytes())
    else:
        rows = CalamineWorkbook.from_path(Path(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    json.dump([[plain(cell) for cell in row] for row in rows[:most]], sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1], *(int(most) for most in sys.argv[2:3]))
