"""What holds of a page: the reading, or the word of the person who looked; whoever judges asks here."""

import pytest
from django.utils import timezone

from cms.rows.values import ILLEGIBLE, current_values
from dossiers.actions import verification
from dossiers.actions.verification import Basis, Said, Verdict
from dossiers.models import Progress, Sheet
from dossiers.statements import Spot
from ingestion.models import PageReading
from tests.cms.verifying import changed, number_of, read
from tests.factories import make_account, make_dossier, make_filing

pytestmark = pytest.mark.django_db
NAME, NUMBER, ADDRESS = (Spot(0, -1, name) for name in ("name", "id_number", "address"))


@pytest.fixture
def dossier():
    return make_dossier(trainees=1)


@pytest.fixture
def clerk(dossier):
    return make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def sheet(dossier) -> Sheet:
    person = dossier.enrolments.get()
    sheet = make_filing(dossier, "identity_document_copy", enrolment=person).places.get().sheet
    wrong = changed(number_of(person), 14)
    read(sheet, ("name", "王海雁"), ("id_number", wrong, "suspect", 0.6, 0, None, "wrong_check_digit"))
    return sheet


def holds(sheet, spot, *, by_bureau=False):
    values = current_values([sheet], by_bureau=by_bureau).get(sheet.pk, ())
    return next((one for one in values if one.spot == spot), None)


def say(sheet, clerk, spot, verdict, value="", read_value=""):
    said = Said(spot, verdict, Basis.TYPED, value, read_value)
    seen = max((one.pk for one in sheet.field_statements.all()), default=0)
    verification.state_values(sheet, [said], by=clerk, seen=seen)


def test_without_a_word_the_reading_holds_with_its_doubts(sheet):
    number = holds(sheet, NUMBER)
    assert (number.value, number.state, number.problem) == (number.read, "suspect", "wrong_check_digit")
    assert not number.is_sure and holds(sheet, NAME).is_sure


def test_a_correction_holds_and_the_reading_stays_beside_it(sheet, clerk):
    say(sheet, clerk, NAME, Verdict.CORRECTED, "王海燕", "王海雁")
    name = holds(sheet, NAME)
    assert (name.value, name.read, name.said.made_by) == ("王海燕", "王海雁", clerk)


def test_a_corrected_number_is_judged_by_its_own_digits(sheet, clerk, dossier):
    right = number_of(dossier.enrolments.get())
    wrong = holds(sheet, NUMBER).read
    say(sheet, clerk, NUMBER, Verdict.CORRECTED, right, wrong)
    assert (holds(sheet, NUMBER).value, holds(sheet, NUMBER).state) == (right, "checked")
    say(sheet, clerk, NUMBER, Verdict.CONFIRMED, wrong, wrong)
    assert (holds(sheet, NUMBER).value, holds(sheet, NUMBER).state) == (wrong, "suspect")


def test_what_nobody_can_make_out_is_missing_and_never_the_guess(sheet, clerk):
    say(sheet, clerk, NAME, Verdict.UNREADABLE, "", "王海雁")
    name = holds(sheet, NAME)
    assert (name.value, name.state, name.problem) == ("", "missing", ILLEGIBLE)


def test_what_a_person_stated_and_no_reading_has_is_not_lost(sheet, clerk):
    say(sheet, clerk, ADDRESS, Verdict.CORRECTED, "样本市榆柳街 18 号")
    assert holds(sheet, ADDRESS).value == "样本市榆柳街 18 号"
    PageReading.objects.filter(sheet=sheet).delete()
    assert holds(sheet, ADDRESS).value == "样本市榆柳街 18 号"


def test_a_word_that_no_longer_fits_the_page_does_not_hold(sheet, clerk):
    say(sheet, clerk, NAME, Verdict.CORRECTED, "王海燕", "王海雁")
    PageReading.objects.filter(sheet=sheet).delete()
    read(sheet, ("name", "韩雪"))
    name = holds(sheet, NAME)
    assert (name.value, name.said) == ("韩雪", None) and name.stale is not None


def test_the_institution_does_not_hear_the_bureau_and_the_bureau_hears_both(sheet, clerk):
    say(sheet, clerk, NAME, Verdict.CORRECTED, "王海燕", "王海雁")
    sheet.field_statements.create(
        dossier=sheet.dossier, name="name", value="王海艳", read_value="王海雁",
        verdict="corrected", basis="typed", by_bureau=True, made_by=make_account("reviewer"),
    )  # fmt: skip
    assert holds(sheet, NAME).value == "王海燕"
    assert holds(sheet, NAME, by_bureau=True).value == "王海艳"
    sheet.field_statements.filter(by_bureau=True).delete()
    assert holds(sheet, NAME, by_bureau=True).value == "王海雁"  # what is not handed in is not heard
    Progress.objects.filter(dossier=sheet.dossier).update(handed_in_at=timezone.now())
    assert holds(sheet, NAME, by_bureau=True).value == "王海燕"


def test_all_values_of_many_pages_are_two_queries(dossier, sheet, django_assert_num_queries):
    pages = [sheet, *(make_filing(dossier, "course_schedule").places.get().sheet for _ in range(5))]
    for page in pages[1:]:
        read(page, ("class_no", dossier.class_no), kind="course_schedule")
    with django_assert_num_queries(2):
        found = current_values(pages, by_bureau=False)
    assert len(found) == 6


def test_no_repr_holds_a_value(sheet):
    assert holds(sheet, NUMBER).value[:14] not in repr(holds(sheet, NUMBER))
