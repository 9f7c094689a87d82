"""Pages turned and leaning are put right, and every place leads back to the upload."""

import random

import cv2
import numpy as np
import pytest

from ingestion.reading import Image, Quad
from ingestion.specimens import forms
from ingestion.specimens.course import make_course
from ingestion.specimens.people import make_people
from ingestion.specimens.sheet import SpecimenPage
from ingestion.specimens.wear import Wear, worn
from ingestion.upright import ink_share, made_upright, orientation, skew_of

QUARTERS = [0, 1, 2, 3]


def form() -> SpecimenPage:
    course = make_course("2026-021", ledger="key_group_17", seed=1, days=2)
    return forms.trainee_registration_form(course, make_people(1, 1)[0], random.Random(1))[0]


def as_image(page: SpecimenPage) -> Image:
    return np.asarray(cv2.cvtColor(np.asarray(page.image), cv2.COLOR_RGB2BGR), dtype=np.uint8)


@pytest.mark.parametrize("quarters", QUARTERS)
def test_a_page_is_known_to_stand_turned(quarters: int) -> None:
    page = worn(form(), Wear(quarter_turns=quarters, skew=1.0))
    assert orientation(as_image(page)) == quarters * 90


@pytest.mark.parametrize("degrees", [-4.0, -1.2, 0.0, 0.8, 3.0])
def test_skew_is_measured_to_a_tenth_of_a_degree(degrees: float) -> None:
    assert skew_of(as_image(worn(form(), Wear(skew=degrees)))) == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_place_on_the_upright_page_is_found_on_the_upload(rotation: int) -> None:
    image = np.full((400, 600, 3), 255, dtype=np.uint8)
    image[50:70, 100:160] = 0
    upright = made_upright(image, rotation=rotation)
    assert upright.rotation == rotation
    back = upright.on_upload(_spot(upright.image))
    assert back.centre == pytest.approx((130, 60), abs=1)
    assert back.overlap(Quad.from_box(100, 50, 160, 70)) > 0.7


@pytest.mark.parametrize("quarters", QUARTERS)
def test_printed_values_lead_back_through_turn_and_skew(quarters: int) -> None:
    drawn = form()
    page = worn(drawn, Wear(quarter_turns=quarters, skew=2.0))
    upright = made_upright(as_image(page))
    printed = page.fields["id_number"].box
    inverse = np.linalg.inv(upright.to_upload)
    corners = np.array([[printed[0], printed[1], 1.0], [printed[2], printed[3], 1.0]]) @ inverse.T
    there_and_back = upright.on_upload(
        Quad.from_box(*corners[:, :2].min(axis=0), *corners[:, :2].max(axis=0))
    )
    assert there_and_back.overlap(Quad.from_box(*printed)) > 0.5


def test_a_blank_page_has_next_to_no_ink_and_a_form_has() -> None:
    blank = np.full((1754, 1240, 3), 250, dtype=np.uint8)
    speckled = np.clip(blank + np.random.default_rng(1).normal(0, 4, blank.shape), 0, 255).astype(np.uint8)
    assert ink_share(speckled) < 0.0004 < ink_share(as_image(form()))


def _spot(image: Image) -> Quad:
    rows, columns = np.nonzero(image.min(axis=2) < 128)
    return Quad.from_box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
