"""The upload door: tus, refusals in words, nothing lost, nothing twice."""

import base64
import hashlib
import json
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.models import Filing, Sheet, Upload
from foundation import blobs, jobs, quarantine
from foundation.blobs import store
from foundation.models import Job, Quarantined
from tests import factories
from tests.cms import intake_desk as desk
from tests.cms.intake_desk import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def null_engine(settings):
    settings.OCR_ENGINE = "null"


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=2)


@pytest.fixture
def clerk(dossier):
    return factories.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def sender(clerk, dossier):
    return Sender.of(clerk, dossier)


def words(response) -> dict[str, str]:
    return json.loads(response.content)


def test_a_picture_is_acknowledged_by_its_sha256_and_becomes_a_sheet(sender, dossier):
    content = desk.picture()
    answer = sender.send("身份证 王海燕.jpg", content)
    assert answer.status_code == 204
    assert answer["Juanzong-Sha256"] == hashlib.sha256(content).hexdigest()
    upload = Upload.objects.get()
    assert (upload.file_name, upload.page_count, upload.medium) == ("身份证 王海燕.jpg", 1, "paper")
    assert answer["Juanzong-Upload"] == str(upload.uuid)
    with store().open(upload.blob.sha256) as original:
        assert original.read() == content
    assert Quarantined.objects.get().state == "taken"
    assert not quarantine.path_of(Quarantined.objects.get()).exists()


def test_every_page_of_a_tiff_and_a_pdf_becomes_a_sheet(sender):
    sender.send("三页.tif", desk.tiff(3))
    sender.send("两页.pdf", desk.pdf(2))
    assert list(Upload.objects.values_list("page_count", flat=True)) == [3, 2]
    assert Sheet.objects.count() == 5


def test_reading_ends_with_pictures_and_a_word_about_each_page(sender, dossier):
    sender.send("三页.tif", desk.tiff(3))
    jobs.work_off(subject=str(dossier.uuid))
    upload = Upload.objects.get()
    assert upload.state == "read"
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    for number in (1, 2, 3):
        for name in ("view", "thumb", "veil"):
            assert store().has_derivative(upload.blob.sha256, f"p{number}-{name}.jpg")
    reasons = [filing.reasons[0]["code"] for filing in Filing.objects.all()]
    assert reasons == ["kind_unknown"] * 3


def test_a_file_sent_in_pieces_goes_on_where_it_broke_off(sender):
    content = desk.picture("分块")
    address = sender.create("分块.jpg", len(content))["Location"]
    assert sender.patch(address, 0, content[:5000])["Upload-Offset"] == "5000"
    assert sender.head(address)["Upload-Offset"] == "5000"
    assert sender.patch(address, 4000, content[4000:]).status_code == 409
    last = sender.patch(address, 5000, content[5000:])
    assert last.status_code == 204
    assert Upload.objects.count() == 1


def test_a_damaged_piece_is_thrown_away_and_may_be_sent_again(sender):
    content = desk.picture("校验")
    address = sender.create("校验.jpg", len(content))["Location"]
    right = base64.b64encode(hashlib.sha256(content).digest()).decode()
    wrong = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    refused = sender.patch(address, 0, content, Upload_Checksum=f"sha256 {wrong}")
    assert refused.status_code == 460
    assert "重传" in words(refused)["message"]
    assert sender.head(address)["Upload-Offset"] == "0"
    assert sender.patch(address, 0, content, Upload_Checksum=f"sha256 {right}").status_code == 204


def test_the_same_bytes_twice_are_one_upload_and_the_sender_learns_which(sender):
    content = desk.picture("重复")
    sender.send("第一次.jpg", content)
    again = sender.send("第二次.jpg", content)
    assert again.status_code == 204
    assert unquote(again["Juanzong-Again"]) == "第一次.jpg"
    assert Upload.objects.count() == 1


def test_two_files_of_one_name_are_two_uploads(sender):
    sender.send("扫描.jpg", desk.picture("甲"))
    sender.send("扫描.jpg", desk.picture("乙乙"))
    assert list(Upload.objects.values_list("file_name", flat=True)) == ["扫描.jpg", "扫描.jpg"]


def test_a_wrong_extension_is_taken_by_content_and_the_sender_is_told(sender, dossier):
    assert sender.send("其实是图片.pdf", desk.picture("扩展名")).status_code == 204
    assert dossier.intakes.get().notes == ["extension_differs"]
    assert Upload.objects.get().blob.media_type == "image/jpeg"


BAD = {
    "加密.pdf": (lambda: desk.pdf(password="secret"), 422, "encrypted_pdf", "不加密"),
    "残缺.jpg": (lambda: desk.picture("残")[:4000], 422, "truncated_image", "重新扫描"),
    "炸弹.png": (desk.bomb, 422, "too_many_pixels", "300 dpi"),
    "压缩包.pdf": (desk.archive, 415, "zip_content", "解压"),
    "网页.jpg": (lambda: b"<!DOCTYPE html><html><body>hello</body></html>", 415, "html_content", "网页"),
    "列表.mp4": (lambda: b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", 415, "playlist_content", "播放列表"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_taken_is_refused_in_words_and_stays_until_it_is_withdrawn(name, sender, dossier):
    make, status, code, word = BAD[name]
    content = make()
    answer = sender.send(name, content)
    assert (answer.status_code, words(answer)["code"]) == (status, code)
    assert name in words(answer)["message"] and word in words(answer)["message"]
    assert not Upload.objects.exists()
    kept = Quarantined.objects.get()
    assert kept.state == "refused" and quarantine.path_of(kept).read_bytes() == content
    screen = sender.client.get(dossier.screen("jobs")).content.decode()
    assert word in screen
    assert sender.delete(f"/files/{kept.uuid}").status_code == 204
    assert not quarantine.path_of(kept).exists()
    assert word not in sender.client.get(dossier.screen("jobs")).content.decode()


def test_an_empty_file_is_refused_before_anything_is_kept(sender):
    answer = sender.send("空.jpg", b"")
    assert answer.status_code == 422
    assert "空文件" in words(answer)["message"] and "空.jpg" in words(answer)["message"]
    assert not Quarantined.objects.exists()


def test_a_full_disk_at_the_door_says_so_and_keeps_what_lies_there(sender, settings):
    settings.QUARANTINE_RESERVE_BYTES = 10**15
    answer = sender.create("大.jpg", 1000)
    assert answer.status_code == 507
    assert "存储空间不足" in words(answer)["message"]


def test_a_full_store_leaves_the_file_in_quarantine_and_the_job_to_be_done_again(
    sender, dossier, settings, tmp_path, monkeypatch
):
    monkeypatch.setitem(blobs.STORES, "full", "tests.cms.full_store.FullStore")
    settings.BLOB_STORE = {"kind": "full", "root": str(tmp_path)}
    content = desk.picture("满")
    answer = sender.send("满.jpg", content)
    assert answer.status_code == 507
    assert "存储空间不足" in words(answer)["message"]
    assert answer["Juanzong-Sha256"] == hashlib.sha256(content).hexdigest()
    kept = Quarantined.objects.get()
    assert kept.state == "complete" and quarantine.path_of(kept).read_bytes() == content
    assert "存储空间不足" in sender.client.get(dossier.screen("jobs")).content.decode()


def test_a_stored_quota_that_is_used_up_is_told_before_the_first_byte(sender, settings):
    settings.STORAGE_QUOTA_BYTES = 10
    answer = sender.create("配额.jpg", 1000)
    assert answer.status_code == 413
    assert words(answer)["code"] == "storage_full"


def test_a_wrong_upload_is_withdrawn_and_its_sheets_leave_the_tray(sender, dossier):
    content = desk.picture("撤回")
    address = sender.create("撤回.jpg", len(content))["Location"]
    sender.patch(address, 0, content)
    assert sender.delete(address).status_code == 204
    assert Upload.objects.get().state == "withdrawn"
    assert set(Sheet.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert Job.objects.get(kind="read_upload").state == "cancelled"
    assert sender.send("撤回.jpg", content).status_code == 204
    assert Upload.objects.filter(withdrawn_at=None).count() == 1


def test_half_an_upload_can_be_withdrawn_and_then_is_gone(sender):
    address = sender.create("一半.jpg", 9000)["Location"]
    sender.patch(address, 0, b"x" * 100)
    assert sender.delete(address).status_code == 204
    assert sender.head(address).status_code == 410


def test_a_target_travels_with_the_file(sender, dossier):
    enrolment = dossier.enrolments.first()
    sender.send(
        "目标.jpg", desk.picture("目标"), target="identity_document_copy", enrolment=str(enrolment.uuid)
    )
    upload = Upload.objects.get()
    assert (upload.target_item, upload.target_enrolment) == ("identity_document_copy", enrolment)
    jobs.work_off(subject=str(dossier.uuid))
    proposed = Filing.objects.get()
    assert (proposed.item_id, proposed.enrolment) == ("identity_document_copy", enrolment)
    assert "target" in [reason["code"] for reason in proposed.reasons]


@pytest.mark.parametrize("told", [{"target": "no_such_item"}, {"enrolment": "no-such-person"}])
def test_a_target_outside_the_class_is_refused(sender, told):
    answer = sender.send("目标.jpg", desk.picture("外"), **told)
    assert answer.status_code == 422
    assert words(answer)["code"] == "target_unknown"


def test_a_neighbour_finds_neither_the_dossier_nor_the_upload(sender, dossier):
    address = sender.create("我的.jpg", 9000)["Location"]
    neighbour = Sender.of(factories.make_account("clerk"), dossier)
    assert neighbour.create("别人的.jpg", 10).status_code == 404
    assert neighbour.head(address).status_code == 404
    assert neighbour.patch(address, 0, b"x").status_code == 404
    assert neighbour.delete(address).status_code == 404


@pytest.mark.parametrize("role", ["reviewer", "archivist", "administrator"])
def test_the_bureau_hands_nothing_in(role, dossier):
    assert Sender.of(factories.make_account(role), dossier).create("一.jpg", 10).status_code == 404


def test_an_institution_archivist_hands_nothing_in(dossier):
    account = factories.make_account("institution_archivist", institution=dossier.custodian)
    assert Sender.of(account, dossier).create("一.jpg", 10).status_code == 404


def test_who_is_not_signed_in_is_told_so_in_words():
    answer = Client().post("/files/", headers=desk.TUS)
    assert answer.status_code == 401
    assert "重新登录" in words(answer)["message"]


def test_a_dossier_under_review_takes_no_files(clerk):
    dossier = factories.make_dossier(clerk.institution, state="under_review")
    answer = Sender.of(clerk, dossier).create("晚.jpg", 10)
    assert answer.status_code == 422
    assert "审核中" in words(answer)["message"]


def test_the_server_says_what_it_can_do():
    answer = Client().options("/files/")
    assert answer["Tus-Extension"] == "creation,checksum,termination"
    assert answer["Tus-Version"] == "1.0.0"


def test_another_version_of_the_protocol_is_refused(sender):
    answer = sender.client.post("/files/", headers={"Tus-Resumable": "0.2.2"})
    assert answer.status_code == 412


def test_a_sender_who_never_heard_the_end_hears_it_when_asking(sender):
    content = desk.picture("没听到")
    address = sender.create("没听到.jpg", len(content))["Location"]
    waiting = Quarantined.objects.get()
    quarantine.append(waiting, 0, [content])
    answer = sender.head(address)
    assert answer["Juanzong-Sha256"] == hashlib.sha256(content).hexdigest()
    assert Upload.objects.count() == 1


def test_a_large_file_is_left_to_the_worker(sender, dossier, monkeypatch):
    monkeypatch.setattr("cms.intake.AT_ONCE_BYTES", 100)
    content = desk.picture("大文件")
    assert sender.send("大文件.jpg", content).status_code == 204
    assert not Upload.objects.exists()
    jobs.work_off(subject=str(dossier.uuid))
    assert Upload.objects.get().state == "read"


def test_the_plain_form_takes_files_without_script(sender, dossier):
    given = [desk.picture("表单甲"), b"#EXTM3U\n"]
    with_names = [named("甲.jpg", given[0]), named("乙.mp4", given[1])]
    answer = sender.client.post(dossier.screen("upload"), {"files": with_names}, follow=True)
    assert answer.redirect_chain[0][0] == dossier.screen("tray")
    told = [str(message) for message in answer.context["messages"]]
    assert "已收妥" in told[0] and "播放列表" in told[1]
    assert Upload.objects.get().file_name == "甲.jpg"


def named(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
