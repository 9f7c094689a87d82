"""A lesson under supervision, as the tests of the log have it."""

from tests.cms.test_supervision import dossier, lesson, reviewer, room, school

__all__ = ["dossier", "lesson", "reviewer", "room", "school"]
