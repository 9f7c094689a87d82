"""A sheet of paper to draw on, in millimetres, that remembers where each value and every word was printed."""

from collections.abc import Mapping, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFont

from ingestion.specimens.faces import FontName, current_faces, font
from ingestion.specimens.printed import (
    Box,
    PrintedRow,
    PrintedValue,
    SpecimenDocument,
    SpecimenPage,
    corners_of,
)

Colour = tuple[int, int, int]
INK: Colour = (28, 28, 30)
RED: Colour = (200, 36, 36)
GREY: Colour = (120, 120, 124)
PALE: Colour = (236, 236, 238)
DARK_BELOW = 170  # a paper of this mean tone or darker takes pale ink
A4 = (210.0, 297.0)
HAND_SCALE = 1.25  # people write larger than forms are printed


class Sheet:
    """Draws in millimetres from the top left corner; text sizes are in points."""

    def __init__(self, size: tuple[float, float] = A4, *, dpi: float = 150, paper: Colour = (253, 253, 252)):
        self.width, self.height = size
        self.dpi = dpi
        self.paper = paper
        self.faces = current_faces()
        self.image = Image.new("RGB", (self.px(self.width), self.px(self.height)), paper)
        self.draw = ImageDraw.Draw(self.image)
        self.fields: dict[str, PrintedValue] = {}
        self.rows: list[PrintedRow] = []
        self.runs: list[PrintedValue] = []
        self.documents: list[SpecimenDocument] = []
        self.overprint = 0

    def px(self, millimetres: float) -> int:
        return round(millimetres * self.dpi / 25.4)

    def face(self, name: FontName, points: float) -> ImageFont.FreeTypeFont:
        size = points * HAND_SCALE if name == "hand" else points
        return font(self.faces.of(name), max(6, round(size * self.dpi / 72)))

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
        """Print `text`; `record` names the field (or several, with spaces between) whose truth it is."""
        face = self.faces.written(face, record)
        position = (self.px(x), self.px(y))
        chosen, stroke = self.face(face, points), self.faces.of(face).stroke
        self.draw.text(position, text, font=chosen, fill=ink, anchor=anchor, stroke_width=stroke)
        if not text.strip():
            return
        box = self.draw.textbbox(position, text, chosen, anchor, stroke_width=stroke)
        self.runs.append(PrintedValue(text, corners_of(box), by_hand=face == "hand"))
        self.note(record, text, box)

    def note(self, record: str, value: str, box: Box) -> None:
        """Remember what is true of a field without printing anything: a mark, a choice, a part of a text."""
        for name in record.split():
            self.fields[name] = PrintedValue(value, corners_of(box))

    def note_mark(self, record: str, present: bool, x: float, y: float, width: float, height: float) -> None:
        """Whether a signature, seal or portrait is there, and the place (millimetres) where it is or would be."""
        box = (self.px(x), self.px(y), self.px(x + width), self.px(y + height))
        self.note(record, "true" if present else "false", box)

    def pieces(
        self, x: float, y: float, parts: Sequence[tuple[str, str]], *, points: float, face: FontName = "serif"
    ) -> None:
        """One run of text whose parts are values of their own: (text, field or nothing)."""
        whole = "".join(text for text, _ in parts)
        self.text(x, y, whole, points=points, face=face)
        chosen, before = self.face(face, points), ""
        for text, record in parts:
            if record:
                left = self.px(x) + chosen.getlength(before)
                self.note(record, text, self.draw.textbbox((left, self.px(y)), text, chosen))
            before += text

    def title(self, text: str, y: float = 22, *, points: float = 20, face: FontName = "serif_bold") -> None:
        self.text(self.width / 2, y, text, points=points, face=face, anchor="ma")

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        *,
        width: float,
        points: float = 11,
        face: FontName = "serif",
        record: str = "",
        inside: Mapping[str, str] | None = None,
        leading: float = 1.6,
    ) -> float:
        """Print running text wrapped to `width`; returns the y below it.

        `inside` says which fields stand within the text: name -> value as it is printed there.
        """
        face = self.faces.written(face, record)
        lines = self.wrapped(text, width, points, face)
        for index, line in enumerate(lines):
            self.text(x, y + index * points * 0.353 * leading, line, points=points, face=face)
        step = points * 0.353 * leading
        places = [(self.px(x), self.px(y + index * step), "la") for index in range(len(lines))]
        self._note_lines(
            text, lines, places, {**(inside or {}), **({record: text} if record else {})}, points, face
        )
        return y + step * len(lines)

    def _note_lines(
        self,
        text: str,
        lines: Sequence[str],
        places: Sequence[tuple[int, int, str]],
        inside: Mapping[str, str],
        points: float,
        face: FontName,
    ) -> None:
        chosen = self.face(face, points)
        for record, value in inside.items():
            start, boxes, passed = text.index(value), [], 0
            for line, (left, top, anchor) in zip(lines, places, strict=True):
                first, last = (
                    max(start, passed) - passed,
                    min(start + len(value), passed + len(line)) - passed,
                )
                if first < last:
                    shift = left + (chosen.getlength(line[:first]) if anchor == "la" else 0)
                    boxes.append(self.draw.textbbox((shift, top), line[first:last], chosen, anchor))
                passed += len(line)
            self.note(record, value, _around(boxes))

    def wrapped(self, text: str, width: float, points: float, face: FontName = "serif") -> list[str]:
        lines, line = [], ""
        for character in text:
            if self.text_width(line + character, points, face) > width:
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
        face: FontName = "serif",
    ) -> None:
        """A label and its value to the right of it."""
        self.text(x, y, label, points=points)
        self.text(x + self.text_width(label, points) + gap, y, value, points=points, face=face, record=record)

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
        face: FontName = "serif",
        ruled: bool = True,
    ) -> Box | None:
        """A ruled cell whose text is wrapped and centred; returns the box (pixels) around the text."""
        if ruled:
            self.frame(x, y, width, height)
        face = self.faces.written(face, record)
        lines = self.wrapped(text, width - 2, points, face)
        step = points * 0.353 * 1.3
        top = y + (height - step * len(lines)) / 2
        left, anchor = (x + width / 2, "ma") if centred else (x + 1.5, "la")
        chosen = self.face(face, points)
        boxes: list[Box] = []
        for index, line in enumerate(lines):
            self.text(left, top + index * step, line, points=points, anchor=anchor, face=face)
            boxes.append(
                self.draw.textbbox((self.px(left), self.px(top + index * step)), line, chosen, anchor)
            )
        if not boxes:
            return None
        around = _around(boxes)
        self.note(record, text, around)
        return around

    def table(
        self,
        x: float,
        y: float,
        widths: Sequence[float],
        height: float,
        rows: Sequence[Sequence[str]],
        *,
        points: float = 10,
        columns: Sequence[str] = (),
        face: FontName = "serif",
        ruled: bool = True,
        heads: int = 1,
    ) -> float:
        """Rows of one height, the first `heads` of them heads; returns the y below the last.

        With `columns` (a name or nothing each) the others are truth.
        """
        for number, row in enumerate(rows):
            left, printed = x, PrintedRow()
            for place, (width, text) in enumerate(zip(widths, row, strict=True)):
                written = face if columns and number >= heads else "serif"
                box = self.cell(left, y, width, height, text, points=points, face=written, ruled=ruled)
                if box and columns and columns[place]:
                    printed[columns[place]] = PrintedValue(text, corners_of(box))
                left += width
            if printed and number >= heads:
                self.rows.append(printed)
            y += height
        return y

    def tick_box(
        self, x: float, y: float, size: float, label: str, *, ticked: bool, points: float = 10, style: int = 0
    ) -> None:
        """A small square before its label; `style` says how people tick it: a tick, a cross, filled, a loose hook."""
        self.frame(x, y, size, size)
        if ticked:
            hook = [(0.15, 0.5), (0.42, 0.85), (0.9, 0.1)]
            strokes = ([hook], [[(0.1, 0.1), (0.9, 0.9)], [(0.9, 0.1), (0.1, 0.9)]])
            if style == 2:
                corners = [(self.px(x), self.px(y)), (self.px(x + size), self.px(y + size))]
                self.draw.rectangle(corners, fill=INK)
            elif style == 3:
                hook = [(-0.1, 0.35), (0.4, 0.95), (1.5, -0.6)]
                self._strokes(x, y, size, [hook])
            else:
                self._strokes(x, y, size, strokes[style])
        self.text(x + size + 1, y - 0.3, label, points=points)

    def _strokes(
        self, x: float, y: float, size: float, strokes: Sequence[Sequence[tuple[float, float]]]
    ) -> None:
        for stroke in strokes:
            points = [(self.px(x + across * size), self.px(y + down * size)) for across, down in stroke]
            self.draw.line(points, fill=INK, width=max(2, self.px(0.4)), joint="curve")

    def stamp(self, x: float, y: float, text: str, *, radius: float = 19, record: str = "") -> None:
        """A round red seal; what lies below it shows through."""
        layer = Image.new("RGB", self.image.size, (255, 255, 255))
        pen = ImageDraw.Draw(layer)
        cx, cy, r = self.px(x), self.px(y), self.px(radius)
        tint = (228, 110, 108)
        pen.ellipse([cx - r, cy - r, cx + r, cy + r], outline=tint, width=self.px(0.9))
        pen.text((cx, cy), "★", font=self.face("sans", radius * 0.9), fill=tint, anchor="mm")
        points = min(9.0, radius * 5.2 / max(4, len(text)))
        pen.text((cx, cy + r * 0.55), text, font=self.face("serif", points), fill=tint, anchor="mm")
        self.image.paste(ImageChops.multiply(self.image, layer))
        self.overprint += len(text) + 1
        if record:
            self.note(record, "true", (cx - r, cy - r, cx + r, cy + r))

    def mark_as_specimen(self) -> None:
        """Every drawn page says in its corner that it is a specimen (样本), on a dark table top too."""
        ink = GREY if sum(self.paper) / 3 > DARK_BELOW else PALE
        self.text(self.width - 6, 3, "样本", points=9, face="sans_bold", ink=ink, anchor="ra")

    def paste(self, other: "Sheet", x: float, y: float) -> None:
        """Lay another sheet of the same resolution on this one, values included."""
        left, top = self.px(x), self.px(y)
        self.image.paste(other.image, (left, top))
        self.fields |= {name: printed.moved(left, top) for name, printed in other.fields.items()}
        self.runs += [run.moved(left, top) for run in other.runs]
        self.documents += [document.moved(left, top) for document in other.documents]
        self.overprint += other.overprint

    def becomes(
        self, kind: str, *, part: str = "", trainee: int | None = None, continues: bool = False
    ) -> "Sheet":
        """Say that this sheet as a whole is one document: for cards that are laid on another sheet."""
        whole = corners_of((0, 0, *self.image.size))
        rows, self.rows = tuple(self.rows), []
        self.documents.append(
            SpecimenDocument(kind, whole, dict(self.fields), part, rows, trainee, continues)
        )
        return self

    def page(
        self,
        kind: str,
        *,
        part: str = "",
        also: tuple[str, ...] = (),
        trainee: int | None = None,
        continues: bool = False,
    ) -> SpecimenPage:
        rows = tuple({name: cell.value for name, cell in row.items()} for row in self.rows)
        if not self.documents:
            self.becomes(kind, part=part, trainee=trainee, continues=continues)
        self.mark_as_specimen()
        documents, runs = tuple(self.documents), tuple(self.runs)
        return SpecimenPage(
            self.image, kind, dict(self.fields), part, also, rows, documents, runs, self.overprint, self.dpi
        )


def _around(boxes: Sequence[Box]) -> Box:
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
