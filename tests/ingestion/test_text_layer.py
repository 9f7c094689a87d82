"""Searchable PDFs: the picture that was handed in, words found where they stand, and no number that could harm."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pillow_heif
import pymupdf
import pytest
from PIL import Image

from ingestion.jpeg import NotPlain, bare
from ingestion.pages import UnreadableFile
from ingestion.pipeline import read
from ingestion.reading import Line, Quad
from ingestion.text_layer import LayerPage, layer_of, searchable
from tests.ingestion import pdfs

ORIENTATION, CAMERA = 0x0112, 0x010F
DPI = 150
POINTS = 72 / DPI


def certificate() -> Image.Image:
    """A5 at 150 dpi; where its words stand is told by the typesetter."""
    with pymupdf.open("pdf", pdfs.typeset()) as document:
        drawn = document[0].get_pixmap(dpi=DPI)
        return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)


def lines_of() -> tuple[Line, ...]:
    """What a reader without a fault would read on that picture."""
    said = pdfs.printed(pdfs.typeset(), dpi=DPI)
    return tuple(Line(line["text"], 0.99, Quad.from_points(line["quad"])) for line in said["lines"])


def turned_quad(quad: Quad, width: float, height: float, degrees: int) -> Quad:
    """Where it stands once the picture is turned clockwise."""
    to = {
        0: lambda x, y: (x, y),
        90: lambda x, y: (height - y, x),
        180: lambda x, y: (width - x, height - y),
        270: lambda x, y: (y, width - x),
    }[degrees]
    return Quad.from_points(to(x, y) for x, y in quad.points)


def uploaded(target: Path, degrees: int, *, noted: int = 0) -> LayerPage:
    """The certificate as a picture that stands turned; `noted`: so much of the turn is left to EXIF."""
    upright = certificate()
    stored = upright.rotate(-degrees - noted, expand=True)
    exif = Image.Exif()
    exif[ORIENTATION] = {0: 1, 90: 8, 180: 3, 270: 6}[noted]
    exif[CAMERA] = "Kamerawerke"
    stored.save(target, quality=92, exif=exif if target.suffix == ".jpg" else exif.tobytes())
    upload = upright.rotate(-degrees, expand=True)
    lines = tuple(replace(line, quad=turned_quad(line.quad, *upright.size, degrees)) for line in lines_of())
    return LayerPage(target, 1, *upload.size, rotation=degrees, lines=lines)


def made(*pages: LayerPage) -> pymupdf.Document:
    with searchable(pages) as path:
        return pymupdf.open("pdf", path.read_bytes())


def overlap(found: pymupdf.Rect, truth: Quad, page: pymupdf.Page, width: float, height: float) -> float:
    across, down = page.rect.width / width, page.rect.height / height
    there = Quad.from_box(truth.left * across, truth.top * down, truth.right * across, truth.bottom * down)
    return Quad.from_box(*found).overlap(there)


def ink_outside_words(page: pymupdf.Page) -> float:
    """The share of the picture's ink that lies beside every word of the layer."""
    drawn = page.get_pixmap(dpi=100, colorspace=pymupdf.csGRAY)
    ink = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.h, drawn.w) < 128
    covered = np.zeros_like(ink)
    for left, top, right, bottom, *_rest in page.get_text("words"):
        box = [round(edge * 100 / 72) for edge in (left, top, right, bottom)]
        covered[box[1] - 2 : box[3] + 2, box[0] - 2 : box[2] + 2] = True
    return float(ink[~covered].sum() / ink.sum())


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("noted", [0, 90])
def test_words_are_found_where_they_stand_however_the_upload_is_turned(
    degrees: int, noted: int, tmp_path: Path
) -> None:
    (page,) = made(uploaded(tmp_path / "page.jpg", degrees, noted=noted))
    assert page.rect.width < page.rect.height
    for line in lines_of():
        (found,) = page.search_for(line.text) if pdfs.NUMBER not in line.text else [None]
        assert found is None or overlap(found, line.quad, page, *certificate().size) > 0.7
    assert ink_outside_words(page) < 0.02


def test_a_word_inside_a_line_is_found_at_its_own_place(tmp_path: Path) -> None:
    (page,) = made(uploaded(tmp_path / "page.jpg", 0))
    line = next(line for line in lines_of() if "王海燕" in line.text)
    (found,) = page.search_for("王海燕")
    place = Quad.from_box(
        line.quad.left + line.quad.width / 2, line.quad.top, line.quad.right, line.quad.bottom
    )
    assert overlap(found, place, page, *certificate().size) > 0.7


def test_the_text_is_there_to_be_found_and_not_to_be_seen(tmp_path: Path) -> None:
    upload = uploaded(tmp_path / "page.jpg", 0)
    with_words, without = made(upload)[0], made(replace(upload, lines=()))[0]
    assert with_words.get_pixmap(dpi=100).samples == without.get_pixmap(dpi=100).samples
    assert without.get_text() == ""


# --- no number that could harm


def numbers_in(page: pymupdf.Page) -> list[str]:
    text = re.sub(r"\s+", "", page.get_text())
    return re.findall(r"\d{15,}[\dXx]?", text)


def cell(text: str, x: float, y: float, width: float = 120) -> Line:
    return Line(text, 0.9, Quad.from_box(x, y, x + width, y + 24))


@pytest.mark.parametrize(
    "lines",
    [
        (cell(f"公民身份号码{pdfs.NUMBER}", 50, 100),),
        (cell("231299", 50, 100), cell("199001011236", 180, 100)),
        tuple(cell(digit, 50 + 26 * at, 100, 20) for at, digit in enumerate(pdfs.NUMBER)),
        (cell("2312991990", 50, 100), cell("01011236", 50, 128)),
    ],
    ids=["in one line", "in two pieces", "a digit a box", "wrapped in its cell"],
)
@pytest.mark.parametrize("rotation", [0, 90])
def test_no_number_can_be_taken_out_of_the_text(
    lines: tuple[Line, ...], rotation: int, tmp_path: Path
) -> None:
    Image.new("RGB", (620, 877), "white").save(tmp_path / "page.jpg")
    if rotation:
        lines = tuple(replace(line, quad=turned_quad(line.quad, 877, 620, 90)) for line in lines)
    where = Quad.from_box(40, 90, 560, 160)
    where = turned_quad(where, 877, 620, 90) if rotation else where
    (page,) = made(LayerPage(tmp_path / "page.jpg", 1, 620, 877, rotation, lines=lines, numbers=(where,)))
    assert page.get_text().strip()
    assert numbers_in(page) == []
    assert pdfs.NUMBER[6:14] not in re.sub(r"\s+", "", page.get_text())
    assert page.search_for(pdfs.NUMBER) == []


def test_the_number_does_not_stand_in_the_bytes_either(tmp_path: Path) -> None:
    upload = uploaded(tmp_path / "page.jpg", 0)
    with searchable([upload]) as path, pymupdf.open(path) as document:
        for xref in range(1, document.xref_length()):
            stream = document.xref_stream(xref) if document.xref_is_stream(xref) else b""
            assert pdfs.NUMBER.encode() not in (stream or b"")
            assert pdfs.NUMBER.encode("utf-16-be").hex() not in (stream or b"").hex()


def test_what_a_pdf_page_had_of_text_stays_outside(tmp_path: Path) -> None:
    """Its own layer holds the whole number: the page goes in as a picture."""
    upload = pdfs.saved(pdfs.typeset(), tmp_path / "own.pdf")
    (page,) = made(LayerPage(upload, 1))
    assert page.get_text() == ""
    assert ink_share(page) > 0.005


def test_the_layer_of_the_real_reader_holds_no_number(tmp_path: Path) -> None:
    upload = uploaded(tmp_path / "page.jpg", 90)
    (seen,) = read(upload.source, "paddle_tiny")
    (page,) = made(replace(upload, rotation=seen.page.rotation, lines=seen.lines))
    assert page.search_for("王海燕")
    assert page.search_for("2312**********1236")
    assert numbers_in(page) == []


# --- the pictures


def ink_share(page: pymupdf.Page) -> float:
    drawn = page.get_pixmap(dpi=60, colorspace=pymupdf.csGRAY)
    return float((np.frombuffer(drawn.samples, np.uint8) < 128).mean())


def test_a_jpeg_goes_in_bit_for_bit_but_for_what_its_camera_wrote(tmp_path: Path) -> None:
    upload = uploaded(tmp_path / "page.jpg", 0)
    original = upload.source.read_bytes()
    assert b"Kamerawerke" in original
    document = made(upload)
    (image,) = document[0].get_images()
    inside = document.extract_image(image[0])["image"]
    assert inside == bare(original)
    assert b"Kamerawerke" not in document.tobytes()
    assert upload.source.read_bytes() == original
    seen, meant = (np.asarray(Image.open(io.BytesIO(content))) for content in (inside, original))
    assert np.array_equal(seen, meant)


def as_heic(target: Path) -> Path:
    pillow_heif.register_heif_opener()
    certificate().save(target.with_suffix(".heic"), quality=90)
    return target.with_suffix(".heic")


def as_four_inks(target: Path) -> Path:
    certificate().convert("CMYK").save(target.with_suffix(".jpg"))
    return target.with_suffix(".jpg")


def as_second_of_a_tiff(target: Path) -> Path:
    blank = Image.new("RGB", (300, 200), "white")
    blank.save(target.with_suffix(".tif"), save_all=True, append_images=[certificate()])
    return target.with_suffix(".tif")


def as_second_of_a_pdf(target: Path) -> Path:
    with pymupdf.open() as document, pymupdf.open("pdf", pdfs.typeset()) as other:
        document.new_page()
        document.insert_pdf(other)
        document.save(target.with_suffix(".pdf"))
    return target.with_suffix(".pdf")


@pytest.mark.parametrize("shaped", [as_heic, as_four_inks, as_second_of_a_tiff, as_second_of_a_pdf])
def test_every_kind_of_upload_becomes_a_page(shaped: Callable[[Path], Path], tmp_path: Path) -> None:
    upload = shaped(tmp_path / "upload")
    number = 2 if upload.suffix in (".tif", ".pdf") else 1
    (page,) = made(LayerPage(upload, number, *certificate().size, lines=lines_of()))
    assert page.search_for("王海燕")
    assert ink_outside_words(page) < 0.02


def test_pages_of_several_uploads_stand_in_their_order(tmp_path: Path) -> None:
    first = uploaded(tmp_path / "first.jpg", 0)
    second = LayerPage(
        as_second_of_a_pdf(tmp_path / "second"), 2, *certificate().size, lines=(cell("第二", 10, 10),)
    )
    document = made(second, first)
    assert [page.search_for("第二") != [] for page in document] == [True, False]


def test_of_a_cut_page_only_the_piece_is_shown_and_said(tmp_path: Path) -> None:
    """Two people's papers on one page: the piece of one must not hand over the other's."""
    both = Image.new("RGB", (600, 800), "white")
    both.paste((0, 0, 0), (0, 400, 600, 800))
    both.save(tmp_path / "both.jpg")
    lines = (cell("王海燕", 50, 100), cell("赵国栋", 50, 600))
    piece = LayerPage(tmp_path / "both.jpg", 1, 600, 400, region=(0.0, 0.0, 1.0, 0.5), lines=lines)
    (page,) = made(piece)
    assert page.get_text().split() == ["王海燕"]
    assert ink_share(page) < 0.01
    (found,) = page.search_for("王海燕")
    assert found.y0 / page.rect.height == pytest.approx(0.25, abs=0.02)
    (image,) = page.get_images()
    assert (image[2], image[3]) == (600, 400)


def test_a_damaged_upload_is_told_by_its_code(tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_bytes(b"\xff\xd8\xff\xe0garbage")
    with pytest.raises(UnreadableFile) as refused:
        made(LayerPage(tmp_path / "page.jpg", 1))
    assert refused.value.code == "damaged_picture"


@pytest.mark.parametrize("text", ["𠮷野家", "☑ 已核", "a\x00b", "㐀䶮龘"])
def test_rare_characters_do_not_spoil_those_beside_them(text: str, tmp_path: Path) -> None:
    Image.new("RGB", (620, 877), "white").save(tmp_path / "page.jpg")
    (page,) = made(LayerPage(tmp_path / "page.jpg", 1, 620, 877, lines=(cell(f"王{text}燕", 50, 100),)))
    said = page.get_text().strip()
    assert (said[0], said[-1]) == ("王", "燕")
    assert len(said.replace(" ", "")) == len(f"王{text}燕".replace(" ", ""))


# --- what the layer says, without a file


def test_lines_come_row_by_row_as_the_page_is_read_not_as_it_lies() -> None:
    upright = (cell("姓名", 50, 100), cell("王海燕", 200, 102), cell("性别", 50, 140))
    lying = tuple(replace(line, quad=turned_quad(line.quad, 600, 800, 90)) for line in reversed(upright))
    page = LayerPage(Path("x"), 1, 800, 600, rotation=90, lines=lying)
    assert [line.text for line in layer_of(page)] == ["姓名", "王海燕", "性别"]
    assert layer_of(page)[0].quad.left == pytest.approx(50 / 600, abs=0.001)


def test_a_page_that_was_not_read_says_nothing() -> None:
    assert layer_of(LayerPage(Path("x"), 1, lines=(cell("王海燕", 1, 1),))) == ()


# --- the JPEG's segments


def encoded(**how: object) -> bytes:
    made_of = io.BytesIO()
    certificate().save(made_of, "JPEG", **how)
    return made_of.getvalue()


@pytest.mark.parametrize(
    "how", [{}, {"progressive": True}, {"comment": b"by me"}, {"restart_marker_rows": 2}]
)
def test_bare_keeps_the_picture(how: dict[str, object]) -> None:
    content = encoded(**how)
    before, after = (np.asarray(Image.open(io.BytesIO(one))) for one in (content, bare(content)))
    assert np.array_equal(before, after)
    assert b"by me" not in bare(content)


def test_bare_drops_what_lies_behind_the_picture() -> None:
    assert bare(encoded() + b"a second picture") == bare(encoded())


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"GIF89a", b"\xff\xd8\xff\xe0\x00"]
)
def test_what_is_no_jpeg_is_not_taken_for_one(content: bytes) -> None:
    with pytest.raises(NotPlain):
        bare(content)


def test_a_jpeg_cut_short_is_not_taken_as_it_is() -> None:
    with pytest.raises(NotPlain):
        bare(encoded()[:-2000])
