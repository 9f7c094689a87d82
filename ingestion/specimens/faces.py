"""Typefaces by role: Noto that every installation has, and the families fetched for the benchmark alone."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

FontName = Literal["serif", "serif_bold", "sans", "sans_bold", "hand"]
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "fonts"
FAMILIES: dict[FontName, str] = {
    "serif": "Noto Serif CJK SC:regular",
    "serif_bold": "Noto Serif CJK SC:bold",
    "sans": "Noto Sans CJK SC:regular",
    "sans_bold": "Noto Sans CJK SC:bold",
    "hand": "Noto Serif CJK SC:regular",
}


@dataclass(frozen=True)
class Face:
    """One face of a font file; `stroke` thickens it (pixels) where the family has no bold of its own."""

    file: str
    index: int = 0
    stroke: int = 0


@dataclass(frozen=True)
class Faces:
    """What a page is printed and written with: a file in the cache for a role, or nothing for Noto."""

    name: str
    roles: tuple[tuple[FontName, Face], ...] = ()
    filled_by_hand: bool = False

    def written(self, role: FontName, record: str) -> FontName:
        """The role in which a value is set: the hand where forms are filled in by hand."""
        return "hand" if self.filled_by_hand and record else role

    def of(self, role: FontName) -> Face:
        chosen = dict(self.roles).get(role)
        if chosen is None or not (CACHE / chosen.file).is_file():
            return installed(role)
        return Face(str(CACHE / chosen.file), chosen.index, chosen.stroke)

    @property
    def missing(self) -> tuple[str, ...]:
        """Files that are not in the cache, so that Noto would stand in for them."""
        return tuple(sorted({face.file for _, face in self.roles if not (CACHE / face.file).is_file()}))


NOTO = Faces("noto")
_current: ContextVar[Faces] = ContextVar("faces", default=NOTO)


@contextmanager
def printed_in(faces: Faces) -> Iterator[None]:
    """Sheets made inside are printed with these faces."""
    token = _current.set(faces)
    try:
        yield
    finally:
        _current.reset(token)


def current_faces() -> Faces:
    return _current.get()


@cache
def installed(role: FontName) -> Face:
    """Ask fontconfig where the face lies."""
    answer = subprocess.run(
        ["fc-match", "-f", "%{file}|%{index}", FAMILIES[role]], check=True, capture_output=True, text=True
    )
    path, _, index = answer.stdout.strip().partition("|")
    return Face(path, int(index or 0))


@cache
def font(face: Face, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.file, pixels, index=face.index)
