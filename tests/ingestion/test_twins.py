"""The same page again is found in other bytes; a paper of the same form is not taken for it."""

import random

import cv2
import numpy as np
import pytest

from dossiers.models import Likeness, Sheet
from foundation.blobs import store
from ingestion import filing, twins
from ingestion.picture_hash import as_rows, distances, picture_hash, same_picture
from ingestion.pictures import keep_pictures
from ingestion.reading import DocumentReading, FieldReading, FieldState, Page, PageResult, Quad
from ingestion.specimens.course import make_course
from ingestion.specimens.papers import draw_for
from ingestion.specimens.people import make_people
from tests import factories

WHOLE = Quad.from_box(0, 0, 1240, 1754)
COURSE = make_course("2026-014", ledger="key_group_17", seed=2)
PEOPLE = make_people(2, seed=3)


def drawn(person: int, paper: str = "training_completion_certificate") -> np.ndarray:
    [page, *_more] = draw_for(PEOPLE[person], paper, COURSE, random.Random(1))
    return np.asarray(page.image.convert("RGB"))[:, :, ::-1]


def jpeg(picture: np.ndarray, side: int = 1600, quality: int = 82) -> bytes:
    scale = min(1.0, side / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def test_a_picture_stored_anew_is_the_same_and_near_in_its_hash():
    one, again = jpeg(drawn(0)), jpeg(drawn(0), 1100, 55)
    assert same_picture(one, again)
    assert distances(picture_hash(one), as_rows([picture_hash(again)]))[0] < 16


@pytest.mark.parametrize("paper", ["training_completion_certificate", "id_card_back", "labour_contract"])
def test_the_same_form_of_another_person_is_another_picture(paper):
    assert not same_picture(jpeg(drawn(0, paper)), jpeg(drawn(1, paper)))


def test_an_empty_page_has_no_hash():
    assert picture_hash(jpeg(np.full((400, 300, 3), 255, np.uint8))) == ""


def test_what_says_otherwise_is_not_the_same_whatever_it_looks_like():
    one = {"certificate_no": frozenset({"A1"}), "name": frozenset({"王海燕"})}
    assert twins.agreement(one, {"certificate_no": frozenset({"A2"})}) is None
    assert twins.agreement(one, {"name": frozenset({"李国栋"})}) is None
    assert twins.agreement(one, {"certificate_no": frozenset({"A1"}), "name": frozenset({"王海蒸"})}) == {
        "certificate_no"
    }


# With rows ------------------------------------------------------------------------------------------------
def read(dossier, picture: np.ndarray, number: str = "", *, side: int = 1600, quality: int = 82) -> Sheet:
    """A page of this dossier, read and filed as a worker would."""
    held = factories.make_upload(dossier)
    sheet = held.sheets.get()
    view, thumbnail = jpeg(picture, side, quality), jpeg(picture, 320, quality)
    keep_pictures(store(), sheet, view, thumbnail)
    place = Quad.from_box(100, 100, 600, 140)
    fields = (FieldReading("certificate_no", number, 0.9, place, FieldState.CHECKED),) if number else ()
    document = DocumentReading("training_completion_certificate", 0.9, WHOLE, fields=fields)
    page = PageResult(
        Page(1, 1240, 1754), 1, (document,), (), "scripted", "1", 0.1, view=view, thumbnail=thumbnail
    )
    filing.file_page(sheet, page, of=filing.class_of(held), previous=None)
    return sheet


@pytest.mark.django_db
def test_the_same_picture_in_other_bytes_is_noted_once_with_what_agrees():
    dossier = factories.make_dossier(trainees=1)
    first = read(dossier, drawn(0), "JNPX120226000211")
    again = read(dossier, drawn(0), "JNPX120226000211", side=1100, quality=50)
    [noted] = Likeness.objects.all()
    assert (noted.first_id, noted.again_id, noted.how) == (first.pk, again.pk, "picture")
    assert noted.agreed == ["certificate_no"]


@pytest.mark.django_db
def test_certificates_of_two_people_are_not_alike():
    dossier = factories.make_dossier(trainees=1)
    read(dossier, drawn(0), "JNPX120226000211")
    read(dossier, drawn(1), "JNPX120226000212")
    assert not Likeness.objects.exists()


@pytest.mark.django_db
def test_pages_without_numbers_are_held_picture_against_picture():
    dossier = factories.make_dossier(trainees=1)
    read(dossier, drawn(0, "id_card_back"))
    read(dossier, drawn(1, "id_card_back"))
    assert not Likeness.objects.exists()
    read(dossier, drawn(0, "id_card_back"), side=1200)
    assert Likeness.objects.count() == 1


@pytest.mark.django_db
def test_the_same_picture_in_another_class_is_noted_but_told_to_those_who_share_it():
    school = factories.make_institution()
    own, strange = factories.make_dossier(school), factories.make_dossier()
    read(strange, drawn(0))
    sheet = read(own, drawn(0), side=1200)
    assert Likeness.objects.filter(again=sheet).count() == 1
    assert "known_elsewhere" not in str(sheet.places.get().filing.reasons)
    second = factories.make_dossier(school, class_no="2026-555")
    read(second, drawn(0), side=1300)
    later = read(own, drawn(0), side=1400)
    assert "2026-555" in str(later.places.get().filing.reasons)


@pytest.mark.django_db
def test_what_two_workers_read_at_once_is_found_when_the_file_is_closed():
    dossier = factories.make_dossier(trainees=1)
    first = read(dossier, drawn(0))
    second = read(dossier, drawn(0), side=1200)
    Likeness.objects.all().delete()
    began = first.reading.read_at
    twins.note_late_twins(second.upload, since=began)
    assert Likeness.objects.get().first_id == first.pk
