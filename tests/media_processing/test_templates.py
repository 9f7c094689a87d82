"""Templates: only under a consent, encrypted, gone in time, each deletion told, and never in anything people read."""

import logging
from datetime import timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from dossiers.actions import consent as actions
from dossiers.actions import people
from dossiers.consents import FACE
from dossiers.exceptions import NotAllowed, NotReady
from dossiers.models import DossierPage
from foundation import integrity, key_rotation
from media_processing import references
from media_processing.engines import FACE_ENGINES, face_engine
from media_processing.models import FaceTemplate, FaceTrack, PresenceFound, TemplateDeletion
from media_processing.references import Measured, NoFace, measured, opened, references_of, sealed
from tests import factories as make
from tests.media_processing.coloured_faces import GREEN, RED, ColouredFaces, portrait

pytestmark = pytest.mark.django_db
Source = FaceTemplate.Source


@pytest.fixture(autouse=True)
def engine(settings, monkeypatch):
    made = ColouredFaces()
    monkeypatch.setitem(FACE_ENGINES, "coloured", lambda: made)
    settings.FACE_ENGINE = "coloured"
    face_engine.cache_clear()
    yield made
    face_engine.cache_clear()


@pytest.fixture
def room():
    """A class that ends in ten days, the clerk who keeps it, and two trainees of whom the first agreed."""
    dossier = make.make_dossier(trainees=2, ends_on=timezone.localdate() + timedelta(days=10))
    by = make.make_account("clerk", institution=dossier.custodian)
    she, other = dossier.enrolments.all()
    actions.record([she], kinds=[FACE], is_given=True, signed_on=timezone.localdate(), by=by)
    return dossier, by, she, other


def of(enrolment, colour=RED, source=Source.UPLOAD) -> Measured:
    engine = references.engine_in_use()
    return Measured(enrolment, source, measured(portrait(colour), engine, name=enrolment.name))


def remembered(room) -> FaceTemplate:
    dossier, by, she, _other = room
    return references.remember(dossier, [of(she)], by=by)[0]


def test_a_template_is_made_with_consent_and_ends_on_the_day_that_was_promised(room):
    row = remembered(room)
    assert row.expires_on == room[0].ends_on + timedelta(days=90)
    assert np.array_equal(opened(row), np.array([0, 0, 1], np.float32))


def test_without_consent_none_is_made(room):
    dossier, by, _she, other = room
    with pytest.raises(NotReady):
        references.remember(dossier, [of(other)], by=by)
    assert not FaceTemplate.objects.exists()


def test_of_a_pile_only_the_consenting_are_kept(room):
    dossier, by, she, other = room
    kept = references.remember(dossier, [of(she), of(other, GREEN)], by=by)
    assert [row.enrolment_id for row in kept] == [she.pk]


def test_only_who_keeps_consent_makes_or_deletes_templates(room):
    dossier, _by, she, _other = room
    reviewer = make.make_account("reviewer", county=dossier.opener.county)
    with pytest.raises(NotAllowed):
        references.remember(dossier, [of(she)], by=reviewer)
    remembered(room)
    with pytest.raises(NotAllowed):
        references.forget(she, by=reviewer)


def test_in_the_table_and_in_what_people_read_there_is_no_template(room, caplog):
    with caplog.at_level(logging.DEBUG):
        row = remembered(room)
    plain = sealed(np.array([0, 0, 1], np.float32))
    with connection.cursor() as cursor:
        cursor.execute("select template from media_processing_facetemplate")
        stored = cursor.fetchone()[0]
    assert stored.startswith("v1:") and plain not in stored
    told = f"{caplog.text} {row!r} {of(room[2])!r} {room[0].history.last().facts}"
    assert plain not in told and "[0." not in told


def test_the_same_kind_of_picture_again_takes_the_place_of_the_first_and_that_is_told(room):
    remembered(room)
    remembered(room)
    assert FaceTemplate.objects.count() == 1
    assert TemplateDeletion.objects.get().why == TemplateDeletion.Why.REPLACED


def test_no_face_and_two_faces_are_told_apart_with_what_to_do():
    engine = ColouredFaces()
    with pytest.raises(NoFace, match="没有找到脸"):
        measured(portrait(), engine, name="王海燕")
    with pytest.raises(NoFace, match="不止一张脸"):
        measured(portrait(RED, GREEN), engine, name="王海燕")


def test_withdrawing_deletes_templates_and_what_was_taken_for_her_at_once(room):
    dossier, by, she, other = room
    remembered(room)
    upload = make.make_upload(dossier, medium="recording")
    facts = {"engine": "coloured", "engine_version": "1", "threshold": 0.5, "sample_seconds": 10.0}
    for one in (she, other):
        FaceTrack.objects.create(upload=upload, enrolment=one, start=0, end=10)
        PresenceFound.objects.create(upload=upload, enrolment=one, **facts)
    actions.withdraw(she.consents.get(), by=by)
    assert not FaceTemplate.objects.exists()
    assert list(FaceTrack.objects.values_list("enrolment", flat=True)) == [other.pk]
    assert list(PresenceFound.objects.values_list("enrolment", flat=True)) == [other.pk]
    assert TemplateDeletion.objects.get().why == TemplateDeletion.Why.WITHDRAWN
    assert references_of(dossier, references.engine_in_use()) == {}


def test_asked_to_delete_the_picture_goes_and_the_consent_stays(room):
    _dossier, by, she, _other = room
    remembered(room)
    assert references.forget(she, by=by) == 1
    assert TemplateDeletion.objects.get().why == TemplateDeletion.Why.ASKED
    assert she.consents.get().withdrawn_at is None
    with pytest.raises(NotReady):
        references.forget(she, by=by)


def test_past_its_day_a_template_goes_by_itself_and_the_class_tells_of_it(room):
    dossier, _by, _she, _other = room
    row = remembered(room)
    assert references.forget_what_is_over(row.expires_on) == 0
    assert references.forget_what_is_over(row.expires_on + timedelta(days=1)) == 1
    assert TemplateDeletion.objects.get().why == TemplateDeletion.Why.EXPIRED
    assert dossier.history.last().action == "forget_faces" and dossier.history.last().actor is None


def test_the_day_moves_with_the_class_and_with_a_trainee_who_leaves(room):
    dossier, by, she, _other = room
    row = remembered(room)
    DossierPage.objects.filter(pk=dossier.pk).update(ends_on=dossier.ends_on + timedelta(days=7))
    references.forget_what_is_over()
    row.refresh_from_db()
    assert row.expires_on == dossier.ends_on + timedelta(days=97)
    people.withdraw(she, by=by, on=timezone.localdate() - timedelta(days=91))
    out = StringIO()
    call_command("forget_faces", stdout=out)
    assert not FaceTemplate.objects.exists() and "1" in out.getvalue()


def test_once_the_promised_time_is_over_none_is_made(room):
    dossier, by, she, _other = room
    DossierPage.objects.filter(pk=dossier.pk).update(ends_on=timezone.localdate() - timedelta(days=91))
    dossier.refresh_from_db()
    with pytest.raises(NotReady):
        references.remember(dossier, [of(dossier.enrolments.get(pk=she.pk))], by=by)


def test_references_are_of_the_class_and_of_the_engine_in_use_alone(room, engine):
    dossier, _by, she, _other = room
    row = remembered(room)
    assert set(references_of(dossier, engine)) == {str(she.pk)}
    assert references_of(make.make_dossier(), engine) == {}
    she.consents.update(text_version="2019-0")  # a text that holds no more, before the chore has come round
    assert references_of(dossier, engine) == {}
    she.consents.update(text_version="2026-1")
    FaceTemplate.objects.filter(pk=row.pk).update(engine_version="0")
    assert references_of(dossier, engine) == {}


def test_stored_faces_are_counted_for_the_class_and_for_the_body(room):
    dossier, _by, _she, _other = room
    row = remembered(room)
    assert references.stored_of_class(dossier) == references.StoredFaces(1, row.expires_on)
    assert references.stored_of_body(dossier.custodian).count == 1
    assert references.stored_of_body(make.make_institution()).count == 0


def test_templates_move_to_a_new_key_with_the_other_secrets(room, settings):
    row = remembered(room)
    assert FaceTemplate in list(key_rotation.models_with_secrets())
    settings.FIELD_KEYS = settings.FIELD_KEYS | {"k9": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
    settings.FIELD_KEY_ACTIVE = "k9"
    assert key_rotation.rotate(FaceTemplate) == 1
    row.refresh_from_db()
    assert row.template.stored.startswith("v1:k9:") and opened(row)[2] == 1


def test_the_invariants_of_faces_find_what_was_planted(room):
    mine = [one for one in integrity.checks() if type(one).__module__ == "media_processing.integrity"]
    assert len(mine) == 3 and integrity.prove(mine) == integrity.Proof(planted=3, blind=())
    ground = integrity.real_ground()
    row = remembered(room)
    assert not [fault for one in mine for fault in one.faults(ground)]
    FaceTemplate.objects.filter(pk=row.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    room[2].consents.update(is_given=False)
    FaceTrack.objects.create(
        upload=make.make_upload(room[0], medium="recording"), enrolment=room[2], start=0, end=1
    )
    found = {fault.code for one in mine for fault in one.faults(ground)}
    assert found == {"template_without_consent", "template_past_its_day", "presence_without_consent"}
    references.forget_what_is_over()
    assert not [fault for one in mine for fault in one.faults(ground)]
