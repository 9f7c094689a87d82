"""What watching a recording came to, written down as evidence: spans and boxes of the consenting, strangers without a name.

No template is written. Whoever withdrew while the recording was being watched is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from dossiers.consents import FACE, consenting
from dossiers.models import Progress, Upload
from foundation.jobs import Run
from media_processing.models import FaceTrack, IndexedRecording, PresenceFound
from media_processing.presence import Presence, Unknown
from media_processing.sightings import Sample, Sighting
from media_processing.tracks import Stretch
from media_processing.watching import Watched

SIZE = tuple[int, int]  # width and height of the pictures, in pixels


@dataclass(frozen=True)
class Heads:
    """How many faces at which second: a count, nobody's."""

    counted: tuple[tuple[float, int], ...]

    @classmethod
    def in_samples(cls, samples: Iterable[Sample]) -> "Heads":
        return cls(tuple((one.seconds, len(one.sightings)) for one in samples if not one.blind))


def keep_heads(upload: Upload, heads: Heads, engine: str) -> None:
    """Beside the index, as it needs nobody's consent."""
    indexed = IndexedRecording.objects.filter(upload=upload).first()
    if indexed is None:
        return
    indexed.heads = [[round(at, 2), count] for at, count in heads.counted]
    indexed.engines = [*(one for one in indexed.engines if not _is_of_faces(one)), f"faces: {engine}"]
    indexed.save(update_fields=["heads", "engines"])


def keep_nobody(run: Run, upload: Upload, heads: Heads, engine: str) -> None:
    """Nobody of the class is remembered: heads alone, and what was taken for anybody before goes."""
    with transaction.atomic():
        run.fence()
        FaceTrack.objects.filter(upload=upload).delete()
        PresenceFound.objects.filter(upload=upload).delete()
        keep_heads(upload, heads, engine)


def keep(
    run: Run, upload: Upload, watched: Watched, heads: Heads, *, size: SIZE, sample_seconds: float
) -> int:
    """Replace what was known of this recording, whole; how many people of the class were seen in it."""
    with transaction.atomic():
        run.fence()
        Progress.objects.select_for_update().get(
            dossier=upload.dossier_id
        )  # against a consent ending just now
        agreed = consenting([int(one.key) for one in watched.attendance.present], FACE)
        present = [one for one in watched.attendance.present if int(one.key) in agreed]
        FaceTrack.objects.filter(upload=upload).delete()
        PresenceFound.objects.filter(upload=upload).delete()
        PresenceFound.objects.bulk_create(
            _found(upload, one, watched, sample_seconds=sample_seconds) for one in present
        )
        tracks = [track for one in present for track in _tracks(upload, one, size)]
        for number, unknown in enumerate(watched.attendance.unknown, start=1):
            tracks += _strangers(upload, unknown, number, size)
        FaceTrack.objects.bulk_create(tracks, batch_size=200)
        keep_heads(upload, heads, f"{watched.engine} {watched.engine_version}")
        return sum(bool(one.spans) for one in present)


def _found(upload: Upload, one: Presence, watched: Watched, *, sample_seconds: float) -> PresenceFound:
    return PresenceFound(
        upload=upload,
        enrolment_id=int(one.key),
        verifiable=[_edges(stretch) for stretch in one.verifiable],
        score=round(one.score, 4),
        engine=watched.engine,
        engine_version=watched.engine_version,
        threshold=watched.threshold,
        sample_seconds=sample_seconds,
    )


def _tracks(upload: Upload, one: Presence, size: SIZE) -> list[FaceTrack]:
    return [
        FaceTrack(
            upload=upload,
            enrolment_id=int(one.key),
            start=round(span.start, 2),
            end=round(span.end, 2),
            score=round(one.score, 4),
            sightings=_boxes(one.sightings, span, size),
        )
        for span in one.spans
    ]


def _strangers(upload: Upload, unknown: Unknown, number: int, size: SIZE) -> list[FaceTrack]:
    return [
        FaceTrack(
            upload=upload,
            group=number,
            start=round(span.start, 2),
            end=round(span.end, 2),
            sightings=_boxes(unknown.sightings, span, size),
        )
        for span in unknown.spans
    ]


def _boxes(sightings: Sequence[Sighting], span: Stretch, size: SIZE) -> list[list[float]]:
    """Second, left, top, width, height in fractions of the picture, and how sure the engine is of the face."""
    width, height = size
    return [
        [
            round(one.seconds, 2),
            *(
                round(edge, 4)
                for edge in (
                    one.face.box.left / width,
                    one.face.box.top / height,
                    one.face.box.width / width,
                    one.face.box.height / height,
                )
            ),
            round(one.face.score, 3),
        ]
        for one in sightings
        if span.start <= one.seconds <= span.end
    ]


def _edges(stretch: Stretch) -> list[float]:
    return [round(stretch.start, 2), round(stretch.end, 2)]


def _is_of_faces(engine: object) -> bool:
    return str(engine).startswith("faces: ")
