"""The dossier's log: one entry a change, each bound to the one before by SHA-256."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from dossiers.models import Account, DossierPage, HistoryEntry, Progress


def link(
    *, dossier: str, seq: int, at: datetime, actor: str, action: str, facts: dict, previous_hash: str
) -> str:
    """The hash of one entry: SHA-256 of its canonical JSON, the previous hash inside."""
    told = {
        "dossier": dossier,
        "seq": seq,
        "at": at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds"),
        "actor": actor,
        "action": action,
        "facts": facts,
        "previous": previous_hash,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(
    dossier: DossierPage, progress: Progress, *, by: Account | None, label: str = "", action: str, facts: dict
) -> HistoryEntry:
    """Write the next entry and move the head; the caller holds the progress row's lock and saves it."""
    seq = progress.history_length + 1
    at = timezone.now()
    actor_label = by.full_name if by else label
    entry = HistoryEntry.objects.create(
        dossier=dossier,
        seq=seq,
        at=at,
        actor=by,
        actor_label=actor_label,
        action=action,
        facts=facts,
        previous_hash=progress.history_head,
        hash=link(
            dossier=str(dossier.uuid),
            seq=seq,
            at=at,
            actor=str(by.uuid) if by else label,
            action=action,
            facts=facts,
            previous_hash=progress.history_head,
        ),
    )
    progress.history_length = seq
    progress.history_head = entry.hash
    return entry


def breaks(dossier: DossierPage, entries: Iterable[HistoryEntry], progress: Progress) -> list[int]:
    """The seqs at which the chain is broken: a byte flipped, an entry gone, moved, or cut off the end."""
    broken: list[int] = []
    previous, expected = "", 1
    for entry in entries:
        told = link(
            dossier=str(dossier.uuid),
            seq=entry.seq,
            at=entry.at,
            actor=str(entry.actor.uuid) if entry.actor else entry.actor_label,
            action=entry.action,
            facts=entry.facts,
            previous_hash=entry.previous_hash,
        )
        if entry.seq != expected or entry.previous_hash != previous or entry.hash != told:
            broken.append(entry.seq)
        previous, expected = entry.hash, entry.seq + 1
    if expected - 1 != progress.history_length or previous != progress.history_head:
        broken.append(progress.history_length)
    return broken
