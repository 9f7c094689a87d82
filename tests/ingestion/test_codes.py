"""QR codes on pages: found however the page was laid on the glass, and never taken from what is no code."""

import io
import random
from pathlib import Path

import numpy as np
import pytest
import segno
from PIL import Image

from ingestion.codes import codes_on
from ingestion.pages import PageOptions, opened_pages
from ingestion.pipeline import read
from ingestion.reading import Quad
from ingestion.specimens.sheet import Sheet, SpecimenPage
from ingestion.specimens.wear import Wear, worn

PAYLOAD = "JZ1|2026-014|labour_contract_copy|0e6a5b1c-77aa-4c1e-9a53-1f0d2f6b9c11"
CODE_AT, CODE_SIDE = (60.0, 90.0), 60.0  # millimetres


def divider(payload: str = PAYLOAD, *, dpi: float = 150, words: str = "") -> SpecimenPage:
    """A sheet with a code of 60 mm, and words that say something else than the code if asked to."""
    sheet = Sheet(dpi=dpi)
    drawn = io.BytesIO()
    segno.make(payload, error="m", micro=False).save(drawn, kind="png", scale=6, border=0)
    side = sheet.px(CODE_SIDE)
    code = Image.open(drawn).convert("RGB").resize((side, side), Image.Resampling.NEAREST)
    sheet.image.paste(code, (sheet.px(CODE_AT[0]), sheet.px(CODE_AT[1])))
    if words:
        sheet.title(words)
    return sheet.page("divider_sheet")


def as_array(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"))[:, :, ::-1].copy()


def truth(dpi: float) -> Quad:
    left, top = (at * dpi / 25.4 for at in CODE_AT)
    side = CODE_SIDE * dpi / 25.4
    return Quad.from_box(left, top, left + side, top + side)


@pytest.mark.parametrize("dpi", [120, 150, 300])
def test_a_code_is_read_with_its_place(dpi: int) -> None:
    (code,) = codes_on(as_array(divider(dpi=dpi).image))
    assert code.payload == PAYLOAD
    assert code.quad.overlap(truth(dpi)) > 0.9


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_code_is_read_on_a_worn_page_of_120_dpi_however_it_is_turned(turns: int) -> None:
    rng = random.Random(turns)
    wear = Wear(
        quarter_turns=turns,
        skew=rng.uniform(-5, 5),
        lean=0.08,
        blur=1.6,
        noise=12,
        uneven_light=0.4,
        jpeg_quality=40,
    )
    found = codes_on(as_array(worn(divider(dpi=120), wear, seed=turns).image))
    assert [code.payload for code in found] == [PAYLOAD]


def test_a_very_small_code_is_read_enlarged() -> None:
    small = divider(dpi=150).image.resize((265, 375), Image.Resampling.LANCZOS)
    (code,) = codes_on(as_array(small))
    assert code.payload == PAYLOAD
    assert code.quad.overlap(truth(150 * 265 / 1240)) > 0.8


@pytest.mark.parametrize(
    "payload", ["JZ1|2026-014||", "JZ1|2026-014|labour_contract_copy|", "https://example.org/", "第七件"]
)
def test_what_a_code_says_is_handed_on_verbatim(payload: str) -> None:
    (code,) = codes_on(as_array(divider(payload).image))
    assert code.payload == payload


def test_two_codes_on_a_page_come_from_the_top() -> None:
    page, other = divider().image, divider("JZ1|2026-015||").image
    both = Image.new("RGB", (page.width, page.height * 2), "white")
    both.paste(other, (0, page.height))
    both.paste(page, (0, 0))
    assert [code.payload for code in codes_on(as_array(both))] == [PAYLOAD, "JZ1|2026-015||"]


def test_bytes_that_nobody_could_have_typed_are_no_code_of_a_paper() -> None:
    assert codes_on(as_array(divider("JZ1|\x00\x1b[2J|").image)) == ()
    assert codes_on(as_array(divider("9" * 1001, dpi=300).image)) == ()


def test_a_page_without_a_code_has_none() -> None:
    sheet = Sheet()
    sheet.title("培训人员名册")
    sheet.table(20, 40, [20.0] * 8, 8, [["□■"] * 8] * 20)
    assert codes_on(as_array(sheet.image)) == ()


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_a_divider_is_known_by_its_code_alone(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"divider{suffix}"
    divider(words="劳动合同书").image.save(target, resolution=150)
    (page,) = read(target, "null")
    assert (page.kind, page.kind_confidence) == ("divider_sheet", 1.0)
    (code,) = page.codes
    assert code.payload == PAYLOAD


def test_the_code_of_a_page_that_is_worked_on_smaller_stands_in_pixels_of_the_upload(tmp_path: Path) -> None:
    target = tmp_path / "large.png"
    divider(dpi=300).image.save(target)
    with opened_pages(target, PageOptions(longest_side=1200)) as pages:
        (page,) = list(pages)
    assert page.image.shape[0] == 1200
    assert page.codes[0].quad.overlap(truth(300)) > 0.9


def test_a_code_that_is_not_ours_leaves_the_page_what_it_is(tmp_path: Path) -> None:
    target = tmp_path / "page.png"
    divider("https://example.org/divider").image.save(target)
    (page,) = read(target, "null")
    assert page.kind == "other"
    assert page.codes[0].payload == "https://example.org/divider"


def test_what_a_code_says_does_not_stand_in_its_repr() -> None:
    (code,) = codes_on(as_array(divider("231299199001011234").image))
    assert "231299199001011234" not in repr(code)
