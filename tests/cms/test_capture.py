"""The paper before the phone: taken in at once, told what it is, filed by a person, taken again, taken back."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cms.rows.capture import Aim, Shot
from dossiers.actions import ledger
from dossiers.models import DossierPage, Filing, Upload
from foundation import jobs
from foundation.models import Job
from ingestion.jobs import PHOTO, READ
from ingestion.models import PageReading
from tests import factories
from tests.cms.camera import came_in, drawn, photo, place_on, press, read_as, signed_in, take
from tests.cms.intake_desk import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return factories.make_institution()


@pytest.fixture
def dossier(school):
    return DossierPage.objects.get(pk=factories.make_dossier(school, trainees=3).pk)


@pytest.fixture
def clerk(school):
    return factories.make_account("clerk", institution=school)


@pytest.fixture
def phone(clerk):
    return signed_in(clerk)


def test_a_photograph_goes_through_the_one_door_and_is_read_before_everything_else(phone, dossier):
    upload = take(phone, dossier)
    assert Job.objects.get(kind="take_in").state == "done"
    waiting = Job.objects.get(state="waiting")
    assert (waiting.kind, waiting.arguments) == (PHOTO, {"upload": str(upload.uuid)})
    assert jobs.kind_of(PHOTO).priority > max(jobs.kind_of(kind).priority for kind in (READ, "take_in"))
    assert "正在认读这一页" in drawn(phone, dossier)


def test_a_file_of_many_pages_waits_its_turn(phone, dossier):
    given = SimpleUploadedFile("叠.pdf", pdf(3), "application/pdf")
    phone.post(dossier.screen("capture"), {"do": "take", "photo": given})
    assert set(Job.objects.filter(state="waiting").values_list("kind", flat=True)) == {"draw_upload", READ}


def test_she_is_told_what_it_was_taken_for_and_whose(phone, dossier):
    trainee = dossier.enrolments.get(seq=2)
    read_as(came_in(phone, dossier), enrolment=trainee)
    page = drawn(phone, dossier)
    assert "身份证" in page and trainee.name in page and "96 %" in page
    for word in ("四角完整", "清晰可读", "归件，拍下一页", "重拍"):
        assert word in page


def test_nothing_confirms_itself_and_one_press_files_it(phone, dossier, clerk):
    trainee = dossier.enrolments.get(seq=2)
    upload = came_in(phone, dossier)
    sheet = read_as(upload, enrolment=trainee)
    page = drawn(phone, dossier)
    assert not dossier.filings.filter(state="filed").exists()

    answer = press(phone, dossier, "file", upload, place=place_on(page))

    filed = dossier.filings.get(state="filed")
    assert (filed.enrolment, filed.confirmed_by, filed.places.get().sheet) == (trainee, clerk, sheet)
    told = phone.get(answer.url).content.decode()
    assert "已归入" in told and "请拍下一页" in told and "已拍 1 页" in told


def test_a_doubtful_place_is_offered_and_never_chosen(phone, dossier):
    trainee = dossier.enrolments.get(seq=1)
    upload = came_in(phone, dossier)
    read_as(upload, enrolment=trainee, confidence=0.41, reasons=("near_name",))
    page = drawn(phone, dossier)
    assert "41 %" in page and "归到哪里，请选一处" in page
    assert 'type="hidden" name="place"' not in page and " checked" not in page

    refused = press(phone, dossier, "file", upload)

    assert refused.status_code == 422 and "还没有选归到哪里" in refused.content.decode()
    assert not dossier.filings.filter(state="filed").exists()


def test_another_item_and_person_may_be_picked_instead(phone, dossier):
    read_as(upload := came_in(phone, dossier), enrolment=dossier.enrolments.get(seq=1))
    other = dossier.enrolments.get(seq=3)
    press(
        phone,
        dossier,
        "file",
        upload,
        place=place_on(drawn(phone, dossier)),
        pick="labour_contract_copy|signature_page",
        enrolment=str(other.uuid),
    )
    filed = dossier.filings.get(state="filed")
    assert (filed.item_id, filed.part, filed.enrolment) == ("labour_contract_copy", "signature_page", other)


def test_the_person_alone_may_be_put_right(phone, dossier):
    read_as(upload := came_in(phone, dossier), enrolment=dossier.enrolments.get(seq=1))
    other = dossier.enrolments.get(seq=3)
    press(
        phone,
        dossier,
        "file",
        upload,
        place=place_on(drawn(phone, dossier)),
        pick="",
        enrolment=str(other.uuid),
    )
    filed = dossier.filings.get(state="filed")
    assert (filed.item_id, filed.enrolment) == ("identity_document_copy", other)


def test_taking_again_withdraws_the_photograph_and_keeps_the_count(phone, dossier):
    first = take(phone, dossier, "一")
    read_as(first, notes=("blurred",), enrolment=dossier.enrolments.get(seq=1))
    answer = press(phone, dossier, "retake", first)
    first.refresh_from_db()
    assert first.withdrawn_at
    assert "已拍 0 页" in phone.get(answer.url).content.decode()
    take(phone, dossier, "二")
    assert "已拍 1 页" in drawn(phone, dossier)


def test_a_photograph_still_being_read_can_be_taken_again_and_is_not_read_any_more(phone, dossier):
    press(phone, dossier, "retake", take(phone, dossier))
    assert Job.objects.get(kind=PHOTO).state == "cancelled"


def test_what_was_filed_last_comes_back_into_view(phone, dossier):
    trainee = dossier.enrolments.get(seq=2)
    upload = came_in(phone, dossier)
    read_as(upload, enrolment=trainee)
    press(phone, dossier, "file", upload, place=place_on(drawn(phone, dossier)))

    answer = press(phone, dossier, "undo")

    assert not dossier.filings.filter(state="filed").exists()
    assert f"shot={upload.uuid}" in answer.url
    assert trainee.name in phone.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("note", "check", "advice"),
    [
        ("blurred", "字认不准", "请靠近一点、拿稳、避开反光"),
        ("edges_unseen", "没有看到四角", "请放在深色桌面上"),
        ("cut_off", "没有看到四角", "请退后一点、放平"),
    ],
)
def test_a_bad_photograph_says_what_to_do(phone, dossier, note, check, advice):
    read_as(came_in(phone, dossier), notes=(note,), enrolment=dossier.enrolments.get(seq=1))
    page = drawn(phone, dossier)
    assert check in page and advice in page


def test_words_that_came_out_unsurely_are_not_called_legible(phone, dossier):
    read_as(came_in(phone, dossier), sure=0.6, enrolment=dossier.enrolments.get(seq=1))
    page = drawn(phone, dossier)
    assert "字认不准" in page and "清晰可读" not in page


def test_a_page_without_words_is_not_called_blurred(phone, dossier):
    upload = came_in(phone, dossier)
    read_as(upload, enrolment=dossier.enrolments.get(seq=1))
    PageReading.objects.update(lines="")
    page = drawn(phone, dossier)
    assert "没有认出字" in page and "照片模糊" not in page


def test_seals_and_signatures_are_told_where_the_kind_asks(phone, dossier):
    upload = came_in(phone, dossier)
    read_as(
        upload,
        "labour_contract_copy",
        part="signature_page",
        enrolment=dossier.enrolments.get(seq=1),
        fields={"party_a_seal": ("true", "read"), "party_b_signature": ("false", "read")},
    )
    shot = Shot(dossier, upload, Aim())
    assert [check.state for check in shot.checks] == ["ok", "ok", "ok", "doubt"]
    assert [(box.left, box.top, box.width, box.height) for box in shot.boxes] == [(310, 600, 110, 100)]


def test_she_comes_for_one_person_and_goes_on_with_the_item(phone, dossier):
    trainee = dossier.enrolments.get(seq=3)
    aim = {"item": "identity_document_copy", "for": str(trainee.uuid)}
    upload = take(phone, dossier, **aim)
    assert (upload.target_item, upload.target_enrolment) == ("identity_document_copy", trainee)
    assert trainee.name in drawn(phone, dossier, **aim)
    read_as(upload, enrolment=trainee)
    answer = press(phone, dossier, "file", upload, place=place_on(drawn(phone, dossier, **aim)), **aim)
    assert "for=" not in answer.url
    whole = {"item": "identity_document_copy"}
    read_as(again := take(phone, dossier, "二", **whole), enrolment=dossier.enrolments.get(seq=1))
    answer = press(phone, dossier, "file", again, place=place_on(drawn(phone, dossier, **whole)), **whole)
    assert "item=identity_document_copy" in answer.url


def test_the_script_is_answered_in_json(phone, dossier):
    headers = {"accept": "application/json"}
    told = {"do": "take", "photo": photo()}
    answer = phone.post(dossier.screen("capture"), told, headers=headers)
    assert answer.status_code == 201
    said = json.loads(answer.content)
    assert f"shot={said['shot']}" in said["url"]
    again = phone.post(dossier.screen("capture"), {"do": "take", "photo": photo()}, headers=headers)
    assert json.loads(again.content)["shot"] == said["shot"]  # an answer that was lost on its way
    assert dossier.uploads.count() == 1


def test_the_script_is_told_why_a_file_is_not_taken(phone, dossier):
    bad = SimpleUploadedFile("x.jpg", b"<html><body>no picture</body></html>", "image/jpeg")
    headers = {"accept": "application/json"}
    answer = phone.post(dossier.screen("capture"), {"do": "take", "photo": bad}, headers=headers)
    assert answer.status_code == 415
    assert json.loads(answer.content)["message"]
    nothing = phone.post(dossier.screen("capture"), {"do": "take"}, headers=headers)
    assert nothing.status_code == 422 and "没有收到照片" in nothing.content.decode()


def test_the_camera_is_open_to_this_page_alone(phone, dossier):
    here = phone.get(dossier.screen("capture"))
    assert "camera=(self)" in here["Permissions-Policy"]
    for elsewhere in (dossier.screen("board"), dossier.screen("tray"), "/", "/login/"):
        assert "camera=()" in phone.get(elsewhere)["Permissions-Policy"]
    assert "'unsafe" not in here["Content-Security-Policy"]


def test_a_dossier_before_the_bureau_takes_no_photograph(phone, dossier):
    dossier.progress.state = "under_review"
    dossier.progress.save()
    assert "不能再收照片" in drawn(phone, dossier)
    answer = phone.post(dossier.screen("capture"), {"do": "take", "photo": photo()})
    assert answer.status_code == 422
    assert not dossier.uploads.exists()


def test_the_other_body_of_an_entrusted_class_takes_and_does_not_file(school):
    firm = factories.make_institution("云杉里餐饮", kind="enterprise")
    dossier = DossierPage.objects.get(pk=factories.make_dossier(firm, trainer=school, trainees=1).pk)
    phone = signed_in(factories.make_account("clerk", institution=firm))
    read_as(upload := came_in(phone, dossier), enrolment=dossier.enrolments.get())
    page = drawn(phone, dossier)
    assert "由保管单位归件" in page and "归件，拍下一页" not in page
    trainee = dossier.enrolments.get()
    place = f"identity_document_copy||{trainee.uuid}|"
    assert press(phone, dossier, "file", upload, place=place).status_code == 404
    assert not Filing.objects.filter(state="filed").exists()


def test_another_persons_photograph_is_not_hers_to_decide_here(phone, dossier, school):
    colleague = signed_in(factories.make_account("clerk", institution=school))
    theirs = came_in(colleague, dossier)
    read_as(theirs, enrolment=dossier.enrolments.get(seq=1))
    assert "已拍 0 页" in drawn(phone, dossier, shot=str(theirs.uuid))
    assert press(phone, dossier, "retake", theirs).status_code == 422
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


def test_a_photograph_decided_meanwhile_is_told(phone, dossier):
    upload = came_in(phone, dossier)
    sheet = read_as(upload, enrolment=dossier.enrolments.get(seq=1))
    ledger.discard(sheet, by=factories.make_account("clerk", institution=dossier.custodian))
    answer = press(phone, dossier, "file", upload, place="identity_document_copy||")
    assert answer.status_code == 422 and "已经处理过" in answer.content.decode()


def test_a_photograph_that_could_not_be_read_can_still_be_filed_by_hand(phone, dossier):
    upload = came_in(phone, dossier)
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.UNREADABLE)
    page = drawn(phone, dossier)
    assert "没有读成" in page
    press(phone, dossier, "file", upload, pick="lesson_plan|")
    assert dossier.filings.get(state="filed").item_id == "lesson_plan"
