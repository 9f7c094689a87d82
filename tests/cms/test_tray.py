"""The intake tray: what it offers, what it refuses to decide by itself, and how steps are taken back."""

import re
from pathlib import Path

import pytest
from django.test import Client

from cms.rows.reasons import PLAIN
from dossiers.actions import ledger
from dossiers.models import Filing, Sheet
from ingestion.models import FieldReading, PageReading
from tests.factories import (
    make_account,
    make_dossier,
    make_filing,
    make_institution,
    make_session,
    make_upload,
)

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
PROPOSERS = [
    *(ROOT / "dossiers").glob("matching*.py"),
    *(ROOT / "ingestion").glob("*.py"),
    *(ROOT / "media_processing" / room for room in ("filing.py", "matching.py", "jobs.py", "clock_jobs.py")),
]


@pytest.fixture
def school():
    return make_institution()


@pytest.fixture
def clerk(school):
    return make_account("clerk", institution=school)


@pytest.fixture
def dossier(school):
    return make_dossier(school, trainees=3)


@pytest.fixture
def browser(clerk):
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def propose(dossier, item_id="identity_document_copy", enrolment=None, confidence=0.9, **facts):
    return make_filing(
        dossier,
        item_id,
        enrolment=enrolment,
        state="proposed",
        confidence=confidence,
        kind="id_card_front",
        **facts,
    )


def sheet_of(filing) -> Sheet:
    return filing.places.get().sheet


def post(browser, dossier, do, sheet=None, **fields):
    data = {"do": do, **fields} | ({"sheet": str(sheet.uuid)} if sheet else {})
    return browser.post(dossier.screen("tray"), data)


def test_the_tray_shows_what_waits_with_item_person_and_certainty(browser, dossier):
    propose(dossier, enrolment=dossier.enrolments.first(), confidence=0.41)
    page = browser.get(dossier.screen("tray")).content.decode()
    assert "第 6 件 身份证" in page or "第 7 件 身份证" in page
    assert dossier.enrolments.first().name in page
    assert "41 %" in page


def test_a_confirmed_page_is_filed_where_the_clerk_says(browser, dossier, clerk):
    first, second = dossier.enrolments.all()[:2]
    sheet = sheet_of(propose(dossier, enrolment=first))
    answer = post(browser, dossier, "confirm", sheet, place=f"identity_document_copy||{second.uuid}|")
    assert answer.status_code == 302
    filing = dossier.filings.get(state=Filing.State.FILED)
    assert (filing.enrolment, filing.confirmed_by) == (second, clerk)
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.FILED


def test_nothing_is_chosen_for_a_page_without_a_person(browser, dossier):
    sheet = sheet_of(propose(dossier, confidence=0.95))
    page = browser.get(f"{dossier.screen('tray')}?sheet={sheet.uuid}").content.decode()
    assert 'name="place"' in page
    assert " checked>" not in page.split('name="replace"')[0]
    answer = post(browser, dossier, "confirm", sheet)
    assert answer.status_code == 422
    assert "还没有选归到哪里" in answer.content.decode()
    assert not dossier.filings.filter(state=Filing.State.FILED).exists()


def test_a_file_dropped_for_a_trainee_is_offered_her_place_before_it_was_read(browser, dossier):
    person = dossier.enrolments.first()
    aim = {"target_item": "identity_document_copy", "target_enrolment": person}
    make_upload(dossier, state="received", **aim)
    [offered] = browser.get(dossier.screen("tray")).context["candidates"]
    assert offered.value == f"identity_document_copy||{person.uuid}|" and offered.is_chosen


def test_a_file_dropped_on_an_item_of_trainees_still_asks_whose_it_is(browser, dossier):
    make_upload(dossier, state="received", target_item="identity_document_copy")
    [offered] = browser.get(dossier.screen("tray")).context["candidates"]
    assert not offered.is_chosen


def test_a_tray_worked_through_leads_to_the_check(browser, dossier, clerk):
    sheet = sheet_of(propose(dossier, enrolment=dossier.enrolments.first()))
    assert dossier.screen("hand-in") not in browser.get(dossier.screen("tray")).content.decode()
    place = f"identity_document_copy||{dossier.enrolments.first().uuid}|"
    post(browser, dossier, "confirm", sheet, place=place)
    assert dossier.screen("hand-in") in browser.get(dossier.screen("tray")).content.decode()


def test_a_paper_of_a_trainee_is_not_filed_without_saying_whose(browser, dossier):
    sheet = sheet_of(propose(dossier))
    answer = post(browser, dossier, "confirm", sheet, place="identity_document_copy|||")
    assert answer.status_code == 422
    assert "须归到学员" in answer.content.decode()


def test_a_part_the_item_does_not_have_is_refused(browser, dossier):
    trainee = dossier.enrolments.first()
    sheet = sheet_of(propose(dossier))
    answer = post(browser, dossier, "confirm", sheet, place=f"labour_contract_copy|no_such|{trainee.uuid}|")
    assert answer.status_code == 422
    assert not dossier.filings.filter(state=Filing.State.FILED).exists()


def test_after_discarding_the_next_page_of_the_order_comes_into_view(browser, dossier):
    sheets = [sheet_of(propose(dossier, enrolment=one, confidence=0.6)) for one in dossier.enrolments.all()]
    answer = post(browser, dossier, "discard", sheets[1])
    assert answer["Location"].endswith(f"sheet={sheets[2].uuid}")


def test_a_recording_without_a_sitting_is_decided_by_a_person(browser, dossier):
    session = make_session(dossier)
    upload = make_upload(dossier, medium="recording", duration_seconds=76.0, file_name="课堂.mp4")
    filing = propose(
        dossier,
        "theory_video_and_site_photos",
        upload=upload,
        part="theory_lesson_video",
        confidence=0.9,
        reasons=[{"code": "no_date_in_name", "params": {}}],
    )
    sheet = sheet_of(filing)
    page = browser.get(f"{dossier.screen('tray')}?sheet={sheet.uuid}").content.decode()
    assert "课次请手选" in page
    assert "0:01:16" in page
    place = "theory_video_and_site_photos|theory_lesson_video||"
    assert post(browser, dossier, "confirm", sheet, place=place).status_code == 422
    post(browser, dossier, "confirm", sheet, place=place, session=str(session.uuid))
    assert dossier.filings.get(state=Filing.State.FILED).session == session


def test_every_reason_a_proposal_can_carry_is_worded():
    spoken = set()
    for path in PROPOSERS:
        text = path.read_text("utf-8")
        spoken |= set(re.findall(r'(?:reason|sentence|Sentence)\(\s*"([a-z_]+)"', text))
        spoken |= set(re.findall(r'"code": "([a-z_]+)"', text))
        spoken |= set(re.findall(r'SessionMatch\(None, "([a-z_]+)"', text))
    assert len(spoken) > 25
    assert spoken <= set(PLAIN)


def test_discarding_is_undone_by_the_last_step(browser, dossier):
    sheet = sheet_of(propose(dossier, enrolment=dossier.enrolments.first()))
    post(browser, dossier, "discard", sheet)
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.DISCARDED
    post(browser, dossier, "undo")
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.IN_TRAY


def test_turning_twice_and_undoing_once_leaves_one_turn(browser, dossier):
    sheet = sheet_of(propose(dossier, enrolment=dossier.enrolments.first()))
    post(browser, dossier, "turn", sheet)
    post(browser, dossier, "turn", sheet)
    post(browser, dossier, "undo")
    sheet.refresh_from_db()
    assert sheet.turn == 90


def test_undoing_a_filing_brings_its_page_back(browser, dossier):
    trainee = dossier.enrolments.first()
    sheet = sheet_of(propose(dossier, enrolment=trainee))
    post(browser, dossier, "confirm", sheet, place=f"identity_document_copy||{trainee.uuid}|")
    post(browser, dossier, "undo")
    sheet.refresh_from_db()
    assert sheet.state == Sheet.State.IN_TRAY
    assert not dossier.filings.filter(state=Filing.State.FILED).exists()


def test_a_group_is_not_confirmed_before_it_was_paged_through(browser, dossier):
    filings = [propose(dossier, enrolment=one, confidence=0.95) for one in dossier.enrolments.all()]
    wanted = [str(filing.uuid) for filing in filings]
    answer = post(browser, dossier, "confirm_group", filing=wanted)
    assert answer.status_code == 422
    assert "没有翻看" in answer.content.decode()
    assert not dossier.filings.filter(state=Filing.State.FILED).exists()


def test_a_group_paged_through_is_confirmed_at_once_and_undone_at_once(browser, dossier):
    filings = [propose(dossier, enrolment=one, confidence=0.95) for one in dossier.enrolments.all()]
    shown = browser.get(f"{dossier.screen('tray')}?group=sure-identity_document_copy").content.decode()
    assert all(str(filing.uuid) in shown for filing in filings)
    answer = post(browser, dossier, "confirm_group", filing=[str(filing.uuid) for filing in filings])
    assert answer.status_code == 302
    assert dossier.filings.filter(state=Filing.State.FILED).count() == 3
    post(browser, dossier, "undo")
    assert dossier.filings.filter(state=Filing.State.FILED).count() == 0
    assert dossier.sheets.filter(state=Sheet.State.IN_TRAY).count() == 3


def test_marked_pages_become_one_paper(browser, dossier):
    trainee = dossier.enrolments.first()
    upload = make_upload(dossier, pages=2)
    first, second = upload.sheets.all()
    place = f"labour_contract_copy||{trainee.uuid}|"
    post(browser, dossier, "bind", first, mark=[str(second.uuid)])
    post(browser, dossier, "confirm", first, place=place)
    filing = dossier.filings.get(state=Filing.State.FILED)
    assert [place.sheet_id for place in filing.places.all()] == [first.pk, second.pk]


def test_a_page_for_a_returned_place_replaces_the_returned_one(browser, dossier, clerk):
    trainee = dossier.enrolments.first()
    old = make_filing(dossier, "identity_document_copy", enrolment=trainee)
    note = make_return(dossier, old)
    sheet = sheet_of(propose(dossier, enrolment=trainee))
    shown = browser.get(f"{dossier.screen('tray')}?sheet={sheet.uuid}").content.decode()
    assert "替换退回的那份" in shown
    post(browser, dossier, "confirm", sheet, place=f"identity_document_copy||{trainee.uuid}|", replace="yes")
    new = dossier.filings.get(state=Filing.State.FILED)
    note.refresh_from_db()
    assert new.replaces == old
    assert note.settled_by_filing == new


def test_a_page_that_names_a_part_replaces_the_returned_paper_that_named_none(browser, dossier):
    trainee = dossier.enrolments.first()
    old = make_filing(dossier, "labour_contract_copy", enrolment=trainee)
    make_return(dossier, old)
    sheet = sheet_of(propose(dossier, "labour_contract_copy", enrolment=trainee, part="first_page"))
    post(browser, dossier, "confirm", sheet, place=f"labour_contract_copy|first_page|{trainee.uuid}|")
    assert dossier.filings.get(state=Filing.State.FILED).replaces == old


def test_one_part_does_not_replace_the_returned_other_part(browser, dossier):
    trainee = dossier.enrolments.first()
    old = make_filing(dossier, "labour_contract_copy", enrolment=trainee, part="signature_page")
    note = make_return(dossier, old)
    sheet = sheet_of(propose(dossier, "labour_contract_copy", enrolment=trainee, part="first_page"))
    post(browser, dossier, "confirm", sheet, place=f"labour_contract_copy|first_page|{trainee.uuid}|")
    note.refresh_from_db()
    assert note.settled_at is None


def test_undoing_a_replacement_brings_the_returned_paper_and_its_return_back(browser, dossier):
    trainee = dossier.enrolments.first()
    old = make_filing(dossier, "identity_document_copy", enrolment=trainee)
    note = make_return(dossier, old)
    sheet = sheet_of(propose(dossier, enrolment=trainee))
    post(browser, dossier, "confirm", sheet, place=f"identity_document_copy||{trainee.uuid}|")
    post(browser, dossier, "undo")
    old.refresh_from_db()
    note.refresh_from_db()
    assert old.state == Filing.State.FILED
    assert note.settled_at is None


def test_adding_beside_a_returned_paper_leaves_the_return_open(browser, dossier):
    trainee = dossier.enrolments.first()
    note = make_return(dossier, make_filing(dossier, "identity_document_copy", enrolment=trainee))
    sheet = sheet_of(propose(dossier, enrolment=trainee))
    post(browser, dossier, "confirm", sheet, place=f"identity_document_copy||{trainee.uuid}|", replace="no")
    note.refresh_from_db()
    assert note.settled_at is None
    assert dossier.filings.filter(state=Filing.State.FILED).count() == 2


def test_what_wants_a_hand_is_named_on_the_left(browser, dossier):
    trainee = dossier.enrolments.first()
    make_filing(dossier, "identity_document_copy", enrolment=trainee)
    propose(dossier, enrolment=trainee)
    propose(dossier, reasons=[{"code": "id_number_check_failed", "params": {}}])
    propose(dossier, "", reasons=[{"code": "other_class", "params": {"class_no": "2026-012"}}])
    page = browser.get(dossier.screen("tray")).content.decode()
    for words in ("与已收重复", "证号校验不符", "疑属他班", "纸上写的是班次 2026-012"):
        assert words in page


def test_a_colleague_who_was_faster_is_told(browser, dossier, clerk):
    trainee = dossier.enrolments.first()
    sheet = sheet_of(propose(dossier, enrolment=trainee))
    ledger.discard(sheet, by=clerk)
    answer = post(browser, dossier, "confirm", sheet, place=f"identity_document_copy||{trainee.uuid}|")
    assert answer.status_code == 409
    assert "刚被别人处理过" in answer.content.decode()


def test_a_handed_in_dossier_shows_its_tray_but_offers_no_filing(browser, school):
    dossier = make_dossier(school, trainees=1, state="handed_in")
    propose(dossier, enrolment=dossier.enrolments.first())
    page = browser.get(dossier.screen("tray")).content.decode()
    assert "收件只能看" in page
    assert 'value="confirm"' not in page


def test_the_tray_of_another_body_is_not_there(browser):
    assert browser.get(make_dossier(trainees=1).screen("tray")).status_code == 404


def test_a_full_tray_costs_as_many_queries_as_a_small_one(
    browser, dossier, school, django_assert_max_num_queries
):
    for trainee in dossier.enrolments.all():
        propose(dossier, enrolment=trainee, confidence=0.6)
    with django_assert_max_num_queries(36) as few:
        browser.get(dossier.screen("tray"))
    big = make_dossier(school, trainees=12)
    for trainee in big.enrolments.all():
        propose(big, enrolment=trainee, confidence=0.6)
    with django_assert_max_num_queries(len(few)):
        browser.get(big.screen("tray"))


def make_return(dossier, filing):
    record = dossier.items.get_or_create(item_id=filing.item_id)[0]
    by = make_account("reviewer", full_name="赵审核")
    return record.returns.create(dossier=dossier, filing=filing, reason="复印不清", returned_by=by)


def test_an_id_number_read_under_another_name_is_masked_too(browser, dossier):
    number = dossier.enrolments.first().person.id_number.reveal()
    sheet = sheet_of(propose(dossier, enrolment=dossier.enrolments.first()))
    reading = PageReading.objects.create(sheet=sheet, engine="null", kind="trainee_registration_form")
    reading.fields.create(name="certificate_no", value=FieldReading.sealed(number), confidence=1)
    page = browser.get(f"{dossier.screen('tray')}?sheet={sheet.uuid}").content.decode()
    assert number not in page
    assert f"{number[:4]}**********{number[-4:]}" in page


def test_a_group_is_filed_in_the_order_in_which_its_pages_were_scanned(browser, dossier):
    first, second = make_upload(dossier, pages=2).sheets.all()
    proposed = [
        ledger.propose(sheet, engine="null", item_id="lesson_plan", kind="lesson_plan", confidence=0.95)
        for sheet in (second, first)
    ]
    browser.get(f"{dossier.screen('tray')}?group=sure-lesson_plan")
    post(browser, dossier, "confirm_group", filing=[str(filing.uuid) for filing in proposed])
    filed = dossier.filings.filter(item_id="lesson_plan", state=Filing.State.FILED).order_by("version")
    assert [filing.places.get().sheet for filing in filed] == [first, second]
