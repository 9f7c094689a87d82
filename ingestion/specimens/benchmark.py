"""Measures reading on a generated mixed pile, beside raw tesseract on the same pages. Run by script/benchmark paper."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.engines import engine
from ingestion.fields import read_fields
from ingestion.pages import PageOptions, opened_pages
from ingestion.pipeline import read_each
from ingestion.reading import DocumentReading, FieldState, OcrOptions
from ingestion.recognition import recognise
from ingestion.specimens.course import LedgerId
from ingestion.specimens.pile import make_mixed_pile
from ingestion.specimens.truth import BoxTruth, PageTruth

RAW = OcrOptions(minimum_confidence=0.0)
ACCEPTED = (FieldState.READ, FieldState.CHECKED)
HEAD = (
    "way of reading",
    "kind right",
    "turned the right way",
    "ID number exact",
    "wrong one accepted",
    "name exact",
    "CPU s a page",
    "pages a CPU s",
)


@dataclass(frozen=True)
class Seen:
    """What one way of reading said of one page. `rotation` None: this way does not turn pages."""

    document: DocumentReading
    rotation: int | None
    cpu_seconds: float


@dataclass(frozen=True)
class Count:
    right: int
    of: int

    def __str__(self) -> str:
        return f"{self.right}/{self.of}" if self.of else "-"


@dataclass(frozen=True)
class Score:
    """One row of the table."""

    way: str
    kinds: Count
    turned: Count
    numbers: Count
    wrong_accepted: int
    names: Count
    cpu_seconds: float

    def cells(self) -> tuple[str, ...]:
        pages = self.kinds.of
        return (
            self.way,
            str(self.kinds),
            str(self.turned),
            str(self.numbers),
            str(self.wrong_accepted),
            str(self.names),
            f"{self.cpu_seconds / pages:.2f}",
            f"{pages / self.cpu_seconds:.2f}",
        )


Way = Callable[[Path], Iterator[Seen]]


def raw_tesseract(path: Path) -> Iterator[Seen]:
    """The page as uploaded, psm 3, chi_sim; kind and fields taken from its lines by the same rules as ours."""
    with opened_pages(path, PageOptions()) as pictures:
        for picture in pictures:
            before = cpu_seconds()
            lines = engine("tesseract").read(picture.image, RAW)
            height, width = picture.image.shape[:2]
            found = recognise(lines, height=height, width=width)[0]
            document = DocumentReading(found.kind, found.confidence, found.quad, fields=read_fields(found))
            yield Seen(document, None, cpu_seconds() - before + picture.cpu_seconds)


def prepared(reader: str) -> Way:
    """The project's own way: turned upright, straightened, read by this engine."""

    def way(path: Path) -> Iterator[Seen]:
        for page in read_each(path, reader):
            rotation = None if page.blank else page.page.rotation
            yield Seen(page.main, rotation, page.cpu_seconds)

    return way


WAYS: dict[str, Way] = {
    "tesseract 5 psm 3 chi_sim, raw": raw_tesseract,
    "tesseract 5, prepared": prepared("tesseract"),
    "rapidocr, prepared (the product)": prepared("rapidocr"),
}


def cpu_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def score(way: str, folder: Path, truth: BoxTruth) -> Score:
    """Read every file of the pile one way and hold it against the truth."""
    pairs = [pair for name in files_of(truth) for pair in _pairs(WAYS[way], folder / name, truth)]
    numbered = [(seen, page) for seen, page in pairs if "id_number" in page.fields]
    named = [(seen, page) for seen, page in pairs if "name" in page.fields and page.part != "signature_page"]
    turned = [(seen, page) for seen, page in pairs if seen.rotation is not None]
    return Score(
        way=way,
        kinds=_count(seen.document.kind == _kind(page) for seen, page in pairs),
        turned=_count(seen.rotation == page.rotation for seen, page in turned),
        numbers=_count(_is_exact(seen, page, "id_number") for seen, page in numbered),
        wrong_accepted=sum(_accepts_a_wrong_number(seen, page) for seen, page in numbered),
        names=_count(_is_exact(seen, page, "name") for seen, page in named),
        cpu_seconds=sum(seen.cpu_seconds for seen, _ in pairs),
    )


def files_of(truth: BoxTruth) -> list[str]:
    return sorted({page.file for page in truth.pages})


def table(rows: Sequence[Score]) -> str:
    """The scores as a Markdown table."""
    lines = [HEAD, tuple("---" for _ in HEAD), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--ledger", choices=("enterprise_14", "key_group_17"), default="key_group_17")
    chosen = parser.parse_args(arguments)
    ledger: LedgerId = chosen.ledger
    with tempfile.TemporaryDirectory(prefix="juanzong-benchmark-") as folder:
        truth = make_mixed_pile(Path(folder), chosen.pages, chosen.seed, ledger=ledger)
        sys.stdout.write(f"{len(truth.pages)} pages, seed {chosen.seed}, {ledger}, one thread an engine\n\n")
        rows = [score(way, Path(folder), truth) for way in WAYS]
    sys.stdout.write(table(rows) + "\n")
    raw, ours = rows[0], rows[-1]
    sys.stdout.write(f"\nCPU against raw tesseract: {ours.cpu_seconds / raw.cpu_seconds:.1f} times\n")
    return 0


def _pairs(way: Way, file: Path, truth: BoxTruth) -> Iterator[tuple[Seen, PageTruth]]:
    return zip(way(file), list(truth.of_file(file.name)), strict=True)


def _count(answers: Iterable[bool]) -> Count:
    given = list(answers)
    return Count(sum(given), len(given))


def _kind(page: PageTruth) -> str:
    return "other" if page.kind == "blank" else page.kind


def _is_exact(seen: Seen, page: PageTruth, name: str) -> bool:
    reading = seen.document.field(name)
    return reading is not None and reading.value == page.fields[name]["value"]


def _accepts_a_wrong_number(seen: Seen, page: PageTruth) -> bool:
    reading = seen.document.field("id_number")
    if reading is None or reading.state not in ACCEPTED:
        return False
    return reading.value != page.fields["id_number"]["value"]


if __name__ == "__main__":
    raise SystemExit(main())
