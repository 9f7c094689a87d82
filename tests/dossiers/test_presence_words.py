"""Words on faces in recordings and kept frames: who may speak, whom one may name, what supersedes what, and undoing."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from dossiers.actions import presence
from dossiers.actions.presence import Followed
from dossiers.exceptions import MoveRefused, NotAllowed, NotReady, Overtaken
from dossiers.models import AccessEntry, Consent, HistoryEntry, KeptFrame, PresenceWord
from dossiers.rulesets.consent import version_to_sign
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return make.make_dossier(trainees=3)


@pytest.fixture
def clerk(dossier):
    return make.make_account("clerk", institution=dossier.custodian)


@pytest.fixture
def upload(dossier):
    return make.make_upload(dossier, medium="recording", duration_seconds=600.0)


def consent(enrolment, *, by, given=True):
    return Consent.objects.create(
        enrolment=enrolment,
        kind="face",
        is_given=given,
        text_version=version_to_sign(date(2026, 10, 19)).id,
        signed_on=date(2026, 10, 19),
        recorded_by=by,
    )


def face(start=10.0, end=60.0, place=(0.1, 0.2, 0.05, 0.08)) -> Followed:
    return Followed(uuid4(), ((start, end),), place)


def standing(upload) -> list[tuple[str, str]]:
    rows = PresenceWord.objects.filter(upload=upload, superseded_at=None)
    return [(row.verdict, row.enrolment.name if row.enrolment else "") for row in rows]


def test_several_faces_are_said_to_be_one_trainee_at_once(dossier, clerk, upload):
    who = dossier.enrolments.first()
    consent(who, by=clerk)
    presence.say_of_faces(upload, [face(), face(100, 200)], "is", by=clerk, enrolment=who)
    assert standing(upload) == [("is", who.name)] * 2
    entry = HistoryEntry.objects.filter(dossier=dossier).last()
    assert (entry.action, entry.facts["faces"]) == ("name_faces", 2)


def test_nobody_without_consent_is_named_and_withdrawn_consent_is_none(dossier, clerk, upload):
    never, refused, withdrew = dossier.enrolments.all()
    consent(refused, by=clerk, given=False)
    consent(withdrew, by=clerk).__class__.objects.filter(enrolment=withdrew).update(
        withdrawn_at=timezone.now()
    )
    for who in (never, refused, withdrew):
        with pytest.raises(NotReady):
            presence.say_of_faces(upload, [face()], "is", by=clerk, enrolment=who)
    assert standing(upload) == []
    presence.say_of_faces(
        upload, [face()], "is_not", by=clerk, enrolment=never
    )  # that it is not she, one may say


def test_who_it_is_ends_who_it_was_and_taking_back_brings_it_back(dossier, clerk, upload):
    first, second, _third = dossier.enrolments.all()
    for one in (first, second):
        consent(one, by=clerk)
    seen = face()
    presence.say_of_faces(upload, [seen], "is", by=clerk, enrolment=first)
    later = presence.say_of_faces(upload, [seen], "is", by=clerk, enrolment=second)
    assert standing(upload) == [("is", second.name)]
    presence.take_back_words(upload, [one.uuid for one in later], by=clerk)
    assert standing(upload) == [("is", first.name)]
    with pytest.raises(Overtaken):
        presence.take_back_words(upload, [one.uuid for one in later], by=clerk)


def test_a_word_ends_an_earlier_one_given_on_evidence_computed_before(dossier, clerk, upload):
    who = dossier.enrolments.first()
    presence.say_of_faces(upload, [face()], "nobody", by=clerk)
    presence.say_of_faces(
        upload, [face(12, 61)], "is_not", by=clerk, enrolment=who
    )  # another track, same face
    assert standing(upload) == [("is_not", who.name)]
    presence.say_of_faces(upload, [face(place=(0.8, 0.2, 0.05, 0.08))], "nobody", by=clerk)  # somebody else
    assert len(standing(upload)) == 2


def test_not_this_person_leaves_what_was_said_of_others(dossier, clerk, upload):
    first, second, _third = dossier.enrolments.all()
    seen = face()
    presence.say_of_faces(upload, [seen], "is_not", by=clerk, enrolment=first)
    presence.say_of_faces(upload, [seen], "is_not", by=clerk, enrolment=second)
    assert standing(upload) == [("is_not", first.name), ("is_not", second.name)]


@pytest.mark.parametrize("verdict", ["is", "is_not"])
def test_somebody_must_be_chosen_and_some_face(dossier, clerk, upload, verdict):
    with pytest.raises(NotReady):
        presence.say_of_faces(upload, [face()], verdict, by=clerk)
    with pytest.raises(NotReady):
        presence.say_of_faces(upload, [], verdict, by=clerk, enrolment=dossier.enrolments.first())
    with pytest.raises(NotReady):
        presence.say_of_faces(upload, [face()], "nobody", by=clerk, enrolment=dossier.enrolments.first())


def test_a_trainee_of_another_class_cannot_be_named_here(clerk, upload):
    stranger = make.make_dossier(trainees=1).enrolments.get()
    with pytest.raises(NotAllowed):
        presence.say_of_faces(upload, [face()], "is_not", by=clerk, enrolment=stranger)


def test_the_two_sides_speak_side_by_side_each_in_its_own_state(dossier, clerk, upload):
    who, seen = dossier.enrolments.first(), face()
    presence.say_of_faces(upload, [seen], "is_not", by=clerk, enrolment=who)
    reviewer = make.make_account("reviewer")
    dossier.progress.state, dossier.progress.first_handed_in_at = "under_review", timezone.now()
    dossier.progress.save()
    with pytest.raises(NotAllowed):  # it was not handed in
        presence.say_of_faces(upload, [seen], "nobody", by=reviewer)
    make.make_filing(dossier, "theory_video", upload=upload, handed_in_at=timezone.now())
    presence.say_of_faces(upload, [seen], "nobody", by=reviewer)
    assert sorted(standing(upload)) == [("is_not", who.name), ("nobody", "")]
    assert HistoryEntry.objects.filter(dossier=dossier).last().action == "faces_of_nobody_at_bureau"
    with pytest.raises(MoveRefused):  # the institution's turn is over
        presence.say_of_faces(upload, [seen], "nobody", by=clerk)


@pytest.mark.parametrize("role", ["institution_archivist", "clerk"])
def test_only_who_keeps_the_class_may_speak(dossier, upload, role):
    body = dossier.custodian if role == "institution_archivist" else make.make_institution()
    with pytest.raises(NotAllowed):
        presence.say_of_faces(upload, [face()], "nobody", by=make.make_account(role, institution=body))


def test_a_second_is_kept_once_dropped_and_taken_up_again(clerk, upload, dossier):
    kept = presence.keep_frame(upload, 12.0, by=clerk, remark="座位空着")
    with pytest.raises(NotReady):
        presence.keep_frame(upload, 12.3, by=clerk)
    presence.drop_frame(kept, by=clerk)
    with pytest.raises(Overtaken):
        presence.drop_frame(kept, by=clerk)
    presence.take_frame_up(kept, by=clerk)
    assert KeptFrame.objects.filter(dropped_at=None).count() == 1
    with pytest.raises(NotReady):
        presence.keep_frame(upload, 601.0, by=clerk)


def test_a_number_written_into_a_remark_is_masked(clerk, upload):
    number = make.make_id_number()
    assert number not in presence.keep_frame(upload, 5.0, by=clerk, remark=f"证号 {number}").remark


def test_opening_a_recording_that_tells_people_is_written_down_once_a_day(clerk, upload):
    for _again in range(3):
        presence.look_at_faces(clerk, upload)
    entry = AccessEntry.objects.get()
    assert (entry.what, entry.subject) == ("faces", upload.uuid)
    AccessEntry.objects.update(at=timezone.now() - timedelta(hours=25))
    assert presence.look_at_faces(clerk, upload) is not None
