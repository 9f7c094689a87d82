"""A glance at many dossiers says the same as a standing of each, in a fixed number of queries."""

import pytest
from django.utils import timezone

from dossiers.models import DossierPage, ReturnNote
from dossiers.permissions import visible_dossiers
from dossiers.standing import Standing
from dossiers.standings import glances
from tests import factories as make

pytestmark = pytest.mark.django_db


def a_mixed_class(institution, ledger: str) -> DossierPage:
    """Something filed, proposed, ticked, returned, replaced, recorded, left out; one trainee gone."""
    dossier = make.make_dossier(institution, ledger=ledger, trainees=3, state="returned", stage="submission")
    make.file_everything(dossier)
    reviewer = make.make_account("reviewer")
    first, *_, last = dossier.enrolments.all()
    last.withdrawn_on = timezone.localdate()
    last.save()
    session = make.make_session(dossier)
    recording = make.make_upload(dossier, medium="recording")
    make.make_filing(
        dossier,
        "theory_video_and_site_photos",
        part="theory_lesson_video",
        session=session,
        upload=recording,
        kind="recording",
    )
    make.make_filing(dossier, "attendance_record", state="proposed")
    filing = dossier.filings.get(item_id="identity_document_copy", enrolment=first)
    record = dossier.items.get(item_id="identity_document_copy")
    ReturnNote.objects.create(
        record=record, dossier=dossier, filing=filing, reason="复印不清", returned_by=reviewer
    )
    replaced = dossier.filings.get(item_id="score_sheet")
    replaced.state = "replaced"
    replaced.save()
    make.make_filing(dossier, "score_sheet", replaces=replaced, handed_in_at=None)
    dossier.items.filter(item_id="lesson_plan").update(verdict="ticked")
    dossier.filings.filter(item_id="course_schedule").update(state="withdrawn")
    return dossier


@pytest.mark.parametrize("role", ["clerk", "reviewer"])
def test_a_glance_says_the_same_as_the_standing(role):
    institution = make.make_institution()
    for ledger in ("enterprise_14", "key_group_17"):
        a_mixed_class(institution, ledger)
    viewer = make.make_account(role, institution=institution if role == "clerk" else None)
    found = glances(visible_dossiers(viewer), viewer)
    assert len(found) == 2
    for glance in found:
        standing = Standing(glance.dossier, viewer)
        assert [(item.item.id, item.state, item.count) for item in glance.items] == [
            (item.item.id, item.state, item.count) for item in standing.items
        ]
        assert {item.state for item in glance.items} >= {"returned", "ticked", "submitted", "not_due"}
        assert glance.trainees == 2 and glance.returns == 1


def test_many_dossiers_cost_as_many_queries_as_one(django_assert_num_queries):
    institution = make.make_institution()
    viewer = make.make_account("clerk", institution=institution)
    for _ in range(4):
        a_mixed_class(institution, "enterprise_14")
    dossiers = list(visible_dossiers(viewer))
    with django_assert_num_queries(7):  # the clocks of recordings make the seventh
        glances(dossiers[:1], viewer)
    with django_assert_num_queries(7):  # the clocks of recordings make the seventh
        glances(dossiers, viewer)


def test_the_ring_leaves_out_what_is_not_due_and_what_does_not_apply():
    institution = make.make_institution()
    dossier = make.make_dossier(institution, trainees=1, stage="opening")
    make.make_filing(dossier, "lesson_plan")
    viewer = make.make_account("clerk", institution=institution)
    [glance] = glances(visible_dossiers(viewer), viewer)
    assert (glance.have, glance.due) == (1, 7)
