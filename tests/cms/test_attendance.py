"""The attendance grid: cells from all sources, totals against the threshold, words of people, the same figures on paper."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from cms.rows.attendance import Grid
from cms.rows.attendance_cell import OpenedCell, Place
from cms.rows.attendance_watched import attendance_of
from dossiers.actions.attendance import settle, undo_sign_ins, unsettle, write_sign_ins
from dossiers.case_facts import case_of
from dossiers.models import AttendanceWord, Progress
from dossiers.reconciliation import CellState
from dossiers.rules.evaluation import evaluate
from dossiers.rules.findings import Outcome
from dossiers.rulesets import ruleset
from dossiers.standing import Standing
from tests import factories
from tests.cms.class_in_lessons import (
    consent,
    everybody_comes,
    make_check_ins,
    make_sign_in,
    make_timetable,
    make_watched,
    make_word,
    moment,
)

pytestmark = pytest.mark.django_db
C, X, U, A = CellState.CONFIRMED, CellState.CONTRADICTED, CellState.UNVERIFIABLE, CellState.ABSENT


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=3)


@pytest.fixture
def clerk(dossier):
    return factories.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def page(client, clerk):
    client.force_login(clerk)
    return client


def states(dossier, viewer, who, session) -> list[CellState]:
    cells = attendance_of(dossier, viewer).cells[who.pk]
    return [cells[session.pk, number].state for number in range(1, session.lessons + 1)]


def opened(dossier, viewer, who, session, lesson=1) -> OpenedCell:
    return OpenedCell(attendance_of(dossier, viewer), Place(who.pk, session.pk, lesson))


def test_a_recorded_lesson_is_confirmed_where_device_and_picture_agree(dossier, clerk):
    morning = make_timetable(dossier)[0]
    first, second, third = dossier.enrolments.all()
    everybody_comes(dossier)
    consent(first, second)
    make_watched(morning, {first: [(0, 3 * 3600)], second: [(0, 2100)]})
    assert states(dossier, clerk, first, morning) == [C, C, C, C]
    assert states(dossier, clerk, second, morning) == [C, X, X, X]
    assert states(dossier, clerk, third, morning) == [U, U, U, U]


def test_without_consent_the_cosigned_sheet_is_complete_and_the_recording_says_nothing(dossier, clerk):
    morning = make_timetable(dossier)[0]
    first, second, third = dossier.enrolments.all()
    everybody_comes(dossier)
    consent(first)
    make_watched(morning, {first: [(0, 3 * 3600)]})
    make_sign_in(second, morning)
    make_sign_in(third, morning, cosigned=False)
    assert states(dossier, clerk, second, morning) == [C, C, C, C]
    assert states(dossier, clerk, third, morning) == [U, U, U, U]


def test_an_afternoon_without_any_check_in_makes_nobody_absent(dossier, clerk):
    sessions = make_timetable(dossier, days=1)
    first = dossier.enrolments.first()
    make_check_ins(dossier, [(first, moment(sessions[0].held_on, 8, 20), False)])
    assert states(dossier, clerk, first, sessions[1]) == [U, U, U, U]


def test_who_did_not_check_in_after_lunch_is_absent_where_others_did(dossier, clerk):
    sessions = make_timetable(dossier, days=1)
    first, second, _third = dossier.enrolments.all()
    make_check_ins(
        dossier,
        [
            (first, moment(sessions[0].held_on, 8, 50), False),
            (second, moment(sessions[0].held_on, 8, 20), False),
            (second, moment(sessions[0].held_on, 13, 21), False),
        ],
    )
    assert states(dossier, clerk, first, sessions[1]) == [A, A, A, A]
    assert states(dossier, clerk, second, sessions[1]) == [C, C, C, C]


def test_a_recording_whose_clock_is_only_guessed_speaks_of_nobody(dossier, clerk):
    morning = make_timetable(dossier)[0]
    first = dossier.enrolments.first()
    everybody_comes(dossier)
    consent(first)
    upload = make_watched(morning, {first: []})
    assert states(dossier, clerk, first, morning) == [X, X, X, X]
    upload.clocks.update(within_seconds=3600)
    assert states(dossier, clerk, first, morning) == [C, C, C, C]


def test_who_consented_and_has_no_portrait_is_never_absent_by_the_recording(dossier, clerk):
    morning = make_timetable(dossier)[0]
    first, second, _third = dossier.enrolments.all()
    consent(first, second)
    make_watched(morning, {first: [(0, 3 * 3600)]})
    assert states(dossier, clerk, second, morning) == [U, U, U, U]
    told = [line.text for line in opened(dossier, clerk, second, morning).lines]
    assert "没有此人的参照照片，录像没有认过" in told


def test_totals_stand_apart_and_the_share_is_cut(dossier, clerk):
    sessions = make_timetable(dossier)
    first, second, third = dossier.enrolments.all()
    everybody_comes(dossier, but=((2, sessions[0]), (2, sessions[1]), (3, sessions[0])))
    consent(first, second, third)
    make_watched(sessions[2], {first: [(0, 3 * 3600)], second: [(0, 3 * 3600)], third: []})
    rows = {row.enrolment.pk: row for row in Grid(attendance_of(dossier, clerk)).rows}
    assert (rows[first.pk].total, rows[first.pk].rate, rows[first.pk].conclusion) == ("16", "100.0", "达标")
    assert (rows[second.pk].total, rows[second.pk].rate, rows[second.pk].conclusion) == (
        "8",
        "50.0",
        "差 4 课时",
    )
    assert (rows[third.pk].total, rows[third.pk].conclusion) == ("8+4", "待定 8–12")
    assert rows[third.pk].bar.line == 56


def test_a_persons_word_settles_and_its_undoing_brings_the_evidence_back(page, dossier, clerk):
    morning = make_timetable(dossier)[0]
    first = dossier.enrolments.first()
    everybody_comes(dossier)
    consent(first)
    make_watched(morning, {first: []})
    said = {
        "c": f"{first.pk}.{morning.pk}.2",
        "says": "present",
        "reason": "背对镜头，坐第二排",
        "whole": "1",
    }
    answer = page.post(dossier.screen("settle-attendance"), said)
    assert answer.status_code == 302
    assert states(dossier, clerk, first, morning) == [C, C, C, C]
    page.post(dossier.screen("undo-attendance"))
    assert states(dossier, clerk, first, morning) == [X, X, X, X]


def test_a_word_without_a_reason_stays_on_the_page_with_what_was_chosen(page, dossier):
    morning = make_timetable(dossier)[0]
    first = dossier.enrolments.first()
    said = {"c": f"{first.pk}.{morning.pk}.1", "says": "absent", "reason": ""}
    answer = page.post(dossier.screen("settle-attendance"), said)
    assert answer.status_code == 422
    assert "认定须写理由" in answer.text
    assert 'value="absent" required checked' in answer.text
    assert not AttendanceWord.objects.exists()


def test_both_sides_words_stand_in_the_cell_and_each_counts_its_own(client):
    dossier = factories.make_dossier(trainees=1, state="under_review")
    session, first = make_timetable(dossier)[0], dossier.enrolments.first()
    make_word(first, session, 1, "present")
    type(dossier.progress).objects.filter(pk=dossier.progress.pk).update(
        handed_in_at=timezone.now() + timedelta(seconds=1)
    )
    dossier.progress.refresh_from_db()
    make_word(first, session, 1, "absent", by_bureau=True)
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    reviewer = factories.make_account("reviewer")
    assert states(dossier, clerk, first, session)[0] == C
    assert states(dossier, reviewer, first, session)[0] == A
    client.force_login(reviewer)
    text = client.get(dossier.screen("attendance-cell"), {"c": f"{first.pk}.{session.pk}.1"}).text
    assert "机构认定" in text
    assert "人社认定" in text
    assert "两边都留存" in text


def test_the_bureau_hears_the_institutions_records_as_they_were_handed_in():
    dossier = factories.make_dossier(trainees=1, state="returned")
    session, first = make_timetable(dossier)[0], dossier.enrolments.first()
    make_word(first, session, 1, "present")
    everybody_comes(dossier)
    reviewer = factories.make_account("reviewer")
    assert states(dossier, reviewer, first, session) == [U, U, U, U]
    type(dossier.progress).objects.filter(pk=dossier.progress.pk).update(
        handed_in_at=timezone.now() + timedelta(seconds=1)
    )
    dossier.progress.refresh_from_db()
    assert states(dossier, reviewer, first, session) == [C, C, C, C]


def test_what_is_taken_back_after_the_hand_in_brings_no_earlier_word_back_for_the_bureau(clerk, dossier):
    session, first = make_timetable(dossier)[0], dossier.enrolments.first()
    write_sign_ins(dossier, session, {first.pk: True}, cosigned=True, by=clerk)
    write_sign_ins(dossier, session, {first.pk: False}, cosigned=True, by=clerk)
    settle(dossier, first, session, [1], "absent", "请假", by=clerk)
    words = settle(dossier, first, session, [1], "present", "补签", by=clerk)
    Progress.objects.filter(dossier=dossier).update(
        first_handed_in_at=timezone.now(), handed_in_at=timezone.now()
    )
    undo_sign_ins(session, by=clerk)
    unsettle(dossier, words, by=clerk)
    dossier.progress.refresh_from_db()
    heard = attendance_of(dossier, factories.make_account("reviewer"))
    assert [line.signed for line in heard.sign_ins] == [False]
    assert [word.says for word in heard.words] == ["present"]
    assert not heard.disputed


def test_an_opened_cell_names_every_source_with_its_figures(dossier, clerk):
    morning = make_timetable(dossier)[0]
    first, second, _third = dossier.enrolments.all()
    everybody_comes(dossier)
    consent(first, second)
    upload = make_watched(morning, {first: [(0, 3 * 3600)], second: []})
    cell = opened(dossier, clerk, second, morning, 3)
    told = {str(line.label): (line.text, str(line.said)) for line in cell.lines}
    assert told["课表"] == ("10:10–10:50 理论 食品安全", "高远")
    assert told["打卡"] == ("08:20:02 人脸 02 号机", "在场")
    assert told["录像"] == ("看得清 40 分，其中认作此人 0 分", "未见")
    assert told["人数"][1] == "差 1 人"
    assert cell.why == "打卡说在场，录像说不在"
    assert [frame.clock for frame in cell.frames] == ["10:15", "10:30", "10:45"]
    assert all(str(upload.uuid) in frame.url and "?t=" in frame.url for frame in cell.frames)


def test_forty_trainees_and_sixty_lessons_take_few_queries_and_a_small_page(
    page, clerk, django_assert_max_num_queries
):
    dossier = factories.make_dossier(clerk.institution, trainees=40)
    sessions = make_timetable(dossier, days=8)
    everybody_comes(dossier)
    people = list(dossier.enrolments.all())
    consent(*people)
    for session in sessions[:6:2]:
        make_watched(session, {who: [(at, at + 300.0) for at in range(0, 14_000, 700)] for who in people})
    address = dossier.screen("attendance")
    page.get(address)
    with django_assert_max_num_queries(32):
        answer = page.get(address)
    assert answer.text.count('href="?c=') == 40 * 64
    assert len(answer.content) < 500_000


def test_filters_leave_only_whom_they_name(page, dossier):
    sessions = make_timetable(dossier)
    first, second, third = dossier.enrolments.all()
    everybody_comes(dossier, but=((2, sessions[0]), (2, sessions[1])))
    consent(first, second, third)
    make_watched(sessions[2], {first: [(0, 3 * 3600)], second: [(0, 3 * 3600)], third: []})
    named = {
        which: [
            who.name
            for who in (first, second, third)
            if f">{who.name}</a>" in page.get(dossier.screen("attendance"), {"show": which}).text
        ]
        for which in ("all", "contradicted", "short")
    }
    assert named == {
        "all": [first.name, second.name, third.name],
        "contradicted": [third.name],
        "short": [second.name],
    }


def test_the_spreadsheet_and_the_print_carry_the_grids_figures(page, dossier, clerk):
    sessions = make_timetable(dossier)
    first, second, third = dossier.enrolments.all()
    everybody_comes(dossier, but=((2, sessions[0]),))
    type(first).objects.filter(pk=first.pk).update(name="=1+1")
    grid = Grid(attendance_of(dossier, clerk))
    book = load_workbook(BytesIO(page.get(dossier.screen("attendance-xlsx")).content))
    listed = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=4)]
    assert [(row[3], row[4], row[5], row[6], row[7]) for row in listed] == [
        (
            row.verdict.total.confirmed,
            row.verdict.total.undecided,
            row.verdict.total.absent,
            row.rate,
            row.conclusion,
        )
        for row in grid.rows
    ]
    assert book.worksheets[0]["B4"].data_type == "s"
    assert [cell.value for cell in book.worksheets[1][3]][2:6] == ["缺勤"] * 4
    pdf = page.get(dossier.screen("attendance-pdf"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_a_cell_of_another_class_is_not_there(page, dossier):
    make_timetable(dossier)
    other = factories.make_dossier(trainees=1)
    session = make_timetable(other)[0]
    strange = f"{other.enrolments.first().pk}.{session.pk}.1"
    for asked in (strange, "1.2", "a.b.c"):
        assert page.get(dossier.screen("attendance-cell"), {"c": asked}).status_code == 404
    said = {"c": strange, "says": "present", "reason": "看过"}
    assert page.post(dossier.screen("settle-attendance"), said).status_code == 404


def test_the_board_names_who_falls_under_the_threshold_with_her_figures(page, dossier):
    sessions = make_timetable(dossier)
    first, second, third = dossier.enrolments.all()
    everybody_comes(dossier, but=((2, sessions[0]), (2, sessions[1])))
    consent(first, second, third)
    make_watched(sessions[2], {first: [(0, 3 * 3600)], second: [(0, 3 * 3600)], third: []})
    rows = page.get(dossier.screen("board")).context["numbered"]
    told = {one.text: one for one in next(row for row in rows if row.id == "attendance_record").findings}
    short = told[f"{second.name} 8/16 课时，不足 70 %"]
    assert (short.kind, short.url) == ("block", dossier.screen("attendance") + "?show=short")
    assert told["考勤有 4 处矛盾待认定"].kind == "doubt"


@pytest.mark.parametrize(
    ("kind", "ledger", "percent"),
    [
        ("skill_upgrade", "enterprise_14", 70),
        ("employment_skill", "key_group_17", 70),
        ("entrepreneurship", "key_group_17", 90),
    ],
)
def test_the_threshold_is_the_rulesets_for_this_kind_of_training(clerk, kind, ledger, percent):
    dossier = factories.make_dossier(clerk.institution, ledger=ledger, training_type=kind, trainees=1)
    threshold = attendance_of(dossier, clerk).threshold
    assert threshold is not None
    assert threshold.percent == percent


def test_rules_hear_of_lessons_only_where_nothing_undecided_could_change_them(dossier, clerk):
    sessions = make_timetable(dossier)
    first, second, third = dossier.enrolments.all()
    everybody_comes(dossier, but=((2, sessions[0]), (2, sessions[1]), (3, sessions[0])))
    consent(first, second, third)
    make_watched(sessions[2], {first: [(0, 3 * 3600)], second: [(0, 3 * 3600)], third: []})
    attendance = attendance_of(dossier, clerk)
    after = sessions[-1].held_on
    case = case_of(Standing(dossier, clerk), today=after, attendance=attendance)
    assert [one.attended_lessons for one in case.trainees] == [16, 8, None]
    rules = ruleset(dossier.ruleset_id)
    finding = next(one for one in evaluate(case, rules) if one.rule == "R10")
    assert (finding.outcome, list(finding.about)) == (Outcome.FAIL, ["2"])
    unheard = case_of(Standing(dossier, clerk), today=after)
    assert [one.attended_lessons for one in unheard.trainees] == [None, None, None]


def test_rules_hear_how_people_came_to_each_session(dossier, clerk):
    sessions = make_timetable(dossier)
    first = dossier.enrolments.first()
    make_check_ins(dossier, [(first, moment(sessions[0].held_on, 8, 20), False)])
    make_sign_in(first, sessions[1])
    make_sign_in(first, sessions[2], cosigned=False)
    attendance = attendance_of(dossier, clerk)
    case = case_of(Standing(dossier, clerk), today=sessions[-1].held_on, attendance=attendance)
    assert [(one.check_in, one.cosigned) for one in case.sessions] == [
        ("face", None),
        ("sign_in", True),
        ("sign_in", False),
        (None, None),
    ]
    finding = next(one for one in evaluate(case, ruleset(dossier.ruleset_id)) if one.rule == "R14")
    assert list(finding.about) == [str(sessions[2].uuid)]


def test_a_trainees_own_page_shows_her_lessons(page, dossier):
    sessions = make_timetable(dossier)
    second = dossier.enrolments.all()[1]
    everybody_comes(dossier, but=((2, sessions[0]),))
    text = page.get(dossier.screen("trainee", second.uuid)).text
    assert "确认 12/16 课时 · 75.0 %" in text
    assert text.count("缺勤</a>") == 4


def test_a_recording_that_waits_in_the_tray_speaks_of_nobody(dossier, clerk):
    morning = make_timetable(dossier)[0]
    first = dossier.enrolments.first()
    everybody_comes(dossier)
    consent(first)
    upload = make_watched(morning, {first: []})
    upload.sheets.update(state="in_tray")
    assert states(dossier, clerk, first, morning) == [C, C, C, C]
