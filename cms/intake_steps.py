"""The last steps a person took in a tray, so that she can take them back in turn, each to how the pages lay before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from dossiers.actions import cutting, ledger, papers, recordings
from dossiers.actions.papers import Paper
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, Filing, RecordingClock, Sheet
from dossiers.sentences import gettext_noop, sentence
from ingestion import pieces

KEY, KEPT = "tray_steps", 30


@dataclass(frozen=True)
class Step:
    """One step: what was done, to which sheets (UUIDs), how they lay in the tray before, where they were filed."""

    what: str
    sheets: tuple[str, ...]
    papers: tuple[Paper, ...] = ()
    place: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, what: str, sheets: Iterable[Sheet], lay: Iterable[Paper] = (), **place: str) -> "Step":
        return cls(what, tuple(str(sheet.uuid) for sheet in sheets), tuple(lay), place)

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "sheets": list(self.sheets),
            "papers": [paper.as_json() for paper in self.papers],
            "place": self.place,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Step":
        lay = tuple(Paper.from_json(paper) for paper in kept["papers"])
        return cls(kept["what"], tuple(kept["sheets"]), lay, dict(kept["place"]))


def remember(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    """Keep the step on top; the oldest falls off."""
    held = request.session.get(KEY, {})
    held[str(dossier.pk)] = [*_kept(held, dossier), step.as_json()][-KEPT:]
    request.session[KEY] = held


def undoable(request: HttpRequest, dossier: DossierPage) -> bool:
    """Whether there is a step to take back."""
    return bool(_kept(request.session.get(KEY, {}), dossier))


def undo_last(request: HttpRequest, dossier: DossierPage) -> str:
    """Take the last step back; returns the sheet to look at. A step that cannot be undone stays told and gone.

    A cut stays: what is filed of it can be taken back, and nothing else puts the page together.
    """
    held = request.session.get(KEY, {})
    steps = _kept(held, dossier)
    if not steps:
        raise NotReady(sentence("nothing_to_undo", gettext_noop("没有可以撤销的步骤。")))
    step = Step.from_json(steps.pop())
    if step.what != "cut":
        held[str(dossier.pk)] = steps
        request.session[KEY] = held
    with transaction.atomic():
        UNDO[step.what](request, dossier, step)
        _lay_again(request, dossier, step.papers)
    held[str(dossier.pk)] = steps
    request.session[KEY] = held
    return step.sheets[0] if step.sheets else ""


def _kept(held: dict[str, Any], dossier: DossierPage) -> list[dict[str, Any]]:
    """Steps as this version writes them; those of an earlier one are forgotten."""
    return [step for step in held.get(str(dossier.pk), []) if isinstance(step, dict)]


def _lay_again(request: HttpRequest, dossier: DossierPage, lay: Sequence[Paper]) -> None:
    if lay:
        papers.arrange(dossier, lay, by=request.user, action=papers.RESTORE)


def _unfile(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    ledger.unfile_many(dossier, _filed(dossier, step), by=request.user)


def _refile(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    """Back to where they were filed: what was moved or taken out, without the pages that were put behind it."""
    filings = _filed(dossier, step)
    if filings:
        ledger.unfile_many(dossier, filings, by=request.user)
    place = step.place
    ledger.file_sheets(
        dossier,
        _sheets(dossier, step),
        by=request.user,
        item_id=place["item_id"],
        part=place["part"],
        enrolment=dossier.enrolments.filter(uuid=place["enrolment"]).first() if place["enrolment"] else None,
        session=dossier.sessions.filter(uuid=place["session"]).first() if place["session"] else None,
        kind=place["kind"],
        replaces=_stepped_forward(dossier, place.get("replaces", "")),
    )


def _stepped_forward(dossier: DossierPage, named: str) -> Filing | None:
    """What the paper had replaced, where taking it out brought that forward."""
    return dossier.filings.filter(uuid=named, state=Filing.State.FILED).first() if named else None


def _put_back(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    for sheet in _sheets(dossier, step):
        ledger.put_back(sheet, by=request.user)


def _discard_again(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    for sheet in _sheets(dossier, step):
        ledger.discard(sheet, by=request.user)


def _turn_back(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    for sheet in _sheets(dossier, step):
        ledger.turn(sheet, by=request.user, degrees=270)


def _put_together(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    for page in _sheets(dossier, step):
        cutting.put_together(page, by=request.user)
        pieces.put_together(page)


def _align_back(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    clock = RecordingClock.objects.filter(
        upload__uuid=step.place["upload"], upload__dossier=dossier, superseded_at=None
    ).first()
    if clock is None:
        raise NotReady(sentence("nothing_to_undo", gettext_noop("没有可以撤销的步骤。")))
    clock.upload.dossier = dossier
    recordings.take_back(clock, by=request.user)


def _nothing_more(request: HttpRequest, dossier: DossierPage, step: Step) -> None:
    """The pages only lay otherwise before."""


def _sheets(dossier: DossierPage, step: Step) -> list[Sheet]:
    """The step's sheets in its order."""
    rows = dossier.sheets.select_related("upload__blob", "dossier__progress").filter(uuid__in=step.sheets)
    found = {str(sheet.uuid): sheet for sheet in rows}
    return [found[uuid] for uuid in step.sheets if uuid in found]


def _filed(dossier: DossierPage, step: Step) -> list[Filing]:
    rows = dossier.filings.filter(state=Filing.State.FILED, places__sheet__uuid__in=step.sheets)
    return list(rows.distinct().order_by("id"))


UNDO: dict[str, Callable[[HttpRequest, DossierPage, Step], None]] = {
    "file": _unfile,
    "move": _refile,
    "discard": _put_back,
    "put_back": _discard_again,
    "turn": _turn_back,
    "cut": _put_together,
    "route": _put_back,
    "papers": _nothing_more,
    "align": _align_back,
}
