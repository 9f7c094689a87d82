"""One field finds people, classes, numbers and words, within what a person may see and never by an open ID number."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import SearchText
from cms.rows.evidence import FIELD_NAMES
from cms.search import by_words, index_sheet
from ingestion.kinds import kinds
from ingestion.models import FieldReading, PageReading
from ingestion.signals import page_read
from tests.factories import (
    make_account,
    make_county,
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
    return make_account("clerk", institution=school)


@pytest.fixture
def reviewer():
    return make_account("reviewer")


def browser_of(account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read_page(dossier, text, **facts):
    sheet = make_upload(dossier).sheets.get()
    PageReading.objects.create(sheet=sheet, engine="null", masked_text=text)
    return index_sheet(sheet, text)


def found(account, question):
    return by_words(account, question)


def test_two_characters_of_a_page_find_it(clerk, school):
    page = read_page(make_dossier(school), "职业培训合格证\n中式烹调师")
    assert found(clerk, "合格").pages == (page,)
    assert found(clerk, "烹调").pages == (page,)


def test_a_word_is_found_as_a_whole_not_by_scattered_pairs(clerk, school):
    read_page(make_dossier(school), "培训地点\n训练合格")
    assert found(clerk, "培训合格").pages == ()


def test_a_title_printed_with_blanks_is_found(clerk, school):
    page = read_page(make_dossier(school), "合 格 证")
    assert found(clerk, "合格证").pages == (page,)


def test_two_words_must_both_stand_on_the_page(clerk, school):
    dossier = make_dossier(school)
    page = read_page(dossier, "结业考试试卷\n食品安全")
    read_page(dossier, "结业考试试卷\n刀工")
    assert found(clerk, "试卷 食品").pages == (page,)


def test_letters_and_digits_are_found_without_case(clerk, school):
    page = read_page(make_dossier(school), "证书编号 JNPX120226000211")
    assert found(clerk, "jnpx120226000211").pages == (page,)


def test_words_that_the_search_language_knows_are_only_words(clerk, school):
    page = read_page(make_dossier(school), "NOT AND OR NEAR 培训")
    assert found(clerk, 'not "and"培训*').pages in ((page,), ())
    assert found(clerk, "NEAR 培训").pages == (page,)


def test_reading_again_replaces_the_words(clerk, school):
    page = read_page(make_dossier(school), "旧文字")
    index_sheet(page.sheet, "新文字")
    assert found(clerk, "旧文").pages == ()
    assert found(clerk, "新文").pages == (page,)
    assert SearchText.objects.count() == 1


def test_a_page_is_indexed_when_it_was_read(clerk, school):
    sheet = make_upload(make_dossier(school)).sheets.get()
    page_read.send(sender=type(sheet), sheet=sheet, text="考勤汇总表")
    assert [page.sheet for page in found(clerk, "考勤").pages] == [sheet]


def test_the_index_can_be_written_again_from_the_rows(clerk, school):
    page = read_page(make_dossier(school), "课程安排计划")
    page.index_entries.all().delete()
    assert found(clerk, "课程").pages == ()
    call_command("update_index", verbosity=0)
    assert found(clerk, "课程").pages == (page,)


def test_no_id_number_stands_in_the_index(school):
    dossier = make_dossier(school, trainees=1)
    number = dossier.enrolments.get().person.id_number.reveal()
    page = read_page(dossier, f"公民身份号码 {number}\n身份证号：{' '.join(number)}\n2312**********4214")
    for held in (page.text, page.tokens):
        assert number not in held.replace(" ", "").upper()
        assert number[6:14] not in held
    assert "4214" not in page.tokens


def test_nobody_finds_what_she_may_not_see(school, clerk):
    other = make_dossier(class_no="2026-777", trainees=1, occupation="电工")
    read_page(other, "电工操作证")
    result = found(clerk, "电工")
    assert result.count == 0
    assert found(clerk, other.enrolments.get().name).people == ()


def test_the_bureau_finds_pages_only_when_they_were_handed_in(reviewer, school):
    dossier = make_dossier(school, state="handed_in")
    read_page(dossier, "留在收件里的成绩单")
    filing = make_filing(dossier, "score_sheet")
    handed_in = index_sheet(filing.places.get().sheet, "报送的成绩单")
    assert found(reviewer, "成绩单").pages == (handed_in,)
    elsewhere = make_account("reviewer", county=make_county("08", "望奎县"))
    assert found(elsewhere, "成绩单").count == 0


def test_the_bureau_is_not_told_what_a_page_is_newly_filed_as(reviewer, school, clerk):
    dossier = make_dossier(school, trainees=1, state="returned")
    page = read_page(dossier, "食品安全试卷")
    handed_in = make_filing(dossier, "lesson_plan", upload=page.sheet.upload, by=clerk)
    handed_in.state = "withdrawn"
    handed_in.save()
    who = dossier.enrolments.get()
    make_filing(
        dossier,
        "identity_document_copy",
        enrolment=who,
        upload=page.sheet.upload,
        by=clerk,
        handed_in_at=None,
    )

    assert who.name in browser_of(clerk).get("/search/?q=食品安全").content.decode()
    told = browser_of(reviewer).get("/search/?q=食品安全").content.decode()

    assert str(page.sheet.uuid) in told
    assert who.name not in told


def test_a_number_on_ten_pages_costs_as_many_queries_as_on_one(clerk, school):
    dossier = make_dossier(school, trainees=1)
    number = dossier.enrolments.get().person.id_number.reveal()
    browser = browser_of(clerk)
    browser.get("/")
    spent = []
    for pages in (1, 10):
        while SearchText.objects.count() < pages:
            page_with_number(dossier, number)
        with CaptureQueriesContext(connection) as queries:
            assert browser.post("/search/", {"q": number}).context["count"] == pages + 1
        spent.append(len(queries))
    assert spent[0] == spent[1]


def page_with_number(dossier, number: str) -> None:
    read_page(dossier, "身份证").sheet.reading.fields.create(
        name="id_number",
        value=FieldReading.sealed(number),
        value_index=FieldReading.index_of("id_number", number),
        confidence=1,
    )


def test_names_classes_and_bodies_are_found(clerk, school):
    dossier = make_dossier(school, trainees=1, class_no="2026-014")
    assert found(clerk, dossier.enrolments.get().name[:2]).people[0].dossier_id == dossier.pk
    assert found(clerk, "2026-014").classes == (dossier,)
    assert found(clerk, "烹调").classes == (dossier,)
    assert found(clerk, school.title[:4]).classes == (dossier,)


def test_a_certificate_number_finds_its_paper(clerk, school):
    dossier = make_dossier(school, trainees=1)
    stated = make_filing(
        dossier, "certificate_copy", enrolment=dossier.enrolments.get(), document_no="JNPX120226000211"
    )
    read = make_filing(dossier, "certificate_copy", enrolment=dossier.enrolments.get())
    reading = PageReading.objects.create(sheet=read.places.get().sheet, engine="null")
    number = "JNPX120226000299"
    FieldReading.objects.create(
        reading=reading,
        name="certificate_no",
        value=FieldReading.sealed(number),
        value_index=FieldReading.index_of("certificate_no", number),
    )
    assert found(clerk, "JNPX120226000211").papers == (stated,)
    assert found(clerk, "jnpx120226000299").papers == (read,)


def test_a_whole_id_number_finds_its_bearer_by_post(clerk, school):
    dossier = make_dossier(school, trainees=2)
    trainee = dossier.enrolments.first()
    number = trainee.person.id_number.reveal()
    answer = browser_of(clerk).post("/search/", {"q": number})
    page = answer.content.decode()
    assert trainee.name in page
    assert dossier.enrolments.last().name not in page
    assert number not in page


def test_an_id_number_in_an_address_is_refused_and_taken_out_of_it(clerk, school):
    number = make_dossier(school, trainees=1).enrolments.get().person.id_number.reveal()
    answer = browser_of(clerk).get("/search/", {"q": number})
    assert answer.status_code == 302
    assert answer["Location"] == "/search/"
    page = browser_of(clerk).get("/search/").content.decode()
    assert number not in page


def test_words_asked_by_post_get_an_address_of_their_own(clerk):
    answer = browser_of(clerk).post("/search/", {"q": "成绩单"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/search/?q=")


def test_a_number_of_nobody_or_with_a_wrong_digit_finds_nobody_and_says_why(clerk, school):
    number = make_dossier(school, trainees=1).enrolments.get().person.id_number.reveal()
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    page = browser_of(clerk).post("/search/", {"q": wrong}).content.decode()
    assert "校验位" in page


def test_an_administrator_has_no_search():
    assert browser_of(make_account("administrator")).get("/search/").status_code == 404


def test_the_question_stands_marked_on_its_page(clerk, school):
    dossier = make_dossier(school)
    sheet = make_upload(dossier).sheets.get()
    PageReading.objects.create(
        sheet=sheet,
        engine="null",
        kind="score_sheet",
        masked_text="培训人员成绩单",
        lines=PageReading.sealed_lines(
            [
                {
                    "text": "培训人员成绩单",
                    "confidence": 0.9,
                    "quad": [[100, 100], [500, 100], [500, 150], [100, 150]],
                },
                {"text": "合计", "confidence": 0.9, "quad": [[1, 1], [2, 1], [2, 2], [1, 2]]},
            ]
        ),
    )
    page = browser_of(clerk).get(f"{dossier.screen('sheet', sheet.uuid)}?q=成绩").content.decode()
    assert 'class="marked" points="100.0,100.0 500.0,100.0 500.0,150.0 100.0,150.0"' in page
    assert page.count('class="marked"') == 1


def test_every_field_a_kind_reads_has_a_name_on_the_screen():
    read = {field for kind in kinds().values() for field in kind.fields}
    assert read | {"name", "id_number", "certificate_no", "class_no"} <= set(FIELD_NAMES)


def test_a_sheet_of_another_class_is_not_there(clerk, school):
    sheet = make_upload(make_dossier()).sheets.get()
    assert browser_of(clerk).get(make_dossier(school).screen("sheet", sheet.uuid)).status_code == 404


def test_a_nul_byte_in_the_question_is_passed_over(client):
    client.force_login(make_account("reviewer"))
    assert client.get("/search/?q=%00样本").status_code == 200
