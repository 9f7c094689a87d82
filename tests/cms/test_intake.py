"""The one door itself: quotas, repeats, withdrawal while others work, and a second run that does no harm."""

import hashlib

import pytest

from cms import intake as door
from dossiers.exceptions import MoveRefused, NotAllowed
from dossiers.models import HistoryEntry, Upload
from foundation import jobs, quarantine
from foundation.blobs import store
from foundation.errors import Refused
from foundation.models import Job, Quarantined
from ingestion.models import Intake
from tests import factories
from tests.cms import intake_desk as desk

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
def file(tmp_path):
    """A maker of files with different bytes."""

    def made(name: str, text: str = "样本"):
        path = tmp_path / name
        path.write_bytes(desk.picture(text))
        return path

    return made


def test_a_file_from_the_shell_ends_as_an_upload_with_one_line_in_the_log(dossier, clerk, file):
    taken = door.deposit(dossier, file("甲.jpg"), by=clerk)
    entry = HistoryEntry.objects.get(dossier=dossier, action="receive")
    assert entry.facts["upload"] == str(taken.upload.uuid)
    assert entry.facts["sha256"] == taken.quarantined.sha256


def test_an_id_number_in_a_files_name_goes_into_no_row(dossier, clerk, file):
    number = factories.make_id_number()
    door.deposit(dossier, file(f"王海燕{number}.jpg"), by=clerk)
    (tmp := file(f"空{number}.jpg")).write_bytes(b"no picture")
    with pytest.raises(Refused) as refused:
        door.deposit(dossier, tmp, by=clerk)
    assert number not in refused.value.text
    assert "王海燕" in Upload.objects.get().file_name
    rows = [*Upload.objects.values(), *Quarantined.objects.values(), *Job.objects.values()]
    assert number not in str(rows)


def test_who_may_not_hand_in_is_turned_away_before_anything_is_kept(dossier, file):
    with pytest.raises(NotAllowed):
        door.deposit(dossier, file("甲.jpg"), by=factories.make_account("reviewer"))
    assert not Quarantined.objects.exists()


def test_a_closed_dossier_is_told_before_the_first_byte(clerk, file):
    closed = factories.make_dossier(clerk.institution, state="complete")
    with pytest.raises(MoveRefused):
        door.deposit(closed, file("甲.jpg"), by=clerk)
    assert not Quarantined.objects.exists()


def test_the_other_body_of_an_entrusted_class_may_hand_papers_over(file):
    enterprise = factories.make_institution("北原食品有限公司", kind="enterprise")
    dossier = factories.make_dossier(enterprise, trainer=factories.make_institution())
    other = factories.make_account("clerk", institution=enterprise)
    assert door.deposit(dossier, file("甲.jpg"), by=other).upload is not None


def test_storage_counts_each_original_once_and_not_what_was_withdrawn(dossier, clerk, file):
    size = door.deposit(dossier, file("甲.jpg"), by=clerk).quarantined.declared_size
    again = factories.make_dossier(dossier.custodian)
    door.deposit(again, file("同.jpg"), by=clerk)
    assert door.used_bytes(dossier) == size
    door.withdraw(Intake.objects.first(), by=clerk)
    door.withdraw(Intake.objects.last(), by=clerk)
    assert door.used_bytes(dossier) == 0


def test_withdrawing_the_repeat_leaves_the_first_upload_alone(dossier, clerk, file):
    first = door.deposit(dossier, file("甲.jpg"), by=clerk)
    again = door.deposit(dossier, file("乙.jpg"), by=clerk)
    assert again.is_repeat and again.upload == first.upload
    door.withdraw(again, by=clerk)
    assert Upload.objects.get().withdrawn_at is None


def test_the_same_bytes_in_two_classes_share_one_original(dossier, clerk, file):
    other = factories.make_dossier(dossier.custodian)
    one, two = door.deposit(dossier, file("甲.jpg"), by=clerk), door.deposit(other, file("乙.jpg"), by=clerk)
    assert one.upload != two.upload and one.upload.blob == two.upload.blob


def test_a_file_withdrawn_while_it_is_looked_at_is_not_taken_in(dossier, clerk, file, monkeypatch):
    monkeypatch.setattr(door, "AT_ONCE_BYTES", 0)
    intake = door.deposit(dossier, file("甲.jpg"), by=clerk)
    run = jobs.claim(intake.job.uuid)
    door.withdraw(intake, by=clerk)
    jobs.kind_of("take_in").handler(run, quarantined=str(intake.quarantined.uuid))
    assert not Upload.objects.exists()
    assert Quarantined.objects.get().state == "withdrawn"


def test_taking_in_twice_is_taking_in_once(dossier, clerk, file):
    intake = door.deposit(dossier, file("甲.jpg"), by=clerk)
    Job.objects.filter(pk=intake.job.pk).update(state="waiting", finished_at=None)
    jobs.work(intake.job.uuid)
    assert Upload.objects.count() == 1
    assert Job.objects.filter(kind="read_upload").count() == 1
    assert HistoryEntry.objects.filter(action="receive").count() == 1


def test_finishing_twice_makes_one_job(dossier, clerk, file):
    intake = door.deposit(dossier, file("甲.jpg"), by=clerk)
    door.finish(Intake.objects.get(pk=intake.pk))
    assert Job.objects.filter(kind="take_in").count() == 1


def test_jobs_carry_identifiers_and_nothing_else(dossier, clerk, file):
    door.deposit(dossier, file("身份证 王海燕 231299199003074218.jpg"), by=clerk)
    for job in Job.objects.all():
        assert set(job.arguments) <= {"quarantined", "upload"}
        assert "王海燕" not in str(job.arguments) + job.subject and "231299" not in str(job.arguments)


def test_no_log_line_names_the_file(dossier, clerk, file, caplog):
    door.deposit(dossier, file("身份证 王海燕.jpg"), by=clerk)
    with pytest.raises(Refused):
        path = file("王海燕.pdf")
        path.write_bytes(b"#EXTM3U\n")
        door.deposit(dossier, path, by=clerk)
    jobs.work_off(subject=str(dossier.uuid))
    assert "王海燕" not in caplog.text


def test_bytes_that_change_in_quarantine_are_never_stored(dossier, clerk, file, monkeypatch):
    monkeypatch.setattr(door, "AT_ONCE_BYTES", 0)
    intake = door.deposit(dossier, file("甲.jpg"), by=clerk)
    quarantine.complete(intake.quarantined)  # acknowledged, and not yet taken in
    path = quarantine.path_of(intake.quarantined)
    path.write_bytes(desk.picture("换掉"))
    jobs.work_off(subject=str(dossier.uuid))
    assert not Upload.objects.exists()
    assert Job.objects.get(kind="take_in").error_code == "digest_mismatch"
    assert hashlib.sha256(desk.picture("换掉")).hexdigest() not in set(store().names())
