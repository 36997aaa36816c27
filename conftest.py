"""The test run: the embedded database is started when the first test needs one."""

import os

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs an event loop


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that touches the database is one of those run on Debian's PostgreSQL as well."""
    for item in items:
        if item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    from baolei.kernel.postgres import ensure_running

    if not os.environ.get("DATABASE_URL"):
        ensure_running()
