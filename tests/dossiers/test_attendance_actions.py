"""Words on attendance, check-ins and sign-in sheets: written down whole, superseded, taken back, side beside side."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from dossiers.actions import attendance, people
from dossiers.actions.attendance import CheckedIn, Export
from dossiers.exceptions import MoveRefused, NotAllowed, NotReady, Overtaken
from dossiers.models import AttendanceWord, CheckInImport, ColumnMapping, HistoryEntry
from tests import factories

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 10, 19, 0, 21, tzinfo=UTC)


@pytest.fixture
def dossier():
    return factories.make_dossier(trainees=2)


@pytest.fixture
def clerk(dossier):
    return factories.make_account("clerk", institution=dossier.custodian)


def export(dossier, name="考勤机.xlsx") -> Export:
    blob = factories.make_upload(dossier).blob
    return Export(blob, name, {"name": [0], "at": [1]}, "a" * 64, rows_left=3)


def words(dossier) -> list[tuple[int, str]]:
    found = AttendanceWord.objects.filter(dossier=dossier, superseded_at=None)
    return sorted((one.lesson, one.says) for one in found)


def test_a_word_is_written_with_its_reason_and_logged_without_it(dossier, clerk):
    session, who = factories.make_session(dossier), dossier.enrolments.first()
    attendance.settle(dossier, who, session, [3, 4], "present", "看过录像，坐在第二排", by=clerk)
    assert words(dossier) == [(3, "present"), (4, "present")]
    entry = HistoryEntry.objects.filter(dossier=dossier).last()
    assert entry.action == "settle_attendance"
    assert entry.facts["lessons"] == [3, 4]
    assert "坐在第二排" not in str(entry.facts)


def test_a_later_word_supersedes_and_taking_it_back_brings_the_earlier_one_back(dossier, clerk):
    session, who = factories.make_session(dossier), dossier.enrolments.first()
    attendance.settle(dossier, who, session, [1], "present", "签到表", by=clerk)
    later = attendance.settle(dossier, who, session, [1], "absent", "请假条", by=clerk)
    assert words(dossier) == [(1, "absent")]
    attendance.unsettle(dossier, later, by=clerk)
    assert words(dossier) == [(1, "present")]
    with pytest.raises(Overtaken):
        attendance.unsettle(dossier, later, by=clerk)


@pytest.mark.parametrize(
    ("lessons", "says", "reason"),
    [([1], "present", " "), ([1], "perhaps", "看过"), ([5], "absent", "看过"), ([], "absent", "看过")]
    + [([1], "absent", "很" * 201)],
)
def test_a_word_without_reason_choice_or_lesson_is_refused_whole(dossier, clerk, lessons, says, reason):
    session, who = factories.make_session(dossier), dossier.enrolments.first()
    with pytest.raises(NotReady):
        attendance.settle(dossier, who, session, lessons, says, reason, by=clerk)
    assert not words(dossier)


def test_a_lesson_still_to_come_is_not_settled(dossier, clerk):
    tomorrow = timezone.localdate() + timedelta(days=1)
    session, who = factories.make_session(dossier, held_on=tomorrow), dossier.enrolments.first()
    with pytest.raises(NotReady):
        attendance.settle(dossier, who, session, [1], "present", "看过", by=clerk)


def test_the_two_sides_words_stand_side_by_side():
    dossier = factories.make_dossier(trainees=1, state="under_review")
    session, who = factories.make_session(dossier), dossier.enrolments.first()
    reviewer = factories.make_account("reviewer")
    AttendanceWord.objects.create(
        dossier=dossier,
        enrolment=who,
        session=session,
        lesson=1,
        says="present",
        reason="签到表",
        made_by=factories.make_account("clerk", institution=dossier.custodian),
    )
    attendance.settle(dossier, who, session, [1], "absent", "录像里没有此人", by=reviewer)
    assert words(dossier) == [(1, "absent"), (1, "present")]


def test_the_keeper_settles_nothing_while_the_bureau_reviews():
    dossier = factories.make_dossier(trainees=1, state="under_review")
    session, who = factories.make_session(dossier), dossier.enrolments.first()
    clerk = factories.make_account("clerk", institution=dossier.custodian)
    with pytest.raises(MoveRefused):
        attendance.settle(dossier, who, session, [1], "present", "看过", by=clerk)


def test_nobody_settles_a_cell_of_another_class(dossier, clerk):
    other = factories.make_dossier(dossier.opener, trainees=1)
    session = factories.make_session(dossier)
    with pytest.raises(NotAllowed):
        attendance.settle(dossier, other.enrolments.first(), session, [1], "present", "看过", by=clerk)


def test_an_export_is_taken_in_whole_and_its_columns_are_remembered(dossier, clerk):
    who = dossier.enrolments.first()
    taken = attendance.take_check_ins(dossier, export(dossier), [CheckedIn(who.pk, WHEN, 2)], by=clerk)
    assert (taken.rows_taken, taken.rows_left) == (1, 3)
    assert dossier.check_ins.get().at == WHEN
    assert ColumnMapping.objects.get(institution=dossier.custodian).columns == {"name": [0], "at": [1]}


def test_the_same_bytes_again_are_refused_until_the_first_is_taken_out(dossier, clerk):
    who, given = dossier.enrolments.first(), export(dossier)
    rows = [CheckedIn(who.pk, WHEN, 2), CheckedIn(who.pk, WHEN + timedelta(hours=4), 3, left=True)]
    taken = attendance.take_check_ins(dossier, given, rows, by=clerk)
    with pytest.raises(NotReady) as refused:
        attendance.take_check_ins(dossier, given, rows, by=clerk)
    assert "考勤机.xlsx" in str(refused.value)
    attendance.undo_check_ins(taken, by=clerk)
    attendance.take_check_ins(dossier, given, rows, by=clerk)
    assert CheckInImport.objects.filter(dossier=dossier, undone_at=None).count() == 1


def test_an_export_of_nobody_in_the_class_is_refused(dossier, clerk):
    with pytest.raises(NotReady):
        attendance.take_check_ins(dossier, export(dossier), [], by=clerk)


def test_a_sign_in_sheet_is_written_whole_replaced_and_taken_back(dossier, clerk):
    session = factories.make_session(dossier)
    first, second = dossier.enrolments.all()
    attendance.write_sign_ins(dossier, session, {first.pk: True, second.pk: True}, cosigned=False, by=clerk)
    attendance.write_sign_ins(dossier, session, {first.pk: True, second.pk: False}, cosigned=True, by=clerk)
    standing = {(one.enrolment_id, one.signed, one.cosigned) for one in lines(session)}
    assert standing == {(first.pk, True, True), (second.pk, False, True)}
    attendance.undo_sign_ins(session, by=clerk)
    assert {one.cosigned for one in lines(session)} == {False}
    attendance.undo_sign_ins(session, by=clerk)
    with pytest.raises(Overtaken):
        attendance.undo_sign_ins(session, by=clerk)


def test_the_bureau_writes_no_check_ins_and_no_sign_ins():
    dossier = factories.make_dossier(trainees=1, state="returned")
    session, who = factories.make_session(dossier), dossier.enrolments.first()
    reviewer = factories.make_account("reviewer")
    with pytest.raises(NotAllowed):
        attendance.write_sign_ins(dossier, session, {who.pk: True}, cosigned=True, by=reviewer)
    with pytest.raises(NotAllowed):
        attendance.take_check_ins(dossier, export(dossier), [CheckedIn(who.pk, WHEN, 2)], by=reviewer)


def test_a_session_whose_attendance_is_settled_stays_on_the_timetable(dossier, clerk):
    session, who = factories.make_session(dossier), dossier.enrolments.first()
    attendance.settle(dossier, who, session, [1], "present", "看过", by=clerk)
    with pytest.raises(NotReady):
        people.drop_session(session, by=clerk)


def lines(session):
    return session.sign_in_lines.filter(superseded_at=None)
