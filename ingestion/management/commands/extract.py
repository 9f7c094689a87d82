"""`manage.py extract FILE... --json`: reads files and prints one JSON object a line for each page; keeps nothing.

Described in docs/extract.md. Touches no database, no store and no dossier.
"""

import json
import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.content import HEAD_BYTES, PAPERS, sniff
from foundation.errors import Refused
from ingestion.engines import UnknownEngine, readers
from ingestion.extract import BOTH, ledgers, page_object, unreadable_object
from ingestion.kinds import kind
from ingestion.masking import masked
from ingestion.pages import UnreadableFile
from ingestion.pipeline import read_each
from ingestion.reading import EngineFailed, FieldState, PageResult

logger = logging.getLogger(__name__)
SOMETHING_UNREAD, WRONG_USE = 1, 2
SENTENCES: dict[str, str | Promise] = {
    "no_such_file": _("没有这个文件，或没有权限读取。请核对路径。"),
    "no_paper": _("这是录像，不是纸质材料。请用图片或 PDF。"),
    "damaged_pdf": _("PDF 结构损坏，没有取出页面。请重新导出或重新扫描。"),
    "damaged_picture": _("图片内容损坏，没有取出页面。请重新扫描或重新拍照。"),
    "encrypted_pdf": _("PDF 有密码，没有取出页面。请去掉密码后再读。"),
    "too_many_pages": _("页数超过上限，没有取出页面。请拆成几份后再读。"),
    "too_many_pixels": _("像素超过上限，没有取出页面。请用较低的分辨率重新扫描。"),
    "too_large": _("取页所需内存超过上限，已停止。请拆成几份，或用较低的分辨率重新扫描。"),
    "too_slow": _("取页太久，已停止。请拆成几份后再读。"),
    "parser_died": _("取页时读取程序中途退出。请重新导出后再读。"),
    "reading_stopped": _("读到这里出错，这一页及以后的页没有读成。日志里有原因，请交给管理员。"),
    "engine_failed": _("认字程序出错，这一页及以后的页没有读成。请换一个引擎再读。"),
}


class Unread(Exception):
    """A file, or what is left of it, could not be read; the argument is the code of the reason."""


class Command(BaseCommand):
    help = "Read files and print what their pages are and say. Ends with 1 if a file was not read to its end."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--engine", metavar="NAME", help="who reads; else what OCR_ENGINE says")
        parser.add_argument("--ledger", choices=ledgers(), default=BOTH, help="whose names the items get")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object a page")
        parser.add_argument("--more", action="store_true", help="notes, codes and problems as well")

    def handle(
        self, *, files: list[str], engine: str | None, ledger: str, as_json: bool, more: bool, **options: Any
    ) -> None:
        reader, is_all_read = _reader(engine or settings.OCR_ENGINE), True
        for file in files:
            try:
                for page in _pages(Path(file), reader):
                    told = page_object(file, page, ledger=ledger, more=more)
                    self._say(json.dumps(told, ensure_ascii=False) if as_json else _summary(file, page))
            except Unread as reason:
                is_all_read = False
                told = unreadable_object(file, code=str(reason), message=_sentence(str(reason), file))
                self._say(
                    json.dumps(told, ensure_ascii=False) if as_json else f"{file}  {told['error']['message']}"
                )
        if not is_all_read:
            sys.exit(SOMETHING_UNREAD)

    def _say(self, line: str) -> None:
        """At once: who reads many pages sees each when it is read."""
        self.stdout.write(line)
        self.stdout.flush()


def _reader(name: str) -> str:
    try:
        readers(name)
    except UnknownEngine as error:
        raise CommandError(str(error), returncode=WRONG_USE) from error
    return name


def _pages(path: Path, reader: str) -> Iterator[PageResult]:
    try:
        yield from read_each(path, reader)
    except UnreadableFile as failure:
        raise Unread(_what_it_is_instead(path) or failure.code) from failure
    except EngineFailed as failure:
        raise Unread("engine_failed") from failure
    except Exception as failure:  # the outermost door: the files behind this one are still read
        logger.exception("reading stopped")
        raise Unread("reading_stopped") from failure


def _what_it_is_instead(path: Path) -> str:
    """The code by which the door refuses such a file: an office document, an archive, an empty file."""
    try:
        with path.open("rb") as opened:
            media_type = sniff(opened.read(HEAD_BYTES), file_name=path.name)
    except Refused as refusal:
        return refusal.code
    except OSError:
        return "no_such_file"
    return "" if media_type in PAPERS else "no_paper"


def _sentence(code: str, file: str) -> str:
    return str(SENTENCES[code]) if code in SENTENCES else Refused(code, file_name=Path(file).name).text


def _summary(file: str, page: PageResult) -> str:
    """For people: what each document is and says, with ID numbers masked."""
    said = [
        f"{kind(document.kind).name} {document.confidence:.2f}  "
        + "  ".join(
            f"{field.name}={masked(field.value)} ({field.state.value})"
            for field in document.fields
            if field.state != FieldState.MISSING
        )
        for document in page.documents
    ]
    return f"{file}  {page.page.number}/{page.page_count}  {page.page.rotation}°  " + "  |  ".join(said)
