"""kill -9 at each crash point: what was acknowledged is there once, and every job ends."""

import hashlib
import signal
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from foundation import crashpoints, integrity, jobs, quarantine
from foundation.blobs import store
from foundation.models import Blob, Job, Quarantined
from tests.crashing import in_child, started
from tests.foundation import crash_scenes, handlers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SCENES = crash_scenes.__name__
CONTENT = b"%PDF-1.7 a scan"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def installation(settings, tmp_path, quarantine_root):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.JOB_LEASE_SECONDS = 1
    settings.JOB_RETRY_SECONDS = 0
    handlers.SEEN.clear()
    handlers.DURING.clear()


@pytest.fixture
def scan(tmp_path):
    path = tmp_path / "扫描.pdf"
    path.write_bytes(CONTENT)
    return path


def faults() -> list[str]:
    ground = integrity.real_ground()
    found = (
        fault
        for one in integrity.checks()
        if type(one).__module__.startswith("foundation")
        for fault in one.faults(ground)
    )
    return [fault.code for fault in found]


def wait_for_start(worker: subprocess.Popen[bytes]) -> None:
    """Until the worker is in the middle of its slow job; log lines come by before that."""
    assert b"started\n" in iter(worker.stdout.readline, b""), "the worker ended before its job began"


def work_until_idle() -> None:
    """A new worker arrives; the bells it cannot hear any more are rung again by its reaper."""
    Job.objects.filter(state=Job.State.WAITING).update(rung_at=timezone.now() - timedelta(minutes=5))
    call_command("run_worker", "--until-idle")


def test_a_name_that_is_no_crash_point_does_nothing(scan):
    assert in_child(f"{SCENES}.deposit", scan, crash_at="nowhere").status == 0


def test_killed_when_quarantined_the_acknowledged_upload_is_whole_and_taken_once(scan):
    assert in_child(f"{SCENES}.deposit", scan, crash_at="quarantined").was_killed
    upload = Quarantined.objects.get()
    assert (upload.state, upload.sha256) == (Quarantined.State.COMPLETE, SHA256)
    assert faults() == []
    for _again in range(2):
        store().put_file(
            quarantine.path_of(upload), media_type="application/pdf", expected_sha256=upload.sha256
        )
    quarantine.taken(upload)
    assert Blob.objects.get().sha256 == SHA256
    assert faults() == []


def test_killed_while_bytes_come_in_the_upload_goes_on_at_what_was_acknowledged():
    whole = b"".join(bytes([number]) * 100_000 for number in range(1, 6))
    upload = quarantine.begin(file_name="录像.mp4", declared_size=len(whole))
    quarantine.append(upload, 0, [whole[:150_000]])
    assert in_child(f"{SCENES}.receive_and_die", upload.pk, 150_000, 3).was_killed
    upload.refresh_from_db()
    assert upload.received == 150_000
    assert quarantine.path_of(upload).stat().st_size > 150_000  # what nobody was told of
    quarantine.append(upload, 150_000, [whole[150_000:]])
    assert quarantine.complete(upload).sha256 == hashlib.sha256(whole).hexdigest()


def test_killed_between_rename_and_row_the_file_is_found_and_adopted(scan):
    assert in_child(f"{SCENES}.store_original", scan, crash_at="renamed_before_row").was_killed
    assert list(store().names()) == [SHA256] and not Blob.objects.exists()
    assert faults() == ["file_without_row"]
    assert in_child(f"{SCENES}.store_original", scan).status == 0
    assert list(store().names()) == [SHA256] and Blob.objects.get().size == len(CONTENT)
    assert faults() == []


def test_killed_with_a_lease_the_job_is_done_once_by_the_next_worker():
    queued = jobs.enqueue("test_note", item="a")
    assert in_child(f"{SCENES}.work", queued.uuid, crash_at="leased").was_killed
    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == (Job.State.LEASED, 1)
    work_until_idle()
    queued.refresh_from_db()
    assert (queued.state, queued.attempts, handlers.SEEN) == (Job.State.DONE, 2, ["a"])


def test_killed_while_filing_nothing_is_half_written_and_the_filing_is_there_once():
    queued = jobs.enqueue("test_note", item="filed")
    assert in_child(f"{SCENES}.work_filing", queued.uuid, crash_at="while_filing").was_killed
    assert not Quarantined.objects.exists()
    handlers.DURING["filed"] = crash_scenes.file_away
    work_until_idle()
    queued.refresh_from_db()
    assert queued.state == Job.State.DONE
    assert Quarantined.objects.count() == 1


def test_killed_after_the_commit_the_bell_is_rung_again():
    assert in_child(f"{SCENES}.enqueue", "a", crash_at="after_commit").was_killed
    queued = Job.objects.get()
    assert queued.state == Job.State.WAITING and not DBTaskResult.objects.exists()
    work_until_idle()
    queued.refresh_from_db()
    assert (queued.state, handlers.SEEN) == (Job.State.DONE, ["a"])


def test_every_crash_point_has_its_test():
    told = "".join(one.read_text(encoding="utf-8") for one in Path(__file__).parents[1].rglob("test_*.py"))
    killed_at = {name for name in crashpoints.CRASH_POINTS if f'crash_at="{name}"' in told}
    assert killed_at == set(crashpoints.CRASH_POINTS)


def test_a_worker_killed_in_mid_job_is_followed_by_another():
    queued = jobs.enqueue("test_note", item="slow")
    with started(f"{SCENES}.worker", "--until-idle") as worker:
        wait_for_start(worker)
        worker.send_signal(signal.SIGKILL)
    work_until_idle()
    queued.refresh_from_db()
    assert (queued.state, queued.attempts, handlers.SEEN) == (Job.State.DONE, 2, ["slow"])


def test_the_heart_keeps_a_lease_that_is_shorter_than_its_job():
    queued = jobs.enqueue("test_note", item="slow")
    with started(f"{SCENES}.worker", "--until-idle") as worker:
        wait_for_start(worker)
        time.sleep(1.5)
        assert jobs.claim(queued.uuid) is None
        worker.wait(30)
    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == (Job.State.DONE, 1)


def test_a_worker_asked_to_stop_ends_its_job_and_starts_no_other():
    slow, next_one = jobs.enqueue("test_note", item="slow"), jobs.enqueue("test_note", item="b")
    with started(f"{SCENES}.worker") as worker:
        wait_for_start(worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    for job in (slow, next_one):
        job.refresh_from_db()
    assert (slow.state, next_one.state) == (Job.State.DONE, Job.State.WAITING)


def test_three_workers_do_sixty_jobs_once_each(tmp_path, settings):
    settings.JOB_LEASE_SECONDS = 60
    for number in range(60):
        jobs.enqueue("test_note", item=f"n{number}")
    workers = [started(f"{SCENES}.noting_worker", tmp_path / "noted", 60) for _ in range(3)]
    said = b"".join(worker.communicate(timeout=120)[0] for worker in workers)
    assert [worker.returncode for worker in workers] == [0, 0, 0], said.decode()
    assert sorted((tmp_path / "noted").read_text().split()) == sorted(f"n{number}" for number in range(60))
    assert set(Job.objects.values_list("state", "attempts")) == {(Job.State.DONE, 1)}
