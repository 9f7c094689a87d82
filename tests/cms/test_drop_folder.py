"""The drop folder: taken once it stands still, given back with a reason, never led astray, nothing lost or deleted."""

import os

import pytest
from django.core.management import call_command

from cms import drop_folder
from cms.drop_folder import GIVEN_BACK, TAKEN, TAKING, Watcher
from dossiers.models import Upload
from foundation import jobs
from foundation.models import Job, Quarantined
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import Sender

pytestmark = pytest.mark.django_db
LONG = 100.0


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=1)


@pytest.fixture
def clerk(dossier):
    return factories.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def box(settings, tmp_path, dossier, clerk):
    """The folder of the class, empty."""
    settings.OCR_ENGINE = "null"
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.QUARANTINE_ROOT = tmp_path / "quarantine"
    settings.DROP_FOLDER = str(tmp_path / "drop")
    settings.DROP_FOLDER_ACCOUNTS = {dossier.custodian.code: clerk.username}
    folder = tmp_path / "drop" / dossier.custodian.code / dossier.class_no
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def watcher(box):
    return Watcher(drop_folder.root())


def looked(watcher: Watcher, *, times: int = 2) -> None:
    """So many rounds, far enough apart for what stands still."""
    for number in range(times):
        watcher.look_round(number * LONG)


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def reason(box, name: str) -> str:
    return (box / GIVEN_BACK / f"{name}.txt").read_text("utf-8-sig")


def test_a_file_that_stands_still_is_taken_in_in_the_name_of_the_account_and_kept(
    watcher, box, dossier, clerk
):
    content = desk.picture("投递")
    (box / "第一讲 教案.jpg").write_bytes(content)
    looked(watcher)
    assert names(box) == [TAKING]
    jobs.work_off(subject=str(dossier.uuid))
    upload = Upload.objects.get()
    assert (upload.file_name, upload.received_by, upload.state) == ("第一讲 教案.jpg", clerk, "read")
    watcher.look_round(0)
    assert (box / TAKEN / "第一讲 教案.jpg").read_bytes() == content
    assert names(box / TAKING) == []


def test_a_file_that_still_grows_or_is_half_named_is_left_alone(watcher, box):
    growing = box / "录像.mp4"
    for number in range(3):
        growing.write_bytes(b"\0\0\0\x20ftypisom" + b"x" * 1000 * (number + 1))
        watcher.look_round(number * LONG)
    for name in ("抄写中.pdf.part", "下载.tmp", ".隐藏.jpg"):
        (box / name).write_bytes(desk.picture())
    (box / "抄写中.pdf").write_bytes(b"%PDF-1.7")
    os.unlink(growing)
    looked(watcher)
    assert names(box) == [".隐藏.jpg", "下载.tmp", "抄写中.pdf", "抄写中.pdf.part"]
    assert not Quarantined.objects.exists()


def test_what_is_not_taken_comes_back_with_its_reason_beside_it(watcher, box, dossier):
    (box / "列表.mp4").write_bytes(b"#EXTM3U\n")
    (box / "空.jpg").write_bytes(b"")
    looked(watcher)
    jobs.work_off(subject=str(dossier.uuid))
    watcher.look_round(0)
    assert names(box / GIVEN_BACK) == ["列表.mp4", "列表.mp4.txt", "空.jpg", "空.jpg.txt"]
    assert "播放列表" in reason(box, "列表.mp4") and "空文件" in reason(box, "空.jpg")
    assert (box / GIVEN_BACK / "列表.mp4").read_bytes() == b"#EXTM3U\n"
    assert not Upload.objects.exists()


def test_two_files_of_one_name_are_both_kept(watcher, box, dossier):
    for text in ("甲", "乙乙"):
        (box / "扫描.jpg").write_bytes(desk.picture(text))
        looked(watcher)
        jobs.work_off(subject=str(dossier.uuid))
        watcher.look_round(0)
    assert names(box / TAKEN) == ["扫描.jpg", "扫描（2）.jpg"]
    assert Upload.objects.count() == 2


def test_a_number_that_two_classes_of_a_trainer_bear_is_nobodys(watcher, box, dossier):
    factories.make_dossier(trainer=dossier.trainer, class_no=dossier.class_no)  # opened by another body
    (box / "教案.jpg").write_bytes(desk.picture())
    looked(watcher)
    assert "不止一个班次号" in reason(box, "教案.jpg")
    assert not Quarantined.objects.exists()


def test_links_and_what_is_no_file_are_given_back_unopened(watcher, box, tmp_path):
    secret = tmp_path / "秘密.jpg"
    secret.write_bytes(desk.picture("秘密"))
    (box / "链接.jpg").symlink_to(secret)
    (box / "上一级").symlink_to(tmp_path)
    os.mkfifo(box / "管道.jpg")
    looked(watcher)
    assert names(box / GIVEN_BACK) == [
        "上一级",
        "上一级.txt",
        "管道.jpg",
        "管道.jpg.txt",
        "链接.jpg",
        "链接.jpg.txt",
    ]
    assert (box / GIVEN_BACK / "链接.jpg").is_symlink() and secret.exists()
    assert "链接" in reason(box, "链接.jpg")
    assert not Quarantined.objects.exists()


def test_a_link_put_in_a_file_s_place_is_not_opened_either(watcher, box, tmp_path, dossier):
    (box / "教案.jpg").write_bytes(desk.picture("教案"))
    looked(watcher)
    (place,) = box.glob(f"{TAKING}/*/教案.jpg")
    place.unlink()
    secret = tmp_path / "秘密.jpg"
    secret.write_bytes(desk.picture("秘密"))
    place.symlink_to(secret)
    jobs.work_off(subject=str(dossier.uuid))
    assert not Upload.objects.exists() and Quarantined.objects.get().received == 0


@pytest.mark.parametrize(
    ("where", "word"),
    [
        ("{code}/2026-999", "没有班次号为 2026-999 的班"),
        ("{code}", "才知道是哪个班的"),
        (".", "才知道是哪个班的"),
    ],
)
def test_what_lies_in_no_class_comes_back(where, word, watcher, box, dossier):
    folder = drop_folder.root() / where.format(code=dossier.custodian.code)
    folder.mkdir(exist_ok=True)
    (folder / "教案.jpg").write_bytes(desk.picture())
    looked(watcher)
    assert word in reason(folder, "教案.jpg")


def test_without_an_account_or_with_a_stranger_s_nothing_is_taken(watcher, box, settings):
    stranger = factories.make_account("clerk", institution=factories.make_institution("松原职业培训学校"))
    (code,) = settings.DROP_FOLDER_ACCOUNTS
    for accounts, word in (({}, "没有指定以谁的名义"), ({code: stranger.username}, "不能向这个班交件")):
        settings.DROP_FOLDER_ACCOUNTS = accounts
        (box / "教案.jpg").write_bytes(desk.picture())
        looked(watcher)
        assert word in reason(box, "教案.jpg")
        (box / GIVEN_BACK / "教案.jpg.txt").unlink()
        (box / GIVEN_BACK / "教案.jpg").unlink()
    assert not Quarantined.objects.exists()


def test_a_full_disk_leaves_the_file_where_it_was_put_down(watcher, box, settings):
    settings.QUARANTINE_RESERVE_BYTES = 10**15
    (box / "教案.jpg").write_bytes(desk.picture())
    looked(watcher)
    assert names(box) == ["教案.jpg"]
    settings.QUARANTINE_RESERVE_BYTES = 0
    watcher.look_round(2 * LONG)
    assert names(box) == [TAKING]


def test_a_copy_that_broke_off_goes_on_where_it_was(watcher, box, dossier, monkeypatch):
    content = desk.picture("断", form="PNG")
    (box / "断.png").write_bytes(content)
    looked(watcher)
    waiting = Quarantined.objects.get()
    Sender.of(factories.make_account("head", institution=dossier.custodian), dossier)
    drop_folder.door.receive(dossier.intakes.get(), 0, [content[:500]])
    read: list[int] = []
    honest = drop_folder._piece
    monkeypatch.setattr(
        drop_folder, "_piece", lambda source, left: (read.append(left), honest(source, left))[1]
    )
    jobs.work_off(subject=str(dossier.uuid))
    assert read == [len(content) - 500]
    assert Upload.objects.get().blob.size == len(content) == waiting.declared_size


def test_a_file_that_changes_while_it_is_taken_comes_back(watcher, box, dossier):
    (box / "教案.jpg").write_bytes(desk.picture())
    looked(watcher)
    (place,) = box.glob(f"{TAKING}/*/教案.jpg")
    place.write_bytes(desk.picture()[:300])
    jobs.work_off(subject=str(dossier.uuid))
    watcher.look_round(0)
    assert "大小变了" in reason(box, "教案.jpg")


def test_a_job_that_was_lost_is_asked_for_again(watcher, box, dossier):
    (box / "教案.jpg").write_bytes(desk.picture())
    looked(watcher)
    Job.objects.all().delete()
    watcher.look_round(0)
    jobs.work_off(subject=str(dossier.uuid))
    assert Upload.objects.count() == 1


def test_it_is_shown_among_the_jobs_of_the_class(watcher, box, dossier, clerk):
    (box / "教案.jpg").write_bytes(desk.picture())
    looked(watcher)
    shown = Sender.of(clerk, dossier).client.get(dossier.screen("jobs")).content.decode()
    assert "从投递文件夹收取“教案.jpg”" in shown


def test_the_command_looks_twice_and_ends(box, dossier):
    (box / "教案.jpg").write_bytes(desk.picture())
    call_command("watch_drop_folder", "--once", "--still-seconds", "0.01")
    assert names(box) == [TAKING]


def test_it_is_off_unless_a_folder_is_named(settings):
    settings.DROP_FOLDER = ""
    assert drop_folder.root() is None and drop_folder.the_folder_can_be_used() == []
    drop_folder.look_round()


def test_a_folder_that_cannot_be_used_is_said_at_start(settings, tmp_path):
    settings.DROP_FOLDER = str(tmp_path / "missing")
    assert [one.id for one in drop_folder.the_folder_can_be_used()] == ["cms.W001"]
    settings.DROP_FOLDER, settings.DROP_FOLDER_ACCOUNTS = str(tmp_path), {}
    assert [one.id for one in drop_folder.the_folder_can_be_used()] == ["cms.W002"]


def test_a_link_in_the_place_of_our_own_folders_or_words_leads_nowhere(watcher, box, dossier, tmp_path):
    original, elsewhere = tmp_path / "原件", tmp_path / "别处"
    original.write_bytes(b"original")
    elsewhere.mkdir()
    (box / GIVEN_BACK).mkdir()
    (box / GIVEN_BACK / "空.jpg.txt").symlink_to(original)
    (box / TAKING).symlink_to(elsewhere)
    (box / "空.jpg").write_bytes(b"")
    (box / "教案.jpg").write_bytes(desk.picture())
    looked(watcher)
    jobs.work_off(subject=str(dossier.uuid))
    assert original.read_bytes() == b"original"
    assert "空文件" in reason(box, "空.jpg")
    assert names(elsewhere) == []
    assert Upload.objects.get().file_name == "教案.jpg"
