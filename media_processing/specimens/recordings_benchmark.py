"""Measures the index of recordings on invented lessons with known truth. Run by script/benchmark recordings.

Faces come from a folder that --faces names (a folder a person, photographs inside): without one presence is not
measured, drawn faces are no substitute, and the lessons show grey heads. `tuning` is what the rooms were mended on,
`kept-out` has other people, rooms, colours and motions. Everything is run through the commands, and runs are kept in
--log, where another run goes on.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from media_processing.engines import face_engine
from media_processing.sightings import Box
from media_processing.specimens import recordings_scoring as scoring
from media_processing.specimens.cast import PARTS, Actor, Head, cast
from media_processing.specimens.classroom import SEATED, SIZE_CLASSES, classroom
from media_processing.specimens.recordings_costs import cost_rows, length_rows, naive_row
from media_processing.specimens.recordings_runs import Recorded, Run, changed, compared, indexed, recorded
from media_processing.tracks import Kind

AIMS = {"40-76": 0.93, "28-56": 0.84, "20-34": 0.68}
EDGE_AIMS = {Kind.BLACK: 0.5, Kind.FROZEN: 0.5, Kind.SILENT: 0.5, Kind.REPEATED: 1.0}
SAME_START, SAME_SECONDS = 37.4, 75.0
WAYS = {
    "trimmed": ("null", True),
    "720p, crf 33": ("scale=1280:720", True),
    "mirrored, crf 33": ("hflip", True),
    "720p, mirrored, without sound": ("scale=1280:720,hflip", False),
}
Print = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """One lesson and what was said of it, with the region drawn and with the region proposed."""

    lesson: Recorded
    drawn: Run
    proposed: Run


def faceless() -> tuple[Actor, ...]:
    """Grey heads, where nobody provided photographs."""
    grey = np.full((160, 130, 3), 128, np.uint8)
    return tuple(
        Actor(f"grey {number}", grey, (Head(grey, Box(30, 40, 70, 84)),)) for number in range(SEATED + 1)
    )


def measured(chosen: argparse.Namespace, part: str, actors: Sequence[Actor]) -> Iterator[Measured]:
    for size_class in chosen.sizes.split(","):
        for seed in range(chosen.seed, chosen.seed + chosen.lessons):
            lesson = classroom(
                seconds=60 * chosen.minutes, seed=seed, part=part, size_class=size_class, cast=len(actors)
            )
            kept = recorded(lesson, actors, chosen.log)
            yield Measured(
                kept, indexed(kept, faces=chosen.faces is not None), indexed(kept, faces=False, region=False)
            )


def presence_rows(found: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    yield (
        "presence",
        "aim",
        "recall by spans",
        "recall by sightings",
        "precision",
        "sightings right",
        "strangers",
        "absent",
    )
    for size_class, aim in AIMS.items():
        scores = [
            scoring.presence(one.drawn.answer, one.lesson.lesson, one.lesson.names)
            for one in found
            if one.lesson.lesson.size_class == size_class
        ]
        if scores:
            total = scores[0]
            for score in scores[1:]:
                total += score
            recall, precision = str(total.recall), str(total.precision)
            marked = (str(total.sighted), precision, str(total.marked_right))
            yield (
                f"{size_class} px",
                f"{aim:.2f}, .99",
                recall,
                *marked,
                str(total.strangers),
                str(total.absent),
            )


def slide_rows(found: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    yield "slides", "aim", "found within one interval", "false", "most false a lesson"
    for name, runs in (
        ("region drawn", [one.drawn for one in found]),
        ("region proposed", [one.proposed for one in found]),
    ):
        scores = [
            scoring.slides(done.answer, one.lesson.lesson) for done, one in zip(runs, found, strict=True)
        ]
        total = sum((score.found for score in scores), scoring.Ratio(0, 0))
        false = [score.false for score in scores]
        yield name, "all, 1 a lesson", str(total), str(sum(false)), str(max(false))


def incident_rows(found: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    yield "incidents", "aim", "found", "edges off at most (median)", "false"
    scores = [score for one in found for score in scoring.incidents(one.drawn.answer, one.lesson.lesson)]
    for kind, aim in EDGE_AIMS.items():
        own = [score for score in scores if score.kind == kind]
        offs = [score.off for score in own if score.off is not None]
        edges = f"{max(offs):.2f} s ({float(np.median(offs)):.2f} s)" if offs else "-"
        yield kind.value, f"{aim} s", f"{len(offs)}/{len(own)}", edges, str(sum(score.false for score in own))


def same_rows(found: Sequence[Measured], log: Path) -> Iterator[tuple[str, ...]]:
    """The first lesson changed in several ways is known again; the others are not taken for it."""
    yield "the same recording", "aim", "longest shared", "offset off"
    first = found[0].lesson.path
    for number, (name, (filters, sound)) in enumerate(WAYS.items()):
        target = first.with_name(f"{first.stem}-same-{number}.mp4")
        shared = compared(
            first,
            changed(first, target, start=SAME_START, seconds=SAME_SECONDS, filters=filters, sound=sound),
        )
        best = max(shared, key=lambda one: one["seconds"], default=None)
        if best is None:
            yield name, "0.5 s", "not found", "-"
            continue
        off = abs(best["a_start"] - best["b_start"] - SAME_START)
        yield name, "0.5 s", f"{best['seconds']:.1f} of {SAME_SECONDS:.0f} s", f"{off:.2f} s"
    seed = found[0].lesson.lesson.seed  # lessons of one seed are one lesson at other sizes: they sound alike
    others = [len(compared(first, one.lesson.path)) for one in found if one.lesson.lesson.seed != seed]
    yield "different lessons", "none", f"{sum(map(bool, others))} of {len(others)} pairs share something", "-"


def table(rows: Iterator[tuple[str, ...]], say: Print) -> None:
    for number, row in enumerate(rows):
        say(f"| {' | '.join(row)} |\n")
        if number == 0:
            say(f"| {' | '.join('---' for _ in row)} |\n")
    say("\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=Path, help="a folder with a folder of photographs for each person")
    parser.add_argument("--part", default="tuning", choices=[*PARTS, "both"])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--lessons", type=int, default=2, help="lessons a size class and part")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sizes", default=",".join(SIZE_CLASSES))
    parser.add_argument(
        "--hours", default="", help="also cost by length: hours of small distinct lessons, as 0.17,1,4"
    )
    parser.add_argument("--log", type=Path, default=Path(".cache/benchmark/recordings"))
    parser.add_argument("--only", default="found,same,cost", help="what to measure")
    chosen = parser.parse_args(arguments)
    chosen.log = chosen.log.absolute()
    say = sys.stdout.write
    for part in PARTS if chosen.part == "both" else (chosen.part,):
        say(
            f"#### {part}: {chosen.lessons} lessons of {chosen.minutes:g} minutes a size class, from seed {chosen.seed}\n\n"
        )
        _part(chosen, part, lambda text: _now(say(text)))
    return 0


def _now(_written: int) -> None:
    sys.stdout.flush()


def _part(chosen: argparse.Namespace, part: str, say: Print) -> None:
    actors = faceless() if chosen.faces is None else cast(chosen.faces, face_engine(), part=part)
    only = chosen.only.split(",")
    found = list(measured(chosen, part, actors)) if {"found", "same"} & set(only) else []
    if "found" in only:
        if chosen.faces is None:
            say("presence: not measured, no folder of photographs was named (--faces)\n\n")
        else:
            table(presence_rows(found), say)
        table(slide_rows(found), say)
        table(incident_rows(found), say)
    if "same" in only:
        table(same_rows(found, chosen.log), say)
    if "cost" in only:
        clean = classroom(
            seconds=60 * chosen.minutes,
            seed=chosen.seed,
            part=part,
            size_class="40-76",
            cast=len(actors),
            clean=True,
        )
        kept = recorded(clean, actors, chosen.log)
        table(cost_rows(kept, faces=chosen.faces is not None), say)
        if chosen.faces is not None:
            table(naive_row(kept), say)
    if chosen.hours:
        table(length_rows([float(length) for length in chosen.hours.split(",")], chosen.log), say)


if __name__ == "__main__":
    raise SystemExit(main())
