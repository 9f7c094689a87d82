"""What is true of a drawn page: values, words and documents, each with its corners."""

from dataclasses import dataclass, field, replace

from PIL import Image

Box = tuple[float, float, float, float]
Corners = tuple[tuple[float, float], ...]


def corners_of(box: Box) -> Corners:
    left, top, right, bottom = box
    return ((left, top), (right, top), (right, bottom), (left, bottom))


@dataclass(frozen=True)
class PrintedValue:
    """A value as printed, and its four corners in pixels, clockwise from the top left of the text."""

    value: str
    quad: Corners
    by_hand: bool = False

    @property
    def box(self) -> Box:
        """(left, top, right, bottom) around it."""
        across, down = [x for x, _ in self.quad], [y for _, y in self.quad]
        return min(across), min(down), max(across), max(down)

    def moved(self, left: float, top: float) -> "PrintedValue":
        return replace(self, quad=tuple((x + left, y + top) for x, y in self.quad))


PrintedRow = dict[str, PrintedValue]


@dataclass(frozen=True)
class SpecimenDocument:
    """One document on a page. `trainee` is the place of its person on the roster; `continues` the paper before it."""

    kind: str
    outline: Corners
    fields: dict[str, PrintedValue] = field(default_factory=dict)
    part: str = ""
    rows: tuple[PrintedRow, ...] = ()
    trainee: int | None = None
    continues: bool = False

    def moved(self, left: float, top: float) -> "SpecimenDocument":
        return SpecimenDocument(
            self.kind,
            tuple((x + left, y + top) for x, y in self.outline),
            {name: value.moved(left, top) for name, value in self.fields.items()},
            self.part,
            tuple({name: value.moved(left, top) for name, value in row.items()} for row in self.rows),
            self.trainee,
            self.continues,
        )


@dataclass(frozen=True)
class SpecimenPage:
    """One drawn page and what is true of it.

    `runs` is every piece of text printed on it, `overprint` how many characters its seals and watermarks bear,
    `dpi` how many pixels of the drawing are an inch of the paper.
    `documents` is empty where the page is one document: `kind`, `fields` and the whole picture.
    """

    image: Image.Image
    kind: str
    fields: dict[str, PrintedValue] = field(default_factory=dict)
    part: str = ""
    also: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()
    documents: tuple[SpecimenDocument, ...] = ()
    runs: tuple[PrintedValue, ...] = ()
    overprint: int = 0
    dpi: float = 150
