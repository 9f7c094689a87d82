"""A sheet of paper to draw on, in millimetres, that remembers where each value was printed."""

import subprocess
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

FontName = Literal["serif", "serif_bold", "sans", "sans_bold"]
Colour = tuple[int, int, int]
INK: Colour = (28, 28, 30)
RED: Colour = (200, 36, 36)
GREY: Colour = (120, 120, 124)
PALE: Colour = (236, 236, 238)
DARK_BELOW = 170  # a paper of this mean tone or darker takes pale ink
FAMILIES: dict[FontName, str] = {
    "serif": "Noto Serif CJK SC:regular",
    "serif_bold": "Noto Serif CJK SC:bold",
    "sans": "Noto Sans CJK SC:regular",
    "sans_bold": "Noto Sans CJK SC:bold",
}
Box = tuple[float, float, float, float]
A4 = (210.0, 297.0)


@dataclass(frozen=True)
class PrintedValue:
    """A value as printed, and its box (left, top, right, bottom) in pixels."""

    value: str
    box: Box


@dataclass(frozen=True)
class SpecimenPage:
    """One drawn page and what is true of it."""

    image: Image.Image
    kind: str
    fields: dict[str, PrintedValue] = field(default_factory=dict)
    part: str = ""
    also: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()


@cache
def font_file(name: FontName) -> tuple[str, int]:
    """Ask fontconfig where the face lies: (file, index inside the collection)."""
    answer = subprocess.run(
        ["fc-match", "-f", "%{file}|%{index}", FAMILIES[name]], check=True, capture_output=True, text=True
    )
    path, _, index = answer.stdout.strip().partition("|")
    return path, int(index or 0)


@cache
def font(name: FontName, pixels: int) -> ImageFont.FreeTypeFont:
    path, index = font_file(name)
    return ImageFont.truetype(path, pixels, index=index)


class Sheet:
    """Draws in millimetres from the top left corner; text sizes are in points."""

    def __init__(self, size: tuple[float, float] = A4, *, dpi: float = 150, paper: Colour = (253, 253, 252)):
        self.width, self.height = size
        self.dpi = dpi
        self.paper = paper
        self.image = Image.new("RGB", (self.px(self.width), self.px(self.height)), paper)
        self.draw = ImageDraw.Draw(self.image)
        self.fields: dict[str, PrintedValue] = {}

    def px(self, millimetres: float) -> int:
        return round(millimetres * self.dpi / 25.4)

    def face(self, name: FontName, points: float) -> ImageFont.FreeTypeFont:
        return font(name, max(6, round(points * self.dpi / 72)))

    def text_width(self, text: str, points: float, name: FontName = "serif") -> float:
        return self.face(name, points).getlength(text) * 25.4 / self.dpi

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        points: float = 11,
        face: FontName = "serif",
        ink: Colour = INK,
        anchor: str = "la",
        record: str = "",
    ) -> None:
        """Print `text`; `record` names the field whose truth it is."""
        position = (self.px(x), self.px(y))
        chosen = self.face(face, points)
        self.draw.text(position, text, font=chosen, fill=ink, anchor=anchor)
        if record and text:
            self.fields[record] = PrintedValue(text, self.draw.textbbox(position, text, chosen, anchor))

    def title(self, text: str, y: float = 22, *, points: float = 20, face: FontName = "serif_bold") -> None:
        self.text(self.width / 2, y, text, points=points, face=face, anchor="ma")

    def paragraph(
        self, x: float, y: float, text: str, *, width: float, points: float = 11, record: str = ""
    ) -> float:
        """Print running text wrapped to `width`; returns the y below it."""
        boxes: list[Box] = []
        for line in self.wrapped(text, width, points):
            self.text(x, y, line, points=points)
            chosen = self.face("serif", points)
            boxes.append(self.draw.textbbox((self.px(x), self.px(y)), line, chosen))
            y += points * 0.353 * 1.6
        if record and boxes:
            self.fields[record] = PrintedValue(text, _around(boxes))
        return y

    def wrapped(self, text: str, width: float, points: float) -> list[str]:
        lines, line = [], ""
        for character in text:
            if self.text_width(line + character, points) > width:
                lines.append(line)
                line = ""
            line += character
        return [*lines, line] if line else lines

    def pair(
        self,
        x: float,
        y: float,
        label: str,
        value: str,
        *,
        points: float = 12,
        gap: float = 2,
        record: str = "",
    ) -> None:
        """A label and its value to the right of it."""
        self.text(x, y, label, points=points)
        self.text(x + self.text_width(label, points) + gap, y, value, points=points, record=record)

    def line(self, x0: float, y0: float, x1: float, y1: float, *, ink: Colour = INK, width: int = 2) -> None:
        self.draw.line([(self.px(x0), self.px(y0)), (self.px(x1), self.px(y1))], fill=ink, width=width)

    def frame(
        self, x: float, y: float, width: float, height: float, *, ink: Colour = INK, line: int = 2
    ) -> None:
        corners = [(self.px(x), self.px(y)), (self.px(x + width), self.px(y + height))]
        self.draw.rectangle(corners, outline=ink, width=line)

    def cell(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        text: str = "",
        *,
        points: float = 10.5,
        record: str = "",
        centred: bool = True,
    ) -> None:
        """A ruled cell whose text is wrapped and centred."""
        self.frame(x, y, width, height)
        lines = self.wrapped(text, width - 2, points)
        step = points * 0.353 * 1.3
        top = y + (height - step * len(lines)) / 2
        boxes = []
        for index, line in enumerate(lines):
            at = (x + width / 2, top + index * step) if centred else (x + 1.5, top + index * step)
            anchor = "ma" if centred else "la"
            self.text(*at, line, points=points, anchor=anchor)
            chosen = self.face("serif", points)
            boxes.append(self.draw.textbbox((self.px(at[0]), self.px(at[1])), line, chosen, anchor))
        if record and boxes:
            self.fields[record] = PrintedValue(text, _around(boxes))

    def table(
        self,
        x: float,
        y: float,
        widths: list[float],
        height: float,
        rows: list[list[str]],
        *,
        points: float = 10,
    ) -> float:
        """Ruled rows of one height; returns the y below the last."""
        for row in rows:
            left = x
            for width, text in zip(widths, row, strict=True):
                self.cell(left, y, width, height, text, points=points)
                left += width
            y += height
        return y

    def stamp(self, x: float, y: float, text: str, *, radius: float = 19) -> None:
        """A round red seal, translucent over what lies below it."""
        layer = Image.new("RGBA", self.image.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(layer)
        cx, cy, r = self.px(x), self.px(y), self.px(radius)
        tint = (*RED, 150)
        pen.ellipse([cx - r, cy - r, cx + r, cy + r], outline=tint, width=self.px(0.9))
        pen.text((cx, cy), "★", font=self.face("sans", radius * 0.9), fill=tint, anchor="mm")
        points = min(9.0, radius * 5.2 / max(4, len(text)))
        pen.text((cx, cy + r * 0.55), text, font=self.face("serif", points), fill=tint, anchor="mm")
        self.image.paste(Image.alpha_composite(self.image.convert("RGBA"), layer).convert("RGB"))

    def mark_as_specimen(self) -> None:
        """Every drawn page says in its corner that it is a specimen (样本), on a dark table top too."""
        ink = GREY if sum(self.paper) / 3 > DARK_BELOW else PALE
        self.text(self.width - 6, 3, "样本", points=9, face="sans_bold", ink=ink, anchor="ra")

    def paste(self, other: "Sheet", x: float, y: float) -> None:
        """Lay another sheet of the same resolution on this one, values included."""
        left, top = self.px(x), self.px(y)
        self.image.paste(other.image, (left, top))
        for name, printed in other.fields.items():
            x0, y0, x1, y1 = printed.box
            self.fields[name] = PrintedValue(printed.value, (x0 + left, y0 + top, x1 + left, y1 + top))

    def page(
        self, kind: str, *, part: str = "", also: tuple[str, ...] = (), rows: tuple[dict[str, str], ...] = ()
    ) -> SpecimenPage:
        self.mark_as_specimen()
        return SpecimenPage(self.image, kind, dict(self.fields), part, also, rows)


def _around(boxes: list[Box]) -> Box:
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
