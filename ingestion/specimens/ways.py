"""The ways of reading that the benchmark compares, each in a process of its own: what it said of every page, and its cost.

    python -m ingestion.specimens.ways WAY FOLDER LOG MOST

Reads up to MOST files of FOLDER (truth.json) and appends a JSON line a file to LOG; a file that has its line is not
read again. Exits with 0 when all are read, with 3 when there are more.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import pymupdf

from ingestion.engines import ACCURATE, AUTO, FAST, engine
from ingestion.pages import PageOptions, PagePicture, UnreadableFile, opened_pages
from ingestion.pipeline import read_each
from ingestion.reading import DocumentReading, FieldReading, OcrOptions, PageResult
from ingestion.recognition import recognise
from ingestion.specimens.memory import PeakOfTree
from ingestion.specimens.trial import read_truth

MORE = 3
RAW = OcrOptions(minimum_confidence=0.0)
OCRMYPDF = Path(".cache/ocrmypdf/bin/ocrmypdf")
OCRMYPDF_OPTIONS = (
    *("-l", "chi_sim", "--mode", "force", "--rotate-pages", "--rotate-pages-threshold", "12"),
    *("--deskew", "--output-type", "pdf", "--image-dpi", "150", "--optimize", "0", "-j", "1", "-q"),
)


@dataclass(frozen=True)
class Said:
    """What a way said of one page, ready for JSON. `rotation` None: it does not tell; `documents` None: text alone."""

    page: int
    width: int
    height: int
    text: str
    rotation: int | None = None
    documents: list[dict[str, Any]] | None = None
    kind: str | None = None
    engines: tuple[str, ...] = ()
    follows_previous: bool = False


Way = Callable[[Path], Iterator[tuple[Said, float]]]


def ours(reader: str) -> Way:
    """The product's pipeline with this choice of engine."""

    def way(path: Path) -> Iterator[tuple[Said, float]]:
        before = cpu_seconds()
        for result in read_each(path, reader):
            yield _said(result), cpu_seconds() - before
            before = cpu_seconds()

    return way


def raw_tesseract(path: Path) -> Iterator[tuple[Said, float]]:
    """psm 3, chi_sim, on the page as it came; the kind by the product's rules. Decoding the file is not counted."""
    for picture in _pictures(path):
        before = cpu_seconds()
        lines = engine("tesseract").read(picture.image, RAW)
        spent = cpu_seconds() - before
        height, width = picture.image.shape[:2]
        kind = recognise(lines, height=height, width=width)[0].kind
        text = "\n".join(line.text for line in lines)
        yield Said(picture.number, picture.width, picture.height, text, kind=kind), spent


def ocrmypdf(path: Path) -> Iterator[tuple[Said, float]]:
    """The text layer that OCRmyPDF lays on the page: turned, straightened, every page read."""
    for picture in _pictures(path):
        with tempfile.TemporaryDirectory(prefix="juanzong-ocrmypdf-") as room:
            source, target = Path(room) / "page.jpg", Path(room) / "page.pdf"
            cv2.imwrite(str(source), picture.image, [cv2.IMWRITE_JPEG_QUALITY, 95])
            before = cpu_seconds()
            done = subprocess.run(
                [OCRMYPDF, *OCRMYPDF_OPTIONS, source, target],
                capture_output=True,
                timeout=300,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
            spent = cpu_seconds() - before
            text = _text_layer(target) if done.returncode == 0 else ""
        yield Said(picture.number, picture.width, picture.height, text), spent


WAYS: dict[str, Way] = {
    "product": ours(AUTO),
    "accurate": ours(ACCURATE),
    "fast": ours(FAST),
    "tesseract": raw_tesseract,
    "ocrmypdf": ocrmypdf,
}


def cpu_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def read_folder(way: str, folder: Path, log: Path, most: int) -> bool:
    """Read up to `most` files that have no line in the log yet; whether that was all."""
    _drop_the_cut_off_line(log)
    done = {line["file"] for line in valid_lines(folder, log)}
    names = [name for name in dict.fromkeys(page.file for page in read_truth(folder)) if name not in done]
    with log.open("a", encoding="utf-8") as opened, PeakOfTree() as peak:
        for name in names[:most]:
            line = _line(way, folder / name) | {"peak_megabytes": round(peak.megabytes, 1)}
            opened.write(json.dumps(line, ensure_ascii=False) + "\n")
            opened.flush()
    return len(names) <= most


def read_log(log: Path) -> list[dict[str, Any]]:
    """The lines of a log; one that was cut off by an interruption counts as not read."""
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def valid_lines(folder: Path, log: Path) -> list[dict[str, Any]]:
    """The last line of every file that is still the file it was read from: pages drawn anew are to be read anew."""
    lines = {line["file"]: line for line in read_log(log)}
    return [line for line in lines.values() if line["sha256"] == _digest(folder / line["file"])]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def _drop_the_cut_off_line(log: Path) -> None:
    """An interruption may have left half a line, which the next one must not be glued to."""
    if log.exists():
        whole, newline, _ = log.read_text(encoding="utf-8").rpartition("\n")
        log.write_text(whole + newline, encoding="utf-8")


def _line(way: str, file: Path) -> dict[str, Any]:
    pages, seconds, refused = [], 0.0, ""
    try:
        for said, spent in WAYS[way](file):
            pages.append(asdict(said))
            seconds += spent
    except UnreadableFile as error:
        refused = error.code
    return {
        "file": file.name,
        "sha256": _digest(file),
        "cpu_seconds": round(seconds, 3),
        "refused": refused,
        "pages": pages,
    }


def _pictures(path: Path) -> Iterator[PagePicture]:
    with opened_pages(path, PageOptions()) as pictures:
        yield from pictures


def _text_layer(file: Path) -> str:
    with pymupdf.open(file) as document:
        return "\n".join(page.get_text() for page in document)


def _said(result: PageResult) -> Said:
    return Said(
        page=result.page.number,
        width=result.page.width,
        height=result.page.height,
        text=result.text,
        rotation=None if result.blank else result.page.rotation,
        documents=[_document(document) for document in result.documents],
        kind=result.kind,
        engines=result.engines,
        follows_previous=result.follows_previous,
    )


def _document(document: DocumentReading) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "part": document.part,
        "quad": document.quad.as_list(),
        "fields": {reading.name: _reading(reading) for reading in document.fields},
        "rows": [{reading.name: _reading(reading) for reading in row} for row in document.rows],
    }


def _reading(reading: FieldReading) -> dict[str, Any]:
    return {
        "value": reading.value,
        "confidence": round(reading.confidence, 3),
        "quad": reading.quad.as_list() if reading.quad else None,
        "state": str(reading.state),
        "problem": reading.problem,
    }


def main() -> int:
    way, folder, log, most = sys.argv[1:5]
    return 0 if read_folder(way, Path(folder), Path(log), int(most)) else MORE


if __name__ == "__main__":
    raise SystemExit(main())
