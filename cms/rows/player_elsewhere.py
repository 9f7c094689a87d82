"""Where else a recording leads: the ones before and after it, and the same recording in another lesson or class."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from cms.rows.player_time import Axis, Seekable, carried, lasting
from dossiers.models import Account, DossierPage, RecordingClock, Upload
from dossiers.permissions import visible_dossiers, visible_uploads
from media_processing.models import SharedStretch

Row = tuple[int, UUID, str, datetime]


@dataclass(frozen=True)
class Neighbour:
    """The recording before or after this one."""

    url: str
    label: str


@dataclass(frozen=True)
class SharedRow(Seekable):
    """A stretch that stands in another recording as well; `url` only where the viewer may see that one."""

    text: str
    at: float
    url: str = ""


def shared_rows(dossier: DossierPage, viewer: Account, upload: Upload, axis: Axis) -> list[SharedRow]:
    """The same recording elsewhere; of a class that one may not see only that there is one."""
    rows = SharedStretch.objects.filter(Q(first=upload) | Q(again=upload))
    found = list(rows.select_related("first", "again"))
    pairs = [(one, one.again if one.first_id == upload.pk else one.first) for one in found]
    pairs = [(one, other) for one, other in pairs if other.withdrawn_at is None]
    seen = (
        visible_uploads(viewer)
        .filter(pk__in=[other.pk for _one, other in pairs])
        .values_list("pk", "dossier")
    )
    where = dict(seen) if pairs else {}
    dossiers = visible_dossiers(viewer).in_bulk(set(where.values())) if where else {}
    return [
        _shared(one, other, upload, axis, dossier, dossiers.get(where.get(other.pk, 0)))
        for one, other in pairs
    ]


def _shared(
    one: SharedStretch,
    other: Upload,
    upload: Upload,
    axis: Axis,
    here_in: DossierPage,
    there_in: DossierPage | None,
) -> SharedRow:
    is_first = one.first_id == upload.pk
    here, there = (one.first_start, one.again_start) if is_first else (one.again_start, one.first_start)
    text = gettext("%(here)s 起的 %(length)s 与%(where)s相同（按%(how)s）") % {
        "here": axis.stamp(here),
        "length": lasting(one.seconds),
        "where": _where(other, here_in, there_in),
        "how": one.get_how_display(),
    }
    url = f"{there_in.screen('player', other.uuid)}?t={carried(there)}" if there_in else ""
    return SharedRow(text, here, url)


def _where(other: Upload, here_in: DossierPage, there_in: DossierPage | None) -> str:
    if there_in is None:
        return gettext("另一班次的一段录像")
    if there_in.pk == here_in.pk:
        return gettext("本班的“%(file)s”") % {"file": other.file_name}
    return gettext("%(class_no)s 班的一段录像") % {"class_no": there_in.class_no}


def neighbours(
    dossier: DossierPage, viewer: Account, upload: Upload
) -> tuple[Neighbour | None, Neighbour | None]:
    """The recordings before and after, by the clock, else by when they came."""
    rows = visible_uploads(viewer).filter(dossier=dossier, medium=Upload.Medium.RECORDING, withdrawn_at=None)
    found: list[Row] = list(
        rows.exclude(state=Upload.State.UNREADABLE).values_list("pk", "uuid", "file_name", "received_at")
    )
    clocks = RecordingClock.objects.filter(upload__dossier=dossier, superseded_at=None)
    began = dict(clocks.values_list("upload", "begins_at"))
    ordered = sorted(found, key=lambda row: (began.get(row[0], row[3]), row[0]))
    at = next((place for place, row in enumerate(ordered) if row[0] == upload.pk), None)
    if at is None:
        return None, None
    before = _neighbour(dossier, ordered[at - 1]) if at else None
    after = _neighbour(dossier, ordered[at + 1]) if at + 1 < len(ordered) else None
    return before, after


def _neighbour(dossier: DossierPage, row: Row) -> Neighbour:
    return Neighbour(dossier.screen("player", row[1]), row[2])
