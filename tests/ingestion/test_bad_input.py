"""What is no paper of a ledger, or comes in a strange shape: read by the real reader, and answered honestly."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pymupdf
import pytest
from PIL import Image, ImageChops, ImageOps

from ingestion.extract import page_object
from ingestion.pages import PageOptions, PagePicture, UnreadableFile, opened_pages
from ingestion.pipeline import read
from ingestion.reading import FieldState, PageResult
from ingestion.specimens.sheet import Sheet
from tests.ingestion import pdfs, strange_pages

RED, ORIENTATION = (200, 0, 0), 0x0112
TITLE = "培训人员成绩单"


def saved(image: Image.Image, target: Path, **how: object) -> Path:
    image.save(target, **how)
    return target


def the_page(path: Path, reader: str = "auto") -> PageResult:
    (page,) = read(path, reader)
    return page


def decoded(path: Path) -> list[PagePicture]:
    with opened_pages(path, PageOptions()) as pictures:
        return list(pictures)


def red_head(width: int = 300, height: int = 200) -> Image.Image:
    """White, with a red band along its upper edge, so that every turn and every wrong ink shows."""
    image = Image.new("RGB", (width, height), "white")
    image.paste(RED, (0, 0, width, height // 4))
    return image


def is_red(picture: PagePicture, *, side: str) -> bool:
    """Whether the band lies along this side of the decoded page, and white everywhere else."""
    image = picture.image.astype(int)
    middle = {"top": (0.1, 0.5), "right": (0.5, 0.9), "bottom": (0.9, 0.5), "left": (0.5, 0.1)}
    height, width = image.shape[:2]
    shown = {name: image[int(y * height), int(x * width)] for name, (y, x) in middle.items()}
    red = shown.pop(side)
    return bool(red[2] > 150 and red[0] < 80 and all(tone.min() > 240 for tone in shown.values()))


def claims_nothing(page: PageResult) -> bool:
    """No paper of the ledger was invented, and no value."""
    values = [field for field in page.fields if field.state not in (FieldState.MISSING,)]
    return page.kind == "other" and not values and not any(document.rows for document in page.documents)


# --- pages that are no paper of the ledger


@pytest.mark.parametrize(
    ("draw", "note"),
    [
        (strange_pages.cat, "no_text"),
        (strange_pages.landscape, "no_text"),
        (strange_pages.brick_wall, "no_text"),
        (strange_pages.empty_sheet, "blank"),
        (strange_pages.english, "foreign"),
        (strange_pages.scribbles, "handwriting"),
    ],
)
def test_what_is_no_ledger_paper_is_told_so_and_no_document_is_invented(
    draw: Callable[[], Image.Image], note: str, tmp_path: Path
) -> None:
    page = the_page(saved(draw(), tmp_path / "page.jpg", quality=88))
    assert claims_nothing(page)
    assert page.notes == (note,)
    documents = page_object("page.jpg", page)["documents"]
    assert [document["kind"] for document in documents] == ([] if note in ("no_text", "blank") else ["other"])


def test_a_page_seen_from_behind_is_read_and_told_so(tmp_path: Path) -> None:
    sheet = Sheet(dpi=150)
    sheet.title(TITLE)
    sheet.table(
        20,
        50,
        [20.0, 40.0, 40.0],
        9,
        [["序号", "姓名", "成绩"], ["1", "王海燕", "88"], ["2", "赵国栋", "91"]],
    )
    page = the_page(saved(ImageOps.mirror(sheet.image), tmp_path / "page.png"))
    assert "mirrored" in page.notes
    assert TITLE in page.text
    line = next(line for line in page.lines if TITLE in line.text)
    assert (
        line.quad.points[0][0] > line.quad.points[1][0]
    )  # on the upload its first character stands on the right


@pytest.mark.parametrize("tone", ["white", "black"])
def test_one_pixel_says_nothing(tone: str, tmp_path: Path) -> None:
    page = the_page(saved(Image.new("RGB", (1, 1), tone), tmp_path / "dot.png"))
    assert claims_nothing(page)
    assert (page.page.width, page.page.height) == (1, 1)


@pytest.mark.parametrize("size", [(3000, 2), (1, 2000)])
def test_a_sliver_says_nothing(size: tuple[int, int], tmp_path: Path) -> None:
    page = the_page(saved(Image.new("RGB", size, "grey"), tmp_path / "sliver.png"))
    assert claims_nothing(page)


# --- strange shapes of sound papers


def certificate() -> Image.Image:
    with pymupdf.open("pdf", pdfs.typeset()) as document:
        drawn = document[0].get_pixmap(matrix=pymupdf.Matrix(pdfs.ZOOM, pdfs.ZOOM))
        return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)


def as_cmyk(target: Path) -> Path:
    return saved(certificate().convert("CMYK"), target.with_suffix(".jpg"), quality=90)


def as_sixteen_bits(target: Path) -> Path:
    grey = np.asarray(certificate().convert("L")).astype(np.uint16) * 257
    return saved(Image.fromarray(grey), target.with_suffix(".tif"))


def as_heic(target: Path) -> Path:
    pillow_heif.register_heif_opener()
    turned = Image.Exif()
    turned[ORIENTATION] = 6
    lying = certificate().rotate(90, expand=True)
    return saved(lying, target.with_suffix(".heic"), exif=turned.tobytes(), quality=85)


def as_turned_jpeg(target: Path) -> Path:
    turned = Image.Exif()
    turned[ORIENTATION] = 8
    return saved(certificate().rotate(-90, expand=True), target.with_suffix(".jpg"), exif=turned, quality=88)


@pytest.mark.parametrize("shaped", [as_cmyk, as_sixteen_bits, as_heic, as_turned_jpeg])
def test_a_paper_is_read_in_whatever_shape_it_comes(shaped: Callable[[Path], Path], tmp_path: Path) -> None:
    page = the_page(shaped(tmp_path / "page"), "paddle_tiny")
    assert page.page.rotation == 0
    assert (page.page.width, page.page.height) == certificate().size
    assert page.kind == "training_completion_certificate"
    found = page.main.field("id_number")
    assert found is not None
    assert (found.value, found.state) == (pdfs.NUMBER, FieldState.CHECKED)


def test_every_page_of_a_tiff_is_read_each_for_itself(tmp_path: Path) -> None:
    pages = [certificate(), strange_pages.empty_sheet(), certificate().rotate(180)]
    target = saved(
        pages[0], tmp_path / "pages.tif", save_all=True, append_images=pages[1:], compression="tiff_lzw"
    )
    first, second, third = read(target, "paddle_tiny")
    assert [page.kind for page in (first, third)] == ["training_completion_certificate"] * 2
    assert second.blank
    assert (first.page.rotation, third.page.rotation) == (0, 180)


# --- decoding: the right inks, turned once, the picture that people see


def without_mark_of_adobe(content: bytes) -> bytes:
    at = content.find(b"\xff\xee")
    length = struct.unpack(">H", content[at + 2 : at + 4])[0]
    return content[:at] + content[at + 2 + length :]


def inked(*, inverted: bool, marked: bool) -> bytes:
    """A JPEG of four inks: as Adobe writes them (inverted, with its mark), or as the letter of the standard has it."""
    inks, made = red_head().convert("CMYK"), io.BytesIO()
    if not inverted:
        inks = ImageChops.invert(inks)  # Pillow inverts on the way out
    inks.save(made, "JPEG", quality=95)
    return made.getvalue() if marked else without_mark_of_adobe(made.getvalue())


@pytest.mark.parametrize(("inverted", "marked"), [(True, True), (True, False), (False, False)])
def test_four_inks_come_out_right_whichever_way_they_are_written(
    inverted: bool, marked: bool, tmp_path: Path
) -> None:
    (tmp_path / "inks.jpg").write_bytes(inked(inverted=inverted, marked=marked))
    (page,) = decoded(tmp_path / "inks.jpg")
    assert is_red(page, side="top")


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_white_is_white_in_grey_of_any_number_of_bits(bits: int, tmp_path: Path) -> None:
    grey = np.full((200, 300), 2**bits - 1, np.uint16)
    grey[:50] = 0
    (page,) = decoded(saved(Image.fromarray(grey), tmp_path / "grey.tif"))
    assert page.image[100:].min() > 250
    assert page.image[:45].max() < 5


def test_grey_in_floating_point_is_a_page_too(tmp_path: Path) -> None:
    grey = np.ones((200, 300), np.float32)
    grey[:50] = 0
    grey[0, 0] = np.nan
    (page,) = decoded(saved(Image.fromarray(grey), tmp_path / "grey.tif"))
    assert page.image[100:].min() > 250
    assert page.image[5:45].max() < 5


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png", ".webp"])
@pytest.mark.parametrize(("orientation", "side"), [(3, "bottom"), (6, "right"), (8, "left")])
def test_the_turn_that_a_camera_noted_is_made_once(
    suffix: str, orientation: int, side: str, tmp_path: Path
) -> None:
    turned = Image.Exif()
    turned[ORIENTATION] = orientation
    (page,) = decoded(saved(red_head(), tmp_path / f"page{suffix}", exif=turned))
    assert is_red(page, side=side)
    assert (page.width, page.height) == ((300, 200) if orientation == 3 else (200, 300))


@pytest.mark.parametrize(("orientation", "side"), [(1, "top"), (3, "bottom"), (6, "right"), (8, "left")])
def test_a_heic_that_notes_its_turn_twice_is_turned_once(orientation: int, side: str, tmp_path: Path) -> None:
    """As phones write it: as a transformation of the file, and again in EXIF."""
    pillow_heif.register_heif_opener()
    turned = Image.Exif()
    turned[ORIENTATION] = orientation
    target = saved(red_head(320, 240), tmp_path / "page.heic", exif=turned.tobytes(), quality=95)
    assert (b"irot" in target.read_bytes()) == (orientation != 1)
    (page,) = decoded(target)
    assert is_red(page, side=side)


@pytest.mark.parametrize(
    ("suffix", "how"),
    [
        (".jpg", {"format": "MPO"}),
        (".heic", {"format": "HEIF"}),
        (".png", {"format": "PNG"}),
        (".webp", {"format": "WEBP"}),
    ],
)
def test_a_second_picture_inside_a_photograph_is_no_second_page(
    suffix: str, how: dict[str, str], tmp_path: Path
) -> None:
    pillow_heif.register_heif_opener()
    other = Image.new("RGB", (300, 200), "blue")
    target = saved(red_head(), tmp_path / f"two{suffix}", save_all=True, append_images=[other], **how)
    with opened_pages(target, PageOptions(most_pages=1)) as pages:
        (page,) = list(pages)
    assert is_red(page, side="top")


def test_transparency_is_paper(tmp_path: Path) -> None:
    image = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 300, 50))
    (page,) = decoded(saved(image, tmp_path / "page.png"))
    assert is_red(page, side="top")


# --- what cannot be opened


def damaged_jpeg() -> bytes:
    made = io.BytesIO()
    certificate().save(made, "JPEG")
    return made.getvalue()[: len(made.getvalue()) // 3]


def damaged_heic() -> bytes:
    pillow_heif.register_heif_opener()
    made = io.BytesIO()
    certificate().save(made, "HEIF")
    return made.getvalue()[:-4000]


def damaged_tiff() -> bytes:
    made = io.BytesIO()
    certificate().save(made, "TIFF", compression="tiff_lzw")
    content = bytearray(made.getvalue())
    content[8:4000] = b"\xff" * 3992
    return bytes(content)


def locked_pdf() -> bytes:
    with pymupdf.open("pdf", pdfs.typeset()) as document:
        return bytes(document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (damaged_jpeg, "damaged_picture"),
        (damaged_heic, "damaged_picture"),
        (damaged_tiff, "damaged_picture"),
        (locked_pdf, "encrypted_pdf"),
        (lambda: b"%PDF-1.7\n" + b"\x00" * 4000, "damaged_pdf"),
        (lambda: b"", "damaged_picture"),
        (lambda: b"GIF89a" + b"\xff" * 40, "damaged_picture"),
    ],
    ids=["cut JPEG", "cut HEIC", "torn TIFF", "locked PDF", "hollow PDF", "nothing", "broken GIF"],
)
def test_a_damaged_file_is_refused_with_its_reason(
    content: Callable[[], bytes], code: str, tmp_path: Path
) -> None:
    (tmp_path / "upload").write_bytes(content())
    with pytest.raises(UnreadableFile) as refused:
        read(tmp_path / "upload", "null")
    assert refused.value.code == code
