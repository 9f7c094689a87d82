"""`manage.py ingest_box FOLDER --institution CODE --class NO`: a folder through the one door, then a table of it."""

import resource
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext

from cms import intake as door
from cms.rows.ingest import PageLine, page_lines, refused_line, repeat_line, sums, table
from cms.views.doors import say
from dossiers.exceptions import Refused as DossierRefused
from dossiers.models import Account, DossierPage, InstitutionPage, Upload
from dossiers.permissions import Act, may
from foundation import jobs
from foundation.blobs import store
from foundation.errors import FoundationError
from foundation.models import Job
from ingestion.engines import engine
from ingestion.models import Intake
from ingestion.pages import PageOptions, opened_pages
from ingestion.reading import OcrOptions
from ingestion.specimens.truth import FILE_NAME as TRUTH

SOMETHING_LEFT_OUT = 3


class Command(BaseCommand):
    help = "Take in every file of a folder and say, page by page, what is proposed. Ends with 3 if a file was refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--institution", required=True, metavar="CODE", help="code of the body")
        parser.add_argument("--class", required=True, dest="class_no", metavar="NO", help="class number")
        parser.add_argument(
            "--by", metavar="USERNAME", help="who hands in; else a clerk of the body that keeps"
        )
        parser.add_argument(
            "--no-wait", action="store_false", dest="wait", help="leave the reading to the worker"
        )
        parser.add_argument("--wait", action="store_true", help="read in this process (default)")
        parser.add_argument(
            "--beside-tesseract", action="store_true", help="also time raw tesseract on the same pages"
        )
        parser.set_defaults(wait=True)

    def handle(
        self, *, folder: Path, institution: str, class_no: str, by: str | None, wait: bool, **options: Any
    ) -> None:
        if not folder.is_dir():
            raise CommandError(f"no such folder: {folder}")
        dossier = _dossier(institution, class_no)
        account = _account(dossier, by)
        before = _cpu_seconds()
        taken = [self._take(dossier, account, path) for path in _files(folder)]
        if wait:
            self._read(dossier)
        spent = _cpu_seconds() - before
        lines = [line for one in taken for line in ([one] if isinstance(one, PageLine) else _lines(one))]
        self._print(lines)
        if wait:
            self._print_speed(lines, spent, taken if options["beside_tesseract"] else [])
        if sums(lines).refused:
            raise SystemExit(SOMETHING_LEFT_OUT)

    def _take(self, dossier: DossierPage, by: Account, path: Path) -> Intake | PageLine:
        try:
            return door.deposit(dossier, path, by=by)
        except FoundationError as refused:
            return refused_line(path.name, refused.text)
        except DossierRefused as refused:
            return refused_line(path.name, "".join(say(reason) for reason in refused.reasons))

    def _read(self, dossier: DossierPage) -> None:
        """Do what waits, and wait for what a worker has in hand or what is due for another attempt."""
        pause = threading.Event()
        while True:
            jobs.work_off(subject=str(dossier.uuid))
            if not _unfinished(dossier):
                return
            pause.wait(1)

    def _print(self, lines: list[PageLine]) -> None:
        for row in table(lines):
            self.stdout.write(row)
        told = sums(lines)
        self.stdout.write(
            gettext(
                "共 %(files)s 个文件 %(pages)s 页：已提议 %(proposed)s 页，留在收件待认 %(tray)s 页，没有收下 %(refused)s 个文件"
            )
            % vars(told)
        )

    def _print_speed(self, lines: list[PageLine], spent: float, compared: list[Intake | PageLine]) -> None:
        pages = sum(line.page > 0 for line in lines)
        self.stdout.write(
            gettext("CPU %(seconds).1f 秒，每 CPU 秒 %(speed).2f 页（收件、取页、认字、归类全程）")
            % {"seconds": spent, "speed": pages / spent if spent else 0}
        )
        if compared:
            seconds, count = _raw_tesseract(compared)
            self.stdout.write(
                gettext("同样的页只用 tesseract 认字：CPU %(seconds).1f 秒，每 CPU 秒 %(speed).2f 页")
                % {"seconds": seconds, "speed": count / seconds if seconds else 0}
            )


def _dossier(code: str, class_no: str) -> DossierPage:
    body = InstitutionPage.objects.filter(code=code).first()
    if body is None:
        raise CommandError(f"no institution has the code {code}")
    found = (
        DossierPage.objects.select_related("opener__county", "trainer", "custodian", "progress")
        .filter(Q(opener=body) | Q(trainer=body), class_no=class_no)
        .first()
    )
    if found is None:
        raise CommandError(f"{code} has no class {class_no}")
    return found


def _account(dossier: DossierPage, username: str | None) -> Account:
    """Who hands in: the one named, or the first who may."""
    if username:
        named = Account.objects.filter(username=username).first()
        if named is None or not may(named, Act.UPLOAD, dossier):
            raise CommandError(f"{username} may not hand papers in to this class")
        return named
    people = Account.objects.filter(institution=dossier.custodian, is_active=True).order_by("pk")
    found = next((account for account in people if may(account, Act.UPLOAD, dossier)), None)
    if found is None:
        raise CommandError("nobody of the body that keeps this class may hand papers in; name one with --by")
    return found


def _files(folder: Path) -> list[Path]:
    """Every file below, in order; hidden ones and the truth of a generated pile stay out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".") and path.name != TRUTH
    )


def _lines(taken: Intake) -> Iterator[PageLine]:
    name = taken.quarantined.file_name
    if taken.upload is None:
        yield PageLine(name, 0, note=gettext("已收妥，等后台登记"), outcome="tray")
    elif taken.is_repeat:
        yield repeat_line(name, taken.upload.file_name)
    else:
        yield from page_lines(taken.upload)


def _unfinished(dossier: DossierPage) -> bool:
    states = (Job.State.WAITING, Job.State.LEASED)
    return Job.objects.filter(subject=str(dossier.uuid), state__in=states).exists()


def _cpu_seconds() -> float:
    """User and system time of this process and of all its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _raw_tesseract(taken: list[Intake | PageLine]) -> tuple[float, int]:
    """CPU seconds and pages of tesseract alone: no upright, no kinds, no fields; decoding is not counted."""
    reader, options, seconds, pages = engine("tesseract"), OcrOptions(), 0.0, 0
    papers = [one.upload for one in taken if isinstance(one, Intake) and one.upload and not one.is_repeat]
    for upload in papers:
        if upload.medium != Upload.Medium.PAPER:
            continue
        with store().local_path(upload.blob.sha256) as path, opened_pages(path, PageOptions()) as pictures:
            for picture in pictures:
                before = _cpu_seconds()
                reader.read(picture.image, options)
                seconds, pages = seconds + _cpu_seconds() - before, pages + 1
    return seconds, pages
