"""Measures reading on pages with known truth, way beside way, against the aims. Run by script/benchmark paper."""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.specimens.scenes import LEVELS, Level
from ingestion.specimens.scoring import Tally, tally_pages
from ingestion.specimens.trial import FILE_NAME, make_trial, read_truth
from ingestion.specimens.truth import PageTruth
from ingestion.specimens.typefaces import PARTS, Part, missing
from ingestion.specimens.ways import MORE, OCRMYPDF, WAYS, valid_lines

OURS = ("product", "accurate", "fast")
BESIDE = ("tesseract", "ocrmypdf")
FILES_A_PROCESS = 20
LOGS = Path(".cache/benchmark")
NAMES = {
    "product": "the product (auto)",
    "accurate": "rapidocr alone",
    "fast": "paddle_tiny alone",
    "tesseract": "raw tesseract psm 3",
    "ocrmypdf": "OCRmyPDF",
}


@dataclass(frozen=True)
class Measure:
    """A row of the table. Aims are per cent at least, or at most where `at_most`; None: reported without an aim."""

    id: str
    label: str
    ordinary: float | None = None
    hard: float | None = None
    at_most: bool = False

    def aim(self, level: Level) -> str:
        aim = self.ordinary if level == "ordinary" else self.hard
        if aim is None:
            return ""
        return f"{'≤' if self.at_most else '≥'} {aim:g} %" if aim else "0"


MEASURES = (
    Measure("page_kind", "kind of the page", 98, 95),
    Measure("one_by_one", "several documents on a page, each found"),
    Measure("continued", "page that goes on, kept with its paper"),
    Measure("upright", "upright", 98),
    Measure("id_number", "ID number right", 98, 90),
    Measure("id_checked", "ID number right and checked", 96, 88),
    Measure("id_number_wrong_accepted", "wrong ID number accepted (read or checked)", 0, 0, at_most=True),
    Measure("certificate_no", "certificate number", 98, 90),
    Measure("certificate_no_wrong_accepted", "wrong certificate number not doubted"),
    Measure("card_issuer_validity", "issuer and validity (card)", 97),
    Measure("name", "name", 97, 92),
    Measure("address", "address", 94, 85),
    Measure("issued_on", "issue date", 95),
    Measure("issued_by", "issuer (certificate)"),
    Measure("card_other", "sex, ethnicity, birth date"),
    Measure("trade_and_level", "occupation, level"),
    Measure("row_id", "ID numbers in rows", 99),
    Measure("row_id_wrong_accepted", "wrong ID number in a row accepted", 0, 0, at_most=True),
    Measure("row_name", "names in rows", 98),
    Measure("row_other", "other cells of rows"),
    Measure("form_fields", "fields of the regulation's forms"),
    Measure("check_boxes", "check boxes"),
    Measure("marks", "signature, seal, portrait: there or not"),
    Measure("contract", "contract: parties, dates, term"),
    Measure("divider_code", "code of a divider sheet"),
    Measure("character_errors", "character errors, print", 1.5, at_most=True),
    Measure("character_errors_by_hand", "character errors, handwriting"),
    Measure("place", "right value at its place (IoU 0.5)", 90),
    Measure("invented", "document invented on blank, foreign, scenic pages", 0, 0, at_most=True),
    Measure("too_many", "page with more documents than are there"),
)


@dataclass(frozen=True)
class Run:
    """The pages of one part and level, and what each way said of them."""

    part: Part
    level: Level
    folder: Path
    truths: tuple[PageTruth, ...]
    ways: tuple[str, ...]

    def log(self, way: str) -> Path:
        return self.folder / f"{way}.jsonl"

    def lines(self, way: str) -> list[dict[str, Any]]:
        return valid_lines(self.folder, self.log(way))

    def pairs(self, way: str) -> Iterator[tuple[PageTruth, dict[str, Any] | None]]:
        """Pages that every way has read (or been refused), so that all are measured on the same."""
        lines = {line["file"]: line for line in self.lines(way)}
        shared = set.intersection(*({line["file"] for line in self.lines(each)} for each in self.ways))
        for truth in self.truths:
            if truth.file in shared:
                said = {page["page"]: page for page in lines[truth.file]["pages"]}
                yield truth, said.get(truth.page)

    def cpu_seconds(self, way: str, *, of: set[str] | None = None) -> float:
        return sum(line["cpu_seconds"] for line in self.lines(way) if of is None or line["file"] in of)


def prepared(part: Part, level: Level, pages: int, seed: int, ways: Sequence[str], logs: Path) -> Run:
    """Draw the pages, unless as many lie there; more pages of a seed begin with the same ones, so logs go on."""
    folder = logs / f"{part}-{level}-{seed}"
    drawn = read_truth(folder) if (folder / FILE_NAME).exists() else ()
    if len(drawn) < pages:
        drawn = make_trial(folder, part, level, pages, seed=seed)
    return Run(part, level, folder, drawn, tuple(ways))


def read_all(runs: Sequence[Run], ways: Sequence[str]) -> None:
    """Some files of every part and level by every way, then some more: what was stopped early is still a fair table."""
    open_ends = [(run, way) for run in runs for way in ways]
    while open_ends:
        open_ends = [(run, way) for run, way in open_ends if not _read_some(run, way)]


def _read_some(run: Run, way: str) -> bool:
    """In a process of its own, so that its memory and its CPU are its own."""
    command = [sys.executable, "-m", "ingestion.specimens.ways", way, str(run.folder), str(run.log(way))]
    done = subprocess.run([*command, str(FILES_A_PROCESS)])
    if done.returncode not in (0, MORE):
        raise SystemExit(f"{way} stopped with {done.returncode} on {run.folder}")
    return done.returncode == 0


def report(run: Run) -> str:
    """The table of one part and level as Markdown."""
    tallies = {way: tally_pages(run.pairs(way)) for way in run.ways}
    head = ["", "aim", *(NAMES[way] for way in run.ways)]
    rows = [head, ["---"] * len(head)]
    rows += [
        [measure.label, measure.aim(run.level), *(cell(tallies[way], measure) for way in run.ways)]
        for measure in MEASURES
        if any(tallies[way].of[measure.id] for way in run.ways)
    ]
    rows += _cost(run)
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    count = sum(1 for _ in run.pairs(run.ways[0]))
    return f"{run.part}, {run.level} wear: {count} pages\n\n{table}\n{_hardest(run)}"


def cell(tally: Tally, measure: Measure) -> str:
    right, of = tally.right[measure.id], tally.of[measure.id]
    return f"{right}/{of} ({100 * right / of:.1f} %)" if of else "-"


def _cost(run: Run) -> Iterator[list[str]]:
    files = {truth.file for truth, _ in run.pairs(run.ways[0])}
    pages = sum(truth.file in files for truth in run.truths) or 1
    seconds = {way: run.cpu_seconds(way, of=files) for way in run.ways}
    yield ["CPU seconds a page", "", *(f"{seconds[way] / pages:.2f}" for way in run.ways)]
    if seconds.get("tesseract"):
        ratios = [f"{seconds[way] / seconds['tesseract']:.2f}" for way in run.ways]
        yield ["CPU against raw tesseract", "≤ 4", *ratios]
        if "product" in run.ways:
            yield ["the same, where the fast engine sufficed", "≤ 1.5", *_where_fast(run, files)]
    peaks = {way: max((line["peak_megabytes"] for line in run.lines(way)), default=0) for way in run.ways}
    yield ["peak memory of the processes, MB", "≤ 1638", *(f"{peaks[way]:.0f}" for way in run.ways)]


def _where_fast(run: Run, files: set[str]) -> Iterator[str]:
    """Files of whose pages nobody was asked but one engine."""
    alone = {
        line["file"]
        for line in run.lines("product")
        if line["file"] in files and all(len(page["engines"]) <= 1 for page in line["pages"])
    }
    raw = run.cpu_seconds("tesseract", of=alone)
    for way in run.ways:
        told = f"{run.cpu_seconds(way, of=alone) / raw:.2f} ({len(alone)} files)" if raw else "-"
        yield told if way in ("product", "tesseract") else ""


def _hardest(run: Run) -> str:
    """What the best engine alone misses on the worst third of the hard pages."""
    told = []
    for way in run.ways:
        worst = tally_pages((truth, said) for truth, said in run.pairs(way) if "hardest" in truth.wear)
        if worst.of["id_number"]:
            told.append(f"{NAMES[way]} {worst.right['id_number']}/{worst.of['id_number']}")
    return f"\nID numbers right on the hardest third: {', '.join(told)}.\n" if told else ""


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _arguments(arguments)
    lacking = missing()
    if lacking:
        sys.stderr.write("typefaces are missing; fetch them with: script/benchmark typefaces\n")
        return 1
    parts: tuple[Part, ...] = PARTS if chosen.part == "both" else (chosen.part,)
    levels: tuple[Level, ...] = LEVELS if chosen.wear == "both" else (chosen.wear,)
    ways = (*chosen.ways, *chosen.beside)
    if "ocrmypdf" in ways and not OCRMYPDF.exists():
        sys.stderr.write("OCRmyPDF is missing; install it with: script/benchmark ocrmypdf\n")
        return 1
    share = max(1, chosen.pages // (len(parts) * len(levels)))
    runs = [prepared(part, level, share, chosen.seed, ways, chosen.log) for part in parts for level in levels]
    if not chosen.table_only:
        read_all(runs, ways)
    for run in runs if ways else ():
        sys.stdout.write(report(run) + "\n")
    return 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=(*PARTS, "both"), default="both")
    parser.add_argument("--wear", choices=(*LEVELS, "both"), default="both")
    parser.add_argument("--pages", type=int, default=150, help="over all parts and levels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ways", type=_names(OURS), default=("product",), help=",".join(OURS))
    parser.add_argument("--beside", type=_names(BESIDE), default=("tesseract",), help=",".join(BESIDE))
    parser.add_argument(
        "--log", type=Path, default=LOGS, help="pages and logs; a run goes on where it stopped"
    )
    parser.add_argument("--table-only", action="store_true", help="from what the logs hold already")
    return parser.parse_args(arguments)


def _names(known: Sequence[str]) -> Any:
    def names(told: str) -> tuple[str, ...]:
        chosen = tuple(name for name in told.split(",") if name)
        unknown = set(chosen) - set(known)
        if unknown or not set(chosen) <= set(WAYS):
            raise argparse.ArgumentTypeError(f"choose from {', '.join(known)}")
        return chosen

    return names


if __name__ == "__main__":
    raise SystemExit(main())
