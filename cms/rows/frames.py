"""Where things lie on the page as people look at it: quarter turns, boxes, close-ups, as SVG writes it."""

from dataclasses import dataclass

from dossiers.models import Sheet
from ingestion.models import PageReading

Corners = list[list[float]]
Box = tuple[float, float, float, float]  # left, top, right, bottom
AIR = 0.22  # of its height lies between a value and the line around it: the line must not hide what it shows
AROUND = 0.35  # of its height is shown around a value looked at closely


@dataclass(frozen=True)
class Frame:
    """The upright view of one sheet, in pixels of the upload (of the piece, where it was cut); empty until it was read."""

    width: int
    height: int
    rotation: int

    @classmethod
    def of(cls, sheet: Sheet, reading: PageReading | None) -> "Frame":
        return cls(sheet.width, sheet.height, reading.rotation if reading else 0)

    @property
    def is_known(self) -> bool:
        return self.width > 0 and self.height > 0

    @property
    def box(self) -> Box:
        """What the view shows, a piece cut from a page as a page of its own."""
        lies = self.rotation % 180 != 0
        return (0.0, 0.0, *((self.height, self.width) if lies else (self.width, self.height)))

    @property
    def view_box(self) -> str:
        return as_view_box(self.box) if self.is_known else ""

    @property
    def image(self) -> tuple[str, str, str, str]:
        """x, y, width, height of the view's picture in these pixels."""
        left, top, right, bottom = self.box
        return _figure(left), _figure(top), _figure(right - left), _figure(bottom - top)

    @property
    def letter(self) -> str:
        """Height of the numbers on the boxes, in these pixels."""
        left, _top, right, _bottom = self.box
        return _figure(max((right - left) / 60, 8.0))

    def points(self, quad: Corners) -> str:
        """A quadrilateral as a polygon's points, drawn a little outside what it holds."""
        corners = self._upright_all(quad)
        middle_x, middle_y = (sum(side) / len(corners) for side in zip(*corners, strict=True))
        air = AIR * min(self._sides(corners))
        return " ".join(
            f"{x + air * _sign(x - middle_x):.1f},{y + air * _sign(y - middle_y):.1f}" for x, y in corners
        )

    @staticmethod
    def _sides(corners: list[tuple[float, float]]) -> tuple[float, float]:
        across, down = zip(*corners, strict=True)
        return max(across) - min(across), max(down) - min(down)

    def around(self, quad: Corners) -> Box:
        """The upright box around a quadrilateral."""
        across, down = zip(*self._upright_all(quad), strict=True)
        return min(across), min(down), max(across), max(down)

    def beside(self, quad: Corners) -> tuple[str, str]:
        """Where a box's number stands: right of it, on its foot."""
        _left, _top, right, bottom = self.around(quad)
        return _figure(right + float(self.letter) / 4), _figure(bottom)

    def close_up(self, quad: Corners) -> str:
        """The view box of a value looked at closely, with a little paper around."""
        left, top, right, bottom = self.around(quad)
        edge = max((bottom - top) * AROUND, 4.0)
        return as_view_box((left - edge, top - edge, right + edge, bottom + edge))

    def characters(self, quad: Corners, length: int, places: tuple[int, ...]) -> list[tuple[str, ...]]:
        """Boxes (x, y, width, height) of these characters, counted from 1, of a value set evenly along its quad."""
        left, top, right, bottom = self.around(quad)
        if not length or right - left < bottom - top:  # it runs downwards, or is a single sign
            return []
        step = (right - left) / length
        return [
            (_figure(left + (at - 1) * step), _figure(top), _figure(step), _figure(bottom - top))
            for at in places
        ]

    def _upright_all(self, quad: Corners) -> list[tuple[float, float]]:
        return [self._upright(float(x), float(y)) for x, y in quad]

    def _upright(self, x: float, y: float) -> tuple[float, float]:
        """From the page as uploaded to the page as it is viewed."""
        return {
            90: (y, self.width - x),
            180: (self.width - x, self.height - y),
            270: (self.height - y, x),
        }.get(self.rotation, (x, y))


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def as_view_box(box: Box) -> str:
    left, top, right, bottom = box
    return " ".join(_figure(one) for one in (left, top, right - left, bottom - top))


def _figure(number: float) -> str:
    """With a point in every language."""
    return f"{number:.1f}"
