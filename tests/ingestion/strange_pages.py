"""Pages that are no ledger paper, drawn: a cat, a landscape, a brick wall, English, scribbles, an empty sheet."""

import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from ingestion.specimens.sheet import Sheet

LETTER = (
    "Dear colleagues,",
    "thank you for your letter of 12 May 2026. The delegation will arrive on Tuesday",
    "afternoon and would like to visit two of your workshops. Please let us know whether",
    "the interpreters have been booked, and which entrance we should use with the bus.",
    "Our reference number is 4711-0815. We shall bring the printed programme with us.",
    "",
    "With kind regards,",
    "Margaret Holloway, Secretary",
)


def cat() -> Image.Image:
    """A tabby before a sofa: fur, stripes, whiskers, and not one word."""
    rng = np.random.default_rng(4)
    picture = _noisy((1200, 1600), (150, 110, 80), rng, spread=18)
    pen = ImageDraw.Draw(picture)
    for x in range(0, 1600, 90):
        pen.rectangle([x, 0, x + 42, 1200], fill=(160, 60 + x // 40, 60))
    fur, dark = (168, 132, 92), (70, 50, 36)
    pen.ellipse([350, 450, 1250, 1190], fill=fur)
    pen.polygon([(480, 480), (560, 190), (720, 420)], fill=fur)
    pen.polygon([(1120, 480), (1040, 190), (880, 420)], fill=fur)
    for side in (-1, 1):
        for stripe in range(5):
            x = 800 + side * (60 + 60 * stripe)
            pen.line([(x, 480), (x + side * 40, 640)], fill=dark, width=22)
            pen.line(
                [(800 + side * 80, 900), (800 + side * 420, 840 + 30 * stripe)], fill=(240, 240, 235), width=4
            )
        pen.ellipse([800 + side * 190 - 70, 640, 800 + side * 190 + 70, 780], fill=(190, 200, 60))
        pen.ellipse([800 + side * 190 - 18, 650, 800 + side * 190 + 18, 770], fill=(10, 10, 10))
    pen.polygon([(760, 860), (840, 860), (800, 910)], fill=(210, 120, 120))
    pen.arc([700, 880, 800, 980], 0, 160, fill=dark, width=6)
    pen.arc([800, 880, 900, 980], 20, 180, fill=dark, width=6)
    return _grained(picture.filter(ImageFilter.GaussianBlur(2)), rng)


def landscape() -> Image.Image:
    """Sky, hills, a lake and some firs."""
    rng = np.random.default_rng(5)
    rows = np.linspace(0, 1, 1000)[:, None, None]
    sky = (1 - rows) * np.array([90, 140, 210]) + rows * np.array([235, 220, 190])
    picture = Image.fromarray(np.broadcast_to(sky, (1000, 1500, 3)).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for height, tone in ((560, (90, 120, 110)), (660, (60, 100, 80)), (760, (40, 80, 60))):
        edge = [(x, height + 60 * np.sin(x / 90 + height) + 30 * np.sin(x / 31)) for x in range(0, 1501, 10)]
        pen.polygon([*edge, (1500, 1000), (0, 1000)], fill=tone)
    for x in range(30, 1500, 110):
        pen.polygon([(x, 640), (x - 45, 900), (x + 45, 900)], fill=(24, 60, 40))
    return _grained(picture.filter(ImageFilter.GaussianBlur(1.5)), rng)


def brick_wall() -> Image.Image:
    """Rows of edges at a line's distance: what a finder of text takes for text most easily."""
    rng = np.random.default_rng(6)
    picture = _noisy((1200, 900), (190, 180, 170), rng, spread=8)
    pen = ImageDraw.Draw(picture)
    for row, y in enumerate(range(0, 1200, 40)):
        for x in range(-60 + row % 2 * 55, 900, 110):
            tone = int(rng.integers(-25, 25))
            pen.rectangle([x, y, x + 100, y + 31], fill=(150 + tone, 70 + tone, 55 + tone))
    return _grained(picture.filter(ImageFilter.GaussianBlur(1)), rng)


def english() -> Image.Image:
    sheet = Sheet(dpi=150)
    for number, row in enumerate(LETTER * 2):
        sheet.text(22, 30 + 9 * number, row, points=12)
    return sheet.image


def scribbles() -> Image.Image:
    """Lines of strokes like a quick hand's, that no one can read."""
    rng = random.Random(7)
    sheet = Sheet(dpi=150)
    for row in range(9):
        x, y = sheet.px(25), sheet.px(40 + 22 * row)
        while x < sheet.px(180):
            points = [(x + rng.uniform(-6, 34), y + rng.uniform(-24, 24)) for _ in range(rng.randrange(4, 9))]
            sheet.draw.line(points, fill=(30, 40, 120), width=3, joint="curve")
            x += rng.uniform(30, 62)
    return sheet.image.filter(ImageFilter.GaussianBlur(0.8))


def empty_sheet() -> Image.Image:
    """The blank reverse of a scanned paper: tone, grain, a shadow at the edge, a speck of dust."""
    rng = np.random.default_rng(8)
    picture = _noisy((1754, 1240), (246, 245, 240), rng, spread=3)
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, 0, 9, 1754], fill=(205, 204, 200))
    pen.ellipse([700, 900, 704, 904], fill=(150, 150, 150))
    return picture


def _noisy(
    size: tuple[int, int], tone: tuple[int, int, int], rng: np.random.Generator, *, spread: float
) -> Image.Image:
    grain = rng.normal(0, spread, (*size, 1))
    return Image.fromarray(np.clip(np.array(tone) + grain, 0, 255).astype(np.uint8))


def _grained(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    noisy = np.asarray(picture).astype(np.float32) + rng.normal(0, 5, (picture.height, picture.width, 1))
    return Image.fromarray(cv2.GaussianBlur(np.clip(noisy, 0, 255).astype(np.uint8), (0, 0), 0.6))
