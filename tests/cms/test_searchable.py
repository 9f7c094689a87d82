"""Downloading a filed paper as a searchable PDF: made once, by a job, for those who may see every page of it."""

import json
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as offset

import pymupdf
import pytest
from django.test import Client
from django.utils import timezone

from dossiers.models import AccessEntry, Filing, Sheet, Upload
from foundation import jobs
from foundation.models import Job
from ingestion.models import PageReading
from ingestion.searchable import SEARCHABLE, layered
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import Sender

pytestmark = pytest.mark.django_db

NUMBER = "231299199001011236"
SIZE = (620, 877)


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
def paper(clerk, dossier) -> Filing:
    """A paper of one page, filed, with two lines that were read on it."""
    Sender.of(clerk, dossier).send("身份证 王海燕.jpg", desk.picture(size=SIZE))
    jobs.work_off(subject=str(dossier.uuid))
    sheet = Sheet.objects.select_related("upload").get()
    said(sheet, ("姓名 王海燕", (60, 80, 260, 110)), (f"公民身份号码 {NUMBER}", (60, 140, 460, 170)))
    Filing.objects.all().delete()
    enrolment = dossier.enrolments.get()
    return factories.make_filing(
        dossier, "identity_document_copy", enrolment=enrolment, upload=sheet.upload, by=clerk
    )


def said(sheet: Sheet, *lines: tuple[str, tuple[float, float, float, float]]) -> None:
    stored = [
        {"text": text, "confidence": 0.9, "quad": [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]}
        for text, (x0, y0, x1, y1) in lines
    ]
    PageReading.objects.filter(sheet=sheet).delete()
    PageReading.objects.create(
        sheet=sheet, engine="rapidocr", kind="id_card_front", lines=PageReading.sealed_lines(stored)
    )
    Sheet.objects.filter(pk=sheet.pk).update(width=SIZE[0], height=SIZE[1], shows_identity=True)


def as_(account) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    return client


def address(paper: Filing) -> str:
    return paper.dossier.screen("searchable", paper.uuid)


def work(paper: Filing) -> None:
    jobs.work_off(subject=str(paper.uuid))


def downloaded(client: Client, paper: Filing) -> pymupdf.Document:
    client.get(address(paper))
    work(paper)
    answer = client.get(address(paper))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return pymupdf.open("pdf", b"".join(answer.streaming_content))


def test_the_first_to_ask_waits_for_a_job_and_then_gets_the_pdf(clerk, paper):
    client = as_(clerk)
    waiting = client.get(address(paper))
    assert (waiting.status_code, waiting["Refresh"]) == (202, "2")
    assert "正在把 1 页制成可检索 PDF" in waiting.content.decode()
    client.get(address(paper))
    assert Job.objects.filter(kind=SEARCHABLE).count() == 1
    work(paper)
    answer = client.get(address(paper))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")


def test_its_words_are_found_where_they_stand_and_its_number_is_not(clerk, paper):
    (page,) = downloaded(as_(clerk), paper)
    (found,) = page.search_for("王海燕")
    assert found.y0 / page.rect.height == pytest.approx(80 / SIZE[1], abs=0.01)
    assert page.search_for("2312**********1236")
    assert NUMBER not in page.get_text().replace(" ", "")
    assert page.get_images()


def test_it_is_made_once_and_again_when_a_page_was_read_anew_or_turned(clerk, paper):
    client, sheet = as_(clerk), Sheet.objects.get()
    downloaded(client, paper)
    downloaded(client, paper)
    assert Job.objects.filter(kind=SEARCHABLE).count() == 1
    said(sheet, ("姓名 赵国栋", (60, 80, 260, 110)))
    (page,) = downloaded(client, paper)
    assert page.search_for("赵国栋")
    assert not page.search_for("王海燕")
    Sheet.objects.update(turn=90)
    (page,) = downloaded(client, paper)
    assert page.rect.width > page.rect.height
    assert Job.objects.filter(kind=SEARCHABLE).count() == 3


def test_pages_of_a_paper_come_in_its_order(clerk, dossier):
    Sender.of(clerk, dossier).send("教案.tif", desk.tiff(pages=3))
    jobs.work_off(subject=str(dossier.uuid))
    for sheet in Sheet.objects.all():
        said(sheet, (f"page{sheet.number}", (60, 80, 260, 110)))
    Filing.objects.all().delete()
    paper = factories.make_filing(dossier, "lesson_plan", upload=Sheet.objects.first().upload, by=clerk)
    first, _second, third = paper.places.order_by("position")
    paper.places.filter(pk=first.pk).update(position=9)
    paper.places.filter(pk=third.pk).update(position=1)
    document = downloaded(as_(clerk), paper)
    assert [page.get_text().strip() for page in document] == ["page3", "page2", "page1"]


def test_a_piece_of_a_page_brings_nothing_of_its_neighbour(clerk, paper):
    sheet = Sheet.objects.get()
    said(sheet, ("姓名 王海燕", (60, 80, 260, 110)), ("姓名 赵国栋", (60, 600, 260, 630)))
    Sheet.objects.update(region=[0.0, 0.0, 1.0, 0.5], cut=1, height=438)
    (page,) = downloaded(as_(clerk), paper)
    assert page.get_text().split() == ["姓名", "王海燕"]
    (image,) = page.get_images()
    assert (image[2], image[3]) == (620, 439)


def test_a_paper_whose_words_are_still_being_read_is_waited_for(clerk, paper):
    """A PDF without the words would look as if nothing stood on the page."""
    PageReading.objects.all().delete()
    Upload.objects.update(state="received")
    waiting = as_(clerk).get(address(paper))
    assert (waiting.status_code, waiting["Refresh"]) == (202, "2")
    assert "还有 1 页没有认读" in waiting.content.decode()
    assert not Job.objects.filter(kind=SEARCHABLE).exists()
    Upload.objects.update(state="unreadable")
    assert "正在把 1 页制成" in as_(clerk).get(address(paper)).content.decode()


# --- who, and what is written down


def hand_in(paper: Filing) -> None:
    progress = paper.dossier.progress
    progress.first_handed_in_at = progress.handed_in_at = timezone.now()
    progress.state = "handed_in"
    progress.save()
    Filing.objects.filter(pk=paper.pk).update(handed_in_at=timezone.now())


def test_handing_over_a_paper_that_shows_a_number_is_written_down(clerk, paper):
    client = as_(clerk)
    client.get(address(paper))
    assert not AccessEntry.objects.exists()  # nothing was shown yet
    work(paper)
    for _again in range(2):
        client.get(address(paper))
    entry = AccessEntry.objects.get()
    assert (entry.account, entry.what, entry.subject) == (clerk, "searchable", paper.uuid)
    head = factories.make_account("head", institution=paper.dossier.custodian)
    told = as_(head).get(paper.dossier.screen("history")).content.decode()
    assert "下载可检索 PDF：" + paper.enrolment.name in told


def test_a_paper_without_identity_is_handed_over_without_a_word(clerk, paper):
    Sheet.objects.update(shows_identity=False)
    downloaded(as_(clerk), paper)
    assert not AccessEntry.objects.exists()


def where_it_is_noon() -> tzinfo:
    """A zone in which midnight is hours away: looks are counted by the day."""
    return offset(timedelta(hours=12 - datetime.now(UTC).hour))


def test_it_counts_among_a_reviewers_looks_of_the_day(paper, settings):
    settings.REVEALS_A_DAY = 1
    hand_in(paper)
    reviewer = as_(factories.make_account("reviewer"))
    with timezone.override(where_it_is_noon()):  # eleven minutes ago is today
        downloaded(reviewer, paper)
        spent = reviewer.get(f"/sheets/{Sheet.objects.get().uuid}/view")
        assert spent.status_code == 429
        AccessEntry.objects.update(at=timezone.now() - timedelta(minutes=11))
        assert reviewer.get(address(paper)).status_code == 429


def test_the_bureau_finds_it_only_once_it_was_handed_in(paper):
    reviewer = as_(factories.make_account("reviewer"))
    assert reviewer.get(address(paper)).status_code == 404
    hand_in(paper)
    assert reviewer.get(address(paper)).status_code == 202


def test_a_paper_of_which_one_page_may_not_be_seen_is_not_found(paper, dossier, clerk):
    """The bureau sees pages as handed in; a page added since is none of hers."""
    hand_in(paper)
    reviewer = as_(factories.make_account("reviewer"))
    assert reviewer.get(address(paper)).status_code == 202
    other = factories.make_filing(dossier, "lesson_plan", by=clerk)
    Filing.objects.filter(pk=other.pk).update(handed_in_at=None)
    place = other.places.get()
    place.filing, place.position = paper, 2
    Filing.objects.filter(pk=paper.pk).update(handed_in_at=None)
    place.save()
    assert reviewer.get(address(paper)).status_code == 404


@pytest.mark.parametrize("state", ["proposed", "withdrawn", "replaced"])
def test_what_does_not_lie_in_the_dossier_is_not_found(clerk, paper, state):
    Filing.objects.filter(pk=paper.pk).update(state=state)
    assert as_(clerk).get(address(paper)).status_code == 404


def test_a_recording_is_no_paper(clerk, paper):
    Upload.objects.update(medium="recording")
    assert as_(clerk).get(address(paper)).status_code == 404
    assert not Job.objects.filter(kind=SEARCHABLE).exists()


def test_asking_for_the_head_alone_makes_nothing(clerk, paper):
    assert as_(clerk).head(address(paper)).status_code == 202
    assert not Job.objects.filter(kind=SEARCHABLE).exists()


# --- what goes wrong


def test_what_could_not_be_made_is_told_and_may_be_tried_again(clerk, dossier):
    paper = factories.make_filing(dossier, "lesson_plan", by=clerk)  # its upload has no bytes behind it
    client = as_(clerk)
    client.get(address(paper))
    for _attempt in range(3):
        work(paper)
        Job.objects.filter(kind=SEARCHABLE, state="waiting").update(not_before=timezone.now())
    failed = client.get(address(paper))
    assert failed.status_code == 200
    assert "没有制成可检索 PDF，原件仍在" in failed.content.decode()
    assert "Refresh" not in failed
    assert client.post(address(paper)).status_code == 302
    assert Job.objects.get(kind=SEARCHABLE).state == Job.State.WAITING


def test_a_job_that_runs_twice_makes_no_harm(clerk, paper):
    downloaded(as_(clerk), paper)
    jobs.enqueue(SEARCHABLE, subject=str(paper.uuid), filing=paper.uuid)
    work(paper)
    assert Job.objects.filter(kind=SEARCHABLE, state="done").count() == 2
    assert layered(paper).is_made


def test_no_number_and_no_name_stand_in_the_job(clerk, paper):
    as_(clerk).get(address(paper))
    told = json.dumps(Job.objects.filter(kind=SEARCHABLE).values("subject", "arguments")[0], default=str)
    assert NUMBER not in told
    assert "王海燕" not in told


# --- where it is offered


def test_the_board_offers_it_beside_each_paper(clerk, paper):
    told = as_(clerk).get(paper.dossier.screen("item", paper.item_id)).content.decode()
    assert address(paper) in told
    assert "下载可检索 PDF" in told


def test_the_page_offers_the_paper_it_belongs_to(clerk, paper):
    sheet = Sheet.objects.get()
    page = paper.dossier.screen("sheet", sheet.uuid)
    assert address(paper) in as_(clerk).get(page).content.decode()
    Filing.objects.update(state="proposed")
    assert address(paper) not in as_(clerk).get(page).content.decode()
