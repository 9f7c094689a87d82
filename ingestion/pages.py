"""Files to page pictures: a limited child process decodes, this side keeps sizes and makes what people look at."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from foundation.errors import ChildFailed, OutOfMemory, TimedOut
from foundation.sandbox import MIB, Limits, run_python
from ingestion.printed import CONFIDENCE, PrintedText
from ingestion.reading import Code, Image, Line, Quad
from ingestion.upright import Matrix, turned_upright

VIEW_SIDE, THUMBNAIL_SIDE = 1600, 320
VIEW_QUALITY = 82
CHILD = "ingestion.page_child"
LIMITS = Limits(address_space=2048 * MIB, cpu_seconds=240, wall_seconds=480, file_size=64 * MIB)


class UnreadableFile(Exception):
    """No page can be made of this file; `code` names the reason, the caller words it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class PageOptions:
    """How pages are drawn. A PDF at `dpi`; everything within `longest_side` pixels."""

    dpi: int = 200
    longest_side: int = 2600
    most_pages: int = 400


@dataclass(frozen=True)
class PagePicture:
    """One decoded page: the picture to work on, the size of the page as uploaded, its share of the child's work.

    `codes` are its QR codes and `printed` the text of a PDF page that is nothing but text, in pixels of the upload;
    `passed_over` says why a layer of text is not taken (ingestion.vector_text).
    """

    number: int
    count: int
    image: Image
    width: int
    height: int
    cpu_seconds: float = 0.0
    codes: tuple[Code, ...] = ()
    printed: PrintedText | None = None
    passed_over: str = ""

    @property
    def to_upload(self) -> Matrix:
        """From pixels of `image` to pixels of the upload."""
        height, width = self.image.shape[:2]
        return np.diag([self.width / width, self.height / height, 1.0])


@contextmanager
def opened_pages(path: Path, options: PageOptions) -> Iterator[Iterator[PagePicture]]:
    """Decode the file in the child; yields its pages one by one, pictures are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="juanzong-pages-") as folder:
        yield _pictures(Path(folder), _decode(path, Path(folder), options))


def view_of(image: Image, rotation: int) -> bytes:
    """The page as people look at it: turned upright, at most 1600 pixels, JPEG."""
    return _jpeg(turned_upright(image, rotation)[0], VIEW_SIDE)


def thumbnail_of(image: Image, rotation: int) -> bytes:
    """The same at 320 pixels."""
    return _jpeg(turned_upright(image, rotation)[0], THUMBNAIL_SIDE)


def _decode(path: Path, folder: Path, options: PageOptions) -> list[dict[str, Any]]:
    answer = json.loads(_run_child(path, folder, options))
    if "refused" in answer:
        raise UnreadableFile(str(answer["refused"]))
    pages: list[dict[str, Any]] = answer["pages"]
    return [page | {"cpu_seconds": answer["cpu_seconds"] / len(pages)} for page in pages]


def _run_child(path: Path, folder: Path, options: PageOptions) -> bytes:
    source = path.resolve()
    arguments: list[str | Path] = [
        *(source, folder),
        *("--dpi", str(options.dpi)),
        *("--longest-side", str(options.longest_side)),
        *("--most-pages", str(options.most_pages)),
    ]
    try:
        done = run_python(
            CHILD, arguments, packages=("ingestion",), limits=LIMITS, readable=[source], writable=folder
        )
    except TimedOut as error:
        raise UnreadableFile("too_slow") from error
    except OutOfMemory as error:
        raise UnreadableFile("too_large") from error
    except ChildFailed as error:
        raise UnreadableFile("parser_died") from error
    return done.stdout


def _pictures(folder: Path, pages: list[dict[str, Any]]) -> Iterator[PagePicture]:
    for number, page in enumerate(pages, start=1):
        image = cv2.imread(str(folder / page["file"]), cv2.IMREAD_COLOR)
        if image is None:
            raise UnreadableFile("parser_died")
        said = json.loads((folder / page["said"]).read_text(encoding="utf-8"))
        yield PagePicture(
            number=number,
            count=len(pages),
            image=np.asarray(image, dtype=np.uint8),
            width=page["width"],
            height=page["height"],
            cpu_seconds=page["cpu_seconds"],
            codes=tuple(Code(code["payload"], Quad.from_points(code["quad"])) for code in said["codes"]),
            printed=_printed(said["printed"]),
            passed_over=said["printed"].get("passed_over", ""),
        )


def _printed(said: dict[str, Any]) -> PrintedText | None:
    if "lines" not in said:
        return None
    lines = (Line(line["text"], CONFIDENCE, Quad.from_points(line["quad"])) for line in said["lines"])
    return PrintedText(tuple(lines), said["rotation"], tuple(said["samples"]))


def _jpeg(image: Image, side: int) -> bytes:
    height, width = image.shape[:2]
    scale = min(1.0, side / max(height, width))
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, VIEW_QUALITY])
    return encoded.tobytes()
