"""What the last round of mending changed: as each side may see it, page by page, with what the fields say now."""

import pytest
from django.test import Client
from django.utils import timezone

from cms.rows.field_names import field_name
from cms.rows.review import Review
from cms.rows.versions import Versions
from dossiers.actions import course, ledger, mending, moving, review
from dossiers.models import AccessEntry, DossierPage, Filing
from dossiers.standing import Standing
from ingestion.models import FieldReading, PageReading
from tests import factories

pytestmark = pytest.mark.django_db
ITEM = "lesson_plan"


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
def dossier(school, clerk):
    """Handed in once and returned for the second of the three pages of its lesson plan."""
    made = factories.make_dossier(school, trainees=2, state="open")
    made.enrolments.update(passed=True)
    factories.file_everything(made)
    made.filings.filter(item_id=ITEM).delete()
    factories.make_filing(made, ITEM, pages=3)
    course.hand_in(again(made), by=clerk)
    return again(made)


@pytest.fixture
def returned(dossier, reviewer):
    course.start_review(again(dossier), by=reviewer)
    item = Standing(again(dossier), reviewer).item(ITEM)
    paper = dossier.filings.get(item_id=ITEM)
    review.return_item(
        dossier,
        review.Seen(ITEM, item.record.version, item.sha256),
        by=reviewer,
        reason="看不清",
        filing=paper,
        sheet=paper.places.get(position=2).sheet,
    )
    course.return_dossier(again(dossier), by=reviewer)
    return again(dossier)


def again(dossier: DossierPage) -> DossierPage:
    return DossierPage.objects.get(pk=dossier.pk)


def mended(dossier, clerk) -> Filing:
    paper = dossier.filings.get(item_id=ITEM, state="filed")
    page = factories.make_upload(dossier, by=clerk).sheets.get()
    return mending.file_or_mend(again(dossier), [page], by=clerk, returned=paper, item_id=ITEM)


def told(dossier, viewer, item_id: str = ITEM) -> list[tuple[str, int, int]]:
    papers = Versions(again(dossier), viewer).papers(item_id)
    return [(line.change, line.old_number, line.new_number) for paper in papers for line in paper.lines]


def browser(account) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def says(sheet, **fields: str) -> None:
    reading = PageReading.objects.create(sheet=sheet, engine="null", kind="lesson_plan")
    for name, value in fields.items():
        FieldReading.objects.create(
            reading=reading, name=name, value=FieldReading.sealed(value), state="read", confidence=0.9
        )


def test_after_the_first_hand_in_there_is_nothing_to_compare(dossier, clerk, reviewer):
    for viewer in (clerk, reviewer):
        assert Versions(dossier, viewer).items == []
        page = browser(viewer).get(dossier.screen("item-changes", ITEM)).content.decode()
        assert "没有旧版可比" in page and "这一件没有变" in page


def test_the_institution_sees_its_own_change_before_it_is_handed_in_and_the_bureau_does_not(
    returned, clerk, reviewer
):
    mended(returned, clerk)
    assert told(returned, clerk) == [("replaced", 2, 2)]
    assert told(returned, reviewer) == []
    assert "人社局看不到" in browser(clerk).get(returned.screen("changes")).content.decode()


def test_once_handed_in_both_see_the_page_that_was_exchanged(returned, clerk, reviewer):
    mended(returned, clerk)
    course.hand_in(again(returned), by=clerk)
    for viewer in (clerk, reviewer):
        assert told(returned, viewer) == [("replaced", 2, 2)]
        (paper,) = Versions(again(returned), viewer).papers(ITEM)
        assert paper.same == 2
        assert [line.item.id for line in Versions(again(returned), viewer).items] == [ITEM]


def test_two_exchanges_between_hand_ins_are_one_change(returned, clerk, reviewer):
    first = mended(returned, clerk)
    page = factories.make_upload(returned, by=clerk).sheets.get()
    mending.replace_page(first, first.places.get(position=2).sheet, [page], by=clerk)
    assert told(returned, clerk) == [("replaced", 2, 2)]
    course.hand_in(again(returned), by=clerk)
    assert told(returned, reviewer) == [("replaced", 2, 2)]


def test_added_removed_and_moved_papers_are_told(returned, clerk, reviewer):
    mended(returned, clerk)
    one, two = returned.enrolments.order_by("seq")
    item = "trainee_registration_form"
    ledger.unfile(returned.filings.get(item_id=item, enrolment=one), by=clerk)
    paper = returned.filings.get(item_id=item, enrolment=two)
    moving.move(paper, by=clerk, item_id=item, enrolment=one)
    fresh = factories.make_upload(returned, by=clerk)
    ledger.file_sheets(again(returned), fresh.sheets.all(), by=clerk, item_id=item, enrolment=two)
    course.hand_in(again(returned), by=clerk)
    for viewer in (clerk, reviewer):
        found = Versions(again(returned), viewer).papers(item)
        changes = {paper.title.split(" · ")[1]: [line.change for line in paper.lines] for paper in found}
        assert changes == {one.name: ["removed", "moved"], two.name: ["added"]}
        moved = next(line for paper in found for line in paper.lines if line.change == "moved")
        assert two.name in moved.came_from


def test_a_paper_taken_out_after_the_hand_in_is_not_told_to_the_bureau_yet(returned, clerk, reviewer):
    mended(returned, clerk)
    course.hand_in(again(returned), by=clerk)
    course.take_back(again(returned), by=clerk)
    ledger.unfile(returned.filings.get(item_id="score_sheet", state="filed"), by=clerk)
    assert told(returned, clerk, "score_sheet") == [("removed", 1, 0)]
    assert told(returned, reviewer, "score_sheet") == []


def test_the_fields_of_an_exchanged_page_are_told_old_and_new(returned, clerk, reviewer):
    number, other = factories.make_id_number(sequence=421), factories.make_id_number(sequence=475)
    old = returned.filings.get(item_id=ITEM).places.get(position=2).sheet
    says(old, lecturer_name="高 远", id_number=number, training_place="一楼")
    new = mended(returned, clerk).places.get(position=2).sheet
    says(new, lecturer_name="高远", id_number=other, training_place="二楼")
    course.hand_in(again(returned), by=clerk)
    (paper,) = Versions(again(returned), reviewer).papers(ITEM)
    changed = {field.label: (field.old, field.new, field.is_hidden) for field in paper.lines[0].fields}
    assert changed[field_name("training_place")] == ("一楼", "二楼", False)
    assert set(changed) == {field_name("training_place"), field_name("id_number")}
    page = browser(reviewer).get(returned.screen("item-changes", ITEM)).content.decode()
    assert "一楼" in page and "二楼" in page
    assert number not in page and other not in page
    assert number not in repr(paper) and number not in repr(Versions(again(returned), reviewer).by_item)


def test_a_page_turned_in_between_is_told_as_turned(returned, clerk):
    mended(returned, clerk)
    paper = returned.filings.get(item_id="score_sheet", state="filed")
    sheet = paper.places.get().sheet
    ledger.unfile(paper, by=clerk)
    ledger.turn(sheet, by=clerk, degrees=90)
    ledger.file_sheets(again(returned), [sheet], by=clerk, item_id="score_sheet")
    assert told(returned, clerk, "score_sheet") == [("turned", 1, 1)]


def test_looking_at_the_list_opens_no_identity_paper_and_one_pair_is_opened_on_demand(
    returned, clerk, reviewer
):
    mended(returned, clerk)
    course.hand_in(again(returned), by=clerk)
    client = browser(reviewer)
    key = Versions(again(returned), reviewer).papers(ITEM)[0].lines[0].key
    assert "换了 1" in client.get(returned.screen("changes")).content.decode()
    opened = client.get(returned.screen("item-changes", ITEM) + f"?page={key}").content.decode()
    assert (
        opened.count("/view") == 2 and not AccessEntry.objects.exists()
    )  # the pictures themselves are logged


def test_many_papers_cost_as_many_queries_as_few(returned, clerk, reviewer, django_assert_max_num_queries):
    mended(returned, clerk)
    course.hand_in(again(returned), by=clerk)
    for trainee in factories.make_enrolments(returned, 10):
        factories.make_filing(
            again(returned), "final_exam_paper", enrolment=trainee, handed_in_at=timezone.now()
        )
    client = browser(reviewer)
    with django_assert_max_num_queries(40):
        client.get(returned.screen("changes"))


def test_the_reviewer_stands_before_the_changed_page_and_keeps_what_she_saw_of_the_rest(
    returned, clerk, reviewer
):
    points = Standing(again(returned), reviewer).item(ITEM).item.review
    record = returned.items.get(item_id=ITEM)
    paper = returned.filings.get(item_id=ITEM)
    marks = Standing(again(returned), reviewer).item(ITEM).pages
    record.points.create(
        point_id=points[0].id,
        verdict="ticked",
        sha256="0" * 64,
        pages=marks,
        given_by=reviewer,
        voided_at=timezone.now(),
    )
    new = mended(returned, clerk)
    course.hand_in(again(returned), by=clerk)
    course.start_review(again(returned), by=reviewer)

    held = Review(again(returned), reviewer, item_id=ITEM)

    assert str(held.in_view.sheet.uuid) == str(new.places.get(position=2).sheet.uuid)
    assert [page.is_new for page in held.pages] == [False, True, False]
    assert held.in_view.replaced.uuid == paper.places.get(position=2).sheet.uuid
    assert (held.points[0].kept, held.points[0].fresh) == (2, 1)
    page = browser(reviewer).get(returned.screen("review-item", ITEM)).content.decode()
    assert "其中 2 页没有变，仍按看过算。只有 1 页是新的，看过新页再核。" in page
    assert returned.screen("item-changes", ITEM) in page


def test_several_pages_are_returned_for_one_reason(dossier, reviewer):
    course.start_review(again(dossier), by=reviewer)
    item = Standing(again(dossier), reviewer).item(ITEM)
    sheets = [str(place.sheet.uuid) for place in dossier.filings.get(item_id=ITEM).places.all()]
    told = {"do": "return", "version": item.record.version, "sha256": item.sha256, "reason": "看不清"}
    answer = browser(reviewer).post(
        dossier.screen("review-item", ITEM), told | {"sheet": sheets[0], "also": sheets[1:]}
    )
    assert answer.status_code == 302
    assert [str(note.sheet.uuid) for note in dossier.returns.order_by("pk")] == sheets


def test_the_board_leads_from_a_return_and_from_who_is_missing_to_the_camera(returned, clerk):
    note = returned.returns.get()
    page = browser(clerk).get(returned.screen("board") + f"?item={ITEM}").content.decode()
    assert f"{returned.screen('capture')}?note={note.uuid}" in page
    mended(returned, clerk)
    assert (
        returned.screen("item-changes", ITEM)
        in browser(clerk).get(returned.screen("item", ITEM)).content.decode()
    )
    ledger.unfile(returned.filings.get(item_id="score_sheet", state="filed"), by=clerk)
    page = browser(clerk).get(returned.screen("item", "score_sheet")).content.decode()
    assert f"{returned.screen('capture')}?item=score_sheet" in page
