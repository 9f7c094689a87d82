"""From a reading to a proposal: what is kept, what is masked, what is proposed and with which reason."""

import json

import pytest
from django.db import connection

from dossiers.actions import ledger as actions
from dossiers.models import Filing, Sheet
from foundation.models import Blob
from foundation.secrets import blind_index
from ingestion import filing
from ingestion.models import FieldReading as Stored
from ingestion.models import PageReading
from ingestion.reading import DocumentReading, FieldReading, FieldState, Line, Page, PageResult, Quad
from tests import factories

pytestmark = pytest.mark.django_db
WHOLE = Quad.from_box(0, 0, 1240, 1754)


def field(name: str, value: str, state: FieldState = FieldState.READ) -> FieldReading:
    return FieldReading(name, value, 0.98, Quad.from_box(100, 100, 600, 140), state)


def page(
    kind: str = "other", *fields: FieldReading, text: str = "", part: str = "", blank: bool = False
) -> PageResult:
    """A page as an engine and recognition would give it."""
    document = DocumentReading(kind, 0.0 if blank else 0.95, WHOLE, part=part, fields=fields)
    lines = tuple(Line(line, 0.97, Quad.from_box(100, 100, 900, 140)) for line in text.splitlines())
    return PageResult(Page(1, 1240, 1754, 90), 1, (document,), lines, "scripted", "1", 0.5, blank=blank)


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=3)


@pytest.fixture
def people(dossier):
    return list(dossier.enrolments.select_related("person"))


def number_of(enrolment) -> str:
    return enrolment.person.id_number.reveal()


def proposed(dossier, *pages: PageResult, blob: Blob | None = None) -> list[Filing]:
    """File the pages as the sheets of one upload, each following the one before."""
    held = factories.make_upload(dossier, pages=len(pages))
    if blob is not None:
        held.blob = blob
        held.save()
    of, previous = filing.class_of(held), None
    for sheet, read in zip(held.sheets.all(), pages, strict=True):
        previous = filing.file_page(sheet, read, of=of, previous=previous).match
    return list(Filing.objects.order_by("pk"))


def codes(made: Filing) -> list[str]:
    return [reason["code"] for reason in made.reasons]


def card(enrolment, **more) -> PageResult:
    fields = (field("name", enrolment.name), field("id_number", number_of(enrolment), FieldState.CHECKED))
    return page("id_card_front", *fields, **more)


def test_a_card_goes_to_the_item_and_the_person_whose_number_it_bears(dossier, people):
    [made] = proposed(dossier, card(people[1]))
    assert (made.item_id, made.enrolment, made.state) == ("identity_document_copy", people[1], "proposed")
    assert made.confidence > 0.9
    assert codes(made) == ["id_number_matches", "name_matches"]


def test_nothing_confirms_itself(dossier, people):
    proposed(dossier, card(people[0]))
    assert Sheet.objects.get().state == "in_tray"
    assert not Filing.objects.filter(state="filed").exists()


def test_a_number_that_fails_its_check_is_told_and_not_used(dossier, people):
    wrong = number_of(people[0])[:-1] + ("1" if number_of(people[0])[-1] != "1" else "2")
    fields = (field("name", people[0].name), field("id_number", wrong, FieldState.SUSPECT))
    [made] = proposed(dossier, page("id_card_front", *fields))
    assert "id_number_check_failed" in codes(made)
    assert made.confidence < 0.8


def test_a_stranger_is_proposed_to_nobody(dossier):
    stranger = factories.make_id_number()
    [made] = proposed(dossier, page("id_card_front", field("id_number", stranger, FieldState.CHECKED)))
    assert made.enrolment is None and codes(made) == ["not_on_roster"]


def test_the_back_of_a_card_follows_its_front(dossier, people):
    front, back = proposed(dossier, card(people[2]), page("id_card_back"))
    assert (back.item_id, back.enrolment) == (front.item_id, people[2])
    assert codes(back) == ["follows_previous_page"] and back.confidence < front.confidence


def test_a_blank_page_is_called_blank_and_goes_nowhere(dossier):
    [made] = proposed(dossier, page(blank=True))
    assert (made.item_id, codes(made)) == ("", ["blank"])
    assert Sheet.objects.get().is_blank and not Sheet.objects.get().shows_identity


def test_the_same_bytes_in_another_class_of_the_same_body_are_pointed_at(dossier, people):
    other = factories.make_dossier(dossier.custodian, class_no="2026-777")
    twin = factories.make_upload(other)
    [made] = proposed(dossier, card(people[0]), blob=twin.blob)
    assert "known_elsewhere" in codes(made)
    assert made.reasons[codes(made).index("known_elsewhere")]["params"] == {"classes": "2026-777"}


def test_of_a_neighbours_classes_nobody_learns(dossier, people):
    twin = factories.make_upload(factories.make_dossier())
    [made] = proposed(dossier, card(people[0]), blob=twin.blob)
    assert "known_elsewhere" not in codes(made)


def test_of_the_keepers_own_classes_the_other_body_learns_nothing():
    enterprise, school = factories.make_institution(kind="enterprise"), factories.make_institution()
    entrusted = factories.make_dossier(enterprise, trainer=school, trainees=1)
    twin = factories.make_upload(factories.make_dossier(school, class_no="2026-778"))
    [made] = proposed(entrusted, card(entrusted.enrolments.get()), blob=twin.blob)
    assert "known_elsewhere" not in codes(made)


def test_no_reason_and_no_log_line_holds_a_name_or_a_number(dossier, people, caplog):
    made = proposed(dossier, page("id_card_front", field("name", "欧阳无人")), card(people[0]))
    stored = json.dumps([one.reasons + one.alternatives for one in made], ensure_ascii=False) + caplog.text
    assert "欧阳无人" not in stored and people[0].name not in stored
    assert number_of(people[0]) not in stored


def test_stored_lines_are_sealed_and_stored_text_is_masked(dossier, people):
    number = number_of(people[0])
    proposed(dossier, card(people[0], text=f"公民身份号码{number}\n姓名 {people[0].name}"))
    reading = PageReading.objects.get()
    assert number not in reading.masked_text and people[0].name in reading.masked_text
    assert reading.open_lines()[0]["text"] == f"公民身份号码{number}"
    assert (reading.rotation, reading.engine) == (90, "scripted")
    with connection.cursor() as cursor:
        cursor.execute("SELECT lines, masked_text FROM ingestion_pagereading")
        assert number not in str(cursor.fetchall())
        cursor.execute("SELECT value, value_index FROM ingestion_fieldreading")
        assert number not in str(cursor.fetchall())


def test_a_number_read_on_a_page_is_found_by_its_blind_index(dossier, people):
    number = number_of(people[0])
    proposed(dossier, card(people[0]))
    found = Stored.objects.get(value_index=blind_index(number, "id_number"))
    assert found.plain != number and found.plain.startswith("2312****")
    assert Stored.objects.get(name="name").plain == people[0].name


@pytest.mark.parametrize(
    ("read", "shows"),
    [
        (page("course_schedule", text="培训课程安排计划"), False),
        (page("site_photo"), False),
        (page("trainee_roster", text="人员名册"), True),
        (page("id_card_front"), True),
        (page("other", text="没有认出的一页"), True),
        (page("cooperation_agreement", text="法定代表人 231299199003074218"), True),
    ],
)
def test_a_page_counts_as_showing_an_identity_unless_it_is_known_not_to(read, shows):
    assert filing.shows_identity(read) is shows


def test_reading_again_replaces_evidence_and_proposal(dossier, people):
    held = factories.make_upload(dossier)
    of, sheet = filing.class_of(held), held.sheets.get()
    filing.file_page(sheet, card(people[0]), of=of, previous=None)
    filing.file_page(sheet, card(people[1]), of=of, previous=None)
    assert Filing.objects.get().enrolment == people[1]
    assert PageReading.objects.count() == 1 and Stored.objects.count() == 2


def test_a_page_that_a_person_has_filed_meanwhile_is_left_alone(dossier, people):
    held = factories.make_upload(dossier)
    sheet = held.sheets.get()
    actions.file_sheets(
        dossier, [sheet], by=held.received_by, item_id="labour_contract_copy", enrolment=people[2]
    )
    placed = filing.file_page(sheet, card(people[0]), of=filing.class_of(held), previous=None)
    assert placed.filing is None
    assert Filing.objects.get().enrolment == people[2]
