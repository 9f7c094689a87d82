"""The tray's papers: gathered, parted, ordered, cut, moved, and put back; the same picture is not filed twice."""

import pytest

from dossiers.actions import cutting, ledger, likenesses, moving, papers
from dossiers.actions.papers import Paper, Suggestion
from dossiers.cutting import halves
from dossiers.exceptions import NotAllowed, NotReady, Overtaken
from dossiers.integrity import FilingDigestWrong, PagesMissing
from dossiers.models import Filing, Sheet
from foundation.integrity import real_ground
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=3)


@pytest.fixture
def clerk(dossier):
    return factories.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def pages(dossier):
    return list(factories.make_upload(dossier, pages=4).sheets.all())


def suggest(sheet, item_id="lesson_plan", **facts) -> Filing:
    return ledger.propose(
        sheet, engine="null", item_id=item_id, confidence=facts.pop("confidence", 0.9), **facts
    )


def lying(dossier) -> list[list[int]]:
    """Page numbers of each suggested paper, in order."""
    rows = dossier.filings.filter(state=Filing.State.PROPOSED).order_by("places__sheet__number").distinct()
    seen = {filing.pk: [place.sheet.number for place in filing.places.all()] for filing in rows}
    return sorted(seen.values())


def test_a_page_that_continues_a_paper_becomes_its_next_page(dossier, pages):
    paper = suggest(pages[0])
    for page in pages[1:3]:
        suggest(page, continues=paper, confidence=0.6)
    suggest(pages[3])
    assert lying(dossier) == [[1, 2, 3], [4]]
    paper.refresh_from_db()
    assert paper.confidence == 0.6


def test_a_page_read_again_keeps_its_place_in_the_paper(dossier, pages):
    paper = suggest(pages[0])
    for page in pages[1:]:
        suggest(page, continues=paper)
    suggest(pages[1], continues=paper)
    assert lying(dossier) == [[1, 2, 3, 4]]


def test_the_first_page_read_again_keeps_its_paper_together(dossier, pages):
    paper = suggest(pages[0])
    suggest(pages[1], continues=paper)
    assert suggest(pages[0]).pk == paper.pk
    assert lying(dossier) == [[1, 2]]
    suggest(pages[0], "trainee_roster")
    assert lying(dossier) == [[1], [2]]


def test_a_page_read_as_the_beginning_of_another_leaves_the_paper(dossier, pages):
    paper = suggest(pages[0])
    suggest(pages[1], continues=paper)
    suggest(pages[1], "trainee_roster")
    assert lying(dossier) == [[1], [2]]


def test_what_a_person_filed_meanwhile_is_not_continued(dossier, pages, clerk):
    paper = suggest(pages[0])
    ledger.confirm(paper, by=clerk)
    assert suggest(pages[1], continues=paper).pk != paper.pk
    assert Filing.objects.get(state=Filing.State.FILED).places.count() == 1


def test_bound_pages_are_filed_as_one_paper_in_their_order(dossier, pages, clerk):
    suggest(pages[0])
    papers.bind(dossier, [pages[2], pages[0], pages[1]], by=clerk)
    filed = ledger.confirm(dossier.filings.get(), by=clerk)
    assert [place.sheet.number for place in filed.places.all()] == [3, 1, 2]
    assert filed.item_id == "lesson_plan"


def test_binding_takes_the_place_of_the_surest_page(dossier, pages, clerk):
    suggest(pages[0], "", confidence=0.99)
    suggest(pages[1], "trainee_roster", confidence=0.4)
    papers.bind(dossier, pages[:2], by=clerk)
    assert dossier.filings.get().item_id == "trainee_roster"


def test_one_page_alone_is_nothing_to_bind(dossier, pages, clerk):
    with pytest.raises(NotReady):
        papers.bind(dossier, pages[:1], by=clerk)


def test_every_arrangement_is_put_back_as_it_was(dossier, pages, clerk):
    paper = suggest(pages[0], confidence=0.8)
    suggest(pages[1], continues=paper)
    suggest(pages[2], "trainee_roster", confidence=0.4, reasons=[{"code": "class_paper", "params": {}}])
    before = [Paper.from_json(one.as_json()) for one in papers.as_they_lie(pages)]
    papers.bind(dossier, pages, by=clerk)
    assert lying(dossier) == [[1, 2, 3, 4]]
    papers.arrange(dossier, before, by=clerk, action=papers.RESTORE)
    assert lying(dossier) == [[1, 2], [3]]
    assert papers.as_they_lie(pages) == before


def test_a_paper_is_parted_where_the_next_begins(dossier, pages, clerk):
    paper = suggest(pages[0])
    for page in pages[1:]:
        suggest(page, continues=paper)
    papers.part(paper, pages[2], by=clerk, says=Suggestion(item_id="trainee_roster"))
    assert lying(dossier) == [[1, 2], [3, 4]]
    assert dossier.filings.get(item_id="trainee_roster").places.count() == 2


def test_the_first_page_parts_nothing(dossier, pages, clerk):
    paper = suggest(pages[0])
    suggest(pages[1], continues=paper)
    with pytest.raises(NotReady):
        papers.part(paper, pages[0], by=clerk, says=None)


def test_a_page_taken_out_lies_for_itself(dossier, pages, clerk):
    paper = suggest(pages[0])
    for page in pages[1:3]:
        suggest(page, continues=paper)
    papers.loosen(paper, pages[1], by=clerk, says=None)
    assert lying(dossier) == [[1, 3]]


def test_pages_are_put_in_order_only_all_of_them(dossier, pages, clerk):
    paper = suggest(pages[0])
    suggest(pages[1], continues=paper)
    names = [str(page.uuid) for page in pages]
    papers.reorder(paper, [names[1], names[0]], by=clerk)
    assert lying(dossier) == [[2, 1]]
    with pytest.raises(Overtaken):
        papers.reorder(dossier.filings.get(), [names[1]], by=clerk)


def test_pages_of_another_class_are_not_arranged(dossier, clerk, pages):
    strange = factories.make_upload(factories.make_dossier()).sheets.get()
    with pytest.raises(NotAllowed):
        papers.bind(dossier, [pages[0], strange], by=clerk)


def test_a_discarded_page_leaves_the_paper_and_comes_back_alone(dossier, pages, clerk):
    paper = suggest(pages[0])
    suggest(pages[1], continues=paper)
    ledger.discard(pages[1], by=clerk)
    assert lying(dossier) == [[1]]
    ledger.put_back(pages[1], by=clerk)
    assert lying(dossier) == [[1]]


def test_a_paper_taken_back_stays_one_paper(dossier, pages, clerk):
    filed = ledger.file_sheets(dossier, pages, by=clerk, item_id="lesson_plan")
    ledger.unfile(filed, by=clerk)
    assert lying(dossier) == [[1, 2, 3, 4]]


def test_filing_one_page_leaves_the_rest_of_its_paper_suggested(dossier, pages, clerk):
    paper = suggest(pages[0])
    for page in pages[1:]:
        suggest(page, continues=paper)
    ledger.file_sheets(dossier, [pages[3]], by=clerk, item_id="lesson_plan")
    assert lying(dossier) == [[1, 2, 3]]


# Cutting --------------------------------------------------------------------------------------------------
def test_a_cut_page_gives_pieces_and_stays_whole(dossier, pages, clerk):
    suggest(pages[0])
    first, second = cutting.cut(pages[0], halves(across=True), by=clerk)
    pages[0].refresh_from_db()
    assert pages[0].state == Sheet.State.CUT and not dossier.filings.exists()
    assert (first.cut, second.cut, second.region) == (1, 2, [0.0, 0.5, 1.0, 1.0])
    assert {first.state, second.state} == {Sheet.State.IN_TRAY}
    assert (first.width, first.height) == (1240, 877)


def test_two_pieces_of_one_page_have_digests_of_their_own(dossier, pages, clerk):
    first, second = cutting.cut(pages[0], halves(across=True), by=clerk)
    people = list(dossier.enrolments.all())
    filed = [
        ledger.file_sheets(dossier, [piece], by=clerk, item_id="identity_document_copy", enrolment=person)
        for piece, person in zip((first, second), people[:2], strict=True)
    ]
    assert filed[0].sha256 != filed[1].sha256
    assert not list(FilingDigestWrong().faults(real_ground()))
    assert not list(PagesMissing().faults(real_ground()))


def test_a_cut_is_taken_back_and_made_anew(dossier, pages, clerk):
    pieces = cutting.cut(pages[0], halves(across=True), by=clerk)
    pages[0].refresh_from_db()
    cutting.put_together(pages[0], by=clerk)
    pages[0].refresh_from_db()
    assert pages[0].state == Sheet.State.IN_TRAY
    assert set(pages[0].pieces.values_list("state", flat=True)) == {Sheet.State.WITHDRAWN}
    again = cutting.cut(pages[0], halves(across=False), by=clerk)
    assert [piece.cut for piece in (*pieces, *again)] == [1, 2, 3, 4]


def test_a_cut_with_a_filed_piece_is_not_taken_back(dossier, pages, clerk):
    piece, _other = cutting.cut(pages[0], halves(across=True), by=clerk)
    ledger.file_sheets(dossier, [piece], by=clerk, item_id="lesson_plan")
    pages[0].refresh_from_db()
    with pytest.raises(NotReady, match="退回收件"):
        cutting.put_together(pages[0], by=clerk)


@pytest.mark.parametrize("regions", [[(0.0, 0.0, 1.0, 1.0)], [(0.0, 0.0, 1.0, 0.5), (0.0, 0.5, 1.0, 0.51)]])
def test_a_cut_into_less_than_two_papers_is_refused(pages, clerk, regions):
    with pytest.raises(NotReady):
        cutting.cut(pages[0], regions, by=clerk)


def test_a_piece_is_not_cut_again(pages, clerk):
    piece, _other = cutting.cut(pages[0], halves(across=True), by=clerk)
    with pytest.raises(NotReady, match="撤销"):
        cutting.cut(piece, halves(across=True), by=clerk)


# Moving ---------------------------------------------------------------------------------------------------
def test_a_filed_paper_moves_to_another_person_with_all_its_pages(dossier, pages, clerk):
    one, other = dossier.enrolments.all()[:2]
    filed = ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="labour_contract_copy", enrolment=one)
    moved = moving.move(filed, by=clerk, item_id="labour_contract_copy", enrolment=other)
    assert moved.enrolment == other
    assert [place.sheet_id for place in moved.places.all()] == [page.pk for page in pages[:2]]
    assert not dossier.filings.filter(state=Filing.State.PROPOSED).exists()


def test_a_filed_paper_gets_another_order_and_another_digest(dossier, pages, clerk):
    filed = ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="lesson_plan")
    turned = moving.move(filed, by=clerk, item_id="lesson_plan", order=[pages[1], pages[0]])
    assert [place.sheet.number for place in turned.places.all()] == [2, 1]
    assert turned.sha256 != filed.sha256


def test_a_page_joins_a_filed_paper_behind_its_last(dossier, pages, clerk):
    filed = ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="lesson_plan")
    longer = moving.move(filed, by=clerk, item_id="lesson_plan", besides=[pages[2]])
    assert [place.sheet.number for place in longer.places.all()] == [1, 2, 3]


# Likeness -------------------------------------------------------------------------------------------------
def test_the_same_picture_is_not_filed_twice_within_an_item(dossier, pages, clerk):
    one, other = dossier.enrolments.all()[:2]
    ledger.file_sheets(dossier, [pages[0]], by=clerk, item_id="identity_document_copy", enrolment=one)
    likenesses.note_alike(pages[0], pages[1], how="picture", distance=3)
    with pytest.raises(NotReady, match="同一张图已归在这一件里"):
        ledger.file_sheets(dossier, [pages[1]], by=clerk, item_id="identity_document_copy", enrolment=other)
    ledger.file_sheets(dossier, [pages[1]], by=clerk, item_id="lesson_plan")


def test_a_group_with_a_repeated_picture_is_not_confirmed(dossier, pages, clerk):
    one, other = dossier.enrolments.all()[:2]
    first = suggest(pages[0], "identity_document_copy", enrolment=one)
    again = suggest(pages[1], "identity_document_copy", enrolment=other)
    likenesses.note_alike(pages[0], pages[1], how="picture")
    with pytest.raises(NotReady):
        ledger.confirm_many(dossier, [first, again], by=clerk)
    assert not dossier.filings.filter(state=Filing.State.FILED).exists()


def test_the_same_picture_may_replace_the_one_that_lies_there(dossier, pages, clerk):
    old = ledger.file_sheets(dossier, [pages[0]], by=clerk, item_id="lesson_plan")
    likenesses.note_alike(pages[0], pages[1], how="picture")
    new = ledger.file_sheets(dossier, [pages[1]], by=clerk, item_id="lesson_plan", replaces=old)
    assert new.replaces == old


def test_the_same_picture_twice_is_not_one_paper(dossier, pages, clerk):
    likenesses.note_alike(pages[0], pages[1], how="picture")
    with pytest.raises(NotReady, match="同一张图"):
        ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="lesson_plan")


def test_a_page_that_two_papers_have_alike_is_no_repetition(dossier, pages, clerk):
    one, other = dossier.enrolments.all()[:2]
    ledger.file_sheets(dossier, pages[:2], by=clerk, item_id="labour_contract_copy", enrolment=one)
    likenesses.note_alike(pages[1], pages[3], how="picture")
    ledger.file_sheets(dossier, pages[2:], by=clerk, item_id="labour_contract_copy", enrolment=other)
    assert dossier.filings.filter(state=Filing.State.FILED).count() == 2
