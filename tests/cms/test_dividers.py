"""Divider sheets are printed with a code that a reader finds and that leads back to this class."""

import cv2
import numpy as np
import pymupdf
import pytest
from django.test import Client

from cms.rows.dividers import sheets
from dossiers.dividers import Divider, Holder, parse, route
from dossiers.standing import ledger_of
from ingestion.codes import codes_on
from tests.factories import make_account, make_dossier, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_institution()


@pytest.fixture
def dossier(school):
    return make_dossier(school, trainees=2)


@pytest.fixture
def browser(school):
    client = Client()
    client.force_login(
        make_account("clerk", institution=school), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def printed(browser, dossier, query: str) -> list[tuple[str, list[str]]]:
    """Words and codes of each page of the PDF, drawn as a copier would scan it."""
    answer = browser.get(f"{dossier.screen('dividers-pdf')}?{query}")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    found = []
    with pymupdf.open(stream=answer.content, filetype="pdf") as pdf:
        for page in pdf:
            drawn = page.get_pixmap(dpi=120, colorspace=pymupdf.csGRAY)
            picture = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.width)
            shown = cv2.rotate(cv2.GaussianBlur(picture, (3, 3), 0), cv2.ROTATE_90_CLOCKWISE)
            found.append((page.get_text(), [code.payload for code in codes_on(shown)]))
    return found


def test_one_sheet_a_person_names_her_large_and_leads_to_her(browser, dossier):
    people = list(dossier.enrolments.all())
    pages = printed(browser, dossier, "set=people&item=identity_document_copy")
    assert len(pages) == 2
    roster = [Holder(person.pk, str(person.uuid), person.seq) for person in people]
    for (words, [payload]), person in zip(pages, people, strict=True):
        assert person.name in words and "身份证" in words and dossier.class_no in words
        led = route(payload, class_no=dossier.class_no, ledger=ledger_of(dossier), roster=roster)
        assert (led.item_id, led.trainee_key) == ("identity_document_copy", person.pk)


def test_the_sheet_of_the_class_names_nothing_else(browser, dossier):
    [(words, [payload])] = printed(browser, dossier, "set=class")
    assert parse(payload) == Divider(dossier.class_no) and "全班" in words


def test_there_is_a_sheet_for_every_item_and_for_every_paper_of_a_person(dossier):
    ledger = ledger_of(dossier)
    assert len(sheets(dossier, "items")) == len(list(ledger))
    one = dossier.enrolments.first()
    items = {parse(sheet.payload).item_id for sheet in sheets(dossier, "person", trainee=one)}
    assert {"identity_document_copy", "labour_contract_copy"} <= items and "lesson_plan" not in items


def test_no_sheet_holds_an_id_number(dossier):
    number = dossier.enrolments.first().person.id_number.reveal()
    made = sheets(dossier, "people", item_id="identity_document_copy")
    assert not any(number in sheet.payload for sheet in made)


@pytest.mark.parametrize("query", ["set=people&item=no_such", "set=person", "set=person&trainee=x", "set=??"])
def test_a_set_that_the_class_does_not_have_is_not_there(browser, dossier, query):
    assert browser.get(f"{dossier.screen('dividers-pdf')}?{query}").status_code == 404


def test_the_screen_offers_every_set(browser, dossier):
    page = browser.get(dossier.screen("dividers")).content.decode()
    assert all(words in page for words in ("全班一张", "每件一张", "一件，每人一张", "一人，每件一张"))


def test_a_trainee_of_another_class_gets_no_sheet_here(browser, dossier):
    stranger = make_dossier(trainees=1).enrolments.get()
    query = f"set=person&trainee={stranger.uuid}"
    assert browser.get(f"{dossier.screen('dividers-pdf')}?{query}").status_code == 404
