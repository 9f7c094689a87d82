"""A returned page before the camera: she sees that it mends, what was missing then, and only that page goes."""

import pytest
from django.utils import timezone

from dossiers.models import DossierPage
from tests import factories
from tests.cms.camera import came_in, drawn, place_on, press, read_as, signed_in, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return factories.make_institution()


@pytest.fixture
def dossier(school):
    return DossierPage.objects.get(pk=factories.make_dossier(school, trainees=3).pk)


@pytest.fixture
def clerk(school):
    return factories.make_account("clerk", institution=school)


@pytest.fixture
def phone(clerk):
    return signed_in(clerk)


@pytest.fixture
def returned(dossier):
    """The second page of a contract of three went back: the seal of party A was missing."""
    trainee = dossier.enrolments.get(seq=1)
    filing = factories.make_filing(
        dossier, "labour_contract_copy", part="signature_page", enrolment=trainee, pages=3
    )
    record = dossier.items.create(item_id="labour_contract_copy")
    note = record.returns.create(
        dossier=dossier,
        filing=filing,
        sheet=filing.places.get(position=2).sheet,
        reason="缺甲方盖章",
        returned_by=factories.make_account("reviewer"),
    )
    dossier.progress.state = "returned"
    dossier.progress.first_handed_in_at = timezone.now()
    dossier.progress.save()
    return note


def test_she_sees_that_it_mends_a_return_and_what_was_missing_then(phone, dossier, returned):
    upload = take(phone, dossier, note=str(returned.uuid))
    assert (upload.target_item, upload.target_enrolment.seq) == ("labour_contract_copy", 1)
    where = {"part": "signature_page", "enrolment": returned.filing.enrolment}
    read_as(upload, "labour_contract_copy", fields={"party_a_seal": ("true", "read")}, **where)
    page = drawn(phone, dossier, note=str(returned.uuid))
    assert "退回的第 2 页，其余 2 页照旧" in page
    assert "当时缺甲方盖章，这次看到了，待您确认" in page


def test_a_seal_still_missing_is_said_before_it_goes_back_a_second_time(phone, dossier, returned):
    where = {"part": "signature_page", "enrolment": returned.filing.enrolment}
    upload = came_in(phone, dossier)
    read_as(upload, "labour_contract_copy", fields={"party_a_seal": ("false", "read")}, **where)
    assert "这次还是没有看到" in drawn(phone, dossier, note=str(returned.uuid))


def test_filing_it_exchanges_that_page_alone(phone, dossier, returned):
    note = str(returned.uuid)
    upload = came_in(phone, dossier)
    where = {"part": "signature_page", "enrolment": returned.filing.enrolment}
    sheet = read_as(upload, "labour_contract_copy", **where)

    answer = press(
        phone, dossier, "file", upload, place=place_on(drawn(phone, dossier, note=note)), note=note
    )

    assert "?" not in answer.url  # done: she goes on with whatever comes
    new = dossier.filings.get(state="filed")
    old = [place.sheet for place in returned.filing.places.order_by("position")]
    assert [place.sheet for place in new.places.order_by("position")] == [old[0], sheet, old[2]]
    returned.refresh_from_db()
    assert returned.settled_by_filing == new
