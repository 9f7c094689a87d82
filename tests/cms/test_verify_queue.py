"""The verification queue: who may speak of which page, what is written down, what comes first, many at once."""

import re

import pytest
from django.utils import timezone

from cms.rows.sheets import Place
from cms.rows.tray import Tray
from cms.rows.verify_queue import waiting
from dossiers.actions import mending
from dossiers.models import AccessEntry, FieldStatement, Filing, Progress, Sheet
from ingestion.models import FieldReading
from tests.cms.verifying import browser_of, card, changed, look, number_of, page_of, post, read, say, words
from tests.factories import (
    make_account,
    make_dossier,
    make_filing,
    make_institution,
    make_upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_institution()


@pytest.fixture
def clerk(school):
    return make_account("clerk", institution=school, full_name="林慧")


@pytest.fixture
def dossier(school):
    return make_dossier(school, trainees=3)


@pytest.fixture
def browser(clerk):
    return browser_of(clerk)


@pytest.fixture
def misread(dossier) -> Sheet:
    person = dossier.enrolments.first()
    return card(dossier, person, number=changed(number_of(person), 14))


# What is written down -------------------------------------------------------------------------------------


def test_a_page_that_shows_a_number_is_opened_by_a_logged_look(browser, dossier, clerk):
    sheet = card(dossier, dossier.enrolments.first())
    html = look(browser, dossier, sheet)
    assert number_of(dossier.enrolments.first())[6:14] in html
    entry = AccessEntry.objects.get()
    assert (entry.account, entry.what, entry.subject) == (clerk, "image", sheet.uuid)
    look(browser, dossier, sheet)
    assert AccessEntry.objects.count() == 1
    look(browser, dossier, card(dossier, dossier.enrolments.all()[1]))
    assert AccessEntry.objects.count() == 2  # each page of the queue by itself


def test_a_roster_number_the_page_does_not_show_is_a_look_of_its_own(browser, dossier, misread):
    look(browser, dossier, misread)
    person = dossier.enrolments.first()
    assert set(AccessEntry.objects.values_list("what", "subject")) == {
        ("image", misread.uuid),
        ("id_number", person.uuid),
    }


def test_a_page_without_identity_is_opened_without_a_word(browser, dossier):
    sheet = make_filing(dossier, "class_opening_application").places.get().sheet
    read(sheet, ("class_no", dossier.class_no), kind="class_opening_application")
    Sheet.objects.filter(pk=sheet.pk).update(shows_identity=False)
    look(browser, dossier, sheet)
    assert not AccessEntry.objects.exists()


def test_a_spent_quota_shows_neither_page_nor_number_and_takes_no_word(settings, dossier):
    settings.REVEALS_A_DAY = 0
    handed_in, sheet, reviewer = under_review(dossier)
    person = handed_in.enrolments.first()
    browser = browser_of(reviewer)
    html = look(browser, handed_in, sheet)
    assert number_of(person)[6:14] not in html and "今天不能再打开证件影像" in html
    assert 'name="choice"' not in html and f"/sheets/{sheet.uuid}/view" not in html
    assert post(browser, handed_in, sheet, "confirm").status_code == 422
    assert not FieldStatement.objects.exists() and not AccessEntry.objects.exists()


def test_numbers_stay_out_of_addresses_the_session_and_caches(browser, dossier, misread):
    person = dossier.enrolments.first()
    answer = browser.get(dossier.screen("verify"), {"sheet": str(misread.uuid)})
    assert answer["Cache-Control"] == "no-store"
    assert not re.findall(r'(?:href|action|src)="[^"]*231299', answer.content.decode())
    say(browser, dossier, misread, "typed", typed=changed(number_of(person), 12))
    assert "231299" not in str(dict(browser.session.items()))


# Who ------------------------------------------------------------------------------------------------------


def under_review(dossier):
    """A class handed in with one card, and its reviewer."""
    handed_in = make_dossier(dossier.opener, trainees=2, state="under_review")
    sheet = card(handed_in, handed_in.enrolments.first())
    return handed_in, sheet, make_account("reviewer", county=dossier.opener.county, full_name="高峻")


def test_the_institution_looks_on_and_says_nothing_while_the_bureau_reviews(browser, dossier):
    handed_in, sheet, _reviewer = under_review(dossier)
    html = look(browser, handed_in, sheet)
    assert "这里只能看，不能核" in html and 'name="choice"' not in html and 'value="confirm"' not in html
    assert post(browser, handed_in, sheet, "confirm").status_code == 422


def test_the_reviewer_confirms_beside_the_institution(browser, dossier, clerk):
    handed_in, sheet, reviewer = under_review(dossier)
    theirs = FieldStatement.objects.create(
        dossier=handed_in,
        sheet=sheet,
        name="address",
        value="样本市榆树街",
        read_value="样本市示例区榆柳街 18 号",
        verdict="corrected",
        basis="typed",
        made_by=clerk,
    )
    Progress.objects.filter(dossier=handed_in).update(handed_in_at=timezone.now())
    office = browser_of(reviewer)
    page = page_of(office, handed_in, sheet)
    assert [one.name for one in page.open_values] == ["address"]  # she looks for herself
    assert "机构 林慧" in look(office, handed_in, sheet)
    say(office, handed_in, sheet, "reading", spot="0.-1.address")
    assert post(office, handed_in, sheet, "confirm").status_code == 302
    mine = FieldStatement.objects.filter(by_bureau=True)
    assert mine.count() == 3 and {one.made_by for one in mine} == {reviewer}
    theirs.refresh_from_db()
    assert theirs.superseded_at is None
    assert not page_of(browser, handed_in, sheet).is_done  # the institution's own words are its own


def test_the_reviewer_returns_the_page_with_a_reason(dossier):
    handed_in, sheet, reviewer = under_review(dossier)
    office = browser_of(reviewer)
    shown = office.get(handed_in.screen("verify"), {"sheet": str(sheet.uuid)}).context["returning"]
    seen = {"version": shown["version"], "sha256": shown["sha256"]}
    assert post(office, handed_in, sheet, "return", reason=" ", **seen).status_code == 422
    assert post(office, handed_in, sheet, "return", reason="证号处反光", **seen).status_code == 302
    note = handed_in.returns.get()
    assert (note.reason, note.sheet, note.returned_by) == ("证号处反光", sheet, reviewer)


def test_the_institution_takes_a_page_that_lies_wrong_back_into_the_tray(browser, dossier, misread):
    assert "退回收件" in look(browser, dossier, misread)
    assert post(browser, dossier, misread, "take_out").status_code == 302
    misread.refresh_from_db()
    assert misread.state == Sheet.State.IN_TRAY
    assert 'value="take_out"' not in look(browser, dossier, misread)


def test_a_page_of_another_class_cannot_be_spoken_of_here(browser, dossier, school):
    other = make_dossier(school, trainees=1)
    sheet = card(other, other.enrolments.first())
    answer = browser.post(
        dossier.screen("verify"),
        {"sheet": str(sheet.uuid), "do": "say", "spot": "0.-1.name", "choice": "reading"},
    )
    assert answer.status_code == 422
    assert not FieldStatement.objects.exists()


# The queue ------------------------------------------------------------------------------------------------


def test_what_differs_comes_first_then_the_least_certain(browser, dossier):
    first, second, third = dossier.enrolments.all()
    sure = card(dossier, first)
    unsure = card(dossier, second)
    FieldReading.objects.filter(reading__sheet=unsure, name="address").update(confidence=0.55)
    wrong = card(dossier, third, number=changed(number_of(third), 14))
    queue = browser.get(dossier.screen("verify")).context["queue"]
    assert [line.uuid for line in queue.lines] == [wrong.uuid, unsure.uuid, sure.uuid]
    assert [line.mark for line in queue.lines] == ["differs", "open", "open"]
    say(browser, dossier, wrong, "roster")
    post(browser, dossier, wrong, "confirm")
    queue = browser.get(dossier.screen("verify")).context["queue"]
    assert queue.lines[0].uuid == wrong.uuid and queue.lines[0].mark == "done"  # keeps its place
    assert queue.line.uuid == unsure.uuid


def test_the_tab_counts_pages_nobody_has_spoken_on(browser, dossier, clerk):
    sheets = [card(dossier, person) for person in dossier.enrolments.all()]
    read(
        make_filing(dossier, "lesson_plan").places.get().sheet, kind="lesson_plan"
    )  # nothing to verify on it
    assert waiting(clerk, dossier) == 3
    assert 'class="count count-hand">3</span>' in browser.get(dossier.screen("board")).content.decode()
    post(browser, dossier, sheets[0], "confirm")
    assert waiting(clerk, dossier) == 2


def test_a_page_to_be_retaken_is_marked_and_leads_to_where_a_new_one_goes(browser, dossier, misread):
    say(browser, dossier, misread, "unreadable")
    html = look(browser, dossier, misread)
    assert "strip-retake" in html and "要重拍。新的一页归入后替换这一页" in html
    assert [
        line.uuid for line in browser.get(dossier.screen("verify"), {"f": "retake"}).context["queue"].shown
    ] == [misread.uuid]


def test_discarded_blank_and_withdrawn_pages_are_not_in_the_queue(browser, dossier):
    for state in ("discarded", "withdrawn"):
        sheet = card(dossier, dossier.enrolments.first())
        Sheet.objects.filter(pk=sheet.pk).update(state=state)
    Sheet.objects.filter(pk=card(dossier, dossier.enrolments.first()).pk).update(is_blank=True)
    html = look(browser, dossier)
    assert "还没有可以核的页" in html


def test_a_long_queue_costs_as_many_queries_as_a_short_one(browser, dossier, django_assert_max_num_queries):
    people = list(dossier.enrolments.all())
    sheet = card(dossier, people[0])
    look(browser, dossier, sheet)
    with django_assert_max_num_queries(99) as few:
        look(browser, dossier, sheet)
    for at in range(12):
        card(dossier, people[at % 3])
    with django_assert_max_num_queries(99) as many:
        look(browser, dossier, sheet)
    assert len(many) <= len(few) + 1  # the strip has neighbours now


def test_a_better_picture_replaces_the_page_nobody_could_make_out(browser, dossier, misread, clerk):
    person = dossier.enrolments.first()
    say(browser, dossier, misread, "unreadable")
    page = page_of(browser, dossier, misread)
    assert page.retake_url.endswith(f"?item=identity_document_copy&for={person.uuid}")
    assert "1 页有看不清的值，要重拍" in browser.get(dossier.screen("hand-in")).content.decode()
    better = make_upload(dossier).sheets.get()
    tray = Tray(dossier)
    place = Place("identity_document_copy", "", str(person.uuid))
    assert tray.note(place) == "有看不清的页，归入后替换那一页"
    where = {"item_id": "identity_document_copy", "enrolment": person}
    mending.file_or_mend(dossier, [better], by=clerk, returned=tray.returned_at(place), **where)
    filed = dossier.filings.get(state=Filing.State.FILED)
    assert [place.sheet for place in filed.places.all()] == [better] and filed.version == 2
    assert "要重拍" not in browser.get(dossier.screen("hand-in")).content.decode()


def test_the_check_before_handing_in_tells_how_many_pages_nobody_verified(browser, dossier):
    sheet = card(dossier, dossier.enrolments.first())
    assert "1 页读得的值还没有核" in browser.get(dossier.screen("hand-in")).content.decode()
    post(browser, dossier, sheet, "confirm")
    assert "还没有核；" not in browser.get(dossier.screen("hand-in")).content.decode()


# Many at once ---------------------------------------------------------------------------------------------


def bulk(browser, dossier, **fields):
    page = browser.get(dossier.screen("verify-bulk"))
    listed = re.findall(r'name="page" value="([^"]+)"', page.content.decode())
    return page, browser.post(dossier.screen("verify-bulk"), {"page": listed} | fields)


def test_only_what_equals_the_roster_and_passes_its_checks_goes_in_bulk(browser, dossier):
    first, second, third = dossier.enrolments.all()
    good = card(dossier, first)
    read_only = card(dossier, second)
    FieldReading.objects.filter(reading__sheet=read_only, name="id_number").update(state="read")
    wrong = card(dossier, third, number=changed(number_of(third), 14))
    for sheet in (good, read_only, wrong):
        look(browser, dossier, sheet)
    page, answer = bulk(browser, dossier)
    assert answer.status_code == 302
    assert set(words(good)) == {"name", "id_number"}  # the address stands on no roster
    assert {word[1] for word in words(good).values()} == {"bulk"}
    assert set(words(read_only)) == {"name"}
    assert words(wrong) == {}


def test_pages_nobody_paged_through_are_not_confirmed(browser, dossier):
    sheets = [card(dossier, person) for person in dossier.enrolments.all()]
    look(browser, dossier, sheets[0])
    page, answer = bulk(browser, dossier)
    assert "还没有翻看" in page.content.decode()
    assert answer.status_code == 302
    assert [bool(words(sheet)) for sheet in sheets] == [True, False, False]
    colleague = browser_of(make_account("clerk", institution=dossier.custodian))
    pages = [page_of(colleague, dossier, sheet) for sheet in sheets]
    forged = [f"{page.sheet.uuid}:{page.fingerprint}" for page in pages]
    refused = browser.post(dossier.screen("verify-bulk"), {"page": forged})
    assert refused.status_code == 422 and "2 页没有翻看" in refused.content.decode()
    assert not words(sheets[1])


def test_a_page_read_anew_since_she_looked_is_to_be_looked_at_again(browser, dossier):
    person = dossier.enrolments.first()
    sheet = card(dossier, person)
    look(browser, dossier, sheet)
    FieldReading.objects.filter(reading__sheet=sheet, name="name").delete()  # the reading changed behind her
    page, answer = bulk(browser, dossier)
    assert "还没有翻看" in page.content.decode()
    assert answer.status_code == 422 and not words(sheet)
    look(browser, dossier, sheet)
    bulk(browser, dossier)
    assert set(words(sheet)) == {"id_number"}


def test_a_bulk_confirmation_is_taken_back_whole(browser, dossier):
    sheets = [card(dossier, person) for person in dossier.enrolments.all()]
    for sheet in sheets:
        look(browser, dossier, sheet)
    bulk(browser, dossier)
    assert FieldStatement.objects.filter(superseded_at=None).count() == 6
    browser.post(dossier.screen("verify"), {"do": "undo"})
    assert not FieldStatement.objects.filter(superseded_at=None).exists()


def test_a_page_with_anything_open_is_not_offered_in_bulk(browser, dossier):
    sheet = card(dossier, dossier.enrolments.first())
    FieldReading.objects.filter(reading__sheet=sheet, name="address").update(confidence=0.3)
    look(browser, dossier, sheet)
    page, answer = bulk(browser, dossier)
    assert "没有可以成批确认的值" in page.content.decode()
    assert answer.status_code == 422
