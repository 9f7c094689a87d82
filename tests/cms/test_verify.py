"""The verification screen: what stands beside what, what wants a choice, who may say it, and what is written down."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from cms.rows.verify_queue import Queue, waiting
from dossiers.models import AccessEntry, FieldStatement, Sheet
from dossiers.statements import Spot, plain
from foundation.secrets import blind_index
from ingestion.models import FieldReading, PageReading
from tests.factories import make_account, make_dossier, make_filing, make_institution

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


def browser_of(account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def changed(number: str, place: int) -> str:
    digit = "1" if number[place - 1] != "1" else "2"
    return number[: place - 1] + digit + number[place:]


def number_of(person) -> str:
    return person.person.id_number.reveal()


def read(sheet: Sheet, *fields, kind="id_card_front", documents=None) -> PageReading:
    """What the workshop leaves of a page: (name, value, state, confidence, document, row, problem)."""
    reading = PageReading.objects.create(
        sheet=sheet, engine="null", kind=kind, kind_confidence=0.98, documents=documents or [{"kind": kind}]
    )
    for at, given in enumerate(fields):
        name, value, *rest = given
        state, confidence, document, row, problem = (*rest, *("read", 0.97, 0, None, "")[len(rest) :])
        FieldReading.objects.create(
            reading=reading,
            name=name,
            value=FieldReading.sealed(value),
            value_index=FieldReading.index_of(name, value),
            state=state,
            confidence=confidence,
            document=document,
            row=row,
            problem=problem,
            quad=[[100, 100 + 60 * at], [900, 100 + 60 * at], [900, 140 + 60 * at], [100, 140 + 60 * at]],
        )
    return reading


def card(dossier, person, *, number="", name="", **facts) -> Sheet:
    """An ID card of this trainee, filed, with what was read on it."""
    sheet = make_filing(dossier, "identity_document_copy", enrolment=person, **facts).places.get().sheet
    number = number or number_of(person)
    state = "checked" if number == number_of(person) else "suspect"
    read(
        sheet,
        ("name", name or person.name),
        ("id_number", number, state, 0.61 if state == "suspect" else 0.98),
        ("address", "样本市示例区榆柳街 18 号"),
    )
    return sheet


def look(browser, dossier, sheet=None, **asked) -> str:
    query = asked | ({"sheet": str(sheet.uuid)} if sheet else {})
    answer = browser.get(dossier.screen("verify"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(browser, dossier, sheet=None, **asked):
    query = asked | ({"sheet": str(sheet.uuid)} if sheet else {})
    return browser.get(dossier.screen("verify"), query).context["page"]


def post(browser, dossier, sheet, do, **fields):
    page = page_of(browser, dossier, sheet)
    carried = {"sheet": str(sheet.uuid), "seen": page.last_word, "reading": page.fingerprint, "do": do}
    return browser.post(dossier.screen("verify"), carried | fields)


def say(browser, dossier, sheet, choice, spot="0.-1.id_number", **fields):
    return post(browser, dossier, sheet, "say", spot=spot, choice=choice, **fields)


def words(sheet) -> dict[str, tuple]:
    rows = sheet.field_statements.filter(superseded_at=None)
    return {one.name: (one.verdict, one.basis, plain(one.value), plain(one.read_value)) for one in rows}


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
    assert 'points="100.0,1140.0 100.0,340.0 140.0,340.0 140.0,1140.0"' in html


def test_a_piece_of_a_page_shows_its_own_region(browser, dossier):
    sheet = card(dossier, dossier.enrolments.first())
    Sheet.objects.filter(pk=sheet.pk).update(region=[0.0, 0.5, 1.0, 1.0])
    assert 'viewBox="0.0 877.0 1240.0 877.0"' in look(browser, dossier, sheet)


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
