"""One page of a paper goes back and is exchanged: the rest of the paper, and what was judged on it, stays."""

import pytest

from dossiers.actions import course, ledger, mending, review
from dossiers.exceptions import MoveRefused, NotReady, Overtaken
from dossiers.models import DossierPage, Filing, Sheet
from dossiers.permissions import current_filings
from dossiers.standing import Standing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return factories.make_institution()


@pytest.fixture
def clerk(school):
    return factories.make_account("clerk", institution=school)


@pytest.fixture
def reviewer():
    return factories.make_account("reviewer", county=factories.make_county(), full_name="高峻")


@pytest.fixture
def dossier(school):
    """Under review; its lesson plan has three pages."""
    made = factories.make_dossier(school, trainees=2, state="under_review")
    made.enrolments.update(passed=True)
    factories.file_everything(made)
    made.filings.filter(item_id="lesson_plan").delete()
    factories.make_filing(made, "lesson_plan", pages=3)
    return again(made)


def again(dossier: DossierPage) -> DossierPage:
    return DossierPage.objects.get(pk=dossier.pk)


def seen(dossier, by, item_id: str = "lesson_plan") -> review.Seen:
    item = Standing(again(dossier), by).item(item_id)
    return review.Seen(item_id, item.record.version, item.sha256)


def paper(dossier) -> Filing:
    return dossier.filings.get(item_id="lesson_plan", state="filed")


def pages(filing: Filing) -> list[Sheet]:
    return [place.sheet for place in filing.places.order_by("position")]


def returned(dossier, reviewer, *numbers: int, point: str = ""):
    """These pages of the lesson plan go back, and the dossier with them."""
    sheets = pages(paper(dossier))
    review.return_pages(
        dossier,
        seen(dossier, reviewer),
        point,
        by=reviewer,
        reason="看不清",
        pages=[(paper(dossier), sheets[number - 1]) for number in numbers],
    )
    course.return_dossier(again(dossier), by=reviewer)


def fresh_page(dossier, clerk) -> Sheet:
    return factories.make_upload(dossier, by=clerk).sheets.get()


def mended(dossier, clerk, page: Sheet) -> Filing:
    return mending.file_or_mend(
        again(dossier), [page], by=clerk, returned=paper(dossier), item_id="lesson_plan"
    )


def test_one_page_is_exchanged_and_the_others_are_carried_over(dossier, clerk, reviewer):
    one, two, three = pages(paper(dossier))
    returned(dossier, reviewer, 2)
    page = fresh_page(dossier, clerk)

    new = mended(dossier, clerk, page)

    assert pages(new) == [one, page, three]
    assert set(Sheet.objects.filter(pk__in=[one.pk, three.pk, page.pk]).values_list("state", flat=True)) == {
        "filed"
    }
    assert (new.version, new.replaces.state) == (2, "replaced")
    assert dossier.returns.get().settled_by_filing == new
    told = dossier.history.last()
    assert (told.action, told.facts["position"], told.facts["page"]) == ("replace_page", 2, str(two.uuid))


def test_of_two_returned_pages_the_other_stays_returned(dossier, clerk, reviewer):
    _one, two, three = pages(paper(dossier))
    point = Standing(dossier, reviewer).item("lesson_plan").item.review[0].id
    returned(dossier, reviewer, 2, 3, point=point)

    first = mended(dossier, clerk, fresh_page(dossier, clerk))

    left = dossier.returns.get(settled_at=None)
    assert (left.sheet, left.filing) == (three, first)
    assert dossier.items.get(item_id="lesson_plan").points.get(point_id=point).voided_at is None
    with pytest.raises(NotReady, match="看不清"):
        course.hand_in(again(dossier), by=clerk)

    second = mended(dossier, clerk, fresh_page(dossier, clerk))

    assert not dossier.returns.filter(settled_at=None).exists()
    assert dossier.items.get(item_id="lesson_plan").points.get(point_id=point).voided_at
    assert pages(second)[0] == _one and not {two, three} & set(pages(second))
    course.hand_in(again(dossier), by=clerk)
    before_her = current_filings(reviewer, dossier).filter(item_id="lesson_plan")
    assert [filing.pk for filing in before_her] == [second.pk]
    assert before_her.get().replaces.handed_in_at  # the version she saw last, not the one in between


def test_an_exchange_taken_back_leaves_everything_as_it_was(dossier, clerk, reviewer):
    old, sheets = paper(dossier), pages(paper(dossier))
    returned(dossier, reviewer, 2, 3)
    page = fresh_page(dossier, clerk)
    new = mended(dossier, clerk, page)

    ledger.unfile(new, by=clerk)

    assert paper(dossier) == old
    page.refresh_from_db()
    assert page.state == "in_tray"
    assert {sheet.state for sheet in pages(old)} == {"filed"}
    assert not Filing.objects.filter(places__sheet__in=sheets, state="proposed").exists()
    assert {note.sheet for note in dossier.returns.filter(settled_at=None, filing=old)} == set(sheets[1:])


def test_a_return_of_the_whole_paper_is_mended_by_a_whole_paper(dossier, clerk, reviewer):
    returned_all = review.return_item(
        dossier, seen(dossier, reviewer), by=reviewer, reason="整份不清", filing=paper(dossier)
    )
    course.return_dossier(again(dossier), by=reviewer)
    page = fresh_page(dossier, clerk)
    assert mending.returned_page(paper(dossier)) is None

    new = mended(dossier, clerk, page)

    assert pages(new) == [page]
    returned_all.refresh_from_db()
    assert returned_all.settled_by_filing == new


def test_a_page_that_is_not_of_the_paper_is_not_exchanged(dossier, clerk, reviewer):
    returned(dossier, reviewer, 2)
    stranger = dossier.filings.filter(item_id="score_sheet").first().places.first().sheet
    page = fresh_page(dossier, clerk)
    with pytest.raises(NotReady, match="已不在这份材料里"):
        mending.replace_page(paper(dossier), stranger, [page], by=clerk)
    with pytest.raises(Overtaken):
        mending.replace_page(paper(dossier), pages(paper(dossier))[1], [stranger], by=clerk)
    page.refresh_from_db()
    assert page.state == "in_tray"


def test_no_page_is_exchanged_while_the_reviewer_has_the_dossier(dossier, clerk):
    with pytest.raises(MoveRefused):
        mended(dossier, clerk, fresh_page(dossier, clerk))


def test_a_verdict_knows_which_of_its_pages_still_lie_there(dossier, clerk, reviewer):
    points = Standing(dossier, reviewer).item("lesson_plan").item.review
    review.tick_point(dossier, seen(dossier, reviewer), points[0].id, by=reviewer)
    returned(dossier, reviewer, 2, point=points[1].id)
    mended(dossier, clerk, fresh_page(dossier, clerk))

    given = dossier.items.get(item_id="lesson_plan").points.get(point_id=points[0].id)

    assert given.voided_at  # on other pages than those that lie there now
    standing = Standing(again(dossier), clerk)
    assert len(set(given.pages) & set(standing.item("lesson_plan").pages)) == 2


@pytest.fixture
def contracts(dossier):
    """The contract of each trainee, first and signature page filed apart."""
    return {
        (filing.enrolment.seq, filing.part): filing
        for filing in dossier.filings.filter(item_id="labour_contract_copy").select_related("enrolment")
    }


def test_a_point_about_another_part_keeps_its_verdict(dossier, contracts, clerk, reviewer):
    item = "labour_contract_copy"
    for point in ("term_one_year", "employee_matches_roster", "employer_is_applicant"):
        review.tick_point(dossier, seen(dossier, reviewer, item), point, by=reviewer)
    bad = contracts[1, "signature_page"]
    review.return_point(
        dossier, seen(dossier, reviewer, item), "signed_sealed", by=reviewer, reason="缺甲方盖章", filing=bad
    )
    course.return_dossier(again(dossier), by=reviewer)
    page = fresh_page(dossier, clerk)
    mending.file_or_mend(
        again(dossier),
        [page],
        by=clerk,
        returned=bad,
        item_id=item,
        part="signature_page",
        enrolment=bad.enrolment,
    )

    live = dossier.items.get(item_id=item).points.filter(voided_at=None)

    assert set(live.values_list("point_id", flat=True)) == {"term_one_year", "employer_is_applicant"}
    course.hand_in(again(dossier), by=clerk)
    course.start_review(again(dossier), by=reviewer)
    for point in ("signed_sealed", "signed_on", "employee_matches_roster"):
        assert dossier.items.get(item_id=item).verdict != "ticked"
        review.tick_point(dossier, seen(dossier, reviewer, item), point, by=reviewer)
    assert dossier.items.get(item_id=item).verdict == "ticked"


def test_a_point_whose_part_was_exchanged_loses_its_verdict(dossier, contracts, clerk, reviewer):
    item = "labour_contract_copy"
    review.tick_point(dossier, seen(dossier, reviewer, item), "term_one_year", by=reviewer)
    bad = contracts[2, "first_page"]
    review.return_item(dossier, seen(dossier, reviewer, item), by=reviewer, reason="看不清", filing=bad)
    course.return_dossier(again(dossier), by=reviewer)
    mending.file_or_mend(
        again(dossier),
        [fresh_page(dossier, clerk)],
        by=clerk,
        returned=bad,
        item_id=item,
        part="first_page",
        enrolment=bad.enrolment,
    )
    assert dossier.items.get(item_id=item).points.get().voided_at


def test_a_return_on_several_pages_is_taken_back_page_by_page(dossier, reviewer):
    point = Standing(dossier, reviewer).item("lesson_plan").item.review[0].id
    one, two, _three = pages(paper(dossier))
    notes = review.return_pages(
        dossier,
        seen(dossier, reviewer),
        point,
        by=reviewer,
        reason="看不清",
        pages=[(paper(dossier), one), (paper(dossier), two)],
    )
    review.take_return_back(notes[0], seen(dossier, reviewer), by=reviewer)
    record = dossier.items.get(item_id="lesson_plan")
    assert record.verdict == "returned"
    assert record.points.get(voided_at=None).verdict == "returned"
    review.take_return_back(notes[1], seen(dossier, reviewer), by=reviewer)
    record.refresh_from_db()
    assert record.verdict == "none"
    assert not record.points.filter(voided_at=None).exists()
