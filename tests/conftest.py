"""What every test gets: strict templates, no skips in CI, a media folder of its own, the seeds."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.utils import translation

# Playwright's sync API runs an event loop in the test's thread; the ORM must not mind.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How fast a machine is says nothing about whether a property holds.
hypothesis.settings.register_profile("ibid", deadline=None)
hypothesis.settings.load_profile("ibid")

NO_SKIPS = os.environ.get("IBID_NO_SKIPS") == "1"


class Undefined(str):
    """What a template gets for a variable that is not there: an error that names it."""

    __slots__ = ()

    def __mod__(self, missing: object) -> str:
        raise AssertionError(f"a template uses {missing!r}, which is not there")

    def __contains__(self, part: object) -> bool:
        return part == "%s" or super().__contains__(part)


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="only tests that a second database could answer otherwise",
    )


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--only-database"):
        return
    touching = {"db", "transactional_db", "live_server"}
    kept = [
        one
        for one in items
        if (one.get_closest_marker("django_db") or touching & {*one.fixturenames})
        and not (one.get_closest_marker("appearance") or one.get_closest_marker("once"))
    ]
    config.hook.pytest_deselected(items=[one for one in items if one not in set(kept)])
    items[:] = kept


def pytest_configure():
    # Each process of pytest-xdist empties a Redis database of its own, not that of the others.
    place = settings.CACHES["default"]["LOCATION"]
    if place.startswith("redis"):
        server, _slash, number = place.rpartition("/")
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        settings.CACHES["default"]["LOCATION"] = f"{server}/{int(number) - int(worker)}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_xdist_suffix, tmp_path_factory):
    """SQLite in a file, as in production: a live server's threads must not share one connection."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"] = {
            **database.get("TEST", {}),
            "NAME": tmp_path_factory.mktemp("database") / "test.sqlite3",
        }


@pytest.fixture(scope="session", autouse=True)
def _flush_may_delete():
    """Django empties SQLite after a test by deleting rows, which the triggers of history refuse: they are
    lifted for that moment, in tests only. PostgreSQL truncates, and asks no trigger; there, a request that a
    browser left behind may hold what TRUNCATE needs, and one of the two loses: then it is tried again.
    """
    # Of the class: in the event loop of a browser's test the connection is another object.
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def again(self, sql_list):
        for _attempt in range(3):
            with suppress(OperationalError):
                return flush(self, sql_list)
        return flush(self, sql_list)

    def lifted(self, sql_list):
        with transaction.atomic(), self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_kept'"
            )
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            flush(self, sql_list)
            for _name, sql in triggers:
                cursor.execute(sql)

    operations.execute_sql_flush = lifted if connection.vendor == "sqlite" else again
    yield
    operations.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def _own_surroundings(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BUNDLES_ROOT = tmp_path / "bundles"
    settings.IMPORT_ROOT = tmp_path / "imports"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()
    # A request leaves its reader's language active in the thread.
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def strict_templates(settings):
    """A variable that is not there fails the test. Not for the admin: Django's own templates use many."""
    [engine] = settings.TEMPLATES
    options = {**engine["OPTIONS"], "string_if_invalid": Undefined("%s")}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]


@pytest.fixture
def seeds() -> dict[str, Path]:
    """The seed documents by their three-figure number."""
    folder = os.environ.get("SEED_DOCUMENTS")
    if not folder:
        pytest.skip("SEED_DOCUMENTS is not set: the seed documents are not on this machine")
    found = {path.name[:3]: path for path in sorted(Path(folder).glob("*.txt"))}
    assert found, f"SEED_DOCUMENTS={folder} holds no .txt file"
    return found


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here: {report.longrepr}"
