"""The doors of every screen: who may enter, and how a refusal is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from cms.wording import say
from dossiers.exceptions import NotAllowed, Refused
from dossiers.models import DossierPage
from dossiers.permissions import Act, acts_of, may, visible_dossiers
from foundation.errors import FoundationError

View = Callable[..., HttpResponse]


def screen(act: Act) -> Callable[[View], View]:
    """A screen of one dossier: log-in first, then 404 unless this person may do `act` to it.

    The page found by its address is read again through `visible_dossiers`, so that scope is asked of the
    database and everything a screen's header needs is joined.
    """

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def entered(request: HttpRequest, page: DossierPage, *args, **kwargs) -> HttpResponse:
            dossier = visible_dossiers(request.user).filter(pk=page.pk).first()
            if dossier is None or not may(request.user, act, dossier):
                raise Http404
            request.dossier = dossier
            with as_404():
                return view(request, dossier, *args, **kwargs)

        entered.act = act  # the permission table reads what each screen asks
        return entered

    return guard


def site_view(act: Act | None) -> Callable[[View], View]:
    """An address outside the dossiers: log-in first, then 404 unless this person's role has `act`."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def entered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if act is not None and act not in acts_of(request.user):
                raise Http404
            with as_404():
                return view(request, *args, **kwargs)

        entered.act = act
        return entered

    return guard


@contextmanager
def as_404() -> Iterator[None]:
    """What one may not do looks like what does not exist."""
    try:
        yield
    except NotAllowed as refused:
        raise Http404 from refused


class Refusals:
    """What was refused while a view worked; truthy when something was."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.status = 200

    def __bool__(self) -> bool:
        return bool(self.told)


@contextmanager
def refusals(request: HttpRequest) -> Iterator[Refusals]:
    """Turn a refusal into messages on the page; the view looks at `.status` (409 or 422) and renders afresh.

    with refusals(request) as refused:
        ledger.confirm(filing, by=request.user)
    if refused: return render(..., status=refused.status)
    """
    held = Refusals()
    try:
        yield held
    except Refused as refused:
        held.told = [say(reason) for reason in refused.reasons]
        held.status = 409 if type(refused).__name__ == "Overtaken" else 422
    except FoundationError as refused:
        held.told, held.status = [refused.text], 422
    for text in held.told:
        messages.error(request, text)
