"""Real reading of drawn papers against their truth: kinds, values, places; nothing wrong accepted, nothing invented."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion.pipeline import read
from ingestion.reading import FieldState, PageResult, Quad
from ingestion.specimens import forms, identity
from ingestion.specimens.box import Faults, make_box
from ingestion.specimens.course import make_course
from ingestion.specimens.people import make_people
from ingestion.specimens.sheet import Sheet
from ingestion.specimens.truth import PageTruth, page_truth

pytestmark = [pytest.mark.ocr, pytest.mark.slow]
SMALLEST_OVERLAP = 0.4
CLOSE_OVERLAP = 0.7
COURSE = make_course("2026-021", ledger="key_group_17", seed=1, days=2)


@dataclass(frozen=True)
class ReadPage:
    seen: PageResult
    truth: PageTruth

    def value_is_right(self, name: str) -> bool:
        reading = self.seen.main.field(name)
        return reading is not None and reading.value == self.truth.fields[name]["value"]

    def place_of(self, name: str) -> Quad:
        """Where the truth has the value, in pixels of the page as read."""
        across, down = self.seen.page.width / self.truth.width, self.seen.page.height / self.truth.height
        left, top, right, bottom = self.truth.fields[name]["box"]
        return Quad.from_box(left * across, top * down, right * across, bottom * down)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> list[ReadPage]:
    folder = tmp_path_factory.mktemp("box")
    truth = make_box(folder, ledger="key_group_17", trainees=3, seed=17, faults=Faults(0, 1, 1))
    files = dict.fromkeys(page.file for page in truth.pages)
    return [
        ReadPage(seen, page)
        for name in files
        for seen, page in zip(read(folder / name), list(truth.of_file(name)), strict=True)
    ]


def with_field(pages: list[ReadPage], name: str) -> Iterator[ReadPage]:
    return (page for page in pages if name in page.truth.fields)


def test_every_page_is_taken_for_what_it_is(box: list[ReadPage]) -> None:
    taken = {(page.truth.file, page.truth.page): page.seen.kind for page in box}
    assert taken == {(page.truth.file, page.truth.page): page.truth.kind for page in box}


def test_every_turned_page_is_found_turned(box: list[ReadPage]) -> None:
    assert [page.seen.page.rotation for page in box] == [page.truth.rotation for page in box]
    assert len({page.truth.rotation for page in box}) > 1


@pytest.mark.parametrize("name", ["id_number", "name", "certificate_no", "birth_date", "address"])
def test_values_are_read_exactly(box: list[ReadPage], name: str) -> None:
    pages = list(with_field(box, name))
    wrong = [page.truth.file for page in pages if not page.value_is_right(name)]
    assert pages
    assert wrong == []


def test_the_planted_wrong_number_is_suspect_and_no_wrong_one_is_accepted(box: list[ReadPage]) -> None:
    planted = [page for page in box if page.truth.fault == "wrong_id_number"]
    assert len(planted) == 1
    for page in with_field(box, "id_number"):
        reading = page.seen.main.field("id_number")
        assert reading is not None
        if page.truth.fault == "wrong_id_number":
            assert reading.state == FieldState.SUSPECT
        else:
            assert (reading.value, reading.state) == (page.truth.id_number, FieldState.CHECKED)


def test_numbers_are_found_at_their_place_on_the_untouched_upload(box: list[ReadPage]) -> None:
    for page in with_field(box, "id_number"):
        reading = page.seen.main.field("id_number")
        assert reading is not None
        assert reading.quad is not None
        assert reading.quad.overlap(page.place_of("id_number")) > SMALLEST_OVERLAP, page.truth.file


def test_four_cards_on_one_sheet_are_four_documents_of_two_people(tmp_path: Path) -> None:
    one, other = make_people(2, 9)
    sheet = Sheet()
    for person, y in ((one, 30), (other, 130)):
        sheet.paste(identity.card_front(person), 12, y)
        sheet.paste(identity.card_back(person), 110, y)
    sheet.image.save(tmp_path / "four.png")
    (page,) = read(tmp_path / "four.png")
    kinds = [document.kind for document in page.documents]
    assert kinds == ["id_card_front", "id_card_front", "id_card_back", "id_card_back"]
    numbers = [reading.value for reading in page.fields if reading.name == "id_number"]
    assert numbers == [one.id_number, other.id_number]


def _blank() -> Image.Image:
    return Sheet().image


def _english() -> Image.Image:
    sheet = Sheet()
    sheet.title("Annual Report", y=40)
    sheet.paragraph(
        25, 70, "The committee met twice during the year and approved the accounts. " * 8, width=160
    )
    return sheet.image


def _scenic() -> Image.Image:
    tones = np.random.default_rng(5).integers(0, 255, (12, 16, 3), dtype=np.uint8)
    return Image.fromarray(tones).resize((1200, 900), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("draw", [_blank, _english, _scenic])
def test_nothing_is_invented_on_a_page_that_is_no_ledger_paper(
    draw: Callable[[], Image.Image], tmp_path: Path
) -> None:
    draw().save(tmp_path / "page.png")
    (page,) = read(tmp_path / "page.png")
    assert page.kind == "other"
    assert page.main.field("id_number") is None


def test_a_mirrored_page_is_read_turned_over_and_said_to_be_mirrored(tmp_path: Path) -> None:
    person = make_people(1, 1)[0]
    page = identity.employment_proof(COURSE, person, random.Random(1))[0]
    page.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "page.png")
    (seen,) = read(tmp_path / "page.png")
    number = seen.main.field("id_number")
    assert "mirrored" in seen.notes
    assert number is not None
    assert (number.value, number.state) == (person.id_number, FieldState.CHECKED)


def test_a_registration_form_tells_its_ticks_marks_and_close_boxes(tmp_path: Path) -> None:
    person = make_people(1, 4)[0]
    drawn = forms.trainee_registration_form(COURSE, person, random.Random(2))[0]
    drawn.image.save(tmp_path / "form.png")
    (page,) = read(tmp_path / "form.png")
    truth = page_truth(drawn, file="form.png", page=1, person=person).documents[0]["fields"]
    for name in ("person_category", "registration_status", "trainee_signature", "photo", "institution_seal"):
        reading = page.main.field(name)
        assert reading is not None, name
        assert reading.value == truth[name]["value"], name
    for name in ("sex", "ethnicity", "id_number", "phone"):
        reading = page.main.field(name)
        assert reading is not None, name
        assert reading.quad is not None, name
        assert reading.quad.overlap(Quad.from_points(truth[name]["quad"])) > CLOSE_OVERLAP, name
