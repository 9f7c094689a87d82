"""The last words a person gave while verifying, so that she can take them back in turn."""

from collections.abc import Iterable

from django.http import HttpRequest

from dossiers.actions import verification
from dossiers.exceptions import NotReady
from dossiers.models import DossierPage, FieldStatement
from dossiers.sentences import gettext_noop, sentence

KEY, KEPT = "verify_steps", 20


def remember(request: HttpRequest, dossier: DossierPage, made: Iterable[FieldStatement]) -> None:
    """Keep the words of one step on top; the oldest step falls off."""
    held = request.session.get(KEY, {})
    step = [str(one.uuid) for one in made]
    held[str(dossier.pk)] = [*held.get(str(dossier.pk), []), step][-KEPT:]
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
    wanted = steps.pop()
    request.session[KEY] = held
    words = list(dossier.field_statements.filter(uuid__in=wanted).select_related("sheet"))
    if len(words) != len(wanted):
        raise NotReady(sentence("nothing_to_undo", gettext_noop("没有可以撤销的步骤。")))
    verification.take_back(dossier, words, by=request.user)
    return str(words[0].sheet.uuid)
