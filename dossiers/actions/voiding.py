"""A new version of the papers voids the verdicts given on the old ones."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from dossiers.models import DossierPage, ItemRecord, PointVerdict, ReturnNote


def void_verdicts(dossier: DossierPage, item_ids: Iterable[str]) -> None:
    """Void every live tick and excuse on these items; a return stays until its page is replaced or answered."""
    now = timezone.now()
    records = ItemRecord.objects.filter(dossier=dossier, item_id__in=list(item_ids))
    PointVerdict.objects.filter(record__in=records, voided_at=None).exclude(
        verdict=PointVerdict.Verdict.RETURNED
    ).update(voided_at=now)
    for record in records.exclude(verdict=ItemRecord.Verdict.NONE).select_for_update():
        if record.verdict == ItemRecord.Verdict.TICKED:
            record.verdict, record.voided_at = ItemRecord.Verdict.NONE, now
        record.version += 1
        record.save(update_fields=["verdict", "voided_at", "version"])


def void_returned_points(notes: Iterable[ReturnNote]) -> None:
    """A return that was mended or answered leaves its point open: the reviewer judges the new papers afresh."""
    for note in notes:
        _returned(note).filter(voided_at=None).update(voided_at=timezone.now())


def restore_returned_points(notes: Iterable[ReturnNote]) -> None:
    """A return that is open again stands on its point again, unless somebody judged the point meanwhile."""
    for note in notes:
        last = _returned(note).order_by("-given_at", "-pk").first()
        points = PointVerdict.objects.filter(record_id=note.record_id, point_id=note.point_id, voided_at=None)
        if last is not None and not points.exists():
            PointVerdict.objects.filter(pk=last.pk).update(voided_at=None)


def _returned(note: ReturnNote) -> QuerySet[PointVerdict]:
    """The return verdicts on the point the note is about; none where it is about the whole item."""
    rows = PointVerdict.objects.filter(record_id=note.record_id, verdict=PointVerdict.Verdict.RETURNED)
    return rows.filter(point_id=note.point_id) if note.point_id else rows.none()
