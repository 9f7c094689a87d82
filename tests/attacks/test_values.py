"""Attacks on verification."""

import pytest

from dossiers.models import DossierPage, Progress
from dossiers.numbering import check_id_number
from tests.cms.verifying import browser_of, card, page_of, post, read, say, words
from tests.factories import make_account, make_county, make_dossier, make_filing, make_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_institution()


@pytest.fixture
def clerk(school):
    return make_account("clerk", institution=school)


@pytest.fixture
def dossier(school):
    return make_dossier(school, trainees=3)


def test_the_roster_value_taken_is_the_one_she_saw(dossier, clerk):
    person, other = dossier.enrolments.all()[:2]
    sheet = card(dossier, person, name="王海艳")
    b = browser_of(clerk)
    page = page_of(b, dossier, sheet)
    seen = {"sheet": str(sheet.uuid), "seen": page.last_word, "reading": page.fingerprint}
    sheet.places.get().filing.__class__.objects.filter(places__sheet=sheet).update(enrolment=other)
    r = b.post(dossier.screen("verify"), seen | {"do": "say", "spot": "0.-1.name", "choice": "roster"})
    assert r.status_code == 409


def test_the_bureau_is_asked_about_a_number_that_fails_its_check_though_the_institution_confirmed_it(
    school, clerk
):
    dossier = make_dossier(school, trainees=0, state="under_review")
    sheet = make_filing(dossier, "identity_document_copy").places.get().sheet
    bad = "231299199003074210"

    if check_id_number(bad).is_valid:
        bad = bad[:-1] + "1"
    read(sheet, ("name", "无名氏"), ("id_number", bad, "suspect", 0.6))
    Progress.objects.filter(dossier=dossier).update(state="returned")
    dossier = DossierPage.objects.get(pk=dossier.pk)
    b = browser_of(clerk)
    assert say(b, dossier, sheet, "reading").status_code == 302
    Progress.objects.filter(dossier=dossier).update(state="under_review")
    dossier = DossierPage.objects.get(pk=dossier.pk)
    rev = browser_of(make_account("reviewer", county=make_county()))
    page_of(rev, dossier, sheet)
    r = post(rev, dossier, sheet, "confirm")
    assert r.status_code == 422


def test_the_bureau_does_not_hear_what_the_institution_has_not_handed_in(school, clerk):
    dossier = make_dossier(school, trainees=1, state="returned")
    person = dossier.enrolments.get()
    sheet = card(dossier, person, name="王海艳")
    rev = browser_of(make_account("reviewer", county=make_county()))
    say(browser_of(clerk), dossier, sheet, "roster", spot="0.-1.name")
    page = page_of(rev, dossier, sheet)
    assert [v.value for v in page.values if v.name == "name"] == ["王海艳"]


def test_control_the_same_post_with_nothing_moved_is_taken(dossier, clerk):
    person = dossier.enrolments.first()
    sheet = card(dossier, person, name="王海艳")
    assert say(browser_of(clerk), dossier, sheet, "roster", spot="0.-1.name").status_code == 302
    assert words(sheet)["name"][2] == person.name


def test_control_a_number_nobody_confirmed_is_open_for_the_bureau(school):
    dossier = make_dossier(school, trainees=0, state="under_review")
    sheet = make_filing(dossier, "identity_document_copy").places.get().sheet
    read(sheet, ("id_number", "231299199003074211", "suspect", 0.6))
    rev = browser_of(make_account("reviewer", county=make_county()))
    assert post(rev, dossier, sheet, "confirm").status_code == 422
