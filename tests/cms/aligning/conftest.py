"""A morning's class and its desk, as the tests of sessions have them."""

from tests.cms.test_sessions import clerk, desk, dossier, morning

__all__ = ["clerk", "desk", "dossier", "morning"]
