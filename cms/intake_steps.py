"""The last steps a person took in a tray, so that she can take them back in turn."""

from dataclasses import dataclass

from django.http import HttpRequest

from dossiers.actions import ledger
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Filing, Sheet
from dossiers.sentences import gettext_noop, sentence

KEY, KEPT = "tray_steps", 30


@dataclass(frozen=True)
class Step:
    """One step: what was done, and the UUIDs of the filings or of the sheet it was done to."""

    what: str
    uuids: tuple[str, ...]

    def __init__(self, what: str, *uuids: str) -> None:
        object.__setattr__(self, "what", what)
        object.__setattr__(self, "uuids", uuids)


def remember(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    """Keep the step on top; the oldest falls off."""
    held = request.session.get(KEY, {})
    held[str(dossier.pk)] = [*held.get(str(dossier.pk), []), [step.what, *step.uuids]][-KEPT:]
    request.session[KEY] = held


def undoable(request: HttpRequest, dossier: DossierPage) -> bool:
    """Whether there is a step to take back."""
    return bool(request.session.get(KEY, {}).get(str(dossier.pk)))


def undo_last(request: HttpRequest, dossier: DossierPage) -> str:
    """Take the last step back; returns the sheet to look at. A step that cannot be undone stays told and gone."""
    held = request.session.get(KEY, {})
    steps = held.get(str(dossier.pk), [])
    if not steps:
        raise NotReady(sentence("nothing_to_undo", gettext_noop("没有可以撤销的步骤。")))
    what, *uuids = steps.pop()
    request.session[KEY] = held
    return UNDO[what](request, dossier, uuids)


def _unfile(request: HttpRequest, dossier: DossierPage, uuids: list[str]) -> str:
    filings = list(Filing.objects.filter(dossier=dossier, uuid__in=uuids))
    ledger.unfile_many(dossier, filings, by=request.user)
    place = filings[0].places.select_related("sheet").first() if filings else None
    return str(place.sheet.uuid) if place else ""


def _put_back(request: HttpRequest, dossier: DossierPage, uuids: list[str]) -> str:
    ledger.put_back(_sheet(dossier, uuids[0]), by=request.user)
    return uuids[0]


def _turn_back(request: HttpRequest, dossier: DossierPage, uuids: list[str]) -> str:
    ledger.turn(_sheet(dossier, uuids[0]), by=request.user, degrees=270)
    return uuids[0]


def _sheet(dossier: DossierPage, uuid: str) -> Sheet:
    return dossier.sheets.select_related("upload__blob", "dossier__progress").get(uuid=uuid)


UNDO = {"file": _unfile, "discard": _put_back, "turn": _turn_back}
