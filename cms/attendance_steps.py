"""The last words a person gave on attendance in this session, so that she can take them back in turn."""

from collections.abc import Iterable

from django.http import HttpRequest

from dossiers.actions import attendance
from dossiers.exceptions import NotReady
from dossiers.models import AttendanceWord, DossierPage
from dossiers.sentences import gettext_noop, sentence

KEY, KEPT = "attendance_steps", 20


def remember(request: HttpRequest, dossier: DossierPage, made: Iterable[AttendanceWord]) -> None:
    """Keep the words of one step on top; the oldest step falls off."""
    held = request.session.get(KEY, {})
    step = [str(one.uuid) for one in made]
    held[str(dossier.pk)] = [*held.get(str(dossier.pk), []), step][-KEPT:]
    request.session[KEY] = held


def undoable(request: HttpRequest, dossier: DossierPage) -> bool:
    """Whether there is a step to take back."""
    return bool(request.session.get(KEY, {}).get(str(dossier.pk)))


def undo_last(request: HttpRequest, dossier: DossierPage) -> AttendanceWord:
    """Take the last step back; returns one of its words. A step that cannot be undone stays told and gone."""
    held = request.session.get(KEY, {})
    steps = held.get(str(dossier.pk), [])
    wanted = steps.pop() if steps else []
    request.session[KEY] = held
    words = list(dossier.attendance_words.filter(uuid__in=wanted))
    if not words or len(words) != len(wanted):
        raise NotReady(sentence("nothing_to_undo", gettext_noop("没有可以撤销的步骤。")))
    attendance.unsettle(dossier, words, by=request.user)
    return words[0]
