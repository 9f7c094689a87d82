"""Takes what is true of a page along when its picture is turned, bent or cut: every value, word and outline."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingestion.specimens.printed import Corners, PrintedRow, PrintedValue, SpecimenDocument, SpecimenPage

Points = NDArray[np.float64]
#: From points of the old picture to points of the new one, each a row (x, y).
Mapping = Callable[[Points], Points]
SEEN = 0.85  # a value is on the picture when this share of it is


def through(matrix: NDArray[np.float64]) -> Mapping:
    """The mapping of a homography."""

    def mapping(points: Points) -> Points:
        homogeneous = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
        return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:])

    return mapping


def carried(page: SpecimenPage, image: Image.Image, mapping: Mapping) -> SpecimenPage:
    """The page with its new picture; values that the picture no longer shows are no longer true of it."""
    carrier = _Carrier(mapping, image.width, image.height)
    return replace(
        page,
        image=image,
        fields=carrier.row(page.fields),
        documents=tuple(carrier.document(document) for document in page.documents),
        runs=tuple(run for run in map(carrier.value, page.runs) if carrier.shows(run.quad)),
    )


class _Carrier:
    def __init__(self, mapping: Mapping, width: int, height: int):
        self.mapping, self.width, self.height = mapping, width, height

    def corners(self, quad: Corners) -> Corners:
        return tuple((float(x), float(y)) for x, y in self.mapping(np.array(quad, dtype=float)))

    def value(self, printed: PrintedValue) -> PrintedValue:
        return replace(printed, quad=self.corners(printed.quad))

    def row(self, row: PrintedRow) -> PrintedRow:
        moved = {name: self.value(printed) for name, printed in row.items()}
        return {name: printed for name, printed in moved.items() if self.shows(printed.quad)}

    def document(self, document: SpecimenDocument) -> SpecimenDocument:
        return replace(
            document,
            outline=self.corners(document.outline),
            fields=self.row(document.fields),
            rows=tuple(row for row in map(self.row, document.rows) if row),
        )

    def shows(self, quad: Corners) -> bool:
        across, down = [x for x, _ in quad], [y for _, y in quad]
        width, height = max(across) - min(across), max(down) - min(down)
        inside_x = min(max(across), self.width) - max(min(across), 0)
        inside_y = min(max(down), self.height) - max(min(down), 0)
        if inside_x <= 0 or inside_y <= 0:
            return False
        return inside_x * inside_y >= SEEN * width * height
