"""Small pages drawn stroke by stroke for readers of pixels: paper, seals, pens, boxes. No engine, no fonts."""

from collections.abc import Sequence

import cv2
import numpy as np

from ingestion.reading import Image, Line
from tests.ingestion.pages_of_text import HEIGHT, WIDTH

BLACK, RED, GREY, BLUE = (30, 30, 30), (60, 50, 205), (120, 120, 120), (150, 60, 30)
Colour = tuple[int, int, int]
Points = Sequence[tuple[int, int]]


def paper(lines: Sequence[Line] = (), tone: int = 245) -> Image:
    """A page on which every line is printed as bars: what a reader of ink sees of words."""
    page = np.full((int(HEIGHT), int(WIDTH), 3), tone, np.uint8)
    for one in lines:
        for place in range(len(one.text)):
            left = int(one.quad.left) + 20 * place + 3
            top, bottom = int(one.quad.top) + 4, int(one.quad.bottom) - 4
            for stroke in (0, 7, 13):
                page[top:bottom, left + stroke : left + stroke + 2] = BLACK
    return page


def seal(page: Image, x: int, y: int, *, radius: int = 85, colour: Colour = RED) -> None:
    cv2.circle(page, (x, y), radius, colour, 5)
    cv2.circle(page, (x, y), 14, colour, -1)
    for step in range(-40, 41, 20):
        cv2.rectangle(page, (x + step - 6, y + 40), (x + step + 6, y + 52), colour, 2)


def stroke(page: Image, points: Points, *, colour: Colour = BLACK, width: int = 3) -> None:
    cv2.polylines(page, [np.array(points, np.int32)], False, colour, width, cv2.LINE_AA)


def signature(page: Image, x: int, y: int, *, colour: Colour = BLACK) -> None:
    """Loops over a hundred pixels, as nobody can read them."""
    turns = np.linspace(0, 6 * np.pi, 90)
    points = [(int(x + 4 * turn + 14 * np.cos(turn)), int(y + 13 * np.sin(turn * 1.4))) for turn in turns]
    stroke(page, points, colour=colour)
    stroke(page, [(x + 20, y - 12), (x + 30, y + 14), (x + 60, y - 10), (x + 90, y + 10)], colour=colour)


def box(page: Image, x: int, y: int, *, size: int = 18, ticked: str = "") -> None:
    """A check box with its top left corner here, ticked with a hook, a cross, filled, or with a loose hook."""
    cv2.rectangle(page, (x, y), (x + size, y + size), BLACK, 2)
    if ticked == "hook":
        stroke(page, [(x + 3, y + 9), (x + 8, y + 15), (x + 16, y + 2)])
    elif ticked == "cross":
        stroke(page, [(x + 2, y + 2), (x + 16, y + 16)])
        stroke(page, [(x + 16, y + 2), (x + 2, y + 16)])
    elif ticked == "filled":
        cv2.rectangle(page, (x, y), (x + size, y + size), BLACK, -1)
    elif ticked == "loose":
        stroke(page, [(x - 2, y + 7), (x + 7, y + 17), (x + 27, y - 11)])


def portrait(page: Image, x: int, y: int, *, width: int = 120, height: int = 165) -> None:
    page[y : y + height, x : x + width] = (190, 150, 110)
    cv2.circle(page, (x + width // 2, y + 60), 34, (150, 170, 210), -1)
    page[y + 100 : y + height, x + 10 : x + width - 10] = (70, 60, 60)
