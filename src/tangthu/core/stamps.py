"""What was read from tables that seldom change, remembered until they do.

The tree of libraries, calendars, preferences, rules and roles are asked by every loan and changed
a few times a week. Triggers on their tables give the database a new stamp with every change, in
the transaction of the change; a process reads the stamp, one row, and keeps what it has read
from those tables for as long as the stamp stays the same. A stamp is a random number, not a
counter: after a rollback no other change can come by the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

T = TypeVar("T")

_READ = "SELECT value FROM core_stamp WHERE id = 1"
_RENEW = (
    "INSERT INTO core_stamp (id, value) VALUES (1, {random})"
    " ON CONFLICT (id) DO UPDATE SET value = excluded.value"
)
_POSTGRESQL_RANDOM = "(random() * 9007199254740991)::bigint"


def stamp() -> int | None:
    """Return the stamp of now; `None` while nothing was ever stamped. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        row = cursor.fetchone()
    return row[0] if row else None


class Remembered(Generic[T]):
    """A value read from stamped tables alone, which all threads of the process share.

    It must not be changed by those who ask for it.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._kept: tuple[int, T] | None = None

    def get(self) -> T:
        """Return the value as the tables have it now."""
        # The stamp first: what is read after it may be newer than it says, never older.
        now, kept = stamp(), self._kept
        if kept is not None and kept[0] == now:
            return kept[1]
        value = self._read()
        if now is not None:
            self._kept = (now, value)
        return value


class StampTable(migrations.operations.base.Operation):
    """Give the database a new stamp whenever the table changes; of its updates, in `columns`.

    SQLite loses a table's triggers when a migration makes the table anew: repeat it after that.
    """

    reversible = False
    reduces_to_sql = True

    def __init__(self, table: str, *, columns: Sequence[str] = ()) -> None:
        self.table = table
        self.columns = columns

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing that Django knows of."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for event in ("INSERT", "UPDATE", "DELETE"):
            for statement in self._statements(event, schema_editor.connection.vendor):
                schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Stamp the changes of {self.table}"

    def _name(self, event: str) -> str:
        return f"{self.table}_{event.lower()}_stamp"

    def _statements(self, event: str, vendor: str) -> Sequence[str]:
        when = event
        if event == "UPDATE" and self.columns:
            when += " OF " + ", ".join(self.columns)
        begin = f"CREATE TRIGGER {self._name(event)} AFTER {when} ON {self.table}"
        if vendor == "postgresql":
            return (
                "CREATE OR REPLACE FUNCTION core_new_stamp() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {_RENEW.format(random=_POSTGRESQL_RANDOM)}; RETURN NULL; END $$",
                f"{begin} FOR EACH STATEMENT EXECUTE FUNCTION core_new_stamp()",
            )
        return (f"{begin} BEGIN {_RENEW.format(random='random()')}; END",)
