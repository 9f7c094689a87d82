"""A spreadsheet from a browser to rows: parsed in a limited child, previewed, carried back encrypted.

Between preview and confirmation the rows travel in the page as one encrypted field, so that nothing is kept on
the server and no ID number stands in the page.
"""

import dataclasses
import json
import tempfile
from datetime import date, time
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from cms.spreadsheets import Cells
from dossiers.actions.people import Sitting, Trainee
from dossiers.exceptions import NotReady
from dossiers.sentences import gettext_noop, sentence
from foundation.errors import SandboxError, SecretError
from foundation.sandbox import Limits, run_python
from foundation.secrets import decrypt, encrypt

MOST_BYTES = 5 * 1024**2
_ROSTER, _TIMETABLE = "import_preview", "import_preview_sessions"


def cells_of(upload: UploadedFile) -> Cells:
    """The first sheet's rows; NotReady with what to do when it is no readable XLSX."""
    if upload.size > MOST_BYTES:
        raise NotReady(sentence("sheet_too_large", gettext_noop("表格超过 5 MB。请只留名册一张表，再导入。")))
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        path = Path(folder) / "table.xlsx"
        path.write_bytes(upload.read())
        try:
            done = run_python(
                "cms.spreadsheet_child",
                [path],
                packages=("cms",),
                limits=Limits(cpu_seconds=10, wall_seconds=20),
                readable=[path],
            )
        except SandboxError as failed:
            raise NotReady(_unreadable(upload.name)) from failed
    return json.loads(done.stdout)


def sealed(rows: list[Trainee] | list[Sitting]) -> str:
    """Rows as one encrypted text for a hidden field."""
    plain = [dataclasses.asdict(row) for row in rows]
    purpose = _ROSTER if isinstance(rows[0], Trainee) else _TIMETABLE
    return encrypt(json.dumps(plain, default=lambda value: value.isoformat()), purpose=purpose)


def opened_trainees(text: str) -> list[Trainee]:
    """The trainees a preview sealed."""
    return [Trainee(**row) for row in _opened(text, _ROSTER)]


def opened_sittings(text: str) -> list[Sitting]:
    """The sessions a preview sealed."""
    return [
        Sitting(
            **row
            | {
                "held_on": date.fromisoformat(row["held_on"]),
                "starts_at": time.fromisoformat(row["starts_at"]),
            }
        )
        for row in _opened(text, _TIMETABLE)
    ]


def _opened(text: str, purpose: str) -> list[dict]:
    try:
        return json.loads(decrypt(text, purpose=purpose))
    except SecretError as tampered:
        raise NotReady(
            sentence("preview_lost", gettext_noop("预览已失效，什么也没有导入。请重新选择表格。"))
        ) from tampered


def _unreadable(name: str | None):
    return sentence(
        "sheet_unreadable",
        gettext_noop("“%(file)s”读不出。请用 Excel 或 WPS 另存为 .xlsx 后再导入。"),
        file=name or "",
    )
