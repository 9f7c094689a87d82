"""Several items go back for one reason: all of them, each with the reason, or none."""

import pytest

from dossiers.actions import review
from dossiers.exceptions import Overtaken, ReasonMissing
from dossiers.models import DossierPage, ReturnNote
from dossiers.standing import Standing
from tests import factories

pytestmark = pytest.mark.django_db
ITEMS = ("score_sheet", "lesson_plan")


@pytest.fixture
def reviewer():
    return factories.make_account("reviewer", county=factories.make_county())


@pytest.fixture
def dossier():
    made = factories.make_dossier(state="under_review")
    for item_id in ITEMS:
        factories.make_filing(made, item_id)
    return DossierPage.objects.get(pk=made.pk)


def seen(dossier, reviewer) -> list[review.Seen]:
    items = [Standing(dossier, reviewer).item(item_id) for item_id in ITEMS]
    return [review.Seen(item.item.id, item.record.version, item.sha256) for item in items]


def test_items_returned_in_bulk_all_carry_the_reason(dossier, reviewer):
    notes = review.return_items(dossier, seen(dossier, reviewer), by=reviewer, reason="缺盖章")
    assert [(note.record.item_id, note.reason, note.returned_by) for note in notes] == [
        (item_id, "缺盖章", reviewer) for item_id in ITEMS
    ]
    assert set(dossier.items.filter(item_id__in=ITEMS).values_list("verdict", flat=True)) == {"returned"}
    assert dossier.history.get(action="return_items").facts["reason"] == "缺盖章"


def test_a_bulk_return_without_reason_or_of_a_changed_item_returns_none(dossier, reviewer):
    with pytest.raises(ReasonMissing):
        review.return_items(dossier, seen(dossier, reviewer), by=reviewer, reason=" ")
    good, stale = seen(dossier, reviewer)
    stale = review.Seen(stale.item_id, stale.version, "0" * 64)
    with pytest.raises(Overtaken):
        review.return_items(dossier, [good, stale], by=reviewer, reason="缺盖章")
    assert not ReturnNote.objects.exists()
    assert set(dossier.items.values_list("verdict", flat=True)) == {"none"}
