"""What every test can count on, and which tests a second database has to pass."""

import pytest

FLUSHING_FIXTURES = {"transactional_db", "django_db_reset_sequences", "live_server"}
DATABASE_FIXTURES = FLUSHING_FIXTURES | {"db", "admin_client"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run only tests that touch the database: the second pass, on PostgreSQL",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        left_out = [item for item in items if not touches_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if touches_database(item)]
    flushing_files = {item.path for item in items if flushes_database(item)}
    items.sort(key=lambda item: item.path in flushing_files)


def touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("django_db") is not None:
        return True
    return bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


def flushes_database(item: pytest.Item) -> bool:
    """Such a test leaves the database empty, without what migrations put there: its file is run among the last."""
    marker = item.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        return True
    return bool(FLUSHING_FIXTURES & set(getattr(item, "fixturenames", ())))
