"""A recording at a glance: keyframes of a few seconds apart as pages of small pictures, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from media_processing.tracks import Picture

COLUMNS, ROWS = 10, 10
APART_SECONDS = 9.5
QUALITY = 75


@dataclass(frozen=True)
class Board:
    """Which seconds stand on the pages, and how large each picture is."""

    width: int
    height: int
    seconds: tuple[float, ...]

    @property
    def pages(self) -> int:
        return -(-len(self.seconds) // (COLUMNS * ROWS))

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": COLUMNS,
            "rows": ROWS,
            "width": self.width,
            "height": self.height,
            "seconds": [round(at, 2) for at in self.seconds],
            "pages": self.pages,
        }


def chosen(seconds: Iterable[float]) -> tuple[float, ...]:
    """The seconds that stand on the storyboard: none nearer to the one before than APART_SECONDS."""
    kept: list[float] = []
    for at in seconds:
        if not kept or at - kept[-1] >= APART_SECONDS:
            kept.append(at)
    return tuple(kept)


def pages(board: Board, pictures: Iterable[tuple[float, Picture]]) -> Iterator[bytes]:
    """Page after page as a JPEG; only one is in memory at a time. `pictures` are all that were kept, in order."""
    wanted, page, filled = set(board.seconds), _empty(board), 0
    for at, picture in pictures:
        if at not in wanted:
            continue
        row, column = divmod(filled, COLUMNS)
        top, left = row * board.height, column * board.width
        page[top : top + board.height, left : left + board.width] = _fitted(picture, board)
        filled += 1
        if filled == COLUMNS * ROWS:
            yield _jpeg(page)
            page, filled = _empty(board), 0
    if filled:
        yield _jpeg(page[: -(-filled // COLUMNS) * board.height])


def _empty(board: Board) -> NDArray[np.uint8]:
    return np.zeros((ROWS * board.height, COLUMNS * board.width, 3), np.uint8)


def _fitted(picture: Picture, board: Board) -> Picture:
    if picture.shape[:2] == (board.height, board.width):
        return picture
    return np.asarray(cv2.resize(picture, (board.width, board.height)), np.uint8)


def _jpeg(page: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
