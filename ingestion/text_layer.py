"""A searchable PDF of a paper: its pages as they were handed in, with invisible text where the words stand.

ID numbers are masked before the text leaves this room; the pictures are what they are. Foreign files are opened by a
limited child (ingestion.text_layer_child), which sees only the masked lines.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foundation.errors import ChildFailed, OutOfMemory, TimedOut
from foundation.sandbox import MIB, Limits, run_python
from ingestion.masking import masked_in_place
from ingestion.pages import UnreadableFile
from ingestion.reading import Line, Point, Quad, in_rows

CHILD = "ingestion.text_layer_child"
LIMITS = Limits(address_space=2048 * MIB, cpu_seconds=240, wall_seconds=480, file_size=1024 * MIB)
HARMFUL_DIGITS = 6  # so many in a row do not stay where a number is known to stand
WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class LayerPage:
    """One page of the paper: page `number` of the file `source`, or the piece of it that `region` cuts out.

    `region` is fractions left, top, right, bottom of the page as uploaded. `lines` and `numbers` (where ID numbers
    were read) are in pixels of the page, or of the piece; `width` and `height` its size in these, 0 where it was not
    read. `rotation` is how far, clockwise in degrees, the upload stands turned.
    """

    source: Path
    number: int
    width: int = 0
    height: int = 0
    rotation: int = 0
    region: tuple[float, float, float, float] = WHOLE
    lines: tuple[Line, ...] = ()
    numbers: tuple[Quad, ...] = ()


@contextmanager
def searchable(pages: Sequence[LayerPage]) -> Iterator[Path]:
    """The PDF in a folder that is gone afterwards; UnreadableFile with a code where a page cannot be drawn."""
    with tempfile.TemporaryDirectory(prefix="juanzong-searchable-") as name:
        folder = Path(name)
        plan, target = folder / "plan.json", folder / "searchable.pdf"
        plan.write_text(json.dumps([_planned(page) for page in pages], ensure_ascii=False), encoding="utf-8")
        answer = json.loads(_run_child(plan, target, {page.source.resolve() for page in pages}))
        if "refused" in answer:
            raise UnreadableFile(str(answer["refused"]))
        yield target


def layer_of(page: LayerPage) -> tuple[Line, ...]:
    """The lines that stand on the page, row by row, without a number that could harm.

    Quads are fractions of the upright page: its width and its height are 1.
    """
    if not page.width or not page.height:
        return ()
    inside = [line for line in page.lines if _is_inside(line.quad, page)]
    upright = [replace(line, quad=_on_upright(line.quad, page)) for line in inside]
    numbers = [_on_upright(quad, page) for quad in page.numbers]
    return tuple(_without_number(line, numbers) for row in in_rows(upright) for line in _masked(row))


def _on_upright(quad: Quad, page: LayerPage) -> Quad:
    return Quad.from_points(_turned(x / page.width, y / page.height, page.rotation) for x, y in quad.points)


def _turned(x: float, y: float, rotation: int) -> Point:
    return {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}[rotation]


def _masked(row: Sequence[Line]) -> Iterator[Line]:
    for line, text in zip(row, masked_in_place([line.text for line in row]), strict=True):
        yield replace(line, text=text)


def _without_number(line: Line, numbers: Sequence[Quad]) -> Line:
    """A number wrapped in its cell, or misread beyond its shape, is known by its place."""
    if not any(_covers(number, line.quad) for number in numbers):
        return line
    digits = sum(character.isdigit() for character in line.text)
    if digits < HARMFUL_DIGITS or "****" in line.text:
        return line
    return replace(line, text="".join("*" if one.isdigit() else one for one in line.text))


def _covers(number: Quad, line: Quad) -> bool:
    across = min(number.right, line.right) - max(number.left, line.left)
    down = min(number.bottom, line.bottom) - max(number.top, line.top)
    return across > 0 and down > 0.5 * min(number.height, line.height)


def _is_inside(quad: Quad, page: LayerPage) -> bool:
    x, y = quad.centre
    return 0 <= x <= page.width and 0 <= y <= page.height


def _planned(page: LayerPage) -> dict[str, Any]:
    return {
        "source": str(page.source.resolve()),
        "number": page.number,
        "rotation": page.rotation,
        "region": page.region,
        "lines": [{"text": line.text, "quad": line.quad.points} for line in layer_of(page)],
    }


def _run_child(plan: Path, target: Path, sources: set[Path]) -> bytes:
    try:
        done = run_python(
            CHILD,
            [plan, target],
            packages=("ingestion",),
            limits=LIMITS,
            readable=sorted(sources),
            writable=plan.parent,
        )
    except TimedOut as error:
        raise UnreadableFile("too_slow") from error
    except OutOfMemory as error:
        raise UnreadableFile("too_large") from error
    except ChildFailed as error:
        raise UnreadableFile("parser_died") from error
    return done.stdout
