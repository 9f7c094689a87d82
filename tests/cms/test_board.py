"""The board: the ledger in the article's order, rows that open in place, a fixed number of queries."""

import pytest
from django.utils import timezone

from dossiers.models import DossierPage, ReturnNote
from dossiers.states import ITEM_STATE_NAMES
from tests import factories as make
from tests.cms.people_at_desks import a_class, client_of

pytestmark = pytest.mark.django_db


def test_the_board_lists_the_items_in_the_order_of_the_article():
    dossier, client = a_class(ledger="key_group_17")
    rows = client.get(dossier.screen("board")).context["numbered"]
    assert [row.seq for row in rows] == [str(number) for number in range(1, 18)]
    assert rows[9].id == "subsidy_application"


def test_the_subsidy_application_is_item_three_of_the_enterprise_ledger():
    dossier, client = a_class()
    rows = client.get(dossier.screen("board")).context["numbered"]
    assert len(rows) == 14
    assert rows[2].id == "subsidy_application"


@pytest.mark.parametrize("opened", ["", "?item=identity_document_copy"])
def test_the_board_of_thirty_costs_as_many_queries_as_that_of_three(django_assert_max_num_queries, opened):
    counts = []
    for trainees in (3, 30):
        dossier, client = a_class(trainees)
        make.file_everything(dossier)
        client.get(dossier.screen("board") + opened)
        with django_assert_max_num_queries(31) as captured:
            page = client.get(dossier.screen("board") + opened)
        assert page.status_code == 200
        assert (
            next(row for row in page.context["numbered"] if row.id == "identity_document_copy").have
            == trainees
        )
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_missing_trainee_is_named_on_the_row_and_in_the_opened_item():
    dossier, client = a_class(3)
    first, second, third = dossier.enrolments.all()
    for enrolment in (first, second):
        make.make_filing(dossier, "identity_document_copy", enrolment=enrolment, kind="social_security_card")
    page = client.get(dossier.screen("board"))
    row = next(row for row in page.context["numbered"] if row.id == "identity_document_copy")
    assert (row.have, row.due) == (2, 3)
    assert [found.text for found in row.findings] == [f"{third.name}：尚未收到"]
    opened = client.get(dossier.screen("item", "identity_document_copy"))
    assert [one.who for one in opened.context["opened"].wanted] == [third.name]
    assert [one.caption for one in opened.context["opened"].pages] == [first.name, second.name]


def test_the_board_says_how_many_pages_of_the_tray_it_does_not_count_yet():
    dossier, client = a_class(1)
    assert "下表还没有计入" not in client.get(dossier.screen("board")).content.decode()
    make.make_upload(dossier, pages=2)
    page = client.get(dossier.screen("board")).content.decode()
    assert "收件里还有 2 页在认读或待确认，下表还没有计入" in page


def test_a_deep_link_opens_its_item_without_script():
    dossier, client = a_class()
    page = client.get(dossier.screen("board") + "?item=score_sheet")
    assert page.context["opened"]["opened"].row.id == "score_sheet"
    assert 'id="item-score_sheet"' in page.content.decode()
    assert 'data-upload-target-value="score_sheet"' in page.content.decode()


def test_the_number_of_an_item_leads_to_it():
    dossier, client = a_class()
    answer = client.get(dossier.screen("board") + "?no=7")
    assert answer.url.endswith("?item=identity_document_copy#item-identity_document_copy")
    assert "台账里没有第 15 件" in client.get(dossier.screen("board") + "?no=15").content.decode()


def test_the_drop_zone_is_aimed_at_the_trainee_who_is_missing():
    dossier, client = a_class()
    person = dossier.enrolments.first()
    page = client.get(dossier.screen("item", "identity_document_copy") + f"?for={person.uuid}")
    assert f'data-upload-enrolment-value="{person.uuid}"' in page.content.decode()


def test_an_item_the_ledger_does_not_know_is_not_found():
    dossier, client = a_class()
    assert client.get(dossier.screen("item", "receipt_or_invoice")).status_code == 404


def a_return(dossier: DossierPage) -> ReturnNote:
    person = dossier.enrolments.first()
    filing = make.make_filing(dossier, "labour_contract_copy", enrolment=person, part="signature_page")
    record = dossier.items.get(item_id="labour_contract_copy")
    return ReturnNote.objects.create(
        record=record,
        dossier=dossier,
        filing=filing,
        sheet=filing.places.get().sheet,
        reason="缺甲方盖章",
        remedy="补盖后只重传这一页",
        returned_by=make.make_account("reviewer", full_name="高峻"),
    )


def test_a_return_shows_reason_remedy_and_the_way_to_mend_it():
    dossier, client = a_class(state="returned")
    note = a_return(dossier)
    page = client.get(dossier.screen("board") + "?item=labour_contract_copy")
    row = next(row for row in page.context["numbered"] if row.id == "labour_contract_copy")
    assert row.state == "returned"
    assert row.findings[0].text == f"{note.filing.enrolment.name}：缺甲方盖章"
    text = page.content.decode()
    assert "补盖后只重传这一页" in text and "高峻" in text and "补这一页" in text
    assert f"for={note.filing.enrolment.uuid}" in text


def test_only_the_page_the_return_is_about_is_marked():
    dossier, client = a_class(1, state="returned")
    filing = make.make_filing(dossier, "score_sheet", pages=3)
    ReturnNote.objects.create(
        record=dossier.items.get(item_id="score_sheet"),
        dossier=dossier,
        filing=filing,
        sheet=filing.places.get(position=2).sheet,
        reason="缺阅卷人签字",
        returned_by=make.make_account("reviewer"),
    )
    opened = client.get(dossier.screen("item", "score_sheet")).context["opened"]
    assert [page.is_returned for page in opened.pages] == [False, True, False]
    assert opened.returns[0].where == "第 2 页"
    assert opened.row.pages == "3"


def test_a_return_is_answered_in_words():
    dossier, client = a_class(state="returned")
    note = a_return(dossier)
    address = dossier.screen("answer-return", note.uuid)
    refused = client.post(address, {"reply": " "})
    assert refused.status_code == 422 and "请写明答复" in refused.content.decode()
    client.post(address, {"reply": "甲方章在第 2 页"})
    note.refresh_from_db()
    assert note.settled_at is not None and note.reply == "甲方章在第 2 页"


def test_a_filed_paper_goes_back_to_the_tray():
    dossier, client = a_class()
    filing = make.make_filing(dossier, "score_sheet")
    client.post(dossier.screen("unfile", filing.uuid))
    filing.refresh_from_db()
    assert filing.state == "withdrawn"
    assert dossier.filings.filter(state="proposed", item_id="score_sheet").count() == 1


def test_nothing_is_taken_back_while_the_bureau_holds_the_dossier():
    dossier, client = a_class(state="handed_in")
    filing = make.make_filing(dossier, "score_sheet")
    refused = client.post(dossier.screen("unfile", filing.uuid))
    assert refused.status_code == 422 and "已报送" in refused.content.decode()
    filing.refresh_from_db()
    assert filing.state == "filed"


def test_the_stage_moves_on_and_never_back():
    dossier, client = a_class(stage="opening")
    client.post(dossier.screen("move-stage"), {"stage": "examination"})
    dossier.progress.refresh_from_db()
    assert dossier.progress.stage == "examination"
    refused = client.post(dossier.screen("move-stage"), {"stage": "training"})
    assert refused.status_code == 422 and "阶段只能往后走" in refused.content.decode()


def test_what_is_not_due_says_what_it_waits_for():
    dossier, client = a_class(stage="opening")
    row = client.get(dossier.screen("board")).context["numbered"][2]
    assert row.state == "not_due"
    assert row.remark == "到“报送”时应有"


def test_the_chips_count_and_narrow_the_rows():
    dossier, client = a_class(1)
    make.make_filing(dossier, "score_sheet")
    page = client.get(dossier.screen("board") + "?show=submitted")
    assert [row.id for row in page.context["numbered"]] == ["score_sheet"]
    chips = {chip.id: chip.count for chip in page.context["filters"]}
    assert chips["submitted"] == 1
    everything = client.get(dossier.screen("board")).context
    assert chips["all"] == len(everything["numbered"]) + len(everything["others"])
    assert chips["all"] == sum(count for name, count in chips.items() if name in ITEM_STATE_NAMES)


def test_an_unknown_filter_shows_everything():
    dossier, client = a_class()
    assert len(client.get(dossier.screen("board") + "?show=secret").context["numbered"]) == 14


def test_another_institution_finds_nothing_here():
    dossier, _ = a_class()
    stranger = client_of(make.make_account("clerk"))
    assert stranger.get(dossier.screen("board")).status_code == 404
    assert stranger.get(dossier.screen("item", "score_sheet")).status_code == 404


def test_the_reviewer_sees_only_what_was_handed_in_and_changes_nothing():
    dossier, _ = a_class(state="handed_in")
    make.make_filing(dossier, "score_sheet", handed_in_at=None)
    reviewer = client_of(make.make_account("reviewer"))
    page = reviewer.get(dossier.screen("board") + "?item=score_sheet")
    row = next(row for row in page.context["numbered"] if row.id == "score_sheet")
    assert row.have == 0
    assert 'data-controller="upload"' not in page.content.decode()
    assert dossier.screen("review-item", "score_sheet") in page.content.decode()
    assert reviewer.post(dossier.screen("move-stage"), {"stage": "review"}).status_code == 404


def test_withdrawn_trainees_do_not_count():
    dossier, client = a_class(3)
    gone = dossier.enrolments.last()
    gone.withdrawn_on = timezone.localdate()
    gone.save()
    row = next(
        row
        for row in client.get(dossier.screen("board")).context["numbered"]
        if row.id == "identity_document_copy"
    )
    assert row.due == 2


def test_recordings_stand_beside_their_sessions():
    dossier, client = a_class()
    morning, evening = make.make_session(dossier), make.make_session(dossier, starts_at="13:30")
    recording = make.make_upload(dossier, medium="recording", duration_seconds=9600.0)
    make.make_filing(
        dossier,
        "theory_video_and_site_photos",
        part="theory_lesson_video",
        session=morning,
        upload=recording,
        kind="recording",
    )
    page = client.get(dossier.screen("item", "theory_video_and_site_photos"))
    sessions = page.context["opened"].sessions
    assert [one.recorded for one in sessions] == [True, False]
    assert "2:40:00" in page.content.decode()
    assert str(evening.topic) in page.content.decode()


def test_a_failed_id_number_in_the_tray_is_a_doubt_on_the_board():
    dossier, client = a_class()
    make.make_filing(
        dossier,
        "identity_document_copy",
        state="proposed",
        reasons=[{"code": "id_number_check_failed", "params": {}}],
    )
    page = client.get(dossier.screen("board"))
    row = next(row for row in page.context["numbered"] if row.id == "identity_document_copy")
    assert row.state == "to_confirm"
    assert row.findings[0].text == "证号校验不符 1 页"
    assert row.findings[0].url == dossier.screen("tray")
