"""check_integrity's own proof, with what dossiers add to it."""

import pytest

from dossiers.models import DossierPage, Filing, HistoryEntry
from foundation import integrity

pytestmark = pytest.mark.django_db


def test_every_check_finds_the_fault_planted_for_it_and_nothing_remains():
    proof = integrity.prove()
    assert proof.planted >= 12
    assert proof.blind == ()
    assert (
        not DossierPage.objects.exists() and not Filing.objects.exists() and not HistoryEntry.objects.exists()
    )


def test_a_check_that_sees_nothing_is_told():
    class Blind(type(integrity.checks()[0])):
        code = "blind"

        def faults(self, ground):
            return iter(())

    assert integrity.prove([Blind()]).blind == ("blind",)
