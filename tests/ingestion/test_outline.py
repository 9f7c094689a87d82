"""The sheet on a photograph: found where it lies on a table, claimed nowhere else, and laid flat with its way back."""

import random

import cv2
import numpy as np
import pytest

from ingestion.outline import flattened, outline_of
from ingestion.reading import Image
from ingestion.specimens import forms, identity
from ingestion.specimens.course import make_course
from ingestion.specimens.people import make_people
from ingestion.specimens.sheet import Sheet
from ingestion.specimens.wear import Wear, worn

TABLES = {"dark wood": (48, 74, 112), "blue cloth": (150, 96, 60), "grey desk": (150, 152, 156)}
SHAPES = {
    "tilted": [(180, 150), (1010, 90), (1120, 1500), (110, 1440)],
    "turned": [(320, 120), (1120, 330), (860, 1490), (60, 1270)],
    "from the side": [(150, 260), (1060, 120), (1080, 1480), (140, 1290)],
}
COURSE = make_course("2026-021", ledger="key_group_17", seed=1, days=2)


def as_image(picture) -> Image:
    return np.asarray(cv2.cvtColor(np.asarray(picture.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)


def form() -> Image:
    return as_image(forms.trainee_registration_form(COURSE, make_people(1, 1)[0], random.Random(1))[0].image)


def on_a_table(page: Image, corners: list[tuple[int, int]], colour: tuple[int, int, int]) -> Image:
    """A photograph of 1200 by 1600 pixels: the page lies with these corners, the light falls off to one side."""
    height, width = page.shape[:2]
    noise = np.random.default_rng(4)
    table = np.clip(np.full((1600, 1200, 3), colour) + noise.normal(0, 7, (1600, 1200, 1)), 0, 255)
    edges = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    warp = cv2.getPerspectiveTransform(edges, np.array(corners, np.float32))
    lying = cv2.warpPerspective(page, warp, (1200, 1600), flags=cv2.INTER_AREA)
    there = cv2.warpPerspective(np.full((height, width), 255, np.uint8), warp, (1200, 1600)) > 127
    shot = np.where(there[:, :, None], lying, table) * np.linspace(1.0, 0.75, 1200)[None, :, None]
    return np.asarray(cv2.GaussianBlur(shot.astype(np.uint8), (0, 0), 0.8), np.uint8)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_sheet_on_a_table_is_found_to_within_a_hundredth_of_the_picture(shape: str, table: str) -> None:
    found = outline_of(on_a_table(form(), SHAPES[shape], TABLES[table]))
    assert found is not None
    assert np.abs(found - np.array(SHAPES[shape], float)).max() < 16


def test_places_on_the_flat_sheet_lead_back_to_the_photograph() -> None:
    flat = flattened(on_a_table(form(), SHAPES["tilted"], TABLES["dark wood"]))
    assert flat is not None
    height, width = flat.image.shape[:2]
    corners = np.array([(0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1)], float) @ flat.back.T
    led_back = corners[:, :2] / corners[:, 2:]
    assert np.abs(led_back - np.array(SHAPES["tilted"], float)).max() < 45
    assert flat.image.mean() > 200


@pytest.mark.parametrize(
    "wear", [Wear(), Wear(skew=2.0, uneven_light=0.25), Wear(grey=True, lean=0.04, noise=5.0)]
)
def test_a_scan_that_fills_its_picture_has_no_outline(wear: Wear) -> None:
    drawn = forms.trainee_registration_form(COURSE, make_people(1, 1)[0], random.Random(1))[0]
    assert outline_of(as_image(worn(drawn, wear).image)) is None


def test_a_frame_printed_on_paper_is_no_outline() -> None:
    page = as_image(Sheet().image)
    height, width = page.shape[:2]
    cv2.rectangle(page, (80, 80), (width - 80, height - 80), (40, 30, 160), 6)
    cv2.rectangle(page, (100, 100), (width - 100, height - 100), (40, 30, 160), 2)
    assert outline_of(page) is None


def test_cards_copied_onto_a_white_page_are_not_cut_out_of_it() -> None:
    sheet = Sheet()
    person = make_people(1, 9)[0]
    sheet.paste(identity.card_front(person), 12, 30)
    sheet.paste(identity.card_back(person), 110, 30)
    assert outline_of(as_image(sheet.image)) is None


def test_a_sheet_that_reaches_out_of_the_picture_is_left_as_it_is() -> None:
    beyond = [(-80, 150), (1010, 90), (1120, 1700), (-90, 1640)]
    assert outline_of(on_a_table(form(), beyond, TABLES["dark wood"])) is None


def test_a_picture_of_one_pixel_has_no_outline() -> None:
    assert outline_of(np.zeros((1, 1, 3), np.uint8)) is None
