"""Ways of setting labels and values on a sheet that certificates, proofs and forms share."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from ingestion.specimens.sheet import GREY, Colour, FontName, Sheet


@dataclass(frozen=True)
class Entry:
    """A label, its value as printed, and the field whose truth it is. `english` stands below bilingual labels."""

    label: str
    value: str
    record: str = ""
    english: str = ""


def spread(label: str, characters: int = 4) -> str:
    """A short label set to the width of four characters, as printers do: 姓    名."""
    if len(label) != 2:
        return label
    return label[0] + "　" * (characters - 2) + label[1]


def set_in_lines(
    sheet: Sheet,
    x: float,
    y: float,
    entries: Sequence[Entry],
    *,
    step: float = 11.5,
    label_width: float = 38,
    width: float = 70,
    points: float = 12.5,
    face: FontName = "sans",
    ruled: bool = True,
) -> float:
    """Label left, value right of it on a thin line; values longer than the line go on below."""
    for entry in entries:
        sheet.text(x, y, spread(entry.label), points=points - 0.5)
        if entry.english:
            sheet.text(x, y + points * 0.42, entry.english, points=points * 0.5, ink=GREY)
        below = sheet.paragraph(
            x + label_width, y, entry.value, width=width, points=points, face=face, record=entry.record
        )
        lines = max(1, round((below - y) / (points * 0.353 * 1.6)))
        if ruled:
            at = y + points * 0.53 + (lines - 1) * points * 0.353 * 1.6
            sheet.line(x + label_width - 2, at, x + label_width + width, at, ink=GREY, width=1)
        y += step + (lines - 1) * points * 0.353 * 1.6
    return y


def set_above(
    sheet: Sheet,
    x: float,
    y: float,
    entries: Sequence[Entry],
    *,
    column: float = 60,
    columns: int = 2,
    step: float = 17,
    points: float = 12,
    face: FontName = "sans",
) -> float:
    """The label small above its value, in columns."""
    for index, entry in enumerate(entries):
        left, top = x + column * (index % columns), y + step * (index // columns)
        sheet.text(left, top, entry.label, points=points * 0.7, ink=GREY)
        sheet.paragraph(
            left,
            top + 5,
            entry.value,
            width=column - 4,
            points=points,
            face=face,
            record=entry.record,
            leading=1.25,
        )
    return y + step * -(-len(entries) // columns)


def set_in_grid(
    sheet: Sheet,
    x: float,
    y: float,
    rows: Sequence[Sequence[Entry]],
    *,
    width: float = 170,
    height: float = 12,
    label_width: float = 30,
    points: float = 10.5,
    centred: bool = True,
) -> float:
    """Ruled cells, label and value side by side; every row fills the whole width."""
    for row in rows:
        left, share = x, width / len(row)
        for entry in row:
            sheet.cell(left, y, label_width, height, entry.label, points=points)
            sheet.cell(
                left + label_width,
                y,
                share - label_width,
                height,
                entry.value,
                points=points,
                record=entry.record,
                centred=centred,
            )
            left += share
        y += height
    return y


def set_as_form(
    sheet: Sheet, x: float, y: float, rows: Sequence[Sequence[tuple[float, str, str]]], height: float
) -> float:
    """Ruled cells of given widths: (width, text, field or nothing)."""
    for row in rows:
        left = x
        for width, text, record in row:
            sheet.cell(left, y, width, height, text, record=record)
            left += width
        y += height
    return y


def signed(
    sheet: Sheet,
    x: float,
    y: float,
    label: str,
    name: str,
    record: str,
    *,
    present: bool = True,
    points: float = 11,
) -> None:
    """A label and, if `present`, a signature in handwriting behind it; its truth either way."""
    sheet.text(x, y, label, points=points)
    after = x + sheet.text_width(label, points) + 1
    if present:
        sheet.text(after, y - 0.8, name, points=points + 2, face="hand")
    sheet.note_mark(record, present, after - 1, y - 2, 24, 9)


def sealed(
    sheet: Sheet,
    x: float,
    y: float,
    text: str,
    record: str,
    *,
    present: bool = True,
    radius: float = 16,
) -> None:
    """A seal if `present`; its truth either way."""
    if present:
        sheet.stamp(x, y, text[-10:], radius=radius, record=record)
    else:
        sheet.note_mark(record, False, x - radius, y - radius, 2 * radius, 2 * radius)


def portrait(
    sheet: Sheet, x: float, y: float, width: float, height: float, ground: Colour = (150, 190, 226)
) -> None:
    """A drawn head and shoulders: nobody's face."""
    picture = Image.new("RGB", (sheet.px(width), sheet.px(height)), ground)
    pen = ImageDraw.Draw(picture)
    middle, head, bottom = picture.width // 2, picture.width // 4, picture.height
    pen.pieslice(
        [head // 2, head * 3, picture.width - head // 2, bottom + head * 3], 180, 360, fill=(64, 66, 80)
    )
    pen.ellipse([middle - head, head // 2, middle + head, head * 3], fill=(214, 186, 168))
    pen.pieslice([middle - head, head // 3, middle + head, head * 2], 180, 360, fill=(44, 40, 40))
    sheet.image.paste(picture, (sheet.px(x), sheet.px(y)))
