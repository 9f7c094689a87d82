"""A device's export from a browser to rows; between preview and taking in it travels in the page, sealed.

Nothing is kept on the server before a person says so, and no ID number stands in the page.
"""

import base64
import hashlib
import json
import tempfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from cms.check_in_columns import Cells
from dossiers.exceptions import NotReady
from dossiers.sentences import gettext_noop, sentence
from foundation.blobs import store
from foundation.errors import SandboxError, SecretError
from foundation.models import Blob
from foundation.sandbox import Limits, run_python
from foundation.secrets import decrypt, encrypt

MOST_BYTES, MOST_MEGABYTES = 3 * 1024**2, 3
MOST_ROWS = 20_000
SEAL = "import_preview_check_ins"
XLSX, XLS, CSV = ".xlsx", ".xls", ".csv"
MEDIA_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    XLS: "application/vnd.ms-excel",
    CSV: "text/csv",
}


@dataclass(frozen=True)
class ExportFile:
    """The file as it came."""

    name: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def suffix(self) -> str:
        """What it is, by its first bytes; whatever is no workbook is tried as text."""
        if self.content.startswith(b"PK\x03\x04"):
            return XLSX
        return XLS if self.content.startswith(b"\xd0\xcf\x11\xe0") else CSV


def uploaded(upload: UploadedFile | None) -> ExportFile:
    """The file a form brought; NotReady with what to do when there is none, or too much of it."""
    if upload is None:
        raise NotReady(
            sentence("no_export", gettext_noop("还没有选打卡表。请选考勤机导出的 .xlsx、.xls 或 .csv 文件。"))
        )
    if upload.size > MOST_BYTES:
        raise NotReady(
            sentence(
                "export_too_large",
                gettext_noop("打卡表超过 %(most)s MB，没有收。请在考勤机上只导出本班上课的日期，再传。"),
                most=MOST_MEGABYTES,
            )
        )
    return ExportFile(upload.name or "", upload.read())


def cells_of(file: ExportFile) -> Cells:
    """Its rows, parsed in a limited child; NotReady with what to do when it is no table or too long a one."""
    with tempfile.TemporaryDirectory(prefix="check-ins-") as folder:
        path = Path(folder) / f"table{file.suffix}"
        path.write_bytes(file.content)
        try:
            done = run_python(
                "cms.spreadsheet_child",
                [path, str(MOST_ROWS + 1)],
                packages=("cms",),
                limits=Limits(cpu_seconds=20, wall_seconds=40),
                readable=[path],
            )
        except SandboxError as failed:
            raise NotReady(
                sentence(
                    "export_unreadable",
                    gettext_noop("“%(file)s”读不出。请用 Excel 或 WPS 打开，另存为 .xlsx 或 .csv 后再传。"),
                    file=file.name,
                )
            ) from failed
    cells = json.loads(done.stdout)
    if len(cells) > MOST_ROWS:
        raise NotReady(
            sentence(
                "export_too_long",
                gettext_noop("打卡表超过 %(most)s 行，没有收。请在考勤机上只导出本班上课的日期，再传。"),
                most=MOST_ROWS,
            )
        )
    return cells


def sealed(file: ExportFile) -> str:
    """The file as one encrypted text for a hidden field."""
    packed = base64.b64encode(zlib.compress(file.content)).decode("ascii")
    return encrypt(json.dumps({"name": file.name, "content": packed}), purpose=SEAL)


def opened(text: str) -> ExportFile:
    """The file a preview sealed."""
    try:
        held = json.loads(decrypt(text, purpose=SEAL))
    except SecretError as tampered:
        raise NotReady(
            sentence("preview_lost", gettext_noop("预览已失效，什么也没有导入。请重新选择表格。"))
        ) from tampered
    return ExportFile(held["name"], zlib.decompress(base64.b64decode(held["content"])))


def kept(file: ExportFile) -> Blob:
    """The file stored as it came, durable before its row; the same bytes twice give the same row."""
    with tempfile.TemporaryDirectory(prefix="check-ins-") as folder:
        path = Path(folder) / f"export{file.suffix}"
        path.write_bytes(file.content)
        return store().put_file(path, media_type=MEDIA_TYPES[file.suffix])
