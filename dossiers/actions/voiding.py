"""A new version of the papers voids the verdicts given on the old ones."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from dossiers.ledgers import ReviewPoint
from dossiers.models import DossierPage, Filing, ItemRecord, PointVerdict, ReturnNote
from dossiers.standing import digest_of, ledger_of, papers_of


def void_verdicts(dossier: DossierPage, item_ids: Iterable[str]) -> None:
    """Void the live ticks and excuses on these items whose papers are not those they were given on any more.

    A point that is about other parts of its item keeps its verdict; a return stays until its page is replaced
    or answered. The item itself is no longer ticked off: somebody looks at what is new.
    """
    now = timezone.now()
    records = ItemRecord.objects.filter(dossier=dossier, item_id__in=list(item_ids))
    live = PointVerdict.objects.filter(record__in=records, voided_at=None).select_related("record__dossier")
    gone = [row.pk for row in live.exclude(verdict=PointVerdict.Verdict.RETURNED) if _lost_its_papers(row)]
    PointVerdict.objects.filter(pk__in=gone).update(voided_at=now)
    for record in records.exclude(verdict=ItemRecord.Verdict.NONE).select_for_update():
        if record.verdict == ItemRecord.Verdict.TICKED:
            record.verdict, record.voided_at = ItemRecord.Verdict.NONE, now
        record.version += 1
        record.save(update_fields=["verdict", "voided_at", "version"])


def _lost_its_papers(row: PointVerdict) -> bool:
    ledger = ledger_of(row.record.dossier)
    point = ledger.item(row.record.item_id).point(row.point_id) if ledger.has(row.record.item_id) else None
    return point is None or _digest_now(row.record, point) != row.sha256


def _digest_now(record: ItemRecord, point: ReviewPoint) -> str:
    """Over what the institution has filed for this point, handed in or not."""
    filed = Filing.objects.filter(
        dossier_id=record.dossier_id, item_id=record.item_id, state=Filing.State.FILED
    )
    return digest_of(papers_of(point, filed))


def void_returned_points(notes: Iterable[ReturnNote]) -> None:
    """A return that was mended or answered leaves its point open: the reviewer judges the new papers afresh.

    Where another page is still returned on the same point, the point stays returned.
    """
    for note in notes:
        others = ReturnNote.objects.filter(
            record_id=note.record_id, point_id=note.point_id, settled_at=None
        ).exclude(pk=note.pk)
        if not others.exists():
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
