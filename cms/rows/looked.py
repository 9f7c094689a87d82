"""How far the first look at a recording has come: whether it plays is known, or that it waits, or why it does not."""

from collections.abc import Sequence
from enum import StrEnum

from dossiers.models import DossierPage, Upload
from foundation.models import Job
from media_processing.jobs import INDEX
from media_processing.models import RecordingProbe


class Looked(StrEnum):
    """How far the first look at a recording has come, and what it showed."""

    NOT_YET = "not_yet"
    UNDER_WAY = "under_way"
    BROKEN = "broken"
    MUTE = "mute"  # no browser plays it
    PLAYS = "plays"


def looked_at(dossier: DossierPage, uploads: Sequence[Upload]) -> dict[int, Looked]:
    """By upload, of one dossier."""
    plays = {
        probe.upload_id: Looked.PLAYS if probe.is_playable else Looked.MUTE
        for probe in RecordingProbe.objects.filter(upload__in=uploads)
    }
    begun = Job.objects.filter(subject=str(dossier.uuid), kind=INDEX, state=Job.State.LEASED)
    under_way = {job.arguments.get("upload") for job in begun}
    without = {
        upload.pk: Looked.BROKEN
        if upload.state == Upload.State.UNREADABLE
        else Looked.UNDER_WAY
        if str(upload.uuid) in under_way
        else Looked.NOT_YET
        for upload in uploads
    }
    return without | plays
