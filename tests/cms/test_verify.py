"""The verification screen: what stands beside what, what wants a choice, and what a choice leaves."""

import re
from datetime import timedelta

import pytest

from cms.rows.verify_queue import Queue
from dossiers.actions import cutting
from dossiers.models import FieldStatement, Sheet
from dossiers.statements import Spot, plain
from foundation.secrets import blind_index
from ingestion.models import FieldReading, PageReading
from tests.cms.verifying import browser_of, card, changed, look, number_of, page_of, post, read, say, words
from tests.factories import make_account, make_dossier, make_filing, make_institution, make_upload

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


# What stands beside what ----------------------------------------------------------------------------------


def test_a_digit_read_wrong_is_marked_on_both_sides_and_the_check_digit_is_told(browser, dossier):
    person = dossier.enrolments.first()
    wrong = changed(number_of(person), 14)
    html = look(browser, dossier, card(dossier, person, number=wrong))
    assert html.count('<span class="differs">') >= 4
    assert "差 1 位" in html and "校验位不符：末位是" in html and "校验位相符" in html
    assert "第 14 位" in html and "系统不代为确认" in html
    assert "还有第 2 项未定" in html
    assert re.search(r'value="confirm"[^>]*disabled', html)


def test_the_page_is_named_by_item_person_and_roster_row(browser, dossier):
    person = dossier.enrolments.all()[1]
    html = look(browser, dossier, card(dossier, person))
    assert f"身份证 · {person.name}" in html and "名册第 2 行" in html


def test_every_value_has_its_box_numbered_like_its_line(browser, dossier):
    sheet = card(dossier, dossier.enrolments.first())
    html = look(browser, dossier, sheet)
    assert re.findall(r'<g data-box="([^"]+)"', html) == ["0.-1.name", "0.-1.id_number", "0.-1.address"]
    assert 'viewBox="0.0 0.0 1240.0 1754.0"' in html
    assert ' style="' not in html


def test_a_turned_page_is_boxed_upright(browser, dossier):
    sheet = card(dossier, dossier.enrolments.first())
    PageReading.objects.filter(sheet=sheet).update(rotation=90)
    html = look(browser, dossier, sheet)
    assert 'viewBox="0.0 0.0 1754.0 1240.0"' in html
    assert 'points="91.2,1148.8 91.2,331.2 148.8,331.2 148.8,1148.8"' in html


def test_a_piece_cut_from_a_page_is_boxed_as_a_page_of_its_own(browser, dossier, clerk):
    page = make_upload(dossier).sheets.get()
    person = dossier.enrolments.first()
    _upper, lower = cutting.cut(page, [(0.0, 0.0, 1.0, 0.5), (0.0, 0.5, 1.0, 1.0)], by=clerk)
    read(lower, ("name", person.name), ("id_number", number_of(person), "checked"))
    html = look(browser, dossier, lower)
    assert 'viewBox="0.0 0.0 1240.0 877.0"' in html
    assert 'points="91.2,91.2 908.8,91.2 908.8,148.8 91.2,148.8"' in html
    queue = Queue(dossier, clerk)
    assert [line.uuid for line in queue.lines] == [lower.uuid]  # the whole page is nobody's work any more


def test_two_valid_numbers_that_differ_speak_for_neither_side(browser, dossier):
    first, second = dossier.enrolments.all()[:2]
    sheet = make_filing(dossier, "identity_document_copy", enrolment=first).places.get().sheet
    read(sheet, ("name", first.name), ("id_number", number_of(second), "checked"))
    html = look(browser, dossier, sheet)
    assert "还有第 2 项未定" in html
    assert "可能是另一人的证件" in html or "不同" in html


def test_a_missing_value_says_so_and_wants_a_choice(browser, dossier):
    person = dossier.enrolments.first()
    sheet = make_filing(dossier, "identity_document_copy", enrolment=person).places.get().sheet
    read(sheet, ("name", person.name), ("id_number", "", "missing", 0.0, 0, None, "not_found"))
    html = look(browser, dossier, sheet)
    assert "没有读出" in html and "纸上没有这一项" in html and "还有第 2 项未定" in html


@pytest.mark.parametrize(
    ("group", "wants_a_choice"), [("enterprise_employee", False), ("rural_transfer_worker", True)]
)
def test_a_group_for_which_the_form_has_no_box_is_not_missed(browser, dossier, clerk, group, wants_a_choice):
    dossier.enrolments.update(person_category=group)
    person = dossier.enrolments.first()
    sheet = make_filing(dossier, "trainee_registration_form", enrolment=person).places.get().sheet
    read(sheet, ("name", person.name), ("person_category", "", "missing", 0.9, 0, None, "nothing_ticked"))
    html = look(browser, dossier, sheet)
    assert ("项未定" in html) is wants_a_choice
    assert ("表上没有此人的类别" in html) is not wants_a_choice
    assert [line.differences for line in Queue(dossier, clerk).lines] == [int(wants_a_choice)]


def test_a_card_that_ran_out_before_the_course_ended_is_told(browser, dossier):
    person = dossier.enrolments.first()
    sheet = make_filing(dossier, "identity_document_copy", enrolment=person).places.get().sheet
    read(sheet, ("name", person.name), ("valid_from", "2016-05-12"), ("valid_until", "2026-10-25"))
    html = look(browser, dossier, sheet)
    assert "结业前已过期" in html and "覆盖培训期" in html


def test_four_cards_on_a_page_are_held_against_four_people(browser, dossier):
    sheet = make_filing(dossier, "identity_document_copy").places.get().sheet
    people = list(dossier.enrolments.all())
    fields = []
    for at, person in enumerate(people):
        fields += [
            ("name", person.name, "read", 0.9, at),
            ("id_number", number_of(person), "checked", 0.9, at),
        ]
    read(sheet, *fields, documents=[{"kind": "id_card_front"}] * 3)
    page = page_of(browser, dossier, sheet)
    assert [document.owner for document in page.documents] == [f"名册第 {n} 行" for n in (1, 2, 3)]
    assert page.open_values == []


def test_a_page_filed_for_the_wrong_person_differs_in_name_and_number(browser, dossier):
    first, second = dossier.enrolments.all()[:2]
    sheet = make_filing(dossier, "identity_document_copy", enrolment=first).places.get().sheet
    read(sheet, ("name", second.name), ("id_number", number_of(second), "checked"))
    assert {one.name for one in page_of(browser, dossier, sheet).open_values} == {"name", "id_number"}


def test_rows_of_a_table_are_a_table_and_open_cells_stand_above_it(browser, dossier):
    people = list(dossier.enrolments.all())
    sheet = make_filing(dossier, "trainee_roster").places.get().sheet
    fields = []
    for at, person in enumerate(people):
        number = changed(number_of(person), 10) if at == 1 else number_of(person)
        state = "suspect" if at == 1 else "checked"
        fields += [
            ("name", person.name, "read", 0.9, 0, at),
            ("id_number", number, state, 0.9, 0, at, "wrong_check_digit" if at == 1 else ""),
        ]
    read(sheet, *fields, kind="trainee_roster")
    html = look(browser, dossier, sheet)
    assert "第 2 行 证号" in html and "差 1 位" in html and html.count("cell-open") == 1
    assert number_of(people[0]) not in html.replace(" ", "")  # a number nobody doubts stays masked
    page = page_of(browser, dossier, sheet)
    assert [row.spot for row in page.rows] == ["0.1.id_number"]
    chosen = page_of(browser, dossier, sheet, field="0.0.name")
    assert [row.spot for row in chosen.rows] == ["0.0.name", "0.1.id_number"]


def test_what_the_reading_says_of_the_page_is_told(browser, dossier):
    sheet = card(dossier, dossier.enrolments.first())
    PageReading.objects.filter(sheet=sheet).update(notes=["blank"])
    assert "空白页" in look(browser, dossier, sheet)


# Choices --------------------------------------------------------------------------------------------------


@pytest.fixture
def misread(dossier) -> Sheet:
    person = dossier.enrolments.first()
    return card(dossier, person, number=changed(number_of(person), 14))


def test_nothing_is_chosen_for_her(browser, dossier, misread):
    html = look(browser, dossier, misread)
    assert " checked" not in html and " selected" not in html
    assert browser.post(dossier.screen("verify"), {"do": "say", "sheet": str(misread.uuid)}).status_code in (
        409,
        422,
    )
    assert not FieldStatement.objects.exists()


@pytest.mark.parametrize(
    ("choice", "verdict", "basis"),
    [
        ("reading", "confirmed", "reading"),
        ("roster", "corrected", "roster"),
        ("unreadable", "unreadable", "reading"),
    ],
)
def test_a_choice_is_kept_beside_the_reading(browser, dossier, misread, clerk, choice, verdict, basis):
    person = dossier.enrolments.first()
    wrong = changed(number_of(person), 14)
    assert say(browser, dossier, misread, choice).status_code == 302
    value = {"reading": wrong, "roster": number_of(person), "unreadable": ""}[choice]
    assert words(misread)["id_number"] == (verdict, basis, value, wrong)
    assert misread.field_statements.get().made_by == clerk
    html = look(browser, dossier, misread)
    assert "林慧（" in html and "项未定" not in html
    assert person.person.id_number.reveal() == number_of(person)  # the roster stays as it was


def test_taking_the_reading_leaves_the_difference_in_sight_and_the_roster_one_link_away(
    browser, dossier, misread
):
    say(browser, dossier, misread, "reading")
    html = look(browser, dossier, misread, field="0.-1.id_number")
    assert "差 1 位" in html and "校验位不符" in html and "改名册" in html


def test_a_typed_value_is_a_correction(browser, dossier, misread):
    assert (
        say(browser, dossier, misread, "typed", spot="0.-1.address", typed=" 样本市榆柳街 20 号 ").status_code
        == 302
    )
    assert words(misread)["address"][:3] == ("corrected", "typed", "样本市榆柳街 20 号")
    say(browser, dossier, misread, "typed", spot="0.-1.name", typed=dossier.enrolments.first().name)
    assert words(misread)["name"][0] == "confirmed"


def test_a_typed_number_that_fails_its_check_must_be_given_twice(browser, dossier, misread):
    typed = changed(number_of(dossier.enrolments.first()), 12)
    answer = say(browser, dossier, misread, "typed", typed=typed)
    html = answer.content.decode()
    assert answer.status_code == 422 and "输入的号码校验位不符" in html
    assert f'value="{typed}"' in html and 'name="insist" value="yes"' in html
    assert not FieldStatement.objects.exists()
    assert say(browser, dossier, misread, "typed", typed=typed, insist="yes").status_code == 302
    row = page_of(browser, dossier, misread).value(Spot.read("0.-1.id_number"))
    assert row.value == typed and row.state == "suspect"  # nobody's word makes it sound


def test_a_typed_number_is_one_spelling_and_found_by_its_index(browser, dossier, misread):
    number = number_of(dossier.enrolments.first())
    say(browser, dossier, misread, "typed", typed=f"{number[:6]} {number[6:14]} {number[14:].lower()}")
    said = misread.field_statements.get()
    assert plain(said.value) == number and said.value_index == blind_index(number, "id_number")


def test_a_mark_is_there_or_not_and_nothing_else(browser, dossier):
    person = dossier.enrolments.first()
    sheet = (
        make_filing(dossier, "labour_contract_copy", enrolment=person, part="signature_page")
        .places.get()
        .sheet
    )
    read(sheet, ("party_a_seal", "false", "suspect", 0.6, 0, None, "mark_absent"), kind="labour_contract")
    html = look(browser, dossier, sheet)
    assert "甲方盖章" in html and ">无<" in html.replace("\n", "")
    assert say(browser, dossier, sheet, "typed", spot="0.-1.party_a_seal", typed="盖了").status_code == 422
    assert say(browser, dossier, sheet, "typed", spot="0.-1.party_a_seal", typed="true").status_code == 302
    assert words(sheet)["party_a_seal"][:3] == ("corrected", "typed", "true")


def test_a_page_is_not_confirmed_while_something_is_open(browser, dossier, misread):
    answer = post(browser, dossier, misread, "confirm")
    assert answer.status_code == 422
    assert "第 2 项还没有定" in answer.content.decode()
    assert not FieldStatement.objects.exists()


def test_confirming_the_page_says_yes_to_all_that_is_left_and_goes_on_to_the_next(browser, dossier, misread):
    other = card(dossier, dossier.enrolments.all()[1])
    say(browser, dossier, misread, "roster")
    answer = post(browser, dossier, misread, "confirm")
    assert answer.status_code == 302 and str(other.uuid) in answer["Location"]
    assert {name: word[:2] for name, word in words(misread).items()} == {
        "id_number": ("corrected", "roster"),
        "name": ("confirmed", "reading"),
        "address": ("confirmed", "reading"),
    }
    assert "本页已核完" in look(browser, dossier, misread)


def test_steps_are_taken_back_in_turn(browser, dossier, misread):
    say(browser, dossier, misread, "roster")
    post(browser, dossier, misread, "confirm")
    undo = {"do": "undo"}
    answer = browser.post(dossier.screen("verify"), undo)
    assert answer.status_code == 302 and str(misread.uuid) in answer["Location"]
    assert set(words(misread)) == {"id_number"}
    browser.post(dossier.screen("verify"), undo)
    assert words(misread) == {}
    assert browser.post(dossier.screen("verify"), undo).status_code == 422


def test_a_page_read_anew_meanwhile_takes_no_word(browser, dossier, misread):
    page = page_of(browser, dossier, misread)
    FieldReading.objects.filter(name="name").update(value=FieldReading.sealed("韩雪"))
    answer = browser.post(
        dossier.screen("verify"),
        {"sheet": str(misread.uuid), "seen": 0, "reading": page.fingerprint, "do": "say"}
        | {"spot": "0.-1.id_number", "choice": "roster"},
    )
    assert answer.status_code == 409 and "刚重新认读过" in answer.content.decode()
    assert not FieldStatement.objects.exists()


def test_a_word_opens_again_when_the_page_is_read_otherwise(browser, dossier, clerk):
    person = dossier.enrolments.first()
    sheet = card(dossier, person)
    post(browser, dossier, sheet, "confirm")
    assert page_of(browser, dossier, sheet).is_done
    reading = PageReading.objects.get(sheet=sheet)
    reading.fields.filter(name="name").update(value=FieldReading.sealed("韩雪"))
    reading.read_at = sheet.field_statements.last().made_at + timedelta(minutes=1)
    reading.save()
    page = page_of(browser, dossier, sheet)
    assert [one.name for one in page.open_values] == ["name"]
    assert "重新认读" in look(browser, dossier, sheet)
    assert [line.is_done for line in Queue(dossier, clerk).lines] == [False]
