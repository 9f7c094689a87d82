"""What people say at the player: faces named, rejected, merged; lessons settled, frames kept; and each taken back."""

import re
from uuid import uuid4

import pytest

from dossiers.actions.consent import withdraw
from dossiers.models import AttendanceWord, KeptFrame, PresenceWord
from media_processing.models import FaceTrack
from tests import factories as make
from tests import watched_lessons as lessons
from tests.cms.at_the_player import browser, faces, kinds, lane, make_morning, page, say
from tests.watched_lessons import HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    made = make.make_dossier(trainees=4)
    make.make_session(made, room="A 教室", lecturer="顾承业")
    return made


@pytest.fixture
def clerk(dossier):
    return make.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def upload(dossier, clerk):
    return make_morning(dossier, clerk)


# Faces -----------------------------------------------------------------------------------------------


def test_faces_of_a_window_carry_names_where_there_is_consent_and_no_score(dossier, clerk, upload):
    present, against, dark, without = dossier.enrolments.all()
    lessons.see(upload, None, (100.0, 200.0), group=1, place=(0.8, 0.6))
    told = faces(dossier, clerk, upload)
    assert {one["who"] for one in told["tracks"]} == {present.name, against.name, dark.name, ""}
    assert {one["kind"] for one in told["tracks"]} == {"read", "unknown"}
    assert all(len(seen) == 5 for one in told["tracks"] for seen in one["seen"])
    later = faces(dossier, clerk, upload, 6000)
    assert {one["who"] for one in later["tracks"]} == {present.name}


def test_whoever_did_not_consent_has_no_box_whatever_evidence_is_left(dossier, clerk, upload):
    without = dossier.enrolments.last()
    lessons.see(upload, without, (0.0, 500.0), place=(0.9, 0.9))
    assert without.name not in {one["who"] for one in faces(dossier, clerk, upload)["tracks"]}
    assert "?" not in kinds(lane(dossier, clerk, upload, without.name))


def test_words_on_whose_consent_ended_are_kept_and_shown_to_nobody(dossier, clerk, upload):
    stranger = lessons.see(upload, None, (100.0, 200.0), group=1)[0]
    present = dossier.enrolments.first()
    say(dossier, clerk, upload, step="is", tracks=str(stranger.uuid), who=str(present.uuid))
    asked = f"?t=150&who={present.uuid}"
    assert "player-words" in page(dossier, clerk, upload, asked)
    withdraw(present.consents.get(), by=clerk)
    text = page(dossier, clerk, upload, asked)
    assert PresenceWord.objects.filter(enrolment=present).exists()
    assert "player-words" not in text
    assert str(stranger.uuid) not in text


def test_whoever_is_nobody_of_the_class_has_no_box(dossier, clerk, upload):
    stranger = lessons.see(upload, None, (100.0, 200.0), group=1)[0]
    say(dossier, clerk, upload, step="nobody", tracks=str(stranger.uuid))
    assert str(stranger.uuid) not in {one["track"] for one in faces(dossier, clerk, upload)["tracks"]}


# Steps -----------------------------------------------------------------------------------------------


def test_a_stretch_is_confirmed_rejected_and_each_is_taken_back(dossier, clerk, upload):
    present = dossier.enrolments.first()
    track = FaceTrack.objects.get(enrolment=present)
    client = browser(clerk)
    address = dossier.screen("player-say", upload.uuid)
    told = {"who": str(present.uuid), "t": "600", "tracks": str(track.uuid)}
    assert client.post(address, told | {"step": "is"}).status_code == 302
    assert kinds(lane(dossier, clerk, upload, present.name)) == {"confirmed"}
    client.post(address, told | {"step": "is_not"})
    assert "confirmed" not in kinds(lane(dossier, clerk, upload, present.name))
    client.post(address, {"step": "undo"})
    client.post(address, {"step": "undo"})
    assert kinds(lane(dossier, clerk, upload, present.name)) == {"read"}
    assert client.post(address, {"step": "undo"}).status_code == 422


def test_several_unnamed_groups_become_one_trainee(dossier, clerk, upload):
    against = dossier.enrolments.all()[1]
    first, second = (
        lessons.see(upload, None, (5200.0, 9000.0), group=1, place=(0.5, 0.5))[0],
        lessons.see(upload, None, (9100.0, 3 * HOUR), group=2, place=(0.5, 0.5))[0],
    )
    say(
        dossier, clerk, upload, step="is", named=str(against.uuid), tracks=[str(first.uuid), str(second.uuid)]
    )
    found = lane(dossier, clerk, upload, against.name)
    assert "confirmed" in kinds(found)
    assert "against" not in kinds(found)
    assert found.total == "4"


def test_somebody_without_consent_is_not_offered_and_cannot_be_named(dossier, clerk, upload):
    without = dossier.enrolments.last()
    stranger = lessons.see(upload, None, (0.0, 900.0), group=1)[0]
    text = page(dossier, clerk, upload)
    assert f'<option value="{without.uuid}"' not in text
    answer = say(dossier, clerk, upload, step="is", named=str(without.uuid), tracks=str(stranger.uuid))
    assert answer.status_code == 422
    assert "没有同意人脸识别" in answer.content.decode()
    assert not PresenceWord.objects.exists()


def test_a_word_on_faces_computed_anew_meanwhile_is_refused_and_told(dossier, clerk, upload):
    who = dossier.enrolments.first()
    answer = say(dossier, clerk, upload, step="is", who=str(who.uuid), tracks=str(uuid4()))
    assert answer.status_code == 409
    assert "刚重新认过人" in answer.content.decode()


def test_a_lesson_is_settled_with_the_second_looked_at_as_its_reason(dossier, clerk, upload):
    against, session = dossier.enrolments.all()[1], dossier.sessions.get()
    text = page(dossier, clerk, upload, f"?t=7000&who={against.uuid}")
    cell = re.search(r'name="cell" value="([^"]+)"', text)[1]
    assert cell == f"{session.uuid}:3"
    assert "矛盾" in text
    client = browser(clerk)
    address = dossier.screen("player-say", upload.uuid)
    client.post(address, {"step": "absent", "who": str(against.uuid), "t": "7000", "cell": cell})
    word = AttendanceWord.objects.get()
    assert (word.says, word.lesson, word.reason) == ("absent", 3, "看录像 10:23:40")
    assert lane(dossier, clerk, upload, against.name).note == "第 4 课时有矛盾"
    client.post(address, {"step": "undo"})
    assert not AttendanceWord.objects.filter(superseded_at=None).exists()


def test_a_frame_is_kept_with_its_second_dropped_and_taken_back(dossier, clerk, upload):
    who = dossier.enrolments.first()
    client = browser(clerk)
    address = dossier.screen("player-say", upload.uuid)
    client.post(address, {"step": "keep", "t": "7523.4", "who": str(who.uuid)})
    kept = KeptFrame.objects.get()
    assert (kept.at_seconds, kept.enrolment) == (7523.4, who)
    assert "10:32:23" in page(dossier, clerk, upload)
    client.post(address, {"step": "drop", "frame": str(kept.uuid)})
    assert KeptFrame.objects.filter(dropped_at=None).count() == 0
    client.post(address, {"step": "undo"})
    assert KeptFrame.objects.filter(dropped_at=None).count() == 1


def test_whoever_may_only_look_gets_no_buttons_and_no_step(dossier, clerk, upload):
    keeper = make.make_account("institution_archivist", institution=dossier.custodian)
    who = dossier.enrolments.first()
    text = page(dossier, keeper, upload, f"?who={who.uuid}")
    assert 'name="step"' not in text
    track = FaceTrack.objects.get(enrolment=who)
    for told in (
        {"step": "is", "tracks": str(track.uuid)},
        {"step": "keep", "t": "5"},
        {"step": "present", "cell": f"{dossier.sessions.get().uuid}:1"},
    ):
        assert say(dossier, keeper, upload, who=str(who.uuid), **told).status_code == 404
    assert not PresenceWord.objects.exists() and not KeptFrame.objects.exists()


def test_the_bureaus_words_stand_beside_the_institutions(dossier, clerk, upload):
    who = dossier.enrolments.first()
    track = FaceTrack.objects.get(enrolment=who)
    say(dossier, clerk, upload, step="is", who=str(who.uuid), tracks=str(track.uuid))
    lessons.hand_in(dossier, upload, session=dossier.sessions.get())
    reviewer = make.make_account("reviewer", full_name="高峻")
    assert (
        say(dossier, reviewer, upload, step="is_not", who=str(who.uuid), tracks=str(track.uuid)).status_code
        == 302
    )
    assert PresenceWord.objects.filter(superseded_at=None).count() == 2
    assert "机构 林慧" in page(dossier, reviewer, upload, f"?who={who.uuid}")
    assert "confirmed" in kinds(lane(dossier, clerk, upload, who.name))
