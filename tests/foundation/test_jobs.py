"""The ledger of jobs: claimed once, fenced, retried, reaped, and quiet about people."""

import logging
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from foundation import jobs
from foundation.errors import BadArguments, JobError, LeaseLost, UnknownKind
from foundation.models import Job
from tests.foundation import handlers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_handlers(settings):
    settings.JOB_RETRY_SECONDS = 0
    handlers.SEEN.clear()
    handlers.DURING.clear()


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_done_once_and_says_when_it_ended():
    queued = jobs.enqueue("test_note", subject="dossier:1", item="a")
    assert jobs.work(queued.uuid)
    assert not jobs.work(queued.uuid)
    queued.refresh_from_db()
    assert (queued.state, queued.attempts, handlers.SEEN) == (Job.State.DONE, 1, ["a"])
    assert queued.finished_at and queued.lease_until is None


def test_of_two_claims_one_gets_the_job():
    queued = jobs.enqueue("test_note", item="a")
    assert jobs.claim(queued.uuid)
    assert jobs.claim(queued.uuid) is None


def test_an_expired_lease_may_be_claimed_and_the_old_token_no_longer_writes():
    queued = jobs.enqueue("test_note", item="a")
    old = jobs.claim(queued.uuid)
    expire(queued)
    new = jobs.claim(queued.uuid)
    assert new.token == old.token + 1
    for write in (old.heartbeat, old.progress, old.fence, old.finish):
        with pytest.raises(LeaseLost):
            write()
    with pytest.raises(LeaseLost):
        old.fail("unexpected", {}, may_retry=True)
    new.finish()
    queued.refresh_from_db()
    assert queued.state == Job.State.DONE


def test_a_fenced_write_is_rolled_back_when_the_lease_was_lost():
    queued = jobs.enqueue("test_note", item="a")
    run = jobs.claim(queued.uuid)
    expire(queued)
    jobs.claim(queued.uuid)
    with pytest.raises(LeaseLost), transaction.atomic():
        jobs.enqueue("test_note", item="written-by-the-loser")
        run.fence()
    assert Job.objects.count() == 1


def test_a_handler_that_loses_its_lease_leaves_the_row_to_the_winner():
    queued = jobs.enqueue("test_note", item="a")

    def another_takes_over(run):
        expire(queued)
        jobs.claim(queued.uuid)
        run.progress(done=1, total=2)

    handlers.DURING["a"] = another_takes_over
    jobs.work(queued.uuid)
    queued.refresh_from_db()
    assert (queued.state, queued.attempts, queued.progress_done) == (Job.State.LEASED, 2, 0)
    assert handlers.SEEN == []


def test_progress_is_seen_while_the_job_runs_and_lengthens_its_lease():
    queued = jobs.enqueue("test_note", item="a")
    run = jobs.claim(queued.uuid)
    Job.objects.filter(pk=queued.pk).update(started_at=timezone.now() - timedelta(seconds=30))
    before = Job.objects.get(pk=queued.pk).lease_until
    run.progress(step="pages", step_no=1, step_count=3, done=10, total=20)
    queued.refresh_from_db()
    assert (queued.step, queued.step_no, queued.step_count, queued.percent) == ("pages", 1, 3, 50)
    assert 29 <= queued.remaining_seconds <= 31
    assert queued.lease_until > before


def test_the_time_left_is_told_by_the_pace_of_the_present_step_alone():
    queued = jobs.enqueue("test_note", item="a")
    run = jobs.claim(queued.uuid)
    run.progress(step="receiving", step_no=1, step_count=2, done=12 * 1024**3, total=12 * 1024**3)
    Job.objects.filter(pk=queued.pk).update(started_at=timezone.now() - timedelta(hours=2))
    run.progress(step="pages", step_no=2, step_count=2, done=0, total=20)
    queued.refresh_from_db()
    assert queued.remaining_seconds is None
    Job.objects.filter(pk=queued.pk).update(step_began_at=timezone.now() - timedelta(seconds=10))
    run.progress(step="pages", step_no=2, step_count=2, done=5, total=20)
    queued.refresh_from_db()
    assert 29 <= queued.remaining_seconds <= 31


def test_a_person_s_cancel_is_heard_at_the_next_word_of_progress():
    queued = jobs.enqueue("test_note", item="a")
    run = jobs.claim(queued.uuid)
    run.progress(step="pages", done=1, total=20)
    jobs.cancel(queued)
    with pytest.raises(LeaseLost):
        run.progress(step="pages", done=2, total=20)
    queued.refresh_from_db()
    assert (queued.state, queued.progress_done, queued.may_retry) == (Job.State.CANCELLED, 1, True)


def test_an_unexpected_failure_is_tried_again_until_the_attempts_are_used_up():
    queued = jobs.enqueue("test_clumsy", item=1)
    assert jobs.work_off() == 2
    queued.refresh_from_db()
    assert (queued.state, queued.attempts, queued.error_code) == (Job.State.FAILED, 2, "unexpected")
    assert "可以重试" in queued.error_text


def test_a_failure_is_logged_with_its_place_but_without_its_words(caplog):
    jobs.enqueue("test_clumsy", item=1)
    with caplog.at_level(logging.DEBUG):
        jobs.work_off()
    assert "ValueError" in caplog.text and "handlers.py" in caplog.text
    assert "王某" not in caplog.text and "231299" not in caplog.text


def test_a_handler_that_knows_its_failure_is_not_tried_again():
    queued = jobs.enqueue("test_refuses")
    jobs.work_off()
    queued.refresh_from_db()
    assert (queued.state, queued.attempts, queued.error_code) == (Job.State.FAILED, 1, "broken_pdf")
    assert queued.error_text.startswith("x.pdf")


def test_a_retry_waits_before_it_is_due(settings):
    settings.JOB_RETRY_SECONDS = 60
    queued = jobs.enqueue("test_storage_away")
    assert jobs.work_off() == 1
    queued.refresh_from_db()
    assert queued.state == Job.State.WAITING
    assert jobs.claim(queued.uuid) is None
    assert jobs.reap().rung == 0
    assert jobs.reap(timezone.now() + timedelta(seconds=61)).rung == 1


def test_a_failed_job_can_be_retried_by_hand_and_a_running_one_cannot():
    queued = jobs.enqueue("test_refuses")
    jobs.work_off()
    queued.refresh_from_db()
    assert queued.may_retry
    again = jobs.retry(queued)
    assert (again.state, again.attempts, again.error_code) == (Job.State.WAITING, 0, "")
    jobs.claim(queued.uuid)
    with pytest.raises(JobError):
        jobs.retry(queued)


def test_a_cancelled_job_never_starts_and_a_running_one_stops_writing():
    waiting, running = jobs.enqueue("test_note", item="a"), jobs.enqueue("test_note", item="b")
    run = jobs.claim(running.uuid)
    assert jobs.cancel(waiting).state == jobs.cancel(running).state == Job.State.CANCELLED
    assert jobs.claim(waiting.uuid) is None
    with pytest.raises(LeaseLost):
        run.progress(done=1, total=2)


def test_the_reaper_rings_once_for_an_expired_lease_and_not_at_every_round():
    queued = jobs.enqueue("test_note", item="a")
    jobs.claim(queued.uuid)
    expire(queued)
    Job.objects.filter(pk=queued.pk).update(rung_at=timezone.now() - timedelta(seconds=20))
    assert jobs.reap().rung == 1
    assert jobs.reap().rung == 0


def test_the_reaper_rings_again_for_a_bell_that_was_lost():
    queued = jobs.enqueue("test_note", item="a")
    assert jobs.reap().rung == 0
    assert jobs.reap(timezone.now() + timedelta(seconds=60)).rung == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == [str(queued.uuid)]


def test_the_reaper_does_not_ring_while_bells_of_that_queue_still_wait():
    jobs.enqueue("test_note", item="a")
    jobs.enqueue("test_note", item="b")
    later = timezone.now() + timedelta(seconds=60)
    assert jobs.reap(later).rung == 1
    assert jobs.reap(later + timedelta(seconds=60)).rung == 0


def test_a_job_whose_workers_all_died_ends_as_failed():
    queued = jobs.enqueue("test_clumsy", item=1)
    for _attempt in range(2):
        assert jobs.claim(queued.uuid)
        expire(queued)
    assert jobs.claim(queued.uuid) is None
    assert jobs.reap().exhausted == 1
    queued.refresh_from_db()
    assert (queued.state, queued.error_code) == (Job.State.FAILED, "job_worker_lost")


def test_the_bell_rings_after_the_commit_and_not_after_a_rollback(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("test_note", item="a")
        assert not DBTaskResult.objects.exists()
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize(
    "value", ["王某", "231299199001010010", "23129919900101001X", "two words", "", 231299199001010010]
)
def test_job_arguments_are_ids_and_never_text_or_id_numbers(value):
    with pytest.raises(BadArguments):
        jobs.enqueue("test_note", item=value)


def test_uuids_and_integers_are_kept_as_json():
    key = uuid.uuid4()
    assert jobs.enqueue("test_note", item=key).arguments == {"item": str(key)}
    assert jobs.enqueue("test_note", item=7).arguments == {"item": 7}


def test_an_unknown_kind_is_refused_at_the_door_and_fails_in_the_worker():
    with pytest.raises(UnknownKind):
        jobs.enqueue("nobody_knows")
    foreign = Job.objects.create(kind="from_a_newer_version", queue="paper")
    jobs.work(foreign.uuid)
    foreign.refresh_from_db()
    assert (foreign.state, foreign.error_code) == (Job.State.FAILED, "job_kind_unknown")
