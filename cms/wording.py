"""Sentences of the pure rooms, said in the reader's language."""

from django.utils.translation import gettext

from dossiers.sentences import Sentence
from dossiers.states import DOSSIER_STATE_NAMES, DossierState


def say(told: Sentence | str) -> str:
    """A sentence of the pure rooms, in the reader's language."""
    if isinstance(told, Sentence):
        params = {
            name: gettext(value) if isinstance(value, str) and value else value
            for name, value in told.params.items()
        }
        return gettext(told.template) % params if params else gettext(told.template)
    return gettext(told) if told else ""


def state_name(state: str) -> str:
    """A dossier's state in the reader's language."""
    return gettext(DOSSIER_STATE_NAMES[DossierState(state)])
