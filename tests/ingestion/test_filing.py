"""From a reading to a proposal: what is kept, what is masked, what is proposed and with which reason."""

import json
from dataclasses import replace

import pytest
from django.db import connection

from cms.rows.reasons import reason_text
from dossiers.actions import ledger as actions
from dossiers.models import Filing, Sheet
from foundation.models import Blob
from foundation.secrets import blind_index
from ingestion import filing
from ingestion.models import FieldReading as Stored
from ingestion.models import PageReading
from ingestion.page_notes import NOTES
from ingestion.reading import Code, DocumentReading, FieldReading, FieldState, Line, Page, PageResult, Quad
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
        previous = filing.file_page(sheet, read, of=of, previous=previous)
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


# Papers of several pages ----------------------------------------------------------------------------------
def follows(kind: str, part: str = "continued") -> PageResult:
    """A page without a title of its own that goes on with the one before."""
    return replace(page(kind, part=part), follows_previous=True)


def papers(dossier) -> list[tuple[str, str, list[int]]]:
    """Item, part and page numbers of every suggested paper, in the order of the file."""
    rows = Filing.objects.filter(state="proposed").prefetch_related("places__sheet")
    found = [(one.item_id, one.part, [place.sheet.number for place in one.places.all()]) for one in rows]
    return sorted(found, key=lambda paper: paper[2])


def contract(enrolment) -> PageResult:
    fields = (field("name", enrolment.name), field("id_number", number_of(enrolment), FieldState.CHECKED))
    return page("labour_contract", *fields, part="first_page")


def test_pages_that_go_on_are_one_paper_until_the_next_begins(dossier):
    plan = page("lesson_plan")
    proposed(dossier, plan, follows("lesson_plan"), follows("lesson_plan"), plan, page("trainee_roster"))
    assert papers(dossier) == [
        ("lesson_plan", "", [1, 2, 3]),
        ("lesson_plan", "", [4]),
        ("trainee_roster", "", [5]),
    ]


@pytest.mark.parametrize("note", NOTES)
def test_a_proposal_tells_first_what_is_odd_about_the_page(note, dossier):
    [made] = proposed(dossier, replace(page("lesson_plan"), notes=(note,)))
    assert codes(made)[0] == note
    assert reason_text({"code": note}) != reason_text({"code": "no_such_code"})


def test_a_blank_reverse_does_not_end_a_paper(dossier):
    proposed(dossier, page("lesson_plan"), page(blank=True), follows("lesson_plan"))
    assert papers(dossier) == [("lesson_plan", "", [1, 3]), ("", "", [2])]


def test_a_contract_keeps_its_first_and_its_signature_page_apart(dossier, people):
    signed = follows("labour_contract", "signature_page")
    proposed(dossier, contract(people[0]), follows("labour_contract"), signed, contract(people[1]), signed)
    item = "labour_contract_copy"
    assert papers(dossier) == [
        (item, "first_page", [1, 2]),
        (item, "signature_page", [3]),
        (item, "first_page", [4]),
        (item, "signature_page", [5]),
    ]
    signatures = Filing.objects.filter(part="signature_page").order_by("places__sheet__number")
    assert [one.enrolment for one in signatures] == people[:2]


def test_the_last_page_of_a_contract_is_its_signature_page_where_no_word_says_so(dossier, people):
    pages = [contract(people[0]), follows("labour_contract"), follows("labour_contract"), contract(people[1])]
    proposed(dossier, *pages)
    assert papers(dossier)[:2] == [
        ("labour_contract_copy", "first_page", [1, 2]),
        ("labour_contract_copy", "signature_page", [3]),
    ]
    assert Filing.objects.get(part="signature_page").enrolment == people[0]


def test_the_end_of_the_file_ends_a_contract_too(dossier, people):
    held = factories.make_upload(dossier, pages=2)
    of, previous = filing.class_of(held), None
    for sheet, read in zip(held.sheets.all(), [contract(people[0]), follows("labour_contract")], strict=True):
        previous = filing.file_page(sheet, read, of=of, previous=previous)
    filing.close_paper(previous, of=of)
    filing.close_paper(previous, of=of)
    assert [paper[1:] for paper in papers(dossier)] == [("first_page", [1]), ("signature_page", [2])]


def test_a_following_page_that_names_somebody_else_begins_a_paper_of_hers(dossier, people):
    exam = page("final_exam_paper", field("name", people[0].name))
    other = replace(page("final_exam_paper", field("name", people[1].name)), follows_previous=True)
    own = replace(page("final_exam_paper", field("name", people[0].name)), follows_previous=True)
    proposed(dossier, exam, own, other)
    assert [paper[2] for paper in papers(dossier)] == [[1, 2], [3]]


def test_the_back_of_a_card_stays_a_page_of_its_own(dossier, people):
    proposed(dossier, card(people[0]), page("id_card_back"))
    assert [paper[2] for paper in papers(dossier)] == [[1], [2]]


# Dividers -------------------------------------------------------------------------------------------------
def divider(payload: str) -> PageResult:
    return replace(page("divider_sheet"), codes=(Code(payload, WHOLE),))


def test_a_divider_says_where_it_leads_and_goes_nowhere_itself(dossier, people):
    [made] = proposed(dossier, divider(f"JZ1|{dossier.class_no}|lesson_plan|{people[1].uuid}"))
    assert (made.item_id, made.kind) == ("", "divider_sheet")
    assert made.reasons == [
        {"code": "divider", "params": {"item": "lesson_plan", "trainee": str(people[1].uuid)}}
    ]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("JZ1|1999-001|lesson_plan|", "divider_other_class"),
        ("JZ1||lesson_plan", "divider_tampered"),
        ("JZ1||no_such_item|", "divider_no_such_item"),
        ("JZ7||lesson_plan|", "divider_not_ours"),
    ],
)
def test_a_divider_that_leads_nowhere_says_why_and_keeps_nothing_of_its_code(dossier, payload, code):
    [made] = proposed(dossier, divider(payload))
    assert made.reasons == [{"code": code, "params": {}}]


def test_a_divider_without_a_readable_code_says_so(dossier):
    [made] = proposed(dossier, page("divider_sheet"))
    assert codes(made) == ["divider_unreadable"]


def test_a_divider_ends_the_paper_before_it(dossier):
    proposed(dossier, page("lesson_plan"), divider("JZ1||lesson_plan|"), follows("lesson_plan"))
    assert [paper[2] for paper in papers(dossier)] == [[1], [2], [3]]


def test_a_code_of_another_house_makes_no_divider(dossier):
    coded = replace(page("lesson_plan"), codes=(Code("https://example.org/1|2", WHOLE),))
    [made] = proposed(dossier, coded)
    assert made.item_id == "lesson_plan"
