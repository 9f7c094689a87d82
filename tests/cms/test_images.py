"""Pictures, originals and recordings: who sees them, how small, and what is written down."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from dossiers.models import AccessEntry, Sheet, Upload
from foundation import jobs
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def null_engine(settings):
    settings.OCR_ENGINE = "null"


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=1)


@pytest.fixture
def clerk(dossier):
    return factories.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def sheet(clerk, dossier) -> Sheet:
    """A page that was read, and of which nobody knows that it shows no number."""
    Sender.of(clerk, dossier).send("身份证 王海燕.jpg", desk.picture(size=(1240, 1754)))
    jobs.work_off(subject=str(dossier.uuid))
    return Sheet.objects.select_related("upload__blob").get()


def as_(account) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    return client


def size_of(response) -> tuple[int, int]:
    return Image.open(io.BytesIO(b"".join(response.streaming_content))).size


def test_the_thumbnail_of_a_page_that_may_show_a_number_is_veiled(sheet, clerk):
    assert sheet.shows_identity
    veiled = as_(clerk).get(f"/sheets/{sheet.uuid}/thumb")
    assert max(size_of(veiled)) == 160
    Sheet.objects.update(shows_identity=False)
    clear = as_(clerk).get(f"/sheets/{sheet.uuid}/thumb")
    assert max(size_of(clear)) == 320
    assert not AccessEntry.objects.exists()


def test_opening_the_page_is_written_down_once_in_ten_minutes(sheet, clerk):
    for _again in range(3):
        assert as_(clerk).get(f"/sheets/{sheet.uuid}/view").status_code == 200
    entry = AccessEntry.objects.get()
    assert (entry.account, entry.what, entry.subject) == (clerk, "image", sheet.uuid)
    AccessEntry.objects.update(at=timezone.now() - timedelta(minutes=11))
    as_(clerk).get(f"/sheets/{sheet.uuid}/view")
    assert AccessEntry.objects.count() == 2


def test_opening_the_original_is_written_down_apart(sheet, clerk):
    content = b"".join(as_(clerk).get(f"/uploads/{sheet.upload.uuid}/original").streaming_content)
    assert content == desk.picture(size=(1240, 1754))
    assert AccessEntry.objects.get().what == "original"


def test_a_page_without_identity_is_opened_without_a_word(sheet, clerk):
    Sheet.objects.update(shows_identity=False)
    as_(clerk).get(f"/sheets/{sheet.uuid}/view")
    as_(clerk).get(f"/uploads/{sheet.upload.uuid}/original")
    assert not AccessEntry.objects.exists()


def hand_in(sheet: Sheet) -> None:
    """Make the sheet one that reviewers see."""
    dossier = sheet.dossier
    dossier.progress.first_handed_in_at = dossier.progress.handed_in_at = timezone.now()
    dossier.progress.state = "handed_in"
    dossier.progress.save()
    factories.make_filing(dossier, "identity_document_copy", upload=sheet.upload, by=sheet.upload.received_by)


def test_a_reviewer_sees_what_was_handed_in_until_her_daily_looks_are_used_up(sheet, settings):
    settings.REVEALS_A_DAY = 1
    reviewer = factories.make_account("reviewer")
    address = f"/sheets/{sheet.uuid}/view"
    assert as_(reviewer).get(address).status_code == 404
    hand_in(sheet)
    assert as_(reviewer).get(address).status_code == 200
    spent = as_(reviewer).get(f"/uploads/{sheet.upload.uuid}/original")
    assert spent.status_code == 429
    assert "今天打开证件影像已达 1 次上限" in spent.content.decode()
    assert as_(reviewer).get(address).status_code == 200  # the same look, within ten minutes
    assert as_(reviewer).get(f"/sheets/{sheet.uuid}/thumb").status_code == 200


def test_one_page_handed_in_does_not_open_the_rest_of_its_file(dossier, clerk):
    Sender.of(clerk, dossier).send("一叠.tif", desk.tiff(pages=2))
    handed_in, kept_back = Sheet.objects.order_by("number")
    dossier.progress.first_handed_in_at = dossier.progress.handed_in_at = timezone.now()
    dossier.progress.state = "returned"
    dossier.progress.save()
    filing = factories.make_filing(dossier, "lesson_plan", by=clerk)
    filing.places.update(sheet=handed_in)
    reviewer = as_(factories.make_account("reviewer"))

    answer = reviewer.get(f"/uploads/{handed_in.upload.uuid}/original")

    assert answer.status_code == 404
    assert "逐页查看" in answer.content.decode()
    assert reviewer.get(f"/sheets/{handed_in.uuid}/view").status_code == 200
    assert reviewer.get(f"/sheets/{kept_back.uuid}/view").status_code == 404
    assert as_(clerk).get(f"/uploads/{handed_in.upload.uuid}/original").status_code == 200
    Sheet.objects.filter(pk=kept_back.pk).update(is_blank=True)
    assert reviewer.get(f"/uploads/{handed_in.upload.uuid}/original").status_code == 200


def test_an_institution_has_no_daily_limit_on_its_own_papers(sheet, clerk, settings):
    settings.REVEALS_A_DAY = 0
    assert as_(clerk).get(f"/sheets/{sheet.uuid}/view").status_code == 200


@pytest.mark.parametrize(
    "address", ["/sheets/{sheet}/thumb", "/sheets/{sheet}/view", "/uploads/{upload}/original"]
)
def test_a_neighbour_and_a_reviewer_of_another_county_find_nothing(address, sheet):
    hand_in(sheet)
    where = address.format(sheet=sheet.uuid, upload=sheet.upload.uuid)
    elsewhere = factories.make_account("reviewer", county=factories.make_county("21", "肇东市"))
    for stranger in (factories.make_account("clerk"), elsewhere, factories.make_account("administrator")):
        assert as_(stranger).get(where).status_code == 404
    assert Client(headers={"host": "localhost"}).get(where).status_code == 302


def test_bytes_come_by_ranges_with_headers_that_let_nothing_run(sheet, clerk):
    answer = as_(clerk).get(f"/uploads/{sheet.upload.uuid}/original", headers={"Range": "bytes=0-9"})
    assert answer.status_code == 206
    assert answer["Content-Range"].startswith("bytes 0-9/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    assert "filename*=utf-8''" in answer["Content-Disposition"]


def test_a_pdf_is_handed_over_as_a_file(clerk, dossier):
    Sender.of(clerk, dossier).send("协议.pdf", desk.pdf())
    upload = Upload.objects.get()
    answer = as_(clerk).get(f"/uploads/{upload.uuid}/original")
    assert answer["Content-Disposition"].startswith("attachment")


def test_until_a_page_is_drawn_an_empty_sheet_stands_for_it(clerk, dossier):
    Sender.of(clerk, dossier).send("未读.jpg", desk.picture("一张别处没有的页"))
    sheet = Sheet.objects.get()
    for name in ("thumb", "view"):
        answer = as_(clerk).get(f"/sheets/{sheet.uuid}/{name}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert not AccessEntry.objects.exists()
