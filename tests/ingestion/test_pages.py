"""Files to pages: every format that is taken in, and an honest code for what cannot be opened."""

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from ingestion.pages import PageOptions, PagePicture, UnreadableFile, opened_pages, thumbnail_of, view_of
from ingestion.pipeline import read
from ingestion.specimens.sheet import Sheet

Spoiler = Callable[[Path], None]


def picture(width: int = 620, height: int = 877) -> Image.Image:
    sheet = Sheet((width / 150 * 25.4, height / 150 * 25.4))
    sheet.title("培训教案", points=16)
    return sheet.image


def pages_of(path: Path, options: PageOptions = PageOptions()) -> list[PagePicture]:  # noqa: B008 - frozen
    with opened_pages(path, options) as pictures:
        return list(pictures)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".pdf", ".webp"])
def test_a_picture_of_one_page_has_the_size_it_was_uploaded_with(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"page{suffix}"
    picture().save(target, resolution=200, dpi=(200, 200))
    (page,) = pages_of(target)
    assert (page.number, page.count) == (1, 1)
    assert (page.width, page.height) == pytest.approx(picture().size, abs=2)
    assert page.image.shape == (page.height, page.width, 3)


@pytest.mark.parametrize("suffix", [".tif", ".pdf"])
def test_files_of_many_pages_are_counted_from_one(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"pages{suffix}"
    picture().save(target, save_all=True, append_images=[picture(), picture()])
    assert [(page.number, page.count) for page in pages_of(target)] == [(1, 3), (2, 3), (3, 3)]


def test_a_turn_that_the_camera_noted_is_made_first(tmp_path: Path) -> None:
    target = tmp_path / "phone.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(800, 400).save(target, exif=exif)
    (page,) = pages_of(target)
    assert (page.width, page.height) == (400, 800)


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P", "RGBA", "I;16"])
def test_every_colour_mode_becomes_three_channels_on_white(mode: str, tmp_path: Path) -> None:
    target = tmp_path / ("page.jpg" if mode == "CMYK" else "page.tif")
    if mode == "I;16":
        Image.new("I;16", (300, 200), 65535).save(target)
    else:
        Image.new("RGB", (300, 200), "white").convert(mode).save(target)
    (page,) = pages_of(target)
    assert page.image.shape == (200, 300, 3)
    assert page.image.mean() > 245


def test_a_large_page_is_worked_on_smaller_and_leads_back_to_the_upload(tmp_path: Path) -> None:
    target = tmp_path / "large.png"
    picture(2000, 3000).save(target)
    (page,) = pages_of(target, PageOptions(longest_side=1500))
    assert (page.width, page.height) == (2000, 3000)
    assert page.image.shape == (1500, 1000, 3)
    corner = page.to_upload @ [1000, 1500, 1]
    assert tuple(corner[:2]) == pytest.approx((2000, 3000))


def test_one_pixel_is_a_page_that_says_nothing(tmp_path: Path) -> None:
    target = tmp_path / "dot.png"
    Image.new("RGB", (1, 1), "white").save(target)
    (page,) = read(target, "null")
    assert (page.blank, page.kind) == (True, "other")


def _truncated(target: Path) -> None:
    picture().save(target, "JPEG")
    target.write_bytes(target.read_bytes()[:2000])


def _encrypted(target: Path) -> None:
    with pymupdf.open() as document:
        document.new_page()
        document.save(target, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")


def _bomb(target: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(target, "PNG")


def _html(target: Path) -> None:
    target.write_text("<html><body>not a picture</body></html>")


def _broken_pdf(target: Path) -> None:
    target.write_bytes(b"%PDF-1.7\n1 0 obj\n<<garbage")


def _empty(target: Path) -> None:
    target.write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_truncated, "damaged_picture"),
        (_encrypted, "encrypted_pdf"),
        (_bomb, "too_many_pixels"),
        (_html, "damaged_picture"),
        (_broken_pdf, "damaged_pdf"),
        (_empty, "damaged_picture"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_its_reason(spoil: Spoiler, code: str, tmp_path: Path) -> None:
    target = tmp_path / "upload"
    spoil(target)
    with pytest.raises(UnreadableFile) as refused:
        pages_of(target)
    assert refused.value.code == code


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    target = tmp_path / "pages.tif"
    picture().save(target, save_all=True, append_images=[picture()])
    with pytest.raises(UnreadableFile) as refused:
        pages_of(target, PageOptions(most_pages=1))
    assert refused.value.code == "too_many_pages"


def test_the_upload_is_left_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "page.png"
    picture().save(target)
    before = target.read_bytes()
    read(target, "null")
    assert target.read_bytes() == before


def test_view_and_thumbnail_are_upright_and_within_their_bounds(tmp_path: Path) -> None:
    target = tmp_path / "page.png"
    picture(3000, 1000).save(target)
    (page,) = pages_of(target, PageOptions(longest_side=3000))
    for made, side in ((view_of(page.image, 90), 1600), (thumbnail_of(page.image, 90), 320)):
        shown = tmp_path / "shown.jpg"
        shown.write_bytes(made)
        width, height = Image.open(shown).size
        assert max(width, height) == side
        assert height > width
