"""The same way of a file with the originals in a bucket: sent, read, looked at, handed out by ranges."""

import hashlib

import pytest
from django.test import Client

from dossiers.models import Sheet, Upload
from foundation import jobs
from foundation.blobs import store
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import Sender
from tests.services import start_seaweedfs

pytestmark = [pytest.mark.django_db, pytest.mark.s3, pytest.mark.slow]


@pytest.fixture(autouse=True)
def bucket(settings, tmp_path):
    with start_seaweedfs(tmp_path / "weed") as server:
        settings.BLOB_STORE = {"kind": "s3"} | server.options
        settings.OCR_ENGINE = "null"
        yield


def test_a_paper_goes_its_whole_way_with_a_bucket_behind_it():
    dossier = factories.make_dossier(trainees=1)
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    content = desk.tiff(2)
    answer = Sender.of(clerk, dossier).send("登记表 两页.tif", content)
    assert answer["Juanzong-Sha256"] == hashlib.sha256(content).hexdigest()
    jobs.work_off(subject=str(dossier.uuid))
    upload = Upload.objects.get()
    assert upload.state == "read" and store().exists(upload.blob.sha256)
    client = Client(headers={"host": "localhost"})
    client.force_login(clerk)
    for sheet in Sheet.objects.all():
        assert client.get(f"/sheets/{sheet.uuid}/thumb")["Content-Type"] == "image/jpeg"
        assert client.get(f"/sheets/{sheet.uuid}/view").status_code == 200
    part = client.get(f"/uploads/{upload.uuid}/original", headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == content[10:20]
