"""The database as one file, and back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from django.db import connection

from tangthu.repository.storage import link_or_copy
from tangthu.site.backup.errors import BackupRefused

ENDINGS = {"sqlite": "sqlite3", "postgresql": "dump"}
_BESIDE = ("", "-wal", "-shm")
# Whoever still works holds locks; half a minute is long enough for a transaction to end.
_PATIENCE = "-c lock_timeout=30s"


def part_name(vendor: str) -> str:
    """Return what the database is called inside a backup."""
    return f"database.{ENDINGS[vendor]}"


def size() -> int:
    """Return about how many bytes the database has."""
    if connection.vendor == "sqlite":
        return sum(path.stat().st_size for path in _sqlite_files())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def dump(target: Path) -> None:
    """Write the database as of one moment, while others go on working. Raises BackupRefused."""
    if connection.vendor == "sqlite":
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def put_back(dumped: Path, *, aside: Path) -> None:
    """Make the database what it was; what it is now goes into the folder `aside`.

    All of it happens, or nothing. Raises BackupRefused.
    """
    connection.close()
    if connection.vendor == "sqlite":
        _swap_sqlite(Path(connection.settings_dict["NAME"]), dumped, aside)
        return
    dump(aside / part_name("postgresql"))
    script = dumped.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", dumped, asked=False)
    emptied = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    once = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--no-psqlrc", "--quiet")
    _run("psql", *once, f"--command={emptied}", f"--file={script}")
    script.unlink()


def _sqlite_files() -> list[Path]:
    name = str(connection.settings_dict["NAME"])
    return [path for end in _BESIDE if (path := Path(name + end)).exists()]


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
            there.backup(here)
    except sqlite3.Error as error:
        raise BackupRefused(f"The database cannot be read: {error}.") from error


def _swap_sqlite(current: Path, dumped: Path, aside: Path) -> None:
    """Put the dumped file in place of the current one, which lies aside from then on."""
    try:
        with closing(sqlite3.connect(current)) as alone:
            # Takes the log into the file, which would else be read into the other database; and
            # is refused while anybody has the database open.
            alone.execute("PRAGMA journal_mode=DELETE")
        link_or_copy(current, aside / current.name)
    except sqlite3.OperationalError as error:
        raise BackupRefused(f"Somebody uses the database: {error}. Stop all programs.") from error
    except sqlite3.DatabaseError:
        # It is broken, which may be why a backup is put back.
        for path in _sqlite_files():
            path.replace(aside / path.name)
    dumped.replace(current)


def _run(program: str, *options: str | Path, asked: bool = True) -> None:
    """Run one of PostgreSQL's own programs, on our database where it is `asked`."""
    found = shutil.which(program)
    if found is None:
        raise BackupRefused(f"{program} is missing. Install it: apt-get install postgresql-client")
    command: Sequence[str | Path] = (found, *options)
    environment = dict(os.environ)
    if asked:
        # Its first word is psql; its options name the user, host and port, its last the database.
        named, secrets = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
        command = (*command, *named[1:])
        environment |= {**(secrets or {}), "PGOPTIONS": _PATIENCE}
    done = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise BackupRefused(f"{program}: {lines[0]}")
