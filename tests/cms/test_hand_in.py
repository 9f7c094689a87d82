"""Before handing in every open thing is listed with its place; the step, its taking back, and who owes what."""

import pymupdf
import pytest
from django.utils import timezone

from dossiers.models import ReturnNote
from tests import factories as make
from tests.cms.people_at_desks import a_class, client_of

pytestmark = pytest.mark.django_db


def complete_class(**facts):
    dossier, client = a_class(2, stage="application", **facts)
    make.file_everything(dossier)
    return dossier, client


def test_every_obstacle_is_listed_under_its_item_with_a_way_to_settle_it():
    dossier, client = a_class(2, stage="opening")
    person = dossier.enrolments.first()
    make.make_filing(dossier, "identity_document_copy", enrolment=person, kind="id_card_front")
    page = client.get(dossier.screen("hand-in"))
    groups = {group.title: group.obstacles for group in page.context["groups"]}
    assert [(one.who, one.what) for one in groups["第 7 件 身份证"]] == [("李国栋", "尚未收到")]
    assert [one.what for one in groups["第 8 件 劳动合同"]] == ["缺劳动合同第1页", "缺劳动合同签字页"] * 2
    second = dossier.enrolments.last()
    assert f"for={second.uuid}#item-identity_document_copy" in groups["第 7 件 身份证"][0].url
    assert "disabled" in page.content.decode()


def test_what_waits_in_the_tray_leads_to_the_tray():
    dossier, client = a_class(1, stage="opening")
    make.make_filing(
        dossier,
        "identity_document_copy",
        enrolment=dossier.enrolments.first(),
        state="proposed",
        kind="id_card_front",
    )
    groups = {group.title: group for group in client.get(dossier.screen("hand-in")).context["groups"]}
    [one] = groups["第 7 件 身份证"].obstacles
    assert one.in_tray and one.url == dossier.screen("tray")


def test_without_a_roster_the_way_leads_to_the_roster():
    dossier, client = a_class(0, stage="opening")
    groups = {group.title: group for group in client.get(dossier.screen("hand-in")).context["groups"]}
    assert groups["第 7 件 身份证"].obstacles[0].url == dossier.screen("roster")


def test_a_refused_hand_in_lists_every_open_thing_and_changes_nothing():
    dossier, client = a_class(1, stage="opening")
    answer = client.post(dossier.screen("hand-in"))
    assert answer.status_code == 422
    assert answer.context["count"] == 4 + 1 + 1 + 2
    dossier.progress.refresh_from_db()
    assert dossier.progress.state == "open"


def test_a_complete_class_is_handed_in_and_taken_back():
    dossier, client = complete_class()
    page = client.get(dossier.screen("hand-in"))
    assert not page.context["groups"]
    client.post(dossier.screen("hand-in"))
    dossier.progress.refresh_from_db()
    assert dossier.progress.state == "handed_in"
    assert "撤回报送" in client.get(dossier.screen("hand-in")).content.decode()
    client.post(dossier.screen("take-back"))
    dossier.progress.refresh_from_db()
    assert dossier.progress.state == "open"


def test_nothing_is_taken_back_once_a_reviewer_has_begun():
    dossier, client = a_class(state="under_review")
    assert "撤回报送" not in client.get(dossier.screen("hand-in")).content.decode()
    answer = client.post(dossier.screen("take-back"))
    assert answer.status_code == 422 and "审核中" in answer.content.decode()


def test_pages_left_in_the_tray_are_pointed_out_but_do_not_block():
    dossier, client = complete_class()
    make.make_upload(dossier, pages=2)
    page = client.get(dossier.screen("hand-in"))
    assert "收件里还有 2 页没有归件" in page.content.decode()
    client.post(dossier.screen("hand-in"))
    dossier.progress.refresh_from_db()
    assert dossier.progress.state == "handed_in"


def test_an_unsettled_return_blocks_once_not_twice():
    dossier, client = complete_class(state="returned")
    filing = dossier.filings.get(item_id="course_schedule")
    ReturnNote.objects.create(
        record=dossier.items.get(item_id="course_schedule"),
        dossier=dossier,
        filing=filing,
        sheet=filing.places.get().sheet,
        reason="未分列理论与实操",
        returned_by=make.make_account("reviewer"),
    )
    [group] = client.get(dossier.screen("hand-in")).context["groups"]
    assert [one.what for one in group.obstacles] == ["退回（未分列理论与实操），未补正也未答复"]


def test_only_the_custodian_hands_in():
    enterprise = make.make_institution("云杉里餐饮", kind="enterprise")
    dossier, client = a_class(opener=enterprise, trainer=make.make_institution())
    assert client.get(dossier.screen("hand-in")).status_code == 200
    owner = client_of(make.make_account("clerk", institution=enterprise))
    assert owner.get(dossier.screen("hand-in")).status_code == 404
    assert owner.get(dossier.screen("owes")).status_code == 200


def test_who_owes_what_is_told_by_person_in_roster_order_and_printed():
    dossier, client = a_class(3, stage="opening")
    first, second, third = dossier.enrolments.all()
    for item in ("class_opening_application", "course_schedule", "lesson_plan", "trainee_roster"):
        make.make_filing(dossier, item)
    for item in ("trainee_registration_form", "identity_document_copy"):
        make.make_filing(dossier, item, enrolment=first)
    for part in ("first_page", "signature_page"):
        make.make_filing(dossier, "labour_contract_copy", enrolment=first, part=part)
    third.withdrawn_on = timezone.localdate()
    third.save()
    page = client.get(dossier.screen("owes"))
    rows = page.context["rows"]
    assert [(row.name, row.withdrawn) for row in rows] == [(second.name, False), (third.name, True)]
    assert [paper.item for paper in rows[0].papers] == [
        "第 6 件 学员登记表",
        "第 7 件 身份证",
        "第 8 件 劳动合同",
        "第 8 件 劳动合同",
    ]
    answer = client.get(dossier.screen("owes-pdf"))
    document = pymupdf.open(stream=answer.content, filetype="pdf")
    text = "".join("".join(sheet.get_text().split()) for sheet in document)
    assert second.name in text and "劳动合同签字页" in text and first.name not in text
    assert all(document.extract_font(font[0])[3] for font in document[0].get_fonts())


def test_a_class_without_debts_says_so():
    dossier, client = complete_class()
    assert "已到期的材料都齐了" in client.get(dossier.screen("owes")).content.decode()
