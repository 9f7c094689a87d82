"""Chores come round, and one that fails stops neither the worker nor the others."""

import logging

import pytest

from foundation import housekeeping


@pytest.fixture
def rounds(monkeypatch):
    held: dict = {}
    monkeypatch.setattr(housekeeping, "_ROUNDS", held)
    return held


def test_a_chore_is_done_at_once_and_again_when_its_time_is_up(rounds):
    done = []
    housekeeping.every(seconds=60)(lambda: done.append(1))
    for now in (100.0, 130.0, 161.0):
        housekeeping.do_what_is_due(now)
    assert len(done) == 2


def test_a_chore_that_fails_is_logged_without_its_words_and_the_others_are_done(rounds, caplog):
    name = "孙桂芳"

    def fails():
        raise ValueError(name)

    done = []
    housekeeping.every(seconds=60)(fails)
    housekeeping.every(seconds=60)(lambda: done.append(1))
    with caplog.at_level(logging.ERROR):
        assert housekeeping.do_what_is_due(0.0) == 2
    assert done == [1] and "ValueError" in caplog.text and "孙桂芳" not in caplog.text
