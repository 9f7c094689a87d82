"""The contents: rows computed from what is filed this moment, on screen with names, printed without."""

from datetime import date

import pymupdf
import pytest

from cms.rows.contents import SIZES_PT, fitted
from dossiers.rulesets import Column, ruleset
from tests import factories as make
from tests.cms.people_at_desks import a_class, client_of

pytestmark = pytest.mark.django_db
A_POINT = 25.4 / 72  # millimetres


def row_of(client, dossier, item_id: str):
    rows = client.get(dossier.screen("contents")).context["catalogue"].rows
    return next((row for row in rows if row.item_id == item_id), None)


def printed(client, dossier) -> pymupdf.Document:
    answer = client.get(dossier.screen("contents-pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    return pymupdf.open(stream=answer.content, filetype="pdf")


def words_of(document: pymupdf.Document) -> str:
    return "".join("".join(page.get_text().split()) for page in document)


def test_only_what_is_filed_has_a_row():
    dossier, client = a_class()
    make.make_filing(dossier, "score_sheet", pages=2)
    make.make_filing(dossier, "course_schedule", state="proposed")
    rows = client.get(dossier.screen("contents")).context["catalogue"].rows
    assert [row.item_id for row in rows] == ["score_sheet"]


def test_the_contents_change_the_moment_the_ledger_does():
    dossier, client = a_class()
    make.make_filing(dossier, "score_sheet", pages=2)
    assert row_of(client, dossier, "score_sheet").page_no == "1-2"
    plan = make.make_filing(dossier, "lesson_plan", pages=5)
    assert row_of(client, dossier, "score_sheet").page_no == "6-7"
    client.post(dossier.screen("unfile", plan.uuid))
    assert row_of(client, dossier, "score_sheet").page_no == "1-2"
    assert "第 1 版" in client.get(dossier.screen("contents")).content.decode()


def test_thirty_id_copies_are_one_row_with_everybodys_pages_inside():
    dossier, client = a_class(30)
    for enrolment in reversed(dossier.enrolments.all()):
        make.make_filing(dossier, "identity_document_copy", enrolment=enrolment, pages=2)
    row = row_of(client, dossier, "identity_document_copy")
    assert row.title == "身份证（社会保障卡）复印件（30人）"
    assert row.page_no == "1-60"
    assert len(row.inner) == 30
    assert [(one.page_from, one.page_to) for one in row.inner][:2] == [(1, 2), (3, 4)]
    assert [one.name for one in row.inner] == [one.name for one in dossier.enrolments.all()]


def test_a_recording_is_one_row_with_count_duration_and_hash():
    dossier, client = a_class()
    session = make.make_session(dossier)
    upload = make.make_upload(dossier, medium="recording", duration_seconds=9600.0)
    make.make_filing(
        dossier, "theory_video_and_site_photos", part="theory_lesson_video", session=session, upload=upload
    )
    make.make_filing(dossier, "theory_video_and_site_photos", part="training_site_photo", pages=3)
    row = row_of(client, dossier, "theory_video_and_site_photos")
    assert row.page_no == "—" and row.pages == 0
    assert "录像1节 2:40:00" in row.remark and "照片3张" in row.remark
    assert f"SHA-256 {row.digest[:12]}" in row.remark
    assert row.dated_on == "20261019"


def test_blank_sides_take_no_page_number():
    dossier, client = a_class()
    filing = make.make_filing(dossier, "lesson_plan", pages=3)
    last = filing.places.last().sheet
    last.is_blank = True
    last.save()
    assert row_of(client, dossier, "lesson_plan").pages == 2


def test_dates_document_numbers_and_bodies_come_from_the_filing():
    enterprise = make.make_institution("云杉里餐饮", kind="enterprise")
    dossier, client = a_class(opener=enterprise, trainer=make.make_institution("北原职业培训学校"))
    make.make_filing(
        dossier, "cooperation_agreement", dated_on=date(2026, 9, 21), document_no="云培协〔2026〕3号"
    )
    row = row_of(client, dossier, "cooperation_agreement")
    assert (row.dated_on, row.document_no) == ("20260921", "云培协〔2026〕3号")
    assert row.responsible_party == "云杉里餐饮、北原职业培训学校"


def test_what_is_missing_is_said_in_the_remark():
    dossier, client = a_class(3)
    make.make_filing(dossier, "identity_document_copy", enrolment=dossier.enrolments.first())
    assert row_of(client, dossier, "identity_document_copy").remark == "复印件；缺2人"


def test_the_print_is_one_a4_sheet_with_embedded_fonts_and_a_qr_code():
    dossier, client = a_class(2)
    make.file_everything(dossier)
    document = printed(client, dossier)
    assert document.page_count == 1
    page = document[0]
    assert [round(side * A_POINT) for side in (page.rect.width, page.rect.height)] == [210, 297]
    fonts = page.get_fonts()
    assert fonts and all(document.extract_font(font[0])[3] for font in fonts), "every font lies in the file"
    assert any("Noto-Serif-CJK" in font[3] for font in fonts)
    assert len(page.get_images()) == 1


def test_the_print_names_nobody():
    dossier, client = a_class(3)
    make.file_everything(dossier)
    text = words_of(printed(client, dossier))
    assert "学员3人" in text and "卷内文件目录" in text
    for enrolment in dossier.enrolments.all():
        assert enrolment.name not in text
    assert "农村转移" not in text


def test_the_print_tells_version_class_and_page_of_pages():
    dossier, client = a_class(class_no="2026-014")
    make.file_everything(dossier)
    client.post(dossier.screen("move-stage"), {"stage": "review"})
    text = words_of(printed(client, dossier))
    assert "目录第1版" in text and dossier.class_no in text and "第1页，共1页" in text
    assert "ZY·PX·2026·D10-014" in text


def test_the_print_is_chinese_whatever_language_the_screen_is_in():
    dossier, client = a_class(class_no="2026-014")
    make.make_filing(dossier, "score_sheet")
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get(dossier.screen("contents")).content.decode()
    text = words_of(printed(client, dossier))
    assert "五级" in text and "第1页，共1页" in text


def horizontal_rules(page: pymupdf.Page) -> list[float]:
    """Heights in millimetres of the table's horizontal lines, top to bottom."""
    found = set()
    for drawing in page.get_drawings():
        rect = drawing["rect"]
        if rect.width > 20 / A_POINT / 3 and rect.height < 2:
            found.add(round((rect.y0 + rect.y1) / 2 * A_POINT, 1))
    return sorted(found)


def test_rows_never_grow_however_long_their_words():
    dossier, client = a_class(1)
    make.file_everything(dossier)
    long = "关于本次培训的补充说明以及若干附件的详细目录" * 3
    make.make_filing(dossier, "score_sheet", document_no=long[:60], responsible_party=long[:60])
    [page] = printed(client, dossier)
    rules = horizontal_rules(page)
    steps = {
        round(lower - upper) for upper, lower in zip(rules, rules[1:], strict=False) if lower - upper > 2
    }
    assert steps == {15, 20}
    assert round(rules[-1] - rules[0]) == 20 + 15 * 15


def test_sixteen_rows_take_a_second_sheet():
    dossier, client = a_class(
        1, ledger="key_group_17", training_type="entrepreneurship", startup_category="online"
    )
    make.file_everything(dossier)
    document = printed(client, dossier)
    rows = client.get(dossier.screen("contents")).context["catalogue"].rows
    assert len(rows) > 15
    assert document.page_count == 2
    assert "第2页，共2页" in "".join(document[1].get_text().split())


@pytest.mark.parametrize("text", ["", "北原职业培训学校", "JNPX120226000211—000238", "长" * 200])
@pytest.mark.parametrize("column", [c for c in ruleset("suihua_2019").archive.columns if c.id != "seq"])
def test_every_cell_has_a_size_at_which_it_fits(text: str, column: Column):
    cell = fitted(text, column)
    assert cell.size in {"s" + str(size).replace(".", "") for size in SIZES_PT}
    assert cell.text == text or cell.text.endswith("…")


def test_a_stranger_may_not_print():
    dossier, _ = a_class()
    assert client_of(make.make_account("clerk")).get(dossier.screen("contents-pdf")).status_code == 404


def test_the_archivist_prints_what_was_handed_in():
    dossier, _ = a_class(state="complete")
    make.make_filing(dossier, "score_sheet", pages=2)
    make.make_filing(dossier, "lesson_plan", handed_in_at=None)
    archivist = client_of(make.make_account("archivist"))
    rows = archivist.get(dossier.screen("contents")).context["catalogue"].rows
    assert [row.item_id for row in rows] == ["score_sheet"]
    assert "培训人员成绩单" in words_of(printed(archivist, dossier))
