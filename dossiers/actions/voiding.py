"""A new version of the papers voids the verdicts given on the old ones."""

from collections.abc import Iterable

from django.utils import timezone

from dossiers.models import DossierPage, ItemRecord, PointVerdict


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
