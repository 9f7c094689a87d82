"""What the attacks share: no engine reads, and the returned paper of the tests of mending."""

import pytest

from tests.dossiers.test_mending import clerk, dossier, reviewer, school

__all__ = ["clerk", "dossier", "reviewer", "school"]


@pytest.fixture(autouse=True)
def null_engine(settings):
    settings.OCR_ENGINE = "null"
