"""What the shell of every page needs to know."""

from django.http import HttpRequest

from dossiers.permissions import Act, acts_of


def shell(request: HttpRequest) -> dict:
    """Who is here and which doors of the top bar she has."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"acts": frozenset()}
    return {"acts": acts_of(user), "Act": Act}
