"""What is under way in a class: live progress, errors in words, retry, withdrawal."""

import pytest
from django.test import Client

from dossiers.models import Sheet, Upload
from foundation import jobs, quarantine
from foundation.models import Job, Quarantined
from ingestion.engines import ENGINES
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import Sender
from tests.engines.broken import FailingEngine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def null_engine(settings):
    settings.OCR_ENGINE = "null"
    settings.JOB_RETRY_SECONDS = 0


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=1)


@pytest.fixture
def sender(dossier):
    return Sender.of(factories.make_account("clerk", institution=dossier.custodian), dossier)


def screen(sender: Sender) -> str:
    return sender.client.get(sender.dossier.screen("jobs")).content.decode()


def test_a_waiting_reading_is_shown_and_asks_for_itself_until_it_is_over(sender, dossier):
    sender.send("教案.jpg", desk.picture())
    shown = screen(sender)
    assert "认读“教案.jpg”" in shown and "every 2s" in shown
    jobs.work_off(subject=str(dossier.uuid))
    shown = screen(sender)
    assert "认读" not in shown and "every 2s" not in shown


def test_a_running_reading_tells_step_count_and_share(sender, dossier):
    sender.send("三页.tif", desk.tiff(3))
    run = jobs.claim(Job.objects.get(kind="read_upload").uuid)
    run.progress(step="words", step_no=2, step_count=3, done=1, total=3)
    shown = screen(sender)
    assert "第 2 步，共 3 步：认字" in shown and "1 / 3 页" in shown and "33 %" in shown


def test_an_engine_that_gives_up_leaves_its_words_and_the_page_in_the_tray(sender, dossier, settings):
    ENGINES["failing"] = FailingEngine
    settings.OCR_ENGINE = "failing"
    try:
        sender.send("登记表.jpg", desk.picture())
        jobs.work_off(subject=str(dossier.uuid))
    finally:
        del ENGINES["failing"]
    job = Job.objects.get(kind="read_upload")
    assert (job.state, job.attempts) == ("failed", 3)
    assert Upload.objects.get().state == "unreadable"
    assert Sheet.objects.get().state == "in_tray"
    shown = screen(sender)
    assert "认字程序出错" in shown and "登记表.jpg" in shown and "原件已留存" in shown


def test_a_failed_reading_is_retried_by_hand_and_then_read(sender, dossier, settings):
    test_an_engine_that_gives_up_leaves_its_words_and_the_page_in_the_tray(sender, dossier, settings)
    settings.OCR_ENGINE = "null"
    job = Job.objects.get(kind="read_upload")
    answer = sender.client.post(dossier.screen("retry-job", job.uuid))
    assert answer["Location"] == dossier.screen("tray")
    jobs.work_off(subject=str(dossier.uuid))
    assert Upload.objects.get().state == "read"
    assert "认字程序出错" not in screen(sender)


def test_a_retry_by_htmx_answers_with_the_part_alone(sender, dossier, settings):
    test_an_engine_that_gives_up_leaves_its_words_and_the_page_in_the_tray(sender, dossier, settings)
    job = Job.objects.get(kind="read_upload")
    answer = sender.client.post(dossier.screen("retry-job", job.uuid), headers={"HX-Request": "true"})
    assert answer.status_code == 200 and 'id="jobs"' in answer.content.decode()


def test_half_an_upload_is_shown_with_its_share_and_can_be_withdrawn(sender, dossier):
    address = sender.create("半份.pdf", 1000)["Location"]
    sender.patch(address, 0, b"x" * 250)
    shown = screen(sender)
    assert "半份.pdf" in shown and "已收到 25 %" in shown
    sender.client.post(dossier.screen("withdraw-intake", Quarantined.objects.get().uuid))
    assert "半份.pdf" not in screen(sender)


def test_a_file_refused_because_the_dossier_was_closed_is_taken_in_once_it_is_open_again(sender, dossier):
    content = desk.picture("晚到")
    address = sender.create("晚到.jpg", len(content))["Location"]
    dossier.progress.state = "under_review"
    dossier.progress.save()
    answer = sender.patch(address, 0, content)
    assert answer.status_code == 422 and "已不能收件" in answer.json()["message"]
    again = dossier.screen("try-intake-again", Quarantined.objects.get().uuid)
    assert "案卷现为" in told(sender.client.post(again, follow=True))
    dossier.progress.state = "returned"
    dossier.progress.save()
    assert "已收妥" in told(sender.client.post(again, follow=True))
    assert Upload.objects.get().file_name == "晚到.jpg"
    assert Quarantined.objects.get().state == "taken"


def test_a_refused_file_looked_at_again_is_refused_again_for_the_same_reason(sender, dossier):
    sender.send("列表.mp4", b"#EXTM3U\n")
    again = dossier.screen("try-intake-again", Quarantined.objects.get().uuid)
    assert "播放列表" in told(sender.client.post(again, follow=True))
    assert "播放列表" in screen(sender)


def test_a_file_that_was_all_there_when_the_server_died_is_taken_in_by_hand(sender, dossier):
    content = desk.picture("断电")
    sender.create("断电.jpg", len(content))
    quarantine.append(Quarantined.objects.get(), 0, [content])
    assert "已收齐" in screen(sender)
    sender.client.post(dossier.screen("try-intake-again", Quarantined.objects.get().uuid))
    assert Upload.objects.get().file_name == "断电.jpg"


def told(answer) -> str:
    return "".join(str(message) for message in answer.context["messages"])


def test_a_taken_upload_is_withdrawn_by_a_colleague(sender, dossier):
    sender.send("误传.jpg", desk.picture())
    colleague = Sender.of(factories.make_account("head", institution=dossier.custodian), dossier)
    colleague.client.post(dossier.screen("withdraw-upload", Upload.objects.get().uuid))
    assert Upload.objects.get().state == "withdrawn"
    assert Job.objects.get(kind="read_upload").state == "cancelled"


def test_an_upload_with_filed_pages_is_not_withdrawn_and_says_what_to_do(sender, dossier):
    sender.send("已归.jpg", desk.picture())
    Sheet.objects.update(state="filed")
    answer = sender.client.post(dossier.screen("withdraw-upload", Upload.objects.get().uuid), follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert told == ["“已归.jpg”中已有页归件，不能整份撤回。请先把归件的页退回收件，再撤回。"]
    assert Upload.objects.get().withdrawn_at is None


@pytest.mark.parametrize("name", ["retry-job", "withdraw-intake", "try-intake-again", "withdraw-upload"])
def test_a_neighbour_can_neither_see_nor_touch_what_is_under_way(name, sender, dossier):
    sender.send("教案.jpg", desk.picture())
    client = Client(headers={"host": "localhost"})
    client.force_login(factories.make_account("clerk"))
    assert client.get(dossier.screen("jobs")).status_code == 404
    own = {
        "retry-job": Job.objects.first().uuid,
        "withdraw-intake": Quarantined.objects.get().uuid,
        "try-intake-again": Quarantined.objects.get().uuid,
        "withdraw-upload": Upload.objects.get().uuid,
    }
    assert client.post(dossier.screen(name, own[name])).status_code == 404


def test_ten_jobs_cost_as_many_queries_as_two(sender, dossier, django_assert_max_num_queries):
    def asked() -> int:
        with django_assert_max_num_queries(100) as counted:
            screen(sender)
        return len(counted)

    for number in range(2):
        sender.send(f"{number}.jpg", desk.picture("页" * (number + 1)))
    few = asked()
    for number in range(2, 10):
        sender.send(f"{number}.jpg", desk.picture("页" * (number + 1)))
    assert asked() == few


def test_a_reading_is_cancelled_and_begun_again_by_hand(sender, dossier):
    sender.send("教案.jpg", desk.picture())
    job = Job.objects.get(kind="read_upload")
    assert dossier.screen("cancel-job", job.uuid) in screen(sender)
    assert "已取消。原件留存" in told(sender.client.post(dossier.screen("cancel-job", job.uuid), follow=True))
    jobs.work_off(subject=str(dossier.uuid))
    assert Upload.objects.get().state == "received"
    shown = screen(sender)
    assert "已取消" in shown and dossier.screen("retry-job", job.uuid) in shown
    sender.client.post(dossier.screen("retry-job", job.uuid))
    jobs.work_off(subject=str(dossier.uuid))
    assert Upload.objects.get().state == "read" and "已取消" not in screen(sender)


def test_the_other_body_of_a_class_does_not_cancel_what_the_keeper_began(sender, dossier):
    sender.send("教案.jpg", desk.picture())
    job = Job.objects.get(kind="read_upload")
    dossier.trainer = factories.make_institution()
    dossier.save()
    other = Client()
    other.force_login(
        factories.make_account("clerk", institution=dossier.trainer),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert other.post(dossier.screen("cancel-job", job.uuid)).status_code in (403, 404, 422)
    job.refresh_from_db()
    assert job.state == Job.State.WAITING


def test_what_was_withdrawn_leaves_no_cancelled_job_in_the_list(sender, dossier):
    sender.send("误传.jpg", desk.picture())
    sender.client.post(dossier.screen("withdraw-upload", Upload.objects.get().uuid))
    assert "误传.jpg" not in screen(sender)


def test_the_list_of_jobs_asks_as_often_however_long_it_is(sender, dossier, django_assert_max_num_queries):
    for number in range(3):
        sender.send(f"{number}.jpg", desk.picture(f"第{number}"))
    with django_assert_max_num_queries(30):
        screen(sender)
