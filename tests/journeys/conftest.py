"""Browsers for the journeys, in front of a live server of the test's own."""

from collections.abc import Iterator

import pytest

from tests.browser import Browsers, people_at_browsers


@pytest.fixture
def browsers(live_server) -> Iterator[Browsers]:
    with people_at_browsers(live_server.url) as opened:
        yield opened
