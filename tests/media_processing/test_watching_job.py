"""Presence as a job: only the consenting are named, everybody is counted, and what is written replaces what was."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from dossiers.actions import consent as actions
from dossiers.consents import FACE
from dossiers.models import Enrolment, PresenceWord, Upload
from foundation import jobs
from foundation.blobs import store
from foundation.models import Job
from media_processing import faces_jobs, references
from media_processing.engines import FACE_ENGINES, face_engine
from media_processing.models import (
    FaceTemplate,
    FaceTrack,
    FoundIncident,
    IndexedRecording,
    PresenceFound,
    RecordingProbe,
)
from media_processing.presence_of import presence_of
from media_processing.references import Measured
from media_processing.signals import recording_index_made
from tests import factories as make
from tests.media_processing.coloured_faces import SIZE, ColouredFaces, room

pytestmark = pytest.mark.django_db
SHE, OTHER = np.eye(3, dtype=np.float32)[2], np.eye(3, dtype=np.float32)[1]


@dataclass
class Scene:
    """A class of three: the first agreed and is remembered, the second agreed later, the third never did."""

    upload: Upload
    she: Enrolment
    other: Enrolment
    third: Enrolment
    engine: ColouredFaces
    by: object


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """She until second 20; the other, who is remembered later, all the time; a stranger from 10 on."""
    seats = [("red", 20, 0, 20), ("lime", 120, 0, 40), ("blue", 220, 10, 40)]
    return room(tmp_path_factory.mktemp("room") / "lesson.mp4", *seats)


@pytest.fixture
def scene(settings, monkeypatch, tmp_path, clip):
    settings.BLOB_STORE = {"kind": "folder", "root": str(tmp_path / "blobs")}
    settings.FACE_ENGINE, settings.FACE_SAMPLE_SECONDS = "coloured", 2.0
    engine = ColouredFaces()
    monkeypatch.setitem(FACE_ENGINES, "coloured", lambda: engine)
    monkeypatch.setattr(faces_jobs, "PART_SECONDS", 13.0)
    face_engine.cache_clear()
    dossier = make.make_dossier(trainees=3, ends_on=timezone.localdate())
    by = make.make_account("clerk", institution=dossier.custodian)
    she, other, third = dossier.enrolments.all()
    upload = make.make_upload(dossier, by=by, medium="recording", file_name="lesson.mp4")
    upload.blob = store().put_file(clip, media_type="video/mp4")
    upload.save()
    RecordingProbe.objects.create(
        upload=upload, duration_seconds=40, container="mp4", width=SIZE[0], height=SIZE[1]
    )
    IndexedRecording.objects.create(upload=upload, engines=["paddle_tiny"])
    yield Scene(upload, she, other, third, engine, by)
    face_engine.cache_clear()


def remember(scene: Scene, who: Enrolment, template=SHE) -> FaceTemplate:
    actions.record([who], kinds=[FACE], is_given=True, signed_on=timezone.localdate(), by=scene.by)
    measured = Measured(who, FaceTemplate.Source.UPLOAD, template)
    return references.remember(scene.upload.dossier, [measured], by=scene.by)[0]


def watch(scene: Scene) -> None:
    faces_jobs.enqueue_watch(scene.upload)
    assert jobs.work_off() >= 1
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def heads(scene: Scene) -> list:
    return IndexedRecording.objects.get(upload=scene.upload).heads


def test_she_who_agreed_is_followed_and_the_others_are_strangers_without_a_name(scene):
    remember(scene, scene.she)
    watch(scene)
    [track] = FaceTrack.objects.filter(enrolment=scene.she)
    assert track.start == pytest.approx(0, abs=1) and track.end == pytest.approx(20, abs=2.1)
    assert track.sightings[0][1:5] == pytest.approx([20 / 320, 60 / 180, 40 / 320, 40 / 180], abs=0.03)
    assert len(track.sightings) == pytest.approx(10, abs=1)
    strangers = FaceTrack.objects.filter(enrolment=None)
    assert sorted(one.group for one in strangers) == [1, 2]
    found = PresenceFound.objects.get()
    assert found.enrolment == scene.she and found.engine == "coloured" and found.threshold == 0.5


def test_everybody_is_counted_sample_by_sample_across_the_parts(scene):
    remember(scene, scene.she)
    watch(scene)
    counted = heads(scene)
    seconds = [at for at, _count in counted]
    assert len(seconds) == 20 and all(1.9 < b - a < 2.1 for a, b in zip(seconds, seconds[1:], strict=False))
    assert [count for at, count in counted if at in (4.0, 14.0, 30.0)] == [2, 3, 2]
    assert IndexedRecording.objects.get().engines == ["paddle_tiny", "faces: coloured 1"]


def test_where_nobody_is_remembered_heads_are_counted_and_no_face_is_measured(scene):
    watch(scene)
    assert [count for at, count in heads(scene) if at == 14.0] == [3]
    assert scene.engine.remembered == 0
    assert not FaceTrack.objects.exists() and not PresenceFound.objects.exists()


def test_black_frozen_and_repeated_stretches_say_nothing_of_anybody(scene):
    indexed = IndexedRecording.objects.get()
    FoundIncident.objects.create(indexed=indexed, kind="frozen", start=8, end=30)
    remember(scene, scene.she)
    watch(scene)
    seen = [one[0] for one in FaceTrack.objects.get(enrolment=scene.she).sightings]
    assert seen and max(seen) < 8
    assert not [at for at, _count in heads(scene) if 8 <= at < 30]
    assert all(end <= 9 or start >= 29 for start, end in PresenceFound.objects.get().verifiable)


def test_one_more_who_agrees_is_looked_for_again_and_what_was_known_is_replaced(scene):
    remember(scene, scene.she)
    watch(scene)
    before = set(FaceTrack.objects.values_list("uuid", flat=True))
    remember(scene, scene.other, OTHER)
    watch(scene)
    assert not before & set(FaceTrack.objects.values_list("uuid", flat=True))
    assert set(PresenceFound.objects.values_list("enrolment", flat=True)) == {scene.she.pk, scene.other.pk}
    assert FaceTrack.objects.get(enrolment=scene.other).end == pytest.approx(40, abs=2)


def test_who_withdraws_while_the_job_runs_is_not_written_down(scene, monkeypatch):
    remember(scene, scene.she)
    remember(scene, scene.other, OTHER)
    decided = faces_jobs.decided

    def decided_late(*args, **options):
        answer = decided(*args, **options)
        actions.withdraw(scene.she.consents.get(), by=scene.by)
        return answer

    monkeypatch.setattr(faces_jobs, "decided", decided_late)
    watch(scene)
    assert not FaceTrack.objects.filter(enrolment=scene.she).exists()
    assert list(PresenceFound.objects.values_list("enrolment", flat=True)) == [scene.other.pk]


def test_a_worker_that_lost_its_lease_writes_nothing(scene, monkeypatch):
    remember(scene, scene.she)
    decided = faces_jobs.decided

    def taken_over(*args, **options):
        Job.objects.update(token=99)
        return decided(*args, **options)

    monkeypatch.setattr(faces_jobs, "decided", taken_over)
    faces_jobs.enqueue_watch(scene.upload)
    jobs.work_off(limit=1)
    assert not FaceTrack.objects.exists() and heads(scene) == []


def test_a_worker_that_lost_its_lease_counts_no_heads(scene, monkeypatch):
    monkeypatch.setattr(faces_jobs, "PART_SECONDS", 100.0)
    found = scene.engine.faces

    def taken_over(picture):
        Job.objects.update(token=99)
        return found(picture)

    monkeypatch.setattr(scene.engine, "faces", taken_over)
    faces_jobs.enqueue_watch(scene.upload)
    jobs.work_off(limit=1)
    assert heads(scene) == []


def test_not_this_person_holds_although_the_recording_is_watched_again(scene):
    remember(scene, scene.she)
    watch(scene)
    track = FaceTrack.objects.get(enrolment=scene.she)
    PresenceWord.objects.create(
        dossier=scene.upload.dossier,
        upload=scene.upload,
        enrolment=scene.she,
        track=track.uuid,
        spans=[[track.start, track.end]],
        place=track.sightings[0][1:5],
        verdict="is_not",
        made_by=scene.by,
    )
    watch(scene)
    assert not FaceTrack.objects.filter(uuid=track.uuid).exists()
    assert presence_of([scene.upload.pk])[scene.upload.pk].people[scene.she.pk].spans == ()


def test_an_index_asks_for_presence_once_however_often_it_is_made(scene):
    indexed = IndexedRecording.objects.get()
    for _again in range(3):
        recording_index_made.send(sender=IndexedRecording, indexed=indexed)
    assert Job.objects.filter(kind=faces_jobs.WATCH).count() == 1
    assert faces_jobs.enqueue_watches(scene.upload.dossier) == 0


def test_with_the_null_engine_and_for_a_withdrawn_file_nothing_is_looked_at(scene, settings):
    settings.FACE_ENGINE = "null"
    watch(scene)
    settings.FACE_ENGINE = "coloured"
    Upload.objects.update(withdrawn_at=timezone.now())
    watch(scene)
    assert heads(scene) == []


def test_templates_past_their_day_name_nobody(scene):
    row = remember(scene, scene.she)
    FaceTemplate.objects.filter(pk=row.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    watch(scene)
    assert scene.engine.remembered == 0 and not PresenceFound.objects.exists()


def test_the_jobs_arguments_are_identifiers_alone(scene):
    queued = faces_jobs.enqueue_watch(scene.upload)
    assert queued.arguments == {"upload": str(scene.upload.uuid)}
    assert uuid.UUID(queued.subject) == scene.upload.dossier.uuid
