"""学员与课程: the roster and the timetable, typed and imported."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from cms.spreadsheets import read_roster, read_sessions
from dossiers.models import AccessEntry, DossierPage
from dossiers.numbering import make_id_number
from dossiers.rulesets import ruleset
from tests import factories

RULES = ruleset("suihua_2019")
HEADER = ["序号", "姓名", "身份证号", "人员类别", "备注"]
GOOD = make_id_number(date(1990, 3, 7), 421)
OTHER = make_id_number(date(1985, 12, 1), 12)


def table(rows: list[list], *, header: list[str] = HEADER) -> SimpleUploadedFile:
    book = Workbook()
    for row in [["职业技能培训人员名册"], header, *rows]:
        book.active.append(row)
    held = BytesIO()
    book.save(held)
    return SimpleUploadedFile("名册.xlsx", held.getvalue())


def codes(row) -> list[str]:
    return [problem.code for problem in row.problems]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([1, "王海燕", GOOD, "退役军人", ""], []),
        ([1, "", GOOD, "", ""], ["name_missing"]),
        ([1, "王海燕", "", "", ""], ["id_number_missing"]),
        ([1, "王海燕", float(GOOD[:17] + "0"), "", ""], ["id_number_numeric"]),
        ([1, "王海燕", GOOD[:-1] + ("1" if GOOD[-1] != "1" else "2"), "", ""], ["id_number_bad"]),
        ([1, "王海燕", GOOD[:10], "", ""], ["id_number_bad"]),
        ([1, "王海燕", GOOD, "外星人", ""], ["category_unknown"]),
    ],
)
def test_each_fault_of_a_roster_row_is_named(row, expected):
    assert codes(read_roster([HEADER, row], RULES).rows[0]) == expected


def test_a_number_that_stands_twice_names_the_earlier_row():
    read = read_roster([HEADER, [1, "王海燕", GOOD], [2, "赵立新", GOOD]], RULES)
    assert codes(read.rows[1]) == ["id_number_twice"]
    assert read.rows[1].problems[0].params == {"line": 2}


def test_the_preview_shows_no_whole_number():
    read = read_roster([HEADER, [1, "王海燕", GOOD]], RULES)
    assert GOOD not in repr(read)


def test_a_table_without_header_says_which_columns_it_needs():
    assert "姓名" in str(read_roster([["a", "b"], ["c", "d"]], RULES).problem)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["2026-10-19", "08:30", 4, "理论", "食品安全", "高远"], []),
        (["2026年10月19日", "8:30-12:00", 4.0, "理论", "食品安全", "高远"], []),
        (["10-19", "08:30", 4, "理论", "食品安全", "高远"], ["date_unread"]),
        (["2026-10-19", "上午", 4, "理论", "食品安全", "高远"], ["time_unread"]),
        (["2026-10-19", "08:30", 9, "理论", "食品安全", "高远"], ["lessons_unread"]),
        (["2026-10-19", "08:30", 4, "", "食品安全", "高远"], ["kind_unknown"]),
        (["2026-10-19", "08:30", 4, "理论", "", ""], ["topic_missing", "lecturer_missing"]),
    ],
)
def test_each_fault_of_a_timetable_row_is_named(row, expected):
    header = ["日期", "开始时间", "课时", "类别", "内容", "教师"]
    assert codes(read_sessions([header, row]).rows[0]) == expected


@pytest.fixture
def dossier(db):
    return factories.make_dossier()


@pytest.fixture
def clerk(client, dossier):
    account = factories.make_account("clerk", institution=dossier.custodian)
    client.force_login(account)
    return account


def test_a_roster_is_previewed_and_then_taken_in_whole(client, dossier, clerk):
    answer = client.post(
        dossier.screen("import-roster"),
        {"table": table([[1, "王海燕", GOOD, "退役军人"], [2, "赵立新", OTHER, ""]])},
    )
    page = answer.content.decode()
    assert answer.status_code == 200 and GOOD not in page
    assert dossier.enrolments.count() == 0
    client.post(dossier.screen("import-roster"), {"sealed": answer.context["sealed"]})
    assert list(dossier.enrolments.values_list("seq", "name")) == [(1, "王海燕"), (2, "赵立新")]
    assert dossier.enrolments.first().person.id_number.reveal() == GOOD


def test_one_bad_row_keeps_the_whole_roster_out(client, dossier, clerk):
    answer = client.post(
        dossier.screen("import-roster"), {"table": table([[1, "王海燕", GOOD], [2, "", OTHER]])}
    )
    assert answer.status_code == 422
    assert answer.context["sealed"] == ""
    assert "缺姓名" in answer.content.decode()


def test_a_sealed_preview_cannot_be_altered(client, dossier, clerk):
    answer = client.post(dossier.screen("import-roster"), {"table": table([[1, "王海燕", GOOD]])})
    altered = answer.context["sealed"][:-4] + "AAAA"
    answer = client.post(dossier.screen("import-roster"), {"sealed": altered})
    assert answer.status_code == 422
    assert dossier.enrolments.count() == 0


def test_what_is_no_spreadsheet_is_refused_with_what_to_do(client, dossier, clerk):
    answer = client.post(
        dossier.screen("import-roster"), {"table": SimpleUploadedFile("名册.xlsx", b"<html>no</html>")}
    )
    assert answer.status_code == 422
    assert ".xlsx" in answer.content.decode()


def test_a_trainee_typed_with_a_wrong_number_stays_off_the_roster(client, dossier, clerk):
    answer = client.post(dossier.screen("add-trainee"), {"name": "王海燕", "id_number": GOOD[:-2] + "00"})
    assert answer.status_code == 422
    assert dossier.enrolments.count() == 0
    client.post(dossier.screen("add-trainee"), {"name": "王海燕", "id_number": GOOD})
    assert dossier.enrolments.get().name == "王海燕"


def test_the_roster_shows_numbers_masked_and_a_reveal_is_logged_with_its_reason(client, dossier, clerk):
    client.post(dossier.screen("add-trainee"), {"name": "王海燕", "id_number": GOOD})
    enrolment = dossier.enrolments.get()
    assert GOOD not in client.get(dossier.screen("roster")).content.decode()
    page = dossier.screen("trainee", enrolment.uuid)
    assert GOOD not in client.get(page).content.decode()
    client.post(dossier.screen("reveal-number", enrolment.uuid), {"reason": " "})
    assert not AccessEntry.objects.exists()
    answer = client.post(dossier.screen("reveal-number", enrolment.uuid), {"reason": "核对名册"})
    assert GOOD in answer.content.decode()
    assert AccessEntry.objects.get().reason == "核对名册"


def test_whole_numbers_count_among_a_reviewers_daily_looks(client, dossier, settings):
    settings.REVEALS_A_DAY = 1
    first, second = factories.make_enrolments(dossier, 2)
    dossier.progress.first_handed_in_at = dossier.progress.handed_in_at = timezone.now()
    dossier.progress.save()
    client.force_login(
        factories.make_account("reviewer"), backend="django.contrib.auth.backends.ModelBackend"
    )
    number = second.person.id_number.reveal()
    asked = {"reason": f"核对 {number}"}

    assert first.person.id_number.reveal() in (
        client.post(dossier.screen("reveal-number", first.uuid), asked).content.decode()
    )
    refused = client.post(dossier.screen("reveal-number", second.uuid), asked, follow=True).content.decode()

    assert number not in refused
    assert "已达 1 次上限" in refused
    assert number not in AccessEntry.objects.get().reason


def test_a_cell_that_does_not_fit_is_told_in_the_preview():
    cells = [["姓名", "身份证号", "备注"], ["王海燕", GOOD, "长" * 201]]
    (row,) = read_roster(cells, ruleset("suihua_2019")).rows
    assert row.made is None
    assert [one.code for one in row.problems] == ["cell_too_long"]


def test_a_preview_of_sessions_is_no_preview_of_a_roster(client, dossier, clerk):
    header = ["日期", "开始时间", "课时", "类别", "内容", "教师", "地点"]
    sheet = table([["2026-10-19", "08:30", 4, "理论", "食品安全", "高远", "201"]], header=header)
    preview = client.post(dossier.screen("import-sessions"), {"table": sheet}).context["sealed"]
    answer = client.post(dossier.screen("import-roster"), {"sealed": preview})
    assert answer.status_code == 422
    assert "预览已失效" in answer.content.decode()


def test_what_is_asked_of_nobody_is_not_called_early_on_the_roster(client, dossier, clerk):
    of_this_class = factories.make_dossier(dossier.opener, ledger="key_group_17", trainees=1)
    [row] = client.get(of_this_class.screen("roster")).context["rows"]
    states = {cell.item.id: cell.state for cell in row.cells}
    assert states["entrepreneurship_training_material"] == "not_applicable"
    assert states["certificate_copy"] == "not_due"


def test_the_roster_costs_as_many_queries_for_thirty_as_for_three(
    client, dossier, clerk, django_assert_max_num_queries
):
    factories.make_enrolments(dossier, 30)
    factories.file_everything(dossier)
    with django_assert_max_num_queries(25):
        assert client.get(dossier.screen("roster")).status_code == 200


def test_sessions_are_imported_and_dropped(client, dossier, clerk):
    header = ["日期", "开始时间", "课时", "类别", "内容", "教师", "地点"]
    sheet = table([["2026-10-19", "08:30", 4, "理论", "食品安全", "高远", "201"]], header=header)
    answer = client.post(dossier.screen("import-sessions"), {"table": sheet})
    assert answer.status_code == 200, answer.content.decode()
    client.post(dossier.screen("import-sessions"), {"sealed": answer.context["sealed"]})
    session = dossier.sessions.get()
    assert "食品安全" in client.get(dossier.screen("sessions")).content.decode()
    client.post(dossier.screen("drop-session", session.uuid))
    assert dossier.sessions.count() == 0


def test_an_archivist_sees_the_roster_and_changes_nothing(client, dossier):
    client.force_login(factories.make_account("institution_archivist", institution=dossier.custodian))
    assert client.get(dossier.screen("roster")).status_code == 200
    assert (
        client.post(dossier.screen("add-trainee"), {"name": "王海燕", "id_number": GOOD}).status_code == 404
    )
    assert DossierPage.objects.get().enrolments.count() == 0
