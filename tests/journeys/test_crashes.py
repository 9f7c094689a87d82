"""kill -9 on a file's way: whatever the sender was told is kept, is there once, and every job ends."""

import hashlib
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from dossiers.models import Filing, Upload
from foundation import integrity, quarantine
from foundation.blobs import store
from foundation.models import Job, Quarantined
from ingestion.models import Intake, PageReading
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import Sender
from tests.crashing import Ended, in_child
from tests.journeys import crash_scenes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SCENES = crash_scenes.__name__
PAGES = 3


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.QUARANTINE_ROOT = str(tmp_path / "quarantine")
    settings.JOB_LEASE_SECONDS = 1
    settings.JOB_RETRY_SECONDS = 0
    settings.OCR_ENGINE = "null"


@pytest.fixture
def pile(tmp_path) -> Path:
    folder = tmp_path / "pile"
    folder.mkdir()
    (folder / "1 三页.tif").write_bytes(desk.tiff(PAGES))
    (folder / "2 一页.jpg").write_bytes(desk.picture("一页"))
    return folder


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=1)


@pytest.fixture
def clerk(dossier):
    return factories.make_account("clerk", institution=dossier.custodian)


def acknowledged(ended: Ended) -> set[str]:
    return set(re.findall(r"acknowledged ([0-9a-f]{64})", ended.output))


def a_worker_arrives() -> None:
    """Bells that the dead cannot ring any more count as old, so that the reaper need not be waited for."""
    Job.objects.filter(state=Job.State.WAITING).update(rung_at=timezone.now() - timedelta(minutes=5))
    call_command("run_worker", "--until-idle")


def everything_is_there_once(pile: Path, sent: int) -> None:
    """The first `sent` files of the pile: one upload, one whole original, one reading and one word a page."""
    contents = [path.read_bytes() for path in sorted(pile.iterdir())][:sent]
    wanted = {hashlib.sha256(content).hexdigest() for content in contents}
    uploads = list(Upload.objects.select_related("blob"))
    assert {upload.blob.sha256 for upload in uploads} == wanted
    assert len(uploads) == sent
    for upload in uploads:
        with store().open(upload.blob.sha256) as original:
            assert hashlib.sha256(original.read()).hexdigest() == upload.blob.sha256
        assert upload.state == Upload.State.READ
        assert upload.sheets.count() == upload.page_count
        assert PageReading.objects.filter(sheet__upload=upload).count() == upload.page_count
    told = Counter(Filing.objects.values_list("places__sheet", flat=True))
    assert set(told.values()) == {1} and len(told) == sum(upload.page_count for upload in uploads)
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
    assert not Quarantined.objects.filter(state="complete").exists()
    assert list(integrity.faults(integrity.real_ground())) == []


def test_nothing_happens_to_files_that_nobody_interrupts(pile, clerk, dossier):
    ended = in_child(f"{SCENES}.send", clerk.uuid, dossier.uuid, pile)
    assert len(acknowledged(ended)) == 2
    a_worker_arrives()
    everything_is_there_once(pile, 2)


@pytest.mark.parametrize("point", ["quarantined", "renamed_before_row", "leased", "after_commit"])
def test_killed_while_a_file_comes_in_it_is_taken_in_once_by_the_next_worker(point, pile, clerk, dossier):
    ended = in_child(f"{SCENES}.send", clerk.uuid, dossier.uuid, pile, crash_at=point)
    assert ended.was_killed, ended.output
    received = Quarantined.objects.get()
    assert received.received == received.declared_size
    a_worker_arrives()
    everything_is_there_once(pile, 1)
    assert not quarantine.path_of(received).exists()


@pytest.mark.parametrize("point", ["quarantined", "renamed_before_row", "leased", "after_commit"])
def test_a_sender_who_comes_back_after_the_crash_hears_the_acknowledgement(point, pile, clerk, dossier):
    assert in_child(f"{SCENES}.send", clerk.uuid, dossier.uuid, pile, crash_at=point).was_killed
    address = f"/files/{Quarantined.objects.get().uuid}"
    first = sorted(pile.iterdir())[0].read_bytes()
    answer = Sender.of(clerk, dossier).head(address)
    assert answer["Juanzong-Sha256"] == hashlib.sha256(first).hexdigest()
    Sender.of(clerk, dossier).send("2 一页.jpg", sorted(pile.iterdir())[1].read_bytes())
    a_worker_arrives()
    everything_is_there_once(pile, 2)


def test_killed_while_filing_no_page_is_half_read_and_each_is_proposed_once(pile, clerk, dossier):
    assert len(acknowledged(in_child(f"{SCENES}.send", clerk.uuid, dossier.uuid, pile))) == 2
    ended = in_child(f"{SCENES}.read", str(dossier.uuid), crash_at="while_filing")
    assert ended.was_killed, ended.output
    assert not PageReading.objects.exists() and not Filing.objects.exists()
    a_worker_arrives()
    everything_is_there_once(pile, 2)


def test_a_reading_goes_on_at_the_first_unread_page(pile, clerk, dossier):
    in_child(f"{SCENES}.send", clerk.uuid, dossier.uuid, pile)
    a_worker_arrives()
    third = PageReading.objects.get(sheet__upload__page_count=PAGES, sheet__number=PAGES)
    kept = PageReading.objects.get(sheet__upload__page_count=PAGES, sheet__number=1).read_at
    third.delete()
    job = Job.objects.get(kind="read_upload", arguments__upload=str(third.sheet.upload.uuid))
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, attempts=0, finished_at=None)
    a_worker_arrives()
    assert PageReading.objects.get(sheet__upload__page_count=PAGES, sheet__number=1).read_at == kept
    everything_is_there_once(pile, 2)


def test_the_door_forgets_no_intake(pile, clerk, dossier):
    in_child(f"{SCENES}.send", clerk.uuid, dossier.uuid, pile, crash_at="quarantined")
    assert Intake.objects.get().upload is None
    a_worker_arrives()
    assert Intake.objects.get().upload is not None
