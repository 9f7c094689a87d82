"""Recordings handed to the attendance of a class: those this viewer may see, by the wall clock, and who was found in them.

A recording that waits in the tray, whose clock nobody knows closely, or in which no face was ever looked for, speaks of
nobody and is left out.
"""

from collections.abc import Iterable

from django.db.models import Q

from dossiers.attendance import Attendance, Shown, Watched
from dossiers.coverage import Clocked
from dossiers.models import Account, DossierPage, RecordingClock, Sheet, Upload
from dossiers.permissions import institution_heard, visible_uploads
from dossiers.recordings import CLOSE_SECONDS, clocks_heard
from media_processing.models import IndexedRecording
from media_processing.presence_of import RecordingPresence, Seen, presence_of


def attendance_of(dossier: DossierPage, viewer: Account) -> Attendance:
    """The attendance of a class with all that its recordings show to this viewer."""
    return Attendance(dossier, viewer, watched(dossier, viewer))


def watched(dossier: DossierPage, viewer: Account) -> tuple[Watched, ...]:
    """Six queries, however many recordings."""
    clocks = list(_clocks(dossier, viewer))
    if not clocks:
        return ()
    uploads = [clock.upload_id for clock in clocks]
    counted = _counted(uploads)
    found = presence_of(uploads, heard=words_on_faces(dossier, viewer))
    return tuple(
        Watched(_clocked(clock), _people(found[clock.upload_id]))
        for clock in clocks
        if clock.upload_id in counted or found[clock.upload_id].people
    )


def words_on_faces(dossier: DossierPage, viewer: Account) -> Q:
    """Her own side's words; the bureau hears the institution's beside its own, as they were handed in."""
    theirs = Q(by_bureau=False) & institution_heard(viewer, dossier)
    return theirs | Q(by_bureau=True, superseded_at=None) if viewer.is_of_bureau else theirs


def _clocks(dossier: DossierPage, viewer: Account) -> Iterable[RecordingClock]:
    seen = visible_uploads(viewer).filter(
        dossier=dossier,
        medium=Upload.Medium.RECORDING,
        withdrawn_at__isnull=True,
        sheets__state=Sheet.State.FILED,
    )
    clocks = clocks_heard(seen.values("pk"), viewer, dossier).values()
    close = (clock for clock in clocks if clock.within_seconds <= CLOSE_SECONDS)
    return sorted(close, key=lambda clock: clock.begins_at)


def _counted(uploads: Iterable[int]) -> frozenset[int]:
    """Recordings in which heads were counted, whether or not anybody was named."""
    rows = IndexedRecording.objects.filter(upload__in=uploads).exclude(heads=[])
    return frozenset(rows.values_list("upload_id", flat=True))


def _clocked(clock: RecordingClock) -> Clocked:
    upload = clock.upload
    length = upload.duration_seconds or (upload.probe.duration_seconds if hasattr(upload, "probe") else 0.0)
    return Clocked(upload.uuid, clock.begins_at, length, clock.rate)


def _people(found: RecordingPresence) -> dict[int, Shown]:
    return {person: _shown(seen) for person, seen in found.people.items()}


def _shown(seen: Seen) -> Shown:
    return Shown(
        spans=tuple((span.start, span.end, span.confirmed) for span in seen.spans),
        verifiable=tuple((start, end) for start, end in seen.verifiable),
    )
