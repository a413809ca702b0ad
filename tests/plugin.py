"""What every test run stands on: folders of its own, quick passwords, compiled translations.

Loaded by `-p tests.plugin` before the settings are read, so that no test sees the data folder or
the environment of whoever runs it. `DATABASE_URL` alone is obeyed: it chooses the database.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tools import messages

DATA = Path(tempfile.mkdtemp(prefix="tangthu-test-"))


def prepare_environment() -> None:
    """Point every setting at this run's own folder."""
    for name in list(os.environ):
        if name.startswith("TANGTHU_") or name == "SEARCH_URL":
            del os.environ[name]
    clusters = os.environ.get("PGTEST_URLS", "").split()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if clusters and worker:
        # Each of the parallel parts has a cluster; see tools/postgres.py.
        os.environ["DATABASE_URL"] = clusters[int(worker) % len(clusters)]
    os.environ["TANGTHU_DATA"] = str(DATA)
    os.environ["TANGTHU_SECRET_KEY"] = "tests: known to everybody, and long enough to be taken"
    os.environ["TANGTHU_LOG_LEVEL"] = "WARNING"


def compile_translations() -> None:
    with messages.locked(messages.LOCALE):
        messages.compile_stale()


def let_tests_empty_the_ledger() -> None:
    """Emptying a SQLite database between tests: without its triggers, which forbid deleting."""
    from django.db import connection
    from django.db.backends.sqlite3.operations import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def sql_flush(*args: object, **options: object) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drop = [f"DROP TRIGGER {name}" for name, _ in triggers]
        return [*drop, *flush(*args, **options), *(sql for _, sql in triggers)]

    DatabaseOperations.sql_flush = sql_flush


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, as in a library: threads and processes then meet the same locks.
        database.setdefault("TEST", {})["NAME"] = DATA / "test.sqlite3"
        let_tests_empty_the_ledger()
    elif suffix := os.environ.get("PGTEST_SUFFIX"):
        database.setdefault("TEST", {})["NAME"] = f"test_{database['NAME']}_{suffix}"


# Registered before Django's own exit handlers, so that it runs after them.
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
prepare_environment()
compile_translations()
