"""The last steps a person took in a player, so that she can take them back in turn."""

from django.http import HttpRequest

from dossiers.actions import attendance, presence
from dossiers.exceptions import NotReady
from dossiers.models import AttendanceWord, DossierPage, KeptFrame, Upload
from dossiers.sentences import gettext_noop, sentence

KEY, KEPT = "player_steps", 20
WORDS, KEPT_FRAME, DROPPED_FRAME, CELLS = "words", "kept", "dropped", "cells"


def remember(request: HttpRequest, upload: Upload, kind: str, names: list[str]) -> None:
    """Keep what one step wrote on top; the oldest step falls off. `names` are UUIDs, of cells primary keys."""
    held = request.session.get(KEY, {})
    mine = held.get(str(upload.uuid), [])
    held[str(upload.uuid)] = [*mine, [kind, names]][-KEPT:]
    request.session[KEY] = held


def undoable(request: HttpRequest, upload: Upload) -> bool:
    """Whether there is a step to take back."""
    return bool(request.session.get(KEY, {}).get(str(upload.uuid)))


def undo_last(request: HttpRequest, dossier: DossierPage, upload: Upload) -> None:
    """Take the last step back. A step that cannot be undone stays told and gone."""
    held = request.session.get(KEY, {})
    steps = held.get(str(upload.uuid), [])
    if not steps:
        raise NotReady(sentence("nothing_to_undo", gettext_noop("没有可以撤销的步骤。")))
    kind, names = steps.pop()
    request.session[KEY] = held
    if kind == WORDS:
        presence.take_back_words(upload, names, by=request.user)
    elif kind == CELLS:
        words = AttendanceWord.objects.filter(dossier=dossier, pk__in=names)
        attendance.unsettle(dossier, words, by=request.user)
    else:
        _frame(request, upload, kind, names[0])


def _frame(request: HttpRequest, upload: Upload, kind: str, name: str) -> None:
    frame = KeptFrame.objects.select_related("upload__dossier").get(upload=upload, uuid=name)
    if kind == KEPT_FRAME:
        presence.drop_frame(frame, by=request.user)
    else:
        presence.take_frame_up(frame, by=request.user)
