"""Who stands waiting with a paper in her hand is not made to wait for two hundred pages."""

import pytest

from cms import intake as door
from dossiers.models import DossierPage
from foundation import jobs
from foundation.blobs import store
from foundation.models import Job
from ingestion.engines import ENGINES
from ingestion.jobs import PHOTO, READ
from ingestion.models import PageReading
from ingestion.pictures import view_name
from tests import factories
from tests.cms.intake_desk import pdf, picture
from tests.engines.broken import FailingEngine

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(settings):
    settings.OCR_ENGINE = "null"
    return DossierPage.objects.get(pk=factories.make_dossier(trainees=1).pk)


def given(dossier, clerk, folder, name: str, content: bytes, *, is_urgent: bool = False):
    (folder / name).write_bytes(content)
    return door.deposit(dossier, folder / name, by=clerk, is_urgent=is_urgent).upload


def test_a_photograph_is_read_between_two_pages_of_a_long_file(dossier, tmp_path):
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    long = given(dossier, clerk, tmp_path, "叠.pdf", pdf(3))
    photo = given(dossier, clerk, tmp_path, "1124-153012.jpg", picture(), is_urgent=True)

    jobs.work(Job.objects.get(kind=READ).uuid)

    done = Job.objects.get(kind=PHOTO)
    assert done.state == "done" and done.finished_at < Job.objects.get(kind=READ).finished_at
    order = list(PageReading.objects.order_by("read_at").values_list("sheet__upload", "sheet__number"))
    assert order == [(long.pk, 1), (photo.pk, 1), (long.pk, 2), (long.pk, 3)]


def test_only_a_photograph_is_told_of_its_edges(dossier, tmp_path):
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    scan = given(dossier, clerk, tmp_path, "扫描.jpg", picture("一"))
    photo = given(dossier, clerk, tmp_path, "1124-153012.jpg", picture("二"), is_urgent=True)
    jobs.work_off(subject=str(dossier.uuid))
    notes = dict(PageReading.objects.values_list("sheet__upload", "notes"))
    assert "edges_unseen" in notes[photo.pk] and "edges_unseen" not in notes[scan.pk]


def test_a_photograph_no_engine_can_read_is_drawn_all_the_same(dossier, tmp_path, settings, monkeypatch):
    monkeypatch.setitem(ENGINES, "failing", FailingEngine)
    settings.OCR_ENGINE = "failing"
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    photo = given(dossier, clerk, tmp_path, "1124-153012.jpg", picture(), is_urgent=True)
    jobs.work_off(subject=str(dossier.uuid))
    assert Job.objects.get(kind=PHOTO).error_code == "engine_failed"
    assert store().has_derivative(photo.blob.sha256, view_name(1))
