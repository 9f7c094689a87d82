"""The same page side by side: for whoever may see both, and not a word to anybody else."""

import pytest
from django.test import Client

from dossiers.actions import likenesses
from dossiers.models import Sheet
from tests.factories import (
    make_account,
    make_county,
    make_dossier,
    make_filing,
    make_institution,
    make_upload,
)

pytestmark = pytest.mark.django_db


def browser_of(account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def handed_in(school, class_no):
    """A class under review with one filed card."""
    dossier = make_dossier(school, trainees=1, state="under_review", class_no=class_no)
    filing = make_filing(dossier, "identity_document_copy", enrolment=dossier.enrolments.get())
    return dossier, filing.places.get().sheet


@pytest.fixture
def schools():
    return make_institution("北原职业培训学校"), make_institution("松原职业培训学校")


@pytest.fixture
def two_classes(schools):
    ours, theirs = handed_in(schools[0], "2026-031"), handed_in(schools[1], "2026-032")
    likenesses.note_alike(theirs[1], ours[1], how="picture", distance=3, agreed=["id_number"])
    return ours, theirs


def shown(client, dossier, query="") -> str:
    answer = client.get(dossier.screen("duplicates") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_bureau_sees_both_pages_side_by_side(two_classes, schools):
    (ours, _sheet), _theirs = two_classes
    page = shown(browser_of(make_account("reviewer", county=make_county())), ours)
    for words in ("2026-031", "2026-032", "松原职业培训学校", "图像相同", "跨班次", "证号"):
        assert words in page


def test_an_institution_learns_nothing_of_a_neighbours_page(two_classes, schools):
    (ours, sheet), (theirs, strange) = two_classes
    clerk = browser_of(make_account("clerk", institution=schools[0]))
    for page in (shown(clerk, ours), shown(clerk, ours, f"?sheet={sheet.uuid}")):
        assert "没有发现同一图像" in page
        assert theirs.class_no not in page and str(strange.uuid) not in page and "松原" not in page


def test_an_institution_sees_the_same_page_in_two_classes_of_its_own(schools):
    (one, first), (_other, again) = handed_in(schools[0], "2026-041"), handed_in(schools[0], "2026-042")
    likenesses.note_alike(first, again, how="bytes")
    page = shown(browser_of(make_account("clerk", institution=schools[0])), one)
    assert "2026-042" in page and "同一文件" in page


def test_a_reviewer_of_another_county_sees_neither(two_classes):
    (ours, _sheet), _theirs = two_classes
    other = make_account("reviewer", county=make_county("21", "望奎县"))
    assert browser_of(other).get(ours.screen("duplicates")).status_code == 404


def test_what_was_not_handed_in_is_not_shown_to_the_bureau(schools):
    ours, _sheet = handed_in(schools[0], "2026-051")
    waiting = make_upload(make_dossier(schools[1])).sheets.get()
    likenesses.note_alike(waiting, Sheet.objects.get(dossier=ours), how="picture")
    page = shown(browser_of(make_account("reviewer", county=make_county())), ours)
    assert "没有发现同一图像" in page


def test_identity_pictures_stay_veiled_until_they_are_opened(two_classes):
    (ours, sheet), _theirs = two_classes
    page = shown(browser_of(make_account("reviewer", county=make_county())), ours)
    assert f"/sheets/{sheet.uuid}/thumb" in page and f"/sheets/{sheet.uuid}/view" not in page


def test_one_page_asked_for_shows_its_own_pairs_only(schools):
    dossier, first = handed_in(schools[0], "2026-061")
    others = [make_upload(dossier).sheets.get() for _ in range(3)]
    likenesses.note_alike(first, others[0], how="picture")
    likenesses.note_alike(others[1], others[2], how="picture")
    clerk = browser_of(make_account("clerk", institution=schools[0]))
    assert shown(clerk, dossier).count("图像相同") == 4  # a heading and a label each
    assert shown(clerk, dossier, f"?sheet={others[0].uuid}").count("图像相同") == 2


def test_a_page_that_one_may_not_see_is_not_there(schools, two_classes):
    (ours, _sheet), (_theirs, strange) = two_classes
    clerk = browser_of(make_account("clerk", institution=schools[0]))
    assert clerk.get(f"{ours.screen('duplicates')}?sheet={strange.uuid}").status_code == 404


def test_pages_put_aside_are_no_pairs(schools):
    dossier, first = handed_in(schools[0], "2026-071")
    other = make_upload(dossier).sheets.get()
    likenesses.note_alike(first, other, how="picture")
    Sheet.objects.filter(pk=other.pk).update(state=Sheet.State.DISCARDED)
    assert "没有发现同一图像" in shown(browser_of(make_account("clerk", institution=schools[0])), dossier)


def test_many_pairs_cost_no_more_queries_than_few(schools, django_assert_max_num_queries):
    clerk = browser_of(make_account("clerk", institution=schools[0]))
    small, large = make_dossier(schools[0]), make_dossier(schools[0])
    for dossier, count in ((small, 2), (large, 12)):
        for _ in range(count):
            one, other = (make_filing(dossier, "lesson_plan").places.get().sheet for _ in range(2))
            likenesses.note_alike(one, other, how="picture")
    with django_assert_max_num_queries(40) as few:
        shown(clerk, small)
    with django_assert_max_num_queries(len(few)):
        shown(clerk, large)


def test_the_reviewer_is_told_beside_the_papers_she_judges(two_classes):
    (ours, _sheet), _theirs = two_classes
    reviewer = browser_of(make_account("reviewer", county=make_county()))
    page = reviewer.get(ours.screen("review-item", "identity_document_copy")).content.decode()
    assert "这一件里有页与别的页是同一图像，共 1 对" in page and ours.screen("duplicates") in page
    other = reviewer.get(ours.screen("review-item", "lesson_plan")).content.decode()
    assert "同一图像" not in other
