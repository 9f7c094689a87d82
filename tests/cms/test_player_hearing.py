"""What the bureau hears at the player of what the institution said: as it was handed in, and nothing said since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cms.rows.player import PlayerPage
from dossiers.models import PresenceWord
from tests import factories as make
from tests import watched_lessons as lessons
from tests.cms.at_the_player import make_morning
from tests.watched_lessons import MORNING

pytestmark = pytest.mark.django_db


def test_the_bureau_hears_words_on_faces_and_the_clock_as_they_were_handed_in():
    dossier = make.make_dossier(trainees=4)
    make.make_session(dossier)
    clerk = make.make_account("clerk", institution=dossier.custodian)
    upload = make_morning(dossier, clerk)
    present = dossier.enrolments.first()
    track = upload.face_tracks.filter(enrolment=present).first()
    lessons.hand_in(dossier, upload, session=dossier.sessions.get())
    handed_in, later = dossier.progress.handed_in_at, timezone.now() + timedelta(hours=1)
    told = {"dossier": dossier, "upload": upload, "track": track.uuid, "spans": [[track.start, track.end]]}
    PresenceWord.objects.create(
        verdict="is",
        enrolment=present,
        made_by=clerk,
        made_at=handed_in - timedelta(days=1),
        superseded_at=later,
        **told,
    )
    PresenceWord.objects.create(verdict="is_not", enrolment=present, made_by=clerk, made_at=later, **told)
    read = upload.clocks.get()
    upload.clocks.update(made_at=handed_in - timedelta(days=1), superseded_at=later)
    lessons.set_clock(upload, MORNING + timedelta(hours=2), basis="aligned", made_by=clerk, made_at=later)
    theirs = PlayerPage(dossier, make.make_account("reviewer"), upload)
    assert [one.confirmed for one in theirs.presence.people[present.pk].spans] == [True]
    assert theirs.clock_row == read
    assert [one.recording.begins for one in theirs.attendance.watched] == [MORNING]
    own = PlayerPage(dossier, clerk, upload)
    assert own.presence.people[present.pk].spans == ()
    assert own.clock.begins == MORNING + timedelta(hours=2)
