"""Attacks on mended papers."""

import pytest
from django.utils import timezone

from dossiers.actions import course, ledger, likenesses, mending, moving, review
from dossiers.models import Progress
from dossiers.permissions import current_filings
from tests import factories
from tests.cms.verifying import browser_of
from tests.dossiers.test_mending import again, fresh_page, mended, pages, paper, returned, seen

pytestmark = pytest.mark.django_db


def current(dossier):
    return list(dossier.filings.filter(item_id="lesson_plan", state="filed").order_by("pk"))


def test_reordering_a_replacement_does_not_bring_the_returned_paper_back(dossier, clerk, reviewer):
    old = paper(dossier)
    review.return_item(dossier, seen(dossier, reviewer), by=reviewer, reason="整份重做", filing=old)
    course.return_dossier(again(dossier), by=reviewer)
    up = factories.make_upload(dossier, pages=2, by=clerk)
    new = mending.file_or_mend(
        again(dossier), list(up.sheets.all()), by=clerk, returned=old, item_id="lesson_plan"
    )
    order = pages(new)[::-1]
    moving.move(new, by=clerk, item_id="lesson_plan", order=order)
    now = current(dossier)
    assert old.pk not in [f.pk for f in now]


def test_a_page_behind_a_replacement_does_not_bring_the_returned_paper_back(dossier, clerk, reviewer):
    old = paper(dossier)
    review.return_item(dossier, seen(dossier, reviewer), by=reviewer, reason="整份重做", filing=old)
    course.return_dossier(again(dossier), by=reviewer)
    new = mending.file_or_mend(
        again(dossier), [fresh_page(dossier, clerk)], by=clerk, returned=old, item_id="lesson_plan"
    )
    moving.move(new, by=clerk, item_id="lesson_plan", besides=[fresh_page(dossier, clerk)])
    now = current(dossier)
    assert old.pk not in [f.pk for f in now]


def test_reordering_a_paper_with_carried_pages_works(dossier, clerk, reviewer):
    returned(dossier, reviewer, 2)
    new = mended(dossier, clerk, fresh_page(dossier, clerk))
    moving.move(new, by=clerk, item_id="lesson_plan", order=pages(new)[::-1])


def test_exchanging_one_page_does_not_settle_a_return_of_the_whole_paper(dossier, clerk, reviewer):
    old = paper(dossier)
    review.return_item(dossier, seen(dossier, reviewer), by=reviewer, reason="整份缺骑缝章", filing=old)
    review.return_item(
        again(dossier),
        seen(dossier, reviewer),
        by=reviewer,
        reason="第二页看不清",
        filing=old,
        sheet=pages(old)[1],
    )
    course.return_dossier(again(dossier), by=reviewer)
    mending.replace_page(old, pages(old)[1], [fresh_page(dossier, clerk)], by=clerk)
    left = list(dossier.returns.filter(settled_at=None).values_list("reason", flat=True))
    assert left == ["整份缺骑缝章"]


def test_undoing_a_reorder_or_a_taking_out_of_a_replacement_leaves_the_returned_paper_behind(
    dossier, clerk, reviewer
):

    old = paper(dossier)
    review.return_item(dossier, seen(dossier, reviewer), by=reviewer, reason="整份重做", filing=old)
    course.return_dossier(again(dossier), by=reviewer)
    up = factories.make_upload(dossier, pages=2, by=clerk)
    mending.file_or_mend(again(dossier), list(up.sheets.all()), by=clerk, returned=old, item_id="lesson_plan")
    client = browser_of(clerk)
    tray = again(dossier).screen("tray")
    first = up.sheets.first()
    for do in (f"later:{first.uuid}", "unfile"):
        assert client.post(tray, {"do": do, "sheet": str(first.uuid)}).status_code == 302
        assert client.post(tray, {"do": "undo"}).status_code == 302
        now = current(dossier)
        assert [len(pages(f)) for f in now] == [2] and now[0].replaces_id == old.pk
        assert not dossier.returns.filter(settled_at=None).exists()


def test_control_moved_to_another_person_what_it_replaced_steps_forward(dossier, clerk, reviewer):
    old = paper(dossier)
    review.return_item(dossier, seen(dossier, reviewer), by=reviewer, reason="整份重做", filing=old)
    course.return_dossier(again(dossier), by=reviewer)
    new = mending.file_or_mend(
        again(dossier), [fresh_page(dossier, clerk)], by=clerk, returned=old, item_id="lesson_plan"
    )
    moving.move(new, by=clerk, item_id="course_schedule")
    assert [f.pk for f in current(dossier)] == [old.pk]


def test_what_the_institution_takes_out_while_mending_stays_before_the_bureau_until_the_next_hand_in(
    dossier, clerk, reviewer
):
    old = paper(dossier)
    review.return_item(dossier, seen(dossier, reviewer), by=reviewer, reason="整份重做", filing=old)
    course.return_dossier(again(dossier), by=reviewer)
    ledger.unfile(old, by=clerk)
    assert old in current_filings(reviewer, again(dossier))
    assert old not in current_filings(clerk, again(dossier))
    Progress.objects.filter(dossier=dossier).update(handed_in_at=timezone.now())
    assert old not in current_filings(reviewer, again(dossier))


def test_the_returned_page_scanned_again_unchanged_is_told_before_it_replaces_anything(
    dossier, clerk, reviewer
):
    returned(dossier, reviewer, 2)
    old, new = pages(paper(dossier))[1], fresh_page(dossier, clerk)
    assert "同一图像" not in browser_of(clerk).get(again(dossier).screen("tray")).content.decode()
    likenesses.note_alike(old, new, how="picture", distance=2)
    told = browser_of(clerk).get(again(dossier).screen("tray")).content.decode()
    assert "与退回的" in told and "没有重扫" in told
