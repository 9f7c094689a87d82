"""Clients for tests of screens: somebody already at her desk, and a class as the database now has it."""

from django.test import Client

from dossiers.models import Account, DossierPage
from tests import factories as make


def client_of(account: Account) -> Client:
    """A browser in which this account is logged in."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def a_class(trainees: int = 3, **facts) -> tuple[DossierPage, Client]:
    """A class, and the clerk who keeps its dossier."""
    dossier = DossierPage.objects.get(pk=make.make_dossier(trainees=trainees, **facts).pk)
    return dossier, client_of(make.make_account("clerk", institution=dossier.custodian))
