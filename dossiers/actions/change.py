"""One change of one dossier: lock, check, change, log, in one transaction."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from dossiers import history
from dossiers.exceptions import MoveRefused, NotAllowed
from dossiers.models import Account, DossierPage, Progress
from dossiers.permissions import Act, may
from dossiers.sentences import gettext_noop, sentence
from dossiers.states import DOSSIER_STATE_NAMES, DossierState


@dataclass
class Change:
    """What an action holds while it works: the locked progress and the facts that go into the log."""

    dossier: DossierPage
    progress: Progress
    by: Account | None
    facts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def change(
    dossier: DossierPage,
    *,
    by: Account | None,
    act: Act | None,
    action: str,
    states: Collection[str] | None = None,
    label: str = "",
    **facts: Any,
) -> Iterator[Change]:
    """Lock the dossier's progress, check permission and state, let the caller change rows, then log once.

    `by` is None only for machines, which are named by `label`. `facts` holds identifiers and counts, never an
    ID number. Raises NotAllowed or MoveRefused before anything is changed; any error rolls everything back.
    """
    with transaction.atomic():
        progress = Progress.objects.select_for_update().get(dossier=dossier)
        dossier.progress = progress
        if by is not None and act is not None and not may(by, act, dossier):
            raise NotAllowed(act)
        if states is not None:
            require_state(progress.state, states)
        held = Change(dossier, progress, by, dict(facts))
        yield held
        history.append(dossier, progress, by=by, label=label, action=action, facts=held.facts)
        progress.version += 1
        progress.save()


def require_state(state: str, allowed: Collection[str]) -> None:
    """Refuse with the present state and the states in which this can be done."""
    if state not in allowed:
        raise MoveRefused(
            sentence(
                "wrong_state_for_change",
                gettext_noop("案卷现为“%(state)s”，这一步只在“%(allowed)s”时可以做。请刷新后再看。"),
                state=DOSSIER_STATE_NAMES[DossierState(state)],
                allowed="、".join(DOSSIER_STATE_NAMES[DossierState(one)] for one in allowed),
            )
        )
