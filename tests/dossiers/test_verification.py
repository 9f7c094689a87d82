"""A person's word on a value: beside the reading, superseded and never lost, each side for itself."""

import pytest
from django.utils import timezone

from dossiers.actions import ledger, verification
from dossiers.actions.verification import Basis, Said, Verdict
from dossiers.exceptions import MoveRefused, NotAllowed, NotReady, Overtaken
from dossiers.models import FieldStatement, HistoryEntry, Sheet
from dossiers.permissions import verifiable_sheets
from dossiers.statements import Spot, plain, still_fits, words_in_force
from foundation.secrets import blind_index
from tests.factories import (
    make_account,
    make_county,
    make_dossier,
    make_filing,
    make_id_number,
    make_institution,
    make_upload,
)

pytestmark = pytest.mark.django_db
NAME, NUMBER = Spot(0, -1, "name"), Spot(0, -1, "id_number")


@pytest.fixture
def dossier():
    return make_dossier(trainees=2)


@pytest.fixture
def clerk(dossier):
    return make_account("clerk", institution=dossier.custodian, full_name="林慧")


@pytest.fixture
def sheet(dossier) -> Sheet:
    filing = make_filing(dossier, "identity_document_copy", enrolment=dossier.enrolments.first())
    return filing.places.get().sheet


def corrected(value="许文涛", read="许文寿", spot=NAME) -> Said:
    return Said(spot, Verdict.CORRECTED, Basis.TYPED, value, read)


def confirmed(read="许文涛", spot=NAME) -> Said:
    return Said(spot, Verdict.CONFIRMED, Basis.READING, read, read)


def word(sheet, spot=NAME, bureau=False) -> FieldStatement | None:
    found = words_in_force([sheet]).get((sheet.pk, spot))
    return found.of(bureau=bureau) if found else None


def last(sheet) -> int:
    return max((one.pk for one in sheet.field_statements.all()), default=0)


def test_a_correction_stands_beside_the_reading_with_who_and_when(sheet, clerk):
    [made] = verification.state_values(sheet, [corrected()], by=clerk, seen=0)
    said = word(sheet)
    assert said == made and (said.made_by, said.by_bureau) == (clerk, False)
    assert (plain(said.value), plain(said.read_value)) == ("许文涛", "许文寿")
    assert said.made_at is not None and said.superseded_at is None


def test_a_later_word_supersedes_an_earlier_one_and_the_earlier_stays(sheet, clerk):
    verification.state_values(sheet, [corrected()], by=clerk, seen=0)
    verification.state_values(sheet, [corrected("许文焘")], by=clerk, seen=last(sheet))
    assert plain(word(sheet).value) == "许文焘"
    assert sheet.field_statements.count() == 2


def test_a_word_taken_back_brings_the_earlier_one_back(sheet, clerk, dossier):
    verification.state_values(sheet, [corrected()], by=clerk, seen=0)
    made = verification.state_values(sheet, [corrected("许文焘")], by=clerk, seen=last(sheet))
    assert verification.take_back(dossier, made, by=clerk) == [sheet.pk]
    assert plain(word(sheet).value) == "许文涛"
    verification.take_back(dossier, [word(sheet)], by=clerk)
    assert word(sheet) is None
    assert sheet.field_statements.count() == 2


def test_nobody_takes_back_a_colleagues_word_or_one_already_superseded(sheet, clerk, dossier):
    made = verification.state_values(sheet, [corrected()], by=clerk, seen=0)
    colleague = make_account("clerk", institution=dossier.custodian)
    with pytest.raises(Overtaken):
        verification.take_back(dossier, made, by=colleague)
    verification.state_values(sheet, [corrected("许文焘")], by=clerk, seen=last(sheet))
    with pytest.raises(Overtaken):
        verification.take_back(dossier, made, by=clerk)


def test_a_colleague_who_was_faster_is_named_and_nothing_is_overwritten(sheet, clerk, dossier):
    verification.state_values(sheet, [corrected()], by=clerk, seen=0)
    colleague = make_account("clerk", institution=dossier.custodian)
    with pytest.raises(Overtaken) as refused:
        verification.state_values(sheet, [corrected("许文焘")], by=colleague, seen=0)
    assert "林慧" in str(refused.value.reasons[0])
    assert plain(word(sheet).value) == "许文涛"
    verification.state_values(sheet, [corrected("许文焘")], by=colleague, seen=last(sheet))
    assert plain(word(sheet).value) == "许文焘"


def test_the_bureau_speaks_beside_the_institution_and_never_over_it(clerk):
    dossier = make_dossier(clerk.institution, trainees=1)
    filing = make_filing(dossier, "identity_document_copy", enrolment=dossier.enrolments.first())
    sheet = filing.places.get().sheet
    verification.state_values(sheet, [corrected()], by=clerk, seen=0)
    ledger_moves(dossier)
    reviewer = make_account("reviewer", county=dossier.opener.county)
    verification.state_values(sheet, [confirmed("许文寿")], by=reviewer, seen=0)
    assert plain(word(sheet).value) == "许文涛"
    assert plain(word(sheet, bureau=True).value) == "许文寿"
    words = words_in_force([sheet])[(sheet.pk, NAME)]
    assert words.heard(by_bureau=True).by_bureau and not words.heard(by_bureau=False).by_bureau


def ledger_moves(dossier) -> None:
    """What handing in and taking up the review leave behind."""
    now = timezone.now()
    dossier.filings.update(handed_in_at=now)
    type(dossier.progress).objects.filter(dossier=dossier).update(
        state="under_review", first_handed_in_at=now, handed_in_at=now
    )
    dossier.progress.refresh_from_db()


def test_the_institution_is_silent_while_the_bureau_reviews(clerk):
    dossier = make_dossier(clerk.institution, trainees=1, state="under_review")
    sheet = (
        make_filing(dossier, "identity_document_copy", enrolment=dossier.enrolments.first())
        .places.get()
        .sheet
    )
    with pytest.raises(MoveRefused):
        verification.state_values(sheet, [confirmed()], by=clerk, seen=0)


@pytest.mark.parametrize("role", ["institution_archivist", "archivist", "administrator"])
def test_who_only_reads_gives_no_word(dossier, sheet, role):
    inside = role == "institution_archivist"
    place = {"institution": dossier.custodian} if inside else {"county": dossier.opener.county}
    with pytest.raises(NotAllowed):
        verification.state_values(sheet, [confirmed()], by=make_account(role, **place), seen=0)


def test_a_stranger_and_the_other_body_of_the_class_give_no_word(sheet, dossier):
    for institution in (make_institution("松原职业培训学校"),):
        with pytest.raises(NotAllowed):
            verification.state_values(
                sheet, [confirmed()], by=make_account("clerk", institution=institution), seen=0
            )
    entrusted = make_dossier(
        make_institution("云杉里餐饮", kind="enterprise"), trainer=dossier.opener, trainees=1
    )
    partner = make_account("clerk", institution=entrusted.opener)
    page = make_upload(entrusted).sheets.get()
    with pytest.raises(NotAllowed):
        verification.state_values(page, [confirmed()], by=partner, seen=0)


def test_a_finance_reviewer_verifies_what_carries_money_and_nothing_else(clerk):
    dossier = make_dossier(clerk.institution, trainees=1, state="under_review")
    card = make_filing(dossier, "identity_document_copy", enrolment=dossier.enrolments.first())
    money = make_filing(dossier, "subsidy_application")
    finance = make_account("finance_reviewer", county=dossier.opener.county)
    assert set(verifiable_sheets(finance, dossier)) == {money.places.get().sheet}
    with pytest.raises(Overtaken):
        verification.state_values(card.places.get().sheet, [confirmed()], by=finance, seen=0)
    assert not FieldStatement.objects.exists()


def test_a_reviewer_of_another_county_sees_no_page(dossier):
    handed_in = make_dossier(dossier.opener, trainees=1, state="under_review")
    make_filing(handed_in, "subsidy_application")
    assert not verifiable_sheets(
        make_account("reviewer", county=make_county("21", "望奎县")), handed_in
    ).exists()


def test_a_page_put_aside_meanwhile_is_not_spoken_of(dossier, clerk):
    page = make_upload(dossier).sheets.get()
    ledger.discard(page, by=clerk)
    with pytest.raises(Overtaken):
        verification.state_values(page, [confirmed()], by=clerk, seen=0)


@pytest.mark.parametrize(
    "said", [corrected(value="  "), corrected(value="长" * 501)], ids=["empty", "too long"]
)
def test_a_correction_without_value_or_beyond_measure_is_refused_whole(sheet, clerk, said):
    with pytest.raises(NotReady):
        verification.state_values(sheet, [confirmed(spot=Spot(0, -1, "sex")), said], by=clerk, seen=0)
    assert not FieldStatement.objects.exists()


def test_many_pages_are_confirmed_at_once_and_what_was_said_before_stays(dossier, clerk):
    pages = [make_upload(dossier).sheets.get() for _ in range(2)]
    verification.state_values(pages[0], [corrected()], by=clerk, seen=0)
    bulk = Said(NAME, Verdict.CONFIRMED, Basis.BULK, "王海燕", "王海燕")
    made = verification.confirm_many(dossier, [(page, [bulk]) for page in pages], by=clerk)
    assert [one.sheet_id for one in made] == [pages[1].pk]
    assert plain(word(pages[0]).value) == "许文涛"
    with pytest.raises(NotReady):
        verification.confirm_many(dossier, [(page, [bulk]) for page in pages], by=clerk)


def test_the_log_counts_words_and_holds_no_value(sheet, clerk):
    number = make_id_number()
    said = [corrected(number, number[:-1] + "1", NUMBER), confirmed()]
    verification.state_values(sheet, said, by=clerk, seen=0)
    entry = HistoryEntry.objects.get(action="verify")
    assert (entry.facts["corrected"], entry.facts["confirmed"], entry.facts["unreadable"]) == (1, 1, 0)
    assert number[:14] not in str(entry.facts) and "许文涛" not in str(entry.facts)
    assert number not in repr(said)


def test_a_stated_number_is_found_by_its_blind_index_and_stored_sealed(sheet, clerk):
    number = make_id_number()
    verification.state_values(sheet, [corrected(number, "", NUMBER)], by=clerk, seen=0)
    said = FieldStatement.objects.get(value_index=blind_index(number, "id_number"))
    assert str(said.value) != number and plain(said.value) == number


def test_a_word_no_longer_fits_when_something_else_is_read_there(sheet, clerk):
    [said] = verification.state_values(sheet, [corrected()], by=clerk, seen=0)
    assert still_fits(said, "许文寿") and still_fits(said, "许文涛")
    assert not still_fits(said, "韩雪")


def test_words_on_rows_of_a_table_are_told_apart(sheet, clerk):
    rows = [Spot(0, 0, "name"), Spot(0, 1, "name")]
    verification.state_values(sheet, [confirmed(spot=rows[0]), corrected(spot=rows[1])], by=clerk, seen=0)
    verification.state_values(sheet, [corrected("甲", spot=rows[0])], by=clerk, seen=last(sheet))
    assert [plain(word(sheet, row).value) for row in rows] == ["甲", "许文涛"]
    assert Spot.read(str(rows[1])) == rows[1] and Spot.read(str(NAME)).in_row is None


def test_the_words_of_a_dossier_are_one_query(dossier, clerk, django_assert_num_queries):
    pages = [make_upload(dossier).sheets.get() for _ in range(4)]
    for page in pages:
        verification.state_values(page, [confirmed()], by=clerk, seen=0)
    with django_assert_num_queries(1):
        found = words_in_force(pages)
        assert {said.institution.made_by.full_name for said in found.values()} == {"林慧"}
