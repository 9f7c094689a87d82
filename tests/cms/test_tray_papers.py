"""Papers in the tray: gathered, ordered, parted, cut, moved once filed; every step taken back, several deep."""

import pytest
from django.test import Client

from dossiers.actions import ledger, likenesses
from dossiers.models import Filing, Sheet
from foundation.models import Job
from ingestion.models import FieldReading, PageReading
from tests.factories import make_account, make_dossier, make_institution, make_upload

pytestmark = pytest.mark.django_db
FRONT, OTHER_FRONT = (100, 150, 900, 700), (100, 1000, 900, 1550)


@pytest.fixture
def school():
    return make_institution()


@pytest.fixture
def dossier(school):
    return make_dossier(school, trainees=3)


@pytest.fixture
def clerk(school):
    return make_account("clerk", institution=school)


@pytest.fixture
def browser(clerk):
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def pages(dossier):
    return list(make_upload(dossier, pages=4).sheets.all())


def suggest(sheet, item_id="lesson_plan", **facts) -> Filing:
    return ledger.propose(
        sheet, engine="null", item_id=item_id, confidence=facts.pop("confidence", 0.9), **facts
    )


def paper_of(pages) -> Filing:
    paper = suggest(pages[0])
    for page in pages[1:]:
        suggest(page, continues=paper)
    return paper


def post(browser, dossier, do, sheet=None, **fields):
    data = {"do": do, **fields} | ({"sheet": str(sheet.uuid)} if sheet else {})
    return browser.post(dossier.screen("tray"), data)


def lying(dossier, state=Filing.State.PROPOSED) -> list[list[int]]:
    rows = dossier.filings.filter(state=state).prefetch_related("places__sheet")
    return sorted([place.sheet.number for place in filing.places.all()] for filing in rows)


def test_pages_that_go_together_stand_together_and_are_filed_at_once(browser, dossier, pages):
    paper_of(pages[:3])
    shown = browser.get(f"{dossier.screen('tray')}?sheet={pages[1].uuid}").content.decode()
    assert "这一份共 3 页" in shown and "整份 3 页确认归件" in shown
    post(browser, dossier, "confirm", pages[1], place="lesson_plan|||")
    assert lying(dossier, Filing.State.FILED) == [[1, 2, 3]]


def test_marked_pages_are_bound_in_the_order_in_which_they_were_marked(browser, dossier, pages):
    marked = [str(pages[at].uuid) for at in (2, 0, 1)]
    post(browser, dossier, "bind", pages[0], mark=sorted(marked), order_marked=",".join(marked))
    assert lying(dossier) == [[3, 1, 2]]


def test_binding_without_a_mark_says_what_to_do(browser, dossier, pages):
    answer = post(browser, dossier, "bind", pages[0], mark=[str(pages[0].uuid)])
    assert answer.status_code == 422 and "请先勾选" in answer.content.decode()


def test_a_page_moves_by_a_button_and_by_a_dragged_order(browser, dossier, pages):
    paper_of(pages[:3])
    post(browser, dossier, f"earlier:{pages[2].uuid}")
    assert lying(dossier) == [[1, 3, 2]]
    order = [str(pages[at].uuid) for at in (1, 2, 0)]
    post(browser, dossier, "reorder", pages[0], order=order)
    assert lying(dossier) == [[2, 3, 1]]


def test_a_paper_is_parted_and_a_page_taken_out(browser, dossier, pages):
    paper_of(pages)
    post(browser, dossier, f"part:{pages[2].uuid}")
    assert lying(dossier) == [[1, 2], [3, 4]]
    post(browser, dossier, f"loosen:{pages[1].uuid}")
    assert lying(dossier) == [[1], [3, 4]]


def test_five_steps_are_taken_back_one_by_one(browser, dossier, pages):
    paper_of(pages[:3])
    suggest(pages[3], "trainee_roster")
    lay = [lying(dossier)]
    post(browser, dossier, f"later:{pages[0].uuid}")
    lay.append(lying(dossier))
    post(browser, dossier, "bind", pages[0], mark=[str(pages[3].uuid)])
    lay.append(lying(dossier))
    post(browser, dossier, f"part:{pages[3].uuid}")
    lay.append(lying(dossier))
    post(browser, dossier, "discard", pages[0])
    lay.append(lying(dossier))
    post(browser, dossier, "confirm", pages[3], place="lesson_plan|||")
    assert dossier.filings.filter(state=Filing.State.FILED).exists()
    for before in reversed(lay):
        post(browser, dossier, "undo")
        assert lying(dossier) == before
    assert not dossier.filings.filter(state=Filing.State.FILED).exists()
    assert set(dossier.sheets.values_list("state", flat=True)) == {Sheet.State.IN_TRAY}


def test_undoing_brings_the_suggestion_back_as_it_was(browser, dossier, pages):
    trainee, other = dossier.enrolments.all()[:2]
    reasons = [{"code": "name_matches", "params": {}}]
    suggest(pages[0], "identity_document_copy", enrolment=trainee, confidence=0.7, reasons=reasons)
    post(browser, dossier, "confirm", pages[0], place=f"identity_document_copy||{other.uuid}|")
    post(browser, dossier, "undo")
    again = dossier.filings.get(state=Filing.State.PROPOSED)
    assert (again.enrolment, again.confidence, again.reasons) == (trainee, 0.7, reasons)


# Filed papers ---------------------------------------------------------------------------------------------
def test_a_filed_paper_is_moved_to_another_person_and_back(browser, dossier, clerk, pages):
    one, other = dossier.enrolments.all()[:2]
    ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="labour_contract_copy", enrolment=one)
    shown = browser.get(f"{dossier.screen('tray')}?f=filed").content.decode()
    assert "移到这里" in shown
    chosen = {"place": "other", "item": "labour_contract_copy|", "enrolment": str(other.uuid), "f": "filed"}
    assert post(browser, dossier, "move", pages[0], **chosen).status_code == 302
    assert dossier.filings.get(state=Filing.State.FILED).enrolment == other
    post(browser, dossier, "undo")
    filed = dossier.filings.get(state=Filing.State.FILED)
    assert filed.enrolment == one
    assert [place.sheet.number for place in filed.places.all()] == [1, 2]


def test_pages_of_a_filed_paper_change_places(browser, dossier, clerk, pages):
    ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="lesson_plan")
    post(browser, dossier, f"later:{pages[0].uuid}")
    assert lying(dossier, Filing.State.FILED) == [[2, 1]]
    post(browser, dossier, "undo")
    assert lying(dossier, Filing.State.FILED) == [[1, 2]]


def test_a_page_is_put_behind_what_is_filed_and_taken_off_again(browser, dossier, clerk, pages):
    ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="lesson_plan")
    suggest(pages[2])
    post(browser, dossier, "confirm", pages[2], place="lesson_plan|||", replace="append")
    assert lying(dossier, Filing.State.FILED) == [[1, 2, 3]]
    post(browser, dossier, "undo")
    assert lying(dossier, Filing.State.FILED) == [[1, 2]] and lying(dossier) == [[3]]


def test_a_page_that_goes_on_with_a_filed_one_is_put_behind_it_unless_told_otherwise(
    browser, dossier, clerk, pages
):
    ledger.file_sheets(dossier, pages[:1], by=clerk, item_id="lesson_plan")
    suggest(pages[1], reasons=[{"code": "follows_previous_page", "params": {}}])
    shown = browser.get(f"{dossier.screen('tray')}?sheet={pages[1].uuid}").content.decode()
    assert 'value="append" checked' in shown


def test_taking_a_filed_paper_back_from_the_tray_is_undone(browser, dossier, clerk, pages):
    ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="lesson_plan")
    post(browser, dossier, "unfile", pages[0])
    assert lying(dossier) == [[1, 2]]
    post(browser, dossier, "undo")
    assert lying(dossier, Filing.State.FILED) == [[1, 2]]


# Cutting --------------------------------------------------------------------------------------------------
def read(sheet, *cards, rotation=0) -> PageReading:
    """A page read as cards: (box, enrolment)."""
    quads = [[[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]] for box, _who in cards]
    reading = PageReading.objects.create(
        sheet=sheet,
        engine="null",
        kind="id_card_front",
        kind_confidence=0.95,
        rotation=rotation,
        documents=[{"kind": "id_card_front", "confidence": 0.95, "quad": quad} for quad in quads],
    )
    for number, (quad, (_box, who)) in enumerate(zip(quads, cards, strict=True)):
        number_read = who.person.id_number.reveal()
        for name, value, state in (("name", who.name, "read"), ("id_number", number_read, "checked")):
            reading.fields.create(
                name=name,
                value=FieldReading.sealed(value),
                value_index=FieldReading.index_of(name, value),
                confidence=0.97,
                state=state,
                quad=quad,
                document=number,
            )
    suggest(sheet, "identity_document_copy", reasons=[{"code": "several_people", "params": {"people": 2}}])
    return reading


def test_a_page_with_two_peoples_cards_is_cut_and_each_piece_finds_its_person(browser, dossier, pages):
    one, other = dossier.enrolments.all()[:2]
    read(pages[0], (FRONT, one), (OTHER_FRONT, other))
    shown = browser.get(f"{dossier.screen('tray')}?sheet={pages[0].uuid}").content.decode()
    assert "这一页上读得 2 份" in shown and "cut-lines" in shown and "可拆分" in shown
    answer = post(browser, dossier, "cut", pages[0], how="read")
    pieces = list(pages[0].pieces.order_by("cut"))
    assert answer["Location"].endswith(f"sheet={pieces[0].uuid}")
    found = [piece.places.get().filing for piece in pieces]
    assert [filing.enrolment for filing in found] == [one, other]
    assert {filing.item_id for filing in found} == {"identity_document_copy"}
    assert found[0].confidence > 0.8


def test_boxes_of_a_piece_are_pixels_of_the_piece(browser, dossier, pages):
    one, other = dossier.enrolments.all()[:2]
    read(pages[0], (FRONT, one), (OTHER_FRONT, other))
    post(browser, dossier, "cut", pages[0], how="read")
    piece = pages[0].pieces.order_by("cut").last()
    quad = piece.reading.fields.get(name="name").quad
    top = piece.region[1] * 1754
    assert quad[0] == [100.0, pytest.approx(1000 - top, abs=1)]
    assert piece.height < 1754 and quad[2][1] <= piece.height


def test_a_cut_is_undone_and_the_page_has_its_suggestion_again(browser, dossier, pages):
    one, other = dossier.enrolments.all()[:2]
    read(pages[0], (FRONT, one), (OTHER_FRONT, other))
    post(browser, dossier, "cut", pages[0], how="read")
    post(browser, dossier, "undo")
    pages[0].refresh_from_db()
    assert pages[0].state == Sheet.State.IN_TRAY
    assert pages[0].places.get().filing.reasons[0]["code"] == "several_people"
    assert not dossier.sheets.filter(cut__gt=0, state=Sheet.State.IN_TRAY).exists()


def test_a_page_cut_by_hand_is_read_anew(browser, dossier, pages):
    one, other = dossier.enrolments.all()[:2]
    read(pages[0], (FRONT, one), (OTHER_FRONT, other), rotation=90)
    post(browser, dossier, "cut", pages[0], how="across", at="30")
    regions = [piece.region for piece in pages[0].pieces.order_by("cut")]
    # as it is looked at the page stands upright; the upload lies turned clockwise by a quarter
    assert regions == [[0.7, 0.0, 1.0, 1.0], [0.0, 0.0, 0.7, 1.0]]
    assert Job.objects.filter(kind="read_pieces", arguments__page=str(pages[0].uuid)).count() == 1


def test_a_page_on_which_nothing_was_found_asks_how_to_cut(browser, dossier, pages):
    answer = post(browser, dossier, "cut", pages[0], how="read")
    assert answer.status_code == 422 and "上下、左右或四格" in answer.content.decode()


# Dividers -------------------------------------------------------------------------------------------------
def divide(sheet, item_id="identity_document_copy", trainee=None) -> Filing:
    params = {"item": item_id, "trainee": str(trainee.uuid) if trainee else ""}
    return suggest(sheet, "", kind="divider_sheet", reasons=[{"code": "divider", "params": params}])


def test_a_divider_shows_what_it_would_do_and_does_nothing_by_itself(browser, dossier, pages):
    trainee = dossier.enrolments.first()
    divide(pages[0], trainee=trainee)
    shown = browser.get(f"{dossier.screen('tray')}?sheet={pages[0].uuid}").content.decode()
    assert "分隔页之后 3 页 →" in shown and trainee.name in shown
    assert not dossier.filings.exclude(item_id="").exists()


def test_a_confirmed_divider_routes_what_follows_until_the_next(browser, dossier, pages):
    trainee = dossier.enrolments.first()
    divide(pages[0], trainee=trainee)
    divide(pages[2], "lesson_plan")
    post(browser, dossier, "route", pages[0], count="1")
    routed = pages[1].places.get().filing
    assert (routed.item_id, routed.enrolment) == ("identity_document_copy", trainee)
    assert routed.state == Filing.State.PROPOSED
    assert not Filing.objects.filter(places__sheet=pages[3]).exists()
    pages[0].refresh_from_db()
    assert pages[0].state == Sheet.State.DISCARDED


def test_a_followed_divider_is_taken_back(browser, dossier, pages):
    divide(pages[0])
    suggest(pages[1], "trainee_roster")
    post(browser, dossier, "route", pages[0])
    assert pages[1].places.get().filing.item_id == "identity_document_copy"
    post(browser, dossier, "undo")
    assert pages[1].places.get().filing.item_id == "trainee_roster"
    pages[0].refresh_from_db()
    assert pages[0].state == Sheet.State.IN_TRAY
    assert pages[0].places.get().filing.reasons[0]["code"] == "divider"


def test_a_page_of_somebody_else_is_not_given_to_the_dividers_person(browser, dossier, pages):
    one, other = dossier.enrolments.all()[:2]
    divide(pages[0], trainee=one)
    read(pages[1], (FRONT, other))
    post(browser, dossier, "route", pages[0])
    routed = pages[1].places.get().filing
    assert routed.enrolment is None
    assert "divider_differs" in [reason["code"] for reason in routed.reasons]
    assert "与指定去处不符" in browser.get(dossier.screen("tray")).content.decode()


def test_a_divider_waits_until_its_file_is_read(browser, dossier, pages):
    divide(pages[0])
    pages[0].upload.__class__.objects.filter(pk=pages[0].upload_id).update(state="received")
    answer = post(browser, dossier, "route", pages[0])
    assert answer.status_code == 422 and "还在认读" in answer.content.decode()


def test_pages_that_came_meanwhile_are_not_routed_unseen(browser, dossier, pages):
    divide(pages[0])
    assert post(browser, dossier, "route", pages[0], count="9").status_code == 409


# The same page again --------------------------------------------------------------------------------------
def test_the_same_picture_is_blocked_in_the_item_and_may_replace(browser, dossier, clerk, pages):
    old = ledger.file_sheets(dossier, pages[:1], by=clerk, item_id="lesson_plan")
    likenesses.note_alike(pages[0], pages[1], how="picture", distance=2)
    suggest(pages[1])
    shown = browser.get(f"{dossier.screen('tray')}?sheet={pages[1].uuid}").content.decode()
    assert "是同一图像" in shown and "两张并排看" in shown
    answer = post(browser, dossier, "confirm", pages[1], place="lesson_plan|||", replace="no")
    assert answer.status_code == 422 and "同一张图已归在这一件里" in answer.content.decode()
    post(browser, dossier, "confirm", pages[1], place="lesson_plan|||", replace="there")
    assert dossier.filings.get(state=Filing.State.FILED).replaces == old


def test_of_a_neighbours_same_picture_the_tray_says_nothing(browser, dossier, pages):
    strange = make_upload(make_dossier()).sheets.get()
    likenesses.note_alike(strange, pages[0], how="picture")
    suggest(pages[0])
    shown = browser.get(dossier.screen("tray")).content.decode()
    assert "同一图像" not in shown.split('id="tray-filters"')[0] + shown.split("tray-groups")[1]
    assert strange.dossier.class_no not in shown


def test_two_hundred_pages_cost_no_more_queries_than_twenty(browser, school, django_assert_max_num_queries):
    small, large = make_dossier(school, trainees=2), make_dossier(school, trainees=2)
    for held, count in ((small, 20), (large, 200)):
        for sheet in make_upload(held, pages=count).sheets.all():
            suggest(sheet, confidence=0.6)
    with django_assert_max_num_queries(40) as few:
        browser.get(small.screen("tray"))
    with django_assert_max_num_queries(len(few)):
        browser.get(large.screen("tray"))


def test_a_group_of_papers_of_several_pages_is_confirmed_paper_by_paper(browser, dossier, pages):
    paper = paper_of(pages[:2])
    for page in pages[:2]:
        browser.get(f"{dossier.screen('tray')}?sheet={page.uuid}")
    answer = post(browser, dossier, "confirm_group", filing=[str(paper.uuid)])
    assert answer.status_code == 302
    assert lying(dossier, Filing.State.FILED) == [[1, 2]]
