"""A large file that broke off goes on from where it stood, in whatever browser; what cannot come in is said first."""

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from dossiers.models import Upload
from foundation import content, jobs, quarantine
from foundation.blobs import store
from foundation.installation import GIB, installation
from foundation.models import Job, Quarantined
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import TUS, Sender

pytestmark = pytest.mark.django_db
MARK = "a3f-12345678-9abcdef0"


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
def sender(clerk, dossier):
    return Sender.of(clerk, dossier)


def unfinished(sender: Sender) -> list[dict]:
    answer = sender.client.get(f"/files/?dossier={sender.dossier.uuid}", headers=TUS)
    return answer.json()["unfinished"]


def left_alone(minutes: int = 5) -> None:
    """As if nothing had come for so long."""
    Quarantined.objects.update(updated_at=timezone.now() - timedelta(minutes=minutes))


def panel(sender: Sender) -> str:
    return sender.client.get(sender.dossier.screen("jobs")).content.decode()


def test_what_broke_off_is_listed_and_goes_on_in_another_browser_from_its_offset(sender, clerk, dossier):
    whole = desk.picture("断点", form="PNG")
    address = sender.create("断点.png", len(whole), fingerprint=MARK)["Location"]
    sender.patch(address, 0, whole[:700])
    another = Sender.of(clerk, dossier)  # another browser, after a restart
    (begun,) = unfinished(another)
    assert begun == {
        "parts": False,
        "name": "断点.png",
        "size": len(whole),
        "offset": 700,
        "fingerprint": MARK,
        "url": address,
    }
    assert another.head(address)["Upload-Offset"] == "700"
    assert another.patch(address, 700, whole[700:]).status_code == 204
    assert Upload.objects.get().blob.size == len(whole)
    assert unfinished(another) == []


def test_nobody_else_is_told_what_one_person_began(sender, dossier):
    sender.create("断点.png", 5000, fingerprint=MARK)
    colleague = Sender.of(factories.make_account("head", institution=dossier.custodian), dossier)
    assert unfinished(colleague) == []
    stranger = factories.make_account("clerk", institution=factories.make_institution("松原职业培训学校"))
    answer = Sender.of(stranger, dossier).client.get(f"/files/?dossier={dossier.uuid}", headers=TUS)
    assert answer.status_code == 404


def test_the_tray_counts_what_is_to_be_gone_on_with_and_says_how(sender):
    for number in (1, 2):
        address = sender.create(f"第{number}讲.mp4", 20_000, fingerprint=MARK)["Location"]
        sender.patch(address, 0, b"\0\0\0\x20ftypisom" + b"x" * 4988)
    assert "正在上传：已收到 25 %（4.9 KB，共 19.5 KB）" in panel(sender)
    assert "接着传" not in panel(sender)
    left_alone()
    shown = panel(sender)
    assert "还有 2 个文件没有传完：选同一个文件接着传" in shown
    assert "第1讲.mp4" in shown and "选同一个文件，就从这里接着传" in shown


def test_a_colleague_sees_who_has_to_go_on(sender, clerk, dossier):
    address = sender.create("第1讲.mp4", 20_000, fingerprint=MARK)["Location"]
    sender.patch(address, 0, b"\0\0\0\x20ftypisom" + b"x" * 4988)
    left_alone()
    colleague = Sender.of(factories.make_account("head", institution=dossier.custodian), dossier)
    shown = panel(colleague)
    assert f"由{clerk.full_name}上传，请其选同一个文件接着传" in shown
    assert "个文件没有传完：选" not in shown


def test_what_the_first_bytes_betray_is_refused_before_the_rest_is_sent(sender, dossier):
    address = sender.create("录像.mp4", 10 * GIB)["Location"]
    answer = sender.patch(address, 0, b"#EXTM3U\n" + b"#EXTINF:10,\n" * 1000)
    assert answer.status_code == 415 and "播放列表" in answer.json()["message"]
    kept = Quarantined.objects.get()
    assert (kept.state, kept.refusal) == ("refused", "playlist_content")
    assert sender.patch(address, kept.received, b"more").status_code == 410
    assert "播放列表" in panel(sender)
    assert dossier.screen("try-intake-again", kept.uuid) not in panel(
        sender
    )  # a part of a file is not looked at
    again = sender.client.post(dossier.screen("try-intake-again", kept.uuid), follow=True)
    assert "播放列表" in "".join(str(message) for message in again.context["messages"])
    assert not Job.objects.exists()


def test_a_head_that_may_be_a_recording_is_waited_for(sender):
    address = sender.create("录像.mp4", 10 * GIB)["Location"]
    head = b"\0\0\0\x20ftypisom" + b"\0" * content.HEAD_BYTES
    assert sender.patch(address, 0, head).status_code == 204


def test_a_recording_needs_room_for_its_playing_copy_too_and_is_told_so_before_it_is_sent(sender, settings):
    free = shutil.disk_usage(installation().quarantine_root.parent).free
    settings.QUARANTINE_RESERVE_BYTES = free - 3 * GIB
    paper = sender.create("很大的扫描件.pdf", 2 * GIB)
    assert paper.status_code == 201
    sender.delete(paper["Location"])
    refused = sender.create("第一讲.MP4", 2 * GIB)
    assert refused.status_code == 507
    assert "连同播放件" in refused.json()["message"] and "没有开始上传" in refused.json()["message"]
    assert not Quarantined.objects.filter(file_name="第一讲.MP4").exists()


def test_a_lesson_travels_with_its_files_and_several_may_go_to_one(sender, dossier):
    session = factories.make_session(dossier)
    for name in ("上半节.jpg", "下半节.jpg"):
        assert sender.send(name, desk.picture(name), session=str(session.uuid)).status_code == 204
    assert [upload.target_session for upload in Upload.objects.all()] == [session, session]


def test_a_lesson_of_another_class_is_no_target(sender):
    strange = factories.make_session(factories.make_dossier(trainees=1))
    refused = sender.create("录像.mp4", 1000, session=str(strange.uuid))
    assert refused.status_code == 422 and "课次不在本班" in refused.json()["message"]


def test_a_large_file_is_hashed_by_the_worker_who_tells_how_far(sender, dossier, monkeypatch):
    monkeypatch.setattr("cms.intake.AT_ONCE_BYTES", 100)
    monkeypatch.setattr("foundation.durable.TOLD_EACH", 1)
    whole = desk.picture(f"大文件 {dossier.uuid}")  # bytes that no other test has stored before
    answer = sender.send("大文件.jpg", whole)
    assert answer.status_code == 204 and "Juanzong-Sha256" not in answer
    waiting = Quarantined.objects.get()
    inode = quarantine.path_of(waiting).stat().st_ino
    told = []
    monkeypatch.setattr("foundation.leases.Run.progress", lambda run, **said: told.append(said["step"]))
    jobs.work(Job.objects.get(kind="take_in").uuid)
    assert told == ["hashing", "looking", "storing", "entering"]
    blob = Upload.objects.get().blob
    with store().local_path(blob.sha256) as original:
        assert original.stat().st_ino == inode  # not a byte was copied
    assert sender.head(f"/files/{waiting.uuid}")["Juanzong-Sha256"] == blob.sha256


def test_a_file_withdrawn_while_it_is_hashed_is_gone_and_its_job_stops(sender, dossier, monkeypatch):
    monkeypatch.setattr("cms.intake.AT_ONCE_BYTES", 100)
    sender.send("大文件.jpg", desk.picture("大文件"))
    taking = Job.objects.get(kind="take_in")
    answer = sender.client.post(dossier.screen("cancel-job", taking.uuid), follow=True)
    assert "已取消，文件没有收下" in "".join(str(one) for one in answer.context["messages"])
    taking.refresh_from_db()
    assert (taking.state, Quarantined.objects.get().state) == ("cancelled", "withdrawn")
    assert not jobs.work(taking.uuid) and not Upload.objects.exists()
