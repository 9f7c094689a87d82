"""The review queue: what of which classes stands in it, for whom, and in what order."""

import pytest
from django.test import Client

from cms.rows.review import Review
from dossiers.actions import review as judging
from dossiers.standing import ledger_of
from tests.factories import make_account, make_county, make_dossier, make_filing, make_institution

pytestmark = pytest.mark.django_db

ITEM = "class_opening_application"


@pytest.fixture
def school():
    return make_institution()


@pytest.fixture
def reviewer():
    return make_account("reviewer", full_name="赵审核")


@pytest.fixture
def dossier(school):
    dossier = make_dossier(school, trainees=2, state="under_review")
    make_filing(dossier, ITEM)
    return dossier


def browser_of(account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def queue_of(account, **chosen):
    return browser_of(account).get("/review/", chosen)


def test_the_queue_holds_the_items_of_handed_in_classes_only(reviewer, school):
    make_filing(make_dossier(school, class_no="2026-101", state="handed_in"), ITEM)
    make_filing(make_dossier(school, class_no="2026-102"), ITEM)
    page = queue_of(reviewer).content.decode()
    assert "2026-101" in page
    assert "2026-102" not in page


def test_what_came_back_after_a_return_stands_first(reviewer, school):
    early = make_dossier(school, class_no="2026-201", state="under_review")
    make_filing(early, ITEM)
    late = make_dossier(school, class_no="2026-202", state="under_review")
    make_filing(late, ITEM)
    late.items.get(item_id=ITEM).returns.create(
        dossier=late, reason="缺页", returned_by=reviewer, settled_at=late.progress.handed_in_at
    )
    classes = queue_of(reviewer).context["queue"].classes
    assert [one.dossier.class_no for one in classes] == ["2026-202", "2026-201"]
    assert classes[0].came_back


def test_what_is_ticked_or_returned_leaves_the_queue(reviewer, dossier):
    make_filing(dossier, "course_schedule")
    make_filing(dossier, "lesson_plan")
    review = Review(dossier, reviewer, item_id=ITEM)
    judging.tick_items(dossier, [judging.Seen(ITEM, 0, review.current.sha256)], by=reviewer)
    other = Review(dossier, reviewer, item_id="course_schedule")
    judging.return_item(
        dossier, judging.Seen("course_schedule", 0, other.current.sha256), by=reviewer, reason="缺页"
    )
    rows = [row.item_id for one in queue_of(reviewer).context["queue"].classes for row in one.rows]
    assert rows == ["lesson_plan"]


def test_the_queue_of_a_finance_reviewer_carries_money_only(dossier):
    make_filing(dossier, "subsidy_application")
    rows = [
        row.item_id
        for one in queue_of(make_account("finance_reviewer")).context["queue"].classes
        for row in one.rows
    ]
    assert rows == ["subsidy_application"]


def test_the_queue_ends_at_the_reviewers_county(school):
    elsewhere = make_account("reviewer", county=make_county("08", "望奎县"))
    make_filing(make_dossier(school, class_no="2026-301", state="handed_in"), ITEM)
    assert "2026-301" not in queue_of(elsewhere).content.decode()


def test_the_queue_is_filtered_by_class_item_and_county(reviewer, school):
    one = make_dossier(school, class_no="2026-401", state="handed_in")
    two = make_dossier(school, class_no="2026-402", state="handed_in")
    for dossier in (one, two):
        make_filing(dossier, ITEM)
        make_filing(dossier, "lesson_plan")
    assert len(queue_of(reviewer, item=ITEM).context["queue"].kept) == 2
    assert len(queue_of(reviewer, **{"class": str(one.uuid)}).context["queue"].kept) == 2
    assert len(queue_of(reviewer, county="99").context["queue"].kept) == 0


def test_the_items_to_filter_by_stand_in_the_order_of_the_ledger(reviewer, school):
    dossier = make_dossier(school, state="handed_in")
    ledger = ledger_of(dossier)
    for item in reversed(ledger.items):
        make_filing(dossier, item.id)
    menus = {menu.name: menu for menu in queue_of(reviewer).context["queue"].menus}
    assert [choice.value for choice in menus["item"].choices] == [item.id for item in ledger.items]


def test_a_long_queue_costs_as_many_queries_as_a_short_one(reviewer, school, django_assert_max_num_queries):
    client = browser_of(reviewer)
    make_filing(make_dossier(school, state="handed_in"), ITEM)
    client.get("/review/")
    with django_assert_max_num_queries(12) as few:
        client.get("/review/")
    for _each in range(4):
        make_filing(make_dossier(school, state="handed_in"), ITEM)
    with django_assert_max_num_queries(len(few)):
        client.get("/review/")
