"""Exports of check-in devices: columns known or guessed, moments in many shapes, whose each row is, whole in and out."""

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from cms.check_in_columns import columns_of, guessed
from cms.check_in_moments import moment_of
from cms.check_ins import Course, Known, read_export
from dossiers.models import CheckIn, CheckInImport, ColumnMapping
from dossiers.numbering import normalised
from tests import factories
from tests.cms.class_in_lessons import FIRST_DAY, make_timetable

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = (FIRST_DAY, date(2026, 10, 20), date(2026, 11, 9))
NUMBER = factories.make_id_number()
OTHER_NUMBER = factories.make_id_number(sequence=422)
AT = datetime(2026, 10, 19, 8, 21, 3, tzinfo=ZONE)


def known(key: int, name: str, *, number: str = "") -> Known:
    return Known(key, key, name, f"index of {number}" if number else f"nobody {key}")


def course(*people: Known, taken=()) -> Course:
    given = people or (
        known(1, "王海燕", number=NUMBER),
        known(2, "李国栋"),
        known(3, "张伟"),
        known(4, "张伟"),
    )
    return Course(given, DAYS, ZONE, lambda number: f"index of {normalised(number)}", taken)


def read(*rows, answers=None, **given):
    held = course(**given)
    columns = guessed(rows, [one.name for one in held.people], held.days, held.zone)
    return read_export(rows, columns, held, answers)


HEAD = ["姓名", "打卡时间"]


@pytest.mark.parametrize(
    "cells",
    [
        ["2026-10-19 08:21:03"],
        ["2026/10/19 8:21:03"],
        ["2026.10.19 08:21:03"],
        ["2026年10月19日 8时21分03秒"],
        ["2026年10月19日 星期一 08:21:03"],
        ["20261019 082103"],
        ["20261019082103"],
        ["19/10/2026 08:21:03"],
        ["10/19/2026 8:21:03 AM"],
        ["10-19 08:21:03"],
        ["10月19日 上午8:21:03"],
        ["2026-10-19T08:21:03+08:00"],
        ["2026-10-19T00:21:03Z"],
        [{"iso": "2026-10-19T08:21:03"}],
        [{"iso": "2026-10-19"}, {"iso": "08:21:03"}],
        ["2026-10-19", "08:21:03"],
        ["2026-10-19", "上午 08:21:03"],
        [46314.34795138889],
        [46314.0, 0.34795138889],
        ["２０２６－１０－１９　０８：２１：０３"],
    ],
)
def test_a_moment_is_read_in_the_shapes_that_devices_write(cells) -> None:
    assert moment_of(cells, DAYS, ZONE).at == AT


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2026-10-19", "下午1:05"], (13, 5)),
        (["2026-10-19", "12:10 AM"], (0, 10)),
        (["2026-10-19", "晚上 7:30"], (19, 30)),
    ],
)
def test_halves_of_the_day_are_understood(cells, expected) -> None:
    at = moment_of(cells, DAYS, ZONE).at
    assert at is not None
    assert (at.hour, at.minute) == expected


def test_a_day_that_could_be_two_is_settled_by_the_days_of_the_class_or_told() -> None:
    at = moment_of(["9/11/2026 08:21"], DAYS, ZONE).at
    assert at is not None
    assert at.date() == date(2026, 11, 9)
    assert moment_of(["5/6/2026 08:21"], DAYS, ZONE).problem == "date_two_ways"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [(["昨天 08:21"], "date_unread"), (["2026-10-19"], "time_unread"), (["2026-13-40 08:21"], "date_unread")],
)
def test_what_cannot_be_read_says_what(cells, problem) -> None:
    assert moment_of(cells, DAYS, ZONE).problem == problem


@pytest.mark.parametrize("written", ["昨天 08:21", "5/6/2026 08:21"])
def test_an_unread_date_is_told_the_shape_with_a_day_of_the_class_itself(written) -> None:
    (row,) = read(["姓名", "打卡时间"], ["李国栋", written]).rows
    assert f"“年-月-日”写，如 {min(DAYS).isoformat()}" in str(row.why)


def test_columns_are_known_by_their_heads_and_else_by_what_stands_in_them() -> None:
    headed = [
        ["序号", "姓 名", "刷卡时间", "设备名称", "验证方式"],
        ["1", "王海燕", "2026-10-19 08:21", "A", "人脸"],
    ]
    assert guessed(headed, ["王海燕"], DAYS, ZONE) == {
        "name": (1,),
        "number": (0,),
        "at": (2,),
        "device": (3,),
        "method": (4,),
    }
    bare = [["A7", "王海燕", NUMBER, "2026-10-19", "08:21"]]
    assert guessed(bare, ["王海燕"], DAYS, ZONE) == {
        "id_number": (2,),
        "name": (1,),
        "date": (3,),
        "time": (4,),
    }
    lone = [["姓名", "时间"], ["王海燕", "2026-10-19 08:21:03"]]
    assert guessed(lone, ["王海燕"], DAYS, ZONE) == {"name": (0,), "at": (1,)}


def test_a_row_is_hers_by_number_by_name_and_by_name_with_number() -> None:
    told = read(
        ["身份证号", "姓名", "序号", "打卡时间"],
        [NUMBER, "", "", "2026-10-19 08:20"],
        ["", "李 国栋", "", "2026-10-19 08:21"],
        ["", "张伟", "4", "2026-10-19 08:22"],
    )
    assert [(row.state, row.trainee) for row in told.rows] == [("taken", 1), ("taken", 2), ("taken", 4)]


def test_a_name_that_two_bear_is_asked_and_answered() -> None:
    rows = (HEAD, ["张伟", "2026-10-19 08:20"], ["张伟", "2026-10-20 08:20"])
    asked = read(*rows)
    assert [row.state for row in asked.rows] == ["ask", "ask"]
    (question,) = asked.questions
    assert (question.name, question.rows, [one.key for one in question.candidates]) == ("张伟", 2, [3, 4])
    assert not asked.can_be_taken
    answered = read(*rows, answers={question.key: "4"})
    assert [row.trainee for row in answered.rows] == [4, 4]
    left = read(*rows, answers={question.key: "none"})
    assert [row.state for row in left.rows] == ["stranger", "stranger"]


def test_two_people_of_a_trainees_name_are_asked_and_neither_is_guessed() -> None:
    head = ["工号", "姓名", "打卡时间"]
    rows = [
        [number, name, f"2026-10-19 08:{minute}5"]
        for minute, (number, name) in enumerate(
            (
                ("0017", "李国栋"),
                ("0052", "李国栋"),
                ("0017", "李国栋"),
                ("0003", "王海燕"),
                ("0003", "王海燕"),
            )
        )
    ]
    found = read(head, *rows)
    assert [row.state for row in found.rows] == ["ask", "ask", "ask", "taken", "taken"]
    assert [one.rows for one in found.questions] == [2, 1]
    settled = read(head, *rows, answers={"q1": "2", "q2": "none"})
    assert [row.trainee for row in settled.of("taken")] == [2, 2, 1, 1]
    assert settled.strangers == (("李国栋", 1),)


def test_lines_that_are_counted_are_not_people() -> None:
    rows = [[str(number), "李国栋", f"2026-10-19 08:{number}5"] for number in range(1, 4)]
    assert {row.state for row in read(["序号", "姓名", "打卡时间"], *rows).rows} == {"taken"}


def test_another_persons_number_beside_a_trainees_name_is_no_trainee() -> None:
    told = read(["身份证号", "姓名", "打卡时间"], [OTHER_NUMBER, "王海燕", "2026-10-19 08:20"])
    (row,) = told.rows
    assert row.state == "stranger"
    assert row.why is not None
    assert row.why.code == "other_number"
    assert OTHER_NUMBER not in repr(told)


def test_doubles_within_a_minute_and_records_of_earlier_files_are_left() -> None:
    told = read(
        HEAD,
        ["王海燕", "2026-10-19 08:20:00"],
        ["王海燕", "2026-10-19 08:21:00"],
        ["王海燕", "2026-10-19 08:21:01"],
        ["李国栋", "2026-10-19 08:20:30"],
        taken=[(2, datetime(2026, 10, 19, 8, 20, 1, tzinfo=ZONE), False)],
    )
    assert [row.state for row in told.rows] == ["taken", "double", "taken", "double"]


def test_times_of_coming_and_going_stand_in_columns_or_in_a_word() -> None:
    columns = read(
        ["姓名", "日期", "上班1", "下班1", "上班2", "下班2"],
        ["王海燕", "2026-10-19", "08:20", "11:41", "", "16:50"],
    )
    assert [(f"{row.at:%H:%M}", row.left) for row in columns.rows] == [
        ("08:20", False),
        ("11:41", True),
        ("16:50", True),
    ]
    worded = read(
        ["姓名", "打卡时间", "类型"],
        ["王海燕", "2026-10-19 08:20", "上班签到"],
        ["王海燕", "2026-10-19 11:41", "签退"],
    )
    assert [row.left for row in worded.rows] == [False, True]


def test_what_is_wrong_with_a_row_is_told_and_the_others_stay() -> None:
    told = read(
        HEAD,
        ["王海燕", "2026-10-19 08:20"],
        ["李国栋", "上午"],
        ["赵六", "2026-10-19 08:20"],
        ["李国栋", "2026-12-01 08:20"],
    )
    assert [(row.line, row.state) for row in told.rows] == [
        (2, "taken"),
        (3, "bad"),
        (4, "stranger"),
        (5, "outside"),
    ]
    assert told.strangers == (("赵六", 1),)


def test_without_a_column_for_whom_or_when_nothing_is_read() -> None:
    rows = [["甲", "乙"], ["1", "2"]]
    assert read_export(rows, columns_of({0: "name"}), course()).problem.code == "no_time_column"
    assert read_export(rows, columns_of({0: "at"}), course()).problem.code == "no_who_column"


# On the screen ---------------------------------------------------------------------------------------------
@pytest.fixture
def dossier(db):
    made = factories.make_dossier(trainees=3)
    make_timetable(made)
    return made


@pytest.fixture
def page(client, dossier):
    client.force_login(factories.make_account("clerk", institution=dossier.custodian))
    return client


def table(dossier, *further) -> list[list[str]]:
    first, second, _third = dossier.enrolments.all()
    return [
        ["姓名", "打卡时间", "设备", "方式"],
        [first.name, "2026-10-19 08:21:03", "02", "人脸"],
        [second.name, "2026-10-19 08:22:03", "02", "指纹"],
        *further,
    ]


def as_csv(rows, encoding: str) -> SimpleUploadedFile:
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return SimpleUploadedFile("考勤机.csv", held.getvalue().encode(encoding), content_type="text/csv")


def as_xlsx(rows) -> SimpleUploadedFile:
    book, held = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(held)
    return SimpleUploadedFile("考勤机.xlsx", held.getvalue())


def field(text: str, name: str) -> str:
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def take(page, dossier, preview: str, **more):
    given = {"sealed": field(preview, "sealed"), "digest": field(preview, "digest"), "do": "take"}
    columns = {"column-0": "name", "column-1": "at", "column-2": "device", "column-3": "method"}
    return page.post(dossier.screen("check-ins"), given | columns | more)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_text_table_is_previewed_then_taken_in_whole(page, dossier, encoding):
    preview = page.post(dossier.screen("check-ins"), {"export": as_csv(table(dossier), encoding)}).text
    assert "收进 2 条打卡" in preview
    assert not CheckIn.objects.exists()
    assert take(page, dossier, preview).status_code == 302
    assert [(one.device, one.method) for one in CheckIn.objects.all()] == [
        ("02", "face"),
        ("02", "fingerprint"),
    ]


def test_a_workbook_is_kept_as_it_came_and_its_columns_are_known_the_next_time(page, dossier):
    sent = as_xlsx(table(dossier))
    content = sent.read()
    sent.seek(0)
    preview = page.post(dossier.screen("check-ins"), {"export": sent}).text
    take(page, dossier, preview, **{"column-2": ""})
    taken = CheckInImport.objects.get()
    assert CheckIn.objects.first().device == ""
    address = dossier.screen("check-in-file", taken.uuid)
    assert b"".join(page.get(address).streaming_content) == content
    assert dossier.reveals.filter(subject=taken.uuid).count() == 1
    again = page.post(dossier.screen("check-ins"), {"export": as_csv(table(dossier), "utf-8")}).text
    assert "沿用上次所选" in again
    assert ColumnMapping.objects.get().columns == {"name": [0], "at": [1], "method": [3]}


def test_the_same_file_again_is_told_and_after_taking_out_may_come_again(page, dossier):
    rows = table(dossier)
    take(page, dossier, page.post(dossier.screen("check-ins"), {"export": as_csv(rows, "utf-8")}).text)
    again = page.post(dossier.screen("check-ins"), {"export": as_csv(rows, "utf-8")}).text
    assert "不能再收一次" in again
    assert 'value="take"' not in again
    page.post(dossier.screen("undo-check-ins", CheckInImport.objects.get().uuid))
    free = page.post(dossier.screen("check-ins"), {"export": as_csv(rows, "utf-8")}).text
    assert "收进 2 条打卡" in free


def test_unreadable_rows_are_left_only_when_a_person_says_so(page, dossier):
    rows = table(dossier, [dossier.enrolments.last().name, "八点", "02", ""])
    preview = page.post(dossier.screen("check-ins"), {"export": as_csv(rows, "utf-8")}).text
    assert "时间读不出" in preview or "日期读不出" in preview
    refused = take(page, dossier, preview)
    assert refused.status_code == 422
    assert not CheckIn.objects.exists()
    take(page, dossier, preview, leave_bad="1")
    taken = CheckInImport.objects.get()
    assert (taken.rows_taken, taken.rows_left) == (2, 1)


def test_a_preview_that_no_longer_holds_is_shown_anew(page, dossier):
    preview = page.post(dossier.screen("check-ins"), {"export": as_csv(table(dossier), "utf-8")}).text
    factory_name = dossier.enrolments.first()
    type(factory_name).objects.filter(pk=factory_name.pk).update(name="改了名")
    answer = take(page, dossier, preview)
    assert answer.status_code == 409
    assert not CheckIn.objects.exists()


def test_no_id_number_stands_in_the_preview_nor_in_its_hidden_field(page, dossier):
    number = dossier.enrolments.first().person.id_number.reveal()
    rows = [["身份证号", "姓名", "打卡时间"], [number, "", "2026-10-19 08:21"]]
    preview = page.post(dossier.screen("check-ins"), {"export": as_csv(rows, "utf-8")}).text
    assert "收进 1 条打卡" in preview
    assert number not in preview


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"\xd0\xcf\x11\xe0 none either"])
def test_what_is_no_table_is_refused_with_what_to_do(page, dossier, content):
    answer = page.post(dossier.screen("check-ins"), {"export": SimpleUploadedFile("打卡.xlsx", content)})
    assert answer.status_code == 422
    assert "另存为" in answer.text


def test_a_sealed_file_that_was_tampered_with_is_refused(page, dossier):
    answer = page.post(dossier.screen("check-ins"), {"sealed": "nothing of ours", "do": "take"})
    assert answer.status_code == 422
    assert "预览已失效" in answer.text


@pytest.mark.django_db
def test_the_bureau_takes_no_export_in(client):
    dossier = factories.make_dossier(trainees=1, state="returned")
    client.force_login(factories.make_account("reviewer"))
    assert client.post(dossier.screen("check-ins"), {"sealed": ""}).status_code == 404
